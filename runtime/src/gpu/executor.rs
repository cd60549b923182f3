//! Evaluating a graph on the device, frame by frame.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use vid_timeline::{Size, Time};

use super::canvas::{Layer, Planes, Shape};
use super::device::Gpu;
use super::nodes;
use super::nodes::transitions::{Reshaped, Side};
use super::picture::{Pixels, Plate};
pub use super::recorder::GpuTimes;
use super::recorder::{ReadBack, Recorder};
use crate::assets::{Assets, ContentHash};
use crate::cpu::executor::{Context, picture_of};
use crate::cpu::{CpuExecutor, SharedRasters};
use crate::error::RenderError;
use crate::graph::{Node, NodeId, NodeKind, RenderGraph};
use crate::media::{FrameSpec, VideoFrame};
use crate::raster::{Pixmap, PlanarLayer, Weight};
use crate::scene::Scene;

/// Frames that may be on their way through the device: while the last one is read back, the one before
/// it is computed and the next one decoded and recorded.
const IN_FLIGHT: usize = 3;
/// Layers, sheets and composed layers that are kept on the device, of each.
const KEPT: usize = 24;

/// Makes the frames of scenes on a graphics device, one scene after another.
pub struct GpuExecutor<'a> {
    pub(super) cpu: CpuExecutor<'a>,
    pub(super) recorder: Recorder,
    pub(super) shape: Shape,
    pub(super) kept: Kept,
    scene: Option<Current>,
    waiting: VecDeque<Waiting>,
}

/// The scene under way.
struct Current {
    scene: Scene,
    graphs: Vec<RenderGraph>,
    /// The graph of the last frame, and the values of its static nodes.
    graph: usize,
    values: Vec<Option<Value>>,
}

/// A canvas, where it was made.
#[derive(Clone)]
pub enum Value {
    /// In the processor's memory.
    Host(VideoFrame),
    /// In the device's.
    Device(Planes),
}

/// A frame, where it was made.
enum Made {
    /// In the canvas's planes.
    Canvas(Value),
    /// In R'G'B' with opacity, for outputs of another format.
    Pixels(Pixels),
}

/// A frame that was asked for.
enum Waiting {
    Ready(VideoFrame),
    Canvas(ReadBack),
    Pixels(ReadBack),
}

/// A sheet, and where the corner of its picture was when it was made.
type KeptSheet = (Plate, (f64, f64));

/// What is uploaded or made once and used for many frames.
#[derive(Default)]
pub struct Kept {
    /// Planar layers. Who holds a layer keeps its address from being another's.
    pub layers: Recent<Arc<PlanarLayer>, Layer>,
    /// Sheets by name, and where the corner of their picture was.
    pub sheets: Recent<ContentHash, Option<KeptSheet>>,
    /// Layers that stand still, as they lie on the canvas.
    pub composed: Recent<ContentHash, Option<Layer>>,
    /// Corners and borders by size and edges.
    pub frames: Recent<ContentHash, super::pool::Memory>,
    /// The curve of light, both ways.
    pub light: Option<super::pool::Memory>,
    /// Colour tables.
    pub luts: Recent<ContentHash, super::pool::Memory>,
}

/// Values by key, least recently used first.
pub struct Recent<K, V>(Vec<(K, V)>);

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K, V: Clone> Recent<K, V> {
    /// The value whose key `is` the one asked for.
    pub fn find(&mut self, is: impl Fn(&K) -> bool) -> Option<V> {
        let at = self.0.iter().position(|(key, _)| is(key))?;
        let entry = self.0.remove(at);
        let value = entry.1.clone();
        self.0.push(entry);
        Some(value)
    }

    /// Keeps a value, and lets the least recently used go.
    pub fn keep(&mut self, key: K, value: V) {
        if self.0.len() >= KEPT {
            self.0.remove(0);
        }
        self.0.push((key, value));
    }
}

impl<'a> GpuExecutor<'a> {
    /// An executor for frames of that shape on an open device.
    ///
    /// # Errors
    /// As [`CpuExecutor::new`], which does what stays on the CPU.
    pub fn new(
        gpu: Arc<Gpu>,
        spec: FrameSpec,
        assets: &'a Assets,
        rasters: &'a SharedRasters,
    ) -> Result<Self, RenderError> {
        Ok(Self {
            cpu: CpuExecutor::new(spec, assets, rasters)?,
            recorder: Recorder::new(gpu),
            shape: Shape { width: spec.width, height: spec.height },
            kept: Kept::default(),
            scene: None,
            waiting: VecDeque::new(),
        })
    }

