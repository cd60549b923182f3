//! Times and numbers as people read them, and changes of a text.

use std::ops::Range;

use vid_timeline::{FrameRate, Rational, Time, TimeRange, timecode};

/// Replaces bytes of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Bytes to take out; empty to insert.
    pub range: Range<usize>,
    /// What comes there.
    pub text: String,
}

impl Change {
    /// A change.
    pub fn new(range: Range<usize>, text: impl Into<String>) -> Self {
        Self { range, text: text.into() }
    }
}

/// A number with at most three digits after the point.
pub fn decimal(value: Rational) -> String {
    match value.to_decimal().filter(|text| text.len() <= 10) {
        Some(text) => text,
        None => {
            let thousandths = (value * Rational::integer(1000)).round_half_up();
            let rounded = Rational::new(thousandths, 1000).unwrap_or_default();
            rounded.to_decimal().unwrap_or_default()
        }
    }
}

/// A time as clock, frame and seconds: `00:00:02:12 · frame 72 · 2.4 s`.
pub fn span(time: Time, rate: FrameRate) -> String {
    let frame = rate.frame_from_time(time);
    format!("{} · frame {frame} · {} s", timecode(time, rate), decimal(time.seconds()))
}

/// From when to when, and how many frames: `00:00:04:12 → 00:00:09:00 (108 f)`.
pub fn timespan(range: TimeRange, rate: FrameRate) -> String {
    let frames = range.frames(rate);
    let count = frames.end - frames.start;
    format!("{} → {} ({count} f)", timecode(range.start, rate), timecode(range.end, rate))
}
