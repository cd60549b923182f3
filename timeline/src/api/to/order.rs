//! Stacking: a different `z_index` for each visual, in the timeline's paint order.

use crate::timeline::Timeline;

/// Distance between neighbours, so that a transition's own layer fits between two.
const STEP: i64 = 10;

/// The `z_index` of each element and transition as the body writes it.
pub(super) struct Stacking {
    /// By element; zero on audio, which has none.
    pub(super) elements: Vec<i64>,
    /// By transition.
    pub(super) transitions: Vec<Option<i64>>,
}

/// Counts from back to front: the same picture always has the same numbers, whatever its author called
/// them. There is room between two only where a transition has a layer of its own.
pub(super) fn stacking(timeline: &Timeline) -> Stacking {
    let own =
        |index: &usize| timeline.elements.get(*index).and_then(|e| e.layer.as_ref()).map_or(0, |l| l.z_index);
    let order = timeline.paint_order();
    let levels: Vec<i64> = order.iter().map(own).collect();
    let has_room = timeline.transitions.iter().any(|transition| transition.z_index.is_some());
    let step = if has_room { STEP } else { 1 };
    let place = |position: usize| i64::try_from(position).unwrap_or(i64::MAX / STEP) * step;
    let mut elements = vec![0; timeline.elements.len()];
    for (position, index) in order.iter().enumerate() {
        if let Some(z_index) = elements.get_mut(*index) {
            *z_index = place(position);
        }
    }
    // A transition's own layer comes above the elements that it was level with or above.
    let renumbered = |level: i64| place(levels.partition_point(|other| *other <= level)) - STEP / 2;
    let transitions = timeline.transitions.iter().map(|t| t.z_index.map(renumbered)).collect();
    Stacking { elements, transitions }
}
