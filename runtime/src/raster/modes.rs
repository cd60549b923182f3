//! Blend modes: a picture mixed with a frame by more than its opacity.
//!
//! The formulae are the separable ones of the W3C's compositing specification, on gamma-encoded
//! R'G'B' 0–1: with `b` what is below, `s` the picture's colour and `a` its opacity, each channel
//! becomes `b + a·(B(b, s) − b)`.

use vid_timeline::BlendMode;

use super::blend::Weight;
use super::color::ColorSpec;
use super::paint::{Lanes, byte, with_lanes};
use super::pixmap::Pixmap;
use super::planes::PlanesMut;
use super::rect::PixelRect;

/// `B(b, s)` of one channel, 0–1.
#[inline(always)]
pub fn mixed(mode: BlendMode, b: f32, s: f32) -> f32 {
    match mode {
        BlendMode::None => s,
        BlendMode::Multiply => b * s,
        BlendMode::Screen => b + s - b * s,
        BlendMode::Overlay => mixed(BlendMode::HardLight, s, b),
        BlendMode::Darken => b.min(s),
        BlendMode::Lighten => b.max(s),
        BlendMode::ColorDodge if b <= 0.0 => 0.0,
        BlendMode::ColorDodge if s >= 1.0 => 1.0,
        BlendMode::ColorDodge => (b / (1.0 - s)).min(1.0),
        BlendMode::ColorBurn if b >= 1.0 => 1.0,
        BlendMode::ColorBurn if s <= 0.0 => 0.0,
        BlendMode::ColorBurn => 1.0 - ((1.0 - b) / s).min(1.0),
        BlendMode::HardLight if s <= 0.5 => b * 2.0 * s,
        BlendMode::HardLight => mixed(BlendMode::Screen, b, 2.0 * s - 1.0),
        BlendMode::SoftLight if s <= 0.5 => b - (1.0 - 2.0 * s) * b * (1.0 - b),
        BlendMode::SoftLight => {
            let d = if b <= 0.25 { ((16.0 * b - 12.0) * b + 4.0) * b } else { b.sqrt() };
            b + (2.0 * s - 1.0) * (d - b)
        }
    }
}

/// Blends `pixmap`, its first pixel at column `x`, row `y` of the frame, at `opacity`.
///
/// Each pixel's R'G'B' is computed from its luma and its block's chroma. What the blend adds to it is
/// turned into Y'CbCr and added to the samples, chroma with the mean of the block, each rounded once to
/// the nearest: where nothing is added nothing changes.
pub fn blend_mode(
    dst: &mut PlanesMut<'_>,
    pixmap: &Pixmap,
    (x, y): (i32, i32),
    mode: BlendMode,
    opacity: Weight,
    spec: ColorSpec,
) {
    /// One loop for each mode, so that none asks which it is at every pixel.
    macro_rules! by_mode {
        ($($mode:ident),+) => {
            match mode {
                $(BlendMode::$mode => {
                    blend_with(dst, pixmap, (x, y), &|b, s| mixed(BlendMode::$mode, b, s), opacity, spec);
                })+
            }
        };
    }
    by_mode!(None, Multiply, Screen, Overlay, Darken, Lighten, ColorDodge, ColorBurn, HardLight, SoftLight);
}

/// As [`blend_mode`], with `B(b, s)` given.
pub fn blend_with(
    dst: &mut PlanesMut<'_>,
    pixmap: &Pixmap,
    (x, y): (i32, i32),
    mixed: &impl Fn(f32, f32) -> f32,
    opacity: Weight,
    spec: ColorSpec,
) {
    let frame = PixelRect::at(0, 0, dst.width(), dst.height());
    let area = PixelRect::at(x, y, pixmap.width(), pixmap.height());
    let visible = area.intersection(frame);
    if visible.is_empty() || opacity == Weight::ZERO {
        return;
    }
    let opacity = opacity.parts() as f32 / (65_536.0 * 255.0);
    with_lanes!(blend_lines, dst, (pixmap, visible, (x, y)), mixed, opacity, &Matrix::of(spec));
}

