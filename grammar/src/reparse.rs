//! From the tree of a text to that of an edited one, parsing only what the edit can have changed.
//!
//! A file and a block are *rows*: each of their statements is matched where the one before it ended, by a rule
//! that knows what follows and nothing of what came before. So of a row stay as they were
//!
//! - the statements before the edit that no rule looked beyond as far as the edit: rules look ahead along a line,
//!   and behind its end at a few words ([`is_out_of_sight`]). What stands before the `{` of a block never looks
//!   behind it;
//! - everything from the first place on, behind the edit, where a statement began before and one begins again.
//!
//! What stands between is matched anew. Where a text nests too deep, or an edit changes where blocks end, all
//! of it is. What is wrong with the form is looked for in the whole tree in any case.

use pest::Parser;
use rowan::{GreenNode, NodeOrToken};

use crate::build;
use crate::error::{SyntaxErrorCode, range};
use crate::limits::MAX_SOURCE_BYTES;
use crate::nesting;
use crate::parse::{Parse, parse, validated};
use crate::syntax_kind::{SyntaxElement, SyntaxKind, SyntaxNode};
use crate::vid_pest::{Rule, VidParser};

/// Most rows around an edit that are tried, the innermost first.
const MAX_ROWS: usize = 3;
/// Words of a later line that no rule looks beyond; the most that one looks at is four, in `for x in xs`.
const WORDS_AHEAD: usize = 8;

/// The tree of `text`, the same as [`parse`] makes, from that of an earlier text. `before` is the tree of `was`.
pub fn reparse(before: &Parse, was: &str, text: &str) -> Parse {
    let edit = Edit::between(was, text);
    if edit.is_none() && was.len() == text.len() {
        return before.clone();
    }
    edit.and_then(|edit| edited(before, &edit, text)).unwrap_or_else(|| parse(text))
}

/// What differs between two texts, in bytes.
struct Edit {
    /// Where it begins, in both.
    start: usize,
    /// Where it ended in the earlier one.
    old_end: usize,
    /// Where it ends in the later one.
    new_end: usize,
}

impl Edit {
    /// `None` where nothing differs.
    fn between(was: &str, is: &str) -> Option<Self> {
        let same = |(a, b): &(u8, u8)| a == b;
        let start = was.bytes().zip(is.bytes()).take_while(same).count();
        let (was_rest, is_rest) = (&was.as_bytes()[start..], &is.as_bytes()[start..]);
        let pairs = was_rest.iter().rev().zip(is_rest.iter().rev());
        let tail = pairs.take_while(|(a, b)| a == b).count();
        let edit = Self { start, old_end: was.len() - tail, new_end: is.len() - tail };
        (start < edit.old_end || start < edit.new_end).then_some(edit)
    }
}

fn edited(before: &Parse, edit: &Edit, text: &str) -> Option<Parse> {
    let is_deep = before.errors().iter().any(|error| error.code == SyntaxErrorCode::NestingTooDeep);
    if is_deep || text.len() > MAX_SOURCE_BYTES || !nesting::too_deep(text).is_empty() {
        return None;
    }
    let root = before.syntax();
    let place = range(edit.start, edit.old_end);
    if !root.text_range().contains_range(place) {
        return None;
    }
    let around = match root.covering_element(place) {
        NodeOrToken::Node(node) => Some(node),
        NodeOrToken::Token(token) => token.parent(),
    };
    let rows = around.iter().flat_map(SyntaxNode::ancestors).filter_map(Row::new);
    let green = rows.take(MAX_ROWS).find_map(|row| row.edited(edit, text))?;
    Some(validated(green))
}

/// A node whose children are matched one after another.
struct Row {
    node: SyntaxNode,
    children: Vec<SyntaxElement>,
    /// What matches the next of them.
    step: Rule,
    /// Blocks around them.
    depth: usize,
    /// The first child that is matched by `step`, and the one behind the last.
    steps: std::ops::Range<usize>,
}

/// What of a row is matched anew.
struct Part {
    /// The first child.
    first: usize,
    /// Where it begins.
    start: usize,
}

