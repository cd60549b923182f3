//! Values.

use std::fmt;
use std::sync::Arc;

use vid_timeline::{Angle, Color, Easing, FrameRate, Paint, Rational, Size, Time};

use crate::diagnostics::Place;
use crate::eval::text::Text;
use crate::files::FileId;
use crate::items::LengthUnit;
use crate::types::{Atom, MediaKinds, Type};

/// Number of a thing in the tree of a composition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Instance(pub u32);

/// Why an expression has no value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stop {
    /// An error was reported, here or in what it depends on.
    Poison,
    /// It depends on facts that are not known (media that nobody has probed).
    Unknown,
    /// It depends on the length of that container, which is being computed from its children.
    Pending(Instance),
}

/// A value of the language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    /// Of this type, but not known before a render gives it.
    Unknown(Type),
    None,
    Bool(bool),
    Number(Rational),
    Text(Text),
    Time(TimeValue),
    Length(LengthValue),
    Percent(Rational),
    Angle(Angle),
    Decibels(Rational),
    /// LUFS.
    Loudness(Rational),
    Rate(FrameRate),
    Size(Size),
    Color(Color),
    Share(Rational),
    /// A path as written, and what it may lead to.
    Media(Text, MediaKinds),
    /// A word of an enum.
    Word(Arc<str>),
    /// A gradient.
    Paint(Arc<Paint>),
    /// An easing with arguments; one without is a word.
    Easing(Easing),
    List(Arc<Vec<Value>>),
    Record(Arc<Vec<(Arc<str>, Value)>>),
    Keyframes(Arc<Vec<KeyframeValue>>),
    Range(Option<Arc<Value>>, Option<Arc<Value>>),
    /// An element or container of the film, for its members.
    Element(Instance),
    /// The media of an element, for its members.
    MediaOf(Instance),
    /// All markers, for their names.
    Markers,
    /// An imported file, for its items.
    Module(FileId),
}

/// A time that remembers how far it is an instant.
///
/// A length has `anchors` 0; an instant of the film has 1. Sums and multiples keep the count, so the
/// middle of two instants is an instant again, and `intro.end - intro.start` is a length. Whoever
/// reads the value picks the clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TimeValue {
    pub seconds: Rational,
    pub anchors: Rational,
}

/// A length on the canvas, percentages apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LengthValue {
    pub amount: Rational,
    pub unit: LengthUnit,
}

/// A value at a time, with the way that arrives there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct KeyframeValue {
    pub time: TimeValue,
    pub value: Value,
    /// The shape of that way; `None` where nothing is said.
    pub easing: Option<Easing>,
    pub place: Place,
}

impl TimeValue {
    /// A length.
    pub(crate) const fn length(seconds: Rational) -> Self {
        Self { seconds, anchors: Rational::ZERO }
    }

    /// An instant of the film.
    pub(crate) const fn instant(time: Time) -> Self {
        Self { seconds: time.seconds(), anchors: Rational::ONE }
    }

    /// The instant it means on a clock that starts at `origin`.
    pub(crate) fn absolute(self, origin: Time) -> Time {
        Time::from_seconds(self.seconds + (Rational::ONE - self.anchors) * origin.seconds())
    }

    /// What a clock that started at `origin` shows then; of a length, the length.
    pub(crate) fn local(self, origin: Time) -> Time {
        Time::from_seconds(self.seconds - self.anchors * origin.seconds())
    }

    /// Whether it means the same on every clock.
    pub(crate) fn is_instant(self) -> bool {
        self.anchors == Rational::ONE
    }
}

impl Value {
    /// Its type.
    pub(crate) fn ty(&self) -> Type {
        let atom = match self {
            Self::Unknown(ty) => return ty.clone(),
            Self::Bool(_) => Atom::Bool,
            Self::Number(number) if number.is_integer() => Atom::Integer,
            Self::Number(_) => Atom::Number,
            Self::Text(_) => Atom::Text,
            Self::Time(_) => Atom::Time,
            Self::Length(_) => Atom::Length,
            Self::Percent(_) => Atom::Percent,
            Self::Angle(_) => Atom::Angle,
            Self::Decibels(_) => Atom::Level,
            Self::Loudness(_) => Atom::Loudness,
            Self::Rate(_) => Atom::Rate,
            Self::Size(_) => Atom::Size,
            Self::Color(_) => Atom::Color,
            Self::Media(_, kinds) => Atom::Media(*kinds),
            Self::Record(_) => Atom::Record(None),
            Self::List(_) => Atom::List(Box::new(Type::of(Atom::Any))),
            Self::Easing(_) => Atom::Enum(Arc::from("easing")),
            Self::Paint(_) => Atom::Paint,
            Self::None
            | Self::Share(_)
            | Self::Word(_)
            | Self::Keyframes(_)
            | Self::Range(..)
            | Self::Element(_)
            | Self::MediaOf(_)
            | Self::Markers
            | Self::Module(_) => Atom::Any,
        };
        Type::of(atom)
    }

    /// What it is, in an author's words, with its article: `a time`.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Number(_) => "a number".to_owned(),
            Self::None => "nothing".to_owned(),
            Self::Share(_) => "a share".to_owned(),
            Self::Word(word) => format!("the word `{word}`"),
            Self::Decibels(_) => "a level in decibels".to_owned(),
            Self::Easing(_) => "an easing".to_owned(),
            Self::Keyframes(_) => "a list of keyframes".to_owned(),
            Self::Range(..) => "a range".to_owned(),
            Self::Element(_) => "an element".to_owned(),
            Self::MediaOf(_) => "the media of an element".to_owned(),
            Self::Markers => "all markers".to_owned(),
            Self::Module(_) => "an imported file".to_owned(),
            Self::Media(..) => "the path of a file".to_owned(),
            other => other.ty().to_string(),
        }
    }
}

/// As it would be written in source.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(ty) => write!(f, "{ty}"),
            Self::None => f.write_str("none"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            Self::Text(text) | Self::Media(text, _) => f.write_str(text),
            Self::Time(time) => write!(f, "{}s", time.seconds),
            Self::Length(LengthValue { amount, unit }) => write!(f, "{amount}{}", unit.suffix()),
            Self::Percent(value) => write!(f, "{value}%"),
            Self::Angle(angle) => write!(f, "{angle}"),
            Self::Decibels(value) => write!(f, "{value}dB"),
            Self::Loudness(value) => write!(f, "{value}lufs"),
            Self::Rate(rate) => write!(f, "{rate}"),
            Self::Size(size) => write!(f, "{size}"),
            Self::Color(color) => write!(f, "{color}"),
            Self::Share(value) => write!(f, "{value}fr"),
            Self::Word(word) => f.write_str(word),
            Self::Easing(easing) => write!(f, "{easing}"),
            other => f.write_str(&other.describe()),
        }
    }
}

impl LengthUnit {
    /// The unit as written.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Pixels => "px",
            Self::ViewportWidth => "vw",
            Self::ViewportHeight => "vh",
            Self::Em => "em",
        }
    }
}
