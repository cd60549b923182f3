//! Mixing pictures in linear light.
//!
//! Colours are stored as everywhere else, gamma-encoded and premultiplied; for each blend the colour of
//! either side is decoded by the sRGB curve, the light is mixed, and what comes out is encoded again and
//! rounded once.

use std::sync::OnceLock;

use super::adjust::{decoded, encoded};
use super::blend::Weight;
use super::masked::FULL_SHARE;
use super::modes::each_pair;
use super::pixmap::Pixmap;

/// Steps of light that encoded values are looked up for: at the dark end twenty to a code value.
const STEPS: usize = 65_536;

/// The curve both ways.
struct Curve {
    light: [f32; 256],
    code: Vec<u8>,
}

fn curve() -> &'static Curve {
    static CURVE: OnceLock<Curve> = OnceLock::new();
    CURVE.get_or_init(|| Curve {
        light: std::array::from_fn(|code| decoded(code as f64 / 255.0) as f32),
        code: (0..=STEPS)
            .map(|step| (encoded(step as f64 / STEPS as f64) * 255.0 + 0.5).clamp(0.0, 255.0) as u8)
            .collect(),
    })
}

/// Light of each code value, and the code value of each step of light.
pub(crate) fn tables() -> (&'static [f32; 256], &'static [u8]) {
    let curve = curve();
    (&curve.light, &curve.code)
}

impl Curve {
    /// Light of a premultiplied channel without its opacity.
    fn light(&self, channel: u8, alpha: u8) -> f32 {
        match alpha {
            0 => 0.0,
            255 => self.light[usize::from(channel)],
            _ => {
                let straight = (u32::from(channel) * 255 + u32::from(alpha) / 2) / u32::from(alpha);
                self.light[straight.min(255) as usize]
            }
        }
    }

    /// The premultiplied channel of light at an opacity 0–1.
    fn channel(&self, light: f32, alpha: f32) -> u8 {
        let code = self.code[(light.clamp(0.0, 1.0) * STEPS as f32 + 0.5) as usize];
        (f32::from(code) * alpha + 0.5) as u8
    }
}

/// Blends `source` over `dst` in linear light, its first pixel at column and row `place`; `mixed` is the
/// blend's B(b, s), on light.
pub fn blend_light(
    dst: &mut Pixmap,
    source: &Pixmap,
    place: (i32, i32),
    mixed: &dyn Fn(f32, f32) -> f32,
    opacity: Weight,
) {
    let share = opacity.parts() as f32 / (65_536.0 * 255.0);
    let curve = curve();
    each_pair(dst, source, place, |below, above| {
        let (above_alpha, below_alpha) = (f32::from(above[3]) * share, f32::from(below[3]) / 255.0);
        let alpha = above_alpha + below_alpha - above_alpha * below_alpha;
        if alpha <= 0.0 {
            return;
        }
        for channel in 0..3 {
            let s = curve.light(above[channel], above[3]);
            let b = curve.light(below[channel], below[3]);
            let both = if below[3] == 0 { 0.0 } else { mixed(b, s) };
            let light = above_alpha * (1.0 - below_alpha) * s
                + below_alpha * (1.0 - above_alpha) * b
                + above_alpha * below_alpha * both;
            below[channel] = curve.channel(light / alpha, alpha);
        }
        below[3] = (alpha * 255.0 + 0.5) as u8;
    });
}

/// Mixes rows of pixels in linear light: `from·(1 − share) + to·share`, each pixel with its own share
/// 0–32 768 ([`FULL_SHARE`]).
pub fn mix_light(from: &mut [u8], to: &[u8], shares: &[u16]) {
    let curve = curve();
    let pairs = from.chunks_exact_mut(4).zip(to.chunks_exact(4));
    for ((from, to), share) in pairs.zip(shares) {
        match *share {
            0 => continue,
            FULL_SHARE => {
                from.copy_from_slice(to);
                continue;
            }
            _ => {}
        }
        let share = f32::from(*share) / (f32::from(FULL_SHARE) * 255.0);
        let (own, other) = (f32::from(from[3]) * (1.0 / 255.0 - share), f32::from(to[3]) * share);
        let alpha = own + other;
        if alpha <= 0.0 {
            from.fill(0);
            continue;
        }
        for channel in 0..3 {
            let light = own * curve.light(from[channel], from[3]) + other * curve.light(to[channel], to[3]);
            from[channel] = curve.channel(light / alpha, alpha);
        }
        from[3] = (alpha * 255.0 + 0.5) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_white_on_black_is_half_the_light() {
        let mut below = Pixmap::from_straight(1, 1, vec![0, 0, 0, 255]).unwrap();
        let above = Pixmap::from_straight(1, 1, vec![255; 4]).unwrap();
        blend_light(&mut below, &above, (0, 0), &|_, s| s, Weight::from_unit(0.5));
        assert_eq!(below.pixels(), [188, 188, 188, 255]);
    }

    #[test]
    fn half_way_between_black_and_white_is_half_the_light() {
        let mut row = [[0, 0, 0, 255], [0, 0, 0, 255], [10, 20, 30, 40], [0; 4]].concat();
        let to = [[255; 4], [0; 4], [50, 60, 70, 80], [0; 4]].concat();
        mix_light(&mut row, &to, &[FULL_SHARE / 2, FULL_SHARE / 2, FULL_SHARE, FULL_SHARE / 2]);
        assert_eq!(row, [[188, 188, 188, 255], [0, 0, 0, 128], [50, 60, 70, 80], [0; 4]].concat());
    }

    #[test]
    fn colours_come_back_as_they_went() {
        for code in 0..=255_u8 {
            let mut below = Pixmap::transparent(1, 1);
            let above = Pixmap::from_straight(1, 1, vec![code, 255 - code, 7, 255]).unwrap();
            blend_light(&mut below, &above, (0, 0), &|_, s| s, Weight::ONE);
            assert_eq!(below.pixels(), above.pixels());
        }
    }
}
