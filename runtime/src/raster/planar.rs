//! Layers in a frame's own planes.
//!
//! A [`PlanarLayer`] holds, for each sample it covers, the sample times its opacity (0–65 025, so
//! nothing is lost to rounding before the blend) and the opacity. Blending R'G'B' and blending
//! Y'CbCr is the same thing, because the matrix is linear and the weights sum to one; so a layer
//! never needs the frame converted.
//!
//! **Chroma.** A chroma sample of 4:2:0 stands for its own block of 2 × 2 luma samples: its value
//! is the opacity-weighted mean of the layer's pixels in that block, its opacity their mean opacity,
//! with pixels outside the layer counting as clear. Layers at odd positions, and odd edges, come out
//! right by that. BT.709 and MPEG-2 place the chroma sample on the block's left edge, half a luma
//! sample from its centre; the block mean is used all the same, since a filter for that place would
//! reach into the neighbouring block: rectangles on the chroma grid could no longer be copied, and a
//! layer would damage samples beyond its pixels.

use vid_timeline::Color;

use super::color::{CHROMA_BITS, ColorSpec, LUMA_BITS, Weights, Ycc};
use super::pixmap::Pixmap;
use super::planes::Plane;
use super::rect::PixelRect;
use super::simd::{add_pairs_row, weighted_luma_row};
use super::spans::Coverage;

/// Most pixels a layer may have: a frame of 7680 × 4320.
pub const MAX_LAYER_PIXELS: u64 = 7680 * 4320;

/// A picture at a place on the canvas, ready to be blended into 4:2:0 frames of one colour
/// description.
#[derive(Clone)]
pub struct PlanarLayer {
    rect: PixelRect,
    spec: ColorSpec,
    pub(super) luma: Coverage,
    pub(super) chroma: Coverage,
    /// Samples times opacity: Y', Cb, Cr.
    pub(super) weighted: [Vec<u16>; 3],
}

/// Opacity of a picture that is not premultiplied.
#[derive(Clone, Copy)]
pub enum Alpha<'a> {
    /// The same everywhere, 255 being solid.
    Constant(u8),
    /// One value a pixel.
    Plane(Plane<'a>),
}

impl PlanarLayer {
    /// The picture with its first pixel at column `x`, row `y` of the canvas. `None` when it has
    /// more than [`MAX_LAYER_PIXELS`].
    pub fn from_pixmap(pixmap: &Pixmap, x: i32, y: i32, spec: ColorSpec) -> Option<Self> {
        let rect = PixelRect::at(x, y, pixmap.width(), pixmap.height());
        build(rect, spec, &Rgb { pixmap, weights: Weights::of(spec) })
    }

    /// A 4:4:4 picture in the frame's own colour description, not premultiplied, with its first
    /// pixel at the first of `rect`. `None` when a plane is too short, or `rect` has more than
    /// [`MAX_LAYER_PIXELS`].
    pub fn from_yuv444(
        rect: PixelRect,
        planes: [Plane<'_>; 3],
        alpha: Alpha<'_>,
        spec: ColorSpec,
    ) -> Option<Self> {
        let (width, height) = (rect.width() as usize, rect.height() as usize);
        let holds = |plane: &Plane<'_>| {
            let needed =
                plane.stride.checked_mul(height.saturating_sub(1)).and_then(|n| n.checked_add(width));
            height == 0 || (plane.stride >= width && needed.is_some_and(|n| plane.data.len() >= n))
        };
        let alpha_holds = match &alpha {
            Alpha::Constant(_) => true,
            Alpha::Plane(plane) => holds(plane),
        };
        if !alpha_holds || !planes.iter().all(holds) {
            return None;
        }
        build(rect, spec, &Yuv { width, planes, alpha })
    }

    /// A rectangle of one colour. `None` when it has more than [`MAX_LAYER_PIXELS`]: cut it to the
    /// canvas first.
    pub fn solid(rect: PixelRect, color: Color, spec: ColorSpec) -> Option<Self> {
        build(
            rect,
            spec,
            &Solid { ycc: Ycc::from_color(color, spec), alpha: color.a, width: rect.width() as usize },
        )
    }

    /// The pixels it may change.
    pub fn rect(&self) -> PixelRect {
        self.rect
    }

    /// What its samples mean; frames it is blended into must mean the same.
    pub fn spec(&self) -> ColorSpec {
        self.spec
    }

    /// Whether every sample, chroma included, hides what is below it.
    pub fn is_opaque(&self) -> bool {
        self.luma.is_solid() && self.chroma.is_solid()
    }

