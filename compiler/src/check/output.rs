//! What the chosen outputs cannot hold.

use crate::diagnostics::{Code, Report};
use crate::eval::Value;
use crate::schedule::Scheduled;

/// Odd sizes, transparency where the format has none.
pub(super) fn check(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    let format = |properties: &crate::schedule::Properties| match properties.get("format") {
        Some(Value::Word(format)) => format.to_string(),
        _ => "mp4".to_owned(),
    };
    let formats: Vec<String> = match scheduled.outputs.as_slice() {
        [] => vec!["mp4".to_owned()],
        outputs => outputs.iter().map(|(properties, _)| format(properties)).collect(),
    };
    let halves_colour = formats.iter().find(|format| matches!(format.as_str(), "mp4" | "webm" | "mov"));
    let size = scheduled.size;
    let odd = size.width % 2 == 1 || size.height % 2 == 1;
    if let (true, Some(format), Some(place)) =
        (odd, halves_colour, scheduled.size_place.as_ref().or(scheduled.place.as_ref()))
    {
        let even = format!("{}x{}", size.width / 2 * 2, size.height / 2 * 2);
        let message = format!("{format} cannot hold {size}: it stores colour for two by two pixels");
        reports.push(
            Report::error(Code::OddSize, place, message).help(format!("use even numbers, such as {even}")),
        );
    }
    for (properties, place) in &scheduled.outputs {
        let format = format(properties);
        let transparent = matches!(properties.get("alpha"), Some(Value::Bool(true)));
        if transparent && !matches!(format.as_str(), "webm" | "mov") {
            let at = properties.place("alpha").unwrap_or(place);
            let message = format!("{format} cannot keep the background transparent");
            reports.push(Report::error(Code::ExclusiveProperties, at, message).help("use `webm` or `mov`"));
        }
    }
}
