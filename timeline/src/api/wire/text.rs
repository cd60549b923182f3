//! Text and captions.

use schemars::JsonSchema;
use serde::Serialize;

use super::groups::{Common, Motion, Style, Visual};
use super::scalar::{Dimension, HexColor, Number};
use super::wire_group;
use crate::catalog::{FontStyle, TextAlign, TextDecoration, TextWrap, WordStyle};

/// Words.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub struct Text {
    /// Id, label, start.
    #[serde(flatten)]
    pub common: Common,
    /// Seconds, greater than zero.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub duration: Number,
    /// At least one character; a newline breaks the line.
    #[schemars(extend("minLength" = 1))]
    pub text: String,
    /// Place and transform.
    #[serde(flatten)]
    pub visual: Visual,
    /// Edge and shadow.
    #[serde(flatten)]
    pub style: Style,
    /// How the words are set.
    #[serde(flatten)]
    pub typography: Typography,
    /// Turns the text into a caption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word_animation: Option<WordAnimation>,
    /// Motion presets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub motion: Vec<Motion>,
}

wire_group! {
    /// How words are set.
    Typography {
        /// One family name.
        font_family: String,
        /// Pixels of the canvas, greater than zero.
        #[schemars(extend("exclusiveMinimum" = 0))]
        font_size: Number,
        /// 100–900.
        #[schemars(extend("minimum" = 100, "maximum" = 900))]
        font_weight: u16,
        /// Slant and boldness.
        font_style: FontStyle,
        /// Colour of the glyphs.
        text_color: HexColor,
        /// Where lines sit in the box.
        text_align: TextAlign,
        /// A line with the glyphs.
        text_decoration: TextDecoration,
        /// Extra space between letters, in pixels.
        tracking: Number,
        /// Line height as a multiple of the font size.
        #[schemars(extend("minimum" = 0))]
        leading: Number,
        /// Whether lines break at the width of the box.
        text_wrap: TextWrap,
        /// Colour of the outline.
        stroke_color: HexColor,
        /// Width of the outline: up to 1 in font sizes, above in pixels.
        #[schemars(extend("minimum" = 0))]
        stroke_width: Number,
        /// Hollow glyphs.
        stroke: bool,
        /// A plate behind the block.
        background: bool,
        /// Colour of the plate and of the word highlight.
        background_color: HexColor,
        /// Percent that the plate's own opacity is multiplied by.
        #[schemars(extend("minimum" = 0, "maximum" = 100))]
        background_opacity: Number,
        /// Plate padding left and right.
        x_padding: Dimension,
        /// Plate padding above and below.
        y_padding: Dimension,
        /// Glyphs over their shadow.
        shadow: bool,
    }
}

/// Word timing.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub struct WordAnimation {
    /// How a word is shown.
    pub style: WordStyle,
    /// At least one.
    #[schemars(extend("minItems" = 1))]
    pub words: Vec<Word>,
}

/// A spoken word; its times are those of the timeline.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub struct Word {
    /// With its punctuation.
    pub text: String,
    /// Seconds, zero or later.
    #[schemars(extend("minimum" = 0))]
    pub start: Number,
    /// Seconds, greater than zero.
    #[schemars(extend("minimum" = 0))]
    pub end: Number,
}
