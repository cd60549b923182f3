//! Groups of fields that several kinds of element share.

use super::super::violation::ViolationCode;
use super::super::wire::{Chroma, Colour, Common, Crop, Effect, Lut, Motion, Number, Style, Trim, Visual};
use super::MAX_MAGNITUDE;
use super::object::{Bounds, ObjectReader, Sign};
use crate::catalog::{BlendMode, EffectType, MotionScope, MotionType};
use crate::easing::Easing;
use crate::rational::Rational;
use crate::validate::MAX_STEPS;

pub(super) fn common(object: &mut ObjectReader<'_>) -> Common {
    Common {
        id: object.string("id"),
        name: object.string("name"),
        track: object.integer("track", 0..=255).and_then(|track| u8::try_from(track).ok()),
        time: object.number("time", Bounds::NotNegative),
        visible: object.boolean("visible"),
    }
}

/// Trim and sound; `volume` has the bounds of the kind.
pub(super) fn trim(object: &mut ObjectReader<'_>, is_audio: bool) -> Trim {
    let trim = Trim {
        in_point: object.number("in_point", Bounds::NotNegative),
        out_point: object.number("out_point", Bounds::Positive),
        speed: object.number("speed", Bounds::Positive),
        volume: object.number("volume", Bounds::Within(0, 100)),
        fade_in_duration: object.number("fade_in_duration", Bounds::ClampedNotNegative),
        fade_out_duration: object.number("fade_out_duration", Bounds::ClampedNotNegative),
    };
    let (slowest, fastest) = (Rational::ratio(1, 4), Rational::integer(4));
    if let Some(Number(speed)) = trim.speed.filter(|speed| speed.0 < slowest || speed.0 > fastest) {
        let message = format!("`speed` is {speed}, outside {slowest} to {fastest}");
        object.error(ViolationCode::OutOfRange, "speed", message);
    }
    if is_audio && trim.volume.is_some_and(|volume| volume.0.is_zero()) {
        let message = "`volume` of an audio must be greater than 0; leave a silent one out";
        object.error(ViolationCode::OutOfRange, "volume", message);
    }
    let in_point = trim.in_point.unwrap_or_default().0;
    if let Some(Number(out_point)) = trim.out_point.filter(|out_point| out_point.0 <= in_point) {
        let message = format!("`out_point` is {out_point}, not after `in_point` at {in_point}");
        object.error(ViolationCode::EmptyTrim, "out_point", message);
    }
    trim
}

pub(super) fn visual(object: &mut ObjectReader<'_>) -> Visual {
    Visual {
        x: object.length("x", Sign::Any),
        y: object.length("y", Sign::Any),
        width: object.length("width", Sign::NotNegative),
        height: object.length("height", Sign::NotNegative),
        aspect_ratio: object.number("aspect_ratio", Bounds::Positive),
        x_anchor: object.length("x_anchor", Sign::Any),
        y_anchor: object.length("y_anchor", Sign::Any),
        x_rotation: object.angle("x_rotation"),
        y_rotation: object.angle("y_rotation"),
        z_rotation: object.angle("z_rotation"),
        x_scale: object.scale("x_scale"),
        y_scale: object.scale("y_scale"),
        flip_horizontal: object.boolean("flip_horizontal"),
        flip_vertical: object.boolean("flip_vertical"),
        opacity: object.number("opacity", Bounds::Within(0, 100)),
        z_index: object.integer("z_index", -MAX_MAGNITUDE..=MAX_MAGNITUDE),
        blend_mode: object.name("blend_mode", BlendMode::ALL, BlendMode::name),
        clip: object.boolean("clip"),
        color_overlay: object.color("color_overlay"),
    }
}

pub(super) fn style(object: &mut ObjectReader<'_>) -> Style {
    Style {
        border_radius: object.length("border_radius", Sign::NotNegative),
        border_color: object.color("border_color"),
        border_width: object.length("border_width", Sign::NotNegative),
        shadow_color: object.color("shadow_color"),
        shadow_blur: object.length("shadow_blur", Sign::NotNegative),
        shadow_x: object.length("shadow_x", Sign::Any),
        shadow_y: object.length("shadow_y", Sign::Any),
    }
}

pub(super) fn crop(object: &mut ObjectReader<'_>) -> Crop {
    let crop = Crop {
        crop_top: object.number("crop_top", Bounds::Within(0, 1)),
        crop_bottom: object.number("crop_bottom", Bounds::Within(0, 1)),
        crop_left: object.number("crop_left", Bounds::Within(0, 1)),
        crop_right: object.number("crop_right", Bounds::Within(0, 1)),
    };
    let pairs = [
        ("crop_top", "crop_bottom", crop.crop_top, crop.crop_bottom),
        ("crop_left", "crop_right", crop.crop_left, crop.crop_right),
    ];
    for (first, second, a, b) in pairs {
        if a.unwrap_or_default().0 + b.unwrap_or_default().0 >= Rational::ONE {
            let message = format!("`{first}` and `{second}` together leave nothing of the picture");
            object.error(ViolationCode::EmptyCrop, second, message);
        }
    }
    crop
}

