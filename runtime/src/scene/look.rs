//! How a layer's pixels are changed before they come onto the canvas.

use serde::Serialize;
use vid_timeline::{Adjustments, BlendMode, Color, Effect, EffectType, Layer, Rational, Style};

use crate::assets::ContentHash;

/// Everything about a layer but its picture, its place and its opacity.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Look {
    /// Colour adjustments.
    pub adjust: Adjustments,
    /// A colour look-up table.
    pub lut: Option<SceneLut>,
    /// Effects in the order they are applied.
    pub effects: Vec<Effect>,
    /// A tint over the pixels.
    pub color_overlay: Option<Color>,
    /// Corners, border and shadow. Of a text only what its letters and plate do not draw themselves.
    pub style: Style,
    /// Whether the box cuts off what reaches beyond it.
    pub clip: bool,
    /// How the colours meet what lies below.
    pub blend_mode: Mode,
}

/// [`BlendMode`] with a default.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Mode(pub BlendMode);

impl Default for Mode {
    fn default() -> Self {
        Self(BlendMode::None)
    }
}

/// A colour look-up table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SceneLut {
    /// The file.
    pub file: ContentHash,
    /// Percent of the graded picture in the mix.
    pub intensity: Rational,
}

impl Look {
    /// The look that a layer of the timeline asks for, all but its LUT.
    pub fn of(layer: &Layer) -> Self {
        let visible = |color: &Option<Color>| color.filter(|color| color.a != 0);
        let style = &layer.style;
        let mut kept = Style {
            border_radius: style.border_radius,
            border_color: visible(&style.border_color),
            border_width: style.border_width,
            shadow_color: visible(&style.shadow_color),
            shadow_blur: style.shadow_blur,
            shadow_x: style.shadow_x,
            shadow_y: style.shadow_y,
        };
        // What cannot be seen must not make two layers differ.
        if kept.border_color.is_none() || kept.border_width == vid_timeline::Length::ZERO {
            (kept.border_color, kept.border_width) = (None, vid_timeline::Length::ZERO);
        }
        if kept.shadow_color.is_none() {
            let plain = Style::default();
            (kept.shadow_blur, kept.shadow_x, kept.shadow_y) =
                (plain.shadow_blur, plain.shadow_x, plain.shadow_y);
        }
        Self {
            adjust: layer.adjust,
            lut: None,
            effects: layer.effects.clone(),
            color_overlay: visible(&layer.color_overlay),
            style: kept,
            clip: layer.clip,
            blend_mode: Mode(layer.blend_mode),
        }
    }

    /// Whether the pixels come onto the canvas as they are.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it draws corners, a border or a shadow.
    pub fn has_edges(&self) -> bool {
        self.style != Style::default()
    }

    /// Whether corners, border and shadow are all that is asked for.
    pub fn is_edges_alone(&self) -> bool {
        *self == Self { style: self.style.clone(), ..Self::default() }
    }

    /// Whether the look of an unmoving picture changes from frame to frame.
    pub fn is_timed(&self) -> bool {
        !self.adjust.noise.is_zero() || self.effects.iter().any(|effect| lives(effect.kind))
    }
}

/// Whether an effect looks different from frame to frame.
const fn lives(kind: EffectType) -> bool {
    use EffectType as E;
    matches!(
        kind,
        E::Vintage
            | E::Portra
            | E::Super8
            | E::AddGrain
            | E::FilmBurn
            | E::LightLeaks
            | E::Vhs
            | E::VhsOverlay
            | E::Television
            | E::Glitch
            | E::CompressionGlitch
            | E::LensFlare
            | E::Ghosting
            | E::DisplacementMap
            | E::Viewfinder
            | E::NightVision
            | E::StrobeLight
            | E::Snow
    )
}
