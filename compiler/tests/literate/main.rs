//! Tests that are written as Markdown: the language suite, the manual, the pages of the codes.

#[path = "../support/mod.rs"]
mod support;

mod codes;
mod harness;
mod manual;
mod mutations;
mod suite;
