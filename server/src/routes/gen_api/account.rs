//! Who is there: one user, one workspace, one agent.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::error::GenError;
use super::request::{AGENT, Guest};
use crate::app::App;

/// `GET /v1/me`: the key, as the only user that there is.
pub async fn me(guest: Guest) -> Json<Value> {
    Json(
        json!({ "id": AGENT, "email": null, "name": guest.0.key.as_str(), "username": null, "created_at": null }),
    )
}

/// `GET /v1/workspaces`.
pub async fn workspaces(State(app): State<Arc<App>>, guest: Guest) -> Result<Json<Value>, GenError> {
    let workspace = app.store.workspace_of(&guest.0.workspace).await?;
    let workspace = workspace.ok_or_else(|| GenError::not_found("workspace"))?;
    Ok(Json(json!([{ "id": AGENT, "name": workspace.name }])))
}

/// `GET /v1/agents`.
pub async fn agents(_: Guest) -> Json<Value> {
    Json(json!([{ "id": AGENT, "name": "default", "workspace_id": AGENT }]))
}
