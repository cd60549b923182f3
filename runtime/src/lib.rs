//! The runtime: from a [`Timeline`](vid_timeline::Timeline) to a media file.
//!
//! It stands after the compiler and after the JSON reader, and knows neither: a timeline comes in, a
//! file goes out. In the order in which a render passes through them:
//!
//! - [`assets`]: the files a timeline reads, probed and named by the hash of their content;
//! - [`scene`]: what a stretch of frames shows, evaluated and independent of where it lies;
//! - [`plan`]: the film as segments, each with a key that names everything its bytes depend on;
//! - [`store`]: the finished segments of this and earlier renders;
//! - [`graph`]: how the frames of a scene are made, and the passes that leave work out;
//! - [`cpu`]: the executor that makes them, with [`raster`] and [`text`] for pixels and words;
//! - [`gpu`]: the same on a graphics device;
//! - [`audio`]: the programme's sound and its mix;
//! - [`media`]: decoding, scaling, encoding and joining: all that touches FFmpeg;
//! - [`isolate`]: the same decoding in a process that can reach nothing;
//! - `deliver`: the file in its format;
//! - [`catalog`]: what is rendered of the contract's presets, for those who ask before they write;
//! - [`render`]: the whole, and single frames; [`progress`] tells how far it is.
//!
//! # What it promises
//!
//! - A frame depends on the timeline and its number alone: not on the segment it is made in, the
//!   number of workers, what was rendered before, or what the store holds.
//! - The same timeline, files and library versions give the same bytes.
//! - A file appears complete under its name, or not at all; a render that was stopped goes on where
//!   it was.
//! - A broken file is an error, never a crash or a guessed picture.

pub mod assets;
pub mod audio;
pub mod catalog;
pub mod clock;
pub mod cpu;
mod deliver;
mod error;
mod executor;
pub mod gpu;
pub mod graph;
pub mod isolate;
pub mod media;
mod mend;
pub mod plan;
pub mod progress;
pub mod raster;
pub mod render;
pub mod scene;
pub mod store;
pub mod text;

pub use assets::{Assets, ContentHash, MediaAsset};
pub use deliver::{Room, picture, poster, thumbnail};
pub use error::{RenderError, plain_reason};
pub use executor::Executor;
pub use mend::Mended;
pub use plan::Plan;
pub use progress::{CancelToken, Phase, Progress, Silent, Status};
pub use render::{RenderReport, RenderRequest, StillRequest, Verify, frame_at, render};
pub use store::SegmentStore;
pub use text::FontLibrary;
