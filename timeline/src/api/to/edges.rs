//! Transitions: windows centred on a cut, and elements that meet there.
//!
//! During its window a transition shows its two elements whether or not they reach that far, so the
//! place of the cut *inside* the window changes no picture. A body's window is centred on the start
//! of the element that comes; so that element is made to start there and the other to end there,
//! and what a body does not know — that both are present throughout — needs no saying. Sound does
//! follow the elements, and gets a verdict where it was moved.
//!
//! A body has no transition of one element alone: a dissolve from or to the background is written as
//! a fade of the element, which is the same picture; others are refused.

use std::collections::BTreeMap;

use super::decimal;
use super::verdict::{Notes, VerdictCode};
use crate::catalog::{MotionScope, MotionType, TransitionType};
use crate::easing::Easing;
use crate::element::{Content, Element};
use crate::layer::Motion;
use crate::rational::Rational;
use crate::time::{FrameRate, Time, TimeRange};
use crate::timeline::{Timeline, Transition, TransitionAudio};

/// An edge that moves less than a tenth of a sample keeps its sound.
const AUDIBLE_HERTZ: i64 = 480_000;

/// Where elements lie once their transitions are centred.
pub(super) struct Edges {
    /// By element.
    pub(super) records: Vec<TimeRange>,
    /// By element: ramps of sound that stand for a cross-fade.
    pub(super) fades: Vec<Fades>,
    /// By transition: its length in the body.
    pub(super) durations: Vec<Rational>,
    /// By element: motions that stand for transitions from or to the background.
    pub(super) motion: Vec<Vec<Motion>>,
}

/// Ramps of sound at both ends.
#[derive(Clone, Copy, Default)]
pub(super) struct Fades {
    pub(super) fade_in: Time,
    pub(super) fade_out: Time,
}

pub(super) fn edges(timeline: &Timeline, notes: &mut Notes) -> Edges {
    let by_id: BTreeMap<&str, usize> =
        timeline.elements.iter().enumerate().map(|(index, e)| (e.id.as_str(), index)).collect();
    let mut edges = Edges {
        records: timeline.elements.iter().map(|element| element.record_range).collect(),
        fades: vec![Fades::default(); timeline.elements.len()],
        durations: Vec::with_capacity(timeline.transitions.len()),
        motion: vec![Vec::new(); timeline.elements.len()],
    };
    for transition in &timeline.transitions {
        notes.about(transition.seat(), transition.origin);
        let (mut cut, duration) = centre(transition.record_range, timeline.frame_rate);
        edges.durations.push(duration);
        let end = |id: &Option<String>| by_id.get(id.as_deref()?).copied();
        let (from, to) = match (end(&transition.from), end(&transition.to)) {
            (Some(from), Some(to)) => (from, to),
            (from, to) => {
                edges.background(from, to, timeline, transition, notes);
                continue;
            }
        };
        if let Some(element) = timeline.elements.get(to) {
            cut = edges.start_at(cut, to, element, transition, notes);
        }
        if let Some(element) = timeline.elements.get(from) {
            edges.end_at(cut, from, element, transition, timeline.frame_rate, notes);
        }
        edges.cross_fade(from, to, timeline, transition, notes);
    }
    edges
}

/// The middle of a window and its length, both as a body can hold them.
fn centre(window: TimeRange, rate: FrameRate) -> (Time, Rational) {
    let half = Rational::ratio(1, 2);
    let (middle, length) = (window.start + window.duration() * half, window.duration().seconds());
    if super::Number::is_exact(middle.seconds()) && super::Number::is_exact(length) {
        return (middle, length);
    }
    let (start, end) = (decimal::time(window.start, rate), decimal::time(window.end, rate));
    (Time::from_seconds((start + end) * half), end - start)
}

