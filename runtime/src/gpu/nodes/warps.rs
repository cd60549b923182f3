//! The transitions that reshape: what the CPU computes once for a frame, and the kernels that draw it.

use std::f32::consts::{FRAC_PI_2, PI, TAU};

use vid_timeline::{Color, TransitionType};

use super::transitions::{dip_color, dipped, smooth};
use crate::gpu::executor::GpuExecutor;
use crate::gpu::kernels::{Family, Kernel};
use crate::gpu::picture::Pixels;
use crate::gpu::recorder::Dispatch;
use crate::raster::noise::unit;

/// Entries of a table by distance from the middle, to a pixel.
const STEPS: f32 = 4.0;
/// Pixels over which a picture of `cross_zoom` is blurred, at its sides, before it is drawn with fewer.
const SMEAR: f32 = 24.0;

/// Two pictures of one size, and how far the first has become the second.
struct Sides<'s> {
    from: &'s Pixels,
    to: &'s Pixels,
    p: f32,
}

/// The pixels of a kind that does not mix.
pub fn reshaped(
    gpu: &mut GpuExecutor<'_>,
    kind: TransitionType,
    p: f32,
    from: &Pixels,
    to: &Pixels,
) -> Pixels {
    use TransitionType as T;
    let sides = Sides { from, to, p };
    let (width, height) = (from.width as f32, from.height as f32);
    match kind {
        T::Cube => {
            let turn = p * FRAC_PI_2;
            let focus = 1.6 * width;
            let middle = focus + width / 2.0 + 0.25 * width * libm::sinf(2.0 * turn);
            sides.drawn(gpu, "cube", &[libm::sinf(turn), libm::cosf(turn), focus, middle])
        }
        T::Doorway => {
            let eased = p * p * (3.0 - 2.0 * p);
            let turn = eased * FRAC_PI_2;
            let hinge = width - eased * width;
            let depth = (width + width - eased * width) / width;
            let light = 0.4 + 0.6 * eased;
            sides.drawn(gpu, "doorway", &[libm::sinf(turn), libm::cosf(turn), width, hinge, depth, light])
        }
        T::PageTurn => {
            let (across, down) = (0.94, 0.341_174_45);
            let radius = 0.14 * height;
            let last = width * across + height * down;
            let lift = last + (-2.0 * radius - last) * p;
            sides.drawn(gpu, "page_turn", &[radius, lift, across, down])
        }
        T::Swirl => {
            let strength = 3.0 * PI * smooth(1.0 - (2.0 * p - 1.0).abs());
            let table = sides.radial(|distance, reach| {
                let inward = (1.0 - distance / reach).max(0.0);
                let angle = strength * inward * inward;
                [libm::sinf(angle), libm::cosf(angle)]
            });
            sides.tabled(gpu, "swirl", smooth((p - 0.3) / 0.4), &table)
        }
        T::WaterDrop => {
            let table = drop_table(&sides);
            sides.tabled(gpu, "water_drop", 0.0, &table)
        }
        T::Dreamy => {
            let wave = |at: f32, phase: f32| 0.03 * width * libm::sinf(TAU * (1.4 * at + phase));
            let glow = 0.55 * smooth(1.0 - (2.0 * p - 1.0).abs());
            let mut floats = vec![smooth(p), smooth(1.0 - p), glow];
            floats.extend((0..from.height).map(|y| wave(y as f32 / height, p)));
            floats.extend((0..from.width).map(|x| wave(x as f32 / width, 0.25 + p)));
            sides.drawn(gpu, "dreamy", &floats)
        }
        T::CrossZoom => sides.zoomed(gpu),
        T::ColorPhase => {
            let share = |begin: f32| smooth((p - begin) / 0.6);
            sides.drawn(gpu, "color_phase", &[share(0.0), share(0.2), share(0.4), smooth(p)])
        }
        T::Burn => sides.drawn(gpu, "burn", &[]),
        T::GlitchMemories => {
            let step = (p * 14.0) as u32;
            let strength = smooth(1.0 - (2.0 * p - 1.0).abs());
            let arrived = smooth((p - 0.15) / 0.7);
            let part = 0.02 * width * strength * (0.4 + unit(step, 1));
            let floats = [strength, arrived, part].map(f32::to_bits);
            let further: Vec<u32> = [step].into_iter().chain(floats).collect();
            sides.run(gpu, "glitch_memories", &further)
        }
        // The kinds that mix never come here; black is what a dip without a colour goes through.
        _ => {
            let (is_second, share) = dipped(p);
            let Color { r, g, b, .. } = dip_color(kind).unwrap_or(Color::BLACK);
            let color = [r, g, b].map(|channel| f32::from(channel).to_bits());
            let further: Vec<u32> =
                [u32::from(is_second), share.to_bits()].into_iter().chain(color).collect();
            sides.run(gpu, "dip", &further)
        }
    }
}

