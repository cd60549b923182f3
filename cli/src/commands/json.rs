//! `vid json`: the film as the body of a render request.

use std::path::{Path, PathBuf};

use clap::Args;
use vid_timeline::Timeline;
use vid_timeline::api::{ToJsonOptions, bakes, to_json};

use crate::arguments::CompositionArguments;
use crate::bake::{BakeArguments, baked};
use crate::batch::{Batch, DataArguments};
use crate::dependencies::{Dependencies, DepfileArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::project::{Addresses, Project};
use crate::report::{self, Voice};
use crate::template::Template;

/// What `vid json` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The source; `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// The file to write; `-` for standard output [default: `-`; with `--data`, a file for each row]
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,

    /// Where the media will be found on the web: a path below the folder of the source becomes an
    /// address below this one
    #[arg(long, value_name = "URL")]
    pub asset_base: Option<String>,

    /// Which of several outputs, counted from 1
    #[arg(long = "output-number", value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub output_number: u16,

    /// What a body cannot say.
    #[command(flatten)]
    pub bake: BakeArguments,

    /// Which composition.
    #[command(flatten)]
    pub composition: CompositionArguments,

    /// One body a row.
    #[command(flatten)]
    pub data: DataArguments,

    /// Whether `make` is told.
    #[command(flatten)]
    pub depfile: DepfileArguments,
}

/// Writes the body, or one for each row of a table.
///
/// # Errors
/// When the source has errors, or the film holds what a body cannot say.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut dependencies = Dependencies::default();
    let mut targets: Vec<PathBuf> = Vec::new();
    let outcome = match &arguments.data.data {
        Some(data) => write_rows(arguments, data, &mut dependencies, &mut targets),
        None => {
            targets.extend(arguments.output.clone());
            write_one(arguments, &mut dependencies)
        }
    };
    let instead = arguments.file.with_extension("json");
    arguments.depfile.finish(outcome, &dependencies, &targets, &instead)
}

fn write_one(arguments: &Arguments, dependencies: &mut Dependencies) -> Result<Exit, Failure> {
    let text = output::is_dash(&arguments.file)
        .then(|| std::io::read_to_string(std::io::stdin().lock()))
        .transpose();
    let text = text.map_err(|error| Failure::input(&arguments.file, error))?;
    let mut project = Project::open(&arguments.file, text.as_deref());
    let destination = arguments.output.as_deref().unwrap_or(Path::new("-"));
    let composition = &arguments.composition;
    write_body(arguments, &mut project, composition, destination, dependencies, Voice::of_stderr())?;
    Ok(Exit::Success)
}

/// Writes the body of each row. Rows whose bodies fail do not stop the others.
fn write_rows(
    arguments: &Arguments,
    data: &Path,
    dependencies: &mut Dependencies,
    targets: &mut Vec<PathBuf>,
) -> Result<Exit, Failure> {
    let template = arguments.output.as_deref();
    if template.is_some_and(output::is_dash) {
        return Err(Failure::usage("several bodies cannot go to standard output; write `-o {row}.json`"));
    }
    let (file, composition) = (&arguments.file, &arguments.composition);
    let mut batch = Batch::open(file, composition, data, template, Addresses::Accepted, dependencies)?;
    let name = batch.project.chosen(composition).map_or_else(|| "film".to_owned(), |chosen| chosen.name);
    let mut voice = Voice::of_stderr();
    for job in std::mem::take(&mut batch.jobs) {
        let standard = || Template::standard("json").path(&name, &job.row, batch.count);
        let destination = job.output.clone().unwrap_or_else(standard);
        targets.push(destination.clone());
        let project = &mut batch.project;
        let made = folder_of(&destination).and_then(|()| {
            write_body(arguments, project, &job.composition, &destination, dependencies, voice)
        });
        match made {
            Ok(()) => batch.made(),
            Err(failure) => batch.failed(&job.row, &failure, None),
        }
        // What is doubtful about the source is so in every row.
        voice = voice.errors_only();
    }
    batch.finish()
}

fn folder_of(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new(""));
    std::fs::create_dir_all(folder).map_err(|error| Failure::output(folder, error))
}

fn write_body(
    arguments: &Arguments,
    project: &mut Project,
    composition: &CompositionArguments,
    destination: &Path,
    dependencies: &mut Dependencies,
    voice: Voice,
) -> Result<(), Failure> {
    let compiled = project.compile(composition, Addresses::Accepted);
    dependencies.extend(compiled.dependencies.iter().skip(usize::from(project.is_stdin())));
    report::diagnostics(&compiled.diagnostics, project, voice);
    let Some(timeline) = compiled.timeline else {
        return Err(Failure::Reported { errors: report::errors_in(&compiled.diagnostics) });
    };
    let output = usize::from(arguments.output_number) - 1;
    if output >= timeline.outputs.len() {
        let message = format!(
            "the film has no output number {}; it has {} in all",
            arguments.output_number,
            timeline.outputs.len()
        );
        return Err(Failure::usage(message));
    }
    let asset_root = project.folder().to_string_lossy().into_owned();
    let options = ToJsonOptions { asset_base: arguments.asset_base.clone(), asset_root, output };
    let film = baked(&timeline, &options, &arguments.bake, project, dependencies)?;
    let converted = to_json(&film, &options);
    report::verdicts(&converted.verdicts, project, voice);
    if !converted.is_faithful() {
        if arguments.bake.bake.is_none() {
            propose_baking(&film, &options);
        }
        return Err(Failure::Reported { errors: report::refusals_in(&converted.verdicts) });
    }
    output::write(destination, converted.body.to_text().as_bytes())
}

/// Says which of the elements that are refused could be rendered to files.
fn propose_baking(film: &Timeline, options: &ToJsonOptions) {
    let ids = bakes(film, options).into_iter().filter_map(|bake| film.elements.get(bake.element));
    let ids: Vec<String> = ids.map(|element| format!("`{}`", element.id)).collect();
    let them = if ids.len() == 1 { "it" } else { "them" };
    if !ids.is_empty() {
        eprintln!("vid: with `--bake DIR`, files rendered of {them} stand for {}", ids.join(", "));
    }
}
