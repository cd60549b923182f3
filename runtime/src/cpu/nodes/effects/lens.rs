//! Lenses: blurs, distortion, parted colours, light inside the glass.

use super::{Plate, luma, recolored, screened};
use crate::raster::paint::{Lanes, byte, paint_rows};
use crate::raster::sample::{Picture, Rgba, Row, lit, mix, over};
use crate::raster::{Beyond, Pixmap, Region, blur as blurred, scale};

/// Deviation of the strongest `box_blur`, in lines.
const BLUR: f32 = 38.0;
/// Radius of the strongest bokeh, in lines.
const BOKEH: f32 = 26.0;
/// Places at which a disc of bokeh is read.
const N_TAPS: usize = 48;
/// How much brighter than their share highlights count in a bokeh.
const HIGHLIGHTS: f32 = 3.0;

/// Red to the left, blue to the right.
pub(super) fn rgb_split<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let part = 16.0 * plate.line * plate.intensity;
    let place = move |n: usize, x: f32, y: f32, _| (x + [-part, part][n], y);
    plate.shaded_with(place, move |_, _, here, [red, blue]| lit([red[0], here[1], blue[2], here[3]], 1.0))
}

/// Each colour at its own size: sharp in the middle, fringes towards the edges.
pub(super) fn chromatic_aberration<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (cx, cy) = (plate.width() / 2.0, plate.height() / 2.0);
    let spread = 0.022 * plate.intensity;
    let place = move |n: usize, x: f32, y: f32, _| {
        let (u, v) = plate.offset(x, y);
        let size = spread * (0.25 + u * u + v * v);
        let zoom = if n == 0 { 1.0 - size } else { 1.0 + size };
        (cx + (x - cx) * zoom, cy + (y - cy) * zoom)
    };
    plate.shaded_with(place, move |_, _, here, [red, blue]| lit([red[0], here[1], blue[2], here[3]], 1.0))
}

/// Out of focus: every point a disc, lights more so.
pub(super) fn camera_lens_blur<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let soft = bokeh(plate, BOKEH * plate.line * plate.intensity);
    match Picture::of(&soft) {
        Some(soft) => enlarged(plate, &soft, 1.0),
        None => plate.pixmap.pixels().to_vec(),
    }
}

/// The picture, smaller, before its own defocused enlargement.
pub(super) fn camera_lens_blur_bg<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let soft = bokeh(plate, BOKEH * plate.line);
    let Some(soft) = Picture::of(&soft) else { return plate.pixmap.pixels().to_vec() };
    let behind = enlarged(plate, &soft, 1.25);
    let Some(behind) =
        Picture::new(&behind, 4 * plate.pixmap.width() as usize, plate.pixmap.width(), plate.pixmap.height())
    else {
        return plate.pixmap.pixels().to_vec();
    };
    let size = 1.0 - 0.25 * plate.intensity;
    let (cx, cy) = (plate.width() / 2.0, plate.height() / 2.0);
    let small = scale(
        plate.pixmap,
        Region::WHOLE,
        (plate.width() * size).ceil().max(1.0) as u32,
        (plate.height() * size).ceil().max(1.0) as u32,
    );
    let small = small.unwrap_or_else(|_| plate.pixmap.clone());
    let Some(front) = Picture::of(&small) else { return plate.pixmap.pixels().to_vec() };
    plate.shaded(|x, y, _| {
        let back = lit(behind.pixel(x as usize, y as usize), 0.82);
        let (u, v) = (x - cx + front.width() / 2.0, y - cy + front.height() / 2.0);
        over(front.sample(u, v), back)
    })
}

/// A blur without character, by box passes.
pub(super) fn box_blur<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let sigma = f64::from(BLUR * plate.line * plate.intensity);
    blurred(plate.pixmap.clone(), (sigma, sigma), Beyond::Edge).into_pixels()
}

/// A fish-eye.
pub(super) fn optics_compensation<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (cx, cy) = (plate.width() / 2.0, plate.height() / 2.0);
    let bulge = 1.1 * plate.intensity;
    let place = move |_, x: f32, y: f32, _| {
        let (u, v) = plate.offset(x, y);
        // The middle comes near, the corners stay in place.
        let zoom = (1.0 + bulge * (u * u + v * v)) / (1.0 + bulge);
        (cx + (x - cx) * zoom, cy + (y - cy) * zoom)
    };
    plate.shaded_with(place, move |_, _, _, [seen]| seen)
}

