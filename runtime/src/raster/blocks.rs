//! Rows of pixels in blocks, channel by channel: a loop over a block that nothing else can reach becomes vector code.

use super::paint::byte;

/// Pixels that are worked on together.
pub const BLOCK: usize = 64;

/// Fills rows, which are equally long, with the numbers that `value` says for each pixel's place in the row, counted
/// from 0. As vector code also where it says several.
#[inline(always)]
#[expect(
    clippy::needless_range_loop,
    reason = "an index over all rows of a block is what becomes vector code"
)]
pub fn fill_rows<const K: usize>(mut rows: [&mut [f32]; K], value: impl Fn(usize) -> [f32; K]) {
    let length = rows.iter().map(|row| row.len()).min().unwrap_or(0);
    let mut made = [[0.0_f32; BLOCK]; K];
    for first in (0..length).step_by(BLOCK) {
        let count = BLOCK.min(length - first);
        for x in 0..count {
            let values = value(first + x);
            (0..K).for_each(|k| made[k][x] = values[k]);
        }
        for (row, made) in rows.iter_mut().zip(&made) {
            row[first..][..count].copy_from_slice(&made[..count]);
        }
    }
}

/// The middle of a pixel.
#[inline(always)]
pub fn center(x: usize) -> f32 {
    x as i32 as f32 + 0.5
}

/// Lays pixels out channel by channel.
#[inline(always)]
pub fn parted(channels: &mut [[f32; BLOCK]; 4], pixels: &[[u8; 4]]) {
    for (c, channel) in channels.iter_mut().enumerate() {
        for (channel, pixel) in channel.iter_mut().zip(pixels) {
            *channel = (u32::from_le_bytes(*pixel) >> (8 * c) & 0xff) as i32 as f32;
        }
    }
}

/// The opposite of [`parted`], rounded.
#[inline(always)]
pub fn joined(pixels: &mut [[u8; 4]], [r, g, b, a]: &[[f32; BLOCK]; 4]) {
    let colors = r.iter().zip(g).zip(b.iter().zip(a));
    for (pixel, ((r, g), (b, a))) in pixels.iter_mut().zip(colors) {
        let [r, g, b, a] = [r, g, b, a].map(|channel| u32::from(byte(*channel)));
        *pixel = (r | g << 8 | b << 16 | a << 24).to_le_bytes();
    }
}

/// What a row has for each pixel, with the pixels' centres.
#[inline(always)]
pub fn centers<T>(row: &mut [T]) -> impl Iterator<Item = (f32, &mut T)> {
    (0_i32..).zip(row).map(|(x, item)| (x as f32 + 0.5, item))
}
