//! Every effect changes a picture, changes it less when it is weaker, keeps colours under their opacity and
//! is the same each time.

use vid_timeline::{Rational, Size};

use super::*;
use crate::raster::noise::cell;

const SIZE: (u32, u32) = (96, 54);
/// As if the picture filled a canvas of 540 lines.
const CANVAS: Size = Size { width: 960, height: 540 };

/// Colours in patches of some pixels, with a bright and a dark half and a green corner.
fn picture() -> Pixmap {
    let pixel = |x: u32, y: u32| {
        if x < 20 && y < 20 {
            return [30, 190, 40, 255];
        }
        let patch = |seed| cell(x as i32 / 6, y as i32 / 6, seed);
        let light = if x > SIZE.0 / 2 { 250.0 } else { 120.0 };
        [(patch(1) * light) as u8, (patch(2) * light) as u8, (patch(3) * light) as u8, 255]
    };
    let pixels = (0..SIZE.1).flat_map(|y| (0..SIZE.0).flat_map(move |x| pixel(x, y))).collect();
    Pixmap::from_premultiplied(SIZE.0, SIZE.1, pixels).unwrap()
}

fn done(kind: EffectType, intensity: i64, pixmap: Pixmap, frame: i64) -> Pixmap {
    let mut sheet = Sheet { pixmap, left: 0.0, top: 0.0, width: SIZE.0.into(), height: SIZE.1.into() };
    let effect = Effect { kind, intensity: Rational::integer(intensity), chroma_settings: None };
    apply(&mut sheet, &[effect], CANVAS, frame);
    sheet.pixmap
}

fn distance(a: &Pixmap, b: &Pixmap) -> u64 {
    a.pixels().iter().zip(b.pixels()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
}

#[test]
fn every_effect_shows_and_grows_with_its_intensity() {
    let before = picture();
    for kind in EffectType::ALL.iter().copied() {
        let [none, little, full] = [0, 12, 100].map(|intensity| done(kind, intensity, picture(), 4));
        assert!(none == before, "{kind} at 0");
        let (little, full) = (distance(&little, &before), distance(&full, &before));
        assert!(full > 20_000, "{kind} changes {full}");
        assert!(little < full, "{kind}: {little} at 12, {full} at 100");
    }
}

#[test]
fn frames_are_the_same_each_time_and_living_effects_differ_between_them() {
    use EffectType as E;
    let living = [
        E::Super8,
        E::AddGrain,
        E::FilmBurn,
        E::LightLeaks,
        E::Vhs,
        E::VhsOverlay,
        E::Television,
        E::Glitch,
        E::CompressionGlitch,
        E::Ghosting,
        E::NightVision,
        E::DisplacementMap,
        E::StrobeLight,
        E::Snow,
    ];
    for kind in EffectType::ALL.iter().copied() {
        let first = done(kind, 100, picture(), 4);
        assert!(first == done(kind, 100, picture(), 4), "{kind}");
        let later = done(kind, 100, picture(), 31);
        if living.contains(&kind) {
            assert!(later != first, "{kind}");
        }
    }
}

#[test]
fn nothing_stays_nothing_and_glass_stays_glass() {
    let clear = Pixmap::transparent(SIZE.0, SIZE.1);
    let glass =
        Pixmap::from_premultiplied(SIZE.0, SIZE.1, [60, 30, 90, 100].repeat((SIZE.0 * SIZE.1) as usize));
    let glass = glass.unwrap();
    for kind in EffectType::ALL.iter().copied() {
        assert!(done(kind, 100, clear.clone(), 4) == clear, "{kind} on nothing");
        let after = done(kind, 100, glass.clone(), 4);
        let most = after.pixels().chunks_exact(4).map(|pixel| pixel[3]).max().unwrap();
        let own_frames = matches!(kind, EffectType::Echo | EffectType::CameraLensBlurBg);
        assert!(most <= 101 || own_frames, "{kind} made {most} of 100");
    }
}

#[test]
fn grades_are_their_formulas() {
    let one = |kind, color: [u8; 4]| {
        let pixels = color.repeat((SIZE.0 * SIZE.1) as usize);
        let after = done(kind, 100, Pixmap::from_premultiplied(SIZE.0, SIZE.1, pixels).unwrap(), 4);
        // The middle, where no vignette reaches.
        let at = 4 * (SIZE.0 / 2) as usize;
        after.row(SIZE.1 / 2)[at..at + 4].to_vec()
    };
    assert_eq!(one(EffectType::Invert, [10, 100, 255, 255]), [245, 155, 0, 255]);
    assert_eq!(one(EffectType::Posterize, [10, 100, 200, 255]), [0, 85, 170, 255]);
    assert_eq!(one(EffectType::Thermal, [0, 0, 0, 255]), [0, 0, 31, 255]);
    let sepia = one(EffectType::Sepia, [128, 128, 128, 255]);
    assert!(sepia[0] > sepia[1] && sepia[1] > sepia[2], "{sepia:?}");
    let dark = one(EffectType::Duotone, [0, 0, 0, 255]);
    assert_eq!(dark, [33, 15, 97, 255]);
}

#[test]
fn a_mosaic_has_the_mean_of_each_tile() {
    let after = done(EffectType::Mosaic, 100, picture(), 4);
    // 54 lines at half a pixel a line: tiles of 27 pixels.
    let mean = |channel: usize| {
        let sum: u32 = (0..27)
            .flat_map(|y| (27..54).map(move |x| (x, y)))
            .map(|(x, y)| u32::from(picture().row(y)[4 * x + channel]))
            .sum();
        (f64::from(sum) / 729.0 + 0.5) as u8
    };
    let at = &after.row(13)[4 * 40..][..3];
    assert_eq!(at, [mean(0), mean(1), mean(2)]);
}
