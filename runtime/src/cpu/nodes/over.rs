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
use crate::raster::{PixelRect, PlanarLayer, Rows, Weight, blend, copy_rect};
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
    if opacity == Weight::ZERO {
        return Ok(below);
    }
    let at = placement(context.scene, layer, layer.picture.natural(), context.frame);
    let plain =
        layer.is_plain() && at.motion.leaves_pixels() && !layer.glyphs_move(context.scene, context.frame);
    if let Some(at) = at.on_pixels().filter(|at| framed::is_framed(executor, layer, at)) {
        return framed::run(executor, context, layer, &at, opacity, below);
    }
    let Some(at) = at.on_pixels().filter(|_| plain) else {
        let below = match View::of(executor, layer, &at) {
            Some(view) => match glide::run(executor, context, layer, &at, view, opacity, below)? {
                Ok(canvas) => return Ok(canvas),
                Err(below) => below,
            },
            None => below,
        };
        return compose::run(executor, context, layer, &at, opacity, below);
    };
    match place(executor, context, picture, &at, opacity)? {
        Placed::Nothing => Ok(below),
        Placed::Patch(patch, x, y) => {
            let mut canvas = executor.canvas.owned(below)?;
            let source = executor.canvas.planes(&patch)?;
            let copied = executor.canvas.paint(&mut canvas, |planes| copy_rect(planes, &source, x, y))?;
            copied.map_err(|_| RenderError::broken_timeline("a patch on the chroma grid"))?;
            Ok(canvas)
        }
        Placed::Layer(placed) => paint(executor, below, &placed, opacity),
        Placed::Shared(placed) => paint(executor, below, &placed, opacity),
    }
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
        NodeKind::Source { media, source_start, speed } => {
            let line = source::Line { media: *media, source_start: *source_start, speed: *speed };
            source::place(executor, context, at, line, opacity)
        }
        NodeKind::Still { media } => still::place(executor, at, *media),
        NodeKind::Text { text, style } => text::place(executor, at, text, style),
        _ => Err(RenderError::broken_timeline("a picture")),
    }
}
