//! What motions make of a layer.

/// A layer's departure from rest. Lengths are pixels of the canvas, angles radians.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MotionState {
    /// Moved to the right.
    pub dx: f64,
    /// Moved down.
    pub dy: f64,
    /// Factor on the width.
    pub scale_x: f64,
    /// Factor on the height.
    pub scale_y: f64,
    /// Turned in the plane, clockwise.
    pub rotation: f64,
    /// Tilted about the horizontal axis, as `x_rotation`.
    pub tilt_x: f64,
    /// Tilted about the vertical axis, as `y_rotation`.
    pub tilt_y: f64,
    /// The point of the box that scale, turn and tilt leave in place, as fractions of its width and
    /// height; `None` is the layer's anchor.
    pub pivot: Option<(f64, f64)>,
    /// Enlargement of the picture inside its box, about the middle; at least 1.
    pub zoom: f64,
    /// Factor on the opacity, 0–1.
    pub opacity: f64,
    /// Fractions of the box that are cut away: left, top, right, bottom.
    pub clip: [f64; 4],
    /// Deviation of a blur across.
    pub blur_x: f64,
    /// Deviation of a blur down.
    pub blur_y: f64,
    /// How far red is moved to the left and blue to the right.
    pub split: f64,
    /// Where a band of light crosses the box, 0 (about to enter) – 1 (gone).
    pub shimmer: Option<f64>,
    /// How far the layer is in pieces.
    pub scatter: Option<Scatter>,
    /// What its colours do to those below, instead of covering them.
    pub fill: Option<Fill>,
}

/// A layer in pieces.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Scatter {
    /// How the pieces go.
    pub kind: ScatterKind,
    /// 0 whole – 1 gone.
    pub amount: f64,
}

/// How pieces of a layer go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScatterKind {
    /// Tiles fly from the middle, turning.
    Explode,
    /// Grains rise and fade, from the top down.
    Evaporate,
}

/// How a layer's colours meet those below while a motion says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fill {
    /// As the blend mode `overlay`.
    Overlay,
    /// The distance between the two colours, channel by channel.
    Difference,
}

impl MotionState {
    /// Nothing departs.
    pub const REST: Self = Self {
        dx: 0.0,
        dy: 0.0,
        scale_x: 1.0,
        scale_y: 1.0,
        rotation: 0.0,
        tilt_x: 0.0,
        tilt_y: 0.0,
        pivot: None,
        zoom: 1.0,
        opacity: 1.0,
        clip: [0.0; 4],
        blur_x: 0.0,
        blur_y: 0.0,
        split: 0.0,
        shimmer: None,
        scatter: None,
        fill: None,
    };

    /// Both departures together: moves and angles add, factors multiply, cuts and blurs take the
    /// greater, of what cannot be combined the later one counts.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self {
            dx: self.dx + next.dx,
            dy: self.dy + next.dy,
            scale_x: self.scale_x * next.scale_x,
            scale_y: self.scale_y * next.scale_y,
            rotation: self.rotation + next.rotation,
            tilt_x: self.tilt_x + next.tilt_x,
            tilt_y: self.tilt_y + next.tilt_y,
            pivot: next.pivot.or(self.pivot),
            zoom: self.zoom * next.zoom,
            opacity: self.opacity * next.opacity,
            clip: std::array::from_fn(|edge| self.clip[edge].max(next.clip[edge])),
            blur_x: self.blur_x.max(next.blur_x),
            blur_y: self.blur_y.max(next.blur_y),
            split: self.split + next.split,
            shimmer: next.shimmer.or(self.shimmer),
            scatter: next.scatter.or(self.scatter),
            fill: next.fill.or(self.fill),
        }
    }

    /// Whether the layer's pixels come onto the canvas as they are, wherever that is.
    pub fn leaves_pixels(&self) -> bool {
        !self.touches_pixels() && self.fill.is_none() && self.zoom == 1.0
    }

    /// Whether the pixels of the layer change before it takes its pose.
    pub fn touches_pixels(&self) -> bool {
        self.clip != [0.0; 4]
            || self.blur_x > 0.0
            || self.blur_y > 0.0
            || self.split != 0.0
            || self.shimmer.is_some()
            || self.scatter.is_some()
    }
}
