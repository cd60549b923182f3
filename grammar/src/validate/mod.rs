//! Finds what is wrong with the form of a text by walking its tree.
//!
//! One file per family: `junk` for text that has no place, `missing` for parts that are not there,
//! `lists` for commas and closing brackets, `headers` for parts that a header does not take, `names` for names
//! that nobody could use. Each error
//! node poisons the node around it: of that, nothing else is said to be missing.

mod habits;
mod headers;
mod junk;
mod lists;
mod missing;
mod names;
mod open;

use std::collections::{BTreeSet, VecDeque};

use rowan::{TextRange, TextSize, WalkEvent};

use crate::ast::{AstNode, Expr};
use crate::error::{SyntaxError, SyntaxErrorCode};
use crate::nesting::Hidden;
use crate::syntax_kind::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

/// Adds an error for everything that is wrong in the tree, apart from what is `hidden` for its depth.
pub(crate) fn validate(root: &SyntaxNode, hidden: &[Hidden], errors: &mut Vec<SyntaxError>) {
    let told = errors.iter().map(|error| error.range.start()).collect();
    let mut check = Check { hidden, told, root, left_open: None, errors };
    for event in root.preorder_with_tokens() {
        match event {
            WalkEvent::Enter(SyntaxElement::Node(node)) => check.node(&node),
            WalkEvent::Enter(SyntaxElement::Token(token)) => check.token(&token),
            WalkEvent::Leave(_) => {}
        }
    }
}

struct Check<'a> {
    hidden: &'a [Hidden],
    /// Where errors had been found before the walk.
    told: BTreeSet<TextSize>,
    /// The whole tree.
    root: &'a SyntaxNode,
    /// The blocks that were left open and are not reported yet, once it is known that there are any.
    left_open: Option<VecDeque<open::LeftOpen>>,
    errors: &'a mut Vec<SyntaxError>,
}

impl Check<'_> {
    fn node(&mut self, node: &SyntaxNode) {
        if node.kind() == SyntaxKind::Error {
            return self.junk(node);
        }
        self.missing(node);
        self.lists(node);
        self.headers(node);
        self.names(node);
    }

    fn token(&mut self, token: &SyntaxToken) {
        if token.kind() == SyntaxKind::BlockComment
            && token.text_range().end() == self.root.text_range().end()
            && !is_closed_comment(token.text())
        {
            let opening = TextRange::at(token.text_range().start(), 2.into());
            self.push(
                SyntaxError::new(opening, SyntaxErrorCode::UnclosedComment, "this comment never ends")
                    .help("comments nest: every `/*` needs a `*/`"),
            );
        }
    }

    fn push(&mut self, error: SyntaxError) {
        self.errors.push(error);
    }

    /// Whether an error about this place exists from before the walk.
    fn is_told(&self, range: TextRange) -> bool {
        let start = usize::from(range.start());
        let index = self.hidden.partition_point(|part| part.span.end <= start);
        self.told.contains(&range.start())
            || self.hidden.get(index).is_some_and(|part| part.span.start < usize::from(range.end()))
    }
}

/// Whether each `/*` of a comment has its `*/`.
fn is_closed_comment(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => (at, depth) = (at + 2, depth + 1),
            [b'*', b'/', ..] => (at, depth) = (at + 2, depth.saturating_sub(1)),
            _ => at += 1,
        }
    }
    depth == 0
}

/// The first token of a kind among the children of a node.
fn token(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxToken> {
    node.children_with_tokens().filter_map(SyntaxElement::into_token).find(|token| token.kind() == kind)
}

/// Whether a node has a child of a kind.
fn has(node: &SyntaxNode, kind: SyntaxKind) -> bool {
    node.children_with_tokens().any(|child| child.kind() == kind)
}

/// Whether an error is among the children of a node, so that nothing else is said to be missing.
fn is_poisoned(node: &SyntaxNode) -> bool {
    has(node, SyntaxKind::Error)
}

/// Whether a value is among the children of a node.
fn has_value(node: &SyntaxNode) -> bool {
    node.children().any(|child| Expr::can_cast(child.kind()))
}

/// The token after a node on its line.
fn next_on_line(node: &SyntaxNode) -> Option<SyntaxToken> {
    let next = node.last_token()?.next_token()?;
    match next.kind() {
        SyntaxKind::Whitespace if next.text().contains(['\n', '\r']) => None,
        SyntaxKind::Whitespace => next.next_token(),
        _ => Some(next),
    }
}

/// The error node around a token.
fn error_around(token: &SyntaxToken) -> Option<SyntaxNode> {
    token.parent_ancestors().find(|node| node.kind() == SyntaxKind::Error)
}

/// The place right after the last child of a node that is neither white space nor comment.
fn end_of(node: &SyntaxNode) -> TextRange {
    let last = node.children_with_tokens().filter(|child| !child.kind().is_trivia()).last();
    TextRange::empty(last.map_or(node.text_range().end(), |child| child.text_range().end()))
}

/// The place right after a token of a kind, or after the node where there is none.
fn after(node: &SyntaxNode, kind: SyntaxKind) -> TextRange {
    token(node, kind).map_or_else(|| end_of(node), |token| TextRange::empty(token.text_range().end()))
}

#[cfg(test)]
mod tests;
