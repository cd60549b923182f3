//! Which row everything is drawn in.

use std::collections::BTreeMap;

use crate::element::{Content, Element};
use crate::time::{Time, TimeRange};
use crate::timeline::{ContainerKind, Timeline, Transition};

/// Rows of a drawing.
pub(super) struct Lanes<'t> {
    /// Visual elements, the backmost row first.
    pub(super) pictures: Vec<Vec<&'t Element>>,
    /// Elements that are only heard.
    pub(super) sounds: Vec<Vec<&'t Element>>,
    /// Of the film and of its groups.
    pub(super) transitions: Vec<&'t Transition>,
}

/// A sequence, a stack or a group.
pub(super) struct Bracket {
    /// `None` for a group.
    pub(super) kind: Option<ContainerKind>,
    pub(super) name: Option<String>,
    pub(super) range: TimeRange,
}

/// Puts each visual element above everything that it is in front of at some time, and each sound in
/// the first row with room.
pub(super) fn lanes(timeline: &Timeline) -> Lanes<'_> {
    let mut painted = Vec::new();
    let mut transitions: Vec<&Transition> = timeline.transitions.iter().collect();
    let mut sounds = Vec::new();
    collect(&timeline.elements, &timeline.paint_order(), &mut painted, &mut transitions, &mut sounds);
    let partners = partners(&transitions);
    let mut pictures: Vec<Row<'_>> = Vec::new();
    for element in painted {
        // Rows above the highest one that is busy at the time: nothing that is behind is drawn higher.
        let is_busy = |row: &Row<'_>| row.is_busy(element, &partners);
        let lowest = pictures.iter().rposition(is_busy).map_or(0, |row| row + 1);
        if lowest == pictures.len() {
            pictures.push(Row::default());
        }
        if let Some(row) = pictures.get_mut(lowest) {
            row.add(element);
        }
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    sounds.sort_by_key(|element| element.record_range.start);
    for element in sounds {
        let free = rows.iter().position(|row| !row.is_busy(element, &partners)).unwrap_or(rows.len());
        if free == rows.len() {
            rows.push(Row::default());
        }
        if let Some(row) = rows.get_mut(free) {
            row.add(element);
        }
    }
    let pictures = pictures.into_iter().map(Row::into_elements).collect();
    Lanes { pictures, sounds: rows.into_iter().map(Row::into_elements).collect(), transitions }
}

/// Elements of the film and of its groups: what is seen from back to front, what is only heard.
fn collect<'t>(
    elements: &'t [Element],
    order: &[usize],
    painted: &mut Vec<&'t Element>,
    transitions: &mut Vec<&'t Transition>,
    sounds: &mut Vec<&'t Element>,
) {
    for element in order.iter().filter_map(|index| elements.get(*index)) {
        painted.push(element);
        if let Some(group) = element.group() {
            transitions.extend(&group.transitions);
            let inner = crate::group::paint_order(&group.elements);
            collect(&group.elements, &inner, painted, transitions, sounds);
        }
    }
    sounds.extend(elements.iter().filter(|element| matches!(element.content, Content::Audio(_))));
}

/// Which elements a transition joins: those may lie over one another in one row.
fn partners<'t>(transitions: &[&'t Transition]) -> BTreeMap<&'t str, Vec<&'t str>> {
    let mut partners: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for transition in transitions {
        if let (Some(from), Some(to)) = (&transition.from, &transition.to) {
            partners.entry(from).or_default().push(to);
            partners.entry(to).or_default().push(from);
        }
    }
    partners
}

/// Elements of one row, by their start.
#[derive(Default)]
struct Row<'t> {
    elements: BTreeMap<Time, Vec<&'t Element>>,
    /// Length of the longest, so that a search knows how far back it has to look.
    longest: Time,
}

impl<'t> Row<'t> {
    fn add(&mut self, element: &'t Element) {
        self.longest = self.longest.max(element.record_range.duration());
        self.elements.entry(element.record_range.start).or_default().push(element);
    }

    /// Whether there is something in the row at the time of an element that no transition joins to it.
    fn is_busy(&self, element: &Element, partners: &BTreeMap<&str, Vec<&str>>) -> bool {
        let range = element.record_range;
        let near = self.elements.range(range.start - self.longest..range.end).flat_map(|(_, there)| there);
        let joined = partners.get(element.id.as_str());
        let is_joined = |other: &Element| joined.is_some_and(|ids| ids.contains(&other.id.as_str()));
        near.into_iter().any(|other| range.intersection(other.record_range).is_some() && !is_joined(other))
    }

    fn into_elements(self) -> Vec<&'t Element> {
        self.elements.into_values().flatten().collect()
    }
}

/// Whether a transition is drawn in the row of this element: where the one that comes is, or the only
/// one.
pub(super) fn carries(transition: &Transition, element: &Element) -> bool {
    let id = transition.to.as_deref().or(transition.from.as_deref());
    id == Some(element.id.as_str())
}

/// The rows of containers: one for each depth, and more where two of one depth overlap.
pub(super) fn bracket_rows(timeline: &Timeline) -> Vec<Vec<Bracket>> {
    let mut depths: Vec<usize> = Vec::with_capacity(timeline.containers.len());
    let mut by_depth: BTreeMap<usize, Vec<Bracket>> = BTreeMap::new();
    for container in &timeline.containers {
        let around = container.parent.and_then(|parent| depths.get(parent));
        let depth = around.map_or(0, |depth| depth + 1);
        depths.push(depth);
        if depth > 0 {
            let (kind, name) = (Some(container.kind), container.name.clone());
            by_depth.entry(depth).or_default().push(Bracket { kind, name, range: container.record_range });
        }
    }
    let mut rows: Vec<Vec<Bracket>> = Vec::new();
    for mut brackets in by_depth.into_values() {
        brackets.sort_by_key(|bracket| bracket.range.start);
        let first = rows.len();
        for bracket in brackets {
            let is_free =
                |row: &Vec<Bracket>| row.last().is_none_or(|last| last.range.end <= bracket.range.start);
            let free = rows.iter().skip(first).position(is_free).map_or(rows.len(), |row| first + row);
            if free == rows.len() {
                rows.push(Vec::new());
            }
            if let Some(row) = rows.get_mut(free) {
                row.push(bracket);
            }
        }
    }
    rows
}
