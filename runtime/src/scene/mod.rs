//! A scene: what a stretch of frames shows, with everything evaluated that does not need pixels.
//!
//! A scene is cut out of a [`Timeline`](vid_timeline::Timeline) for one range of frames. Its times
//! count from its own first frame, media are named by the hash of their content, names and source
//! places are gone, and values that do not move within it are constants. So two stretches that look
//! alike *are* alike, wherever they lie in whichever film: a segment's key is a hash of its scene.

mod evaluate;
mod geometry;
mod support;

use std::ops::Range;

use serde::Serialize;
use vid_timeline::{
    Animated, Color, Crop, Easing, Fit, FrameRate, Length, MotionType, Rational, Size, Style, Text, Time,
    TimeRange, TransitionType,
};

use crate::assets::ContentHash;

pub use evaluate::scene_from_timeline;
pub use geometry::{Placement, placement};
pub use support::{Unsupported, unsupported};

/// What a stretch of frames shows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Scene {
    /// Pixels of the canvas.
    pub size: Size,
    /// Frames per second.
    pub frame_rate: FrameRate,
    /// Number of frames; at least one.
    pub frame_count: i64,
    /// Fills the canvas below all items.
    pub background: Color,
    /// A picture stretched over the background colour.
    pub background_image: Option<ContentHash>,
    /// What is painted, bottom first.
    pub items: Vec<SceneItem>,
}

/// One step of painting.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SceneItem {
    /// A layer on what is below it.
    Layer(Box<SceneLayer>),
    /// Two layers on what is below them, one becoming the other.
    Transition(Box<SceneTransition>),
}

impl SceneItem {
    /// The frames of the scene it is painted on.
    pub fn frames(&self) -> Range<i64> {
        match self {
            Self::Layer(layer) => layer.frames.clone(),
            Self::Transition(transition) => transition.frames.clone(),
        }
    }

    /// The layers in it: one, or the two of a transition.
    pub fn layers(&self) -> impl Iterator<Item = &SceneLayer> {
        let (first, second) = match self {
            Self::Layer(layer) => (&**layer, None),
            Self::Transition(transition) => (&transition.from, Some(&transition.to)),
        };
        std::iter::once(first).chain(second)
    }
}

/// A picture, its place and its opacity.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SceneLayer {
    /// The frames of the scene it is painted on; never empty.
    pub frames: Range<i64>,
    /// What is painted.
    pub picture: Picture,
    /// Where.
    pub place: Place,
    /// Percent.
    pub opacity: Animated<Rational>,
    /// Motions that are not over before the scene or begin after it.
    pub motions: Vec<SceneMotion>,
    /// The layer's local time at the scene's first frame; zero when nothing depends on it.
    pub local_start: Time,
}

/// Where a picture comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Picture {
    /// Frames of a video file.
    Video {
        /// The file.
        media: ContentHash,
        /// Media time at the scene's first frame; may lie outside the media, where edges hold.
        source_start: Time,
        /// Media seconds per second.
        speed: Rational,
        /// Display width and height in square pixels.
        natural: (u32, u32),
    },
    /// A still picture.
    Still {
        /// The file.
        media: ContentHash,
        /// Display width and height in pixels.
        natural: (u32, u32),
    },
    /// Words.
    Text {
        /// The words and how they are set.
        text: Box<Text>,
        /// Corners of the plate and shadow of the letters.
        style: Box<Style>,
        /// Hash of every font face used.
        fonts: Vec<ContentHash>,
    },
}

/// Where a layer is on the canvas.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Place {
    /// Anchor position, across.
    pub x: Animated<Length>,
    /// Anchor position, down.
    pub y: Animated<Length>,
    /// Width of the box.
    pub width: Animated<Length>,
    /// Height of the box.
    pub height: Animated<Length>,
    /// Width over height of the box, deriving a side left at its default.
    pub aspect_ratio: Option<Rational>,
    /// Point of the box at `x`.
    pub x_anchor: Length,
    /// Point of the box at `y`.
    pub y_anchor: Length,
    /// How the picture fills the box.
    pub fit: Fit,
    /// What is cut from the source.
    pub crop: Crop,
}

/// A motion in scene time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SceneMotion {
    /// Which one.
    pub kind: MotionType,
    /// When it runs, counted from the scene's first frame.
    pub range: TimeRange,
    /// The shape of its progress.
    pub easing: Easing,
    /// Whether it is the exit form.
    pub reversed: bool,
}

/// Two layers, one becoming the other.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SceneTransition {
    /// The frames of the scene it is painted on; never empty.
    pub frames: Range<i64>,
    /// Which one.
    pub kind: TransitionType,
    /// When it runs, counted from the scene's first frame; progress is 0 at its start, 1 at its end.
    pub range: TimeRange,
    /// The layer that leaves.
    pub from: SceneLayer,
    /// The layer that comes.
    pub to: SceneLayer,
}

impl Scene {
    /// The instant of frame `frame`, counted from the scene's first frame.
    pub fn time_of(&self, frame: i64) -> Time {
        Time::from_frame(frame, self.frame_rate)
    }

    /// Whether any video file is read.
    pub fn reads_video(&self) -> bool {
        self.items
            .iter()
            .flat_map(SceneItem::layers)
            .any(|layer| matches!(layer.picture, Picture::Video { .. }))
    }
}

/// Progress 0–1 of `time` through `range`; 1 for an empty range that has been reached.
pub fn progress(range: TimeRange, time: Time) -> f64 {
    match (time - range.start).ratio_to(range.duration()) {
        Some(ratio) => ratio.to_f64().clamp(0.0, 1.0),
        None if time < range.start => 0.0,
        None => 1.0,
    }
}

impl SceneLayer {
    /// Opacity 0–1 at `frame` of `scene`, fades included.
    pub fn opacity_at(&self, scene: &Scene, frame: i64) -> f64 {
        let time = scene.time_of(frame);
        let own = self.opacity.at(self.local_start + time, 100.0) / 100.0;
        let fades = self.motions.iter().filter(|motion| motion.kind == MotionType::Fade);
        fades.fold(own.clamp(0.0, 1.0), |opacity, fade| opacity * fade.presence(time))
    }

    /// Whether every frame shows the same pixels at the same place with the same opacity.
    pub fn is_static(&self) -> bool {
        !matches!(self.picture, Picture::Video { .. })
            && self.motions.is_empty()
            && self.opacity.constant().is_some()
            && self.place.is_static()
    }
}

impl Place {
    /// Whether it never moves.
    pub fn is_static(&self) -> bool {
        [&self.x, &self.y, &self.width, &self.height].iter().all(|length| length.constant().is_some())
    }
}

impl SceneMotion {
    /// How much of the element has arrived at `time`: 0 away, 1 at rest.
    pub fn presence(&self, time: Time) -> f64 {
        let eased = self.easing.apply(progress(self.range, time));
        if self.reversed { 1.0 - eased } else { eased }
    }
}
