//! Where finished files and uploads are kept, through an object store.
//!
//! Keys are made from the content, so the same file is kept once, and putting it there again changes
//! nothing. A key never comes from a caller.
//!
//! The store is a folder, or a bucket of a service that speaks S3. Callers are sent to a bucket with signed
//! addresses; what is in a folder goes through this server.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::signer::{HeaderName, HeaderValue, Method, SignedUrlOptions, Signer};
use object_store::{GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt, WriteMultipart};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::bucket::{self, BucketError};
use crate::config::Storage;

/// Bytes that are handed over at once.
const PIECE: usize = 1 << 20;
/// After how long without a byte a file is no longer being written.
const ABANDONED: Duration = Duration::from_secs(3600);
/// After how long a file that is there is written again rather than relied upon, so that
/// [`Artifacts::remove_unneeded`] does not take it away meanwhile.
const RELIED_UPON: Duration = Duration::from_secs(1800);
/// How long nobody has written a file that may be removed: far longer than one is relied upon, and than a
/// render takes from having its file there to having said so.
const REMOVABLE: Duration = Duration::from_secs(4 * 3600);
/// Where bytes are that callers have sent to a bucket, until they have been looked at.
const INCOMING: &str = "incoming";

/// The object store.
#[derive(Clone)]
pub struct Artifacts {
    store: Arc<dyn ObjectStore>,
    place: Place,
}

/// Where it is.
#[derive(Clone)]
enum Place {
    Folder(PathBuf),
    Bucket {
        /// The store again, as what signs addresses.
        signer: Arc<AmazonS3>,
        /// What every key begins with; empty or with a slash at its end.
        prefix: String,
        /// An address in it, for its origin.
        address: String,
    },
}

