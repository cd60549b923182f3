//! What a caller is told when something is wrong: the envelope and the codes of the contract.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::routes::trace::request_id;
use crate::store::StoreError;

/// Seconds after which a caller may come back when the store is busy.
const RETRY_BUSY_SECONDS: u32 = 1;

/// Seconds after which a caller may come back when the disk is full.
const RETRY_FULL_SECONDS: u32 = 60;

/// Defines the codes with their statuses.
macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $name:literal, $status:ident;)+) => {
        /// Stable name of a kind of error.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
        pub enum ErrorCode { $($(#[$meta])* #[serde(rename = $name)] $variant,)+ }

        impl ErrorCode {
            /// Every code, in the order of the contract.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The code of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }
        }
    };
}

codes! {
    /// No key, or one that is not known.
    Unauthorized = "unauthorized", UNAUTHORIZED;
    /// The key is known and this is not for it.
    Forbidden = "forbidden", FORBIDDEN;
    /// There is no such thing.
    NotFound = "not_found", NOT_FOUND;
    /// It does not go together with what is there.
    Conflict = "conflict", CONFLICT;
    /// The request has mistakes.
    InvalidRequest = "invalid_request", UNPROCESSABLE_ENTITY;
    /// Known, and not done here.
    UnsupportedFeature = "unsupported_feature", UNPROCESSABLE_ENTITY;
    /// A kind of file that is not taken.
    UnsupportedContentType = "unsupported_content_type", UNPROCESSABLE_ENTITY;
    /// A source that cannot be reached or read.
    InvalidSource = "invalid_source", UNPROCESSABLE_ENTITY;
    /// A source that is not where its address says.
    SourceNotFound = "source_not_found", UNPROCESSABLE_ENTITY;
    /// A source with too many bytes.
    SourceTooLarge = "source_too_large", UNPROCESSABLE_ENTITY;
    /// A source that cannot be decoded.
    CodecUnsupported = "codec_unsupported", UNPROCESSABLE_ENTITY;
    /// The quota of the period is used up.
    QuotaExceeded = "quota_exceeded", TOO_MANY_REQUESTS;
    /// Too many requests at once.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS;
    /// Our fault.
    Internal = "internal", INTERNAL_SERVER_ERROR;
}

/// An answer that is an error.
#[derive(Clone, PartialEq, Debug)]
pub struct ApiError {
    /// Which kind.
    pub code: ErrorCode,
    /// In words, for people.
    pub message: String,
    /// For programs.
    pub details: Option<Value>,
    /// Seconds after which it may be tried again.
    pub retry_after: Option<u32>,
}

impl ApiError {
    /// An error without details.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: None, retry_after: None }
    }

    /// The same with details.
    #[must_use]
    pub fn with_details(self, details: Value) -> Self {
        Self { details: Some(details), ..self }
    }

    /// The same, to be tried again after so many seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// There is nothing of that name, or it belongs to somebody else: the two answers do not differ.
    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("there is no such {what}"))
    }

    /// There is no room here; the contract has no code of its own for that.
    pub fn no_room() -> Self {
        Self::new(ErrorCode::Internal, "there is no room left here; please try again later")
            .retry_after(RETRY_FULL_SECONDS)
    }

    /// The envelope around it.
    pub fn envelope(&self) -> Value {
        let mut error = json!({ "code": self.code.name(), "message": self.message });
        if let Some(details) = &self.details {
            error["details"] = details.clone();
        }
        json!({ "error": error })
    }
}

/// What the store could not do. Callers learn no more than that; the log has the rest.
impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::new(ErrorCode::RateLimited, "the server is busy; please try again")
                .retry_after(RETRY_BUSY_SECONDS),
            StoreError::Stale => Self::new(ErrorCode::Conflict, "it has changed in the meantime"),
            StoreError::Full => {
                tracing::error!("the disk of the database is full");
                Self::no_room()
            }
            StoreError::Database(reason) => {
                tracing::error!(%reason, "the store failed");
                Self::new(ErrorCode::Internal, "something went wrong here")
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut envelope = self.envelope();
        if let Some(id) = request_id() {
            envelope["request_id"] = json!(id);
        }
        let mut response = (self.code.status(), Json(envelope)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_the_status_of_the_contract() {
        let table: Vec<String> =
            ErrorCode::ALL.iter().map(|code| format!("{} {}", code.name(), code.status().as_u16())).collect();
        expect_test::expect![[r#"
            unauthorized 401
            forbidden 403
            not_found 404
            conflict 409
            invalid_request 422
            unsupported_feature 422
            unsupported_content_type 422
            invalid_source 422
            source_not_found 422
            source_too_large 422
            codec_unsupported 422
            quota_exceeded 429
            rate_limited 429
            internal 500"#]]
        .assert_eq(&table.join("\n"));
    }

    #[test]
    fn details_are_there_only_where_there_are_any() {
        let error = ApiError::new(ErrorCode::Conflict, "no");
        assert_eq!(error.envelope().to_string(), r#"{"error":{"code":"conflict","message":"no"}}"#);
        let error = error.with_details(json!({"field": "/width"}));
        assert_eq!(error.envelope()["error"]["details"]["field"], "/width");
    }
}
