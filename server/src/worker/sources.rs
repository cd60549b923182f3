//! From the addresses of a body to local files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use vid_timeline::api::{self, wire};

use crate::app::App;
use crate::artifact::ArtifactError;
use crate::error::ErrorCode;
use crate::fetch::{FetchError, shown};
use crate::id::{AssetId, WorkspaceId};
use crate::intake::{self, Measures};
use crate::moment::Moment;
use crate::store::{Asset, AssetKind, AssetStatus, EventKind, EventRow, Failure, Render, StoreError};

/// How long a render waits before it looks for an upload again.
const WAIT: Duration = Duration::from_secs(1);

/// What is known of the files that a body reads.
#[derive(Clone, PartialEq, Debug)]
pub enum Found {
    /// Everything that is kept here is at hand; the rest has to be fetched.
    Here {
        /// Local files by address.
        files: BTreeMap<String, PathBuf>,
        /// Addresses elsewhere.
        elsewhere: Vec<String>,
    },
    /// An upload has not arrived yet.
    Later(Moment),
}

/// Why the files of a body cannot be had.
#[derive(Debug)]
pub enum SourceError {
    /// They never can be.
    Refused(Failure),
    /// They may be later.
    Later(String),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for SourceError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<FetchError> for SourceError {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Refused(failure) => Self::Refused(failure),
            FetchError::Later(reason) => Self::Later(reason),
        }
    }
}

impl From<ArtifactError> for SourceError {
    fn from(error: ArtifactError) -> Self {
        match error {
            ArtifactError::Missing => refused(ErrorCode::SourceNotFound, "a source is no longer kept here"),
            ArtifactError::Full => Self::Later("there is no room on the disk".to_owned()),
            error @ (ArtifactError::Store(_) | ArtifactError::Bucket(_)) => {
                tracing::error!(%error, "the object store failed");
                Self::Later("the object store failed".to_owned())
            }
        }
    }
}

fn refused(code: ErrorCode, message: impl Into<String>) -> SourceError {
    SourceError::Refused(Failure::new(code, message))
}

/// The distinct addresses that a body reads, in their order: media, then colour look-up tables.
pub fn addresses(body: &str) -> Vec<String> {
    let mut urls = api::media_urls(body);
    let (read, _) = api::read_body(body);
    for element in read.iter().flat_map(|body| &body.elements).filter(|element| element.is_visible()) {
        let lut = match element {
            wire::Element::Video(video) => video.lut.lut_url.as_ref(),
            wire::Element::Image(image) => image.lut.lut_url.as_ref(),
            wire::Element::Audio(_) | wire::Element::Text(_) => None,
        };
        if let Some(url) = lut.filter(|url| !urls.contains(url)) {
            urls.push(url.clone());
        }
    }
    urls
}

/// Looks for the files of a body among what is kept here; copies of addresses elsewhere count if they were made
/// `since` then. What is in a bucket is copied into `folder`.
///
/// # Errors
/// When one of them cannot be used, or the store fails.
pub async fn find(
    app: &App,
    workspace: &WorkspaceId,
    since: Moment,
    body: &str,
    folder: &Path,
) -> Result<Found, SourceError> {
    let (mut files, mut elsewhere) = (BTreeMap::new(), Vec::new());
    for url in addresses(body) {
        let asset = match app.store.asset_at(workspace, &url).await? {
            Some(asset) => Some(asset),
            // Copied for this; an older copy may not be what is there now.
            None => {
                let copy = app.store.copy_of(workspace, &url).await?;
                copy.filter(|asset| asset.created_at >= since)
            }
        };
        match asset {
            None if app.is_own(&url) => {
                return Err(refused(ErrorCode::SourceNotFound, format!("there is nothing at `{url}`")));
            }
            None => elsewhere.push(url),
            Some(asset) => match (asset.status, &asset.key) {
                (AssetStatus::Ready, Some(key)) => {
                    files.insert(url, app.artifacts.local(key, folder).await?);
                }
                (AssetStatus::Failed, _) => return Err(SourceError::Refused(failure_of(asset, &url))),
                _ if asset.expires_at.is_some_and(|end| end < Moment::now()) => {
                    let message = format!("nothing was sent to `{url}` while it was open");
                    return Err(refused(ErrorCode::SourceNotFound, message));
                }
                _ => return Ok(Found::Later(Moment::now().after(WAIT))),
            },
        }
    }
    Ok(Found::Here { files, elsewhere })
}

