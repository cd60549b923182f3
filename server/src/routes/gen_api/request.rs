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

/// A request of somebody who is known, to the agent that there is.
pub struct Call {
    /// The server.
    pub app: Arc<App>,
    /// Who is calling.
    pub caller: Caller,
    /// What for.
    pub asked: Asked,
}

impl FromRequest<Arc<App>> for Call {
    type Rejection = GenError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, GenError> {
        let (mut parts, body) = request.into_parts();
        let Guest(caller) = Guest::from_request_parts(&mut parts, app).await?;
        let asked = Asked::from_request(Request::from_parts(parts, body), app).await?;
        asked.agent()?;
        Ok(Self { app: Arc::clone(app), caller, asked })
    }
}

impl Asked {
    /// A value of the query; the last one where it is said twice.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of that name, also where they are written in one with commas.
    pub fn queries(&self, name: &str) -> Vec<&str> {
        let values =
            self.query.iter().filter(|(key, _)| key == name || Some(key.as_str()) == name.strip_suffix("[]"));
        values
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// Whether the query says yes; `otherwise` where it says nothing.
    ///
    /// # Errors
    /// When it says neither yes nor no.
    pub fn flag(&self, name: &str, otherwise: bool) -> Result<bool, GenError> {
        match self.query(name) {
            None | Some("") => Ok(otherwise),
            Some("true" | "1") => Ok(true),
            Some("false" | "0") => Ok(false),
            Some(_) => Err(GenError::invalid(format!("`{name}` is neither true nor false"))),
        }
    }

    /// A request that says no more than who its agent is.
    pub fn of_agent(agent: Option<&str>) -> Self {
        let query = agent.map(|agent| ("agent_id".to_owned(), agent.to_owned()));
        Self { query: query.into_iter().collect(), body: Map::new() }
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
        let named = self.query("agent_id").map(Value::from).or_else(|| self.body.get("agent_id").cloned());
        match named {
            Some(_) => agent_of(named),
            None => Err(GenError::coded("agent_not_found", "`agent_id` is missing")),
        }
    }

    /// The fields of the body, which has no wrapper.
    pub fn whole(mut self) -> Map<String, Value> {
        self.body.remove("agent_id");
        self.body
    }

    /// The fields in the wrapper of that name, and those beside it; where there is no wrapper, all are in it.
    pub fn split(mut self, wrapper: &str) -> (Map<String, Value>, Map<String, Value>) {
        self.body.remove("agent_id");
        match self.body.remove(wrapper) {
            Some(Value::Object(fields)) => (fields, self.body),
            Some(other) => {
                self.body.insert(wrapper.to_owned(), other);
                (self.body, Map::new())
            }
            None => (self.body, Map::new()),
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

/// Insists that an agent who is named is the one there is.
///
/// # Errors
/// When it is another one.
pub fn agent_of(named: Option<Value>) -> Result<(), GenError> {
    match named.as_ref().map(id_of) {
        None => Ok(()),
        Some(id) if id.parse() == Ok(AGENT) => Ok(()),
        Some(_) => Err(GenError::coded("agent_not_found", format!("there is one agent here, {AGENT}"))),
    }
}

/// An id as a text, whether it came as one or as a number.
pub fn id_of(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

/// Which ids get which positions, as a request has it in one of its two ways: a list of that name, or
/// `id_to_position`.
///
/// # Errors
/// When it has it in neither.
pub fn positions_of(mut fields: Map<String, Value>, list: &str) -> Result<Vec<(String, i64)>, GenError> {
    let wrong = || {
        GenError::invalid(format!("neither `{list}` with ids and positions nor `id_to_position` is given"))
    };
    let position = |value: Option<&Value>| value.and_then(Value::as_i64).ok_or_else(wrong);
    let wanted = match (fields.remove("id_to_position"), fields.remove(list)) {
        (Some(Value::Object(places)), None) => {
            places.iter().map(|(id, place)| Ok((id.clone(), position(Some(place))?))).collect()
        }
        (None, Some(Value::Array(items))) => items
            .iter()
            .map(|item| Ok((id_of(item.get("id").ok_or_else(wrong)?), position(item.get("position"))?)))
            .collect(),
        _ => Err(wrong()),
    };
    nothing_else(&fields)?;
    wanted
}

/// What a list says of things that are named by their ids, as a request has it under one of these names; `read`
/// takes what an object says beside its id.
///
/// # Errors
/// When there is no such list, when one of it is no object with an id, and those of `read`.
pub fn items_of<T>(
    mut fields: Map<String, Value>,
    names: &[&str],
    read: impl Fn(Map<String, Value>) -> Result<T, GenError>,
) -> Result<Vec<(String, T)>, GenError> {
    let wrong = || GenError::invalid(format!("`{}` is no list of objects with ids", names[0]));
    let found = names.iter().find_map(|name| fields.remove(*name));
    nothing_else(&fields)?;
    let Some(Value::Array(items)) = found else { return Err(wrong()) };
    let item = |item: Value| match item {
        Value::Object(mut fields) => {
            let id = fields.remove("id").ok_or_else(wrong)?;
            Ok((id_of(&id), read(fields)?))
        }
        _ => Err(wrong()),
    };
    items.into_iter().map(item).collect()
}

/// A yes or no of a body; `None` where it is missing or null.
///
/// # Errors
/// When it is something else.
pub fn flag_of(fields: &mut Map<String, Value>, name: &str) -> Result<Option<bool>, GenError> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(flag)),
        Some(_) => Err(GenError::invalid(format!("`{name}` is neither true nor false"))),
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
