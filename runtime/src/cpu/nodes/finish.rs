//! What a layer's look does to its pixels, in order: colour adjustments, colour table, softness,
//! sharpness, noise and vignette, effects, tint, corners, border and shadow.

use vid_timeline::{Adjustments, Color, Rational, Scalar as _, Size, Style};

use super::effects;
use crate::cpu::sheet::Sheet;
use crate::raster::{Beyond, ColorAdjustment, Edges, Lut, Pixmap, Shadow, blur, map_colors};
use crate::scene::{Look, SceneLut};

/// Deviation of a blur of 100, as a share of the canvas's shorter side.
pub(crate) const FULL_BLUR: f64 = 0.05;
/// Deviation of the blur whose opposite sharpens, as a share of the canvas's shorter side: one pixel at
/// 1080 lines.
pub(crate) const SHARPNESS_REACH: f64 = 1.0 / 1080.0;
/// How many times the difference to the blurred picture a sharpness of 100 adds.
pub(crate) const FULL_SHARPNESS: f64 = 2.0;
/// Deviation of a noise of 100, as a share of white.
pub(crate) const FULL_NOISE: f32 = 0.25;

/// Where and when a look is put on.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// Pixels of the canvas.
    pub canvas: Size,
    /// Frames since the layer's start.
    pub frame: i64,
    /// The look's colour table, read.
    pub lut: Option<&'a Lut>,
}

/// Puts the layer's look on its pixels; all but `clip` and the blend mode, which come on the canvas.
pub fn finish(sheet: &mut Sheet, look: &Look, setting: Setting<'_>) {
    let density = sheet.densities();
    let shorter = f64::from(setting.canvas.width.min(setting.canvas.height));
    if let Some(colors) = ColorAdjustment::of(&look.adjust) {
        change(sheet, |pixmap| colors.adjusted(pixmap));
    }
    if let (Some(lut), Some(SceneLut { intensity, .. })) = (setting.lut, &look.lut) {
        let share = (intensity.to_f64() / 100.0) as f32;
        change(sheet, |pixmap| graded(pixmap, lut, share));
    }
    detail(sheet, &look.adjust, shorter, density);
    if !look.adjust.noise.is_zero() {
        let strength = look.adjust.noise.to_f64() as f32 / 100.0 * FULL_NOISE;
        change(sheet, |pixmap| noisy(pixmap, strength, setting.frame));
    }
    if !look.adjust.vignette.is_zero() {
        let strength = look.adjust.vignette.to_f64() as f32 / 100.0;
        change(sheet, |pixmap| vignetted(pixmap, strength));
    }
    effects::apply(sheet, &look.effects, setting.canvas, setting.frame);
    if let Some(color) = look.color_overlay {
        change(sheet, |pixmap| tinted(pixmap, color));
    }
    let edges = edges(&look.style, sheet, setting.canvas);
    if !edges.is_plain() {
        let pixmap = std::mem::replace(&mut sheet.pixmap, Pixmap::transparent(0, 0));
        let plain = (f64::from(pixmap.width()), f64::from(pixmap.height()));
        let (pixmap, before) = edges.draw(pixmap);
        // Densities are those of the picture without its shadow.
        let (across, down) = (plain.0 / sheet.width, plain.1 / sheet.height);
        sheet.left -= f64::from(before.0) / across;
        sheet.top -= f64::from(before.1) / down;
        sheet.width = f64::from(pixmap.width()) / across;
        sheet.height = f64::from(pixmap.height()) / down;
        sheet.pixmap = pixmap;
    }
}

fn change(sheet: &mut Sheet, work: impl FnOnce(Pixmap) -> Pixmap) {
    let pixmap = std::mem::replace(&mut sheet.pixmap, Pixmap::transparent(0, 0));
    sheet.pixmap = work(pixmap);
}

fn detail(sheet: &mut Sheet, adjust: &Adjustments, shorter: f64, density: (f64, f64)) {
    let share = |value: Rational| value.to_f64() / 100.0;
    if !adjust.blur.is_zero() {
        let sigma = share(adjust.blur) * FULL_BLUR * shorter;
        change(sheet, |pixmap| blur(pixmap, (sigma * density.0, sigma * density.1), Beyond::Edge));
    }
    if !adjust.sharpness.is_zero() {
        let sigma = SHARPNESS_REACH * shorter;
        let amount = (share(adjust.sharpness) * FULL_SHARPNESS) as f32;
        change(sheet, |mut pixmap| {
            let soft = blur(pixmap.clone(), (sigma * density.0, sigma * density.1), Beyond::Edge);
            pixmap.edit(|pixels| {
                for (pixel, soft) in pixels.chunks_exact_mut(4).zip(soft.pixels().chunks_exact(4)) {
                    for (sharp, soft) in pixel[..3].iter_mut().zip(soft) {
                        let value = f32::from(*sharp);
                        *sharp = (value + amount * (value - f32::from(*soft)) + 0.5) as u8;
                    }
                }
            });
            pixmap
        });
    }
}

