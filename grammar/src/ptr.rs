//! Pointers into a tree that outlive it.

use rowan::TextRange;

use crate::ast::AstNode;
use crate::syntax_kind::{SyntaxKind, SyntaxNode};

/// A node by its kind and place. Holds no tree, so it can be kept anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SyntaxPtr {
    kind: SyntaxKind,
    start: u32,
    end: u32,
}

impl SyntaxPtr {
    /// The pointer to `node`.
    pub fn new(node: &SyntaxNode) -> SyntaxPtr {
        let range = node.text_range();
        SyntaxPtr { kind: node.kind(), start: range.start().into(), end: range.end().into() }
    }

    /// The kind of the node.
    pub fn kind(self) -> SyntaxKind {
        self.kind
    }

    /// Where it is, in bytes.
    pub fn range(self) -> TextRange {
        TextRange::new(self.start.into(), self.end.into())
    }

    /// The node in the tree of `root`; `None` if that tree is of another text.
    pub fn resolve(self, root: &SyntaxNode) -> Option<SyntaxNode> {
        let mut node = root.clone();
        loop {
            if node.text_range() == self.range() && node.kind() == self.kind {
                return Some(node);
            }
            if !node.text_range().contains_range(self.range()) {
                return None;
            }
            node = node.child_or_token_at_range(self.range())?.into_node()?;
        }
    }

    /// The typed view of the node in the tree of `root`; `None` if that tree is of another text.
    pub fn resolve_as<N: AstNode>(self, root: &SyntaxNode) -> Option<N> {
        self.resolve(root).and_then(N::cast)
    }
}
