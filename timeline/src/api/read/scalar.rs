//! The forms that one value can take.

use serde_json::Value;

use super::super::wire::{Angle, Dimension, Scale};
use super::{MAX_MAGNITUDE, MAX_URL_CHARS};
use crate::rational::Rational;

/// Decimal places kept of numbers whose shortest form has more: a twentieth place of a second is
/// far below any sample, but arithmetic in floats leaves such dust (`0.1 + 0.2 - 0.3`).
const DUST_PLACES: usize = 20;

/// The exact value of a JSON number; `None` beyond [`MAX_MAGNITUDE`].
pub(super) fn exact(number: &serde_json::Number) -> Option<Rational> {
    let value = match number.as_i64() {
        Some(integer) => Rational::integer(integer),
        None => {
            let float = number.as_f64()?;
            Rational::from_f64_decimal(float).or_else(|| {
                let is_dust = float.abs() < 1.0;
                is_dust.then(|| Rational::from_decimal(&format!("{float:.DUST_PLACES$}")))?
            })?
        }
    };
    within_magnitude(value)
}

fn within_magnitude(value: Rational) -> Option<Rational> {
    (value.abs() <= Rational::integer(MAX_MAGNITUDE)).then_some(value)
}

fn decimal(text: &str) -> Option<Rational> {
    Rational::from_decimal(text.trim()).and_then(within_magnitude)
}

pub(super) fn length(value: &Value) -> Option<Dimension> {
    if let Some(number) = value.as_number() {
        return exact(number).map(Dimension::Pixels);
    }
    let text = value.as_str()?.trim();
    match text.strip_suffix('%') {
        Some(percent) => decimal(percent).map(Dimension::Percent),
        None => decimal(text.strip_suffix("px").unwrap_or(text)).map(Dimension::Pixels),
    }
}

pub(super) fn angle(value: &Value) -> Option<Angle> {
    if let Some(number) = value.as_number() {
        return exact(number).map(Angle::Degrees);
    }
    let text = value.as_str()?.trim();
    if let Some(radians) = text.strip_suffix("rad") {
        return decimal(radians).map(Angle::Radians);
    }
    let degrees = text.strip_suffix('°').or_else(|| text.strip_suffix("deg")).unwrap_or(text);
    decimal(degrees).map(Angle::Degrees)
}

/// A scale; without a percent sign it is read as percent too.
pub(super) fn scale(value: &Value) -> Option<Scale> {
    if let Some(number) = value.as_number() {
        return exact(number).map(Scale);
    }
    let text = value.as_str()?.trim();
    decimal(text.strip_suffix('%').unwrap_or(text)).map(Scale)
}

/// A URL with its scheme in lower case, or what is wrong with it.
pub(in crate::api) fn url(text: &str) -> Result<String, String> {
    let count = text.chars().count();
    if count == 0 {
        return Err("is empty".to_owned());
    }
    if count > MAX_URL_CHARS {
        return Err(format!("has {count} characters; a URL may have {MAX_URL_CHARS}"));
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let scheme = scheme.to_ascii_lowercase();
    let has_host = !matches!(rest.chars().next(), None | Some('/' | '?' | '#'));
    let is_printable = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    match scheme.as_str() {
        "http" | "https" if has_host && is_printable => Ok(format!("{scheme}://{rest}")),
        "http" | "https" => Err("is not a complete URL".to_owned()),
        _ => Err("must be a URL that starts with https:// or http://".to_owned()),
    }
}

/// The part of a URL that names a file: without query and fragment.
pub(in crate::api) fn url_path(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// Whether a path ends in one of the three containers that the contract lets a video have.
pub(in crate::api) fn has_video_extension(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["mp4", "mov", "webm"].iter().any(|known| known.eq_ignore_ascii_case(extension))
}

/// What a value is, for messages.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the string `{}`", super::hints::shortened(text)),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}
