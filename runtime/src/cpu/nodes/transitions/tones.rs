//! Transitions that work on colours: dips, `color_phase`, `burn`, `glitch_memories`.

use super::Sides;
use super::fields::smooth;
use crate::raster::noise::{cell, unit};
use crate::raster::noise_rows::CloudRows;
use crate::raster::paint::{Lanes, byte, paint, paint_rows};
use crate::raster::sample::{Rgba, Row, lit, mix, over, tinted};

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
pub fn dip<W: Lanes>(sides: &Sides<'_, W>, color: [f32; 3]) -> Vec<u8> {
    let (first_half, t) = (sides.p < 0.5, dipped(sides.p).1);
    paint(sides.lanes, sides.width, sides.height, |x, y| {
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
pub fn color_phase<W: Lanes>(sides: &Sides<'_, W>) -> Vec<u8> {
    let share = |begin: f32| smooth((sides.p - begin) / PHASE_LENGTH);
    let shares = [share(PHASES[0]), share(PHASES[1]), share(PHASES[2]), smooth(sides.p)];
    paint_rows(sides.lanes, sides.width, sides.height, |y, row| {
        for ((pixel, from), to) in row.iter_mut().zip(sides.from.line(y)).zip(sides.to.line(y)) {
            let (from, to) = (from.map(f32::from), to.map(f32::from));
            let mixed: Rgba = std::array::from_fn(|c| from[c] + (to[c] - from[c]) * shares[c]);
            *pixel = lit(mixed, 1.0).map(byte);
        }
    })
}

/// The first picture burns away from its middle, with charred edges and embers.
pub fn burn<W: Lanes>(sides: &Sides<'_, W>) -> Vec<u8> {
    let (width, height) = (sides.from.width(), sides.from.height());
    let (char_width, ember_width, light_width) = BURN;
    let reach = (width * width + height * height).sqrt() / 2.0;
    // When the fire arrives, 0–1, on a coarse grid.
    let columns = sides.width as usize / COARSE + 2;
    let rows = sides.height as usize / COARSE + 2;
    let place = |at: usize| (at * COARSE) as f32;
    let mut noise = CloudRows::new((0..columns).map(move |at| 7.0 * place(at) / height), 3);
    let mut arrival = vec![0.0; columns * rows];
    for (row, line) in arrival.chunks_exact_mut(columns).enumerate() {
        noise.fill(7.0 * place(row) / height, line);
        for (column, value) in line.iter_mut().enumerate() {
            let (dx, dy) = (place(column) - width / 2.0, place(row) - height / 2.0);
            let away = ((dx * dx + dy * dy).sqrt() / reach).min(1.0);
            // Clouds keep to the middle of their range.
            let uneven = ((*value - 0.2) / 0.6).clamp(0.0, 1.0);
            *value = 0.62 * away + 0.38 * uneven;
        }
    }
    // Along a line of the grid, which reaches two cells beyond the picture.
    let along = move |line: &[f32], found: &mut [f32]| {
        for (x, found) in (0_i32..).zip(found) {
            let x = (x as f32 + 0.5) / COARSE as f32;
            let column = x as usize;
            *found = line[column] + (line[column + 1] - line[column]) * (x - column as f32);
        }
    };
    let wide = || vec![0.0_f32; sides.width as usize];
    let (mut upper, mut lower, mut when, mut reached) = (wide(), wide(), wide(), None);
    let now = sides.p * (1.0 + char_width + ember_width + light_width) - char_width;
    let (from, to) = (sides.from, sides.to);
    paint_rows(sides.lanes, sides.width, sides.height, move |y, pixels| {
        let (from, to) = (from.line(y), to.line(y));
        let y = (y as f32 + 0.5) / COARSE as f32;
        let row = y as usize;
        if reached != Some(row) {
            along(&arrival[row * columns..], &mut upper);
            along(&arrival[(row + 1) * columns..], &mut lower);
            reached = Some(row);
        }
        let v = y - row as f32;
        for (when, (upper, lower)) in when.iter_mut().zip(upper.iter().zip(&lower)) {
            *when = now - (upper + (lower - upper) * v);
        }
        for ((pixel, since), (from, to)) in pixels.iter_mut().zip(&when).zip(from.iter().zip(to)) {
            *pixel = burning(*since, from.map(f32::from), to.map(f32::from)).map(byte);
        }
    })
}

/// A pixel of two pictures, the fire having arrived `since`.
#[inline(always)]
fn burning(since: f32, from: Rgba, to: Rgba) -> Rgba {
    let (char_width, ember_width, light_width) = BURN;
    if since <= 0.0 {
        let charred = (1.0 + since / char_width).max(0.0);
        return tinted(from, [24.0, 10.0, 4.0], 0.94 * charred.sqrt());
    }
    if since < ember_width {
        let heat = since / ember_width;
        let glow = [160.0 + 95.0 * heat, 40.0 + 170.0 * heat * heat, 8.0 + 90.0 * heat * heat * heat];
        return over(tinted(from, glow, 1.0), tinted(to, glow, 1.0));
    }
    let light = (1.0 - (since - ember_width) / light_width).max(0.0);
    let [r, g, b, a] = to;
    let added = light * light * a / 255.0;
    lit([r + 130.0 * added, g + 45.0 * added, b - 30.0 * added, a], 1.0)
}

/// Torn rows, misplaced blocks and parted colours of both pictures, until the second remains.
pub fn glitch_memories<W: Lanes>(sides: &Sides<'_, W>) -> Vec<u8> {
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
    // Blocks of a fourteenth and a ninth of the picture, some of them out of place: by how much.
    let block = |column: i32, row: i32| {
        let chance = |seed: u32| cell(column + 14 * row, step as i32, seed);
        let out = chance(5) < 0.22 * strength;
        out.then(|| ((chance(6) - 0.5) * 0.3 * width, (chance(7) - 0.5) * 0.3 * height))
    };
    let columns = sides.width as usize;
    let mut places = [(); 3].map(|()| Row::new(columns));
    let mut is_second = vec![false; columns];
    let mut found = [(); 6].map(|()| vec![[0_u8; 4]; columns]);
    paint_rows(sides.lanes, sides.width, sides.height, |y, row| {
        let y = y as f32 + 0.5;
        let band = bands[((y / height * n_bands as f32) as usize).min(bands.len() - 1)];
        let line: [_; 15] = std::array::from_fn(|column| block(column as i32, (y / height * 9.0) as i32));
        let mut any = [false; 2];
        for (x, is_second) in is_second.iter_mut().enumerate() {
            let x_here = x as f32 + 0.5;
            let (mut shift, mut down, mut second) = (band.0, 0.0, band.1);
            if let Some((across, below)) = line[((x_here / width * 14.0) as usize).min(14)] {
                (shift, down, second) = (shift + across, below, !second);
            }
            for (place, part) in places.iter_mut().zip([-part, 0.0, part]) {
                (place.x[x], place.y[x]) = (x_here + shift + part, y + down);
            }
            *is_second = second;
            any[usize::from(second)] = true;
        }
        for (n, found) in found.iter_mut().enumerate() {
            let (picture, any) = if n < 3 { (&sides.from, any[0]) } else { (&sides.to, any[1]) };
            if any {
                picture.read_held(&mut places[n % 3], found);
            }
        }
        for (x, (pixel, second)) in row.iter_mut().zip(&is_second).enumerate() {
            let first = if *second { 3 } else { 0 };
            let (left, here, right) = (found[first][x], found[first + 1][x], found[first + 2][x]);
            let cut = |channel: u8| channel.min(here[3]);
            *pixel = [cut(left[0]), cut(here[1]), cut(right[2]), here[3]];
        }
    })
}
