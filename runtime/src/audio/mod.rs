//! Sound: what is heard when, and its mix.
//!
//! Everything is stereo float samples at 48 kHz. Places are whole samples; each absolute edge is
//! rounded once. The mix is a plain sum at unity; what exceeds full scale is limited by clamping,
//! because the encoder would otherwise do worse.

mod mix;
mod programme;

pub use mix::{Mixer, encode_programme};
pub use programme::{Programme, Ramp, RampShape, Voice};
