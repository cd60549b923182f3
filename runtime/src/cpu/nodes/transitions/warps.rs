//! Transitions that bend pictures: `swirl`, `water_drop`, `dreamy`, `cross_zoom`.

use super::Sides;
use super::fields::smooth;
use crate::raster::paint::{Lanes, byte, mix_bytes, paint_rows};
use crate::raster::sample::{Picture, Rgba, Row, lit, mix};

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
    fn new<W: Lanes>(sides: &Sides<'_, W>, value: impl Fn(f32, f32) -> T) -> Self {
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
pub fn swirl<W: Lanes>(sides: &Sides<'_, W>) -> Vec<u8> {
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
    let place = |x: f32, y: f32, way: Way| {
        let (x, y, (sin, cos)) = turns.at(x, y);
        match way {
            Way::From => (cx + x * cos + y * sin, cy + y * cos - x * sin),
            Way::To => (cx + x * cos - y * sin, cy + y * cos + x * sin),
        }
    };
    joined(sides, place, share, |pixel| pixel)
}

/// A drop falls into the middle of the first picture; its rings uncover the second.
pub fn water_drop<W: Lanes>(sides: &Sides<'_, W>) -> Vec<u8> {
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
    let columns = sides.width as usize;
    let mut at = Row::new(columns);
    let (mut from, mut to) = (vec![[0; 4]; columns], vec![[0; 4]; columns]);
    let mut shown = vec![(0.0_f32, 0.0_f32); columns];
    paint_rows(sides.lanes, sides.width, sides.height, |y, row| {
        let mut any = (false, false);
        for (x, shown) in shown.iter_mut().enumerate() {
            let (dx, dy, (scale, share, light)) = rings.at(x as f32 + 0.5, y as f32 + 0.5);
            (at.x[x], at.y[x]) = (cx + dx * scale, cy + dy * scale);
            *shown = (share, light);
            any = (any.0 | (share < 1.0), any.1 | (share > 0.0));
        }
        // What is not seen in a row is not read.
        if any.0 {
            sides.from.read_held(&mut at, &mut from);
        }
        if any.1 {
            sides.to.read_held(&mut at, &mut to);
        }
        for (((pixel, from), to), (share, light)) in row.iter_mut().zip(&from).zip(&to).zip(&shown) {
            let mixed = mixed(*from, *to, *share);
            *pixel = lit(mixed, *light).map(byte);
        }
    })
}

/// Both pictures wave like a reflection and glow while one fades into the other.
pub fn dreamy<W: Lanes>(sides: &Sides<'_, W>) -> Vec<u8> {
    let p = sides.p;
    let (width, height) = (sides.from.width(), sides.from.height());
    let wave = |at: f32, phase: f32| libm::sinf(std::f32::consts::TAU * (1.4 * at + phase));
    let rows: Vec<f32> = (0..sides.height).map(|y| 0.03 * width * wave(y as f32 / height, p)).collect();
    let columns: Vec<f32> =
        (0..sides.width).map(|x| 0.03 * width * wave(x as f32 / width, 0.25 + p)).collect();
    let (out, back) = (smooth(p), smooth(1.0 - p));
    let glow = 0.55 * smooth(1.0 - (2.0 * p - 1.0).abs());
    let place = |x: f32, y: f32, way: Way| {
        let (dx, dy) = (rows[y as usize], columns[x as usize]);
        match way {
            Way::From => (x + dx * out, y + dy * out),
            Way::To => (x + dx * back, y + dy * back),
        }
    };
    joined(sides, place, p, |pixel| {
        // A picture screened with itself: lights bloom, darks stay.
        let alpha = pixel[3].max(1.0);
        let bloom = |channel: f32| channel + glow * channel * (1.0 - channel / alpha);
        [bloom(pixel[0]), bloom(pixel[1]), bloom(pixel[2]), pixel[3]]
    })
}

/// A rush into the first picture and out of the second, blurred along the way.
pub fn cross_zoom<W: Lanes>(sides: &Sides<'_, W>) -> Vec<u8> {
    let p = sides.p;
    let rush = |t: f32| 1.0 + ZOOM * t.clamp(0.0, 1.0) * t.clamp(0.0, 1.0) * t.clamp(0.0, 1.0);
    let (from_zoom, to_zoom) = (rush(2.0 * p), rush(2.0 - 2.0 * p));
    let (cx, cy) = (sides.from.width() / 2.0, sides.from.height() / 2.0);
    let share = smooth((p - 0.4) / 0.2);
    let speed = 1.0 - (2.0 * p - 1.0).abs();
    let length = 0.4 * speed * speed;
    // What is blurred over many pixels is drawn with a quarter of them.
    let coarse = if length * cx > SMEAR { 2 } else { 1 };
    let (width, height) = (sides.width.div_ceil(coarse), sides.height.div_ceil(coarse));
    let (across, down) = (sides.from.width() / width as f32, sides.from.height() / height as f32);
    let mut at = Row::new(sides.width as usize);
    let (mut there, columns) = (vec![[0; 4]; width as usize], width as usize);
    let mut pixels = paint_rows(sides.lanes, width, height, |y, row| {
        let y = (y as f32 + 0.5) * down;
        let mut zoomed = |picture: &Picture<'_>, zoom: f32, found: &mut [[u8; 4]]| {
            at.y[..columns].fill(cy + (y - cy) / zoom);
            for (x, place) in at.x[..columns].iter_mut().enumerate() {
                *place = cx + ((x as f32 + 0.5) * across - cx) / zoom;
            }
            picture.read_held(&mut at, found);
        };
        if share < 1.0 {
            zoomed(&sides.from, from_zoom, row);
        }
        if share > 0.0 {
            zoomed(&sides.to, to_zoom, &mut there);
            for (pixel, to) in row.iter_mut().zip(&there) {
                *pixel = mixed(*pixel, *to, share).map(byte);
            }
        }
    });
    // Each pass doubles the number of exposures that are averaged.
    let (mx, my) = (cx / across, cy / down);
    let mut shift = length / 2.0;
    while shift * mx > 0.6 {
        let Some(picture) = Picture::new(&pixels, 4 * columns, width, height) else { break };
        let nearer = 1.0 - shift;
        let lines = pixels.chunks_exact(4 * columns);
        let mut lines = lines.map(|line| line.as_chunks::<4>().0);
        pixels = paint_rows(sides.lanes, width, height, |y, row| {
            at.y[..columns].fill(my + (y as f32 + 0.5 - my) * nearer);
            for (x, place) in at.x[..columns].iter_mut().enumerate() {
                *place = mx + (x as f32 + 0.5 - mx) * nearer;
            }
            picture.read_held(&mut at, row);
            for (pixel, here) in row.iter_mut().zip(lines.next().unwrap_or_default()) {
                *pixel = mix_bytes(*here, *pixel, 0.5);
            }
        });
        shift /= 2.0;
    }
    match Picture::new(&pixels, 4 * columns, width, height) {
        Some(small) if coarse > 1 => paint_rows(sides.lanes, sides.width, sides.height, |y, row| {
            at.y.fill((y as f32 + 0.5) / down);
            for (x, place) in at.x.iter_mut().enumerate() {
                *place = (x as f32 + 0.5) / across;
            }
            small.read_held(&mut at, row);
        }),
        _ => pixels,
    }
}

