//! What requests of the second interface have in common: keys in another header, an agent, wrapped bodies.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use serde_json::{Map, Value};

use super::error::GenError;
use crate::app::App;
use crate::auth::Caller;
use crate::routes::request::text;

/// The only agent: whoever has a key may do everything in its workspace.
pub const AGENT: i64 = 1;
/// Where a key may be beside `Authorization`.
const KEY_HEADER: &str = "x-api-key";

/// Who is calling, by either header.
pub struct Guest(pub Caller);

impl FromRequestParts<Arc<App>> for Guest {
    type Rejection = GenError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, GenError> {
        if let Some(key) = parts.headers.get(KEY_HEADER) {
            let mut bearer = b"Bearer ".to_vec();
            bearer.extend_from_slice(key.as_bytes());
            if let Ok(bearer) = HeaderValue::from_bytes(&bearer) {
                parts.headers.insert(header::AUTHORIZATION, bearer);
            }
        }
        Ok(Self(Caller::from_request_parts(parts, app).await?))
    }
}

/// A request: its query, and the object that its body is.
pub struct Asked {
    query: Vec<(String, String)>,
    body: Map<String, Value>,
}

impl FromRequest<Arc<App>> for Asked {
    type Rejection = GenError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, GenError> {
        let unreadable = |_| GenError::invalid("the query cannot be read");
        let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri()).map_err(unreadable)?.0;
        let body: Result<Bytes, BytesRejection> = Bytes::from_request(request, app).await;
        let body = text(body)?;
        let body = match body.trim() {
            "" => Map::new(),
            text => match serde_json::from_str(text) {
                Ok(Value::Object(fields)) => fields,
                Ok(_) => return Err(GenError::invalid("the body is not an object")),
                Err(error) => return Err(GenError::invalid(format!("the body is not JSON: {error}"))),
            },
        };
        Ok(Self { query, body })
    }
}

impl Asked {
    /// A value of the query; the last one where it is said twice.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A number of the query; `None` where it is missing.
    ///
    /// # Errors
    /// When it is no number from 0 on.
    pub fn number(&self, name: &str) -> Result<Option<u32>, GenError> {
        let wrong = |_| GenError::invalid(format!("`{name}` is not a number from 0 on"));
        self.query(name).map(|text| text.parse().map_err(wrong)).transpose()
    }

    /// Insists on the agent, who may be named in the query or in the body.
    ///
    /// # Errors
    /// When nobody, or somebody else, is named.
    pub fn agent(&self) -> Result<(), GenError> {
        let in_body = || self.body.get("agent_id").map(|id| id.to_string().trim_matches('"').to_owned());
        let named = self.query("agent_id").map(str::to_owned).or_else(in_body);
        match named.as_deref().map(str::parse) {
            Some(Ok(AGENT)) => Ok(()),
            Some(_) => Err(GenError::coded("agent_not_found", format!("there is one agent here, {AGENT}"))),
            None => Err(GenError::coded("agent_not_found", "`agent_id` is missing")),
        }
    }

    /// The fields of the body, with or without the wrapper of that name around them.
    pub fn fields(mut self, wrapper: &str) -> Map<String, Value> {
        self.body.remove("agent_id");
        match self.body.remove(wrapper) {
            Some(Value::Object(fields)) => fields,
            Some(other) => {
                self.body.insert(wrapper.to_owned(), other);
                self.body
            }
            None => self.body,
        }
    }
}

/// A text of a body; `None` where it is missing or null.
///
/// # Errors
/// When it is something else, or longer than so many characters.
pub fn text_of(fields: &mut Map<String, Value>, name: &str, most: usize) -> Result<Option<String>, GenError> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= most => Ok(Some(text)),
        Some(_) => Err(GenError::invalid(format!("`{name}` is not a text of at most {most} characters"))),
    }
}

/// A whole number of a body; `None` where it is missing or null.
///
/// # Errors
/// When it is something else.
pub fn integer_of(fields: &mut Map<String, Value>, name: &str) -> Result<Option<i64>, GenError> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) if number.is_i64() => Ok(number.as_i64()),
        // Clients that keep ids as texts send them as texts.
        Some(Value::String(text)) => {
            text.parse().map(Some).map_err(|_| GenError::invalid(format!("`{name}` is not a whole number")))
        }
        Some(_) => Err(GenError::invalid(format!("`{name}` is not a whole number"))),
    }
}

/// Nothing may be left over.
///
/// # Errors
/// When something is.
pub fn nothing_else(fields: &Map<String, Value>) -> Result<(), GenError> {
    match fields.keys().next() {
        Some(name) => Err(GenError::invalid(format!("`{name}` is not known here"))),
        None => Ok(()),
    }
}
