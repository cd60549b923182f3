//! What is on the timeline: elements and what they show or play.

use serde::{Deserialize, Serialize};

use crate::animate::Animated;
use crate::catalog::{FontStyle, TextAlign, TextDecoration, TextWrap, WordStyle};
use crate::group::Group;
use crate::layer::Layer;
use crate::rational::Rational;
use crate::shape::Shape;
use crate::time::{Time, TimeRange};
use crate::values::{Color, Length, Level};

/// One thing on the timeline.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Element {
    /// Unique within the timeline; derived from the place in the source, such as `picture.intro`.
    pub id: String,
    /// A label for people; the renderer ignores it.
    pub name: Option<String>,
    /// Informational track number of the render API; no effect on stacking or timing.
    pub track: Option<u8>,
    /// When it is on the timeline.
    pub record_range: TimeRange,
    /// What it shows or plays.
    pub content: Content,
    /// How it looks: present on everything but audio.
    pub layer: Option<Layer>,
    /// How it sounds: present on audio, and on video whose sound is mixed.
    pub sound: Option<Sound>,
    /// The innermost sequence or stack around it, as an index into [`crate::Timeline::containers`].
    pub container: usize,
    /// Where it was written.
    pub origin: Option<Origin>,
}

/// The kind of an element with what only that kind has.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Moving pictures, with their sound if [`Element::sound`] is present.
    Video(Clip),
    /// Sound.
    Audio(Clip),
    /// A still picture.
    Image(MediaSource),
    /// Words.
    Text(Box<Text>),
    /// A drawn outline.
    Shape(Box<Shape>),
    /// A composition placed as a unit.
    Group(Box<Group>),
}

impl Content {
    /// The word for the kind in source, JSON and messages.
    pub const fn kind_name(&self) -> &'static str {
        match self {
            Self::Video(_) => "video",
            Self::Audio(_) => "audio",
            Self::Image(_) => "image",
            Self::Text(_) => "text",
            Self::Shape(_) => "shape",
            Self::Group(_) => "group",
        }
    }

    /// The media it reads itself, if any; [`Element::media`] knows the mask's too.
    pub const fn source(&self) -> Option<&MediaSource> {
        match self {
            Self::Video(clip) | Self::Audio(clip) => Some(&clip.source),
            Self::Image(source) => Some(source),
            Self::Text(_) | Self::Shape(_) | Self::Group(_) => None,
        }
    }

    /// The media it reads itself, to be changed.
    pub const fn source_mut(&mut self) -> Option<&mut MediaSource> {
        match self {
            Self::Video(clip) | Self::Audio(clip) => Some(&mut clip.source),
            Self::Image(source) => Some(source),
            Self::Text(_) | Self::Shape(_) | Self::Group(_) => None,
        }
    }

    /// The trimmed media, on video and audio.
    pub const fn clip(&self) -> Option<&Clip> {
        match self {
            Self::Video(clip) | Self::Audio(clip) => Some(clip),
            Self::Image(_) | Self::Text(_) | Self::Shape(_) | Self::Group(_) => None,
        }
    }
}

/// A media file as the timeline refers to it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MediaSource {
    /// A local path (as resolved against the file that names it) or an `http(s)` URL.
    pub location: String,
    /// Natural facts that lowering needs; `None` when the media has not been probed.
    pub natural: Option<Natural>,
}

impl MediaSource {
    /// Whether the location is a URL and not a local file.
    pub fn is_remote(&self) -> bool {
        self.location.starts_with("http://") || self.location.starts_with("https://")
    }
}

/// The shape and length media have by themselves.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Natural {
    /// Display width in square pixels; zero for sound.
    pub width: u32,
    /// Display height in square pixels; zero for sound.
    pub height: u32,
    /// Length of the presentation; `None` for stills.
    pub duration: Option<Time>,
    /// Whether there is a stream of sound.
    pub has_sound: bool,
}

/// A range of a media file, played at a speed: once or again and again, forwards or backwards.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Clip {
    /// The file.
    pub source: MediaSource,
    /// What is played of it, in media time. Its start is what the element's start shows; its end,
    /// when it is reversed.
    pub source_range: TimeRange,
    /// Media seconds per timeline second; greater than zero. 1 plays as recorded.
    pub speed: Rational,
    /// Played from the end of the range to its start. The media runs backwards then, so of a media
    /// time that is the boundary of two frames it is the *earlier* one that is shown: a frame
    /// presented over `[a, b)` is shown at the media times `(a, b]`.
    pub reversed: bool,
    /// Starts over when the range has been played, for as long as the element lasts.
    pub repeats: bool,
    /// How far into the range the first round is when the element begins, in media time: less than the
    /// length of the range, and zero for a clip that is played once. What its containers cut off an
    /// element's beginning has been played all the same.
    pub phase: Time,
}

impl Clip {
    /// A clip that is played forwards and once.
    pub const fn once(source: MediaSource, source_range: TimeRange, speed: Rational) -> Self {
        Self { source, source_range, speed, reversed: false, repeats: false, phase: Time::ZERO }
    }

