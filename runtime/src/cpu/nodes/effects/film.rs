//! Film stocks and what happens to film: fading, grain, dust, burns, leaks.

use super::grain::{Dust, Grain};
use super::{Plate, luma, recolored, s_curve, saturated, screened};
use crate::raster::blocks::centers;
use crate::raster::noise::{hills, unit};
use crate::raster::noise_rows::CloudRows;
use crate::raster::paint::Lanes;
use crate::raster::sample::{Row, lit, mix};

/// Frames that a light leak takes to cross about a third of the picture.
const LEAK_FRAMES: f32 = 90.0;

/// Aged stock: faded blacks, yellowed lights, less colour.
pub(super) fn vintage<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (mut grain, own) = (Grain::new(plate, 1.6, 0), *plate);
    let prepare = move |y: f32, [grains, light]: &mut [Vec<f32>; 2]| {
        grain.fill(y, 0.05, grains);
        centers(light).for_each(|(x, light)| *light = own.vignette(x, y, 0.4));
    };
    plate.graded_with(prepare, move |_, _, color, [grain, light]| {
        let [r, g, b] = saturated(color, 0.65).map(|channel| 0.12 + 0.78 * channel);
        [r * 1.08 + 0.03 + grain, g * 1.0 + 0.01 + grain, b * 0.78 + 0.03 + grain].map(|c| c * light)
    })
}

/// An instant picture: soft, cool shadows, creamy lights, in its white frame.
pub(super) fn polaroid<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (width, height) = (plate.width(), plate.height());
    let edge = 0.045 * width.min(height);
    let foot = 0.16 * width.min(height);
    plate.mixed(move |x, y, here| {
        // How far inside the window of the frame, in pixels.
        let inside = x.min(width - x).min(y).min(height - y - (foot - edge)) - edge;
        let picture = recolored(here, |color| {
            let [r, g, b] = saturated(color, 0.85).map(|channel| 0.1 + 0.86 * s_curve(channel, 0.35));
            let shadow = 1.0 - luma([r, g, b]);
            [r * 1.05, g * 1.02 + 0.01, b * 0.9 + 0.1 * shadow]
        });
        let paper = [246.0, 243.0, 235.0].map(|channel| channel * here[3] / 255.0);
        // A faint shade where the picture lies under the frame.
        let picture = lit(picture, 1.0 - 0.25 * (1.0 - inside / (0.2 * edge)).clamp(0.0, 1.0));
        mix([paper[0], paper[1], paper[2], here[3]], picture, (inside + 0.5).clamp(0.0, 1.0))
    })
}

/// A portrait stock: open shadows, warm skin, soft greens.
pub(super) fn portra<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let mut grain = Grain::new(plate, 1.2, 1);
    let prepare = move |y: f32, [grains]: &mut [Vec<f32>; 1]| grain.fill(y, 0.018, grains);
    plate.graded_with(prepare, move |_, _, color, [grain]| {
        let grey = luma(color);
        let [r, g, b] = saturated(color, 0.88);
        let lift = 0.06 * (1.0 - grey);
        [r * 1.05 + lift + grain, g * 0.99 + lift + 0.012 + grain, b * 0.9 + lift + 0.02 + grain]
    })
}

/// Narrow home-movie film: warm, grainy, shaking in its gate, with dust and rounded corners.
pub(super) fn super8<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (width, height) = (plate.width(), plate.height());
    let shake = |n: u32| (unit(plate.frame, 80 + n) - 0.5) * 5.0 * plate.line * plate.intensity;
    let (dx, dy) = (shake(0), shake(1));
    let flicker = 0.94 + 0.12 * unit(plate.frame, 82);
    let radius = 0.09 * height;
    let (mut grain, dust, own) = (Grain::new(plate, 2.4, 2), Dust::new(plate, 0.8), *plate);
    let prepare = move |y: f32, [places]: &mut [Row; 1], [grains, light, open, dirt]: &mut [Vec<f32>; 4]| {
        places.y.fill(y + dy);
        centers(&mut places.x).for_each(|(x, place)| *place = x + dx);
        grain.fill(y, 0.16, grains);
        centers(light).for_each(|(x, light)| *light = own.vignette(x, y, 0.65) * flicker);
        dust.fill(y, dirt);
        // The gate: a rectangle with round corners.
        let v = ((y - height / 2.0).abs() - height / 2.0 + radius + 0.02 * height).max(0.0);
        for ((x, open), dirt) in centers(open).zip(dirt) {
            let u = ((x - width / 2.0).abs() - width / 2.0 + radius + 0.02 * width).max(0.0);
            let gate = ((radius - (u * u + v * v).sqrt()) / (3.0 * own.line) + 0.5).clamp(0.0, 1.0);
            *open = gate * (1.0 - *dirt);
        }
    };
    plate.rows(prepare, move |_, _, still, [here], [grain, light, open, _]| {
        let picture = recolored(here, |color| {
            let [r, g, b] = saturated(color, 1.1);
            let [r, g, b] = [r * 1.12 + 0.06, g * 0.97 + 0.03, b * 0.7 + 0.02];
            [r + grain, g + grain, b + grain].map(|channel| channel * light)
        });
        mix(still, lit(picture, open), own.intensity)
    })
}

