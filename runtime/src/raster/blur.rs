//! Blurring by three box passes in each direction.
//!
//! A box of whole width cannot have every deviation, so each box is the mean over 2k + 1 samples and a
//! share α of the two beyond them, with k and α chosen so that the variance of the three together is
//! exactly σ². The result is within a few percent of a Gaussian everywhere, costs the same for every σ and
//! changes smoothly with it. Between the passes samples keep eight more bits.

use super::pixmap::Pixmap;

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

/// Blurs rows of `N` samples a pixel.
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
    let mut wide: Vec<u16> = samples.iter().map(|sample| u16::from(*sample) << 8).collect();
    let mut other = vec![0; wide.len()];
    for _ in 0..PASSES {
        if let Some(half) = across {
            for (from, to) in wide.chunks_exact(width * N).zip(other.chunks_exact_mut(width * N)) {
                box_row::<N>(from, to, half, beyond);
            }
            std::mem::swap(&mut wide, &mut other);
        }
        if let Some(half) = down {
            box_columns(&wide, &mut other, width * N, height, half, beyond);
            std::mem::swap(&mut wide, &mut other);
        }
    }
    for (sample, wide) in samples.iter_mut().zip(wide) {
        *sample = ((u32::from(wide) + 128) >> 8).min(255) as u8;
    }
}

fn box_row<const N: usize>(from: &[u16], to: &mut [u16], half: Half, beyond: Beyond) {
    let length = (from.len() / N) as isize;
    let whole = half.whole as isize;
    let at = |place: isize, channel: usize| -> u32 {
        let place = match beyond {
            Beyond::Edge => place.clamp(0, length - 1),
            Beyond::Clear if (0..length).contains(&place) => place,
            Beyond::Clear => return 0,
        };
        from[place as usize * N + channel].into()
    };
    let scale = 1.0 / (2.0 * half.whole as f32 + 1.0 + 2.0 * half.share);
    let mut sums: [u32; N] = std::array::from_fn(|c| (-whole..=whole).map(|i| at(i, c)).sum());
    for place in 0..length {
        for (channel, sum) in sums.iter_mut().enumerate() {
            let ends = at(place - whole - 1, channel) + at(place + whole + 1, channel);
            let mean = (*sum as f32 + half.share * ends as f32) * scale;
            to[place as usize * N + channel] = (mean + 0.5) as u16;
            *sum = *sum + at(place + whole + 1, channel) - at(place - whole, channel);
        }
    }
}

fn box_columns(from: &[u16], to: &mut [u16], stride: usize, height: usize, half: Half, beyond: Beyond) {
    let (whole, rows) = (half.whole as isize, height as isize);
    let clear = vec![0; stride];
    let row = |y: isize| -> &[u16] {
        let y = match beyond {
            Beyond::Edge => y.clamp(0, rows - 1),
            Beyond::Clear if (0..rows).contains(&y) => y,
            Beyond::Clear => return &clear,
        };
        &from[y as usize * stride..][..stride]
    };
    let scale = 1.0 / (2.0 * half.whole as f32 + 1.0 + 2.0 * half.share);
    let mut sums = vec![0_u32; stride];
    for y in -whole..=whole {
        for (sum, sample) in sums.iter_mut().zip(row(y)) {
            *sum += u32::from(*sample);
        }
    }
    for (y, to) in (0..).zip(to.chunks_exact_mut(stride)) {
        let (above, below) = (row(y - whole - 1), row(y + whole + 1));
        for (((to, sum), above), below) in to.iter_mut().zip(&sums).zip(above).zip(below) {
            let ends = u32::from(*above) + u32::from(*below);
            *to = ((*sum as f32 + half.share * ends as f32) * scale + 0.5) as u16;
        }
        for ((sum, gone), come) in sums.iter_mut().zip(row(y - whole)).zip(below) {
            *sum = *sum + u32::from(*come) - u32::from(*gone);
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
