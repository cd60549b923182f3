//! Passes: what need not be computed is not.

use vid_timeline::Rational;

use super::{NodeId, NodeKind, RenderGraph};
use crate::raster::PixelRect;
use crate::scene::{Picture, Scene, SceneLayer, placement};

/// Turns every `Over` whose picture hides all below it into a `Cover`.
pub fn cover(graph: &mut RenderGraph, scene: &Scene, is_opaque: &dyn Fn(&Picture) -> bool) {
    for node in &mut graph.nodes {
        if let NodeKind::Over(layer) = &node.kind
            && is_opaque(&layer.picture)
            && fills_canvas(layer, scene)
        {
            node.kind = NodeKind::Cover(layer.clone());
            node.inputs.remove(0);
        }
    }
}

/// Whether the layer, at full opacity and at rest, covers every pixel of the canvas.
fn fills_canvas(layer: &SceneLayer, scene: &Scene) -> bool {
    let natural = match layer.picture {
        Picture::Video { natural, .. } | Picture::Still { natural, .. } => natural,
        Picture::Text { .. } | Picture::Shape { .. } | Picture::Group { .. } => return false,
    };
    let solid = layer.opacity.constant() == Some(&Rational::integer(100));
    // A layer covers the chroma on the edge of an odd canvas by half: something has to be below it.
    let has_whole_chroma =
        matches!(layer.picture, Picture::Video { .. }) || PixelRect::of(scene.size).is_chroma_aligned();
    solid
        && has_whole_chroma
        && layer.motions.is_empty()
        && layer.is_plain()
        && layer.place.is_static()
        && layer.place.is_upright()
        && placement(scene, layer, natural, 0)
            .on_pixels()
            .is_some_and(|at| at.rect.contains(PixelRect::of(scene.size)))
}

/// Removes the nodes that the output does not read.
pub fn drop_unused(graph: &mut RenderGraph) {
    let mut used = vec![false; graph.nodes.len()];
    if let Some(output) = used.last_mut() {
        *output = true;
    }
    for id in (0..graph.nodes.len()).rev() {
        if used[id] {
            for &input in &graph.nodes[id].inputs {
                used[input] = true;
            }
        }
    }
    // The new place of each kept node: how many kept ones come before it.
    let places: Vec<NodeId> = used
        .iter()
        .scan(0, |kept, used| {
            let place = *kept;
            *kept += usize::from(*used);
            Some(place)
        })
        .collect();
    let mut id = 0;
    graph.nodes.retain(|_| {
        id += 1;
        used[id - 1]
    });
    for node in &mut graph.nodes {
        for input in &mut node.inputs {
            *input = places[*input];
        }
    }
}

/// Marks the nodes whose value never changes within the span.
pub fn mark_static(graph: &mut RenderGraph) {
    for id in 0..graph.nodes.len() {
        let node = &graph.nodes[id];
        let still_inputs = node.inputs.iter().all(|&input| graph.nodes[input].is_static);
        let still_kind = match &node.kind {
            NodeKind::Background(_) | NodeKind::Still { .. } | NodeKind::Text { .. } | NodeKind::Drawn => {
                true
            }
            NodeKind::Light | NodeKind::Source { .. } | NodeKind::Mix { .. } | NodeKind::Reshape { .. } => {
                false
            }
            NodeKind::Over(layer) | NodeKind::Cover(layer) => layer.is_static(),
        };
        graph.nodes[id].is_static = still_inputs && still_kind;
    }
}