/// Two rows of pixels at a time, with the row of chroma that belongs to them.
fn blend_lines(
    lanes: impl Lanes,
    dst: &mut PlanesMut<'_>,
    (pixmap, visible, (x, y)): (&Pixmap, PixelRect, (i32, i32)),
    mixed: &impl Fn(f32, f32) -> f32,
    opacity: f32,
    matrix: &Matrix,
) {
    let blocks = visible.chroma();
    // Columns from the first block to the last, as a rectangle of whole blocks.
    let columns = 2 * blocks.width() as usize;
    let before = (visible.x0 - 2 * blocks.x0) as usize;
    let mut line = Line::new(columns);
    lanes.run(|| {
        for block_y in blocks.y0..blocks.y1 {
            let (luma_rows, [cb_row, cr_row]) = dst.line(block_y as usize);
            let part = blocks.x0 as usize..blocks.x1 as usize;
            let (cb_row, cr_row) = (&mut cb_row[part.clone()], &mut cr_row[part]);
            line.begin(matrix, cb_row, cr_row);
            for (row, luma) in luma_rows.into_iter().enumerate() {
                let at = 2 * block_y + row as i32;
                if !(visible.y0..visible.y1).contains(&at) {
                    continue;
                }
                let source = &pixmap.row((at - y) as u32)[(visible.x0 - x) as usize * 4..];
                let luma = &mut luma[visible.x0 as usize..visible.x1 as usize];
                line.blend(matrix, (row, before), luma, source.as_chunks().0, mixed, opacity);
            }
            line.finish(matrix, cb_row, cr_row);
        }
    });
}

/// What two rows of pixels have in common.
struct Line {
    /// What a pixel's Cr adds to luma for red, and its Cb for blue.
    red: Vec<f32>,
    blue: Vec<f32>,
    /// A quarter of what the blend adds to red, green and blue in each of the rows.
    added: [[Vec<f32>; 3]; 2],
}

impl Line {
    fn new(columns: usize) -> Self {
        let zeros = || vec![0.0; columns];
        Self { red: zeros(), blue: zeros(), added: [[(); 3]; 2].map(|row| row.map(|()| zeros())) }
    }

    #[inline(always)]
    fn begin(&mut self, matrix: &Matrix, cb: &[u8], cr: &[u8]) {
        let chroma = |code: u8| (f32::from(code) - 128.0) / matrix.chroma_extent;
        let (red, blue) = (2.0 * (1.0 - matrix.kr), 2.0 * (1.0 - matrix.kb));
        let pairs = self.red.as_chunks_mut::<2>().0.iter_mut().zip(self.blue.as_chunks_mut::<2>().0);
        for ((to_red, to_blue), (cb, cr)) in pairs.zip(cb.iter().zip(cr)) {
            *to_red = [red * chroma(*cr); 2];
            *to_blue = [blue * chroma(*cb); 2];
        }
        self.added.iter_mut().flatten().for_each(|added| added.fill(0.0));
    }

    /// Row 0 or 1, its first pixel being number `before`.
    #[inline(always)]
    fn blend(
        &mut self,
        matrix: &Matrix,
        (row, before): (usize, usize),
        luma: &mut [u8],
        source: &[[u8; 4]],
        mixed: &impl Fn(f32, f32) -> f32,
        opacity: f32,
    ) {
        let count = luma.len();
        let [add_red, add_green, add_blue] = &mut self.added[row];
        let part = before..before + count;
        let (red, blue) = (&self.red[part.clone()], &self.blue[part.clone()]);
        let (add_red, add_green, add_blue) =
            (&mut add_red[part.clone()], &mut add_green[part.clone()], &mut add_blue[part]);
        let source = &source[..count];
        let green_share = 1.0 - matrix.kr - matrix.kb;
        for x in 0..count {
            let grey = (f32::from(luma[x]) - matrix.black) / matrix.luma_extent;
            let (red, blue) = (grey + red[x], grey + blue[x]);
            let green = (grey - matrix.kr * red - matrix.kb * blue) / green_share;
            // Clear pixels have no colour and add nothing.
            let alpha = f32::from(source[x][3]);
            let (whole, share) = (1.0 / alpha, alpha * opacity);
            let change = |below: f32, channel: u8| {
                let below = cut(below);
                share * (mixed(below, cut(f32::from(channel) * whole)) - below)
            };
            let change = [change(red, source[x][0]), change(green, source[x][1]), change(blue, source[x][2])];
            luma[x] = byte(f32::from(luma[x]) + matrix.luma(change));
            add_red[x] = change[0] * 0.25;
            add_green[x] = change[1] * 0.25;
            add_blue[x] = change[2] * 0.25;
        }
    }