    /// Goes on to `scene`, whose first frame is frame `record_start` of the film. Frames that are asked
    /// for but not yet handed out are not disturbed.
    pub fn begin(&mut self, scene: &Scene, record_start: i64) {
        self.cpu.begin(scene, record_start);
        let graphs = self.cpu.graphs(scene);
        self.scene = Some(Current { scene: scene.clone(), graphs, graph: usize::MAX, values: Vec::new() });
    }

    /// Asks for frame `frame` of the scene under way, and hands out the oldest one asked for once enough of
    /// them are under way.
    ///
    /// # Errors
    /// As [`CpuExecutor::frame`], and when the device fails.
    pub fn push(&mut self, frame: i64) -> Result<Option<VideoFrame>, RenderError> {
        let gpu = Arc::clone(self.recorder.gpu());
        gpu.check()?;
        let mut current = self.scene.take().ok_or_else(|| RenderError::broken_timeline("a scene"))?;
        // The library panics when a device that was just lost gives it no memory for uploads.
        let result = catch_unwind(AssertUnwindSafe(|| self.frame_of(&mut current, frame)));
        self.scene = Some(current);
        let result = result.unwrap_or_else(|panic| match gpu.check() {
            Err(error) => Err(error.into()),
            Ok(()) => resume_unwind(panic),
        });
        let asked = match result? {
            Made::Canvas(Value::Host(frame)) => Waiting::Ready(frame),
            Made::Canvas(Value::Device(planes)) => {
                Waiting::Canvas(self.recorder.read_back(&planes.memory, self.shape.words()))
            }
            Made::Pixels(pixels) => Waiting::Pixels(self.recorder.read_back(&pixels.memory, pixels.len())),
        };
        gpu.check()?;
        self.waiting.push_back(asked);
        if self.waiting.len() > IN_FLIGHT { self.pull() } else { Ok(None) }
    }

    /// Hands out the oldest frame that was asked for; `None` when all were handed out.
    ///
    /// # Errors
    /// When the device fails.
    pub fn pull(&mut self) -> Result<Option<VideoFrame>, RenderError> {
        match self.waiting.pop_front() {
            None => Ok(None),
            Some(Waiting::Ready(frame)) => Ok(Some(frame)),
            Some(Waiting::Canvas(back)) => self.taken(back).map(Some),
            Some(Waiting::Pixels(back)) => self.delivered(back).map(Some),
        }
    }

    /// Where the time of its thread went so far.
    pub fn times(&self) -> GpuTimes {
        self.recorder.times
    }

    fn taken(&mut self, back: ReadBack) -> Result<VideoFrame, RenderError> {
        let mut frame = self.cpu.canvas.blank()?;
        let shape = self.shape;
        self.recorder.finish(back, |bytes| Planes::store(shape, bytes, &mut frame))??;
        Ok(frame)
    }

    /// The frame of pixels of the canvas's size that were read back, in the format of the output.
    fn delivered(&mut self, back: ReadBack) -> Result<VideoFrame, RenderError> {
        let Shape { width, height } = self.shape;
        let bytes = self.recorder.finish(back, <[u8]>::to_vec)?;
        let whole = Pixmap::from_premultiplied(width, height, bytes);
        let whole = whole.ok_or_else(|| RenderError::broken_timeline("a canvas of whole rows"))?;
        let delivery = self.cpu.delivery.as_ref();
        delivery.ok_or_else(|| RenderError::broken_timeline("a format"))?.frame(&whole)
    }

    fn frame_of(&mut self, current: &mut Current, frame: i64) -> Result<Made, RenderError> {
        let at = current.graphs.iter().position(|graph| graph.frames.contains(&frame));
        let at = at.ok_or_else(|| RenderError::broken_timeline("a frame of the scene"))?;
        let graph = &current.graphs[at];
        if at != current.graph {
            current.graph = at;
            current.values = vec![None; graph.nodes.len()];
        }
        let context = Context { scene: &current.scene, frame, after: Time::ZERO };
        if self.cpu.delivery.is_some() {
            return nodes::group::items(self, &context).map(Made::Pixels);
        }
        let output = graph.output();
        let value = self.value(&context, graph, &mut current.values, output)?;
        if !graph.nodes[output].is_static {
            return Ok(Made::Canvas(value));
        }
        // Read back once for all frames.
        let frame = self.host(value)?;
        current.values[output] = Some(Value::Host(frame.clone()));
        Ok(Made::Canvas(Value::Host(frame)))
    }

