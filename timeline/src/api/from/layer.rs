//! How an element looks.

use super::super::wire::{self, Dimension, HexColor, Number, Scale};
use super::seconds;
use crate::catalog::{BlendMode, Fit, MotionScope};
use crate::easing::Easing;
use crate::layer::{Adjustments, ChromaSettings, Crop, Effect, Layer, Lut, Motion, Style};
use crate::rational::Rational;
use crate::time::{Time, TimeRange};
use crate::values::{Angle, Color, Length};

/// Front-to-back place of a picture whose body says nothing.
const PICTURE_Z_INDEX: i64 = 0;
/// Front-to-back place of a text whose body says nothing.
const TEXT_Z_INDEX: i64 = 1;

pub(super) fn of_video(video: &wire::Video) -> Layer {
    Layer {
        crop: crop(&video.crop),
        adjust: adjustments(&video.colour),
        lut: lut(&video.lut),
        effects: video.effects.iter().map(effect).collect(),
        motion: video.motion.iter().map(motion).collect(),
        // The contract has no fit: the picture takes the shape of its box.
        fit: Fit::Stretch,
        ..base(&video.visual, &video.style, PICTURE_Z_INDEX)
    }
}

pub(super) fn of_image(image: &wire::Image) -> Layer {
    Layer {
        crop: crop(&image.crop),
        adjust: adjustments(&image.colour),
        lut: lut(&image.lut),
        effects: image.effects.iter().map(effect).collect(),
        motion: image.motion.iter().map(motion).collect(),
        fit: Fit::Stretch,
        ..base(&image.visual, &image.style, PICTURE_Z_INDEX)
    }
}

pub(super) fn of_text(text: &wire::Text) -> Layer {
    Layer {
        motion: text.motion.iter().map(motion).collect(),
        ..base(&text.visual, &text.style, TEXT_Z_INDEX)
    }
}

fn base(visual: &wire::Visual, style: &wire::Style, z_index: i64) -> Layer {
    let default = Layer::default();
    let percent = |scale: Option<Scale>| scale.map_or(Rational::integer(100), |scale| scale.0).into();
    Layer {
        x: length(visual.x, Length::HALF).into(),
        y: length(visual.y, Length::HALF).into(),
        width: length(visual.width, Length::FULL).into(),
        height: length(visual.height, Length::FULL).into(),
        aspect_ratio: visual.aspect_ratio.map(|ratio| ratio.0),
        x_anchor: length(visual.x_anchor, Length::HALF),
        y_anchor: length(visual.y_anchor, Length::HALF),
        x_rotation: angle(visual.x_rotation),
        y_rotation: angle(visual.y_rotation),
        z_rotation: angle(visual.z_rotation).into(),
        x_scale: percent(visual.x_scale),
        y_scale: percent(visual.y_scale),
        flip_horizontal: visual.flip_horizontal.unwrap_or(false),
        flip_vertical: visual.flip_vertical.unwrap_or(false),
        opacity: number(visual.opacity, 100).into(),
        z_index: visual.z_index.unwrap_or(z_index),
        blend_mode: visual.blend_mode.unwrap_or(BlendMode::None),
        clip: visual.clip.unwrap_or(false),
        color_overlay: color(visual.color_overlay),
        style: Style {
            border_radius: length(style.border_radius, Length::ZERO),
            border_color: color(style.border_color),
            border_width: length(style.border_width, Length::ZERO),
            shadow_color: color(style.shadow_color),
            shadow_blur: length(style.shadow_blur, Length::ZERO),
            shadow_x: length(style.shadow_x, Length::ZERO),
            shadow_y: length(style.shadow_y, Length::ZERO),
        },
        ..default
    }
}

pub(super) fn length(dimension: Option<Dimension>, default: Length) -> Length {
    match dimension {
        Some(Dimension::Pixels(pixels)) => Length::Pixels(pixels),
        Some(Dimension::Percent(percent)) => Length::Percent(percent),
        None => default,
    }
}

pub(super) fn color(color: Option<HexColor>) -> Option<Color> {
    color.map(|color| color.0)
}

pub(super) fn number(number: Option<Number>, default: i64) -> Rational {
    number.map_or(Rational::integer(default), |number| number.0)
}

fn angle(angle: Option<wire::Angle>) -> Angle {
    match angle {
        Some(wire::Angle::Degrees(degrees)) => Angle::Degrees(degrees),
        Some(wire::Angle::Radians(radians)) => Angle::Radians(radians),
        None => Angle::ZERO,
    }
}

fn crop(crop: &wire::Crop) -> Crop {
    Crop {
        top: number(crop.crop_top, 0),
        bottom: number(crop.crop_bottom, 0),
        left: number(crop.crop_left, 0),
        right: number(crop.crop_right, 0),
    }
}

fn adjustments(colour: &wire::Colour) -> Adjustments {
    Adjustments {
        brightness: number(colour.brightness, 0),
        contrast: number(colour.contrast, 0),
        saturation: number(colour.saturation, 0),
        exposure: number(colour.exposure, 0),
        hue_rotate: number(colour.hue_rotate, 0),
        sharpness: number(colour.sharpness, 0),
        blur: number(colour.blur, 0),
        noise: number(colour.noise, 0),
        vignette: number(colour.vignette, 0),
    }
}

fn lut(lut: &wire::Lut) -> Option<Lut> {
    let location = lut.lut_url.clone()?;
    Some(Lut { location, intensity: number(lut.lut_intensity, 100) })
}

fn effect(effect: &wire::Effect) -> Effect {
    let value = |number: Option<Number>| number.map(|number| number.0);
    Effect {
        kind: effect.kind,
        intensity: number(effect.intensity, 100),
        chroma_settings: effect.chroma_settings.as_ref().map(|chroma| ChromaSettings {
            hue_min: value(chroma.hue_min),
            hue_max: value(chroma.hue_max),
            sat_min: value(chroma.sat_min),
            sat_max: value(chroma.sat_max),
            lum_min: value(chroma.lum_min),
            lum_max: value(chroma.lum_max),
        }),
    }
}

fn motion(motion: &wire::Motion) -> Motion {
    Motion {
        kind: motion.kind,
        record_range: TimeRange::at(Time::from_seconds(motion.time.0), Time::from_seconds(motion.duration.0)),
        easing: motion.easing.unwrap_or(Easing::EaseInOut),
        reversed: motion.reversed.unwrap_or(false),
        scope: motion.scope.unwrap_or(MotionScope::Element),
        delay: seconds(motion.delay),
        repeats: motion.repeats.unwrap_or(false),
    }
}
