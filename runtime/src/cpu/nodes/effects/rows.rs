//! Effects a row at a time: what a row needs is worked out first, so that what is left to do at each pixel is
//! one loop without a branch, which becomes vector code.
//!
//! It does so where the closures that are given here hold all that they read, by value: what they had to look up
//! elsewhere would be looked up for each pixel, and on one side of a branch only.

use std::ops::Range;

use super::{Plate, recolored};
use crate::raster::blocks::{BLOCK, center, centers, fill_rows, joined, parted};
use crate::raster::paint::{Lanes, RowPainter, paint_with};
use crate::raster::sample::{Picture, Rgba, Row, mix};

impl<W: Lanes> Plate<'_, W> {
    /// The picture in which each pixel is what `shade` makes of its centre, of its colour, of what the picture shows
    /// at `T` places for it and of `N` numbers. `prepare` is told each row's centre and fills in places and
    /// numbers; it finds there what it put in for the row before.
    pub(super) fn rows<const T: usize, const N: usize>(
        &self,
        prepare: impl FnMut(f32, &mut [Row; T], &mut [Vec<f32>; N]),
        shade: impl Fn(f32, f32, Rgba, [Rgba; T], [f32; N]) -> Rgba,
    ) -> Vec<u8> {
        self.rows_of(self.picture, prepare, shade)
    }

    /// As [`Self::rows`], with places in another picture.
    fn rows_of<const T: usize, const N: usize>(
        &self,
        other: Picture<'_>,
        prepare: impl FnMut(f32, &mut [Row; T], &mut [Vec<f32>; N]),
        shade: impl Fn(f32, f32, Rgba, [Rgba; T], [f32; N]) -> Rgba,
    ) -> Vec<u8> {
        let columns = self.pixmap.width() as usize;
        let painter = Painter {
            places: [(); T].map(|()| Row::new(columns)),
            found: [(); T].map(|()| vec![[0_u8; 4]; columns]),
            numbers: [(); N].map(|()| vec![0.0_f32; columns]),
            picture: self.picture,
            other,
            prepare,
            shade,
        };
        paint_with(self.lanes, self.pixmap.width(), self.pixmap.height(), painter)
    }

    /// The picture in which each pixel is what `shade` makes of its centre and its colour.
    pub(super) fn shaded(&self, shade: impl Fn(f32, f32, Rgba) -> Rgba) -> Vec<u8> {
        let prepare = |_, _: &mut [Row; 0], _: &mut [Vec<f32>; 0]| {};
        self.rows(prepare, move |x, y, here, [], []| shade(x, y, here))
    }

    /// As [`Self::shaded`], mixed with the picture by the intensity.
    pub(super) fn mixed(&self, shade: impl Fn(f32, f32, Rgba) -> Rgba) -> Vec<u8> {
        let intensity = self.intensity;
        self.shaded(move |x, y, here| mix(here, shade(x, y, here), intensity))
    }

    /// The picture with each colour, without its opacity and 0–1 a channel, replaced by what `grade` makes
    /// of it and of its place, mixed by the intensity.
    pub(super) fn graded(&self, grade: impl Fn(f32, f32, [f32; 3]) -> [f32; 3]) -> Vec<u8> {
        self.mixed(move |x, y, here| recolored(here, |color| grade(x, y, color)))
    }

    /// The picture in which each pixel is what `shade` makes of its centre, of its colour and of what the picture
    /// shows at `T` places for it: `place` is told which of them, the pixel's centre and its colour.
    pub(super) fn shaded_with<const T: usize>(
        &self,
        place: impl Fn(usize, f32, f32, Rgba) -> (f32, f32),
        shade: impl Fn(f32, f32, Rgba, [Rgba; T]) -> Rgba,
    ) -> Vec<u8> {
        let picture = self.picture;
        let prepare = move |y: f32, places: &mut [Row; T], _: &mut [Vec<f32>; 0]| {
            let line = picture.line(y as usize);
            for (n, row) in places.iter_mut().enumerate() {
                fill_rows([&mut row.x, &mut row.y], |x| {
                    let (across, down) = place(n, center(x), y, line[x].map(f32::from));
                    [across, down]
                });
            }
        };
        self.rows(prepare, move |x, y, here, taps, []| shade(x, y, here, taps))
    }

    /// The picture in which each pixel is what `shade` makes of its centre, of its colour and of the pixel of another
    /// picture of its size.
    pub(super) fn beside(&self, other: Picture<'_>, shade: impl Fn(f32, f32, Rgba, Rgba) -> Rgba) -> Vec<u8> {
        let prepare = |y: f32, [places]: &mut [Row; 1], _: &mut [Vec<f32>; 0]| {
            if y < 1.0 {
                centers(&mut places.x).for_each(|(x, place)| *place = x);
            }
            places.y.fill(y);
        };
        self.rows_of(other, prepare, move |x, y, here, [there], []| shade(x, y, here, there))
    }

    /// As [`Self::graded`], with `N` numbers for each pixel, as [`Self::rows`] has them.
    pub(super) fn graded_with<const N: usize>(
        &self,
        mut prepare: impl FnMut(f32, &mut [Vec<f32>; N]),
        grade: impl Fn(f32, f32, [f32; 3], [f32; N]) -> [f32; 3],
    ) -> Vec<u8> {
        let intensity = self.intensity;
        self.rows(
            move |y, _: &mut [Row; 0], numbers| prepare(y, numbers),
            move |x, y, here, [], numbers| {
                mix(here, recolored(here, |color| grade(x, y, color, numbers)), intensity)
            },
        )
    }
}

