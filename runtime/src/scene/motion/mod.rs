//! Motions: what a preset makes of a layer at an instant, as plain numbers.
//!
//! A motion maps its progress to a [`MotionState`]; several on one layer add up. Nothing here touches
//! pixels: places and angles go into the layer's transform, the rest is done to its pixels before it.
//! `docs/motions.md` says what each preset does.

mod curves;
mod element;
mod glyph;
mod state;

use vid_timeline::{MotionScope, MotionType, Rational, Size, Time, TimeRange};

use super::{Picture, Scene, SceneLayer, SceneMotion};

pub use state::{Fill, MotionState, Scatter, ScatterKind};

/// Where something that moves is at rest: the canvas, and the box in it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Stage {
    /// Pixels of the canvas.
    pub canvas: Size,
    /// The box: left, top, width, height in pixels.
    pub area: (f64, f64, f64, f64),
}

/// One glyph of a text that moves glyph by glyph.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct GlyphStage {
    /// Its number, in reading order.
    pub index: usize,
    /// How many there are; at least one.
    pub count: usize,
    /// The font size in pixels.
    pub em: f64,
}

/// How far a motion is.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Moment {
    /// How much has arrived: 0 away, 1 at rest. Eased.
    presence: f64,
    /// Progress 0–1 through the window or, repeating, through the current turn. Eased.
    eased: f64,
    /// The same at constant speed.
    linear: f64,
    /// Whether the window is open: begun and not over.
    is_open: bool,
}

impl SceneLayer {
    /// What the layer's motions of element scope make of it at `frame`; `area` is its box at rest:
    /// left, top, width, height in pixels of the canvas.
    pub fn motion_at(&self, scene: &Scene, area: (f64, f64, f64, f64), frame: i64) -> MotionState {
        let time = scene.time_of(frame);
        let stage = Stage { canvas: scene.size, area };
        let moving = self.motions.iter().filter(|motion| motion.scope == MotionScope::Element);
        moving.fold(MotionState::REST, |state, motion| {
            state.then(element::state(
                motion.kind,
                motion.is_exit(),
                motion.moment(motion.range, time),
                stage,
            ))
        })
    }

    /// The factor that motions of element scope put on the opacity at `frame`.
    pub(super) fn motion_opacity(&self, scene: &Scene, frame: i64) -> f64 {
        // Presets fade alike wherever the layer is.
        self.motion_at(scene, (0.0, 0.0, 0.0, 0.0), frame).opacity
    }

    /// Whether glyphs move by themselves at `frame`.
    pub fn glyphs_move(&self, scene: &Scene, frame: i64) -> bool {
        let time = scene.time_of(frame);
        let per_glyph = |motion: &&SceneMotion| motion.scope == MotionScope::Character;
        self.motions.iter().filter(per_glyph).any(|motion| motion.affects((time, time), self.n_glyphs()))
    }

    /// At least as many as there are glyphs that move by themselves.
    fn n_glyphs(&self) -> usize {
        match &self.picture {
            Picture::Text { text, .. } => text.text.chars().count(),
            _ => 0,
        }
    }

    /// What the motions of character scope make of a glyph at `frame`.
    pub fn glyph_motion_at(&self, scene: &Scene, glyph: GlyphStage, frame: i64) -> MotionState {
        let time = scene.time_of(frame);
        let moving = self.motions.iter().filter(|motion| motion.scope == MotionScope::Character);
        moving.fold(MotionState::REST, |state, motion| {
            if motion.repeats && time < motion.range.start {
                return state;
            }
            let moment = motion.moment(motion.glyph_range(glyph), time);
            state.then(glyph::state(motion.kind, motion.is_exit(), moment, glyph))
        })
    }
}

impl SceneMotion {
    /// Whether it takes the layer away. Presets that are exits alone are so however they are written.
    pub fn is_exit(&self) -> bool {
        let directions = self.kind.directions(self.scope);
        self.reversed || (directions.exit && !directions.entrance)
    }

    /// Whether any instant from `first` to `last`, both included, shows a layer of at most `n_glyphs`
    /// glyphs otherwise than at rest.
    pub fn affects(&self, (first, last): (Time, Time), n_glyphs: usize) -> bool {
        use MotionType as M;
        let n_glyphs = Rational::from(u32::try_from(n_glyphs).unwrap_or(u32::MAX));
        let end = self.range.end + self.delay * n_glyphs;
        let (begun, not_over) = (self.range.start <= last, self.repeats || first < end);
        match self.kind {
            M::Overlay
            | M::Difference
            | M::KenBurnsInOut
            | M::LoopWiggle
            | M::LoopRotate
            | M::LoopRotateSmooth
            | M::Loop3dSpin
            | M::Loop3dSway
            | M::LoopBreathe
            | M::LoopShimmer
            | M::LoopOrbit => begun && not_over,
            // Stays where it arrived.
            M::KenBurnsIn => begun,
            _ if self.is_exit() => begun,
            _ => not_over,
        }
    }

    fn moment(&self, range: TimeRange, time: Time) -> Moment {
        let is_open = range.start <= time && (self.repeats || time < range.end);
        let linear = match (time - range.start).ratio_to(range.duration()) {
            Some(ratio) if self.repeats && ratio > Rational::ZERO => {
                (ratio - Rational::new(ratio.floor(), 1).unwrap_or(Rational::ZERO)).to_f64()
            }
            Some(ratio) => ratio.to_f64().clamp(0.0, 1.0),
            None => f64::from(u8::from(range.start <= time)),
        };
        let eased = self.easing.apply(linear);
        let presence = if self.is_exit() { 1.0 - eased } else { eased };
        Moment { presence, eased, linear, is_open }
    }

    /// When a glyph moves. With a delay, each glyph takes the motion's whole duration and begins that
    /// much after the one before; without, each takes half of it and they begin evenly spread over
    /// the other half. Repeating motions keep their period and are spread over one turn.
    fn glyph_range(&self, glyph: GlyphStage) -> TimeRange {
        let index = Rational::from(u32::try_from(glyph.index).unwrap_or(u32::MAX));
        if self.delay != Time::ZERO {
            return self.range.shifted(self.delay * index);
        }
        let last = u32::try_from(glyph.count.saturating_sub(1)).unwrap_or(u32::MAX).max(1);
        let half = self.range.duration() * Rational::new(1, 2).unwrap_or(Rational::ONE);
        if self.repeats {
            // A turn earlier, so that all of them are on their way from the start.
            let count = u32::try_from(glyph.count.max(1)).unwrap_or(u32::MAX);
            let turn = self.range.duration();
            return self.range.shifted(turn * (index / Rational::from(count)) - turn);
        }
        let start = self.range.start + half * (index / Rational::from(last));
        TimeRange::new(start, start + half)
    }
}

#[cfg(test)]
mod tests;
