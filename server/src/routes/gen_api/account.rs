//! Who is there: one user, one workspace, one agent. Nothing costs anything.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::error::GenError;
use super::request::{AGENT, Asked, Guest};
use crate::app::App;

/// The balance that is shown: nothing is taken from it, and clients that look before they ask find enough.
const CREDITS: &str = "1000000.0";

/// `GET /v1/me`: the key, as the only user that there is.
pub async fn me(guest: Guest) -> Json<Value> {
    Json(
        json!({ "id": AGENT, "email": null, "name": guest.0.key.as_str(), "username": null, "created_at": null }),
    )
}

/// `GET /v1/workspaces`.
pub async fn workspaces(State(app): State<Arc<App>>, guest: Guest) -> Result<Json<Value>, GenError> {
    Ok(Json(json!([{ "id": AGENT, "name": name(&app, &guest).await? }])))
}

async fn name(app: &App, guest: &Guest) -> Result<String, GenError> {
    let workspace = app.store.workspace_of(&guest.0.workspace).await?;
    Ok(workspace.ok_or_else(|| GenError::not_found("workspace"))?.name)
}

/// `GET /v1/agents`.
pub async fn agents(_: Guest, asked: Asked) -> Json<Value> {
    let agent = json!({ "id": AGENT, "name": "default", "workspace_id": AGENT });
    let elsewhere = asked.query("workspace_id").is_some_and(|id| !id.is_empty() && id.parse() != Ok(AGENT));
    Json(if elsewhere { json!([]) } else { json!([agent]) })
}

/// `GET /v1/organizations/{id}`: the workspace with its balance.
pub async fn organization(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path(id): Path<String>,
) -> Result<Json<Value>, GenError> {
    if id.parse() != Ok(AGENT) {
        return Err(GenError::not_found("organization"));
    }
    Ok(Json(json!({
        "id": AGENT,
        "name": name(&app, &guest).await?,
        "credit": CREDITS,
        "available_credit": { "generic": CREDITS, "aura": "0.0" },
    })))
}

/// `GET /v1/credit_balance`.
pub async fn balance(_: Guest, asked: Asked) -> Result<Json<Value>, GenError> {
    asked.agent()?;
    Ok(Json(json!({
        "agent_id": AGENT,
        "organization_id": AGENT,
        "available_credits": CREDITS,
        "paid_media_access": true,
        "generation_access": true,
    })))
}
