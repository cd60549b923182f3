//! Tape, tubes and broken signals.

use super::rows::{near, runs};
use super::{Plate, blend, glyphs, luma, recolored, saturated, screened};
use crate::raster::blocks::{center, centers, fill_rows};
use crate::raster::noise::{cell, hills, unit};
use crate::raster::paint::{Lanes, byte, paint_rows};
use crate::raster::sample::{Rgba, Row, lit, mix};

/// A worn tape: smeared and shifted colour, soft lines that tremble, noise, a torn edge at the foot.
pub(super) fn vhs<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (line, height, strength) = (plate.line, plate.height(), plate.intensity);
    let frame = plate.frame;
    let smear = 9.0 * line * strength;
    // By how much each row is moved to the side, and how much of it is torn.
    let move_of = |y: u32| {
        let y = y as f32 + 0.5;
        let row = (y / (2.0 * line)).floor();
        let tremble = (unit(row as i32 as u32, frame.wrapping_mul(3)) - 0.5) * 3.0 * line;
        // A wave wanders up the picture.
        let wave = y / height - 1.0 + (frame % 150) as f32 / 120.0;
        let bend = 14.0 * line * (-(wave * 16.0) * (wave * 16.0)).max(-1.0) + 14.0 * line;
        let torn = ((y / height - 0.955) / 0.045).clamp(0.0, 1.0);
        let tear = torn * torn * 160.0 * line * (hills(y / (6.0 * line), frame as f32, 120) - 0.2);
        ((tremble + bend.max(0.0) + tear) * strength, torn)
    };
    let rows: Vec<(f32, f32)> = (0..plate.pixmap.height()).map(move_of).collect();
    let moved = |y: f32| rows.get(y as usize).copied().unwrap_or_default();
    let prepare = move |y: f32, places: &mut [Row; 6], [added]: &mut [Vec<f32>; 1]| {
        let (shift, torn) = moved(y);
        // The picture, its right neighbour; and colour, which has a fraction of the luma's detail and comes late.
        let beside = [0.0, 1.5 * line, -smear, -1.6 * smear, -2.2 * smear, -2.8 * smear];
        for (places, beside) in places.iter_mut().zip(beside) {
            places.y.fill(y);
            centers(&mut places.x).for_each(|(x, place)| *place = x + shift + beside);
        }
        let row = (y / (2.0 * line)).floor() as i32;
        for (x, added) in centers(added) {
            let x = x + shift;
            let noise = cell((x / (2.2 * line)) as i32, row, frame.wrapping_mul(7)) - 0.5;
            let streak = cell((x / (90.0 * line)) as i32, row, frame.wrapping_mul(5));
            let dropout = if streak > 0.997 - 0.25 * torn { 0.5 } else { 0.0 };
            *added = (0.11 * noise + dropout) * strength;
        }
    };
    plate.rows(prepare, move |_, _, _, [here, beside, late, later, latest, last], [added]| {
        let soft = mix(here, beside, 0.5);
        // Written out: a loop over them is called for each pixel.
        let color: [f32; 3] = std::array::from_fn(|c| (late[c] + later[c] + latest[c] + last[c]) / 1020.0);
        recolored(soft, |sharp| {
            let grey = luma(sharp) + added;
            let chroma = saturated(color, 1.25);
            let back = luma(chroma);
            let taped = chroma.map(|channel| 0.035 + 0.94 * (grey + channel - back));
            blend(sharp, taped, strength)
        })
    })
}

