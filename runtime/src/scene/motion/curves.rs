//! Ways from 0 to 1 that overshoot, bounce or swing. Each is 0 at 0 and 1 at 1.

use std::f64::consts::TAU;

/// Beyond the goal by about a tenth, and back.
pub fn back(t: f64) -> f64 {
    const PULL: f64 = 1.701_58;
    let rest = t - 1.0;
    1.0 + (PULL + 1.0) * rest * rest * rest + PULL * rest * rest
}

/// A ball let fall: three bounces of falling height.
pub fn bounce(t: f64) -> f64 {
    // Each arch is a parabola; the widths are such that they meet at 1.
    const STEEP: f64 = 7.5625;
    const WIDTH: f64 = 2.75;
    let arch = |middle: f64, lift: f64| {
        let t = t - middle / WIDTH;
        STEEP * t * t + lift
    };
    if t < 1.0 / WIDTH {
        STEEP * t * t
    } else if t < 2.0 / WIDTH {
        arch(1.5, 0.75)
    } else if t < 2.5 / WIDTH {
        arch(2.25, 0.9375)
    } else {
        arch(2.625, 0.984_375)
    }
}

/// A spring let go: swings about the goal with falling strength.
pub fn elastic(t: f64) -> f64 {
    if t <= 0.0 {
        0.0
    } else if t >= 1.0 {
        1.0
    } else {
        1.0 - libm::exp2(-9.0 * t) * libm::cos(TAU * 2.5 * t) * (1.0 - t)
    }
}

/// A pendulum let go: from 1 to rest at 0, swinging through with falling strength.
pub fn pendulum(t: f64) -> f64 {
    let t = t.clamp(0.0, 1.0);
    libm::exp2(-3.5 * t) * libm::cos(TAU * 1.5 * t) * (1.0 - t)
}

/// Factors on width and height of something that snaps out of a point like rubber: wide when it is
/// flat, and high when it is narrow.
pub fn rubber(t: f64) -> (f64, f64) {
    let t = t.clamp(0.0, 1.0);
    let size = rush((2.2 * t).min(1.0));
    let stretch = 0.55 * libm::exp2(-4.0 * t) * libm::sin(TAU * 2.0 * t) * (1.0 - t);
    (size * (1.0 + stretch), size * (1.0 - stretch))
}

/// Very fast at first, long in arriving.
pub fn rush(t: f64) -> f64 {
    let rest = (1.0 - t).clamp(0.0, 1.0);
    1.0 - rest * rest * rest * rest * rest
}

/// The sine of a whole turn.
pub fn wave(turn: f64) -> f64 {
    libm::sin(TAU * turn)
}

/// How much of a bump from 0 over 1 to 0 is reached, with level ends.
pub fn swell(turn: f64) -> f64 {
    (1.0 - libm::cos(TAU * turn)) / 2.0
}
