//! `Over`: a picture placed on a canvas.
//!
//! A layer that lies upright on whole pixels with its colours as they are stays in the frame's own
//! planes, and only its rectangle is touched; a solid one that travels or grows upright stays there too
//! ([`glide`]); every other one is composed ([`compose`]).

use super::glide::{self, View};
use super::{compose, framed, source, still, text};
use crate::cpu::executor::{Context, CpuExecutor};
use crate::error::RenderError;
use crate::graph::NodeKind;
use crate::media::VideoFrame;
use crate::raster::{PixelRect, PlanarLayer, Rows, Weight, blend, copy_rect, mix_into};
use crate::scene::{Placement, SceneLayer, placement};

/// A picture in the canvas's colours, ready to be painted.
pub enum Placed {
    /// Nothing of it is on the canvas.
    Nothing,
    /// Solid, its corner at these even coordinates and its far edges even or on the canvas's edge.
    Patch(VideoFrame, i32, i32),
    /// With opacity, or at odd coordinates.
    Layer(Box<PlanarLayer>),
    /// The same, shared with other frames and executors.
    Shared(std::sync::Arc<PlanarLayer>),
    /// Solid, filling the canvas; at any opacity.
    Canvas(VideoFrame),
}

/// A layer ready to be painted.
pub enum Prepared {
    /// Nothing of it is seen.
    Clear,
    /// In the canvas's colours, at its place.
    Placed(Placed),
    /// A clip in its frame: what surrounds it, then the clip itself.
    Framed(std::sync::Arc<framed::Frame>, Box<PlanarLayer>),
    /// To be composed, at this place.
    Composed(Box<Placement>),
}

/// The canvas `below` with the layer's picture on it.
pub fn run(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    picture: &NodeKind,
    below: VideoFrame,
) -> Result<VideoFrame, RenderError> {
    let opacity = Weight::from_unit(layer.opacity_at(context.scene, context.frame));
    match prepare(executor, context, layer, picture, opacity)? {
        Prepared::Clear | Prepared::Placed(Placed::Nothing) => Ok(below),
        Prepared::Placed(Placed::Canvas(filled)) if opacity == Weight::ONE => Ok(filled),
        Prepared::Placed(Placed::Canvas(filled)) => {
            let mut mixed = executor.canvas.owned(below)?;
            let source = executor.canvas.planes(&filled)?;
            executor.canvas.paint(&mut mixed, |planes| mix_into(planes, &source, opacity, Rows::Serial))?;
            Ok(mixed)
        }
        Prepared::Placed(Placed::Patch(patch, x, y)) => {
            let mut canvas = executor.canvas.owned(below)?;
            let source = executor.canvas.planes(&patch)?;
            let copied = executor.canvas.paint(&mut canvas, |planes| copy_rect(planes, &source, x, y))?;
            copied.map_err(|_| RenderError::broken_timeline("a patch on the chroma grid"))?;
            Ok(canvas)
        }
        Prepared::Placed(Placed::Layer(placed)) => paint(executor, below, &placed, opacity),
        Prepared::Placed(Placed::Shared(placed)) => paint(executor, below, &placed, opacity),
        Prepared::Framed(frame, clip) => {
            let mut canvas = executor.canvas.owned(below)?;
            executor.canvas.paint(&mut canvas, |planes| {
                blend(planes, frame.surround(), opacity, Rows::Serial);
                blend(planes, &clip, opacity, Rows::Serial);
            })?;
            Ok(canvas)
        }
        Prepared::Composed(at) => compose::run(executor, context, layer, &at, opacity, below),
    }
}

/// The layer's picture, brought to its place where that needs no composing.
pub fn prepare(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    picture: &NodeKind,
    opacity: Weight,
) -> Result<Prepared, RenderError> {
    if opacity == Weight::ZERO {
        return Ok(Prepared::Clear);
    }
    let at = placement(context.scene, layer, layer.picture.natural(), context.frame);
    let plain =
        layer.is_plain() && at.motion.leaves_pixels() && !layer.glyphs_move(context.scene, context.frame);
    if let Some(at) = at.on_pixels().filter(|at| framed::is_framed(executor, layer, at)) {
        let (frame, clip) = framed::draw(executor, context, layer, &at)?;
        return Ok(Prepared::Framed(frame, Box::new(clip)));
    }
    let Some(at) = at.on_pixels().filter(|_| plain) else {
        let drawn = match View::of(executor, layer, &at) {
            Some(view) => glide::draw(executor, context, layer, &at, view)?,
            None => None,
        };
        return Ok(drawn.map_or_else(|| Prepared::Composed(Box::new(at)), Prepared::Placed));
    };
    place(executor, context, picture, &at, opacity).map(Prepared::Placed)
}

fn paint(
    executor: &CpuExecutor<'_>,
    below: VideoFrame,
    layer: &PlanarLayer,
    opacity: Weight,
) -> Result<VideoFrame, RenderError> {
    if layer.rect().intersection(PixelRect::of(executor.size())).is_empty() {
        return Ok(below);
    }
    let mut canvas = executor.canvas.owned(below)?;
    executor.canvas.paint(&mut canvas, |planes| blend(planes, layer, opacity, Rows::Serial))?;
    Ok(canvas)
}

fn place(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    picture: &NodeKind,
    at: &Placement,
    opacity: Weight,
) -> Result<Placed, RenderError> {
    match picture {
        NodeKind::Source { media, course } => {
            let line = source::Line { media: *media, course: *course };
            source::place(executor, context, at, line, opacity)
        }
        NodeKind::Still { media } => still::place(executor, at, *media),
        NodeKind::Text { text, style } => text::place(executor, at, text, style),
        _ => Err(RenderError::broken_timeline("a picture")),
    }
}
