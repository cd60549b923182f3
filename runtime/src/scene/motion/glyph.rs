//! The presets on single glyphs. Ways are measured in font sizes.

use std::f64::consts::TAU;

use vid_timeline::MotionType;

use super::curves::{back, bounce, rubber, rush, swell, wave};
use super::state::MotionState;
use super::{GlyphStage, Moment};

/// What `kind` makes of a glyph. Of an exit `moment.presence` falls.
pub(super) fn state(kind: MotionType, is_exit: bool, moment: Moment, glyph: GlyphStage) -> MotionState {
    use MotionType as M;
    let rest = MotionState::REST;
    let Moment { presence, linear, is_open, .. } = moment;
    let (away, em) = (1.0 - presence, glyph.em);
    let onward = if is_exit { 1.0 } else { -1.0 };
    let soon = (presence * 2.5).clamp(0.0, 1.0);
    let center = Some((0.5, 0.5));
    let scaled = |scale: f64| MotionState { scale_x: scale, scale_y: scale, pivot: center, ..rest };
    // A number −1…1 that is the glyph's own.
    let own = |n: f64| wave((glyph.index as f64 + 1.0) * 0.618_034 + n);
    match kind {
        M::SlideUp => MotionState { dy: -onward * away * em, opacity: presence, ..rest },
        M::SlideDown => MotionState { dy: onward * away * em, opacity: presence, ..rest },
        M::SlideLeft => MotionState { dx: -onward * away * em, opacity: presence, ..rest },
        M::SlideRight => MotionState { dx: onward * away * em, opacity: presence, ..rest },
        M::ZoomIn => MotionState { opacity: soon, ..scaled(presence) },
        M::Bounce => MotionState { dy: -(1.0 - bounce(presence)) * 1.5 * em, opacity: soon, ..rest },
        M::BounceMotion => MotionState { opacity: soon, ..scaled(bounce(presence)) },
        M::Blur => {
            MotionState { blur_x: 0.2 * em * away, blur_y: 0.2 * em * away, opacity: presence, ..rest }
        }
        M::Explode => MotionState {
            dx: 3.0 * em * away * own(0.0),
            dy: 3.0 * em * away * own(0.25),
            rotation: TAU / 2.0 * away * own(0.5),
            pivot: center,
            opacity: soon,
            ..rest
        },
        M::Evaporate => MotionState {
            dx: 0.2 * em * away * own(0.0),
            dy: -1.2 * em * away,
            blur_x: 0.12 * em * away,
            blur_y: 0.2 * em * away,
            opacity: presence,
            ..rest
        },
        M::RubberIn => {
            let (scale_x, scale_y) = rubber(presence);
            MotionState { scale_x, scale_y, pivot: center, ..rest }
        }
        M::WhipUp | M::WhipDown => {
            let left = 1.0 - rush(presence);
            MotionState { dy: 2.0 * em * left, blur_y: 0.2 * em * left, opacity: soon, ..rest }
        }
        M::GlitchPop => {
            let step = (presence * 6.0).floor();
            let calm = (1.0 - step / 6.0).max(0.0);
            let shown = presence > 0.0 && (calm <= 0.3 || own(step * 0.37) > -0.4);
            MotionState {
                dx: 0.4 * em * calm * own(step * 0.31),
                dy: 0.3 * em * calm * own(step * 0.17 + 0.4),
                split: 0.06 * em * calm,
                opacity: f64::from(u8::from(shown)),
                ..rest
            }
        }
        M::DriftIn | M::DriftOut => MotionState { dx: onward * 0.6 * em * away, opacity: presence, ..rest },
        M::SmoothPop => MotionState { opacity: soon, ..scaled(back(presence)) },
        M::LoopBreathe if is_open => scaled(1.0 + 0.12 * swell(linear)),
        M::LoopShimmer if is_open => MotionState { opacity: 1.0 - 0.55 * swell(linear), ..rest },
        M::LoopBreathe | M::LoopShimmer => rest,
        // The contract grants glyphs no other preset; one that fades is the least surprising.
        _ => MotionState { opacity: presence, ..rest },
    }
}
