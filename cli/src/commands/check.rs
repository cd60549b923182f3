//! `vid check`: mistakes, without rendering.

use std::collections::BTreeMap;
use std::io::{IsTerminal, stdout};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use vid_compiler::{Applicability, Diagnostic, Edit, Fix, MediaTrouble, human, json, sarif};

use crate::dependencies::{Dependencies, DepfileArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::project::Project;
use crate::report;

/// What `vid check` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Sources; `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// How diagnostics are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,

    /// Warnings fail too, and media that cannot be read are errors
    #[arg(long)]
    pub strict: bool,

    /// Apply the fixes that are certain, then check again
    #[arg(long)]
    pub fix: bool,

    /// Whether `make` is told.
    #[command(flatten)]
    pub depfile: DepfileArguments,
}

/// How diagnostics are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// With the lines they are about
    Human,
    /// One JSON array, with byte ranges
    Json,
    /// A SARIF 2.1.0 log, for code hosts and editors
    Sarif,
}

/// Most rounds of fixing. A fix can uncover another one, but two that undo each other must end.
const MAX_ROUNDS: usize = 16;

/// Checks every file.
///
/// # Errors
/// When a file cannot be written by `--fix`, or the diagnostics cannot be printed.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut dependencies = Dependencies::default();
    let outcome = check_all(arguments, &mut dependencies);
    let instead = arguments.files.first().map_or(PathBuf::new(), |file| file.with_extension("checked"));
    arguments.depfile.finish(outcome, &dependencies, &[], &instead)
}

fn check_all(arguments: &Arguments, dependencies: &mut Dependencies) -> Result<Exit, Failure> {
    let mut exit = Exit::Success;
    let mut all = Vec::new();
    let mut told: Vec<Diagnostic> = Vec::new();
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    let (mut errors, mut warnings) = (0, 0);
    for path in &arguments.files {
        let is_stdin = output::is_dash(path);
        let text = is_stdin.then(read_stdin).transpose().map_err(|error| Failure::input(path, error))?;
        let mut project = Project::open(path, text.as_deref());
        let trouble = if arguments.strict { MediaTrouble::Fails } else { MediaTrouble::Warns };
        let mut diagnostics = project.check(trouble);
        if arguments.fix {
            diagnostics = fix(&mut project, diagnostics, trouble)?;
        }
        let paths = project.dependencies();
        dependencies.extend(paths.iter().skip(usize::from(is_stdin)));
        if report::errors_in(&diagnostics) > 0 || (arguments.strict && !diagnostics.is_empty()) {
            exit = exit.and(Exit::Errors);
        }
        // A mistake in a file that several of these import is told once.
        diagnostics.retain(|diagnostic| !told.contains(diagnostic));
        told.extend(diagnostics.iter().cloned());
        let found = report::errors_in(&diagnostics);
        errors += found;
        warnings += diagnostics.len() - found;
        if arguments.format == Format::Human {
            let color = report::color_for(stdout().is_terminal());
            // What is fixed of standard input goes where its result is expected.
            let shown = human(&diagnostics, &|path| project.text_of(path), color);
            if arguments.fix && is_stdin { eprint!("{shown}") } else { output::print(shown)? }
        } else {
            let known = diagnostics.iter().flat_map(|diagnostic| {
                std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary).map(|label| &label.path)
            });
            texts.extend(known.filter_map(|path| Some((path.clone(), project.text_of(path)?))));
            all.extend(diagnostics);
        }
    }
    match arguments.format {
        Format::Json => output::print(format!("{:#}\n", json(&all)))?,
        Format::Sarif => {
            output::print(format!("{:#}\n", sarif(&all, &|path| texts.get(path).cloned())))?;
        }
        Format::Human if errors + warnings > 0 => eprintln!("vid: {}", summary(errors, warnings)),
        Format::Human => {}
    }
    Ok(exit)
}

fn summary(errors: usize, warnings: usize) -> String {
    let counted = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    let parts: Vec<_> =
        [counted(errors, "error"), counted(warnings, "warning")].into_iter().flatten().collect();
    format!("{} found", parts.join(" and "))
}

fn read_stdin() -> std::io::Result<String> {
    std::io::read_to_string(std::io::stdin().lock())
}

/// Applies certain fixes until none is left, says what it did, and returns what remains to be said.
/// The fixed text of standard input goes to standard output.
fn fix(
    project: &mut Project,
    mut diagnostics: Vec<Diagnostic>,
    trouble: MediaTrouble,
) -> Result<Vec<Diagnostic>, Failure> {
    let Some(original) = project.own_text() else { return Ok(diagnostics) };
    let mut text = original.clone();
    let mut done = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let certain: Vec<(&Diagnostic, &Fix)> = diagnostics
            .iter()
            .filter_map(|diagnostic| Some((diagnostic, diagnostic.fix.as_ref()?)))
            .filter(|(_, fix)| fix.applicability == Applicability::Safe)
            .filter(|(_, fix)| fix.edits.iter().all(|edit| edit.path == project.known_path()))
            .collect();
        let fixed = apply(&text, certain.iter().flat_map(|(_, fix)| &fix.edits).collect());
        if fixed == text {
            break;
        }
        for (diagnostic, fix) in certain {
            let (line, _) = report::line_and_column(&text, diagnostic.primary.range.start);
            let path = project.path().display();
            done.push(format!("{path}:{line}: {} ({})", fix.title, diagnostic.code));
        }
        text = fixed;
        project.set_text(&text);
        diagnostics = project.check(trouble);
    }
    for line in done {
        eprintln!("fixed {line}");
    }
    if project.is_stdin() {
        output::print(&text)?;
    } else if text != original {
        output::write(project.path(), text.as_bytes())?;
    }
    Ok(diagnostics)
}

/// The text with the edits made; of edits that overlap the first wins, and the next round sees the
/// rest.
fn apply(text: &str, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut fixed = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let (Some(kept), Some(_)) = (text.get(done..edit.range.start), text.get(edit.range.clone())) else {
            continue;
        };
        fixed.push_str(kept);
        fixed.push_str(&edit.replacement);
        done = edit.range.end;
    }
    fixed.push_str(text.get(done..).unwrap_or_default());
    fixed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(range: std::ops::Range<usize>, replacement: &str) -> Edit {
        Edit { path: PathBuf::from("a.vid"), range, replacement: replacement.to_owned() }
    }

    #[test]
    fn edits_are_made_in_order_and_the_first_of_two_wins() {
        let edits = [edit(4..7, "two"), edit(0..3, "one"), edit(5..6, "x"), edit(90..91, "y")];
        assert_eq!(apply("aaa bbb ccc", edits.iter().collect()), "one two ccc");
    }

    #[test]
    fn an_insertion_needs_no_room() {
        assert_eq!(apply("ab", vec![&edit(1..1, "-")]), "a-b");
    }

    #[test]
    fn the_summary_counts_in_words() {
        assert_eq!(summary(1, 2), "1 error and 2 warnings found");
        assert_eq!(summary(0, 1), "1 warning found");
    }
}
