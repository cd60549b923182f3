//! Instants, ranges and rates: exact until the one place where edges meet a grid.

use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

use serde::{Deserialize, Serialize};

use crate::rational::Rational;

/// Sample rate of every mix, in hertz.
pub const SAMPLE_RATE: u32 = 48_000;

/// An exact instant or length in seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(Rational);

impl Time {
    /// The start of everything.
    pub const ZERO: Self = Self(Rational::ZERO);

    /// `numerator / denominator` seconds; a zero denominator yields zero.
    pub fn new(numerator: i64, denominator: i64) -> Self {
        Self(Rational::ratio(numerator, denominator))
    }

    /// An exact number of seconds.
    pub const fn from_seconds(seconds: Rational) -> Self {
        Self(seconds)
    }

    /// A whole number of milliseconds.
    pub fn from_millis(millis: i64) -> Self {
        Self::new(millis, 1000)
    }

    /// The instant at which frame `frame` begins.
    pub fn from_frame(frame: i64, rate: FrameRate) -> Self {
        Self(Rational::integer(frame) / rate.per_second())
    }

    /// The instant of sample `sample` at [`SAMPLE_RATE`].
    pub fn from_sample(sample: i64) -> Self {
        Self::new(sample, SAMPLE_RATE.into())
    }

    /// The length in seconds.
    pub const fn seconds(self) -> Rational {
        self.0
    }

    /// The sample nearest to this instant at [`SAMPLE_RATE`], halves up.
    pub fn to_sample(self) -> i64 {
        clamp_to_i64((self.0 * Rational::from(SAMPLE_RATE)).round_half_up())
    }

    /// The nearest float, for display and for evaluating curves.
    pub fn to_f64(self) -> f64 {
        self.0.to_f64()
    }

    /// Whether this is before zero.
    pub fn is_negative(self) -> bool {
        self.0.is_negative()
    }

    /// Whether this is zero.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// What is left of this when as many whole `length`s as fit are taken away: zero or more, and less
    /// than `length`. A `length` of zero or less leaves everything.
    pub fn modulo(self, length: Self) -> Self {
        if length <= Self::ZERO {
            return self;
        }
        match self.0.checked_div(length.0).and_then(|ratio| Rational::new(ratio.floor(), 1)) {
            Some(whole) => Self(self.0 - whole * length.0),
            None => self,
        }
    }

    /// `self / other` as a pure number; `None` when `other` is zero.
    pub fn ratio_to(self, other: Self) -> Option<Rational> {
        self.0.checked_div(other.0)
    }
}

impl Add for Time {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Time {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Time {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul<Rational> for Time {
    type Output = Self;
    fn mul(self, factor: Rational) -> Self {
        Self(self.0 * factor)
    }
}

/// Seconds with their unit: `1.5s`, `1/3s`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A half-open range of time: `start` belongs to it, `end` does not.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct TimeRange {
    /// First instant inside.
    pub start: Time,
    /// First instant after; never before `start`.
    pub end: Time,
}

impl TimeRange {
    /// The range from `start` to `end`; an `end` before `start` gives an empty range at `start`.
    pub fn new(start: Time, end: Time) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The range that begins at `start` and lasts `duration`.
    pub fn at(start: Time, duration: Time) -> Self {
        Self::new(start, start + duration)
    }

    /// Its length.
    pub fn duration(self) -> Time {
        self.end - self.start
    }

    /// Whether no instant is inside.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `time` is inside.
    pub fn contains(self, time: Time) -> bool {
        self.start <= time && time < self.end
    }

    /// The instants in both; `None` when there is none.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let both = Self { start: self.start.max(other.start), end: self.end.min(other.end) };
        (both.start < both.end).then_some(both)
    }

    /// Moved later by `offset`.
    pub fn shifted(self, offset: Time) -> Self {
        Self { start: self.start + offset, end: self.end + offset }
    }

