//! `POST /v1/preview`: what would become of a body.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use serde_json::{Value, json};
use vid_timeline::api::{self, NoMedia, Severity, Violation};

use super::json::Fields;
use super::renders::violations;
use crate::app::App;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};

/// A render request with `dry_run: true`: it is checked as a submission is and nothing is made of it. The
/// answer is 200 whatever is found; `valid` says whether the same body would be accepted.
///
/// # Errors
/// When there is no `dry_run: true`: pictures are not made here yet.
pub async fn preview(
    State(app): State<Arc<App>>,
    _caller: Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, ApiError> {
    let mut fields = Fields::read(body)?;
    if fields.flag("dry_run")? != Some(true) {
        let message = "pictures of a preview are not made here yet; `dry_run: true` checks the body";
        return Err(ApiError::new(ErrorCode::UnsupportedFeature, message));
    }
    let body = fields.rest().to_string();
    let found = violations(&app, &body);
    let is_valid = !found.iter().any(|violation: &Violation| violation.severity == Severity::Error);
    let timeline = api::from_json(&body, &NoMedia).timeline.filter(|_| is_valid);
    let summary = timeline.map(|timeline| {
        let millis = timeline.duration.seconds() * vid_timeline::Rational::from(1000_i64);
        let millis = i64::try_from(millis.floor()).unwrap_or(i64::MAX);
        json!({
            "width": timeline.size.width,
            "height": timeline.size.height,
            "duration": millis as f64 / 1000.0,
        })
    });
    Ok(Json(json!({ "valid": is_valid, "violations": found, "summary": summary })))
}
