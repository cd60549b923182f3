//! Errors as the second interface has them: flat, with codes of its own.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::error::{ApiError, ErrorCode};
use crate::store::StoreError;

/// An answer that is an error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GenError {
    status: StatusCode,
    code: &'static str,
    message: String,
    retry_after: Option<u32>,
}

impl GenError {
    /// A request, or a state, that makes no sense.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::coded("validation_error", message)
    }

    /// A 422 with a code of its own.
    pub fn coded(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, code, message: message.into(), retry_after: None }
    }

    /// A 404 with a code of its own.
    pub fn missing(code: &'static str, what: &str) -> Self {
        let message = format!("there is no such {what}");
        Self { status: StatusCode::NOT_FOUND, code, message, retry_after: None }
    }

    /// The same under another code, if it has the first one.
    #[must_use]
    pub fn named(self, from: &'static str, code: &'static str) -> Self {
        if self.code == from { Self { code, ..self } } else { self }
    }

    /// Whether it is the request, or what it is about, that is wrong.
    pub fn is_refusal(&self) -> bool {
        self.status == StatusCode::UNPROCESSABLE_ENTITY
    }

    /// What is wrong, in words.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Our fault; the log has the rest.
    pub fn internal() -> Self {
        ApiError::new(ErrorCode::Internal, "something went wrong here").into()
    }

    /// Others were faster; it can be tried again.
    pub fn busy() -> Self {
        StoreError::Busy.into()
    }

    /// A 404.
    pub fn not_found(what: &str) -> Self {
        Self::missing("not_found", what)
    }
}

/// Each code of the first interface has one here.
impl From<ApiError> for GenError {
    fn from(error: ApiError) -> Self {
        let (status, code) = match error.code {
            ErrorCode::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized"),
            ErrorCode::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            ErrorCode::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            ErrorCode::RateLimited | ErrorCode::QuotaExceeded => {
                (StatusCode::TOO_MANY_REQUESTS, "rate_limited")
            }
            ErrorCode::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            _ => (StatusCode::UNPROCESSABLE_ENTITY, "validation_error"),
        };
        Self { status, code, message: error.message, retry_after: error.retry_after }
    }
}

impl From<StoreError> for GenError {
    fn from(error: StoreError) -> Self {
        ApiError::from(error).into()
    }
}

impl IntoResponse for GenError {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.message, "error_code": self.code });
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
