//! Drawing a picture through a projection.

use std::sync::OnceLock;

use rayon::prelude::*;

use super::blend::Rows;
use super::pixmap::Pixmap;
use super::projection::Projection;
use super::rect::PixelRect;
use super::simd::row_kernel;

/// Places between two pixels that are told apart.
pub(crate) const PHASES: usize = 256;
/// Bits after the point in the weights of a phase.
const WEIGHT_BITS: u32 = 12;
/// Largest number of samples taken across one pixel of the result, and down.
pub(crate) const MAX_SAMPLES: u32 = 4;

/// `source` seen through `target_from_source`, which maps its pixels' plane (first pixel at 0–1) to
/// that of the canvas. The result holds the pixels of `canvas` that anything lands on, and the place
/// of its first one; `None` when nothing does.
///
/// Each pixel of the result is looked up at its middle, with Catmull-Rom weights over 4 × 4 pixels of
/// the source (places rounded to 1/256 pixel, weights to 1/4096, results to the nearest). Beyond its edges
/// the source's last pixels go on, and count with the share by which a pixel of the source around the
/// place is inside: edges come out smooth, without ringing. Where the picture shrinks, n × n places per pixel are
/// looked up and averaged, n being the shrinking factor rounded to the nearest, at most 4: a source
/// that shrinks more should be scaled first.
pub fn project(
    source: &Pixmap,
    target_from_source: Projection,
    canvas: PixelRect,
    rows: Rows,
) -> Option<(Pixmap, i32, i32)> {
    let (width, height) = (f64::from(source.width()), f64::from(source.height()));
    let rect = reach(target_from_source, [0.0, 0.0, width, height], canvas);
    if rect.is_empty() {
        return None;
    }
    if let Some((dx, dy)) = whole_move(target_from_source) {
        return Some(copied(source, dx, dy, rect));
    }
    let source_from_target = target_from_source.inverse()?;
    let shrink = target_from_source.factors([0.0, 0.0, width, height]).map_or(1.0, |(least, _)| 1.0 / least);
    let samples = ((shrink + 0.5).floor() as u32).clamp(1, MAX_SAMPLES);
    let weights = weights();
    let row_bytes = rect.width() as usize * 4;
    let mut pixels = vec![0; row_bytes * rect.height() as usize];
    let line = Line { source, back: source_from_target, samples, weights };
    match rows {
        Rows::Serial => {
            let mut places = Places::new(rect.width() as usize);
            for (y, row) in (rect.y0..).zip(pixels.chunks_exact_mut(row_bytes)) {
                line.draw(rect.x0, y, row, &mut places);
            }
        }
        Rows::Parallel => {
            let draw_row = |places: &mut Places, (y, row): (usize, &mut [u8])| {
                line.draw(rect.x0, rect.y0 + y as i32, row, places);
            };
            let places = || Places::new(rect.width() as usize);
            pixels.par_chunks_exact_mut(row_bytes).enumerate().for_each_init(places, draw_row);
        }
    }
    Pixmap::from_premultiplied(rect.width(), rect.height(), pixels).map(|map| (map, rect.x0, rect.y0))
}

/// How many whole pixels it moves by, when that is all it does to places in 1/256 of a pixel.
pub(crate) fn whole_move(projection: Projection) -> Option<(i32, i32)> {
    let (dx, dy) = projection.as_move()?;
    let whole = |value: f64| {
        let fixed = (value.clamp(-1e6, 1e6) * PHASES as f64 + 0.5).floor() as i32;
        (fixed % PHASES as i32 == 0).then_some(fixed / PHASES as i32)
    };
    Some((whole(dx)?, whole(dy)?))
}

/// The pixels of `source` that lie on `rect` when it is moved.
fn copied(source: &Pixmap, dx: i32, dy: i32, rect: PixelRect) -> (Pixmap, i32, i32) {
    let rect = rect.intersection(PixelRect::at(dx, dy, source.width(), source.height()));
    let mut pixels = Vec::with_capacity(rect.area() as usize * 4);
    for y in rect.y0..rect.y1 {
        let row = source.row((y - dy) as u32);
        pixels.extend_from_slice(&row[(rect.x0 - dx) as usize * 4..(rect.x1 - dx) as usize * 4]);
    }
    let copy = Pixmap::from_premultiplied(rect.width(), rect.height(), pixels);
    (copy.unwrap_or_else(|| Pixmap::transparent(0, 0)), rect.x0, rect.y0)
}

