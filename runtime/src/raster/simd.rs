//! The inner loops, one row at a time.
//!
//! Each is plain integer arithmetic over slices of equal length, which the compiler turns into
//! vector code twice: for the machine's baseline and, picked at run time, for AVX2. Integers give
//! the same bytes in both.

/// Defines a row kernel that runs as AVX2 code where the machine has it.
macro_rules! row_kernel {
    ($(#[$meta:meta])* $name:ident($($argument:ident: $kind:ty),+) $body:block) => {
        $(#[$meta])*
        pub(super) fn $name($($argument: $kind),+) {
            #[inline(always)]
            fn body($($argument: $kind),+) $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn with_avx2($($argument: $kind),+) {
                    body($($argument),+);
                }
                if std::arch::is_x86_feature_detected!("avx2") {
                    // SAFETY: the one feature it needs has just been found.
                    return unsafe { with_avx2($($argument),+) };
                }
            }
            body($($argument),+);
        }
    };
}
pub(super) use row_kernel;

/// `value / 255` rounded to the nearest, for values up to 65 025.
#[inline(always)]
fn over_255(value: u16) -> u8 {
    let value = value + 128;
    ((value + (value >> 8)) >> 8) as u8
}

/// `value / 255` rounded down, for values up to 65 535.
#[inline(always)]
fn over_255_down(value: u32) -> u8 {
    ((value * 0x8081) >> 23) as u8
}

row_kernel! {
    /// Solid samples at full opacity: `dst = weighted / 255`, rounded to the nearest.
    put_row(dst: &mut [u8], weighted: &[u16]) {
        for (dst, weighted) in dst.iter_mut().zip(weighted) {
            *dst = over_255(*weighted);
        }
    }
}

row_kernel! {
    /// Layer at full opacity: `dst = (dst · (255 − alpha) + weighted) / 255`, rounded to the nearest.
    /// `weighted` is at most `255 · alpha`.
    over_row(dst: &mut [u8], weighted: &[u16], alpha: &[u8]) {
        for ((dst, weighted), alpha) in dst.iter_mut().zip(weighted).zip(alpha) {
            *dst = over_255(u16::from(*dst) * u16::from(255 - *alpha) + *weighted);
        }
    }
}

row_kernel! {
    /// Layer at `opacity` 0–65 536 parts of 65 536, with O = 65 536:
    /// `dst = (dst · (255·O − alpha·opacity) + weighted·opacity) / (255·O)`, rounded half up.
    fade_row(dst: &mut [u8], weighted: &[u16], alpha: &[u8], opacity: u32) {
        // Every sum stays below 255 · 255 · 65 536 + 2²³, which is below 2³².
        for ((dst, weighted), alpha) in dst.iter_mut().zip(weighted).zip(alpha) {
            let rest = (255 << 16) - u32::from(*alpha) * opacity;
            let sum = u32::from(*dst) * rest + u32::from(*weighted) * opacity + (255 << 15);
            *dst = over_255_down(sum >> 16);
        }
    }
}

row_kernel! {
    /// `dst = (a · (65 536 − weight) + b · weight) / 65 536`, rounded half up.
    mix_row(dst: &mut [u8], a: &[u8], b: &[u8], weight: u32) {
        for ((dst, a), b) in dst.iter_mut().zip(a).zip(b) {
            let sum = u32::from(*a) * (65_536 - weight) + u32::from(*b) * weight + 32_768;
            *dst = (sum >> 16) as u8;
        }
    }
}

row_kernel! {
    /// As [`mix_row`], with `dst` in the place of `a`.
    mix_into_row(dst: &mut [u8], b: &[u8], weight: u32) {
        for (dst, b) in dst.iter_mut().zip(b) {
            let sum = u32::from(*dst) * (65_536 - weight) + u32::from(*b) * weight + 32_768;
            *dst = (sum >> 16) as u8;
        }
    }
}

row_kernel! {
    /// `dst = (a · (32 768 − share) + b · share) / 32 768`, rounded half up, each sample with its own
    /// share 0–32 768.
    mix_shares_row(dst: &mut [u8], a: &[u8], b: &[u8], shares: &[u16]) {
        for (((dst, a), b), share) in dst.iter_mut().zip(a).zip(b).zip(shares) {
            let share = u32::from(*share);
            let sum = u32::from(*a) * (32_768 - share) + u32::from(*b) * share + 16_384;
            *dst = (sum >> 15) as u8;
        }
    }
}

row_kernel! {
    /// Four rows with a weight each in 16 384ths, six bits after the point kept:
    /// `dst = (Σ line · weight + 128) / 256`, rounded down. The weights sum to one and overshoot by at most a
    /// quarter, so every value fits.
    down_row(dst: &mut [i16], lines: [&[u8]; 4], weights: [i16; 4]) {
        let [a, b, c, d] = lines;
        for ((((dst, a), b), c), d) in dst.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            let sum = i32::from(*a) * i32::from(weights[0])
                + i32::from(*b) * i32::from(weights[1])
                + i32::from(*c) * i32::from(weights[2])
                + i32::from(*d) * i32::from(weights[3]);
            *dst = ((sum + 128) >> 8) as i16;
        }
    }
}

