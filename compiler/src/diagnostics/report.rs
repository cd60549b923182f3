//! A message inside the compiler, before its places become byte ranges.

use std::sync::Arc;

use crate::diagnostics::{Applicability, Code, Severity};
use crate::files::FileId;
use crate::items::NodeId;

/// A place that survives edits elsewhere: a node of an item of a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Place {
    /// The file.
    pub file: FileId,
    /// The item's key, unique in the file.
    pub item: Arc<str>,
    /// The node inside the item.
    pub node: NodeId,
}

/// What the compiler found, with places instead of ranges.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Report {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    pub primary: (Place, String),
    pub secondary: Vec<(Place, String)>,
    pub help: Vec<String>,
    pub fix: Option<ReportFix>,
}

/// The edits of a [`Report`]: each replaces the text of a whole node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ReportFix {
    pub title: String,
    pub edits: Vec<(Place, String)>,
    pub applicability: Applicability,
}

impl Report {
    /// An error about `place`.
    pub(crate) fn error(code: Code, place: &Place, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary: (place.clone(), String::new()),
            secondary: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    /// A warning about `place`.
    pub(crate) fn warning(code: Code, place: &Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, place, message) }
    }

    /// What is said at the primary place.
    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.1 = text.into();
        self
    }

    /// Another place of the story.
    pub(crate) fn also(mut self, place: &Place, text: impl Into<String>) -> Self {
        self.secondary.push((place.clone(), text.into()));
        self
    }

    /// A piece of advice.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// A repair that replaces the text of `place`, and says so as advice.
    pub(crate) fn replace(
        mut self,
        place: &Place,
        replacement: impl Into<String>,
        applicability: Applicability,
    ) -> Self {
        let replacement = replacement.into();
        self.fix = Some(ReportFix {
            title: format!("write `{replacement}`"),
            edits: vec![(place.clone(), replacement)],
            applicability,
        });
        self
    }
}
