//! `Mix` and `Reshape`: one picture becoming another. One file a family.
//!
//! Every kind is a function of its progress and of two pictures, as `docs/transitions.md` says. There
//! are two sorts, told apart by [`mixes`]:
//!
//! - those that show, at each place, a share of each picture. Painting is affine in what is painted,
//!   so mixing two finished canvases equals painting the mixed layer, whatever shapes the two have;
//!   they stay in the canvas's own planes ([`bars`], [`fields`] and the dissolve itself);
//! - those that move, bend or recolour the pictures. They read them by themselves, as premultiplied
//!   R'G'B', and what they leave open shows what is below ([`solids`], [`warps`], [`tones`]).

pub mod bars;
mod fields;
mod solids;
mod tones;
mod warps;

use vid_timeline::{Blending, Color, Size, TimeRange, TransitionType};

use crate::cpu::executor::{Context, CpuExecutor};
use crate::error::RenderError;
use crate::graph::mixes;
use crate::media::{FrameSpec, Matrix, PixelFormat, Range, VideoFrame, pixels_of};
use crate::raster::paint::{Lanes, with_lanes};
use crate::raster::sample::Picture;
use crate::raster::{self, Mask, Pixmap, PlanarLayer, Rows, Weight, Ycc, planes_from_rgba};
use crate::scene::progress;

/// A layer by itself.
pub enum Side {
    /// It fills the canvas and hides all below it.
    Solid(VideoFrame),
    /// The layer painted on black and on white: where the two differ, it can be seen through.
    Matte {
        /// On black.
        on_black: VideoFrame,
        /// On white.
        on_white: VideoFrame,
    },
}

/// What comes of two layers.
pub enum Reshaped {
    /// A canvas that hides all below it.
    Canvas(VideoFrame),
    /// A layer, to be painted on what is below.
    Layer(Box<PlanarLayer>),
}

/// Two pictures of one size and how far the first has become the second.
struct Sides<'a, W> {
    lanes: W,
    from: Picture<'a>,
    to: Picture<'a>,
    width: u32,
    height: u32,
    /// 0–1.
    p: f32,
}

/// The canvas `from` becoming the canvas `to`, for a kind that [mixes](crate::graph::mixes).
pub fn mix(
    executor: &CpuExecutor<'_>,
    context: &Context<'_>,
    kind: TransitionType,
    range: TimeRange,
    from: VideoFrame,
    to: &VideoFrame,
) -> Result<VideoFrame, RenderError> {
    let p = progress(range, context.scene.time_of(context.frame));
    let weight = Weight::from_unit(p);
    if weight == Weight::ZERO {
        return Ok(from);
    }
    if weight == Weight::ONE {
        return Ok(to.clone());
    }
    let mut canvas = executor.canvas.blank()?;
    let (a, b) = (executor.canvas.planes(&from)?, executor.canvas.planes(to)?);
    match mask(kind, p as f32, executor.size()) {
        Some(mask) => {
            executor
                .canvas
                .paint(&mut canvas, |planes| raster::mix_masked(planes, &a, &b, &*mask, Rows::Serial))?;
        }
        None => {
            executor.canvas.paint(&mut canvas, |planes| raster::mix(planes, &a, &b, weight, Rows::Serial))?
        }
    }
    Ok(canvas)
}

/// The share of the second picture at each place; `None` when it is the same everywhere.
fn mask(kind: TransitionType, p: f32, size: Size) -> Option<Box<dyn Mask>> {
    match bars::Bars::of(kind, p, size) {
        Some(bars) => Some(Box::new(bars)),
        None => fields::of(kind, p, size),
    }
}

/// The layer that `from` and `to` make half way, for a kind that does not mix.
pub fn reshape(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    kind: TransitionType,
    range: TimeRange,
    from: Side,
    to: Side,
) -> Result<Reshaped, RenderError> {
    let p = progress(range, context.scene.time_of(context.frame));
    match (&from, &to) {
        (Side::Solid(from), _) if p <= 0.0 => return Ok(Reshaped::Canvas(from.clone())),
        (_, Side::Solid(to)) if p >= 1.0 => return Ok(Reshaped::Canvas(to.clone())),
        (Side::Solid(from), Side::Solid(to)) if dip_color(kind).is_some() => {
            let (side, share) = tones::dipped(p as f32);
            let canvas = if side == 0 { from } else { to };
            return dip(executor, canvas.clone(), dip_color(kind).unwrap_or(Color::BLACK), share);
        }
        _ => {}
    }
    let Size { width, height } = executor.size();
    let (from, to) = (Pixels::of(executor, &from)?, Pixels::of(executor, &to)?);
    let broken = || RenderError::broken_timeline("a picture of the canvas's size");
    let pictures = (from.picture().ok_or_else(broken)?, to.picture().ok_or_else(broken)?);
    let pixels = pixels(kind, pictures, (width, height), p as f32);
    let pixmap = Pixmap::from_premultiplied(width, height, pixels).ok_or_else(broken)?;
    if pixmap.is_opaque() {
        return canvas_of(executor, &pixmap).map(Reshaped::Canvas);
    }
    let layer = PlanarLayer::from_pixmap(&pixmap, 0, 0, executor.canvas.color());
    layer.map(|layer| Reshaped::Layer(Box::new(layer))).ok_or_else(broken)
}

