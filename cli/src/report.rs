//! Showing what is wrong: diagnostics of sources, violations of bodies.

use std::io::{IsTerminal, Write};
use std::path::Path;

use vid_compiler::{Diagnostic, ImportRemark, Severity, TerminalColor, human};
use vid_timeline::api::{self, Verdict, VerdictLevel, Violation};
use vid_timeline::{Element, Origin};

use crate::project::Project;

/// How messages are written to standard error.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    color: TerminalColor,
    /// Whether warnings are left out, because they were said before.
    errors_only: bool,
}

impl Voice {
    /// In colour on a terminal, unless `NO_COLOR` is set.
    pub fn of_stderr() -> Self {
        Self { color: color_for(std::io::stderr().is_terminal()), errors_only: false }
    }

    /// The same without warnings.
    pub fn errors_only(self) -> Self {
        Self { errors_only: true, ..self }
    }
}

/// Whether to write colours to something that is a terminal or not.
pub fn color_for(is_terminal: bool) -> TerminalColor {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if is_terminal && !refused { TerminalColor::Always } else { TerminalColor::Never }
}

/// Shows diagnostics on standard error.
pub fn diagnostics(diagnostics: &[Diagnostic], project: &Project, voice: Voice) {
    let wanted: Vec<Diagnostic> = diagnostics
        .iter()
        .filter(|diagnostic| !voice.errors_only || diagnostic.severity == Severity::Error)
        .cloned()
        .collect();
    say(&human(&wanted, &|path| project.text_of(path), voice.color));
}

/// Shows diagnostics on standard error, with lines of texts that are not on disk.
pub fn with_texts(diagnostics: &[Diagnostic], text_of: &dyn Fn(&Path) -> Option<String>, voice: Voice) {
    say(&human(diagnostics, &|path| text_of(path), voice.color));
}

/// Shows what a source says otherwise than the body it was made from.
pub fn remarks(body: &Path, remarks: &[ImportRemark], voice: Voice) {
    for remark in remarks {
        let place = match &remark.element {
            Some(id) => at_element(body, id),
            None => body.display().to_string(),
        };
        show(&format!("warning[import]: {}", remark.message), &place, false, voice);
    }
}

/// How many of them are errors.
pub fn errors_in(diagnostics: &[Diagnostic]) -> usize {
    diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
}

/// Shows what is wrong with an API body, each with the place as a JSON pointer.
pub fn violations(body: &Path, violations: &[Violation], voice: Voice) {
    for violation in violations {
        let headline = format!("{}[{}]: {}", violation.severity, violation.code, violation.message);
        let pointer = violation.pointer();
        let place = if pointer.is_empty() { body.display().to_string() } else { at_pointer(body, &pointer) };
        show(&headline, &place, violation.severity == api::Severity::Error, voice);
    }
}

fn at_pointer(body: &Path, pointer: &str) -> String {
    format!("{}:{pointer}", body.display())
}

fn at_element(body: &Path, id: &str) -> String {
    format!("{}: the element `{id}`", body.display())
}

/// Shows what a body says less well than the film.
pub fn verdicts(verdicts: &[Verdict], project: &Project, voice: Voice) {
    for verdict in verdicts {
        let is_error = verdict.level == VerdictLevel::Refused;
        if voice.errors_only && !is_error {
            continue;
        }
        let severity = if is_error { "error" } else { "warning" };
        let headline = format!("{severity}[{}]: {}", verdict.code, verdict.message);
        let place = match verdict.origin {
            Some(_) => place_in_source(project, verdict.origin),
            None => project.known_path().display().to_string(),
        };
        show(&headline, &place, is_error, voice);
    }
}

/// File, line and column of a place in a source.
pub fn place_in_source(project: &Project, origin: Option<Origin>) -> String {
    let label = project.label_of(origin);
    let text = project.text_of(&label.path).unwrap_or_default();
    let (line, column) = line_and_column(&text, label.range.start);
    format!("{}:{line}:{column}", label.path.display())
}

/// How many of them say that the body is wrong.
pub fn refusals_in(verdicts: &[Verdict]) -> usize {
    verdicts.iter().filter(|verdict| verdict.level == VerdictLevel::Refused).count()
}

/// Counted from 1, columns in letters.
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// Shows a medium of an API body that cannot be used.
pub fn problem(body: &Path, pointer: &str, message: &str, voice: Voice) {
    show(&format!("error[MEDIA]: {message}"), &at_pointer(body, pointer), true, voice);
}

/// Shows a text of an API body that cannot be set.
pub fn font_in_body(body: &Path, element: &Element, message: &str, voice: Voice) {
    show(&format!("error[FONT]: {message}"), &at_element(body, &element.id), true, voice);
}

/// Shows a text of an API body with characters that no font has.
pub fn glyphs_in_body(body: &Path, element: &Element, message: &str, voice: Voice) {
    if !voice.errors_only {
        show(&format!("warning[GLYPH]: {message}"), &at_element(body, &element.id), false, voice);
    }
}

fn show(headline: &str, place: &str, is_error: bool, voice: Voice) {
    match (voice.color, headline.split_once(": ")) {
        (TerminalColor::Always, Some((kind, message))) => {
            let color = if is_error { "31" } else { "33" };
            let headline = format!("\x1b[1;{color}m{kind}\x1b[0m\x1b[1m: {message}\x1b[0m");
            say(&format!("{headline}\n  \x1b[34m-->\x1b[0m {place}\n"));
        }
        _ => say(&format!("{headline}\n  --> {place}\n")),
    }
}

/// Talk nobody listens to is no failure.
fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_editors_do() {
        let text = "a\nbé c\n";
        assert_eq!(line_and_column(text, 0), (1, 1));
        assert_eq!(line_and_column(text, 2), (2, 1));
        assert_eq!(line_and_column(text, 6), (2, 4));
        assert_eq!(line_and_column(text, 99), (3, 1));
    }
}
