//! Which statements there are: elements on their own, and elements that follow one another.

use std::collections::{BTreeMap, BTreeSet};

use vid_timeline::{Content, Element, Rational, Time, TimeRange, Timeline, Transition};

use super::ImportRemark;
use super::literal::{is_something, time};

/// The statements of the composition.
pub(super) struct Layout {
    /// In order.
    pub(super) parts: Vec<Part>,
    /// By element of the timeline: when it is there.
    pub(super) records: Vec<TimeRange>,
    /// Whether the elements alone make the film as long as it is.
    pub(super) bounds_film: bool,
    /// Whether what is in front has to be said.
    pub(super) says_z_index: bool,
    /// Stills and texts that stand alone from the first frame to the last, so that nothing need be
    /// said about their times.
    pub(super) fillers: BTreeSet<usize>,
}

/// A statement of the composition.
pub(super) enum Part {
    /// An element.
    One(usize),
    /// Elements that meet.
    Sequence {
        /// When the first one starts.
        start: Time,
        /// At least two elements.
        members: Vec<Member>,
    },
}

/// A child of a sequence.
#[derive(Clone, Copy)]
pub(super) enum Member {
    /// An element of the timeline.
    Element(usize),
    /// A transition of the timeline.
    Transition(usize),
}

impl Member {
    /// The element, if it is one.
    pub(super) const fn element(&self) -> Option<usize> {
        match self {
            Self::Element(index) => Some(*index),
            Self::Transition(_) => None,
        }
    }
}

impl Part {
    /// The elements of the part, in order.
    pub(super) fn elements(&self) -> impl Iterator<Item = usize> {
        let (one, members) = match self {
            Self::One(index) => (Some(*index), &[][..]),
            Self::Sequence { members, .. } => (None, members.as_slice()),
        };
        one.into_iter().chain(members.iter().filter_map(Member::element))
    }
}

/// What comes after what.
#[derive(Default)]
struct Chains {
    /// By element: the one after it, and the transition between them.
    next: BTreeMap<usize, (usize, Option<usize>)>,
    /// Elements that come after another one.
    later: BTreeSet<usize>,
}

impl Chains {
    /// Puts `to` after `from`; `false` where one of them is taken on that side, or `from` comes after
    /// `to` already.
    fn join(&mut self, from: usize, to: usize, transition: Option<usize>) -> bool {
        if self.next.contains_key(&from) || self.later.contains(&to) || self.leads(to, from) {
            return false;
        }
        self.next.insert(from, (to, transition));
        self.later.insert(to);
        true
    }

    /// Whether the way from one element leads to another.
    fn leads(&self, from: usize, to: usize) -> bool {
        let mut at = from;
        while at != to {
            match self.next.get(&at) {
                Some((next, _)) => at = *next,
                None => return false,
            }
        }
        true
    }
}

impl Layout {
    pub(super) fn of(timeline: &Timeline, remarks: &mut Vec<ImportRemark>) -> Self {
        let mut records: Vec<TimeRange> =
            timeline.elements.iter().map(|element| element.record_range).collect();
        let shown = shown(timeline, &mut records, remarks);
        let mut chains = joined(timeline, &shown, &mut records, remarks);
        follow(timeline, &shown, &records, &mut chains);
        let parts = parts(&shown, &records, &chains);
        let whole = TimeRange::new(Time::ZERO, timeline.duration);
        let fills = |part: &Part| match part {
            Part::One(index) => {
                let is_still =
                    timeline.elements.get(*index).is_some_and(|element| element.content.clip().is_none());
                (is_still && records.get(*index) == Some(&whole)).then_some(*index)
            }
            Part::Sequence { .. } => None,
        };
        let fillers: BTreeSet<usize> = parts.iter().filter_map(fills).collect();
        let mut layout = Self { parts, records, bounds_film: false, says_z_index: false, fillers };
        let ends_with_film = |index: usize| {
            let range = layout.records.get(index);
            !layout.fillers.contains(&index) && range.is_some_and(|range| range.end == timeline.duration)
        };
        let bounds_film = layout.members().any(ends_with_film);
        let says_z_index = layout.order_differs(timeline);
        layout.bounds_film = bounds_film;
        layout.says_z_index = says_z_index;
        layout
    }

    /// The elements that are written, in the order in which they are.
    pub(super) fn members(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().flat_map(Part::elements)
    }

    /// Later is on top, so numbers are only needed where the order of the statements is another one,
    /// or where a transition has a place of its own between them.
    fn order_differs(&self, timeline: &Timeline) -> bool {
        let is_visual = |index: &usize| timeline.elements.get(*index).is_some_and(|e| e.layer.is_some());
        let written: Vec<usize> = self.members().filter(is_visual).collect();
        let kept: BTreeSet<usize> = written.iter().copied().collect();
        let painted = timeline.paint_order().into_iter().filter(|index| kept.contains(index));
        !painted.eq(written.iter().copied())
            || timeline.transitions.iter().any(|transition| transition.z_index.is_some())
    }
}

