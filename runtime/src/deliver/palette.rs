//! A palette for all frames of a film, and the nearest of its colours.
//!
//! Colours are counted in bins of four code values a side, each with the exact mean of what fell into
//! it. Starting from one box around all, the box whose colours differ most is cut where the two parts
//! differ least, until there are as many as the palette has colours; then every colour moves to the mean
//! of those that are nearest to it, a few times. A film of few colours keeps each exactly.

/// Bits of a channel that name its bin.
const BIN_BITS: u32 = 6;
const BINS: usize = 1 << (3 * BIN_BITS);

/// Rounds in which colours move to the mean of those nearest to them.
const ROUNDS: usize = 4;

/// What a difference in red, green and blue counts: about how much of it is seen.
const WEIGHTS: [f32; 3] = [2.0, 4.0, 3.0];

/// Counts the colours of a film.
pub struct Histogram {
    bins: Vec<Bin>,
}

#[derive(Clone, Copy, Default)]
struct Bin {
    count: u64,
    sum: [u64; 3],
}

/// A colour and how much it matters.
#[derive(Clone, Copy)]
struct Point {
    color: [f32; 3],
    weight: f32,
}

/// The colours of a palette.
pub struct Palette {
    colors: Vec<[u8; 3]>,
    /// Of each bin that was asked for, the colours that can be nearest to one in it.
    near: Vec<Option<Box<[u8]>>>,
}

impl Histogram {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Self { bins: vec![Bin::default(); BINS] }
    }

    /// Counts one pixel of a frame.
    pub fn add(&mut self, color: [u8; 3]) {
        let bin = &mut self.bins[bin_of(color)];
        bin.count += 1;
        bin.sum.iter_mut().zip(color).for_each(|(sum, channel)| *sum += u64::from(channel));
    }

    /// The palette of at most `size` colours, 1–256.
    pub fn palette(&self, size: usize) -> Palette {
        let points: Vec<Point> = self
            .bins
            .iter()
            .filter(|bin| bin.count > 0)
            .map(|bin| Point {
                color: bin.sum.map(|sum| (sum as f64 / bin.count as f64) as f32),
                // By its root, so that a small title keeps its colours before a large sky.
                weight: (bin.count as f64).sqrt() as f32,
            })
            .collect();
        let mut colors = boxes(points.clone(), size.clamp(1, 256));
        for _ in 0..ROUNDS {
            move_to_means(&points, &mut colors);
        }
        let rounded = |channel: f32| (channel + 0.5) as u8;
        let mut colors: Vec<[u8; 3]> = colors.into_iter().map(|color| color.map(rounded)).collect();
        colors.sort_unstable();
        colors.dedup();
        if colors.is_empty() {
            colors.push([0; 3]);
        }
        Palette { colors, near: vec![None; BINS] }
    }
}

impl Palette {
    /// The colours.
    pub fn colors(&self) -> &[[u8; 3]] {
        &self.colors
    }

    /// How far a colour is from the nearest other one in the mean, in code values of a channel.
    pub fn spacing(&self) -> f32 {
        let way = |a: &[u8; 3], b: &[u8; 3]| {
            let squares = (0..3).map(|i| (f32::from(a[i]) - f32::from(b[i])).powi(2));
            squares.sum::<f32>()
        };
        let nearest = |(at, color): (usize, &[u8; 3])| {
            let others = self.colors.iter().enumerate().filter(|(other, _)| *other != at);
            let nearest = others.map(|(_, other)| way(color, other)).fold(f32::MAX, f32::min);
            if nearest == f32::MAX { 0.0 } else { (nearest / 3.0).sqrt() }
        };
        self.colors.iter().enumerate().map(nearest).sum::<f32>() / self.colors.len() as f32
    }

    /// The nearest colour's index.
    pub fn nearest(&mut self, color: [u8; 3]) -> u8 {
        let Self { colors, near } = self;
        let bin = bin_of(color);
        let near = near[bin].get_or_insert_with(|| candidates(colors, bin));
        let point = color.map(f32::from);
        let mut best = (f32::MAX, 0);
        for &index in near.iter() {
            let found = distance(point, colors[usize::from(index)].map(f32::from));
            if found < best.0 {
                best = (found, index);
            }
        }
        best.1
    }
}

fn bin_of([r, g, b]: [u8; 3]) -> usize {
    let part = |channel: u8| usize::from(channel >> (8 - BIN_BITS));
    part(r) << (2 * BIN_BITS) | part(g) << BIN_BITS | part(b)
}

fn distance(a: [f32; 3], b: [f32; 3]) -> f32 {
    (0..3).map(|i| WEIGHTS[i] * (a[i] - b[i]) * (a[i] - b[i])).sum()
}

/// The colours that are nearest to some colour of a bin: none of the others can be, since they are
/// further from its middle by more than twice the way from there to a corner.
fn candidates(colors: &[[u8; 3]], bin: usize) -> Box<[u8]> {
    let side = (1 << (8 - BIN_BITS)) as f32;
    let mask = (1 << BIN_BITS) - 1;
    let parts = [bin >> (2 * BIN_BITS), bin >> BIN_BITS & mask, bin & mask];
    let middle = parts.map(|part| part as f32 * side + (side - 1.0) / 2.0);
    let half = [(side - 1.0) / 2.0; 3];
    let reach = distance(half, [0.0; 3]).sqrt();
    let ways: Vec<f32> = colors.iter().map(|color| distance(middle, color.map(f32::from)).sqrt()).collect();
    let least = ways.iter().copied().fold(f32::MAX, f32::min);
    let is_near = |(_, way): &(usize, &f32)| **way <= least + 2.0 * reach + 0.01;
    ways.iter().enumerate().filter(is_near).map(|(index, _)| index as u8).collect()
}

