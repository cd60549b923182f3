//! One id for each element, its own where it can be.

use std::collections::{BTreeMap, BTreeSet};

use super::super::wire::Element;

/// The ids of the timeline's elements. The first element of an id keeps it, so that a transition
/// finds it; a later one, or one without, gets a number after a `#`.
pub(super) fn unique_ids(elements: &[Element]) -> Vec<String> {
    let own = |element: &Element| element.common().id.clone().filter(|id| !id.is_empty());
    let mut used: BTreeSet<String> = elements.iter().filter_map(own).collect();
    let mut kept = BTreeSet::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut numbered = |base: String, first: usize| {
        let count = counts.entry(base.clone()).or_insert(first - 1);
        loop {
            *count += 1;
            let id = format!("{base}#{count}");
            if used.insert(id.clone()) {
                return id;
            }
        }
    };
    let mut ids = Vec::with_capacity(elements.len());
    for element in elements {
        ids.push(match own(element) {
            Some(id) if kept.insert(id.clone()) => id,
            Some(id) => numbered(id, 2),
            None => numbered(element.kind_name().to_owned(), 1),
        });
    }
    ids
}
