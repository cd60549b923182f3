//! The files a result was made from, and the rule that tells `make` so.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// Whether `make` is told what a result was made from.
#[derive(Args, Clone, Debug, Default)]
pub struct DepfileArguments {
    /// Write a makefile rule that names every file the result depends on, also when there is none
    #[arg(long, value_name = "FILE")]
    pub depfile: Option<PathBuf>,
}

impl DepfileArguments {
    /// Ends a command: writes the rule for `targets`, if one is wanted. Results that went to standard
    /// output have no name; the rule is then about the file `instead`.
    ///
    /// # Errors
    /// That of the command; that of the rule where the command has none: why there is no result
    /// matters more than why there is no rule for it.
    pub fn finish(
        &self,
        outcome: Result<Exit, Failure>,
        dependencies: &Dependencies,
        targets: &[PathBuf],
        instead: &Path,
    ) -> Result<Exit, Failure> {
        let Some(depfile) = &self.depfile else { return outcome };
        let mut targets: Vec<PathBuf> =
            targets.iter().filter(|path| !output::is_dash(path)).cloned().collect();
        if targets.is_empty() {
            targets.push(if output::is_dash(instead) { PathBuf::from("result") } else { instead.to_owned() });
        }
        let written = dependencies.write(depfile, &targets);
        outcome.and_then(|exit| written.map(|()| exit))
    }
}

/// Every file that was read, or was looked for, on the way to a result.
#[derive(Default, Debug)]
pub struct Dependencies(BTreeSet<PathBuf>);

impl Dependencies {
    /// Adds a file. Standard input is none.
    pub fn add(&mut self, path: &Path) {
        if !output::is_dash(path) {
            self.0.insert(path.to_owned());
        }
    }

    /// Adds several files.
    pub fn extend<P: AsRef<Path>>(&mut self, paths: impl IntoIterator<Item = P>) {
        for path in paths {
            self.add(path.as_ref());
        }
    }

    /// Writes the rule `targets: files` to `path`, with an empty rule for each file, so that a file
    /// that is deleted later means "make it again" and not "no rule to make it".
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path, targets: &[PathBuf]) -> Result<(), Failure> {
        output::write(path, self.rule(targets).as_bytes())
    }

    fn rule(&self, targets: &[PathBuf]) -> String {
        let mut rule = String::new();
        let names: Vec<_> = targets.iter().map(|target| escaped(target)).collect();
        rule.push_str(&names.join(" "));
        rule.push(':');
        for file in &self.0 {
            let _ = write!(rule, " \\\n  {}", escaped(file));
        }
        rule.push('\n');
        for file in &self.0 {
            let _ = write!(rule, "\n{}:\n", escaped(file));
        }
        rule
    }
}

/// A path as it is written in a makefile.
fn escaped(path: &Path) -> String {
    let mut text = String::new();
    for c in path.to_string_lossy().chars() {
        match c {
            ' ' | '#' | ':' | '%' | '\\' => {
                text.push('\\');
                text.push(c);
            }
            '$' => text.push_str("$$"),
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn the_rule_names_every_file_once() {
        let mut dependencies = Dependencies::default();
        dependencies.extend(["film.vid", "my clip $1.mp4", "film.vid", "-"]);
        let rule = dependencies.rule(&[PathBuf::from("out/film.mp4")]);
        expect![[r"
            out/film.mp4: \
              film.vid \
              my\ clip\ $$1.mp4

            film.vid:

            my\ clip\ $$1.mp4:
        "]]
        .assert_eq(&rule);
    }
}