    /// The media time shown at timeline time `record_time`, for an element at `record_range`.
    ///
    /// With p = (`record_time` − start of `record_range`) · speed + phase, taken modulo the length of
    /// the source range when the clip repeats, it is start + p, or end − p when reversed. Outside the
    /// element's range the same line goes on: transitions read there.
    pub fn source_from_record(&self, record_range: TimeRange, record_time: Time) -> Time {
        let played = self.played(record_range, record_time);
        if self.reversed { self.source_range.end - played } else { self.source_range.start + played }
    }

    /// How much of the range has been played at timeline time `record_time`, for an element at
    /// `record_range`; of the round under way when the clip repeats.
    pub fn played(&self, record_range: TimeRange, record_time: Time) -> Time {
        let played = (record_time - record_range.start) * self.speed + self.phase;
        if self.repeats { played.modulo(self.source_range.duration()) } else { played }
    }
}

/// How an element sounds.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Sound {
    /// Factor on the source's own level.
    pub volume: Animated<Level>,
    /// Linear ramp up from silence at the start; zero for none.
    pub fade_in_duration: Time,
    /// Linear ramp down to silence at the end; zero for none.
    pub fade_out_duration: Time,
    /// What other sounds take from this one: a second factor, on top of the volume, that travels
    /// straight in decibels ([`Animated::gain_in_decibels`]).
    pub duck: Option<Animated<Level>>,
    /// Between the left side, −100, and the right one, 100; percent. The side that it leaves is turned
    /// down: left by `min(1, 1 − pan/100)`, right by `min(1, 1 + pan/100)`.
    pub pan: Animated<Rational>,
}

impl Default for Sound {
    fn default() -> Self {
        Self {
            volume: Animated::Constant(Level::UNITY),
            fade_in_duration: Time::ZERO,
            fade_out_duration: Time::ZERO,
            duck: None,
            pan: Animated::Constant(Rational::ZERO),
        }
    }
}

/// Words and how they are set.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Text {
    /// The words; a newline breaks the line.
    pub text: String,
    /// One family name.
    pub font_family: String,
    /// Size in pixels of the output canvas; greater than zero.
    pub font_size: Rational,
    /// 100–900.
    pub font_weight: u16,
    /// Slant and boldness.
    pub font_style: FontStyle,
    /// Colour of the glyphs.
    pub text_color: Color,
    /// Where lines sit in the box.
    pub text_align: TextAlign,
    /// A line with the glyphs.
    pub text_decoration: TextDecoration,
    /// Extra space between letters, in pixels.
    pub tracking: Rational,
    /// Line height as a multiple of the font size.
    pub leading: Rational,
    /// Whether lines break at the box's width.
    pub text_wrap: TextWrap,
    /// Colour of the outline, drawn when the width is above zero too.
    pub stroke_color: Option<Color>,
    /// Width of the outline: values up to 1 are fractions of the font size, larger ones pixels.
    pub stroke_width: Rational,
    /// What stands behind or around the glyphs.
    pub display: TextDisplay,
    /// Colour of the plate, and of the word highlight in captions.
    pub background_color: Option<Color>,
    /// Percent that the plate's own opacity is multiplied by, 0–100.
    pub background_opacity: Rational,
    /// Plate padding left and right.
    pub x_padding: Length,
    /// Plate padding above and below.
    pub y_padding: Length,
    /// Word timing that turns the text into a caption.
    pub word_animation: Option<WordAnimation>,
}

/// The three exclusive display modes of text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextDisplay {
    /// Filled glyphs, outlined when the stroke has colour and width.
    #[default]
    Plain,
    /// A plate behind the block of text.
    Background,
    /// Hollow glyphs: the outline alone.
    Stroke,
    /// Filled glyphs over their shadow.
    Shadow,
}

impl Text {
    /// Text with every default of the render API.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            font_family: "Inter".to_owned(),
            font_size: Rational::integer(16),
            font_weight: 400,
            font_style: FontStyle::Normal,
            text_color: Color::WHITE,
            text_align: TextAlign::Center,
            text_decoration: TextDecoration::None,
            tracking: Rational::ZERO,
            leading: Rational::ratio(6, 5),
            text_wrap: TextWrap::Wrap,
            stroke_color: None,
            stroke_width: Rational::ZERO,
            display: TextDisplay::Plain,
            background_color: None,
            background_opacity: Rational::integer(100),
            x_padding: Length::ZERO,
            y_padding: Length::ZERO,
            word_animation: None,
        }
    }
}

/// Words that are shown as they are spoken.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct WordAnimation {
    /// How a word is shown.
    pub style: WordStyle,
    /// At least one word.
    pub words: Vec<Word>,
}

/// A spoken word.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Word {
    /// The word with its punctuation.
    pub text: String,
    /// When it is spoken, in timeline time.
    pub record_range: TimeRange,
}

/// A place in the source text. The runtime carries it and never looks inside.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Origin {
    /// Number of the file, given by whoever made the timeline.
    pub file: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}
