//! Print and pixels: few colours, large pixels, dots of ink.

use std::f32::consts::FRAC_1_SQRT_2;

use super::{Plate, luma, recolored};
use crate::raster::paint::{Lanes, byte};
use crate::raster::sample::{Picture, Rgba, mix};
use crate::raster::{Beyond, Pixmap, blur};

/// Steps of a channel when it is posterised most.
const STEPS: f32 = 4.0;
/// Side of the largest mosaic tile, in lines.
const TILE: f32 = 54.0;
/// Distance of the dots of a halftone, in lines.
const PITCH: f32 = 11.0;
/// Sine and cosine of the angles at which cyan, magenta, yellow and black are screened: 15°, 75°, 0° and
/// 45°, as printers turn them to avoid patterns.
const SCREENS: [(f32, f32); 4] =
    [(0.258_819, 0.965_926), (0.965_926, 0.258_819), (0.0, 1.0), (FRAC_1_SQRT_2, FRAC_1_SQRT_2)];

/// Few steps in each channel.
pub(super) fn posterize<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    plate.graded(|_, _, color| color.map(stepped))
}

/// Tiles of one colour.
pub(super) fn mosaic<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    tiles(plate, |color| color)
}

/// Tiles of one colour, blurred into one another.
pub(super) fn mosaic_blur<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let pixels = mosaic(plate);
    let sigma = f64::from(tile(plate) * 0.32);
    match Pixmap::from_premultiplied(plate.pixmap.width(), plate.pixmap.height(), pixels) {
        Some(pixmap) => blur(pixmap, (sigma, sigma), Beyond::Edge).into_pixels(),
        None => plate.pixmap.pixels().to_vec(),
    }
}

/// Tiles of few colours, with a thin dark joint.
pub(super) fn mosaic_posterize<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let flat = tiles(plate, |pixel| recolored(pixel, |color| color.map(stepped)));
    let (width, height) = (plate.pixmap.width(), plate.pixmap.height());
    let Some(flat) = Pixmap::from_premultiplied(width, height, flat) else {
        return plate.pixmap.pixels().to_vec();
    };
    let Some(picture) = Picture::of(&flat) else { return plate.pixmap.pixels().to_vec() };
    let side = tile(plate);
    let joint = (0.05 * side).max(0.5);
    Plate { picture, pixmap: &flat, ..*plate }.shaded(move |x, y, [r, g, b, a]| {
        let (u, v) = (x - (x / side).floor() * side, y - (y / side).floor() * side);
        let dark = if u.min(v) < joint { 0.72 } else { 1.0 };
        [r * dark, g * dark, b * dark, a]
    })
}

/// Four inks in dots on white paper.
pub(super) fn halftone<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (pitch, intensity) = (pitch(plate), plate.intensity);
    let place = move |ink: usize, x: f32, y: f32, _| dot(x, y, pitch, SCREENS[ink]).1;
    plate.shaded_with(place, move |x, y, here, seen: [Rgba; 4]| {
        let covered: [f32; 4] = std::array::from_fn(|ink| {
            let distance = dot(x, y, pitch, SCREENS[ink]).0;
            let color = straight(seen[ink]);
            let black = 1.0 - color[0].max(color[1]).max(color[2]);
            // Black takes a part of what the three have in common.
            let amount = if ink == 3 { black * black } else { 1.0 - color[ink] - black * black * 0.7 };
            inked(amount, distance, pitch)
        });
        let paper: [f32; 3] = std::array::from_fn(|c| (1.0 - 0.94 * covered[c]) * (1.0 - 0.92 * covered[3]));
        let alpha = here[3];
        let printed = [paper[0] * alpha, paper[1] * alpha, paper[2] * alpha, alpha];
        mix(here, printed, intensity)
    })
}

/// One ink, red (0), green (1) or blue (2), in dots on white paper: more where the picture is darker.
pub(super) fn halftone_ink<W: Lanes>(plate: &Plate<'_, W>, channel: usize) -> Vec<u8> {
    let (pitch, intensity) = (pitch(plate), plate.intensity);
    let mut color = [0.1, 0.08, 0.1];
    color[channel] = 0.82;
    let place = move |_, x: f32, y: f32, _| dot(x, y, pitch, SCREENS[3]).1;
    plate.shaded_with(place, move |x, y, here, [under]| {
        let distance = dot(x, y, pitch, SCREENS[3]).0;
        let covered = inked(1.0 - luma(straight(under)), distance, pitch);
        let alpha = here[3];
        let pixel = |c: usize| (1.0 + (color[c] - 1.0) * covered) * alpha;
        mix(here, [pixel(0), pixel(1), pixel(2), alpha], intensity)
    })
}

