//! Repetition, displacement, displays, flashes and weather.

use std::ops::Range;

use super::rows::{near, runs};
use super::{Plate, glyphs, luma, recolored, screened};
use crate::raster::blocks::{center, centers, fill_rows};
use crate::raster::noise::cell;
use crate::raster::noise_rows::HillRows;
use crate::raster::paint::{Lanes, byte, paint_rows};
use crate::raster::sample::{Rgba, Row, lit, mix, over};

/// Frames of a strobe's flash and of the pause after it.
const STROBE: u32 = 3;

/// Pale doubles of the picture that wander from side to side.
pub(super) fn ghosting<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let sway = libm::sinf(plate.frame as f32 / 14.0);
    let way = (34.0 + 18.0 * sway) * plate.line;
    let strength = plate.intensity;
    // How far each double wanders, and how much of it is seen.
    let doubles: [(f32, f32); 4] = [(-2.0, 0.18), (-1.0, 0.34), (1.0, 0.34), (2.0, 0.18)];
    let prepare = move |y: f32, places: &mut [Row; 4], _: &mut [Vec<f32>; 0]| {
        for (places, (across, _)) in places.iter_mut().zip(doubles) {
            centers(&mut places.x).for_each(|(x, place)| *place = x + across * way);
            places.y.fill(y + 0.2 * across * way);
        }
    };
    plate.rows(prepare, move |_, _, here, seen, []| {
        let doubles = doubles.into_iter().zip(seen);
        doubles.fold(here, |sum, ((_, share), double)| mix(sum, double, share * strength))
    })
}

/// The picture in ever smaller, ever paler frames of itself, towards the middle.
pub(super) fn echo<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (cx, cy) = (plate.width() / 2.0, plate.height() / 2.0);
    let (picture, strength) = (plate.picture, plate.intensity);
    let columns = plate.pixmap.width() as usize;
    let mut places = Row::new(columns);
    let (mut seen, mut sums) = (vec![[0_u8; 4]; columns], vec![[0.0_f32; 4]; columns]);
    paint_rows(plate.lanes, plate.pixmap.width(), plate.pixmap.height(), move |y, row| {
        let here = picture.line(y);
        let y = y as f32 + 0.5;
        sums.iter_mut().zip(here).for_each(|(sum, here)| *sum = here.map(f32::from));
        for n in 1..6 {
            let zoom = 1.0 / (1.0 - 0.13 * n as f32);
            let share = (0.62 - 0.06 * n as f32) * strength;
            let laid =
                |sum: &mut Rgba, smaller: Rgba| *sum = over(smaller.map(|channel| channel * share), *sum);
            let down = cy + (y - cy) * zoom;
            if !picture.reaches(cy, down) {
                continue;
            }
            centers(&mut places.x).for_each(|(x, place)| *place = cx + (x - cx) * zoom);
            let inside = picture.inside(&places.x, down);
            let beside = (0..inside.start).chain(inside.end..columns);
            for x in beside.filter(|x| picture.reaches(places.x[*x], down)) {
                laid(&mut sums[x], picture.sample(places.x[x], down));
            }
            places.y.fill(down);
            picture.read_held(&mut places, &mut seen);
            for (sum, seen) in sums[inside.clone()].iter_mut().zip(&seen[inside]) {
                laid(sum, seen.map(f32::from));
            }
        }
        row.iter_mut().zip(&sums).for_each(|(pixel, sum)| *pixel = sum.map(byte));
    })
}

/// Pushed about by moving hills and by its own brightness, like a picture under running water.
pub(super) fn displacement_map<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let size = 120.0 * plate.line;
    let push = 46.0 * plate.line * plate.intensity;
    let time = plate.frame as f32 / 40.0;
    let (width, picture) = (plate.pixmap.width(), plate.picture);
    let places = move |shift: f32| (0..width).map(move |x| (x as f32 + 0.5) / size + shift);
    let (mut across, mut down) = (HillRows::new(places(time), 150), HillRows::new(places(0.0), 151));
    let prepare = move |y: f32, [places]: &mut [Row; 1], [right, below]: &mut [Vec<f32>; 2]| {
        across.fill(y / size, right);
        down.fill(y / size + time, below);
        let line = picture.line(y as usize);
        fill_rows([&mut places.x, &mut places.y], |x| {
            let here = line[x].map(f32::from);
            let bright = luma([here[0], here[1], here[2]]) / 255.0 - 0.5;
            let moved = |at: f32, hills: f32| at + 2.0 * push * (hills - 0.5 + 0.3 * bright);
            [moved(center(x), right[x]), moved(y, below[x])]
        });
    };
    plate.rows(prepare, |_, _, _, [seen], _| seen)
}

