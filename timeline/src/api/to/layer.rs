//! How an element looks.

use super::super::wire::{self, Dimension, HexColor, Number, Scale};
use super::decimal::{self, nearest};
use super::fit::Fitted;
use super::verdict::{Notes, VerdictCode};
use super::{fade, source};
use crate::animate::Animated;
use crate::catalog::{BlendMode, MotionScope};
use crate::easing::Easing;
use crate::layer::{Adjustments, ChromaSettings, Crop, Effect, Layer, Lut, Motion, Style};
use crate::rational::Rational;
use crate::time::{FrameRate, Time, TimeRange};
use crate::values::{Angle, Length};

/// Farthest from the asked way, as a part of it, that another easing is taken for near: most curves of
/// CSS lie within it or about it, jumps and wide swings do not.
const MAX_EASING_ERROR: f64 = 0.2;
/// Instants at which two easings are compared.
const EASING_SAMPLES: i32 = 256;

/// The groups that every visual has.
pub(super) struct Look {
    pub(super) visual: wire::Visual,
    pub(super) style: wire::Style,
    pub(super) motion: Vec<wire::Motion>,
}

/// The value of a property that a body cannot move.
pub(super) fn settled<T: Copy + PartialEq>(
    property: &str,
    value: &Animated<T>,
    default: T,
    notes: &mut Notes,
) -> T {
    let mut values = value.values().copied();
    let first = values.next().unwrap_or(default);
    if values.any(|value| value != first) {
        let message = format!("`{property}` has keyframes; a body moves things by motion presets alone");
        notes.refused(VerdictCode::Keyframes, message);
    }
    first
}

/// Place, style and motion; `z_index` is the distinct one of the body, `record` the element's own
/// range, before any transition moved its edges.
pub(super) fn look(
    layer: &Layer,
    fitted: &Fitted,
    z_index: i64,
    record: TimeRange,
    rate: FrameRate,
    notes: &mut Notes,
) -> Look {
    if layer.mask.is_some() {
        notes.refused(VerdictCode::Mask, "a body has no masks");
    }
    let faded = fade::opacity(&layer.opacity, record, notes);
    let x = settled("x", &layer.x, Length::HALF, notes);
    let y = settled("y", &layer.y, Length::HALF, notes);
    let hundred = Rational::integer(100);
    let scale = |value: Rational| (value != hundred).then(|| Scale(nearest(value)));
    let x_scale = settled("x_scale", &layer.x_scale, hundred, notes);
    let y_scale = settled("y_scale", &layer.y_scale, hundred, notes);
    let z_rotation = settled("z_rotation", &layer.z_rotation, Angle::ZERO, notes);
    let motions = faded.motion.iter().chain(&layer.motion);
    let motion = motions.map(|motion| one_motion(motion, rate, notes)).collect();
    let visual = wire::Visual {
        x: Some(dimension(x)),
        y: Some(dimension(y)),
        width: Some(dimension(fitted.width)),
        height: Some(dimension(fitted.height)),
        aspect_ratio: fitted.aspect_ratio.map(|ratio| Number(nearest(ratio))),
        x_anchor: unless(fitted.x_anchor, Length::HALF),
        y_anchor: unless(fitted.y_anchor, Length::HALF),
        x_rotation: angle(layer.x_rotation),
        y_rotation: angle(layer.y_rotation),
        z_rotation: angle(z_rotation),
        x_scale: scale(x_scale),
        y_scale: scale(y_scale),
        flip_horizontal: layer.flip_horizontal.then_some(true),
        flip_vertical: layer.flip_vertical.then_some(true),
        opacity: Some(Number(nearest(faded.opacity))),
        z_index: Some(z_index),
        blend_mode: (layer.blend_mode != BlendMode::None).then_some(layer.blend_mode),
        clip: layer.clip.then_some(true),
        color_overlay: layer.color_overlay.map(HexColor),
    };
    Look { visual, style: style(&layer.style), motion }
}

pub(super) fn dimension(length: Length) -> Dimension {
    match length {
        Length::Pixels(pixels) => Dimension::Pixels(nearest(pixels)),
        Length::Percent(percent) => Dimension::Percent(nearest(percent)),
    }
}

/// The length, unless it is what an absent field means.
pub(super) fn unless(length: Length, default: Length) -> Option<Dimension> {
    (length != default).then(|| dimension(length))
}

/// The number, unless it is what an absent field means.
pub(super) fn number_unless(value: Rational, default: Rational) -> Option<Number> {
    (value != default).then(|| Number(nearest(value)))
}

fn angle(angle: Angle) -> Option<wire::Angle> {
    (!angle.is_zero()).then(|| match angle {
        Angle::Degrees(degrees) => wire::Angle::Degrees(nearest(degrees)),
        Angle::Radians(radians) => wire::Angle::Radians(nearest(radians)),
    })
}

