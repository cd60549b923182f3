//! Shapes: outlines with fill and stroke, drawn into the box of their layer.
//!
//! The box of a shape is its layer's box, `width` × `height`. Percentages here are of that box,
//! pixels are those of the canvas. Colours of a gradient are mixed as they are encoded, not
//! premultiplied, like everything a [`Layer`](crate::Layer) shows.

use serde::{Deserialize, Serialize};

use crate::rational::Rational;
use crate::values::{Angle, Color, Length};

/// An outline, what is inside it and what runs along it. The fill is drawn first.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Shape {
    /// The outline.
    pub geometry: Geometry,
    /// What is inside; a line has no inside.
    pub fill: Option<Paint>,
    /// What runs along the outline, centred on it.
    pub stroke: Option<Stroke>,
}

/// The outline of a shape.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Geometry {
    /// The whole box.
    Rect {
        /// Radius of the corners, percent of the box's shorter side; at most half of that side.
        radius: Length,
    },
    /// The ellipse that touches all four sides of the box.
    Ellipse,
    /// A straight line between two points of the box.
    Line {
        /// Where it begins: across and down from the top left corner.
        from: [Length; 2],
        /// Where it ends.
        to: [Length; 2],
    },
    /// Any outline.
    Path {
        /// Path data as SVG writes it, which [`crate::path::parse`] reads without an error.
        data: String,
        /// The part of the path's plane that is fitted into the box as the layer's `fit` says.
        /// Without one a unit of the path is a pixel and its origin the box's top left corner.
        view_box: Option<ViewBox>,
        /// What counts as inside where the path crosses itself.
        fill_rule: FillRule,
    },
}

/// A rectangle in the plane of a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ViewBox {
    /// Left edge.
    pub x: Rational,
    /// Top edge.
    pub y: Rational,
    /// Greater than zero.
    pub width: Rational,
    /// Greater than zero.
    pub height: Rational,
}

crate::catalog::named_enum! {
    /// What counts as inside an outline that crosses itself.
    FillRule {
        Nonzero = "nonzero",
        Evenodd = "evenodd",
    }
}

/// What a fill or a stroke is coloured with.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paint {
    /// One colour.
    Solid(Color),
    /// Colours along a line through the middle of the box, as CSS lays it: 0° leads up, 90° to the
    /// right, and the line is as long as it must be for the corners to get the first and last colour.
    Linear {
        /// Where it leads.
        angle: Angle,
        /// At least two.
        stops: Vec<GradientStop>,
    },
    /// Colours from a centre outwards: 100 % is the ellipse with the box's half sides as its radii.
    Radial {
        /// The centre: across and down from the top left corner of the box.
        center: [Length; 2],
        /// At least two.
        stops: Vec<GradientStop>,
    },
}

impl Paint {
    /// Whether nothing of it can be seen.
    pub fn is_invisible(&self) -> bool {
        match self {
            Self::Solid(color) => color.a == 0,
            Self::Linear { stops, .. } | Self::Radial { stops, .. } => {
                stops.iter().all(|stop| stop.color.a == 0)
            }
        }
    }
}

/// A colour at a place of a gradient. Before the first and after the last one their colours go on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct GradientStop {
    /// Percent of the way, 0–100, not below that of the stop before.
    pub offset: Rational,
    /// The colour there.
    pub color: Color,
}

/// What runs along an outline.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Stroke {
    /// Its colour; a gradient is laid over the box, as for a fill.
    pub paint: Paint,
    /// Pixels of the canvas, greater than zero.
    pub width: Rational,
    /// Lengths of dashes and gaps in turn, in pixels, at least two and not all zero; empty for a
    /// line without gaps. An odd number of lengths is run through twice.
    pub dash: Vec<Rational>,
    /// How far into the dashes the line begins, in pixels.
    pub dash_offset: Rational,
    /// How open ends look.
    pub cap: StrokeCap,
    /// How corners look. A mitre longer than four times the width is cut off.
    pub join: StrokeJoin,
}

crate::catalog::named_enum! {
    /// How the open ends of a stroke look.
    StrokeCap {
        Butt = "butt",
        Round = "round",
        Square = "square",
    }
}

crate::catalog::named_enum! {
    /// How the corners of a stroke look.
    StrokeJoin {
        Miter = "miter",
        Round = "round",
        Bevel = "bevel",
    }
}

impl Stroke {
    /// A stroke without gaps, with flat ends and pointed corners.
    pub const fn plain(paint: Paint, width: Rational) -> Self {
        Self {
            paint,
            width,
            dash: Vec::new(),
            dash_offset: Rational::ZERO,
            cap: StrokeCap::Butt,
            join: StrokeJoin::Miter,
        }
    }
}

impl Geometry {
    /// The word for it in source.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Rect { .. } => "rect",
            Self::Ellipse => "ellipse",
            Self::Line { .. } => "line",
            Self::Path { .. } => "path",
        }
    }
}

impl Shape {
    /// Whether nothing of it can be seen, whatever its size.
    pub fn is_invisible(&self) -> bool {
        let filled = !matches!(self.geometry, Geometry::Line { .. })
            && self.fill.as_ref().is_some_and(|paint| !paint.is_invisible());
        let stroked = self.stroke.as_ref().is_some_and(|stroke| !stroke.paint.is_invisible());
        !filled && !stroked
    }
}
