//! What can go wrong between a file on disk and a frame or a sample.

use std::io;
use std::path::{Path, PathBuf};

use vid_timeline::Time;

use super::limits::Limit;

/// A kind of stream inside a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StreamKind {
    /// Moving pictures.
    Video,
    /// Sound.
    Audio,
}

impl StreamKind {
    /// The word for it in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }
}

/// Why a media operation failed.
///
/// Each message stands alone on one line and names the file; callers add the place in the source
/// that asked for it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MediaError {
    /// The path names nothing.
    #[error("there is no file `{}`", path.display())]
    NotFound {
        /// The path as asked for.
        path: PathBuf,
    },
    /// The file exists and the system does not let us read it.
    #[error("cannot read `{}`: {reason}", path.display())]
    Unreadable {
        /// The path as asked for.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// The file has no bytes.
    #[error("`{}` is empty (0 bytes)", path.display())]
    Empty {
        /// The path as asked for.
        path: PathBuf,
    },
    /// The content is none of the media formats we accept, whatever its name says.
    #[error("`{}` is not a media file we can read: {reason}", path.display())]
    NotMedia {
        /// The path as asked for.
        path: PathBuf,
        /// What was found instead.
        reason: String,
    },
    /// The file breaks off before the part that says what is in it.
    #[error("`{}` is incomplete: {reason}", path.display())]
    Truncated {
        /// The path as asked for.
        path: PathBuf,
        /// Which part is missing.
        reason: String,
    },
    /// The file is fine and has no stream of the wanted kind.
    #[error("`{}` has no {} stream", path.display(), kind.name())]
    NoSuchStream {
        /// The path as asked for.
        path: PathBuf,
        /// The kind that was wanted.
        kind: StreamKind,
    },
    /// The file needs something this build does not offer.
    #[error("`{}` uses {what}, which is not supported", path.display())]
    Unsupported {
        /// The path as asked for.
        path: PathBuf,
        /// Codec, layout or format, in words.
        what: String,
    },
    /// A finite limit of [`crate::media::limits`] was passed.
    #[error("`{}` is over a limit: {what} {value}, at most {limit} accepted", path.display())]
    LimitExceeded {
        /// The path as asked for.
        path: PathBuf,
        /// The measured dimension.
        what: Limit,
        /// The measured value.
        value: u64,
        /// The limit it passed.
        limit: u64,
    },
    /// A part of the file that was needed does not decode cleanly.
    #[error("`{}` is damaged at {:.3} s: {reason}", path.display(), at.to_f64())]
    Damaged {
        /// The path as asked for.
        path: PathBuf,
        /// Media time of the damage, or the nearest known instant before it.
        at: Time,
        /// The decoder's words.
        reason: String,
    },
    /// The stream changed its shape in the middle.
    #[error("`{}` changes from {was} to {now} at {:.3} s", path.display(), at.to_f64())]
    Changed {
        /// The path as asked for.
        path: PathBuf,
        /// Media time of the change.
        at: Time,
        /// Shape before.
        was: String,
        /// Shape after.
        now: String,
    },
    /// The confined process that decoded the file has died of it.
    #[error("`{}` ended its decoder at {:.3} s: {how}", path.display(), at.to_f64())]
    DecoderDied {
        /// The path as asked for.
        path: PathBuf,
        /// Media time that was asked for.
        at: Time,
        /// How the process ended, in words.
        how: String,
    },
    /// Media are to be read in a confined process, and there can be none.
    #[error("media cannot be confined on this machine: {reason}")]
    NotConfined {
        /// What is missing.
        reason: String,
    },
    /// A frame handed to a consumer is not of the agreed shape.
    #[error("expected a frame of {wanted}, got {found}")]
    FrameMismatch {
        /// The agreed shape.
        wanted: String,
        /// The shape of the frame.
        found: String,
    },
    /// An encoder could not be set up or refused its input.
    #[error("cannot encode {what}: {reason}")]
    Encode {
        /// What was being encoded, such as `h264 video`.
        what: String,
        /// The encoder's words.
        reason: String,
    },
    /// The installed FFmpeg cannot write a codec.
    #[error("the installed FFmpeg cannot encode {what}: it is built without {libraries}")]
    NoEncoder {
        /// The codec, in the author's words.
        what: &'static str,
        /// What is missing, by FFmpeg's names.
        libraries: &'static str,
    },
    /// A conversion between picture or sample formats is impossible.
    #[error("cannot convert {from} to {to}: {reason}")]
    Convert {
        /// Source format.
        from: String,
        /// Target format.
        to: String,
        /// The library's words.
        reason: String,
    },
    /// A stored segment does not hold what its record says.
    #[error("segment `{}` holds {found} {unit}, expected {wanted}", path.display())]
    WrongCount {
        /// The segment file.
        path: PathBuf,
        /// `frames` or `audio packets`.
        unit: &'static str,
        /// Recorded count.
        wanted: u64,
        /// Count found in the file.
        found: u64,
    },
    /// Stored segments that do not belong together.
    #[error("segment `{}` cannot be joined: {reason}", path.display())]
    SegmentMismatch {
        /// The segment file.
        path: PathBuf,
        /// What differs.
        reason: String,
    },
    /// Writing failed.
    #[error("cannot write `{}`: {reason}", path.display())]
    Write {
        /// The file being written.
        path: PathBuf,
        /// Class of the failure, for callers that treat a full disk specially.
        kind: io::ErrorKind,
        /// The system's words.
        reason: String,
    },
    /// The system had no memory left for a buffer of bounded size.
    #[error("out of memory for {what}")]
    OutOfMemory {
        /// The buffer.
        what: &'static str,
    },
}

