//! The children of a file or a block, built from what matches them one after another.

use std::ops::Range;

use pest::iterators::Pairs;
use rowan::{GreenNodeBuilder, GreenToken, Language, NodeOrToken};

use super::{Builder, Depth, shape_of};
use crate::build::rules::Shape;
use crate::syntax_kind::{SyntaxKind, VidLanguage};
use crate::vid_pest::Rule;

/// An element of the tree, without a place.
type Element = NodeOrToken<rowan::GreenNode, GreenToken>;

/// Children in the making.
pub(crate) struct Steps<'t> {
    text: &'t str,
    depth: Depth,
    elements: Vec<Element>,
    /// White space that waits for more of its kind; behind it, nothing is built.
    blank: Range<usize>,
    /// Whether something nests too deep, which is a matter of the whole text.
    is_deep: bool,
}

impl<'t> Steps<'t> {
    /// Children of `text` from `start` on, inside of so many blocks.
    pub(crate) fn new(text: &'t str, start: usize, blocks: usize) -> Self {
        let depth = Depth { brackets: blocks, operators: 0 };
        Self { text, depth, elements: Vec::new(), blank: start..start, is_deep: false }
    }

    /// Where the next step begins.
    pub(crate) fn end(&self) -> usize {
        self.blank.end
    }

    /// Adds what one step has matched, in the text from [`Self::end`] on. `None` where that is nothing.
    pub(crate) fn add(&mut self, pairs: Pairs<'_, Rule>) -> Option<()> {
        let start = self.end();
        let end =
            start + pairs.clone().last().map(|pair| pair.as_span().end()).filter(|length| *length > 0)?;
        if pairs.clone().all(|pair| matches!(shape_of(pair.as_rule()), Shape::Token(SyntaxKind::Whitespace)))
        {
            self.blank.end = end;
            return Some(());
        }
        self.flush_blank();
        let mut errors = Vec::new();
        let text = &self.text[start..end];
        let green = GreenNodeBuilder::new();
        let mut builder = Builder { text, green, done: 0, blank: 0..0, errors: &mut errors };
        builder.green.start_node(VidLanguage::kind_to_raw(SyntaxKind::File));
        for pair in pairs {
            builder.pair(pair, self.depth);
        }
        builder.finish();
        let file = builder.green.finish();
        self.elements.extend(file.children().map(|child| child.to_owned()));
        self.is_deep |= !errors.is_empty();
        self.blank = end..end;
        Some(())
    }

    /// The children; `None` where something nests too deep.
    pub(crate) fn finish(mut self) -> Option<Vec<Element>> {
        self.flush_blank();
        (!self.is_deep).then_some(self.elements)
    }

    fn flush_blank(&mut self) {
        if !self.blank.is_empty() {
            let kind = VidLanguage::kind_to_raw(SyntaxKind::Whitespace);
            self.elements.push(NodeOrToken::Token(GreenToken::new(kind, &self.text[self.blank.clone()])));
        }
        self.blank = self.blank.end..self.blank.end;
    }
}
