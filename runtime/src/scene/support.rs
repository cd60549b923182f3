//! What the runtime cannot draw, found before a frame is decoded.

use vid_timeline::{Origin, Timeline};

/// Something a timeline asks for that this runtime does not draw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsupported {
    /// Id of the element, or of the composition itself.
    pub element: String,
    /// What is asked for, in the author's words, such as `` effect `vhs` ``.
    pub what: String,
    /// Where it was written.
    pub origin: Option<Origin>,
}

/// Everything in the timeline that the runtime does not draw or play; empty when it can render all of
/// it. Whatever a timeline learns to say before the runtime can follow is named here.
pub fn unsupported(_: &Timeline) -> Vec<Unsupported> {
    Vec::new()
}