pub(super) fn colour(object: &mut ObjectReader<'_>) -> Colour {
    Colour {
        brightness: object.number("brightness", Bounds::Clamped(-100, 100)),
        contrast: object.number("contrast", Bounds::Clamped(-100, 100)),
        saturation: object.number("saturation", Bounds::Clamped(-100, 100)),
        exposure: object.number("exposure", Bounds::Clamped(-100, 100)),
        hue_rotate: object.number("hue_rotate", Bounds::Clamped(-180, 180)),
        sharpness: object.number("sharpness", Bounds::Clamped(0, 100)),
        blur: object.number("blur", Bounds::Clamped(0, 100)),
        noise: object.number("noise", Bounds::Clamped(0, 100)),
        vignette: object.number("vignette", Bounds::Clamped(0, 100)),
    }
}

pub(super) fn lut(object: &mut ObjectReader<'_>) -> Lut {
    Lut {
        lut_url: object.url("lut_url"),
        lut_intensity: object.number("lut_intensity", Bounds::Within(0, 100)),
    }
}

pub(super) fn effects(object: &mut ObjectReader<'_>) -> Vec<Effect> {
    object.objects("effects", "effect", MAX_STEPS, effect).unwrap_or_default()
}

fn effect(object: &mut ObjectReader<'_>) -> Option<Effect> {
    let kind = object.name("type", EffectType::ALL, EffectType::name);
    object.require("type");
    let intensity = object.number("intensity", Bounds::Within(0, 100));
    let mut chroma_settings = object.object("chroma_settings", "chroma_settings", chroma);
    if chroma_settings.is_some() && kind.is_some_and(|kind| kind != EffectType::ChromaKey) {
        let message = "`chroma_settings` belong to chroma_key; they are ignored";
        object.warn(ViolationCode::UnknownField, "chroma_settings", message);
        chroma_settings = None;
    }
    Some(Effect { kind: kind?, intensity, chroma_settings })
}

fn chroma(object: &mut ObjectReader<'_>) -> Option<Chroma> {
    Some(Chroma {
        hue_min: object.number("hue_min", Bounds::Clamped(0, 360)),
        hue_max: object.number("hue_max", Bounds::Clamped(0, 360)),
        sat_min: object.number("sat_min", Bounds::Clamped(0, 1)),
        sat_max: object.number("sat_max", Bounds::Clamped(0, 1)),
        lum_min: object.number("lum_min", Bounds::Clamped(0, 1)),
        lum_max: object.number("lum_max", Bounds::Clamped(0, 1)),
    })
}

/// The motions; only those of a text may move characters.
pub(super) fn motion(object: &mut ObjectReader<'_>, is_text: bool) -> Vec<Motion> {
    object.objects("motion", "motion", MAX_STEPS, |object| one_motion(object, is_text)).unwrap_or_default()
}

fn one_motion(object: &mut ObjectReader<'_>, is_text: bool) -> Option<Motion> {
    let kind = object.name("type", MotionType::ALL, MotionType::name);
    let time = object.number("time", Bounds::NotNegative);
    let duration = object.number("duration", Bounds::Positive);
    let easing = object.name("easing", &Easing::API, Easing::name);
    let mut reversed = object.boolean("reversed");
    let scope = object.name("scope", MotionScope::ALL, MotionScope::name);
    let delay = object.number("delay", Bounds::ClampedNotNegative);
    let mut repeats = object.boolean("loop");
    for key in ["type", "time", "duration"] {
        object.require(key);
    }
    let kind = kind?;
    check_motion(object, kind, scope.unwrap_or(MotionScope::Element), &mut reversed, is_text);
    if kind.directions(scope.unwrap_or(MotionScope::Element)).repeats && repeats.is_none() {
        repeats = Some(true);
    }
    Some(Motion { kind, time: time?, duration: duration?, easing, reversed, scope, delay, repeats })
}

/// Checks that the motion exists in this scope and form, and settles the form of those that are
/// exits alone.
fn check_motion(
    object: &mut ObjectReader<'_>,
    kind: MotionType,
    scope: MotionScope,
    reversed: &mut Option<bool>,
    is_text: bool,
) {
    if scope == MotionScope::Character && !is_text {
        let message = "only a text has characters to move";
        object.error(ViolationCode::MotionScope, "scope", message);
        return;
    }
    let directions = kind.directions(scope);
    if !directions.entrance && !directions.exit {
        let message = format!("{kind} does not move characters");
        object.error(ViolationCode::MotionScope, "scope", message);
        return;
    }
    let always_exits = matches!(kind, MotionType::ZoomOut | MotionType::Evaporate);
    if !directions.entrance && (always_exits || reversed.is_none()) {
        *reversed = Some(true);
    }
    let form = match *reversed {
        Some(true) if !directions.exit => "an exit (`reversed: true`)",
        Some(false) | None if !directions.entrance => "an entrance (`reversed: false`)",
        _ => return,
    };
    object.error(ViolationCode::MotionDirection, "reversed", format!("{kind} does not exist as {form}"));
}
