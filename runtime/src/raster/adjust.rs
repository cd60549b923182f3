//! Colour adjustments of a picture.
//!
//! All work on the colour without its opacity, gamma-encoded, 0–1, in this order:
//!
//! | adjustment | a channel `v` becomes |
//! |---|---|
//! | exposure `e` | the encoding of its light times 2^(e/50): two stops each way |
//! | brightness `b` | `v + b/200` |
//! | contrast `c` | `½ + (v − ½)·(1 + c/100)` |
//! | saturation `s` | `l + (v − l)·(1 + s/100)`, `l` the luma (BT.709 weights) |
//! | hue | the colour turned about the grey axis, luma kept |
//!
//! The first three go through one table of 256 entries; the last two are one matrix. What leaves 0–1 is cut off once after the table and once at the end.

use vid_timeline::Adjustments;

use super::modes::cut;
use super::paint::byte;
use super::pixmap::Pixmap;
use super::simd::row_kernel;

/// The colour part of adjustments, prepared.
pub struct ColorAdjustment {
    /// Of a code value, 0–1.
    curve: [f32; 256],
    /// Rows for red, green and blue; `None` when it changes nothing.
    matrix: Option<[[f32; 3]; 3]>,
}

/// Luma weights of BT.709.
const LUMA: [f64; 3] = [0.2126, 0.7152, 0.0722];

impl ColorAdjustment {
    /// The adjustment; `None` when it leaves every colour alone.
    pub fn of(adjust: &Adjustments) -> Option<Self> {
        let share = |value: vid_timeline::Rational| value.to_f64() / 100.0;
        let (brightness, contrast) = (share(adjust.brightness), share(adjust.contrast));
        let exposure = libm::exp2(share(adjust.exposure) * 2.0);
        let saturation = 1.0 + share(adjust.saturation);
        let hue = adjust.hue_rotate.to_f64() * (std::f64::consts::PI / 180.0);
        let plain = [brightness, contrast, exposure - 1.0, saturation - 1.0, hue].iter().all(|v| *v == 0.0);
        if plain {
            return None;
        }
        let curve = std::array::from_fn(|code| {
            let value = code as f64 / 255.0;
            let lit = if exposure == 1.0 { value } else { encoded(decoded(value) * exposure) };
            let bright = lit + brightness / 2.0;
            (0.5 + (bright - 0.5) * (1.0 + contrast)).clamp(0.0, 1.0) as f32
        });
        let matrix = (saturation != 1.0 || hue != 0.0).then(|| color_matrix(saturation, hue));
        Some(Self { curve, matrix })
    }

    /// What becomes of a code value, 0–1, and the matrix that follows.
    pub(crate) fn parts(&self) -> (&[f32; 256], Option<&[[f32; 3]; 3]>) {
        (&self.curve, self.matrix.as_ref())
    }

    /// The picture with every colour adjusted.
    pub fn adjusted(&self, mut pixmap: Pixmap) -> Pixmap {
        if !pixmap.is_opaque() {
            return map_colors(pixmap, |color| self.apply(color));
        }
        if let Some(matrix) = &self.matrix {
            pixmap.recolor(|pixels| {
                // A stretch at a time: first the table, then the matrix as vector code.
                let mut colors = [[0.0; 64]; 3];
                for pixels in pixels.chunks_mut(4 * 64) {
                    let pixels = pixels.as_chunks_mut::<4>().0;
                    for (x, pixel) in pixels.iter().enumerate() {
                        for (colors, code) in colors.iter_mut().zip(pixel) {
                            colors[x] = self.curve[usize::from(*code)];
                        }
                    }
                    turn_row(pixels, &colors, matrix);
                }
            });
            return pixmap;
        }
        let codes: [u8; 256] = std::array::from_fn(|code| (self.curve[code] * 255.0 + 0.5) as u8);
        pixmap.recolor(|pixels| {
            for pixel in pixels.as_chunks_mut::<4>().0 {
                let [r, g, b, a] = *pixel;
                let code = |channel: u8| codes[usize::from(channel)];
                *pixel = [code(r), code(g), code(b), a];
            }
        });
        pixmap
    }

    /// The adjusted colour, channels 0–1.
    pub fn apply(&self, color: [u8; 3]) -> [f32; 3] {
        let color = color.map(|code| self.curve[usize::from(code)]);
        match &self.matrix {
            None => color,
            Some(rows) => rows.map(|[r, g, b]| (r * color[0] + g * color[1] + b * color[2]).clamp(0.0, 1.0)),
        }
    }
}

row_kernel! {
    /// Solid pixels of colours 0–1 that have gone through a matrix.
    turn_row(pixels: &mut [[u8; 4]], colors: &[[f32; 64]; 3], matrix: &[[f32; 3]; 3]) {
        let [red, green, blue] = colors;
        for (x, pixel) in pixels.iter_mut().take(64).enumerate() {
            let turned = |[r, g, b]: [f32; 3]| byte(cut(r * red[x] + g * green[x] + b * blue[x]) * 255.0);
            *pixel = [turned(matrix[0]), turned(matrix[1]), turned(matrix[2]), 255];
        }
    }
}