    /// Whether nothing of it can be seen.
    pub fn is_clear(&self) -> bool {
        self.luma.is_clear()
    }

    /// Rows of plane 0–2: samples times opacity, and opacities.
    pub(crate) fn rows(&self, plane: usize) -> impl Iterator<Item = (&[u16], &[u8])> {
        let (rect, coverage) =
            if plane == 0 { (self.rect, &self.luma) } else { (self.rect.chroma(), &self.chroma) };
        let rows = self.weighted[plane].chunks_exact((rect.width() as usize).max(1));
        rows.enumerate().map(|(y, weighted)| (weighted, coverage.alpha(y)))
    }

    /// The layer moved by whole chroma samples: `x` and `y` luma pixels, both even. `None` for odd
    /// ones, for which it has to be built anew.
    pub fn translated(mut self, x: i32, y: i32) -> Option<Self> {
        if (x | y) & 1 != 0 {
            return None;
        }
        self.rect = self.rect.translated(x, y);
        Some(self)
    }
}

/// A picture that gives up rows of samples times opacity.
trait Picture {
    /// Fills a luma row with weighted samples and opacities.
    fn luma_row(&self, y: usize, weighted: &mut [u16], alpha: &mut [u8]);
    /// Adds a row's pixels to the sums of their blocks, the first pixel being number `odd` (0 or 1)
    /// of its block. The fourth sum is that of opacity.
    fn add_chroma(&self, y: usize, odd: usize, sums: &mut [[i32; 4]]);
    /// Sums of weighted Cb and of weighted Cr, of a block's sums; below 255 · 1020.
    fn chroma(&self, sums: [i32; 4]) -> [i32; 2];
}

fn build(rect: PixelRect, spec: ColorSpec, picture: &impl Picture) -> Option<PlanarLayer> {
    if rect.area() > MAX_LAYER_PIXELS {
        return None;
    }
    let rect = if rect.is_empty() { PixelRect::EMPTY } else { rect };
    let (width, height) = (rect.width() as usize, rect.height() as usize);
    let mut luma = vec![0; width * height];
    let mut alpha = vec![0; width * height];
    let rows = luma.chunks_exact_mut(width.max(1)).zip(alpha.chunks_exact_mut(width.max(1)));
    for (y, (weighted, alpha)) in rows.enumerate() {
        picture.luma_row(y, weighted, alpha);
    }

    let blocks = rect.chroma();
    let (columns, block_rows) = (blocks.width() as usize, blocks.height() as usize);
    let mut chroma = [vec![0; columns * block_rows], vec![0; columns * block_rows]];
    let mut chroma_alpha = vec![0; columns * block_rows];
    let mut sums = vec![[0; 4]; columns];
    let odd = rect.x0.rem_euclid(2) as usize;
    for block_y in 0..block_rows {
        sums.fill([0; 4]);
        let first = 2 * (blocks.y0 + block_y as i32);
        for row in [first, first + 1] {
            if (rect.y0..rect.y1).contains(&row) {
                picture.add_chroma((row - rect.y0) as usize, odd, &mut sums);
            }
        }
        for (x, sums) in sums.iter().enumerate() {
            let at = block_y * columns + x;
            let (total, opacity) = (sums[3], (sums[3] + 2) / 4);
            chroma_alpha[at] = opacity as u8;
            for (plane, value) in chroma.iter_mut().zip(picture.chroma(*sums)) {
                // The mean colour times the rounded opacity, so that a colour over itself is itself.
                let weighted = match total {
                    1020 => (value + 2) >> 2,
                    0 => 0,
                    _ => (value * opacity + total / 2) / total,
                };
                plane[at] = weighted.clamp(0, 255 * opacity) as u16;
            }
        }
    }
    let [cb, cr] = chroma;
    Some(PlanarLayer {
        rect,
        spec,
        luma: Coverage::new(width, alpha),
        chroma: Coverage::new(columns, chroma_alpha),
        weighted: [luma, cb, cr],
    })
}

struct Rgb<'a> {
    pixmap: &'a Pixmap,
    weights: Weights,
}