impl Row {
    /// `None` for other nodes, and for blocks that were never closed.
    fn new(node: SyntaxNode) -> Option<Self> {
        let children: Vec<SyntaxElement> = node.children_with_tokens().collect();
        let (step, steps) = match node.kind() {
            SyntaxKind::File => (Rule::file_step, 0..children.len()),
            SyntaxKind::Block => {
                let is_opened = children.first()?.kind() == SyntaxKind::LBrace;
                let is_closed = children.last()?.kind() == SyntaxKind::RBrace;
                (is_opened && is_closed).then_some((Rule::block_step, 1..children.len() - 1))?
            }
            _ => return None,
        };
        let depth = node.ancestors().filter(|node| node.kind() == SyntaxKind::Block).count();
        Some(Self { node, children, step, depth, steps })
    }

    /// The root of the edited tree; `None` where the edit reaches beyond this row.
    fn edited(&self, edit: &Edit, text: &str) -> Option<GreenNode> {
        let inside = self.bytes();
        if edit.start < inside.start || inside.end < edit.old_end {
            return None;
        }
        let part = self.first_part(edit.start);
        let mut built = build::Steps::new(text, part.start, self.depth);
        let end = loop {
            if let Some(end) = self.joins(built.end(), edit, text) {
                break end;
            }
            let pairs = VidParser::parse(self.step, &text[built.end()..]).ok()?;
            // A step that takes nothing is the end of the row, where it did not end before.
            built.add(pairs)?;
        };
        let row = self.node.green().splice_children(part.first..end, built.finish()?);
        Some(self.node.replace_with(row))
    }

    /// The bytes of all steps.
    fn bytes(&self) -> std::ops::Range<usize> {
        let range = self.node.text_range();
        let start = self.steps.start.checked_sub(1).and_then(|brace| self.children.get(brace));
        let start = start.map_or(range.start(), |brace| brace.text_range().end());
        let end = self.children.get(self.steps.end).map_or(range.end(), |brace| brace.text_range().start());
        start.into()..end.into()
    }

    /// From where on the edit may have changed how the row is matched.
    fn first_part(&self, edit: usize) -> Part {
        let mut first = Part { first: self.steps.start, start: self.bytes().start };
        let Some(root) = self.node.ancestors().last() else { return first };
        // The end of what stands before each statement.
        let mut candidates = Vec::new();
        let mut end = None;
        for (index, child) in self.children.iter().enumerate().take(self.steps.end).skip(self.steps.start) {
            let range = child.text_range();
            if usize::from(range.start()) >= edit {
                break;
            }
            if let (NodeOrToken::Node(_), Some(end)) = (child, end) {
                candidates.push((index, range, end));
            }
            if !child.kind().is_trivia() {
                end = Some(range.end());
            }
        }
        let found =
            candidates.into_iter().rev().find(|(.., end)| is_out_of_sight(&root, (*end).into(), edit));
        if let Some((index, range, _)) = found {
            first = Part { first: index, start: range.start().into() };
        }
        first
    }

    /// The child that begins at a byte of the edited text as it began before, with all that follows; the end of the
    /// row is one too.
    fn joins(&self, at: usize, edit: &Edit, text: &str) -> Option<usize> {
        let old = at.checked_sub(edit.new_end)? + edit.old_end;
        if self.node.kind() == SyntaxKind::File && at == text.len() {
            return Some(self.children.len());
        }
        let starts = |child: &SyntaxElement| usize::from(child.text_range().start());
        let index = self.children.partition_point(|child| starts(child) < old);
        let child = self.children.get(index).filter(|child| starts(child) == old)?;
        let is_step = matches!(child, NodeOrToken::Node(_)) && self.steps.contains(&index);
        (is_step || index == self.steps.end).then_some(index)
    }
}

/// Whether no rule that matched what ends at `from` can have looked as far as `edit`: between them a line ends, then
/// come more words than any rule looks at, then another line ends. Along one line rules look further: at paths, and
/// at what does not belong into a header.
fn is_out_of_sight(root: &SyntaxNode, from: usize, edit: usize) -> bool {
    let mut token = root.token_at_offset(range(from, from).start()).right_biased();
    let mut words = None;
    while let Some(seen) = token.filter(|token| token.text_range().end() <= range(edit, edit).start()) {
        if seen.kind() == SyntaxKind::Whitespace && seen.text().contains(['\n', '\r']) {
            if words.is_some_and(|words| words >= WORDS_AHEAD) {
                return true;
            }
            words.get_or_insert(0);
        } else if let Some(words) = words.as_mut().filter(|_| !seen.kind().is_trivia()) {
            *words += 1;
        }
        token = seen.next_token();
    }
    false
}

#[cfg(test)]
mod tests;