fn style(style: &Style) -> wire::Style {
    wire::Style {
        border_radius: unless(style.border_radius, Length::ZERO),
        border_color: style.border_color.map(HexColor),
        border_width: unless(style.border_width, Length::ZERO),
        shadow_color: style.shadow_color.map(HexColor),
        shadow_blur: unless(style.shadow_blur, Length::ZERO),
        shadow_x: unless(style.shadow_x, Length::ZERO),
        shadow_y: unless(style.shadow_y, Length::ZERO),
    }
}

pub(super) fn crop(crop: Crop) -> wire::Crop {
    let number = |value| number_unless(value, Rational::ZERO);
    wire::Crop {
        crop_top: number(crop.top),
        crop_bottom: number(crop.bottom),
        crop_left: number(crop.left),
        crop_right: number(crop.right),
    }
}

pub(super) fn colour(adjust: &Adjustments) -> wire::Colour {
    let number = |value| number_unless(value, Rational::ZERO);
    wire::Colour {
        brightness: number(adjust.brightness),
        contrast: number(adjust.contrast),
        saturation: number(adjust.saturation),
        exposure: number(adjust.exposure),
        hue_rotate: number(adjust.hue_rotate),
        sharpness: number(adjust.sharpness),
        blur: number(adjust.blur),
        noise: number(adjust.noise),
        vignette: number(adjust.vignette),
    }
}

pub(super) fn lut(lut: Option<&Lut>, options: &super::ToJsonOptions, notes: &mut Notes) -> wire::Lut {
    let Some(lut) = lut else { return wire::Lut::default() };
    wire::Lut {
        lut_url: Some(source::url(&lut.location, options, notes)),
        lut_intensity: Some(Number(nearest(lut.intensity))),
    }
}

pub(super) fn effect(effect: &Effect) -> wire::Effect {
    let number = |value: Option<Rational>| value.map(|value| Number(nearest(value)));
    let chroma = |chroma: &ChromaSettings| wire::Chroma {
        hue_min: number(chroma.hue_min),
        hue_max: number(chroma.hue_max),
        sat_min: number(chroma.sat_min),
        sat_max: number(chroma.sat_max),
        lum_min: number(chroma.lum_min),
        lum_max: number(chroma.lum_max),
    };
    wire::Effect {
        kind: effect.kind,
        intensity: Some(Number(nearest(effect.intensity))),
        chroma_settings: effect.chroma_settings.as_ref().map(chroma),
    }
}

/// The easing of a motion, of the four that a body knows.
fn easing(motion: &Motion, notes: &mut Notes) -> Easing {
    if motion.easing.is_api() {
        return motion.easing;
    }
    let (nearest, off) = nearest_easing(motion.easing);
    if off <= MAX_EASING_ERROR && motion.easing != Easing::Hold {
        let message = format!(
            "{} is eased by `{nearest}` instead of `{}`, which leads at most {:.0}% of the way elsewhere",
            motion.kind,
            motion.easing,
            off * 100.0
        );
        notes.approximated(VerdictCode::Easing, message);
        return nearest;
    }
    let message = format!("{} is eased by `{}`, which a body does not know", motion.kind, motion.easing);
    let code = if motion.easing == Easing::Hold { VerdictCode::EasingHold } else { VerdictCode::Easing };
    notes.refused(code, message);
    nearest
}

/// The easing of a body that stays nearest to another one, and how far it is from it at most.
fn nearest_easing(easing: Easing) -> (Easing, f64) {
    let off = |candidate: Easing| {
        let at = |n: i32| f64::from(n) / f64::from(EASING_SAMPLES);
        let distance = |n: i32| (candidate.apply(at(n)) - easing.apply(at(n))).abs();
        (0..=EASING_SAMPLES).map(distance).fold(0.0, f64::max)
    };
    let candidates = Easing::API.into_iter().map(|candidate| (candidate, off(candidate)));
    candidates.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((Easing::Linear, f64::INFINITY))
}

fn one_motion(motion: &Motion, rate: FrameRate, notes: &mut Notes) -> wire::Motion {
    let mut range = motion.record_range;
    if range.start.is_negative() {
        let message = format!("{} starts at zero instead of {}, before the film", motion.kind, range.start);
        notes.approximated(VerdictCode::MotionBeforeStart, message);
        range.start = Time::ZERO;
    }
    let easing = easing(motion, notes);
    let place = super::place::still(range, rate);
    let loops = motion.kind.directions(motion.scope).repeats;
    wire::Motion {
        kind: motion.kind,
        time: Number(place.time),
        duration: Number(place.duration),
        easing: Some(easing),
        reversed: Some(motion.reversed),
        scope: (motion.scope != MotionScope::Element).then_some(motion.scope),
        delay: (!motion.delay.is_zero()).then(|| Number(decimal::nearest(motion.delay.seconds()))),
        repeats: (loops || motion.repeats).then_some(motion.repeats),
    }
}
