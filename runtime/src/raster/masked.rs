//! One frame becoming another behind a mask.

use super::blend::{Rows, in_bands};
use super::planes::{Planes, PlanesMut};
use super::simd::mix_shares_row;

/// The share that means all of the second frame.
pub const FULL_SHARE: u16 = 32_768;

/// How much of the second frame shows at each pixel.
pub trait Mask: Sync {
    /// Fills a row with shares, 0 (the first frame) to [`FULL_SHARE`] (the second): one for each
    /// column of luma row `y`.
    fn row(&self, y: u32, shares: &mut [u16]);
}

/// The share that is nearest to a number 0–1; what is outside is cut to it.
#[inline(always)]
pub fn share(value: f32) -> u16 {
    (value.clamp(0.0, 1.0) * f32::from(FULL_SHARE) + 0.5) as u16
}

/// Pixels that are looked at together: where all of them show one frame, it is copied.
const BLOCK: usize = 64;

/// `a·(1 − s) + b·s` in each plane, rounded half up, with `s` the mask's share at a luma sample and
/// the mean share of its block at a chroma sample, rounded half up. The three frames have one size;
/// what of `dst` is beyond the smaller of the two sources stays as it is.
pub fn mix_masked(dst: &mut PlanesMut<'_>, a: &Planes<'_>, b: &Planes<'_>, mask: &dyn Mask, rows: Rows) {
    in_bands(dst.reborrow(), rows, &|mut band| mix_band(&mut band, a, b, mask));
}

fn mix_band(band: &mut PlanesMut<'_>, a: &Planes<'_>, b: &Planes<'_>, mask: &dyn Mask) {
    let (columns, block_rows) = band.size(1);
    let width = (band.width().min(a.width()).min(b.width())) as usize;
    let height = a.height().min(b.height()) as usize;
    let (first, n_rows) = (band.first_row(0), band.size(0).1);
    let mut shares = [vec![0; width], vec![0; width]];
    let mut chroma = vec![0; columns.min(width.div_ceil(2))];
    for block_row in 0..block_rows {
        let top = 2 * block_row;
        let last = (top + 1).min(n_rows - 1);
        if first + top >= height {
            break;
        }
        for (y, shares) in [top, last].into_iter().zip(&mut shares) {
            // Rows are at most 8192.
            mask.row((first + y) as u32, shares);
            let at = first + y;
            if at < height {
                mix_row(band.row(0, y), a.row(0, at), b.row(0, at), shares);
            }
        }
        for (x, chroma) in chroma.iter_mut().enumerate() {
            let right = (2 * x + 1).min(width - 1);
            let sum: u32 = shares.iter().map(|row| u32::from(row[2 * x]) + u32::from(row[right])).sum();
            *chroma = ((sum + 2) / 4) as u16;
        }
        let at = band.first_row(1) + block_row;
        for plane in 1..3 {
            mix_row(band.row(plane, block_row), a.row(plane, at), b.row(plane, at), &chroma);
        }
    }
}

fn mix_row(dst: &mut [u8], a: &[u8], b: &[u8], shares: &[u16]) {
    let blocks = dst.chunks_mut(BLOCK).zip(shares.chunks(BLOCK));
    for ((dst, shares), (a, b)) in blocks.zip(a.chunks(BLOCK).zip(b.chunks(BLOCK))) {
        let length = dst.len().min(shares.len()).min(a.len()).min(b.len());
        let (dst, shares) = (&mut dst[..length], &shares[..length]);
        if shares.iter().all(|&share| share == 0) {
            dst.copy_from_slice(&a[..length]);
        } else if shares.iter().all(|&share| share == FULL_SHARE) {
            dst.copy_from_slice(&b[..length]);
        } else {
            mix_shares_row(dst, &a[..length], &b[..length], shares);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::planes::{Plane, PlaneMut};
    use super::*;

    /// Rises by 4096 a column and by 1024 a row.
    struct Slope;

    impl Mask for Slope {
        fn row(&self, y: u32, shares: &mut [u16]) {
            for (x, share) in shares.iter_mut().enumerate() {
                *share = (x as u16 * 4096 + y as u16 * 1024).min(FULL_SHARE);
            }
        }
    }

    fn slope(x: usize, y: usize) -> f64 {
        ((x * 4096 + y * 1024) as f64 / 32_768.0).min(1.0)
    }

    /// Against the formula, at an odd size.
    #[test]
    fn every_sample_is_the_formulas() {
        const WIDTH: usize = 7;
        const HEIGHT: usize = 5;
        let noise = |seed: usize, length| (0..length).map(|i| ((i * 37 + seed * 91) % 256) as u8).collect();
        let sizes = [WIDTH * HEIGHT, 4 * 3, 4 * 3];
        let frames: [[Vec<u8>; 3]; 2] =
            std::array::from_fn(|f| std::array::from_fn(|p| noise(3 * f + p, sizes[p])));
        let planes = |frame: &'static [Vec<u8>; 3]| {
            let plane = |index: usize, stride| Plane { data: &frame[index], stride };
            Planes::new(WIDTH as u32, HEIGHT as u32, [plane(0, WIDTH), plane(1, 4), plane(2, 4)]).unwrap()
        };
        let frames: &'static [[Vec<u8>; 3]; 2] = Box::leak(Box::new(frames));
        let (a, b) = (planes(&frames[0]), planes(&frames[1]));
        let mut out = sizes.map(|length| vec![0; length]);
        let [y, cb, cr] = &mut out;
        let targets = [
            PlaneMut { data: y, stride: WIDTH },
            PlaneMut { data: cb, stride: 4 },
            PlaneMut { data: cr, stride: 4 },
        ];
        let mut dst = PlanesMut::new(WIDTH as u32, HEIGHT as u32, targets).unwrap();
        mix_masked(&mut dst, &a, &b, &Slope, Rows::Serial);
        let expected = |a: u8, b: u8, s: f64| (f64::from(a) * (1.0 - s) + f64::from(b) * s + 0.5).floor();
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let at = y * WIDTH + x;
                let want = expected(frames[0][0][at], frames[1][0][at], slope(x, y));
                assert_eq!(f64::from(out[0][at]), want, "luma {x},{y}");
            }
        }
        for plane in 1..3 {
            for y in 0..3 {
                for x in 0..4 {
                    let (right, below) = ((2 * x + 1).min(WIDTH - 1), (2 * y + 1).min(HEIGHT - 1));
                    let corners = [(2 * x, 2 * y), (right, 2 * y), (2 * x, below), (right, below)];
                    let s = corners.iter().map(|&(x, y)| slope(x, y)).sum::<f64>() / 4.0;
                    let at = y * 4 + x;
                    let want = expected(frames[0][plane][at], frames[1][plane][at], s);
                    assert!((f64::from(out[plane][at]) - want).abs() < 1.0, "plane {plane} {x},{y}");
                }
            }
        }
    }
}
