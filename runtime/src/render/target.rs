//! The file a render ends in: complete under its name, or not there.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::error::RenderError;

/// A file being written beside the destination.
pub struct Target {
    temporary: TempPath,
    destination: PathBuf,
}

impl Target {
    /// Makes the temporary file, which shows whether the destination can be written at all.
    ///
    /// # Errors
    /// When the folder does not exist or cannot be written, or the destination is a folder.
    pub fn reserve(destination: &Path) -> Result<Self, RenderError> {
        let failed = |error| RenderError::io("write", destination, error);
        if destination.is_dir() {
            return Err(failed(std::io::ErrorKind::IsADirectory.into()));
        }
        let folder = match destination.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let extension =
            destination.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
        let temporary = tempfile::Builder::new()
            .prefix(".vid-")
            .suffix(&extension)
            .tempfile_in(folder)
            .map_err(failed)?;
        Ok(Self { temporary: temporary.into_temp_path(), destination: destination.to_owned() })
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        &self.temporary
    }

    /// Gives the finished file its name, unless the destination holds the same bytes already.
    /// Returns whether it did.
    ///
    /// # Errors
    /// When a file cannot be read or renamed.
    pub fn publish(self) -> Result<bool, RenderError> {
        let failed = |error| RenderError::io("write", &self.destination, error);
        if same_content(&self.temporary, &self.destination).map_err(failed)? {
            return Ok(false);
        }
        // Temporary files are private; a film is as readable as any file the user makes.
        let mode = fs::metadata(&self.destination).map(|metadata| metadata.permissions());
        fs::set_permissions(&self.temporary, mode.unwrap_or_else(|_| ordinary_permissions()))
            .map_err(failed)?;
        File::open(&self.temporary).and_then(|file| file.sync_data()).map_err(failed)?;
        self.temporary
            .persist(&self.destination)
            .map_err(|error| RenderError::io("write", &self.destination, error.error))?;
        Ok(true)
    }
}

/// What `open` grants under the usual mask.
fn ordinary_permissions() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(0o644)
}

fn same_content(new: &Path, old: &Path) -> std::io::Result<bool> {
    let size = |path| fs::metadata(path).map(|metadata| metadata.len());
    if !old.is_file() || size(new)? != size(old)? {
        return Ok(false);
    }
    let mut readers = [BufReader::new(File::open(new)?), BufReader::new(File::open(old)?)];
    let mut blocks = [vec![0; 1 << 16], vec![0; 1 << 16]];
    loop {
        let mut lengths = [0; 2];
        for ((reader, block), length) in readers.iter_mut().zip(&mut blocks).zip(&mut lengths) {
            *length = fill(reader, block)?;
        }
        if lengths[0] != lengths[1] || blocks[0][..lengths[0]] != blocks[1][..lengths[1]] {
            return Ok(false);
        }
        if lengths[0] == 0 {
            return Ok(true);
        }
    }
}

/// Reads until the block is full or the file ends.
fn fill(reader: &mut impl Read, block: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match reader.read(&mut block[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("film.mp4");
        let write = |bytes: &[u8]| {
            let target = Target::reserve(&path).unwrap();
            fs::write(target.path(), bytes).unwrap();
            target.publish().unwrap()
        };
        assert_eq!([write(b"one"), write(b"one"), write(b"two")], [true, false, true]);
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_dropped_target_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        drop(Target::reserve(&folder.path().join("film.mp4")).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn an_unwritable_destination_is_found_out_first() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Target::reserve(&folder.path().join("missing/film.mp4")).is_err());
        assert!(Target::reserve(folder.path()).is_err());
    }
}
