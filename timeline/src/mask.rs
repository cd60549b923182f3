//! Masks: what decides which parts of an element are seen.
//!
//! A mask multiplies the opacity of everything its layer draws, border and shadow included, before
//! the layer's own `opacity` and blend mode. Where there is no mask, outside its picture or outside
//! its time, it is transparent: nothing is seen, or everything when it is inverted.

use serde::{Deserialize, Serialize};

use crate::animate::Animated;
use crate::catalog::Fit;
use crate::element::{Element, MediaSource};
use crate::rational::Rational;
use crate::shape::Shape;
use crate::values::{Angle, Length};

/// A matte for a layer.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Mask {
    /// The picture that is read.
    pub source: MaskSource,
    /// What is read of it.
    pub mode: MaskMode,
    /// Seen where the matte is not.
    pub inverted: bool,
    /// Softness of its edges: the standard deviation, in pixels of the canvas, of the Gaussian blur
    /// that is put over the matte. Zero or more.
    pub feather: Rational,
}

/// Where a matte comes from.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaskSource {
    /// A shape in the masked element's box: it turns, scales and moves with the element.
    Shape {
        /// The shape.
        shape: Box<Shape>,
        /// Where it is in the box.
        place: Box<MaskPlace>,
    },
    /// A still picture in the masked element's box; it turns, scales and moves with the element.
    Image {
        /// The file.
        source: MediaSource,
        /// Where it is in the box.
        place: Box<MaskPlace>,
    },
    /// Another element, of any kind but audio, that is not drawn itself. It stands on the same canvas
    /// by its own layer and lives in its own time; the masked element moves behind it as behind a
    /// window. It has no sound, and no mask of its own that is an element.
    Element(Box<Element>),
}

crate::catalog::named_enum! {
    /// What is read of a matte: its opacity, or its brightness times its opacity — 0.2126 R +
    /// 0.7152 G + 0.0722 B of the colours as they are encoded, premultiplied.
    MaskMode {
        Alpha = "alpha",
        Luma = "luma",
    }
}

/// The place of a matte in the box of the element it masks. Percent are of that box's sides, pixels
/// those of the canvas; times are local to the masked element.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MaskPlace {
    /// Where the anchor is, from the left side.
    pub x: Animated<Length>,
    /// Where the anchor is, from the top.
    pub y: Animated<Length>,
    /// Width.
    pub width: Animated<Length>,
    /// Height.
    pub height: Animated<Length>,
    /// The point of the matte's box that is placed at `x`.
    pub x_anchor: Length,
    /// The point of the matte's box that is placed at `y`.
    pub y_anchor: Length,
    /// Turn about the anchor, clockwise.
    pub rotation: Animated<Angle>,
    /// How a picture, or a path with a view box, fills the matte's box.
    pub fit: Fit,
}

impl Default for MaskPlace {
    /// The whole box, filled without regard to the shape of a picture.
    fn default() -> Self {
        Self {
            x: Length::HALF.into(),
            y: Length::HALF.into(),
            width: Length::FULL.into(),
            height: Length::FULL.into(),
            x_anchor: Length::HALF,
            y_anchor: Length::HALF,
            rotation: Angle::ZERO.into(),
            fit: Fit::Stretch,
        }
    }
}
