//! Stacking: in a body the *earlier* of two equal `z_index` is in front, on a timeline the later.

use std::collections::BTreeMap;

use crate::element::Element;

/// Reverses the visual elements of each `z_index` among their own positions; everything else stays
/// where it is.
pub(super) fn reverse_ties(elements: &mut [Element]) {
    let mut levels: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (index, element) in elements.iter().enumerate() {
        if let Some(layer) = &element.layer {
            levels.entry(layer.z_index).or_default().push(index);
        }
    }
    for positions in levels.values() {
        let half = positions.len() / 2;
        for (front, back) in positions.iter().zip(positions.iter().rev()).take(half) {
            elements.swap(*front, *back);
        }
    }
}
