//! The four kinds of element.

use schemars::JsonSchema;
use serde::Serialize;

use super::groups::{Colour, Common, Crop, Effect, Lut, Motion, Style, Trim, Visual};
use super::scalar::Number;
use super::text::Text;
use crate::api::schema;

/// One thing on the timeline; `type` tells the kind.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "bodies are read once and dropped; boxes would only add noise")]
pub enum Element {
    /// Moving pictures with their sound.
    Video(Video),
    /// Sound.
    Audio(Audio),
    /// A still picture.
    Image(Image),
    /// Words.
    Text(Text),
}

impl Element {
    /// The fields that every kind has.
    pub const fn common(&self) -> &Common {
        match self {
            Self::Video(video) => &video.common,
            Self::Audio(audio) => &audio.common,
            Self::Image(image) => &image.common,
            Self::Text(text) => &text.common,
        }
    }

    /// The word for the kind.
    pub const fn kind_name(&self) -> &'static str {
        match self {
            Self::Video(_) => "video",
            Self::Audio(_) => "audio",
            Self::Image(_) => "image",
            Self::Text(_) => "text",
        }
    }

    /// Whether it takes part in the render.
    pub fn is_visible(&self) -> bool {
        self.common().visible != Some(false)
    }

    /// URL of the media it reads, if any.
    pub fn source_url(&self) -> Option<&str> {
        match self {
            Self::Video(video) => Some(&video.source_url),
            Self::Audio(audio) => Some(&audio.source_url),
            Self::Image(image) => Some(&image.source_url),
            Self::Text(_) => None,
        }
    }
}

/// Moving pictures with their sound.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub struct Video {
    /// Id, label, start.
    #[serde(flatten)]
    pub common: Common,
    /// The file.
    #[schemars(schema_with = "schema::url")]
    pub source_url: String,
    /// What is played of it, and how loud.
    #[serde(flatten)]
    pub trim: Trim,
    /// Place and transform.
    #[serde(flatten)]
    pub visual: Visual,
    /// Corners, edge and shadow.
    #[serde(flatten)]
    pub style: Style,
    /// What is cut from the source.
    #[serde(flatten)]
    pub crop: Crop,
    /// Adjustments.
    #[serde(flatten)]
    pub colour: Colour,
    /// Look-up table.
    #[serde(flatten)]
    pub lut: Lut,
    /// In the order they are applied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// Motion presets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub motion: Vec<Motion>,
}

/// Sound.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub struct Audio {
    /// Id, label, start.
    #[serde(flatten)]
    pub common: Common,
    /// The file.
    #[schemars(schema_with = "schema::url")]
    pub source_url: String,
    /// What is played of it, and how loud.
    #[serde(flatten)]
    pub trim: Trim,
}

/// A still picture.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub struct Image {
    /// Id, label, start.
    #[serde(flatten)]
    pub common: Common,
    /// Seconds, greater than zero.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub duration: Number,
    /// The file.
    #[schemars(schema_with = "schema::url")]
    pub source_url: String,
    /// Place and transform.
    #[serde(flatten)]
    pub visual: Visual,
    /// Corners, edge and shadow.
    #[serde(flatten)]
    pub style: Style,
    /// What is cut from the source.
    #[serde(flatten)]
    pub crop: Crop,
    /// Adjustments.
    #[serde(flatten)]
    pub colour: Colour,
    /// Look-up table.
    #[serde(flatten)]
    pub lut: Lut,
    /// In the order they are applied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// Motion presets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub motion: Vec<Motion>,
}
