//! The body of `POST /v1/renders` as types, apart from the timeline's own.
//!
//! A field that is `None` is absent from the body. Fields are declared in the order in which the
//! canonical body writes its keys, so serialising a value *is* the canonical form.

mod element;
mod groups;
mod scalar;
mod text;

use schemars::JsonSchema;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::catalog::{OutputFormat, TransitionType};

pub use element::{Audio, Element, Image, Video};
pub use groups::{Chroma, Colour, Common, Crop, Effect, Lut, Motion, Style, Trim, Visual};
pub use scalar::{Angle, Dimension, HexColor, Number, Scale};
pub use text::{Text, Typography, Word, WordAnimation};

/// Defines a group of fields that may each be absent.
macro_rules! wire_group {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Debug, Default, serde::Serialize, schemars::JsonSchema)]
        pub struct $name {
            $($(#[$field_meta])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)+
        }
    };
}
use super::schema;
use wire_group;

/// A whole body.
#[derive(Clone, PartialEq, Debug, Default, Serialize, JsonSchema)]
pub struct RenderBody {
    /// The composition's own fields up to its elements.
    #[serde(flatten)]
    pub composition: Composition,
    /// What is on the timeline.
    pub elements: Vec<Element>,
    /// Between elements.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transitions: Vec<Transition>,
    /// Echoed on the job.
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
    /// About the job.
    #[serde(flatten)]
    pub job: JobFields,
}

impl RenderBody {
    /// The canonical text: two spaces of indentation, one final newline.
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        text.expect("the types have string keys and finite numbers alone") + "\n"
    }
}

wire_group! {
    /// Canvas, length and output.
    Composition {
        /// 16–8192, with `height` or neither.
        #[schemars(extend("minimum" = 16, "maximum" = 8192))]
        width: u32,
        /// 16–8192, with `width` or neither.
        #[schemars(extend("minimum" = 16, "maximum" = 8192))]
        height: u32,
        /// Seconds, greater than zero, at most a day.
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 86400))]
        duration: Number,
        /// 1–240 frames a second.
        #[schemars(extend("minimum" = 1, "maximum" = 240))]
        frame_rate: u32,
        /// Container and codec family.
        output_format: OutputFormat,
        /// Base name without extension.
        output_filename: String,
        /// Fills the canvas below all elements.
        background_color: HexColor,
        /// A picture above the colour, below the elements.
        #[schemars(schema_with = "schema::url")]
        background_image_url: String,
        /// Transparent background; webm and mov alone.
        alpha: bool,
    }
}

wire_group! {
    /// What concerns the job and not the film.
    JobFields {
        /// Where this job's progress is told.
        #[schemars(schema_with = "schema::url")]
        webhook_url: String,
        /// Whether outside files are copied first.
        ingest_external: bool,
    }
}

/// A passage between two elements.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub struct Transition {
    /// Which one.
    #[serde(rename = "type")]
    pub kind: TransitionType,
    /// Seconds, greater than zero; centred on the start of the element that comes.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub duration: Number,
    /// Id of the element that leaves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_id: Option<String>,
    /// Id of the element that comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_id: Option<String>,
    /// Layer of the blended result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub z_index: Option<i64>,
}

/// Free pairs in their order.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Metadata(pub Vec<(String, String)>);

impl Metadata {
    /// Whether there are no pairs.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}
