//! Colours by colours: sepia, duotone, cross process, bleach bypass, inversion, night vision, heat.

use super::{Plate, blend, luma, s_curve, saturated};
use crate::raster::noise::cell;
use crate::raster::paint::Lanes;

/// The two ends of a duotone.
const DUOTONE: [[f32; 3]; 2] = [[0.13, 0.06, 0.38], [1.0, 0.78, 0.42]];
/// Colours of rising heat.
const HEAT: [[f32; 3]; 7] = [
    [0.0, 0.0, 0.12],
    [0.16, 0.0, 0.5],
    [0.6, 0.0, 0.6],
    [0.93, 0.2, 0.25],
    [1.0, 0.58, 0.0],
    [1.0, 0.92, 0.2],
    [1.0, 1.0, 0.95],
];

/// Brown and white, darker towards the corners.
pub(super) fn sepia<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let own = *plate;
    plate.graded(move |x, y, color| {
        let grey = luma(color);
        let light = own.vignette(x, y, 0.55);
        [grey * 1.08 + 0.07, grey * 0.9 + 0.03, grey * 0.66].map(|channel| channel * light)
    })
}

/// Dark and light as two colours.
pub(super) fn duotone<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    plate.graded(|_, _, color| blend(DUOTONE[0], DUOTONE[1], s_curve(luma(color), 0.5)))
}

/// Slide film in the wrong bath: hard, yellow-green lights, blue shadows.
pub(super) fn cross_process<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    plate.graded(|_, _, color| {
        let [r, g, b] = saturated(color, 1.25);
        [s_curve(r, 0.9) * 1.04, s_curve(g, 0.7) * 1.05 + 0.02, 0.16 + 0.66 * b]
    })
}

/// Silver left in the film: hard, with little colour.
pub(super) fn bleach_bypass<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    plate.graded(|_, _, color| {
        let grey = luma(color);
        let overlaid = color.map(|channel| {
            if grey < 0.5 { 2.0 * channel * grey } else { 1.0 - 2.0 * (1.0 - channel) * (1.0 - grey) }
        });
        saturated(overlaid, 0.45)
    })
}

/// Every channel turned over.
pub(super) fn invert<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    plate.graded(|_, _, color| color.map(|channel| 1.0 - channel))
}

/// An image intensifier: green, grainy, in a round tube.
pub(super) fn night_vision<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let grain = (2.0 * plate.line).max(1.0);
    let (tube, own) = (plate.height() * 0.56, *plate);
    plate.graded(move |x, y, color| {
        let noise = cell((x / grain) as i32, (y / grain) as i32, own.frame.wrapping_mul(2)) - 0.5;
        let line = if (y / (3.0 * own.line)) as i32 % 2 == 0 { 1.0 } else { 0.86 };
        let grey = (luma(color).sqrt() * 0.95 + 0.22 * noise).clamp(0.0, 1.0) * line;
        let (dx, dy) = (x - own.width() / 2.0, (y - own.height() / 2.0) * 1.08);
        let inside = ((tube * 1.45 - (dx * dx + dy * dy).sqrt()) / (0.5 * tube)).clamp(0.0, 1.0);
        let light = inside * inside * (3.0 - 2.0 * inside);
        [0.12 * grey + 0.35 * grey * grey * grey, grey, 0.16 * grey + 0.2 * grey * grey * grey]
            .map(|channel| channel * light)
    })
}

/// Brightness as heat: blue, purple, red, orange, yellow, white.
pub(super) fn thermal<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    plate.graded(|_, _, color| {
        let at = s_curve(luma(color), 0.4) * (HEAT.len() - 1) as f32;
        let step = (at as i32).min(HEAT.len() as i32 - 2);
        // Picked, not looked up, so that it is vector code.
        let (mut from, mut to) = (HEAT[0], HEAT[1]);
        for (n, colors) in (0..).zip(HEAT.windows(2)) {
            for c in 0..3 {
                from[c] = if step == n { colors[0][c] } else { from[c] };
                to[c] = if step == n { colors[1][c] } else { to[c] };
            }
        }
        blend(from, to, at - step as f32)
    })
}
