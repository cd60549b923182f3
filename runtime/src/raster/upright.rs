//! Planes that become a little larger or smaller, upright: the inside of a picture that slowly grows.
//!
//! Each sample of the result is read from 4 × 4 samples of the source with Catmull-Rom weights, first down,
//! then across: `(Σ across · ⌊(Σ down · sample + 2⁷) / 2⁸⌋ + 2¹⁹) / 2²⁰`, rounded down and cut to 0–255,
//! with weights in 16 384ths. Beyond the source's edges its last samples go on.

use super::planes::Plane;

/// Bits after the point in a weight.
const WEIGHT_BITS: u32 = 14;
/// Bits after the point between the two passes: with them a sample that overshoots by a quarter still fits
/// sixteen bits with a sign.
const MIDDLE_BITS: u32 = 6;
/// Samples of the source between neighbours of the result, at most: four neighbours then read from eight
/// samples.
pub const LARGEST_STEP: f64 = 1.25;
/// Results that are made at once.
const BLOCK: usize = 8;

/// Which samples each sample of the result is read from, along one axis.
struct Taps {
    /// The first of four, for each.
    first: Vec<u32>,
    /// Their weights; the sum is one.
    weights: Vec<[i16; 4]>,
}

impl Taps {
    /// For `count` samples over the `length` samples from `start` of an axis with `size`, which is at least
    /// four.
    fn new(count: usize, start: f64, length: f64, size: usize) -> Self {
        let step = length / count as f64;
        let last = size as i64 - 1;
        let (mut first, mut weights) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for index in 0..count {
            let place = start + (index as f64 + 0.5) * step - 0.5;
            let before = place.floor();
            let own = catmull_rom(place - before);
            // Saturating; what is far outside reads the edge.
            let at = before as i64 - 1;
            let from = at.clamp(0, last - 3);
            let mut held = [0; 4];
            for (k, weight) in (0..).zip(own) {
                // Inside the four from `from`, since those end where the axis does.
                held[((at + k).clamp(0, last) - from).clamp(0, 3) as usize] += weight;
            }
            first.push(from as u32);
            weights.push(held);
        }
        Self { first, weights }
    }
}

/// Weights for a place `t` (0–1) between the middle two of four samples.
fn catmull_rom(t: f64) -> [i16; 4] {
    let one = f64::from(1 << WEIGHT_BITS);
    let (t2, t3) = (t * t, t * t * t);
    let exact = [
        (-t3 + 2.0 * t2 - t) / 2.0,
        (3.0 * t3 - 5.0 * t2 + 2.0) / 2.0,
        (-3.0 * t3 + 4.0 * t2 + t) / 2.0,
        (t3 - t2) / 2.0,
    ];
    let mut weights = exact.map(|weight| (weight * one + 0.5).floor() as i16);
    // What rounding adds or takes goes to the nearer of the middle two.
    let rest = (1 << WEIGHT_BITS) - weights.iter().map(|weight| i32::from(*weight)).sum::<i32>();
    weights[if t < 0.5 { 1 } else { 2 }] += rest as i16;
    weights
}

/// The part of a plane of `size` samples that begins at `part` (left, top) and is `part` (width, height)
/// samples large, at `columns` × `rows` samples, each row handed to `put`. `false`, and nothing is done,
/// when the plane is too small or the part too large for it ([`LARGEST_STEP`]).
pub fn stretch(
    source: Plane<'_>,
    size: (usize, usize),
    [left, top, width, height]: [f64; 4],
    (columns, rows): (usize, usize),
    mut row_of: impl FnMut(usize, &mut dyn FnMut(&mut [u8])),
) -> bool {
    // Written so that no number (NaN) is refused too.
    let is_near = width / columns as f64 <= LARGEST_STEP && height / rows as f64 <= LARGEST_STEP;
    let fits = size.0 >= 4 && size.1 >= 4 && columns > 0 && rows > 0 && is_near;
    let holds = source.stride >= size.0 && source.data.len() >= source.stride * (size.1 - 1) + size.0;
    if !fits || !holds {
        return false;
    }
    let across = Across::new(&Taps::new(columns, left, width, size.0));
    let down = Taps::new(rows, top, height, size.1);
    let seen = across.first..across.end;
    // The loads of the pass across reach beyond the last sample.
    let mut middle = vec![0_i16; seen.len() + 2 * BLOCK];
    for (y, (first, weights)) in down.first.iter().zip(&down.weights).enumerate() {
        let lines: [&[u8]; 4] = std::array::from_fn(|k| {
            let start = (*first as usize + k) * source.stride;
            &source.data[start + seen.start..start + seen.end]
        });
        super::simd::down_row(&mut middle[..seen.len()], lines, *weights);
        row_of(y, &mut |row| across.run(&middle, &mut row[..columns]));
    }
    true
}

