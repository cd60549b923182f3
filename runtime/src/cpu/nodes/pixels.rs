//! What motions do to a layer's pixels before it takes its pose: cuts, blurs, parted colours, a band of
//! light, pieces.

use vid_timeline::Size;

use super::scatter;
use crate::cpu::sheet::Sheet;
use crate::raster::{Beyond, Pixmap, blur, blur_reach};
use crate::scene::{Area, MotionState, ScatterKind};

/// How bright the band of a shimmer is: the share of white in its middle.
pub(crate) const SHIMMER: f32 = 0.75;
/// Half the width of the band, and how far it leans, in widths of the box.
pub(crate) const BAND: (f64, f64) = (0.16, 0.3);

/// Puts `state` on a sheet whose layer has its box at `area` on a canvas of that size.
pub fn apply(sheet: &mut Sheet, area: Area, state: &MotionState, canvas: Size) {
    if state.clip != [0.0; 4] {
        clip(sheet, area, state.clip);
    }
    if let Some(at) = state.shimmer {
        shimmer(sheet, area, at);
    }
    if state.split != 0.0 {
        split(sheet, state.split);
    }
    if state.blur_x > 0.0 || state.blur_y > 0.0 {
        soften(sheet, (state.blur_x, state.blur_y));
    }
    scattered(sheet, area, state, canvas);
}

/// Puts the layer in the pieces that `state` asks for.
pub fn scattered(sheet: &mut Sheet, area: Area, state: &MotionState, canvas: Size) {
    if let Some(pieces) = state.scatter.filter(|pieces| pieces.amount > 0.0) {
        match pieces.kind {
            ScatterKind::Explode => scatter::explode(sheet, area, pieces.amount, canvas),
            ScatterKind::Evaporate => scatter::evaporate(sheet, area, pieces.amount, canvas),
        }
    }
}

/// Takes the pixels out of a sheet for a change.
fn taken(sheet: &mut Sheet) -> Pixmap {
    std::mem::replace(&mut sheet.pixmap, Pixmap::transparent(0, 0))
}

/// The share of each of `n` pixels that lies between `from` and `to`, counted in pixels.
pub(crate) fn shares(n: u32, from: f64, to: f64) -> Vec<f32> {
    let part = |x: f64| (to.min(x + 1.0) - from.max(x)).clamp(0.0, 1.0);
    (0..n).map(|x| part(f64::from(x)) as f32).collect()
}

fn clip(sheet: &mut Sheet, area: Area, [left, top, right, bottom]: [f64; 4]) {
    let (across, down) = sheet.densities();
    // An edge that cuts nothing leaves what reaches beyond the box, such as a shadow.
    let edge = |cut: f64, at: f64, otherwise: f64| if cut > 0.0 { at } else { otherwise };
    let x0 = edge(left, (area.0 + left * area.2 - sheet.left) * across, f64::NEG_INFINITY);
    let x1 = edge(right, (area.0 + (1.0 - right) * area.2 - sheet.left) * across, f64::INFINITY);
    let y0 = edge(top, (area.1 + top * area.3 - sheet.top) * down, f64::NEG_INFINITY);
    let y1 = edge(bottom, (area.1 + (1.0 - bottom) * area.3 - sheet.top) * down, f64::INFINITY);
    let columns = shares(sheet.pixmap.width(), x0, x1);
    let rows = shares(sheet.pixmap.height(), y0, y1);
    let width = columns.len().max(1);
    sheet.pixmap.edit(|pixels| {
        for (line, row) in pixels.chunks_exact_mut(4 * width).zip(rows) {
            for (pixel, column) in line.chunks_exact_mut(4).zip(&columns) {
                let share = row * column;
                if share < 1.0 {
                    pixel.iter_mut().for_each(|channel| *channel = (f32::from(*channel) * share + 0.5) as u8);
                }
            }
        }
    });
}

/// A band of light that leans to the right and crosses the box from left to right.
fn shimmer(sheet: &mut Sheet, area: Area, at: f64) {
    let (across, down) = sheet.densities();
    let (half, lean) = BAND;
    let middle = -half - lean + at * (1.0 + 2.0 * half + lean);
    let width = sheet.pixmap.width().max(1) as usize;
    let (left, top) = (sheet.left, sheet.top);
    sheet.pixmap.edit(|pixels| {
        for (row, line) in pixels.chunks_exact_mut(4 * width).enumerate() {
            let v = ((row as f64 + 0.5) / down + top - area.1) / area.3.max(1.0);
            for (column, pixel) in line.chunks_exact_mut(4).enumerate() {
                let u = ((column as f64 + 0.5) / across + left - area.0) / area.2.max(1.0);
                let near = (1.0 - (u - middle - lean * (1.0 - v)).abs() / half).max(0.0) as f32;
                let light = SHIMMER * near * near * (3.0 - 2.0 * near);
                if light > 0.0 {
                    let alpha = f32::from(pixel[3]);
                    for channel in &mut pixel[..3] {
                        let value = f32::from(*channel);
                        *channel = (value + (alpha - value) * light + 0.5) as u8;
                    }
                }
            }
        }
    });
}

