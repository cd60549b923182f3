//! `/v1/api-keys`: made, listed, revoked. A key is shown once.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::json::Fields;
use super::request::ListQuery;
use crate::app::App;
use crate::auth::{self, Caller};
use crate::error::{ApiError, ErrorCode};
use crate::id::KeyId;
use crate::moment::Moment;
use crate::sign::to_hex;
use crate::store::{KeyRow, NewKey};

/// What keys begin with.
const PREFIX: &str = "fl_live_";
/// Random bytes of a key.
const KEY_BYTES: usize = 32;
/// Longest name, in characters: that of the contract.
const MAX_NAME: usize = 255;

fn key_json(key: &KeyRow) -> Value {
    json!({
        "id": key.id.as_str(),
        "name": key.name,
        "key_prefix": key.prefix,
        "created_at": key.created_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    })
}

/// `POST /v1/api-keys`. The answer holds the key; it is kept nowhere.
///
/// # Errors
/// When the body has mistakes.
pub async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let mut fields = Fields::read(body)?;
    let name = fields.needed("name", MAX_NAME)?;
    fields.end(&app)?;
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "there are no random numbers");
        ApiError::new(ErrorCode::Internal, "something went wrong here")
    })?;
    let key = format!("{PREFIX}{}", to_hex(&bytes));
    let now = Moment::now();
    let new = NewKey {
        id: KeyId::generate(),
        workspace: caller.workspace,
        name,
        hash: auth::hash(&key),
        prefix: auth::prefix(&key),
    };
    let mut answer = json!({
        "id": new.id.as_str(),
        "name": new.name,
        "key_prefix": new.prefix,
        "created_at": now,
        "last_used_at": null,
        "revoked_at": null,
    });
    app.store.add_key(new, now).await?;
    answer["key"] = json!(key);
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// `GET /v1/api-keys`: newest first, revoked ones included.
///
/// # Errors
/// When the query makes no sense.
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, ApiError> {
    let page = query.page(|cursor| KeyId::parse(cursor).is_some())?;
    let found = app.store.keys(&caller.workspace, &page).await?;
    Ok(Json(json!(found.map(|key| key_json(&key)))))
}

/// `DELETE /v1/api-keys/{id}`. In this process the key opens nothing from now on, in others after a few
/// seconds.
///
/// # Errors
/// When there is no such key.
pub async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let missing = || ApiError::not_found("API key");
    let id = KeyId::parse(&id).ok_or_else(missing)?;
    let was_there = app.store.revoke_key(&caller.workspace, &id, Moment::now()).await?;
    app.keys.forget();
    if was_there { Ok(StatusCode::NO_CONTENT) } else { Err(missing()) }
}
