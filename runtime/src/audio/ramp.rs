//! Factors that come and go.

use serde::Serialize;

/// A factor between 0 and 1 that rises or falls over a stretch of the timeline.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Ramp {
    /// First sample of the way.
    pub start: i64,
    /// One past the last sample of the way; never before `start`.
    pub end: i64,
    /// Direction and curve.
    pub shape: RampShape,
}

/// Direction and curve of a [`Ramp`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RampShape {
    /// Silent before, straight up, full after.
    LinearIn,
    /// Full before, straight down, silent after.
    LinearOut,
    /// Silent before, up as a quarter of a sine, full after.
    EqualPowerIn,
    /// Full before, down as a quarter of a cosine, silent after.
    EqualPowerOut,
}

impl Ramp {
    /// The factor at `sample` of the timeline.
    pub fn gain(self, sample: i64) -> f32 {
        let length = self.end - self.start;
        let progress = match sample - self.start {
            before if before < 0 => 0.0,
            passed if passed >= length => 1.0,
            passed => passed as f32 / length as f32,
        };
        match self.shape {
            RampShape::LinearIn => progress,
            RampShape::LinearOut => 1.0 - progress,
            RampShape::EqualPowerIn => libm::sinf(progress * std::f32::consts::FRAC_PI_2),
            RampShape::EqualPowerOut => libm::cosf(progress * std::f32::consts::FRAC_PI_2),
        }
    }

    /// The same ramp on a timeline that begins `by` samples later.
    pub fn shifted(self, by: i64) -> Self {
        Self { start: self.start - by, end: self.end - by, ..self }
    }

    /// Whether it is at rest, and full, over the samples from `from` to `to`.
    pub fn is_full(self, from: i64, to: i64) -> bool {
        match self.shape {
            RampShape::LinearIn | RampShape::EqualPowerIn => self.end <= from,
            RampShape::LinearOut | RampShape::EqualPowerOut => to <= self.start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramps_hold_outside_their_way() {
        let ramp = |shape| Ramp { start: 100, end: 200, shape };
        let gains = |shape| [0, 100, 150, 200, 900].map(|sample| ramp(shape).gain(sample));
        assert_eq!(gains(RampShape::LinearIn), [0.0, 0.0, 0.5, 1.0, 1.0]);
        assert_eq!(gains(RampShape::LinearOut), [1.0, 1.0, 0.5, 0.0, 0.0]);
    }

    #[test]
    fn equal_power_keeps_the_power() {
        for sample in 100..200 {
            let gain = |shape| Ramp { start: 100, end: 200, shape }.gain(sample);
            let power = gain(RampShape::EqualPowerIn).powi(2) + gain(RampShape::EqualPowerOut).powi(2);
            assert!((power - 1.0).abs() < 1e-6);
        }
    }
}
