//! Pictures that are read between their pixels, and the one that is painted.

use super::pixmap::Pixmap;

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
    pub fn width(&self) -> f32 {
        self.width as f32
    }

    /// Rows.
    pub fn height(&self) -> f32 {
        self.height as f32
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
        // Written so that no number (NaN) is outside too.
        if !(x > -1.0 && y > -1.0 && x < self.width() && y < self.height()) {
            return CLEAR;
        }
        // Above −1, so that cutting the fraction off rounds down.
        let (left, top) = ((x + 1.0) as isize - 1, (y + 1.0) as isize - 1);
        let (u, v) = ((x - left as f32).max(0.0), (y - top as f32).max(0.0));
        let inside =
            left >= 0 && top >= 0 && left + 1 < self.width as isize && top + 1 < self.height as isize;
        if inside {
            return self.square(left as usize, top as usize, u, v);
        }
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
        let x = (x - 0.5).clamp(0.0, self.width() - 1.0);
        let y = (y - 0.5).clamp(0.0, self.height() - 1.0);
        // Whole and inside, so never below zero.
        let (left, top) = (x as usize, y as usize);
        let (u, v) = (x - left as f32, y - top as f32);
        if left + 1 < self.width && top + 1 < self.height {
            return self.square(left, top, u, v);
        }
        let (right, below) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let upper = mix(self.pixel(left, top), self.pixel(right, top), u);
        let lower = mix(self.pixel(left, below), self.pixel(right, below), u);
        mix(upper, lower, v)
    }

    /// Between four pixels, the upper left of which is given: across first, then down, each rounded to the
    /// nearest, places rounded to 1/256 pixel.
    #[inline(always)]
    fn square(&self, left: usize, top: usize, u: f32, v: f32) -> Rgba {
        let at = top * self.stride + 4 * left;
        let (upper, lower) = (&self.data[at..at + 8], &self.data[at + self.stride..at + self.stride + 8]);
        let (u, v) = ((u * 256.0 + 0.5) as u64, (v * 256.0 + 0.5) as u64);
        let above = lanes_between(lanes(&upper[..4]), lanes(&upper[4..]), u);
        let below = lanes_between(lanes(&lower[..4]), lanes(&lower[4..]), u);
        let bytes = lanes_between(above, below, v).to_le_bytes();
        [bytes[0], bytes[2], bytes[4], bytes[6]].map(f32::from)
    }
}

/// Four bytes as the sixteen-bit lanes of a word.
#[inline(always)]
fn lanes(bytes: &[u8]) -> u64 {
    let word = u64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    (word & 0xff) | (word & 0xff00) << 8 | (word & 0x00ff_0000) << 16 | (word & 0xff00_0000) << 24
}

/// `a·(256 − t) + b·t` over 256 in each lane, rounded half up; no lane overflows, 255 · 256 + 128 being below
/// 2¹⁶.
#[inline(always)]
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

/// The picture whose pixel at each centre is what `shade` says, channels rounded to the nearest.
pub fn paint(width: u32, height: u32, shade: impl Fn(f32, f32) -> Rgba) -> Vec<u8> {
    let mut pixels = vec![0; width as usize * height as usize * 4];
    let columns = 4 * (width as usize).max(1);
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the one feature it needs has just been found.
        unsafe { fill_with_avx2(&mut pixels, columns, &shade) };
        return pixels;
    }
    fill(&mut pixels, columns, &shade);
    pixels
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
        for (x, pixel) in row.chunks_exact_mut(4).enumerate() {
            // A float beyond the range of the byte becomes its end.
            let value = shade(x as f32 + 0.5, y).map(|channel| (channel + 0.5) as u8);
            pixel.copy_from_slice(&value);
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
    fn edges_fade_over_a_pixel_and_end() {
        let picture = Picture::new(&PIXELS, 8, 2, 2).unwrap();
        assert_eq!(picture.sample(0.0, 0.5)[3], 127.5);
        assert_eq!(picture.sample(2.25, 1.5), [0.0, 0.0, 10.0, 63.75]);
        assert_eq!(picture.sample(-0.5, 0.5), CLEAR);
        assert_eq!(picture.sample(f32::NAN, f32::INFINITY), CLEAR);
        assert!(Picture::new(&PIXELS, 8, 3, 2).is_none() && Picture::new(&[], 0, 0, 0).is_none());
    }
}
