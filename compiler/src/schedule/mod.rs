//! When everything happens.
//!
//! A composition's statements become a tree of instances ([`tree`]); loops unroll and choices are
//! made ([`expand`]). Values, starts and lengths are then computed on demand and remembered: each is
//! asked for by whoever needs it, so the order of the source does not matter, and asking in a circle
//! is found ([`time`]). The length of a container is the length of its determined children; a child
//! that waits for that length is not determined, and fills the container.
//!
//! Everything is an exact fraction of a second. Nothing is rounded here.

mod assign;
mod calls;
mod caption_checks;
mod captions;
mod checks;
mod clocks;
mod context;
mod cues;
mod data;
mod deferred;
mod duck;
mod engine;
mod expand;
mod instances;
mod masks;
mod media;
mod names;
mod params;
mod part;
mod position;
mod properties;
mod result;
mod sequence;
mod styles;
mod time;
mod transition_checks;
mod transitions;
mod tree;
mod units;

pub(crate) use engine::{Mode, Request, schedule, standalone_lets};
pub(crate) use media::{MediaUse, natural_facts};
pub(crate) use properties::Properties;
pub(crate) use result::{AttachedRole, Joined, Placed, PlacedKind, PlacedUnit, Scheduled};
pub(crate) use time::shown;
