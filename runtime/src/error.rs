//! Why a render fails.

use std::io;
use std::path::{Path, PathBuf};

use crate::media::MediaError;
use crate::raster::{LutError, ScaleError, StillError};
use crate::text::TextError;

/// Why a render, or a part of one, failed. Messages stand alone on one line.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A media file could not be read, decoded, encoded or written.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// A still picture could not be read.
    #[error(transparent)]
    Still(#[from] StillError),
    /// A still picture could not be brought to its size.
    #[error(transparent)]
    Scale(#[from] ScaleError),
    /// A colour look-up table could not be read.
    #[error(transparent)]
    Lut(#[from] LutError),
    /// There is no graphics device, or it failed.
    #[error(transparent)]
    Gpu(#[from] crate::gpu::GpuError),
    /// Words could not be set.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The medium is a URL; only local files are read.
    #[error("`{location}` is a URL, and only local files are rendered")]
    Remote {
        /// The URL.
        location: String,
    },
    /// A file of the cache or of the output could not be read or written.
    #[error("cannot {action} `{}`: {}", path.display(), plain_reason(source))]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The work was stopped from outside.
    #[error("stopped")]
    Cancelled,
    /// The timeline breaks a rule that the validator checks; whoever made it skipped the check.
    #[error("the timeline refers to `{what}`, which it does not hold")]
    BrokenTimeline {
        /// The missing id, location or hash.
        what: String,
    },
}

impl RenderError {
    /// A reference that leads nowhere.
    pub fn broken_timeline(what: &str) -> Self {
        Self::BrokenTimeline { what: what.to_owned() }
    }

    /// A file that cannot be read.
    pub fn unreadable(path: &Path, source: &io::Error) -> Self {
        Self::io("read", path, copy_of(source))
    }

    /// A failed operation on a file.
    pub fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }

    /// Whether the disk had no room left.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Io { source, .. } => {
                matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            }
            Self::Media(error) => error.is_disk_full(),
            _ => false,
        }
    }
}

/// The system's words in our voice: lower case, without the numeric code, and without the random
/// name of a temporary file.
pub fn plain_reason(error: &io::Error) -> String {
    let inner = error.get_ref().and_then(std::error::Error::source);
    let text = inner.map_or_else(|| error.to_string(), ToString::to_string);
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// `io::Error` is not `Clone`; the kind and the words are what callers need.
fn copy_of(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}
