//! Text and captions: whatever is not the default.

use vid_timeline::{
    FontStyle, Length, Rational, Text, TextAlign, TextDecoration, TextDisplay, TextWrap, Time,
};

use super::element::Block;
use super::literal::{length, number, percent, string, time, with_unit, word};
use super::look::color;

/// Everything of a text but its words; the times of a caption are counted from `start`.
pub(super) fn text(text: &Text, start: Time, block: &mut Block) {
    let default = Text::new("");
    block.unless("font_family", text.font_family.as_str(), default.font_family.as_str(), string);
    block.unless("font_size", text.font_size, default.font_size, number);
    block.unless("font_weight", text.font_weight, default.font_weight, word);
    block.unless("font_style", text.font_style, FontStyle::Normal, word);
    block.unless("text_color", text.text_color, default.text_color, color);
    block.unless("text_align", text.text_align, TextAlign::Center, word);
    block.unless("text_decoration", text.text_decoration, TextDecoration::None, word);
    block.unless("tracking", text.tracking, Rational::ZERO, pixels);
    block.unless("leading", text.leading, default.leading, number);
    block.unless("text_wrap", text.text_wrap, TextWrap::Wrap, word);
    block.some("stroke_color", text.stroke_color, color);
    block.unless("stroke_width", text.stroke_width, Rational::ZERO, number);
    match text.display {
        TextDisplay::Plain => {}
        TextDisplay::Background => block.say("background", word(true)),
        TextDisplay::Stroke => block.say("stroke", word(true)),
        TextDisplay::Shadow => block.say("shadow", word(true)),
    }
    block.some("background_color", text.background_color, color);
    block.unless("background_opacity", text.background_opacity, Rational::integer(100), percent);
    block.unless("x_padding", text.x_padding, Length::ZERO, length);
    block.unless("y_padding", text.y_padding, Length::ZERO, length);
    if let Some(animation) = &text.word_animation {
        let words: Vec<String> = animation
            .words
            .iter()
            .map(|word| {
                let range = word.record_range;
                let (from, to) = (time(range.start - start), time(range.end - start));
                format!("{{ text: {}, start: {from}, end: {to} }},\n", string(&word.text))
            })
            .collect();
        let words = words.concat();
        block.say("word_animation", format!("{{\nstyle: {}\nwords: [\n{words}]\n}}", animation.style));
    }
}

fn pixels(value: Rational) -> String {
    with_unit(value, "px")
}
