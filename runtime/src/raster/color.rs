//! From R'G'B' to Y'CbCr, exactly.
//!
//! The matrices are those of BT.601 and BT.709: Y' = Kr·R' + Kg·G' + Kb·B',
//! Cb = (B' − Y') / (2·(1 − Kb)), Cr = (R' − Y') / (2·(1 − Kr)), with Kr = 0.299, Kb = 0.114 and
//! Kr = 0.2126, Kb = 0.0722. Limited range puts Y' on 16–235 and chroma on 128 ± 112; full range
//! puts Y' on 0–255 and chroma on 128 ± 127.5, whose upper end (255.5) is cut to 255.

use serde::Serialize;
use vid_timeline::Color;

/// Which matrix stands between R'G'B' and Y'CbCr.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum YccMatrix {
    /// Standard definition.
    Bt601,
    /// High definition.
    Bt709,
}

/// Which code values mean black and white.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum YccRange {
    /// 16–235 for luma, 16–240 for chroma.
    Limited,
    /// 0–255.
    Full,
}

/// What the numbers in a frame's planes mean.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct ColorSpec {
    /// The matrix.
    pub matrix: YccMatrix,
    /// The range.
    pub range: YccRange,
}

/// One colour in eight-bit Y'CbCr.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ycc {
    /// Luma.
    pub y: u8,
    /// Blue difference.
    pub cb: u8,
    /// Red difference.
    pub cr: u8,
}

impl ColorSpec {
    /// BT.709 in limited range: what films are delivered in.
    pub const BT709: Self = Self { matrix: YccMatrix::Bt709, range: YccRange::Limited };
    /// BT.601 in limited range.
    pub const BT601: Self = Self { matrix: YccMatrix::Bt601, range: YccRange::Limited };

    /// Kr, Kg, Kb in ten-thousandths.
    const fn luma_weights(self) -> [i32; 3] {
        match self.matrix {
            YccMatrix::Bt601 => [2990, 5870, 1140],
            YccMatrix::Bt709 => [2126, 7152, 722],
        }
    }

    /// Kr, Kg, Kb.
    pub(crate) fn luma_shares(self) -> [f32; 3] {
        self.luma_weights().map(|weight| weight as f32 / 10_000.0)
    }

    /// The code value of black.
    pub(crate) const fn black(self) -> i32 {
        match self.range {
            YccRange::Limited => 16,
            YccRange::Full => 0,
        }
    }

    /// Code values from black to white, and from the least to the greatest chroma.
    pub(crate) const fn extents(self) -> (i32, i32) {
        match self.range {
            YccRange::Limited => (219, 224),
            YccRange::Full => (255, 255),
        }
    }
}

impl Ycc {
    /// The colour, its opacity left out; each component is the exact value rounded half up.
    pub fn from_color(color: Color, spec: ColorSpec) -> Self {
        let rgb = [color.r, color.g, color.b].map(i32::from);
        let [kr, kg, kb] = spec.luma_weights();
        let (luma_extent, chroma_extent) = spec.extents();
        let [r, g, b] = rgb;
        let luma = kr * r + kg * g + kb * b;
        // Numerators stay below 255 · 10 000 · 255, denominators below 2 · 9 278 · 255.
        let y = rounded(luma_extent * luma, 255 * 10_000) + spec.black();
        let chroma = |value: i32, k: i32| {
            let difference = 10_000 * value - luma;
            rounded(chroma_extent * difference, 2 * (10_000 - k) * 255) + 128
        };
        Self { y: code(y), cb: code(chroma(b, kb)), cr: code(chroma(r, kr)) }
    }
}

/// `numerator / denominator` rounded half up, for a positive denominator.
fn rounded(numerator: i32, denominator: i32) -> i32 {
    // All denominators are even.
    (numerator + denominator / 2).div_euclid(denominator)
}

fn code(value: i32) -> u8 {
    value.clamp(0, 255) as u8
}

/// Bits after the point in [`Weights`].
pub(crate) const LUMA_BITS: u32 = 14;
/// Bits after the point in the chroma rows of [`Weights`]: sums of four pixels stay inside `i32`.
pub(crate) const CHROMA_BITS: u32 = 12;

