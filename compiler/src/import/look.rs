//! How an element looks: whatever is not the default.

use vid_timeline::{
    Adjustments, Animated, BlendMode, Color, Crop, Effect, Fit, Layer, Length, Rational, Style,
};

use super::element::Block;
use super::literal::{angle, animated, length, number, percent, string, with_unit, word};

/// Everything of a layer but what is in front, effects and motions.
pub(super) fn layer(layer: &Layer, is_picture: bool, block: &mut Block) {
    let default = Layer::default();
    moving("x", &layer.x, &default.x, length, block);
    moving("y", &layer.y, &default.y, length, block);
    moving("width", &layer.width, &default.width, length, block);
    moving("height", &layer.height, &default.height, length, block);
    block.some("aspect_ratio", layer.aspect_ratio, number);
    block.unless("x_anchor", layer.x_anchor, default.x_anchor, length);
    block.unless("y_anchor", layer.y_anchor, default.y_anchor, length);
    // Stretching is a rule of the whole film.
    if is_picture && !matches!(layer.fit, Fit::Stretch) {
        block.say("fit", word(layer.fit));
    }
    block.unless("x_rotation", layer.x_rotation, default.x_rotation, angle);
    block.unless("y_rotation", layer.y_rotation, default.y_rotation, angle);
    moving("z_rotation", &layer.z_rotation, &default.z_rotation, angle, block);
    moving("x_scale", &layer.x_scale, &default.x_scale, percent, block);
    moving("y_scale", &layer.y_scale, &default.y_scale, percent, block);
    block.unless("flip_horizontal", layer.flip_horizontal, false, word);
    block.unless("flip_vertical", layer.flip_vertical, false, word);
    moving("opacity", &layer.opacity, &default.opacity, percent, block);
    block.unless("blend_mode", layer.blend_mode, BlendMode::None, word);
    block.unless("clip", layer.clip, false, word);
    block.some("color_overlay", layer.color_overlay, color);
    style(&layer.style, block);
    if is_picture {
        crop(&layer.crop, block);
        adjust(&layer.adjust, block);
        if let Some(lut) = &layer.lut {
            block.say("lut_url", string(&lut.location));
            block.unless("lut_intensity", lut.intensity, Rational::integer(100), percent);
        }
    }
}

fn moving<T: Copy + PartialEq>(
    name: &str,
    value: &Animated<T>,
    default: &Animated<T>,
    write: impl Fn(T) -> String,
    block: &mut Block,
) {
    if value != default {
        block.say(name, animated(value, write));
    }
}

pub(super) fn color(color: Color) -> String {
    color.to_string()
}

fn style(style: &Style, block: &mut Block) {
    block.unless("border_radius", style.border_radius, Length::ZERO, length);
    block.some("border_color", style.border_color, color);
    block.unless("border_width", style.border_width, Length::ZERO, length);
    block.some("shadow_color", style.shadow_color, color);
    block.unless("shadow_blur", style.shadow_blur, Length::ZERO, length);
    block.unless("shadow_x", style.shadow_x, Length::ZERO, length);
    block.unless("shadow_y", style.shadow_y, Length::ZERO, length);
}

fn crop(crop: &Crop, block: &mut Block) {
    for (name, value) in [
        ("crop_top", crop.top),
        ("crop_bottom", crop.bottom),
        ("crop_left", crop.left),
        ("crop_right", crop.right),
    ] {
        block.unless(name, value, Rational::ZERO, number);
    }
}

fn adjust(adjust: &Adjustments, block: &mut Block) {
    for (name, value) in [
        ("brightness", adjust.brightness),
        ("contrast", adjust.contrast),
        ("saturation", adjust.saturation),
        ("exposure", adjust.exposure),
    ] {
        block.unless(name, value, Rational::ZERO, number);
    }
    block.unless("hue_rotate", adjust.hue_rotate, Rational::ZERO, degrees);
    for (name, value) in [
        ("sharpness", adjust.sharpness),
        ("blur", adjust.blur),
        ("noise", adjust.noise),
        ("vignette", adjust.vignette),
    ] {
        block.unless(name, value, Rational::ZERO, number);
    }
}

fn degrees(value: Rational) -> String {
    with_unit(value, "deg")
}

/// An effect: `effect vhs 35%`.
pub(super) fn effect(effect: &Effect) -> String {
    let mut text = format!("effect {}", effect.kind);
    if effect.intensity != Rational::integer(100) {
        text.push(' ');
        text.push_str(&percent(effect.intensity));
    }
    let mut properties = Vec::new();
    if let Some(chroma) = &effect.chroma_settings {
        for (name, value) in [("hue_min", chroma.hue_min), ("hue_max", chroma.hue_max)] {
            properties.extend(value.map(|value| format!("{name}: {}", degrees(value))));
        }
        for (name, value) in [
            ("sat_min", chroma.sat_min),
            ("sat_max", chroma.sat_max),
            ("lum_min", chroma.lum_min),
            ("lum_max", chroma.lum_max),
        ] {
            properties.extend(value.map(|value| format!("{name}: {}", number(value))));
        }
    }
    if !properties.is_empty() {
        text.push_str(&super::block(&properties));
    }
    text
}
