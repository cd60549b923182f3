//! Blurring by three box passes in each direction.
//!
//! A box of whole width cannot have every deviation, so each box is the mean over 2k + 1 samples and a
//! share α of the two beyond them, with k and α chosen so that the variance of the three together is
//! exactly σ². The result is within a few percent of a Gaussian everywhere, costs the same for every σ and
//! changes smoothly with it. Between the passes samples keep eight more bits.

use super::pixmap::Pixmap;
use super::simd::row_kernel;

/// Largest deviation, in pixels; larger ones are cut to it.
pub const MAX_SIGMA: f64 = 512.0;
/// Smallest deviation that is drawn, in pixels: less changes no code value by more than one.
const LEAST_SIGMA: f64 = 0.05;
/// Box passes in each direction.
const PASSES: usize = 3;

/// What is taken for the samples beyond the edges.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beyond {
    /// The samples on the edge go on: for pictures that end where their box does.
    Edge,
    /// Nothing: for what fades into emptiness.
    Clear,
}

/// Half a box: the mean over `whole` samples to each side of one, and `share` of the next.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Half {
    whole: usize,
    share: f32,
}

impl Half {
    /// The box of which three have the deviation `sigma`.
    fn of(sigma: f64) -> Self {
        let variance = sigma * sigma / PASSES as f64;
        let whole = (0.5 * ((12.0 * variance + 1.0).sqrt() - 1.0)).floor();
        // Variance of the box is (Σi² + 2α(k+1)²) / (2k + 1 + 2α); solved for α.
        let next = (whole + 1.0) * (whole + 1.0);
        let inside = whole * (whole + 1.0) / 3.0;
        let share = (2.0 * whole + 1.0) * (variance - inside) / (2.0 * (next - variance));
        Self { whole: whole as usize, share: share.clamp(0.0, 1.0) as f32 }
    }

    fn reach(self) -> usize {
        self.whole + usize::from(self.share > 0.0)
    }
}

/// Pixels that a blur of `sigma` reaches beyond what it blurs.
pub fn blur_reach(sigma: f64) -> u32 {
    if sigma < LEAST_SIGMA { 0 } else { (PASSES * Half::of(sigma.min(MAX_SIGMA)).reach()) as u32 }
}

/// Half of the box of which three have the deviation `sigma`: whole samples to each side of one, and the
/// share of the next; `None` when too little is asked for to be drawn.
pub(crate) fn half_box(sigma: f64) -> Option<(u32, f32)> {
    let half = (sigma >= LEAST_SIGMA).then(|| Half::of(sigma.min(MAX_SIGMA)))?;
    Some((half.whole as u32, half.share))
}

/// The picture blurred with deviations of `sigma` pixels across and down.
pub fn blur(pixmap: Pixmap, sigma: (f64, f64), beyond: Beyond) -> Pixmap {
    let (width, height) = (pixmap.width(), pixmap.height());
    let mut pixels = pixmap.into_pixels();
    blur_samples::<4>(&mut pixels, (width as usize, height as usize), sigma, beyond);
    Pixmap::from_premultiplied(width, height, pixels).unwrap_or_else(|| Pixmap::transparent(0, 0))
}

/// Blurs one sample a pixel, clear beyond the edges.
pub fn blur_coverage(shares: &mut [u8], size: (u32, u32), sigma: f64) {
    blur_samples::<1>(shares, (size.0 as usize, size.1 as usize), (sigma, sigma), Beyond::Clear);
}

