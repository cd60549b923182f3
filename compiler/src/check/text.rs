//! Texts whose properties exclude each other.

use vid_timeline::Rational;

use crate::diagnostics::{Code, Report};
use crate::eval::{Value, split};
use crate::schedule::{PlacedKind, Scheduled};

/// The display modes of a text; crops that leave nothing.
pub(super) fn check(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    for element in scheduled.elements.iter().filter(|element| !element.is_checked) {
        if element.kind == PlacedKind::Text {
            let modes: Vec<_> = ["background", "stroke", "shadow"]
                .into_iter()
                .filter(|mode| matches!(element.properties.get(mode), Some(Value::Bool(true))))
                .collect();
            if let [first, second, ..] = modes.as_slice()
                && let (Some(one), Some(two)) =
                    (element.properties.place(first), element.properties.place(second))
            {
                let message = format!("`{first}` and `{second}` exclude each other");
                let report =
                    Report::error(Code::ExclusiveProperties, two, message).also(one, "the other one");
                reports.push(report.help(
                    "for an outline of filled letters, set `stroke_color` and `stroke_width` and leave `stroke` out",
                ));
            }
        }
        for (one, other) in [("crop_top", "crop_bottom"), ("crop_left", "crop_right")] {
            let cut = |name: &str| {
                element.properties.get(name).and_then(split).map_or(Rational::ZERO, |(amount, _)| amount)
            };
            let place = element.properties.place(other).or(element.properties.place(one));
            if let Some(place) = place.filter(|_| cut(one) + cut(other) >= Rational::ONE) {
                let message =
                    format!("`{one}` and `{other}` of {} leave nothing of the picture", element.called);
                let report = Report::error(Code::OutOfRange, place, message);
                reports.push(report.help("together they must stay below 1"));
            }
        }
    }
}