/// What a camera shows in its finder: corners, a cross, a counter, a battery, a red light that blinks.
pub(super) fn viewfinder<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (width, height, line) = (plate.width(), plate.height(), plate.line);
    let dot = 5.0 * line;
    let stroke = 4.0 * line;
    let margin = 60.0 * line;
    let arm = 110.0 * line;
    let counter = glyphs::counter(plate.frame);
    let is_lit = (plate.frame / 15).is_multiple_of(2);
    let mark = move |x: f32, y: f32| {
        // Mirrored into the upper left quarter.
        let (u, v) = (x.min(width - x) - margin, y.min(height - y) - margin);
        let corner = (0.0..stroke).contains(&u) && (0.0..arm).contains(&v)
            || (0.0..stroke).contains(&v) && (0.0..arm).contains(&u);
        let (mx, my) = ((x - width / 2.0).abs(), (y - height / 2.0).abs());
        let cross = mx < stroke / 2.0 && my < 36.0 * line || my < stroke / 2.0 && mx < 36.0 * line;
        let text_top = margin + 32.0 * line;
        let rec_left = margin + 80.0 * line;
        let rec = glyphs::ink(b"REC", (x - rec_left) / dot, (y - text_top) / dot);
        let count_left = (width - glyphs::width(&counter) * dot) / 2.0;
        let count = glyphs::ink(
            &counter,
            (x - count_left) / dot,
            (y - (height - margin - 32.0 * line - 7.0 * dot)) / dot,
        );
        let (bx, by) = (x - (width - margin - 150.0 * line), y - text_top);
        let (long, high) = (100.0 * line, 36.0 * line);
        let in_battery = (0.0..long).contains(&bx) && (0.0..high).contains(&by);
        let shell = in_battery && (bx.min(long - bx).min(by).min(high - by) < 0.75 * stroke);
        let charge = in_battery && bx.min(by).min(high - by) > 1.6 * stroke && bx < 0.7 * long;
        let pole = (long..long + 2.0 * stroke).contains(&bx) && (0.3 * high..0.7 * high).contains(&by);
        if corner || cross || rec || count || shell || charge || pole {
            return 1.0;
        }
        let (dx, dy) = (x - (rec_left - 30.0 * line), y - (text_top + 3.5 * dot));
        if is_lit && (dx * dx + dy * dy).sqrt() < 16.0 * line { 2.0 } else { 0.0 }
    };
    // Rows above, below and between the marks have none.
    let is_marked = move |y: f32| {
        let near =
            (-1.0..arm + 1.0).contains(&(y - margin)) || (-1.0..arm + 1.0).contains(&(height - margin - y));
        near || (y - height / 2.0).abs() < 36.0 * line + 1.0
    };
    let prepare = move |y: f32, [marks]: &mut [Vec<f32>; 1]| {
        if is_marked(y) {
            centers(marks).for_each(|(x, drawn)| *drawn = mark(x, y));
        } else {
            marks.fill(0.0);
        }
    };
    plate.graded_with(prepare, |_, _, color, [mark]| {
        let drawn = if mark == 1.0 { [0.96, 0.97, 0.96] } else { [0.92, 0.1, 0.1] };
        std::array::from_fn(|c| if mark == 0.0 { color[c] } else { drawn[c] })
    })
}

/// Flashes of white, with darkness between.
pub(super) fn strobe_light<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let is_flash = (plate.frame / STROBE).is_multiple_of(2);
    plate.graded(
        move |_, _, color| {
            if is_flash { screened(color, [0.55; 3]) } else { color.map(|channel| channel * 0.22) }
        },
    )
}

/// Flakes that fall at three distances.
pub(super) fn snow<W: Lanes>(plate: &Plate<'_, W>) -> Vec<u8> {
    let (line, intensity) = (plate.line, plate.intensity);
    let time = plate.frame as f32;
    // Side of a cell that has one flake, radius, way down in a frame: all in lines.
    let layers = [(36.0, 3.2, 2.2), (62.0, 5.5, 4.0), (120.0, 10.0, 7.5)];
    let layers = [0_u32, 1, 2].map(|n| {
        let (side, radius, fall) = layers[n as usize];
        let side = side * line;
        let drift = 10.0 * line * libm::sinf(time / 50.0 + n as f32 * 2.1);
        let cells = runs(plate.pixmap.width(), |x| (x + drift) / side);
        let seed = 160 + 10 * n;
        Flakes { side, drift, fallen: time * fall * line, radius: radius * line, seed, cells }
    });
    let prepare = move |y: f32, _: &mut [Row; 0], [white]: &mut [Vec<f32>; 1]| {
        white.fill(0.0);
        layers.iter().for_each(|layer| layer.add(y, white));
    };
    plate.rows(prepare, move |_, _, here, [], [white]| {
        let cold = recolored(here, |[r, g, b]| [0.92 * r + 0.04, 0.95 * g + 0.05, b + 0.07]);
        let flakes = recolored(cold, |color| screened(color, [white, white, white]));
        lit(mix(here, flakes, intensity), 1.0)
    })
}

/// Flakes at one distance, at most one in each cell of a grid that falls.
struct Flakes {
    /// Side of a cell, in pixels.
    side: f32,
    /// How far to the left the grid is, and how far down.
    drift: f32,
    fallen: f32,
    /// Radius of a middling flake.
    radius: f32,
    seed: u32,
    /// Columns of the grid and their pixels.
    cells: Vec<(i32, Range<usize>)>,
}

impl Flakes {
    /// Adds the light of the flakes in the row at `y`.
    fn add(&self, y: f32, white: &mut [f32]) {
        let v = (y - self.fallen) / self.side;
        let row = v.floor();
        for (column, pixels) in &self.cells {
            let chance = |n: u32| cell(*column, row as i32, self.seed + n);
            if chance(0) > 0.55 {
                continue;
            }
            // Anywhere that leaves the largest flake inside its cell: less, and the grid would show.
            let (fx, fy) = (0.13 + 0.74 * chance(1), 0.13 + 0.74 * chance(2));
            let dy = (v - row - fy) * self.side;
            let radius = self.radius * (0.6 + 0.8 * chance(3));
            let widest = radius.max(0.7);
            if dy.abs() > 1.01 * widest {
                continue;
            }
            let light = 0.65 + 0.35 * chance(4);
            let column = *column as f32;
            let pixels = near(pixels, (column + fx) * self.side - self.drift, widest);
            let first = pixels.start as f32;
            for (x, white) in centers(&mut white[pixels]) {
                let u = ((x + first) + self.drift) / self.side;
                let dx = (u - column - fx) * self.side;
                let near = 1.0 - (dx * dx + dy * dy).sqrt() / widest;
                *white = white.max((near * 1.8).clamp(0.0, 1.0) * light);
            }
        }
    }
}