/// A light at the upper right: its glow, rays, a streak, and reflections across the middle.
pub(super) fn lens_flare<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (width, height) = (plate.width(), plate.height());
    let sway = libm::sinf(plate.frame as f32 / 40.0) * 0.02;
    let light = ((0.76 + sway) * width, 0.2 * height);
    let (cx, cy) = (width / 2.0, height / 2.0);
    // Place on the line through the middle (1 is the light), radius in heights, colour.
    let ghosts: [(f32, f32, [f32; 3]); 6] = [
        (0.45, 0.05, [0.4, 0.25, 0.1]),
        (-0.25, 0.1, [0.1, 0.32, 0.2]),
        (-0.5, 0.04, [0.45, 0.3, 0.12]),
        (-0.75, 0.16, [0.12, 0.16, 0.34]),
        (-1.05, 0.08, [0.3, 0.12, 0.24]),
        (-1.3, 0.22, [0.12, 0.2, 0.2]),
    ];
    let strength = plate.intensity;
    plate.shaded(|x, y, here| {
        let (dx, dy) = ((x - light.0) / height, (y - light.1) / height);
        let distance = (dx * dx + dy * dy).sqrt().max(1e-4);
        let core = (0.05 / distance).min(4.0);
        let core = core * core * 0.25;
        let halo = (1.0 - distance / 0.75).max(0.0);
        // Twelve rays: the cosine of six times the angle, by Chebyshev's polynomial.
        let cos = dx / distance;
        let six = cos * cos;
        let six = ((32.0 * six - 48.0) * six + 18.0) * six - 1.0;
        let rays = six * six * six * six * 0.3 * (1.0 - distance / 0.45).max(0.0);
        let streak = (1.0 - dy.abs() / 0.012).max(0.0) * (1.0 - dx.abs() / 0.9).max(0.0) * 0.45;
        let glow = core + 0.4 * halo * halo + rays;
        let mut added = [glow + 0.5 * streak, glow * 0.86 + 0.65 * streak, glow * 0.6 + streak];
        for (at, radius, color) in ghosts {
            let (gx, gy) = (cx + (light.0 - cx) * at, cy + (light.1 - cy) * at);
            let (gx, gy) = ((x - gx) / height, (y - gy) / height);
            let away = (gx * gx + gy * gy).sqrt() / radius;
            if away < 1.0 {
                // Brighter towards the rim, soft at the rim.
                let disc = (0.45 + 0.55 * away * away) * ((1.0 - away) * 12.0).min(1.0);
                (0..3).for_each(|c| added[c] += color[c] * disc);
            }
        }
        recolored(here, |color| screened(color, added.map(|channel| channel * strength)))
    })
}

/// Lights that bloom.
pub(super) fn glow<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let bright = plate.shaded(|_, _, here| {
        recolored(here, |color| {
            let share = ((luma(color) - 0.45) / 0.4).clamp(0.0, 1.0);
            color.map(|channel| channel * share)
        })
    });
    let bloom = Pixmap::from_premultiplied(plate.pixmap.width(), plate.pixmap.height(), bright);
    let sigma = f64::from(22.0 * plate.line);
    let bloom = bloom.map(|bloom| blurred(bloom, (sigma, sigma), Beyond::Edge));
    let Some(bloom) = bloom.as_ref().and_then(Picture::of) else { return plate.pixmap.pixels().to_vec() };
    plate.shaded(|x, y, here| {
        let light = bloom.pixel(x as usize, y as usize);
        let alpha = here[3].max(1.0);
        let light = [light[0], light[1], light[2]].map(|channel| 1.5 * plate.intensity * channel / alpha);
        recolored(here, |color| screened(color, light))
    })
}

