//! Transitions that work on colours: dips, `color_phase`, `burn`, `glitch_memories`.

use super::Sides;
use super::fields::smooth;
use crate::raster::noise::{cell, clouds, unit};
use crate::raster::sample::{Picture, Rgba, lit, mix, over, paint, tinted};

/// How far apart the colours of `color_phase` begin: red, green, blue.
const PHASES: [f32; 3] = [0.0, 0.2, 0.4];
/// How long each of them takes.
const PHASE_LENGTH: f32 = 0.6;
/// Pixels of the picture to one of the noise that `burn` eats along.
const COARSE: usize = 4;
/// Width of the charred edge, the embers and their light on the picture behind.
const BURN: (f32, f32, f32) = (0.09, 0.035, 0.09);
/// Pictures a `glitch_memories` jumps through.
const GLITCHES: f32 = 14.0;

/// Through a colour, which has the outline of both pictures together: a picture that comes out of the
/// background, or gives way to it, does so through the colour too.
pub fn dip(sides: &Sides<'_>, color: [f32; 3]) -> Vec<u8> {
    let (first_half, t) = (sides.p < 0.5, dipped(sides.p).1);
    paint(sides.width, sides.height, |x, y| {
        let (from, to) = (sides.from.pixel(x as usize, y as usize), sides.to.pixel(x as usize, y as usize));
        let alpha = from[3].max(to[3]);
        let [r, g, b] = color.map(|channel| channel * alpha / 255.0);
        mix(if first_half { from } else { to }, [r, g, b, alpha], t)
    })
}

/// Which picture is seen at progress `p` of a dip, the first (0) or the second (1), and the share of
/// the colour.
pub fn dipped(p: f32) -> (usize, f32) {
    if p < 0.5 { (0, 2.0 * p) } else { (1, 2.0 - 2.0 * p) }
}

/// Red changes first, then green, then blue.
pub fn color_phase(sides: &Sides<'_>) -> Vec<u8> {
    let share = |begin: f32| smooth((sides.p - begin) / PHASE_LENGTH);
    let shares = [share(PHASES[0]), share(PHASES[1]), share(PHASES[2]), smooth(sides.p)];
    paint(sides.width, sides.height, |x, y| {
        let (from, to) = (sides.from.pixel(x as usize, y as usize), sides.to.pixel(x as usize, y as usize));
        let mixed: Rgba = std::array::from_fn(|c| from[c] + (to[c] - from[c]) * shares[c]);
        lit(mixed, 1.0)
    })
}

/// The first picture burns away from its middle, with charred edges and embers.
pub fn burn(sides: &Sides<'_>) -> Vec<u8> {
    let (width, height) = (sides.from.width(), sides.from.height());
    let (char_width, ember_width, light_width) = BURN;
    let reach = (width * width + height * height).sqrt() / 2.0;
    // When the fire arrives, 0–1, on a coarse grid.
    let columns = sides.width as usize / COARSE + 2;
    let rows = sides.height as usize / COARSE + 2;
    let mut arrival = vec![0.0; columns * rows];
    for (at, value) in arrival.iter_mut().enumerate() {
        let (x, y) = ((at % columns * COARSE) as f32, (at / columns * COARSE) as f32);
        let (dx, dy) = (x - width / 2.0, y - height / 2.0);
        let away = ((dx * dx + dy * dy).sqrt() / reach).min(1.0);
        // Clouds keep to the middle of their range.
        let uneven = ((clouds(7.0 * x / height, 7.0 * y / height, 3) - 0.2) / 0.6).clamp(0.0, 1.0);
        *value = 0.62 * away + 0.38 * uneven;
    }
    let when = |x: f32, y: f32| {
        let (x, y) = (x / COARSE as f32, y / COARSE as f32);
        // Inside the grid, which reaches two cells beyond the picture.
        let (column, row) = (x as usize, y as usize);
        let (u, v) = (x - column as f32, y - row as f32);
        let at = row * columns + column;
        let upper = arrival[at] + (arrival[at + 1] - arrival[at]) * u;
        let lower = arrival[at + columns] + (arrival[at + columns + 1] - arrival[at + columns]) * u;
        upper + (lower - upper) * v
    };
    let now = sides.p * (1.0 + char_width + ember_width + light_width) - char_width;
    paint(sides.width, sides.height, |x, y| {
        let since = now - when(x, y);
        let (column, row) = (x as usize, y as usize);
        if since <= 0.0 {
            let charred = (1.0 + since / char_width).max(0.0);
            return tinted(sides.from.pixel(column, row), [24.0, 10.0, 4.0], 0.94 * charred.sqrt());
        }
        let to = sides.to.pixel(column, row);
        if since < ember_width {
            let from = sides.from.pixel(column, row);
            let heat = since / ember_width;
            let glow = [160.0 + 95.0 * heat, 40.0 + 170.0 * heat * heat, 8.0 + 90.0 * heat * heat * heat];
            return over(tinted(from, glow, 1.0), tinted(to, glow, 1.0));
        }
        let light = (1.0 - (since - ember_width) / light_width).max(0.0);
        let [r, g, b, a] = to;
        let added = light * light * a / 255.0;
        lit([r + 130.0 * added, g + 45.0 * added, b - 30.0 * added, a], 1.0)
    })
}

/// Torn rows, misplaced blocks and parted colours of both pictures, until the second remains.
pub fn glitch_memories(sides: &Sides<'_>) -> Vec<u8> {
    let p = sides.p;
    let (width, height) = (sides.from.width(), sides.from.height());
    let step = (p * GLITCHES) as u32;
    let strength = smooth(1.0 - (2.0 * p - 1.0).abs());
    let arrived = smooth((p - 0.15) / 0.7);
    let part = 0.02 * width * strength * (0.4 + unit(step, 1));
    let n_bands = 26;
    let bands: Vec<(f32, bool)> = (0..n_bands)
        .map(|band| {
            let torn = cell(band, step as i32, 2) < 0.55 * strength;
            let shift = if torn { (cell(band, step as i32, 3) - 0.5) * 0.35 * width * strength } else { 0.0 };
            (shift, cell(band / 3, step as i32, 4) < arrived)
        })
        .collect();
    paint(sides.width, sides.height, |x, y| {
        let (mut shift, mut is_to) = bands[((y / height * n_bands as f32) as usize).min(bands.len() - 1)];
        let (column, row) = ((x / width * 14.0) as i32, (y / height * 9.0) as i32);
        let mut down = 0.0;
        if cell(column + 14 * row, step as i32, 5) < 0.22 * strength {
            shift += (cell(column + 14 * row, step as i32, 6) - 0.5) * 0.3 * width;
            down = (cell(column + 14 * row, step as i32, 7) - 0.5) * 0.3 * height;
            is_to = !is_to;
        }
        let picture: &Picture<'_> = if is_to { &sides.to } else { &sides.from };
        let read = |dx: f32| picture.sample_held(x + shift + dx, y + down);
        let (left, here, right) = (read(-part), read(0.0), read(part));
        lit([left[0], here[1], right[2], here[3]], 1.0)
    })
}