row_kernel! {
    /// Lowers channels of pixels that are above their opacity to it.
    limit_row(pixels: &mut [u8]) {
        for pixel in pixels.as_chunks_mut::<4>().0 {
            let [r, g, b, a] = *pixel;
            *pixel = [r.min(a), g.min(a), b.min(a), a];
        }
    }
}

// The kernels of `planar`.

row_kernel! {
    /// Luma times opacity, 0–65 025, and the opacity of a row of pixels; `row` is the luma row of the matrix
    /// with 14 bits after the point.
    weighted_luma_row(weighted: &mut [u16], alpha: &mut [u8], pixels: &[u8], row: [i32; 3], black: i32) {
        let pixels = pixels.as_chunks::<4>().0;
        for ((weighted, alpha), pixel) in weighted.iter_mut().zip(alpha).zip(pixels) {
            let [r, g, b, a] = pixel.map(i32::from);
            let sum = row[0] * r + row[1] * g + row[2] * b + ((black * a) << 14);
            *weighted = ((sum + (1 << 13)) >> 14).clamp(0, 255 * a) as u16;
            *alpha = pixel[3];
        }
    }
}

row_kernel! {
    /// Adds pairs of pixels, each channel by itself: for each block of two, the sums of its two pixels.
    add_pairs_row(sums: &mut [[i32; 4]], pixels: &[u8]) {
        for (sums, pair) in sums.iter_mut().zip(pixels.as_chunks::<8>().0) {
            for channel in 0..4 {
                sums[channel] += i32::from(pair[channel]) + i32::from(pair[channel + 4]);
            }
        }
    }
}

// The kernels of `convert`: the integers of FFmpeg's scaler.

row_kernel! {
    /// The luma of a row of pixels.
    luma_from_pixels(dst: &mut [u8], pixels: &[u8]) {
        for (dst, pixel) in dst.iter_mut().zip(pixels.as_chunks::<4>().0) {
            let [r, g, b, _] = pixel.map(i32::from);
            let value = (5983 * r + 20_127 * g + 2032 * b + (32 << 14) + 256) >> 9;
            *dst = ((2 * value + 64) >> 7).clamp(0, 255) as u8;
        }
    }
}

row_kernel! {
    /// A row of pixels times a row of the matrix for chroma, as 14-bit values.
    weigh_row(dst: &mut [i16], pixels: &[u8], weights: [i32; 3]) {
        for (dst, pixel) in dst.iter_mut().zip(pixels.as_chunks::<4>().0) {
            let [r, g, b, _] = pixel.map(i32::from);
            let sum = weights[0] * r + weights[1] * g + weights[2] * b + (256 << 14) + 256;
            *dst = (sum >> 9) as i16;
        }
    }
}

