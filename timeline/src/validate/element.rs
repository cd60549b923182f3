//! Checks of one element: its parts, its ranges, its sound.

use super::{
    ElementFindings, Findings, MAX_KEYFRAMES, MAX_SPEED, MAX_TIME_SECONDS, MAX_VOLUME_DECIBELS,
    MAX_VOLUME_PERCENT, Problem, layer, text,
};
use crate::animate::Animated;
use crate::element::{Content, Element, Sound};
use crate::rational::Rational;
use crate::time::{Time, TimeRange};
use crate::timeline::Timeline;
use crate::values::Level;

pub(super) fn check(element: &Element, timeline: &Timeline, found: &mut Findings) {
    let found = &mut ElementFindings { id: &element.id, found };
    check_parts(element, found);
    check_range("record range", element.record_range, found);
    if element.container >= timeline.containers.len() {
        found.push(Problem::UnknownContainer(element.container));
    }
    if element.content.source().is_some_and(|source| source.location.is_empty()) {
        found.push(Problem::EmptyLocation);
    }
    if let Some(clip) = element.content.clip() {
        check_range("source range", clip.source_range, found);
        let fastest = Rational::integer(MAX_SPEED);
        check_between("speed", clip.speed, Rational::ONE / fastest, fastest, found);
    }
    if let Some(layer) = &element.layer {
        layer::check(layer, matches!(element.content, Content::Text(_)), found);
    }
    if let Some(sound) = &element.sound {
        check_sound(sound, found);
    }
    if let Content::Text(text) = &element.content {
        text::check(text, found);
    }
}

fn check_parts(element: &Element, found: &mut ElementFindings<'_>) {
    let kind = element.content.kind_name();
    let is_audio = matches!(element.content, Content::Audio(_));
    match &element.layer {
        Some(_) if is_audio => found.push(Problem::LayerOnAudio),
        None if !is_audio => found.push(Problem::NoLayer(kind)),
        _ => {}
    }
    match (&element.content, &element.sound) {
        (Content::Audio(_), None) => found.push(Problem::NoSound),
        (Content::Image(_) | Content::Text(_), Some(_)) => found.push(Problem::SoundOnStill(kind)),
        _ => {}
    }
}

fn check_range(what: &'static str, range: TimeRange, found: &mut ElementFindings<'_>) {
    if range.is_empty() {
        found.push(Problem::EmptyRange { what, range });
    } else if range.start.is_negative() {
        found.push(Problem::NegativeStart { what, range });
    } else if range.end.seconds() > Rational::integer(MAX_TIME_SECONDS) {
        found.push(Problem::TooLate { what, range });
    }
}

fn check_sound(sound: &Sound, found: &mut ElementFindings<'_>) {
    check_keyframes("volume", &sound.volume, found);
    for level in sound.volume.values() {
        match *level {
            Level::Percent(value) => {
                check_between("volume", value, Rational::ZERO, Rational::integer(MAX_VOLUME_PERCENT), found);
            }
            Level::Decibels(value) if value > Rational::integer(MAX_VOLUME_DECIBELS) => {
                let high = Rational::integer(MAX_VOLUME_DECIBELS);
                found.push(Problem::OutOfRange { property: "volume", value, low: -high, high });
            }
            Level::Decibels(_) => {}
        }
    }
    let fades =
        [("fade_in_duration", sound.fade_in_duration), ("fade_out_duration", sound.fade_out_duration)];
    for (property, fade) in fades {
        if fade < Time::ZERO {
            found.push(Problem::Negative { property, value: fade.seconds() });
        }
    }
}

pub(super) fn check_between(
    property: &'static str,
    value: Rational,
    low: Rational,
    high: Rational,
    found: &mut ElementFindings<'_>,
) {
    if value < low || value > high {
        found.push(Problem::OutOfRange { property, value, low, high });
    }
}

pub(super) fn check_keyframes<T>(
    property: &'static str,
    value: &Animated<T>,
    found: &mut ElementFindings<'_>,
) {
    let Animated::Keyframes(keyframes) = value else { return };
    if keyframes.is_empty() {
        found.push(Problem::NoKeyframes { property });
    }
    if keyframes.len() > MAX_KEYFRAMES {
        found.push(Problem::TooMany { what: "keyframes", count: keyframes.len(), limit: MAX_KEYFRAMES });
    }
    let mut pairs = keyframes.iter().zip(keyframes.iter().skip(1));
    if let Some((_, late)) = pairs.find(|(a, b)| b.time <= a.time) {
        found.push(Problem::KeyframesOutOfOrder { property, time: late.time });
    }
}
