//! The store of finished pieces: files named by the hash of everything they depend on.
//!
//! A piece is published by renaming a complete file into place, so a reader sees all of it or none;
//! two processes that make the same piece make the same bytes, and the last rename wins without
//! harm. Nothing in the store is ever needed: a missing or damaged piece is made again.

mod hashes;
mod prune;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::assets::ContentHash;
use crate::error::RenderError;

pub use hashes::HashIndex;
pub use prune::DEFAULT_LIMIT_BYTES;

/// What a stored file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece {
    /// A segment of encoded pictures.
    Video,
    /// The programme's encoded sound.
    Audio,
    /// Pictures of a damaged file, as far as they decode.
    Mended,
    /// Sound of a damaged file, as far as it decodes.
    MendedSound,
    /// What was found damaged in a file.
    Account,
}

impl Piece {
    const fn folder(self) -> &'static str {
        match self {
            Self::Video => "segments",
            Self::Audio => "sound",
            Self::Mended | Self::MendedSound | Self::Account => "mended",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Video | Self::Mended => "mkv",
            Self::Audio | Self::MendedSound => "mka",
            Self::Account => "json",
        }
    }
}

/// A folder of finished pieces.
#[derive(Debug)]
pub struct SegmentStore {
    root: PathBuf,
    index: HashIndex,
    limit_bytes: u64,
}

impl SegmentStore {
    /// Opens the store in `root`, making its folders as needed.
    ///
    /// # Errors
    /// When a folder cannot be made.
    pub fn open(root: &Path) -> Result<Self, RenderError> {
        for folder in [Piece::Video.folder(), Piece::Audio.folder(), "hashes", "tmp"] {
            let path = root.join(folder);
            fs::create_dir_all(&path).map_err(|error| RenderError::io("create", &path, error))?;
        }
        let store = Self {
            root: root.to_owned(),
            index: HashIndex::new(root.join("hashes")),
            limit_bytes: DEFAULT_LIMIT_BYTES,
        };
        prune::remove_stale_temporaries(&store.root.join("tmp"));
        Ok(store)
    }

    /// The same store with another limit for [`Self::prune`].
    pub fn with_limit(self, limit_bytes: u64) -> Self {
        Self { limit_bytes, ..self }
    }

    /// Remembered hashes of source files.
    pub const fn index(&self) -> &HashIndex {
        &self.index
    }

    /// Where the piece of that key is, if it is there.
    pub fn find(&self, piece: Piece, key: ContentHash) -> Option<PathBuf> {
        let path = self.path(piece, key);
        path.is_file().then_some(path)
    }

    /// A new empty file to write a piece into. It is removed when dropped unpublished.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn temporary(&self, piece: Piece) -> Result<TempPath, RenderError> {
        let folder = self.root.join("tmp");
        let suffix = format!(".{}", piece.extension());
        tempfile::Builder::new()
            .prefix("piece-")
            .suffix(&suffix)
            .tempfile_in(&folder)
            .map(tempfile::NamedTempFile::into_temp_path)
            .map_err(|error| RenderError::io("write in", &folder, error))
    }

    /// Gives a finished file its name in the store and returns where it is now.
    ///
    /// # Errors
    /// When the file cannot be flushed to disk or renamed.
    pub fn publish(&self, piece: Piece, key: ContentHash, file: TempPath) -> Result<PathBuf, RenderError> {
        let path = self.path(piece, key);
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        let failed = |error| RenderError::io("write", &path, error);
        fs::create_dir_all(&folder).map_err(failed)?;
        // The name must never be seen with less than the whole content, also after a power loss.
        File::open(&file).and_then(|f| f.sync_data()).map_err(failed)?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        Ok(path)
    }

    /// Removes a piece that turned out to be damaged.
    pub fn discard(&self, piece: Piece, key: ContentHash) {
        // A piece that is gone already is what we want.
        let _ = fs::remove_file(self.path(piece, key));
    }

    /// Marks a piece as used just now, so that it is pruned last.
    pub fn touch(&self, piece: Piece, key: ContentHash) {
        prune::touch(&self.path(piece, key));
    }

    /// Removes the pieces that were not used for the longest time until the store is within its
    /// limit. Returns the bytes freed.
    pub fn prune(&self) -> u64 {
        let folders = [Piece::Video, Piece::Audio, Piece::Mended].map(|piece| self.root.join(piece.folder()));
        prune::prune(&folders, self.limit_bytes)
    }

    fn path(&self, piece: Piece, key: ContentHash) -> PathBuf {
        let hex = key.to_hex();
        let (shelf, name) = hex.split_at(2);
        self.root.join(piece.folder()).join(shelf).join(format!("{name}.{}", piece.extension()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_found_once_published() {
        let folder = tempfile::tempdir().unwrap();
        let store = SegmentStore::open(folder.path()).unwrap();
        let key = ContentHash::of(b"key");
        assert_eq!(store.find(Piece::Video, key), None);
        let file = store.temporary(Piece::Video).unwrap();
        fs::write(&file, b"content").unwrap();
        let path = store.publish(Piece::Video, key, file).unwrap();
        assert_eq!(store.find(Piece::Video, key), Some(path));
        assert_eq!(store.find(Piece::Audio, key), None);
        store.discard(Piece::Video, key);
        assert_eq!(store.find(Piece::Video, key), None);
    }

    #[test]
    fn an_unpublished_file_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = SegmentStore::open(folder.path()).unwrap();
        drop(store.temporary(Piece::Audio).unwrap());
        assert_eq!(fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0);
    }

    #[test]
    fn pruning_keeps_what_was_used_last() {
        let folder = tempfile::tempdir().unwrap();
        let store = SegmentStore::open(folder.path()).unwrap().with_limit(150);
        let keys = [b"a", b"b"].map(|text| ContentHash::of(text));
        for (age, key) in [3600 * 24, 3600 * 48].into_iter().zip(keys) {
            let file = store.temporary(Piece::Video).unwrap();
            fs::write(&file, [0; 100]).unwrap();
            let path = store.publish(Piece::Video, key, file).unwrap();
            let then = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000 - age);
            File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
        }
        assert_eq!(store.prune(), 100);
        assert!(store.find(Piece::Video, keys[0]).is_some());
        assert!(store.find(Piece::Video, keys[1]).is_none());
    }
}