row_kernel! {
    /// Half as many values, with 15 bits. `padded` has three values more at its start and four at its end.
    halve_row(dst: &mut [i16], padded: &[i16]) {
        let pairs = padded.as_chunks::<2>().0;
        for (dst, four) in dst.iter_mut().zip(pairs.windows(4)) {
            let [a, b, c, d] = [four[0], four[1], four[2], four[3]].map(|pair| pair.map(i32::from));
            let sum = -230 * (a[0] + d[1]) - 692 * (a[1] + d[0]) + 1972 * (b[0] + c[1]) + 7142 * (b[1] + c[0]);
            *dst = (sum >> 13).min(32_767) as i16;
        }
    }
}

row_kernel! {
    /// A row of chroma from eight rows of values with 15 bits.
    chroma_down_row(dst: &mut [u8], rows: [&[i16]; 8]) {
        let count = dst.len();
        let rows = rows.map(|row| &row[..count]);
        for x in 0..count {
            let both = |a: usize, b: usize| i32::from(rows[a][x]) + i32::from(rows[b][x]);
            let sum = (64 << 12) - 58 * both(0, 7) - 172 * both(1, 6) + 492 * both(2, 5) + 1786 * both(3, 4);
            dst[x] = (sum >> 19).clamp(0, 255) as u8;
        }
    }
}

row_kernel! {
    /// Twice as many values, with 15 bits, between samples of which there are two more on each side.
    double_row(dst: &mut [i16], padded: &[u8]) {
        for (dst, five) in dst.as_chunks_mut::<2>().0.iter_mut().zip(padded.windows(5)) {
            let [a, b, c, d, e] = [five[0], five[1], five[2], five[3], five[4]].map(i32::from);
            let even = -461 * a + 3943 * b + 14_284 * c - 1382 * d;
            let odd = -1382 * b + 14_284 * c + 3943 * d - 461 * e;
            *dst = [even, odd].map(|sum| (sum >> 7).min(32_767) as i16);
        }
    }
}

/// From Y'CbCr to R'G'B', in 1/8192.
pub(super) struct PixelWeights {
    /// Of luma.
    pub luma: i32,
    /// The code value of black, in 1/512.
    pub black: i32,
    /// Of Cr in red.
    pub red: i32,
    /// Of Cb in blue.
    pub blue: i32,
    /// Of Cb and Cr in green.
    pub green: [i32; 2],
}

row_kernel! {
    /// A row of solid pixels from its luma and four rows of each chroma with their weights in 1/4096.
    pixels_from_row(
        dst: &mut [u8],
        luma: &[u8],
        cb: [&[i16]; 4],
        cr: [&[i16]; 4],
        down: [i16; 4],
        weights: &PixelWeights
    ) {
        let dst = dst.as_chunks_mut::<4>().0;
        let count = dst.len();
        let (luma, cb, cr) = (&luma[..count], cb.map(|row| &row[..count]), cr.map(|row| &row[..count]));
        let down = down.map(i32::from);
        for x in 0..count {
            let between = |rows: &[&[i16]; 4]| {
                let sum = i32::from(rows[0][x]) * down[0]
                    + i32::from(rows[1][x]) * down[1]
                    + i32::from(rows[2][x]) * down[2]
                    + i32::from(rows[3][x]) * down[3];
                (sum + (1 << 9) - (128 << 19)) >> 10
            };
            let (u, v) = (between(&cb), between(&cr));
            let grey = ((i32::from(luma[x]) << 9) - weights.black) * weights.luma + (1 << 21);
            // Wraps where the library's sum does.
            let code = |sum: i32| sum.clamp(0, (1 << 30) - 1) as u32 >> 22;
            let red = code(grey.wrapping_add(v.wrapping_mul(weights.red)));
            let green = code(
                grey.wrapping_add(v.wrapping_mul(weights.green[1])).wrapping_add(u.wrapping_mul(weights.green[0])),
            );
            let blue = code(grey.wrapping_add(u.wrapping_mul(weights.blue)));
            dst[x] = (red | green << 8 | blue << 16 | 0xff << 24).to_le_bytes();
        }
    }
}
