//! The children of a node with the comments and line breaks before each.

use super::doc::Doc;
use crate::syntax_kind::{SyntaxElement, SyntaxKind, SyntaxNode};

/// A comment between two children.
pub(super) struct Comment {
    text: String,
    pub(super) lines_before: usize,
    /// `//` and `///`, after which the line must end.
    pub(super) ends_line: bool,
}

impl Comment {
    pub(super) fn doc(&self) -> Doc {
        Doc::text(self.text.clone())
    }
}

/// A child that is neither white space nor comment.
pub(super) struct Entry {
    pub(super) element: SyntaxElement,
    /// The comments between the child before and this one.
    pub(super) comments: Vec<Comment>,
    /// Line breaks between the last of them, or the child before, and this one.
    pub(super) lines_before: usize,
}

impl Entry {
    pub(super) fn kind(&self) -> SyntaxKind {
        self.element.kind()
    }

    /// Whether no line ends between the child before and this one.
    pub(super) fn is_on_same_line(&self) -> bool {
        self.lines_before == 0
            && self.comments.iter().all(|comment| comment.lines_before == 0 && !comment.ends_line)
    }
}

/// The children of `node`, and the comments after the last.
pub(super) fn entries(node: &SyntaxNode) -> (Vec<Entry>, Vec<Comment>) {
    let mut all = Vec::new();
    let mut comments = Vec::new();
    let mut lines_before = 0;
    for element in node.children_with_tokens() {
        match &element {
            SyntaxElement::Token(token) if token.kind() == SyntaxKind::Whitespace => {
                lines_before += token.text().replace("\r\n", "\n").matches(['\n', '\r']).count();
            }
            SyntaxElement::Token(token) if token.kind().is_comment() => {
                let ends_line = token.kind() != SyntaxKind::BlockComment;
                // White space at the end of a line comment is no part of what it says.
                let text = if ends_line { token.text().trim_end() } else { token.text() }.to_owned();
                comments.push(Comment { text, lines_before, ends_line });
                lines_before = 0;
            }
            _ => {
                all.push(Entry { element, comments: std::mem::take(&mut comments), lines_before });
                lines_before = 0;
            }
        }
    }
    (all, comments)
}

/// Adds comments, with `gap` before the first, and `gap_after` or a line break after the last.
pub(super) fn push_comments(
    docs: &mut Vec<Doc>,
    comments: &[Comment],
    gap: Doc,
    gap_after: Doc,
    lines_after: usize,
) {
    let mut gap = Some(gap);
    let mut must_break = false;
    for comment in comments {
        if must_break || comment.lines_before > 0 {
            docs.push(Doc::Break);
        } else {
            docs.push(gap.take().unwrap_or_else(Doc::space));
        }
        gap = None;
        docs.push(comment.doc());
        must_break = comment.ends_line;
    }
    docs.push(match gap {
        Some(gap) => gap,
        None if must_break || lines_after > 0 => Doc::Break,
        None => gap_after,
    });
}
