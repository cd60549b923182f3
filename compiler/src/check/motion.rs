//! Motions in directions they have.

use crate::diagnostics::{Code, Place, Report};
use crate::eval::Value;
use crate::items::Keyword;
use crate::schedule::{AttachedRole, Placed, PlacedKind, Properties, Scheduled};
use crate::types::Schema;

/// A motion that does not exist in the direction it is used in, or lacks its length.
pub(super) fn check(schema: &Schema, scheduled: &Scheduled, reports: &mut Vec<Report>) {
    for element in scheduled.elements.iter().filter(|element| !element.is_checked) {
        for (role, properties, place) in element.attached.iter() {
            if let AttachedRole::Motion(keyword) = role {
                check_motion(schema, element, *keyword, properties, place, reports);
            }
        }
    }
}

fn check_motion(
    schema: &Schema,
    element: &Placed,
    keyword: Keyword,
    properties: &Properties,
    place: &Place,
    reports: &mut Vec<Report>,
) {
    let hangs = matches!(keyword, Keyword::Enter | Keyword::Exit);
    if let (true, Some(time)) = (hangs, properties.place("time")) {
        let edge = if keyword == Keyword::Enter { "start" } else { "end" };
        let message =
            format!("this motion hangs on the {edge} of {} and has no time of its own", element.called);
        let report = Report::error(Code::MisplacedClause, time, message);
        reports.push(report.help("a `motion` may start `at` any time"));
    }
    if hangs && properties.get("duration").is_none() {
        let report = Report::error(Code::MissingProperty, place, "this motion needs a length");
        reports.push(report.help("write how long it takes: `for 500ms`"));
    }
    let Some(Value::Word(kind)) = properties.get("type") else { return };
    let letters = matches!(properties.get("scope"), Some(Value::Word(scope)) if &**scope == "character");
    if letters && element.kind != PlacedKind::Text {
        let at = properties.place("scope").unwrap_or(place);
        let message = format!("{} has no letters that could move", element.called);
        reports.push(Report::error(Code::MotionDirection, at, message));
        return;
    }
    let Some(flags) = schema.enums.get("motion").and_then(|motions| motions.flags(kind)) else { return };
    let prefix = if letters { "letters_" } else { "" };
    let has = |direction: &str| flags.iter().any(|flag| **flag == *format!("{prefix}{direction}"));
    let reversed = matches!(properties.get("reversed"), Some(Value::Bool(true)));
    let wanted = match keyword {
        Keyword::Enter => "in",
        Keyword::Exit => "out",
        Keyword::Loop => "repeating",
        _ if reversed => "out",
        // Motions that only lead out are played that way without being told.
        _ if has("repeating") || has("out") => return,
        _ => "in",
    };
    if has(wanted) {
        return;
    }
    let way = match wanted {
        "in" => "enter",
        "out" => "exit",
        _ => "repeat",
    };
    let at = properties.place("type").unwrap_or(place);
    let letter = if letters { " letter by letter" } else { "" };
    let message = format!("`{kind}` cannot {way}{letter}");
    let can: Vec<_> = [("in", "enter"), ("out", "exit"), ("repeating", "repeat")]
        .into_iter()
        .filter(|(direction, _)| has(direction))
        .map(|(_, word)| word)
        .collect();
    let report = Report::error(Code::MotionDirection, at, message);
    reports.push(match can.as_slice() {
        [] => report.help(format!("`{kind}` cannot move{letter} at all")),
        can => report.help(format!("it can {}", can.join(" and "))),
    });
}
