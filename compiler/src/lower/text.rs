//! Words and how they are set.

use vid_timeline::{
    FontStyle, Rational, Text, TextAlign, TextDecoration, TextDisplay, TextWrap, TimeRange, Word,
    WordAnimation, WordStyle,
};

use crate::eval::Value;
use crate::lower::read::Reader;
use crate::schedule::Placed;

/// The content of a text element.
pub(super) fn text(placed: &Placed, reader: &Reader<'_>) -> Option<Text> {
    let font_size = reader.pixels("font_size")?;
    let flag = |name| reader.flag(name).unwrap_or(false);
    Some(Text {
        text: reader.text("text")?,
        font_family: reader.text("font_family")?,
        font_size,
        font_weight: reader.integer("font_weight").and_then(|weight| u16::try_from(weight).ok())?,
        font_style: FontStyle::from_name(&reader.word("font_style")?)?,
        text_color: reader.color("text_color")?,
        text_align: TextAlign::from_name(&reader.word("text_align")?)?,
        text_decoration: TextDecoration::from_name(&reader.word("text_decoration")?)?,
        tracking: reader.pixels("tracking")?,
        leading: reader.number("leading")?,
        text_wrap: TextWrap::from_name(&reader.word("text_wrap")?)?,
        stroke_color: reader.color("stroke_color"),
        stroke_width: stroke_width(reader, font_size)?,
        display: match (flag("background"), flag("stroke"), flag("shadow")) {
            (true, _, _) => TextDisplay::Background,
            (_, true, _) => TextDisplay::Stroke,
            (_, _, true) => TextDisplay::Shadow,
            _ => TextDisplay::Plain,
        },
        background_color: reader.color("background_color"),
        background_opacity: reader.percent("background_opacity")?,
        x_padding: reader.length("x_padding")?,
        y_padding: reader.length("y_padding")?,
        word_animation: word_animation(placed, reader),
    })
}

/// A bare number goes through: up to 1 it is a fraction of the font size, above it pixels. Pixels up
/// to 1 become the fraction that they are, so that both readings agree.
fn stroke_width(reader: &Reader<'_>, font_size: Rational) -> Option<Rational> {
    match reader.value("stroke_width")? {
        Value::Number(number) => Some(*number),
        Value::Length(length) if length.amount <= Rational::ONE => length.amount.checked_div(font_size),
        Value::Length(length) => Some(length.amount),
        _ => None,
    }
}

fn word_animation(placed: &Placed, reader: &Reader<'_>) -> Option<WordAnimation> {
    let Value::Record(fields) = reader.value("word_animation")? else { return None };
    let field = |name: &str| fields.iter().find(|(known, _)| &**known == name).map(|(_, value)| value);
    let (Value::Word(style), Value::List(words)) = (field("style")?, field("words")?) else { return None };
    Some(WordAnimation {
        style: WordStyle::from_name(style)?,
        words: words.iter().filter_map(|word| spoken(placed, word)).collect(),
    })
}

fn spoken(placed: &Placed, word: &Value) -> Option<Word> {
    let Value::Record(fields) = word else { return None };
    let field = |name: &str| fields.iter().find(|(known, _)| &**known == name).map(|(_, value)| value);
    let at = |name| match field(name)? {
        Value::Time(time) => Some(time.absolute(placed.range.start)),
        _ => None,
    };
    let Value::Text(text) = field("text")? else { return None };
    Some(Word { text: text.to_string(), record_range: TimeRange::new(at("start")?, at("end")?) })
}
