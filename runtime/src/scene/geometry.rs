//! From boxes and fits to pixels.

use vid_timeline::{Crop, Fit, Rational, Size, Time};

use super::{Area, Grid, MotionState, Place, Scene, SceneLayer};
use crate::raster::{PixelRect, Projection};

/// A picture's place for one frame.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Placement {
    /// Where the box is at rest, edges unrounded: left, top, width, height in pixels.
    pub area: Area,
    /// Where the picture is at rest, each edge rounded once, halves up.
    pub rect: PixelRect,
    /// Where the picture is at rest: left, top, right, bottom. Those of `rect` on [`Grid::Pixels`].
    pub edges: [f64; 4],
    /// What of the source is shown there, as fractions of its width and height: left, top, right,
    /// bottom edge.
    pub source: (f64, f64, f64, f64),
    /// From the canvas with the layer at rest to the canvas of the frame.
    pub pose: Projection,
    /// What motions make of the layer; moves, turns and sizes are in the pose already.
    pub motion: MotionState,
}

/// Largest distance from the canvas that a rounded edge keeps, in pixels: beyond it the exact place
/// no longer matters, and sums of edges stay far from overflow.
const EDGE_LIMIT: f64 = 1_000_000.0;
/// Parts of a pixel by which an edge may miss the pixel grid and still count as on it.
const NEAR: f64 = 1.0 / 1024.0;

/// Where `layer`, whose picture is `natural` pixels large by itself, is on frame `frame`.
pub fn placement(scene: &Scene, layer: &SceneLayer, natural: (u32, u32), frame: i64) -> Placement {
    let time = scene.time_of(frame);
    let area = layer.place.area(scene.size, layer.local_start + time);
    let (left, top, width, height) = area;
    let (source, (w, h)) = fitted(&layer.place, natural, (width, height));
    let (x, y) = (left + (width - w) / 2.0, top + (height - h) / 2.0);
    let edge = |value: f64| (value + 0.5).floor().clamp(-EDGE_LIMIT, EDGE_LIMIT) as i32;
    let rect = PixelRect { x0: edge(x), y0: edge(y), x1: edge(x + w), y1: edge(y + h) };
    let edges = match layer.place.grid {
        Grid::Pixels => [rect.x0, rect.y0, rect.x1, rect.y1].map(f64::from),
        Grid::Exact => [x, y, x + w, y + h],
    };
    Placement {
        area,
        rect,
        edges,
        source,
        pose: layer.pose(scene, area, frame),
        motion: layer.motion_at(scene, area, frame),
    }
}

impl Placement {
    /// The placement with the pose carried out, when the pose moves by whole pixels and no edge lies
    /// between pixels.
    pub fn on_pixels(mut self) -> Option<Self> {
        let (dx, dy) = self.pose.as_move()?;
        let is_whole = |value: f64| (value - (value + 0.5).floor()).abs() < NEAR;
        let whole = |value: f64| (value + 0.5).floor().clamp(-EDGE_LIMIT, EDGE_LIMIT);
        if ![dx, dy].into_iter().chain(self.edges).all(is_whole) {
            return None;
        }
        let (dx, dy) = (whole(dx), whole(dy));
        self.rect = self.rect.translated(dx as i32, dy as i32);
        self.area = (self.area.0 + dx, self.area.1 + dy, self.area.2, self.area.3);
        let [left, top, right, bottom] = self.edges;
        self.edges = [left + dx, top + dy, right + dx, bottom + dy];
        self.pose = Projection::IDENTITY;
        Some(self)
    }
}

impl Place {
    /// The box at local time `time`: left, top, width, height in pixels.
    fn area(&self, canvas: Size, time: Time) -> Area {
        let (canvas_width, canvas_height) = (f64::from(canvas.width), f64::from(canvas.height));
        let mut width = self.width.at(time, canvas_width).max(0.0);
        let mut height = self.height.at(time, canvas_height).max(0.0);
        if let Some(ratio) = self.aspect_ratio.filter(|ratio| *ratio > Rational::ZERO) {
            let full = |value: &vid_timeline::Animated<vid_timeline::Length>| {
                value.constant() == Some(&vid_timeline::Length::FULL)
            };
            match (full(&self.width), full(&self.height)) {
                (_, true) => height = width / ratio.to_f64(),
                (true, false) => width = height * ratio.to_f64(),
                (false, false) => {}
            }
        }
        let anchor = |length: vid_timeline::Length, axis: f64| vid_timeline::Scalar::scalar(length, axis);
        let left = self.x.at(time, canvas_width) - anchor(self.x_anchor, width);
        let top = self.y.at(time, canvas_height) - anchor(self.y_anchor, height);
        (left, top, width, height)
    }
}

fn fitted(place: &Place, natural: (u32, u32), area: (f64, f64)) -> ((f64, f64, f64, f64), (f64, f64)) {
    fitted_part(place.fit, crop_edges(place.crop), natural, area)
}