/// What a signed address is to answer with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shown<'a> {
    /// The MIME type.
    pub content_type: &'a str,
    /// Its name where it is to be saved, percent-encoded.
    pub filename: Option<&'a str>,
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
    /// The bucket cannot be opened.
    #[error("{0}")]
    Bucket(#[from] BucketError),
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
    /// Opens the store; a folder is made as needed.
    ///
    /// # Errors
    /// When the folder cannot be made, or the bucket's settings make no sense.
    pub async fn open(storage: &Storage) -> Result<Self, ArtifactError> {
        match storage {
            Storage::Folder(root) => Self::folder(root),
            Storage::Bucket(settings) => {
                let signer = Arc::new(bucket::open(settings)?);
                let probe = signer.signed_url(Method::GET, &Key::from("a"), Duration::from_secs(1)).await?;
                let place = Place::Bucket {
                    signer: signer.clone(),
                    prefix: settings.prefix.clone(),
                    address: probe.to_string(),
                };
                Ok(Self { store: signer, place })
            }
        }
    }

    fn folder(root: &Path) -> Result<Self, ArtifactError> {
        std::fs::create_dir_all(root)?;
        let root = root.canonicalize()?;
        remove_left_behind(&root, vid_runtime::clock::now());
        let store = LocalFileSystem::new_with_prefix(&root)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), place: Place::Folder(root) })
    }

    /// An address in the bucket, where callers are sent there.
    pub fn address(&self) -> Option<&str> {
        match &self.place {
            Place::Folder(_) => None,
            Place::Bucket { address, .. } => Some(address),
        }
    }

    /// Where a key is in the store.
    fn at(&self, key: &str) -> Key {
        match &self.place {
            Place::Folder(_) => Key::from(key),
            Place::Bucket { prefix, .. } => Key::from(format!("{prefix}{key}")),
        }
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
        let location = self.at(&key);
        let mut file = tokio::fs::File::open(file).await?;
        // What has this name already has this content.
        if let Ok(there) = self.store.head(&location).await
            && there.size == file.metadata().await?.len()
            && age(there.last_modified.into(), vid_runtime::clock::now()) < RELIED_UPON
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
        Ok(self.store.get_opts(&self.at(key), options).await?)
    }

    /// The size of a file in bytes.
    ///
    /// # Errors
    /// When it is not there or cannot be looked at.
    pub async fn size(&self, key: &str) -> Result<u64, ArtifactError> {
        Ok(self.store.head(&self.at(key)).await?.size)
    }

    /// The file on this machine, to be read and not changed: what is in a bucket is copied into `folder`.
    ///
    /// # Errors
    /// When it is not there, or cannot be copied.
    pub async fn local(&self, key: &str, folder: &Path) -> Result<PathBuf, ArtifactError> {
        match &self.place {
            Place::Folder(root) => {
                self.size(key).await?;
                Ok(root.join(Key::from(key).as_ref()))
            }
            Place::Bucket { .. } => {
                // Named by its content; its extension is what decoders look at.
                let name: String =
                    key.chars().map(|letter| if letter == '/' { '-' } else { letter }).collect();
                let file = folder.join(name);
                if !file.exists() {
                    self.copy(key, &file).await?;
                }
                Ok(file)
            }
        }
    }

    async fn copy(&self, key: &str, file: &Path) -> Result<(), ArtifactError> {
        let unfinished = file.with_extension("part");
        let mut out = tokio::fs::File::create(&unfinished).await?;
        let mut pieces = self.get(key, None).await?.into_stream();
        while let Some(piece) = pieces.next().await {
            out.write_all(&piece?).await?;
        }
        out.flush().await?;
        Ok(tokio::fs::rename(unfinished, file).await?)
    }

    /// An address that opens a file for a while without this server; `None` where it has to go through here.
    ///
    /// # Errors
    /// When none can be signed.
    pub async fn signed(
        &self,
        key: &str,
        shown: Shown<'_>,
        lives: Duration,
    ) -> Result<Option<String>, ArtifactError> {
        let Place::Bucket { signer, .. } = &self.place else { return Ok(None) };
        let mut query = vec![("response-content-type", shown.content_type.to_owned())];
        if let Some(name) = shown.filename {
            // Percent-encoded, so that nothing of the name ends the header.
            query.push(("response-content-disposition", format!("attachment; filename*=UTF-8''{name}")));
        }
        let options = SignedUrlOptions::default().with_query(query);
        let url = signer.signed_url_opts(Method::GET, &self.at(key), lives, &options).await?;
        Ok(Some(url.to_string()))
    }

    /// An address that takes the bytes of an upload for a while without this server; `None` where they have
    /// to go through here. Whoever sends them has to say this type.
    ///
    /// # Errors
    /// When none can be signed.
    pub async fn sent_to(
        &self,
        upload: &str,
        content_type: &'static str,
        lives: Duration,
    ) -> Result<Option<String>, ArtifactError> {
        let Place::Bucket { signer, .. } = &self.place else { return Ok(None) };
        let header = HeaderValue::from_static(content_type);
        let options =
            SignedUrlOptions::default().with_signed_header(HeaderName::from_static("content-type"), header);
        let at = self.at(&format!("{INCOMING}/{upload}"));
        Ok(Some(signer.signed_url_opts(Method::PUT, &at, lives, &options).await?.to_string()))
    }

    /// The uploads whose bytes are in the bucket and were not looked at, with their sizes, at most `limit`.
    ///
    /// # Errors
    /// When the bucket cannot be looked at.
    pub async fn sent(&self, limit: usize) -> Result<Vec<(String, u64)>, ArtifactError> {
        let found = self.store.list(Some(&self.at(INCOMING))).take(limit).try_collect::<Vec<_>>().await?;
        Ok(found
            .into_iter()
            .filter_map(|object| Some((object.location.filename()?.to_owned(), object.size)))
            .collect())
    }

    /// Copies the bytes of an upload out of the bucket.
    ///
    /// # Errors
    /// When they are not there, or cannot be copied.
    pub async fn take_sent(&self, upload: &str, file: &Path) -> Result<(), ArtifactError> {
        self.copy(&format!("{INCOMING}/{upload}"), file).await
    }

    /// Removes the bytes of an upload that were looked at.
    ///
    /// # Errors
    /// When they cannot be removed.
    pub async fn forget_sent(&self, upload: &str) -> Result<(), ArtifactError> {
        self.remove(&format!("{INCOMING}/{upload}")).await
    }

    /// Removes a file that nothing needs; one that was written lately stays, for somebody may be about to
    /// say that it is needed. Returns whether it is gone.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub async fn remove_unneeded(&self, key: &str, now: SystemTime) -> Result<bool, ArtifactError> {
        match self.store.head(&self.at(key)).await.map_err(ArtifactError::from) {
            Err(ArtifactError::Missing) => Ok(true),
            Err(error) => Err(error),
            Ok(there) if age(there.last_modified.into(), now) < REMOVABLE => Ok(false),
            Ok(_) => self.remove(key).await.map(|()| true),
        }
    }

    /// Removes the files of a folder that nobody has put there for a while. Returns how many.
    ///
    /// # Errors
    /// When the store cannot be looked through, or one cannot be removed.
    pub async fn remove_old(
        &self,
        folder: &str,
        old: Duration,
        now: SystemTime,
    ) -> Result<u64, ArtifactError> {
        let mut found = self.store.list(Some(&self.at(folder)));
        let mut count = 0;
        while let Some(object) = found.next().await {
            let object = object?;
            if age(object.last_modified.into(), now) > old {
                self.store.delete(&object.location).await?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// Removes a file; one that is not there is removed already.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub async fn remove(&self, key: &str) -> Result<(), ArtifactError> {
        match self.store.delete(&self.at(key)).await.map_err(ArtifactError::from) {
            Err(ArtifactError::Missing) => Ok(()),
            other => other,
        }
    }
}

/// How long before `now` something was; nothing for what is yet to come.
fn age(when: SystemTime, now: SystemTime) -> Duration {
    now.duration_since(when).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_content_is_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let artifacts = Artifacts::folder(&folder.path().join("files")).unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, vec![7; 3 * PIECE + 5]).unwrap();
        let key = artifacts.put("renders", "mp4", &file).await.unwrap();
        assert_eq!(artifacts.put("renders", "mp4", &file).await.unwrap(), key);
        let bytes = artifacts.get(&key, None).await.unwrap().bytes().await.unwrap();
        assert_eq!(bytes, std::fs::read(&file).unwrap());
        let part = artifacts.get(&key, Some(GetRange::Bounded(1..4))).await.unwrap();
        assert_eq!((part.range.clone(), part.bytes().await.unwrap().len()), (1..4, 3));
        assert_eq!(std::fs::read(artifacts.local(&key, folder.path()).await.unwrap()).unwrap(), bytes);
        let now = vid_runtime::clock::now();
        assert!(!artifacts.remove_unneeded(&key, now).await.unwrap());
        assert_eq!(artifacts.remove_old("renders", REMOVABLE, now).await.unwrap(), 0);
        assert_eq!(artifacts.remove_old("other", REMOVABLE, now + REMOVABLE * 2).await.unwrap(), 0);
        assert_eq!(artifacts.remove_old("renders", REMOVABLE, now + REMOVABLE * 2).await.unwrap(), 1);
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
        let artifacts = Artifacts::folder(&folder.path().join("files")).unwrap();
        for key in ["../secret", "a/../../secret", "/secret", "%2e%2e/secret"] {
            assert!(artifacts.get(key, None).await.is_err(), "{key}");
            assert!(artifacts.local(key, folder.path()).await.is_err(), "{key}");
        }
    }
}
