//! Pictures that are read between their pixels.

use std::ops::Range;

use super::paint::rounded;
use super::pixmap::Pixmap;
use super::simd::row_kernel;

/// Red, green, blue, opacity: premultiplied, 0–255.
pub type Rgba = [f32; 4];

/// Nothing to see.
pub const CLEAR: Rgba = [0.0; 4];

/// A premultiplied picture to read. Coordinates are pixels; the first pixel's centre is (½, ½).
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    data: &'a [u8],
    stride: usize,
    width: usize,
    height: usize,
}

impl<'a> Picture<'a> {
    /// A picture of `width` × `height` pixels of four bytes; `None` when it is empty or the bytes are
    /// too few.
    pub fn new(data: &'a [u8], stride: usize, width: u32, height: u32) -> Option<Self> {
        let (width, height) = (width as usize, height as usize);
        let full_rows = height.checked_sub(1)?.checked_mul(stride)?;
        let fits = width > 0 && stride >= 4 * width && data.len() >= full_rows + 4 * width;
        fits.then_some(Self { data, stride, width, height })
    }

    /// All of a pixmap; `None` when it is empty.
    pub fn of(pixmap: &'a Pixmap) -> Option<Self> {
        Self::new(pixmap.pixels(), 4 * pixmap.width() as usize, pixmap.width(), pixmap.height())
    }

    /// Columns.
    #[inline(always)]
    pub fn width(&self) -> f32 {
        self.width as f32
    }

    /// Rows.
    #[inline(always)]
    pub fn height(&self) -> f32 {
        self.height as f32
    }

