//! Opacity: a constant, or keyframes that are nothing but a fade in and a fade out.

use super::verdict::{Notes, VerdictCode};
use crate::animate::{Animated, Keyframe};
use crate::catalog::{MotionScope, MotionType};
use crate::easing::Easing;
use crate::layer::Motion;
use crate::rational::Rational;
use crate::time::{Time, TimeRange};

/// An opacity as a body can say it: a constant with `fade` motions.
pub(super) struct Faded {
    pub(super) opacity: Rational,
    pub(super) motion: Vec<Motion>,
}

pub(super) fn opacity(value: &Animated<Rational>, record: TimeRange, notes: &mut Notes) -> Faded {
    let keyframes = match value {
        Animated::Constant(opacity) => return Faded { opacity: *opacity, motion: Vec::new() },
        Animated::Keyframes(keyframes) => keyframes.as_slice(),
    };
    let first = keyframes.first().map_or(Rational::integer(100), |keyframe| keyframe.value);
    if keyframes.iter().all(|keyframe| keyframe.value == first) {
        return Faded { opacity: first, motion: Vec::new() };
    }
    let Some(shape) = FadeShape::of(keyframes) else {
        let message =
            "keyframes of `opacity` are not a plain fade in or fade out, which is all a body can say";
        notes.refused(VerdictCode::Keyframes, message);
        return Faded { opacity: first, motion: Vec::new() };
    };
    let mut motion = Vec::new();
    if let Some(step) = shape.entrance {
        if !step.range.start.is_zero() {
            let message =
                "the fade in begins after its element; what is shown before it is left to the service";
            notes.approximated(VerdictCode::FadeForm, message);
        }
        motion.push(step.motion(record, false));
    }
    if let Some(step) = shape.exit {
        if step.range.end != record.duration() {
            let message =
                "the fade out ends before its element; what is shown after it is left to the service";
            notes.approximated(VerdictCode::FadeForm, message);
        }
        if !matches!(step.easing, Easing::Linear | Easing::EaseInOut) {
            let message = format!("whether {} is mirrored in a fade out is left to the service", step.easing);
            notes.approximated(VerdictCode::FadeForm, message);
        }
        motion.push(step.motion(record, true));
    }
    Faded { opacity: shape.plateau, motion }
}

/// `0 → plateau … plateau → 0`, with either side missing.
struct FadeShape {
    plateau: Rational,
    entrance: Option<Step>,
    exit: Option<Step>,
}

/// The way from one keyframe to the next, in local time.
#[derive(Clone, Copy)]
struct Step {
    range: TimeRange,
    easing: Easing,
}

impl FadeShape {
    fn of(keyframes: &[Keyframe<Rational>]) -> Option<Self> {
        let plateau = keyframes.iter().map(|keyframe| keyframe.value).max()?;
        let step = |from: &Keyframe<Rational>, to: &Keyframe<Rational>| Step {
            range: TimeRange::new(from.time, to.time),
            easing: to.easing,
        };
        let (mut entrance, mut exit) = (None, None);
        let mut pairs = keyframes.iter().zip(keyframes.iter().skip(1)).enumerate();
        let last = keyframes.len().checked_sub(2)?;
        for (index, (from, to)) in &mut pairs {
            match (from.value, to.value) {
                (a, b) if a == plateau && b == plateau => {}
                (a, b) if a.is_zero() && b == plateau && index == 0 => entrance = Some(step(from, to)),
                (a, b) if a == plateau && b.is_zero() && index == last => exit = Some(step(from, to)),
                _ => return None,
            }
        }
        let holds = |step: &Option<Step>| step.is_some_and(|step| step.easing == Easing::Hold);
        (!holds(&entrance) && !holds(&exit)).then_some(Self { plateau, entrance, exit })
    }
}

impl Step {
    fn motion(self, record: TimeRange, reversed: bool) -> Motion {
        Motion {
            kind: MotionType::Fade,
            record_range: self.range.shifted(record.start),
            easing: self.easing,
            reversed,
            scope: MotionScope::Element,
            delay: Time::ZERO,
            repeats: false,
        }
    }
}
