//! One film for each row of a table: `--data rows.csv`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use vid_compiler::{Diagnostic, MediaTrouble, Severity};

use crate::arguments::CompositionArguments;
use crate::dependencies::Dependencies;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::project::{Addresses, Project};
use crate::report::{self, Voice};
use crate::rows::{Row, Rows};
use crate::template::Template;

/// Where the values come from.
#[derive(Args, Clone, Debug, Default)]
pub struct DataArguments {
    /// One film for each row: a CSV file whose columns are parameters, or a JSON list of objects;
    /// `--output` is then a template such as `out/{name}.mp4`
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
}

/// The films of a table.
pub struct Batch {
    /// The source, compiled once for each row already.
    pub project: Project,
    /// Films whose values are good, in order.
    pub jobs: Vec<Job>,
    /// Number of rows.
    pub count: usize,
    data: PathBuf,
    tally: Tally,
}

/// One film of a table.
pub struct Job {
    /// Which row.
    pub row: Row,
    /// Which composition, with the values of the row.
    pub composition: CompositionArguments,
    /// Where it goes; `None` leaves the name to the film.
    pub output: Option<PathBuf>,
}

/// What became of the films so far.
#[derive(Default)]
struct Tally {
    made: usize,
    failed: usize,
    exit: Option<Exit>,
}

impl Batch {
    /// Reads the table, looks at every row, and says what is wrong with the values of any.
    ///
    /// # Errors
    /// When the source has errors of its own, the table cannot be used, or two films would have one
    /// name.
    pub fn open(
        source: &Path,
        composition: &CompositionArguments,
        data: &Path,
        template: Option<&Path>,
        addresses: Addresses,
        dependencies: &mut Dependencies,
    ) -> Result<Self, Failure> {
        if output::is_dash(source) {
            return Err(Failure::usage(
                "with `--data` the source is a file, since it is read more than once",
            ));
        }
        if source.extension().is_some_and(|extension| extension == "json") {
            return Err(Failure::usage("`--data` is for sources; an API body has no parameters"));
        }
        dependencies.add(source);
        dependencies.add(data);
        let voice = Voice::of_stderr();
        let mut project = Project::open(source, None);
        let found = project.check(MediaTrouble::Warns);
        dependencies.extend(project.dependencies());
        let errors = report::errors_in(&found);
        if errors > 0 {
            report::diagnostics(&found, &project, voice);
            return Err(Failure::Reported { errors });
        }
        let rows = Rows::read(data)?;
        let mut name = "film".to_owned();
        if let Some(chosen) = project.chosen(composition) {
            let parameters: Vec<String> =
                chosen.parameters.iter().map(|parameter| parameter.name.clone()).collect();
            rows.check(&parameters, &composition.parameters)?;
            name = chosen.name;
        }
        let template = template
            .map(|text| Template::read(&text.to_string_lossy(), &rows.columns).map_err(Failure::usage))
            .transpose()?;
        let mut batch = Self {
            project,
            jobs: Vec::new(),
            count: rows.rows.len(),
            data: data.to_owned(),
            tally: Tally::default(),
        };
        let mut names: BTreeMap<PathBuf, String> = BTreeMap::new();
        for row in rows.rows {
            let output = template.as_ref().map(|template| template.path(&name, &row, batch.count));
            if let Some(output) = &output
                && let Some(other) = names.insert(output.clone(), row.place.clone())
            {
                let message = format!(
                    "{other} and {} of `{}` would both be `{}`; put `{{row}}` into `--output`",
                    row.place,
                    data.display(),
                    output.display()
                );
                return Err(Failure::usage(message));
            }
            let mut composition = composition.clone();
            composition.parameters.extend(row.values.iter().cloned());
            let compiled = batch.project.compile(&composition, addresses);
            dependencies.extend(&compiled.dependencies);
            let errors: Vec<Diagnostic> = compiled
                .diagnostics
                .into_iter()
                .filter(|diagnostic| diagnostic.severity == Severity::Error)
                .collect();
            if errors.is_empty() {
                batch.jobs.push(Job { row, composition, output });
            } else {
                report::diagnostics(&errors, &batch.project, voice);
                batch.failed(&row, &Failure::Reported { errors: errors.len() }, column_of(&errors, &row));
            }
        }
        Ok(batch)
    }

    /// Says that a film is made.
    pub fn made(&mut self) {
        self.tally.made += 1;
    }

    /// Says why a film could not be made, and in which row.
    pub fn failed(&mut self, row: &Row, failure: &Failure, column: Option<&str>) {
        self.tally.failed += 1;
        self.tally.exit.get_or_insert(failure.exit());
        let column = column.map(|name| format!(", column `{name}`")).unwrap_or_default();
        eprintln!("vid: {}, {}{column}: {failure}", self.data.display(), row.place);
        if let Some(advice) = failure.advice() {
            eprintln!("     {advice}");
        }
    }

    /// Sums up.
    ///
    /// # Errors
    /// When some film could not be made.
    pub fn finish(self) -> Result<Exit, Failure> {
        let Tally { made, failed, exit } = self.tally;
        let films = |count: usize| if count == 1 { "1 film".to_owned() } else { format!("{count} films") };
        eprintln!("{}: {} made, {failed} failed", self.data.display(), films(made));
        match exit {
            None => Ok(Exit::Success),
            Some(exit) => Err(Failure::Rows { failed, all: self.count, exit }),
        }
    }
}

/// The column whose value an error is about.
fn column_of<'r>(errors: &[Diagnostic], row: &'r Row) -> Option<&'r str> {
    let names = row.values.iter().map(|(name, _)| name.as_str());
    let is_named = |name: &&str| errors.iter().any(|error| error.message.contains(&format!("`{name}`")));
    names.into_iter().find(is_named)
}
