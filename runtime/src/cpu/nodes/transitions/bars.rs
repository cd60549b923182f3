//! Masks with straight, upright edges: wipes, barn doors, boxes, bands and slices.

use vid_timeline::{Size, TransitionType};

use crate::raster::{FULL_SHARE, Mask, share};

/// Bands of `band_wipe`, which come in from alternate sides.
const N_BANDS: u32 = 7;
/// Slices of `window_slice`.
const N_SLICES: u32 = 10;
/// How much of the width the slices of `window_slice` open over, as the sweep passes.
const SLICE_SWEEP: f32 = 0.5;

/// A mask that is the product of a row and a column, so that most of it is copied.
pub struct Bars {
    /// Shares by column, for even and for odd bands.
    columns: [Vec<u16>; 2],
    /// Shares by row.
    rows: Vec<u16>,
    /// Rows of a band.
    band: u32,
}

impl Mask for Bars {
    fn row(&self, y: u32, shares: &mut [u16]) {
        let columns = &self.columns[(y / self.band % 2) as usize];
        match self.rows.get(y as usize).copied().unwrap_or(0) {
            0 => shares.fill(0),
            FULL_SHARE => shares.copy_from_slice(&columns[..shares.len()]),
            row => {
                for (share, column) in shares.iter_mut().zip(columns) {
                    *share = ((u32::from(*column) * u32::from(row) + 16_384) >> 15) as u16;
                }
            }
        }
    }
}

impl Bars {
    /// Shares by column for even and for odd bands, shares by row, rows of a band.
    pub(crate) fn parts(&self) -> (&[Vec<u16>; 2], &[u16], u32) {
        (&self.columns, &self.rows, self.band)
    }

    /// The mask of `kind` at progress `p`, 0–1; `None` when the kind is none of this family.
    pub fn of(kind: TransitionType, p: f32, size: Size) -> Option<Self> {
        use TransitionType as T;
        let (width, height) = (size.width, size.height);
        let (across, down) = (width as f32, height as f32);
        let all = |length: u32| vec![FULL_SHARE; length as usize];
        let columns =
            |columns: Vec<u16>| Self { columns: [columns.clone(), columns], rows: all(height), band: height };
        let rows = |rows: Vec<u16>| Self { columns: [all(width), all(width)], rows, band: height };
        let grown = |length: f32| ((1.0 - p) * length / 2.0, (1.0 + p) * length / 2.0);
        Some(match kind {
            T::WipeLeft => columns(interval(width, ((1.0 - p) * across, across))),
            T::WipeRight => columns(interval(width, (0.0, p * across))),
            T::WipeUp => rows(interval(height, ((1.0 - p) * down, down))),
            T::WipeDown => rows(interval(height, (0.0, p * down))),
            T::BarnDoorsHorizontal => columns(interval(width, grown(across))),
            T::BarnDoorsVertical => rows(interval(height, grown(down))),
            T::BoxWipe => {
                Self { rows: interval(height, grown(down)), ..columns(interval(width, grown(across))) }
            }
            T::BandWipe => Self {
                columns: [interval(width, (0.0, p * across)), interval(width, ((1.0 - p) * across, across))],
                rows: all(height),
                // Even, so that no chroma sample belongs to two bands.
                band: (height.div_ceil(N_BANDS).div_ceil(2) * 2).max(2),
            },
            T::WindowSlice => columns(slices(width, p)),
            _ => return None,
        })
    }
}

/// Shares of `length` pixels, full between two edges; a pixel that an edge cuts has its part.
fn interval(length: u32, (start, end): (f32, f32)) -> Vec<u16> {
    let part = |x: f32| (end.min(x + 1.0) - start.max(x)).max(0.0);
    (0..length).map(|x| share(part(x as f32))).collect()
}

/// Upright slices that open from their left edges, the leftmost first.
fn slices(width: u32, p: f32) -> Vec<u16> {
    // Even, so that no chroma sample belongs to two slices.
    let slice = (width.div_ceil(N_SLICES).div_ceil(2) * 2).max(2);
    let open = |x: u32| {
        let left = x / slice * slice;
        let sweep = (p * (1.0 + SLICE_SWEEP) - left as f32 / width as f32) / SLICE_SWEEP;
        left as f32 + sweep.clamp(0.0, 1.0) * slice as f32 - x as f32
    };
    (0..width).map(|x| share(open(x))).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::sketch;
    use super::*;

    const SIZE: Size = Size { width: 20, height: 8 };

    fn check(kind: TransitionType, p: f32, expect: Expect) {
        expect.assert_eq(&sketch(&Bars::of(kind, p, SIZE).unwrap(), SIZE));
    }

    #[test]
    fn wipes_travel_as_they_are_named() {
        check(
            TransitionType::WipeLeft,
            0.25,
            expect![[r#"
            ...............#####
            ...............#####
            ...............#####
            ...............#####
            ...............#####
            ...............#####
            ...............#####
            ...............#####
        "#]],
        );
        check(
            TransitionType::WipeRight,
            0.275,
            expect![[r#"
            #####5..............
            #####5..............
            #####5..............
            #####5..............
            #####5..............
            #####5..............
            #####5..............
            #####5..............
        "#]],
        );
        check(
            TransitionType::WipeUp,
            0.25,
            expect![[r#"
            ....................
            ....................
            ....................
            ....................
            ....................
            ....................
            ####################
            ####################
        "#]],
        );
        check(
            TransitionType::WipeDown,
            0.25,
            expect![[r#"
            ####################
            ####################
            ....................
            ....................
            ....................
            ....................
            ....................
            ....................
        "#]],
        );
    }

    #[test]
    fn doors_boxes_bands_and_slices() {
        check(
            TransitionType::BarnDoorsHorizontal,
            0.5,
            expect![[r#"
            .....##########.....
            .....##########.....
            .....##########.....
            .....##########.....
            .....##########.....
            .....##########.....
            .....##########.....
            .....##########.....
        "#]],
        );
        check(
            TransitionType::BarnDoorsVertical,
            0.5,
            expect![[r#"
            ....................
            ....................
            ####################
            ####################
            ####################
            ####################
            ....................
            ....................
        "#]],
        );
        check(
            TransitionType::BoxWipe,
            0.5,
            expect![[r#"
            ....................
            ....................
            .....##########.....
            .....##########.....
            .....##########.....
            .....##########.....
            ....................
            ....................
        "#]],
        );
        check(
            TransitionType::BandWipe,
            0.25,
            expect![[r#"
            #####...............
            #####...............
            ...............#####
            ...............#####
            #####...............
            #####...............
            ...............#####
            ...............#####
        "#]],
        );
        check(
            TransitionType::WindowSlice,
            0.5,
            expect![[r#"
            #######7#3#.6.2.....
            #######7#3#.6.2.....
            #######7#3#.6.2.....
            #######7#3#.6.2.....
            #######7#3#.6.2.....
            #######7#3#.6.2.....
            #######7#3#.6.2.....
            #######7#3#.6.2.....
        "#]],
        );
    }
}
