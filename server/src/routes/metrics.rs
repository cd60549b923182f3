//! `GET /metrics`, and the counting of what is answered.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use vid_runtime::clock;

use crate::app::App;
use crate::error::ApiError;

/// The text format that Prometheus reads.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Counters of this process and the states of renders. They name nobody and nothing.
///
/// # Errors
/// When the store fails.
pub async fn read(State(app): State<Arc<App>>) -> Result<Response, ApiError> {
    let census = app.store.census().await?;
    Ok(([(header::CONTENT_TYPE, FORMAT)], app.metrics.text(&census)).into_response())
}

/// Counts an answer and how long it took to begin.
pub async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let began = clock::instant();
    let response = next.run(request).await;
    app.metrics.answered(response.status().as_u16(), clock::instant().duration_since(began));
    response
}
