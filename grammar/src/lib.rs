//! The grammar of `.vid` files: from text to a tree that keeps every byte, and typed views of it.
//!
//! First stage of the front end. It knows the *form* of the language and nothing of its meaning: which
//! element kinds, properties, units or motions exist is declared in the language itself and read
//! through these views.
//!
//! # What it promises
//!
//! - [`parse`] never fails, never panics and takes time linear in the text. Whatever is wrong is in
//!   [`Parse::errors`], and the tree has the rest.
//! - The text of the tree is the text that was parsed, byte for byte.
//! - Every node of the kind [`SyntaxKind::Error`] has an error that touches it; a text without errors
//!   has no such node.
//! - Nesting is at most [`MAX_DEPTH`] brackets and [`MAX_DEPTH`] operators deep, so recursive walks over
//!   a tree need no guard of their own.
//! - Values of literals are exact: [`ast::Literal::decode`] gives fractions, never floats.
//!
//! # The views
//!
//! [`Parse::file`] gives an [`ast::File`], whose [`items`](ast::File::items) are an enum:
//!
//! | item | view | parts |
//! |---|---|---|
//! | `import "x" as y` / `{ a, b }` | [`ast::Import`] | `path` `alias` `list` |
//! | `let x: T = v` | [`ast::Let`] (also a statement) | `name` `ty` `value` |
//! | `fn f(…) -> T = v` | [`ast::Fn`] | `name` `params` `return_type` `body` |
//! | `style s for K { … }` | [`ast::Style`] | `name` `target` `block` |
//! | `composition c(…) SIZE RATE for D { … }` | [`ast::Composition`] | `name` `params` `size` `rate` `for_clause` `block` |
//! | `extern element e { … }` | [`ast::ExternElement`] | `name` `fields`: `name` `ty` `constraint` `default` `flags` |
//! | `extern enum e { … }` | [`ast::ExternEnum`] | `name` `variants`: `name` `flags` |
//! | `extern unit u: T = v { … }` | [`ast::ExternUnit`] | `name` or `sign`, `ty` `worth` `flags` |
//! | `extern fn f(…) -> T` | [`ast::ExternFn`] | `name` `params` `return_type` |
//!
//! A block holds [`ast::Stmt`]s: properties, elements, `sequence`, `stack`, `transition`, `marker`,
//! `enter`/`exit`/`motion`/`loop` (all [`ast::Motion`]), `effect`, `mask`, `set`, `duck`, `gap`, `output`,
//! `let`, `for`, `if`. What stands in their headers comes from the trait [`ast::HasHeader`]: `string`,
//! `args`, and the clauses `at` `for` `until` `with` `through` `[a..b]`. Names, blocks, documentation and
//! `private` come from [`ast::HasName`], [`ast::HasBlock`], [`ast::HasDoc`] and [`ast::HasPrivate`].
//! Which parts a header may have is checked by the parser; whether an element kind or property exists is not.
//!
//! Values are [`ast::Expr`]. Operators are nested by precedence already. Literals are decoded by
//! [`ast::Literal::decode`] and [`ast::StringLit::decode`]. Any view can be kept as a [`SyntaxPtr`].
//!
//! ```
//! use vid_grammar::ast::{Expr, HasName, Item};
//! use vid_grammar::literal::LiteralValue;
//!
//! let parse = vid_grammar::parse("let margin = 4%");
//! assert!(parse.errors().is_empty());
//! let Some(Item::Let(item)) = parse.file().items().next() else { panic!("there is a let") };
//! assert_eq!(item.name().map(|name| name.text()).as_deref(), Some("margin"));
//! let Some(Expr::Literal(literal)) = item.value() else { panic!("its value is a literal") };
//! let Ok(LiteralValue::Quantity { value, unit }) = literal.decode() else { panic!("4% has a unit") };
//! assert_eq!((value.numerator, value.denominator, unit.as_str()), (4, 1, "%"));
//! ```
//!
//! # How a text is parsed
//!
//! `nesting` scans for brackets nested too deep and hides them; pest matches the rest against
//! `vid.pest`, a grammar in which every repetition ends in an alternative that takes anything; `build`
//! turns the pairs into the tree and nests expressions; `validate` walks the tree and says what is wrong.
//! `reparse` does less of it where an earlier text has been parsed, with the same result; [`SharedParse`] is a text
//! whose tree is made once for everybody.

mod build;
mod error;
mod limits;
mod nesting;
mod parse;
mod ptr;
mod reparse;
mod shared;
mod syntax_kind;
mod validate;
mod vid_pest;

#[cfg(test)]
mod properties;

pub mod ast;
pub mod fmt;
pub mod highlight;
pub mod literal;

pub use error::{SyntaxError, SyntaxErrorCode, SyntaxFix};
pub use limits::{MAX_DEPTH, MAX_SOURCE_BYTES, MAX_TYPE_DEPTH};
pub use parse::{Parse, parse};
pub use ptr::SyntaxPtr;
pub use reparse::reparse;
pub use rowan::{Direction, GreenNode, NodeOrToken, TextRange, TextSize, TokenAtOffset, WalkEvent};
pub use shared::SharedParse;
pub use syntax_kind::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken, VidLanguage};
