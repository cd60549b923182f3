//! `Source`: frames of a video file, brought to their place.

use vid_timeline::{Rational, Time};

use super::over::Placed;
use crate::assets::ContentHash;
use crate::cpu::executor::{Context, CpuExecutor};
use crate::error::RenderError;
use crate::media::{FrameSpec, MediaError, PixelFormat, VideoFrame};
use crate::raster::{Alpha, ColorSpec, PixelRect, PlanarLayer, Plane, Weight};
use crate::scene::{Placement, SceneLayer, placement};

/// Which frame of which file.
#[derive(Clone, Copy)]
pub struct Line {
    /// The file.
    pub media: ContentHash,
    /// Media time at the scene's first frame.
    pub source_start: Time,
    /// Media seconds per second.
    pub speed: Rational,
}

/// The frame filling the canvas: by reference when it already has the canvas's shape.
pub fn cover(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    line: Line,
) -> Result<VideoFrame, RenderError> {
    let frame = decode(executor, context, line)?;
    let canvas = PixelRect::of(executor.size());
    let (frame, _) = visible(frame, &placement_of(context, layer), canvas)?;
    if is_native(executor, &frame) {
        return Ok(frame);
    }
    let mut target = executor.canvas.blank()?;
    executor.scaler.convert(&frame, &mut target)?;
    Ok(target)
}

/// The frame at its place, for painting over others.
pub fn place(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    line: Line,
    opacity: Weight,
) -> Result<Placed, RenderError> {
    let frame = decode(executor, context, line)?;
    let canvas = PixelRect::of(executor.size());
    let (frame, rect) = visible(frame, &placement_of(context, layer), canvas)?;
    if rect.is_empty() {
        return Ok(Placed::Nothing);
    }
    let spec = FrameSpec { width: rect.width(), height: rect.height(), ..*executor.canvas.spec() };
    let has_alpha = frame.format().has_alpha();
    let on_grid = (rect.x0 | rect.y0) & 1 == 0
        && (rect.x1 & 1 == 0 || rect.x1 == canvas.x1)
        && (rect.y1 & 1 == 0 || rect.y1 == canvas.y1);
    if on_grid && !has_alpha && opacity == Weight::ONE {
        if spec.fits(&frame) && same_colors(executor, &frame) {
            return Ok(Placed::Patch(frame, rect.x0, rect.y0));
        }
        let mut patch = VideoFrame::allocate(&spec)?;
        executor.scaler.convert(&frame, &mut patch)?;
        return Ok(Placed::Patch(patch, rect.x0, rect.y0));
    }
    let format = if has_alpha { PixelFormat::YUVA444P } else { PixelFormat::YUV444P };
    let mut full = VideoFrame::allocate(&FrameSpec { format, ..spec })?;
    executor.scaler.convert(&frame, &mut full)?;
    let layer = planar(&full, rect, executor.canvas.color());
    layer
        .map(|layer| Placed::Layer(Box::new(layer)))
        .ok_or_else(|| RenderError::broken_timeline("a picture of drawable size"))
}

fn planar(frame: &VideoFrame, rect: PixelRect, color: ColorSpec) -> Option<PlanarLayer> {
    let plane = |index| {
        let plane = frame.plane(index);
        Plane { data: plane.data, stride: plane.stride }
    };
    let alpha = if frame.format().has_alpha() { Alpha::Plane(plane(3)) } else { Alpha::Constant(255) };
    PlanarLayer::from_yuv444(rect, [plane(0), plane(1), plane(2)], alpha, color)
}

fn decode(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    line: Line,
) -> Result<VideoFrame, RenderError> {
    let time = context.scene.time_of(context.frame);
    executor.sources.frame(executor.assets, line.media, line.source_start, line.speed, time)
}

fn placement_of(context: &Context<'_>, layer: &SceneLayer) -> Placement {
    let natural = match layer.picture {
        crate::scene::Picture::Video { natural, .. } => natural,
        _ => (0, 0),
    };
    placement(context.scene, layer, natural, context.frame)
}

/// The part of the frame that lands on the canvas, and where. Cuts of the source lie on its chroma
/// grid, at most one pixel from where they are asked for.
fn visible(
    frame: VideoFrame,
    at: &Placement,
    canvas: PixelRect,
) -> Result<(VideoFrame, PixelRect), MediaError> {
    let rect = at.rect.intersection(canvas);
    let (mut left, mut top, mut right, mut bottom) = at.source;
    if rect.is_empty() {
        return Ok((frame, rect));
    }
    let across = (right - left) / f64::from(at.rect.width());
    let down = (bottom - top) / f64::from(at.rect.height());
    left += across * f64::from(rect.x0 - at.rect.x0);
    right -= across * f64::from(at.rect.x1 - rect.x1);
    top += down * f64::from(rect.y0 - at.rect.y0);
    bottom -= down * f64::from(at.rect.y1 - rect.y1);
    if (left, top, right, bottom) == (0.0, 0.0, 1.0, 1.0) {
        return Ok((frame, rect));
    }
    let (width, height) = (f64::from(frame.width()), f64::from(frame.height()));
    let start = |value: f64, size: f64| 2 * ((value * size / 2.0 + 0.5).floor().max(0.0) as u32);
    let end = |value: f64, size: f64, first: u32| {
        let last = 2 * ((value * size / 2.0 + 0.5).floor() as u32);
        last.clamp(first + 2, size as u32 + 1).min(size as u32)
    };
    let (x0, y0) = (start(left, width), start(top, height));
    let cropped = frame.cropped(x0, y0, end(right, width, x0) - x0, end(bottom, height, y0) - y0)?;
    Ok((cropped, rect))
}

fn is_native(executor: &CpuExecutor<'_>, frame: &VideoFrame) -> bool {
    executor.canvas.spec().fits(frame) && same_colors(executor, frame)
}

/// Whether the frame's numbers mean what the canvas's do.
fn same_colors(executor: &CpuExecutor<'_>, frame: &VideoFrame) -> bool {
    let (own, wanted) = (frame.color(), executor.canvas.spec().color);
    own.matrix.or_guess(frame.height()) == wanted.matrix && own.range.is_full() == wanted.range.is_full()
}
