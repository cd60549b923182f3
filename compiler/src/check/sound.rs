//! Sound that a fixed length cuts off.

use crate::diagnostics::{Code, Report};
use crate::eval::Value;
use crate::schedule::{PlacedKind, Scheduled, shown};

/// A container of fixed length clips its children; what is heard of them is lost, so it is said.
pub(super) fn check(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    for element in &scheduled.elements {
        let heard = match element.kind {
            PlacedKind::Audio => true,
            PlacedKind::Video => !silent(element.properties.get("volume")),
            PlacedKind::Image | PlacedKind::Text => false,
        };
        let Some(visible) = element.visible.filter(|visible| heard && visible.end < element.range.end) else {
            continue;
        };
        let lost = shown(element.range.end - visible.end);
        let message = format!("the last {lost} of {} are cut off, and their sound with them", element.called);
        let mut report = Report::warning(Code::ClippedSound, &element.place, message);
        report = report.label(format!("ends at {}", shown(element.range.end)));
        let mut around = Some(element.container);
        while let Some(container) = around.and_then(|index| scheduled.containers.get(index)) {
            if container.range.end == visible.end {
                report = report.also(&container.place, format!("ends at {}", shown(visible.end)));
                break;
            }
            around = container.parent;
        }
        reports.push(report);
    }
}

fn silent(volume: Option<&Value>) -> bool {
    matches!(volume, Some(Value::Percent(percent)) if percent.is_zero())
}
