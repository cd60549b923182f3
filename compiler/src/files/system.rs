//! The outside world, seen through one small trait.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::files::path::normalized;

/// Everything the compiler reads from outside. There is no clock and no environment in it.
pub trait System: Send + Sync {
    /// The bytes of a file of at most `limit` bytes.
    ///
    /// # Errors
    /// When the file is not there, cannot be read, or is larger than `limit`.
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError>;

    /// The one spelling under which a file is known: without `.` and inner `..`.
    fn normalize(&self, path: &Path) -> PathBuf {
        normalized(path)
    }
}

/// A world that several see, such as a test that changes files while a compiler reads them.
impl<S: System + ?Sized> System for Arc<S> {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        (**self).read(path, limit)
    }

    fn normalize(&self, path: &Path) -> PathBuf {
        (**self).normalize(path)
    }
}

/// Why a file could not be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no such file.
    #[error("there is no such file")]
    NotFound,
    /// It is larger than what was asked for.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The bound in bytes.
        limit: u64,
    },
    /// The operating system refused, in its own words.
    #[error("{0}")]
    Refused(String),
}

/// The files of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiskSystem;

impl System for DiskSystem {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let refused = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => ReadError::NotFound,
            _ => ReadError::Refused(error.to_string()),
        };
        let file = std::fs::File::open(path).map_err(refused)?;
        let mut bytes = Vec::new();
        // One byte more than allowed tells "exactly at the bound" from "beyond", also on pipes.
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(refused)?;
        if bytes.len() as u64 > limit { Err(ReadError::TooLarge { limit }) } else { Ok(bytes) }
    }
}

/// Files that exist in memory only, for tests and for editors.
#[derive(Debug, Default)]
pub struct MemorySystem {
    files: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
}

impl MemorySystem {
    /// A world without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a file there, in place of any other at that path.
    pub fn write(&self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(normalized(path.as_ref()), bytes.into());
    }

    /// Takes a file away.
    pub fn remove(&self, path: impl AsRef<Path>) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.remove(&normalized(path.as_ref()));
    }
}

impl System for MemorySystem {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = files.get(&normalized(path)).ok_or(ReadError::NotFound)?;
        if bytes.len() as u64 > limit { Err(ReadError::TooLarge { limit }) } else { Ok(bytes.clone()) }
    }
}
