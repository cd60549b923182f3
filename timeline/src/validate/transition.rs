//! Checks of transitions.

use std::collections::BTreeMap;

use super::{Findings, Problem, Subject};
use crate::element::{Content, Element};
use crate::time::TimeRange;
use crate::timeline::{Timeline, Transition};

pub(super) fn check(timeline: &Timeline, found: &mut Findings) {
    let elements: BTreeMap<&str, &Element> =
        timeline.elements.iter().map(|element| (element.id.as_str(), element)).collect();
    let mut windows: BTreeMap<&str, Vec<(TimeRange, usize)>> = BTreeMap::new();
    for (index, transition) in timeline.transitions.iter().enumerate() {
        check_one(transition, &elements, found);
        for id in [&transition.from, &transition.to] {
            windows.entry(id).or_default().push((transition.record_range, index));
        }
    }
    for (id, mut windows) in windows {
        windows.sort_by_key(|(window, _)| window.start);
        for (&(before, _), &(after, index)) in windows.iter().zip(windows.iter().skip(1)) {
            let same = timeline.transitions.get(index);
            if let Some(transition) = same.filter(|t| after.start < before.end && t.from != t.to) {
                found.push(subject(transition), Problem::TransitionsOverlap(id.to_owned()));
            }
        }
    }
}

fn subject(transition: &Transition) -> Subject {
    Subject::Transition { from: transition.from.clone(), to: transition.to.clone() }
}

fn check_one(transition: &Transition, elements: &BTreeMap<&str, &Element>, found: &mut Findings) {
    let mut push = |problem| found.push(subject(transition), problem);
    let window = transition.record_range;
    if window.is_empty() {
        push(Problem::EmptyRange { what: "record range", range: window });
    }
    if transition.from == transition.to {
        push(Problem::TransitionToSelf);
    }
    let mut range_of = |id: &str| match elements.get(id) {
        None => {
            push(Problem::UnknownElement(id.to_owned()));
            None
        }
        Some(element) if matches!(element.content, Content::Audio(_)) => {
            push(Problem::TransitionOnAudio(id.to_owned()));
            None
        }
        Some(element) => Some(element.record_range),
    };
    let (Some(from), Some(to)) = (range_of(&transition.from), range_of(&transition.to)) else { return };
    let (from_id, to_id) = (transition.from.clone(), transition.to.clone());
    if from.start > window.start {
        push(Problem::BeforeFrom { id: from_id, at: window.start, start: from.start });
    } else if from.end < window.start {
        push(Problem::FromTooShort { id: from_id, at: window.start, end: from.end });
    }
    if to.end < window.end {
        push(Problem::AfterTo { id: to_id, at: window.end, end: to.end });
    } else if to.start > window.end {
        push(Problem::ToTooLate { id: to_id, at: window.end, start: to.start });
    }
}
