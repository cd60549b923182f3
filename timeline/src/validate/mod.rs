//! The validator: the invariants that everybody downstream trusts.
//!
//! A timeline that passes holds these and need not be checked again:
//!
//! - the film lasts at least one frame and at most [`MAX_DURATION_SECONDS`]; its canvas has sides of
//!   16–8192 pixels; there is at least one output, and none has a setting that its
//!   format or codec does not know; a still shows an instant of the film;
//! - ids are unique over film, groups and mattes and not empty; every list is bounded by a constant of this module;
//! - everything but an audio has a layer, an audio has none; an audio has a sound, a video may have
//!   one, nothing else has; groups and mattes nest at most [`MAX_DEPTH`] deep, and an element that is
//!   a matte has no sound and no matte of its own;
//! - record and source ranges start at zero or later and are not empty; speeds are 0.25–4;
//! - keyframes are there and strictly increasing; every number is within its property's range;
//!   crops leave something; motions exist in the form they are used in; easings are within their
//!   ranges; paths can be read, gradients have two stops or more in order;
//! - a text has words and a size; caption words do not end before they begin;
//! - a transition joins two different visual elements of the film or of one group, or one and the
//!   background. The leaving one has begun when it starts and
//!   reaches at least to that start; the coming one has begun by its end and lasts at least until
//!   then. No element is in two transitions at the same time;
//! - containers are a tree: the first is the composition, every other has a parent before it.

mod element;
mod error;
mod film;
mod layer;
mod shape;
mod text;
mod transition;

use crate::timeline::Timeline;

pub use error::{Problem, Subject, TimelineError};

/// Longest film, in seconds: a day.
pub const MAX_DURATION_SECONDS: i64 = 24 * 3600;
/// Latest instant an element or a source range may reach, in seconds; keeps sample numbers far inside
/// 64 bits.
pub const MAX_TIME_SECONDS: i64 = 1_000_000_000;
/// Most elements of a timeline.
pub const MAX_ELEMENTS: usize = 10_000;
/// Deepest nesting of groups and mattes. Films stay below ten; the bound keeps recursion over a
/// timeline within a small stack.
pub const MAX_DEPTH: usize = 64;
/// Most containers of a timeline.
pub const MAX_CONTAINERS: usize = 20_000;
/// Most markers of a timeline.
pub const MAX_MARKERS: usize = 10_000;
/// Most outputs of a timeline.
pub const MAX_OUTPUTS: usize = 100;
/// Most keyframes of one property.
pub const MAX_KEYFRAMES: usize = 100_000;
/// Most effects, and most motions, of one element.
pub const MAX_STEPS: usize = 100;
/// Most bytes of one text.
pub const MAX_TEXT_BYTES: usize = 100_000;
/// Most bytes of one path.
pub const MAX_PATH_BYTES: usize = 100_000;
/// Most stops of one gradient, and most lengths of one list of dashes.
pub const MAX_STOPS: usize = 1_000;
/// Largest magnitude that a cubic easing's progress may lead to.
pub const MAX_OVERSHOOT: i64 = 1_000;
/// Most words of one caption.
pub const MAX_WORDS: usize = 10_000;
/// Slowest speed is its inverse, fastest is this, the bound of the render API.
pub const MAX_SPEED: i64 = 4;
/// Largest magnitude of a length, in pixels or percent.
pub const MAX_LENGTH: i64 = 1_000_000_000;
/// Softest edge of a mask, in pixels.
pub const MAX_FEATHER: i64 = 1_000;
/// Largest font size in pixels.
pub const MAX_FONT_SIZE: i64 = 10_000;
/// Loudest volume in percent.
pub const MAX_VOLUME_PERCENT: i64 = 100_000;
/// Loudest volume in decibels, the same factor as [`MAX_VOLUME_PERCENT`].
pub const MAX_VOLUME_DECIBELS: i64 = 60;
/// Errors that are collected before the rest is left out.
pub const MAX_ERRORS: usize = 1_000;

/// Checks every invariant of the [module documentation](self).
///
/// # Errors
/// All violations in the order of the timeline, at most [`MAX_ERRORS`].
pub fn validate(timeline: &Timeline) -> Result<(), Vec<TimelineError>> {
    let mut found = Findings::default();
    film::check(timeline, &mut found);
    for element in timeline.all_elements() {
        element::check(element, timeline, &mut found);
    }
    transition::check(&timeline.elements, &timeline.transitions, &mut found);
    for group in timeline.groups() {
        transition::check(&group.elements, &group.transitions, &mut found);
    }
    if found.errors.is_empty() { Ok(()) } else { Err(found.errors) }
}

/// The errors so far.
#[derive(Default)]
struct Findings {
    errors: Vec<TimelineError>,
}

impl Findings {
    fn push(&mut self, subject: Subject, problem: Problem) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(TimelineError { subject, problem });
        }
    }
}

/// The errors so far, as seen by the check of one element.
struct ElementFindings<'a> {
    id: &'a str,
    found: &'a mut Findings,
}

impl ElementFindings<'_> {
    fn push(&mut self, problem: Problem) {
        self.found.push(Subject::Element(self.id.to_owned()), problem);
    }
}
