//! What must hold for every input.

mod arithmetic;
mod body;
mod data;
mod editor;
mod source;

pub use body::body_of;

/// What a target is fed with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Sources in the language.
    Source,
    /// API bodies.
    Body,
    /// Files of rows, subtitles and JSON.
    Data,
}

/// What came of an input for which everything holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The property was put to the test.
    Tried,
    /// The input came to its end before: a source with errors is no film to compare.
    Short,
}

/// A property and what it is tried on.
pub struct Target {
    /// Its name in reports.
    pub name: &'static str,
    /// What it is fed with.
    pub takes: Takes,
    /// Fails with what does not hold.
    pub run: fn(&str) -> Result<Reach, String>,
}

/// Every property.
pub const TARGETS: &[Target] = &[
    Target { name: "parse", takes: Takes::Source, run: source::parse },
    Target { name: "format", takes: Takes::Source, run: source::format },
    Target { name: "compile", takes: Takes::Source, run: source::compile },
    Target { name: "meaning", takes: Takes::Source, run: source::meaning },
    Target { name: "sharing", takes: Takes::Source, run: source::sharing },
    Target { name: "edits", takes: Takes::Source, run: source::edits },
    Target { name: "editor", takes: Takes::Source, run: editor::editor },
    Target { name: "json out", takes: Takes::Source, run: body::json_out },
    Target { name: "json in", takes: Takes::Body, run: body::json_in },
    Target { name: "import", takes: Takes::Body, run: body::imported },
    Target { name: "data", takes: Takes::Data, run: data::data },
    Target { name: "arithmetic", takes: Takes::Data, run: arithmetic::arithmetic },
];

fn hold(condition: bool, otherwise: &str) -> Result<(), String> {
    if condition { Ok(()) } else { Err(otherwise.to_owned()) }
}