/// Samples that are read together and how each result of a block is made of them.
struct Across {
    taps: Taps,
    /// First column of the source that is read, and one past the last.
    first: usize,
    end: usize,
    blocks: Vec<Block>,
}

/// Eight results in two halves of four.
#[derive(Clone)]
struct Block {
    /// Where the eight samples of each half begin, counted from the first that is read.
    base: [u32; 2],
    /// Bytes of those samples that hold the first two taps of each result.
    pairs: [u8; 32],
    /// Weights of the first two taps, and of the last two.
    weights: [[i16; 16]; 2],
}

impl Across {
    fn new(taps: &Taps) -> Self {
        let first = taps.first.first().map_or(0, |column| *column as usize);
        let end = taps.first.last().map_or(0, |column| *column as usize + 4);
        let relative = Taps {
            first: taps.first.iter().map(|column| column - first as u32).collect(),
            weights: taps.weights.clone(),
        };
        let count = relative.first.len();
        let blocks = (0..count).step_by(BLOCK).map(|start| Block::new(&relative, start, count)).collect();
        Self { taps: relative, first, end, blocks }
    }

    fn run(&self, middle: &[i16], row: &mut [u8]) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the one feature it needs has just been found.
            return unsafe { self.run_with_avx2(middle, row) };
        }
        self.run_plainly(middle, row);
    }

    /// The definition.
    fn run_plainly(&self, middle: &[i16], row: &mut [u8]) {
        const SHIFT: u32 = WEIGHT_BITS + MIDDLE_BITS;
        for ((result, first), weights) in row.iter_mut().zip(&self.taps.first).zip(&self.taps.weights) {
            let samples = &middle[*first as usize..][..4];
            let sum: i32 = samples.iter().zip(weights).map(|(s, w)| i32::from(*s) * i32::from(*w)).sum();
            *result = ((sum + (1 << (SHIFT - 1))) >> SHIFT).clamp(0, 255) as u8;
        }
    }

    /// Eight results at a time. Sums of products of the same integers: the same bytes.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn run_with_avx2(&self, middle: &[i16], row: &mut [u8]) {
        let (eights, rest) = row.as_chunks_mut::<BLOCK>();
        for (block, results) in self.blocks.iter().zip(eights.iter_mut()) {
            *results = block.eight(middle);
        }
        if let Some(block) = self.blocks.get(eights.len()) {
            let last = block.eight(middle);
            rest.iter_mut().zip(last).for_each(|(result, value)| *result = value);
        }
    }
}

