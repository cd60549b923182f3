//! What requests have in common: pages, bodies, query values.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use serde::Deserialize;
use serde_json::json;

use crate::error::{ApiError, ErrorCode};
use crate::store::PageRequest;

/// The query of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
pub struct ListQuery {
    /// Most rows.
    pub limit: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Only things with this status.
    pub status: Option<String>,
}

impl ListQuery {
    /// The page that is asked for. `is_cursor` knows the cursors that were given out.
    ///
    /// # Errors
    /// When the limit is no number in its range, or the cursor was never given out.
    pub fn page(&self, is_cursor: impl Fn(&str) -> bool) -> Result<PageRequest, ApiError> {
        let limit = match &self.limit {
            None => PageRequest::DEFAULT_LIMIT,
            Some(text) => {
                text.parse().ok().filter(|limit| (1..=PageRequest::MAX_LIMIT).contains(limit)).ok_or_else(
                    || invalid("limit", format!("is not a number from 1 to {}", PageRequest::MAX_LIMIT)),
                )?
            }
        };
        let before = self.cursor.clone().filter(|cursor| !cursor.is_empty());
        if before.as_deref().is_some_and(|cursor| !is_cursor(cursor)) {
            return Err(invalid("cursor", "was not given out by this server"));
        }
        Ok(PageRequest { limit, before })
    }
}

/// A field that cannot be what it is.
pub fn invalid(field: &str, problem: impl AsRef<str>) -> ApiError {
    let message = format!("`{field}` {}", problem.as_ref());
    let details = json!({ "errors": [{ "path": [field], "message": message, "type": "invalid" }] });
    ApiError::new(ErrorCode::InvalidRequest, message).with_details(details)
}

/// The text of a body.
///
/// # Errors
/// When it is too long, was cut off, or is not UTF-8.
pub fn text(body: Result<Bytes, BytesRejection>) -> Result<String, ApiError> {
    let unreadable = |reason: &str| ApiError::new(ErrorCode::InvalidRequest, reason.to_owned());
    let body = body.map_err(|rejection| match rejection.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => unreadable("the body is too long"),
        _ => unreadable("the body cannot be read"),
    })?;
    String::from_utf8(body.into()).map_err(|_| unreadable("the body is not UTF-8"))
}
