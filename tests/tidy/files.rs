//! Which files there are.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Folders that hold what is made, not what is written.
const MADE: [&str; 6] = ["target", "out", ".git", "media", "node_modules", "dist"];

/// Every written file below `folder`, in order, as paths from the workspace's folder.
pub fn below(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let kind = entry.file_type().expect("the kind of an entry that was just listed is known");
        if kind.is_dir() {
            // `runtime/src/media` is written; `examples/media` is made.
            let made = MADE.iter().any(|made| name == *made)
                && !path.components().any(|part| part.as_os_str() == "src");
            if !made {
                collect(&path, found);
            }
        } else if kind.is_file() {
            let path = path.strip_prefix(root()).unwrap_or(&path).to_owned();
            found.push(path);
        }
    }
}

/// The text of a file, named from the workspace's folder; `None` when it is not text.
pub fn text(path: &Path) -> Option<String> {
    String::from_utf8(fs::read(root().join(path)).ok()?).ok()
}

/// Every Rust source of the workspace.
pub fn rust() -> Vec<PathBuf> {
    below(".")
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