/// Red to the left and blue to the right by `distance` pixels of the canvas.
fn split(sheet: &mut Sheet, distance: f64) {
    let shift = (distance * sheet.densities().0 + 0.5).floor().clamp(0.0, 4096.0) as u32;
    if shift == 0 {
        return;
    }
    let before = &sheet.pixmap;
    let (width, height) = (before.width() + 2 * shift, before.height());
    let mut pixels = vec![0; 4 * width as usize * height as usize];
    let offset = shift as usize;
    for (y, line) in pixels.chunks_exact_mut(4 * width as usize).enumerate() {
        for (x, pixel) in before.row(y as u32).chunks_exact(4).enumerate() {
            // Red goes by −shift, green stays, blue goes by +shift, all in the wider picture.
            for (channel, at) in [(0, x), (1, x + offset), (2, x + 2 * offset)] {
                line[4 * at + channel] = pixel[channel];
                line[4 * at + 3] = line[4 * at + 3].max(pixel[3]);
            }
        }
    }
    let pixmap = Pixmap::from_premultiplied(width, height, pixels);
    sheet.extended(pixmap.unwrap_or_else(|| Pixmap::transparent(width, height)), (shift, 0));
}

/// Blurred by deviations in pixels of the canvas. What is solid to its edges stays so.
fn soften(sheet: &mut Sheet, sigma: (f64, f64)) {
    let (across, down) = sheet.densities();
    let sigma = (sigma.0 * across, sigma.1 * down);
    let before = taken(sheet);
    if before.is_opaque() {
        sheet.pixmap = blur(before, sigma, Beyond::Edge);
        return;
    }
    let reach = (blur_reach(sigma.0), blur_reach(sigma.1));
    let wider = padded(&before, reach);
    sheet.pixmap = before;
    sheet.extended(blur(wider, sigma, Beyond::Clear), reach);
}

/// The picture with clear columns on both sides and clear rows above and below.
fn padded(pixmap: &Pixmap, (across, down): (u32, u32)) -> Pixmap {
    let (width, height) = (pixmap.width() + 2 * across, pixmap.height() + 2 * down);
    let mut pixels = vec![0; 4 * width as usize * height as usize];
    let rows = pixels.chunks_exact_mut(4 * (width as usize).max(1)).skip(down as usize);
    for (y, line) in rows.take(pixmap.height() as usize).enumerate() {
        let row = pixmap.row(y as u32);
        line[4 * across as usize..][..row.len()].copy_from_slice(row);
    }
    Pixmap::from_premultiplied(width, height, pixels).unwrap_or_else(|| Pixmap::transparent(width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANVAS: Size = Size { width: 100, height: 50 };
    const AREA: Area = (10.0, 20.0, 4.0, 2.0);

    fn sheet(pixels: &[[u8; 4]]) -> Sheet {
        let pixmap = Pixmap::from_premultiplied(4, 2, pixels.concat()).unwrap();
        Sheet { pixmap, left: 10.0, top: 20.0, width: 4.0, height: 2.0 }
    }

    fn alphas(sheet: &Sheet) -> Vec<u8> {
        sheet.pixmap.pixels().chunks_exact(4).map(|pixel| pixel[3]).collect()
    }

    #[test]
    fn a_cut_leaves_parts_of_pixels() {
        let mut white = sheet(&[[255; 4]; 8]);
        let state = MotionState { clip: [0.375, 0.0, 0.0, 0.5], ..MotionState::REST };
        apply(&mut white, AREA, &state, CANVAS);
        assert_eq!(alphas(&white), [0, 128, 255, 255, 0, 0, 0, 0]);
    }

    #[test]
    fn colours_part_and_the_sheet_grows() {
        let mut white = sheet(&[[255; 4]; 8]);
        apply(&mut white, AREA, &MotionState { split: 1.0, ..MotionState::REST }, CANVAS);
        assert_eq!((white.left, white.width), (9.0, 6.0));
        let row: Vec<[u8; 3]> = white.pixmap.row(0).chunks_exact(4).map(|p| [p[0], p[1], p[2]]).collect();
        assert_eq!(row[0], [255, 0, 0]);
        assert_eq!(row[1], [255, 255, 0]);
        assert_eq!(row[2], [255, 255, 255]);
        assert_eq!(row[5], [0, 0, 255]);
    }

    #[test]
    fn light_crosses_and_leaves_the_outline() {
        for (at, lit) in [(0.0, false), (0.5, true), (1.0, false)] {
            let mut dark = sheet(&[[0, 0, 0, 200]; 8]);
            apply(&mut dark, AREA, &MotionState { shimmer: Some(at), ..MotionState::REST }, CANVAS);
            assert_eq!(dark.pixmap.pixels().iter().any(|byte| *byte != 0 && *byte != 200), lit, "{at}");
            assert_eq!(alphas(&dark), [200; 8]);
        }
    }

    #[test]
    fn solid_pictures_keep_their_edges_when_they_blur() {
        let state = MotionState { blur_x: 2.0, blur_y: 2.0, ..MotionState::REST };
        let mut solid = sheet(&[[90, 90, 90, 255]; 8]);
        apply(&mut solid, AREA, &state, CANVAS);
        assert_eq!(alphas(&solid), [255; 8]);
        let mut letters = sheet(&[[90, 90, 90, 90]; 8]);
        apply(&mut letters, AREA, &state, CANVAS);
        assert!(letters.width > 4.0 && letters.left < 10.0);
    }
}
