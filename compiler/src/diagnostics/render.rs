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

/// Longest line that is shown, in bytes; what is longer was written by a machine.
const MAX_SHOWN_LINE: usize = 400;

/// The diagnostics as people read them, with the source lines they are about.
///
/// `text_of` gives the text of a file; a file it does not know is shown without its lines, and so are
/// lines that nobody could read.
pub fn human(diagnostics: &[Diagnostic], text_of: &dyn Fn(&Path) -> Option<String>, color: Color) -> String {
    let mut files = SimpleFiles::new();
    let mut ids: BTreeMap<PathBuf, (usize, usize)> = BTreeMap::new();
    let mut buffer = match color {
        Color::Always => termcolor::Buffer::ansi(),
        Color::Never => termcolor::Buffer::no_color(),
    };
    for diagnostic in diagnostics {
        let mut display_style = term::DisplayStyle::Rich;
        let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary);
        let labels = labels
            .enumerate()
            .map(|(index, label)| {
                let (file, length) = *ids.entry(label.path.clone()).or_insert_with(|| {
                    let text = text_of(&label.path).unwrap_or_default();
                    let length = text.len();
                    (files.add(label.path.display().to_string(), text), length)
                });
                if !files.get(file).is_ok_and(|file| can_be_shown(file.source(), label)) {
                    display_style = term::DisplayStyle::Medium;
                }
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
        let config = term::Config { display_style, ..term::Config::default() };
        // Writing to memory fails only when a label's file is unknown, and all were added above.
        let written = term::emit_to_write_style(&mut buffer, &config, &files, &shown);
        if written.is_err() {
            return plain(diagnostics);
        }
    }
    String::from_utf8_lossy(buffer.as_slice()).into_owned()
}

/// Whether the lines in which the label begins and ends can be read on a screen.
fn can_be_shown(text: &str, label: &Label) -> bool {
    let line_around = |at: usize| {
        let (before, after) = text.split_at_checked(at)?;
        Some(
            before.len() - before.rfind('\n').map_or(0, |end| end + 1)
                + after.find('\n').unwrap_or(after.len()),
        )
    };
    let ends = [label.range.start, label.range.end];
    !text.is_empty()
        && ends.into_iter().all(|at| line_around(at).is_some_and(|length| length <= MAX_SHOWN_LINE))
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
