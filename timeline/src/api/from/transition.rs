//! Transitions: a window centred on the start of the element that comes.

use std::collections::BTreeMap;

use super::super::violation::{PathPart, Report, ViolationCode};
use super::super::wire::RenderBody;
use super::seconds;
use crate::element::{Content, Element};
use crate::rational::Rational;
use crate::time::{Time, TimeRange};
use crate::timeline::{Transition, TransitionAudio};

/// A transition under conversion, with what bounds its window.
struct Candidate {
    index: usize,
    /// Of the element that leaves and of the one that comes.
    ids: [String; 2],
    cut: Time,
    wanted: Time,
    from: TimeRange,
    to: TimeRange,
    transition: Transition,
}

/// The transitions in the order of the body, each with as much of its length as its elements have.
pub(super) fn convert(body: &RenderBody, elements: &[Element], report: &mut Report) -> Vec<Transition> {
    let by_id: BTreeMap<&str, &Element> = elements.iter().map(|e| (e.id.as_str(), e)).collect();
    let mut candidates: Vec<Candidate> =
        (0..body.transitions.len()).filter_map(|index| candidate(body, index, &by_id, report)).collect();
    candidates.sort_by_key(|candidate| candidate.cut);
    let mut busy_until: BTreeMap<String, Time> = BTreeMap::new();
    let mut done: Vec<(usize, Transition)> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        done.extend(settle(candidate, &mut busy_until, report));
    }
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, transition)| transition).collect()
}

fn candidate(
    body: &RenderBody,
    index: usize,
    elements: &BTreeMap<&str, &Element>,
    report: &mut Report,
) -> Option<Candidate> {
    let wire = body.transitions.get(index)?;
    let path = [PathPart::from("transitions"), index.into()];
    let (Some(from_id), Some(to_id)) = (&wire.from_id, &wire.to_id) else {
        let message = "the transition names only one element, or none; it is left out";
        report.warn(ViolationCode::TransitionIgnored, &path, message);
        return None;
    };
    let mut element = |id: &str| match elements.get(id) {
        Some(element) if matches!(element.content, Content::Audio(_)) => {
            let message = format!("`{id}` is an audio; transitions join pictures");
            report.error(ViolationCode::TransitionOnAudio, &path, message);
            None
        }
        Some(element) => Some(element.record_range),
        None => {
            let message = format!("`{id}` is not in the film, so the transition is left out");
            report.warn(ViolationCode::TransitionIgnored, &path, message);
            None
        }
    };
    let (from, to) = (element(from_id)?, element(to_id)?);
    let transition = Transition {
        kind: wire.kind,
        from: Some(from_id.clone()),
        to: Some(to_id.clone()),
        record_range: TimeRange::default(),
        audio: TransitionAudio::Cut,
        z_index: wire.z_index,
        origin: None,
    };
    let ids = [from_id.clone(), to_id.clone()];
    Some(Candidate { index, ids, cut: to.start, wanted: seconds(Some(wire.duration)), from, to, transition })
}

/// The transition with its window, which is shortened on both sides alike where an element begins or
/// ends inside it or is still in another transition.
fn settle(
    candidate: Candidate,
    busy_until: &mut BTreeMap<String, Time>,
    report: &mut Report,
) -> Option<(usize, Transition)> {
    let Candidate { index, ids, cut, wanted, from, to, mut transition } = candidate;
    let path = [PathPart::from("transitions"), index.into()];
    let free = ids.iter().filter_map(|id| busy_until.get(id)).fold(from.start, |a, b| a.max(*b));
    let half = (wanted * Rational::ratio(1, 2)).min(cut - free).min(to.end - cut);
    if half <= Time::ZERO || from.end < cut - half {
        let [from, to] = &ids;
        let message = format!("`{from}` and `{to}` do not meet at {cut}, so the transition is left out");
        report.warn(ViolationCode::TransitionIgnored, &path, message);
        return None;
    }
    if half + half < wanted {
        let message = format!("the elements have room for {} of its {wanted}", half + half);
        report.warn(ViolationCode::TransitionShortened, &path, message);
    }
    transition.record_range = TimeRange::new(cut - half, cut + half);
    for id in ids {
        busy_until.insert(id, cut + half);
    }
    Some((index, transition))
}
