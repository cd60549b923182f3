//! Text and captions.

use super::super::violation::ViolationCode;
use super::super::wire::{Text, Typography, Word, WordAnimation};
use super::groups;
use super::object::{Bounds, ObjectReader, Sign};
use crate::catalog::{FontStyle, TextAlign, TextDecoration, TextWrap, WordStyle};
use crate::validate::{MAX_FONT_SIZE, MAX_TEXT_BYTES, MAX_WORDS};

pub(super) fn read(object: &mut ObjectReader<'_>) -> Option<Text> {
    object.set_kind("text");
    let common = groups::common(object);
    let text = words(object);
    let duration = object.number("duration", Bounds::Positive);
    object.require("duration");
    let visual = groups::visual(object);
    let style = groups::style(object);
    let typography = typography(object);
    let word_animation = object.object("word_animation", "word_animation", word_animation);
    let motion = groups::motion(object, true);
    // The contract knows the name and nothing else; what cannot be done is said, not dropped.
    if object.value("animation_preset").is_some() {
        let message = "animation presets have no published meaning; use `motion`";
        object.warn(ViolationCode::UnsupportedFeature, "animation_preset", message);
    }
    let (duration, text) = (duration?, text?);
    Some(Text { common, duration, text, visual, style, typography, word_animation, motion })
}

fn words(object: &mut ObjectReader<'_>) -> Option<String> {
    let text = object.string("text");
    object.require("text");
    let text = text?;
    if text.is_empty() {
        object.error(ViolationCode::MissingField, "text", "a text needs at least one character");
    }
    if text.len() > MAX_TEXT_BYTES {
        let message = format!("the text has {} bytes; at most {MAX_TEXT_BYTES} are set", text.len());
        object.error(ViolationCode::TooManyItems, "text", message);
    }
    Some(text)
}

fn typography(object: &mut ObjectReader<'_>) -> Typography {
    let typography = Typography {
        font_family: object.string("font_family"),
        font_size: object.number("font_size", Bounds::Positive),
        font_weight: object.integer("font_weight", 100..=900).and_then(|weight| u16::try_from(weight).ok()),
        font_style: object.name("font_style", FontStyle::ALL, FontStyle::name),
        text_color: object.color("text_color"),
        text_align: object.name("text_align", TextAlign::ALL, TextAlign::name),
        text_decoration: object.name("text_decoration", TextDecoration::ALL, TextDecoration::name),
        tracking: object.number("tracking", Bounds::Any),
        leading: object.number("leading", Bounds::ClampedNotNegative),
        text_wrap: object.name("text_wrap", TextWrap::ALL, TextWrap::name),
        stroke_color: object.color("stroke_color"),
        stroke_width: object.number("stroke_width", Bounds::ClampedNotNegative),
        stroke: object.boolean("stroke"),
        background: object.boolean("background"),
        background_color: object.color("background_color"),
        background_opacity: object.number("background_opacity", Bounds::Within(0, 100)),
        x_padding: object.length("x_padding", Sign::NotNegative),
        y_padding: object.length("y_padding", Sign::NotNegative),
        shadow: object.boolean("shadow"),
    };
    if let Some(size) = typography.font_size.filter(|size| size.0 > MAX_FONT_SIZE.into()) {
        let message = format!("`font_size` is {}, above {MAX_FONT_SIZE}", size.0);
        object.error(ViolationCode::OutOfRange, "font_size", message);
    }
    let modes =
        [("background", typography.background), ("stroke", typography.stroke), ("shadow", typography.shadow)];
    let mut chosen = modes.iter().filter(|(_, mode)| *mode == Some(true)).map(|(key, _)| *key);
    if let (Some(first), Some(second)) = (chosen.next(), chosen.next()) {
        let message = format!("`{first}` and `{second}` cannot both be true");
        object.error(ViolationCode::TextDisplayConflict, second, message);
    }
    typography
}

fn word_animation(object: &mut ObjectReader<'_>) -> Option<WordAnimation> {
    let style = object.name("style", WordStyle::ALL, WordStyle::name);
    let words = object.objects("words", "word", MAX_WORDS, word);
    object.require("style");
    object.require("words");
    if words.as_ref().is_some_and(Vec::is_empty) {
        object.error(ViolationCode::MissingField, "words", "a caption needs at least one word");
    }
    Some(WordAnimation { style: style?, words: words? })
}

fn word(object: &mut ObjectReader<'_>) -> Option<Word> {
    let text = object.string("text");
    let start = object.number("start", Bounds::NotNegative);
    let end = object.number("end", Bounds::Positive);
    for key in ["text", "start", "end"] {
        object.require(key);
    }
    let word = Word { text: text?, start: start?, end: end? };
    if word.end <= word.start {
        let message = format!("the word ends at {}, not after its start at {}", word.end.0, word.start.0);
        object.warn(ViolationCode::EmptyWord, "end", message);
    }
    Some(word)
}
