//! Grain and dirt of film, a row at a time.

use std::ops::Range;

use super::Plate;
use super::rows::{near, runs};
use crate::raster::blocks::centers;
use crate::raster::noise::{cell, hills, unit};
use crate::raster::noise_rows::HillRows;
use crate::raster::paint::Lanes;

/// Side of the squares that have at most one speck of dust each, in lines.
const SQUARE: f32 = 110.0;
/// Share of the squares that have one.
const N_SPECKS: f32 = 0.06;

/// Grain −½…½: hills of a size in lines, other ones on every frame.
pub(super) struct Grain {
    size: f32,
    hills: HillRows,
}

impl Grain {
    pub(super) fn new<W: Lanes>(plate: &Plate<'_, W>, size: f32, seed: u32) -> Self {
        let size = (size * plate.line).max(0.75);
        let places = (0..plate.pixmap.width()).map(|x| (x as f32 + 0.5) / size);
        Self { size, hills: HillRows::new(places, plate.frame.wrapping_mul(31).wrapping_add(seed)) }
    }

    /// Fills in that of the row at `y`, times `amount`.
    pub(super) fn fill(&mut self, y: f32, amount: f32, grain: &mut [f32]) {
        self.hills.fill(y / self.size, grain);
        grain.iter_mut().for_each(|grain| *grain = amount * (*grain - 0.5));
    }
}

/// Dust and hairs: how much of the light they take, 0–1.
pub(super) struct Dust<'a, W> {
    plate: &'a Plate<'a, W>,
    /// Scales their number.
    amount: f32,
    seed: u32,
    squares: Vec<(i32, Range<usize>)>,
}

impl<'a, W: Lanes> Dust<'a, W> {
    pub(super) fn new(plate: &'a Plate<'a, W>, amount: f32) -> Self {
        let side = SQUARE * plate.line;
        let squares = runs(plate.pixmap.width(), |x| x / side);
        Self { plate, amount, seed: plate.frame.wrapping_mul(17), squares }
    }

    /// Fills in that of the row at `y`.
    pub(super) fn fill(&self, y: f32, taken: &mut [f32]) {
        taken.fill(0.0);
        self.hair(y, taken);
        let row = (y / (SQUARE * self.plate.line)).floor() as i32;
        for (column, pixels) in &self.squares {
            if cell(*column, row, self.seed) <= N_SPECKS * self.amount {
                self.speck((*column, row), y, pixels, taken);
            }
        }
    }

    /// A hair through the whole height, on a few frames.
    fn hair(&self, y: f32, taken: &mut [f32]) {
        let Plate { line, frame, .. } = *self.plate;
        if unit(frame / 3, 110) >= 0.35 * self.amount {
            return;
        }
        let at = self.plate.width() * unit(frame / 3, 111)
            + 2.0 * line * (hills(y / (90.0 * line), 0.0, 112) - 0.5);
        let width = line.max(0.6);
        let pixels = near(&(0..taken.len()), at, width);
        let first = pixels.start as f32;
        for (x, taken) in centers(&mut taken[pixels]) {
            let near = 1.0 - ((x + first) - at).abs() / width;
            *taken = 0.45 * near.max(0.0);
        }
    }

    /// A speck in a square.
    fn speck(&self, (column, row): (i32, i32), y: f32, pixels: &Range<usize>, taken: &mut [f32]) {
        let line = self.plate.line;
        let side = SQUARE * line;
        let place = |n: u32| 0.2 + 0.6 * cell(column, row, self.seed.wrapping_add(n));
        let (left, top) = (place(1), place(2));
        let size = 0.015 + 0.05 * cell(column, row, self.seed.wrapping_add(3));
        let dy = y / side - row as f32 - top;
        taken[pixels.clone()].fill(0.0);
        // Its outline is at most that far from its middle, and half a soft edge further.
        let reach = 1.4 * size + 0.0061;
        if dy.abs() > reach {
            return;
        }
        let pixels = near(pixels, (column as f32 + left) * side, reach * side);
        let first = pixels.start as f32;
        for (x, taken) in centers(&mut taken[pixels]) {
            let x = x + first;
            let dx = x / side - column as f32 - left;
            let shape = size * (0.6 + 0.8 * hills(x / (5.0 * line), y / (5.0 * line), self.seed));
            *taken = 0.8 * ((shape - (dx * dx + dy * dy).sqrt()) / 0.012 + 0.5).clamp(0.0, 1.0);
        }
    }
}