/// What a recorder lays over a picture: its display, lines and a band of noise.
pub(super) fn vhs_overlay<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (width, height, line) = (plate.width(), plate.height(), plate.line);
    let dot = 6.0 * line;
    let counter = glyphs::counter(plate.frame);
    let place = (60.0 * line, 56.0 * line);
    let band = (plate.frame % 130) as f32 / 110.0;
    let frame = plate.frame;
    let prepare = move |y: f32, [ink, noise, dark]: &mut [Vec<f32>; 3]| {
        ink.fill(0.0);
        let texts = [
            (&b"PLAY >"[..], place.0, place.1),
            (&counter[..], width - place.0 - glyphs::width(&counter) * dot, height - place.1 - 7.0 * dot),
        ];
        for (text, left, top) in texts {
            let down = (y - top) / dot;
            let (middle, reach) = (glyphs::width(text) * dot / 2.0, (glyphs::width(text) / 2.0 + 1.0) * dot);
            if !(0.0..7.0).contains(&down) {
                continue;
            }
            let pixels = near(&(0..ink.len()), left + middle, reach);
            let first = pixels.start as f32;
            for (x, ink) in centers(&mut ink[pixels]) {
                let is_ink = glyphs::ink(text, ((x + first) - left) / dot, down);
                *ink = if is_ink { 1.0 } else { *ink };
            }
        }
        dark.fill(if (y / (2.0 * line)).floor() as i32 % 2 == 0 { 1.0 } else { 0.8 });
        noise.fill(0.0);
        let near = 1.0 - ((y / height - band) / 0.05).abs();
        if near > 0.0 {
            for (x, noise) in centers(noise) {
                let speck = cell((x / (5.0 * line)) as i32, (y / (2.0 * line)) as i32, frame.wrapping_mul(9));
                *noise = if speck > 1.0 - 0.45 * near { 0.75 } else { 0.0 };
            }
        }
    };
    plate.graded_with(prepare, |_, _, color, [ink, noise, dark]| {
        let tint = [0.98, 1.0, 1.04];
        let lined: [f32; 3] = std::array::from_fn(|c| color[c] * dark * tint[c]);
        let shown = screened(lined, [noise; 3]);
        let white = [0.95, 0.98, 1.0];
        std::array::from_fn(|c| if ink > 0.0 { white[c] } else { shown[c] })
    })
}

/// A colour tube: bulging glass, stripes of phosphor, dark lines, a round-cornered edge.
pub(super) fn crt<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let line = plate.line;
    let pitch = (3.0 * line).max(3.0);
    // Which colour's phosphor is in each column.
    let stripes: Vec<i32> =
        (0..plate.pixmap.width()).map(|x| ((x as f32 + 0.5) / (pitch / 3.0)).floor() as i32 % 3).collect();
    let (glass, intensity) = (*plate, plate.intensity);
    let prepare = move |y: f32, [places]: &mut [Row; 1], [edge, light, own @ ..]: &mut [Vec<f32>; 5]| {
        if y < 1.0 {
            for (own, color) in own.iter_mut().zip(0..) {
                let stripes = own.iter_mut().zip(&stripes);
                stripes.for_each(|(own, stripe)| *own = if *stripe == color { 1.25 } else { 0.8 });
            }
        }
        look_through(glass, 0.1 * glass.intensity, (0.0, y), places, edge);
        let phase = (y / (4.0 * line)) - (y / (4.0 * line)).floor();
        let beam = 0.62 + 0.38 * (1.0 - (2.0 * phase - 1.0).abs());
        centers(light).for_each(|(x, light)| *light = glass.vignette(x, y, 0.45) * beam * 1.35);
    };
    plate.rows(prepare, move |_, _, _, [here], [edge, light, own @ ..]| {
        let glass = recolored(here, |color| std::array::from_fn(|c| color[c] * own[c] * light));
        lit(mix(here, glass, intensity), edge)
    })
}

