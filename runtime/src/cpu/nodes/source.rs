//! `Source`: frames of a video file, brought to their place.

use super::over::Placed;
use crate::assets::ContentHash;
use crate::cpu::executor::{Context, CpuExecutor};
use crate::error::RenderError;
use crate::media::{
    ColorDescription, FrameSpec, Matrix, MediaError, PixelFormat, Range, VideoFrame, pixels_of,
};
use crate::raster::{Alpha, ColorSpec, PixelRect, Pixmap, PlanarLayer, Plane, Weight};
use crate::scene::{Course, Placement, SceneLayer, placement};

/// Which frame of which file.
#[derive(Clone, Copy)]
pub struct Line {
    /// The file.
    pub media: ContentHash,
    /// Which media time is shown when.
    pub course: Course,
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
    let at = placement(context.scene, layer, layer.picture.natural(), context.frame);
    // The pass that makes covers has seen that it lies on whole pixels.
    let (frame, _) = visible(frame, &at.on_pixels().unwrap_or(at), canvas)?;
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
    at: &Placement,
    line: Line,
    opacity: Weight,
) -> Result<Placed, RenderError> {
    let frame = decode(executor, context, line)?;
    let canvas = PixelRect::of(executor.size());
    let (frame, rect) = visible(frame, at, canvas)?;
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
    let own = full.plane(if has_alpha { 3 } else { 0 });
    let alpha = match has_alpha {
        true => Alpha::Plane(Plane { data: own.data, stride: own.stride }),
        false => Alpha::Constant(255),
    };
    let layer = layer_of(&full, rect, alpha, executor.canvas.color())?;
    Ok(Placed::Layer(Box::new(layer)))
}

/// The whole frame in the canvas's format and colours, at its own size.
pub fn native(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    line: Line,
) -> Result<VideoFrame, RenderError> {
    let frame = decode(executor, context, line)?;
    let spec = FrameSpec { width: frame.width(), height: frame.height(), ..*executor.canvas.spec() };
    if spec.fits(&frame) && same_colors(executor, &frame) {
        return Ok(frame);
    }
    let mut converted = VideoFrame::allocate(&spec)?;
    executor.scaler.convert(&frame, &mut converted)?;
    Ok(converted)
}

/// What the layer shows of the frame, as pixels of the given size.
pub fn pixmap(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    at: &Placement,
    line: Line,
    (width, height): (u32, u32),
) -> Result<Pixmap, RenderError> {
    let frame = decode(executor, context, line)?;
    let (left, top, right, bottom) = at.source;
    let frame = cut(frame, [left, top, right, bottom])?;
    if (frame.width(), frame.height()) == (width, height)
        && let Some(pixels) = pixels_of(&frame)
    {
        return Pixmap::from_solid(width, height, pixels)
            .ok_or_else(|| RenderError::broken_timeline("a frame of whole rows"));
    }
    let color = ColorDescription { matrix: Matrix::RGB, range: Range::Full, ..executor.canvas.spec().color };
    let spec = FrameSpec { width, height, format: PixelFormat::RGBA, color };
    let mut rgba = VideoFrame::allocate(&spec)?;
    executor.scaler.convert(&frame, &mut rgba)?;
    let plane = rgba.plane(0);
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
    for row in 0..plane.rows {
        pixels.extend_from_slice(plane.row(row));
    }
    Pixmap::from_straight(width, height, pixels)
        .ok_or_else(|| RenderError::broken_timeline("a frame of whole rows"))
}

/// The frame at its place, with `shares` as the opacity of its pixels. The place is inside the canvas.
pub fn planar(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    at: &Placement,
    line: Line,
    shares: &[u8],
) -> Result<PlanarLayer, RenderError> {
    let frame = decode(executor, context, line)?;
    let (left, top, right, bottom) = at.source;
    let frame = cut(frame, [left, top, right, bottom])?;
    let (width, height) = (at.rect.width(), at.rect.height());
    let spec = FrameSpec { width, height, format: PixelFormat::YUV444P, ..*executor.canvas.spec() };
    let mut full = VideoFrame::allocate(&spec)?;
    executor.scaler.convert(&frame, &mut full)?;
    let alpha = Alpha::Plane(Plane { data: shares, stride: width as usize });
    layer_of(&full, at.rect, alpha, executor.canvas.color())
}

fn layer_of(
    frame: &VideoFrame,
    rect: PixelRect,
    alpha: Alpha<'_>,
    color: ColorSpec,
) -> Result<PlanarLayer, RenderError> {
    let plane = |index| {
        let plane = frame.plane(index);
        Plane { data: plane.data, stride: plane.stride }
    };
    PlanarLayer::from_yuv444(rect, [plane(0), plane(1), plane(2)], alpha, color)
        .ok_or_else(|| RenderError::broken_timeline("a picture of drawable size"))
}

fn decode(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    line: Line,
) -> Result<VideoFrame, RenderError> {
    let time = context.scene.time_of(context.frame);
    // Decoders know times of the outermost scene alone.
    let course = line.course.shifted(-context.after);
    executor.sources.frame(executor.assets, line.media, &course, time + context.after)
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
    Ok((cut(frame, [left, top, right, bottom])?, rect))
}

/// The part of the frame between the given fractions of its sides: left, top, right, bottom.
fn cut(frame: VideoFrame, [left, top, right, bottom]: [f64; 4]) -> Result<VideoFrame, MediaError> {
    if [left, top, right, bottom] == [0.0, 0.0, 1.0, 1.0] {
        return Ok(frame);
    }
    let (width, height) = (f64::from(frame.width()), f64::from(frame.height()));
    let start = |value: f64, size: f64| 2 * ((value * size / 2.0 + 0.5).floor().max(0.0) as u32);
    let end = |value: f64, size: f64, first: u32| {
        let last = 2 * ((value * size / 2.0 + 0.5).floor() as u32);
        last.clamp(first + 2, size as u32 + 1).min(size as u32)
    };
    let (x0, y0) = (start(left, width), start(top, height));
    frame.cropped(x0, y0, end(right, width, x0) - x0, end(bottom, height, y0) - y0)
}

fn is_native(executor: &CpuExecutor<'_>, frame: &VideoFrame) -> bool {
    executor.canvas.spec().fits(frame) && same_colors(executor, frame)
}

/// Whether the frame's numbers mean what the canvas's do.
fn same_colors(executor: &CpuExecutor<'_>, frame: &VideoFrame) -> bool {
    let (own, wanted) = (frame.color(), executor.canvas.spec().color);
    own.is_standard_light()
        && own.matrix.or_guess(frame.height()) == wanted.matrix
        && own.range.is_full() == wanted.range.is_full()
}
