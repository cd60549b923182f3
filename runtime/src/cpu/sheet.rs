//! A picture on its way to the canvas.

use crate::raster::{Pixmap, Projection};
use crate::scene::Placement;

/// Largest side of a sheet, in pixels.
const MAX_SIDE: f64 = 16_384.0;
/// Most pixels of a sheet: a frame of 7680 × 4320.
const MAX_PIXELS: f64 = 7680.0 * 4320.0;
/// From one density to the next: four steps double it.
const STEP: f64 = 1.189_207_115_002_721;
/// Furthest that densities go either way, in steps.
const MAX_STEPS: u32 = 24;

/// Pixels, and the rectangle of the canvas at rest that they fill.
#[derive(Clone)]
pub struct Sheet {
    /// Premultiplied.
    pub pixmap: Pixmap,
    /// Left edge of the rectangle, in pixels of the canvas.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Sheet {
    /// From the plane of its pixels to the canvas at rest.
    pub fn placed(&self) -> Projection {
        let (across, down) = self.densities();
        Projection::scaled(1.0 / across, 1.0 / down).then(Projection::moved(self.left, self.top))
    }

    /// Its own pixels per pixel of the canvas at rest, across and down.
    pub fn densities(&self) -> (f64, f64) {
        let density = |pixels: u32, length: f64| if length > 0.0 { f64::from(pixels) / length } else { 1.0 };
        (density(self.pixmap.width(), self.width), density(self.pixmap.height(), self.height))
    }

    /// Replaces the pixels by ones that reach `before` pixels further to the left and up, and perhaps
    /// further to the right and down.
    pub fn extended(&mut self, pixmap: Pixmap, before: (u32, u32)) {
        let (across, down) = self.densities();
        self.left -= f64::from(before.0) / across;
        self.top -= f64::from(before.1) / down;
        self.width = f64::from(pixmap.width()) / across;
        self.height = f64::from(pixmap.height()) / down;
        self.pixmap = pixmap;
    }
}

/// Pixels per pixel of the canvas that a picture is rasterised with, so that its pose only shrinks it,
/// by less than a fifth. Densities go in steps, so that a picture that grows is not rasterised anew for
/// every frame; they depend on the frame alone. One that does not change its size has exactly one.
pub fn density(at: &Placement) -> f64 {
    let wanted = match at.pose.factors(at.edges) {
        Some((_, most)) if most.is_finite() => most,
        _ => 1.0,
    };
    stepped(wanted)
}

/// The least step that is not below `wanted`; 1 is one.
pub fn stepped(wanted: f64) -> f64 {
    let mut step = 1.0;
    for _ in 0..MAX_STEPS {
        // A hair's breadth is forgiven, since factors come out of roots.
        if step < wanted * (1.0 - 1e-9) {
            step *= STEP;
        } else if step / STEP >= wanted * (1.0 - 1e-9) {
            step /= STEP;
        }
    }
    step
}

/// Width and height in pixels for an area of `width` × `height` at `density`, at least one each and
/// within the limits.
pub fn pixel_size(width: f64, height: f64, density: f64) -> (u32, u32) {
    let (width, height) = (width.max(1.0) * density, height.max(1.0) * density);
    let too_large = (width.max(height) / MAX_SIDE).max((width * height / MAX_PIXELS).sqrt());
    let shrink = too_large.max(1.0);
    let side = |length: f64| (length / shrink + 0.5).floor().clamp(1.0, MAX_SIDE) as u32;
    (side(width), side(height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::PixelRect;

    fn scaled(factor: f64) -> Placement {
        Placement {
            area: (0.0, 0.0, 100.0, 100.0),
            rect: PixelRect::at(0, 0, 100, 100),
            edges: [0.0, 0.0, 100.0, 100.0],
            source: (0.0, 0.0, 1.0, 1.0),
            pose: Projection::scaled(factor, factor),
            motion: crate::scene::MotionState::REST,
        }
    }

    #[test]
    fn densities_are_steps_that_suffice() {
        assert_eq!(density(&scaled(1.0)), 1.0);
        for factor in [0.1, 0.5, 0.84, 0.9, 0.999, 1.001, 1.5, 3.0] {
            let found = density(&scaled(factor));
            assert!(found >= factor * 0.999 && found / STEP < factor * 1.001, "{found} for {factor}");
        }
        let turned = Placement { pose: Projection::turned(0.0, 0.0, 0.6, 100.0), ..scaled(1.0) };
        assert_eq!(density(&turned), 1.0);
    }

    #[test]
    fn sheets_stay_within_limits() {
        assert_eq!(pixel_size(640.0, 359.6, 1.0), (640, 360));
        let (width, height) = pixel_size(9000.0, 9000.0, 8.0);
        assert!(f64::from(width) * f64::from(height) < MAX_PIXELS * 1.001);
        assert_eq!(pixel_size(0.0, 0.2, 0.1), (1, 1));
    }
}
