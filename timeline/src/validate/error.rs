//! What the validator says.

use std::fmt;

use crate::catalog::{EffectType, MotionScope, MotionType};
use crate::output::SettingProblem;
use crate::rational::Rational;
use crate::time::{Time, TimeRange};
use crate::values::Size;

/// A broken invariant and where it is.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{subject}{problem}")]
pub struct TimelineError {
    /// What it is about.
    pub subject: Subject,
    /// What is wrong.
    pub problem: Problem,
}

impl TimelineError {
    /// The id of the element it is about; of a transition, the one that comes, else the one that
    /// leaves.
    pub fn element(&self) -> Option<&str> {
        match &self.subject {
            Subject::Element(id) => Some(id),
            Subject::Transition { from, to } => to.as_deref().or(from.as_deref()),
            Subject::Timeline | Subject::Container(_) | Subject::Output(_) => None,
        }
    }
}

/// The part of a timeline that an error is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subject {
    /// The film as a whole.
    Timeline,
    /// The element of that id.
    Element(String),
    /// The transition between the two ids.
    Transition {
        /// Id of the element that leaves; `None` for the background.
        from: Option<String>,
        /// Id of the element that comes; `None` for the background.
        to: Option<String>,
    },
    /// The container at that index.
    Container(usize),
    /// The output at that index.
    Output(usize),
}

/// A prefix of the message; nothing for the film itself.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeline => Ok(()),
            Self::Element(id) => write!(f, "`{id}`: "),
            Self::Transition { from: Some(from), to: Some(to) } => {
                write!(f, "transition from `{from}` to `{to}`: ")
            }
            Self::Transition { from: Some(from), to: None } => write!(f, "transition out of `{from}`: "),
            Self::Transition { from: None, to: Some(to) } => write!(f, "transition into `{to}`: "),
            Self::Transition { from: None, to: None } => f.write_str("transition: "),
            Self::Container(index) => write!(f, "container {index}: "),
            Self::Output(index) => write!(f, "output {}: ", index + 1),
        }
    }
}

/// A broken invariant.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message of each variant says what its fields are")]
pub enum Problem {
    #[error("the film has no length")]
    NoDuration,
    #[error("the film lasts {0}, longer than a day")]
    TooLong(Time),
    #[error("the film lasts {0}, less than half a frame")]
    NoFrame(Time),
    #[error("a canvas of {0} has a side outside {min}–{max} pixels", min = Size::MIN_SIDE, max = Size::MAX_SIDE)]
    SizeOutOfRange(Size),
    #[error("there are {count} {what}, more than {limit}")]
    TooMany { what: &'static str, count: usize, limit: usize },
    #[error("the film is written nowhere: there is no output")]
    NoOutput,
    #[error("{message}", message = .0.message)]
    Setting(SettingProblem),
    #[error("it shows the instant {time}, and the film lasts {duration}")]
    StillOutside { time: Time, duration: Time },
    #[error("the element has no id")]
    EmptyId,
    #[error("another element has the same id")]
    DuplicateId,
    #[error("the {0} has no layer, so it cannot be placed")]
    NoLayer(&'static str),
    #[error("an audio cannot have a layer")]
    LayerOnAudio,
    #[error("an audio needs a sound")]
    NoSound,
    #[error("the {0} cannot have a sound")]
    SoundOnStill(&'static str),
    #[error("the source names no file")]
    EmptyLocation,
    #[error("the {what} {range} is empty")]
    EmptyRange { what: &'static str, range: TimeRange },
    #[error("the {what} {range} starts before zero")]
    NegativeStart { what: &'static str, range: TimeRange },
    #[error("the {what} {range} reaches past {limit} seconds", limit = super::MAX_TIME_SECONDS)]
    TooLate { what: &'static str, range: TimeRange },
    #[error("the {what} {range} ends before it starts")]
    BackwardRange { what: &'static str, range: TimeRange },
    #[error("`{property}` has a list of keyframes without a keyframe")]
    NoKeyframes { property: &'static str },
    #[error("the keyframe of `{property}` at {time} is not later than the one before it")]
    KeyframesOutOfOrder { property: &'static str, time: Time },
    #[error("`{property}` is {value}, outside {low} to {high}")]
    OutOfRange { property: &'static str, value: Rational, low: Rational, high: Rational },
    #[error("`{property}` is {value}, below zero")]
    Negative { property: &'static str, value: Rational },
    #[error("`{property}` is {value}, but must be greater than zero")]
    NotPositive { property: &'static str, value: Rational },
    #[error("`{first}` and `{second}` together leave nothing of the picture")]
    CropTakesAll { first: &'static str, second: &'static str },
    #[error("`chroma_settings` belong to chroma_key, not to {0}")]
    ChromaElsewhere(EffectType),
    #[error("motion {kind} does not exist as {form} of {scope} scope", form = form(*.reversed))]
    MotionForm { kind: MotionType, scope: MotionScope, reversed: bool },
    #[error("only a text has characters for motion {0} to move")]
    CharactersOfPicture(MotionType),
    #[error("the text is empty")]
    EmptyText,
    #[error("the caption has no words")]
    NoWords,
    #[error("no element has the id `{0}`")]
    UnknownElement(String),
    #[error("groups and mattes are nested more than {max} deep", max = super::MAX_DEPTH)]
    TooDeep,
    #[error("the matte has a sound")]
    MatteWithSound,
    #[error("the matte `{0}` has no picture")]
    MatteWithoutPicture(String),
    #[error("the matte has another element as its own matte")]
    MatteOfMatte,
    #[error("the shape has a broken path: {0}")]
    BrokenPath(#[from] crate::path::PathError),
    #[error("a gradient needs two stops or more, and has {0}")]
    TooFewStops(usize),
    #[error("the stop of a gradient at {0}% comes after one at {1}%")]
    StopsOutOfOrder(Rational, Rational),
    #[error("dashes of a stroke are two lengths or more, not all of them zero")]
    NoDash,
    #[error("it joins nothing: neither side is an element")]
    TransitionOfNothing,
    #[error("it leads from an element to itself")]
    TransitionToSelf,
    #[error("`{0}` is an audio; transitions join pictures")]
    TransitionOnAudio(String),
    #[error("it starts at {at}, before `{id}` at {start}")]
    BeforeFrom { id: String, at: Time, start: Time },
    #[error("it ends at {at}, after `{id}` at {end}")]
    AfterTo { id: String, at: Time, end: Time },
    #[error("`{id}` has left at {end}, before it starts at {at}")]
    FromTooShort { id: String, at: Time, end: Time },
    #[error("`{id}` comes at {start}, after it ends at {at}")]
    ToTooLate { id: String, at: Time, start: Time },
    #[error("`{0}` is in another transition at the same time")]
    TransitionsOverlap(String),
    #[error("there is no composition")]
    NoComposition,
    #[error("the composition cannot have a parent")]
    CompositionWithParent,
    #[error("its parent does not come before it")]
    BadParent,
    #[error("it is in container {0}, which does not exist")]
    UnknownContainer(usize),
}

const fn form(reversed: bool) -> &'static str {
    if reversed { "an exit" } else { "an entrance" }
}
