//! Pictures that are painted pixel by pixel or row by row, as the widest code that the machine runs.

use super::sample::{Rgba, held};

/// Which code a picture is painted with. All give the same bytes.
///
/// A painting is written once and compiled for each: so that what it does at a pixel becomes part of the loop
/// over them, in the registers of that kind.
pub trait Lanes: Copy {
    /// Fills rows of so many bytes with what `shade` says at each pixel's centre.
    fn fill(self, pixels: &mut [u8], columns: usize, shade: &impl Fn(f32, f32) -> Rgba);
    /// Fills rows of so many bytes with what `shade` says of each pixel's centre and of what is there in `source`.
    fn refill(
        self,
        pixels: &mut [u8],
        source: &[u8],
        columns: usize,
        shade: &impl Fn(f32, f32, Rgba) -> Rgba,
    );
    /// Lets `work` fill rows of so many bytes, told their number.
    fn rows(self, pixels: &mut [u8], columns: usize, work: &mut impl FnMut(usize, &mut [[u8; 4]]));
    /// Does the work.
    fn run(self, work: impl FnOnce());
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
    fn refill(
        self,
        pixels: &mut [u8],
        source: &[u8],
        columns: usize,
        shade: &impl Fn(f32, f32, Rgba) -> Rgba,
    ) {
        refill(pixels, source, columns, shade);
    }

    #[inline(always)]
    fn rows(self, pixels: &mut [u8], columns: usize, work: &mut impl FnMut(usize, &mut [[u8; 4]])) {
        rows(pixels, columns, work);
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
    fn refill(
        self,
        pixels: &mut [u8],
        source: &[u8],
        columns: usize,
        shade: &impl Fn(f32, f32, Rgba) -> Rgba,
    ) {
        // SAFETY: there is a value of this type where AVX2 has been found.
        unsafe { refill_with_avx2(pixels, source, columns, shade) };
    }

    #[inline(always)]
    fn rows(self, pixels: &mut [u8], columns: usize, work: &mut impl FnMut(usize, &mut [[u8; 4]])) {
        // SAFETY: there is a value of this type where AVX2 has been found.
        unsafe { rows_with_avx2(pixels, columns, work) };
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
    mut work: impl FnMut(usize, &mut [[u8; 4]]),
) -> Vec<u8> {
    let mut pixels = vec![0; width as usize * height as usize * 4];
    lanes.rows(&mut pixels, 4 * (width as usize).max(1), &mut work);
    pixels
}

#[inline(always)]
fn rows(pixels: &mut [u8], columns: usize, work: &mut impl FnMut(usize, &mut [[u8; 4]])) {
    for (y, row) in pixels.chunks_exact_mut(columns).enumerate() {
        work(y, row.as_chunks_mut().0);
    }
}

/// As [`rows`], in wider registers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn rows_with_avx2(pixels: &mut [u8], columns: usize, work: &mut impl FnMut(usize, &mut [[u8; 4]])) {
    rows(pixels, columns, work);
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

/// A picture in which each pixel is what `shade` makes of its centre and of the pixel of `source` there, whose rows
/// have so many pixels.
pub fn repaint(
    lanes: impl Lanes,
    source: &[u8],
    width: u32,
    shade: impl Fn(f32, f32, Rgba) -> Rgba,
) -> Vec<u8> {
    let mut pixels = vec![0; source.len()];
    lanes.refill(&mut pixels, source, 4 * (width as usize).max(1), &shade);
    pixels
}

/// As [`refill`], in wider registers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn refill_with_avx2(
    pixels: &mut [u8],
    source: &[u8],
    columns: usize,
    shade: &impl Fn(f32, f32, Rgba) -> Rgba,
) {
    refill(pixels, source, columns, shade);
}

/// Pixels that are worked on together.
const BLOCK: usize = 64;

#[inline(always)]
fn refill(pixels: &mut [u8], source: &[u8], columns: usize, shade: &impl Fn(f32, f32, Rgba) -> Rgba) {
    // By way of room that nothing else can reach, so that the loop over it becomes vector code.
    let (mut here, mut made) = ([[0_u8; 4]; BLOCK], [[0_u8; 4]; BLOCK]);
    for (y, (row, line)) in pixels.chunks_exact_mut(columns).zip(source.chunks_exact(columns)).enumerate() {
        let y = y as f32 + 0.5;
        let blocks = row.as_chunks_mut::<4>().0.chunks_mut(BLOCK).zip(line.as_chunks::<4>().0.chunks(BLOCK));
        for (n, (row, line)) in blocks.enumerate() {
            let left = (n * BLOCK) as f32 + 0.5;
            let count = line.len().min(BLOCK);
            here[..count].copy_from_slice(line);
            for x in 0..count {
                made[x] = shade(x as i32 as f32 + left, y, here[x].map(f32::from)).map(byte);
            }
            row.copy_from_slice(&made[..count]);
        }
    }
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
