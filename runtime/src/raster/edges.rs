//! Rounded corners, borders and shadows of pictures.

use vid_timeline::Color;

use super::blur::{blur_coverage, blur_reach};
use super::pixmap::{Pixmap, mul_255};
use super::planar::MAX_LAYER_PIXELS;
use super::rect::PixelRect;
use super::simd::row_kernel;

/// What surrounds a picture, in pixels of the picture.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Edges {
    /// Radius of the corners; at most half of the shorter side is used.
    pub radius: f64,
    /// Width and colour of the border, which lies inside the picture's edge.
    pub border: Option<(f64, Color)>,
    /// The shadow of the picture with its corners and border.
    pub shadow: Option<Shadow>,
}

/// A shadow.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Shadow {
    /// Its colour; the opacity is its strength.
    pub color: Color,
    /// Deviation of its blur.
    pub sigma: f64,
    /// How far to the right it lies, rounded to whole pixels.
    pub dx: f64,
    /// How far down it lies, rounded to whole pixels.
    pub dy: f64,
}

impl Edges {
    /// Whether there is nothing to draw.
    pub fn is_plain(&self) -> bool {
        self.radius <= 0.0 && self.border.is_none() && self.shadow.is_none()
    }

    /// The picture with its corners cut, its border drawn and its shadow under it, and where its old
    /// first pixel now lies. A shadow that would make it larger than a layer may be is left out.
    pub fn draw(&self, pixmap: Pixmap) -> (Pixmap, (u32, u32)) {
        let pixmap = self.framed(pixmap);
        match self.shadow.filter(|shadow| shadow.color.a > 0) {
            Some(shadow) => shadow.under(pixmap),
            None => (pixmap, (0, 0)),
        }
    }

    /// What surrounds a solid picture of that size without the picture itself, where the picture's first
    /// pixel lies in it, and the share of each of the picture's pixels that is seen.
    pub fn around(&self, width: u32, height: u32) -> (Pixmap, (u32, u32), Vec<u8>) {
        let flat = |value: u8| {
            let pixels = [value, value, value, 255].repeat(width as usize * height as usize);
            Pixmap::from_premultiplied(width, height, pixels).unwrap_or_else(|| Pixmap::transparent(0, 0))
        };
        // Between a white and a black picture the picture's own share is all that differs.
        let (white, black) = (self.framed(flat(255)), self.framed(flat(0)));
        let pairs = white.pixels().chunks_exact(4).zip(black.pixels().chunks_exact(4));
        let shares: Vec<u8> = pairs.map(|(white, black)| white[0].saturating_sub(black[0])).collect();
        let (mut around, before) = self.draw(flat(0));
        let stride = around.width() as usize * 4;
        around.edit(|pixels| {
            let rows = pixels.chunks_exact_mut(stride.max(4)).skip(before.1 as usize);
            for (row, shares) in rows.zip(shares.chunks_exact((width as usize).max(1))) {
                let inside = row.chunks_exact_mut(4).skip(before.0 as usize);
                for (pixel, share) in inside.zip(shares) {
                    pixel[3] = pixel[3].saturating_sub(*share);
                }
            }
        });
        (around, before, shares)
    }

    /// For each pixel of a picture of that size the share that is left of it, and the border's pixel above
    /// it; `None` when there are neither corners nor a border.
    pub(crate) fn frame_mask(&self, width: u32, height: u32) -> Option<Vec<(u8, [u8; 4])>> {
        let border = self.border.filter(|(thickness, color)| *thickness > 0.0 && color.a > 0);
        if self.radius <= 0.0 && border.is_none() {
            return None;
        }
        let outer = Rounded::new(width, height, self.radius, 0.0);
        let inner = border.map(|(thickness, color)| {
            (Rounded::new(width, height, (self.radius - thickness).max(0.0), thickness), color)
        });
        let pixels = (0..height as usize).flat_map(|y| (0..width as usize).map(move |x| (x, y)));
        let mask = pixels.map(|(x, y)| {
            let whole = outer.share(x, y);
            let ring = inner
                .as_ref()
                .map(|(inner, color)| tinted(*color, whole.saturating_sub(inner.share(x, y).min(whole))));
            (whole, ring.unwrap_or_default())
        });
        Some(mask.collect())
    }