/// Saturation, then a turn of the hue, as one matrix.
fn color_matrix(saturation: f64, hue: f64) -> [[f32; 3]; 3] {
    let (sin, cos) = (libm::sin(hue), libm::cos(hue));
    let turn = |row: usize, column: usize| {
        let identity = f64::from(u8::from(row == column));
        let grey = LUMA[column];
        grey + cos * (identity - grey) + sin * QUARTER_TURN[row][column]
    };
    let mix = |row: usize, column: usize| {
        let identity = f64::from(u8::from(row == column));
        LUMA[column] * (1.0 - saturation) + saturation * identity
    };
    std::array::from_fn(|row| {
        std::array::from_fn(|column| (0..3).map(|i| turn(row, i) * mix(i, column)).sum::<f64>() as f32)
    })
}

/// What a quarter turn of the hue adds to the luma, with the weights of the filter-effects
/// specification of the W3C, whose hue rotation this is.
const QUARTER_TURN: [[f64; 3]; 3] = [[-0.213, -0.715, 0.928], [0.143, 0.140, -0.283], [-0.787, 0.715, 0.072]];

/// Light of an sRGB-encoded value.
pub(super) fn decoded(value: f64) -> f64 {
    if value <= 0.040_45 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
}

/// sRGB-encoded value of light; beyond white it goes on, to be cut off later.
pub(super) fn encoded(light: f64) -> f64 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * libm::pow(light, 1.0 / 2.4) - 0.055 }
}

/// Replaces every colour of the picture, given without its opacity, by what `change` makes of it;
/// the opacity stays. Results are rounded to the nearest.
pub fn map_colors(pixmap: Pixmap, change: impl Fn([u8; 3]) -> [f32; 3]) -> Pixmap {
    let (width, height) = (pixmap.width(), pixmap.height());
    let mut pixels = pixmap.into_pixels();
    // Neighbours are often equal, and so are whole areas of titles and drawings.
    let mut last: Option<([u8; 4], [u8; 4])> = None;
    for pixel in pixels.chunks_exact_mut(4) {
        let from = [pixel[0], pixel[1], pixel[2], pixel[3]];
        if from[3] == 0 {
            continue;
        }
        let to = match last {
            Some((known, to)) if known == from => to,
            _ => {
                let alpha = f32::from(from[3]);
                let straight = straightened(from);
                let [r, g, b] = change(straight).map(|v| (v * alpha + 0.5) as u8);
                [r, g, b, from[3]]
            }
        };
        last = Some((from, to));
        pixel.copy_from_slice(&to);
    }
    Pixmap::from_premultiplied(width, height, pixels).unwrap_or_else(|| Pixmap::transparent(0, 0))
}

/// The colour of a premultiplied pixel without its opacity, rounded to the nearest.
pub fn straightened([r, g, b, alpha]: [u8; 4]) -> [u8; 3] {
    match u32::from(alpha) {
        255 => [r, g, b],
        0 => [0; 3],
        alpha => [r, g, b].map(|channel| ((u32::from(channel) * 255 + alpha / 2) / alpha).min(255) as u8),
    }
}

#[cfg(test)]
mod tests {
    use vid_timeline::Rational;

    use super::*;

    fn adjusted(change: impl FnOnce(&mut Adjustments), color: [u8; 3]) -> [u8; 3] {
        let mut adjust = Adjustments::default();
        change(&mut adjust);
        let adjustment = ColorAdjustment::of(&adjust).unwrap();
        let [r, g, b] = color;
        let map = Pixmap::from_straight(1, 1, vec![r, g, b, 255]).unwrap();
        let map = adjustment.adjusted(map);
        [map.pixels()[0], map.pixels()[1], map.pixels()[2]]
    }

    fn n(value: i64) -> Rational {
        Rational::integer(value)
    }

    #[test]
    fn each_adjustment_follows_its_formula() {
        let color = [200, 100, 50];
        assert_eq!(adjusted(|a| a.brightness = n(40), color), [251, 151, 101]);
        assert_eq!(adjusted(|a| a.contrast = n(50), color), [236, 86, 11]);
        assert_eq!(adjusted(|a| a.contrast = n(-100), color), [128, 128, 128]);
        assert_eq!(adjusted(|a| a.saturation = n(-100), color), [118, 118, 118]);
        assert_eq!(adjusted(|a| a.saturation = n(50), [120, 100, 80]), [129, 99, 69]);
        // One stop more: the light of 200 is 0.578, that of 100 is 0.127, that of 50 is 0.032.
        assert_eq!(adjusted(|a| a.exposure = n(50), color), [255, 138, 71]);
    }

    #[test]
    fn hue_turns_keep_greys_and_come_round() {
        assert_eq!(adjusted(|a| a.hue_rotate = n(90), [77, 77, 77]), [77, 77, 77]);
        let [r, g, b] = adjusted(|a| a.hue_rotate = n(120), [200, 60, 60]);
        assert!(g > r && g > b, "{r} {g} {b}");
        let [r, g, b] = adjusted(|a| a.hue_rotate = n(-120), [200, 60, 60]);
        assert!(b > r && b > g, "{r} {g} {b}");
    }

    #[test]
    fn nothing_asked_is_nothing_done() {
        assert!(ColorAdjustment::of(&Adjustments::default()).is_none());
    }

    #[test]
    fn opacity_stays_and_limits_colour() {
        let map = Pixmap::from_straight(1, 1, vec![200, 100, 50, 128]).unwrap();
        let bright = map_colors(map, |_| [1.0, 0.5, 0.0]);
        assert_eq!(bright.pixels(), [128, 64, 0, 128]);
    }
}