/// The pixels of `canvas` that the projection of `rect` (left, top, right, bottom) can touch, with one
/// pixel around it for soft edges.
pub fn reach(projection: Projection, rect: [f64; 4], canvas: PixelRect) -> PixelRect {
    let [left, top, right, bottom] = rect;
    let corners = [(left, top), (right, top), (left, bottom), (right, bottom)];
    let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for (x, y) in corners {
        // Part of it is behind the viewer: what is in front may be anywhere.
        let Some((x, y)) = projection.point(x, y) else { return canvas };
        bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
    }
    // Saturating, and no number becomes zero.
    let touched = PixelRect {
        x0: (bounds[0] - 1.0).floor() as i32,
        y0: (bounds[1] - 1.0).floor() as i32,
        x1: (bounds[2] + 1.0).ceil() as i32,
        y1: (bounds[3] + 1.0).ceil() as i32,
    };
    touched.intersection(canvas)
}

/// What the rows of one drawing share.
struct Line<'a> {
    source: &'a Pixmap,
    back: Projection,
    samples: u32,
    weights: &'a Weights,
}

/// Where the pixels of a row are looked up, and what is found there: used again from row to row.
struct Places {
    /// In 1/256 of a pixel of the source.
    across: Vec<i32>,
    down: Vec<i32>,
    found: Vec<[u8; 4]>,
    sums: Vec<[u32; 4]>,
}

impl Places {
    fn new(columns: usize) -> Self {
        let (across, down) = (vec![0; columns], vec![0; columns]);
        Self { across, down, found: vec![[0; 4]; columns], sums: vec![[0; 4]; columns] }
    }
}

/// Pixels from the origin beyond which nothing is told apart: far more than a picture has, and few enough
/// that their 256ths can be counted.
const FURTHEST: f64 = 4e6;
const UNIT: i32 = PHASES as i32;

row_kernel! {
    /// The places of points of a row, `x` being its first pixel's left edge and (`x + right`, `y`) its first point.
    /// What lies behind the viewer is beyond every edge.
    places_row(across: &mut [i32], down: &mut [i32], back: &Projection, x: f64, right: f64, y: f64) {
        let [first, second, third] = back.0;
        let along = |row: [f64; 3], x: f64| row[0] * x + row[1] * y + row[2];
        if third == [0.0, 0.0, 1.0] {
            // Not tilted: everything is as near as anything else.
            for (column, (across, down)) in across.iter_mut().zip(down).enumerate() {
                let x = x + column as i32 as f64 + right;
                *across = fixed(along(first, x));
                *down = fixed(along(second, x));
            }
            return;
        }
        for (column, (across, down)) in across.iter_mut().zip(down).enumerate() {
            let x = x + column as i32 as f64 + right;
            let w = along(third, x);
            let seen = |value: f64| if w > 0.0 { value / w } else { -FURTHEST };
            *across = fixed(seen(along(first, x)));
            *down = fixed(seen(along(second, x)));
        }
    }
}

/// In 1/256, rounded to the nearest.
#[inline(always)]
fn fixed(value: f64) -> i32 {
    // Written so that no number becomes a number.
    let value = if value > -FURTHEST { value } else { -FURTHEST };
    let value = if value < FURTHEST { value } else { FURTHEST };
    let rounded = (value * PHASES as f64 + 0.5).floor();
    // SAFETY: at most 4 000 000 · 256 in size.
    unsafe { rounded.to_int_unchecked() }
}

impl Line<'_> {
    /// Fills a row of the result, whose first pixel is `x`, `y`.
    fn draw(&self, x: i32, y: i32, row: &mut [u8], places: &mut Places) {
        let pixels = row.as_chunks_mut::<4>().0;
        let n = self.samples;
        let place = |k: u32| (f64::from(k) + 0.5) * (1.0 / f64::from(n));
        let Places { across, down, found, sums } = places;
        let mut look = |right: u32, below: u32, found: &mut [[u8; 4]]| {
            places_row(across, down, &self.back, x.into(), place(right), f64::from(y) + place(below));
            look_row(found, self.source, self.weights, across, down);
        };
        if n == 1 {
            return look(0, 0, pixels);
        }
        sums.fill([0; 4]);
        for (below, right) in (0..n).flat_map(|below| (0..n).map(move |right| (below, right))) {
            look(right, below, found);
            add_row(sums, found);
        }
        let count = n * n;
        for (pixel, sums) in pixels.iter_mut().zip(sums) {
            *pixel = sums.map(|sum| ((sum + count / 2) / count) as u8);
        }
    }
}

