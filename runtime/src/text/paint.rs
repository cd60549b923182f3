//! From coverage and colours to premultiplied pixels.

use vid_timeline::Color;

use super::coverage::Coverage;
use crate::raster::pixmap::mul_255;
use crate::raster::{PixelRect, Pixmap};

/// A picture being painted, premultiplied.
pub(super) struct Canvas {
    rect: PixelRect,
    pixels: Vec<u8>,
}

impl Canvas {
    pub(super) fn new(rect: PixelRect) -> Self {
        // The caller has bounded the rectangle.
        Self { rect, pixels: vec![0; rect.area() as usize * 4] }
    }

    pub(super) fn finish(self) -> Pixmap {
        Pixmap::from_premultiplied(self.rect.width(), self.rect.height(), self.pixels)
            .unwrap_or_else(|| Pixmap::transparent(0, 0))
    }

    /// Paints a colour where `coverage` is.
    pub(super) fn paint(&mut self, coverage: &Coverage, color: Color) {
        if color.a == 0 {
            return;
        }
        self.over(coverage.rect(), |at, _, _| tinted(color, coverage.shares()[at]));
    }

    /// Paints letters: the fill and, outside it alone, the outline. The two never lie on each other,
    /// so where they share a pixel their shares add up.
    pub(super) fn paint_letters(
        &mut self,
        fill: &Coverage,
        color: Color,
        outline: Option<(&Coverage, Color)>,
    ) {
        let rect = outline.map_or(fill.rect(), |(coverage, _)| coverage.rect().union(fill.rect()));
        self.over(rect, |_, x, y| {
            let inside = fill.at(x, y);
            let mut pixel = tinted(color, inside);
            if let Some((coverage, color)) = outline {
                let ring = tinted(color, mul_255(coverage.at(x, y), 255 - inside));
                for (channel, added) in pixel.iter_mut().zip(ring) {
                    *channel = channel.saturating_add(added);
                }
            }
            pixel
        });
    }

    /// Paints a picture at `opacity` 0–255 with its first pixel at `x`, `y`.
    pub(super) fn paint_pixmap(&mut self, pixmap: &Pixmap, x: i32, y: i32, opacity: u8) {
        let rect = PixelRect::at(x, y, pixmap.width(), pixmap.height());
        self.over(rect, |at, _, _| {
            let pixel = &pixmap.pixels()[at * 4..][..4];
            [pixel[0], pixel[1], pixel[2], pixel[3]].map(|channel| mul_255(channel, opacity))
        });
    }

    /// Puts premultiplied pixels of `rect` over what is there. The function is given the number of
    /// the pixel within `rect`, its column and its row.
    fn over(&mut self, rect: PixelRect, pixel: impl Fn(usize, i32, i32) -> [u8; 4]) {
        let visible = rect.intersection(self.rect);
        for y in visible.y0..visible.y1 {
            for x in visible.x0..visible.x1 {
                let at = (y - rect.y0) as usize * rect.width() as usize + (x - rect.x0) as usize;
                let source = pixel(at, x, y);
                if source[3] == 0 {
                    continue;
                }
                let to =
                    (y - self.rect.y0) as usize * self.rect.width() as usize + (x - self.rect.x0) as usize;
                let rest = 255 - source[3];
                for (below, source) in self.pixels[to * 4..][..4].iter_mut().zip(source) {
                    *below = source.saturating_add(mul_255(*below, rest));
                }
            }
        }
    }
}

/// A colour at a share of its opacity, premultiplied.
fn tinted(color: Color, share: u8) -> [u8; 4] {
    let alpha = mul_255(share, color.a);
    [mul_255(color.r, alpha), mul_255(color.g, alpha), mul_255(color.b, alpha), alpha]
}