impl MediaError {
    /// Whether the failure is a full disk or an exhausted quota.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Write { kind: io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded, .. })
    }

    /// The file the failure is about, where there is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::NotFound { path }
            | Self::Unreadable { path, .. }
            | Self::Empty { path }
            | Self::NotMedia { path, .. }
            | Self::Truncated { path, .. }
            | Self::NoSuchStream { path, .. }
            | Self::Unsupported { path, .. }
            | Self::LimitExceeded { path, .. }
            | Self::Damaged { path, .. }
            | Self::Changed { path, .. }
            | Self::DecoderDied { path, .. }
            | Self::WrongCount { path, .. }
            | Self::SegmentMismatch { path, .. }
            | Self::Write { path, .. } => Some(path),
            Self::NotConfined { .. }
            | Self::FrameMismatch { .. }
            | Self::Encode { .. }
            | Self::Convert { .. }
            | Self::NoEncoder { .. }
            | Self::OutOfMemory { .. } => None,
        }
    }

    /// The same failure of writing, told of the file it would have become: nobody knows the name of a
    /// temporary one.
    pub fn writing_to(self, destination: &Path) -> Self {
        match self {
            Self::Write { kind, reason, .. } => Self::Write { path: destination.to_owned(), kind, reason },
            other => other,
        }
    }

    /// A system error while reading `path`.
    pub(crate) fn reading(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path: path.to_owned() },
            _ => Self::Unreadable { path: path.to_owned(), reason: plain_reason(error) },
        }
    }

    /// A system error while writing `path`.
    pub(super) fn writing(path: &Path, error: &io::Error) -> Self {
        Self::Write { path: path.to_owned(), kind: error.kind(), reason: plain_reason(error) }
    }
}

/// The system's words in our voice: lower case, without the numeric code.
fn plain_reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_recognised() {
        let full = MediaError::writing(Path::new("a.mkv"), &io::ErrorKind::StorageFull.into());
        let denied = MediaError::writing(Path::new("a.mkv"), &io::ErrorKind::PermissionDenied.into());
        assert!(full.is_disk_full());
        assert!(!denied.is_disk_full());
    }

    #[test]
    fn reasons_speak_in_our_voice() {
        let error = MediaError::reading(Path::new("a.mp4"), &io::Error::from_raw_os_error(13));
        assert_eq!(error.to_string(), "cannot read `a.mp4`: permission denied");
    }
}
