//! Bodies of the small endpoints: one flat JSON object each, with every mistake named.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use serde_json::{Map, Value};

use super::request::{invalid, text};
use crate::app::App;
use crate::config::UnknownKeys;
use crate::error::{ApiError, ErrorCode};

/// An object whose fields are taken one after the other.
pub struct Fields(Map<String, Value>);

impl Fields {
    /// The object that a body is.
    ///
    /// # Errors
    /// When it is something else.
    pub fn read(body: Result<Bytes, BytesRejection>) -> Result<Self, ApiError> {
        match serde_json::from_str(&text(body)?) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(ApiError::new(ErrorCode::InvalidRequest, "the body is not an object")),
            Err(error) => {
                Err(ApiError::new(ErrorCode::InvalidRequest, format!("the body is not JSON: {error}")))
            }
        }
    }

    /// A text of so many characters at most; `None` where it is missing or null.
    ///
    /// # Errors
    /// When it is no such text.
    pub fn text(&mut self, name: &str, most: usize) -> Result<Option<String>, ApiError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.chars().count() > most => {
                Err(invalid(name, format!("is longer than {most} characters")))
            }
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(invalid(name, "is not a text")),
        }
    }

    /// A text that has to be there and not be empty.
    ///
    /// # Errors
    /// When it is not, or is no such text.
    pub fn needed(&mut self, name: &str, most: usize) -> Result<String, ApiError> {
        match self.text(name, most)? {
            Some(text) if !text.is_empty() => Ok(text),
            Some(_) => Err(invalid(name, "is empty")),
            None => Err(invalid(name, "is missing")),
        }
    }

    /// A yes or no; `None` where it is missing or null.
    ///
    /// # Errors
    /// When it is something else.
    pub fn flag(&mut self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(invalid(name, "is neither true nor false")),
        }
    }

    /// A number that is not negative; `None` where it is missing or null.
    ///
    /// # Errors
    /// When it is something else.
    pub fn number(&mut self, name: &str) -> Result<Option<f64>, ApiError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_f64().filter(|number| *number >= 0.0) {
                Some(number) => Ok(Some(number)),
                None => Err(invalid(name, "is not a number from 0 on")),
            },
        }
    }

    /// A list of numbers that are not negative; `None` where it is missing or null.
    ///
    /// # Errors
    /// When it is something else.
    pub fn numbers(&mut self, name: &str) -> Result<Option<Vec<f64>>, ApiError> {
        let Some(value) = self.0.remove(name).filter(|value| !value.is_null()) else { return Ok(None) };
        let number = |item: &Value| item.as_f64().filter(|number| *number >= 0.0);
        let items = value.as_array().and_then(|items| items.iter().map(number).collect::<Option<Vec<f64>>>());
        items.map(Some).ok_or_else(|| invalid(name, "is not a list of numbers from 0 on"))
    }

    /// A list of texts; `None` where it is missing or null.
    ///
    /// # Errors
    /// When it is something else.
    pub fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, ApiError> {
        let Some(value) = self.0.remove(name).filter(|value| !value.is_null()) else { return Ok(None) };
        let items = value.as_array().and_then(|items| {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>()
        });
        items.map(Some).ok_or_else(|| invalid(name, "is not a list of texts"))
    }

    /// What is left over is not known.
    ///
    /// # Errors
    /// When something is left over and the settings do not let it pass.
    pub fn end(self, app: &App) -> Result<(), ApiError> {
        match self.0.keys().next() {
            Some(name) if app.config.unknown_keys == UnknownKeys::Refuse => {
                Err(invalid(name, "is not known here"))
            }
            _ => Ok(()),
        }
    }

    /// The fields that were not taken.
    pub fn rest(self) -> Value {
        Value::Object(self.0)
    }
}