/// What [`Plate::rows`] does. It holds everything: what lay elsewhere might be what is written to, and would be read
/// anew for each pixel.
struct Painter<'a, P, S, const T: usize, const N: usize> {
    places: [Row; T],
    found: [Vec<[u8; 4]>; T],
    numbers: [Vec<f32>; N],
    picture: Picture<'a>,
    other: Picture<'a>,
    prepare: P,
    shade: S,
}

impl<P, S, const T: usize, const N: usize> RowPainter for Painter<'_, P, S, T, N>
where
    P: FnMut(f32, &mut [Row; T], &mut [Vec<f32>; N]),
    S: Fn(f32, f32, Rgba, [Rgba; T], [f32; N]) -> Rgba,
{
    #[inline(always)]
    fn paint(&mut self, y: usize, row: &mut [[u8; 4]]) {
        let line = self.picture.line(y);
        let y = y as f32 + 0.5;
        (self.prepare)(y, &mut self.places, &mut self.numbers);
        for (places, found) in self.places.iter_mut().zip(&mut self.found) {
            self.other.read_held(places, found);
        }
        // Channel by channel, in room that nothing else can reach: so the loop over it becomes vector code.
        let (mut here, mut made) = ([[0.0_f32; BLOCK]; 4], [[0.0_f32; BLOCK]; 4]);
        let mut taps = [[[0.0_f32; BLOCK]; 4]; T];
        let mut given = [[0.0_f32; BLOCK]; N];
        for (n, row) in row.chunks_mut(BLOCK).enumerate() {
            let (first, count) = (n * BLOCK, row.len().min(BLOCK));
            parted(&mut here, &line[first..][..count]);
            for (taps, found) in taps.iter_mut().zip(&self.found) {
                parted(taps, &found[first..][..count]);
            }
            for (given, numbers) in given.iter_mut().zip(&self.numbers) {
                given[..count].copy_from_slice(&numbers[first..][..count]);
            }
            let left = first as f32 + 0.5;
            for x in 0..count {
                let pixel = |channels: &[[f32; BLOCK]; 4]| std::array::from_fn(|c| channels[c][x]);
                let taps = std::array::from_fn(|tap| pixel(&taps[tap]));
                let numbers = std::array::from_fn(|number| given[number][x]);
                let shaded = (self.shade)(x as i32 as f32 + left, y, pixel(&here), taps, numbers);
                (0..4).for_each(|c| made[c][x] = shaded[c]);
            }
            joined(row, &made);
        }
    }
}

/// Columns of a grid, and which pixels of a row lie in each: `column_of` is told their centres.
pub(super) fn runs(width: u32, column_of: impl Fn(f32) -> f32) -> Vec<(i32, Range<usize>)> {
    let mut runs: Vec<(i32, Range<usize>)> = Vec::new();
    for x in 0..width as usize {
        let column = column_of(x as f32 + 0.5).floor() as i32;
        match runs.last_mut() {
            Some((last, pixels)) if *last == column => pixels.end = x + 1,
            _ => runs.push((column, x..x + 1)),
        }
    }
    runs
}

/// The pixels of `run` whose centres are at most `reach` from `middle`, and perhaps some beside them.
pub(super) fn near(run: &Range<usize>, middle: f32, reach: f32) -> Range<usize> {
    // What is below zero becomes zero.
    let (first, last) = ((middle - reach - 1.0) as usize, (middle + reach + 2.0) as usize);
    let first = first.clamp(run.start, run.end);
    first..last.clamp(first, run.end)
}
