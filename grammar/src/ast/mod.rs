//! Typed views of the tree.
//!
//! A view is a tree node whose kind is known; making one copies nothing. Accessors return `Option` or
//! an iterator, because any part may be missing while somebody types. What is missing has been
//! reported by the parser already, so a reader of views skips it in silence.

mod clauses;
mod expressions;
mod items;
mod operators;
mod statements;
mod strings;
mod types;

pub use clauses::{
    AtClause, ByClause, Clause, ForAmount, ForClause, HasHeader, SourceValue, ThroughClause, TrimClause,
    UnderClause, UntilClause, UpTo, WithClause,
};
pub use expressions::{
    Arg, ArgList, BinaryExpr, Branch, CallExpr, Comprehension, Easing, ElseBranch, Expr, FieldExpr, IfExpr,
    Index, IndexExpr, Keyframe, KeyframeList, ListExpr, Literal, NameRef, ParenExpr, PrefixExpr, RangeExpr,
    RecordExpr, RecordField,
};
pub use items::{
    Composition, Constraint, Default, ExternElement, ExternEnum, ExternFn, ExternUnit, Field, FieldList,
    File, FlagList, Fn, HeaderValue, Import, ImportAlias, ImportList, ImportName, Item, Let, Param,
    ParamList, Style, StyleTarget, Variant, VariantList,
};
pub use operators::{BinaryOp, PrefixOp};
pub use statements::{
    Amount, Block, Duck, Effect, Element, Else, For, Gap, If, Marker, Mask, MaskMode, Motion, MotionRole,
    Output, Property, Sequence, Set, Stack, Stmt, Transition,
};
pub use strings::{Interpolation, StringLit};
pub use types::{TypeAlt, TypeArgs, TypeRef};

use rowan::TextRange;

use crate::ptr::SyntaxPtr;
use crate::syntax_kind::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

/// A typed view of a node.
pub trait AstNode: Sized {
    /// Whether nodes of this kind have this view.
    fn can_cast(kind: SyntaxKind) -> bool;

    /// The view of a node, if it has this one.
    fn cast(syntax: SyntaxNode) -> Option<Self>;

    /// The node behind the view.
    fn syntax(&self) -> &SyntaxNode;

    /// Where it stands, in bytes.
    fn range(&self) -> TextRange {
        self.syntax().text_range()
    }

    /// A pointer to it that outlives the tree.
    fn ptr(&self) -> SyntaxPtr {
        SyntaxPtr::new(self.syntax())
    }
}

