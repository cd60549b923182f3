//! `/v1/uploads`: a place for bytes, and the bytes.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt};
use serde_json::json;
use tokio::io::AsyncWriteExt;

use super::files::Signature;
use super::json::Fields;
use crate::app::App;
use crate::artifact::ArtifactError;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::id::{self, AssetId, WorkspaceId};
use crate::intake::{self, IntakeError};
use crate::mime::{MediaType, TAKEN};
use crate::moment::Moment;
use crate::sign::Deed;
use crate::store::{Asset, AssetStatus};

/// How long bytes may be sent after a place for them was asked for: that of the contract.
const OPEN: Duration = Duration::from_secs(3600);
/// How long is waited for the next piece.
const PIECE: Duration = Duration::from_secs(60);
/// Longest name and type, in characters.
const MAX_NAME: usize = 255;

/// `POST /v1/uploads`.
///
/// # Errors
/// When the body has mistakes, or the kind of file is not taken.
pub async fn reserve(
    State(app): State<Arc<App>>,
    caller: Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    app.room.check()?;
    let mut fields = Fields::read(body)?;
    let declared = fields.needed("content_type", MAX_NAME)?;
    let filename = fields.text("filename", MAX_NAME)?;
    // Measured when the bytes are here, whatever was said of them.
    for name in ["duration", "width", "height"] {
        fields.number(name)?;
    }
    fields.end(&app)?;
    let kind = MediaType::of_declared(&declared).ok_or_else(|| unsupported(&declared))?;
    // The name says which spelling of the extension it is to be, and nothing that the type does not.
    let extension = filename.as_deref().and_then(MediaType::of_name).filter(|named| named.kind == kind.kind);
    let extension = extension.unwrap_or(kind).extension;
    let now = Moment::now();
    let asset = waiting(&app, &caller.workspace, kind, extension, now);
    app.store.add_asset(&asset).await?;
    let upload_url = upload_url(&app, &asset, kind, now).await.map_err(unkept)?;
    let answer = json!({
        "upload_url": upload_url,
        "source_url": asset.source_url,
        "expires_at": asset.expires_at,
    });
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// A file whose bytes are waited for, not kept yet.
pub(super) fn waiting(
    app: &App,
    workspace: &WorkspaceId,
    kind: MediaType,
    extension: &str,
    now: Moment,
) -> Asset {
    let id = AssetId::generate();
    Asset {
        source_url: app.asset_url(&id, extension),
        id,
        workspace: workspace.clone(),
        kind: kind.kind,
        content_type: kind.name.to_owned(),
        status: AssetStatus::Waiting,
        key: None,
        copied_from: None,
        size_bytes: None,
        duration_millis: None,
        size: None,
        created_at: now,
        expires_at: Some(now.after(OPEN)),
        error: None,
    }
}

/// The address that takes the bytes of such a file.
///
/// # Errors
/// When the object store cannot sign one.
pub(super) async fn upload_url(
    app: &App,
    asset: &Asset,
    kind: MediaType,
    now: Moment,
) -> Result<String, ArtifactError> {
    let direct = app.artifacts.sent_to(&intake::sent_name(asset), kind.name, OPEN).await?;
    Ok(direct.unwrap_or_else(|| {
        let path = format!("/v1/uploads/{}/{}", asset.workspace, asset.id);
        let query = app.signer.query(Deed::Put, &path, now, OPEN);
        format!("{}{path}?{query}", app.public_url)
    }))
}

fn unsupported(declared: &str) -> ApiError {
    let names: Vec<&str> = TAKEN.iter().map(|kind| kind.name).collect();
    let message = format!("`{}` is not taken", declared.chars().take(MAX_NAME).collect::<String>());
    ApiError::new(ErrorCode::UnsupportedContentType, message).with_details(json!({ "supported": names }))
}

/// `PUT /v1/uploads/{workspace}/{asset}`: the bytes, to an address that [`reserve`] gave out.
///
/// # Errors
/// When the address is not good or was used already, the type is another one, or there are too many bytes.
pub async fn send(
    State(app): State<Arc<App>>,
    Path((workspace, id)): Path<(String, String)>,
    Query(given): Query<Signature>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let is_good = given.expires.zip(given.signature).is_some_and(|(expires, signature)| {
        app.signer.is_good(Deed::Put, uri.path(), expires, &signature, Moment::now())
    });
    if !is_good {
        return Err(ApiError::new(ErrorCode::Forbidden, "the address has expired or was not signed here"));
    }
    let missing = || ApiError::not_found("upload");
    let workspace = WorkspaceId::parse(&workspace).ok_or_else(missing)?;
    let id = AssetId::parse(&id).ok_or_else(missing)?;
    let asset = app.store.asset(&workspace, &id).await?.ok_or_else(missing)?;
    let taken = || ApiError::new(ErrorCode::Conflict, "the bytes of this upload are here already");
    if asset.status != AssetStatus::Waiting {
        return Err(taken());
    }
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let declared = declared.and_then(MediaType::of_declared);
    if declared.map(|kind| kind.name) != Some(asset.content_type.as_str()) {
        let message =
            format!("the bytes are not declared as `{}`, for which the place is", asset.content_type);
        return Err(ApiError::new(ErrorCode::UnsupportedContentType, message));
    }
    let most = app.config.outside.max_bytes();
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > most) {
        return Err(too_large(most));
    }
    // Two that send at once do not write into each other's file.
    let file = intake::folder(&app.config).join(id::ulid().to_string());
    app.room.check()?;
    let settled = async {
        let bytes = receive(&file, body.into_data_stream(), most).await?;
        app.metrics.received(bytes);
        let now = app.store.asset(&workspace, &id).await?.ok_or_else(missing)?;
        if now.status != AssetStatus::Waiting {
            return Err(taken());
        }
        intake::settle(&app, now, &file).await.map_err(|error| match error {
            IntakeError::Storage(error) => unkept(error),
            IntakeError::Store(error) => error.into(),
        })
    }
    .await;
    // The bytes are in the object store, or of no use.
    let _ = tokio::fs::remove_file(&file).await;
    match settled? {
        Asset { error: Some(failure), .. } => Err(ApiError::new(failure.code, failure.message)),
        _ => Ok(StatusCode::OK.into_response()),
    }
}

