//! Videos whose frames do not fall on the frames of the film.

use std::collections::BTreeSet;

use vid_timeline::{FrameRate, Rational};

use crate::diagnostics::{Code, Report};
use crate::eval::Value;
use crate::files::{Db, MediaState};
use crate::schedule::{PlacedKind, Scheduled};

/// Each file once, where it is used first.
pub(super) fn check(db: &dyn Db, scheduled: &Scheduled, reports: &mut Vec<Report>) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for element in scheduled.elements.iter().filter(|element| element.kind == PlacedKind::Video) {
        let Some(location) = element.location.as_deref() else { continue };
        let state = db.media(location).state(db);
        let MediaState::Facts(facts) = state else { continue };
        let Some(video) = &facts.video else { continue };
        // Whoever changes the speed has chosen which frames are shown.
        let retimed =
            !matches!(element.properties.get("speed"), Some(Value::Number(speed)) if *speed == Rational::ONE);
        let place = element.properties.place("source_url").unwrap_or(&element.place);
        let report = if video.variable_frame_rate {
            let message = format!(
                "the frames of {} do not come at one rate: some are held or left out at {} a second",
                element.called,
                shown(scheduled.rate)
            );
            let report = Report::warning(Code::VariableFrameRate, place, message);
            let report = match video.frame_rate {
                Some(rate) => report.label(format!("about {} a second", shown(rate))),
                None => report,
            };
            report.help("picture and sound stay together all the same")
        } else if let Some(rate) = video.frame_rate.filter(|rate| !retimed && !meets(*rate, scheduled.rate)) {
            let message = format!(
                "{} has {} frames a second, the film {}: some are shown twice or left out",
                element.called,
                shown(rate),
                shown(scheduled.rate)
            );
            Report::warning(Code::FrameRateMismatch, place, message)
                .label(format!("{} frames a second", shown(rate)))
                .help(format!("write `{}` after the size of the film, or convert the media", rate))
        } else {
            continue;
        };
        if seen.insert(location) {
            reports.push(report);
        }
    }
}

/// Whether one rate is a multiple of the other.
fn meets(a: FrameRate, b: FrameRate) -> bool {
    let whole = |a: FrameRate, b: FrameRate| {
        a.per_second().checked_div(b.per_second()).is_some_and(Rational::is_integer)
    };
    whole(a, b) || whole(b, a)
}

/// Frames a second: `29.97`.
fn shown(rate: FrameRate) -> String {
    let hundredths = (rate.per_second() * Rational::integer(100)).round_half_up();
    Rational::new(hundredths, 100).unwrap_or_default().to_string()
}
