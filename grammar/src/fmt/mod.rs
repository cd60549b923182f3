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
use crate::reparse::reparse;
use crate::syntax_kind::{SyntaxElement, SyntaxKind, SyntaxToken};

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
    format_tree(&parse(text)).0
}

/// Layouts that a broken text is given to settle: where lines stand tells where a block was left open, so
/// that other lines may be kept once some have moved.
const LAYOUTS: usize = 4;

/// Formats the text of a tree, and gives the tree of the result: for hosts that have read the text already.
pub fn format_tree(source: &Parse) -> (FormatResult, Parse) {
    let mut tree = source.clone();
    for _ in 0..LAYOUTS {
        let text = tree.syntax().text().to_string();
        let Some(result) = layout(&tree, &text) else { break };
        // What is in its usual form already is itself.
        if text == result.text {
            return (result, tree);
        }
        let next = reparse(&tree, &text, &result.text);
        if !has_same_meaning(&tree, &next) {
            break;
        }
        if next.errors().is_empty() {
            return (result, next);
        }
        tree = next;
    }
    let root = source.syntax();
    let kept = vec![root.text_range()];
    (FormatResult { text: root.text().to_string(), kept }, source.clone())
}

/// The formatted text of a tree, not yet checked; `None` if `text`, which is the tree's, is too large to look at.
fn layout(source: &Parse, text: &str) -> Option<FormatResult> {
    let is_too_large = |error: &SyntaxError| error.code == SyntaxErrorCode::FileTooLarge;
    if source.errors().iter().any(is_too_large) {
        return None;
    }
    let file = source.file();
    let mut layout = Layout { text, errors: source.errors(), kept: Vec::new() };
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
    let is_same =
        |a: &SyntaxToken, b: &SyntaxToken| a.kind() == b.kind() && a.text().trim_end() == b.text().trim_end();
    let (mut left, mut right) = (meaning(a), meaning(b));
    codes(a) == codes(b)
        && loop {
            match (left.next(), right.next()) {
                (Some(a), Some(b)) if is_same(&a, &b) => {}
                (None, None) => break true,
                _ => break false,
            }
        }
}

/// The tokens that mean something, in order.
fn meaning(parse: &Parse) -> impl Iterator<Item = SyntaxToken> + use<> {
    parse
        .syntax()
        .descendants_with_tokens()
        .filter_map(SyntaxElement::into_token)
        .filter(|token| token.kind() != SyntaxKind::Whitespace && !statements::is_droppable(token))
}

/// Checks for any text what formatting promises, without the net that [`format`] has.
#[cfg(test)]
pub(crate) fn check_promises(text: &str) {
    let source = parse(text);
    let Some(result) = layout(&source, text) else { return };
    let once = result.text;
    assert!(has_same_meaning(&source, &parse(&once)), "formatting changed {text:?}\nto {once:?}");
    let twice = layout(&parse(&once), &once).map(|result| result.text);
    assert_eq!(twice.as_deref(), Some(once.as_str()), "not idempotent for {text:?}");
}

#[cfg(test)]
mod tests;