/// What is told of a file that cannot be kept.
pub(super) fn unkept(error: ArtifactError) -> ApiError {
    tracing::error!(%error, "an upload cannot be kept");
    match error {
        ArtifactError::Full => ApiError::no_room(),
        _ => ApiError::new(ErrorCode::Internal, "something went wrong here"),
    }
}

fn too_large(most: u64) -> ApiError {
    ApiError::new(
        ErrorCode::SourceTooLarge,
        format!("there are more than {most} bytes, the most that is taken"),
    )
}

/// Writes bytes into a new file as they come. Returns how many there were.
///
/// # Errors
/// When there are too many, they stop coming, or the file cannot be written.
pub(super) async fn receive<E>(
    file: &std::path::Path,
    mut pieces: impl Stream<Item = Result<Bytes, E>> + Unpin,
    most: u64,
) -> Result<u64, ApiError> {
    let unwritten = |error: std::io::Error| unkept(error.into());
    let mut out = tokio::fs::File::create_new(file).await.map_err(unwritten)?;
    let mut bytes = 0;
    loop {
        let broken = |what: &str| ApiError::new(ErrorCode::InvalidRequest, what.to_owned());
        let piece = tokio::time::timeout(PIECE, pieces.next()).await;
        let Some(piece) = piece.map_err(|_| broken("the bytes stopped coming"))? else { break };
        let piece = piece.map_err(|_| broken("the bytes broke off"))?;
        bytes += piece.len() as u64;
        if bytes > most {
            return Err(too_large(most));
        }
        out.write_all(&piece).await.map_err(unwritten)?;
    }
    out.flush().await.map_err(unwritten)?;
    Ok(bytes)
}
