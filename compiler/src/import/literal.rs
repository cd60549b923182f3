//! Values as an author writes them.

use std::fmt::{Display, Write as _};

use vid_timeline::{Angle, Animated, Length, Level, Rational, Time};

/// Most decimal places that a number of the language has.
const PLACES: usize = 15;
/// Largest part of a quotient that is written as one, and the finest part of a rounded number.
const FINE: i128 = 1_000_000_000_000;

/// A number: its decimal form where it has one that the language reads, otherwise a quotient.
pub(super) fn number(value: Rational) -> String {
    with_unit(value, "")
}

/// A number with its unit: `12px`, `1s / 3`. A value that neither a decimal nor a quotient of the
/// language can say is rounded to a billionth of a thousandth.
pub(super) fn with_unit(value: Rational, unit: &str) -> String {
    if let Some(text) = decimal(value) {
        return format!("{text}{unit}");
    }
    if is_short_quotient(value) {
        return format!("{}{unit} / {}", value.numerator(), value.denominator());
    }
    format!(
        "{}{unit}",
        rounded(value, Rational::round_half_up).to_decimal().unwrap_or_else(|| "0".to_owned())
    )
}

/// A number as it is written: itself where it can be said, otherwise rounded.
pub(super) fn said(value: Rational) -> Rational {
    if is_sayable(value) { value } else { rounded(value, Rational::round_half_up) }
}

fn rounded(value: Rational, how: fn(Rational) -> i128) -> Rational {
    let scale = Rational::new(FINE, 1).unwrap_or(Rational::ONE);
    Rational::new(how(value * scale), FINE).unwrap_or(Rational::ZERO)
}

/// Whether a number is written as it is, not rounded.
pub(super) fn is_sayable(value: Rational) -> bool {
    decimal(value).is_some() || is_short_quotient(value)
}

/// The decimal form of a number, where the language reads all of its places.
fn decimal(value: Rational) -> Option<String> {
    let fits = |text: &String| text.split_once('.').is_none_or(|(_, places)| places.len() <= PLACES);
    value.to_decimal().filter(fits)
}

fn is_short_quotient(value: Rational) -> bool {
    value.numerator().abs() <= FINE && value.denominator() <= FINE
}

/// An instant or a length: `4s`, `500ms`, `1.5s`.
pub(super) fn time(value: Time) -> String {
    let seconds = value.seconds();
    let millis = seconds * Rational::integer(1000);
    let is_short = seconds.abs() < Rational::ONE && !seconds.is_zero();
    if is_short && millis.is_integer() { with_unit(millis, "ms") } else { with_unit(seconds, "s") }
}

/// A time that may not become longer by being written: it is rounded down, where it is rounded.
pub(super) fn time_within(value: Time) -> String {
    if is_sayable(value.seconds()) {
        return time(value);
    }
    time(Time::from_seconds(rounded(value.seconds(), Rational::floor)))
}

/// Whether something of the time is left when it is written.
pub(super) fn is_something(value: Time) -> bool {
    said(value.seconds()) > Rational::ZERO
}

/// A length: `12px` or `50%`.
pub(super) fn length(value: Length) -> String {
    match value {
        Length::Pixels(pixels) => with_unit(pixels, "px"),
        Length::Percent(percent) => with_unit(percent, "%"),
    }
}

/// An angle: `90deg` or `1.57rad`.
pub(super) fn angle(value: Angle) -> String {
    match value {
        Angle::Degrees(degrees) => with_unit(degrees, "deg"),
        Angle::Radians(radians) => with_unit(radians, "rad"),
    }
}

/// A loudness: `40%` or `-12dB`.
pub(super) fn level(value: Level) -> String {
    match value {
        Level::Percent(percent) => with_unit(percent, "%"),
        Level::Decibels(decibels) => with_unit(decibels, "dB"),
    }
}

/// Percent: `85%`.
pub(super) fn percent(value: Rational) -> String {
    with_unit(value, "%")
}

/// A string with its quotes: nothing in it is read as an escape or a value.
pub(super) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Line separators would end the string in some readers, and none of these can be seen.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A value that may change: itself, or its keyframes.
pub(super) fn animated<T: Copy>(value: &Animated<T>, write: impl Fn(T) -> String) -> String {
    match value {
        Animated::Constant(value) => write(*value),
        Animated::Keyframes(keyframes) => {
            let keys: Vec<String> = keyframes
                .iter()
                .map(|key| format!("{}: {} {}", time(key.time), write(key.value), key.easing))
                .collect();
            format!("[{}]", keys.join(", "))
        }
    }
}

/// A word of a set, such as `ease_out`.
pub(super) fn word(value: impl Display) -> String {
    value.to_string()
}
