//! Putting layers, frames and colours into a frame.

use super::color::Ycc;
use super::planar::PlanarLayer;
use super::planes::{Planes, PlanesMut};
use super::rect::PixelRect;
use super::simd::{fade_row, mix_into_row, mix_row, over_row, put_row};
use super::spans::Cover;

/// A share between nothing and all, in 65 536ths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Weight(u32);

impl Weight {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// All.
    pub const ONE: Self = Self(65_536);

    /// From a number 0–1, rounded half up; what is outside is cut to it, and no number is nothing.
    pub fn from_unit(value: f64) -> Self {
        let limited = if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) };
        Self((limited * 65_536.0 + 0.5) as u32)
    }

    /// The share in 65 536ths, 0–65 536.
    pub fn parts(self) -> u32 {
        self.0
    }
}

/// Whether a kernel may use more than the calling thread. The bytes are the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rows {
    /// One thread: right where frames are already made on every core.
    Serial,
    /// Bands of rows on the global thread pool: right for a single frame in a hurry.
    Parallel,
}

/// A rectangle that would have to be cut through chroma samples.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "the rectangle {}..{} x {}..{} does not lie on even pixels",
    rect.x0,
    rect.x1,
    rect.y0,
    rect.y1
)]
pub struct NotAligned {
    /// The rectangle, cut to the frame.
    pub rect: PixelRect,
}

/// Smallest band worth handing to another thread, in luma rows.
const BAND_ROWS: u32 = 64;

/// Runs `work` on the frame, or on bands of it.
pub(super) fn in_bands(dst: PlanesMut<'_>, rows: Rows, work: &(impl Fn(PlanesMut<'_>) + Sync)) {
    if rows == Rows::Serial || dst.height() < 2 * BAND_ROWS {
        return work(dst);
    }
    let middle = dst.height() / 2;
    let (above, below) = dst.split(middle);
    rayon::join(|| in_bands(above, rows, work), || in_bands(below, rows, work));
}

/// Blends `layer` into the frame: `dst·(1 − a·o) + src·o`, with src premultiplied, in each plane,
/// rounded once to the nearest. Only samples inside the layer's rectangle and the frame change.
pub fn blend(dst: &mut PlanesMut<'_>, layer: &PlanarLayer, opacity: Weight, rows: Rows) {
    if opacity == Weight::ZERO || layer.is_clear() {
        return;
    }
    in_bands(dst.reborrow(), rows, &|mut band| {
        for plane in 0..3 {
            blend_plane(&mut band, layer, plane, opacity);
        }
    });
}

fn blend_plane(dst: &mut PlanesMut<'_>, layer: &PlanarLayer, plane: usize, opacity: Weight) {
    let (area, coverage) = match plane {
        0 => (layer.rect(), &layer.luma),
        _ => (layer.rect().chroma(), &layer.chroma),
    };
    let (columns, rows) = dst.size(plane);
    let top = dst.first_row(plane);
    // Frames are at most 8192 on a side.
    let here = PixelRect { x0: 0, y0: top as i32, x1: columns as i32, y1: (top + rows) as i32 };
    let visible = area.intersection(here);
    if visible.is_empty() {
        return;
    }
    // Columns of the layer that are visible, and how far they lie from the frame's.
    let first = (visible.x0 - area.x0) as usize;
    let last = (visible.x1 - area.x0) as usize;
    let shift = i64::from(area.x0);
    let width = area.width() as usize;
    for y in visible.y0..visible.y1 {
        let layer_y = (y - area.y0) as usize;
        let row = dst.row(plane, y as usize - top);
        let weighted = &layer.weighted[plane][layer_y * width..][..width];
        let alpha = coverage.alpha(layer_y);
        for span in coverage.spans(layer_y) {
            let (start, end) = ((span.start as usize).max(first), (span.end as usize).min(last));
            if start >= end {
                continue;
            }
            // Not negative: `start` is visible.
            let to = (start as i64 + shift) as usize;
            let dst = &mut row[to..to + (end - start)];
            match (opacity, span.cover) {
                (Weight::ONE, Cover::Solid) => put_row(dst, &weighted[start..end]),
                (Weight::ONE, Cover::Mixed) => over_row(dst, &weighted[start..end], &alpha[start..end]),
                _ => fade_row(dst, &weighted[start..end], &alpha[start..end], opacity.parts()),
            }
        }
    }
}

/// A cross dissolve: `a·(1 − w) + b·w` in each plane, rounded half up. What of `dst` is beyond the
/// smaller of the two sources stays as it is.
pub fn mix(dst: &mut PlanesMut<'_>, a: &Planes<'_>, b: &Planes<'_>, weight: Weight, rows: Rows) {
    in_bands(dst.reborrow(), rows, &|mut band| {
        for plane in 0..3 {
            for (y, source_y) in shared_rows(&band, &[a, b], plane) {
                let (a, b) = (a.row(plane, source_y), b.row(plane, source_y));
                let row = band.row(plane, y);
                let shared = row.len().min(a.len()).min(b.len());
                let row = &mut row[..shared];
                match weight {
                    Weight::ZERO => row.copy_from_slice(&a[..shared]),
                    Weight::ONE => row.copy_from_slice(&b[..shared]),
                    Weight(weight) => mix_row(row, &a[..shared], &b[..shared], weight),
                }
            }
        }
    });
}

