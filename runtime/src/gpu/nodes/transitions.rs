//! `Mix` and `Reshape`: one picture becoming another.

use std::f32::consts::{FRAC_PI_4, TAU};

use vid_timeline::{Color, Size, TimeRange, TransitionType};

use super::convert;
use super::warps::reshaped;
use crate::cpu::executor::Context;
use crate::cpu::nodes::transitions::bars::Bars;
use crate::error::RenderError;
use crate::gpu::canvas::Planes;
use crate::gpu::executor::{GpuExecutor, Value};
use crate::gpu::kernels::{Family, Kernel};
use crate::gpu::picture::Pixels;
use crate::gpu::recorder::Dispatch;
use crate::graph::mixes;
use crate::raster::{Weight, share};
use crate::scene::progress;

/// A layer by itself.
pub enum Side {
    /// It fills the canvas and hides all below it.
    Solid(Value),
    /// The layer painted on black and on white.
    Matte {
        /// On black.
        on_black: Value,
        /// On white.
        on_white: Value,
    },
}

/// What comes of two layers.
pub enum Reshaped {
    /// A canvas that hides all below it.
    Canvas(Value),
    /// Pixels of the canvas's size, to be laid on what is below.
    Pixels(Pixels),
}

/// The canvas `from` becoming the canvas `to`, for a kind that [mixes].
pub fn mix(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    kind: TransitionType,
    range: TimeRange,
    from: Value,
    to: Value,
) -> Value {
    let p = progress(range, context.scene.time_of(context.frame));
    let weight = Weight::from_unit(p);
    if weight == Weight::ZERO {
        return from;
    }
    if weight == Weight::ONE {
        return to;
    }
    let (from, to) = (gpu.device(from), gpu.device(to));
    let Some(numbers) = mask(kind, p as f32, gpu.size()) else {
        return Value::Device(Planes::mixed(&mut gpu.recorder, &from, &to, weight));
    };
    let mixed = Planes::blank(&gpu.recorder, from.shape);
    let reads = [Some(&from.memory), Some(&to.memory)];
    mixed.run(&mut gpu.recorder, Kernel::of(Family::Masks, "mix_masked"), reads, None, &numbers);
    Value::Device(mixed)
}

/// The numbers of a masked transition's kernel; `None` when the share is the same everywhere.
fn mask(kind: TransitionType, p: f32, size: Size) -> Option<Vec<u32>> {
    if let Some(bars) = Bars::of(kind, p, size) {
        let ([even, odd], rows, band) = bars.parts();
        let shares = even.iter().chain(odd).chain(rows).map(|share| u32::from(*share));
        return Some([0, p.to_bits(), band].into_iter().chain(shares).collect());
    }
    let (number, floats) = field(kind, p, size)?;
    let middle = [size.width as f32 / 2.0, size.height as f32 / 2.0];
    let floats = [p].into_iter().chain(middle).chain(floats).map(f32::to_bits);
    Some([number].into_iter().chain(floats).collect())
}

/// The number of a mask that is a function of its place, and what it is told of the frame.
fn field(kind: TransitionType, p: f32, size: Size) -> Option<(u32, Vec<f32>)> {
    use TransitionType as T;
    let (width, height) = (size.width as f32, size.height as f32);
    let (middle_x, middle_y) = (width / 2.0, height / 2.0);
    let reach = (middle_x * middle_x + middle_y * middle_y).sqrt();
    Some(match kind {
        T::DiagonalWipe => {
            let (nx, ny) = (height / (2.0 * reach), width / (2.0 * reach));
            (1, vec![nx, ny, p * (width * nx + height * ny + 1.0) - 0.5])
        }
        T::Iris => (2, vec![p * (reach + 1.0) - 0.5]),
        T::CircleOpen => (3, vec![p * (reach + 0.3 * reach), 0.3 * reach]),
        T::GradientWipe => (4, vec![p * (width + 0.5 * width), 0.5 * width]),
        T::Angular => {
            let turn = p * TAU;
            (5, vec![libm::sinf(turn), -libm::cosf(turn)])
        }
        T::Pinwheel => {
            let turn = p * FRAC_PI_4;
            (6, vec![libm::sinf(turn), -libm::cosf(turn)])
        }
        T::Heart => (7, vec![(p * p.sqrt() * (reach + 2.0) / 0.72).max(1e-3)]),
        T::Crosshatch => (8, vec![height / 30.0, reach]),
        T::SquaresWire => (9, vec![width / 12.0]),
        _ => return None,
    })
}