/// What of a picture is shown (left, top, right, bottom, as fractions of its sides), and how large, for
/// a box of `area` pixels.
pub fn fitted_in(fit: Fit, natural: (u32, u32), area: (f64, f64)) -> ((f64, f64, f64, f64), (f64, f64)) {
    fitted_part(fit, (0.0, 0.0, 1.0, 1.0), natural, area)
}

/// The same for the part of the picture between the given edges.
fn fitted_part(
    fit: Fit,
    (mut left, mut top, mut right, mut bottom): (f64, f64, f64, f64),
    natural: (u32, u32),
    area: (f64, f64),
) -> ((f64, f64, f64, f64), (f64, f64)) {
    let width = f64::from(natural.0) * (right - left);
    let height = f64::from(natural.1) * (bottom - top);
    let (box_width, box_height) = area;
    if width <= 0.0 || height <= 0.0 || box_width <= 0.0 || box_height <= 0.0 {
        return ((left, top, right, bottom), (0.0, 0.0));
    }
    // Products before quotients: sizes that are whole pixels come out as whole pixels.
    let wider = width * box_height > box_width * height;
    let mut cut = |shown_width: f64, shown_height: f64| {
        let x = (width - shown_width) / 2.0 / f64::from(natural.0);
        let y = (height - shown_height) / 2.0 / f64::from(natural.1);
        left += x;
        right -= x;
        top += y;
        bottom -= y;
    };
    let size = match fit {
        Fit::Stretch => (box_width, box_height),
        Fit::Contain if wider => (box_width, height * box_width / width),
        Fit::Contain => (width * box_height / height, box_height),
        Fit::Cover => {
            if wider {
                cut(box_width * height / box_height, height);
            } else {
                cut(width, box_height * width / box_width);
            }
            (box_width, box_height)
        }
        Fit::None => {
            let shown = (width.min(box_width), height.min(box_height));
            cut(shown.0, shown.1);
            shown
        }
    };
    ((left, top, right, bottom), size)
}

fn crop_edges(crop: Crop) -> (f64, f64, f64, f64) {
    (crop.left.to_f64(), crop.top.to_f64(), 1.0 - crop.right.to_f64(), 1.0 - crop.bottom.to_f64())
}

#[cfg(test)]
mod tests {
    use vid_timeline::{Animated, Color, FrameRate, Length, Text};

    use super::*;
    use crate::scene::Picture;

    fn scene() -> Scene {
        Scene {
            size: Size { width: 1920, height: 1080 },
            frame_rate: FrameRate::DEFAULT,
            frame_count: 30,
            background: Color::BLACK,
            background_image: None,
            blending: vid_timeline::Blending::Gamma,
            items: Vec::new(),
        }
    }

    fn layer(fit: Fit, width: i64, height: i64) -> SceneLayer {
        SceneLayer {
            frames: 0..30,
            picture: Picture::Text {
                text: Box::new(Text::new("x")),
                style: Box::default(),
                fonts: Vec::new(),
            },
            place: Place {
                width: Length::Percent(Rational::integer(width)).into(),
                height: Length::Percent(Rational::integer(height)).into(),
                ..Place::full(fit)
            },
            look: crate::scene::Look::default(),
            mask: None,
            opacity: Animated::Constant(Rational::integer(100)),
            motions: Vec::new(),
            local_start: Time::ZERO,
        }
    }

    fn rect(fit: Fit, natural: (u32, u32)) -> (i32, i32, i32, i32) {
        let at = placement(&scene(), &layer(fit, 100, 100), natural, 0);
        (at.rect.x0, at.rect.y0, at.rect.x1, at.rect.y1)
    }

    #[test]
    fn fits_place_a_square_on_a_wide_canvas() {
        assert_eq!(rect(Fit::Contain, (500, 500)), (420, 0, 1500, 1080));
        assert_eq!(rect(Fit::Cover, (500, 500)), (0, 0, 1920, 1080));
        assert_eq!(rect(Fit::Stretch, (500, 500)), (0, 0, 1920, 1080));
        assert_eq!(rect(Fit::None, (500, 500)), (710, 290, 1210, 790));
    }

    #[test]
    fn cover_cuts_evenly() {
        let at = placement(&scene(), &layer(Fit::Cover, 100, 100), (1000, 1000), 0);
        assert_eq!(at.source, (0.0, 0.21875, 1.0, 0.78125));
    }

    #[test]
    fn percentages_are_of_the_canvas_axis() {
        let at = placement(&scene(), &layer(Fit::Stretch, 25, 50), (10, 10), 0);
        assert_eq!((at.rect.width(), at.rect.height()), (480, 540));
        assert_eq!((at.rect.x0, at.rect.y0), (720, 270));
    }
}