/// An old black-and-white set: snow, a rolling band, lines, a round tube.
pub(super) fn television<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (height, line) = (plate.height(), plate.line);
    let roll = (plate.frame % 100) as f32 / 80.0;
    let row_of = move |y: f32| (y / (3.0 * line)).floor() as i32;
    let (glass, intensity) = (*plate, plate.intensity);
    let prepare = move |y: f32, [places]: &mut [Row; 1], [edge, snow, light]: &mut [Vec<f32>; 3]| {
        let row = row_of(y);
        let tremble = (cell(row / 3, 0, glass.frame) - 0.5) * 4.0 * line * glass.intensity;
        look_through(glass, 0.16 * glass.intensity, (tremble, y), places, edge);
        for (x, snow) in centers(snow) {
            *snow = 0.3 * (cell((x / (2.5 * line)) as i32, row, glass.frame.wrapping_mul(13)) - 0.5);
        }
        centers(light).for_each(|(x, light)| *light = glass.vignette(x, y, 0.6));
    };
    plate.rows(prepare, move |_, y, _, [here], [edge, snow, light]| {
        let band = (1.0 - ((y / height - roll) / 0.12).abs()).max(0.0);
        let dark = if row_of(y) % 2 == 0 { 1.0 } else { 0.78 };
        let set = recolored(here, |color| {
            let grey = (luma(color) * 1.1 + snow + 0.16 * band) * dark * light;
            [grey * 0.96, grey, grey * 1.03]
        });
        lit(mix(here, set, intensity), edge)
    })
}

/// Fills in, for the row at `y`, where it is seen through bulging glass when it is moved by `across`, and the light
/// that the edge of the tube leaves of it.
#[inline(always)]
fn look_through<W: Lanes>(
    plate: Plate<'_, W>,
    depth: f32,
    (across, y): (f32, f32),
    places: &mut Row,
    edge: &mut [f32],
) {
    fill_rows([edge, &mut places.x, &mut places.y], |x| {
        let ((u, v), light) = bulged(&plate, center(x) + across, y, depth);
        [light, u, v]
    });
}

/// Where the picture is seen through bulging glass, and the light that the edge of the tube leaves of it: none
/// well beyond it.
#[inline(always)]
fn bulged<W: Lanes>(plate: &Plate<'_, W>, x: f32, y: f32, depth: f32) -> ((f32, f32), f32) {
    let (half_x, half_y) = (plate.width() / 2.0, plate.height() / 2.0);
    let (u, v) = ((x - half_x) / half_x, (y - half_y) / half_y);
    let (u, v) = (u * (1.0 + depth * v * v), v * (1.0 + depth * u * u));
    let (u, v) = (u * (1.0 + 0.1 * depth), v * (1.0 + 0.1 * depth));
    let is_beyond = u.abs() > 1.02 || v.abs() > 1.02;
    // Round corners.
    let round = 0.12;
    let (a, b) = ((u.abs() - 1.0 + round).max(0.0), (v.abs() - 1.0 + round).max(0.0));
    let inside = ((round - (a * a + b * b).sqrt()) / 0.02 + 0.5).clamp(0.0, 1.0);
    if is_beyond { ((x, y), 0.0) } else { ((half_x + u * half_x, half_y + v * half_y), inside) }
}

/// Every other pair of lines darker.
pub(super) fn scanlines<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let period = (5.0 * plate.line).max(2.0);
    plate.graded(move |_, y, color| {
        let at = y / period - (y / period).floor();
        let dark = if at < 0.5 { 1.04 } else { 0.45 };
        color.map(|channel| channel * dark)
    })
}

/// Rows torn to the side, colours apart, in bursts of a few frames.
pub(super) fn glitch<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (line, height) = (plate.line, plate.height());
    let burst = plate.frame / 3;
    // Some bursts are calm; none is without a trace.
    let power = plate.intensity * (0.35 + 0.65 * unit(burst, 130));
    let n_bands = 34;
    let bands: Vec<f32> = (0..n_bands)
        .map(|band| {
            let torn = cell(band, burst as i32, 131) < 0.4 * power;
            if torn { (cell(band, burst as i32, 132) - 0.5) * 220.0 * line * power } else { 0.0 }
        })
        .collect();
    let part = 14.0 * line * power;
    let prepare = move |y: f32, places: &mut [Row; 3], [flash]: &mut [Vec<f32>; 1]| {
        let band = ((y / height * n_bands as f32) as usize).min(bands.len() - 1);
        let shift = bands[band];
        let wide = part * if shift == 0.0 { 0.4 } else { 1.6 };
        for (places, apart) in places.iter_mut().zip([-wide, 0.0, wide]) {
            centers(&mut places.x).for_each(|(x, place)| *place = x + shift + apart);
            places.y.fill(y);
        }
        flash.fill(if cell(band as i32, burst as i32, 133) < 0.04 * power { 1.6 } else { 1.0 });
    };
    plate.rows(prepare, |_, _, _, [red, here, blue], [flash]| lit([red[0], here[1], blue[2], here[3]], flash))
}

