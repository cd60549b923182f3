//! A scene: what a stretch of frames shows, with everything evaluated that does not need pixels.
//!
//! A scene is cut out of a [`Timeline`](vid_timeline::Timeline) for one range of frames. Its times
//! count from its own first frame, media are named by the hash of their content, names and source
//! places are gone, and values that do not move within it are constants. So two stretches that look
//! alike *are* alike, wherever they lie in whichever film: a segment's key is a hash of its scene.

mod course;
mod evaluate;
mod geometry;
mod look;
mod mask;
mod motion;
mod pose;

use std::ops::Range;

use serde::Serialize;
use vid_timeline::{
    Angle, Animated, Blending, Color, Crop, Easing, Fit, FrameRate, Length, MotionScope, MotionType,
    Rational, Shape, Size, Style, Text, Time, TimeRange, TransitionType,
};

use crate::assets::ContentHash;

pub use course::{Course, Direction};
pub use evaluate::scene_from_timeline;
pub use geometry::{Placement, fitted_in, placement};
pub use look::{Look, Mode, SceneLut};
pub use mask::{MattePlace, SceneMask, SceneMatte};
pub use motion::{Fill, GlyphStage, MotionState, Scatter, ScatterKind, Stage};
pub use pose::Area;

/// What a stretch of frames shows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Scene {
    /// Pixels of the canvas.
    pub size: Size,
    /// Frames per second.
    pub frame_rate: FrameRate,
    /// Number of frames; at least one.
    pub frame_count: i64,
    /// Fills the canvas below all items; transparent below a group that names no colour.
    pub background: Color,
    /// A picture stretched over the background colour.
    pub background_image: Option<ContentHash>,
    /// In which light colours are mixed.
    pub blending: Blending,
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

    /// The layers in it: one, or the one or two of a transition.
    pub fn layers(&self) -> impl Iterator<Item = &SceneLayer> {
        let (first, second) = match self {
            Self::Layer(layer) => (Some(&**layer), None),
            Self::Transition(transition) => (transition.from.as_ref(), transition.to.as_ref()),
        };
        first.into_iter().chain(second)
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
    /// How its pixels are changed on the way.
    pub look: Look,
    /// What decides which parts of it are seen.
    pub mask: Option<Box<SceneMask>>,
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
        /// Which media time is shown when.
        course: Course,
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
        /// The words and how they are set; times of spoken words count from the scene's first frame.
        text: Box<Text>,
        /// Corners of the plate and shadow of the letters.
        style: Box<Style>,
        /// Hash of every font face used.
        fonts: Vec<ContentHash>,
    },
    /// An outline with fill and stroke.
    Shape {
        /// The outline; the layer's box is its box.
        shape: Box<Shape>,
        /// How a path with a view box fills the box.
        fit: Fit,
    },
    /// A scene of its own, drawn on a canvas of its own. Its frames are counted at its own rate: at
    /// `t` after this scene's first frame it shows frame ⌊(t + `ahead`) · rate⌋.
    Group {
        /// What is on its canvas.
        scene: Box<Scene>,
        /// By how much this scene's first frame comes after that of the group's scene.
        ahead: Time,
    },
}

impl Picture {
    /// Width and height by itself; a square for what has no size of its own and takes that of its box.
    pub fn natural(&self) -> (u32, u32) {
        match self {
            Self::Video { natural, .. } | Self::Still { natural, .. } => *natural,
            Self::Text { .. } | Self::Shape { .. } => (1, 1),
            Self::Group { scene, .. } => (scene.size.width, scene.size.height),
        }
    }
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
    /// Percent of the width, about the anchor.
    pub x_scale: Animated<Rational>,
    /// Percent of the height, about the anchor.
    pub y_scale: Animated<Rational>,
    /// Tilt about the horizontal axis.
    pub x_rotation: Angle,
    /// Tilt about the vertical axis.
    pub y_rotation: Angle,
    /// Turn in the plane, clockwise.
    pub z_rotation: Animated<Angle>,
    /// Mirrored left to right.
    pub flip_horizontal: bool,
    /// Mirrored top to bottom.
    pub flip_vertical: bool,
    /// Where its edges come to lie.
    pub grid: Grid,
}