impl Picture for Rgb<'_> {
    fn luma_row(&self, y: usize, weighted: &mut [u16], alpha: &mut [u8]) {
        const { assert!(LUMA_BITS == 14) };
        let Weights { luma, black, .. } = self.weights;
        weighted_luma_row(weighted, alpha, self.pixmap.row(y as u32), luma, black);
    }

    fn add_chroma(&self, y: usize, odd: usize, sums: &mut [[i32; 4]]) {
        let row = self.pixmap.row(y as u32);
        let mut add = |block: usize, pixel: &[u8]| {
            for (sum, channel) in sums[block].iter_mut().zip(pixel) {
                *sum += i32::from(*channel);
            }
        };
        // Half blocks at the ends, whole ones between.
        let (half, whole) = row.split_at((4 * odd).min(row.len()));
        let n_whole = whole.len() / 8;
        if !half.is_empty() {
            add(0, half);
        }
        let rest = &whole[8 * n_whole..];
        if !rest.is_empty() {
            add(odd + n_whole, rest);
        }
        add_pairs_row(&mut sums[odd..][..n_whole], whole);
    }

    fn chroma(&self, [r, g, b, a]: [i32; 4]) -> [i32; 2] {
        [self.weights.cb, self.weights.cr].map(|row| {
            let sum = row[0] * r + row[1] * g + row[2] * b + ((128 * a) << CHROMA_BITS);
            (sum + (1 << (CHROMA_BITS - 1))) >> CHROMA_BITS
        })
    }
}

struct Yuv<'a> {
    width: usize,
    planes: [Plane<'a>; 3],
    alpha: Alpha<'a>,
}

impl Yuv<'_> {
    fn row(plane: Plane<'_>, y: usize, width: usize) -> &[u8] {
        &plane.data[y * plane.stride..][..width]
    }
}

impl Picture for Yuv<'_> {
    fn luma_row(&self, y: usize, weighted: &mut [u16], alpha: &mut [u8]) {
        match self.alpha {
            Alpha::Constant(value) => alpha.fill(value),
            Alpha::Plane(plane) => alpha.copy_from_slice(Self::row(plane, y, alpha.len())),
        }
        let samples = Self::row(self.planes[0], y, weighted.len());
        for ((weighted, alpha), sample) in weighted.iter_mut().zip(alpha).zip(samples) {
            *weighted = u16::from(*sample) * u16::from(*alpha);
        }
    }

    fn add_chroma(&self, y: usize, odd: usize, sums: &mut [[i32; 4]]) {
        let [_, cb, cr] = self.planes.map(|plane| Self::row(plane, y, self.width));
        match self.alpha {
            Alpha::Constant(alpha) => add_blocks(odd, self.width, sums, |x| {
                [i32::from(cb[x]), i32::from(cr[x]), 1].map(|value| value * i32::from(alpha))
            }),
            Alpha::Plane(plane) => {
                let alpha = Self::row(plane, y, self.width);
                add_blocks(odd, self.width, sums, |x| {
                    [i32::from(cb[x]), i32::from(cr[x]), 1].map(|value| value * i32::from(alpha[x]))
                });
            }
        }
    }

    fn chroma(&self, [cb, cr, _, _]: [i32; 4]) -> [i32; 2] {
        [cb, cr]
    }
}

/// Adds weighted Cb, weighted Cr and opacity of each of `width` pixels to the sums of its block.
#[inline]
fn add_blocks(odd: usize, width: usize, sums: &mut [[i32; 4]], pixel: impl Fn(usize) -> [i32; 3]) {
    let add = |sum: &mut [i32; 4], [cb, cr, alpha]: [i32; 3]| {
        sum[0] += cb;
        sum[1] += cr;
        sum[3] += alpha;
    };
    // Half blocks at the ends, whole ones between.
    let n_whole = (width - odd.min(width)) / 2;
    for x in (0..odd.min(width)).chain(odd.min(width) + 2 * n_whole..width) {
        add(&mut sums[(x + odd) / 2], pixel(x));
    }
    for (block, sum) in sums[odd..][..n_whole].iter_mut().enumerate() {
        let x = odd + 2 * block;
        add(sum, pixel(x));
        add(sum, pixel(x + 1));
    }
}

struct Solid {
    ycc: Ycc,
    alpha: u8,
    width: usize,
}

impl Picture for Solid {
    fn luma_row(&self, _: usize, weighted: &mut [u16], alpha: &mut [u8]) {
        weighted.fill(u16::from(self.ycc.y) * u16::from(self.alpha));
        alpha.fill(self.alpha);
    }

    fn add_chroma(&self, _: usize, odd: usize, sums: &mut [[i32; 4]]) {
        let [cb, cr, alpha] = [self.ycc.cb, self.ycc.cr, self.alpha].map(i32::from);
        for x in 0..self.width {
            let sum = &mut sums[(x + odd) / 2];
            sum[0] += cb * alpha;
            sum[1] += cr * alpha;
            sum[3] += alpha;
        }
    }

    fn chroma(&self, [cb, cr, _, _]: [i32; 4]) -> [i32; 2] {
        [cb, cr]
    }
}

#[cfg(test)]
mod tests;
