//! `/v1/workspace/assets` and the addresses by which bodies name them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::request::ListQuery;
use crate::app::App;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::id::AssetId;
use crate::store::{Asset, AssetStatus};

fn asset_json(asset: &Asset) -> Value {
    json!({
        "id": asset.id.as_str(),
        "source_url": asset.source_url,
        "kind": asset.kind.name(),
        "content_type": asset.content_type,
        "duration": asset.duration_millis.map(|millis| millis as f64 / 1000.0),
        "width": asset.size.map(|(width, _)| width),
        "height": asset.size.map(|(_, height)| height),
        "size_bytes": asset.size_bytes,
        "created_at": asset.created_at,
    })
}

/// `GET /v1/workspace/assets`: films and sounds that can be used.
///
/// # Errors
/// When the query makes no sense.
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, ApiError> {
    let page = query.page(|cursor| AssetId::parse(cursor).is_some())?;
    let found = app.store.assets(&caller.workspace, &page).await?;
    Ok(Json(json!(found.map(|asset| asset_json(&asset)))))
}

/// `GET /v1/media/{name}`: leads to the file behind a `source_url`, for whoever has the key.
///
/// # Errors
/// When there is no such asset, or its bytes are not here.
pub async fn open(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Response, ApiError> {
    let missing = || ApiError::not_found("file");
    let id = name.split('.').next().and_then(AssetId::parse).ok_or_else(missing)?;
    let asset = app.store.asset(&caller.workspace, &id).await?.ok_or_else(missing)?;
    if asset.source_url.rsplit('/').next() != Some(name.as_str()) {
        return Err(missing());
    }
    let key = match (asset.status, asset.key) {
        (AssetStatus::Ready, Some(key)) => key,
        (AssetStatus::Failed, _) => {
            let why = asset.error.map_or_else(|| "it cannot be used".to_owned(), |error| error.message);
            return Err(ApiError::new(ErrorCode::InvalidSource, why));
        }
        _ => return Err(ApiError::new(ErrorCode::Conflict, "its bytes are not here yet")),
    };
    let url = app.signed_url(&format!("/v1/files/{key}"), app.config.view_lives);
    let location = HeaderValue::from_str(&url)
        .map_err(|_| ApiError::new(ErrorCode::Internal, "the file has no address"))?;
    let no_store = HeaderValue::from_static("no-store");
    Ok((StatusCode::FOUND, [(header::LOCATION, location), (header::CACHE_CONTROL, no_store)]).into_response())
}
