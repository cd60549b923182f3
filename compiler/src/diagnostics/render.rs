//! Diagnostics as text for a terminal and as JSON for tools.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::files::SimpleFiles;
use codespan_reporting::term::{self, termcolor};

use crate::diagnostics::{Applicability, Diagnostic, Label, Severity};

/// Whether terminal colours are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Color {
    /// With escape sequences.
    Always,
    /// Plain text.
    Never,
}

/// The diagnostics as people read them, with the source lines they are about.
///
/// `text_of` gives the text of a file; a file it does not know is shown without its lines.
pub fn human(diagnostics: &[Diagnostic], text_of: &dyn Fn(&Path) -> Option<String>, color: Color) -> String {
    let mut files = SimpleFiles::new();
    let mut ids: BTreeMap<PathBuf, (usize, usize)> = BTreeMap::new();
    let mut buffer = match color {
        Color::Always => termcolor::Buffer::ansi(),
        Color::Never => termcolor::Buffer::no_color(),
    };
    let config = term::Config::default();
    for diagnostic in diagnostics {
        let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary);
        let labels = labels
            .enumerate()
            .map(|(index, label)| {
                let (file, length) = *ids.entry(label.path.clone()).or_insert_with(|| {
                    let text = text_of(&label.path).unwrap_or_default();
                    let length = text.len();
                    (files.add(label.path.display().to_string(), text), length)
                });
                let style =
                    if index == 0 { codespan::LabelStyle::Primary } else { codespan::LabelStyle::Secondary };
                let range = label.range.start.min(length)..label.range.end.min(length);
                codespan::Label::new(style, file, range).with_message(&label.message)
            })
            .collect();
        let severity = match diagnostic.severity {
            Severity::Error => codespan::Severity::Error,
            Severity::Warning => codespan::Severity::Warning,
        };
        let shown = codespan::Diagnostic::new(severity)
            .with_code(diagnostic.code.as_str())
            .with_message(&diagnostic.message)
            .with_labels(labels)
            .with_notes(diagnostic.help.iter().map(|help| format!("help: {help}")).collect());
        // Writing to memory fails only when a label's file is unknown, and all were added above.
        let written = term::emit_to_write_style(&mut buffer, &config, &files, &shown);
        if written.is_err() {
            return plain(diagnostics);
        }
    }
    String::from_utf8_lossy(buffer.as_slice()).into_owned()
}

/// One line each, for when the sources cannot be shown.
fn plain(diagnostics: &[Diagnostic]) -> String {
    diagnostics
        .iter()
        .map(|d| format!("{}: {}[{}]: {}\n", d.primary.path.display(), d.severity.name(), d.code, d.message))
        .collect()
}

/// The diagnostics as a JSON array, one object each, with byte ranges.
pub fn json(diagnostics: &[Diagnostic]) -> serde_json::Value {
    let label = |label: &Label| {
        serde_json::json!({
            "path": label.path.display().to_string(),
            "start": label.range.start,
            "end": label.range.end,
            "message": label.message,
        })
    };
    let fix = |fix: &crate::diagnostics::Fix| {
        let edits: Vec<_> = fix
            .edits
            .iter()
            .map(|edit| {
                serde_json::json!({
                    "path": edit.path.display().to_string(),
                    "start": edit.range.start,
                    "end": edit.range.end,
                    "replacement": edit.replacement,
                })
            })
            .collect();
        let applicability = match fix.applicability {
            Applicability::Safe => "safe",
            Applicability::Guess => "guess",
        };
        serde_json::json!({ "title": fix.title, "applicability": applicability, "edits": edits })
    };
    diagnostics
        .iter()
        .map(|d| {
            serde_json::json!({
                "code": d.code.as_str(),
                "severity": d.severity.name(),
                "message": d.message,
                "primary": label(&d.primary),
                "secondary": d.secondary.iter().map(label).collect::<Vec<_>>(),
                "help": d.help,
                "fix": d.fix.as_ref().map(fix),
            })
        })
        .collect()
}