    /// The pixels of row `y`, which must be inside.
    #[inline(always)]
    pub fn line(&self, y: usize) -> &'a [[u8; 4]] {
        self.data[y * self.stride..][..4 * self.width].as_chunks().0
    }

    /// The pixel in column `x` and row `y`, which must be inside.
    #[inline(always)]
    pub fn pixel(&self, x: usize, y: usize) -> Rgba {
        let at = y * self.stride + 4 * x;
        let pixel = &self.data[at..at + 4];
        [f32::from(pixel[0]), f32::from(pixel[1]), f32::from(pixel[2]), f32::from(pixel[3])]
    }

    /// Bilinear; clear beyond the edges, which are soft over a pixel.
    #[inline(always)]
    pub fn sample(&self, x: f32, y: f32) -> Rgba {
        let (x, y) = (x - 0.5, y - 0.5);
        let inside = x >= 0.0 && y >= 0.0 && x < self.width() - 1.0 && y < self.height() - 1.0;
        if inside {
            // SAFETY: both are numbers, and there is a pixel at the right of them and below.
            return unsafe { self.square(x, y) };
        }
        self.edge(x, y)
    }

    /// Whether [`Self::sample`] finds anything there.
    #[inline(always)]
    pub fn reaches(&self, x: f32, y: f32) -> bool {
        let (x, y) = (x - 0.5, y - 0.5);
        x > -1.0 && y > -1.0 && x < self.width() && y < self.height()
    }

    /// Which of the columns `x`, from left to right, are at height `y` between four pixels: where
    /// [`Self::sample`] is [`Self::sample_held`].
    pub fn inside(&self, x: &[f32], y: f32) -> Range<usize> {
        if !(y - 0.5 >= 0.0 && y - 0.5 < self.height() - 1.0) {
            return 0..0;
        }
        let first = x.partition_point(|x| x - 0.5 < 0.0);
        first..x.partition_point(|x| x - 0.5 < self.width() - 1.0).max(first)
    }

    /// [`Self::sample`] near the edges and beyond them, half a pixel to the left and up.
    fn edge(&self, x: f32, y: f32) -> Rgba {
        // Written so that no number (NaN) is outside too.
        if !(x > -1.0 && y > -1.0 && x < self.width() && y < self.height()) {
            return CLEAR;
        }
        // Above −1, so that cutting the fraction off rounds down.
        let (left, top) = ((x + 1.0) as isize - 1, (y + 1.0) as isize - 1);
        let (u, v) = ((x - left as f32).max(0.0), (y - top as f32).max(0.0));
        let tap = |x: isize, y: isize| {
            let inside = x >= 0 && y >= 0 && x < self.width as isize && y < self.height as isize;
            if inside { self.pixel(x as usize, y as usize) } else { CLEAR }
        };
        let upper = mix(tap(left, top), tap(left + 1, top), u);
        let lower = mix(tap(left, top + 1), tap(left + 1, top + 1), u);
        mix(upper, lower, v)
    }

    /// Bilinear; beyond the edges the edge's pixels go on.
    #[inline(always)]
    pub fn sample_held(&self, x: f32, y: f32) -> Rgba {
        if self.width < 2 || self.height < 2 {
            return self.sample_line(x, y);
        }
        let (x, y) = (held(x - 0.5, self.width() - 1.0), held(y - 0.5, self.height() - 1.0));
        // SAFETY: both are numbers inside the picture, which is at least two pixels wide and high.
        unsafe { self.square(x, y) }
    }

    /// [`Self::sample_held`] of a picture that is a pixel wide or high.
    #[cold]
    fn sample_line(&self, x: f32, y: f32) -> Rgba {
        let (x, y) = (held(x - 0.5, self.width() - 1.0), held(y - 0.5, self.height() - 1.0));
        // Whole and inside, so never below zero.
        let (left, top) = (x as usize, y as usize);
        let (right, below) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let upper = mix(self.pixel(left, top), self.pixel(right, top), x - left as f32);
        let lower = mix(self.pixel(left, below), self.pixel(right, below), x - left as f32);
        mix(upper, lower, y - top as f32)
    }

    /// Between four pixels: across first, then down, each rounded to the nearest, places rounded to 1/256 pixel.
    ///
    /// # Safety
    /// `x` is from 0 to the width less one, `y` likewise, and the picture has two rows of two pixels.
    #[inline(always)]
    unsafe fn square(&self, x: f32, y: f32) -> Rgba {
        // SAFETY: pictures are at most 16 384 pixels wide and high.
        let (left, top) = unsafe { (x.to_int_unchecked::<i32>(), y.to_int_unchecked::<i32>()) };
        // On the last pixel it is the right one of two that counts.
        let (left, top) = (left.min(self.width as i32 - 2), top.min(self.height as i32 - 2));
        let (u, v) = (x - left as f32, y - top as f32);
        // SAFETY: both are 0–1.
        let (u, v) = unsafe {
            ((u * 256.0 + 0.5).to_int_unchecked::<i32>(), (v * 256.0 + 0.5).to_int_unchecked::<i32>())
        };
        let at = top as usize * self.stride + 4 * left as usize;
        // SAFETY: the pixel, the one at its right and those below are in the picture, whose rows `new` has
        // measured.
        let (upper, lower) = unsafe {
            let upper = self.data.as_ptr().add(at);
            (upper.cast::<u64>().read_unaligned(), upper.add(self.stride).cast::<u64>().read_unaligned())
        };
        between_four(u64::from_le(upper), u64::from_le(lower), u, v)
    }
}

/// The number cut to 0–`most`; no number is 0.
#[inline(always)]
pub(super) fn held(value: f32, most: f32) -> f32 {
    let value = if value > 0.0 { value } else { 0.0 };
    if value < most { value } else { most }
}

/// Two pixels and the two below them, at `u` and `v` 256ths of the way to the right and down. No lane overflows,
/// 255 · 256 + 128 being below 2¹⁶.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn between_four(upper: u64, lower: u64, u: i32, v: i32) -> Rgba {
    use std::arch::x86_64::*;
    // SAFETY: SSE2, which every x86-64 has, is all it needs; the array has sixteen bytes.
    unsafe {
        let found = _mm_unpacklo_epi16(lanes_of_four(upper, lower, u, v), _mm_setzero_si128());
        let mut pixel = CLEAR;
        _mm_storeu_ps(pixel.as_mut_ptr(), _mm_cvtepi32_ps(found));
        pixel
    }
}

/// The same as bytes.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn four_bytes(upper: u64, lower: u64, u: i32, v: i32) -> [u8; 4] {
    use std::arch::x86_64::*;
    // SAFETY: SSE2, which every x86-64 has, is all it needs.
    unsafe {
        let found = lanes_of_four(upper, lower, u, v);
        (_mm_cvtsi128_si32(_mm_packus_epi16(found, found)) as u32).to_le_bytes()
    }
}

