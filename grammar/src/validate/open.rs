//! Which blocks were left open, as far as the indentation of lines tells.
//!
//! To the grammar it is always the outer block that never ends: the `}` of the outer one ends the inner one.
//! Authors indent what stands in a block, so a `}` further left than the line of its `{` belongs to another.

use rowan::{TextRange, TextSize};

use crate::syntax_kind::{SyntaxElement, SyntaxKind as Kind, SyntaxNode};

/// Most open blocks for which lines are compared; beyond, it is not blocks that are wrong.
const MAX_OPEN: usize = 16;

/// A block that lacks its `}`.
pub(super) struct LeftOpen {
    /// Its `{`.
    pub(super) opening: TextRange,
    /// After the last line that belongs to it.
    pub(super) end: TextRange,
    /// Whether there are such lines below that of its `{`.
    pub(super) has_lines: bool,
}

/// Whether a node is in braces.
pub(super) fn is_braced(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Block
            | Kind::FieldList
            | Kind::VariantList
            | Kind::FlagList
            | Kind::ImportList
            | Kind::RecordExpr
            | Kind::Branch
    )
}

/// The blocks that were left open, in order. Empty where the lines tell of another number of them than the
/// tree lacks.
pub(super) fn left_open(root: &SyntaxNode) -> Vec<LeftOpen> {
    let lacks = |node: &SyntaxNode| {
        is_braced(node.kind()) && super::has(node, Kind::LBrace) && !super::has(node, Kind::RBrace)
    };
    let lacking = root.descendants().filter(lacks).count();
    if lacking > MAX_OPEN {
        return Vec::new();
    }
    let text = root.text().to_string();
    let lines = Lines::of(&text);
    let mut open: Vec<TextRange> = Vec::new();
    let mut left: Vec<TextRange> = Vec::new();
    for token in root.descendants_with_tokens().filter_map(SyntaxElement::into_token) {
        if !token.parent().is_some_and(|parent| is_braced(parent.kind())) {
            continue;
        }
        let range = token.text_range();
        match token.kind() {
            Kind::LBrace => open.push(range),
            Kind::RBrace => {
                if lines.is_first(range.start()) {
                    let own = lines.indent(range.start());
                    let is_inside = |brace: &mut TextRange| is_deeper(lines.indent(brace.start()), own);
                    left.extend(std::iter::from_fn(|| open.pop_if(is_inside)));
                }
                open.pop();
            }
            _ => {}
        }
    }
    left.extend(open);
    left.sort_by_key(|opening| opening.start());
    if left.len() != lacking {
        return Vec::new();
    }
    let left_open = |opening: TextRange| {
        let end = lines.end_of_block(opening.start());
        let has_lines = lines.line(end.start()) > lines.line(opening.start());
        LeftOpen { opening, end, has_lines }
    };
    left.into_iter().map(left_open).collect()
}

/// Whether white space of one line continues that of another.
fn is_deeper(inner: &str, outer: &str) -> bool {
    inner.len() > outer.len() && inner.starts_with(outer)
}

/// The lines of a text.
struct Lines<'t> {
    text: &'t str,
    /// Where each begins.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The number of the line of a place, from zero.
    fn line(&self, at: TextSize) -> usize {
        self.starts.partition_point(|start| *start <= usize::from(at)) - 1
    }

    fn line_text(&self, line: usize) -> &'t str {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        &self.text[start..end]
    }

    /// The white space that the line of a place begins with.
    fn indent(&self, at: TextSize) -> &'t str {
        blanks(self.line_text(self.line(at)))
    }

    /// Whether nothing but white space stands before a place on its line.
    fn is_first(&self, at: TextSize) -> bool {
        let start = self.starts[self.line(at)];
        self.text[start..usize::from(at)].trim().is_empty()
    }

    /// After the last line below that of an opening brace which is further right than it.
    fn end_of_block(&self, opening: TextSize) -> TextRange {
        let (first, own) = (self.line(opening), self.indent(opening));
        let mut last = first;
        for line in first + 1..self.starts.len() {
            let text = self.line_text(line);
            if text.trim().is_empty() {
                continue;
            }
            if !is_deeper(blanks(text), own) {
                break;
            }
            last = line;
        }
        let end = self.starts[last] + self.line_text(last).trim_end().len();
        // A text is at most 4 GiB, or it would not have been parsed.
        TextRange::empty(TextSize::try_from(end).unwrap_or_default())
    }
}

fn blanks(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}