row_kernel! {
    add_row(sums: &mut [[u32; 4]], found: &[[u8; 4]]) {
        for (sums, found) in sums.as_flattened_mut().iter_mut().zip(found.as_flattened()) {
            *sums += u32::from(*found);
        }
    }
}

/// The source at each place, clear outside it: as AVX2 code where the machine has it. Integers give the same
/// bytes in both.
fn look_row(found: &mut [[u8; 4]], source: &Pixmap, weights: &Weights, across: &[i32], down: &[i32]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the one feature it needs has just been found.
        return unsafe { wide::look_row(found, source, weights, across, down) };
    }
    for ((found, u), v) in found.iter_mut().zip(across).zip(down) {
        *found = look(source, weights, *u, *v);
    }
}

/// The source at a place.
fn look(source: &Pixmap, weights: &Weights, u: i32, v: i32) -> [u8; 4] {
    // At most 16 384 pixels on a side.
    let (width, height) = (source.width() as i32, source.height() as i32);
    // How much of a pixel around the place is inside, across and down.
    let inside = |at: i32, length: i32| (at + UNIT / 2).min(length * UNIT - at + UNIT / 2).clamp(0, UNIT);
    let cover = inside(u, width) * inside(v, height);
    if cover == 0 {
        return [0; 4];
    }
    let (u, v) = (u - UNIT / 2, v - UNIT / 2);
    let (x, y) = (u.div_euclid(UNIT), v.div_euclid(UNIT));
    let across = &weights.across[u.rem_euclid(UNIT) as usize];
    let down = &weights.down[v.rem_euclid(UNIT) as usize];
    let (stride, pixels) = (width as usize * 4, source.pixels());
    let mut columns = [0_i32; 16];
    for (line, weight) in (y - 1..).zip(down) {
        let line = line.clamp(0, height - 1) as usize * stride;
        for (column, sums) in (x - 1..).zip(columns.chunks_exact_mut(4)) {
            let start = line + column.clamp(0, width - 1) as usize * 4;
            for (sum, channel) in sums.iter_mut().zip(&pixels[start..start + 4]) {
                *sum += i32::from(*channel) * weight;
            }
        }
    }
    // First down, then across. Eight bits of the fraction stay: sums of four columns remain below 2³¹.
    for (sum, weight) in columns.iter_mut().zip(across) {
        *sum = (*sum >> 4) * weight;
    }
    std::array::from_fn(|c| {
        let sum = columns[c] + columns[c + 4] + columns[c + 8] + columns[c + 12];
        let found = ((sum + HALF) >> SUM_BITS).clamp(0, 255);
        if cover == UNIT * UNIT { found as u8 } else { ((found * cover + 32_768) >> 16) as u8 }
    })
}

/// Bits after the point in the sum of a place's pixels.
const SUM_BITS: u32 = 2 * WEIGHT_BITS - 4;
const HALF: i32 = 1 << (SUM_BITS - 1);

/// [`look_row`] where the machine has AVX2.
#[cfg(target_arch = "x86_64")]
mod wide {
    use std::arch::x86_64::*;

    use super::*;

    #[target_feature(enable = "avx2")]
    pub(super) fn look_row(
        found: &mut [[u8; 4]],
        source: &Pixmap,
        weights: &Weights,
        across: &[i32],
        down: &[i32],
    ) {
        let pixels = source.pixels();
        let (width, height) = (source.width() as i32, source.height() as i32);
        let stride = width as usize * 4;
        // Places around which all sixteen pixels are there begin at one pixel and a half.
        let first = UNIT + UNIT / 2;
        let (columns, rows) = (((width - 3) * UNIT).max(0) as u32, ((height - 3) * UNIT).max(0) as u32);
        for ((found, u), v) in found.iter_mut().zip(across).zip(down) {
            let (inner_u, inner_v) = ((*u).wrapping_sub(first) as u32, (*v).wrapping_sub(first) as u32);
            if inner_u >= columns || inner_v >= rows {
                *found = look(source, weights, *u, *v);
                continue;
            }
            let (x, y) = ((inner_u / PHASES as u32) as usize, (inner_v / PHASES as u32) as usize);
            let across = &weights.across[inner_u as usize % PHASES];
            let [upper, lower] = weights.pairs[inner_v as usize % PHASES];
            let start = y * stride + x * 4;
            // SAFETY: `x` is below the width less three and `y` below the height less three, so that four
            // pixels in four rows from there are in the picture.
            let taps = [0, 1, 2, 3]
                .map(|row| unsafe { _mm_loadu_si128(pixels.as_ptr().add(start + row * stride).cast()) });
            *found = sums(taps, [upper, lower], across).to_le_bytes();
        }
    }

