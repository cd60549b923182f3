//! Transitions as nodes.

use vid_timeline::{BlendMode, Color, MotionType, TransitionType};

use super::build::Builder;
use super::{Node, NodeId, NodeKind, RenderGraph};
use crate::scene::{SceneLayer, SceneTransition};

/// Whether a kind shows, at each place, a share of both pictures as they are. Painting is affine in
/// what is painted, so mixing two finished canvases equals painting the mixed layer, whatever shapes
/// the two have. All other kinds move, bend or recolour pictures and need them by themselves.
pub const fn mixes(kind: TransitionType) -> bool {
    use TransitionType as T;
    match kind {
        T::CrossDissolve
        | T::WipeLeft
        | T::WipeRight
        | T::WipeUp
        | T::WipeDown
        | T::DiagonalWipe
        | T::BarnDoorsHorizontal
        | T::BarnDoorsVertical
        | T::Iris
        | T::GradientWipe
        | T::BandWipe
        | T::BoxWipe
        | T::WindowSlice
        | T::Pinwheel
        | T::Crosshatch
        | T::Angular
        | T::Heart
        | T::CircleOpen
        | T::SquaresWire => true,
        T::DipToBlack
        | T::DipToWhite
        | T::PageTurn
        | T::CrossZoom
        | T::Swirl
        | T::GlitchMemories
        | T::Cube
        | T::Doorway
        | T::WaterDrop
        | T::Dreamy
        | T::Burn
        | T::ColorPhase => false,
    }
}

impl Builder<'_> {
    /// The canvas `below` with the transition on it.
    pub(super) fn transition(&mut self, below: NodeId, transition: &SceneTransition) -> NodeId {
        let SceneTransition { kind, range, .. } = *transition;
        if mixes(kind) {
            let from = self.side(below, transition.from.as_ref());
            let to = self.side(below, transition.to.as_ref());
            return self.add(NodeKind::Mix { kind, range }, vec![from, to]);
        }
        let black = self.add(NodeKind::Background(Color::BLACK), vec![]);
        let white = self.add(NodeKind::Background(Color::WHITE), vec![]);
        let mut inputs = vec![below];
        for side in [&transition.from, &transition.to] {
            // What a blend mode shows depends on what is below, and cannot be had by itself.
            if let Some(layer) = side.as_ref().filter(|layer| blends(layer)) {
                let blended = self.over(below, layer);
                inputs.extend([blended, blended]);
            } else {
                inputs.extend([black, white].map(|ground| self.side(ground, side.as_ref())));
            }
        }
        self.add(NodeKind::Reshape { kind, range }, inputs)
    }

    /// The canvas with one side of a transition on it; the background's side is the canvas itself.
    fn side(&mut self, below: NodeId, layer: Option<&SceneLayer>) -> NodeId {
        layer.map_or(below, |layer| self.over(below, layer))
    }
}

/// Whether what the layer shows depends on what is below it.
fn blends(layer: &SceneLayer) -> bool {
    let fills = |kind| matches!(kind, MotionType::Overlay | MotionType::Difference);
    layer.look.blend_mode.0 != BlendMode::None || layer.motions.iter().any(|motion| fills(motion.kind))
}

/// Makes the two canvases of a side one where the layer hides what it is painted on.
pub(super) fn join_covers(graph: &mut RenderGraph) {
    for id in 0..graph.nodes.len() {
        let Node { kind: NodeKind::Reshape { .. }, inputs, .. } = &graph.nodes[id] else { continue };
        let mut joined = inputs.clone();
        for side in joined[1..].chunks_exact_mut(2) {
            if matches!(graph.nodes[side[1]].kind, NodeKind::Cover(_)) {
                side[1] = side[0];
            }
        }
        graph.nodes[id].inputs = joined;
    }
}