/// The table's colour mixed with each pixel's own.
fn graded(pixmap: Pixmap, lut: &Lut, share: f32) -> Pixmap {
    map_colors(pixmap, |color| {
        let own = color.map(|channel| f32::from(channel) / 255.0);
        let graded = lut.apply(own);
        std::array::from_fn(|i| own[i] + (graded[i] - own[i]) * share)
    })
}

/// Grey noise with a bell-shaped spread, different on every frame and the same each time it is drawn.
fn noisy(mut pixmap: Pixmap, strength: f32, frame: i64) -> Pixmap {
    let width = pixmap.width().max(1) as usize;
    pixmap.edit(|pixels| {
        for (at, pixel) in pixels.chunks_exact_mut(4).enumerate() {
            let random = scrambled(frame as u64, (at / width) as u64, (at % width) as u64);
            // The sum of four bytes has a deviation of 147.8 around 510.
            let sum: u32 = random.to_le_bytes()[..4].iter().map(|byte| u32::from(*byte)).sum();
            let added = (sum as f32 - 510.0) / 147.8 * strength * f32::from(pixel[3]);
            for channel in &mut pixel[..3] {
                *channel = (f32::from(*channel) + added + 0.5) as u8;
            }
        }
    });
    pixmap
}

/// A number that looks random, from three that are not (the finaliser of SplitMix64).
pub fn scrambled(a: u64, b: u64, c: u64) -> u64 {
    let mut z = a
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(b.wrapping_mul(0xd1b5_4a32_d192_ed03))
        .wrapping_add(c.wrapping_mul(0x8cb9_2ba7_2f3d_8dd7));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Darker towards the corners: with `r` the distance from the middle in half diagonals, a colour loses
/// the share `strength · s²(3 − 2s)`, where `s` is (r − 0.3) / 0.7 cut to 0–1.
fn vignetted(mut pixmap: Pixmap, strength: f32) -> Pixmap {
    let (width, height) = (pixmap.width().max(1), pixmap.height());
    let half = (width as f32 / 2.0, height as f32 / 2.0);
    pixmap.edit(|pixels| {
        for (y, row) in pixels.chunks_exact_mut(width as usize * 4).enumerate() {
            let down = (y as f32 + 0.5 - half.1) / half.1;
            for (x, pixel) in row.chunks_exact_mut(4).enumerate() {
                let across = (x as f32 + 0.5 - half.0) / half.0;
                let distance = ((across * across + down * down) / 2.0).sqrt();
                let s = ((distance - 0.3) / 0.7).clamp(0.0, 1.0);
                let kept = 1.0 - strength * s * s * (3.0 - 2.0 * s);
                for channel in &mut pixel[..3] {
                    *channel = (f32::from(*channel) * kept + 0.5) as u8;
                }
            }
        }
    });
    pixmap
}

/// The tint's colour mixed with each pixel's by the tint's opacity; the pixel's opacity stays.
fn tinted(pixmap: Pixmap, tint: Color) -> Pixmap {
    let share = f32::from(tint.a) / 255.0;
    let target = [tint.r, tint.g, tint.b].map(|channel| f32::from(channel) / 255.0);
    map_colors(pixmap, |color| {
        std::array::from_fn(|i| {
            let value = f32::from(color[i]) / 255.0;
            value + (target[i] - value) * share
        })
    })
}

fn edges(style: &Style, sheet: &Sheet, canvas: Size) -> Edges {
    edges_of(style, (sheet.width, sheet.height), sheet.densities(), canvas)
}

/// The style of a picture of `size` pixels of the canvas, in pixels of which it has `densities` for each
/// of those. Percent of radius and border are of the picture's shorter side, those of the shadow of the
/// canvas's axes.
pub fn edges_of(style: &Style, size: (f64, f64), (across, down): (f64, f64), canvas: Size) -> Edges {
    let density = across.min(down);
    let shorter = size.0.min(size.1);
    let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
    Edges {
        radius: style.border_radius.scalar(shorter).max(0.0) * density,
        border: style
            .border_color
            .map(|color| (style.border_width.scalar(shorter).max(0.0) * density, color))
            .filter(|(thickness, color)| *thickness > 0.0 && color.a > 0),
        shadow: style.shadow_color.filter(|color| color.a > 0).map(|color| Shadow {
            color,
            // A blur of n pixels is a Gaussian of half that deviation, as in CSS.
            sigma: style.shadow_blur.scalar(width).max(0.0) / 2.0 * density,
            dx: style.shadow_x.scalar(width) * across,
            dy: style.shadow_y.scalar(height) * down,
        }),
    }
}

#[cfg(test)]
mod tests {
    use vid_timeline::Length;

    use super::*;

    const SETTING: Setting<'_> = Setting { canvas: Size { width: 1920, height: 1080 }, frame: 7, lut: None };

    fn sheet(width: u32, height: u32, pixel: [u8; 4]) -> Sheet {
        let pixels = pixel.repeat((width * height) as usize);
        Sheet {
            pixmap: Pixmap::from_straight(width, height, pixels).unwrap(),
            left: 100.0,
            top: 50.0,
            width: f64::from(width),
            height: f64::from(height),
        }
    }

    fn finished(look: &Look, mut sheet: Sheet) -> Sheet {
        finish(&mut sheet, look, SETTING);
        sheet
    }

    #[test]
    fn a_tint_is_mixed_by_its_opacity_and_keeps_the_outline() {
        let look = Look { color_overlay: Some(Color { r: 255, g: 0, b: 0, a: 51 }), ..Look::default() };
        let found = finished(&look, sheet(1, 1, [100, 100, 100, 128]));
        // 131, 80, 80 at half opacity.
        assert_eq!(found.pixmap.pixels(), [66, 40, 40, 128]);
    }

    #[test]
    fn a_table_is_mixed_in_by_its_intensity() {
        let lut = Lut::parse("LUT_1D_SIZE 2\n1 1 1\n0 0 0").unwrap();
        let file = crate::assets::ContentHash([0; 32]);
        let look = Look { lut: Some(SceneLut { file, intensity: Rational::integer(25) }), ..Look::default() };
        let mut half = sheet(1, 1, [200, 100, 0, 255]);
        finish(&mut half, &look, Setting { lut: Some(&lut), ..SETTING });
        // The negative is 55, 155, 255.
        assert_eq!(half.pixmap.pixels(), [164, 114, 64, 255]);
    }

    #[test]
    fn noise_has_the_spread_that_is_asked_for_and_changes_with_the_frame() {
        let mut look = Look::default();
        look.adjust.noise = Rational::integer(20);
        let found = finished(&look, sheet(100, 100, [128, 128, 128, 255]));
        let values: Vec<f64> = found.pixmap.pixels().chunks_exact(4).map(|p| f64::from(p[0])).collect();
        let mean = values.iter().sum::<f64>() / 1e4;
        let spread = (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 1e4).sqrt();
        // 20 % of a quarter of white is 12.75.
        assert!((mean - 128.0).abs() < 1.0 && (spread - 12.75).abs() < 0.6, "{mean} {spread}");
        let mut next = sheet(100, 100, [128, 128, 128, 255]);
        finish(&mut next, &look, Setting { frame: 8, ..SETTING });
        assert!(next.pixmap != found.pixmap);
    }

    #[test]
    fn a_vignette_darkens_the_corners_alone() {
        let mut look = Look::default();
        look.adjust.vignette = Rational::integer(100);
        let found = finished(&look, sheet(64, 36, [200, 200, 200, 255])).pixmap;
        assert!(found.row(0)[0] < 10 && found.row(18)[32 * 4] == 200);
    }

    #[test]
    fn sharpness_widens_and_blur_narrows_a_step() {
        let step: Vec<u8> =
            (0..16).flat_map(|x| if x < 8 { [80, 80, 80, 255] } else { [160, 160, 160, 255] }).collect();
        let wide =
            Sheet { pixmap: Pixmap::from_straight(16, 4, step.repeat(4)).unwrap(), ..sheet(16, 4, [0; 4]) };
        let mut look = Look::default();
        look.adjust.sharpness = Rational::integer(50);
        let sharp = finished(&look, wide.clone()).pixmap;
        assert!(sharp.row(1)[7 * 4] < 70 && sharp.row(1)[8 * 4] > 170);
        let mut look = Look::default();
        look.adjust.blur = Rational::integer(5);
        let soft = finished(&look, wide).pixmap;
        assert!(soft.row(1)[7 * 4] > 100 && soft.row(1)[8 * 4] < 140);
    }

    #[test]
    fn a_shadow_makes_the_sheet_larger_where_it_falls() {
        let mut look = Look::default();
        look.style.shadow_color = Some(Color::BLACK);
        look.style.shadow_x = Length::Pixels(Rational::integer(6));
        look.style.shadow_y = Length::Pixels(Rational::integer(-4));
        let found = finished(&look, sheet(20, 10, [255; 4]));
        assert_eq!((found.left, found.top, found.width, found.height), (100.0, 46.0, 26.0, 14.0));
    }
}
