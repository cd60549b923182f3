//! The text of strings.

use rowan::TextRange;

use super::{LiteralError, LiteralErrorCode, Reason, part_of};
use crate::ast::{AstNode, Interpolation, StringLit};
use crate::syntax_kind::{SyntaxElement, SyntaxKind, SyntaxToken};

/// A piece of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StringPart {
    /// Characters, with escapes resolved; never empty.
    Text(String),
    /// A value to be put in.
    Value(Interpolation),
}

impl StringLit {
    /// The pieces of the string, in order; none for an empty string.
    ///
    /// A raw string `"""…"""` has neither escapes nor values. If its first line is empty, that line
    /// break does not count; if its last line is blank, that line does not count and what it is
    /// indented by is taken off every line. Line breaks are `\n` whatever the file has.
    ///
    /// # Errors
    ///
    /// The first escape that has no meaning.
    pub fn decode(&self) -> Result<Vec<StringPart>, LiteralError> {
        let mut parts = Vec::new();
        let mut text = String::new();
        for piece in self.syntax().children_with_tokens() {
            match piece {
                SyntaxElement::Token(token) => match token.kind() {
                    SyntaxKind::StringText => text.push_str(token.text()),
                    SyntaxKind::Escape => text.push(escaped(&token)?),
                    SyntaxKind::RawString => text.push_str(&raw(token.text())),
                    _ => {}
                },
                SyntaxElement::Node(node) => {
                    if let Some(value) = Interpolation::cast(node) {
                        if !text.is_empty() {
                            parts.push(StringPart::Text(std::mem::take(&mut text)));
                        }
                        parts.push(StringPart::Value(value));
                    }
                }
            }
        }
        if !text.is_empty() {
            parts.push(StringPart::Text(text));
        }
        Ok(parts)
    }

    /// The text of a string without values inside; `None` if it has some.
    ///
    /// # Errors
    ///
    /// The first escape that has no meaning.
    pub fn plain(&self) -> Result<Option<String>, LiteralError> {
        let parts = self.decode()?;
        Ok(match &parts[..] {
            [] => Some(String::new()),
            [StringPart::Text(text)] => Some(text.clone()),
            _ => None,
        })
    }
}

/// The character that an escape stands for.
fn escaped(token: &SyntaxToken) -> Result<char, LiteralError> {
    let invalid = |range: TextRange, why: String| {
        Reason::new(LiteralErrorCode::InvalidEscape, why)
            .help(r#"escapes are `\n` `\t` `\r` `\"` `\\` `\{` `\}` and `\u{2014}`"#)
            .at(range)
    };
    let (text, range) = (token.text(), token.text_range());
    match text.strip_prefix('\\').unwrap_or(text) {
        "n" => Ok('\n'),
        "t" => Ok('\t'),
        "r" => Ok('\r'),
        "\"" => Ok('"'),
        "\\" => Ok('\\'),
        "{" => Ok('{'),
        "}" => Ok('}'),
        code if code.starts_with("u{") => {
            let digits = code.trim_start_matches("u{").trim_end_matches('}');
            let number = if digits.len() <= 6 { u32::from_str_radix(digits, 16).ok() } else { None };
            let character = if code.ends_with('}') { number.and_then(char::from_u32) } else { None };
            character.ok_or_else(|| invalid(range, format!("`{text}` is no character")))
        }
        "u" => Err(invalid(part_of(range, 0, 2), "`\\u` needs a number in braces".to_owned())),
        "" => Err(invalid(range, "a backslash at the end of a line means nothing".to_owned())),
        _ => Err(invalid(range, format!("`{text}` means nothing"))),
    }
}

/// The text of a raw string.
fn raw(token: &str) -> String {
    let body = token.strip_prefix("\"\"\"").unwrap_or(token);
    let body = body.strip_suffix("\"\"\"").unwrap_or(body).replace("\r\n", "\n").replace('\r', "\n");
    let body = match body.split_once('\n') {
        Some((first, rest)) if first.trim().is_empty() => rest,
        _ => return body,
    };
    let Some((lines, last)) = body.rsplit_once('\n') else {
        // One line, and perhaps the closing quotes on it.
        return if body.trim().is_empty() { String::new() } else { body.to_owned() };
    };
    if !last.trim().is_empty() {
        return body.to_owned();
    }
    let without_indent = |line: &str| {
        let shared = line.chars().zip(last.chars()).take_while(|(a, b)| a == b).count();
        line.chars().skip(shared).collect::<String>()
    };
    lines.split('\n').map(without_indent).collect::<Vec<String>>().join("\n")
}
