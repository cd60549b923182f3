//! From the location of a file to the URL that a body names.

use super::super::read::{MAX_URL_CHARS, has_video_extension, url as checked_url, url_path};
use super::ToJsonOptions;
use super::verdict::{Notes, VerdictCode};
use crate::element::MediaSource;

/// URL of a video, which must be in one of the three containers of the contract.
pub(super) fn video_url(source: &MediaSource, options: &ToJsonOptions, notes: &mut Notes) -> String {
    let path = if source.is_remote() { url_path(&source.location) } else { &source.location };
    if !has_video_extension(path) {
        let message =
            format!("`{}` is not an mp4, mov or webm, the containers that a body can name", source.location);
        notes.refused(VerdictCode::SourceFormat, message);
    }
    url(&source.location, options, notes)
}

/// URL of any file; a local one is under `asset_base` where it is under `asset_root` on disk.
pub(super) fn url(location: &str, options: &ToJsonOptions, notes: &mut Notes) -> String {
    let is_remote = location.starts_with("http://") || location.starts_with("https://");
    let url = if is_remote { location.to_owned() } else { served(location, options, notes) };
    let count = url.chars().count();
    if count > MAX_URL_CHARS {
        let message = format!("the URL has {count} characters; a body can hold {MAX_URL_CHARS}");
        notes.refused(VerdictCode::UrlTooLong, message);
    } else if is_remote && let Err(problem) = checked_url(&url) {
        notes.refused(VerdictCode::InvalidUrl, format!("`{location}` {problem}"));
    }
    url
}

fn served(location: &str, options: &ToJsonOptions, notes: &mut Notes) -> String {
    let Some(base) = &options.asset_base else {
        let message = format!("`{location}` is a local file; say under which URL its folder is served");
        notes.refused(VerdictCode::LocalMedia, message);
        return location.to_owned();
    };
    let path = within(location, &options.asset_root);
    let Some(segments) = path.filter(|segments| !segments.is_empty()) else {
        let root = match &*options.asset_root {
            "" => "the current folder".to_owned(),
            root => format!("`{root}`, the folder"),
        };
        let message =
            format!("`{location}` is outside {root} that is served as {base}; move it there or copy it");
        notes.refused(VerdictCode::LocalMedia, message);
        return location.to_owned();
    };
    let mut url = base.trim_end_matches('/').to_owned();
    for segment in segments {
        url.push('/');
        encode(segment, &mut url);
    }
    url
}

/// The steps from the folder `root` to the file `location`, by their names alone; `None` when the
/// file is not below the folder.
fn within<'p>(location: &'p str, root: &str) -> Option<Vec<&'p str>> {
    let (path, folder) = (steps(location)?, steps(root)?);
    let same_kind = location.starts_with('/') == root.starts_with('/');
    let below = path.get(folder.len()..)?;
    (same_kind && path.starts_with(&folder)).then(|| below.to_vec())
}

/// The steps of a path without `.` and `..`; `None` when it leads above where it began.
fn steps(path: &str) -> Option<Vec<&str>> {
    let mut steps = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            name => steps.push(name),
        }
    }
    Some(steps)
}

/// Percent-encodes everything but the characters that a URL leaves alone (RFC 3986, section 2.3).
fn encode(segment: &str, url: &mut String) {
    use std::fmt::Write;
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            url.push(char::from(byte));
        } else {
            write!(url, "%{byte:02X}").expect("a string takes all that is written");
        }
    }
}
