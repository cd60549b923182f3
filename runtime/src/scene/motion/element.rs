//! The presets on whole elements.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use vid_timeline::MotionType;

use super::curves::{back, bounce, elastic, pendulum, rubber, rush, swell, wave};
use super::state::{Fill, MotionState, Scatter, ScatterKind};
use super::{Moment, Stage};

/// How far Ken Burns comes near.
const KEN_BURNS: f64 = 0.2;
/// Greatest turn of `loop_wiggle`: six degrees.
const WIGGLE: f64 = PI / 30.0;
/// Greatest tilt of `loop_3d_sway`: 25 degrees.
const SWAY: f64 = PI * 25.0 / 180.0;
/// Radius of `loop_orbit`, as a part of the canvas's shorter side.
const ORBIT: f64 = 0.04;
/// Enlargement of `loop_breathe`.
const BREATH: f64 = 0.06;
/// Strongest blur of the preset `blur`, as a part of the canvas's shorter side.
const BLUR: f64 = 0.035;
/// Way of `drift_in` and `drift_out`, as a part of the canvas's width.
const DRIFT: f64 = 0.08;
/// Jumps of `glitch_pop`.
const JUMPS: f64 = 9.0;

/// What `kind` makes of an element. Of an exit `moment.presence` falls.
pub(super) fn state(kind: MotionType, is_exit: bool, moment: Moment, stage: Stage) -> MotionState {
    use MotionType as M;
    let rest = MotionState::REST;
    let Moment { presence, eased, linear, is_open } = moment;
    let away = 1.0 - presence;
    let short = f64::from(stage.canvas.width.min(stage.canvas.height));
    // Presence of what only has to be hidden while it is far from rest.
    let soon = (presence * 2.5).clamp(0.0, 1.0);
    // An entrance comes from one side; an exit goes on to the other.
    let onward = if is_exit { 1.0 } else { -1.0 };
    let center = Some((0.5, 0.5));
    let scaled = |scale: f64| MotionState { scale_x: scale, scale_y: scale, pivot: center, ..rest };
    match kind {
        M::Fade => MotionState { opacity: presence, ..rest },
        M::SlideUp | M::SlideDown | M::SlideLeft | M::SlideRight => slide(kind, is_exit, away, stage),
        M::ZoomIn | M::ZoomOut => scaled(presence),
        M::RotateCw => MotionState { rotation: onward * away * PI, opacity: soon, pivot: center, ..rest },
        M::RotateCcw => MotionState { rotation: -onward * away * PI, opacity: soon, pivot: center, ..rest },
        M::Bounce => {
            let above = stage.area.1 + stage.area.3;
            MotionState { dy: -(1.0 - bounce(presence)) * above, ..rest }
        }
        M::WipeLeft | M::WipeRight | M::WipeUp | M::WipeDown => {
            MotionState { clip: wipe(kind, is_exit, away), ..rest }
        }
        M::KenBurnsIn => MotionState { zoom: 1.0 + KEN_BURNS * eased, ..rest },
        M::KenBurnsOut => MotionState { zoom: 1.0 + KEN_BURNS * (1.0 - eased), ..rest },
        M::KenBurnsInOut => MotionState { zoom: 1.0 + KEN_BURNS * swell(linear), ..rest },
        M::LoopWiggle => MotionState { rotation: WIGGLE * wave(linear), pivot: center, ..rest },
        M::LoopRotate => MotionState { rotation: TAU * eased, pivot: center, ..rest },
        M::LoopRotateSmooth => MotionState { rotation: TAU * linear, pivot: center, ..rest },
        M::Loop3dSpin => MotionState { tilt_y: TAU * linear, pivot: center, ..rest },
        M::Loop3dSway => MotionState { tilt_y: SWAY * wave(linear), pivot: center, ..rest },
        M::LoopOrbit => {
            let radius = ORBIT * short;
            MotionState { dx: radius * wave(linear), dy: radius * (1.0 - libm::cos(TAU * linear)), ..rest }
        }
        M::LoopBreathe => scaled(1.0 + BREATH * swell(linear)),
        M::LoopShimmer => MotionState { shimmer: is_open.then_some(linear), ..rest },
        M::Blur => {
            let sigma = BLUR * short * away;
            MotionState { blur_x: sigma, blur_y: sigma, opacity: (presence * 1.5).min(1.0), ..rest }
        }
        M::BounceMotion => MotionState { opacity: soon, ..scaled(bounce(presence)) },
        M::Explode => scattered(ScatterKind::Explode, away, soon),
        M::Evaporate => scattered(ScatterKind::Evaporate, away, 1.0),
        M::Overlay => MotionState { fill: is_open.then_some(Fill::Overlay), ..rest },
        M::Difference => MotionState { fill: is_open.then_some(Fill::Difference), ..rest },
        M::RubberIn => {
            let (scale_x, scale_y) = rubber(presence);
            MotionState { scale_x, scale_y, pivot: center, ..rest }
        }
        M::WhipUp => whip(1.0, away, presence, stage),
        M::WhipDown => whip(1.0, away, presence, stage),
        M::GlitchPop => glitch(moment, short),
        M::DriftIn | M::DriftOut => {
            let way = DRIFT * f64::from(stage.canvas.width) * away;
            MotionState { dx: onward * way, opacity: presence, blur_x: 0.05 * way, ..rest }
        }
        M::SwingIn | M::SwingOut => {
            let opacity = (presence * 6.0).clamp(0.0, 1.0);
            MotionState {
                tilt_x: 0.9 * FRAC_PI_2 * pendulum(presence),
                opacity,
                pivot: Some((0.5, 0.0)),
                ..rest
            }
        }
        M::ElasticRise | M::ElasticDrop => {
            let below = f64::from(stage.canvas.height) - stage.area.1;
            MotionState { dy: below * (1.0 - elastic(presence)), ..rest }
        }
        M::TiltZoom => {
            let scale = 1.0 + 0.5 * away;
            MotionState { tilt_x: 0.9 * away, rotation: -0.12 * away, opacity: soon, ..scaled(scale) }
        }
        M::SmoothPop => MotionState { opacity: soon, ..scaled(0.7 + 0.3 * back(presence)) },
    }
}