/// What `from` and `to`, each painted alone on an empty canvas of one size, make half way: for the
/// canvases of groups, which have opacity. Shares of pictures, and dips, are mixed in the light of the
/// scene; what recolours pictures otherwise works on their encoded colours in either.
pub fn joined(
    context: &Context<'_>,
    kind: TransitionType,
    range: TimeRange,
    from: Pixmap,
    to: Pixmap,
) -> Pixmap {
    let p = progress(range, context.scene.time_of(context.frame)) as f32;
    let (width, height) = (from.width(), from.height());
    if p <= 0.0 {
        return from;
    }
    if p >= 1.0 {
        return to;
    }
    let in_light = context.scene.blending == Blending::Linear;
    if let Some(color) = dip_color(kind).filter(|_| in_light) {
        let (side, share) = tones::dipped(p);
        return dipped_in_light([from, to], side, color, raster::share(share));
    }
    if !mixes(kind) {
        let sides = Picture::of(&from).zip(Picture::of(&to));
        let made = sides.and_then(|pictures| {
            let pixels = pixels(kind, pictures, (width, height), p);
            Pixmap::from_premultiplied(width, height, pixels)
        });
        return made.unwrap_or(from);
    }
    let mask = mask(kind, p, Size { width, height });
    let mut mixed = from;
    let columns = width.max(1) as usize;
    let mut shares = vec![raster::share(p); columns];
    mixed.edit(|pixels| {
        for (y, row) in (0..).zip(pixels.chunks_exact_mut(columns * 4)) {
            if let Some(mask) = &mask {
                mask.row(y, &mut shares);
            }
            if in_light {
                raster::mix_light(row, to.row(y), &shares);
                continue;
            }
            for ((from, to), share) in row.chunks_exact_mut(4).zip(to.row(y).chunks_exact(4)).zip(&shares) {
                let share = u32::from(*share);
                for (from, to) in from.iter_mut().zip(to) {
                    let full = u32::from(raster::FULL_SHARE);
                    let sum = u32::from(*from) * (full - share) + u32::from(*to) * share;
                    *from = ((sum + full / 2) / full) as u8;
                }
            }
        }
    });
    mixed
}

/// As [`tones::dip`], in linear light: side number `side` on its way to a colour, with the outline of both.
fn dipped_in_light(sides: [Pixmap; 2], side: usize, color: Color, share: u16) -> Pixmap {
    let [from, to] = sides;
    let (mut seen, other) = if side == 0 { (from, to) } else { (to, from) };
    let columns = seen.width().max(1) as usize;
    let shares = vec![share; columns];
    let mut target = vec![0; columns * 4];
    seen.edit(|pixels| {
        for (y, row) in (0..).zip(pixels.chunks_exact_mut(columns * 4)) {
            let pairs = row.chunks_exact(4).zip(other.row(y).chunks_exact(4));
            for (target, (own, other)) in target.chunks_exact_mut(4).zip(pairs) {
                let alpha = own[3].max(other[3]);
                let channel = |value| raster::pixmap::mul_255(value, alpha);
                target.copy_from_slice(&[channel(color.r), channel(color.g), channel(color.b), alpha]);
            }
            raster::mix_light(row, &target, &shares);
        }
    });
    seen
}

/// The pixels of a kind that does not mix.
fn pixels(kind: TransitionType, pictures: (Picture<'_>, Picture<'_>), size: (u32, u32), p: f32) -> Vec<u8> {
    with_lanes!(pixels_in, kind, pictures, size, p)
}

fn pixels_in<W: Lanes>(
    lanes: W,
    kind: TransitionType,
    (from, to): (Picture<'_>, Picture<'_>),
    (width, height): (u32, u32),
    p: f32,
) -> Vec<u8> {
    use TransitionType as T;
    let sides = &Sides { lanes, from, to, width, height, p };
    match kind {
        T::Cube => solids::cube(sides),
        T::Doorway => solids::doorway(sides),
        T::PageTurn => solids::page_turn(sides),
        T::Swirl => warps::swirl(sides),
        T::WaterDrop => warps::water_drop(sides),
        T::Dreamy => warps::dreamy(sides),
        T::CrossZoom => warps::cross_zoom(sides),
        T::ColorPhase => tones::color_phase(sides),
        T::Burn => tones::burn(sides),
        T::GlitchMemories => tones::glitch_memories(sides),
        T::DipToWhite => tones::dip(sides, [255.0; 3]),
        // The kinds that mix never come here; black is what a dip without a colour goes through.
        _ => tones::dip(sides, [0.0; 3]),
    }
}

fn dip_color(kind: TransitionType) -> Option<Color> {
    match kind {
        TransitionType::DipToBlack => Some(Color::BLACK),
        TransitionType::DipToWhite => Some(Color::WHITE),
        _ => None,
    }
}

