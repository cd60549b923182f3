//! Numbers with units, times of several units, and clock times.

use super::number::{self, Exact};
use super::{LiteralErrorCode, LiteralValue, Reason};

/// Units of a time of several units, from the longest to the shortest, with their worth in seconds.
const TIME_UNITS: [(&str, i128, i128); 4] = [("h", 3600, 1), ("m", 60, 1), ("s", 1, 1), ("ms", 1, 1000)];

/// `5s`, `40%`, `1m30s`
pub(super) fn quantity(text: &str) -> Result<LiteralValue, Reason> {
    let parts = parts_of(text);
    if let [(value, unit)] = &parts[..] {
        return Ok(LiteralValue::Quantity { value: number::decimal(value)?, unit: (*unit).to_owned() });
    }
    compound(text, &parts)
}

/// A time of several units, each shorter than the one before.
fn compound(text: &str, parts: &[(&str, &str)]) -> Result<LiteralValue, Reason> {
    let invalid = |why: String| {
        Reason::new(LiteralErrorCode::InvalidTime, why)
            .help("a time of several units goes from the longest to the shortest, as in `1h2m3s`")
    };
    let (mut seconds, mut frames) = (Exact::ZERO, Exact::ZERO);
    let mut longest = 0;
    for (index, (value, unit)) in parts.iter().enumerate() {
        if unit.is_empty() {
            return Err(invalid(format!("`{value}` in `{text}` has no unit")));
        }
        let amount = number::decimal(value)?;
        if *unit == "f" && index + 1 == parts.len() {
            frames = amount;
            continue;
        }
        let Some(place) = TIME_UNITS.iter().position(|(name, _, _)| name == unit) else {
            return Err(invalid(format!("`{unit}` in `{text}` is no unit of time")));
        };
        if place < longest {
            return Err(invalid(format!("`{unit}` in `{text}` comes too late")));
        }
        longest = place + 1;
        let (_, above, below) = TIME_UNITS[place];
        seconds =
            amount.times(above, below).and_then(|part| seconds.plus(part)).ok_or_else(|| too_long(text))?;
    }
    Ok(LiteralValue::Time { seconds, frames })
}

/// Cuts `1m30s` into `1`,`m` and `30`,`s`.
fn parts_of(text: &str) -> Vec<(&str, &str)> {
    let is_of_number = |c: char| c.is_ascii_digit() || c == '.' || c == '_';
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let unit = rest.find(|c| !is_of_number(c)).unwrap_or(rest.len());
        // A unit may contain an underscore, but never begins a part with it.
        let next =
            rest[unit..].find(|c: char| c.is_ascii_digit() || c == '.').map_or(rest.len(), |at| unit + at);
        parts.push((&rest[..unit], &rest[unit..next]));
        rest = &rest[next..];
    }
    parts
}

/// `00:01:30`, `00:01:30.500`, `00:01:30:12`
pub(super) fn timecode(text: &str) -> Result<LiteralValue, Reason> {
    let invalid = |why: String| {
        Reason::new(LiteralErrorCode::InvalidTimecode, why)
            .help("a clock time is `hh:mm:ss`, with `.` and a fraction or with `:` and a frame after it")
    };
    let mut fields = text.split(':');
    let mut field = || fields.next().unwrap_or("0");
    let (hours, minutes, seconds) = (field(), field(), field());
    let frames = fields.next();
    let whole_seconds = seconds.split('.').next().unwrap_or(seconds);
    if [hours, minutes, whole_seconds].iter().any(|digits| digits.len() < 2) {
        return Err(invalid(format!("`{text}` needs two digits for hours, minutes and seconds")));
    }
    for (digits, what) in [(minutes, "minutes"), (whole_seconds, "seconds")] {
        if digits.len() > 2 || digits >= "60" {
            return Err(invalid(format!("`{text}` has {digits} {what}, more than 59")));
        }
    }
    if frames.is_some_and(|_| seconds.contains('.')) {
        return Err(invalid(format!("`{text}` has both a fraction and frames")));
    }
    let [hours, minutes, seconds] =
        [number::decimal(hours)?, number::decimal(minutes)?, number::decimal(seconds)?];
    let total = || hours.times(3600, 1)?.plus(minutes.times(60, 1)?)?.plus(seconds);
    Ok(LiteralValue::Time {
        seconds: total().ok_or_else(|| too_long(text))?,
        frames: frames.map_or(Ok(Exact::ZERO), number::decimal)?,
    })
}

fn too_long(text: &str) -> Reason {
    Reason::new(LiteralErrorCode::NumberTooLong, format!("`{text}` has too many digits for a time"))
}
