//! Where finished files and uploads are kept, through an object store.
//!
//! Keys are made from the content, so the same file is kept once, and putting it there again changes
//! nothing. A key never comes from a caller.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt, WriteMultipart};
use tokio::io::AsyncReadExt;

/// Bytes that are handed over at once.
const PIECE: usize = 1 << 20;
/// After how long without a byte a file is no longer being written.
const ABANDONED: Duration = Duration::from_secs(3600);

/// The object store.
#[derive(Clone)]
pub struct Artifacts {
    store: Arc<dyn ObjectStore>,
    root: PathBuf,
}

/// Why a file could not be put there or had from there.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// There is no room left.
    #[error("the disk is full")]
    Full,
    /// The object store failed.
    #[error("the object store failed: {0}")]
    Store(String),
}

impl From<object_store::Error> for ArtifactError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            other if is_full(&other) => Self::Full,
            other => Self::Store(other.to_string()),
        }
    }
}

impl From<io::Error> for ArtifactError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Store(vid_runtime::plain_reason(&error)),
        }
    }
}

/// Removes what writers that were killed left half written: files that the library names with a `#`, and
/// that nobody has written to for a while.
fn remove_left_behind(root: &Path, now: SystemTime) {
    let entries = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let shelves = entries(root).flat_map(|folder| entries(&folder.path()).collect::<Vec<_>>());
    let files = shelves.flat_map(|shelf| entries(&shelf.path()).collect::<Vec<_>>());
    for file in files.filter(|file| file.file_name().to_string_lossy().contains('#')) {
        let written = file.metadata().and_then(|metadata| metadata.modified());
        if written.is_ok_and(|when| now.duration_since(when).is_ok_and(|age| age >= ABANDONED)) {
            // What cannot be removed is in nobody's way.
            let _ = std::fs::remove_file(file.path());
        }
    }
}

/// Whether some cause of an error is a disk without room.
fn is_full(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| {
            matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
        })
    })
}

impl Artifacts {
    /// Opens the store in a folder, making it as needed.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(root: &Path) -> Result<Self, ArtifactError> {
        std::fs::create_dir_all(root)?;
        let root = root.canonicalize()?;
        remove_left_behind(&root, vid_runtime::clock::now());
        let store = LocalFileSystem::new_with_prefix(&root)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), root })
    }

    /// Puts a file there, complete or not at all, flushed to disk. Returns its key:
    /// `folder/ab/cdef….extension`.
    ///
    /// # Errors
    /// When the file cannot be read or the store not be written.
    pub async fn put(&self, folder: &str, extension: &str, file: &Path) -> Result<String, ArtifactError> {
        let path = file.to_owned();
        let hash = tokio::task::spawn_blocking(move || {
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(std::fs::File::open(path)?)?;
            io::Result::Ok(hasher.finalize().to_hex().to_string())
        });
        let hash = hash.await.map_err(|error| ArtifactError::Store(error.to_string()))??;
        let (shelf, name) = hash.split_at(2);
        let key = format!("{folder}/{shelf}/{name}.{extension}");
        let location = Key::from(key.as_str());
        let mut file = tokio::fs::File::open(file).await?;
        // What has this name already has this content.
        if let Ok(there) = self.store.head(&location).await
            && there.size == file.metadata().await?.len()
        {
            return Ok(key);
        }
        let mut upload = WriteMultipart::new(self.store.put_multipart(&location).await?);
        let mut piece = vec![0; PIECE];
        loop {
            match file.read(&mut piece).await {
                Ok(0) => break,
                Ok(read) => upload.write(&piece[..read]),
                Err(error) => {
                    // The error that is told is the first one.
                    let _ = upload.abort().await;
                    return Err(error.into());
                }
            }
            upload.wait_for_capacity(1).await?;
        }
        upload.finish().await?;
        Ok(key)
    }

    /// A file, or the part of it from `range`.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    pub async fn get(&self, key: &str, range: Option<GetRange>) -> Result<GetResult, ArtifactError> {
        let options = GetOptions { range, ..GetOptions::default() };
        Ok(self.store.get_opts(&Key::from(key), options).await?)
    }

    /// The size of a file in bytes.
    ///
    /// # Errors
    /// When it is not there or cannot be looked at.
    pub async fn size(&self, key: &str) -> Result<u64, ArtifactError> {
        Ok(self.store.head(&Key::from(key)).await?.size)
    }

    /// The file on this machine, to be read and not changed.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn local(&self, key: &str) -> Result<PathBuf, ArtifactError> {
        self.size(key).await?;
        Ok(self.root.join(Key::from(key).as_ref()))
    }

    /// Removes a file; one that is not there is removed already.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub async fn remove(&self, key: &str) -> Result<(), ArtifactError> {
        match self.store.delete(&Key::from(key)).await.map_err(ArtifactError::from) {
            Err(ArtifactError::Missing) => Ok(()),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_content_is_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let artifacts = Artifacts::open(&folder.path().join("files")).unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, vec![7; 3 * PIECE + 5]).unwrap();
        let key = artifacts.put("renders", "mp4", &file).await.unwrap();
        assert_eq!(artifacts.put("renders", "mp4", &file).await.unwrap(), key);
        let bytes = artifacts.get(&key, None).await.unwrap().bytes().await.unwrap();
        assert_eq!(bytes, std::fs::read(&file).unwrap());
        let part = artifacts.get(&key, Some(GetRange::Bounded(1..4))).await.unwrap();
        assert_eq!((part.range.clone(), part.bytes().await.unwrap().len()), (1..4, 3));
        assert_eq!(std::fs::read(artifacts.local(&key).await.unwrap()).unwrap(), bytes);
        artifacts.remove(&key).await.unwrap();
        artifacts.remove(&key).await.unwrap();
        assert!(matches!(artifacts.get(&key, None).await, Err(ArtifactError::Missing)));
    }

    #[test]
    fn what_was_left_half_written_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = folder.path().join("renders/ab");
        std::fs::create_dir_all(&shelf).unwrap();
        let names = ["cd.mp4", "cd.mp4#1"];
        for name in names {
            std::fs::write(shelf.join(name), "x").unwrap();
        }
        let now = vid_runtime::clock::now();
        let there = || names.map(|name| shelf.join(name).exists());
        remove_left_behind(folder.path(), now);
        assert_eq!(there(), [true, true]);
        remove_left_behind(folder.path(), now + ABANDONED * 2);
        assert_eq!(there(), [true, false]);
    }

    #[tokio::test]
    async fn a_key_stays_inside() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "x").unwrap();
        let artifacts = Artifacts::open(&folder.path().join("files")).unwrap();
        for key in ["../secret", "a/../../secret", "/secret", "%2e%2e/secret"] {
            assert!(artifacts.get(key, None).await.is_err(), "{key}");
            assert!(artifacts.local(key).await.is_err(), "{key}");
        }
    }
}