/// Points that share a colour of the palette.
struct Share {
    points: Vec<Point>,
    mean: [f32; 3],
    /// Along which channel they differ most.
    axis: usize,
    /// How much they differ, summed over points and channels.
    error: f32,
}

impl Share {
    fn of(points: Vec<Point>) -> Self {
        let weight: f64 = points.iter().map(|point| f64::from(point.weight)).sum();
        let sum = |i: usize| -> f64 {
            points.iter().map(|point| f64::from(point.weight) * f64::from(point.color[i])).sum()
        };
        let mean: [f64; 3] = std::array::from_fn(|i| sum(i) / weight.max(f64::MIN_POSITIVE));
        let spread = |i: usize| -> f64 {
            let of = |point: &Point| {
                let difference = f64::from(point.color[i]) - mean[i];
                f64::from(point.weight) * difference * difference
            };
            points.iter().map(of).sum::<f64>() * f64::from(WEIGHTS[i])
        };
        let spreads: [f64; 3] = std::array::from_fn(spread);
        let axis = (0..3).max_by(|a, b| spreads[*a].total_cmp(&spreads[*b])).unwrap_or(0);
        let mean = mean.map(|channel| channel as f32);
        Self { points, mean, axis, error: spreads.iter().sum::<f64>() as f32 }
    }

    /// Cut across its axis where the two parts differ least within themselves.
    fn cut(mut self) -> (Self, Self) {
        let axis = self.axis;
        self.points.sort_by(|a, b| a.color[axis].total_cmp(&b.color[axis]));
        let terms = |point: &Point| {
            let (weight, value) = (f64::from(point.weight), f64::from(point.color[axis]));
            (weight, weight * value)
        };
        let (all_weight, all_sum) = self
            .points
            .iter()
            .map(terms)
            .fold((0.0, 0.0), |(weight, sum), (own, value)| (weight + own, sum + value));
        let (mut weight, mut sum, mut best) = (0.0, 0.0, (f64::MIN, 1));
        for (index, point) in self.points.iter().enumerate().take(self.points.len() - 1) {
            let (own, value) = terms(point);
            (weight, sum) = (weight + own, sum + value);
            // The spread between the two parts is greatest where that within them is least.
            let rest = (all_sum - sum) * (all_sum - sum) / (all_weight - weight).max(f64::MIN_POSITIVE);
            let between = sum * sum / weight.max(f64::MIN_POSITIVE) + rest;
            if between > best.0 {
                best = (between, index + 1);
            }
        }
        let later = self.points.split_off(best.1);
        (Self::of(self.points), Self::of(later))
    }
}

fn boxes(points: Vec<Point>, size: usize) -> Vec<[f32; 3]> {
    if points.is_empty() {
        return Vec::new();
    }
    let mut shares = vec![Share::of(points)];
    while shares.len() < size {
        let worst = (0..shares.len())
            .filter(|at| shares[*at].points.len() > 1)
            .max_by(|a, b| shares[*a].error.total_cmp(&shares[*b].error));
        let Some(worst) = worst else { break };
        let (first, second) = shares.swap_remove(worst).cut();
        shares.push(first);
        shares.push(second);
    }
    shares.into_iter().map(|share| share.mean).collect()
}

/// Moves every colour to the mean of the points that are nearest to it.
fn move_to_means(points: &[Point], colors: &mut [[f32; 3]]) {
    let mut sums = vec![([0.0_f64; 3], 0.0_f64); colors.len()];
    for point in points {
        let mut best = (f32::MAX, 0);
        for (index, color) in colors.iter().enumerate() {
            let found = distance(point.color, *color);
            if found < best.0 {
                best = (found, index);
            }
        }
        let (sum, weight) = &mut sums[best.1];
        let own = f64::from(point.weight);
        sum.iter_mut().zip(point.color).for_each(|(sum, channel)| *sum += own * f64::from(channel));
        *weight += own;
    }
    for (color, (sum, weight)) in colors.iter_mut().zip(sums) {
        if weight > 0.0 {
            *color = sum.map(|sum| (sum / weight) as f32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_are_kept_exactly() {
        let mut histogram = Histogram::new();
        let colors = [[1, 2, 3], [200, 100, 50], [255, 255, 255]];
        colors.iter().enumerate().for_each(|(i, color)| (0..=i * 1000).for_each(|_| histogram.add(*color)));
        let mut palette = histogram.palette(16);
        assert_eq!(palette.colors(), colors);
        assert_eq!(colors.map(|color| palette.nearest(color)), [0, 1, 2]);
        assert_eq!(Histogram::new().palette(4).colors(), [[0; 3]]);
    }

    #[test]
    fn the_nearest_is_the_nearest_of_all() {
        let mut histogram = Histogram::new();
        for at in 0..4096_u32 {
            histogram.add([(at * 7 % 256) as u8, (at * 13 % 256) as u8, (at * 29 % 256) as u8]);
        }
        let mut palette = histogram.palette(64);
        assert_eq!(palette.colors().len(), 64);
        for at in 0..1000_u32 {
            let color = [(at * 31 % 256) as u8, (at * 17 % 256) as u8, (at * 3 % 256) as u8];
            let way = |index: u8| {
                distance(color.map(f32::from), palette.colors()[usize::from(index)].map(f32::from))
            };
            let best = (0..64).map(way).fold(f32::MAX, f32::min);
            let found = palette.nearest(color);
            let way = distance(color.map(f32::from), palette.colors()[usize::from(found)].map(f32::from));
            assert_eq!(way, best, "{color:?}");
        }
    }
}
