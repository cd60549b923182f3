//! Evaluating a graph, frame by frame.

use vid_timeline::{Size, Time};

use super::canvas::Canvas;
use super::delivery::Delivery;
use super::nodes;
use super::nodes::transitions::{Reshaped, Side};
use super::rasters::SharedRasters;
use super::sources::Sources;
use crate::assets::Assets;
use crate::error::RenderError;
use crate::graph::{Node, NodeId, NodeKind, RenderGraph, graphs};
use crate::media::{ColorDescription, FramePool, FrameSpec, PixelFormat, Scaler, VideoFrame};
use crate::raster::{Rows, Weight, blend};
use crate::scene::{Picture, Scene};

/// Makes the frames of scenes, one scene after another.
pub struct CpuExecutor<'a> {
    pub(crate) assets: &'a Assets,
    pub(crate) rasters: &'a SharedRasters,
    pub(crate) canvas: Canvas,
    pub(super) sources: Sources,
    pub(crate) scaler: Scaler,
    scene: Option<Current>,
    /// For frames in another format than the canvas's planes: composed as R'G'B' with opacity.
    pub(crate) delivery: Option<Delivery>,
}

/// The scene under way.
struct Current {
    scene: Scene,
    graphs: Vec<RenderGraph>,
    /// The graph of the last frame, and the values of its static nodes.
    graph: usize,
    values: Vec<Option<VideoFrame>>,
}

/// What a node's code sees.
pub(crate) struct Context<'s> {
    pub scene: &'s Scene,
    pub frame: i64,
    /// By how much the scene's first frame comes after that of the outermost one.
    pub after: Time,
}

impl<'a> CpuExecutor<'a> {
    /// An executor for frames of that shape.
    ///
    /// Frames of 8-bit 4:2:0 are composed in their own planes; those of any other format in R'G'B' with
    /// opacity, which keeps the colour of every pixel, and converted.
    ///
    /// # Errors
    /// When no frame of that shape can be allocated, or its format is none that films are delivered in.
    pub fn new(spec: FrameSpec, assets: &'a Assets, rasters: &'a SharedRasters) -> Result<Self, RenderError> {
        let planes = FrameSpec { format: PixelFormat::YUV420P, color: ColorDescription::BT709, ..spec };
        let delivery = (spec.format != planes.format).then(|| Delivery::new(spec)).transpose()?;
        rasters.suit(spec.width, spec.height);
        Ok(Self {
            assets,
            rasters,
            canvas: Canvas::new(FramePool::new(planes)?),
            delivery,
            sources: Sources::default(),
            scaler: Scaler::new(),
            scene: None,
        })
    }

    /// Goes on to `scene`, whose first frame is frame `record_start` of the film: a scene that
    /// continues the one before finds its decoders where it needs them.
    pub fn begin(&mut self, scene: &Scene, record_start: i64) {
        let graphs = self.graphs(scene);
        self.sources.begin(record_start, scene.frame_rate);
        self.scene = Some(Current { scene: scene.clone(), graphs, graph: usize::MAX, values: Vec::new() });
    }

    /// How the frames of a scene are made.
    pub(crate) fn graphs(&self, scene: &Scene) -> Vec<RenderGraph> {
        let is_opaque = |picture: &Picture| match picture {
            Picture::Video { media, .. } | Picture::Still { media, .. } => {
                let facts = self.assets.by_hash(*media).ok().and_then(|asset| asset.facts.video.as_ref());
                facts.is_some_and(|video| !video.has_alpha)
            }
            Picture::Text { .. } | Picture::Shape { .. } | Picture::Group { .. } => false,
        };
        graphs(scene, &is_opaque)
    }

    /// Frame `frame` of the scene under way, counted from its first.
    ///
    /// # Errors
    /// A source that cannot be decoded, words that cannot be set.
    pub fn frame(&mut self, frame: i64) -> Result<VideoFrame, RenderError> {
        let mut current = self.scene.take().ok_or_else(|| RenderError::broken_timeline("a scene"))?;
        let result = self.frame_of(&mut current, frame);
        self.scene = Some(current);
        result
    }

