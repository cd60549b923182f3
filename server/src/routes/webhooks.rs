//! `/v1/webhooks`: who is told, with which secret, and how that went.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::json::Fields;
use super::request::{ListQuery, invalid};
use crate::app::App;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::id::{AttemptId, WebhookId};
use crate::moment::Moment;
use crate::store::{DeliveryRow, EventKind, Webhook};
use crate::webhook::{new_secret, secret_of};

/// Longest address, in characters: that of the contract.
const MAX_URL: usize = 2083;
/// Events of AI tasks: they can be asked for, and never come from here.
pub(super) const OF_TASKS: &[&str] = &["task.completed", "task.failed", "task.progress"];

fn webhook_json(webhook: &Webhook) -> Value {
    json!({
        "id": webhook.id.as_str(),
        "url": webhook.url,
        "events": webhook.events,
        "enabled": webhook.enabled,
        "created_at": webhook.created_at,
        "last_delivery_at": webhook.last_delivery_at,
    })
}

fn delivery_json(delivery: &DeliveryRow) -> Value {
    json!({
        "id": delivery.id.as_str(),
        "delivery_id": delivery.delivery.as_str(),
        "webhook_id": delivery.webhook.as_ref().map(WebhookId::as_str),
        "event_type": delivery.kind.name(),
        "status": delivery.status.name(),
        "attempt_number": delivery.number,
        "created_at": delivery.created_at,
        "job_id": delivery.render.as_ref().map(crate::id::RenderId::as_str),
        "status_code": delivery.status_code,
        "response_body": delivery.response_body,
        "attempted_at": delivery.attempted_at,
        "next_retry_at": delivery.next_retry_at,
    })
}

/// `POST /v1/webhooks`. The answer holds the workspace's secret.
///
/// # Errors
/// When the body has mistakes.
pub async fn register(
    State(app): State<Arc<App>>,
    caller: Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let mut fields = Fields::read(body)?;
    let url = fields.needed("url", MAX_URL)?;
    let events = fields.texts("events")?.unwrap_or_default();
    let enabled = fields.flag("enabled")?.unwrap_or(true);
    fields.end(&app)?;
    let webhook = Webhook {
        id: WebhookId::generate(),
        workspace: caller.workspace,
        url: judged(&app, url)?,
        events: known(events)?,
        enabled,
        created_at: Moment::now(),
        last_delivery_at: None,
    };
    let secret = secret_of(&app, &webhook.workspace).await?;
    app.store.add_webhook(&webhook).await?;
    let mut answer = webhook_json(&webhook);
    answer["secret"] = json!(secret);
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

fn judged(app: &App, url: String) -> Result<String, ApiError> {
    match app.config.outside.target(&url) {
        Ok(_) => Ok(url),
        Err(refusal) => Err(invalid("url", refusal.to_string())),
    }
}

fn known(events: Vec<String>) -> Result<Vec<String>, ApiError> {
    let names: Vec<&str> =
        EventKind::ALL.iter().filter(|kind| kind.is_public()).map(|kind| kind.name()).collect();
    match events.iter().find(|name| !names.contains(&name.as_str()) && !OF_TASKS.contains(&name.as_str())) {
        Some(name) => {
            let name: String = name.chars().take(64).collect();
            Err(invalid("events", format!("names `{name}`; there are {}", names.join(", "))))
        }
        None => Ok(EventKind::ALL
            .iter()
            .map(|kind| kind.name())
            .chain(OF_TASKS.iter().copied())
            .filter(|name| events.iter().any(|event| event == name))
            .map(str::to_owned)
            .collect()),
    }
}

/// `GET /v1/webhooks`.
///
/// # Errors
/// When the query makes no sense.
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, ApiError> {
    let page = query.page(|cursor| WebhookId::parse(cursor).is_some())?;
    let found = app.store.webhooks(&caller.workspace, &page).await?;
    Ok(Json(json!(found.map(|webhook| webhook_json(&webhook)))))
}

/// `GET /v1/webhooks/{id}`.
///
/// # Errors
/// When there is no such receiver.
pub async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(webhook_json(&find(&app, &caller, &id).await?)))
}

/// `PATCH /v1/webhooks/{id}`: what the body names is changed.
///
/// # Errors
/// When there is no such receiver, or the body has mistakes.
pub async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, ApiError> {
    let mut webhook = find(&app, &caller, &id).await?;
    let mut fields = Fields::read(body)?;
    if let Some(url) = fields.text("url", MAX_URL)? {
        webhook.url = judged(&app, url)?;
    }
    if let Some(events) = fields.texts("events")? {
        webhook.events = known(events)?;
    }
    if let Some(enabled) = fields.flag("enabled")? {
        webhook.enabled = enabled;
    }
    fields.end(&app)?;
    match app.store.change_webhook(&webhook).await? {
        true => Ok(Json(webhook_json(&webhook))),
        false => Err(ApiError::not_found("webhook")),
    }
}

/// `DELETE /v1/webhooks/{id}`.
///
/// # Errors
/// When there is no such receiver.
pub async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let webhook = find(&app, &caller, &id).await?;
    match app.store.remove_webhook(&caller.workspace, &webhook.id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(ApiError::not_found("webhook")),
    }
}

/// `POST /v1/webhooks/{id}/rotate-secret`: another secret for the whole workspace; the old one stops at once.
///
/// # Errors
/// When there is no such receiver.
pub async fn rotate(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    find(&app, &caller, &id).await?;
    let secret = new_secret().map_err(|error| {
        tracing::error!(%error, "there are no random numbers");
        ApiError::new(ErrorCode::Internal, "something went wrong here")
    })?;
    app.store.set_secret(&caller.workspace, &secret).await?;
    Ok(Json(json!({ "secret": secret })))
}

/// `GET /v1/webhooks/{id}/deliveries`: attempts, newest first.
///
/// # Errors
/// When there is no such receiver, or the query makes no sense.
pub async fn deliveries(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, ApiError> {
    let webhook = find(&app, &caller, &id).await?;
    let page = query.page(|cursor| AttemptId::parse(cursor).is_some())?;
    let found = app.store.deliveries(&webhook.id, &page).await?;
    Ok(Json(json!(found.map(|delivery| delivery_json(&delivery)))))
}

async fn find(app: &App, caller: &Caller, id: &str) -> Result<Webhook, ApiError> {
    let missing = || ApiError::not_found("webhook");
    let id = WebhookId::parse(id).ok_or_else(missing)?;
    app.store.webhook(&caller.workspace, &id).await?.ok_or_else(missing)
}
