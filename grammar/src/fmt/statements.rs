//! Statements and items: one a line.

use rowan::{TextRange, TextSize};

use super::Layout;
use super::doc::Doc;
use super::entries::{Comment, Entry, entries};
use crate::syntax_kind::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

/// Whether a token is a separator between statements, which formatting may drop.
pub(super) fn is_droppable(token: &SyntaxToken) -> bool {
    matches!(token.kind(), SyntaxKind::Comma | SyntaxKind::Semicolon)
        && token.parent().is_some_and(|parent| is_statement_list(parent.kind()))
}

/// Nodes whose children are statements, one a line.
pub(super) fn is_statement_list(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::File | SyntaxKind::Block | SyntaxKind::FieldList | SyntaxKind::VariantList)
}

/// A statement with what stands before it.
struct Statement {
    entry: Entry,
    /// Whether it is left as it is.
    is_kept: bool,
    /// Whether separators stand before it.
    has_separators: bool,
}

/// What comes after the last statement.
struct Tail {
    has_separators: bool,
    comments: Vec<Comment>,
}

impl Layout<'_> {
    /// The whole file.
    pub(super) fn file(&mut self, file: &SyntaxNode) -> Vec<Doc> {
        let (all, after) = entries(file);
        self.statements(file, all, after, file.text_range().end()).0
    }

    /// `{ … }` of statements.
    pub(super) fn block(&mut self, block: &SyntaxNode) -> Doc {
        let (all, after) = entries(block);
        let is_closed = all.last().is_some_and(|last| last.kind() == SyntaxKind::RBrace);
        let is_brace = |entry: &Entry| matches!(entry.kind(), SyntaxKind::LBrace | SyntaxKind::RBrace);
        if !is_closed {
            // An unclosed block is an error, so this is inside of something that is kept.
            return Doc::text(block.text().to_string());
        }
        let has_comments = all.iter().any(|entry| !entry.comments.is_empty());
        let is_separator = |entry: &Entry| matches!(entry.kind(), SyntaxKind::Comma | SyntaxKind::Semicolon);
        let inside = all.iter().filter(|entry| !is_brace(entry) && !is_separator(entry)).count();
        if inside == 0 && !has_comments {
            return Doc::text("{}");
        }
        let is_one_line = !block.text().contains_char('\n') && !block.text().contains_char('\r');
        let is_property = |entry: &&Entry| {
            entry
                .element
                .as_node()
                .is_some_and(|node| node.kind() == SyntaxKind::Property && !self.is_kept(node))
        };
        // Properties that were written on one line stay there if they fit.
        let properties = all.iter().filter(is_property).filter_map(|entry| entry.element.as_node().cloned());
        let properties: Vec<_> = properties.collect();
        if is_one_line && !has_comments && properties.len() == inside {
            let mut inner = Vec::new();
            for (index, property) in properties.iter().enumerate() {
                inner.push(Doc::Line(if index == 0 { " " } else { "  " }));
                inner.push(self.node(property));
            }
            return Doc::group(vec![Doc::text("{"), Doc::indent(inner), Doc::Line(" "), Doc::text("}")]);
        }
        let closing = all.len() - 1;
        let mut inside = all;
        let close = inside.pop().filter(|_| closing > 0);
        inside.remove(0);
        let comments = close.map_or(after, |close| close.comments);
        let end = block.last_token().map_or(block.text_range().end(), |brace| brace.text_range().start());
        let (inner, is_glued) = self.statements(block, inside, comments, end);
        let mut docs = vec![Doc::text("{"), Doc::indent(inner)];
        if !is_glued {
            docs.push(Doc::Break);
        }
        docs.push(Doc::text("}"));
        Doc::group(docs)
    }

    /// Statements and the comments after them, up to `end`. Also says whether the last of them is an error
    /// that stands on the line of what follows, so that nothing may come between.
    fn statements(
        &mut self,
        list: &SyntaxNode,
        all: Vec<Entry>,
        after: Vec<Comment>,
        end: TextSize,
    ) -> (Vec<Doc>, bool) {
        let is_braced = list.kind() != SyntaxKind::File;
        let text = self.text;
        let source = |range: TextRange| &text[range];
        let mut docs = Vec::new();
        let mut is_first = !is_braced;
        let mut before: Option<(TextRange, bool)> = None;
        let (statements, tail) = self.join_separators(all, after);
        for statement in statements {
            let Statement { entry, is_kept, has_separators } = statement;
            let range = entry.element.text_range();
            let gap = before.map(|(before, _)| TextRange::new(before.end(), range.start()));
            let is_beside_kept = is_kept || before.is_some_and(|(_, is_kept)| is_kept);
            let is_glued = is_beside_kept && (entry.is_on_same_line() || has_separators);
            match gap {
                // What stands beside an error on its line stays there, with what is between. Separators
                // beside an error stay too, since they may be what keeps it from going on.
                Some(gap) if is_glued => docs.push(Doc::text(source(gap))),
                _ => {
                    let ends_line = self.comments_before(&mut docs, &entry.comments, &mut is_first);
                    self.line_before(&mut docs, &entry, ends_line, is_first, before.is_some());
                }
            }
            is_first = false;
            docs.push(match &entry.element {
                SyntaxElement::Node(node) if is_kept => {
                    self.kept.push(range);
                    Doc::text(node.text().to_string())
                }
                SyntaxElement::Node(node) => self.node(node),
                SyntaxElement::Token(token) => Doc::text(token.text()),
            });
            before = Some((range, is_kept));
        }
        if let Some((last, true)) = before {
            let rest = source(TextRange::new(last.end(), end));
            let is_on_same_line = is_braced && tail.comments.is_empty() && !rest.contains(['\n', '\r']);
            if is_on_same_line || tail.has_separators {
                docs.push(Doc::text(rest));
                return (docs, true);
            }
        }
        self.comments_before(&mut docs, &tail.comments, &mut is_first);
        (docs, false)
    }

    /// Comments between two statements. Says whether the line must end after them.
    fn comments_before(&self, docs: &mut Vec<Doc>, comments: &[Comment], is_first: &mut bool) -> bool {
        for comment in comments {
            if *is_first && docs.is_empty() {
                // The first thing of a file.
            } else if comment.lines_before == 0 {
                docs.push(Doc::space());
            } else {
                docs.push(if comment.lines_before > 1 && !docs.is_empty() {
                    Doc::BlankLine
                } else {
                    Doc::Break
                });
            }
            docs.push(comment.doc());
            *is_first = false;
        }
        comments.last().is_some_and(|comment| comment.ends_line)
    }

    /// The line break before a statement.
    fn line_before(
        &self,
        docs: &mut Vec<Doc>,
        entry: &Entry,
        ends_line: bool,
        is_first: bool,
        has_before: bool,
    ) {
        if is_first && docs.is_empty() {
            return;
        }
        // A block comment that begins the statement's line stays on it.
        let begins_line = match &entry.comments[..] {
            [] => false,
            [comment] => comment.lines_before > 0 || docs.len() == 1 && !has_before,
            _ => entry.comments.last().is_some_and(|comment| comment.lines_before > 0),
        };
        if begins_line && entry.lines_before == 0 && !ends_line {
            docs.push(Doc::space());
        } else {
            docs.push(if entry.lines_before > 1 && !docs.is_empty() { Doc::BlankLine } else { Doc::Break });
        }
    }

    /// Drops separators, but remembers where they stood.
    fn join_separators(&self, all: Vec<Entry>, mut after: Vec<Comment>) -> (Vec<Statement>, Tail) {
        let kept = self.kept_among(&all);
        let mut statements: Vec<Statement> = Vec::new();
        let mut has_separators = false;
        let (mut comments, mut lines) = (Vec::new(), 0);
        for (mut entry, is_kept) in all.into_iter().zip(kept) {
            comments.append(&mut entry.comments);
            lines += entry.lines_before;
            match &entry.element {
                SyntaxElement::Token(token) if is_droppable(token) => has_separators = true,
                _ => {
                    entry.comments = std::mem::take(&mut comments);
                    entry.lines_before = std::mem::take(&mut lines);
                    statements.push(Statement {
                        entry,
                        is_kept,
                        has_separators: std::mem::take(&mut has_separators),
                    });
                }
            }
        }
        if let Some(first) = after.first_mut() {
            first.lines_before += lines;
        }
        comments.append(&mut after);
        (statements, Tail { has_separators, comments })
    }

    /// Which entries are left as they are: those with errors, and what an error follows on the same line,
    /// since the error may be about either.
    fn kept_among(&self, all: &[Entry]) -> Vec<bool> {
        let is_error = |entry: &Entry| entry.kind() == SyntaxKind::Error;
        let mut kept: Vec<bool> = all.iter().map(|entry| self.has_own_errors(&entry.element)).collect();
        for index in (1..all.len()).rev() {
            if is_error(&all[index]) && all[index].is_on_same_line() {
                kept[index - 1] |= all[index - 1].element.as_node().is_some();
            }
        }
        kept
    }

    fn has_own_errors(&self, element: &SyntaxElement) -> bool {
        element.as_node().is_some_and(|node| self.is_kept(node))
    }

    /// Whether a statement has errors of its own, not only in statements inside of it.
    fn is_kept(&self, statement: &SyntaxNode) -> bool {
        if statement.kind() == SyntaxKind::Error {
            return true;
        }
        let range = statement.text_range();
        let first = self.errors.partition_point(|error| error.range.start() < range.start());
        let touching = self.errors[first..].iter().take_while(|error| error.range.start() <= range.end());
        // What begins where the statement ends is about something else, unless something is missing there.
        let touching = touching.filter(|error| error.range.is_empty() || error.range.start() < range.end());
        let mut insides = None;
        for error in touching {
            let insides = insides.get_or_insert_with(|| insides_of(statement));
            if !insides.iter().any(|inside| inside.contains_range(error.range)) {
                return true;
            }
        }
        false
    }
}

/// The insides of the blocks of a statement, where other statements speak for themselves.
fn insides_of(statement: &SyntaxNode) -> Vec<TextRange> {
    let branches = statement.children().filter(|child| child.kind() == SyntaxKind::Else);
    let blocks = std::iter::once(statement.clone()).chain(branches).flat_map(|owner| owner.children());
    let blocks = blocks.filter(|block| is_statement_list(block.kind()));
    let inside = |block: SyntaxNode| {
        let (first, last) = (block.first_token()?, block.last_token()?);
        (last.kind() == SyntaxKind::RBrace && first != last)
            .then(|| TextRange::new(first.text_range().end(), last.text_range().start()))
    };
    blocks.filter_map(inside).collect()
}
