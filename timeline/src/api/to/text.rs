//! Text and captions.

use super::super::wire::{self, HexColor, Number};
use super::decimal::{self, nearest};
use super::layer::{number_unless, unless};
use super::verdict::{Notes, VerdictCode};
use crate::catalog::TextDecoration;
use crate::element::{Text, TextDisplay, WordAnimation};
use crate::layer::{Adjustments, Crop, Layer};
use crate::rational::Rational;
use crate::time::FrameRate;
use crate::values::Length;

pub(super) fn typography(text: &Text) -> wire::Typography {
    let shows = |display| (text.display == display).then_some(true);
    wire::Typography {
        font_family: Some(text.font_family.clone()),
        font_size: Some(Number(nearest(text.font_size))),
        font_weight: Some(text.font_weight),
        font_style: Some(text.font_style),
        text_color: Some(HexColor(text.text_color)),
        text_align: Some(text.text_align),
        text_decoration: (text.text_decoration != TextDecoration::None).then_some(text.text_decoration),
        tracking: number_unless(text.tracking, Rational::ZERO),
        leading: Some(Number(nearest(text.leading))),
        text_wrap: Some(text.text_wrap),
        stroke_color: text.stroke_color.map(HexColor),
        stroke_width: number_unless(text.stroke_width, Rational::ZERO),
        stroke: shows(TextDisplay::Stroke),
        background: shows(TextDisplay::Background),
        background_color: text.background_color.map(HexColor),
        background_opacity: number_unless(text.background_opacity, Rational::integer(100)),
        x_padding: unless(text.x_padding, Length::ZERO),
        y_padding: unless(text.y_padding, Length::ZERO),
        shadow: shows(TextDisplay::Shadow),
    }
}

pub(super) fn word_animation(animation: &WordAnimation, rate: FrameRate) -> wire::WordAnimation {
    let words = animation.words.iter().map(|word| wire::Word {
        text: word.text.clone(),
        start: Number(decimal::time(word.record_range.start, rate)),
        end: Number(decimal::time(word.record_range.end, rate)),
    });
    wire::WordAnimation { style: animation.style, words: words.collect() }
}

/// Says what a text's layer has that only pictures have in a body.
pub(super) fn refuse_picture_fields(layer: &Layer, notes: &mut Notes) {
    let fields = [
        ("crop", layer.crop != Crop::default()),
        ("colour adjustments", layer.adjust != Adjustments::default()),
        ("a look-up table", layer.lut.is_some()),
        ("effects", !layer.effects.is_empty()),
    ];
    for (what, _) in fields.into_iter().filter(|(_, present)| *present) {
        notes.refused(VerdictCode::NotOnText, format!("a text of a body cannot have {what}"));
    }
}
