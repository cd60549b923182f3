//! Sound that is turned down under other sound, as pieces of constant volume.
//!
//! A body has one volume for an element. An audio element is cut where its envelope bends, and each
//! ramp into a few steps; a piece has the level that the envelope has in its middle. The sound of a
//! video cannot be cut without its picture, so it is refused where it is converted.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::pieces::fresh;
use super::verdict::{Notes, VerdictCode};
use crate::animate::{Animated, Keyframe};
use crate::element::{Clip, Content, Element, Sound};
use crate::rational::Rational;
use crate::time::{Time, TimeRange};
use crate::timeline::Timeline;
use crate::values::Level;

/// Pieces of one ramp. Four steps of a ramp of 12 dB are 3 dB each, which is heard as one movement
/// while it lasts a fraction of a second.
const STEPS: i64 = 4;
/// Most pieces of one element.
const MAX_PIECES: usize = 4_000;

/// The timeline with each audio element that is turned down as pieces.
pub(super) fn stepped<'t>(timeline: &'t Timeline, notes: &mut Notes) -> Cow<'t, Timeline> {
    let ducked = |element: &Element| element.sound.as_ref().is_some_and(|sound| sound.duck.is_some());
    if !timeline.elements.iter().any(ducked) {
        return Cow::Borrowed(timeline);
    }
    let mut ids: BTreeSet<String> = timeline.elements.iter().map(|element| element.id.clone()).collect();
    let mut stepped = timeline.clone();
    stepped.elements.clear();
    for element in &timeline.elements {
        match pieces(element, &mut ids) {
            Some(pieces) => {
                notes.about(Some(&element.id), element.origin);
                let count = pieces.len();
                // One piece is a sound that is turned down all the time: nothing is lost.
                if count > 1 {
                    let message = format!("it is turned down in steps, by {count} pieces of constant volume");
                    notes.approximated(VerdictCode::Duck, message);
                }
                stepped.elements.extend(pieces);
            }
            None => stepped.elements.push(element.clone()),
        }
    }
    Cow::Owned(stepped)
}

/// An element in pieces; `None` when it is not turned down, or cannot be cut.
fn pieces(element: &Element, ids: &mut BTreeSet<String>) -> Option<Vec<Element>> {
    let (Content::Audio(clip), Some(sound)) = (&element.content, &element.sound) else { return None };
    let Some(Animated::Keyframes(envelope)) = &sound.duck else { return None };
    let volume = *sound.volume.constant()?;
    let whole = element.record_range;
    let cuts = cuts(envelope, whole.duration());
    if clip.repeats || clip.reversed || sound.pan.constant().is_none() || cuts.len() > MAX_PIECES {
        return None;
    }
    let last = cuts.len().checked_sub(1)?;
    let pieces = cuts.iter().enumerate().map(|(index, part)| {
        let range = part.shifted(whole.start);
        let middle = part.start + part.duration() * Rational::ratio(1, 2);
        let id = if index == 0 { element.id.clone() } else { fresh(&element.id, index + 1, ids) };
        let fade = |fade: Time, is_here: bool| if is_here { fade.min(part.duration()) } else { Time::ZERO };
        let start = clip.source_from_record(whole, range.start);
        let source_range = TimeRange::at(start, part.duration() * clip.speed);
        Some(Element {
            id,
            record_range: range,
            content: Content::Audio(Clip { source_range, ..clip.clone() }),
            sound: Some(Sound {
                volume: Animated::Constant(lowered(volume, level(envelope, middle)?)?),
                fade_in_duration: fade(sound.fade_in_duration, index == 0),
                fade_out_duration: fade(sound.fade_out_duration, index == last),
                duck: None,
                pan: sound.pan.clone(),
            }),
            ..element.clone()
        })
    });
    pieces.collect()
}

/// The parts of an element's life, in its own time, in which its level is one: between the bends of
/// the envelope, and within its ramps.
fn cuts(envelope: &[Keyframe<Level>], length: Time) -> Vec<TimeRange> {
    let mut times = vec![Time::ZERO, length];
    for (from, to) in envelope.iter().zip(envelope.iter().skip(1)) {
        let steps = if from.value == to.value { 1 } else { STEPS };
        let step = (to.time - from.time) * Rational::ratio(1, steps);
        times.extend((0..=steps).map(|index| from.time + step * Rational::integer(index)));
    }
    times.retain(|time| *time >= Time::ZERO && *time <= length);
    times.sort_unstable();
    times.dedup();
    times.iter().zip(times.iter().skip(1)).map(|(start, end)| TimeRange::new(*start, *end)).collect()
}

/// The decibels of an envelope at a time; `None` when it is not in decibels.
fn level(envelope: &[Keyframe<Level>], time: Time) -> Option<Rational> {
    let decibels = |keyframe: &Keyframe<Level>| match keyframe.value {
        Level::Decibels(decibels) => Some(decibels),
        Level::Percent(_) => None,
    };
    let next = envelope.partition_point(|keyframe| keyframe.time <= time);
    match (next.checked_sub(1).and_then(|index| envelope.get(index)), envelope.get(next)) {
        (Some(from), Some(to)) => {
            let (start, end) = (decibels(from)?, decibels(to)?);
            let progress = (time - from.time).ratio_to(to.time - from.time)?;
            Some(start + (end - start) * progress)
        }
        (Some(only), None) | (None, Some(only)) => decibels(only),
        (None, None) => None,
    }
}

/// A volume turned down by decibels, which are zero or below.
fn lowered(volume: Level, decibels: Rational) -> Option<Level> {
    if decibels.is_zero() {
        return Some(volume);
    }
    match volume {
        Level::Decibels(own) => Some(Level::Decibels(own + decibels)),
        Level::Percent(percent) => {
            let lowered = percent.to_f64() * Level::Decibels(decibels).gain();
            Rational::from_decimal(&format!("{lowered:.9}")).map(Level::Percent)
        }
    }
}
