//! Easings: how a value travels from one state to the next.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::rational::Rational;

/// How a value travels from one keyframe to the next, or a motion from start to end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Easing {
    /// Constant speed.
    Linear,
    /// Cubic start from rest: `t³`.
    EaseIn,
    /// Cubic arrival at rest: `1 − (1 − t)³`.
    EaseOut,
    /// Cubic at both ends; the render API's default for motions.
    #[default]
    EaseInOut,
    /// Stays at the departing value until the arrival.
    Hold,
    /// The cubic Bézier curve from (0, 0) to (1, 1) with two handles, as CSS draws it: time across,
    /// progress up.
    Cubic {
        /// Time of the first handle, 0–1.
        x1: Rational,
        /// Progress of the first handle; beyond 0–1 the value overshoots.
        y1: Rational,
        /// Time of the second handle, 0–1.
        x2: Rational,
        /// Progress of the second handle.
        y2: Rational,
    },
    /// Equal jumps, each at the end of its share of the time: `⌊t · count⌋ / count`.
    Steps {
        /// Number of jumps, 1 to [`Easing::MAX_STEPS`].
        count: u32,
    },
    /// A damped spring that is let go at 0 and has settled at 1 when the time is over.
    ///
    /// With ζ = 1 − `bounce`, a = ln 1000 and ω = a·√(1 − ζ²)/ζ the way is
    /// s(t) = 1 − e^(−a·t)·(cos ωt + (a/ω)·sin ωt), and the progress s(t)/s(1): the envelope of the
    /// swing has fallen to a thousandth at the end, and the rest is scaled away. Without bounce the
    /// spring is critically damped, s(t) = 1 − e^(−a·t)·(1 + a·t).
    Spring {
        /// How far it swings beyond its goal: 0 not at all, to [`Easing::MAX_BOUNCE`].
        bounce: Rational,
    },
}

/// What is left of a spring's swing at the end of its time is one part in this many.
const SPRING_SETTLED: f64 = 1000.0;

impl Easing {
    /// The four names of the render API.
    pub const API: [Self; 4] = [Self::Linear, Self::EaseIn, Self::EaseOut, Self::EaseInOut];
    /// The easings that are a name alone.
    pub const NAMED: [Self; 5] = [Self::Linear, Self::EaseIn, Self::EaseOut, Self::EaseInOut, Self::Hold];
    /// Most jumps of [`Easing::Steps`].
    pub const MAX_STEPS: u32 = 10_000;
    /// Largest bounce of [`Easing::Spring`], in tenths; beyond it a spring swings too often to be seen.
    const MAX_BOUNCE_TENTHS: i64 = 9;
    /// Largest bounce of [`Easing::Spring`].
    pub fn max_bounce() -> Rational {
        Rational::ratio(Self::MAX_BOUNCE_TENTHS, 10)
    }

    /// The name in source; in JSON that of the four in [`Easing::API`].
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::EaseIn => "ease_in",
            Self::EaseOut => "ease_out",
            Self::EaseInOut => "ease_in_out",
            Self::Hold => "hold",
            Self::Cubic { .. } => "cubic",
            Self::Steps { .. } => "steps",
            Self::Spring { .. } => "spring",
        }
    }

    /// The easing of that name, of those that are a name alone.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|easing| easing.name() == name)
    }

    /// Whether a body of the render API can name it.
    pub fn is_api(self) -> bool {
        Self::API.contains(&self)
    }

    /// Progress of the value for progress `t` of the time, 0–1. Starts at 0 and arrives at 1; between
    /// them a curve or a spring may lead beyond either.
    pub fn apply(self, t: f64) -> f64 {
        let t = t.clamp(0.0, 1.0);
        let rest = 1.0 - t;
        match self {
            Self::Linear => t,
            Self::EaseIn => t * t * t,
            Self::EaseOut => 1.0 - rest * rest * rest,
            Self::EaseInOut if t < 0.5 => 4.0 * t * t * t,
            Self::EaseInOut => 1.0 - 4.0 * rest * rest * rest,
            Self::Hold if t < 1.0 => 0.0,
            Self::Hold => 1.0,
            Self::Cubic { .. } | Self::Spring { .. } if t <= 0.0 => 0.0,
            Self::Cubic { .. } | Self::Spring { .. } if t >= 1.0 => 1.0,
            Self::Cubic { x1, y1, x2, y2 } => {
                let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(Rational::to_f64);
                bezier(y1, y2, bezier_parameter(x1.clamp(0.0, 1.0), x2.clamp(0.0, 1.0), t))
            }
            Self::Steps { count } => {
                let count = f64::from(count.max(1));
                (t * count).floor() / count
            }
            Self::Spring { bounce } => {
                let highest = Self::max_bounce().to_f64();
                let bounce = bounce.to_f64().clamp(0.0, highest);
                swing(bounce, t) / swing(bounce, 1.0)
            }
        }
    }
}

/// As it is written in source: `ease_out`, `cubic(0.4, 0, 0.2, 1)`, `steps(5)`, `spring(0.3)`.
impl fmt::Display for Easing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Cubic { x1, y1, x2, y2 } => write!(f, "({x1}, {y1}, {x2}, {y2})"),
            Self::Steps { count } => write!(f, "({count})"),
            Self::Spring { bounce } => write!(f, "({bounce})"),
            _ => Ok(()),
        }
    }
}

