//! The timeline: what a film *is*, apart from how it was written and how it is drawn.
//!
//! It stands between the compiler, which makes a [`Timeline`] from source, and the runtime, which
//! makes pictures and sound from one. Both trust [`validate()`], and neither knows the other. The
//! crate does no I/O and knows neither syntax nor pixels.
//!
//! # What a timeline means
//!
//! **Time.** Every instant and length is an exact rational number of seconds ([`Time`]). A range is
//! half-open: its start is inside, its end is not. Nothing is rounded before one place: each
//! *absolute edge* is mapped to the output's frame grid once, halves up
//! ([`FrameRate::frame_from_time`]), and to the sample grid on its own ([`Time::to_sample`]).
//! Durations are never rounded, so neighbours always meet and nothing drifts. Frame *n* of the
//! output shows the instant `n / rate`.
//!
//! **Elements** lie at an absolute `record_range`. An element is visible on the frames from its
//! rounded start up to, not including, its rounded end. A [`Clip`] shows at record time *t* the
//! media time `source_range.start + (t − record_range.start) · speed`; the media frame whose
//! presentation interval holds that instant is the one shown ([`Clip::source_from_record`] has the
//! law for clips that are reversed or repeat). Where the media has no frame (before
//! its first, after its last) the nearest one is held. Sound is silent where there is none.
//!
//! **Paint order** is `z_index` ascending, then source order: later is on top.
//!
//! **Geometry.** A visual has a box of `width` × `height` (percent of the canvas axes); the point of
//! the box at `x_anchor`, `y_anchor` (percent of the box) is placed at `x`, `y` of the canvas. The
//! picture, after cropping, fills the box as `fit` says.
//!
//! **Colour** is gamma-encoded and composited as it is encoded, premultiplied; this is what browsers
//! and the render API show. With [`Blending::Linear`] it is composited in linear light.
//!
//! **Groups.** A [`Group`] draws its elements on a canvas of its own, which its element then places
//! like an image. **Masks** ([`Mask`]) decide which parts of a layer are seen.
//!
//! **Transitions.** During its `record_range` a [`Transition`] replaces both its elements by their
//! blend. Both are present for all of it: where an element's own range does not reach, its content
//! goes on along the same source line. With one element alone the other side is what lies below. So one representation serves the two kinds of the language:
//! *overlap* (both ranges reach over the window) and *handles* (the ranges meet inside the window).
//! Sound cross-fades with equal power over the window or, with [`TransitionAudio::Cut`], stays in
//! the elements' own ranges.
//!
//! **Keyframes** are local to their element, **motions** are absolute; both say how in their own
//! documentation ([`Animated`], [`Motion`]).
//!
//! # The wire format
//!
//! [`api`] holds the `/v1/renders` body: types of its own and a conversion each way.
//!
//! # Example
//!
//! ```
//! use vid_timeline::api::{NoMedia, from_json};
//!
//! let body = r#"{ "duration": 2, "elements": [
//!     { "type": "text", "text": "hello", "time": 0.5, "duration": 1 } ] }"#;
//! let timeline = from_json(body, &NoMedia).timeline.expect("the body is complete");
//! let title = &timeline.elements[0];
//! assert_eq!(timeline.frame_count(), 60);
//! assert_eq!(title.record_range.frames(timeline.frame_rate), 15..45);
//! ```

pub mod animate;
pub mod api;
pub mod catalog;
pub mod easing;
pub mod element;
pub mod group;
pub mod layer;
pub mod mask;
pub mod media;
pub mod output;
pub mod path;
pub mod rational;
pub mod shape;
pub mod svg;
pub mod time;
pub mod timeline;
pub mod validate;
pub mod values;

pub use animate::{Animated, Keyframe, Scalar};
pub use catalog::{
    BlendMode, EffectType, Fit, FontStyle, MotionScope, MotionType, OutputFormat, TextAlign, TextDecoration,
    TextWrap, TransitionType, WordStyle,
};
pub use easing::Easing;
pub use element::{
    Clip, Content, Element, MediaSource, Natural, Origin, Sound, Text, TextDisplay, Word, WordAnimation,
};
pub use group::{Group, paint_order};
pub use layer::{Adjustments, ChromaSettings, Crop, Effect, Layer, Lut, Motion, Style, box_size};
pub use mask::{Mask, MaskMode, MaskPlace, MaskSource};
pub use media::{AudioFacts, ColorTags, MediaFacts, MediaKind, VideoFacts};
pub use output::{
    AudioCodec, Dither, EncoderSettings, Output, Preset, ProresProfile, SampleFormat, VideoCodec,
};
pub use rational::Rational;
pub use shape::{FillRule, Geometry, GradientStop, Paint, Shape, Stroke, StrokeCap, StrokeJoin, ViewBox};
pub use time::{FrameRate, SAMPLE_RATE, Time, TimeRange, timecode};
pub use timeline::{
    Background, Blending, Container, ContainerKind, Marker, Timeline, Transition, TransitionAudio,
};
pub use validate::{Problem, TimelineError, validate};
pub use values::{Angle, Color, Length, Level, Size};
