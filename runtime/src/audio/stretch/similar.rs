//! Finding where a sound goes on as another one does.

use crate::media::CHANNELS;

/// Samples that the first look takes together.
const COARSE: usize = 4;

/// The offset, in samples, at which `offered` is most like `wanted`: where their correlation, divided
/// by the loudness of what is offered, is greatest. Both are left and right in turn; `offered` is at
/// least as long.
///
/// A first look at every fourth offset and sample finds the neighbourhood, a second one the place.
pub fn best(wanted: &[f32], offered: &[f32]) -> i64 {
    let count = wanted.len() / CHANNELS;
    let offsets = offered.len() / CHANNELS - count;
    let (coarse_wanted, coarse_offered) = (thinned(wanted), thinned(offered));
    let coarse = offsets / COARSE;
    let near = best_of(0..=coarse, |offset| likeness(&coarse_wanted, &coarse_offered[offset..])) * COARSE;
    let range = near.saturating_sub(COARSE)..=(near + COARSE).min(offsets);
    best_of(range, |offset| likeness(wanted, &offered[offset * CHANNELS..])) as i64
}

/// The value with the greatest score, the first of equals.
fn best_of(values: std::ops::RangeInclusive<usize>, score: impl Fn(usize) -> f32) -> usize {
    let mut best = (*values.start(), f32::NEG_INFINITY);
    for value in values {
        let score = score(value);
        if score > best.1 {
            best = (value, score);
        }
    }
    best.0
}

/// Both sides together, four samples to one.
fn thinned(samples: &[f32]) -> Vec<f32> {
    samples.chunks_exact(COARSE * CHANNELS).map(|chunk| chunk.iter().sum()).collect()
}

/// Correlation of `wanted` with as much of `offered`, relative to the loudness of the latter.
fn likeness(wanted: &[f32], offered: &[f32]) -> f32 {
    const LANES: usize = 8;
    // Eight sums side by side, so that vector units can take part and the order stays the same.
    let (mut products, mut squares) = ([0.0_f32; LANES], [0.0_f32; LANES]);
    for (a, b) in wanted.chunks_exact(LANES).zip(offered.chunks_exact(LANES)) {
        for lane in 0..LANES {
            products[lane] += a[lane] * b[lane];
            squares[lane] += b[lane] * b[lane];
        }
    }
    products.iter().sum::<f32>() / (squares.iter().sum::<f32>() + 1e-9).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shifted_sound_is_found_to_the_sample() {
        let sound = |n: usize| libm::sinf(n as f32 * 0.05) + 0.3 * libm::sinf(n as f32 * 0.173);
        let pairs = |range: std::ops::Range<usize>| range.flat_map(|n| [sound(n); 2]).collect::<Vec<_>>();
        let wanted = pairs(1000..1720);
        for shift in [0, 1, 150, 333, 600] {
            let start = 1000 - shift;
            assert_eq!(best(&wanted, &pairs(start..start + 1320)), shift as i64);
        }
    }

    #[test]
    fn silence_is_like_silence() {
        assert_eq!(best(&[0.0; 1440], &[0.0; 2640]), 0);
    }
}
