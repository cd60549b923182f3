//! Where texts and facts come from: the outside world behind one trait, and the inputs made of it.

mod database;
mod path;
mod system;

pub(crate) use database::{CompilerDatabase, Db, EventHook, FileId, SourceFile, SourceText};
pub use database::{MediaProblem, MediaProblemKind, MediaState};
pub(crate) use path::location_from_source;
pub use system::{DiskSystem, MemorySystem, ReadError, System};
