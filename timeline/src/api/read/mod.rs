//! From JSON text to the wire types, with everything that one value or one object alone can have
//! wrong. What needs the whole body is checked when it becomes a timeline.

mod composition;
mod element;
mod groups;
mod hints;
mod object;
mod scalar;
mod text;

use serde_json::Value;

use super::MAX_BODY_BYTES;
use super::violation::{Report, Violation, ViolationCode};
use super::wire::RenderBody;

pub(super) use scalar::{has_video_extension, url, url_path};

/// Longest URL of the contract, in characters.
pub const MAX_URL_CHARS: usize = 2083;
/// Largest magnitude of a number in a body; larger ones say nothing about a film.
pub const MAX_MAGNITUDE: i64 = 1_000_000_000_000;

/// Reads a body without turning it into a timeline.
///
/// The body is there exactly when no violation is an error. Never panics; text above
/// [`MAX_BODY_BYTES`] and nesting above 127 levels are refused.
pub fn read_body(text: &str) -> (Option<RenderBody>, Vec<Violation>) {
    let mut report = Report::default();
    let body = read(text, &mut report);
    (body.filter(|_| !report.has_errors()), report.into_violations())
}

/// As [`read_body`]; after an error the body holds what could be read, or nothing.
pub(super) fn read(text: &str, report: &mut Report) -> Option<RenderBody> {
    let value = parse(text, report)?;
    composition::read(&value, report)
}

/// Any JSON value, within the limits.
pub(super) fn parse(text: &str, report: &mut Report) -> Option<Value> {
    if text.len() > MAX_BODY_BYTES {
        let message = format!("the body has {} bytes; at most {MAX_BODY_BYTES} are read", text.len());
        report.error(ViolationCode::BodyTooLarge, &[], message);
        return None;
    }
    match serde_json::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let message = format!("the body is not JSON: {error}");
            report.error(ViolationCode::InvalidJson, &[], message);
            None
        }
    }
}
