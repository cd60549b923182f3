//! Where texts and facts come from: the outside world behind one trait, and the inputs made of it.

mod database;
mod path;
mod system;

pub(crate) use database::{
    Bundled, CompilerDatabase, DataFile, Db, EventHook, FileId, Origin, SourceFile, SourceText,
};
pub use database::{MediaProblem, MediaProblemKind, MediaState, Sharing};
pub(crate) use path::{is_address, location_from_source, path_from_source};
pub use system::{DiskSystem, MemorySystem, ReadError, System};

/// Most bytes of a data file.
pub(crate) const MAX_DATA_BYTES: u64 = 8 * 1024 * 1024;
