//! Layers in pieces.

use vid_timeline::Size;

use crate::cpu::sheet::Sheet;
use crate::raster::Pixmap;
use crate::raster::noise::cell;
use crate::raster::sample::{Picture, Rgba};
use crate::scene::Area;

/// Tiles of an explosion across the longer side.
const N_TILES: f64 = 14.0;
/// Grains of an evaporation down the canvas's shorter side.
const N_GRAINS: f64 = 160.0;

/// Pixels that pieces are painted on: the canvas at rest, at a sheet's density.
struct Table {
    pixels: Vec<u8>,
    width: usize,
    height: usize,
}

impl Table {
    fn of(canvas: Size, density: (f64, f64)) -> Self {
        let side =
            |length: u32, density: f64| (f64::from(length) * density).ceil().clamp(1.0, 16_384.0) as usize;
        let (width, height) = (side(canvas.width, density.0), side(canvas.height, density.1));
        Self { pixels: vec![0; 4 * width * height], width, height }
    }

    /// Paints on the pixel in that column and row, if there is one.
    #[inline(always)]
    fn over(&mut self, x: i64, y: i64, pixel: Rgba) {
        if pixel[3] <= 0.0 || x < 0 || y < 0 || x >= self.width as i64 || y >= self.height as i64 {
            return;
        }
        let at = 4 * (y as usize * self.width + x as usize);
        let rest = 1.0 - pixel[3] / 255.0;
        for (below, value) in self.pixels[at..at + 4].iter_mut().zip(pixel) {
            *below = (value + f32::from(*below) * rest + 0.5) as u8;
        }
    }

    fn lay(self, sheet: &mut Sheet, density: (f64, f64)) {
        let (width, height) = (self.width as u32, self.height as u32);
        let pixmap = Pixmap::from_premultiplied(width, height, self.pixels);
        sheet.pixmap = pixmap.unwrap_or_else(|| Pixmap::transparent(width, height));
        (sheet.left, sheet.top) = (0.0, 0.0);
        (sheet.width, sheet.height) = (f64::from(width) / density.0, f64::from(height) / density.1);
    }
}

/// Tiles that fly from the middle of the box, turning and shrinking; 0 is whole, 1 gone.
pub fn explode(sheet: &mut Sheet, area: Area, amount: f64, canvas: Size) {
    let density = sheet.densities();
    let Some(picture) = Picture::of(&sheet.pixmap) else { return };
    let mut table = Table::of(canvas, density);
    let side = (picture.width().max(picture.height()) / N_TILES as f32).max(2.0).ceil();
    let (origin_x, origin_y) = ((sheet.left * density.0) as f32, (sheet.top * density.1) as f32);
    let middle = (
        ((area.0 + area.2 / 2.0 - sheet.left) * density.0) as f32,
        ((area.1 + area.3 / 2.0 - sheet.top) * density.1) as f32,
    );
    let reach = (f64::from(canvas.width.max(canvas.height)) * 0.75 * density.0) as f32;
    let amount = amount as f32;
    let (columns, rows) = ((picture.width() / side).ceil() as i32, (picture.height() / side).ceil() as i32);
    for row in 0..rows {
        for column in 0..columns {
            let chance = |n: u32| cell(column, row, 40 + n) - 0.5;
            let half = side / 2.0;
            let (x, y) = (column as f32 * side + half, row as f32 * side + half);
            let (dx, dy) = (x - middle.0, y - middle.1);
            let length = (dx * dx + dy * dy).sqrt().max(1.0);
            let way = reach * amount * (0.8 + chance(0));
            let center = (
                origin_x + x + way * (dx / length + 0.7 * chance(1)),
                origin_y + y + way * (dy / length + 0.7 * chance(2)),
            );
            let turn = amount * chance(3) * 12.0;
            let (sin, cos) = (libm::sinf(turn), libm::cosf(turn));
            let scale = 1.0 - 0.6 * amount;
            let bound = half * scale * 1.5 + 1.0;
            for py in (center.1 - bound) as i64..=(center.1 + bound) as i64 {
                for px in (center.0 - bound) as i64..=(center.0 + bound) as i64 {
                    let (u, v) = (px as f32 + 0.5 - center.0, py as f32 + 0.5 - center.1);
                    let (u, v) = ((u * cos + v * sin) / scale, (v * cos - u * sin) / scale);
                    // The share of the pixel that is on the tile.
                    let edge = (half - u.abs().max(v.abs())) * scale + 0.5;
                    if edge > 0.0 {
                        let pixel = picture.sample(x + u, y + v);
                        table.over(px, py, pixel.map(|channel| channel * edge.min(1.0)));
                    }
                }
            }
        }
    }
    table.lay(sheet, density);
}

