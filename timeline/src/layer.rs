//! How a visual element looks: place, transform, style, crop, colour, effects, motion.

use serde::{Deserialize, Serialize};

use crate::animate::Animated;
use crate::catalog::{BlendMode, EffectType, Fit, MotionScope, MotionType};
use crate::easing::Easing;
use crate::mask::Mask;
use crate::rational::Rational;
use crate::time::{Time, TimeRange};
use crate::values::{Angle, Color, Length, Size};

/// A visual with transform, opacity and blend. Defaults are the render API's.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Layer {
    /// Where the anchor is on the canvas, across.
    pub x: Animated<Length>,
    /// Where the anchor is on the canvas, down.
    pub y: Animated<Length>,
    /// Width of the box; percent of the canvas width.
    pub width: Animated<Length>,
    /// Height of the box; percent of the canvas height.
    pub height: Animated<Length>,
    /// Width over height of the box; derives a side that is left at its default ([`box_size`]).
    pub aspect_ratio: Option<Rational>,
    /// The point of the box that is placed at `x`; percent of the box.
    pub x_anchor: Length,
    /// The point of the box that is placed at `y`; percent of the box.
    pub y_anchor: Length,
    /// How the picture fills the box. Text does not use it.
    pub fit: Fit,
    /// Tilt about the horizontal axis.
    pub x_rotation: Angle,
    /// Tilt about the vertical axis.
    pub y_rotation: Angle,
    /// Turn in the plane, clockwise.
    pub z_rotation: Animated<Angle>,
    /// Percent of the box's width, about the anchor.
    pub x_scale: Animated<Rational>,
    /// Percent of the box's height, about the anchor.
    pub y_scale: Animated<Rational>,
    /// Mirrored left to right.
    pub flip_horizontal: bool,
    /// Mirrored top to bottom.
    pub flip_vertical: bool,
    /// Percent, 0–100.
    pub opacity: Animated<Rational>,
    /// Higher is in front; among equals the later element of the timeline is in front.
    pub z_index: i64,
    /// How the colours meet what lies below.
    pub blend_mode: BlendMode,
    /// Cuts the content off at the box.
    pub clip: bool,
    /// A tint over the element's pixels; its opacity is the strength.
    pub color_overlay: Option<Color>,
    /// Corners, edge and shadow.
    pub style: Style,
    /// What is cut from the source before it is placed.
    pub crop: Crop,
    /// Colour adjustments.
    pub adjust: Adjustments,
    /// A colour look-up table.
    pub lut: Option<Lut>,
    /// Effects in the order they are applied.
    pub effects: Vec<Effect>,
    /// Motion presets.
    pub motion: Vec<Motion>,
    /// What decides which parts of it are seen.
    pub mask: Option<Mask>,
}

impl Default for Layer {
    fn default() -> Self {
        let percent = |value| Animated::Constant(Rational::integer(value));
        Self {
            x: Length::HALF.into(),
            y: Length::HALF.into(),
            width: Length::FULL.into(),
            height: Length::FULL.into(),
            aspect_ratio: None,
            x_anchor: Length::HALF,
            y_anchor: Length::HALF,
            fit: Fit::Contain,
            x_rotation: Angle::ZERO,
            y_rotation: Angle::ZERO,
            z_rotation: Angle::ZERO.into(),
            x_scale: percent(100),
            y_scale: percent(100),
            flip_horizontal: false,
            flip_vertical: false,
            opacity: percent(100),
            z_index: 0,
            blend_mode: BlendMode::None,
            clip: false,
            color_overlay: None,
            style: Style::default(),
            crop: Crop::default(),
            adjust: Adjustments::default(),
            lut: None,
            effects: Vec::new(),
            motion: Vec::new(),
            mask: None,
        }
    }
}

