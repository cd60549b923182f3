//! Checks of transitions.

use std::collections::BTreeMap;

use super::{Findings, Problem, Subject};
use crate::element::{Content, Element};
use crate::time::TimeRange;
use crate::timeline::Transition;

/// Checks the transitions of one stage, of the film or of a group, between its own elements.
pub(super) fn check(elements: &[Element], transitions: &[Transition], found: &mut Findings) {
    let by_id: BTreeMap<&str, &Element> =
        elements.iter().map(|element| (element.id.as_str(), element)).collect();
    let mut windows: BTreeMap<&str, Vec<(TimeRange, usize)>> = BTreeMap::new();
    for (index, transition) in transitions.iter().enumerate() {
        check_one(transition, &by_id, found);
        for id in [&transition.from, &transition.to].into_iter().flatten() {
            windows.entry(id).or_default().push((transition.record_range, index));
        }
    }
    for (id, mut windows) in windows {
        windows.sort_by_key(|(window, _)| window.start);
        for (&(before, _), &(after, index)) in windows.iter().zip(windows.iter().skip(1)) {
            let same = transitions.get(index);
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
    if transition.from.is_none() && transition.to.is_none() {
        push(Problem::TransitionOfNothing);
    } else if transition.from == transition.to {
        push(Problem::TransitionToSelf);
    }
    let mut range_of = |id: &Option<String>| {
        let id = id.as_ref()?;
        match elements.get(id.as_str()) {
            None => push(Problem::UnknownElement(id.clone())),
            Some(element) if matches!(element.content, Content::Audio(_)) => {
                push(Problem::TransitionOnAudio(id.clone()));
            }
            Some(element) => return Some((element.record_range, id.clone())),
        }
        None
    };
    let (from, to) = (range_of(&transition.from), range_of(&transition.to));
    // Where one side is missing by mistake, the other one's place says nothing.
    if from.is_some() != transition.from.is_some() || to.is_some() != transition.to.is_some() {
        return;
    }
    if let Some((from, id)) = from {
        if from.start > window.start {
            push(Problem::BeforeFrom { id, at: window.start, start: from.start });
        } else if from.end < window.start {
            push(Problem::FromTooShort { id, at: window.start, end: from.end });
        }
    }
    if let Some((to, id)) = to {
        if to.end < window.end {
            push(Problem::AfterTo { id, at: window.end, end: to.end });
        } else if to.start > window.end {
            push(Problem::ToTooLate { id, at: window.end, start: to.start });
        }
    }
}
