//! Whether there is room on the disk, before something is begun that needs it.
//!
//! What was accepted has to be written down to its end, so nothing new is taken in while little is free. A
//! file of zeros is kept in reserve besides; it goes when the disk is all but full, which gives the database
//! room for how things ended.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::ApiError;

/// Size of the reserve in bytes.
const RESERVE: u64 = 4 << 20;
/// With less free than this the reserve is given up.
const LITTLE: u64 = 1 << 20;

/// The disk of a folder.
pub struct Room {
    folder: PathBuf,
    least: u64,
}

impl Room {
    /// The disk of a folder, of which `least` bytes have to be free for anything to be taken in.
    pub fn new(folder: &Path, least: u64) -> Self {
        Self { folder: folder.to_owned(), least }
    }

    /// Bytes that are free; `None` where the system does not say.
    pub fn free(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Whether something may be taken in.
    ///
    /// # Errors
    /// When there is too little room.
    pub fn check(&self) -> Result<(), ApiError> {
        match self.free() {
            Some(free) if free < self.least => {
                tracing::warn!(free, least = self.least, "there is too little room on the disk");
                Err(ApiError::no_room())
            }
            _ => Ok(()),
        }
    }

    /// Gives the reserve up when the disk is all but full, and makes it again when there is room for it.
    pub fn mind_reserve(&self) {
        let reserve = self.folder.join("reserve");
        let Some(free) = self.free() else { return };
        match reserve.exists() {
            true if free < LITTLE => {
                tracing::error!(free, "the disk is all but full; what was kept in reserve is given up");
                // What cannot be removed now is tried again in a moment.
                let _ = std::fs::remove_file(reserve);
            }
            false if free > self.least.saturating_add(2 * RESERVE) => {
                // What was half written is of no use.
                let _ = write_zeros(&reserve).or_else(|_| std::fs::remove_file(&reserve));
            }
            _ => {}
        }
    }
}

fn write_zeros(file: &Path) -> std::io::Result<()> {
    let mut file = std::fs::File::create(file)?;
    let piece = vec![0; 1 << 20];
    for _ in 0..RESERVE / piece.len() as u64 {
        file.write_all(&piece)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_in_without_room() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Room::new(folder.path(), 1).check().is_ok());
        assert_eq!(Room::new(folder.path(), u64::MAX).check(), Err(ApiError::no_room()));
    }

    #[test]
    fn the_reserve_is_made_where_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let reserve = folder.path().join("reserve");
        Room::new(folder.path(), u64::MAX).mind_reserve();
        assert!(!reserve.exists());
        Room::new(folder.path(), 1).mind_reserve();
        assert_eq!(std::fs::metadata(reserve).unwrap().len(), RESERVE);
    }
}