/// Grains that rise and fade, those at the top first; 0 is whole, 1 gone.
pub fn evaporate(sheet: &mut Sheet, area: Area, amount: f64, canvas: Size) {
    let density = sheet.densities();
    let Some(picture) = Picture::of(&sheet.pixmap) else { return };
    let mut table = Table::of(canvas, density);
    let side = (f64::from(canvas.width.min(canvas.height)) * density.1 / N_GRAINS).ceil().max(1.0) as usize;
    let (left, top) =
        ((sheet.left * density.0 + 0.5).floor() as i64, (sheet.top * density.1 + 0.5).floor() as i64);
    let (width, height) = (sheet.pixmap.width() as usize, sheet.pixmap.height() as usize);
    let rise = (f64::from(canvas.height) * 0.3 * density.1) as f32;
    let drift = (f64::from(canvas.height) * 0.12 * density.0) as f32;
    for (row, y) in (0..height).step_by(side).enumerate() {
        let down = ((y as f64 / density.1 + sheet.top - area.1) / area.3.max(1.0)).clamp(0.0, 1.0) as f32;
        for (column, x) in (0..width).step_by(side).enumerate() {
            let chance = |n: u32| cell(column as i32, row as i32, 50 + n);
            let begin = 0.55 * down + 0.15 * chance(0);
            let gone = ((amount as f32 - begin) / 0.3).clamp(0.0, 1.0);
            if gone >= 1.0 {
                continue;
            }
            let dx = (drift * gone * (chance(1) - 0.5)) as i64;
            let dy = -(rise * gone * gone * (0.4 + chance(2))) as i64;
            let share = 1.0 - gone * gone;
            for py in y..(y + side).min(height) {
                for px in x..(x + side).min(width) {
                    let pixel = picture.pixel(px, py).map(|channel| channel * share);
                    table.over(left + px as i64 + dx, top + py as i64 + dy, pixel);
                }
            }
        }
    }
    table.lay(sheet, density);
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANVAS: Size = Size { width: 64, height: 40 };
    const AREA: Area = (16.0, 8.0, 32.0, 24.0);

    fn sheet() -> Sheet {
        let pixmap = Pixmap::from_premultiplied(32, 24, [200, 100, 50, 255].repeat(32 * 24)).unwrap();
        Sheet { pixmap, left: 16.0, top: 8.0, width: 32.0, height: 24.0 }
    }

    fn ink(sheet: &Sheet) -> u64 {
        sheet.pixmap.pixels().chunks_exact(4).map(|pixel| u64::from(pixel[3])).sum()
    }

    #[test]
    fn pieces_are_whole_at_first_and_gone_in_the_end() {
        for work in [explode, evaporate] {
            let amounts = [0.0, 0.3, 0.6, 1.0].map(|amount| {
                let mut sheet = sheet();
                work(&mut sheet, AREA, amount, CANVAS);
                assert_eq!((sheet.width, sheet.height), (64.0, 40.0));
                ink(&sheet)
            });
            let whole = ink(&sheet());
            assert!(amounts[0].abs_diff(whole) < whole / 50, "{amounts:?} of {whole}");
            assert!(amounts.is_sorted_by(|a, b| a >= b) && amounts[3] < whole / 5, "{amounts:?}");
        }
    }
}