/// Which of two pictures is read.
#[derive(Clone, Copy)]
enum Way {
    From,
    To,
}

/// `from·(1 − share) + to·share`, each read at the place that `place` says for a pixel's centre, after `change`;
/// only what shows is read.
fn joined<W: Lanes>(
    sides: &Sides<'_, W>,
    place: impl Fn(f32, f32, Way) -> (f32, f32),
    share: f32,
    change: impl Fn(Rgba) -> Rgba,
) -> Vec<u8> {
    let columns = sides.width as usize;
    let mut at = Row::new(columns);
    let (mut from, mut to) = (vec![[0; 4]; columns], vec![[0; 4]; columns]);
    paint_rows(sides.lanes, sides.width, sides.height, |y, row| {
        let y = y as f32 + 0.5;
        let read = |picture: &Picture<'_>, way: Way, at: &mut Row, found: &mut [[u8; 4]]| {
            for (x, (across, down)) in at.x.iter_mut().zip(&mut at.y).enumerate() {
                (*across, *down) = place(x as f32 + 0.5, y, way);
            }
            picture.read_held(at, found);
        };
        if share < 1.0 {
            read(&sides.from, Way::From, &mut at, &mut from);
        }
        if share > 0.0 {
            read(&sides.to, Way::To, &mut at, &mut to);
        }
        for ((pixel, from), to) in row.iter_mut().zip(&from).zip(&to) {
            *pixel = change(mixed(*from, *to, share)).map(byte);
        }
    })
}

/// `from·(1 − share) + to·share`.
#[inline(always)]
fn mixed(from: [u8; 4], to: [u8; 4], share: f32) -> Rgba {
    let (from, to) = (from.map(f32::from), to.map(f32::from));
    let both = mix(from, to, share);
    // Exactly one of them at the ends.
    std::array::from_fn(|c| if share >= 1.0 { to[c] } else { both[c] })
}
