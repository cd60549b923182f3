//! Sound: what is heard when, and how it becomes one.
//!
//! Everything is stereo float samples at 48 kHz. From the timeline to the encoder:
//!
//! - [`Programme`]: every voice with its place and level. Places are whole samples; each absolute edge
//!   is rounded once.
//! - [`Tape`]: the samples of a file in the order in which they are played, forwards or backwards, once
//!   or round and round.
//! - [`Stretcher`]: a tape at another speed, its pitch kept.
//! - edges: cuts that are not heard.
//! - [`Mixer`]: the plain sum of all voices at unity.
//! - [`Master`]: the sum, as loud as asked for and within full scale. A sum that stays within it and
//!   has no loudness to meet passes bit for bit; peaks beyond are turned down by a limiter that looks
//!   ahead, never clipped.

mod edges;
mod encode;
mod limiter;
mod loudness;
mod master;
mod mix;
mod peaks;
mod programme;
mod ramp;
mod stretch;
mod tape;

pub use encode::encode_programme;
pub use limiter::{Limiter, PeakKind};
pub use loudness::{Loudness, MAX_TRUE_PEAK};
pub use master::Master;
pub use mix::Mixer;
pub use programme::{Line, Programme, Voice};
pub use ramp::{Ramp, RampShape};
pub use stretch::Stretcher;
pub use tape::{EDGE_SAMPLES, Round, Tape, TapeReader};