/// Blurs rows of `N` samples a pixel, first all passes across, then all passes down: so each bundle of rows and
/// each strip of columns stays in the cache from pass to pass.
fn blur_samples<const N: usize>(
    samples: &mut [u8],
    (width, height): (usize, usize),
    (across, down): (f64, f64),
    beyond: Beyond,
) {
    let wanted = |sigma: f64| (sigma >= LEAST_SIGMA).then(|| Half::of(sigma.min(MAX_SIGMA)));
    let (across, down) = (wanted(across), wanted(down));
    if (across.is_none() && down.is_none()) || samples.is_empty() {
        return;
    }
    let stride = width * N;
    let mut wide = vec![0_u16; samples.len()];
    match across {
        Some(half) => {
            let mut line = Lines::new(width, half, beyond);
            let bundles = samples.chunks(LANES / N * stride).zip(wide.chunks_mut(LANES / N * stride));
            for (from, to) in bundles {
                line.put::<N>(from);
                line.blur();
                line.take::<N>(to);
            }
        }
        None => {
            wide.iter_mut().zip(samples.iter()).for_each(|(wide, sample)| *wide = u16::from(*sample) << 8)
        }
    }
    match down {
        Some(half) => {
            let mut line = Lines::new(height, half, beyond);
            for first in (0..stride).step_by(LANES) {
                let n_lanes = LANES.min(stride - first);
                let rows = wide.chunks_exact(stride).map(|row| &row[first..first + n_lanes]);
                for (lanes, row) in line.middle().iter_mut().zip(rows) {
                    lanes[..n_lanes].copy_from_slice(row);
                }
                line.blur();
                let rows = samples.chunks_exact_mut(stride).map(|row| &mut row[first..first + n_lanes]);
                for (lanes, row) in line.middle().iter().zip(rows) {
                    row.iter_mut().zip(lanes).for_each(|(sample, wide)| *sample = narrow(*wide));
                }
            }
        }
        None => samples.iter_mut().zip(wide).for_each(|(sample, wide)| *sample = narrow(wide)),
    }
}

fn narrow(wide: u16) -> u8 {
    ((u32::from(wide) + 128) >> 8).min(255) as u8
}

/// Samples side by side that go along a line together.
const LANES: usize = 32;

/// Lines of samples, and what lies beyond their ends.
struct Lines {
    half: Half,
    beyond: Beyond,
    /// Samples before the first and after the last that a box reaches.
    margin: usize,
    /// The lines with their margins, and room for the next pass.
    lines: [Vec<[u16; LANES]>; 2],
}

impl Lines {
    fn new(length: usize, half: Half, beyond: Beyond) -> Self {
        let margin = half.whole + 1;
        let line = || vec![[0; LANES]; length + 2 * margin];
        Self { half, beyond, margin, lines: [line(), line()] }
    }

    /// The samples without the margins.
    fn middle(&mut self) -> &mut [[u16; LANES]] {
        let end = self.lines[0].len() - self.margin;
        &mut self.lines[0][self.margin..end]
    }

    /// Lays rows of `N` samples a pixel side by side.
    fn put<const N: usize>(&mut self, rows: &[u8]) {
        let stride = N * self.middle().len();
        for (n, row) in rows.chunks_exact(stride).enumerate() {
            for (lanes, pixel) in self.middle().iter_mut().zip(row.as_chunks::<N>().0) {
                let widened = pixel.map(|sample| u16::from(sample) << 8);
                lanes[n * N..][..N].copy_from_slice(&widened);
            }
        }
    }

    /// The opposite of [`Self::put`].
    fn take<const N: usize>(&mut self, rows: &mut [u16]) {
        let stride = N * self.middle().len();
        for (n, row) in rows.chunks_exact_mut(stride).enumerate() {
            for (lanes, pixel) in self.middle().iter().zip(row.as_chunks_mut::<N>().0) {
                pixel.copy_from_slice(&lanes[n * N..][..N]);
            }
        }
    }

    /// Three box passes.
    fn blur(&mut self) {
        for _ in 0..PASSES {
            let [line, next] = &mut self.lines;
            let (first, last) = (line[self.margin], line[line.len() - self.margin - 1]);
            let (before, after) = match self.beyond {
                Beyond::Edge => (first, last),
                Beyond::Clear => ([0; LANES], [0; LANES]),
            };
            line[..self.margin].fill(before);
            let end = line.len() - self.margin;
            line[end..].fill(after);
            box_line(&mut next[self.margin..end], line, self.half.whole, self.half.share);
            self.lines.swap(0, 1);
        }
    }
}

