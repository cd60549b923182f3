//! Where an element lies, in numbers that a body can hold.

use super::super::from::closed_span;
use super::super::wire::{Element, Number};
use super::decimal::{self, FINE_PLACES, PLACES};
use crate::rational::Rational;
use crate::time::{FrameRate, Time, TimeRange};

/// Start and length of an element without media time.
pub(super) struct StillPlace {
    pub(super) time: Rational,
    pub(super) duration: Rational,
}

/// Start, trim and speed of an element with media time.
pub(super) struct ClipPlace {
    pub(super) time: Rational,
    pub(super) in_point: Rational,
    pub(super) out_point: Rational,
    pub(super) speed: Rational,
}

/// Start and length such that both edges stay on their frames.
pub(super) fn still(record: TimeRange, rate: FrameRate) -> StillPlace {
    let (start, duration) = (record.start.seconds(), record.duration().seconds());
    if Number::is_exact(start) && Number::is_exact(duration) {
        return StillPlace { time: start, duration };
    }
    let time = decimal::time(record.start, rate);
    let wanted = record.end.seconds() - time;
    let ends_well = |duration: Rational| {
        duration > Rational::ZERO
            && decimal::same_place(Time::from_seconds(time + duration), record.end, rate)
    };
    StillPlace { time, duration: decimal::fitting(wanted, ends_well) }
}

/// Start, trim and speed such that both edges stay on their frames and no frame of the media is
/// shown earlier than it is due: an in-point at the first instant of a media frame must not slip
/// below it, so the media line is only ever rounded upwards.
pub(super) fn clip(record: TimeRange, in_point: Time, speed: Rational, rate: FrameRate) -> ClipPlace {
    let (start, in_point) = (record.start.seconds(), in_point.seconds());
    let out_point = in_point + record.duration().seconds() * speed;
    if [start, in_point, out_point, speed].into_iter().all(Number::is_exact) {
        return ClipPlace { time: start, in_point, out_point, speed };
    }
    let time = decimal::time(record.start, rate);
    let exact_speed = speed;
    let speed = decimal::up(exact_speed, FINE_PLACES);
    // The first frame may lie half a frame before the start; from there on the media line must not be
    // below the exact one.
    let early = rate.frame_duration().seconds() * Rational::ratio(1, 2);
    let shift = (time - start) * speed + early * (speed - exact_speed);
    let in_point = decimal::up(in_point + shift.max(Rational::ZERO), PLACES);
    let wanted = in_point + (record.end.seconds() - time) * speed;
    let ends_well = |out_point: Rational| {
        let end = time + (out_point - in_point) / speed;
        out_point > in_point && decimal::same_place(Time::from_seconds(end), record.end, rate)
    };
    ClipPlace { time, in_point, out_point: decimal::fitting(wanted, ends_well), speed }
}

/// The length of the film. A reader cuts off what lasts longer, so a rounded length is not below the end of
/// an element that ends with the film.
pub(super) fn film(duration: Time, elements: &[Element], rate: FrameRate) -> Rational {
    let exact = duration.seconds();
    if Number::is_exact(exact) {
        return exact;
    }
    let ends = elements.iter().filter_map(closed_span).map(|span| span.record.end);
    let last = ends.filter(|end| decimal::same_place(*end, duration, rate)).max().unwrap_or(Time::ZERO);
    let holds_all = |length: Rational| {
        let length = Time::from_seconds(length);
        length >= last && decimal::same_place(length, duration, rate)
    };
    let length = decimal::fitting(exact, holds_all);
    // The last sample or frame of the film matters more than what a reader cuts off below it.
    if holds_all(length) { length } else { decimal::time(duration, rate) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first frame begins before the clip does (its start is rounded up to frame 468), where a
    /// speed that was rounded up alone would show the media too early.
    #[test]
    fn a_rounded_speed_shows_nothing_early() {
        let rate = FrameRate::DEFAULT;
        let record = TimeRange::at(Time::new(15_601_586, 1_000_000), Time::new(1101, 1000));
        let (in_point, speed) = (Time::new(247_899_375, 10_000_000), Rational::ratio(2, 3));
        let place = clip(record, in_point, speed, rate);
        let frame = Time::from_frame(record.frames(rate).start, rate).seconds();
        let shown = place.in_point + (frame - place.time) * place.speed;
        let exact = in_point.seconds() + (frame - record.start.seconds()) * speed;
        assert!(shown >= exact, "{shown} before {exact}");
    }
}
