//! How a layer is turned, tilted, scaled and moved away from its place.

use vid_timeline::{Angle, Animated, Rational, Scalar as _, Size};

use super::{MotionState, Place, Scene, SceneLayer};
use crate::raster::Projection;

/// Distance of the viewer from the canvas, in lengths of its longer side: tilts look as through a
/// slightly long lens.
const VIEWER_DISTANCE: f64 = 1.5;

/// A box: left, top, width, height in pixels of the canvas.
pub type Area = (f64, f64, f64, f64);

impl SceneLayer {
    /// The map from the canvas with the layer at rest in its box `area` to the canvas of `frame`:
    /// about the anchor, first scale, then tilt about the horizontal and the vertical axis, then turn
    /// in the plane, then the way that motions have moved it.
    pub fn pose(&self, scene: &Scene, area: Area, frame: i64) -> Projection {
        let time = scene.time_of(frame);
        let local = self.local_start + time;
        let (left, top, width, height) = area;
        let place = &self.place;
        let pivot = (left + place.x_anchor.scalar(width), top + place.y_anchor.scalar(height));
        let percent = |value: &Animated<Rational>| value.at(local, 100.0) / 100.0;
        let longer = f64::from(scene.size.width.max(scene.size.height));
        Projection::moved(-pivot.0, -pivot.1)
            .then(Projection::scaled(percent(&place.x_scale), percent(&place.y_scale)))
            .then(Projection::turned(
                place.x_rotation.to_radians(),
                place.y_rotation.to_radians(),
                place.z_rotation.at(local, 1.0),
                VIEWER_DISTANCE * longer,
            ))
            .then(Projection::moved(pivot.0, pivot.1))
            .then(self.motion_at(scene, area, frame).projection(area, pivot, scene.size))
    }
}

impl MotionState {
    /// What it makes of something in the box `area`, whose anchor is given, on a canvas of that size: it
    /// comes nearer about its middle, then is scaled, tilted and turned about the pivot, then moved.
    pub fn projection(&self, area: Area, anchor: (f64, f64), canvas: Size) -> Projection {
        let (left, top, width, height) = area;
        let pivot = self.pivot.map_or(anchor, |(x, y)| (left + x * width, top + y * height));
        let middle = (left + width / 2.0, top + height / 2.0);
        let distance = VIEWER_DISTANCE * f64::from(canvas.width.max(canvas.height));
        Projection::moved(-middle.0, -middle.1)
            .then(Projection::scaled(self.zoom, self.zoom))
            .then(Projection::moved(middle.0 - pivot.0, middle.1 - pivot.1))
            .then(Projection::scaled(self.scale_x, self.scale_y))
            .then(Projection::turned(self.tilt_x, self.tilt_y, self.rotation, distance))
            .then(Projection::moved(pivot.0 + self.dx, pivot.1 + self.dy))
    }
}

impl Place {
    /// Whether nothing but motions takes the layer away from its box.
    pub fn is_upright(&self) -> bool {
        let full = |scale: &Animated<Rational>| scale.constant() == Some(&Rational::integer(100));
        let still = |angle: &Angle| angle.is_zero();
        full(&self.x_scale)
            && full(&self.y_scale)
            && still(&self.x_rotation)
            && still(&self.y_rotation)
            && self.z_rotation.constant().is_some_and(still)
    }
}
