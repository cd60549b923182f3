//! What the server's host does for it. The server itself knows neither media nor pixels.

use vid_compiler::{MediaProblem, MediaProblemKind};
use vid_timeline::{MediaFacts, Time, Timeline};

/// Looks into media files and draws frames. Called from background threads, one for each of the two, and
/// never while a request is answered.
pub trait Host: Send + Sync + 'static {
    /// The facts about the file at a path.
    ///
    /// # Errors
    /// When the file is missing or cannot be used.
    fn probe(&self, location: &str) -> Result<MediaFacts, MediaProblem>;

    /// Called when there is nothing to do after work: a time to give memory back. Must be quick.
    fn rest(&self) {}

    /// The frame of a film that is on screen at an instant, before it is drawn; `None` where the host
    /// cannot draw it, or draws nothing at all.
    fn frame<'h>(&'h self, film: &'h Timeline, at: Time) -> Option<Box<dyn Frame + 'h>> {
        let _ = (film, at);
        None
    }
}

/// A frame that can be drawn.
pub trait Frame {
    /// The same for frames that look the same; cheap beside drawing.
    fn key(&self) -> String;

    /// A PNG of the frame that keeps to `room`; `None` when it cannot be drawn.
    fn png(&self, room: Room) -> Option<Vec<u8>>;
}

/// How much room a picture may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Room {
    /// Most pixels from left to right.
    pub width: u32,
    /// Most pixels from top to bottom.
    pub height: u32,
    /// Most bytes of the file.
    pub bytes: usize,
}

/// A host that knows no media and draws nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMedia;

impl Host for NoMedia {
    fn probe(&self, _location: &str) -> Result<MediaFacts, MediaProblem> {
        let message = "this server cannot look into media".to_owned();
        Err(MediaProblem { kind: MediaProblemKind::Unreadable, message })
    }
}