/// What became of a block of a damaged stream.
#[derive(Clone, Copy)]
enum Block {
    Whole,
    Moved(f32, f32),
    /// Its upper left, upper right, lower left and lower right, and what is added to its colours.
    Flat([Rgba; 4], Option<[f32; 3]>),
}

/// A damaged stream: blocks that stay behind, move with the wrong vector, or lose their detail.
pub(super) fn compression_glitch<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let side = (40.0 * plate.line).max(4.0);
    let burst = plate.frame / 4;
    let block = |column: f32, row: f32| {
        // Damage comes in patches.
        let patch = hills(column / 5.0, row / 3.0, 140 + burst);
        let hit = cell(column as i32, row as i32, 141 + burst);
        if patch < 0.85 - 0.5 * plate.intensity || hit > 0.35 + 0.6 * plate.intensity {
            return Block::Whole;
        }
        let own = cell(column as i32, row as i32, 142 + burst);
        if own < 0.4 {
            let vector = |n: u32| {
                (hills(column / 4.0, row / 4.0, 143 + n + burst) - 0.5) * 7.0 * side * plate.intensity
            };
            return Block::Moved(vector(0), vector(1));
        }
        // Detail gone: a coarse gradient of the block, with a cast.
        let (left, top) = (column * side, row * side);
        let corner = |u: f32, v: f32| plate.picture.sample_held(left + u * side, top + v * side);
        let cast = (own >= 0.8).then_some([own * 2.0 - 1.6, 0.1, 1.9 - own * 2.0]);
        Block::Flat([corner(0.1, 0.1), corner(0.9, 0.1), corner(0.1, 0.9), corner(0.9, 0.9)], cast)
    };
    let count = |length: f32| (length / side) as usize + 1;
    let (columns, rows) = (count(plate.width()), count(plate.height()));
    let blocks: Vec<Block> =
        (0..columns * rows).map(|n| block((n % columns) as f32, (n / columns) as f32)).collect();
    let picture = plate.picture;
    let runs = runs(plate.pixmap.width(), |x| x / side);
    let mut places = Row::new(plate.pixmap.width() as usize);
    paint_rows(plate.lanes, plate.pixmap.width(), plate.pixmap.height(), move |y, pixels| {
        let here = picture.line(y);
        let y = y as f32 + 0.5;
        let row = (y / side).floor();
        for (column, run) in &runs {
            let pixels = &mut pixels[run.clone()];
            let at = row as usize * columns + *column as usize;
            let first = run.start as f32;
            match blocks.get(at).copied().unwrap_or(Block::Whole) {
                Block::Whole => pixels.copy_from_slice(&here[run.clone()]),
                Block::Moved(across, down) => {
                    let n = pixels.len();
                    centers(&mut places.x[..n]).for_each(|(x, place)| *place = (x + first) + across);
                    places.y[..n].fill(y + down);
                    picture.read_held(&mut places, pixels);
                }
                Block::Flat([a, b, c, d], cast) => {
                    let (left, top) = (*column as f32 * side, row * side);
                    let quarter = |at: f32| (at / side * 4.0).floor() / 4.0;
                    let v = quarter(y - top);
                    for (x, pixel) in centers(pixels) {
                        let u = quarter((x + first) - left);
                        let flat = mix(mix(a, b, u), mix(c, d, u), v);
                        let flat = match cast {
                            Some(cast) => {
                                recolored(flat, |color| std::array::from_fn(|c| color[c] + 0.5 * cast[c]))
                            }
                            None => flat,
                        };
                        *pixel = flat.map(byte);
                    }
                }
            }
        }
    })
}