/// Cut glass: three views of the picture, each in colours of its own, turned about the middle.
pub(super) fn prism<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let reach = 70.0 * plate.line * plate.intensity;
    // Up, lower right, lower left; together the tints are white.
    let views: [(f32, f32, [f32; 3]); 3] =
        [(0.0, -1.0, [0.75, 0.1, 0.15]), (0.866, 0.5, [0.1, 0.75, 0.15]), (-0.866, 0.5, [0.15, 0.15, 0.7])];
    let distance = |x: f32, y: f32| {
        let (u, v) = plate.offset(x, y);
        (0.25 + (u * u + v * v).sqrt()).min(1.0)
    };
    let place = move |n: usize, x: f32, y: f32, _| {
        let ((dx, dy, _), far) = (views[n], distance(x, y));
        (x + dx * reach * far, y + dy * reach * far)
    };
    plate.shaded_with(place, move |x, y, here, seen: [Rgba; 3]| {
        let far = distance(x, y);
        let mut sum = [0.0; 3];
        for ((_, _, tint), view) in views.into_iter().zip(seen) {
            (0..3).for_each(|c| sum[c] += view[c] * tint[c]);
        }
        let split = lit([sum[0], sum[1], sum[2], here[3]], 1.05);
        mix(here, split, (0.35 + 0.65 * far) * plate.intensity.min(1.0))
    })
}

/// The picture at half its size with every point spread over a disc of `radius` pixels of the original.
fn bokeh<W: Lanes>(plate: &Plate<'_, W>, radius: f32) -> Pixmap {
    let (width, height) = (plate.pixmap.width().div_ceil(2), plate.pixmap.height().div_ceil(2));
    let Ok(small) = scale(plate.pixmap, Region::WHOLE, width, height) else { return plate.pixmap.clone() };
    let Some(picture) = Picture::of(&small) else { return small };
    let radius = radius / 2.0;
    // A sunflower's seeds fill a disc evenly: each a golden angle after the one before.
    let taps: [(f32, f32); N_TAPS] = std::array::from_fn(|n| {
        let distance = ((n as f32 + 0.5) / N_TAPS as f32).sqrt() * radius;
        let angle = n as f32 * 2.399_963_2;
        (distance * libm::cosf(angle), distance * libm::sinf(angle))
    });
    // Of a stretch of pixels that are worked on together: sums of each channel and of weights.
    const STRETCH: usize = 64;
    let (mut at, mut tap) = (Row::new(STRETCH), [[0_u8; 4]; STRETCH]);
    let pixels = paint_rows(plate.lanes, width, height, |y, row| {
        let y = y as f32 + 0.5;
        for (n, row) in row.chunks_mut(STRETCH).enumerate() {
            let left = (n * STRETCH) as f32 + 0.5;
            let mut sums = [[0.0_f32; STRETCH]; 5];
            for (dx, dy) in taps {
                at.y.fill(y + dy);
                (0_i32..).zip(&mut at.x).for_each(|(x, place)| *place = x as f32 + left + dx);
                picture.read_held(&mut at, &mut tap);
                for x in 0..STRETCH {
                    let tap = tap[x].map(f32::from);
                    let light = (tap[0] + tap[1] + tap[2]) / 765.0;
                    let weight = 1.0 + HIGHLIGHTS * light * light * light * light;
                    (0..4).for_each(|c| sums[c][x] += tap[c] * weight);
                    sums[4][x] += weight;
                }
            }
            for (x, pixel) in row.iter_mut().enumerate() {
                *pixel = std::array::from_fn(|c| byte(sums[c][x] / sums[4][x]));
            }
        }
    });
    Pixmap::from_premultiplied(width, height, pixels).unwrap_or(small)
}

/// A picture of another size stretched over the plate and enlarged about the middle.
fn enlarged<W: Lanes>(plate: &Plate<'_, W>, picture: &Picture<'_>, zoom: f32) -> Vec<u8> {
    let (across, down) = (picture.width() / plate.width(), picture.height() / plate.height());
    let (cx, cy) = (plate.width() / 2.0, plate.height() / 2.0);
    let mut at = Row::new(plate.pixmap.width() as usize);
    paint_rows(plate.lanes, plate.pixmap.width(), plate.pixmap.height(), |y, row| {
        at.y.fill((cy + (y as f32 + 0.5 - cy) / zoom) * down);
        for (x, place) in (0_i32..).zip(&mut at.x) {
            *place = (cx + (x as f32 + 0.5 - cx) / zoom) * across;
        }
        picture.read_held(&mut at, row);
    })
}
