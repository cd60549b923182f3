//! Media files: everything that touches FFmpeg, and the only place that does.
//!
//! Reading: [`probe`] says what a file holds, [`VideoSource`] gives frames by time, [`AudioSource`]
//! samples by position. Pictures travel as [`VideoFrame`]s, shared by reference and recycled through
//! [`FramePool`]s, and change shape in a [`Scaler`]. Writing: [`VideoEncoder`] and [`AudioEncoder`]
//! write stored segments, [`join`] copies segments into the delivered file.
//!
//! What it promises:
//! - Media time zero is the first presented instant of a file, after its edit list (the first
//!   picture's, when sound begins less than half a frame earlier); the offset between picture and
//!   sound is kept.
//! - A frame or sample depends on the file and the time asked for, not on what was asked before.
//! - Damage in a used range is an error with its time, never a guessed picture.
//! - Every file is bounded by [`limits`] before work is spent on it, and can neither name another
//!   file nor an address.
//! - The same input gives the same bytes of output.

mod audio_decode;
mod audio_encode;
mod backwards;
mod codec;
mod color;
mod crop;
mod deadline;
mod decode;
mod decoder;
mod deinterlace;
mod encode;
mod encoder;
mod error;
mod frame;
mod installed;
mod join;
mod leniency;
pub mod limits;
mod log;
mod mp3;
mod mux;
mod open;
mod orient;
mod peak;
mod pixel;
mod pool;
mod probe;
mod probe_image;
mod resample;
mod scale;
mod stream;
mod sys;
mod tone;
mod versions;
mod work;

pub use audio_decode::AudioSource;
pub use audio_encode::{AudioEncodeSettings, AudioEncoder, CHANNELS, DEFAULT_BIT_RATE};
pub use backwards::BackwardSource;
pub use codec::{Av1Library, VideoCodec};
pub use color::{ColorDescription, Matrix, Primaries, Range, Transfer};
pub use decode::{DecodeOptions, FrameAt, Placement, VideoSource};
pub use encode::{DEFAULT_CRF, DEFAULT_GOP, DEFAULT_THREADS, EncodeSettings, VideoEncoder};
pub use error::{MediaError, StreamKind};
pub use frame::{FrameSpec, MAX_PLANES, Plane, PlaneMut, VideoFrame};
pub use installed::{EncoderKind, has_encoder, libraries};
pub use join::{AudioFile, Container, JoinSettings, SegmentFile, join, join_sound};
pub use limits::Limit;
pub(crate) use open::check_file;
pub use orient::Orientation;
pub use peak::Peak;
pub use pixel::PixelFormat;
pub use pool::FramePool;
pub use probe::probe;
pub use scale::{Scaler, copy_into, pixels_of};
pub use versions::library_versions;
