//! The files a result was made from, and the rule that tells `make` so.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::output;

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
