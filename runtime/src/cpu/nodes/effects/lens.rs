//! Lenses: blurs, distortion, parted colours, light inside the glass.

use super::rows::near;
use super::{Plate, luma, recolored, screened};
use crate::raster::blocks::{BLOCK, center, centers, fill_rows};
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
    let prepare = move |y: f32, places: &mut [Row; 2], _: &mut [Vec<f32>; 0]| {
        for (places, part) in places.iter_mut().zip([-part, part]) {
            centers(&mut places.x).for_each(|(x, place)| *place = x + part);
            places.y.fill(y);
        }
    };
    plate.rows(prepare, |_, _, here, [red, blue], []| lit([red[0], here[1], blue[2], here[3]], 1.0))
}

/// Each colour at its own size: sharp in the middle, fringes towards the edges.
pub(super) fn chromatic_aberration<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (cx, cy) = (plate.width() / 2.0, plate.height() / 2.0);
    let (spread, own) = (0.022 * plate.intensity, *plate);
    let place = move |n: usize, x: f32, y: f32, _| {
        let (u, v) = own.offset(x, y);
        let size = spread * (0.25 + u * u + v * v);
        let zoom = if n == 0 { 1.0 - size } else { 1.0 + size };
        (cx + (x - cx) * zoom, cy + (y - cy) * zoom)
    };
    plate.shaded_with(place, |_, _, here, [red, blue]| lit([red[0], here[1], blue[2], here[3]], 1.0))
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
    let columns = plate.pixmap.width() as usize;
    let mut places = Row::new(columns);
    let mut seen = vec![[0_u8; 4]; columns];
    paint_rows(plate.lanes, plate.pixmap.width(), plate.pixmap.height(), move |y, row| {
        let line = behind.line(y);
        let y = y as f32 + 0.5;
        let down = y - cy + front.height() / 2.0;
        centers(&mut places.x).for_each(|(x, place)| *place = x - cx + front.width() / 2.0);
        let dimmed = |back: &[u8; 4]| lit(back.map(f32::from), 0.82);
        let inside = front.inside(&places.x, down);
        for x in (0..inside.start).chain(inside.end..columns) {
            row[x] = over(front.sample(places.x[x], down), dimmed(&line[x])).map(byte);
        }
        if inside.is_empty() {
            return;
        }
        places.y.fill(down);
        front.read_held(&mut places, &mut seen);
        let both = seen[inside.clone()].iter().zip(&line[inside.clone()]);
        for (pixel, (seen, back)) in row[inside].iter_mut().zip(both) {
            *pixel = over(seen.map(f32::from), dimmed(back)).map(byte);
        }
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
    let (bulge, own) = (1.1 * plate.intensity, *plate);
    let place = move |_, x: f32, y: f32, _| {
        let (u, v) = own.offset(x, y);
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
    let prepare = move |y: f32, light_of: &mut [Vec<f32>; 3]| {
        let [red, green, blue] = light_of;
        let dy = (y - light.1) / height;
        fill_rows([&mut *red, &mut *green, &mut *blue], |x| {
            let dx = (center(x) - light.0) / height;
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
            [glow + 0.5 * streak, glow * 0.86 + 0.65 * streak, glow * 0.6 + streak]
        });
        for (at, radius, color) in ghosts {
            let (gx, gy) = (cx + (light.0 - cx) * at, cy + (light.1 - cy) * at);
            let down = (y - gy) / height;
            if down.abs() >= radius {
                continue;
            }
            let seen = near(&(0..red.len()), gx, radius * height);
            for (channel, color) in [&mut *red, &mut *green, &mut *blue].into_iter().zip(color) {
                let first = seen.start as f32;
                for (x, channel) in centers(&mut channel[seen.clone()]) {
                    let across = ((x + first) - gx) / height;
                    let away = (across * across + down * down).sqrt() / radius;
                    // Brighter towards the rim, soft at the rim.
                    let disc = (0.45 + 0.55 * away * away) * ((1.0 - away) * 12.0).min(1.0);
                    *channel += if away < 1.0 { color * disc } else { 0.0 };
                }
            }
        }
    };
    plate.rows(
        move |y, _: &mut [Row; 0], numbers| prepare(y, numbers),
        move |_, _, here, [], added| {
            recolored(here, |color| screened(color, added.map(|channel| channel * strength)))
        },
    )
}

/// Lights that bloom.
pub(super) fn glow<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let bright = plate.shaded(move |_, _, here| {
        recolored(here, |color| {
            let share = ((luma(color) - 0.45) / 0.4).clamp(0.0, 1.0);
            color.map(|channel| channel * share)
        })
    });
    let bloom = Pixmap::from_premultiplied(plate.pixmap.width(), plate.pixmap.height(), bright);
    let sigma = f64::from(22.0 * plate.line);
    let bloom = bloom.map(|bloom| blurred(bloom, (sigma, sigma), Beyond::Edge));
    let Some(bloom) = bloom.as_ref().and_then(Picture::of) else { return plate.pixmap.pixels().to_vec() };
    let intensity = plate.intensity;
    plate.beside(bloom, move |_, _, here, light| {
        let alpha = here[3].max(1.0);
        let light = [light[0], light[1], light[2]].map(|channel| 1.5 * intensity * channel / alpha);
        recolored(here, |color| screened(color, light))
    })
}

/// Cut glass: three views of the picture, each in colours of its own, turned about the middle.
pub(super) fn prism<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let reach = 70.0 * plate.line * plate.intensity;
    // Up, lower right, lower left; together the tints are white.
    let views: [(f32, f32, [f32; 3]); 3] =
        [(0.0, -1.0, [0.75, 0.1, 0.15]), (0.866, 0.5, [0.1, 0.75, 0.15]), (-0.866, 0.5, [0.15, 0.15, 0.7])];
    let (own, intensity) = (*plate, plate.intensity);
    let distance = move |x: f32, y: f32| {
        let (u, v) = own.offset(x, y);
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
        mix(here, split, (0.35 + 0.65 * far) * intensity.min(1.0))
    })
}

