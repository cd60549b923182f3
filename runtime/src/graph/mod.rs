//! The render graph: how the frames of a span are made from sources.
//!
//! A [`Scene`](crate::scene::Scene) lowers to one [`RenderGraph`] per *span*, a stretch of frames on
//! which the same items are painted. Nodes are kept in an arena, inputs before users; the last node
//! is the output. Two kinds of value flow along the edges:
//!
//! - a **picture**: pixels of its own size, in its own format and colour description, possibly with
//!   opacity, made by [`NodeKind::Source`], [`NodeKind::Still`] and [`NodeKind::Text`];
//! - a **canvas**: a full frame of the output's size in the output's pixel format (8-bit 4:2:0) and
//!   colour description (BT.709, limited range, gamma-encoded, opaque), made by all other kinds.
//!
//! What the nodes compute, per sample of each plane, on 8-bit code values:
//!
//! | node | value |
//! |---|---|
//! | `Background` | the colour, converted once and rounded to nearest |
//! | `Source` | the frame whose presentation interval holds the instant; edges hold |
//! | `Still`, `Text` | premultiplied RGBA, made once |
//! | `Light` | the whole frame of a scene with `blending: linear`, composed in R′G′B′ with every mix in light, then converted |
//! | `Drawn` | premultiplied RGBA of a shape, or of a group's own canvas |
//! | `Over` | `below·(1 − a·o) + picture·o`, rounded to nearest, where `a` is the picture's opacity at that sample and `o` the layer's; blending Y′CbCr equals blending gamma-encoded R′G′B′ up to rounding |
//! | `Cover` | the picture alone, scaled and converted: what `Over` is when the picture is opaque and fills the canvas. A source that is already of the output's size, format and colours passes by reference |
//! | `Mix` | `a·(1 − s) + b·s` of two canvases, rounded to nearest, where `s` is the transition's share of the second at that sample ([`mixes`]); for a dissolve its progress |
//! | `Reshape` | the layer that a transition makes of two layers, over the canvas below. The layers are read from canvases on which they are painted alone, once over black and once over white |

mod build;
mod passes;
mod transition;

use std::ops::Range;

use vid_timeline::{Color, Style, Text, TimeRange, TransitionType};

use crate::assets::ContentHash;
use crate::scene::{Course, SceneLayer};

pub use build::graphs;
pub use transition::mixes;

/// Index of a node in its graph.
pub type NodeId = usize;

/// How the frames of a span are made.
#[derive(Clone, Debug)]
pub struct RenderGraph {
    /// Frames of the scene.
    pub frames: Range<i64>,
    /// Inputs before users; the last is the output.
    pub nodes: Vec<Node>,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it computes.
    pub kind: NodeKind,
    /// What it reads.
    pub inputs: Vec<NodeId>,
    /// Whether its value is the same on every frame of the span, so that it is made once.
    pub is_static: bool,
}

/// What a node computes.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// The canvas filled with a colour.
    Background(Color),
    /// Frames of a video file.
    Source {
        /// The file.
        media: ContentHash,
        /// Which media time is shown when.
        course: Course,
    },
    /// A still picture.
    Still {
        /// The file.
        media: ContentHash,
    },
    /// Words.
    Text {
        /// The words and how they are set.
        text: Box<Text>,
        /// Corners of the plate and shadow of the letters.
        style: Box<Style>,
    },
    /// All that the scene shows, for scenes whose colours are mixed in linear light.
    Light,
    /// A shape or a group: what the layer that places it says.
    Drawn,
    /// The picture (second input) placed over the canvas (first input).
    Over(Box<SceneLayer>),
    /// The picture (only input), opaque and filling the canvas.
    Cover(Box<SceneLayer>),
    /// The first canvas becoming the second, each place by itself.
    Mix {
        /// How; a kind that [`mixes`].
        kind: TransitionType,
        /// When, counted from the scene's first frame.
        range: TimeRange,
    },
    /// A layer becoming another, over the canvas (first input). The further inputs are the canvases
    /// of the layer that leaves, on black and on white, and of the one that comes; where the two of a
    /// layer are one node, that canvas is all of it.
    Reshape {
        /// How; a kind that does not mix.
        kind: TransitionType,
        /// When, counted from the scene's first frame.
        range: TimeRange,
    },
}

impl RenderGraph {
    /// The node whose value is the frame.
    pub fn output(&self) -> NodeId {
        self.nodes.len() - 1
    }
}
