//! Looped media, which a body has not: the same element over and over, once for each time round.
//!
//! Pieces meet exactly, so what is seen and heard is the same. An element that changes over its life —
//! by keyframes, by a motion across a seam, by a fade longer than a piece — cannot be cut into pieces
//! and stays whole; it is refused where it is converted.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::animate::{Animated, Keyframe};
use crate::element::{Clip, Content, Element};
use crate::time::{Time, TimeRange};
use crate::timeline::Timeline;

/// Most pieces of one element. A second of music under an hour of film has 3,600.
const MAX_PIECES: usize = 4_000;

/// The timeline with each looped element as pieces, where that is the same film.
pub(super) fn unrolled(timeline: &Timeline) -> Cow<'_, Timeline> {
    let looped = |element: &Element| element.content.clip().is_some_and(|clip| clip.repeats);
    if !timeline.elements.iter().any(looped) {
        return Cow::Borrowed(timeline);
    }
    let mut ids: BTreeSet<String> = timeline.elements.iter().map(|element| element.id.clone()).collect();
    let mut unrolled = timeline.clone();
    unrolled.elements.clear();
    for element in &timeline.elements {
        let Some(pieces) = pieces(element, &mut ids) else {
            unrolled.elements.push(element.clone());
            continue;
        };
        // What comes after the element comes after its last piece.
        if let Some(last) = pieces.last() {
            let leaves = unrolled.transitions.iter_mut().filter(|t| t.from.as_deref() == Some(&*element.id));
            leaves.for_each(|transition| transition.from = Some(last.id.clone()));
        }
        unrolled.elements.extend(pieces);
    }
    Cow::Owned(unrolled)
}

/// An element once for each time its media are played; `None` when it is not looped or cannot be cut.
fn pieces(element: &Element, ids: &mut BTreeSet<String>) -> Option<Vec<Element>> {
    let clip = element.content.clip().filter(|clip| clip.repeats)?;
    let round = Time::from_seconds(clip.source_range.duration().seconds().checked_div(clip.speed)?);
    let whole = element.record_range;
    let mut played = Time::from_seconds(clip.phase.seconds().checked_div(clip.speed)?);
    let rounds = (played + whole.duration()).ratio_to(round)?.ceil();
    let rounds = usize::try_from(rounds).ok().filter(|rounds| (1..=MAX_PIECES).contains(rounds))?;
    if rounds > 1 && !is_steady(element) {
        return None;
    }
    let mut pieces = Vec::with_capacity(rounds);
    let mut start = whole.start;
    for number in 1..=rounds {
        let range = TimeRange { start, end: (start + round - played).min(whole.end) };
        (start, played) = (range.end, Time::ZERO);
        let first = number == 1;
        let id = if first { element.id.clone() } else { fresh(&element.id, number, ids) };
        pieces.push(piece(element, clip, id, range)?);
    }
    let motions = element.layer.as_ref().map_or(0, |layer| layer.motion.len());
    let kept: usize =
        pieces.iter().filter_map(|piece| piece.layer.as_ref()).map(|layer| layer.motion.len()).sum();
    (kept == motions).then_some(pieces)
}

/// The part of an element at `range`, with the motions that lie inside of it.
fn piece(element: &Element, clip: &Clip, id: String, range: TimeRange) -> Option<Element> {
    let length = range.duration() * clip.speed;
    let from = clip.source_from_record(element.record_range, range.start);
    let source_range = if clip.reversed {
        TimeRange { start: from - length, end: from }
    } else {
        TimeRange { start: from, end: from + length }
    };
    let once = Clip { source_range, repeats: false, phase: Time::ZERO, ..clip.clone() };
    let mut piece = Element { id, record_range: range, ..element.clone() };
    piece.content = match element.content {
        Content::Video(_) => Content::Video(once),
        _ => Content::Audio(once),
    };
    if let Some(layer) = &mut piece.layer {
        layer.motion.retain(|motion| {
            range.start <= motion.record_range.start && motion.record_range.end <= range.end
        });
    }
    if let Some(sound) = &mut piece.sound {
        let whole = element.record_range;
        // The envelope counts from the start of the element.
        let later = range.start - whole.start;
        if let Some(Animated::Keyframes(envelope)) = &mut sound.duck {
            let moved = envelope.drain(..).map(|key| Keyframe { time: key.time - later, ..key });
            *envelope = moved.collect();
        }
        for (fade, is_here) in [
            (&mut sound.fade_in_duration, range.start == whole.start),
            (&mut sound.fade_out_duration, range.end == whole.end),
        ] {
            if *fade > range.duration() && !fade.is_zero() && is_here {
                return None;
            }
            if !is_here {
                *fade = Time::ZERO;
            }
        }
    }
    Some(piece)
}

/// Whether nothing of an element follows keyframes.
fn is_steady(element: &Element) -> bool {
    fn constant<T>(value: &Animated<T>) -> bool {
        value.constant().is_some()
    }
    let layer = element.layer.as_ref().is_none_or(|layer| {
        constant(&layer.x)
            && constant(&layer.y)
            && constant(&layer.width)
            && constant(&layer.height)
            && constant(&layer.z_rotation)
            && constant(&layer.x_scale)
            && constant(&layer.y_scale)
            && constant(&layer.opacity)
            && layer.mask.is_none()
    });
    let sound = element.sound.as_ref();
    layer && sound.is_none_or(|sound| constant(&sound.volume) && constant(&sound.pan))
}

/// An id for a further piece that nothing else has.
pub(super) fn fresh(id: &str, number: usize, ids: &mut BTreeSet<String>) -> String {
    let mut fresh = format!("{id}~{number}");
    while !ids.insert(fresh.clone()) {
        fresh.push('~');
    }
    fresh
}
