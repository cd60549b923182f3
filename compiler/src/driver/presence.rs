//! When elements are to be seen as they are meant, for tools that show pictures of them.

use vid_timeline::{Rational, Time, TimeRange};

use crate::eval::Value;
use crate::items::Keyword;
use crate::schedule::{AttachedRole, Placed, Properties, Scheduled};

/// An instant of each element at which it is on screen in full: it has entered, by motions, by a transition or by
/// keyframes of its opacity. Halfway, where it begins to leave before that.
pub(super) fn in_full(scheduled: &Scheduled) -> Vec<Time> {
    let mut presences: Vec<Presence> = scheduled.elements.iter().map(presence).collect();
    for transition in &scheduled.transitions {
        if let Some(comes) = transition.to.and_then(|index| presences.get_mut(index)) {
            comes.entered = comes.entered.max(transition.range.end);
        }
        if let Some(goes) = transition.from.and_then(|index| presences.get_mut(index)) {
            goes.leaves = goes.leaves.min(transition.range.start);
        }
    }
    presences.iter().map(Presence::in_full).collect()
}

/// The same of each container, by what is known of the elements: of a sequence, that of its first element;
/// halfway through any other.
pub(super) fn containers_in_full(scheduled: &Scheduled, of_elements: &[Time]) -> Vec<Time> {
    let mut first: Vec<Option<(Time, Time)>> = vec![None; scheduled.containers.len()];
    for (element, in_full) in scheduled.elements.iter().zip(of_elements) {
        let mut container = Some(element.container);
        // Parents come before their children, so this ends.
        while let Some((index, first)) = container.and_then(|index| Some((index, first.get_mut(index)?))) {
            let start = element.range.start;
            if first.is_none_or(|(known, _)| start < known) {
                *first = Some((start, *in_full));
            }
            container = scheduled.containers[index].parent.filter(|parent| *parent < index);
        }
    }
    let each = scheduled.containers.iter().zip(first);
    each.map(|(container, first)| match first.filter(|_| container.sequence) {
        Some((_, in_full)) => in_full,
        None => middle(container.range),
    })
    .collect()
}

/// Between what an element enters by and what it leaves by.
struct Presence {
    range: TimeRange,
    /// When the last thing that it enters by is over.
    entered: Time,
    /// When the first thing that it leaves by begins.
    leaves: Time,
}

impl Presence {
    fn in_full(&self) -> Time {
        let is_there = self.entered <= self.leaves && self.entered < self.range.end;
        if is_there { self.entered } else { middle(self.range) }
    }
}

/// Halfway through a range.
pub(super) fn middle(range: TimeRange) -> Time {
    range.start + Time::from_seconds(range.duration().seconds() * Rational::ratio(1, 2))
}

fn presence(element: &Placed) -> Presence {
    let range = element.range;
    let mut presence = Presence { range, entered: range.start, leaves: range.end };
    for (role, properties, _) in element.attached.iter() {
        let Some(duration) = duration(properties, range.start) else { continue };
        match role {
            AttachedRole::Motion(Keyword::Enter) => {
                presence.entered = presence.entered.max(range.start + duration);
            }
            AttachedRole::Motion(Keyword::Exit) => {
                presence.leaves = presence.leaves.min(range.end - duration);
            }
            _ => {}
        }
    }
    if let Some((reached, left)) = most_solid(&element.properties, range.start) {
        presence.entered = presence.entered.max(range.start + reached);
        presence.leaves = presence.leaves.min(left.map_or(range.end, |left| range.start + left));
    }
    presence
}

fn duration(properties: &Properties, origin: Time) -> Option<Time> {
    match properties.get("duration")? {
        Value::Time(time) => Some(time.local(origin)),
        _ => None,
    }
}

/// When an element whose opacity has keyframes is as solid as it ever is: from when, and until when where it does
/// not stay so; counted from its start.
fn most_solid(properties: &Properties, origin: Time) -> Option<(Time, Option<Time>)> {
    let Value::Keyframes(keyframes) = properties.get("opacity")? else { return None };
    let each = keyframes.iter().map(|keyframe| match keyframe.value {
        Value::Percent(percent) => Some((percent, keyframe.time.local(origin))),
        _ => None,
    });
    let each: Vec<(Rational, Time)> = each.collect::<Option<_>>()?;
    let most = each.iter().map(|(percent, _)| *percent).max()?;
    let reached = each.iter().position(|(percent, _)| *percent == most)?;
    let kept = each[reached..].iter().take_while(|(percent, _)| *percent == most).count();
    let last = reached + kept - 1;
    let left = (last + 1 < each.len()).then(|| each[last].1);
    Some((each[reached].1, left))
}
