//! Text and captions.

use super::super::wire::{self, Typography};
use super::layer::{color, length, number};
use super::seconds;
use crate::element::{Text, TextDisplay, Word, WordAnimation};
use crate::rational::Rational;
use crate::time::TimeRange;
use crate::values::Length;

pub(super) fn convert(wire: &wire::Text) -> Text {
    let set = &wire.typography;
    let default = Text::new(wire.text.clone());
    let or = |number: Option<wire::Number>, default: Rational| number.map_or(default, |number| number.0);
    Text {
        font_family: set.font_family.clone().unwrap_or(default.font_family),
        font_size: or(set.font_size, default.font_size),
        font_weight: set.font_weight.unwrap_or(default.font_weight),
        font_style: set.font_style.unwrap_or(default.font_style),
        text_color: color(set.text_color).unwrap_or(default.text_color),
        text_align: set.text_align.unwrap_or(default.text_align),
        text_decoration: set.text_decoration.unwrap_or(default.text_decoration),
        tracking: number(set.tracking, 0),
        leading: or(set.leading, default.leading),
        text_wrap: set.text_wrap.unwrap_or(default.text_wrap),
        stroke_color: color(set.stroke_color),
        stroke_width: number(set.stroke_width, 0),
        display: display(set),
        background_color: color(set.background_color),
        background_opacity: number(set.background_opacity, 100),
        x_padding: length(set.x_padding, Length::ZERO),
        y_padding: length(set.y_padding, Length::ZERO),
        word_animation: wire.word_animation.as_ref().map(word_animation),
        text: default.text,
    }
}

/// The reader has made sure that at most one of the three is true.
fn display(set: &Typography) -> TextDisplay {
    let modes = [
        (set.background, TextDisplay::Background),
        (set.stroke, TextDisplay::Stroke),
        (set.shadow, TextDisplay::Shadow),
    ];
    modes.into_iter().find(|(mode, _)| *mode == Some(true)).map_or(TextDisplay::Plain, |(_, display)| display)
}

fn word_animation(animation: &wire::WordAnimation) -> WordAnimation {
    let word = |word: &wire::Word| Word {
        text: word.text.clone(),
        record_range: TimeRange::new(seconds(Some(word.start)), seconds(Some(word.end))),
    };
    WordAnimation { style: animation.style, words: animation.words.iter().map(word).collect() }
}