/// The same in the lower four lanes of sixteen bits.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn lanes_of_four(upper: u64, lower: u64, u: i32, v: i32) -> std::arch::x86_64::__m128i {
    use std::arch::x86_64::*;
    // SAFETY: SSE2, which every x86-64 has, is all it needs.
    unsafe {
        let zero = _mm_setzero_si128();
        let half = _mm_set1_epi16(128);
        let widened = |pixels: u64| _mm_unpacklo_epi8(_mm_cvtsi64_si128(pixels as i64), zero);
        // The lower four lanes for what is at 0, the upper four for what is at 256.
        let weights = |t: i32| {
            let t = _mm_set1_epi16(t as i16);
            _mm_unpacklo_epi64(_mm_sub_epi16(_mm_set1_epi16(256), t), t)
        };
        let across = weights(u);
        let upper = _mm_mullo_epi16(widened(upper), across);
        let lower = _mm_mullo_epi16(widened(lower), across);
        let both = _mm_add_epi16(_mm_unpacklo_epi64(upper, lower), _mm_unpackhi_epi64(upper, lower));
        let both = _mm_mullo_epi16(_mm_srli_epi16(_mm_add_epi16(both, half), 8), weights(v));
        let found = _mm_add_epi16(both, _mm_unpackhi_epi64(both, both));
        _mm_srli_epi16(_mm_add_epi16(found, half), 8)
    }
}

/// Two pixels and the two below them, at `u` and `v` 256ths of the way to the right and down.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn between_four(upper: u64, lower: u64, u: i32, v: i32) -> Rgba {
    four_bytes(upper, lower, u, v).map(f32::from)
}

/// The same as bytes.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn four_bytes(upper: u64, lower: u64, u: i32, v: i32) -> [u8; 4] {
    let (u, v) = (u as u64, v as u64);
    let above = lanes_between(lanes(upper as u32), lanes((upper >> 32) as u32), u);
    let below = lanes_between(lanes(lower as u32), lanes((lower >> 32) as u32), u);
    let bytes = lanes_between(above, below, v).to_le_bytes();
    [bytes[0], bytes[2], bytes[4], bytes[6]]
}

/// Four bytes as the sixteen-bit lanes of a word.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn lanes(word: u32) -> u64 {
    let word = u64::from(word);
    (word & 0xff) | (word & 0xff00) << 8 | (word & 0x00ff_0000) << 16 | (word & 0xff00_0000) << 24
}

/// `a·(256 − t) + b·t` over 256 in each lane, rounded half up.
#[cfg(any(test, not(target_arch = "x86_64")))]
const fn lanes_between(a: u64, b: u64, t: u64) -> u64 {
    ((a * (256 - t) + b * t + 0x0080_0080_0080_0080) >> 8) & 0x00ff_00ff_00ff_00ff
}

/// `a·(1 − t) + b·t`.
#[inline(always)]
pub fn mix(a: Rgba, b: Rgba, t: f32) -> Rgba {
    std::array::from_fn(|c| a[c] + (b[c] - a[c]) * t)
}

/// `upper` on `lower`.
#[inline(always)]
pub fn over(upper: Rgba, lower: Rgba) -> Rgba {
    let rest = 1.0 - upper[3] / 255.0;
    std::array::from_fn(|c| upper[c] + lower[c] * rest)
}

/// The colours, not the opacity, times `factor`; what becomes brighter than white is white.
#[inline(always)]
pub fn lit(pixel: Rgba, factor: f32) -> Rgba {
    let [r, g, b, a] = pixel;
    [(r * factor).min(a), (g * factor).min(a), (b * factor).min(a), a]
}

/// Towards a solid colour, 0–255 a channel, by `t`; the opacity stays.
#[inline(always)]
pub fn tinted(pixel: Rgba, color: [f32; 3], t: f32) -> Rgba {
    let share = pixel[3] / 255.0;
    let channel = |c: usize| pixel[c] + (color[c] * share - pixel[c]) * t;
    [channel(0), channel(1), channel(2), pixel[3]]
}

