//! The ruler: instants in timecode.

use super::write::Canvas;
use super::{LEFT, WIDTH, x_of};
use crate::rational::Rational;
use crate::time::{FrameRate, Time, timecode};
use crate::timeline::Timeline;

/// Height of the ruler in pixels.
pub(super) const HEIGHT: i64 = 34;

/// Least distance between two labels, in pixels.
const LABEL_DISTANCE: i64 = 84;
/// Least distance between two lines, in pixels.
const LINE_DISTANCE: i64 = 8;
/// Frames between labels, where seconds are too far apart.
const FRAME_STEPS: [i64; 5] = [1, 2, 5, 10, 15];
/// Seconds between labels.
const SECOND_STEPS: [i64; 15] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];

/// Draws the ruler at `top`, its lines down to `bottom`. Everything else is drawn over the lines later
/// than they are, so they are put first into the drawing by their own layer.
pub(super) fn draw(timeline: &Timeline, top: i64, bottom: i64, canvas: &mut Canvas) {
    let rate = timeline.frame_rate;
    let major = step(timeline, LABEL_DISTANCE);
    let base = top + HEIGHT - 8;
    canvas.horizontal("tick", LEFT, LEFT + WIDTH, base);
    for division in [10, 5, 4, 2] {
        let minor = major * Rational::ratio(1, division);
        if distance(timeline, minor) >= Rational::integer(LINE_DISTANCE) && is_whole(minor, rate) {
            for at in instants(timeline, minor) {
                canvas.vertical("minor", x_of(timeline, at), base - 4, base);
            }
            break;
        }
    }
    for at in instants(timeline, major) {
        let x = x_of(timeline, at);
        canvas.below("grid", x, base, bottom);
        canvas.vertical("tick", x, base - 8, base);
        // The last label must not leave the paper.
        if x <= Rational::integer(LEFT + WIDTH - 40) {
            canvas.label_at("tick-name", x + Rational::integer(3), base - 10, &label(at, timeline));
        }
    }
    canvas.below("grid", Rational::integer(LEFT + WIDTH), base, bottom);
}

/// Timecode, without hours where the film has none.
fn label(at: Time, timeline: &Timeline) -> String {
    let code = timecode(at, timeline.frame_rate);
    let short = timeline.duration < Time::new(3600, 1);
    match code.strip_prefix("00:") {
        Some(rest) if short => rest.to_owned(),
        _ => code,
    }
}

/// The smallest step whose marks are at least that many pixels apart.
fn step(timeline: &Timeline, least: i64) -> Time {
    let rate = timeline.frame_rate;
    let frames = FRAME_STEPS.into_iter().map(|count| Time::from_frame(count, rate));
    let frames = frames.filter(|step| *step < Time::new(1, 1));
    let seconds = SECOND_STEPS.into_iter().map(|count| Time::new(count, 1));
    let is_far = |step: &Time| distance(timeline, *step) >= Rational::integer(least);
    frames.chain(seconds).find(is_far).unwrap_or(timeline.duration)
}

/// Pixels between two marks.
fn distance(timeline: &Timeline, step: Time) -> Rational {
    step.ratio_to(timeline.duration).unwrap_or(Rational::ONE) * Rational::integer(WIDTH)
}

fn is_whole(step: Time, rate: FrameRate) -> bool {
    (step.seconds() * rate.per_second()).is_integer() || step >= Time::new(1, 1)
}

/// Every instant of the film at a multiple of the step; at most one for each line that has room.
fn instants(timeline: &Timeline, step: Time) -> impl Iterator<Item = Time> {
    let duration = timeline.duration;
    (0..=WIDTH / LINE_DISTANCE)
        .map(move |count| step * Rational::integer(count))
        .take_while(move |at| *at <= duration)
}
