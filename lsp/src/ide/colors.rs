//! Colours in a source, and the forms in which they can be written.

use std::ops::Range;

use vid_compiler::{Meaning, Vocabulary};
use vid_grammar::SyntaxKind;
use vid_grammar::ast::{self, AstNode};
use vid_grammar::literal::LiteralValue;
use vid_timeline::Color;

use crate::ide::Source;

/// The colours of a source, in order: literals and names.
pub fn colors(source: &Source<'_>) -> Vec<(Range<usize>, Color)> {
    let root = source.root();
    let mut colors: Vec<(Range<usize>, Color)> = root
        .descendants()
        .filter_map(ast::Literal::cast)
        .filter(|literal| literal.token_kind() == Some(SyntaxKind::Color))
        .filter_map(|literal| {
            let range = usize::from(literal.range().start())..usize::from(literal.range().end());
            match literal.decode() {
                Ok(LiteralValue::Color(c)) => {
                    Some((range, Color { r: c.red, g: c.green, b: c.blue, a: c.alpha }))
                }
                _ => None,
            }
        })
        .collect();
    for used in &source.names.uses {
        if let Meaning::Constant(name) = &used.meaning
            && let Some(color) = named(name)
        {
            colors.push((used.range.clone(), color));
        }
    }
    colors.sort_by_key(|(range, _)| range.start);
    colors
}

/// The colour of that name.
fn named(name: &str) -> Option<Color> {
    let constant = Vocabulary::bundled().constant(name).filter(|constant| constant.ty == "color")?;
    parse(&constant.value)
}

/// A colour of six or eight digits.
fn parse(text: &str) -> Option<Color> {
    let digits = text.strip_prefix('#')?;
    let pair = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    let a = if digits.len() == 8 { pair(6)? } else { 255 };
    Some(Color { r: pair(0)?, g: pair(2)?, b: pair(4)?, a })
}

/// The ways to write a colour, the one that is like `written` first.
pub fn presentations(color: Color, written: &str) -> Vec<String> {
    let Color { r, g, b, a } = color;
    let full = format!("#{r:02x}{g:02x}{b:02x}");
    let with_alpha = format!("{full}{a:02x}");
    let is_short = [r, g, b].iter().all(|part| part >> 4 == part & 15) && a == 255;
    let short = is_short.then(|| format!("#{:x}{:x}{:x}", r & 15, g & 15, b & 15));
    let names = Vocabulary::bundled().constants.iter();
    let name = names.filter(|constant| parse(&constant.value) == Some(color)).map(|c| c.name.clone()).next();
    let mut forms: Vec<String> = Vec::new();
    let opaque = (a == 255).then_some(full);
    if written.starts_with('#') {
        match written.len() {
            4 => forms.extend(short.clone()),
            9 => forms.push(with_alpha.clone()),
            _ => {}
        }
        forms.extend(opaque);
        forms.extend(name);
    } else {
        forms.extend(name);
        forms.extend(opaque);
    }
    forms.extend(short);
    forms.push(with_alpha);
    if written.bytes().any(|byte| byte.is_ascii_uppercase()) && written.starts_with('#') {
        forms.iter_mut().filter(|form| form.starts_with('#')).for_each(|form| form.make_ascii_uppercase());
    }
    let mut seen = Vec::new();
    forms.retain(|form| !seen.contains(form) && (seen.push(form.clone()), true).1);
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    #[test]
    fn colours_are_found_in_every_form() {
        let fixture = Fixture::new("let a = #f00\nlet b = #00ff0080\nlet c = aqua\nlet d = 1\n");
        let shown: Vec<String> =
            colors(&fixture.source()).into_iter().map(|(_, color)| color.to_string()).collect();
        assert_eq!(shown, ["#ff0000", "#00ff0080", "#00ffff"]);
    }

    #[test]
    fn a_colour_is_written_back_in_its_form() {
        let red = Color { r: 255, g: 0, b: 0, a: 255 };
        assert_eq!(presentations(red, "#0f0"), ["#f00", "#ff0000", "red", "#ff0000ff"]);
        assert_eq!(presentations(red, "blue")[0], "red");
        assert_eq!(presentations(red, "#00FF00")[0], "#FF0000");
        let faint = Color { a: 128, ..red };
        assert_eq!(presentations(faint, "#00ff00"), ["#ff000080"]);
    }
}
