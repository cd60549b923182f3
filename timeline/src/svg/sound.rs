//! How loud an element is, as an outline.

use super::x_of;
use crate::animate::Animated;
use crate::element::Element;
use crate::rational::Rational;
use crate::time::{Time, TimeRange};
use crate::timeline::Timeline;
use crate::values::Level;

/// Points of an eased way between two keyframes.
const STEPS: i64 = 8;
/// Most instants that are looked at; a curve of more is drawn by as many.
const MAX_POINTS: usize = 2_000;

/// The outline of the level below `y`, `height` pixels for full loudness and a little over it for more;
/// `None` for what is silent.
pub(super) fn outline(
    timeline: &Timeline,
    element: &Element,
    y: i64,
    height: i64,
) -> Option<Vec<(Rational, Rational)>> {
    let sound = element.sound.as_ref()?;
    let range = element.record_range.intersection(TimeRange::new(Time::ZERO, timeline.duration))?;
    let mut times = vec![range.start, range.end];
    let start = element.record_range.start;
    times.push(start + sound.fade_in_duration);
    times.push(element.record_range.end - sound.fade_out_duration);
    turns(&sound.volume, start, &mut times);
    if let Some(duck) = &sound.duck {
        turns(duck, start, &mut times);
    }
    times.retain(|time| range.start <= *time && *time <= range.end);
    times.sort_unstable();
    times.dedup();
    let low = Rational::integer(y + height);
    let mut points = vec![(x_of(timeline, range.start), low)];
    for time in times {
        let share = thousandths(gain(element, time));
        points.push((x_of(timeline, time), low - Rational::integer(height) * share));
    }
    points.push((x_of(timeline, range.end), low));
    Some(points)
}

/// Instants at which a curve turns.
fn turns(value: &Animated<Level>, start: Time, times: &mut Vec<Time>) {
    let Animated::Keyframes(keyframes) = value else { return };
    for (from, to) in keyframes.iter().zip(keyframes.iter().skip(1)).take(MAX_POINTS / 8) {
        let way = to.time - from.time;
        times.extend((0..=STEPS).map(|step| start + from.time + way * Rational::ratio(step, STEPS)));
    }
    times.extend(keyframes.iter().take(MAX_POINTS).map(|keyframe| start + keyframe.time));
}

/// The factor of an element's sound at an instant.
fn gain(element: &Element, time: Time) -> f64 {
    let Some(sound) = &element.sound else { return 0.0 };
    let local = time - element.record_range.start;
    let ramp = |passed: Time, length: Time| match passed.ratio_to(length) {
        Some(share) if length > Time::ZERO => share.to_f64().clamp(0.0, 1.0),
        _ => 1.0,
    };
    let duck = sound.duck.as_ref().map_or(1.0, |duck| duck.gain_in_decibels(local));
    sound.volume.at(local, 1.0)
        * duck
        * ramp(local, sound.fade_in_duration)
        * ramp(element.record_range.end - time, sound.fade_out_duration)
}

/// A factor in thousandths, so that what is drawn does not depend on the last bit; up to 1.25.
fn thousandths(gain: f64) -> Rational {
    let steps = (gain.clamp(0.0, 1.25) * 1000.0).round();
    Rational::from_f64_decimal(steps).unwrap_or(Rational::ZERO) * Rational::ratio(1, 1000)
}