impl Block {
    /// Its results, of samples from the first column that is read.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    #[inline]
    fn eight(&self, middle: &[i16]) -> [u8; BLOCK] {
        use std::arch::x86_64::*;
        let half = _mm256_set1_epi32(1 << (WEIGHT_BITS + MIDDLE_BITS - 1));
        let low = &middle[self.base[0] as usize..][..8];
        let high = &middle[self.base[1] as usize..][..8];
        // SAFETY: both slices hold sixteen bytes, the arrays thirty-two; none needs to be aligned.
        let (samples, pairs, first, second) = unsafe {
            let low = _mm_loadu_si128(low.as_ptr().cast());
            let high = _mm_loadu_si128(high.as_ptr().cast());
            (
                _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1),
                _mm256_loadu_si256(self.pairs.as_ptr().cast()),
                _mm256_loadu_si256(self.weights[0].as_ptr().cast()),
                _mm256_loadu_si256(self.weights[1].as_ptr().cast()),
            )
        };
        let left = _mm256_madd_epi16(_mm256_shuffle_epi8(samples, pairs), first);
        // The last two taps are two samples, four bytes, further on.
        let pairs = _mm256_add_epi8(pairs, _mm256_set1_epi8(4));
        let right = _mm256_madd_epi16(_mm256_shuffle_epi8(samples, pairs), second);
        let sums = _mm256_add_epi32(_mm256_add_epi32(left, right), half);
        let values = _mm256_srai_epi32(sums, (WEIGHT_BITS + MIDDLE_BITS) as i32);
        let bytes = _mm256_packus_epi16(_mm256_packs_epi32(values, values), values);
        // Four results in each half, at its start.
        let quads = [_mm256_extract_epi32(bytes, 0), _mm256_extract_epi32(bytes, 4)];
        let eight = u64::from(quads[0] as u32) | u64::from(quads[1] as u32) << 32;
        eight.to_le_bytes()
    }

    /// The block of the results from `start`; those beyond the last are made like it.
    fn new(taps: &Taps, start: usize, count: usize) -> Self {
        let mut block = Self { base: [0; 2], pairs: [0; 32], weights: [[0; 16]; 2] };
        for half in 0..2 {
            let base = taps.first[(start + 4 * half).min(count - 1)];
            block.base[half] = base;
            for k in 0..4 {
                let result = (start + 4 * half + k).min(count - 1);
                // At most four: neighbours are at most `LARGEST_STEP` apart.
                let offset = (taps.first[result] - base) as u8;
                for byte in 0..4 {
                    block.pairs[16 * half + 4 * k + usize::from(byte)] = 2 * offset + byte;
                }
                let [a, b, c, d] = taps.weights[result];
                let at = 8 * half + 2 * k;
                block.weights[0][at..at + 2].copy_from_slice(&[a, b]);
                block.weights[1][at..at + 2].copy_from_slice(&[c, d]);
            }
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(count: usize) -> Vec<u8> {
        let mut state = 1_u32;
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(count)
        .collect()
    }

    fn stretched(source: &[u8], size: (usize, usize), part: [f64; 4], target: (usize, usize)) -> Vec<u8> {
        let mut pixels = vec![0; target.0 * target.1];
        let plane = Plane { data: source, stride: size.0 };
        let done =
            stretch(plane, size, part, target, |y, fill| fill(&mut pixels[y * target.0..][..target.0]));
        assert!(done);
        pixels
    }

    #[test]
    fn the_whole_at_its_own_size_is_itself() {
        let source = noise(40 * 30);
        assert_eq!(stretched(&source, (40, 30), [0.0, 0.0, 40.0, 30.0], (40, 30)), source);
        let inside: Vec<u8> = (5..15).flat_map(|y| source[y * 40 + 7..][..11].to_vec()).collect();
        assert_eq!(stretched(&source, (40, 30), [7.0, 5.0, 11.0, 10.0], (11, 10)), inside);
    }

    #[test]
    fn all_ways_give_the_definition() {
        let source = noise(61 * 43);
        let (size, part, target) = ((61, 43), [0.3, 1.7, 60.1, 40.9], (53, 71));
        let found = stretched(&source, size, part, target);
        let kernel = |t: f64| match t.abs() {
            t if t < 1.0 => 1.5 * t * t * t - 2.5 * t * t + 1.0,
            t if t < 2.0 => -0.5 * t * t * t + 2.5 * t * t - 4.0 * t + 2.0,
            _ => 0.0,
        };
        for (y, row) in found.chunks_exact(target.0).enumerate() {
            let v = part[1] + (y as f64 + 0.5) * part[3] / target.1 as f64 - 0.5;
            for (x, value) in row.iter().enumerate() {
                let u = part[0] + (x as f64 + 0.5) * part[2] / target.0 as f64 - 0.5;
                let mut sum = 0.0;
                for line in -3..46_i64 {
                    for column in -3..64_i64 {
                        let held = (line.clamp(0, 42) as usize, column.clamp(0, 60) as usize);
                        let weight = kernel(u - column as f64) * kernel(v - line as f64);
                        sum += weight * f64::from(source[held.0 * 61 + held.1]);
                    }
                }
                assert!((f64::from(*value) - sum.clamp(0.0, 255.0)).abs() < 0.6, "{x},{y}: {value} {sum}");
            }
        }
        let across = Across::new(&Taps::new(target.0, part[0], part[2], size.0));
        let middle: Vec<i16> = noise(96).iter().map(|byte| i16::from(*byte) * 64).collect();
        let (mut plain, mut quick) = (vec![0; target.0], vec![0; target.0]);
        across.run_plainly(&middle, &mut plain);
        across.run(&middle, &mut quick);
        assert_eq!(plain, quick);
    }

    #[test]
    fn what_does_not_fit_is_left_alone() {
        let source = noise(64);
        let plane = Plane { data: &source, stride: 8 };
        let mut untouched = |_: usize, _: &mut dyn FnMut(&mut [u8])| panic!("a row was made");
        assert!(!stretch(plane, (8, 8), [0.0, 0.0, 8.0, 8.0], (4, 4), &mut untouched));
        assert!(!stretch(plane, (8, 9), [0.0, 0.0, 8.0, 8.0], (8, 8), &mut untouched));
        assert!(!stretch(plane, (3, 8), [0.0, 0.0, 3.0, 8.0], (8, 8), &mut untouched));
        assert!(!stretch(plane, (8, 8), [0.0, 0.0, f64::NAN, 8.0], (8, 8), &mut untouched));
    }
}
