//! Paths as text: no file system is asked.

use std::path::{Component, Path, PathBuf};

/// The path without `.` and without `..` that an earlier component answers for.
pub(crate) fn normalized(path: &Path) -> PathBuf {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for component in path.components() {
        match (component, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                parts.pop();
            }
            (Component::ParentDir, Some(Component::RootDir)) => {}
            _ => parts.push(component),
        }
    }
    if parts.is_empty() { PathBuf::from(".") } else { parts.iter().collect() }
}

/// Where the media named `name` in the source file at `source` lies: a URL stays as it is, a path
/// is read from the folder of the source.
pub(crate) fn location_from_source(source: &Path, name: &str) -> String {
    if is_address(name) {
        return name.to_owned();
    }
    path_from_source(source, name).to_string_lossy().into_owned()
}

/// Where the file named `name` in the file at `source` lies.
pub(crate) fn path_from_source(source: &Path, name: &str) -> PathBuf {
    let folder = source.parent().unwrap_or(Path::new(""));
    normalized(&folder.join(name))
}

/// Whether a name is a URL and no path.
pub(crate) fn is_address(name: &str) -> bool {
    name.starts_with("http://") || name.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_spelling() {
        let of = |text: &str| normalized(Path::new(text)).display().to_string();
        assert_eq!(of("a/./b/../c"), "a/c");
        assert_eq!(of("../a"), "../a");
        assert_eq!(of("../../a/.."), "../..");
        assert_eq!(of("/../a"), "/a");
        assert_eq!(of("."), ".");
    }

    #[test]
    fn media_lie_beside_their_source() {
        let at = |name| location_from_source(Path::new("films/promo.vid"), name);
        assert_eq!(at("media/a.mp4"), "films/media/a.mp4");
        assert_eq!(at("../a.mp4"), "a.mp4");
        assert_eq!(at("/a.mp4"), "/a.mp4");
        assert_eq!(at("https://example.org/../a.mp4"), "https://example.org/../a.mp4");
    }
}