    fn frame_of(&mut self, current: &mut Current, frame: i64) -> Result<VideoFrame, RenderError> {
        let at = current.graphs.iter().position(|graph| graph.frames.contains(&frame));
        let at = at.ok_or_else(|| RenderError::broken_timeline("a frame of the scene"))?;
        if at != current.graph {
            current.graph = at;
            current.values = vec![None; current.graphs[at].nodes.len()];
        }
        let context = Context { scene: &current.scene, frame, after: Time::ZERO };
        if self.delivery.is_some() {
            let pixmap = nodes::group::items(self, &context)?;
            let delivery = self.delivery.as_ref();
            return delivery.ok_or_else(|| RenderError::broken_timeline("a format"))?.frame(&pixmap);
        }
        let graph = &current.graphs[at];
        self.value(&context, graph, &mut current.values, graph.output())
    }

    /// The canvas that node `id` makes for this frame.
    fn value(
        &mut self,
        context: &Context<'_>,
        graph: &RenderGraph,
        values: &mut [Option<VideoFrame>],
        id: NodeId,
    ) -> Result<VideoFrame, RenderError> {
        if let Some(known) = &values[id] {
            return Ok(known.clone());
        }
        let node = &graph.nodes[id];
        let value = match &node.kind {
            NodeKind::Background(color) => nodes::background::run(self, *color),
            NodeKind::Light => nodes::group::film(self, context),
            NodeKind::Over(layer) => {
                let below = self.value(context, graph, values, node.inputs[0])?;
                nodes::over::run(self, context, layer, picture_of(graph, node), below)
            }
            NodeKind::Cover(layer) => nodes::cover::run(self, context, layer, picture_of(graph, node)),
            NodeKind::Mix { kind, range } => {
                let from = self.value(context, graph, values, node.inputs[0])?;
                let to = self.value(context, graph, values, node.inputs[1])?;
                nodes::transitions::mix(self, context, *kind, *range, from, &to)
            }
            NodeKind::Reshape { kind, range } => {
                let &[below, from_black, from_white, to_black, to_white] = node.inputs.as_slice() else {
                    return Err(RenderError::broken_timeline("both sides of a transition"));
                };
                let from = self.side(context, graph, values, (from_black, from_white))?;
                let to = self.side(context, graph, values, (to_black, to_white))?;
                match nodes::transitions::reshape(self, context, *kind, *range, from, to)? {
                    Reshaped::Canvas(canvas) => Ok(canvas),
                    Reshaped::Layer(layer) => {
                        let below = self.value(context, graph, values, below)?;
                        let mut canvas = self.canvas.owned(below)?;
                        self.canvas.paint(&mut canvas, |p| blend(p, &layer, Weight::ONE, Rows::Serial))?;
                        Ok(canvas)
                    }
                }
            }
            NodeKind::Source { .. } | NodeKind::Still { .. } | NodeKind::Text { .. } | NodeKind::Drawn => {
                Err(RenderError::broken_timeline("a canvas"))
            }
        }?;
        if node.is_static {
            values[id] = Some(value.clone());
        }
        Ok(value)
    }

    /// One side of a transition, from the canvases of its layer on black and on white.
    fn side(
        &mut self,
        context: &Context<'_>,
        graph: &RenderGraph,
        values: &mut [Option<VideoFrame>],
        (black, white): (NodeId, NodeId),
    ) -> Result<Side, RenderError> {
        let on_black = self.value(context, graph, values, black)?;
        if black == white {
            return Ok(Side::Solid(on_black));
        }
        Ok(Side::Matte { on_black, on_white: self.value(context, graph, values, white)? })
    }

    /// Pixels of the canvas.
    pub(crate) fn size(&self) -> Size {
        let spec = self.canvas.spec();
        Size { width: spec.width, height: spec.height }
    }
}

/// The picture a painting node reads: always its last input.
pub(crate) fn picture_of<'g>(graph: &'g RenderGraph, node: &'g Node) -> &'g NodeKind {
    let last = node.inputs.last().expect("the builder gives every painting node its picture");
    &graph.nodes[*last].kind
}