    fn framed(&self, mut pixmap: Pixmap) -> Pixmap {
        let (width, height) = (pixmap.width(), pixmap.height());
        let border = self.border.filter(|(thickness, color)| *thickness > 0.0 && color.a > 0);
        if self.radius <= 0.0 && border.is_none() {
            return pixmap;
        }
        let outer = Rounded::new(width, height, self.radius, 0.0);
        let inner = border.map(|(thickness, color)| {
            (Rounded::new(width, height, (self.radius - thickness).max(0.0), thickness), color)
        });
        // Beyond the corners and the border nothing changes.
        let margin = self.radius.max(border.map_or(0.0, |(thickness, _)| thickness)).ceil() + 1.0;
        let stride = width as usize * 4;
        pixmap.edit(|pixels| {
            for (y, row) in pixels.chunks_exact_mut(stride.max(4)).enumerate() {
                let is_middle = (y as f64) > margin && (y as f64) < f64::from(height) - margin;
                // One past the last column that changes on the left, and the first on the right.
                let last = margin.floor() as usize + 1;
                let first = (f64::from(width) - margin).ceil().max(0.0) as usize;
                let columns = width as usize;
                let (left, right) =
                    if is_middle && last < first { (0..last, first..columns) } else { (0..columns, 0..0) };
                for x in left.chain(right) {
                    let pixel = &mut row[4 * x..4 * x + 4];
                    let whole = outer.share(x, y);
                    let ring = inner.as_ref().map(|(inner, color)| {
                        let share = whole.saturating_sub(inner.share(x, y).min(whole));
                        tinted(*color, share)
                    });
                    let ring = ring.unwrap_or_default();
                    for (channel, above) in pixel.iter_mut().zip(ring) {
                        *channel = above.saturating_add(mul_255(mul_255(*channel, whole), 255 - ring[3]));
                    }
                }
            }
        });
        pixmap
    }
}

impl Shadow {
    fn under(&self, pixmap: Pixmap) -> (Pixmap, (u32, u32)) {
        let reach = blur_reach(self.sigma) as i32;
        let whole = |value: f64| (value + 0.5).floor().clamp(-1e5, 1e5) as i32;
        let own = PixelRect::at(0, 0, pixmap.width(), pixmap.height());
        let spread = PixelRect { x0: -reach, y0: -reach, x1: own.x1 + reach, y1: own.y1 + reach };
        let cast = spread.translated(whole(self.dx), whole(self.dy));
        let all = cast.union(own);
        if own.is_empty() || all.area() > MAX_LAYER_PIXELS {
            return (pixmap, (0, 0));
        }
        let columns = spread.width() as usize;
        let mut shares = vec![0; columns * spread.height() as usize];
        for y in 0..pixmap.height() {
            let start = (y as usize + reach as usize) * columns + reach as usize;
            let row = pixmap.row(y).as_chunks::<4>().0;
            shares[start..].iter_mut().zip(row).for_each(|(share, pixel)| *share = pixel[3]);
        }
        blur_coverage(&mut shares, (spread.width(), spread.height()), self.sigma);

        let stride = all.width() as usize * 4;
        let mut pixels = vec![0; stride * all.height() as usize];
        let place = |x: i32, y: i32| (y - all.y0) as usize * stride + (x - all.x0) as usize * 4;
        for (y, shares) in (cast.y0..).zip(shares.chunks_exact(columns)) {
            let start = place(cast.x0, y);
            tint_row(pixels[start..][..4 * columns].as_chunks_mut().0, shares, self.color);
        }
        for y in 0..own.y1 {
            let start = place(0, y);
            let row = pixmap.row(y as u32);
            cover_row(pixels[start..][..row.len()].as_chunks_mut().0, row.as_chunks().0);
        }
        let drawn = Pixmap::from_premultiplied(all.width(), all.height(), pixels);
        let offset = ((-all.x0) as u32, (-all.y0) as u32);
        drawn.map_or((pixmap, (0, 0)), |drawn| (drawn, offset))
    }
}

row_kernel! {
    /// A colour at shares of its opacity, premultiplied.
    tint_row(pixels: &mut [[u8; 4]], shares: &[u8], color: Color) {
        for (pixel, share) in pixels.iter_mut().zip(shares) {
            *pixel = tinted(color, *share);
        }
    }
}

row_kernel! {
    /// One row of pixels over another.
    cover_row(below: &mut [[u8; 4]], above: &[[u8; 4]]) {
        for (below, above) in below.iter_mut().zip(above) {
            let rest = 255 - above[3];
            *below = std::array::from_fn(|c| above[c].saturating_add(mul_255(below[c], rest)));
        }
    }
}

/// A rectangle with round corners inside a picture's own.
struct Rounded {
    center: (f64, f64),
    /// Half sides less the radius.
    straight: (f64, f64),
    radius: f64,
}

impl Rounded {
    /// The picture's rectangle drawn in by `inset` on each side.
    fn new(width: u32, height: u32, radius: f64, inset: f64) -> Self {
        let center = (f64::from(width) / 2.0, f64::from(height) / 2.0);
        let half = ((center.0 - inset).max(0.0), (center.1 - inset).max(0.0));
        let radius = radius.clamp(0.0, half.0.min(half.1));
        Self { center, straight: (half.0 - radius, half.1 - radius), radius }
    }

    /// How much of a pixel is inside, from the distance of its middle to the edge: exact along straight
    /// edges, within two hundredths on arcs of more than a pixel.
    fn share(&self, x: usize, y: usize) -> u8 {
        let across = (x as f64 + 0.5 - self.center.0).abs() - self.straight.0;
        let down = (y as f64 + 0.5 - self.center.1).abs() - self.straight.1;
        let (out_x, out_y) = (across.max(0.0), down.max(0.0));
        let corner = (out_x * out_x + out_y * out_y).sqrt();
        let distance = corner + across.max(down).min(0.0) - self.radius;
        ((0.5 - distance).clamp(0.0, 1.0) * 255.0 + 0.5) as u8
    }
}