    /// Four pixels in each of four rows, first down, then across.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn sums(taps: [__m128i; 4], down: [i32; 2], across: &[i32; 16]) -> u32 {
        // Two rows at a time, their bytes side by side.
        let pair = |a, b, weights| {
            let weights = _mm256_set1_epi32(weights);
            (
                _mm256_madd_epi16(_mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b)), weights),
                _mm256_madd_epi16(_mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b)), weights),
            )
        };
        let upper = pair(taps[0], taps[1], down[0]);
        let lower = pair(taps[2], taps[3], down[1]);
        let (left, right) = (_mm256_add_epi32(upper.0, lower.0), _mm256_add_epi32(upper.1, lower.1));
        // SAFETY: the array has sixteen numbers, eight for each, and need not be aligned.
        let (first, second) = unsafe {
            let weights = across.as_ptr();
            (_mm256_loadu_si256(weights.cast()), _mm256_loadu_si256(weights.add(8).cast()))
        };
        let left = _mm256_mullo_epi32(_mm256_srai_epi32(left, 4), first);
        let right = _mm256_mullo_epi32(_mm256_srai_epi32(right, 4), second);
        let both = _mm256_add_epi32(left, right);
        let sums = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
        let found = _mm_srai_epi32(_mm_add_epi32(sums, _mm_set1_epi32(HALF)), SUM_BITS as i32);
        let found = _mm_packus_epi16(_mm_packs_epi32(found, found), found);
        _mm_cvtsi128_si32(found) as u32
    }
}

/// Weights for each place between two pixels.
struct Weights {
    down: [[i32; 4]; PHASES],
    /// The same, two and two in the halves of a number.
    #[cfg(target_arch = "x86_64")]
    pairs: [[i32; 2]; PHASES],
    /// The same, once for each channel.
    across: [[i32; 16]; PHASES],
}

fn weights() -> &'static Weights {
    static WEIGHTS: OnceLock<Box<Weights>> = OnceLock::new();
    WEIGHTS.get_or_init(|| {
        let down = phase_weights();
        Box::new(Weights {
            down,
            #[cfg(target_arch = "x86_64")]
            pairs: down.map(|[a, b, c, d]| [[a, b], [c, d]].map(|[a, b]| (a & 0xffff) | (b << 16))),
            across: down.map(|weights| std::array::from_fn(|k| weights[k / 4])),
        })
    })
}

