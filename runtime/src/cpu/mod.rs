//! The CPU executor: evaluates render graphs with library kernels and our own for blending.
//!
//! One executor belongs to one thread; a render runs one per worker. What several of them need and
//! none of them changes, stills and text that are rasterised already, is shared through
//! [`SharedRasters`]. A frame is a function of the scene and its number alone: decoders and caches
//! only save work.

pub(crate) mod canvas;
mod delivery;
pub(crate) mod executor;
pub(crate) mod nodes;
mod rasters;
pub(crate) mod sheet;
mod sources;

pub use executor::CpuExecutor;
pub use rasters::SharedRasters;
