//! Checks of how an element looks.

use super::element::{check_between, check_easing, check_keyframes};
use super::shape;
use super::{ElementFindings, MAX_FEATHER, MAX_LENGTH, MAX_STEPS, Problem};
use crate::animate::Animated;
use crate::catalog::{EffectType, MotionScope};
use crate::layer::{Adjustments, ChromaSettings, Crop, Effect, Layer, Motion, Style};
use crate::mask::{Mask, MaskSource};
use crate::rational::Rational;
use crate::values::Length;

const HUNDRED: Rational = Rational::integer(100);

pub(super) fn check(layer: &Layer, is_text: bool, found: &mut ElementFindings<'_>) {
    let lengths = [("x", &layer.x), ("y", &layer.y), ("width", &layer.width), ("height", &layer.height)];
    for (property, value) in lengths {
        check_keyframes(property, value, found);
        let low = if matches!(property, "width" | "height") { 0 } else { -MAX_LENGTH };
        for length in value.values() {
            check_length(property, *length, low, found);
        }
    }
    check_length("x_anchor", layer.x_anchor, -MAX_LENGTH, found);
    check_length("y_anchor", layer.y_anchor, -MAX_LENGTH, found);
    check_keyframes("z_rotation", &layer.z_rotation, found);
    for (property, value) in [("x_scale", &layer.x_scale), ("y_scale", &layer.y_scale)] {
        check_number(property, value, Rational::integer(-MAX_LENGTH), Rational::integer(MAX_LENGTH), found);
    }
    check_number("opacity", &layer.opacity, Rational::ZERO, HUNDRED, found);
    if let Some(value) = layer.aspect_ratio.filter(|ratio| *ratio <= Rational::ZERO) {
        found.push(Problem::NotPositive { property: "aspect_ratio", value });
    }
    check_style(&layer.style, found);
    check_crop(&layer.crop, found);
    check_adjustments(&layer.adjust, found);
    if let Some(lut) = &layer.lut {
        check_between("lut_intensity", lut.intensity, Rational::ZERO, HUNDRED, found);
        if lut.location.is_empty() {
            found.push(Problem::EmptyLocation);
        }
    }
    for (what, count) in [("effects", layer.effects.len()), ("motions", layer.motion.len())] {
        if count > MAX_STEPS {
            found.push(Problem::TooMany { what, count, limit: MAX_STEPS });
        }
    }
    for effect in &layer.effects {
        check_effect(effect, found);
    }
    for motion in &layer.motion {
        check_motion(motion, is_text, found);
    }
    if let Some(mask) = &layer.mask {
        check_mask(mask, found);
    }
}

fn check_mask(mask: &Mask, found: &mut ElementFindings<'_>) {
    check_between("feather", mask.feather, Rational::ZERO, Rational::integer(MAX_FEATHER), found);
    let place = match &mask.source {
        MaskSource::Shape { shape, place } => {
            shape::check(shape, found);
            place
        }
        MaskSource::Image { place, .. } => place,
        MaskSource::Element(_) => return,
    };
    let lengths = [("x", &place.x), ("y", &place.y), ("width", &place.width), ("height", &place.height)];
    for (property, value) in lengths {
        check_keyframes(property, value, found);
        let low = if matches!(property, "width" | "height") { 0 } else { -MAX_LENGTH };
        for length in value.values() {
            check_length(property, *length, low, found);
        }
    }
    check_length("x_anchor", place.x_anchor, -MAX_LENGTH, found);
    check_length("y_anchor", place.y_anchor, -MAX_LENGTH, found);
    check_keyframes("rotation", &place.rotation, found);
}

pub(super) fn check_length(
    property: &'static str,
    length: Length,
    low: i64,
    found: &mut ElementFindings<'_>,
) {
    let (Length::Pixels(value) | Length::Percent(value)) = length;
    if low == 0 && value.is_negative() {
        found.push(Problem::Negative { property, value });
    } else {
        check_between(property, value, Rational::integer(low), Rational::integer(MAX_LENGTH), found);
    }
}