/// The layer that `from` and `to` make half way, for a kind that does not mix.
pub fn reshape(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    kind: TransitionType,
    range: TimeRange,
    from: Side,
    to: Side,
) -> Result<Reshaped, RenderError> {
    let p = progress(range, context.scene.time_of(context.frame));
    let (from, to) = match (from, to) {
        (Side::Solid(from), _) if p <= 0.0 => return Ok(Reshaped::Canvas(from)),
        (_, Side::Solid(to)) if p >= 1.0 => return Ok(Reshaped::Canvas(to)),
        (Side::Solid(from), Side::Solid(to)) if dip_color(kind).is_some() => {
            let (is_second, share) = dipped(p as f32);
            let canvas = gpu.device(if is_second { to } else { from }).owned(&mut gpu.recorder);
            let color = dip_color(kind).unwrap_or(Color::BLACK);
            canvas.tint(&mut gpu.recorder, color, Weight::from_unit(share.into()));
            return Ok(Reshaped::Canvas(Value::Device(canvas)));
        }
        sides => sides,
    };
    let (from, to) = (pixels(gpu, from), pixels(gpu, to));
    Ok(Reshaped::Pixels(reshaped(gpu, kind, p as f32, &from, &to)))
}

/// A side as pixels.
fn pixels(gpu: &mut GpuExecutor<'_>, side: Side) -> Pixels {
    match side {
        Side::Solid(canvas) => {
            let canvas = gpu.device(canvas);
            convert::pixels(gpu, &canvas)
        }
        Side::Matte { on_black, on_white } => {
            let (black, white) = (gpu.device(on_black), gpu.device(on_white));
            convert::matted(gpu, &black, &white)
        }
    }
}

/// What `from` and `to`, each painted alone on an empty canvas of one size, make half way.
pub fn joined(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    kind: TransitionType,
    range: TimeRange,
    from: Pixels,
    to: Pixels,
) -> Result<Pixels, RenderError> {
    let p = progress(range, context.scene.time_of(context.frame)) as f32;
    if p <= 0.0 {
        return Ok(from);
    }
    if p >= 1.0 {
        return Ok(to);
    }
    if !mixes(kind) {
        return Ok(reshaped(gpu, kind, p, &from, &to));
    }
    let made = Pixels::blank(&gpu.recorder, from.width, from.height, None);
    let reads = [Some(&from.memory), Some(&to.memory)];
    match mask(kind, p, Size { width: from.width, height: from.height }) {
        None => {
            let kernel = Kernel::of(Family::Pixels, "between");
            made.fill(&mut gpu.recorder, kernel, reads, &[u32::from(share(p))]);
        }
        Some(mask) => {
            let numbers: Vec<u32> = [0, 0, made.width, made.height].into_iter().chain(mask).collect();
            gpu.recorder.run(&Dispatch {
                kernel: Kernel::of(Family::Masks, "mix_pictures"),
                numbers: &numbers,
                reads,
                writes: &made.memory,
                flag: None,
                runs: (made.width, made.height),
            });
        }
    }
    Ok(made)
}

pub(super) fn dip_color(kind: TransitionType) -> Option<Color> {
    match kind {
        TransitionType::DipToBlack => Some(Color::BLACK),
        TransitionType::DipToWhite => Some(Color::WHITE),
        _ => None,
    }
}

/// Whether the second picture is seen at progress `p` of a dip, and the share of the colour.
pub(super) fn dipped(p: f32) -> (bool, f32) {
    if p < 0.5 { (false, 2.0 * p) } else { (true, 2.0 - 2.0 * p) }
}

pub(super) fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
