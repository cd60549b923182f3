//! Checks of text and captions.

use super::element::check_between;
use super::layer::check_length;
use super::{ElementFindings, MAX_FONT_SIZE, MAX_LENGTH, MAX_TEXT_BYTES, MAX_WORDS, Problem};
use crate::element::{Text, WordAnimation};
use crate::rational::Rational;

pub(super) fn check(text: &Text, found: &mut ElementFindings<'_>) {
    if text.text.is_empty() {
        found.push(Problem::EmptyText);
    }
    if text.text.len() > MAX_TEXT_BYTES {
        found.push(Problem::TooMany { what: "bytes of text", count: text.text.len(), limit: MAX_TEXT_BYTES });
    }
    if text.font_size <= Rational::ZERO {
        found.push(Problem::NotPositive { property: "font_size", value: text.font_size });
    } else {
        check_between("font_size", text.font_size, Rational::ZERO, Rational::integer(MAX_FONT_SIZE), found);
    }
    let limit = Rational::integer(MAX_LENGTH);
    let numbers = [
        (
            "font_weight",
            Rational::from(u32::from(text.font_weight)),
            Rational::integer(100),
            Rational::integer(900),
        ),
        ("background_opacity", text.background_opacity, Rational::ZERO, Rational::integer(100)),
        ("tracking", text.tracking, -limit, limit),
        ("leading", text.leading, Rational::ZERO, limit),
        ("stroke_width", text.stroke_width, Rational::ZERO, limit),
    ];
    for (property, value, low, high) in numbers {
        check_between(property, value, low, high, found);
    }
    check_length("x_padding", text.x_padding, 0, found);
    check_length("y_padding", text.y_padding, 0, found);
    if let Some(animation) = &text.word_animation {
        check_words(animation, found);
    }
}

fn check_words(animation: &WordAnimation, found: &mut ElementFindings<'_>) {
    if animation.words.is_empty() {
        found.push(Problem::NoWords);
    }
    if animation.words.len() > MAX_WORDS {
        found.push(Problem::TooMany { what: "words", count: animation.words.len(), limit: MAX_WORDS });
    }
    for word in &animation.words {
        let range = word.record_range;
        if range.end < range.start {
            found.push(Problem::BackwardRange { what: "time of a word", range });
        } else if range.start.is_negative() {
            found.push(Problem::NegativeStart { what: "time of a word", range });
        }
    }
}
