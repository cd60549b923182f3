//! What a render tells whoever waits for it, and how it is stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The part of the work that is under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Looking at files and planning.
    Prepare,
    /// Making segments and sound.
    Render,
    /// Joining them into the file.
    Join,
}

impl Phase {
    /// The word for it in terminals and in JSON lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Render => "render",
            Self::Join => "join",
        }
    }
}

/// How far a render has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Status {
    /// What is under way.
    pub phase: Phase,
    /// Frames of the film that are finished, reused ones included.
    pub frames_done: i64,
    /// Of those, how many were taken from the store.
    pub frames_reused: i64,
    /// Frames of the film.
    pub frames_total: i64,
}

/// Receives the status of a render. Called from several threads, often; it must return quickly.
pub trait Progress: Sync {
    /// The render has come this far.
    fn update(&self, status: Status);

    /// Something happened that the film does not show, but its author may want to know.
    fn notice(&self, words: &str) {
        let _ = words;
    }
}

/// Nobody waits.
pub struct Silent;

impl Progress for Silent {
    fn update(&self, _status: Status) {}
}

/// A switch that stops a render at the next frame. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct CancelToken {
    own: Arc<AtomicBool>,
    above: Option<Arc<CancelToken>>,
}

impl CancelToken {
    /// A switch that is also thrown by this one, but does not throw it: for work that may be tried again.
    pub fn child(&self) -> Self {
        Self { own: Arc::default(), above: Some(Arc::new(self.clone())) }
    }

    /// Stops the work; finished segments stay in the store.
    pub fn cancel(&self) {
        self.own.store(true, Ordering::Relaxed);
    }

    /// Whether the work is to stop.
    pub fn is_cancelled(&self) -> bool {
        self.own.load(Ordering::Relaxed) || self.above.as_ref().is_some_and(|above| above.is_cancelled())
    }
}