/// One coordinate of the curve from 0 to 1 with handles `a` and `b`, at parameter `s`.
fn bezier(a: f64, b: f64, s: f64) -> f64 {
    let rest = 1.0 - s;
    3.0 * rest * rest * s * a + 3.0 * rest * s * s * b + s * s * s
}

/// The parameter at which the curve with handles `a` and `b`, both 0–1, has come to `x`. The curve
/// never runs back, so halving finds it; Newton's step is taken wherever it stays inside the halves.
fn bezier_parameter(a: f64, b: f64, x: f64) -> f64 {
    let (mut low, mut high, mut s) = (0.0, 1.0, x);
    for _ in 0..64 {
        let off = bezier(a, b, s) - x;
        if off.abs() < 1e-12 || high - low < 1e-15 {
            break;
        }
        if off > 0.0 {
            high = s;
        } else {
            low = s;
        }
        let rest = 1.0 - s;
        let slope = 3.0 * rest * rest * a + 6.0 * rest * s * (b - a) + 3.0 * s * s * (1.0 - b);
        let newton = s - off / slope;
        // A flat stretch gives a slope of zero and no number; halving goes on there.
        s = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
    }
    s
}

/// Where a spring with that bounce is at `t`, before the rest at the end is scaled away.
fn swing(bounce: f64, t: f64) -> f64 {
    let damping = 1.0 - bounce;
    let decay = libm::log(SPRING_SETTLED);
    let omega = decay * libm::sqrt(1.0 - damping * damping) / damping;
    let envelope = libm::exp(-decay * t);
    if omega * t < 1e-9 {
        return 1.0 - envelope * (1.0 + decay * t);
    }
    1.0 - envelope * (libm::cos(omega * t) + decay / omega * libm::sin(omega * t))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cubic(x1: (i64, i64), y1: (i64, i64), x2: (i64, i64), y2: (i64, i64)) -> Easing {
        let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(|(n, d)| Rational::ratio(n, d));
        Easing::Cubic { x1, y1, x2, y2 }
    }

    fn spring(n: i64, d: i64) -> Easing {
        Easing::Spring { bounce: Rational::ratio(n, d) }
    }

    #[test]
    fn easings_start_and_arrive() {
        let more = [cubic((1, 4), (1, 10), (1, 4), (1, 1)), Easing::Steps { count: 3 }, spring(1, 2)];
        for easing in Easing::NAMED.into_iter().chain(more) {
            assert_eq!((easing.apply(0.0), easing.apply(1.0)), (0.0, 1.0), "{easing}");
            assert_eq!((easing.apply(-3.0), easing.apply(7.0)), (0.0, 1.0), "{easing}");
        }
        assert!(Easing::EaseIn.apply(0.25) < 0.25 && Easing::EaseOut.apply(0.25) > 0.25);
    }

    #[test]
    fn names_lead_back() {
        for easing in Easing::NAMED {
            assert_eq!(Easing::from_name(easing.name()), Some(easing));
        }
        assert_eq!(Easing::from_name("cubic"), None);
        assert_eq!(cubic((2, 5), (0, 1), (1, 5), (1, 1)).to_string(), "cubic(0.4, 0, 0.2, 1)");
    }

    #[test]
    fn a_cubic_is_the_curve_of_css() {
        // The values of `ease`, cubic(0.25, 0.1, 0.25, 1), as the CSS easing specification's curve.
        let ease = cubic((1, 4), (1, 10), (1, 4), (1, 1));
        for (t, expected) in [(0.25, 0.408_511), (0.5, 0.802_403), (0.75, 0.960_459)] {
            assert!((ease.apply(t) - expected).abs() < 1e-5, "{t}: {}", ease.apply(t));
        }
        let straight = cubic((1, 3), (1, 3), (2, 3), (2, 3));
        assert!((straight.apply(0.37) - 0.37).abs() < 1e-9);
        // Vertical in the middle: time stands still while the parameter moves on.
        let steep = cubic((1, 1), (0, 1), (0, 1), (1, 1));
        assert!((steep.apply(0.5) - 0.5).abs() < 1e-3);
        assert!(cubic((1, 2), (-1, 1), (1, 2), (2, 1)).apply(0.1) < 0.0);
    }

    #[test]
    fn steps_jump_at_the_end_of_each_share() {
        let steps = Easing::Steps { count: 4 };
        let at = [0.0, 0.24, 0.25, 0.5, 0.99, 1.0].map(|t| steps.apply(t));
        assert_eq!(at, [0.0, 0.0, 0.25, 0.5, 0.75, 1.0]);
    }

    #[test]
    fn a_spring_overshoots_as_far_as_it_bounces() {
        let peak =
            |easing: Easing| (0..=1000).map(|n| easing.apply(f64::from(n) / 1000.0)).fold(0.0, f64::max);
        assert!((peak(spring(0, 1)) - 1.0).abs() < 1e-9);
        let (soft, hard) = (peak(spring(3, 10)), peak(spring(6, 10)));
        assert!(1.01 < soft && soft < hard && hard < 1.5, "{soft} {hard}");
        assert!((spring(1, 2).apply(0.95) - 1.0).abs() < 0.01);
    }
}
