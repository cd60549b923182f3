//! What a file says, without where it says it.
//!
//! The tree of the parser is turned into items: compositions, values, declarations. Items hold no
//! byte ranges; each of their nodes has a number, and a table beside the item maps numbers to
//! ranges. So an edit that only moves text (a comment, a blank line, another item) leaves an item
//! equal to what it was, and nothing that reads it runs again.

mod from_ast;
mod hir;
mod query;

pub(crate) use from_ast::item_from_ast;
pub(crate) use hir::*;
pub(crate) use query::{ItemDef, file_items, parse};
