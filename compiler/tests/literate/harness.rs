//! Literate cases: Markdown files whose fenced blocks are sources and expected outcomes.
//!
//! A heading of level two starts a case. Its blocks:
//!
//! | block | holds |
//! |---|---|
//! | `vid` | the source, as `film.vid` |
//! | `media` | what is known of media files, in the words of `support::media` |
//! | `file PATH` | another file beside the source: data, or a source that is imported |
//! | `request` | `composition NAME` and `NAME=VALUE` lines; `check` or `check strict` in place of compiling |
//! | `diagnostics` | expected: what the compiler says |
//! | `timeline` | expected: the timeline |
//! | `fixed` | expected: the source with all fixes applied |
//!
//! `UPDATE_EXPECT=1` writes the expected blocks.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use vid_compiler::{CompileRequest, Compiled, Diagnostic, Label, MediaTrouble, Sharing, dump};

use crate::support::{SOURCE, Stage};

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the repository").to_owned()
}

/// All Markdown files below a folder, in order.
pub fn markdown_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder exists") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// A piece of a Markdown file.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Lines outside of fenced blocks.
    Prose(String),
    /// A fenced block: its first line after the fence, and its text.
    Block { info: String, text: String },
}

/// Splits Markdown into prose and fenced blocks.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = vec![Piece::Prose(String::new())];
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        if let Some(info) = line.strip_prefix("```") {
            if inside {
                pieces.push(Piece::Prose(String::new()));
            } else {
                pieces.push(Piece::Block { info: info.trim().to_owned(), text: String::new() });
            }
            inside = !inside;
            continue;
        }
        match pieces.last_mut() {
            Some(Piece::Prose(text) | Piece::Block { text, .. }) => text.push_str(line),
            None => {}
        }
    }
    pieces
}

/// What a case puts in.
#[derive(Default)]
pub struct Case {
    pub stage: Stage,
    pub request: String,
}

/// What comes out of a case.
pub struct Outcome {
    pub diagnostics: Vec<Diagnostic>,
    pub compiled: Option<Compiled>,
}

impl Case {
    /// Compiles or checks the case, with placed compositions shared, which must make no difference.
    pub fn run(&self) -> Outcome {
        let (shared, in_place) = (self.run_with(Sharing::Shared), self.run_with(Sharing::InPlace));
        assert_eq!(
            shared.diagnostics, in_place.diagnostics,
            "sharing changes what is said of\n{}",
            self.stage.source
        );
        if let (Some(shared), Some(in_place)) = (&shared.compiled, &in_place.compiled) {
            assert_eq!(
                shared.timeline, in_place.timeline,
                "sharing changes the film of\n{}",
                self.stage.source
            );
            assert_eq!(
                shared.dependencies, in_place.dependencies,
                "sharing changes what is read by\n{}",
                self.stage.source
            );
        }
        shared
    }

    fn run_with(&self, sharing: Sharing) -> Outcome {
        let (compiler, file) = self.stage.open(sharing);
        let mut request = CompileRequest::default();
        let mut check = None;
        for line in self.request.lines() {
            if let Some(name) = line.strip_prefix("composition ") {
                request.composition = Some(name.to_owned());
            } else if line == "check" {
                check = Some(MediaTrouble::Warns);
            } else if line == "check strict" {
                check = Some(MediaTrouble::Fails);
            } else if let Some((name, value)) = line.split_once('=') {
                request.params.push((name.to_owned(), value.to_owned()));
            }
        }
        match check {
            Some(trouble) => Outcome { diagnostics: compiler.check(file, trouble), compiled: None },
            None => {
                let compiled = compiler.compile(file, &request);
                Outcome { diagnostics: compiled.diagnostics.clone(), compiled: Some(compiled) }
            }
        }
    }

    /// The text of the file of that name.
    fn text(&self, path: &Path) -> &str {
        let file = self.stage.files.iter().find(|(name, _)| Path::new(name) == path);
        file.map_or(&self.stage.source, |(_, text)| text)
    }