/// A canvas with `share` (0–1) of a colour, in its own planes.
fn dip(
    executor: &CpuExecutor<'_>,
    canvas: VideoFrame,
    color: Color,
    share: f32,
) -> Result<Reshaped, RenderError> {
    let mut mixed = executor.canvas.owned(canvas)?;
    let color = Ycc::from_color(color, executor.canvas.color());
    let weight = Weight::from_unit(share.into());
    executor.canvas.paint(&mut mixed, |planes| raster::tint(planes, color, weight))?;
    Ok(Reshaped::Canvas(mixed))
}

/// A side as pixels.
enum Pixels {
    /// As FFmpeg converted it.
    Frame(VideoFrame),
    /// With opacity.
    Map(Pixmap),
}

impl Pixels {
    fn of(executor: &mut CpuExecutor<'_>, side: &Side) -> Result<Self, RenderError> {
        match side {
            Side::Solid(canvas) => match solid(canvas) {
                Some(pixmap) => Ok(Self::Map(pixmap)),
                None => rgba(executor, canvas).map(Self::Frame),
            },
            Side::Matte { on_black, on_white } => {
                let (black, white) = (rgba(executor, on_black)?, rgba(executor, on_white)?);
                Ok(Self::Map(matted(&black, &white)))
            }
        }
    }

    fn picture(&self) -> Option<Picture<'_>> {
        match self {
            Self::Frame(frame) => {
                let plane = frame.plane(0);
                Picture::new(plane.data, plane.stride, frame.width(), frame.height())
            }
            Self::Map(pixmap) => Picture::of(pixmap),
        }
    }
}

/// The layer that was painted on black and on white. Its opacity is what it takes from the
/// difference of the two; green carries it best, being most of the luma.
fn matted(black: &VideoFrame, white: &VideoFrame) -> Pixmap {
    let (width, height) = (black.width(), black.height());
    let (black, white) = (black.plane(0), white.plane(0));
    let mut pixels = Vec::with_capacity(4 * width as usize * height as usize);
    for y in 0..height as usize {
        for (black, white) in black.row(y).chunks_exact(4).zip(white.row(y).chunks_exact(4)) {
            let alpha = 255 - white[1].saturating_sub(black[1]);
            pixels.extend([black[0], black[1], black[2], alpha]);
        }
    }
    // As many bytes as the picture has.
    Pixmap::from_premultiplied(width, height, pixels).unwrap_or_else(|| Pixmap::transparent(width, height))
}

/// A canvas as pixels, where that needs no library.
fn solid(canvas: &VideoFrame) -> Option<Pixmap> {
    pixels_of(canvas).and_then(|pixels| Pixmap::from_solid(canvas.width(), canvas.height(), pixels))
}

/// The spec of a canvas as R'G'B'.
fn rgba_spec(executor: &CpuExecutor<'_>) -> FrameSpec {
    let spec = *executor.canvas.spec();
    let mut color = spec.color;
    (color.matrix, color.range) = (Matrix::RGB, Range::Full);
    FrameSpec { format: PixelFormat::RGBA, color, ..spec }
}

fn rgba(executor: &mut CpuExecutor<'_>, canvas: &VideoFrame) -> Result<VideoFrame, RenderError> {
    let mut frame = VideoFrame::allocate(&rgba_spec(executor))?;
    executor.scaler.convert(canvas, &mut frame)?;
    Ok(frame)
}

/// Opaque pixels of the canvas's size in the canvas's planes.
pub fn canvas_of(executor: &mut CpuExecutor<'_>, pixmap: &Pixmap) -> Result<VideoFrame, RenderError> {
    let mut canvas = executor.canvas.blank()?;
    let (width, height) = (pixmap.width(), pixmap.height());
    // As in the scaler, which does smaller ones in another way.
    let is_large = width.min(height) >= 16 && (width, height) == (canvas.width(), canvas.height());
    let stride = 4 * width as usize;
    if is_large
        && executor.canvas.paint(&mut canvas, |planes| planes_from_rgba(planes, pixmap.pixels(), stride))?
    {
        return Ok(canvas);
    }
    let mut frame = VideoFrame::allocate(&rgba_spec(executor))?;
    for mut plane in frame.planes_mut()? {
        (0..plane.rows).for_each(|y| plane.row_mut(y).copy_from_slice(pixmap.row(y as u32)));
    }
    executor.scaler.convert(&frame, &mut canvas)?;
    Ok(canvas)
}

/// A mask as letters: `.` for nothing, `#` for all, digits for tenths between.
#[cfg(test)]
fn sketch(mask: &dyn Mask, size: Size) -> String {
    let mut text = String::new();
    let mut shares = vec![0; size.width as usize];
    for y in 0..size.height {
        mask.row(y, &mut shares);
        text.extend(shares.iter().map(|share| {
            match u32::from(*share) * 10 / u32::from(raster::FULL_SHARE) {
                _ if *share == 0 => '.',
                10 => '#',
                tenths => char::from_digit(tenths, 10).unwrap_or('?'),
            }
        }));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests;