#[inline(always)]
fn stepped(value: f32) -> f32 {
    (value * (STEPS - 1.0) + 0.5).floor() / (STEPS - 1.0)
}

/// Side of a mosaic tile in pixels.
fn tile<W: Lanes>(plate: &Plate<'_, W>) -> f32 {
    (TILE * plate.line * plate.intensity).max(2.0)
}

/// Distance of two dots in pixels; below three they could not be told apart.
fn pitch<W: Lanes>(plate: &Plate<'_, W>) -> f32 {
    (PITCH * plate.line).max(3.0)
}

/// The picture in square tiles, each of the mean of its pixels after `change`.
fn tiles<W: Lanes>(plate: &Plate<'_, W>, change: impl Fn(Rgba) -> Rgba) -> Vec<u8> {
    let side = tile(plate);
    let pixmap = plate.pixmap;
    let (width, height) = (pixmap.width() as usize, pixmap.height() as usize);
    // Which tile each column and each row of pixels is in.
    let tile_of = |length: usize| (0..length).map(|at| ((at as f32 + 0.5) / side) as usize);
    let columns: Vec<usize> = tile_of(width).collect();
    let mut sums = vec![([0_u64; 4], 0_u64); columns.last().map_or(0, |last| last + 1)];
    let mut pixels = vec![0; pixmap.pixels().len()];
    let mut rest = pixels.as_mut_slice();
    let mut rows = tile_of(height).enumerate().peekable();
    while let Some((first, row)) = rows.next() {
        let mut end = first + 1;
        while rows.next_if(|(_, next)| *next == row).is_some() {
            end += 1;
        }
        sums.fill(([0; 4], 0));
        for y in first..end {
            for (pixel, column) in pixmap.row(y as u32).as_chunks::<4>().0.iter().zip(&columns) {
                let (sum, n_pixels) = &mut sums[*column];
                sum.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum += u64::from(*channel));
                *n_pixels += 1;
            }
        }
        let mean =
            |(sum, n): &([u64; 4], u64)| change(sum.map(|sum| sum as f32 / (*n).max(1) as f32)).map(byte);
        let means: Vec<[u8; 4]> = sums.iter().map(mean).collect();
        // The rows of a tile are the same.
        let (strip, below) = rest.split_at_mut(4 * width * (end - first));
        let (line, others) = strip.split_at_mut(4 * width);
        for (pixel, column) in line.as_chunks_mut().0.iter_mut().zip(&columns) {
            *pixel = means[*column];
        }
        others.chunks_exact_mut(4 * width.max(1)).for_each(|row| row.copy_from_slice(line));
        rest = below;
    }
    pixels
}

/// The distance to the middle of the nearest dot of a screen turned by an angle, and where that is.
#[inline(always)]
fn dot(x: f32, y: f32, pitch: f32, (sin, cos): (f32, f32)) -> (f32, (f32, f32)) {
    let (u, v) = ((x * cos + y * sin) / pitch, (y * cos - x * sin) / pitch);
    let (cu, cv) = (u.floor() + 0.5, v.floor() + 0.5);
    let distance = ((u - cu) * (u - cu) + (v - cv) * (v - cv)).sqrt() * pitch;
    (distance, ((cu * cos - cv * sin) * pitch, (cv * cos + cu * sin) * pitch))
}

/// How much of a place at `distance` from the middle a dot covers that stands for `amount` 0–1 of ink.
#[inline(always)]
fn inked(amount: f32, distance: f32, pitch: f32) -> f32 {
    // A dot that fills its square has half the diagonal for a radius.
    let radius = amount.clamp(0.0, 1.0).sqrt() * pitch * FRAC_1_SQRT_2;
    (radius - distance + 0.5).clamp(0.0, 1.0)
}

/// The colour without its opacity, 0–1 a channel.
#[inline(always)]
fn straight(pixel: Rgba) -> [f32; 3] {
    let alpha = pixel[3].max(1.0);
    [pixel[0] / alpha, pixel[1] / alpha, pixel[2] / alpha]
}