/// From just outside the canvas in the direction of its name; an exit goes on the same way.
fn slide(kind: MotionType, is_exit: bool, away: f64, stage: Stage) -> MotionState {
    use MotionType as M;
    let (left, top, width, height) = stage.area;
    let (to_right, to_left) = (f64::from(stage.canvas.width) - left, -(left + width));
    let (below, above) = (f64::from(stage.canvas.height) - top, -(top + height));
    let (dx, dy) = match (kind, is_exit) {
        (M::SlideLeft, false) | (M::SlideRight, true) => (to_right, 0.0),
        (M::SlideRight, false) | (M::SlideLeft, true) => (to_left, 0.0),
        (M::SlideUp, false) | (M::SlideDown, true) => (0.0, below),
        _ => (0.0, above),
    };
    MotionState { dx: away * dx, dy: away * dy, ..MotionState::REST }
}

/// The edge travels in the direction of its name, uncovering on an entrance and covering on an exit.
fn wipe(kind: MotionType, is_exit: bool, away: f64) -> [f64; 4] {
    use MotionType as M;
    // The side that is still, or again, cut away: left, top, right, bottom.
    let side = match (kind, is_exit) {
        (M::WipeLeft, false) | (M::WipeRight, true) => 0,
        (M::WipeUp, false) | (M::WipeDown, true) => 1,
        (M::WipeRight, false) | (M::WipeLeft, true) => 2,
        _ => 3,
    };
    let mut clip = [0.0; 4];
    clip[side] = away;
    clip
}

/// Shot from below, or out to below, blurred along the way as long as it is fast.
fn whip(side: f64, away: f64, presence: f64, stage: Stage) -> MotionState {
    let way = f64::from(stage.canvas.height) * 0.6;
    let left = 1.0 - rush(presence);
    MotionState {
        dy: side * way * left,
        blur_y: 0.06 * way * left * away.min(1.0),
        opacity: (presence * 4.0).clamp(0.0, 1.0),
        ..MotionState::REST
    }
}

fn scattered(kind: ScatterKind, amount: f64, opacity: f64) -> MotionState {
    let scatter = (amount > 0.0).then_some(Scatter { kind, amount });
    MotionState { scatter, opacity, ..MotionState::REST }
}

/// Jumps of place, size and colour that calm down.
fn glitch(moment: Moment, short: f64) -> MotionState {
    let step = (moment.presence * JUMPS).floor();
    let strength = (1.0 - step / JUMPS).max(0.0);
    if moment.presence <= 0.0 {
        return MotionState { opacity: 0.0, ..MotionState::REST };
    }
    // Turns of the golden angle never repeat and look like chance.
    let chance = |n: f64| wave((step + 1.0) * 0.618_034 + n);
    let calm = if moment.presence >= 1.0 { 0.0 } else { strength };
    let scale = 1.0 + 0.15 * calm * chance(0.7);
    MotionState {
        dx: 0.06 * short * calm * chance(0.0),
        dy: 0.03 * short * calm * chance(0.3),
        scale_x: scale,
        scale_y: scale,
        pivot: Some((0.5, 0.5)),
        split: 0.02 * short * calm,
        // Every third jump is dark.
        opacity: if calm > 0.3 && step.rem_euclid(3.0) == 1.0 { 0.0 } else { 1.0 },
        ..MotionState::REST
    }
}
