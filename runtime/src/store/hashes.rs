//! Remembered hashes of source files, so that a second render does not read gigabytes to learn that
//! nothing changed.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::assets::ContentHash;
use crate::clock;

/// A file that changed this recently may change again without its time moving: file systems count
/// in steps of up to two seconds.
const UNSETTLED: Duration = Duration::from_secs(3);

/// A folder of remembered hashes, one small file per source file.
#[derive(Debug)]
pub struct HashIndex {
    folder: PathBuf,
}

impl HashIndex {
    /// The index kept in `folder`.
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The hash of the file's content: remembered when path, inode, size and time of change are the
    /// same as when it was read, otherwise read now.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn hash_file(&self, path: &Path) -> io::Result<ContentHash> {
        let identity = identity(path)?;
        let entry = self.folder.join(ContentHash::of(path.as_os_str().as_encoded_bytes()).to_hex());
        if let Some(hash) = remembered(&entry, &identity) {
            return Ok(hash);
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(path)?)?;
        let hash = ContentHash(*hasher.finalize().as_bytes());
        if settled(path) {
            // A hash that cannot be remembered is computed again next time.
            let _ = fs::write(&entry, format!("{identity}\n{hash}\n"));
        }
        Ok(hash)
    }
}

fn identity(path: &Path) -> io::Result<String> {
    let m = fs::metadata(path)?;
    Ok(format!("{} {} {} {} {} {}", m.dev(), m.ino(), m.size(), m.mtime(), m.mtime_nsec(), m.ctime_nsec()))
}

fn settled(path: &Path) -> bool {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
    modified.is_ok_and(|time| clock::now().duration_since(time).is_ok_and(|age| age > UNSETTLED))
}

fn remembered(entry: &Path, identity: &str) -> Option<ContentHash> {
    let text = fs::read_to_string(entry).ok()?;
    let (known, hash) = text.trim_end().split_once('\n')?;
    let hash = blake3::Hash::from_hex(hash).ok()?;
    (known == identity).then_some(ContentHash(*hash.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_has_another_hash() {
        let folder = tempfile::tempdir().unwrap();
        let index = HashIndex::new(folder.path().to_owned());
        let path = folder.path().join("media");
        fs::write(&path, b"one").unwrap();
        assert_eq!(index.hash_file(&path).unwrap(), ContentHash::of(b"one"));
        fs::write(&path, b"two").unwrap();
        assert_eq!(index.hash_file(&path).unwrap(), ContentHash::of(b"two"));
    }
}
