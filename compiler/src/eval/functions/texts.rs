//! Strings.

use vid_timeline::{Rational, Time, timecode};

use crate::eval::functions::{Call, MAX_MEMBERS, count, index};
use crate::eval::text::Text;
use crate::eval::value::{Stop, Value};

/// Most digits after the point.
const MAX_DIGITS: usize = 12;

pub(super) fn apply(call: &mut Call<'_>, values: &[Value]) -> Option<Result<Value, Stop>> {
    Some(match (call.name, values) {
        ("upper", [Value::Text(text)]) => Ok(same(text, text.to_uppercase())),
        ("lower", [Value::Text(text)]) => Ok(same(text, text.to_lowercase())),
        ("trim", [Value::Text(text)]) => Ok(same(text, text.trim())),
        ("count", [Value::Text(text)]) => Ok(count(text.chars().count())),
        ("contains", [Value::Text(text), Value::Text(part)]) => Ok(Value::Bool(text.contains(&**part))),
        ("starts_with", [Value::Text(text), Value::Text(part)]) => Ok(Value::Bool(text.starts_with(&**part))),
        ("ends_with", [Value::Text(text), Value::Text(part)]) => Ok(Value::Bool(text.ends_with(&**part))),
        ("replace", [Value::Text(text), Value::Text(from), Value::Text(to)]) => replace(call, text, from, to),
        ("split", [Value::Text(text), Value::Text(separator)]) => split(call, text, separator),
        ("lines", [Value::Text(text)]) => {
            let lines = text.lines().take(MAX_MEMBERS + 1).map(|line| same(text, line)).collect();
            call.list(lines)
        }
        ("join", [Value::List(parts), Value::Text(separator)]) => join(call, parts, separator),
        ("repeat", [Value::Text(text), Value::Number(times)]) => repeat(call, text, *times),
        ("pad", [value, Value::Number(width), Value::Text(with)]) => pad(call, value, *width, with),
        ("fixed", [Value::Number(number), Value::Number(digits)]) => fixed(call, *number, *digits),
        ("grouped", [Value::Number(number), Value::Text(separator)]) => {
            Ok(Value::Text(grouped(&number.to_string(), separator).as_str().into()))
        }
        ("timecode", [Value::Time(time)]) => {
            let origin = if time.anchors.is_zero() { Ok(Time::ZERO) } else { call.env.clock_origin() };
            let rate = call.env.frame_rate().unwrap_or(vid_timeline::FrameRate::DEFAULT);
            origin.map(|origin| Value::Text(timecode(time.local(origin), rate).as_str().into()))
        }
        _ => return None,
    })
}

fn same(text: &Text, letters: impl Into<std::sync::Arc<str>>) -> Value {
    Value::Text(text.with(letters))
}

fn replace(call: &mut Call<'_>, text: &Text, from: &str, to: &str) -> Result<Value, Stop> {
    if from.is_empty() {
        return Err(call.stop("`replace` needs something to look for".to_owned()));
    }
    let grown = text.matches(from).count().saturating_mul(to.len());
    call.room(text.len().saturating_add(grown))?;
    Ok(same(text, text.replace(from, to)))
}

fn split(call: &mut Call<'_>, text: &Text, separator: &str) -> Result<Value, Stop> {
    let parts: Vec<Value> = if separator.is_empty() {
        // Nothing between the parts: each character is one.
        text.chars().take(MAX_MEMBERS + 1).map(|letter| same(text, letter.to_string())).collect()
    } else {
        text.split(separator).take(MAX_MEMBERS + 1).map(|part| same(text, part)).collect()
    };
    call.list(parts)
}

fn join(call: &mut Call<'_>, parts: &[Value], separator: &str) -> Result<Value, Stop> {
    let mut joined = String::new();
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            joined.push_str(separator);
        }
        match written(part) {
            Some(part) => joined.push_str(&part),
            None => return Err(call.stop(format!("`join` cannot write {}", part.describe()))),
        }
        call.room(joined.len())?;
    }
    // Several strings have no one place where they are written; the separator has.
    Ok(Value::Text(match parts.first() {
        Some(Value::Text(first)) => first.with(joined),
        _ => joined.as_str().into(),
    }))
}

/// A value as interpolation writes it.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::Text(_)
        | Value::Number(_)
        | Value::Bool(_)
        | Value::Time(_)
        | Value::Length(_)
        | Value::Percent(_)
        | Value::Angle(_)
        | Value::Color(_)
        | Value::Rate(_)
        | Value::Size(_)
        | Value::Word(_) => Some(value.to_string()),
        _ => None,
    }
}

fn repeat(call: &mut Call<'_>, text: &Text, times: Rational) -> Result<Value, Stop> {
    let Some(times) = index(times) else {
        return Err(call.out_of_range(format!("`repeat` needs a count of 0 or more, not {times}")));
    };
    call.room(text.len().saturating_mul(times))?;
    Ok(same(text, text.repeat(times)))
}

fn pad(call: &mut Call<'_>, value: &Value, width: Rational, with: &str) -> Result<Value, Stop> {
    let mut letters = with.chars();
    let (Some(fill), None) = (letters.next(), letters.next()) else {
        return Err(call.stop("`pad` fills with one character".to_owned()));
    };
    let Some(width) = index(width) else {
        return Err(call.out_of_range(format!("`pad` needs a width of 0 or more, not {width}")));
    };
    call.room(width.saturating_mul(fill.len_utf8()))?;
    let text = value.to_string();
    let missing = width.saturating_sub(text.chars().count());
    let mut padded: String = std::iter::repeat_n(fill, missing).collect();
    padded.push_str(&text);
    Ok(match value {
        Value::Text(text) => same(text, padded),
        _ => Value::Text(padded.as_str().into()),
    })
}

fn fixed(call: &mut Call<'_>, number: Rational, digits: Rational) -> Result<Value, Stop> {
    let Some(digits) = index(digits).filter(|digits| *digits <= MAX_DIGITS) else {
        return Err(call.out_of_range(format!("`fixed` writes 0 to {MAX_DIGITS} digits, not {digits}")));
    };
    let scale = (0..digits).fold(1_i64, |scale, _| scale * 10);
    let Some(scaled) = number.checked_mul(Rational::integer(scale)) else {
        return Err(call.out_of_range(format!("{number} is too large to write with {digits} digits")));
    };
    let scaled = scaled.round_half_up();
    let sign = if scaled < 0 { "-" } else { "" };
    let (scale, scaled) = (scale.unsigned_abs(), scaled.unsigned_abs());
    let (before, after) = (scaled / u128::from(scale), scaled % u128::from(scale));
    let text = match digits {
        0 => format!("{sign}{before}"),
        _ => format!("{sign}{before}.{after:0digits$}"),
    };
    Ok(Value::Text(text.as_str().into()))
}

/// A number with a separator before every third digit: `1 234 567.5`.
fn grouped(number: &str, separator: &str) -> String {
    let (sign, number) = match number.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", number),
    };
    let (before, after) = match number.find(['.', '/']) {
        Some(at) => number.split_at(at),
        None => (number, ""),
    };
    let mut text = sign.to_owned();
    for (position, digit) in before.chars().enumerate() {
        if position > 0 && (before.len() - position).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text + after
}
