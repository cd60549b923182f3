//! Masks: what decides which parts of a layer are seen.

use serde::Serialize;
use vid_timeline::{
    Angle, Animated, Fit, Length, MaskMode, MaskPlace, Rational, Scalar as _, Shape, TimeRange,
};

use super::evaluate::settled;
use super::pose::Area;
use super::{SceneLayer, Time};
use crate::assets::ContentHash;
use crate::raster::Projection;

/// A mask.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SceneMask {
    /// The picture that is read.
    pub matte: SceneMatte,
    /// What is read of it.
    pub mode: MaskMode,
    /// Seen where the matte is not.
    pub inverted: bool,
    /// Deviation of the blur that is put over the matte, in pixels of the canvas.
    pub feather: Rational,
}

/// Where a matte comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SceneMatte {
    /// A shape in the box of the masked layer.
    Shape {
        /// The shape.
        shape: Box<Shape>,
        /// Where in the box.
        place: Box<MattePlace>,
    },
    /// A still picture in the box of the masked layer.
    Still {
        /// The file.
        media: ContentHash,
        /// Display width and height in pixels.
        natural: (u32, u32),
        /// Where in the box.
        place: Box<MattePlace>,
    },
    /// A layer on the same canvas.
    Layer(Box<SceneLayer>),
    /// A layer that is not there on these frames.
    Absent,
}

/// Where a matte is in the box of the layer it masks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MattePlace {
    x: Animated<Length>,
    y: Animated<Length>,
    width: Animated<Length>,
    height: Animated<Length>,
    anchor: (Length, Length),
    rotation: Animated<Angle>,
    /// How a picture, or a path with a view box, fills it.
    pub fit: Fit,
}

impl MattePlace {
    /// The place with values that hold still over `seen` (local times) as constants.
    pub(super) fn of(place: &MaskPlace, seen: TimeRange) -> Self {
        Self {
            x: settled(&place.x, seen),
            y: settled(&place.y, seen),
            width: settled(&place.width, seen),
            height: settled(&place.height, seen),
            anchor: (place.x_anchor, place.y_anchor),
            rotation: settled(&place.rotation, seen),
            fit: place.fit,
        }
    }

    /// Whether it never moves.
    pub fn is_static(&self) -> bool {
        let lengths = [&self.x, &self.y, &self.width, &self.height];
        lengths.iter().all(|length| length.constant().is_some()) && self.rotation.constant().is_some()
    }

    /// The matte's box on the canvas with the masked layer at rest in `area`, and its turn about its
    /// anchor, at local time `time` of the masked layer.
    pub fn at(&self, area: Area, time: Time) -> (Area, Projection) {
        let (left, top, across, down) = area;
        let (width, height) = (self.width.at(time, across).max(0.0), self.height.at(time, down).max(0.0));
        let (x, y) = (left + self.x.at(time, across), top + self.y.at(time, down));
        let own = (x - self.anchor.0.scalar(width), y - self.anchor.1.scalar(height), width, height);
        let turn = Projection::moved(-x, -y)
            .then(Projection::turned(0.0, 0.0, self.rotation.at(time, 1.0), 1.0))
            .then(Projection::moved(x, y));
        (own, turn)
    }
}

impl SceneMask {
    /// Whether it is the same on every frame.
    pub fn is_static(&self) -> bool {
        match &self.matte {
            SceneMatte::Shape { place, .. } | SceneMatte::Still { place, .. } => place.is_static(),
            SceneMatte::Layer(layer) => layer.is_static(),
            SceneMatte::Absent => true,
        }
    }

    /// Whether it depends on the masked layer's local time.
    pub(super) fn is_timed(&self) -> bool {
        match &self.matte {
            SceneMatte::Shape { place, .. } | SceneMatte::Still { place, .. } => !place.is_static(),
            SceneMatte::Layer(_) | SceneMatte::Absent => false,
        }
    }
}
