//! Sound that is cut off, never reaches its level, or is not heard at all.

use vid_timeline::Time;

use crate::diagnostics::{Code, Report};
use crate::eval::Value;
use crate::schedule::{Placed, PlacedKind, Scheduled, shown};

/// What is doubtful about everything that is heard.
pub(super) fn check(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    clipped(scheduled, reports);
    for element in &scheduled.elements {
        fades(element, reports);
        unheard(element, reports);
    }
}

/// Ramps that are longer than the sound.
fn fades(element: &Placed, reports: &mut Vec<Report>) {
    let places =
        (element.properties.place("fade_in_duration"), element.properties.place("fade_out_duration"));
    let (Some(visible), Some(_)) = (element.visible, places.0.or(places.1)) else { return };
    let fade = |name: &str| match element.properties.get(name) {
        Some(Value::Time(time)) => time.local(element.range.start),
        _ => Time::ZERO,
    };
    let (fade_in, fade_out) = (fade("fade_in_duration"), fade("fade_out_duration"));
    let length = visible.duration();
    let (Some(place), true) = (places.1.or(places.0), fade_in + fade_out > length) else { return };
    let message = format!(
        "the fades of {} take {}, and it is heard for {}: it never reaches its level",
        element.called,
        shown(fade_in + fade_out),
        shown(length)
    );
    let mut report = Report::warning(Code::FadeTooLong, place, message)
        .also(&element.place, format!("is heard for {}", shown(length)));
    if let (Some(first), Some(_)) = places {
        report = report.also(first, format!("takes {}", shown(fade_in)));
    }
    let most = if places.0.is_some() && fade_in < length { length - fade_in } else { length };
    reports.push(report.help(format!("make it at most {}", shown(most))));
}

/// Sound at no level.
fn unheard(element: &Placed, reports: &mut Vec<Report>) {
    if let (PlacedKind::Audio, true, Some(place)) =
        (element.kind, silent(element.properties.get("volume")), element.properties.place("volume"))
    {
        let message = format!("{} is never heard: its volume is zero", element.called);
        reports.push(Report::warning(Code::NeverVisible, place, message));
    }
}

/// A container of fixed length clips its children; what is heard of them is lost, so it is said.
fn clipped(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    for element in &scheduled.elements {
        let heard = match element.kind {
            PlacedKind::Audio => true,
            PlacedKind::Video => !silent(element.properties.get("volume")),
            PlacedKind::Image | PlacedKind::Text | PlacedKind::Shape | PlacedKind::Unit => false,
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
    match volume {
        Some(Value::Percent(percent)) => percent.is_zero(),
        Some(Value::Keyframes(keyframes)) => keyframes.iter().all(|keyframe| silent(Some(&keyframe.value))),
        _ => false,
    }
}
