//! Groups of fields that several kinds of element share.

use super::scalar::{Angle, Dimension, HexColor, Number, Scale};
use super::wire_group;
use crate::api::schema;
use crate::catalog::{BlendMode, EffectType, MotionScope, MotionType};
use crate::easing::Easing;
use schemars::JsonSchema;
use serde::Serialize;

wire_group! {
    /// What every element has.
    Common {
        /// Unique, not empty.
        #[schemars(extend("minLength" = 1))]
        id: String,
        /// A label.
        name: String,
        /// Informational, 0–255.
        track: u8,
        /// Start in seconds, zero or later.
        #[schemars(extend("minimum" = 0))]
        time: Number,
        /// `false` leaves the element out.
        visible: bool,
    }
}

wire_group! {
    /// What is played of a file, and how loud.
    Trim {
        /// Source seconds, zero or later.
        #[schemars(extend("minimum" = 0))]
        in_point: Number,
        /// Source seconds, after `in_point`; the end of the source when absent.
        #[schemars(extend("exclusiveMinimum" = 0))]
        out_point: Number,
        /// 0.25–4.
        #[schemars(extend("minimum" = 0.25, "maximum" = 4))]
        speed: Number,
        /// Percent, 0–100; on audio greater than zero.
        #[schemars(extend("minimum" = 0, "maximum" = 100))]
        volume: Number,
        /// Seconds.
        #[schemars(extend("minimum" = 0))]
        fade_in_duration: Number,
        /// Seconds.
        #[schemars(extend("minimum" = 0))]
        fade_out_duration: Number,
    }
}

wire_group! {
    /// Place, transform and blend of a visual.
    Visual {
        /// Where the anchor is, across.
        x: Dimension,
        /// Where the anchor is, down.
        y: Dimension,
        /// Width of the box.
        width: Dimension,
        /// Height of the box.
        height: Dimension,
        /// Width over height of the box, greater than zero.
        #[schemars(extend("exclusiveMinimum" = 0))]
        aspect_ratio: Number,
        /// The point of the box placed at `x`.
        x_anchor: Dimension,
        /// The point of the box placed at `y`.
        y_anchor: Dimension,
        /// Tilt about the horizontal axis.
        x_rotation: Angle,
        /// Tilt about the vertical axis.
        y_rotation: Angle,
        /// Turn in the plane.
        z_rotation: Angle,
        /// Multiplies the width.
        x_scale: Scale,
        /// Multiplies the height.
        y_scale: Scale,
        /// Mirrored left to right.
        flip_horizontal: bool,
        /// Mirrored top to bottom.
        flip_vertical: bool,
        /// Percent, 0–100.
        #[schemars(extend("minimum" = 0, "maximum" = 100))]
        opacity: Number,
        /// Higher is in front.
        z_index: i64,
        /// How colours meet what lies below.
        blend_mode: BlendMode,
        /// Cuts the content off at the box.
        clip: bool,
        /// A tint.
        color_overlay: HexColor,
    }
}

wire_group! {
    /// Corners, edge and shadow of the box.
    Style {
        /// Corner radius.
        border_radius: Dimension,
        /// Colour of the edge.
        border_color: HexColor,
        /// Width of the edge.
        border_width: Dimension,
        /// Colour of the shadow.
        shadow_color: HexColor,
        /// Softness of the shadow.
        shadow_blur: Dimension,
        /// Offset to the right.
        shadow_x: Dimension,
        /// Offset downwards.
        shadow_y: Dimension,
    }
}

wire_group! {
    /// Fractions of the source, 0–1, cut from each edge.
    Crop {
        /// From the top.
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        crop_top: Number,
        /// From the bottom.
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        crop_bottom: Number,
        /// From the left.
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        crop_left: Number,
        /// From the right.
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        crop_right: Number,
    }
}

wire_group! {
    /// Colour adjustments; zero leaves the picture alone.
    Colour {
        /// −100…100.
        #[schemars(extend("minimum" = -100, "maximum" = 100))]
        brightness: Number,
        /// −100…100.
        #[schemars(extend("minimum" = -100, "maximum" = 100))]
        contrast: Number,
        /// −100…100.
        #[schemars(extend("minimum" = -100, "maximum" = 100))]
        saturation: Number,
        /// −100…100.
        #[schemars(extend("minimum" = -100, "maximum" = 100))]
        exposure: Number,
        /// Degrees, −180…180.
        #[schemars(extend("minimum" = -180, "maximum" = 180))]
        hue_rotate: Number,
        /// 0…100.
        #[schemars(extend("minimum" = 0, "maximum" = 100))]
        sharpness: Number,
        /// 0…100.
        #[schemars(extend("minimum" = 0, "maximum" = 100))]
        blur: Number,
        /// 0…100.
        #[schemars(extend("minimum" = 0, "maximum" = 100))]
        noise: Number,
        /// 0…100.
        #[schemars(extend("minimum" = 0, "maximum" = 100))]
        vignette: Number,
    }
}

wire_group! {
    /// A colour look-up table.
    Lut {
        /// A `.cube` file.
        #[schemars(schema_with = "schema::url")]
        lut_url: String,
        /// Percent of the graded picture, 0–100.
        #[schemars(extend("minimum" = 0, "maximum" = 100))]
        lut_intensity: Number,
    }
}

/// An effect on the element's pixels.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub struct Effect {
    /// Which one.
    #[serde(rename = "type")]
    pub kind: EffectType,
    /// Percent, 0–100.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intensity: Option<Number>,
    /// On `chroma_key` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chroma_settings: Option<Chroma>,
}

wire_group! {
    /// Ranges of the colours that become transparent.
    Chroma {
        /// Degrees, 0–360.
        #[schemars(extend("minimum" = 0, "maximum" = 360))]
        hue_min: Number,
        /// Degrees, 0–360.
        #[schemars(extend("minimum" = 0, "maximum" = 360))]
        hue_max: Number,
        /// 0–1.
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        sat_min: Number,
        /// 0–1.
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        sat_max: Number,
        /// 0–1.
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        lum_min: Number,
        /// 0–1.
        #[schemars(extend("minimum" = 0, "maximum" = 1))]
        lum_max: Number,
    }
}

/// A motion preset; its times are those of the timeline.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub struct Motion {
    /// Which one.
    #[serde(rename = "type")]
    pub kind: MotionType,
    /// Start in timeline seconds.
    #[schemars(extend("minimum" = 0))]
    pub time: Number,
    /// Seconds, greater than zero.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub duration: Number,
    /// One of the four of the API.
    #[schemars(schema_with = "schema::easing")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub easing: Option<Easing>,
    /// The exit form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reversed: Option<bool>,
    /// What moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<MotionScope>,
    /// Extra delay in seconds.
    #[schemars(extend("minimum" = 0))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Number>,
    /// Starts over when it ends.
    #[serde(rename = "loop", skip_serializing_if = "Option::is_none")]
    pub repeats: Option<bool>,
}
