//! The formatter.
//!
//! Two spaces a level, one statement a line, comments kept, at most one empty line in a row, `,` and `;`
//! between statements dropped, lists that are too long for their line one member a line. A statement
//! with a syntax error is left byte for byte; the rest of the file is formatted around it.
//!
//! What it promises: apart from the dropped separators, the result has the same tokens in the same
//! order, and formatting it again changes nothing. The first promise is checked on every call: a result
//! that breaks it is thrown away and the text stays as it was.

mod doc;
mod entries;
mod nodes;
mod statements;

use rowan::TextRange;

use crate::ast::AstNode;
use crate::error::{SyntaxError, SyntaxErrorCode};
use crate::parse::{Parse, parse};
use crate::syntax_kind::{SyntaxElement, SyntaxKind};

/// What formatting a text gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatResult {
    /// The formatted text.
    pub text: String,
    /// Parts of the source that were left as they were, because they have syntax errors.
    pub kept: Vec<TextRange>,
}

/// Formats a source text.
pub fn format(text: &str) -> FormatResult {
    let source = parse(text);
    let result = layout(&source);
    match &result {
        Some(result) if has_same_meaning(&source, &parse(&result.text)) => result.clone(),
        _ => FormatResult { text: text.to_owned(), kept: vec![source.syntax().text_range()] },
    }
}

/// The formatted text, not yet checked; `None` if the text is too large to look at.
fn layout(source: &Parse) -> Option<FormatResult> {
    let is_too_large = |error: &SyntaxError| error.code == SyntaxErrorCode::FileTooLarge;
    if source.errors().iter().any(is_too_large) {
        return None;
    }
    let file = source.file();
    let text = file.syntax().text().to_string();
    let mut layout = Layout { text: &text, errors: source.errors(), kept: Vec::new() };
    let docs = layout.file(file.syntax());
    let mut result = doc::print(&docs);
    // An error that reaches to the end, such as an open string, would swallow a line break.
    let end = file.syntax().text_range().end();
    let ends_in_error = layout.kept.last().is_some_and(|kept| kept.end() == end);
    if !result.is_empty() && !result.ends_with('\n') && !ends_in_error {
        result.push('\n');
    }
    Some(FormatResult { text: result, kept: layout.kept })
}

/// Lays out one file.
struct Layout<'e> {
    /// The whole source.
    text: &'e str,
    /// Sorted by their start.
    errors: &'e [SyntaxError],
    kept: Vec<TextRange>,
}

/// Whether two trees have the same tokens, apart from what formatting may drop, and the same errors.
fn has_same_meaning(a: &Parse, b: &Parse) -> bool {
    let codes = |parse: &Parse| parse.errors().iter().map(|error| error.code).collect::<Vec<_>>();
    codes(a) == codes(b) && meaning(a).eq(meaning(b))
}

/// The tokens that mean something, in order.
fn meaning(parse: &Parse) -> impl Iterator<Item = (SyntaxKind, String)> + use<> {
    parse
        .syntax()
        .descendants_with_tokens()
        .filter_map(SyntaxElement::into_token)
        .filter(|token| token.kind() != SyntaxKind::Whitespace && !statements::is_droppable(token))
        .map(|token| (token.kind(), token.text().trim_end().to_owned()))
}

/// Checks for any text what formatting promises, without the net that [`format`] has.
#[cfg(test)]
pub(crate) fn check_promises(text: &str) {
    let source = parse(text);
    let Some(result) = layout(&source) else { return };
    let once = result.text;
    assert!(has_same_meaning(&source, &parse(&once)), "formatting changed {text:?}\nto {once:?}");
    let twice = layout(&parse(&once)).map(|result| result.text);
    assert_eq!(twice.as_deref(), Some(once.as_str()), "not idempotent for {text:?}");
}

#[cfg(test)]
mod tests;
