//! Rectangles of whole pixels.

use vid_timeline::Size;

/// Whole pixels of the canvas, half-open; may reach beyond the canvas, may be empty.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PixelRect {
    /// First column.
    pub x0: i32,
    /// First row.
    pub y0: i32,
    /// One past the last column.
    pub x1: i32,
    /// One past the last row.
    pub y1: i32,
}

impl PixelRect {
    /// No pixels.
    pub const EMPTY: Self = Self { x0: 0, y0: 0, x1: 0, y1: 0 };

    /// `width` × `height` pixels whose first is at `x`, `y`. Edges beyond the range of `i32` are
    /// drawn in to it.
    pub fn at(x: i32, y: i32, width: u32, height: u32) -> Self {
        Self { x0: x, y0: y, x1: x.saturating_add_unsigned(width), y1: y.saturating_add_unsigned(height) }
    }

    /// The whole of a canvas.
    pub fn of(size: Size) -> Self {
        Self::at(0, 0, size.width, size.height)
    }

    /// Columns; zero when empty.
    pub fn width(self) -> u32 {
        u32::try_from(i64::from(self.x1) - i64::from(self.x0)).unwrap_or(0)
    }

    /// Rows; zero when empty.
    pub fn height(self) -> u32 {
        u32::try_from(i64::from(self.y1) - i64::from(self.y0)).unwrap_or(0)
    }

    /// Whether no pixel is inside.
    pub fn is_empty(self) -> bool {
        self.x1 <= self.x0 || self.y1 <= self.y0
    }

    /// Number of pixels.
    pub fn area(self) -> u64 {
        u64::from(self.width()) * u64::from(self.height())
    }

    /// Whether every pixel of `other` is inside.
    pub fn contains(self, other: Self) -> bool {
        other.is_empty()
            || (self.x0 <= other.x0 && self.y0 <= other.y0 && other.x1 <= self.x1 && other.y1 <= self.y1)
    }

    /// The pixels in both.
    pub fn intersection(self, other: Self) -> Self {
        let (x0, y0) = (self.x0.max(other.x0), self.y0.max(other.y0));
        Self { x0, y0, x1: self.x1.min(other.x1).max(x0), y1: self.y1.min(other.y1).max(y0) }
    }

    /// The smallest rectangle around both; an empty one adds nothing.
    pub fn union(self, other: Self) -> Self {
        match (self.is_empty(), other.is_empty()) {
            (_, true) => self,
            (true, false) => other,
            (false, false) => Self {
                x0: self.x0.min(other.x0),
                y0: self.y0.min(other.y0),
                x1: self.x1.max(other.x1),
                y1: self.y1.max(other.y1),
            },
        }
    }

    /// The rectangle moved to the right and down; edges stop at the range of `i32`.
    pub fn translated(self, x: i32, y: i32) -> Self {
        Self {
            x0: self.x0.saturating_add(x),
            y0: self.y0.saturating_add(y),
            x1: self.x1.saturating_add(x),
            y1: self.y1.saturating_add(y),
        }
    }

    /// The samples of 4:2:0 chroma that any of its pixels belongs to.
    pub fn chroma(self) -> Self {
        if self.is_empty() {
            return Self::EMPTY;
        }
        let up = |edge: i32| edge.div_euclid(2) + edge.rem_euclid(2);
        Self { x0: self.x0.div_euclid(2), y0: self.y0.div_euclid(2), x1: up(self.x1), y1: up(self.y1) }
    }

    /// Whether all four edges lie on the grid of 4:2:0 chroma.
    pub fn is_chroma_aligned(self) -> bool {
        (self.x0 | self.y0 | self.x1 | self.y1) & 1 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chroma_covers_every_block_that_is_touched() {
        let chroma = PixelRect { x0: -3, y0: 1, x1: 4, y1: 2 }.chroma();
        assert_eq!(chroma, PixelRect { x0: -2, y0: 0, x1: 2, y1: 1 });
        assert_eq!(PixelRect::at(7, 7, 0, 3).chroma(), PixelRect::EMPTY);
    }

    #[test]
    fn edges_beyond_the_number_range_are_drawn_in() {
        let far = PixelRect::at(i32::MAX - 1, i32::MIN, u32::MAX, u32::MAX);
        assert_eq!((far.width(), far.height()), (1, u32::MAX));
        assert_eq!(far.translated(10, 0).width(), 0);
        assert!(PixelRect::EMPTY.union(far) == far && far.contains(PixelRect::EMPTY));
    }
}
