//! Smooth noise for rows of places, the same numbers as [`hills`](super::noise::hills) and
//! [`clouds`](super::noise::clouds).
//!
//! The places of all rows are in the same columns, so what a row of the grid gives is worked out once and kept
//! for all rows of places between it and the next.

use super::noise::{cell, eased};
use super::simd::row_kernel;

/// [`hills`](super::noise::hills) in rows.
pub struct HillRows {
    seed: u32,
    /// The first column of the grid that is needed.
    first: i32,
    /// For each place, the column of the grid at its left, counted from the first.
    columns: Vec<u32>,
    /// How far right of that it is, eased.
    across: Vec<f32>,
    /// Numbers of a row of the grid.
    cells: Vec<f32>,
    /// The row of the grid above the places that were asked for last.
    row: Option<i32>,
    /// What that row has at each place, and what the next one has.
    upper: Vec<f32>,
    lower: Vec<f32>,
}

impl HillRows {
    /// For places in these columns, from left to right.
    pub fn new(places: impl Iterator<Item = f32>, seed: u32) -> Self {
        let (mut columns, mut across, mut first) = (Vec::new(), Vec::new(), None);
        for x in places {
            let left = x.floor();
            let first = *first.get_or_insert(left as i32);
            columns.push((left as i32).wrapping_sub(first) as u32);
            across.push(eased(x - left));
        }
        let n_cells = columns.last().map_or(0, |last| *last as usize + 2);
        let n_places = columns.len();
        Self {
            seed,
            first: first.unwrap_or(0),
            columns,
            across,
            cells: vec![0.0; n_cells],
            row: None,
            upper: vec![0.0; n_places],
            lower: vec![0.0; n_places],
        }
    }

    /// Fills in the number of each place at height `y`. Rows from the top down are cheapest.
    pub fn fill(&mut self, y: f32, found: &mut [f32]) {
        let top = y.floor();
        let row = top as i32;
        if self.row != Some(row) {
            if self.row == Some(row.wrapping_sub(1)) {
                std::mem::swap(&mut self.upper, &mut self.lower);
            } else {
                numbers_row(&mut self.cells, self.first, row, self.seed);
                spread_row(&mut self.upper, &self.cells, &self.columns, &self.across);
            }
            numbers_row(&mut self.cells, self.first, row.wrapping_add(1), self.seed);
            spread_row(&mut self.lower, &self.cells, &self.columns, &self.across);
            self.row = Some(row);
        }
        between_rows(found, &self.upper, &self.lower, eased(y - top));
    }
}

/// [`clouds`](super::noise::clouds) in rows.
pub struct CloudRows {
    layers: [HillRows; 4],
    found: [Vec<f32>; 4],
}

impl CloudRows {
    /// For places in these columns, from left to right.
    pub fn new(places: impl Iterator<Item = f32> + Clone, seed: u32) -> Self {
        let layer =
            |n: usize| HillRows::new(places.clone().map(|x| x * SCALES[n]), seed.wrapping_add(n as u32));
        let layers: [HillRows; 4] = std::array::from_fn(layer);
        let found = layers.each_ref().map(|layer| vec![0.0; layer.columns.len()]);
        Self { layers, found }
    }

    /// As [`HillRows::fill`].
    pub fn fill(&mut self, y: f32, found: &mut [f32]) {
        for ((layer, found), scale) in self.layers.iter_mut().zip(&mut self.found).zip(SCALES) {
            layer.fill(y * scale, found);
        }
        let [a, b, c, d] = self.found.each_ref().map(Vec::as_slice);
        sum_row(found, a, b, c, d);
    }
}

/// How much narrower the hills of each layer are than those of the first.
const SCALES: [f32; 4] = [1.0, 2.0, 4.0, 8.0];

row_kernel! {
    /// Numbers of a row of the grid.
    numbers_row(cells: &mut [f32], first: i32, row: i32, seed: u32) {
        for (n, number) in (0_i32..).zip(cells) {
            *number = cell(first.wrapping_add(n), row, seed);
        }
    }
}

row_kernel! {
    /// What a row of the grid has at each place.
    spread_row(found: &mut [f32], cells: &[f32], columns: &[u32], across: &[f32]) {
        for ((found, column), u) in found.iter_mut().zip(columns).zip(across) {
            let (left, right) = (cells[*column as usize], cells[*column as usize + 1]);
            *found = left + (right - left) * u;
        }
    }
}

row_kernel! {
    /// Between two rows of the grid.
    between_rows(found: &mut [f32], upper: &[f32], lower: &[f32], v: f32) {
        for ((found, upper), lower) in found.iter_mut().zip(upper).zip(lower) {
            *found = upper + (lower - upper) * v;
        }
    }
}

row_kernel! {
    /// The four layers of clouds together.
    sum_row(found: &mut [f32], a: &[f32], b: &[f32], c: &[f32], d: &[f32]) {
        for ((((found, a), b), c), d) in found.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            *found = (8.0 * a + 4.0 * b + 2.0 * c + d) / 15.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::noise::{clouds, hills};

    #[test]
    fn rows_have_the_numbers_of_their_places() {
        let place = |n: i32| n as f32 * 0.37 - 9.1;
        let (mut in_hills, mut in_clouds) =
            (HillRows::new((0..70).map(place), 5), CloudRows::new((0..70).map(place), 6));
        let mut found = [0.0; 70];
        // From row to row, over some, back, and the same twice.
        for y in [-3.2, -2.4, -1.9, 0.3, 0.4, 7.5, 7.5, 2.0] {
            in_hills.fill(y, &mut found);
            assert!((0..70).all(|n| found[n as usize] == hills(place(n), y, 5)), "{y}");
            in_clouds.fill(y, &mut found);
            assert!((0..70).all(|n| found[n as usize] == clouds(place(n), y, 6)), "{y}");
        }
    }
}