/// The elements inside the film, their ranges cut off at its end.
fn shown(timeline: &Timeline, records: &mut [TimeRange], remarks: &mut Vec<ImportRemark>) -> Vec<usize> {
    let mut shown = Vec::with_capacity(records.len());
    for (index, (element, record)) in timeline.elements.iter().zip(records.iter_mut()).enumerate() {
        let mut remark = |message: String| {
            remarks.push(ImportRemark { element: Some(element.id.clone()), message });
        };
        if !matches!(
            element.content,
            Content::Video(_) | Content::Audio(_) | Content::Image(_) | Content::Text(_)
        ) {
            remark(format!("a {} is not imported", element.content.kind_name()));
            continue;
        }
        if record.start >= timeline.duration {
            remark(format!("it starts at {}, when the film has ended, and is left out", time(record.start)));
            continue;
        }
        if record.end > timeline.duration {
            record.end = timeline.duration;
        }
        if !is_something(record.duration()) {
            remark("it lasts less than can be written, and is left out".to_owned());
            continue;
        }
        shown.push(index);
    }
    shown
}

/// Follows the transitions: what comes after what, and ranges that meet at the cut.
fn joined(
    timeline: &Timeline,
    shown: &[usize],
    records: &mut [TimeRange],
    remarks: &mut Vec<ImportRemark>,
) -> Chains {
    let by_id: BTreeMap<&str, usize> =
        shown.iter().filter_map(|index| Some((timeline.elements.get(*index)?.id.as_str(), *index))).collect();
    let mut chains = Chains::default();
    for (index, transition) in timeline.transitions.iter().enumerate() {
        let ends = ends_of(transition)
            .and_then(|(from, to)| by_id.get(from).copied().zip(by_id.get(to).copied()))
            .and_then(|(from, to)| Some((from, to, *records.get(to)?)));
        let mut left_out = |why: &str| {
            let message = format!("the transition {} is left out: {why}", transition.kind);
            let element = ends_of(transition).map(|(_, to)| to.to_owned());
            remarks.push(ImportRemark { element, message });
        };
        let Some((from, to, coming)) = ends else {
            left_out("its elements are not both in the film");
            continue;
        };
        let window = transition.record_range;
        let cut = coming.start;
        if window.start + window.duration() * Rational::ratio(1, 2) != cut {
            left_out("it is not in the middle of the cut");
            continue;
        }
        if records.get(from).is_some_and(|leaving| !is_something(cut - leaving.start)) {
            left_out("nothing is seen of the element before the cut");
            continue;
        }
        if !chains.join(from, to, Some(index)) {
            left_out("one of its elements is in another transition on that side");
            continue;
        }
        let Some(leaving) = records.get_mut(from) else { continue };
        if leaving.end > window.end {
            let message =
                format!("it ends at {}, with its transition, instead of {}", time(cut), time(leaving.end));
            let element = timeline.elements.get(from).map(|element| element.id.clone());
            remarks.push(ImportRemark { element, message });
        }
        leaving.end = cut;
    }
    chains
}

/// Joins neighbours of a kind of which one begins exactly where the other ends.
fn follow(timeline: &Timeline, shown: &[usize], records: &[TimeRange], chains: &mut Chains) {
    for (from, to) in shown.iter().copied().zip(shown.iter().copied().skip(1)) {
        let elements = timeline.elements.get(from).zip(timeline.elements.get(to));
        let are_alike = elements.is_some_and(|(a, b)| family(a) == family(b));
        let meet = records.get(from).zip(records.get(to)).is_some_and(|(a, b)| a.end == b.start);
        if are_alike && meet {
            chains.join(from, to, None);
        }
    }
}

/// What goes into one sequence: pictures, words or sound.
fn family(element: &Element) -> u8 {
    match element.content {
        Content::Video(_) | Content::Image(_) => 0,
        Content::Text(_) => 1,
        _ => 2,
    }
}

fn parts(shown: &[usize], records: &[TimeRange], chains: &Chains) -> Vec<Part> {
    let mut parts = Vec::new();
    for &first in shown.iter().filter(|index| !chains.later.contains(index)) {
        let mut members = vec![Member::Element(first)];
        let mut at = first;
        while let Some((next, transition)) = chains.next.get(&at) {
            members.extend(transition.map(Member::Transition));
            members.push(Member::Element(*next));
            at = *next;
        }
        let start = records.get(first).map_or(Time::ZERO, |record| record.start);
        parts.push(if at == first { Part::One(first) } else { Part::Sequence { start, members } });
    }
    parts
}

/// Ids of the two elements of a transition, where it has both.
pub(super) fn ends_of(transition: &Transition) -> Option<(&str, &str)> {
    transition.from.as_deref().zip(transition.to.as_deref())
}