    #[inline(always)]
    fn finish(&self, matrix: &Matrix, cb: &mut [u8], cr: &mut [u8]) {
        let [upper, lower] =
            self.added.each_ref().map(|row| row.each_ref().map(|row| row.as_chunks::<2>().0));
        for (x, (cb, cr)) in cb.iter_mut().zip(cr).enumerate() {
            let sum = |c: usize| upper[c][x][0] + upper[c][x][1] + lower[c][x][0] + lower[c][x][1];
            let added = matrix.chroma([sum(0), sum(1), sum(2)]);
            *cb = byte(f32::from(*cb) + added[0]);
            *cr = byte(f32::from(*cr) + added[1]);
        }
    }
}

/// The number cut to 0–1; no number is 0.
#[inline(always)]
pub(super) fn cut(value: f32) -> f32 {
    let value = if value > 0.0 { value } else { 0.0 };
    if value < 1.0 { value } else { 1.0 }
}

fn near(value: f32) -> u8 {
    // Saturating, and downwards for what is not negative.
    (value + 0.5) as u8
}

/// The way between code values and R'G'B' 0–1.
struct Matrix {
    kr: f32,
    kb: f32,
    black: f32,
    luma_extent: f32,
    chroma_extent: f32,
}

impl Matrix {
    fn of(spec: ColorSpec) -> Self {
        let [kr, _, kb] = spec.luma_shares();
        let (luma_extent, chroma_extent) = spec.extents();
        Self {
            kr,
            kb,
            black: spec.black() as f32,
            luma_extent: luma_extent as f32,
            chroma_extent: chroma_extent as f32,
        }
    }

    /// Change of luma code values for a change of colour.
    #[inline(always)]
    fn luma(&self, [r, g, b]: [f32; 3]) -> f32 {
        self.luma_extent * self.part(r, g, b)
    }

    /// Change of chroma code values for a change of colour.
    #[inline(always)]
    fn chroma(&self, [r, g, b]: [f32; 3]) -> [f32; 2] {
        let luma = self.part(r, g, b);
        [
            self.chroma_extent * (b - luma) / (2.0 * (1.0 - self.kb)),
            self.chroma_extent * (r - luma) / (2.0 * (1.0 - self.kr)),
        ]
    }

    #[inline(always)]
    fn part(&self, r: f32, g: f32, b: f32) -> f32 {
        self.kr * r + (1.0 - self.kr - self.kb) * g + self.kb * b
    }
}

/// Blends `source` over `dst`, both premultiplied, the first pixel of `source` at column `x`, row `y`
/// of `dst`: `s·(1 − ab) + b·(1 − as) + as·ab·B(b, s)`, opacities added as usual, rounded once.
pub fn blend_pixmap(dst: &mut Pixmap, source: &Pixmap, place: (i32, i32), mode: BlendMode, opacity: Weight) {
    if mode == BlendMode::None {
        over_pixmap(dst, source, place, opacity);
    } else {
        blend_pixmap_with(dst, source, place, &|b, s| mixed(mode, b, s), opacity);
    }
}

/// As [`blend_pixmap`], with any `B(b, s)`.
pub fn blend_pixmap_with(
    dst: &mut Pixmap,
    source: &Pixmap,
    place: (i32, i32),
    mixed: &dyn Fn(f32, f32) -> f32,
    opacity: Weight,
) {
    let share = opacity.parts() as f32 / 65_536.0;
    each_pair(dst, source, place, |below, above| {
        let source_alpha = f32::from(above[3]) * share / 255.0;
        let below_alpha = f32::from(below[3]) / 255.0;
        for channel in 0..3 {
            let source = f32::from(above[channel]) * share / 255.0;
            let under = f32::from(below[channel]) / 255.0;
            let both = if below[3] == 0 {
                0.0
            } else {
                let (b, s) = (under / below_alpha, f32::from(above[channel]) / f32::from(above[3]));
                source_alpha * below_alpha * mixed(b.min(1.0), s.min(1.0))
            };
            let value = source * (1.0 - below_alpha) + under * (1.0 - source_alpha) + both;
            below[channel] = near(value * 255.0);
        }
        below[3] = near((source_alpha + below_alpha - source_alpha * below_alpha) * 255.0);
    });
}