impl Edges {
    /// A dissolve from or to the background is a fade of its one element; a body has no other passage
    /// of one element.
    fn background(
        &mut self,
        from: Option<usize>,
        to: Option<usize>,
        timeline: &Timeline,
        transition: &Transition,
        notes: &mut Notes,
    ) {
        let Some(index) = to.or(from) else { return };
        if transition.kind != TransitionType::CrossDissolve {
            let message = format!(
                "a transition of a body joins two elements; `{}` has only one, from or to the background",
                transition.kind
            );
            notes.refused(VerdictCode::TransitionBackground, message);
            return;
        }
        if let Some(motion) = self.motion.get_mut(index) {
            motion.push(Motion {
                kind: MotionType::Fade,
                record_range: transition.record_range,
                easing: Easing::Linear,
                reversed: to.is_none(),
                scope: MotionScope::Element,
                delay: Time::ZERO,
                repeats: false,
            });
        }
        let element = timeline.elements.get(index);
        if transition.audio == TransitionAudio::Cut || !element.is_some_and(is_heard) {
            return;
        }
        let ramp = transition.record_range.duration();
        if let Some(fades) = self.fades.get_mut(index) {
            let fade = if to.is_some() { &mut fades.fade_in } else { &mut fades.fade_out };
            *fade = ramp;
        }
        let message = format!("the sound fades for {ramp} along a straight line, not with equal power");
        notes.approximated(VerdictCode::TransitionAudio, message);
    }

    /// Makes the element that comes start at `cut`, or says why it cannot; returns where it starts.
    fn start_at(
        &mut self,
        cut: Time,
        index: usize,
        element: &Element,
        transition: &Transition,
        notes: &mut Notes,
    ) -> Time {
        let Some(record) = self.records.get_mut(index) else { return cut };
        let own = element.record_range;
        let in_point = element.content.clip().map(|clip| clip.source_from_record(own, cut));
        if in_point.is_some_and(Time::is_negative) {
            let message = format!(
                "the transition is centred on {} instead of {cut}: the media has nothing before its start",
                own.start
            );
            notes.approximated(VerdictCode::TransitionMoved, message);
            return own.start;
        }
        if own.start < transition.record_range.start {
            let message = format!("it appears at {cut} instead of {}, with its transition", own.start);
            notes.approximated(VerdictCode::TransitionMoved, message);
        }
        record.start = cut;
        self.note_sound(element, transition, own.start, cut, "begins", notes);
        cut
    }

    /// Makes the element that leaves end at `cut`; one that stays beyond the window is left alone.
    fn end_at(
        &mut self,
        cut: Time,
        index: usize,
        element: &Element,
        transition: &Transition,
        rate: FrameRate,
        notes: &mut Notes,
    ) {
        let Some(record) = self.records.get_mut(index) else { return };
        let (own, window) = (element.record_range, transition.record_range);
        // What is longer by less than a body can say is not longer when the body is read again.
        if own.end <= window.end || decimal::same_place(own.end, window.end, rate) {
            record.end = cut;
            self.note_sound(element, transition, own.end, cut, "ends", notes);
        }
    }

    fn note_sound(
        &self,
        element: &Element,
        transition: &Transition,
        from: Time,
        to: Time,
        what: &str,
        notes: &mut Notes,
    ) {
        let moved = if to > from { to - from } else { from - to };
        if transition.audio == TransitionAudio::Cut
            && is_heard(element)
            && moved > Time::new(1, AUDIBLE_HERTZ)
        {
            let message = format!("the sound of `{}` {what} at {to} instead of {from}", element.id);
            notes.approximated(VerdictCode::TransitionAudio, message);
        }
    }

    /// A cross-fade becomes a ramp down to the cut and a ramp up from it.
    fn cross_fade(
        &mut self,
        from: usize,
        to: usize,
        timeline: &Timeline,
        transition: &Transition,
        notes: &mut Notes,
    ) {
        let heard = |index: usize| timeline.elements.get(index).is_some_and(is_heard);
        if transition.audio == TransitionAudio::Cut || !(heard(from) || heard(to)) {
            return;
        }
        let ramp = transition.record_range.duration() * Rational::ratio(1, 2);
        if let Some(fades) = self.fades.get_mut(from).filter(|_| heard(from)) {
            fades.fade_out = ramp;
        }
        if let Some(fades) = self.fades.get_mut(to).filter(|_| heard(to)) {
            fades.fade_in = ramp;
        }
        let id = |index: usize| timeline.elements.get(index).map_or("", |element| element.id.as_str());
        let message = format!(
            "sound does not cross-fade: `{}` fades out for {ramp} up to the cut, `{}` fades in for {ramp} after it",
            id(from),
            id(to)
        );
        notes.approximated(VerdictCode::TransitionAudio, message);
    }
}

fn is_heard(element: &Element) -> bool {
    let has_stream = element.content.source().and_then(|source| source.natural).is_none_or(|n| n.has_sound);
    let volume_is_up = |sound: &crate::element::Sound| sound.volume.values().any(|level| !level.is_silent());
    matches!(element.content, Content::Video(_))
        && has_stream
        && element.sound.as_ref().is_some_and(volume_is_up)
}
