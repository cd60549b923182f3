//! Where finished pieces are kept between runs.

use std::env;
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::TempDir;
use vid_runtime::store::SegmentStore;

use crate::failure::Failure;

/// Where the cache is.
#[derive(Args, Clone, Debug)]
pub struct CacheArguments {
    /// Folder for finished segments [default: $XDG_CACHE_HOME/vid or ~/.cache/vid]
    #[arg(long, value_name = "DIR", env = "VID_CACHE_DIR")]
    pub cache_dir: Option<PathBuf>,

    /// Make everything anew and keep nothing
    #[arg(long)]
    pub no_cache: bool,
}

/// An open cache.
pub struct Cache {
    /// The store in it.
    pub store: SegmentStore,
    /// Removed with everything in it when the command ends.
    _temporary: Option<TempDir>,
}

impl CacheArguments {
    /// Opens the cache, making its folders as needed.
    ///
    /// # Errors
    /// When there is no place for it or it cannot be made.
    pub fn open(&self) -> Result<Cache, Failure> {
        if self.no_cache {
            let folder = tempfile::Builder::new().prefix("vid-").tempdir();
            let folder = folder.map_err(|error| Failure::output(&env::temp_dir(), error))?;
            return Ok(Cache { store: SegmentStore::open(folder.path())?, _temporary: Some(folder) });
        }
        Ok(Cache { store: SegmentStore::open(&self.folder()?)?, _temporary: None })
    }

    /// The folder of the cache that is kept.
    ///
    /// # Errors
    /// When neither the command line nor the environment says where it is.
    pub fn folder(&self) -> Result<PathBuf, Failure> {
        if let Some(folder) = &self.cache_dir {
            return Ok(folder.clone());
        }
        let from = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        from("XDG_CACHE_HOME")
            .or_else(|| Some(from("HOME")?.join(".cache")))
            .map(|base| base.join("vid"))
            .ok_or_else(|| {
                Failure::usage("there is no home folder for the cache; say `--cache-dir DIR` or `--no-cache`")
            })
    }
}

/// Bytes of all files below `folder`; what cannot be read counts nothing.
pub fn size_of(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => size_of(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}