/// A colour at a share of its opacity, premultiplied.
#[inline(always)]
fn tinted(color: Color, share: u8) -> [u8; 4] {
    let alpha = mul_255(share, color.a);
    [mul_255(color.r, alpha), mul_255(color.g, alpha), mul_255(color.b, alpha), alpha]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn white(width: u32, height: u32) -> Pixmap {
        Pixmap::from_straight(width, height, vec![255; (width * height * 4) as usize]).unwrap()
    }

    fn alpha(map: &Pixmap, x: u32, y: u32) -> u8 {
        map.row(y)[x as usize * 4 + 3]
    }

    #[test]
    fn corners_are_quarter_circles() {
        let (map, offset) = Edges { radius: 8.0, ..Edges::default() }.draw(white(20, 20));
        assert_eq!((offset, alpha(&map, 0, 0), alpha(&map, 10, 0), alpha(&map, 3, 3)), ((0, 0), 0, 255, 255));
        // Compared with the area inside the circle, taken at 64 × 64 places a pixel.
        for y in 0..8 {
            for x in 0..8 {
                let n = 64;
                let inside = (0..n * n).filter(|k| {
                    let at = |whole: u32, part: u32| {
                        f64::from(whole) + (f64::from(part) + 0.5) / f64::from(n) - 8.0
                    };
                    let (dx, dy) = (at(x, k % n), at(y, k / n));
                    dx * dx + dy * dy <= 64.0
                });
                let exact = inside.count() as f64 / f64::from(n * n);
                let found = f64::from(alpha(&map, x, y)) / 255.0;
                assert!((found - exact).abs() < 0.08, "{x},{y}: {found} for {exact}");
            }
        }
    }

    #[test]
    fn a_border_lies_inside_the_edge() {
        let red = Color::rgb(255, 0, 0);
        let (map, _) = Edges { border: Some((2.0, red)), ..Edges::default() }.draw(white(10, 8));
        let pixel = |x: usize, y: u32| &map.row(y)[x * 4..x * 4 + 4];
        assert_eq!(
            (pixel(0, 0), pixel(1, 4), pixel(2, 2)),
            (&[255, 0, 0, 255][..], &[255, 0, 0, 255][..], &[255; 4][..])
        );
        let (map, _) = Edges { border: Some((0.5, red)), ..Edges::default() }.draw(white(10, 8));
        assert_eq!(map.row(4)[..4], [255, 128, 128, 255]);
    }

    #[test]
    fn a_picture_in_its_surround_is_the_picture_drawn() {
        let edges = Edges {
            radius: 6.0,
            border: Some((2.0, Color::rgb(250, 120, 0))),
            shadow: Some(Shadow { color: Color { r: 0, g: 0, b: 60, a: 200 }, sigma: 2.0, dx: 3.0, dy: 2.0 }),
        };
        let picture = Pixmap::from_straight(24, 18, [40, 180, 90, 255].repeat(24 * 18)).unwrap();
        let (drawn, before) = edges.draw(picture);
        let (around, same, shares) = edges.around(24, 18);
        assert_eq!((before, drawn.width(), drawn.height()), (same, around.width(), around.height()));
        for y in 0..drawn.height() {
            for x in 0..drawn.width() {
                let inside = x.checked_sub(before.0).zip(y.checked_sub(before.1));
                let share = match inside {
                    Some((x, y)) if x < 24 && y < 18 => shares[(y * 24 + x) as usize],
                    _ => 0,
                };
                let own = [40, 180, 90, 255].map(|channel| mul_255(channel, share));
                let both: Vec<u8> =
                    around.row(y)[x as usize * 4..][..4].iter().zip(own).map(|(a, b)| a + b).collect();
                let near =
                    both.iter().zip(&drawn.row(y)[x as usize * 4..][..4]).all(|(a, b)| a.abs_diff(*b) <= 2);
                assert!(near, "{x},{y}: {both:?}");
            }
        }
    }

    #[test]
    fn a_shadow_follows_the_picture() {
        let shadow = Shadow { color: Color { r: 0, g: 0, b: 0, a: 128 }, sigma: 0.0, dx: 3.0, dy: -2.0 };
        let (map, offset) = Edges { shadow: Some(shadow), ..Edges::default() }.draw(white(4, 4));
        assert_eq!((map.width(), map.height(), offset), (7, 6, (0, 2)));
        assert_eq!(
            (alpha(&map, 0, 0), alpha(&map, 4, 0), alpha(&map, 3, 3), alpha(&map, 0, 5)),
            (0, 128, 255, 255)
        );
        let soft = Shadow { sigma: 2.0, dx: 0.0, dy: 0.0, ..shadow };
        let (map, offset) = Edges { shadow: Some(soft), ..Edges::default() }.draw(white(20, 20));
        let beside = alpha(&map, offset.0 - 1, offset.1 + 10);
        assert!((45..=64).contains(&beside), "{beside}");
    }
}