/// Where the edges of a layer at rest come to lie.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grid {
    /// Rounded to whole pixels, so that what stands still is sharp.
    Pixels,
    /// Exactly where they are asked for, so that what travels does so smoothly. For layers whose place
    /// is animated anywhere in their life, not only in this scene: how a layer is drawn on a frame must
    /// not depend on the frames around it.
    Exact,
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
    /// What moves.
    pub scope: MotionScope,
    /// From glyph to glyph; zero where the whole layer moves.
    pub delay: Time,
    /// Starts over when it ends.
    pub repeats: bool,
}

/// A layer becoming another, or coming from or giving way to what is below.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SceneTransition {
    /// The frames of the scene it is painted on; never empty.
    pub frames: Range<i64>,
    /// Which one.
    pub kind: TransitionType,
    /// When it runs, counted from the scene's first frame; progress is 0 at its start, 1 at its end.
    pub range: TimeRange,
    /// The layer that leaves; `None` when there is nothing to see of one, and what is below shows.
    pub from: Option<SceneLayer>,
    /// The layer that comes; likewise. One of the two is there.
    pub to: Option<SceneLayer>,
}

impl Scene {
    /// The instant of frame `frame`, counted from the scene's first frame.
    pub fn time_of(&self, frame: i64) -> Time {
        Time::from_frame(frame, self.frame_rate)
    }

    /// Whether any video file is read.
    pub fn reads_video(&self) -> bool {
        self.items.iter().flat_map(SceneItem::layers).any(SceneLayer::reads_video)
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
    /// Opacity 0–1 at `frame` of `scene`, that of motions included.
    pub fn opacity_at(&self, scene: &Scene, frame: i64) -> f64 {
        let time = scene.time_of(frame);
        let own = self.opacity.at(self.local_start + time, 100.0) / 100.0;
        own.clamp(0.0, 1.0) * self.motion_opacity(scene, frame).clamp(0.0, 1.0)
    }

    /// Whether it reads a video file, also inside a group or a matte.
    pub fn reads_video(&self) -> bool {
        let picture = match &self.picture {
            Picture::Video { .. } => true,
            Picture::Group { scene, .. } => scene.reads_video(),
            Picture::Still { .. } | Picture::Text { .. } | Picture::Shape { .. } => false,
        };
        let matte = match self.mask.as_deref() {
            Some(SceneMask { matte: SceneMatte::Layer(layer), .. }) => layer.reads_video(),
            _ => false,
        };
        picture || matte
    }

    /// Whether it is a text whose words are shown as they are spoken.
    pub fn is_caption(&self) -> bool {
        matches!(&self.picture, Picture::Text { text, .. } if text.word_animation.is_some())
    }

    /// Whether its picture's pixels come onto the canvas as they are, wherever that is.
    pub fn is_plain(&self) -> bool {
        self.look.is_plain()
            && self.mask.is_none()
            && !self.is_caption()
            && !matches!(self.picture, Picture::Shape { .. } | Picture::Group { .. })
            && !self.place.flip_horizontal
            && !self.place.flip_vertical
    }

    /// Whether every frame shows the same pixels at the same place with the same opacity.
    pub fn is_static(&self) -> bool {
        !matches!(self.picture, Picture::Video { .. } | Picture::Group { .. })
            && self.mask.as_ref().is_none_or(|mask| mask.is_static())
            && self.motions.is_empty()
            && !self.look.is_timed()
            && !self.is_caption()
            && self.opacity.constant().is_some()
            && self.place.is_static()
    }
}

impl Place {
    /// The whole canvas.
    pub fn full(fit: Fit) -> Self {
        let full_size = || Animated::Constant(Rational::integer(100));
        Self {
            x: Length::HALF.into(),
            y: Length::HALF.into(),
            width: Length::FULL.into(),
            height: Length::FULL.into(),
            aspect_ratio: None,
            x_anchor: Length::HALF,
            y_anchor: Length::HALF,
            fit,
            crop: Crop::default(),
            x_scale: full_size(),
            y_scale: full_size(),
            x_rotation: Angle::ZERO,
            y_rotation: Angle::ZERO,
            z_rotation: Angle::ZERO.into(),
            flip_horizontal: false,
            flip_vertical: false,
            grid: Grid::Pixels,
        }
    }

    /// Whether it never moves.
    pub fn is_static(&self) -> bool {
        let lengths = [&self.x, &self.y, &self.width, &self.height];
        lengths.iter().all(|length| length.constant().is_some())
            && self.x_scale.constant().is_some()
            && self.y_scale.constant().is_some()
            && self.z_rotation.constant().is_some()
    }
}