/// Scale, share of the second picture and light of the rings, by distance from the middle.
fn drop_table(sides: &Sides<'_>) -> Vec<f32> {
    let p = sides.p;
    let wave = 0.16 * sides.from.height as f32;
    let calm = smooth((1.0 - p) / 0.35);
    sides.radial(|distance, reach| {
        let behind = p * (reach + 3.5 * wave) - distance;
        let phase = behind / wave * TAU;
        let height = smooth(behind / wave) * calm / (1.0 + 0.35 * (behind / wave).max(0.0));
        let push = height * 0.3 * wave / TAU * libm::sinf(phase) * 4.0;
        let scale = if distance > 0.0 { (distance + push) / distance } else { 1.0 };
        [scale, smooth((behind - 0.8 * wave) / (2.2 * wave)), 1.0 + 0.25 * height * libm::cosf(phase)]
    })
}

impl Sides<'_> {
    fn drawn(&self, gpu: &mut GpuExecutor<'_>, name: &'static str, floats: &[f32]) -> Pixels {
        let further: Vec<u32> = floats.iter().map(|value| value.to_bits()).collect();
        self.run(gpu, name, &further)
    }

    fn run(&self, gpu: &mut GpuExecutor<'_>, name: &'static str, further: &[u32]) -> Pixels {
        // Some of them leave places open; whether this one does is seen when it is laid on the canvas.
        let made = Pixels::blank(&gpu.recorder, self.from.width, self.from.height, None);
        let mut numbers = vec![self.p.to_bits()];
        numbers.extend_from_slice(further);
        let reads = [Some(&self.from.memory), Some(&self.to.memory)];
        made.fill(&mut gpu.recorder, Kernel::of(Family::Reshape, name), reads, &numbers);
        made
    }

    /// A table of `value` of the distance from the middle and of the distance to the corners.
    fn radial<const N: usize>(&self, value: impl Fn(f32, f32) -> [f32; N]) -> Vec<f32> {
        let middle = (self.from.width as f32 / 2.0, self.from.height as f32 / 2.0);
        let reach = (middle.0 * middle.0 + middle.1 * middle.1).sqrt();
        let n_entries = (reach * STEPS) as usize + 2;
        let entries = (0..n_entries).flat_map(|n| value(n as f32 / STEPS, reach));
        [n_entries as f32].into_iter().chain(entries).collect()
    }

    /// Drawn by a table whose first entry is its length.
    fn tabled(&self, gpu: &mut GpuExecutor<'_>, name: &'static str, share: f32, table: &[f32]) -> Pixels {
        let (count, entries) = table.split_first().map_or((0, &[][..]), |(n, rest)| (*n as u32, rest));
        let entries = entries.iter().map(|value| value.to_bits());
        let further: Vec<u32> = [share.to_bits(), count].into_iter().chain(entries).collect();
        self.run(gpu, name, &further)
    }

    /// `cross_zoom`: both pictures nearer, then blurred by pass after pass.
    fn zoomed(&self, gpu: &mut GpuExecutor<'_>) -> Pixels {
        let p = self.p;
        let (own_width, own_height) = (self.from.width, self.from.height);
        let rush = |t: f32| 1.0 + 3.0 * t.clamp(0.0, 1.0) * t.clamp(0.0, 1.0) * t.clamp(0.0, 1.0);
        let (cx, cy) = (own_width as f32 / 2.0, own_height as f32 / 2.0);
        let speed = 1.0 - (2.0 * p - 1.0).abs();
        let length = 0.4 * speed * speed;
        let coarse = if length * cx > SMEAR { 2 } else { 1 };
        let (width, height) = (own_width.div_ceil(coarse), own_height.div_ceil(coarse));
        let (across, down) = (own_width as f32 / width as f32, own_height as f32 / height as f32);
        let zooms = [smooth((p - 0.4) / 0.2), rush(2.0 * p), rush(2.0 - 2.0 * p)].map(f32::to_bits);
        let further: Vec<u32> = [width, height].into_iter().chain(zooms).collect();
        let mut drawn = self.sized(gpu, "zoom_in", (self.from, Some(self.to)), (width, height), &further);
        let (mx, my) = (cx / across, cy / down);
        let mut shift = length / 2.0;
        while shift * mx > 0.6 {
            let further = [mx, my, 1.0 - shift].map(f32::to_bits);
            drawn = self.sized(gpu, "zoom_blur", (&drawn, None), (width, height), &further);
            shift /= 2.0;
        }
        // Also at full size: it holds colours to their opacity, as the CPU does in the end.
        let further = [own_width, own_height, across.to_bits(), down.to_bits()];
        self.sized(gpu, "zoom_out", (&drawn, None), (own_width, own_height), &further)
    }

    /// A picture of that size by a kernel that is told the size of what it reads.
    fn sized(
        &self,
        gpu: &mut GpuExecutor<'_>,
        name: &'static str,
        (first, second): (&Pixels, Option<&Pixels>),
        (width, height): (u32, u32),
        further: &[u32],
    ) -> Pixels {
        let made = Pixels::blank(&gpu.recorder, width, height, None);
        let mut numbers = vec![first.width, first.height, self.p.to_bits()];
        numbers.extend_from_slice(further);
        gpu.recorder.run(&Dispatch {
            kernel: Kernel::of(Family::Reshape, name),
            numbers: &numbers,
            reads: [Some(&first.memory), second.map(|second| &second.memory)],
            writes: &made.memory,
            flag: None,
            runs: (width, height),
        });
        made
    }
}