row_kernel! {
    /// One pass: each of `to` becomes the mean of a box of `from`, which has `whole + 1` samples more at either end.
    box_line(to: &mut [[u16; LANES]], from: &[[u16; LANES]], whole: usize, share: f32) {
        let scale = 1.0 / (2.0 * whole as f32 + 1.0 + 2.0 * share);
        // At most 2 · 887 samples of 16 bits.
        let mut sums = [0_i32; LANES];
        for lanes in &from[1..2 * whole + 2] {
            for (sum, sample) in sums.iter_mut().zip(lanes) {
                *sum += i32::from(*sample);
            }
        }
        let ends = from.iter().zip(&from[1..]).zip(&from[2 * whole + 2..]);
        for (to, ((before, first), after)) in to.iter_mut().zip(ends) {
            for lane in 0..LANES {
                let ends = i32::from(before[lane]) + i32::from(after[lane]);
                let mean = (sums[lane] as f32 + share * ends as f32) * scale + 0.5;
                // SAFETY: a mean of samples, which are at most 255 · 256.
                to[lane] = unsafe { mean.to_int_unchecked::<i32>() } as u16;
                sums[lane] += i32::from(after[lane]) - i32::from(first[lane]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variance_is_the_one_asked_for() {
        for sigma in [0.3, 0.8, 1.0, 2.5, 4.0, 7.7, 20.0] {
            let half = Half::of(sigma);
            let (k, share) = (half.whole as f64, f64::from(half.share));
            let squares = 2.0 * (1..=half.whole).map(|i| (i * i) as f64).sum::<f64>();
            let variance = (squares + 2.0 * share * (k + 1.0) * (k + 1.0)) / (2.0 * k + 1.0 + 2.0 * share);
            assert!((variance * 3.0 - sigma * sigma).abs() < 1e-4 * sigma * sigma, "{sigma}");
        }
    }

    #[test]
    fn a_dot_becomes_nearly_a_gaussian() {
        let (size, sigma) = (41_usize, 4.0);
        let mut shares = vec![0; size * size];
        // A block of 5 × 5 in the middle, so that the values are large enough to compare.
        for y in 18..23 {
            shares[y * size + 18..y * size + 23].fill(255);
        }
        let mut expected = vec![0.0; size * size];
        let weight =
            |d: f64| libm::exp(-d * d / (2.0 * sigma * sigma)) / (sigma * libm::sqrt(std::f64::consts::TAU));
        for (i, value) in expected.iter_mut().enumerate() {
            let sum = |at: usize| (18..23).map(|c| weight(at as f64 - f64::from(c))).sum::<f64>();
            *value = 255.0 * sum(i % size) * sum(i / size);
        }
        blur_coverage(&mut shares, (41, 41), sigma);
        for (found, exact) in shares.iter().zip(expected) {
            assert!((f64::from(*found) - exact).abs() < 0.02 * 255.0, "{found} for {exact}");
        }
    }

    #[test]
    fn flat_pictures_stay_flat_up_to_their_edges() {
        let flat = Pixmap::from_premultiplied(9, 5, [10, 20, 30, 255].repeat(45)).unwrap();
        let blurred = blur(flat.clone(), (6.3, 2.0), Beyond::Edge);
        assert!(blurred == flat);
        let fading = blur(flat, (2.0, 2.0), Beyond::Clear);
        assert!(fading.row(0)[3] < 100 && fading.row(2)[19] > fading.row(0)[3]);
    }

    #[test]
    fn reach_covers_all_that_changes() {
        let mut shares = vec![0; 101 * 101];
        shares[50 * 101 + 50] = 255;
        blur_coverage(&mut shares, (101, 101), 1.0);
        let reach = blur_reach(1.0) as usize;
        let changed = |x: usize| (0..101).any(|y| shares[y * 101 + x] != 0);
        assert!(!changed(50 - reach - 1) && !changed(50 + reach + 1) && changed(51));
        assert_eq!(blur_reach(0.0), 0);
    }
}
