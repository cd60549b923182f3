//! Between solid R'G'B' pixels and 4:2:0 planes of one size: to planes of BT.709 in limited range, and from
//! planes of any description.
//!
//! The same integers as FFmpeg's scaler with exact rounding, which the tests hold it to, in a form that
//! becomes vector code. Chroma is made, and read between its samples, by the scaler's bicubic filter (B = 0,
//! C = 0.6) centred on its block, held beyond the edges: weights with 14 bits across and 12 down, values between
//! the two with 15 bits.

use super::color::{ColorSpec, YccMatrix, YccRange};
use super::planes::{Planes, PlanesMut};
use super::simd::{
    PixelWeights, chroma_down_row, double_row, halve_row, luma_from_pixels, pixels_from_row, weigh_row,
};

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

/// Fills rows of R'G'B'A, `stride` bytes apart, with what planes of that description show, solid. `false`, and
/// nothing is done, when the planes' sides are not even or the rows too few or too short.
pub fn rgba_from_planes(dst: &mut [u8], stride: usize, source: &Planes<'_>, spec: ColorSpec) -> bool {
    let (width, height) = (source.width() as usize, source.height() as usize);
    if !fits(width, height, dst.len(), stride) {
        return false;
    }
    let weights = pixel_weights(spec);
    let halves = (width / 2, height / 2);
    let mut padded = vec![0; halves.0 + 4];
    // Four rows of each chroma plane, as wide as the picture, from the one whose turn it is.
    let mut rows = [(); 2].map(|()| vec![0_i16; READ * width]);
    let mut n_doubled = 0;
    for (y, line) in dst.chunks_mut(stride).take(height).enumerate() {
        // The first of the four rows of chroma around this row, which may lie beyond the edge.
        let first = (y / 2 + y % 2) as isize - 2;
        let held = |k: usize| (first + k as isize).clamp(0, halves.1 as isize - 1) as usize;
        while n_doubled <= held(READ - 1) {
            for (index, rows) in rows.iter_mut().enumerate() {
                let samples = source.samples(index + 1, n_doubled);
                padded[2..][..halves.0].copy_from_slice(samples);
                padded[..2].fill(samples[0]);
                padded[halves.0 + 2..].fill(samples[halves.0 - 1]);
                let row = &mut rows[n_doubled % READ * width..][..width];
                double_row(row, &padded);
                let [a, b, c] = [samples[0], samples[1], samples[2]].map(i32::from);
                row[0] = ((17_729 * a - 1345 * b) >> 7).min(32_767) as i16;
                row[2] = ((3835 * a + 13_894 * b - 1345 * c) >> 7).min(32_767) as i16;
            }
            n_doubled += 1;
        }
        let [cb, cr] =
            rows.each_ref().map(|rows| std::array::from_fn(|k| &rows[held(k) % READ * width..][..width]));
        let down = match y {
            0 => [0, 0, 4432, -336],
            2 => [0, 959, 3473, -336],
            _ if y % 2 == 0 => DOWN,
            _ => [DOWN[3], DOWN[2], DOWN[1], DOWN[0]],
        };
        pixels_from_row(&mut line[..4 * width], source.samples(0, y), cb, cr, down, &weights);
    }
    true
}

/// Rows of chroma that a row of pixels is made from.
const READ: usize = 4;
/// Their weights, in 1/4096, on even rows; on odd ones they are the other way round. On the first and the third
/// row, and column, the scaler leaves out what lies furthest beyond the edge and makes the others up to one.
const DOWN: [i16; READ] = [-115, 985, 3572, -346];

/// The matrix of a description, as the scaler rounds it: 13 bits after the point.
fn pixel_weights(spec: ColorSpec) -> PixelWeights {
    // What Cr adds to red, Cb to blue, and either takes from green, in 1/65536 for limited range.
    let chroma: [i32; 4] = match spec.matrix {
        YccMatrix::Bt601 => [104_597, 132_201, -25_675, -53_279],
        YccMatrix::Bt709 => [117_489, 138_438, -13_975, -34_925],
    };
    let (luma, black, chroma) = match spec.range {
        YccRange::Limited => (65_536 * 255 / 219, 16, chroma),
        YccRange::Full => (65_536, 0, chroma.map(|weight| weight * 224 / 255)),
    };
    let rounded = |weight: i32| (weight + 4) >> 3;
    let [red, blue, green_cb, green_cr] = chroma.map(rounded);
    PixelWeights { luma: rounded(luma), black: black << 9, red, blue, green: [green_cb, green_cr] }
}

fn fits(width: usize, height: usize, length: usize, stride: usize) -> bool {
    let is_even = width.is_multiple_of(2) && height.is_multiple_of(2) && width > 0 && height > 0;
    is_even && stride >= 4 * width && length >= stride * (height - 1) + 4 * width
}
