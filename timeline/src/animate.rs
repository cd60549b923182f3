//! Values that change over an element's life.

use serde::{Deserialize, Serialize};

use crate::easing::Easing;
use crate::rational::Rational;
use crate::time::Time;
use crate::values::{Angle, Length, Level};

/// A value that holds still or follows keyframes.
///
/// Keyframe times are local: zero is the element's own start. Before the first keyframe its value
/// holds, after the last one that value holds; between two, the easing of the *arriving* keyframe
/// shapes the way.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Animated<T> {
    /// The same at all times.
    Constant(T),
    /// At least one keyframe, times strictly increasing.
    Keyframes(Vec<Keyframe<T>>),
}

/// A value at an instant.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Keyframe<T> {
    /// Local time, counted from the element's start; may lie outside its life.
    pub time: Time,
    /// The value reached there.
    pub value: T,
    /// The shape of the way that arrives here.
    pub easing: Easing,
}

/// A value that becomes a float for a frame, given what percentages refer to.
pub trait Scalar: Copy {
    /// The float; `axis` is the number of units that 100 % stands for.
    fn scalar(self, axis: f64) -> f64;
}

impl Scalar for Rational {
    fn scalar(self, _axis: f64) -> f64 {
        self.to_f64()
    }
}

impl Scalar for Length {
    fn scalar(self, axis: f64) -> f64 {
        match self {
            Self::Pixels(pixels) => pixels.to_f64(),
            Self::Percent(percent) => axis * percent.to_f64() / 100.0,
        }
    }
}

impl Scalar for Angle {
    fn scalar(self, _axis: f64) -> f64 {
        self.to_radians()
    }
}

impl Scalar for Level {
    fn scalar(self, _axis: f64) -> f64 {
        self.gain()
    }
}

impl<T> Animated<T> {
    /// The value when it never changes.
    pub const fn constant(&self) -> Option<&T> {
        match self {
            Self::Constant(value) => Some(value),
            Self::Keyframes(_) => None,
        }
    }

    /// Every value it passes through at a keyframe.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        let (constant, keyframes) = match self {
            Self::Constant(value) => (Some(value), &[][..]),
            Self::Keyframes(keyframes) => (None, keyframes.as_slice()),
        };
        constant.into_iter().chain(keyframes.iter().map(|keyframe| &keyframe.value))
    }

    /// The same shape with each value replaced.
    pub fn map<U>(&self, mut change: impl FnMut(&T) -> U) -> Animated<U> {
        match self {
            Self::Constant(value) => Animated::Constant(change(value)),
            Self::Keyframes(keyframes) => Animated::Keyframes(
                keyframes
                    .iter()
                    .map(|k| Keyframe { time: k.time, value: change(&k.value), easing: k.easing })
                    .collect(),
            ),
        }
    }
}

impl<T: Scalar> Animated<T> {
    /// The value at local time `time`; `axis` is what 100 % stands for. An empty keyframe list,
    /// which the validator refuses, reads as zero.
    pub fn at(&self, time: Time, axis: f64) -> f64 {
        self.at_on(time, |value| value.scalar(axis))
    }

    /// The value at local time `time` on another scale; the way between keyframes is straight there.
    fn at_on(&self, time: Time, scale: impl Fn(T) -> f64) -> f64 {
        let keyframes = match self {
            Self::Constant(value) => return scale(*value),
            Self::Keyframes(keyframes) => keyframes,
        };
        let next = keyframes.partition_point(|keyframe| keyframe.time <= time);
        match (next.checked_sub(1).and_then(|i| keyframes.get(i)), keyframes.get(next)) {
            (Some(from), Some(to)) => {
                let (start, end) = (scale(from.value), scale(to.value));
                let progress = (time - from.time).ratio_to(to.time - from.time).unwrap_or(Rational::ONE);
                start + (end - start) * to.easing.apply(progress.to_f64())
            }
            (Some(only), None) | (None, Some(only)) => scale(only.value),
            (None, None) => 0.0,
        }
    }
}

impl Animated<Level> {
    /// The factor at local time `time` of a level that travels straight in decibels, as that of a duck
    /// does. (A volume travels straight in the factor itself.)
    pub fn gain_in_decibels(&self, time: Time) -> f64 {
        libm::pow(10.0, self.at_on(time, Level::decibels) / 20.0)
    }
}

impl<T> From<T> for Animated<T> {
    fn from(value: T) -> Self {
        Self::Constant(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fade() -> Animated<Rational> {
        let key = |ms, value, easing| Keyframe {
            time: Time::from_millis(ms),
            value: Rational::integer(value),
            easing,
        };
        Animated::Keyframes(vec![
            key(0, 0, Easing::Linear),
            key(1000, 100, Easing::Linear),
            key(2000, 0, Easing::Hold),
        ])
    }

    #[test]
    fn values_hold_outside_and_travel_between() {
        let at = |ms| fade().at(Time::from_millis(ms), 1.0);
        assert_eq!(
            (at(-500), at(500), at(1000), at(1500), at(2000), at(9000)),
            (0.0, 50.0, 100.0, 100.0, 0.0, 0.0)
        );
    }
}
