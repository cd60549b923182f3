//! Checks of the film as a whole.

use std::collections::BTreeSet;

use super::{
    Findings, MAX_CONTAINERS, MAX_DEPTH, MAX_DURATION_SECONDS, MAX_ELEMENTS, MAX_MARKERS, MAX_OUTPUTS,
    Problem, Subject,
};
use crate::rational::Rational;
use crate::time::Time;
use crate::timeline::Timeline;
use crate::values::Size;

pub(super) fn check(timeline: &Timeline, found: &mut Findings) {
    let mut push = |problem| found.push(Subject::Timeline, problem);
    let duration = timeline.duration;
    if duration <= Time::ZERO {
        push(Problem::NoDuration);
    } else if duration.seconds() > Rational::integer(MAX_DURATION_SECONDS) {
        push(Problem::TooLong(duration));
    } else if timeline.frame_count() < 1 {
        push(Problem::NoFrame(duration));
    }
    if !is_canvas(timeline.size) {
        push(Problem::SizeOutOfRange(timeline.size));
    }
    let lists = [
        ("elements", timeline.all_elements().count(), MAX_ELEMENTS),
        ("transitions", timeline.all_transitions().count(), MAX_ELEMENTS),
        ("containers", timeline.containers.len(), MAX_CONTAINERS),
        ("markers", timeline.markers.len(), MAX_MARKERS),
        ("outputs", timeline.outputs.len(), MAX_OUTPUTS),
    ];
    for (what, count, limit) in lists {
        if count > limit {
            push(Problem::TooMany { what, count, limit });
        }
    }
    if timeline.background.image.as_deref() == Some("") {
        push(Problem::EmptyLocation);
    }
    check_outputs(timeline, found);
    check_containers(timeline, found);
    check_ids(timeline, found);
    check_depth(timeline, found);
}

/// Whether both sides are within what a canvas may have.
pub(super) fn is_canvas(size: Size) -> bool {
    let side = Size::MIN_SIDE..=Size::MAX_SIDE;
    side.contains(&size.width) && side.contains(&size.height)
}

/// Groups and mattes within groups and mattes, without recursion.
fn check_depth(timeline: &Timeline, found: &mut Findings) {
    let mut open: Vec<_> = timeline.elements.iter().rev().map(|element| (element, 0)).collect();
    while let Some((element, depth)) = open.pop() {
        if depth > MAX_DEPTH {
            found.push(Subject::Element(element.id.clone()), Problem::TooDeep);
            return;
        }
        open.extend(element.inner().rev().map(|inner| (inner, depth + 1)));
    }
}

fn check_outputs(timeline: &Timeline, found: &mut Findings) {
    if timeline.outputs.is_empty() {
        found.push(Subject::Timeline, Problem::NoOutput);
    }
    for (index, output) in timeline.outputs.iter().enumerate() {
        let mut push = |problem| found.push(Subject::Output(index), problem);
        output.problems().into_iter().for_each(|problem| push(Problem::Setting(problem)));
        if let Some(time) = output.encoder.time
            && !(Time::ZERO <= time && time < timeline.duration)
        {
            push(Problem::StillOutside { time, duration: timeline.duration });
        }
    }
}

fn check_containers(timeline: &Timeline, found: &mut Findings) {
    if timeline.containers.is_empty() {
        found.push(Subject::Timeline, Problem::NoComposition);
    }
    for (index, container) in timeline.containers.iter().enumerate() {
        let mut push = |problem| found.push(Subject::Container(index), problem);
        match container.parent {
            Some(_) if index == 0 => push(Problem::CompositionWithParent),
            Some(parent) if parent < index => {}
            None if index == 0 => {}
            _ => push(Problem::BadParent),
        }
        let range = container.record_range;
        if range.end < range.start {
            push(Problem::BackwardRange { what: "range", range });
        }
    }
}

fn check_ids(timeline: &Timeline, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for element in timeline.all_elements() {
        let id = element.id.as_str();
        if id.is_empty() {
            found.push(Subject::Element(String::new()), Problem::EmptyId);
        } else if !seen.insert(id) {
            found.push(Subject::Element(id.to_owned()), Problem::DuplicateId);
        }
    }
}