/// Width and height of a box in pixels of the canvas.
///
/// With an aspect ratio, a side that is left at 100 % is derived from the other one: the height where
/// it is, otherwise the width. When neither is, the ratio says nothing.
pub fn box_size(
    width: Length,
    height: Length,
    aspect_ratio: Option<Rational>,
    canvas: Size,
) -> (Rational, Rational) {
    let (across, down) = (width.resolve(canvas.width.into()), height.resolve(canvas.height.into()));
    let Some(ratio) = aspect_ratio.filter(|ratio| *ratio > Rational::ZERO) else { return (across, down) };
    match (width == Length::FULL, height == Length::FULL) {
        (_, true) => (across, across / ratio),
        (true, false) => (down * ratio, down),
        (false, false) => (across, down),
    }
}

/// Corners, edge and shadow of the box.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Style {
    /// Corner radius in pixels.
    pub border_radius: Length,
    /// Colour of the edge, drawn when the width is above zero too.
    pub border_color: Option<Color>,
    /// Width of the edge in pixels.
    pub border_width: Length,
    /// Colour of the shadow; its opacity is the strength.
    pub shadow_color: Option<Color>,
    /// Softness of the shadow in pixels.
    pub shadow_blur: Length,
    /// Offset of the shadow to the right, in pixels.
    pub shadow_x: Length,
    /// Offset of the shadow downwards, in pixels.
    pub shadow_y: Length,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            border_radius: Length::ZERO,
            border_color: None,
            border_width: Length::ZERO,
            shadow_color: None,
            shadow_blur: Length::ZERO,
            shadow_x: Length::ZERO,
            shadow_y: Length::ZERO,
        }
    }
}

/// Fractions of the source, 0–1, that are cut from each edge.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Crop {
    /// From the top.
    pub top: Rational,
    /// From the bottom.
    pub bottom: Rational,
    /// From the left.
    pub left: Rational,
    /// From the right.
    pub right: Rational,
}

/// Colour adjustments on the engine's scale; zero leaves the picture alone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Adjustments {
    /// −100…100.
    pub brightness: Rational,
    /// −100…100.
    pub contrast: Rational,
    /// −100…100.
    pub saturation: Rational,
    /// −100…100.
    pub exposure: Rational,
    /// Degrees, −180…180.
    pub hue_rotate: Rational,
    /// 0…100.
    pub sharpness: Rational,
    /// 0…100.
    pub blur: Rational,
    /// 0…100.
    pub noise: Rational,
    /// 0…100.
    pub vignette: Rational,
}

/// A colour look-up table.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Lut {
    /// Path or URL of a `.cube` file.
    pub location: String,
    /// Percent of the graded picture in the mix, 0–100.
    pub intensity: Rational,
}

/// An effect on the element's pixels.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Effect {
    /// Which one.
    pub kind: EffectType,
    /// Percent of strength, 0–100.
    pub intensity: Rational,
    /// The colours to key out, on `chroma_key` alone.
    pub chroma_settings: Option<ChromaSettings>,
}

/// Pixels inside all the ranges become transparent. A side that is `None` does not bound.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct ChromaSettings {
    /// Degrees, 0–360.
    pub hue_min: Option<Rational>,
    /// Degrees, 0–360.
    pub hue_max: Option<Rational>,
    /// 0–1.
    pub sat_min: Option<Rational>,
    /// 0–1.
    pub sat_max: Option<Rational>,
    /// 0–1.
    pub lum_min: Option<Rational>,
    /// 0–1.
    pub lum_max: Option<Rational>,
}

/// A motion preset over a stretch of the timeline.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Motion {
    /// Which one.
    pub kind: MotionType,
    /// When it runs, in timeline time. Before it an entrance shows its first state, after it an
    /// exit shows its last.
    pub record_range: TimeRange,
    /// The shape of its progress.
    pub easing: Easing,
    /// The exit form: played from rest to gone.
    pub reversed: bool,
    /// What moves.
    pub scope: MotionScope,
    /// Extra delay; at character scope the stagger from glyph to glyph.
    pub delay: Time,
    /// Starts over when it ends.
    pub repeats: bool,
}