/// `s·o + b·(1 − as·o)`, rounded once.
fn over_pixmap(dst: &mut Pixmap, source: &Pixmap, place: (i32, i32), opacity: Weight) {
    let opacity = opacity.parts();
    each_pair(dst, source, place, |below, above| {
        if opacity == 65_536 && above[3] == 255 {
            below.copy_from_slice(above);
            return;
        }
        // Sums stay below 255 · 255 · 65 536 + 2²³, which is below 2³².
        let rest = (255 << 16) - u32::from(above[3]) * opacity;
        for (below, above) in below.iter_mut().zip(above) {
            let sum = u32::from(*below) * rest + 255 * u32::from(*above) * opacity + (255 << 15);
            *below = (sum / (255 << 16)) as u8;
        }
    });
}

/// Calls `work` on each pixel of `dst` with the pixel of `source` that lies on it and is not clear.
pub(super) fn each_pair(
    dst: &mut Pixmap,
    source: &Pixmap,
    (x, y): (i32, i32),
    work: impl Fn(&mut [u8], &[u8]),
) {
    let frame = PixelRect::at(0, 0, dst.width(), dst.height());
    let visible = PixelRect::at(x, y, source.width(), source.height()).intersection(frame);
    if visible.is_empty() {
        return;
    }
    let stride = dst.width() as usize * 4;
    let n = visible.width() as usize * 4;
    dst.edit(|pixels| {
        for row in visible.y0..visible.y1 {
            let from = &source.row((row - y) as u32)[(visible.x0 - x) as usize * 4..][..n];
            let to = &mut pixels[row as usize * stride + visible.x0 as usize * 4..][..n];
            for (below, above) in to.chunks_exact_mut(4).zip(from.chunks_exact(4)) {
                if above[3] != 0 {
                    work(below, above);
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use vid_timeline::Color;

    use super::super::color::Ycc;
    use super::super::planes::PlaneMut;
    use super::*;

    /// The definitions again, in the specification's words and in double precision.
    fn reference(mode: BlendMode, b: f64, s: f64) -> f64 {
        let screen = |b: f64, s: f64| 1.0 - (1.0 - b) * (1.0 - s);
        let hard = |b: f64, s: f64| if s <= 0.5 { b * (2.0 * s) } else { screen(b, 2.0 * s - 1.0) };
        match mode {
            BlendMode::None => s,
            BlendMode::Multiply => b * s,
            BlendMode::Screen => screen(b, s),
            BlendMode::Overlay => hard(s, b),
            BlendMode::Darken => b.min(s),
            BlendMode::Lighten => b.max(s),
            BlendMode::ColorDodge => {
                if b == 0.0 {
                    0.0
                } else if s == 1.0 {
                    1.0
                } else {
                    f64::min(1.0, b / (1.0 - s))
                }
            }
            BlendMode::ColorBurn => {
                if b == 1.0 {
                    1.0
                } else if s == 0.0 {
                    0.0
                } else {
                    1.0 - f64::min(1.0, (1.0 - b) / s)
                }
            }
            BlendMode::HardLight => hard(b, s),
            BlendMode::SoftLight if s <= 0.5 => b - (1.0 - 2.0 * s) * b * (1.0 - b),
            BlendMode::SoftLight => {
                let d = if b <= 0.25 { ((16.0 * b - 12.0) * b + 4.0) * b } else { libm::sqrt(b) };
                b + (2.0 * s - 1.0) * (d - b)
            }
        }
    }

    #[test]
    fn every_mode_is_the_one_of_the_specification() {
        for mode in BlendMode::ALL {
            for b in 0..=20 {
                for s in 0..=20 {
                    let (b, s) = (f64::from(b) / 20.0, f64::from(s) / 20.0);
                    let found = f64::from(mixed(*mode, b as f32, s as f32));
                    assert!((found - reference(*mode, b, s)).abs() < 1e-5, "{mode} {b} {s}: {found}");
                }
            }
        }
    }

    fn frame(color: Color) -> [Vec<u8>; 3] {
        let Ycc { y, cb, cr } = Ycc::from_color(color, ColorSpec::BT709);
        [vec![y; 8 * 6], vec![cb; 4 * 3], vec![cr; 4 * 3]]
    }

    fn planes(frame: &mut [Vec<u8>; 3]) -> PlanesMut<'_> {
        let [y, cb, cr] = frame.each_mut();
        let plane = |data, stride| PlaneMut { data, stride };
        PlanesMut::new(8, 6, [plane(y, 8), plane(cb, 4), plane(cr, 4)]).unwrap()
    }

    #[test]
    fn a_blend_in_planes_is_that_of_the_colours() {
        let below = Color::rgb(60, 160, 220);
        let above = [200_u8, 90, 40];
        let pixmap = Pixmap::from_straight(8, 6, [above[0], above[1], above[2], 255].repeat(48)).unwrap();
        for mode in BlendMode::ALL {
            let mut found = frame(below);
            blend_mode(
                &mut planes(&mut found),
                &pixmap,
                (0, 0),
                *mode,
                Weight::from_unit(0.5),
                ColorSpec::BT709,
            );
            let mix = |b: u8, s: u8| {
                let (b, s) = (f64::from(b) / 255.0, f64::from(s) / 255.0);
                ((b + 0.5 * (reference(*mode, b, s) - b)) * 255.0).round() as u8
            };
            let color = Color::rgb(mix(below.r, above[0]), mix(below.g, above[1]), mix(below.b, above[2]));
            let expected = Ycc::from_color(color, ColorSpec::BT709);
            let near = |found: u8, exact: u8| found.abs_diff(exact) <= 2;
            assert!(near(found[0][9], expected.y), "{mode}: {} for {expected:?}", found[0][9]);
            assert!(near(found[1][5], expected.cb) && near(found[2][5], expected.cr), "{mode}");
        }
    }

    #[test]
    fn what_is_clear_stays_to_the_bit() {
        let mut pixels = [0_u8; 4].repeat(48);
        pixels[(2 * 8 + 3) * 4..][..4].copy_from_slice(&[255, 255, 255, 255]);
        let pixmap = Pixmap::from_premultiplied(8, 6, pixels).unwrap();
        let mut found = frame(Color::rgb(10, 200, 30));
        let before = found.clone();
        blend_mode(
            &mut planes(&mut found),
            &pixmap,
            (0, 0),
            BlendMode::Multiply,
            Weight::ONE,
            ColorSpec::BT709,
        );
        // White multiplies by one: nothing is added even where it is solid.
        assert_eq!(found, before);
        blend_mode(
            &mut planes(&mut found),
            &pixmap,
            (1, 1),
            BlendMode::Screen,
            Weight::ONE,
            ColorSpec::BT709,
        );
        let changed = |plane: usize| {
            let pairs = found[plane].iter().zip(&before[plane]).enumerate();
            pairs.filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect::<Vec<_>>()
        };
        assert_eq!((changed(0), changed(1)), (vec![3 * 8 + 4], vec![4 + 2]));
    }

    #[test]
    fn pixmaps_blend_with_their_opacities() {
        let mut below = Pixmap::from_straight(2, 1, vec![100, 100, 100, 255, 0, 0, 0, 0]).unwrap();
        let above = Pixmap::from_straight(2, 1, vec![200, 50, 255, 128, 200, 50, 255, 128]).unwrap();
        blend_pixmap(&mut below, &above, (0, 0), BlendMode::Multiply, Weight::ONE);
        // Over solid: 100 + 0.502·(100·s − 100); over nothing: the picture itself.
        assert_eq!(below.pixels(), [89, 60, 100, 255, 100, 25, 128, 128]);
    }
}
