//! From boxes and fits to pixels.

use vid_timeline::{Crop, Fit, MotionType, Rational, Size, Time};

use super::{Place, Scene, SceneLayer};
use crate::raster::PixelRect;

/// A picture's place for one frame.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Placement {
    /// Where the box is, edges unrounded: left, top, width, height in pixels.
    pub area: (f64, f64, f64, f64),
    /// Where the picture is, each edge rounded once, halves up.
    pub rect: PixelRect,
    /// What of the source is shown there, as fractions of its width and height: left, top, right,
    /// bottom edge.
    pub source: (f64, f64, f64, f64),
}

/// Largest distance from the canvas that a rounded edge keeps, in pixels: beyond it the exact place
/// no longer matters, and sums of edges stay far from overflow.
const EDGE_LIMIT: f64 = 1_000_000.0;

/// Where `layer`, whose picture is `natural` pixels large by itself, is on frame `frame`.
pub fn placement(scene: &Scene, layer: &SceneLayer, natural: (u32, u32), frame: i64) -> Placement {
    let time = scene.time_of(frame);
    let area = layer.place.area(scene.size, layer.local_start + time);
    let (left, top, width, height) = slid(scene, layer, area, time);
    let (source, (w, h)) = fitted(&layer.place, natural, (width, height));
    let (x, y) = (left + (width - w) / 2.0, top + (height - h) / 2.0);
    let edge = |value: f64| (value + 0.5).floor().clamp(-EDGE_LIMIT, EDGE_LIMIT) as i32;
    let rect = PixelRect { x0: edge(x), y0: edge(y), x1: edge(x + w), y1: edge(y + h) };
    Placement { area: (left, top, width, height), rect, source }
}

impl Place {
    /// The box at local time `time`: left, top, width, height in pixels.
    fn area(&self, canvas: Size, time: Time) -> (f64, f64, f64, f64) {
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

/// The box moved by the layer's slides. A slide brings the box in from just outside the canvas, in
/// the direction of its name, and an exit takes it out the same way.
fn slid(scene: &Scene, layer: &SceneLayer, area: (f64, f64, f64, f64), time: Time) -> (f64, f64, f64, f64) {
    let (mut left, mut top, width, height) = area;
    let (home_left, home_top) = (left, top);
    let (canvas_width, canvas_height) = (f64::from(scene.size.width), f64::from(scene.size.height));
    for motion in &layer.motions {
        let away = 1.0 - motion.presence(time);
        // Distance from rest to just outside, on the side the picture comes from, or goes to.
        let (right_side, left_side) = (canvas_width - home_left, -(home_left + width));
        let (below, above) = (canvas_height - home_top, -(home_top + height));
        match (motion.kind, motion.reversed) {
            (MotionType::SlideLeft, false) | (MotionType::SlideRight, true) => left += away * right_side,
            (MotionType::SlideRight, false) | (MotionType::SlideLeft, true) => left += away * left_side,
            (MotionType::SlideUp, false) | (MotionType::SlideDown, true) => top += away * below,
            (MotionType::SlideDown, false) | (MotionType::SlideUp, true) => top += away * above,
            _ => {}
        }
    }
    (left, top, width, height)
}

/// What of the source is shown, and how large, for a box of `area` pixels.
fn fitted(place: &Place, natural: (u32, u32), area: (f64, f64)) -> ((f64, f64, f64, f64), (f64, f64)) {
    let (mut left, mut top, mut right, mut bottom) = crop_edges(place.crop);
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
    let size = match place.fit {
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
                x: Length::HALF.into(),
                y: Length::HALF.into(),
                width: Length::Percent(Rational::integer(width)).into(),
                height: Length::Percent(Rational::integer(height)).into(),
                aspect_ratio: None,
                x_anchor: Length::HALF,
                y_anchor: Length::HALF,
                fit,
                crop: Crop::default(),
            },
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
