//! Numbers that end: what a body can hold of an exact value.
//!
//! A value that a JSON number holds exactly is never touched. Any other is rounded to nine places,
//! a billionth of a second, pixel or percent — and a time is rounded in that direction in which it
//! stays on its frame and on its sample.

use super::super::wire::Number;
use crate::rational::Rational;
use crate::time::{FrameRate, Time};

/// Decimal places of a rounded value.
pub(super) const PLACES: u32 = 9;
/// Decimal places where the error is multiplied by a long time: speeds.
pub(super) const FINE_PLACES: u32 = 12;

/// The value at that many decimal places, as `rounding` takes it to a whole number.
fn at_places(value: Rational, places: u32, rounding: fn(Rational) -> i128) -> Rational {
    let scale = Rational::new(10_i128.pow(places), 1).unwrap_or(Rational::ONE);
    Rational::new(rounding(value * scale), 1).unwrap_or(Rational::ZERO) / scale
}

/// The nearest value that a body can hold.
pub(super) fn nearest(value: Rational) -> Rational {
    if Number::is_exact(value) {
        return value;
    }
    // Large values have fewer places to give: a float has about sixteen digits in all.
    let mut rounded =
        [PLACES, 6, 3, 0].into_iter().map(|places| at_places(value, places, Rational::round_half_up));
    rounded.find(|value| Number::is_exact(*value)).unwrap_or(Rational::ZERO)
}

/// The smallest value not below `value` that a body can hold in `places` decimal places.
pub(super) fn up(value: Rational, places: u32) -> Rational {
    if Number::is_exact(value) {
        return value;
    }
    let mut raised = [places, 6, 3, 0].into_iter().map(|places| at_places(value, places, Rational::ceil));
    raised.find(|value| Number::is_exact(*value)).unwrap_or(Rational::ZERO)
}

/// The first of the values around `value` for which `fits` holds; the nearest when none does.
pub(super) fn fitting(value: Rational, fits: impl Fn(Rational) -> bool) -> Rational {
    let roundings: [fn(Rational) -> i128; 3] = [Rational::round_half_up, Rational::ceil, Rational::floor];
    let rounded = [PLACES, PLACES + 1, FINE_PLACES]
        .into_iter()
        .flat_map(|places| roundings.map(|rounding| at_places(value, places, rounding)));
    let mut candidates = std::iter::once(value).chain(rounded);
    candidates.find(|value| Number::is_exact(*value) && fits(*value)).unwrap_or_else(|| nearest(value))
}

/// Whether two instants are the same frame and the same sample.
pub(super) fn same_place(a: Time, b: Time, rate: FrameRate) -> bool {
    rate.frame_from_time(a) == rate.frame_from_time(b) && a.to_sample() == b.to_sample()
}

/// The instant as a body can hold it.
pub(super) fn time(time: Time, rate: FrameRate) -> Rational {
    fitting(time.seconds(), |value| same_place(Time::from_seconds(value), time, rate))
}
