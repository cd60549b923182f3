//! Keeping the store within its limit.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::clock;

/// Size the store is cut back to after a render: 10 GiB, about ten hours of 1080p at the default
/// quality.
pub const DEFAULT_LIMIT_BYTES: u64 = 10 << 30;

/// A piece used within this time may belong to a render that is still running.
const RECENT: Duration = Duration::from_secs(3600);

/// A temporary file this old belongs to a process that is gone.
const STALE: Duration = Duration::from_secs(24 * 3600);

struct Stored {
    path: PathBuf,
    used: SystemTime,
    bytes: u64,
}

/// Removes the files in `folders` (each with one level of shelves) that were not used for the
/// longest time until at most `limit` bytes are left. Returns the bytes freed.
pub fn prune(folders: &[PathBuf], limit: u64) -> u64 {
    let mut stored: Vec<Stored> = folders
        .iter()
        .flat_map(|folder| children(folder))
        .flat_map(|shelf| children(&shelf))
        .filter_map(stat)
        .collect();
    stored.sort_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
    let mut total: u64 = stored.iter().map(|file| file.bytes).sum();
    let mut freed = 0;
    let now = clock::now();
    for file in stored {
        let recent = now.duration_since(file.used).is_ok_and(|age| age < RECENT);
        if total <= limit || recent {
            break;
        }
        if fs::remove_file(&file.path).is_ok() {
            total -= file.bytes;
            freed += file.bytes;
        }
    }
    freed
}

/// Removes files in `folder` that a killed process left behind.
pub fn remove_stale_temporaries(folder: &Path) {
    let now = clock::now();
    for file in children(folder).into_iter().filter_map(stat) {
        if now.duration_since(file.used).is_ok_and(|age| age > STALE) {
            // Another process may be cleaning too.
            let _ = fs::remove_file(file.path);
        }
    }
}

/// Sets the file's time of use to now; a file that cannot be touched is merely pruned earlier.
pub fn touch(path: &Path) {
    if let Ok(file) = File::options().write(true).open(path) {
        let _ = file.set_modified(clock::now());
    }
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()
}

fn stat(path: PathBuf) -> Option<Stored> {
    let metadata = fs::metadata(&path).ok()?;
    let used = metadata.modified().ok()?;
    metadata.is_file().then_some(Stored { path, used, bytes: metadata.len() })
}
