//! The features, as plain functions over a [`Source`]: bytes in, bytes out. Nothing here knows the
//! protocol, waits, or touches a disk.

mod source;
mod text;

pub mod actions;
pub mod calls;
pub mod colors;
pub mod completion;
pub mod folding;
pub mod formatting;
pub mod hints;
pub mod hover;
pub mod lenses;
pub mod links;
pub mod moment;
pub mod references;
pub mod rename;
pub mod selection;
pub mod signature;
pub mod symbols;
pub mod tokens;

#[cfg(test)]
pub(crate) mod fixture;

pub use source::Source;
pub use text::{Change, decimal, span, timespan};
