//! The kinds of files that are taken, as the contract lists them.

use crate::store::AssetKind;

/// A kind of file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MediaType {
    /// Its MIME type.
    pub name: &'static str,
    /// What such files are called, without the dot.
    pub extension: &'static str,
    /// What it holds.
    pub kind: AssetKind,
}

/// Every kind, in the order of the contract.
pub const TAKEN: &[MediaType] = &[
    taken("video/mp4", "mp4", AssetKind::Video),
    taken("video/quicktime", "mov", AssetKind::Video),
    taken("video/webm", "webm", AssetKind::Video),
    taken("video/x-msvideo", "avi", AssetKind::Video),
    taken("video/x-matroska", "mkv", AssetKind::Video),
    taken("video/mpeg", "mpg", AssetKind::Video),
    taken("audio/mpeg", "mp3", AssetKind::Audio),
    taken("audio/mp4", "m4a", AssetKind::Audio),
    taken("audio/wav", "wav", AssetKind::Audio),
    taken("audio/x-wav", "wav", AssetKind::Audio),
    taken("audio/aac", "aac", AssetKind::Audio),
    taken("audio/flac", "flac", AssetKind::Audio),
    taken("audio/ogg", "ogg", AssetKind::Audio),
    taken("image/jpeg", "jpg", AssetKind::Image),
    taken("image/png", "png", AssetKind::Image),
    taken("image/webp", "webp", AssetKind::Image),
    taken("image/gif", "gif", AssetKind::Image),
    taken("image/tiff", "tif", AssetKind::Image),
    taken("font/ttf", "ttf", AssetKind::Font),
    taken("font/otf", "otf", AssetKind::Font),
    taken("font/woff", "woff", AssetKind::Font),
    taken("font/woff2", "woff2", AssetKind::Font),
];

/// Other endings of the same kinds.
const ALSO: &[(&str, &str)] =
    &[("m4v", "mp4"), ("jpeg", "jpg"), ("tiff", "tif"), ("mpeg", "mpg"), ("oga", "ogg"), ("opus", "ogg")];

const fn taken(name: &'static str, extension: &'static str, kind: AssetKind) -> MediaType {
    MediaType { name, extension, kind }
}

impl MediaType {
    /// The kind of a declared MIME type, whatever its parameters.
    pub fn of_declared(text: &str) -> Option<Self> {
        let name = text.split(';').next().unwrap_or_default().trim();
        TAKEN.iter().find(|kind| kind.name.eq_ignore_ascii_case(name)).copied()
    }

    /// The kind of a file that is called so.
    pub fn of_name(name: &str) -> Option<Self> {
        let extension = extension_of(name);
        let extension =
            ALSO.iter().find(|(other, _)| *other == extension).map_or(extension.as_str(), |(_, usual)| usual);
        TAKEN.iter().find(|kind| kind.extension == extension).copied()
    }
}

/// What stands after the last dot of a path's last part, in small letters; `bin` where that is nothing a
/// file is called.
pub fn extension_of(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, end))
            if matches!(end.len(), 1..=5) && end.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            end.to_ascii_lowercase()
        }
        _ => "bin".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_by_type_and_by_name() {
        let name = |kind: Option<MediaType>| kind.map(|kind| kind.name);
        assert_eq!(name(MediaType::of_declared("Video/MP4; codecs=avc1")), Some("video/mp4"));
        assert_eq!(name(MediaType::of_declared("text/html")), None);
        assert_eq!(name(MediaType::of_name("a.b/C.JPEG")), Some("image/jpeg"));
        assert_eq!(name(MediaType::of_name("x.wav")), Some("audio/wav"));
        for odd in ["", "mp4", "a.mp4/", "a.exe", "a.m%34", "https://a.org"] {
            assert_eq!(name(MediaType::of_name(odd)), None, "{odd}");
        }
    }
}