    /// The canvas that node `id` makes for this frame.
    fn value(
        &mut self,
        context: &Context<'_>,
        graph: &RenderGraph,
        values: &mut [Option<Value>],
        id: NodeId,
    ) -> Result<Value, RenderError> {
        if let Some(known) = &values[id] {
            return Ok(known.clone());
        }
        let node = &graph.nodes[id];
        let value = match &node.kind {
            NodeKind::Background(color) => {
                Value::Device(Planes::filled(&mut self.recorder, self.shape, *color))
            }
            NodeKind::Light => nodes::group::film(self, context)?,
            NodeKind::Over(layer) => {
                let below = self.value(context, graph, values, node.inputs[0])?;
                nodes::over::run(self, context, layer, picture_of(graph, node), below)?
            }
            NodeKind::Cover(layer) => self.cover(context, layer, graph, node)?,
            NodeKind::Mix { kind, range } => {
                let from = self.value(context, graph, values, node.inputs[0])?;
                let to = self.value(context, graph, values, node.inputs[1])?;
                nodes::transitions::mix(self, context, *kind, *range, from, to)
            }
            NodeKind::Reshape { kind, range } => {
                let &[below, from_black, from_white, to_black, to_white] = node.inputs.as_slice() else {
                    return Err(RenderError::broken_timeline("both sides of a transition"));
                };
                let from = self.side(context, graph, values, (from_black, from_white))?;
                let to = self.side(context, graph, values, (to_black, to_white))?;
                match nodes::transitions::reshape(self, context, *kind, *range, from, to)? {
                    Reshaped::Canvas(canvas) => canvas,
                    Reshaped::Pixels(pixels) => {
                        let below = self.value(context, graph, values, below)?;
                        nodes::compose::lay_over(self, pixels, (0, 0), Weight::ONE, below)
                    }
                }
            }
            NodeKind::Source { .. } | NodeKind::Still { .. } | NodeKind::Text { .. } | NodeKind::Drawn => {
                return Err(RenderError::broken_timeline("a canvas"));
            }
        };
        if node.is_static {
            values[id] = Some(value.clone());
        }
        Ok(value)
    }

    /// `Cover`: a clip that fills the canvas comes from the CPU, by reference where it may; any other
    /// picture is painted over whatever there is.
    fn cover(
        &mut self,
        context: &Context<'_>,
        layer: &crate::scene::SceneLayer,
        graph: &RenderGraph,
        node: &Node,
    ) -> Result<Value, RenderError> {
        let picture = picture_of(graph, node);
        match picture {
            NodeKind::Source { .. } => {
                let frame = crate::cpu::nodes::cover::run(&mut self.cpu, context, layer, picture)?;
                Ok(Value::Host(frame))
            }
            _ => {
                let blank = Value::Device(Planes::blank(&self.recorder, self.shape));
                nodes::over::run(self, context, layer, picture, blank)
            }
        }
    }

    /// One side of a transition, from the canvases of its layer on black and on white.
    fn side(
        &mut self,
        context: &Context<'_>,
        graph: &RenderGraph,
        values: &mut [Option<Value>],
        (black, white): (NodeId, NodeId),
    ) -> Result<Side, RenderError> {
        let on_black = self.value(context, graph, values, black)?;
        if black == white {
            return Ok(Side::Solid(on_black));
        }
        Ok(Side::Matte { on_black, on_white: self.value(context, graph, values, white)? })
    }

    /// The canvas on the device.
    pub(super) fn device(&mut self, value: Value) -> Planes {
        match value {
            Value::Host(frame) => Planes::upload(&mut self.recorder, &frame),
            Value::Device(planes) => planes,
        }
    }

    /// The canvas as a frame; waits for the device.
    fn host(&mut self, value: Value) -> Result<VideoFrame, RenderError> {
        match value {
            Value::Host(frame) => Ok(frame),
            Value::Device(planes) => {
                let back = self.recorder.read_back(&planes.memory, self.shape.words());
                self.taken(back)
            }
        }
    }

    /// A layer of the CPU's on the device, uploaded once.
    pub(super) fn shared_layer(&mut self, layer: &Arc<PlanarLayer>) -> Layer {
        if let Some(known) = self.kept.layers.find(|known| Arc::ptr_eq(known, layer)) {
            return known;
        }
        let made = Layer::upload(&mut self.recorder, layer);
        self.kept.layers.keep(Arc::clone(layer), made.clone());
        made
    }

    /// A picture of the CPU's on the device.
    pub(super) fn upload(&mut self, pixmap: &Pixmap) -> Pixels {
        Pixels::upload(&mut self.recorder, pixmap)
    }

    /// Pixels of the canvas.
    pub(super) fn size(&self) -> Size {
        Size { width: self.shape.width, height: self.shape.height }
    }
}