    /// The frames whose place on the grid is inside: each edge is rounded on its own, halves up, so
    /// neighbours always meet.
    pub fn frames(self, rate: FrameRate) -> std::ops::Range<i64> {
        rate.frame_from_time(self.start)..rate.frame_from_time(self.end)
    }
}

impl fmt::Display for TimeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl fmt::Debug for TimeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Frames per second as an exact quotient of positive integers, in lowest terms.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FrameRate {
    numerator: u32,
    denominator: u32,
}

impl FrameRate {
    /// Thirty frames a second, the default of the render API.
    pub const DEFAULT: Self = Self { numerator: 30, denominator: 1 };
    /// Fastest accepted rate, the bound of the render API.
    pub const MAX_PER_SECOND: u32 = 240;

    /// `numerator / denominator` frames a second; `None` when either is zero, or when the rate is
    /// above [`Self::MAX_PER_SECOND`].
    pub fn new(numerator: u32, denominator: u32) -> Option<Self> {
        let common = gcd(numerator, denominator);
        if numerator == 0 || denominator == 0 {
            return None;
        }
        let in_range = u64::from(numerator) <= u64::from(denominator) * u64::from(Self::MAX_PER_SECOND);
        in_range.then_some(Self { numerator: numerator / common, denominator: denominator / common })
    }

    /// A whole number of frames a second; `None` outside 1–240.
    pub fn whole(frames: u32) -> Option<Self> {
        Self::new(frames, 1)
    }

    /// Numerator in lowest terms.
    pub const fn numerator(self) -> u32 {
        self.numerator
    }

    /// Denominator in lowest terms.
    pub const fn denominator(self) -> u32 {
        self.denominator
    }

    /// Frames per second as an exact number.
    pub fn per_second(self) -> Rational {
        Rational::ratio(self.numerator.into(), self.denominator.into())
    }

    /// How long one frame lasts.
    pub fn frame_duration(self) -> Time {
        Time::new(self.denominator.into(), self.numerator.into())
    }

    /// The frame boundary nearest to `time`, halves up: the only place where picture time is rounded.
    pub fn frame_from_time(self, time: Time) -> i64 {
        clamp_to_i64((time.seconds() * self.per_second()).round_half_up())
    }
}

impl Default for FrameRate {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// As written in source: `30fps`, `30000/1001fps`.
impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}fps", self.numerator),
            denominator => write!(f, "{}/{denominator}fps", self.numerator),
        }
    }
}

impl fmt::Debug for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A position for people: `hh:mm:ss:ff`, counted in frames of a rate. Display only.
///
/// Fractional rates count frames without dropping numbers, at the rate rounded up to whole frames.
pub fn timecode(time: Time, rate: FrameRate) -> String {
    let nominal = i64::from(rate.numerator().div_ceil(rate.denominator()));
    let frame = rate.frame_from_time(time);
    let (sign, frame) = if frame < 0 { ("-", -frame) } else { ("", frame) };
    let seconds = frame / nominal;
    format!("{sign}{:02}:{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60, frame % nominal)
}

fn clamp_to_i64(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_round_once_and_neighbours_meet() {
        let rate = FrameRate::new(30000, 1001).unwrap();
        let cut = Time::new(1, 3);
        let first = TimeRange::new(Time::ZERO, cut).frames(rate);
        let second = TimeRange::at(cut, Time::new(2, 3)).frames(rate);
        assert_eq!(first.end, second.start);
    }

    #[test]
    fn half_a_frame_goes_up() {
        let rate = FrameRate::whole(30).unwrap();
        assert_eq!(rate.frame_from_time(Time::new(1, 60)), 1);
        assert_eq!(rate.frame_from_time(Time::new(-1, 60)), 0);
    }

    #[test]
    fn rates_are_bounded_and_reduced() {
        assert_eq!(FrameRate::new(60, 2), FrameRate::whole(30));
        assert_eq!(FrameRate::new(0, 1), None);
        assert_eq!(FrameRate::new(1, 0), None);
        assert_eq!(FrameRate::whole(241), None);
    }

    #[test]
    fn timecode_counts_frames() {
        let rate = FrameRate::whole(25).unwrap();
        assert_eq!(timecode(Time::new(90 * 25 + 12, 25), rate), "00:01:30:12");
    }
}
