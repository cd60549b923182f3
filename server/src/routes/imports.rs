//! `/v1/imports`: a remote file is copied here.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::json::Fields;
use crate::app::App;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::fetch::shown;
use crate::id::ImportId;
use crate::moment::Moment;
use crate::store::{Import, ImportStatus};

/// Longest address, in characters: that of the contract.
const MAX_URL: usize = 2083;
/// Longest name, in characters.
const MAX_NAME: usize = 255;

async fn import_json(app: &App, import: &Import) -> Result<Value, ApiError> {
    let asset = match &import.asset {
        Some(id) => app.store.asset(&import.workspace, id).await?,
        None => None,
    };
    Ok(json!({
        "id": import.id.as_str(),
        "status": import.status.name(),
        "source_url": asset.filter(|_| import.status == ImportStatus::Ready).map(|asset| asset.source_url),
        "error": import.error.as_ref().map(|error| json!({ "code": error.code.name(), "message": error.message })),
        "created_at": import.created_at,
    }))
}

/// `POST /v1/imports`. The address is judged at once, as far as it can be without looking it up.
///
/// # Errors
/// When the body has mistakes, or the address may not be gone to.
pub async fn request(
    State(app): State<Arc<App>>,
    caller: Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let mut fields = Fields::read(body)?;
    let url = fields.needed("url", MAX_URL)?;
    let filename = fields.text("filename", MAX_NAME)?;
    fields.end(&app)?;
    if let Err(refusal) = app.config.outside.target(&url) {
        return Err(ApiError::new(ErrorCode::InvalidSource, format!("`{}` {refusal}", shown(&url))));
    }
    let import = Import {
        id: ImportId::generate(),
        workspace: caller.workspace,
        url,
        filename,
        status: ImportStatus::Processing,
        asset: None,
        error: None,
        tries: 0,
        created_at: Moment::now(),
    };
    app.store.add_import(&import).await?;
    app.wanted.notify_one();
    Ok((StatusCode::ACCEPTED, Json(import_json(&app, &import).await?)).into_response())
}

/// `GET /v1/imports/{id}`.
///
/// # Errors
/// When there is no such import.
pub async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let missing = || ApiError::not_found("import");
    let id = ImportId::parse(&id).ok_or_else(missing)?;
    let import = app.store.import(&caller.workspace, &id).await?.ok_or_else(missing)?;
    Ok(Json(import_json(&app, &import).await?))
}
