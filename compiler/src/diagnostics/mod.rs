//! What the compiler tells the author.
//!
//! Inside the compiler a message is a [`Report`]: it names places by item and node, so that it stays
//! equal when text moves. At the edge every report becomes a [`Diagnostic`] with byte ranges.

mod code;
mod nearest;
mod render;
mod report;
mod sarif;

pub use code::{Code, explain};
pub use nearest::nearest;
pub use render::{Color as TerminalColor, human, json};
pub(crate) use report::{Place, Report};
pub use sarif::sarif;

use std::ops::Range;
use std::path::PathBuf;

/// How much a diagnostic matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// No timeline can be made.
    Error,
    /// A timeline can be made, but it is probably not what the author means.
    Warning,
}

impl Severity {
    /// The word that messages begin with.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing the compiler has to say, with the places it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Stable code with a manual page, see [`explain`].
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// The headline: lower case, no full stop, enough on its own.
    pub message: String,
    /// The place it is about.
    pub primary: Label,
    /// Other places that belong to the story, in the order they are told.
    pub secondary: Vec<Label>,
    /// What to do, one piece of advice each.
    pub help: Vec<String>,
    /// An edit that repairs it, where there is one.
    pub fix: Option<Fix>,
}

/// A place in a file, with what is to be said there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The file, as its path was given to the compiler.
    pub path: PathBuf,
    /// Bytes of the file's text; empty where something is missing.
    pub range: Range<usize>,
    /// What is said at this place; empty to only mark it.
    pub message: String,
}

/// Edits that repair what a diagnostic is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What the edits do, as a command: `write text_color`.
    pub title: String,
    /// In no particular order; they do not overlap.
    pub edits: Vec<Edit>,
    /// Whether a tool may apply it without asking.
    pub applicability: Applicability,
}

/// Replaces a part of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// The file.
    pub path: PathBuf,
    /// Bytes to take out; empty to insert.
    pub range: Range<usize>,
    /// Text to put there.
    pub replacement: String,
}

/// Whether a fix may be applied without asking.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Applicability {
    /// It says what the author means.
    Safe,
    /// It is a good guess.
    Guess,
}

/// Most diagnostics shown for one file. What follows is usually an echo of the first few.
pub const MAX_DIAGNOSTICS: usize = 100;
