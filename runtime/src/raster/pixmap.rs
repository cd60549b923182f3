//! A picture in R'G'B' with opacity.

use super::simd::limit_row;

/// Premultiplied R'G'B'A, eight bits a channel, row by row without gaps.
///
/// Red, green and blue are gamma-encoded and already multiplied by alpha, so none of them is above
/// it.
#[derive(Clone, PartialEq, Eq)]
pub struct Pixmap {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
    opaque: bool,
}

impl Pixmap {
    /// A picture from premultiplied bytes; `None` when their number is not `width × height × 4`.
    /// A channel above its alpha is lowered to it.
    pub fn from_premultiplied(width: u32, height: u32, mut pixels: Vec<u8>) -> Option<Self> {
        if pixels.len() as u64 != u64::from(width) * u64::from(height) * 4 {
            return None;
        }
        let opaque = limited(&mut pixels);
        Some(Self { width, height, pixels, opaque })
    }

    /// A picture from bytes that are not premultiplied; `None` when their number is wrong. Each
    /// channel is multiplied and rounded to the nearest.
    pub fn from_straight(width: u32, height: u32, mut pixels: Vec<u8>) -> Option<Self> {
        if pixels.len() as u64 != u64::from(width) * u64::from(height) * 4 {
            return None;
        }
        if is_solid(&pixels) {
            return Some(Self { width, height, pixels, opaque: true });
        }
        for pixel in pixels.chunks_exact_mut(4) {
            let alpha = pixel[3];
            if alpha != 255 {
                for channel in &mut pixel[..3] {
                    *channel = mul_255(*channel, alpha);
                }
            }
        }
        Self::from_premultiplied(width, height, pixels)
    }

    /// A picture from bytes of which every fourth, the opacity, is 255; `None` when their number is wrong.
    pub(crate) fn from_solid(width: u32, height: u32, pixels: Vec<u8>) -> Option<Self> {
        if pixels.len() as u64 != u64::from(width) * u64::from(height) * 4 {
            return None;
        }
        Some(Self { width, height, pixels, opaque: true })
    }

    /// A picture in which nothing is drawn yet.
    pub fn transparent(width: u32, height: u32) -> Self {
        let pixels = vec![0; width as usize * height as usize * 4];
        Self { width, height, pixels, opaque: width == 0 || height == 0 }
    }

    /// Columns.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The bytes: red, green, blue, alpha of each pixel.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The bytes, given up.
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// Lets `work` change the bytes; a channel it leaves above its alpha is lowered to it.
    pub fn edit(&mut self, work: impl FnOnce(&mut [u8])) {
        work(&mut self.pixels);
        self.opaque = limited(&mut self.pixels);
    }

    /// Lets `work` change colours, and no opacity, of a picture; a channel it leaves above its alpha is lowered
    /// to it.
    pub(crate) fn recolor(&mut self, work: impl FnOnce(&mut [u8])) {
        work(&mut self.pixels);
        if !self.opaque {
            limit_row(&mut self.pixels);
        }
    }

    /// The picture mirrored left to right, top to bottom, or both.
    pub fn flipped(mut self, horizontal: bool, vertical: bool) -> Self {
        let stride = self.width as usize * 4;
        if stride == 0 {
            return self;
        }
        if horizontal {
            for row in self.pixels.chunks_exact_mut(stride) {
                let (pixels, _) = row.as_chunks_mut::<4>();
                pixels.reverse();
            }
        }
        if vertical {
            let mut rows: Vec<&mut [u8]> = self.pixels.chunks_exact_mut(stride).collect();
            let n_rows = rows.len();
            let (upper, lower) = rows.split_at_mut(n_rows / 2);
            for (a, b) in upper.iter_mut().zip(lower.iter_mut().rev()) {
                a.swap_with_slice(b);
            }
        }
        self
    }

    /// Whether every pixel is solid.
    pub fn is_opaque(&self) -> bool {
        self.opaque
    }

    /// Row `y`; empty outside the picture.
    pub fn row(&self, y: u32) -> &[u8] {
        let stride = self.width as usize * 4;
        let start = y as usize * stride;
        self.pixels.get(start..start + stride).unwrap_or_default()
    }
}

/// Whether every whole pixel is solid.
fn is_solid(pixels: &[u8]) -> bool {
    // In stretches, so that the loop over one has no way out and is vector code.
    pixels.chunks(4096).all(|part| part.chunks_exact(4).fold(255, |all, pixel| all & pixel[3]) == 255)
}

/// Lowers channels that are above their alpha to it; whether every pixel is solid.
fn limited(pixels: &mut [u8]) -> bool {
    if is_solid(pixels) {
        return true;
    }
    limit_row(pixels);
    pixels.is_empty()
}

/// Size and opacity; the pixels would fill the screen.
impl std::fmt::Debug for Pixmap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = if self.opaque { "opaque" } else { "translucent" };
        write!(f, "Pixmap({}x{} {kind})", self.width, self.height)
    }
}

/// `a · b / 255`, rounded to the nearest (there are no ties, 255 being odd).
#[inline(always)]
pub(crate) fn mul_255(a: u8, b: u8) -> u8 {
    let product = u16::from(a) * u16::from(b) + 128;
    // The quotient is at most 255.
    ((product + (product >> 8)) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_product_is_rounded_to_the_nearest() {
        for a in 0..=255_u8 {
            for b in 0..=255_u8 {
                let exact = (u32::from(a) * u32::from(b) * 2 + 255) / 510;
                assert_eq!(u32::from(mul_255(a, b)), exact);
            }
        }
    }

    #[test]
    fn flips_turn_rows_and_columns() {
        let pixel = |n: u8| [n, n, n, 255];
        let bytes: Vec<u8> = (1..=6).flat_map(pixel).collect();
        let shown = |map: &Pixmap| map.pixels().chunks_exact(4).map(|p| p[0]).collect::<Vec<_>>();
        let map = Pixmap::from_premultiplied(2, 3, bytes).unwrap();
        assert_eq!(shown(&map.clone().flipped(true, false)), [2, 1, 4, 3, 6, 5]);
        assert_eq!(shown(&map.clone().flipped(false, true)), [5, 6, 3, 4, 1, 2]);
        assert_eq!(shown(&map.flipped(true, true)), [6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn channels_never_exceed_alpha() {
        let map = Pixmap::from_premultiplied(1, 1, vec![200, 10, 50, 50]).unwrap();
        assert_eq!(map.pixels(), [50, 10, 50, 50]);
        let map = Pixmap::from_straight(1, 1, vec![255, 128, 0, 128]).unwrap();
        assert_eq!(map.pixels(), [128, 64, 0, 128]);
        assert!(!map.is_opaque());
        assert_eq!(Pixmap::from_straight(2, 1, vec![0; 4]), None);
    }
}