    /// The source with every fix applied, later places first.
    pub fn fixed(&self, diagnostics: &[Diagnostic]) -> Option<String> {
        let mut edits: Vec<_> = diagnostics
            .iter()
            .filter_map(|d| d.fix.as_ref())
            .flat_map(|fix| &fix.edits)
            .filter(|edit| edit.path == Path::new(SOURCE))
            .collect();
        if edits.is_empty() {
            return None;
        }
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start));
        let mut text = self.stage.source.clone();
        let mut last = usize::MAX;
        for edit in edits {
            if edit.range.end <= last {
                text.replace_range(edit.range.clone(), &edit.replacement);
                last = edit.range.start;
            }
        }
        Some(text)
    }
}

/// The file that a block `file PATH` is.
pub fn file_block(info: &str, text: String) -> Option<(String, String)> {
    Some((info.strip_prefix("file ")?.trim().to_owned(), text))
}

/// Diagnostics as lines: place, code and headline, then labels, advice and fixes, indented.
pub fn show(diagnostics: &[Diagnostic], case: &Case) -> String {
    let mut out = String::new();
    let at = |label: &Label| {
        let source = case.text(&label.path);
        let before = &source[..label.range.start.min(source.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let marked = source.get(label.range.clone()).unwrap_or("");
        let marked = marked.lines().next().unwrap_or("");
        let file = match label.path == Path::new(SOURCE) {
            true => String::new(),
            false => format!("{}:", label.path.display()),
        };
        // Places in bundled files would change with them.
        let bundled = label.path.starts_with("std");
        if bundled { (file, String::new()) } else { (format!("{file}{line}:{column}"), marked.to_owned()) }
    };
    for d in diagnostics {
        let (place, marked) = at(&d.primary);
        let _ = writeln!(out, "{place} {}[{}]: {}", d.severity.name(), d.code, d.message);
        let _ = write!(out, "  at `{marked}`");
        if !d.primary.message.is_empty() {
            let _ = write!(out, ": {}", d.primary.message);
        }
        out.push('\n');
        for label in &d.secondary {
            let (place, marked) = at(label);
            let _ = writeln!(out, "  {place} `{marked}`: {}", label.message);
        }
        for help in &d.help {
            let _ = writeln!(out, "  help: {help}");
        }
    }
    out
}

/// Runs every case of a Markdown text and gives the text with the outcomes that were found.
pub fn rerun(text: &str) -> (String, usize) {
    let mut out = String::new();
    let mut case = Case::default();
    let mut waiting = false;
    let mut count = 0;
    let expected = |info: &str| matches!(info, "diagnostics" | "timeline" | "fixed");
    for piece in pieces(text) {
        match piece {
            Piece::Prose(prose) => {
                // The outcomes stand before the next heading.
                let heading =
                    if prose.starts_with("## ") { Some(0) } else { prose.find("\n## ").map(|at| at + 1) };
                match heading {
                    Some(at) => {
                        if waiting {
                            add_outcome(&mut out, &case);
                        } else {
                            out.push_str(&prose[..at]);
                        }
                        case = Case::default();
                        waiting = false;
                        out.push_str(&prose[at..]);
                    }
                    None if waiting && prose.trim().is_empty() => {}
                    None => out.push_str(&prose),
                }
            }
            Piece::Block { info, .. } if expected(&info) => {}
            Piece::Block { info, text } => {
                let _ = write!(out, "```{info}\n{text}```\n");
                match info.as_str() {
                    "vid" => {
                        case.stage.source = text;
                        waiting = true;
                        count += 1;
                    }
                    "media" => case.stage.media = text,
                    "request" => case.request = text,
                    other => case.stage.files.extend(file_block(other, text)),
                }
            }
        }
    }
    if waiting {
        add_outcome(&mut out, &case);
    }
    let out = out.trim_end().to_owned() + "\n";
    (out, count)
}

fn add_outcome(out: &mut String, case: &Case) {
    let found = case.run();
    out.push('\n');
    let mut block = |info: &str, text: String| {
        let _ = write!(out, "```{info}\n{text}```\n\n");
    };
    if !found.diagnostics.is_empty() {
        block("diagnostics", show(&found.diagnostics, case));
    }
    if let Some(fixed) = case.fixed(&found.diagnostics) {
        block("fixed", fixed);
    }
    if let Some(timeline) = found.compiled.and_then(|compiled| compiled.timeline) {
        block("timeline", dump::dump(&timeline));
    }
}
