//! From solid R'G'B' pixels to 4:2:0 planes of BT.709 in limited range, at one size.
//!
//! The same integers as FFmpeg's scaler with exact rounding, which the tests hold it to, in a form that
//! becomes vector code. Chroma is made by the scaler's bicubic filter (B = 0, C = 0.6) centred on its block,
//! held beyond the edges: weights with 14 bits across and 12 down, values between the two with 15 bits.

use super::planes::PlanesMut;
use super::simd::{chroma_down_row, halve_row, luma_from_pixels, weigh_row};

/// Columns beyond an edge that the filter reads: on the left and on the right.
const BEFORE: usize = 3;
const AFTER: usize = 4;
/// Rows that are kept of what has been filtered across: as many as one row of the result reads.
const KEPT: usize = 8;

/// The rows for Cb and Cr of the way to planes, in 1/32768.
const CHROMA_FROM_RGB: [[i32; 3]; 2] = [[-3298, -11094, 14392], [14392, -13073, -1320]];

/// Fills planes whose sides are even from rows of R'G'B'A, `stride` bytes apart, whose opacity is not looked
/// at. `false`, and nothing is done, when they are not even or the rows are too short.
pub fn planes_from_rgba(dst: &mut PlanesMut<'_>, source: &[u8], stride: usize) -> bool {
    let (width, height) = (dst.width() as usize, dst.size(0).1);
    if !fits(width, height, source.len(), stride) {
        return false;
    }
    let halves = width / 2;
    let mut padded = vec![0; width + BEFORE + AFTER];
    let mut rows = [(); 2].map(|()| vec![0_i16; KEPT * halves]);
    let mut n_filtered = 0;
    for (y, line) in source.chunks(stride).take(height).enumerate() {
        luma_from_pixels(dst.row(0, y), &line[..4 * width]);
    }
    for y in 0..height / 2 {
        let held = |k: usize| (2 * y + k).saturating_sub(BEFORE).min(height - 1);
        while n_filtered <= held(BEFORE + AFTER) {
            let line = &source[n_filtered * stride..][..4 * width];
            for (rows, weights) in rows.iter_mut().zip(CHROMA_FROM_RGB) {
                weigh_row(&mut padded[BEFORE..][..width], line, weights);
                let (first, last) = (padded[BEFORE], padded[BEFORE + width - 1]);
                padded[..BEFORE].fill(first);
                padded[BEFORE + width..].fill(last);
                halve_row(&mut rows[n_filtered % KEPT * halves..][..halves], &padded);
            }
            n_filtered += 1;
        }
        for (index, rows) in rows.iter().enumerate() {
            let lines = std::array::from_fn(|k| &rows[held(k) % KEPT * halves..][..halves]);
            chroma_down_row(dst.row(index + 1, y), lines);
        }
    }
    true
}

fn fits(width: usize, height: usize, length: usize, stride: usize) -> bool {
    let is_even = width.is_multiple_of(2) && height.is_multiple_of(2) && width > 0 && height > 0;
    is_even && stride >= 4 * width && length >= stride * (height - 1) + 4 * width
}
