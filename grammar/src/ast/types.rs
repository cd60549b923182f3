//! Views of types.

use super::{Path, child, children, token, views};
use crate::syntax_kind::{SyntaxKind, SyntaxToken};

views! {
    /// `length | percent`, `list<number>`, `color?`
    TypeRef,
    /// One alternative of a type: `media<video>?`
    TypeAlt,
    /// `<video|audio>`
    TypeArgs,
}

impl TypeRef {
    /// What stands between the `|`; at least one.
    pub fn alternatives(&self) -> impl Iterator<Item = TypeAlt> + use<> {
        children(&self.syntax)
    }
}

impl TypeAlt {
    /// The type's name.
    pub fn path(&self) -> Option<Path> {
        child(&self.syntax)
    }

    /// The types in angle brackets, in order; `media<video|audio>` has one with two alternatives.
    pub fn args(&self) -> impl Iterator<Item = TypeRef> + use<> {
        child::<TypeArgs>(&self.syntax).into_iter().flat_map(|args| args.types())
    }

    /// The `?` of a type whose value may be absent.
    pub fn question_token(&self) -> Option<SyntaxToken> {
        token(&self.syntax, SyntaxKind::Question)
    }
}

impl TypeArgs {
    /// The types, in order.
    pub fn types(&self) -> impl Iterator<Item = TypeRef> + use<> {
        children(&self.syntax)
    }
}
