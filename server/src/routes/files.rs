//! Kept files, for whoever has a signed address.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use object_store::GetRange;
use serde::Deserialize;
use vid_runtime::clock;

use super::strangers::too_many;
use crate::app::App;
use crate::artifact::{ArtifactError, Shown};
use crate::error::{ApiError, ErrorCode};
use crate::moment::Moment;
use crate::sign::Deed;
use crate::worker::sources::content_type;

/// What makes an address good.
#[derive(Deserialize)]
pub struct Signature {
    pub(super) expires: Option<i64>,
    pub(super) signature: Option<String>,
}

/// `GET /v1/files/{folder}/{shelf}/{name}`: the file, or the part that a `Range` header asks for.
///
/// # Errors
/// When the address is not good, or the file is gone.
pub async fn read(
    State(app): State<Arc<App>>,
    Path((folder, shelf, name)): Path<(String, String, String)>,
    Query(given): Query<Signature>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    answer(&app, (folder, shelf, name, None), given, &uri, &headers).await
}

/// The same to be saved: the last part of the path is what the file is to be called.
///
/// # Errors
/// As [`read`].
pub async fn download(
    State(app): State<Arc<App>>,
    Path((folder, shelf, name, _)): Path<(String, String, String, String)>,
    Query(given): Query<Signature>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let filename = uri.path().rsplit('/').next();
    let mut response = answer(&app, (folder, shelf, name, filename), given, &uri, &headers).await?;
    // Its name is the path's last part, so none has to be written into a header.
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    Ok(response)
}

async fn answer(
    app: &App,
    (folder, shelf, name, filename): (String, String, String, Option<&str>),
    given: Signature,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let signed = given.expires.zip(given.signature).filter(|(expires, signature)| {
        app.signer.is_good(Deed::Get, uri.path(), *expires, signature, Moment::now())
    });
    let Some((expires, signature)) = signed else {
        return Err(ApiError::new(ErrorCode::Forbidden, "the address has expired or was not signed here"));
    };
    // Whoever has the address needs no key: it is one, and is counted as one.
    app.downloads.count(&signature, clock::instant()).map_err(too_many)?;
    // Signed by us, so it is one of our keys.
    let key = format!("{folder}/{shelf}/{name}");
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let lives = expires.saturating_sub(Moment::now().seconds());
    let lives = Duration::from_secs(u64::try_from(lives).unwrap_or(0).max(1));
    let shown = Shown { content_type: content_type(extension), filename };
    if let Some(url) = app.artifacts.signed(&key, shown, lives).await.map_err(missing)? {
        return elsewhere(&url);
    }
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).and_then(range_of);
    let size = app.artifacts.size(&key).await.map_err(missing)?;
    // A range that begins after the end is answered with all of it, as one that is not understood.
    let range = range.filter(|range| match range {
        GetRange::Bounded(range) => range.start < size,
        GetRange::Offset(start) => *start < size,
        GetRange::Suffix(length) => *length > 0,
    });
    let is_part = range.is_some();
    let found = app.artifacts.get(&key, range).await.map_err(missing)?;
    let (start, end) = (found.range.start, found.range.end);
    let status = if is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut response = (status, Body::from_stream(found.into_stream())).into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(extension)));
    answer.insert(header::CONTENT_LENGTH, HeaderValue::from(end - start));
    answer.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // The content of a key never changes.
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    answer.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_part && let Ok(value) = HeaderValue::from_str(&format!("bytes {start}-{}/{size}", end.max(1) - 1)) {
        answer.insert(header::CONTENT_RANGE, value);
    }
    Ok(response)
}

/// Sends the caller to where the file is, with an address that works as long as the one they came with.
fn elsewhere(url: &str) -> Result<Response, ApiError> {
    let location = HeaderValue::from_str(url)
        .map_err(|_| ApiError::new(ErrorCode::Internal, "the file has no address"))?;
    let no_store = HeaderValue::from_static("no-store");
    Ok((StatusCode::FOUND, [(header::LOCATION, location), (header::CACHE_CONTROL, no_store)]).into_response())
}

fn missing(error: ArtifactError) -> ApiError {
    match error {
        ArtifactError::Missing => ApiError::not_found("file"),
        error => {
            tracing::error!(%error, "a kept file cannot be read");
            ApiError::new(ErrorCode::Internal, "something went wrong here")
        }
    }
}

/// One range of bytes; `None` for several, and for what is no range.
fn range_of(header: &str) -> Option<GetRange> {
    let (start, end) = header.strip_prefix("bytes=")?.split_once('-')?;
    match (start.parse::<u64>().ok(), end.parse::<u64>().ok()) {
        (Some(start), Some(end)) if start <= end => Some(GetRange::Bounded(start..end.saturating_add(1))),
        (Some(start), None) if end.is_empty() => Some(GetRange::Offset(start)),
        (None, Some(length)) if start.is_empty() => Some(GetRange::Suffix(length)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_http() {
        assert_eq!(range_of("bytes=0-99"), Some(GetRange::Bounded(0..100)));
        assert_eq!(range_of("bytes=5-"), Some(GetRange::Offset(5)));
        assert_eq!(range_of("bytes=-7"), Some(GetRange::Suffix(7)));
        for odd in ["", "bytes=", "bytes=5-4", "bytes=a-", "bytes=0-1,3-4", "lines=0-1"] {
            assert_eq!(range_of(odd), None, "{odd}");
        }
    }
}
