//! Values and how expressions become values.
//!
//! Evaluation is also the type check: a value that nobody knows yet (a parameter without a default)
//! is evaluated as an unknown *of its type*, so that wrong units are found before anything is
//! rendered. An expression that was reported stops its evaluation quietly.

mod coerce;
mod data;
mod easings;
mod expr;
mod functions;
mod ops;
mod text;
mod value;

pub(crate) use coerce::{coerce, within};
pub(crate) use data::{Cue, CueWord, DataKind, DataProblem, SubtitleFormat, data_value, subtitle_cues};
pub(crate) use easings::easing_of;
pub(crate) use expr::{Env, evaluate, evaluate_as, members_of, suggest};
pub(crate) use ops::{Unit, degrees, in_bounds, split};
pub(crate) use text::Text;
pub(crate) use value::{Instance, KeyframeValue, LengthValue, Stop, TimeValue, Value};
