//! `/v1/workspace` and what it used.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::request::invalid;
use crate::app::App;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::moment::Moment;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Days that are summed up where nobody says.
const DAYS: u32 = 30;
/// Most days.
const MAX_DAYS: u32 = 366;

/// The query of `/v1/workspace/usage`.
#[derive(Deserialize)]
pub struct UsageQuery {
    period: Option<String>,
}

/// `GET /v1/workspace`.
///
/// # Errors
/// When the store fails.
pub async fn workspace(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let found = app.store.workspace_of(&caller.workspace).await?;
    let found = found.ok_or_else(|| ApiError::new(ErrorCode::NotFound, "there is no such workspace"))?;
    Ok(Json(json!({
        "id": found.id.as_str(),
        "name": found.name,
        // Of the contract's plans the one without limits: whoever runs the server has them all.
        "plan": "enterprise",
        "created_at": found.created_at,
    })))
}

/// `GET /v1/workspace/usage`, of the last days up to and with today, `?period=30d`.
///
/// # Errors
/// When the query makes no sense.
pub async fn usage(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<UsageQuery>,
) -> Result<Json<Value>, ApiError> {
    let days = match query.period.as_deref() {
        None => DAYS,
        Some(text) => days(text).ok_or_else(|| invalid("period", format!("is not 1d to {MAX_DAYS}d")))?,
    };
    let end = Moment::now().day().after(DAY);
    let start = end.before(DAY * days);
    let used = app.store.usage(&caller.workspace, start, end).await?;
    let millis: i64 = used.iter().map(|day| day.render_millis).sum();
    let egress: i64 = used.iter().map(|day| day.egress_bytes).sum();
    Ok(Json(json!({
        "period_start": start,
        "period_end": end,
        "render_minutes": millis as f64 / 60_000.0,
        "task_count": 0,
        "egress_bytes": egress,
    })))
}

fn days(text: &str) -> Option<u32> {
    let digits = text.strip_suffix('d')?;
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|days| is_plain && (1..=MAX_DAYS).contains(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_days() {
        assert_eq!((days("1d"), days("366d")), (Some(1), Some(366)));
        for odd in ["", "d", "0d", "367d", "7", "+7d", "7h", "99999999999d"] {
            assert_eq!(days(odd), None, "{odd}");
        }
    }
}
