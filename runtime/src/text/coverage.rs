//! How much of each pixel shapes cover.

use swash::zeno::{Command, Fill, Join, Mask, PathBuilder as _, Stroke};

use crate::raster::PixelRect;
use crate::raster::pixmap::mul_255;

/// The share of each pixel of a rectangle that is covered, 0–255.
pub(super) struct Coverage {
    rect: PixelRect,
    shares: Vec<u8>,
}

/// How a path covers pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Pen {
    /// Inside it.
    Fill,
    /// Within half of this many pixels of its line, corners rounded.
    Stroke(f32),
}

impl Coverage {
    /// Nothing covered yet.
    pub(super) fn new(rect: PixelRect) -> Self {
        // The caller has bounded the rectangle.
        Self { rect, shares: vec![0; rect.area() as usize] }
    }

    pub(super) fn rect(&self) -> PixelRect {
        self.rect
    }

    /// The share at a pixel; nothing outside the rectangle.
    pub(super) fn at(&self, x: i32, y: i32) -> u8 {
        let PixelRect { x0, y0, x1, y1 } = self.rect;
        if x < x0 || y < y0 || x >= x1 || y >= y1 {
            return 0;
        }
        self.shares[(y - y0) as usize * self.rect.width() as usize + (x - x0) as usize]
    }

    pub(super) fn shares(&self) -> &[u8] {
        &self.shares
    }

    /// Adds a path, whose coordinates count from pixel `origin`; where it meets what is there, the
    /// two cover as if they were independent: a + b − a·b.
    pub(super) fn draw(&mut self, path: &[Command], pen: Pen, origin: (i32, i32)) {
        if path.is_empty() {
            return;
        }
        let (shares, place) = match pen {
            Pen::Fill => Mask::new(path).style(Fill::NonZero).render(),
            Pen::Stroke(width) => Mask::new(path).style(Stroke::new(width).join(Join::Round)).render(),
        };
        let drawn = PixelRect::at(
            origin.0.saturating_add(place.left),
            origin.1.saturating_add(place.top),
            place.width,
            place.height,
        );
        let visible = drawn.intersection(self.rect);
        let width = self.rect.width() as usize;
        for y in visible.y0..visible.y1 {
            let from = (y - drawn.y0) as usize * place.width as usize + (visible.x0 - drawn.x0) as usize;
            let to = (y - self.rect.y0) as usize * width + (visible.x0 - self.rect.x0) as usize;
            let n = visible.width() as usize;
            for (share, added) in self.shares[to..to + n].iter_mut().zip(&shares[from..from + n]) {
                *share += mul_255(*added, 255 - *share);
            }
        }
    }

    /// Takes away what `hole` covers, a shape inside this one.
    pub(super) fn cut(&mut self, hole: &Self) {
        let PixelRect { x0, y0, x1, y1 } = self.rect;
        let places = (y0..y1).flat_map(|y| (x0..x1).map(move |x| (x, y)));
        for (share, (x, y)) in self.shares.iter_mut().zip(places) {
            *share = share.saturating_sub(hole.at(x, y));
        }
    }

    /// The coverage moved by whole pixels and blurred by a Gaussian of `sigma` pixels, in a rectangle
    /// that is larger by the blur's reach.
    pub(super) fn blurred(&self, sigma: f32, dx: i32, dy: i32) -> Self {
        let kernel = gaussian(sigma);
        let reach = kernel.len() as i32 / 2;
        let rect = grown(self.rect.translated(dx, dy), reach);
        let (width, height) = (rect.width() as usize, rect.height() as usize);
        let inner = self.rect.width() as usize;
        // Across, then down; between the two the values stay unrounded.
        let mut across = vec![0.0_f32; width * self.rect.height() as usize];
        for (y, row) in across.chunks_exact_mut(width.max(1)).enumerate() {
            for (x, share) in self.shares[y * inner..][..inner].iter().enumerate() {
                if *share != 0 {
                    for (to, weight) in row[x..].iter_mut().zip(&kernel) {
                        *to += f32::from(*share) * weight;
                    }
                }
            }
        }
        let mut sums = vec![0.0_f32; width * height];
        for (y, row) in across.chunks_exact(width.max(1)).enumerate() {
            for (step, weight) in kernel.iter().enumerate() {
                let to = &mut sums[(y + step) * width..][..width];
                for (to, value) in to.iter_mut().zip(row) {
                    *to += value * weight;
                }
            }
        }
        Self { rect, shares: sums.into_iter().map(|sum| (sum + 0.5) as u8).collect() }
    }
}

/// The rectangle with `reach` more pixels on each side.
pub(super) fn grown(rect: PixelRect, reach: i32) -> PixelRect {
    PixelRect {
        x0: rect.x0.saturating_sub(reach),
        y0: rect.y0.saturating_sub(reach),
        x1: rect.x1.saturating_add(reach),
        y1: rect.y1.saturating_add(reach),
    }
}

/// Pixels that a blur of `sigma` reaches beyond what it blurs.
pub(super) fn blur_reach(sigma: f32) -> i32 {
    gaussian(sigma).len() as i32 / 2
}

/// Weights from −3σ to 3σ that sum to one.
fn gaussian(sigma: f32) -> Vec<f32> {
    let reach = (3.0 * sigma).ceil().clamp(0.0, 1024.0) as i32;
    if reach == 0 {
        return vec![1.0];
    }
    let weight = |x: i32| libm::expf(-((x * x) as f32) / (2.0 * sigma * sigma));
    let weights: Vec<f32> = (-reach..=reach).map(weight).collect();
    let sum: f32 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// A rectangle with rounded corners, its coordinates counting from pixel `origin`.
pub(super) fn rounded_rect(rect: PixelRect, radius: f32, origin: (i32, i32)) -> Vec<Command> {
    let (x, y) = ((rect.x0 - origin.0) as f32, (rect.y0 - origin.1) as f32);
    let (width, height) = (rect.width() as f32, rect.height() as f32);
    let radius = radius.clamp(0.0, width.min(height) / 2.0);
    let mut path = Vec::new();
    if radius > 0.0 {
        path.add_round_rect([x, y], width, height, radius, radius);
    } else {
        path.add_rect([x, y], width, height);
    }
    path
}

/// A rectangle with edges between pixels.
pub(super) fn bar(left: f32, top: f32, width: f32, height: f32) -> Vec<Command> {
    let mut path = Vec::new();
    path.add_rect([left, top], width, height);
    path
}
