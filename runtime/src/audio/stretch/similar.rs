//! Finding where a sound goes on as another one does.

use crate::media::CHANNELS;

/// Samples that the first look takes together.
const COARSE: usize = 4;
/// Neighbourhoods that are looked at closely: a tone offers one for each of its periods.
const PEAKS: usize = 4;

/// The offset, in samples, at which `offered` is most like `wanted`: where their correlation, divided
/// by the loudness of what is offered, is greatest. Both are left and right in turn; `offered` is at
/// least as long.
///
/// A first look at every fourth offset and sample finds some neighbourhoods, a second one the place.
pub fn best(wanted: &[f32], offered: &[f32]) -> i64 {
    let count = wanted.len() / CHANNELS;
    let offsets = offered.len() / CHANNELS - count;
    let (coarse_wanted, coarse_offered) = (thinned(wanted), thinned(offered));
    let coarse = offsets / COARSE;
    let scores: Vec<f32> =
        (0..=coarse).map(|offset| likeness(&coarse_wanted, &coarse_offered[offset..])).collect();
    let mut best = (0, f32::NEG_INFINITY);
    for near in highest(&scores) {
        let near = near * COARSE;
        for offset in near.saturating_sub(COARSE)..=(near + COARSE).min(offsets) {
            let score = likeness(wanted, &offered[offset * CHANNELS..]);
            if score > best.1 {
                best = (offset, score);
            }
        }
    }
    best.0 as i64
}

/// Places of the highest peaks among the scores, at least one.
fn highest(scores: &[f32]) -> Vec<usize> {
    let beside = |at: Option<usize>| at.and_then(|at| scores.get(at)).copied().unwrap_or(f32::NEG_INFINITY);
    let mut peaks: Vec<usize> = (0..scores.len())
        .filter(|&at| scores[at] > beside(at.checked_sub(1)) && scores[at] >= beside(Some(at + 1)))
        .collect();
    peaks.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    peaks.truncate(PEAKS);
    if peaks.is_empty() { vec![0] } else { peaks }
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
