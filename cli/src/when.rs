//! Instants on the command line, in the language's own forms.

use vid_grammar::ast::{Expr, Item};
use vid_grammar::literal::{Exact, LiteralValue};
use vid_timeline::{FrameRate, Rational, Time};

/// An instant as it was typed: seconds and frames, until the frame rate is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct When {
    seconds: Rational,
    frames: Rational,
}

impl When {
    /// The instant at a frame rate.
    pub fn at(self, rate: FrameRate) -> Time {
        Time::from_seconds(self.seconds + self.frames / rate.per_second())
    }
}

/// Reads `2.5`, `2.5s`, `500ms`, `1m30s`, `12f`, `00:01:30.500` or `00:01:30:12`.
impl std::str::FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unreadable = || {
            format!(
                "`{text}` is no time; write seconds (`2.5`), a time (`1m30s`, `12f`) or a timecode (`00:01:30:12`)"
            )
        };
        let source = format!("let when = {text}");
        let parse = vid_grammar::parse(&source);
        if !parse.errors().is_empty() {
            return Err(unreadable());
        }
        let mut items = parse.file().items();
        let Some(Item::Let(item)) = items.next() else { return Err(unreadable()) };
        let Some(Expr::Literal(literal)) = item.value() else { return Err(unreadable()) };
        let zero = Exact::ZERO;
        let (seconds, frames) = match literal.decode().map_err(|error| error.message)? {
            LiteralValue::Number(seconds) => (seconds, zero),
            LiteralValue::Time { seconds, frames } => (seconds, frames),
            LiteralValue::Quantity { value, unit } => match unit.as_str() {
                "f" => (zero, value),
                "s" => (value, zero),
                "ms" => (scaled(value, 1, 1000).ok_or_else(unreadable)?, zero),
                "m" => (scaled(value, 60, 1).ok_or_else(unreadable)?, zero),
                "h" => (scaled(value, 3600, 1).ok_or_else(unreadable)?, zero),
                _ => return Err(unreadable()),
            },
            _ => return Err(unreadable()),
        };
        let rational = |exact: Exact| Rational::new(exact.numerator, exact.denominator);
        match (rational(seconds), rational(frames), items.next()) {
            (Some(seconds), Some(frames), None) => Ok(Self { seconds, frames }),
            _ => Err(unreadable()),
        }
    }
}

fn scaled(value: Exact, by: i128, over: i128) -> Option<Exact> {
    Some(Exact {
        numerator: value.numerator.checked_mul(by)?,
        denominator: value.denominator.checked_mul(over)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_25(text: &str) -> Result<Time, String> {
        Ok(text.parse::<When>()?.at(FrameRate::new(25, 1).unwrap()))
    }

    #[test]
    fn every_form_of_the_language_is_read() {
        for (text, millis) in [
            ("2.5", 2500),
            ("2.5s", 2500),
            ("500ms", 500),
            ("1m30s", 90_000),
            ("1.5m", 90_000),
            ("12f", 480),
            ("1s12f", 1480),
            ("00:01:30.500", 90_500),
            ("00:01:30:12", 90_480),
        ] {
            assert_eq!(at_25(text), Ok(Time::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "soon",
            "5px",
            "-1s",
            "1 + 1",
            "1s let x = 2",
            "00:99:00",
            "99999999999999999999999999999999999999999",
        ] {
            assert!(at_25(text).is_err(), "{text}");
        }
    }
}
