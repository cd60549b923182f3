//! Whether the process lives and can work, for whoever restarts it or sends it requests.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::App;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /healthz`: the process answers.
pub async fn alive() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// `GET /readyz`: the database answers and takes writes.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    match tokio::time::timeout(PATIENCE, app.store.check()).await {
        Ok(Ok(())) => Json(json!({ "status": "ok", "store": "ok" })).into_response(),
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready");
            unready()
        }
        Err(_) => unready(),
    }
}

fn unready() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "unavailable", "store": "failed" })))
        .into_response()
}