/// Catmull-Rom weights of the four nearest pixels for each place between two, summing to 4096.
pub(crate) fn phase_weights() -> [[i32; 4]; PHASES] {
    std::array::from_fn(|phase| {
        let t = phase as i64;
        let p = PHASES as i64;
        // The polynomials over t/p, times 2·p³.
        let exact = [
            -t * t * t + 2 * t * t * p - t * p * p,
            3 * t * t * t - 5 * t * t * p + 2 * p * p * p,
            -3 * t * t * t + 4 * t * t * p + t * p * p,
            t * t * t - t * t * p,
        ];
        let unit = 2 * p * p * p;
        let rounded = exact.map(|value| (2 * (value << WEIGHT_BITS) + unit).div_euclid(2 * unit) as i32);
        // What rounding adds or takes goes to the nearer of the middle two.
        let rest = (1 << WEIGHT_BITS) - rounded.iter().sum::<i32>();
        let mut weights = rounded;
        weights[if 2 * t < p { 1 } else { 2 }] += rest;
        weights
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANVAS: PixelRect = PixelRect { x0: 0, y0: 0, x1: 40, y1: 30 };

    fn noise(width: u32, height: u32) -> Pixmap {
        let mut state = 1_u32;
        let bytes = (0..width * height * 4).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        Pixmap::from_straight(width, height, bytes.collect()).unwrap()
    }

    #[test]
    fn whole_moves_copy() {
        let source = noise(9, 7);
        let (drawn, x, y) = project(&source, Projection::moved(4.0, 3.0), CANVAS, Rows::Serial).unwrap();
        let at = |column: i32, row: i32| {
            let start = ((row - y) as usize * drawn.width() as usize + (column - x) as usize) * 4;
            &drawn.pixels()[start..start + 4]
        };
        for row in 0..7 {
            for column in 0..9 {
                let from = &source.row(row as u32)[column as usize * 4..][..4];
                assert_eq!(at(column + 4, row + 3), from);
            }
        }
        assert_eq!((x, y, drawn.width(), drawn.height()), (4, 3, 9, 7));
    }

    #[test]
    fn half_a_pixel_halves_the_edge() {
        let source = Pixmap::from_straight(8, 8, vec![255; 8 * 8 * 4]).unwrap();
        let (drawn, x, y) = project(&source, Projection::moved(4.5, 4.0), CANVAS, Rows::Serial).unwrap();
        let alpha: Vec<_> =
            (3..14).map(|column| drawn.row((8 - y) as u32)[(column - x) as usize * 4 + 3]).collect();
        assert_eq!(alpha, [0, 128, 255, 255, 255, 255, 255, 255, 255, 128, 0]);
    }

    #[test]
    fn a_projection_agrees_with_the_definition() {
        let source = noise(12, 10);
        let map = Projection::moved(-6.0, -5.0)
            .then(Projection::scaled(1.4, 1.2))
            .then(Projection::turned(0.5, -0.3, 0.4, 60.0))
            .then(Projection::moved(20.0, 15.0));
        let back = map.inverse().unwrap();
        let (drawn, x0, y0) = project(&source, map, CANVAS, Rows::Parallel).unwrap();
        let kernel = |t: f64| match t.abs() {
            t if t < 1.0 => 1.5 * t * t * t - 2.5 * t * t + 1.0,
            t if t < 2.0 => -0.5 * t * t * t + 2.5 * t * t - 4.0 * t + 2.0,
            _ => 0.0,
        };
        for y in 0..drawn.height() {
            for x in 0..drawn.width() {
                let center = (f64::from(x0) + f64::from(x) + 0.5, f64::from(y0) + f64::from(y) + 0.5);
                let Some((u, v)) = back.point(center.0, center.1) else { continue };
                // Alpha alone: colours are also limited by it.
                let mut sum = 0.0;
                for row in -4..14_i32 {
                    for column in -4..16_i32 {
                        let weight = kernel(u - 0.5 - f64::from(column)) * kernel(v - 0.5 - f64::from(row));
                        let held = (row.clamp(0, 9) as u32, column.clamp(0, 11) as usize);
                        sum += weight * f64::from(source.row(held.0)[held.1 * 4 + 3]);
                    }
                }
                let inside = |at: f64, length: f64| (at + 0.5).min(length - at + 0.5).clamp(0.0, 1.0);
                let exact = sum.clamp(0.0, 255.0) * inside(u, 12.0) * inside(v, 10.0);
                let found = f64::from(drawn.row(y)[x as usize * 4 + 3]);
                assert!((found - exact).abs() < 2.5, "{x},{y}: {found} for {exact}");
            }
        }
    }

    #[test]
    fn all_ways_give_the_same_bytes() {
        let source = noise(40, 30);
        let weights = weights();
        let place = |n: i32| (n * 7919) % (60 * UNIT) - 10 * UNIT;
        let (across, down): (Vec<_>, Vec<_>) = (0..5000).map(|n| (place(n), place(n / 3 + 11))).unzip();
        let mut found = vec![[0; 4]; across.len()];
        look_row(&mut found, &source, weights, &across, &down);
        for (found, (u, v)) in found.into_iter().zip(across.into_iter().zip(down)) {
            assert_eq!(found, look(&source, weights, u, v), "{u} {v}");
        }
    }

    #[test]
    fn shrinking_averages() {
        // Stripes one pixel wide become grey, not one of the two.
        let row: Vec<u8> = (0..32).flat_map(|x| if x % 2 == 0 { [255; 4] } else { [0, 0, 0, 255] }).collect();
        let source = Pixmap::from_straight(32, 32, row.repeat(32)).unwrap();
        let (drawn, x, y) = project(&source, Projection::scaled(0.5, 0.5), CANVAS, Rows::Serial).unwrap();
        let middle = drawn.row((8 - y) as u32)[(8 - x) as usize * 4];
        assert!((120..=136).contains(&middle), "{middle}");
    }

    #[test]
    fn what_is_behind_or_beside_is_not_drawn() {
        let source = noise(4, 4);
        assert!(project(&source, Projection::moved(100.0, 0.0), CANVAS, Rows::Serial).is_none());
        assert!(project(&source, Projection::scaled(0.0, 1.0), CANVAS, Rows::Serial).is_none());
        let away = Projection::turned(0.0, 3.1, 0.0, 1.0);
        assert!(project(&source, away, CANVAS, Rows::Serial).is_none_or(|(map, ..)| map.width() <= 40));
    }
}