/// A cross dissolve in place: `dst·(1 − w) + b·w` in each plane, rounded half up.
pub fn mix_into(dst: &mut PlanesMut<'_>, b: &Planes<'_>, weight: Weight, rows: Rows) {
    if weight == Weight::ZERO {
        return;
    }
    in_bands(dst.reborrow(), rows, &|mut band| {
        for plane in 0..3 {
            for (y, source_y) in shared_rows(&band, &[b], plane) {
                let b = b.row(plane, source_y);
                let row = band.row(plane, y);
                let shared = row.len().min(b.len());
                let row = &mut row[..shared];
                match weight {
                    Weight::ONE => row.copy_from_slice(&b[..shared]),
                    Weight(weight) => mix_into_row(row, &b[..shared], weight),
                }
            }
        }
    });
}

/// Towards one colour: `dst·(1 − w) + color·w` in each plane, rounded half up.
pub fn tint(dst: &mut PlanesMut<'_>, color: Ycc, weight: Weight) {
    for (plane, value) in [color.y, color.cb, color.cr].into_iter().enumerate() {
        let tinted = |from: u32| from * (65_536 - weight.0) + u32::from(value) * weight.0 + 32_768;
        // At most 255 · 65 536 and a half.
        let table: [u8; 256] = std::array::from_fn(|from| (tinted(from as u32) >> 16) as u8);
        for y in 0..dst.size(plane).1 {
            dst.row(plane, y).iter_mut().for_each(|sample| *sample = table[usize::from(*sample)]);
        }
    }
}

/// Rows that a band and all `sources` have, as (row of the band, row of the sources).
fn shared_rows(
    band: &PlanesMut<'_>,
    sources: &[&Planes<'_>],
    plane: usize,
) -> impl Iterator<Item = (usize, usize)> + use<> {
    let rows_of = |height: u32| if plane == 0 { height } else { height.div_ceil(2) } as usize;
    let available = sources.iter().map(|source| rows_of(source.height())).min().unwrap_or(0);
    let top = band.first_row(plane);
    let end = band.size(plane).1.min(available.saturating_sub(top));
    (0..end).map(move |y| (y, top + y))
}

/// Fills the frame with one colour.
pub fn fill(dst: &mut PlanesMut<'_>, color: Ycc) {
    for (plane, value) in [color.y, color.cb, color.cr].into_iter().enumerate() {
        for y in 0..dst.size(plane).1 {
            dst.row(plane, y).fill(value);
        }
    }
}

/// Fills a rectangle with one colour.
///
/// # Errors
/// When the rectangle, cut to the frame, ends inside the frame on an odd pixel; a
/// [`PlanarLayer::solid`] does that right.
pub fn fill_rect(dst: &mut PlanesMut<'_>, rect: PixelRect, color: Ycc) -> Result<(), NotAligned> {
    let rect = aligned(dst, rect)?;
    for (plane, value) in [color.y, color.cb, color.cr].into_iter().enumerate() {
        let rect = if plane == 0 { rect } else { rect.chroma() };
        for y in rect.y0..rect.y1 {
            dst.row(plane, y as usize)[rect.x0 as usize..rect.x1 as usize].fill(value);
        }
    }
    Ok(())
}

/// Copies `src` to where its first pixel lands on column `x`, row `y` of the frame; what falls
/// outside is left out.
///
/// # Errors
/// When the rectangle that is written ends inside the frame on an odd pixel, or `x` or `y` is odd.
pub fn copy_rect(dst: &mut PlanesMut<'_>, src: &Planes<'_>, x: i32, y: i32) -> Result<(), NotAligned> {
    let whole = PixelRect::at(x, y, src.width(), src.height());
    if (x | y) & 1 != 0 {
        return Err(NotAligned { rect: whole });
    }
    let rect = aligned(dst, whole)?;
    for plane in 0..3 {
        let (rect, x, y) = if plane == 0 { (rect, x, y) } else { (rect.chroma(), x / 2, y / 2) };
        for row in rect.y0..rect.y1 {
            let from = src.row(plane, (row - y) as usize);
            let from = &from[(rect.x0 - x) as usize..(rect.x1 - x) as usize];
            dst.row(plane, row as usize)[rect.x0 as usize..rect.x1 as usize].copy_from_slice(from);
        }
    }
    Ok(())
}

/// The rectangle cut to the frame, if its edges fall between chroma samples or on the frame's end.
fn aligned(dst: &PlanesMut<'_>, rect: PixelRect) -> Result<PixelRect, NotAligned> {
    let frame = PixelRect::at(0, 0, dst.width(), dst.height());
    let rect = rect.intersection(frame);
    let fits = |edge: i32, end: i32| edge % 2 == 0 || edge == end;
    let even = rect.x0 % 2 == 0 && rect.y0 % 2 == 0 && fits(rect.x1, frame.x1) && fits(rect.y1, frame.y1);
    if rect.is_empty() {
        Ok(PixelRect::EMPTY)
    } else if even {
        Ok(rect)
    } else {
        Err(NotAligned { rect })
    }
}

#[cfg(test)]
mod tests;