/// Cinema: soft shoulders, cool shadows, warm lights.
pub(super) fn filmic<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let own = *plate;
    plate.graded(move |x, y, color| {
        let color = saturated(color, 0.92).map(|channel| s_curve(channel, 0.75) * 0.97 + 0.012);
        let grey = luma(color);
        let (cool, warm) = ((1.0 - grey) * (1.0 - grey), grey * grey);
        let light = own.vignette(x, y, 0.25);
        let [r, g, b] = color;
        [r + 0.06 * warm - 0.045 * cool, g + 0.012 * warm + 0.012 * cool, b - 0.05 * warm + 0.05 * cool]
            .map(|channel| channel * light)
    })
}

/// Grain, dust and hairs, different on every frame.
pub(super) fn add_grain<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (mut grain, dust) = (Grain::new(plate, 1.7, 3), Dust::new(plate, 1.0));
    let prepare = move |y: f32, [grains, dirt]: &mut [Vec<f32>; 2]| {
        grain.fill(y, 0.3, grains);
        dust.fill(y, dirt);
    };
    plate.graded_with(prepare, move |_, _, color, [grain, dirt]| {
        let grey = luma(color);
        // Strongest in the middle tones, as on film.
        let grain = grain * (0.5 + 2.0 * grey * (1.0 - grey));
        color.map(|channel| (channel + grain) * (1.0 - dirt) + 0.04 * dirt)
    })
}

/// The end of a reel: orange and white light eats in from the sides.
pub(super) fn film_burn<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (width, height) = (plate.width(), plate.height());
    let time = plate.frame as f32 / 12.0;
    let pulse = 0.75 + 0.35 * hills(time, 0.0, 90);
    let side = hills(time * 0.4, 3.0, 91);
    let mut clouds =
        CloudRows::new((0..plate.pixmap.width()).map(|x| 2.2 * ((x as f32 + 0.5) / width) + 0.6 * time), 92);
    let prepare = move |y: f32, [cloud, heat]: &mut [Vec<f32>; 2]| {
        clouds.fill(1.6 * (y / height) - 0.35 * time, cloud);
        for ((x, heat), cloud) in centers(heat).zip(cloud) {
            let u = x / width;
            let from_left = (1.0 - u / (0.35 + 0.3 * side)).max(0.0);
            let from_right = (1.0 - (1.0 - u) / (0.65 - 0.3 * side)).max(0.0);
            *heat = ((from_left.max(from_right) * 1.15 + 0.75 * *cloud - 0.45) * pulse).clamp(0.0, 1.3);
        }
    };
    plate.graded_with(prepare, move |_, _, color, [_, heat]| {
        screened(color, [1.25 * heat, 0.75 * heat * heat, 0.5 * heat * heat * heat])
    })
}

/// Soft coloured light through a seam of the camera.
pub(super) fn light_leaks<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (width, height) = (plate.width(), plate.height());
    let time = plate.frame as f32 / LEAK_FRAMES;
    // Place, size and colour of each leak; they wander slowly.
    let leaks = [0_u32, 1, 2].map(|n| {
        let wander = |seed: u32| hills(time + n as f32 * 7.3, n as f32, 100 + seed) - 0.5;
        let place = [(0.02, 0.25), (0.95, 0.75), (0.75, 0.02)][n as usize];
        let color = [[1.0, 0.45, 0.12], [1.0, 0.2, 0.42], [1.0, 0.75, 0.3]][n as usize];
        let strength = 0.75 + 0.5 * wander(2);
        (place.0 + 0.5 * wander(0), place.1 + 0.4 * wander(1), color.map(|channel: f32| channel * strength))
    });
    plate.graded(move |x, y, color| {
        let (u, v) = (x / width, y / height);
        leaks.into_iter().fold(color, |color, (at_x, at_y, light)| {
            let (dx, dy) = ((u - at_x) / 0.55, (v - at_y) / 0.75);
            let near = (1.0 - (dx * dx + dy * dy)).max(0.0);
            screened(color, light.map(|channel| channel * near * near))
        })
    })
}
