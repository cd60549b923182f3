//! What the contract knows and this server does not do: AI tasks, projects, signup, billing.

use axum::Json;
use axum::extract::{Path, Query};
use serde_json::{Value, json};

use super::request::ListQuery;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};

/// Tasks by their part of the path.
const TASKS: &[&str] = &["remove-background", "gaze-redirect", "super-resolution", "transcribe"];

fn unsupported(what: &str) -> ApiError {
    ApiError::new(ErrorCode::UnsupportedFeature, format!("{what} are not supported by this server"))
}

/// `POST /v1/tasks/{kind}`: no task is done here.
///
/// # Errors
/// Always: that tasks are not supported, or that there is none of that name.
pub async fn task(_caller: Caller, Path(kind): Path<String>) -> Result<Json<Value>, ApiError> {
    match TASKS.contains(&kind.as_str()) {
        true => Err(unsupported("AI tasks")),
        false => Err(ApiError::not_found("task")),
    }
}

/// `GET /v1/tasks`: there are none.
///
/// # Errors
/// When the query makes no sense.
pub async fn tasks(_caller: Caller, Query(query): Query<ListQuery>) -> Result<Json<Value>, ApiError> {
    query.page(|_| false)?;
    Ok(Json(json!({ "data": [], "next_cursor": null, "has_more": false })))
}

/// `GET` and `DELETE /v1/tasks/{id}`, and its download: there are none.
///
/// # Errors
/// Always.
pub async fn no_task(_caller: Caller) -> Result<Json<Value>, ApiError> {
    Err(ApiError::not_found("task"))
}

/// `/v1/projects`.
///
/// # Errors
/// Always.
pub async fn projects(_caller: Caller) -> Result<Json<Value>, ApiError> {
    Err(unsupported("projects"))
}

/// `/v1/signup`, which needs no key.
///
/// # Errors
/// Always.
pub async fn signup() -> Result<Json<Value>, ApiError> {
    Err(unsupported("signups"))
}

/// `/v1/billing/portal`.
///
/// # Errors
/// Always.
pub async fn billing(_caller: Caller) -> Result<Json<Value>, ApiError> {
    Err(unsupported("bills"))
}
