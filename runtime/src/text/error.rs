//! What can be wrong with a text.

use std::path::PathBuf;

/// A text that cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// No font of that family is in the library.
    #[error("font family `{family}` is not installed{}", suggestion(nearest.as_deref()))]
    FontNotFound {
        /// The family as written.
        family: String,
        /// The installed family whose name is closest, if one is close.
        nearest: Option<String>,
    },
    /// A font file was there when the library was made and cannot be read now.
    #[error("font file `{}` cannot be read: {reason}", path.display())]
    FontUnreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The text is longer than [`super::MAX_TEXT_BYTES`].
    #[error("a text has {bytes} bytes, more than the limit of {}", super::MAX_TEXT_BYTES)]
    TooLong {
        /// Its length in UTF-8.
        bytes: usize,
    },
    /// The font size is not above zero, or above [`super::MAX_FONT_SIZE`].
    #[error("font size {size} is outside 0..{} pixels", super::MAX_FONT_SIZE)]
    FontSize {
        /// The size in pixels, as written.
        size: String,
    },
    /// The pixels of the text are more than [`super::MAX_TEXT_PIXELS`].
    #[error(
        "a text would take {width}x{height} pixels, more than the limit of {} in all",
        super::MAX_TEXT_PIXELS
    )]
    TooLarge {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The text shaper gave up on the text or on the font file.
    #[error(
        "the text cannot be set in font family `{family}`: its font file is damaged or the text is malformed"
    )]
    Shaping {
        /// The family.
        family: String,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}
