//! Effects a row at a time: what a row needs is worked out first, so that what is left to do at each pixel is
//! one loop without a branch, which becomes vector code.

use std::ops::Range;

use super::{Plate, recolored};
use crate::raster::paint::{Lanes, byte, paint_rows};
use crate::raster::sample::{Rgba, Row, mix};

/// Pixels that are worked on together.
const BLOCK: usize = 64;

impl<W: Lanes> Plate<'_, W> {
    /// The picture in which each pixel is what `shade` makes of its centre, of its colour, of what the picture shows
    /// at `T` places for it and of `N` numbers. `prepare` is told each row's centre and fills in places and
    /// numbers; it finds there what it put in for the row before.
    pub(super) fn rows<const T: usize, const N: usize>(
        &self,
        mut prepare: impl FnMut(f32, &mut [Row; T], &mut [Vec<f32>; N]),
        shade: impl Fn(f32, f32, Rgba, [Rgba; T], [f32; N]) -> Rgba,
    ) -> Vec<u8> {
        let columns = self.pixmap.width() as usize;
        let mut places = [(); T].map(|()| Row::new(columns));
        let mut found = [(); T].map(|()| vec![[0_u8; 4]; columns]);
        let mut numbers = [(); N].map(|()| vec![0.0_f32; columns]);
        let picture = self.picture;
        // Everything is moved into what is called for each row: what lay elsewhere might be what is written to, and
        // would be read anew for each pixel.
        paint_rows(self.lanes, self.pixmap.width(), self.pixmap.height(), move |y, row| {
            let line = picture.line(y);
            let y = y as f32 + 0.5;
            prepare(y, &mut places, &mut numbers);
            for (places, found) in places.iter_mut().zip(&mut found) {
                picture.read_held(places, found);
            }
            // Channel by channel, in room that nothing else can reach: so the loop over it becomes vector code.
            let (mut here, mut made) = ([[0.0_f32; BLOCK]; 4], [[0.0_f32; BLOCK]; 4]);
            let mut taps = [[[0.0_f32; BLOCK]; 4]; T];
            let mut given = [[0.0_f32; BLOCK]; N];
            for (n, row) in row.chunks_mut(BLOCK).enumerate() {
                let (first, count) = (n * BLOCK, row.len().min(BLOCK));
                parted(&mut here, &line[first..][..count]);
                for (taps, found) in taps.iter_mut().zip(&found) {
                    parted(taps, &found[first..][..count]);
                }
                for (given, numbers) in given.iter_mut().zip(&numbers) {
                    given[..count].copy_from_slice(&numbers[first..][..count]);
                }
                let left = first as f32 + 0.5;
                for x in 0..count {
                    let pixel = |channels: &[[f32; BLOCK]; 4]| std::array::from_fn(|c| channels[c][x]);
                    let taps = std::array::from_fn(|tap| pixel(&taps[tap]));
                    let numbers = std::array::from_fn(|number| given[number][x]);
                    let shaded = shade(x as i32 as f32 + left, y, pixel(&here), taps, numbers);
                    (0..4).for_each(|c| made[c][x] = shaded[c]);
                }
                joined(row, &made);
            }
        })
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
                let places = row.x.iter_mut().zip(&mut row.y);
                for ((x, (across, down)), here) in (0_i32..).zip(places).zip(line) {
                    (*across, *down) = place(n, x as f32 + 0.5, y, here.map(f32::from));
                }
            }
        };
        self.rows(prepare, move |x, y, here, taps, []| shade(x, y, here, taps))
    }

    /// As [`Plate::graded`], with `N` numbers for each pixel, as [`Self::rows`] has them.
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

/// Lays pixels out channel by channel.
#[inline(always)]
fn parted(channels: &mut [[f32; BLOCK]; 4], pixels: &[[u8; 4]]) {
    for (c, channel) in channels.iter_mut().enumerate() {
        for (channel, pixel) in channel.iter_mut().zip(pixels) {
            *channel = (u32::from_le_bytes(*pixel) >> (8 * c) & 0xff) as i32 as f32;
        }
    }
}

/// The opposite of [`parted`], rounded.
#[inline(always)]
fn joined(pixels: &mut [[u8; 4]], [r, g, b, a]: &[[f32; BLOCK]; 4]) {
    let colors = r.iter().zip(g).zip(b.iter().zip(a));
    for (pixel, ((r, g), (b, a))) in pixels.iter_mut().zip(colors) {
        let [r, g, b, a] = [r, g, b, a].map(|channel| u32::from(byte(*channel)));
        *pixel = (r | g << 8 | b << 16 | a << 24).to_le_bytes();
    }
}

/// What a row has for each pixel, with the pixels' centres.
#[inline(always)]
pub(super) fn centers<T>(row: &mut [T]) -> impl Iterator<Item = (f32, &mut T)> {
    (0_i32..).zip(row).map(|(x, item)| (x as f32 + 0.5, item))
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
