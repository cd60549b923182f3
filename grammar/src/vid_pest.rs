//! The parser that pest makes from `vid.pest`. Nothing outside `parse` and `build` sees it.

/// Matches text against the rules of `vid.pest`.
#[derive(pest_derive::Parser)]
#[grammar = "vid.pest"]
pub(crate) struct VidParser;