fn failure_of(asset: Asset, url: &str) -> Failure {
    let unknown = || Failure::new(ErrorCode::InvalidSource, format!("`{url}` cannot be used"));
    asset.error.unwrap_or_else(unknown)
}

/// Fetches an address into a folder. The file keeps the address's extension, at which decoders look.
///
/// # Errors
/// When it cannot be had.
pub async fn fetch(app: &App, url: &str, folder: &Path, number: usize) -> Result<PathBuf, SourceError> {
    let file = folder.join(format!("source-{number}.{}", extension(url)));
    app.fetch.fetch(url, &file).await?;
    Ok(file)
}

/// Keeps a fetched file as an asset of the render's workspace, measured, and says so to whoever is told.
///
/// # Errors
/// When it is no medium of its kind, or cannot be kept.
pub async fn keep(app: &App, render: &Render, url: &str, file: &Path) -> Result<(), SourceError> {
    let extension = extension(url);
    let measures = match is_medium(&extension) {
        true => intake::measure(app, kind(&extension), file)
            .await
            .map_err(|failure| refused(failure.code, format!("`{}`: {}", shown(url), failure.message)))?,
        // Tables of colours are read when they are used, and what says nothing of itself, too.
        false => Measures::default(),
    };
    let key = app.artifacts.put("assets", &extension, file).await?;
    let id = AssetId::generate();
    let now = Moment::now();
    let asset = Asset {
        source_url: app.asset_url(&id, &extension),
        id,
        workspace: render.workspace.clone(),
        kind: kind(&extension),
        content_type: content_type(&extension).to_owned(),
        status: AssetStatus::Ready,
        size_bytes: Some(app.artifacts.size(&key).await?),
        key: Some(key),
        copied_from: Some(url.to_owned()),
        duration_millis: measures.duration_millis,
        size: measures.size,
        created_at: now,
        expires_at: None,
        error: None,
    };
    app.store.add_asset(&asset).await?;
    let data = serde_json::json!({ "asset_id": asset.id.as_str(), "source_url": asset.source_url });
    let event = EventRow {
        seq: 0,
        id: crate::id::EventId::generate(),
        workspace: render.workspace.clone(),
        render: Some(render.id.clone()),
        kind: EventKind::AssetReady,
        data: data.to_string(),
        created_at: now,
    };
    Ok(app.store.record(event).await?)
}

/// What stands after the last dot of an address's path, in small letters; `bin` where that is nothing a
/// file is called.
fn extension(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, end)) if matches!(end.len(), 1..=5) && end.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            end.to_ascii_lowercase()
        }
        _ => "bin".to_owned(),
    }
}

fn is_medium(extension: &str) -> bool {
    content_type(extension) != content_type("")
}

fn kind(extension: &str) -> AssetKind {
    match extension {
        "mp3" | "wav" | "aac" | "ogg" | "m4a" | "flac" | "opus" => AssetKind::Audio,
        "png" | "jpg" | "jpeg" | "webp" | "gif" | "tif" | "tiff" | "bmp" => AssetKind::Image,
        "ttf" | "otf" | "woff" | "woff2" => AssetKind::Font,
        _ => AssetKind::Video,
    }
}

/// The MIME type that goes with an extension.
pub fn content_type(extension: &str) -> &'static str {
    match extension {
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "mkv" => "video/x-matroska",
        "avi" => "video/x-msvideo",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "wav" => "audio/wav",
        "aac" => "audio/aac",
        "flac" => "audio/flac",
        "ogg" | "opus" => "audio/ogg",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "tif" | "tiff" => "image/tiff",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_found_once() {
        let body = r#"{ "background_image_url": "https://a.org/bg.png", "elements": [
            { "type": "video", "source_url": "https://a.org/a.mp4", "lut_url": "https://a.org/l.cube" },
            { "type": "image", "id": "i", "duration": 1, "source_url": "https://a.org/bg.png",
              "lut_url": "https://a.org/l.cube" } ] }"#;
        assert_eq!(addresses(body), ["https://a.org/bg.png", "https://a.org/a.mp4", "https://a.org/l.cube"]);
        assert_eq!(addresses("no JSON"), [""; 0]);
    }

    #[test]
    fn extensions_are_small_words() {
        for (url, expected) in [
            ("https://a.org/A.MP4?x=1.png", "mp4"),
            ("https://a.org/a.b/c", "bin"),
            ("https://a.org/a.../", "bin"),
            ("https://a.org/a.%2e%2e", "bin"),
            ("https://a.org/film.toolong", "bin"),
        ] {
            assert_eq!(extension(url), expected, "{url}");
        }
    }
}