/// Places of a row of pixels, from row to row.
pub struct Row {
    /// Columns to be read at.
    pub x: Vec<f32>,
    /// Rows to be read at.
    pub y: Vec<f32>,
    /// Where the upper left of four pixels is, in bytes.
    first: Vec<u32>,
    /// How far right and down of it, in 256ths: `u` and `v` in the halves of a number.
    between: Vec<u32>,
}

impl Row {
    /// Of so many pixels.
    pub fn new(columns: usize) -> Self {
        let zeros = || vec![0.0; columns];
        Self { x: zeros(), y: zeros(), first: vec![0; columns], between: vec![0; columns] }
    }
}

impl Picture<'_> {
    /// [`Self::sample_held`] at each place of a row.
    pub fn read_held(&self, row: &mut Row, found: &mut [[u8; 4]]) {
        if self.width < 2 || self.height < 2 || self.data.len() > u32::MAX as usize {
            for (found, (x, y)) in found.iter_mut().zip(row.x.iter().zip(&row.y)) {
                *found = rounded(self.sample_held(*x, *y));
            }
            return;
        }
        let size = [self.width as i32, self.height as i32, self.stride as i32];
        held_places(&mut row.first, &mut row.between, &row.x, &row.y, size);
        let blocks = found.chunks_mut(BLOCK).zip(row.first.chunks(BLOCK)).zip(row.between.chunks(BLOCK));
        for ((found, first), between) in blocks {
            if found.len() == BLOCK && side_by_side(first, between) {
                self.block(found, first[0] as usize, between[0]);
                continue;
            }
            // SAFETY: all places are held in the picture, as `square` asks.
            unsafe { self.scattered(found, first, between) };
        }
    }

    /// [`Self::sample`] at each place of a row.
    pub fn read(&self, row: &mut Row, found: &mut [Rgba]) {
        let (right, bottom) = (self.width() - 1.0, self.height() - 1.0);
        let is_small = self.width < 2 || self.height < 2 || self.data.len() > u32::MAX as usize;
        if !is_small {
            let size = [self.width as i32, self.height as i32, self.stride as i32];
            held_places(&mut row.first, &mut row.between, &row.x, &row.y, size);
        }
        let mut bytes = [[0_u8; 4]; BLOCK];
        for (n, found) in found.chunks_mut(BLOCK).enumerate() {
            let (first, count) = (n * BLOCK, found.len());
            let (x, y) = (&row.x[first..][..count], &row.y[first..][..count]);
            let (mut is_inside, mut is_reached) = (true, false);
            for (x, y) in x.iter().zip(y) {
                let (x, y) = (x - 0.5, y - 0.5);
                is_inside &= (x >= 0.0) & (y >= 0.0) & (x < right) & (y < bottom);
                is_reached |= (x > -1.0) & (y > -1.0) & (x < right + 1.0) & (y < bottom + 1.0);
            }
            if !is_reached {
                found.fill(CLEAR);
            } else if is_inside {
                let (first, between) = (&row.first[first..][..count], &row.between[first..][..count]);
                // SAFETY: all places are held in the picture, as `square` asks.
                unsafe { self.scattered(&mut bytes[..count], first, between) };
                found.iter_mut().zip(&bytes).for_each(|(found, bytes)| *found = bytes.map(f32::from));
            } else {
                let places = x.iter().zip(y);
                found.iter_mut().zip(places).for_each(|(found, (x, y))| *found = self.sample(*x, *y));
            }
        }
    }

    /// Places that are a pixel apart, the first between the four pixels that begin at byte `at`.
    fn block(&self, found: &mut [[u8; 4]], at: usize, between: u32) {
        let (u, v) = ((between & 0xffff) as u16, (between >> 16) as u16);
        let found = found.as_flattened_mut();
        let n_bytes = found.len() + 4;
        let upper = &self.data[at..][..n_bytes];
        match (u, v) {
            (0, 0) => found.copy_from_slice(&upper[..n_bytes - 4]),
            (_, 0) => across_row(found, upper, u),
            _ => square_rows(found, upper, &self.data[at + self.stride..][..n_bytes], u, v),
        }
    }

    /// Pixels at places that have nothing to do with one another.
    ///
    /// # Safety
    /// There are two rows of two pixels from each byte of `first`, of which there are as many as of the others.
    #[inline(always)]
    unsafe fn scattered(&self, found: &mut [[u8; 4]], first: &[u32], between: &[u32]) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the one feature it needs has just been found; the places are the caller's.
            return unsafe { wide::scattered(found, self.data, self.stride, first, between) };
        }
        for ((found, first), between) in found.iter_mut().zip(first).zip(between) {
            // SAFETY: there are such pixels, the caller says.
            *found = unsafe { self.bytes(*first as usize, *between) };
        }
    }

    /// Between four pixels, the first of which begins at byte `at`.
    ///
    /// # Safety
    /// There are two rows of two pixels from there.
    #[inline(always)]
    unsafe fn bytes(&self, at: usize, between: u32) -> [u8; 4] {
        // SAFETY: they are in the picture.
        let (upper, lower) = unsafe {
            let upper = self.data.as_ptr().add(at);
            (upper.cast::<u64>().read_unaligned(), upper.add(self.stride).cast::<u64>().read_unaligned())
        };
        four_bytes(
            u64::from_le(upper),
            u64::from_le(lower),
            (between & 0xffff) as i32,
            (between >> 16) as i32,
        )
    }
}

