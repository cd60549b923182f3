//! Lowering a scene to graphs.

use std::ops::Range;

use vid_timeline::{Blending, Fit, Rational, Time};

use super::{Node, NodeId, NodeKind, RenderGraph};
use super::{passes, transition};
use crate::scene::{Look, Picture, Place, Scene, SceneItem, SceneLayer};

/// The graphs of a scene, in order, covering its frames. `is_opaque` tells whether a picture has no
/// transparent pixels.
pub fn graphs(scene: &Scene, is_opaque: &dyn Fn(&Picture) -> bool) -> Vec<RenderGraph> {
    spans(scene)
        .into_iter()
        .map(|frames| {
            let mut graph = Builder { scene, nodes: Vec::new() }.build(frames);
            passes::cover(&mut graph, scene, is_opaque);
            transition::join_covers(&mut graph);
            passes::drop_unused(&mut graph);
            passes::mark_static(&mut graph);
            graph
        })
        .collect()
}

/// The scene's frames, cut wherever an item begins or ends.
fn spans(scene: &Scene) -> Vec<Range<i64>> {
    let ends = scene.items.iter().map(SceneItem::frames).flat_map(|frames| [frames.start, frames.end]);
    let mut edges: Vec<i64> = ends.chain([0, scene.frame_count]).collect();
    edges.sort_unstable();
    edges.dedup();
    edges.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

pub(super) struct Builder<'a> {
    scene: &'a Scene,
    nodes: Vec<Node>,
}

impl Builder<'_> {
    fn build(mut self, frames: Range<i64>) -> RenderGraph {
        if self.scene.blending == Blending::Linear {
            self.add(NodeKind::Light, vec![]);
            return RenderGraph { frames, nodes: self.nodes };
        }
        let mut canvas = self.add(NodeKind::Background(self.scene.background), vec![]);
        if let Some(media) = self.scene.background_image {
            let layer = background_layer(media, self.scene.frame_count);
            canvas = self.over(canvas, &layer);
        }
        for item in &self.scene.items {
            let painted = item.frames();
            if painted.start <= frames.start && frames.end <= painted.end {
                canvas = self.item(canvas, item);
            }
        }
        RenderGraph { frames, nodes: self.nodes }
    }

    fn item(&mut self, below: NodeId, item: &SceneItem) -> NodeId {
        match item {
            SceneItem::Layer(layer) => self.over(below, layer),
            SceneItem::Transition(transition) => self.transition(below, transition),
        }
    }

    pub(super) fn over(&mut self, below: NodeId, layer: &SceneLayer) -> NodeId {
        let kind = match &layer.picture {
            Picture::Video { media, course, .. } => NodeKind::Source { media: *media, course: *course },
            Picture::Still { media, .. } => NodeKind::Still { media: *media },
            Picture::Text { text, style, .. } => NodeKind::Text { text: text.clone(), style: style.clone() },
            Picture::Shape { .. } | Picture::Group { .. } => NodeKind::Drawn,
        };
        let picture = self.add(kind, vec![]);
        self.add(NodeKind::Over(Box::new(layer.clone())), vec![below, picture])
    }

    pub(super) fn add(&mut self, kind: NodeKind, inputs: Vec<NodeId>) -> NodeId {
        self.nodes.push(Node { kind, inputs, is_static: false });
        self.nodes.len() - 1
    }
}

fn background_layer(media: crate::assets::ContentHash, frame_count: i64) -> SceneLayer {
    SceneLayer {
        frames: 0..frame_count,
        picture: Picture::Still { media, natural: (1, 1) },
        place: Place::full(Fit::Stretch),
        look: Look::default(),
        mask: None,
        opacity: Rational::integer(100).into(),
        motions: Vec::new(),
        local_start: Time::ZERO,
    }
}
