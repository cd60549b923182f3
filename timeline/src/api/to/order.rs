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

/// Keeps the author's numbers where they are all different, and counts anew where two are equal.
pub(super) fn stacking(timeline: &Timeline) -> Stacking {
    let own =
        |index: &usize| timeline.elements.get(*index).and_then(|e| e.layer.as_ref()).map_or(0, |l| l.z_index);
    let order = timeline.paint_order();
    let levels: Vec<i64> = order.iter().map(own).collect();
    let all_differ = levels.iter().zip(levels.iter().skip(1)).all(|(below, above)| below < above);
    let place = |index: usize, level: i64| {
        if all_differ { level } else { i64::try_from(index).unwrap_or(i64::MAX / STEP) * STEP }
    };
    let mut elements = vec![0; timeline.elements.len()];
    for (position, (index, level)) in order.iter().zip(&levels).enumerate() {
        if let Some(z_index) = elements.get_mut(*index) {
            *z_index = place(position, *level);
        }
    }
    // A transition's own layer comes above the elements that it was level with or above.
    let renumbered = |level: i64| {
        let below = levels.partition_point(|other| *other <= level);
        if all_differ { level } else { place(below, level) - STEP / 2 }
    };
    let transitions = timeline.transitions.iter().map(|t| t.z_index.map(renumbered)).collect();
    Stacking { elements, transitions }
}