fn check_number(
    property: &'static str,
    value: &Animated<Rational>,
    low: Rational,
    high: Rational,
    found: &mut ElementFindings<'_>,
) {
    check_keyframes(property, value, found);
    for number in value.values() {
        check_between(property, *number, low, high, found);
    }
}

fn check_style(style: &Style, found: &mut ElementFindings<'_>) {
    check_length("border_radius", style.border_radius, 0, found);
    check_length("border_width", style.border_width, 0, found);
    check_length("shadow_blur", style.shadow_blur, 0, found);
    check_length("shadow_x", style.shadow_x, -MAX_LENGTH, found);
    check_length("shadow_y", style.shadow_y, -MAX_LENGTH, found);
}

fn check_crop(crop: &Crop, found: &mut ElementFindings<'_>) {
    let pairs = [
        [("crop_top", crop.top), ("crop_bottom", crop.bottom)],
        [("crop_left", crop.left), ("crop_right", crop.right)],
    ];
    for pair in pairs {
        for (property, value) in pair {
            check_between(property, value, Rational::ZERO, Rational::ONE, found);
        }
        let [(first, a), (second, b)] = pair;
        if a + b >= Rational::ONE {
            found.push(Problem::CropTakesAll { first, second });
        }
    }
}

fn check_adjustments(adjust: &Adjustments, found: &mut ElementFindings<'_>) {
    let degrees = Rational::integer(180);
    let scales = [
        ("brightness", adjust.brightness, -HUNDRED, HUNDRED),
        ("contrast", adjust.contrast, -HUNDRED, HUNDRED),
        ("saturation", adjust.saturation, -HUNDRED, HUNDRED),
        ("exposure", adjust.exposure, -HUNDRED, HUNDRED),
        ("hue_rotate", adjust.hue_rotate, -degrees, degrees),
        ("sharpness", adjust.sharpness, Rational::ZERO, HUNDRED),
        ("blur", adjust.blur, Rational::ZERO, HUNDRED),
        ("noise", adjust.noise, Rational::ZERO, HUNDRED),
        ("vignette", adjust.vignette, Rational::ZERO, HUNDRED),
    ];
    for (property, value, low, high) in scales {
        check_between(property, value, low, high, found);
    }
}

fn check_effect(effect: &Effect, found: &mut ElementFindings<'_>) {
    check_between("intensity", effect.intensity, Rational::ZERO, HUNDRED, found);
    let Some(chroma) = effect.chroma_settings else { return };
    if effect.kind != EffectType::ChromaKey {
        found.push(Problem::ChromaElsewhere(effect.kind));
    }
    let ChromaSettings { hue_min, hue_max, sat_min, sat_max, lum_min, lum_max } = chroma;
    let turn = Rational::integer(360);
    let sides = [
        ("hue_min", hue_min, turn),
        ("hue_max", hue_max, turn),
        ("sat_min", sat_min, Rational::ONE),
        ("sat_max", sat_max, Rational::ONE),
        ("lum_min", lum_min, Rational::ONE),
        ("lum_max", lum_max, Rational::ONE),
    ];
    for (property, value, high) in sides {
        if let Some(value) = value {
            check_between(property, value, Rational::ZERO, high, found);
        }
    }
}

fn check_motion(motion: &Motion, is_text: bool, found: &mut ElementFindings<'_>) {
    if motion.record_range.is_empty() {
        found.push(Problem::EmptyRange { what: "motion range", range: motion.record_range });
    }
    check_easing(motion.easing, found);
    if motion.delay.is_negative() {
        found.push(Problem::Negative { property: "delay", value: motion.delay.seconds() });
    }
    let (kind, scope, reversed) = (motion.kind, motion.scope, motion.reversed);
    if scope == MotionScope::Character && !is_text {
        found.push(Problem::CharactersOfPicture(kind));
    }
    let directions = kind.directions(scope);
    if !(if reversed { directions.exit } else { directions.entrance }) {
        found.push(Problem::MotionForm { kind, scope, reversed });
    }
}
