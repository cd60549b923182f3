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
