//! Effects: full-frame treatments of a layer's pixels. One file a family; `docs/effects.md` says what each
//! does.
//!
//! An effect is a function of the picture, its intensity and the number of the frame since the layer's
//! start. Those that grade, overlay or blur are mixed with the picture by their intensity; those that move
//! pixels move them less. Lengths are measured in *lines*, 1/1080 of the canvas's shorter side, so that a
//! film looks the same at every size.

mod analog;
mod film;
pub mod glyphs;
mod grade;
mod grain;
mod key;
mod lens;
mod print;
mod rows;
mod stylise;

use vid_timeline::{ChromaSettings, Effect, EffectType, Size};

use crate::cpu::sheet::Sheet;
use crate::raster::Pixmap;
use crate::raster::paint::{Lanes, with_lanes};
use crate::raster::sample::{Picture, Rgba};

/// A picture on which an effect works.
#[derive(Clone, Copy)]
struct Plate<'a, W> {
    lanes: W,
    picture: Picture<'a>,
    pixmap: &'a Pixmap,
    /// Pixels of the picture to a line of the canvas.
    line: f32,
    /// Strength, 0–1.
    intensity: f32,
    /// Frames since the layer's start.
    frame: u32,
}

/// Puts the effects on a sheet of a canvas of that size, in order. `frame` counts from the layer's start.
pub fn apply(sheet: &mut Sheet, effects: &[Effect], canvas: Size, frame: i64) {
    for effect in effects {
        let intensity = (effect.intensity.to_f64() / 100.0).clamp(0.0, 1.0) as f32;
        if intensity <= 0.0 {
            continue;
        }
        let (across, _) = sheet.densities();
        let shorter = f64::from(canvas.width.min(canvas.height));
        let Some(picture) = Picture::of(&sheet.pixmap) else { return };
        let line = (across * shorter / 1080.0).max(1e-3) as f32;
        // Patterns repeat after two years.
        let frame = frame.rem_euclid(1 << 31) as u32;
        let plate = Plate { lanes: (), picture, pixmap: &sheet.pixmap, line, intensity, frame };
        let pixels = with_lanes!(pixels, effect.kind, plate, effect.chroma_settings);
        let (width, height) = (sheet.pixmap.width(), sheet.pixmap.height());
        if let Some(pixmap) = Pixmap::from_premultiplied(width, height, pixels) {
            sheet.pixmap = pixmap;
        }
    }
}

fn pixels<W: Lanes>(
    lanes: W,
    kind: EffectType,
    plate: Plate<'_, ()>,
    chroma: Option<ChromaSettings>,
) -> Vec<u8> {
    use EffectType as E;
    let Plate { lanes: (), picture, pixmap, line, intensity, frame } = plate;
    let plate = &Plate { lanes, picture, pixmap, line, intensity, frame };
    match kind {
        E::Vintage => film::vintage(plate),
        E::Polaroid => film::polaroid(plate),
        E::Portra => film::portra(plate),
        E::Super8 => film::super8(plate),
        E::Filmic => film::filmic(plate),
        E::AddGrain => film::add_grain(plate),
        E::FilmBurn => film::film_burn(plate),
        E::LightLeaks => film::light_leaks(plate),
        E::Sepia => grade::sepia(plate),
        E::Duotone => grade::duotone(plate),
        E::CrossProcess => grade::cross_process(plate),
        E::BleachBypass => grade::bleach_bypass(plate),
        E::Invert => grade::invert(plate),
        E::NightVision => grade::night_vision(plate),
        E::Thermal => grade::thermal(plate),
        E::Vhs => analog::vhs(plate),
        E::VhsOverlay => analog::vhs_overlay(plate),
        E::Crt => analog::crt(plate),
        E::Television => analog::television(plate),
        E::Scanlines => analog::scanlines(plate),
        E::Glitch => analog::glitch(plate),
        E::CompressionGlitch => analog::compression_glitch(plate),
        E::RgbSplit => lens::rgb_split(plate),
        E::ChromaticAberration => lens::chromatic_aberration(plate),
        E::CameraLensBlur => lens::camera_lens_blur(plate),
        E::CameraLensBlurBg => lens::camera_lens_blur_bg(plate),
        E::BoxBlur => lens::box_blur(plate),
        E::OpticsCompensation => lens::optics_compensation(plate),
        E::LensFlare => lens::lens_flare(plate),
        E::Glow => lens::glow(plate),
        E::Prism => lens::prism(plate),
        E::Posterize => print::posterize(plate),
        E::Mosaic => print::mosaic(plate),
        E::MosaicBlur => print::mosaic_blur(plate),
        E::MosaicPosterize => print::mosaic_posterize(plate),
        E::CcHalftone => print::halftone(plate),
        E::CcHalftoneRed => print::halftone_ink(plate, 0),
        E::CcHalftoneGreen => print::halftone_ink(plate, 1),
        E::CcHalftoneBlue => print::halftone_ink(plate, 2),
        E::Ghosting => stylise::ghosting(plate),
        E::Echo => stylise::echo(plate),
        E::DisplacementMap => stylise::displacement_map(plate),
        E::Viewfinder => stylise::viewfinder(plate),
        E::StrobeLight => stylise::strobe_light(plate),
        E::Snow => stylise::snow(plate),
        E::ChromaKey => key::chroma_key(plate, chroma),
    }
}