/// The same as [`Picture::bytes`], four pixels at a time.
#[cfg(target_arch = "x86_64")]
mod wide {
    use std::arch::x86_64::*;

    /// Between the four pixels that begin at each byte of `first` in rows of `stride` bytes.
    ///
    /// # Safety
    /// There are two rows of two pixels from each of them, and `found` and `between` are as long as `first`.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn scattered(
        found: &mut [[u8; 4]],
        data: &[u8],
        stride: usize,
        first: &[u32],
        between: &[u32],
    ) {
        let whole = found.len() / 4 * 4;
        let data = data.as_ptr();
        // SAFETY: eight bytes from each place and from the one below are in the picture; four places are read and
        // four pixels written while there are four.
        unsafe {
            for x in (0..whole).step_by(4) {
                let at = |n: usize| data.add(*first.get_unchecked(x + n) as usize);
                let (a, b, c, d) = (at(0), at(1), at(2), at(3));
                let between = _mm_loadu_si128(between.as_ptr().add(x).cast());
                let pair = |p: *const u8, q: *const u8| {
                    let bytes = _mm_loadl_epi64(p.cast());
                    let bytes = _mm_castpd_si128(_mm_loadh_pd(_mm_castsi128_pd(bytes), q.cast()));
                    _mm256_cvtepu8_epi16(bytes)
                };
                let (ab, cd) = (_mm_unpacklo_epi64(between, between), _mm_unpackhi_epi64(between, between));
                let left = two(pair(a, b), pair(a.add(stride), b.add(stride)), ab);
                let right = two(pair(c, d), pair(c.add(stride), d.add(stride)), cd);
                let bytes = _mm256_packus_epi16(left, right);
                // In each half: four bytes of a pixel twice, then of the one two further on.
                let (low, high) = (_mm256_castsi256_si128(bytes), _mm256_extracti128_si256::<1>(bytes));
                let ordered = _mm_unpacklo_epi32(
                    _mm_shuffle_epi32::<0b10_00_10_00>(low),
                    _mm_shuffle_epi32::<0b10_00_10_00>(high),
                );
                _mm_storeu_si128(found.as_mut_ptr().add(x).cast(), ordered);
            }
            for x in whole..found.len() {
                let at = data.add(first[x] as usize);
                let (upper, lower) =
                    (at.cast::<u64>().read_unaligned(), at.add(stride).cast::<u64>().read_unaligned());
                found[x] =
                    super::four_bytes(upper, lower, (between[x] & 0xffff) as i32, (between[x] >> 16) as i32);
            }
        }
    }

    /// Two pixels, one in each half: the two of the upper row, the two below, and how far between them, of which the
    /// first half holds those of both.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn two(upper: __m256i, lower: __m256i, between: __m128i) -> __m256i {
        let between = _mm256_broadcastsi128_si256(between);
        // `u` of the one in all lanes of its half, `v` likewise.
        let across = _mm256_shuffle_epi8(
            between,
            _mm256_setr_epi8(
                0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4,
                5,
            ),
        );
        let down = _mm256_shuffle_epi8(
            between,
            _mm256_setr_epi8(
                2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 6, 7, 6, 7, 6, 7, 6, 7, 6, 7, 6, 7, 6, 7, 6,
                7,
            ),
        );
        // What is at 0 counts by 256 less that, which is its complement and 257.
        let turned = _mm256_setr_epi32(-1, -1, 0, 0, -1, -1, 0, 0);
        let added = _mm256_and_si256(turned, _mm256_set1_epi16(257));
        let weights = |t: __m256i| _mm256_add_epi16(_mm256_xor_si256(t, turned), added);
        let half = _mm256_set1_epi16(128);
        let across = weights(across);
        let upper = _mm256_mullo_epi16(upper, across);
        let lower = _mm256_mullo_epi16(lower, across);
        let both = _mm256_add_epi16(_mm256_unpacklo_epi64(upper, lower), _mm256_unpackhi_epi64(upper, lower));
        let both = _mm256_mullo_epi16(_mm256_srli_epi16::<8>(_mm256_add_epi16(both, half)), weights(down));
        let found = _mm256_add_epi16(both, _mm256_unpackhi_epi64(both, both));
        _mm256_srli_epi16::<8>(_mm256_add_epi16(found, half))
    }
}

