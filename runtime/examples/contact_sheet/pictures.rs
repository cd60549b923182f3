//! The two pictures that everything is tried on.

use image::{Rgba, RgbaImage};

/// The picture without an opacity channel, as photographs come.
pub fn opaque(picture: &RgbaImage) -> image::RgbImage {
    image::DynamicImage::ImageRgba8(picture.clone()).into_rgb8()
}

/// A landscape at sunset with a green field, warm colours and an A.
pub fn warm(width: u32, height: u32) -> RgbaImage {
    let (w, h) = (f64::from(width), f64::from(height));
    RgbaImage::from_fn(width, height, |x, y| {
        let (u, v) = (f64::from(x) / w, f64::from(y) / h);
        let sun = ((u - 0.68) * w / h).hypot(v - 0.42);
        let ridge = 0.62 + 0.09 * triangle(u * 2.3 + 0.2) - 0.05 * triangle(u * 5.1);
        let hill = 0.76 + 0.05 * triangle(u * 1.4 + 0.6);
        let letter = (u - 0.2).abs() < 0.09 * (v - 0.15) / 0.35 + 0.012
            && (u - 0.2).abs() > 0.09 * (v - 0.15) / 0.35 - 0.016
            && (0.15..0.5).contains(&v)
            || ((0.37..0.41).contains(&v) && (u - 0.2).abs() < 0.06);
        let shade = |color: [f64; 3], light: f64| color.map(|c| (c * light).clamp(0.0, 255.0) as u8);
        let [r, g, b] = if letter {
            [250, 250, 245]
        } else if v > hill {
            let stripe = 0.85 + 0.15 * triangle(u * 30.0 - v * 40.0);
            shade([60.0, 150.0, 50.0], stripe)
        } else if v > ridge {
            shade([110.0, 60.0, 80.0], 0.7 + 0.5 * (v - ridge) / 0.2)
        } else if sun < 0.11 {
            [255, 236, 170]
        } else {
            let glow = (1.0 - sun).max(0.0);
            [
                (150.0 + 105.0 * glow) as u8,
                (70.0 + 110.0 * glow * v * 1.6).min(255.0) as u8,
                (90.0 + 40.0 * (1.0 - v)) as u8,
            ]
        };
        Rgba([r, g, b, 255])
    })
}

/// Blue water under a pale sky with a chequered buoy and a B-like pair of discs.
pub fn cool(width: u32, height: u32) -> RgbaImage {
    let (w, h) = (f64::from(width), f64::from(height));
    RgbaImage::from_fn(width, height, |x, y| {
        let (u, v) = (f64::from(x) / w, f64::from(y) / h);
        let disc = |cx: f64, cy: f64| ((u - cx) * w / h).hypot(v - cy);
        let ring = |cx: f64, cy: f64| (0.07..0.12).contains(&disc(cx, cy));
        let letter = (ring(0.5, 0.24) || ring(0.5, 0.42)) && u > 0.485
            || ((0.455..0.487).contains(&u) && (0.12..0.54).contains(&v));
        let [r, g, b] = if letter {
            [255, 255, 255]
        } else if disc(0.82, 0.66) < 0.13 {
            if ((u * 40.0) as u32 + (v * 24.0) as u32).is_multiple_of(2) {
                [220, 60, 40]
            } else {
                [240, 240, 240]
            }
        } else if v > 0.55 {
            let wave = triangle(u * 14.0 + v * 30.0) * 24.0;
            [(20.0 + wave) as u8, (80.0 + wave + 60.0 * (1.0 - v)) as u8, (150.0 + wave) as u8]
        } else {
            [(140.0 + 90.0 * v) as u8, (190.0 + 60.0 * v) as u8, 240]
        };
        Rgba([r, g, b, 255])
    })
}

/// Up and down between 0 and 1, once a unit.
fn triangle(t: f64) -> f64 {
    (2.0 * (t - t.floor()) - 1.0).abs()
}
