//! Transitions that bend pictures: `swirl`, `water_drop`, `dreamy`, `cross_zoom`.

use super::Sides;
use super::fields::smooth;
use crate::raster::sample::{Picture, lit, mix, paint};

/// Most that `swirl` turns the middle, in radians: one turn and a half.
const SWIRL: f32 = 3.0 * std::f32::consts::PI;
/// Width of a wave of `water_drop`, and its greatest slope.
const WAVE: (f32, f32) = (0.16, 0.3);
/// How far `cross_zoom` comes near.
const ZOOM: f32 = 3.0;
/// Pixels over which a picture of `cross_zoom` is blurred, at its sides, before it is drawn with fewer.
const SMEAR: f32 = 24.0;
/// Entries of a radial table to a pixel.
const STEPS: f32 = 4.0;

/// Values by distance from the middle of a picture.
struct Radial<T> {
    table: Vec<T>,
    middle: (f32, f32),
}

impl<T: Copy> Radial<T> {
    /// `value` of the distance and of the distance to the corners.
    fn new(sides: &Sides<'_>, value: impl Fn(f32, f32) -> T) -> Self {
        let middle = (sides.from.width() / 2.0, sides.from.height() / 2.0);
        let reach = (middle.0 * middle.0 + middle.1 * middle.1).sqrt();
        let n_entries = (reach * STEPS) as usize + 2;
        Self { table: (0..n_entries).map(|n| value(n as f32 / STEPS, reach)).collect(), middle }
    }

    /// The way from the middle to a point, and the value there.
    #[inline(always)]
    fn at(&self, x: f32, y: f32) -> (f32, f32, T) {
        let (x, y) = (x - self.middle.0, y - self.middle.1);
        let at = ((x * x + y * y).sqrt() * STEPS + 0.5) as usize;
        (x, y, self.table[at.min(self.table.len() - 1)])
    }
}

/// Both pictures are wound up about the middle while one fades into the other, and unwind.
pub fn swirl(sides: &Sides<'_>) -> Vec<u8> {
    let p = sides.p;
    let strength = SWIRL * smooth(1.0 - (2.0 * p - 1.0).abs());
    // The second picture unwinds in the direction in which the first was wound.
    let turns = Radial::new(sides, |distance, reach| {
        let inward = (1.0 - distance / reach).max(0.0);
        let angle = strength * inward * inward;
        (libm::sinf(angle), libm::cosf(angle))
    });
    let share = smooth((p - 0.3) / 0.4);
    let (cx, cy) = turns.middle;
    paint(sides.width, sides.height, |x, y| {
        let (x, y, (sin, cos)) = turns.at(x, y);
        let back = (cx + x * cos + y * sin, cy + y * cos - x * sin);
        let on = (cx + x * cos - y * sin, cy + y * cos + x * sin);
        between(share, || sides.from.sample_held(back.0, back.1), || sides.to.sample_held(on.0, on.1))
    })
}

/// A drop falls into the middle of the first picture; its rings uncover the second.
pub fn water_drop(sides: &Sides<'_>) -> Vec<u8> {
    let height = sides.from.height();
    let wave = WAVE.0 * height;
    let calm = smooth((1.0 - sides.p) / 0.35);
    let rings = Radial::new(sides, |distance, reach| {
        // The first ring runs far enough ahead that the corners are uncovered in the end.
        let behind = sides.p * (reach + 3.5 * wave) - distance;
        let phase = behind / wave * std::f32::consts::TAU;
        let height = smooth(behind / wave) * calm / (1.0 + 0.35 * (behind / wave).max(0.0));
        let push = height * WAVE.1 * wave / std::f32::consts::TAU * libm::sinf(phase) * 4.0;
        let scale = if distance > 0.0 { (distance + push) / distance } else { 1.0 };
        (scale, smooth((behind - 0.8 * wave) / (2.2 * wave)), 1.0 + 0.25 * height * libm::cosf(phase))
    });
    let (cx, cy) = rings.middle;
    paint(sides.width, sides.height, |x, y| {
        let (dx, dy, (scale, share, light)) = rings.at(x, y);
        let (x, y) = (cx + dx * scale, cy + dy * scale);
        lit(between(share, || sides.from.sample_held(x, y), || sides.to.sample_held(x, y)), light)
    })
}

