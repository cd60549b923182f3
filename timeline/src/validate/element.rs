//! Checks of one element: its parts, its ranges, its sound.

use super::{
    ElementFindings, Findings, MAX_KEYFRAMES, MAX_OVERSHOOT, MAX_SPEED, MAX_TIME_SECONDS,
    MAX_VOLUME_DECIBELS, MAX_VOLUME_PERCENT, Problem, film, layer, shape, text,
};
use crate::animate::Animated;
use crate::easing::Easing;
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
    if element.media().any(|source| source.location.is_empty()) {
        found.push(Problem::EmptyLocation);
    }
    if let Some(clip) = element.content.clip() {
        check_range("source range", clip.source_range, found);
        let fastest = Rational::integer(MAX_SPEED);
        check_between("speed", clip.speed, Rational::ONE / fastest, fastest, found);
        let round = if clip.repeats { clip.source_range.duration() } else { Time::ZERO };
        check_between("phase", clip.phase.seconds(), Rational::ZERO, round.seconds(), found);
    }
    if let Some(layer) = &element.layer {
        layer::check(layer, matches!(element.content, Content::Text(_)), found);
    }
    if let Some(sound) = &element.sound {
        check_sound(sound, found);
    }
    match &element.content {
        Content::Text(text) => text::check(text, found),
        Content::Shape(drawn) => shape::check(drawn, found),
        Content::Group(group) => {
            if !film::is_canvas(group.size) {
                found.push(Problem::SizeOutOfRange(group.size));
            }
            if group.background.as_ref().and_then(|background| background.image.as_deref()) == Some("") {
                found.push(Problem::EmptyLocation);
            }
        }
        Content::Video(_) | Content::Audio(_) | Content::Image(_) => {}
    }
    if let Some(matte) = element.matte() {
        check_matte(matte, found);
    }
}

fn check_matte(matte: &Element, found: &mut ElementFindings<'_>) {
    if matte.layer.is_none() {
        found.push(Problem::MatteWithoutPicture(matte.id.clone()));
    }
    if matte.sound.is_some() {
        found.push(Problem::MatteWithSound);
    }
    if matte.matte().is_some() {
        found.push(Problem::MatteOfMatte);
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
        (Content::Image(_) | Content::Text(_) | Content::Shape(_) | Content::Group(_), Some(_)) => {
            found.push(Problem::SoundOnStill(kind));
        }
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
    check_levels("volume", &sound.volume, found);
    if let Some(duck) = &sound.duck {
        check_levels("duck", duck, found);
    }
    check_keyframes("pan", &sound.pan, found);
    for pan in sound.pan.values() {
        check_between("pan", *pan, Rational::integer(-100), Rational::integer(100), found);
    }
    let fades =
        [("fade_in_duration", sound.fade_in_duration), ("fade_out_duration", sound.fade_out_duration)];
    for (property, fade) in fades {
        if fade < Time::ZERO {
            found.push(Problem::Negative { property, value: fade.seconds() });
        }
    }
}

fn check_levels(property: &'static str, levels: &Animated<Level>, found: &mut ElementFindings<'_>) {
    check_keyframes(property, levels, found);
    for level in levels.values() {
        match *level {
            Level::Percent(value) => {
                check_between(property, value, Rational::ZERO, Rational::integer(MAX_VOLUME_PERCENT), found);
            }
            Level::Decibels(value) if value > Rational::integer(MAX_VOLUME_DECIBELS) => {
                let high = Rational::integer(MAX_VOLUME_DECIBELS);
                found.push(Problem::OutOfRange { property, value, low: -high, high });
            }
            Level::Decibels(_) => {}
        }
    }
}

pub(super) fn check_easing(easing: Easing, found: &mut ElementFindings<'_>) {
    match easing {
        Easing::Cubic { x1, y1, x2, y2 } => {
            for x in [x1, x2] {
                check_between("cubic time", x, Rational::ZERO, Rational::ONE, found);
            }
            let limit = Rational::integer(MAX_OVERSHOOT);
            for y in [y1, y2] {
                check_between("cubic progress", y, -limit, limit, found);
            }
        }
        Easing::Steps { count } => {
            check_between("steps", count.into(), Rational::ONE, Easing::MAX_STEPS.into(), found);
        }
        Easing::Spring { bounce } => {
            check_between("bounce", bounce, Rational::ZERO, Easing::max_bounce(), found);
        }
        Easing::Linear | Easing::EaseIn | Easing::EaseOut | Easing::EaseInOut | Easing::Hold => {}
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
    for keyframe in keyframes {
        check_easing(keyframe.easing, found);
    }
    let mut pairs = keyframes.iter().zip(keyframes.iter().skip(1));
    if let Some((_, late)) = pairs.find(|(a, b)| b.time <= a.time) {
        found.push(Problem::KeyframesOutOfOrder { property, time: late.time });
    }
}
