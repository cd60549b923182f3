//! Pictures that are painted pixel by pixel or row by row, as the widest code that the machine runs.

use super::sample::{Rgba, held};

/// Which code a picture is painted with. All give the same bytes.
///
/// A painting is written once and compiled for each: so that what it does at a pixel becomes part of the loop
/// over them, in the registers of that kind.
pub trait Lanes: Copy {
    /// Fills rows of so many bytes with what `shade` says at each pixel's centre.
    fn fill(self, pixels: &mut [u8], columns: usize, shade: &impl Fn(f32, f32) -> Rgba);
    /// Lets a painter fill rows of so many bytes.
    fn rows(self, pixels: &mut [u8], columns: usize, painter: &mut impl RowPainter);
    /// Does the work.
    fn run(self, work: impl FnOnce());
}

/// What paints a picture row by row. A painter whose function is to be inlined always becomes part of the code for
/// each kind of lanes; a closure does so where the compiler finds it worth while.
pub trait RowPainter {
    /// Fills the row of that number.
    fn paint(&mut self, y: usize, row: &mut [[u8; 4]]);
}

impl<F: FnMut(usize, &mut [[u8; 4]])> RowPainter for F {
    #[inline(always)]
    fn paint(&mut self, y: usize, row: &mut [[u8; 4]]) {
        self(y, row);
    }
}

/// What every machine can do.
#[derive(Clone, Copy)]
pub struct Plain;

impl Lanes for Plain {
    #[inline(always)]
    fn fill(self, pixels: &mut [u8], columns: usize, shade: &impl Fn(f32, f32) -> Rgba) {
        fill(pixels, columns, shade);
    }

    #[inline(always)]
    fn rows(self, pixels: &mut [u8], columns: usize, painter: &mut impl RowPainter) {
        rows(pixels, columns, painter);
    }

    #[inline(always)]
    fn run(self, work: impl FnOnce()) {
        work();
    }
}

/// AVX2, on a machine that has it.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub struct Wide(());

#[cfg(target_arch = "x86_64")]
impl Wide {
    /// `None` where the machine does not have it.
    pub fn new() -> Option<Self> {
        std::arch::is_x86_feature_detected!("avx2").then_some(Self(()))
    }
}

#[cfg(target_arch = "x86_64")]
impl Lanes for Wide {
    #[inline(always)]
    fn fill(self, pixels: &mut [u8], columns: usize, shade: &impl Fn(f32, f32) -> Rgba) {
        // SAFETY: there is a value of this type where AVX2 has been found.
        unsafe { fill_with_avx2(pixels, columns, shade) };
    }

    #[inline(always)]
    fn rows(self, pixels: &mut [u8], columns: usize, painter: &mut impl RowPainter) {
        // SAFETY: there is a value of this type where AVX2 has been found.
        unsafe { rows_with_avx2(pixels, columns, painter) };
    }