/// Defines views of one kind each.
macro_rules! views {
    ($($(#[$doc:meta])* $view:ident,)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Hash)]
            pub struct $view {
                syntax: $crate::SyntaxNode,
            }

            impl $crate::ast::AstNode for $view {
                fn can_cast(kind: $crate::SyntaxKind) -> bool {
                    kind == $crate::SyntaxKind::$view
                }

                fn cast(syntax: $crate::SyntaxNode) -> Option<$view> {
                    (syntax.kind() == $crate::SyntaxKind::$view).then_some($view { syntax })
                }

                fn syntax(&self) -> &$crate::SyntaxNode {
                    &self.syntax
                }
            }
        )*
    };
}

/// Defines a view that is one of several: `Variant(View)`.
macro_rules! choice {
    ($(#[$doc:meta])* $choice:ident { $($(#[$variant_doc:meta])* $variant:ident($view:ident),)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $choice {
            $($(#[$variant_doc])* $variant($view),)*
        }

        impl $crate::ast::AstNode for $choice {
            fn can_cast(kind: $crate::SyntaxKind) -> bool {
                $($view::can_cast(kind))||*
            }

            fn cast(syntax: $crate::SyntaxNode) -> Option<$choice> {
                match syntax.kind() {
                    $(kind if $view::can_cast(kind) => $view::cast(syntax).map($choice::$variant),)*
                    _ => None,
                }
            }

            fn syntax(&self) -> &$crate::SyntaxNode {
                match self {
                    $($choice::$variant(view) => view.syntax(),)*
                }
            }
        }
    };
}

use {choice, views};

views! {
    /// A name where something is defined or selected.
    Name,
    /// A name that may lead into an imported file: `brand.headline`.
    Path,
}

impl Name {
    /// The word itself.
    pub fn token(&self) -> Option<SyntaxToken> {
        token(&self.syntax, SyntaxKind::Ident)
    }

    /// Its letters.
    pub fn text(&self) -> String {
        self.syntax.text().to_string()
    }
}

impl Path {
    /// The words between the dots; at least one.
    pub fn segments(&self) -> impl Iterator<Item = SyntaxToken> + use<> {
        tokens(&self.syntax, SyntaxKind::Ident)
    }

    /// The only word, if there is no dot.
    pub fn single(&self) -> Option<SyntaxToken> {
        match token(&self.syntax, SyntaxKind::Dot) {
            None => self.segments().next(),
            Some(_) => None,
        }
    }

    /// As it is written: `brand.headline`.
    pub fn text(&self) -> String {
        self.syntax.text().to_string()
    }
}

/// Things that may have a name of their own.
pub trait HasName: AstNode {
    /// The name, where one is given.
    fn name(&self) -> Option<Name> {
        child(self.syntax())
    }
}

/// Things that may have a block.
pub trait HasBlock: AstNode {
    /// The block.
    fn block(&self) -> Option<Block> {
        child(self.syntax())
    }
}

/// Things that may be documented.
pub trait HasDoc: AstNode {
    /// The text of the `///` lines above, without the slashes and one space; lines are joined by `\n`.
    fn doc(&self) -> Option<String> {
        doc_above(self.syntax())
    }
}

/// Things that may be kept out of reach of importers.
pub trait HasPrivate: AstNode {
    /// The word `private`, where it stands.
    fn private_token(&self) -> Option<SyntaxToken> {
        token(self.syntax(), SyntaxKind::PrivateKw)
    }
}

/// The doc comments right above a node. A comment that ends another line of code documents nothing.
fn doc_above(node: &SyntaxNode) -> Option<String> {
    let mut lines = Vec::new();
    let mut before = node.prev_sibling_or_token();
    while let Some(SyntaxElement::Token(trivia)) = before {
        before = trivia.prev_sibling_or_token();
        match trivia.kind() {
            SyntaxKind::DocComment => {
                let starts_line = match &before {
                    Some(SyntaxElement::Token(blank)) => {
                        blank.kind() == SyntaxKind::LBrace
                            || blank.text().contains(['\n', '\r'])
                            || blank.text_range().start() == 0.into()
                    }
                    Some(SyntaxElement::Node(_)) => false,
                    None => true,
                };
                if starts_line {
                    let line = trivia.text().trim_start_matches('/');
                    lines.push(line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned());
                }
            }
            kind if kind.is_trivia() => {}
            _ => break,
        }
    }
    lines.reverse();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The first child with the view `N`.
fn child<N: AstNode>(node: &SyntaxNode) -> Option<N> {
    node.children().find_map(N::cast)
}

/// The children with the view `N`, in order.
fn children<N: AstNode>(node: &SyntaxNode) -> impl Iterator<Item = N> + use<N> {
    node.children().filter_map(N::cast)
}

/// The first token of a kind.
fn token(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxToken> {
    tokens(node, kind).next()
}

/// The tokens of a kind, in order.
fn tokens(node: &SyntaxNode, kind: SyntaxKind) -> impl Iterator<Item = SyntaxToken> + use<> {
    node.children_with_tokens()
        .filter_map(SyntaxElement::into_token)
        .filter(move |token| token.kind() == kind)
}

/// The first child with the view `N` that comes after a token of a kind.
fn child_after<N: AstNode>(node: &SyntaxNode, kind: SyntaxKind) -> Option<N> {
    let start = token(node, kind)?.text_range().end();
    children::<N>(node).find(|child| child.range().start() >= start)
}

/// The first child with the view `N` that comes before the first token of a kind, or anywhere without one.
fn child_before<N: AstNode>(node: &SyntaxNode, kind: SyntaxKind) -> Option<N> {
    let end = token(node, kind).map_or(node.text_range().end(), |token| token.text_range().start());
    children::<N>(node).find(|child| child.range().end() <= end)
}

#[cfg(test)]
mod tests;
