//! Elements that nobody will see or hear.

use crate::diagnostics::{Code, Report};
use crate::eval::Value;
use crate::schedule::{PlacedKind, Scheduled, shown};

/// Outside of the film, or invisible for all of it.
pub(super) fn check(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    markers(scheduled, reports);
    for element in &scheduled.elements {
        let hidden = matches!(element.properties.get("visible"), Some(Value::Bool(false)));
        // Cues that nobody sees are reported together.
        if hidden || element.cue.is_some() && element.visible.is_none() {
            continue;
        }
        let seen = if element.kind == PlacedKind::Audio { "heard" } else { "seen" };
        let frames = element.visible.map(|visible| visible.frames(scheduled.rate));
        let between_frames =
            element.kind != PlacedKind::Audio && frames.as_ref().is_some_and(|frames| frames.is_empty());
        if element.visible.is_none() {
            // Where the end of the film is not known, nobody knows what lies beyond it.
            if scheduled.duration.is_none() {
                continue;
            }
            let container = scheduled.containers.get(element.container);
            let end = container.map(|container| container.range.end);
            let message = format!("{} is never {seen}", element.called);
            let label = match end {
                Some(end) if element.range.start >= end => {
                    format!("starts at {}, after what is around it has ended", shown(element.range.start))
                }
                _ => format!("lies from {} to {}", shown(element.range.start), shown(element.range.end)),
            };
            let mut report = Report::warning(Code::NeverVisible, &element.place, message).label(label);
            if let (Some(end), Some(container)) = (end, container) {
                report = report.also(&container.place, format!("ends at {}", shown(end)));
            }
            reports.push(report);
        } else if between_frames {
            let message = format!("{} is never seen: it lies between two frames", element.called);
            reports.push(Report::warning(Code::NeverVisible, &element.place, message));
        } else if let (true, Some(place)) =
            (invisible(element.properties.get("opacity")), element.properties.place("opacity"))
        {
            let message = format!("{} is never seen: its opacity is zero", element.called);
            reports.push(Report::warning(Code::NeverVisible, place, message));
        }
    }
}

/// Markers that the film does not reach.
fn markers(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    let (Some(end), Some(film)) = (scheduled.duration, &scheduled.place) else { return };
    for (name, time, place) in &scheduled.markers {
        let message = if *time > end {
            format!("the marker `{name}` lies {} after the end of the film", shown(*time - end))
        } else if time.is_negative() {
            format!("the marker `{name}` lies {} before the start of the film", shown(-*time))
        } else {
            continue;
        };
        let report =
            Report::warning(Code::MarkerOutside, place, message).label(format!("at {}", shown(*time)));
        reports.push(report.also(film, format!("ends at {}", shown(end))));
    }
}

fn invisible(opacity: Option<&Value>) -> bool {
    match opacity {
        Some(Value::Percent(percent)) => percent.is_zero(),
        Some(Value::Keyframes(keyframes)) => {
            keyframes.iter().all(|keyframe| invisible(Some(&keyframe.value)))
        }
        _ => false,
    }
}