/// Places that are looked at together: where they are a pixel apart, they are read as vector code.
const BLOCK: usize = 32;

/// Whether each place is a pixel to the right of the one before, and equally far between pixels.
#[inline(always)]
fn side_by_side(first: &[u32], between: &[u32]) -> bool {
    let (Some(at), Some(of)) = (first.first(), between.first()) else { return false };
    // Without a way out, so that it is vector code.
    let differ = (0_u32..)
        .zip(first.iter().zip(between))
        .fold(0, |differ, (n, (first, between))| differ | first.wrapping_sub(4 * n) ^ at | between ^ of);
    differ == 0
}

/// `a·(256 − t) + b·t` over 256, rounded half up; `t` is at most 256.
#[inline(always)]
fn between_two(a: u8, b: u8, t: u16) -> u8 {
    ((u16::from(a) * (256 - t) + u16::from(b) * t + 128) >> 8) as u8
}

row_kernel! {
    /// Between each pixel of a row and the next.
    across_row(found: &mut [u8], row: &[u8], u: u16) {
        for ((found, left), right) in found.iter_mut().zip(row).zip(&row[4..]) {
            *found = between_two(*left, *right, u);
        }
    }
}

row_kernel! {
    /// Between each pixel of a row, the next, and the two below.
    square_rows(found: &mut [u8], upper: &[u8], lower: &[u8], u: u16, v: u16) {
        let (upper, lower) = (upper.iter().zip(&upper[4..]), lower.iter().zip(&lower[4..]));
        for ((found, upper), lower) in found.iter_mut().zip(upper).zip(lower) {
            *found = between_two(between_two(*upper.0, *upper.1, u), between_two(*lower.0, *lower.1, u), v);
        }
    }
}

