//! Keyframes that go forward.

use vid_timeline::Time;

use crate::diagnostics::{Code, Place, Report};
use crate::eval::Value;
use crate::schedule::{Placed, Properties, Scheduled, shown};

/// Each keyframe comes after the one before it, of elements and of what is attached to them.
pub(super) fn check(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    for element in scheduled.elements.iter().filter(|element| !element.is_checked) {
        check_properties(element, &element.properties, reports);
        for (_, properties, _) in element.attached.iter() {
            check_properties(element, properties, reports);
        }
        words(element, reports);
    }
}

fn check_properties(element: &Placed, properties: &Properties, reports: &mut Vec<Report>) {
    for (name, value, _) in properties.said() {
        let Value::Keyframes(keyframes) = value else { continue };
        let mut last: Option<(Time, &Place)> = None;
        for keyframe in keyframes.iter() {
            let time = keyframe.time.local(element.range.start);
            if let Some((before, place)) = last
                && time <= before
            {
                let message = format!(
                    "keyframes of `{name}` must go forward: {} does not come after {}",
                    shown(time),
                    shown(before)
                );
                let report = Report::error(Code::KeyframeOrder, &keyframe.place, message);
                reports.push(
                    report.label(format!("at {}", shown(time))).also(place, format!("at {}", shown(before))),
                );
                break;
            }
            last = Some((time, &keyframe.place));
        }
        // Cues are of all lengths; what is said of them need not reach its end in each.
        let length = element.range.duration();
        if let Some((time, place)) = last.filter(|(time, _)| *time > length && element.cue.is_none()) {
            let message = format!(
                "a keyframe of `{name}` is never reached: {} ends {} before it",
                element.called,
                shown(time - length)
            );
            let report = Report::warning(Code::KeyframeOutside, place, message);
            reports.push(
                report
                    .label(format!("at {}", shown(time)))
                    .also(&element.place, format!("lasts {}", shown(length)))
                    .help("`end` is the time of the element's end"),
            );
        }
    }
}

/// Words of a caption that end before they start.
fn words(element: &Placed, reports: &mut Vec<Report>) {
    let (Some(Value::Record(fields)), Some(place)) =
        (element.properties.get("word_animation"), element.properties.place("word_animation"))
    else {
        return;
    };
    let Some((_, Value::List(words))) = fields.iter().find(|(name, _)| &**name == "words") else { return };
    if words.is_empty() {
        reports.push(Report::error(Code::MissingProperty, place, "a caption needs at least one word"));
    }
    for word in words.iter() {
        let Value::Record(fields) = word else { continue };
        let field = |name: &str| fields.iter().find(|(known, _)| &**known == name).map(|(_, value)| value);
        if let (Some(Value::Time(start)), Some(Value::Time(end)), Some(text)) =
            (field("start"), field("end"), field("text"))
        {
            let (start, end) = (start.absolute(element.range.start), end.absolute(element.range.start));
            // Transcripts hold words of no length; they are read, and never the one that is spoken.
            if end < start {
                let message = format!("the word `{text}` ends before it starts");
                reports.push(Report::error(Code::EmptyRange, place, message));
            } else if start < element.range.start || end > element.range.end {
                let message = format!("the word `{text}` is spoken while {} is not shown", element.called);
                let report = Report::warning(Code::CaptionOutside, place, message);
                reports.push(
                    report
                        .label(format!("from {} to {}", shown(start), shown(end)))
                        .also(
                            &element.place,
                            format!(
                                "is shown from {} to {}",
                                shown(element.range.start),
                                shown(element.range.end)
                            ),
                        )
                        .help("times of words count from the start of their text"),
                );
            }
        }
    }
}