/// The matrix in fixed point, for premultiplied pixels: a row applied to premultiplied R'G'B' plus
/// the offset times alpha is the component times alpha. Rows are made so that greys come out
/// exactly.
pub(crate) struct Weights {
    pub luma: [i32; 3],
    pub cb: [i32; 3],
    pub cr: [i32; 3],
    pub black: i32,
}

impl Weights {
    pub(crate) fn of(spec: ColorSpec) -> Self {
        let [kr, _, kb] = spec.luma_weights();
        let (luma_extent, chroma_extent) = spec.extents();
        let luma_unit = luma_extent << LUMA_BITS;
        let fixed = |numerator: i32, denominator: i32, unit: i32| {
            let (numerator, denominator) = (i64::from(numerator) * i64::from(unit), i64::from(denominator));
            // Below 255 · 2¹⁴ in size.
            (2 * numerator + denominator).div_euclid(2 * denominator) as i32
        };
        let (red, blue) = (fixed(kr, 10_000, luma_unit), fixed(kb, 10_000, luma_unit));
        let chroma_unit = chroma_extent << CHROMA_BITS;
        let half = chroma_unit / 2;
        // Cb: blue ½, red −½·Kr/(1−Kb), green the rest, so that the row sums to zero; Cr likewise.
        let cb_red = -fixed(kr, 2 * (10_000 - kb), chroma_unit);
        let cr_blue = -fixed(kb, 2 * (10_000 - kr), chroma_unit);
        Self {
            luma: [red, luma_unit - red - blue, blue],
            cb: [cb_red, -half - cb_red, half],
            cr: [half, -half - cr_blue, cr_blue],
            black: spec.black(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: ColorSpec = ColorSpec { matrix: YccMatrix::Bt709, range: YccRange::Full };

    fn ycc(hex: &str, spec: ColorSpec) -> (u8, u8, u8) {
        let Ycc { y, cb, cr } = Ycc::from_color(Color::from_hex(hex).unwrap(), spec);
        (y, cb, cr)
    }

    #[test]
    fn known_colours() {
        assert_eq!(ycc("#ffffff", ColorSpec::BT709), (235, 128, 128));
        assert_eq!(ycc("#000000", ColorSpec::BT709), (16, 128, 128));
        assert_eq!(ycc("#ff0000", ColorSpec::BT709), (63, 102, 240));
        assert_eq!(ycc("#00ff00", ColorSpec::BT709), (173, 42, 26));
        assert_eq!(ycc("#0000ff", ColorSpec::BT709), (32, 240, 118));
        assert_eq!(ycc("#ff0000", ColorSpec::BT601), (81, 90, 240));
        assert_eq!(ycc("#00ff00", ColorSpec::BT601), (145, 54, 34));
        assert_eq!(ycc("#0000ff", ColorSpec::BT601), (41, 240, 110));
        assert_eq!(ycc("#ffffff", FULL), (255, 128, 128));
        assert_eq!(ycc("#0000ff", FULL), (18, 255, 116));
    }

    #[test]
    fn fixed_point_agrees_with_the_exact_matrix() {
        for spec in [ColorSpec::BT709, ColorSpec::BT601, FULL] {
            let weights = Weights::of(spec);
            for step in 0..=4096_u32 {
                let [r, g, b] = [step * 7 % 256, step * 31 % 256, step * 101 % 256].map(|v| v as u8);
                let exact = Ycc::from_color(Color::rgb(r, g, b), spec);
                let apply = |row: [i32; 3], bits: u32, offset: i32| {
                    let sum = row[0] * i32::from(r) + row[1] * i32::from(g) + row[2] * i32::from(b);
                    f64::from(sum) / f64::from(1 << bits) / 255.0 + f64::from(offset)
                };
                let near = |fixed: f64, code: u8| (fixed - f64::from(code)).abs() < 0.501;
                assert!(near(apply(weights.luma, LUMA_BITS, weights.black), exact.y));
                assert!(near(apply(weights.cb, CHROMA_BITS, 128), exact.cb));
                assert!(near(apply(weights.cr, CHROMA_BITS, 128), exact.cr));
            }
        }
    }
}
