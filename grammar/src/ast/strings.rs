//! Views of strings. Their text is decoded by [`crate::literal`].

use super::{AstNode, Expr, child, token, views};
use crate::syntax_kind::{SyntaxKind, SyntaxToken};

views! {
    /// `"Hi {name}"` or `"""raw"""`
    StringLit,
    /// `{name}` in a string.
    Interpolation,
}

impl StringLit {
    /// The one token of a raw string.
    pub fn raw_token(&self) -> Option<SyntaxToken> {
        token(&self.syntax, SyntaxKind::RawString)
    }

    /// The values inside of it, in order.
    pub fn interpolations(&self) -> impl Iterator<Item = Interpolation> + use<> {
        self.syntax.children().filter_map(Interpolation::cast)
    }
}

impl Interpolation {
    /// The value.
    pub fn expr(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}