impl<W: Lanes> Plate<'_, W> {
    fn width(&self) -> f32 {
        self.picture.width()
    }

    fn height(&self) -> f32 {
        self.picture.height()
    }

    /// How far a place is from the middle, in half diagonals.
    #[inline(always)]
    fn offset(&self, x: f32, y: f32) -> (f32, f32) {
        let (half_x, half_y) = (self.width() / 2.0, self.height() / 2.0);
        let reach = (half_x * half_x + half_y * half_y).sqrt();
        ((x - half_x) / reach, (y - half_y) / reach)
    }

    /// How much of the light is left of a vignette: 1 in the middle, 1 − `depth` in the corners.
    #[inline(always)]
    fn vignette(&self, x: f32, y: f32, depth: f32) -> f32 {
        let (u, v) = self.offset(x, y);
        let far = (((u * u + v * v).sqrt() - 0.35) / 0.65).clamp(0.0, 1.0);
        1.0 - depth * far * far * (3.0 - 2.0 * far)
    }
}

/// The pixel with its colour, without opacity and 0–1 a channel, changed; what leaves the range is cut.
#[inline(always)]
fn recolored(pixel: Rgba, change: impl FnOnce([f32; 3]) -> [f32; 3]) -> Rgba {
    let alpha = pixel[3];
    let colors = change([pixel[0] / alpha, pixel[1] / alpha, pixel[2] / alpha]);
    // Picked in the end and not a way of its own, so that it is vector code.
    let channel = |c: usize| if alpha > 0.0 { colors[c].clamp(0.0, 1.0) * alpha } else { pixel[c] };
    [channel(0), channel(1), channel(2), alpha]
}

/// Luma of BT.709.
#[inline(always)]
fn luma([r, g, b]: [f32; 3]) -> f32 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Between two colours.
#[inline(always)]
fn blend(a: [f32; 3], b: [f32; 3], t: f32) -> [f32; 3] {
    std::array::from_fn(|c| a[c] + (b[c] - a[c]) * t)
}

/// More (above 1) or less (below 1) colour about the luma.
#[inline(always)]
fn saturated(color: [f32; 3], factor: f32) -> [f32; 3] {
    let grey = luma(color);
    color.map(|channel| grey + (channel - grey) * factor)
}

/// Steeper in the middle and level at both ends, by `t` 0–1.
#[inline(always)]
fn s_curve(value: f32, t: f32) -> f32 {
    let value = value.clamp(0.0, 1.0);
    value + (value * value * (3.0 - 2.0 * value) - value) * t
}

/// Light added as by a second projector: never beyond white.
#[inline(always)]
fn screened(color: [f32; 3], light: [f32; 3]) -> [f32; 3] {
    std::array::from_fn(|c| 1.0 - (1.0 - color[c]) * (1.0 - light[c].clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests;