    #[inline(always)]
    fn run(self, work: impl FnOnce()) {
        // SAFETY: there is a value of this type where AVX2 has been found.
        unsafe { run_with_avx2(work) };
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn run_with_avx2(work: impl FnOnce()) {
    work();
}

/// Calls a function with the lanes that this machine is quickest with as its first argument.
macro_rules! with_lanes {
    ($function:path, $($argument:expr),+) => {{
        #[cfg(target_arch = "x86_64")]
        let found = match $crate::raster::paint::Wide::new() {
            Some(wide) => $function(wide, $($argument),+),
            None => $function($crate::raster::paint::Plain, $($argument),+),
        };
        #[cfg(not(target_arch = "x86_64"))]
        let found = $function($crate::raster::paint::Plain, $($argument),+);
        found
    }};
}
pub(crate) use with_lanes;

/// The picture whose pixel at each centre is what `shade` says, channels rounded to the nearest.
pub fn paint(lanes: impl Lanes, width: u32, height: u32, shade: impl Fn(f32, f32) -> Rgba) -> Vec<u8> {
    let mut pixels = vec![0; width as usize * height as usize * 4];
    lanes.fill(&mut pixels, 4 * (width as usize).max(1), &shade);
    pixels
}

/// The picture whose rows `work` fills, told their number: for what is done to a row in several passes, each of
/// which becomes vector code.
pub fn paint_rows(
    lanes: impl Lanes,
    width: u32,
    height: u32,
    work: impl FnMut(usize, &mut [[u8; 4]]),
) -> Vec<u8> {
    paint_with(lanes, width, height, work)
}

/// As [`paint_rows`], by a painter.
pub fn paint_with(lanes: impl Lanes, width: u32, height: u32, mut painter: impl RowPainter) -> Vec<u8> {
    let mut pixels = vec![0; width as usize * height as usize * 4];
    lanes.rows(&mut pixels, 4 * (width as usize).max(1), &mut painter);
    pixels
}

#[inline(always)]
fn rows(pixels: &mut [u8], columns: usize, painter: &mut impl RowPainter) {
    for (y, row) in pixels.chunks_exact_mut(columns).enumerate() {
        painter.paint(y, row.as_chunks_mut().0);
    }
}

/// As [`rows`], in wider registers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn rows_with_avx2(pixels: &mut [u8], columns: usize, painter: &mut impl RowPainter) {
    rows(pixels, columns, painter);
}

/// `from·(1 − share) + to·share` in each channel, rounded to the nearest.
#[inline(always)]
pub fn mix_bytes(from: [u8; 4], to: [u8; 4], share: f32) -> [u8; 4] {
    std::array::from_fn(|c| {
        let (from, to) = (f32::from(from[c]), f32::from(to[c]));
        byte(from + (to - from) * share)
    })
}

/// The nearest byte.
#[inline(always)]
pub fn byte(value: f32) -> u8 {
    let value = held(value + 0.5, 255.0);
    // SAFETY: it is from 0 to 255.
    unsafe { value.to_int_unchecked::<i32>() as u8 }
}

/// As [`fill`], in wider registers. The same operations in the same order: the same bytes.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn fill_with_avx2(pixels: &mut [u8], columns: usize, shade: &impl Fn(f32, f32) -> Rgba) {
    fill(pixels, columns, shade);
}

#[inline(always)]
fn fill(pixels: &mut [u8], columns: usize, shade: &impl Fn(f32, f32) -> Rgba) {
    for (y, row) in pixels.chunks_exact_mut(columns).enumerate() {
        let y = y as f32 + 0.5;
        for (x, pixel) in row.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            *pixel = rounded(shade(x as f32 + 0.5, y));
        }
    }
}

/// The nearest bytes; what is beyond them becomes their end, and no number 0.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) fn rounded(pixel: Rgba) -> [u8; 4] {
    use std::arch::x86_64::*;
    // SAFETY: SSE2, which every x86-64 has, is all it needs; the array has sixteen bytes.
    unsafe {
        let value = _mm_add_ps(_mm_loadu_ps(pixel.as_ptr()), _mm_set1_ps(0.5));
        let value = _mm_min_ps(_mm_max_ps(value, _mm_setzero_ps()), _mm_set1_ps(255.0));
        let value = _mm_cvttps_epi32(value);
        let value = _mm_packus_epi16(_mm_packs_epi32(value, value), value);
        (_mm_cvtsi128_si32(value) as u32).to_le_bytes()
    }
}

/// The nearest bytes; what is beyond them becomes their end, and no number 0.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(super) fn rounded(pixel: Rgba) -> [u8; 4] {
    pixel.map(|channel| (channel + 0.5) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_rounded_and_cut() {
        assert_eq!(rounded([-3.0, 254.5, 9e9, f32::NAN]), [0, 255, 255, 0]);
        assert_eq!(rounded([0.49, 0.5, 100.49, 255.9]), [0, 1, 100, 255]);
    }
}