/// The picture at half its size with every point spread over a disc of `radius` pixels of the original.
fn bokeh<W: Lanes>(plate: &Plate<'_, W>, radius: f32) -> Pixmap {
    let (width, height) = (plate.pixmap.width().div_ceil(2), plate.pixmap.height().div_ceil(2));
    let Ok(small) = scale(plate.pixmap, Region::WHOLE, width, height) else { return plate.pixmap.clone() };
    let Some(picture) = Picture::of(&small) else { return small };
    let radius = radius / 2.0;
    // A sunflower's seeds fill a disc evenly: each a golden angle after the one before.
    let tap = |n: usize| {
        let distance = ((n as f32 + 0.5) / N_TAPS as f32).sqrt() * radius;
        let angle = n as f32 * 2.399_963_2;
        (distance * libm::cosf(angle), distance * libm::sinf(angle))
    };
    // A list, not an array: with an array the compiler takes minutes over the loop below.
    let taps: Vec<(f32, f32)> = (0..N_TAPS).map(tap).collect();
    let columns = width as usize;
    let (mut places, mut found) = (Row::new(columns), vec![[0_u8; 4]; columns]);
    // Sums of each channel and of the weights.
    let mut sums = [(); 5].map(|()| vec![0.0_f32; columns]);
    let pixels = paint_rows(plate.lanes, width, height, move |y, row| {
        sums.iter_mut().for_each(|sums| sums.fill(0.0));
        for (dx, dy) in &taps {
            places.y.fill(y as f32 + 0.5 + dy);
            centers(&mut places.x).for_each(|(x, place)| *place = x + dx);
            picture.read_held(&mut places, &mut found);
            add_weighted(&mut sums, &found);
        }
        let [r, g, b, a, weight] = &sums;
        for (x, pixel) in row.iter_mut().enumerate() {
            *pixel = [r, g, b, a].map(|channel| byte(channel[x] / weight[x]));
        }
    });
    Pixmap::from_premultiplied(width, height, pixels).unwrap_or(small)
}

/// Adds pixels to sums of each channel and of weights: more the brighter they are.
#[inline(always)]
fn add_weighted(sums: &mut [Vec<f32>; 5], pixels: &[[u8; 4]]) {
    let mut added = [[0.0_f32; BLOCK]; 5];
    for (n, pixels) in pixels.chunks(BLOCK).enumerate() {
        for (x, pixel) in pixels.iter().enumerate() {
            let pixel = pixel.map(f32::from);
            let light = (pixel[0] + pixel[1] + pixel[2]) / 765.0;
            let weight = 1.0 + HIGHLIGHTS * light * light * light * light;
            (0..4).for_each(|c| added[c][x] = pixel[c] * weight);
            added[4][x] = weight;
        }
        for (sums, added) in sums.iter_mut().zip(&added) {
            let sums = &mut sums[n * BLOCK..][..pixels.len()];
            sums.iter_mut().zip(added).for_each(|(sum, added)| *sum += added);
        }
    }
}

/// A picture of another size stretched over the plate and enlarged about the middle.
fn enlarged<W: Lanes>(plate: &Plate<'_, W>, picture: &Picture<'_>, zoom: f32) -> Vec<u8> {
    let (across, down) = (picture.width() / plate.width(), picture.height() / plate.height());
    let (cx, cy) = (plate.width() / 2.0, plate.height() / 2.0);
    let mut at = Row::new(plate.pixmap.width() as usize);
    centers(&mut at.x).for_each(|(x, place)| *place = (cx + (x - cx) / zoom) * across);
    paint_rows(plate.lanes, plate.pixmap.width(), plate.pixmap.height(), |y, row| {
        at.y.fill((cy + (y as f32 + 0.5 - cy) / zoom) * down);
        picture.read_held(&mut at, row);
    })
}