row_kernel! {
    /// Where `Picture::square` reads for each place, in a picture of that width, height and bytes to a row.
    held_places(first: &mut [u32], between: &mut [u32], x: &[f32], y: &[f32], size: [i32; 3]) {
        let [width, height, stride] = size;
        let (right, bottom) = (width as f32 - 1.0, height as f32 - 1.0);
        for (((first, between), x), y) in first.iter_mut().zip(between).zip(x).zip(y) {
            let (x, y) = (held(x - 0.5, right), held(y - 0.5, bottom));
            // SAFETY: places are inside the picture, and what is left of them is 0–1.
            unsafe {
                let left = x.to_int_unchecked::<i32>().min(width - 2);
                let top = y.to_int_unchecked::<i32>().min(height - 2);
                let u = ((x - left as f32) * 256.0 + 0.5).to_int_unchecked::<i32>();
                let v = ((y - top as f32) * 256.0 + 0.5).to_int_unchecked::<i32>();
                // As a number without a sign it has room for all of the bytes.
                *first = top.wrapping_mul(stride).wrapping_add(4 * left) as u32;
                *between = (u | v << 16) as u32;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIXELS: [u8; 16] = [0, 0, 0, 255, 100, 0, 0, 255, 0, 200, 0, 255, 0, 0, 40, 255];

    #[test]
    fn reading_between_pixels_is_bilinear() {
        let picture = Picture::new(&PIXELS, 8, 2, 2).unwrap();
        assert_eq!(picture.sample(0.5, 0.5), [0.0, 0.0, 0.0, 255.0]);
        assert_eq!(picture.sample(1.0, 1.0), [25.0, 50.0, 10.0, 255.0]);
        assert_eq!(picture.sample_held(1.0, 1.0), picture.sample(1.0, 1.0));
        assert_eq!(picture.sample_held(-9.0, 9.0), [0.0, 200.0, 0.0, 255.0]);
    }

    #[test]
    fn all_ways_between_pixels_are_one() {
        let (upper, lower) = (0x0010_ff80_fe01_7f33_u64, 0xff00_03fc_80c8_0901);
        for (u, v) in [(0, 0), (256, 256), (128, 3), (255, 77), (1, 256)] {
            let row = |row: u64| lanes_between(lanes(row as u32), lanes((row >> 32) as u32), u);
            let bytes = lanes_between(row(upper), row(lower), v).to_le_bytes();
            let found = between_four(upper, lower, u as i32, v as i32);
            assert_eq!(found, [bytes[0], bytes[2], bytes[4], bytes[6]].map(f32::from), "{u} {v}");
        }
    }

    #[test]
    fn rows_are_read_as_their_places_are() {
        let noise: Vec<u8> =
            (0..100 * 9 * 4).map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let picture = Picture::new(&noise, 400, 100, 9).unwrap();
        let mut found = vec![[0; 4]; 100];
        for (dx, dy, zoom) in [
            (0.0, 0.0, 1.0),
            (3.0, 1.0, 1.0),
            (0.37, 0.0, 1.0),
            (-7.6, 2.3, 1.0),
            (40.1, 8.2, 1.0),
            (0.2, 0.4, 0.7),
        ] {
            let mut row = Row::new(100);
            let place = |x: usize| (x as f32 * zoom + 0.5 + dx, 2.5 + dy);
            (0..100).for_each(|x| (row.x[x], row.y[x]) = place(x));
            picture.read_held(&mut row, &mut found);
            for (x, found) in found.iter().enumerate() {
                let (x, y) = place(x);
                assert_eq!(found.map(f32::from), picture.sample_held(x, y), "{x} {y}");
            }
        }
    }

    #[test]
    fn rows_are_read_beyond_edges_as_their_places_are() {
        let noise: Vec<u8> =
            (0..90 * 9 * 4).map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let picture = Picture::new(&noise, 360, 90, 9).unwrap();
        let mut found = vec![CLEAR; 200];
        for (y, slope, zoom) in
            [(4.5, 0.0, 1.0), (0.2, 0.0, 0.7), (-3.0, 0.1, 0.9), (9.4, 0.0, 1.1), (60.0, 0.0, 1.0)]
        {
            let mut row = Row::new(200);
            let place = |x: usize| ((x as f32 - 50.0) * zoom + 0.3, y + slope * x as f32);
            (0..200).for_each(|x| (row.x[x], row.y[x]) = place(x));
            picture.read(&mut row, &mut found);
            for (x, found) in found.iter().enumerate() {
                let (x, y) = place(x);
                assert_eq!(*found, picture.sample(x, y), "{x} {y}");
            }
            let inside = picture.inside(&row.x, y);
            for (at, x) in row.x.iter().enumerate() {
                assert!(
                    !inside.contains(&at) || picture.sample(*x, y) == picture.sample_held(*x, y),
                    "{x} {y}"
                );
                assert!(picture.reaches(*x, y) || picture.sample(*x, y) == CLEAR, "{x} {y}");
            }
        }
    }

    #[test]
    fn edges_fade_over_a_pixel_and_end() {
        let picture = Picture::new(&PIXELS, 8, 2, 2).unwrap();
        assert_eq!(picture.sample(0.0, 0.5)[3], 127.5);
        assert_eq!(picture.sample(2.25, 1.5), [0.0, 0.0, 10.0, 63.75]);
        assert_eq!(picture.sample(-0.5, 0.5), CLEAR);
        assert_eq!(picture.sample(f32::NAN, f32::INFINITY), CLEAR);
        assert!(Picture::new(&PIXELS, 8, 3, 2).is_none() && Picture::new(&[], 0, 0, 0).is_none());
    }
}
