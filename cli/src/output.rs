//! Writing results: to a file that appears complete or not at all, or to standard output.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// Whether `path` stands for standard input or standard output.
pub fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Writes `text` to standard output.
///
/// # Errors
/// When nobody reads it, or the disk behind it is full.
pub fn print(text: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_ref())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::output(Path::new("-"), error))
}

/// Writes a result to a file, or to standard output for `-`. A file that holds the same bytes
/// already is left alone.
///
/// # Errors
/// When it cannot be written; what was under the name before stays there.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if is_dash(path) {
        return print(bytes);
    }
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    replace(path, bytes).map_err(|error| Failure::output(path, error))
}

/// Has `make` write a result to the file that it is given, which is then put in place: under its own name, or
/// on standard output for `-`.
///
/// # Errors
/// As `make`, or when it cannot be put there; what was under the name before stays there.
pub fn fill(path: &Path, make: impl FnOnce(&Path) -> Result<(), Failure>) -> Result<(), Failure> {
    let unwritten = |error| Failure::output(path, error);
    if is_dash(path) || is_special(path) {
        let file = tempfile::NamedTempFile::new().map_err(unwritten)?;
        make(file.path())?;
        let mut made = fs::File::open(file.path()).map_err(unwritten)?;
        let copied = match is_dash(path) {
            true => io::copy(&mut made, &mut io::stdout().lock()),
            false => {
                fs::File::options().write(true).open(path).and_then(|mut out| io::copy(&mut made, &mut out))
            }
        };
        return copied.map(drop).map_err(unwritten);
    }
    let (file, path) = beside(path).map_err(unwritten)?;
    make(file.path())?;
    settle(file, &path).map_err(|error| Failure::output(&path, error))
}

/// A device or a pipe is written to, not replaced.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| !metadata.is_file())
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if is_special(path) {
        return fs::write(path, bytes);
    }
    let (mut file, path) = beside(path)?;
    file.write_all(bytes)?;
    settle(file, &path)
}

/// A new file in the folder of another, and where it goes.
fn beside(path: &Path) -> io::Result<(NamedTempFile, PathBuf)> {
    // Through a symbolic link, the file behind it is what is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let file = tempfile::Builder::new().prefix(".vid-").tempfile_in(folder)?;
    Ok((file, path))
}

/// Puts a file that is complete under its name.
fn settle(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let permissions = fs::metadata(path).map(|metadata| metadata.permissions());
    fs::set_permissions(file.path(), permissions.unwrap_or_else(|_| ordinary_permissions()))?;
    file.as_file().sync_data()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Temporary files are private; a result is as readable as any file the user makes.
#[cfg(unix)]
fn ordinary_permissions() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(0o644)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("body.json");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn the_file_behind_a_link_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, b"one").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn a_missing_folder_is_an_output_failure() {
        let folder = tempfile::tempdir().unwrap();
        let failure = write(&folder.path().join("missing/body.json"), b"{}").unwrap_err();
        assert_eq!(failure.exit(), crate::exit::Exit::Output);
    }
}
