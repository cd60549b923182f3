//! Where WebVTT puts a cue, as properties of a text.

use std::collections::BTreeMap;

use vid_timeline::Rational;

use crate::eval::Value;

/// What the settings of a cue say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Position {
    /// Properties of the text.
    pub fields: BTreeMap<&'static str, Value>,
    /// Settings that are not followed, as written.
    pub refused: Vec<String>,
}

/// The place of a cue. Percentages are followed; line numbers, regions and vertical writing are not.
pub(super) fn position(settings: &[(String, String)]) -> Position {
    let mut found = Position::default();
    let align = settings.iter().find(|(name, _)| name == "align").map(|(_, value)| value.as_str());
    for (name, value) in settings {
        let (amount, anchor) = match value.split_once(',') {
            Some((amount, anchor)) => (amount, Some(anchor)),
            None => (value.as_str(), None),
        };
        let followed = match name.as_str() {
            "align" => text_align(value).map(|word| vec![("text_align", Value::Word(word.into()))]),
            "size" => percent(value).map(|size| vec![("width", Value::Percent(size))]),
            "line" => percent(amount)
                .zip(line_anchor(anchor))
                .map(|(y, anchor)| vec![("y", Value::Percent(y)), ("y_anchor", Value::Percent(anchor))]),
            "position" => percent(amount)
                .zip(position_anchor(anchor, align))
                .map(|(x, anchor)| vec![("x", Value::Percent(x)), ("x_anchor", Value::Percent(anchor))]),
            _ => None,
        };
        match followed {
            Some(fields) => found.fields.extend(fields),
            None => found.refused.push(format!("{name}:{value}")),
        }
    }
    found
}

fn percent(text: &str) -> Option<Rational> {
    let percent = Rational::from_decimal(text.strip_suffix('%')?)?;
    (!percent.is_negative() && percent <= Rational::integer(100)).then_some(percent)
}

fn text_align(word: &str) -> Option<&'static str> {
    Some(match word {
        "start" | "left" => "left",
        "center" | "middle" => "center",
        "end" | "right" => "right",
        _ => return None,
    })
}

/// Which part of its box is at the line: the top, unless it says so.
fn line_anchor(word: Option<&str>) -> Option<Rational> {
    part(word.unwrap_or("start"))
}

/// Which part of its box is at the position: as the text is aligned, unless it says so.
fn position_anchor(word: Option<&str>, align: Option<&str>) -> Option<Rational> {
    part(match word {
        Some("line-left") => "start",
        Some("line-right") => "end",
        Some("auto") | None => align.unwrap_or("center"),
        Some(other) => other,
    })
}

fn part(word: &str) -> Option<Rational> {
    Some(Rational::integer(match word {
        "start" | "left" => 0,
        "center" | "middle" => 50,
        "end" | "right" => 100,
        _ => return None,
    }))
}
