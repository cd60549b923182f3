//! What the server's host does for it.

use vid_compiler::{MediaProblem, MediaProblemKind};
use vid_timeline::MediaFacts;

/// Looks into media files. Called from one background thread, never while a request is answered.
pub trait Prober: Send + Sync + 'static {
    /// The facts about the file at a path.
    ///
    /// # Errors
    /// When the file is missing or cannot be used.
    fn probe(&self, location: &str) -> Result<MediaFacts, MediaProblem>;
}

/// A host that knows no media.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMedia;

impl Prober for NoMedia {
    fn probe(&self, _location: &str) -> Result<MediaFacts, MediaProblem> {
        let message = "this server cannot look into media".to_owned();
        Err(MediaProblem { kind: MediaProblemKind::Unreadable, message })
    }
}