/// Both pictures wave like a reflection and glow while one fades into the other.
pub fn dreamy(sides: &Sides<'_>) -> Vec<u8> {
    let p = sides.p;
    let (width, height) = (sides.from.width(), sides.from.height());
    let wave = |at: f32, phase: f32| libm::sinf(std::f32::consts::TAU * (1.4 * at + phase));
    let rows: Vec<f32> = (0..sides.height).map(|y| 0.03 * width * wave(y as f32 / height, p)).collect();
    let columns: Vec<f32> =
        (0..sides.width).map(|x| 0.03 * width * wave(x as f32 / width, 0.25 + p)).collect();
    let (out, back) = (smooth(p), smooth(1.0 - p));
    let glow = 0.55 * smooth(1.0 - (2.0 * p - 1.0).abs());
    paint(sides.width, sides.height, |x, y| {
        let (dx, dy) = (rows[y as usize], columns[x as usize]);
        let pixel = between(
            p,
            || sides.from.sample_held(x + dx * out, y + dy * out),
            || sides.to.sample_held(x + dx * back, y + dy * back),
        );
        // A picture screened with itself: lights bloom, darks stay.
        let alpha = pixel[3].max(1.0);
        let bloom = |channel: f32| channel + glow * channel * (1.0 - channel / alpha);
        [bloom(pixel[0]), bloom(pixel[1]), bloom(pixel[2]), pixel[3]]
    })
}

/// A rush into the first picture and out of the second, blurred along the way.
pub fn cross_zoom(sides: &Sides<'_>) -> Vec<u8> {
    let p = sides.p;
    let rush = |t: f32| 1.0 + ZOOM * t.clamp(0.0, 1.0) * t.clamp(0.0, 1.0) * t.clamp(0.0, 1.0);
    let (from_zoom, to_zoom) = (rush(2.0 * p), rush(2.0 - 2.0 * p));
    let (cx, cy) = (sides.from.width() / 2.0, sides.from.height() / 2.0);
    let share = smooth((p - 0.4) / 0.2);
    let zoomed = |picture: &Picture<'_>, zoom: f32, x: f32, y: f32| {
        picture.sample_held(cx + (x - cx) / zoom, cy + (y - cy) / zoom)
    };
    let speed = 1.0 - (2.0 * p - 1.0).abs();
    let length = 0.4 * speed * speed;
    // What is blurred over many pixels is drawn with a quarter of them.
    let coarse = if length * cx > SMEAR { 2 } else { 1 };
    let (width, height) = (sides.width.div_ceil(coarse), sides.height.div_ceil(coarse));
    let (across, down) = (sides.from.width() / width as f32, sides.from.height() / height as f32);
    let mut pixels = paint(width, height, |x, y| {
        let (x, y) = (x * across, y * down);
        between(share, || zoomed(&sides.from, from_zoom, x, y), || zoomed(&sides.to, to_zoom, x, y))
    });
    // Each pass doubles the number of exposures that are averaged.
    let (mx, my) = (cx / across, cy / down);
    let mut shift = length / 2.0;
    while shift * mx > 0.6 {
        let Some(picture) = Picture::new(&pixels, 4 * width as usize, width, height) else { break };
        let nearer = 1.0 - shift;
        pixels = paint(width, height, |x, y| {
            let here = picture.pixel(x as usize, y as usize);
            mix(here, picture.sample_held(mx + (x - mx) * nearer, my + (y - my) * nearer), 0.5)
        });
        shift /= 2.0;
    }
    match Picture::new(&pixels, 4 * width as usize, width, height) {
        Some(small) if coarse > 1 => {
            paint(sides.width, sides.height, |x, y| small.sample_held(x / across, y / down))
        }
        _ => pixels,
    }
}

/// `from·(1 − share) + to·share`, reading only what shows.
#[inline(always)]
pub fn between(
    share: f32,
    from: impl FnOnce() -> crate::raster::sample::Rgba,
    to: impl FnOnce() -> crate::raster::sample::Rgba,
) -> crate::raster::sample::Rgba {
    if share <= 0.0 {
        from()
    } else if share >= 1.0 {
        to()
    } else {
        mix(from(), to(), share)
    }
}
