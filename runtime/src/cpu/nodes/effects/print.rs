//! Print and pixels: few colours, large pixels, dots of ink.

use std::f32::consts::FRAC_1_SQRT_2;

use super::{Plate, luma, recolored};
use crate::raster::paint::Lanes;
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
    let side = tile(plate);
    let joint = (0.05 * side).max(0.5);
    let Some(flat) =
        Picture::new(&flat, 4 * plate.pixmap.width() as usize, plate.pixmap.width(), plate.pixmap.height())
    else {
        return plate.pixmap.pixels().to_vec();
    };
    plate.shaded(|x, y, _| {
        let (u, v) = (x - (x / side).floor() * side, y - (y / side).floor() * side);
        let dark = if u.min(v) < joint { 0.72 } else { 1.0 };
        let [r, g, b, a] = flat.pixel(x as usize, y as usize);
        [r * dark, g * dark, b * dark, a]
    })
}

/// Four inks in dots on white paper.
pub(super) fn halftone<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let pitch = pitch(plate);
    let place = move |ink: usize, x: f32, y: f32, _| dot(x, y, pitch, SCREENS[ink]).1;
    plate.shaded_with(place, move |x, y, here, seen: [Rgba; 4]| {
        let mut paper = [1.0_f32; 3];
        for (ink, (screen, under)) in SCREENS.into_iter().zip(seen).enumerate() {
            let distance = dot(x, y, pitch, screen).0;
            let color = straight(under);
            let black = 1.0 - color[0].max(color[1]).max(color[2]);
            // Black takes a part of what the three have in common.
            let amount = if ink == 3 { black * black } else { 1.0 - color[ink] - black * black * 0.7 };
            let covered = inked(amount, distance, pitch);
            if ink == 3 {
                paper = paper.map(|channel| channel * (1.0 - 0.92 * covered));
            } else {
                paper[ink] *= 1.0 - 0.94 * covered;
            }
        }
        let alpha = here[3];
        let printed = [paper[0] * alpha, paper[1] * alpha, paper[2] * alpha, alpha];
        mix(here, printed, plate.intensity)
    })
}

/// One ink, red (0), green (1) or blue (2), in dots on white paper: more where the picture is darker.
pub(super) fn halftone_ink<W: Lanes>(plate: &Plate<'_, W>, channel: usize) -> Vec<u8> {
    let pitch = pitch(plate);
    let mut color = [0.1, 0.08, 0.1];
    color[channel] = 0.82;
    let place = move |_, x: f32, y: f32, _| dot(x, y, pitch, SCREENS[3]).1;
    plate.shaded_with(place, move |x, y, here, [under]| {
        let distance = dot(x, y, pitch, SCREENS[3]).0;
        let covered = inked(1.0 - luma(straight(under)), distance, pitch);
        let alpha = here[3];
        let pixel = |c: usize| (1.0 + (color[c] - 1.0) * covered) * alpha;
        mix(here, [pixel(0), pixel(1), pixel(2), alpha], plate.intensity)
    })
}

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
    let (width, height) = (plate.pixmap.width() as usize, plate.pixmap.height() as usize);
    let columns = (width as f32 / side).ceil() as usize + 1;
    let rows = (height as f32 / side).ceil() as usize + 1;
    let mut sums = vec![([0_u64; 4], 0_u64); columns * rows];
    for y in 0..height {
        let row = ((y as f32 + 0.5) / side) as usize * columns;
        for (x, pixel) in plate.pixmap.row(y as u32).chunks_exact(4).enumerate() {
            let (sum, n_pixels) = &mut sums[row + ((x as f32 + 0.5) / side) as usize];
            sum.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum += u64::from(*channel));
            *n_pixels += 1;
        }
    }
    let means: Vec<Rgba> =
        sums.iter().map(|(sum, n)| change(sum.map(|sum| sum as f32 / (*n).max(1) as f32))).collect();
    plate.shaded(|x, y, _| means[(y / side) as usize * columns + (x / side) as usize])
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
fn inked(amount: f32, distance: f32, pitch: f32) -> f32 {
    // A dot that fills its square has half the diagonal for a radius.
    let radius = amount.clamp(0.0, 1.0).sqrt() * pitch * FRAC_1_SQRT_2;
    (radius - distance + 0.5).clamp(0.0, 1.0)
}

/// The colour without its opacity, 0–1 a channel.
fn straight(pixel: Rgba) -> [f32; 3] {
    let alpha = pixel[3].max(1.0);
    [pixel[0] / alpha, pixel[1] / alpha, pixel[2] / alpha]
}
