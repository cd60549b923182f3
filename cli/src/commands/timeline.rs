//! `vid timeline`: when everything is, as a drawing.

use std::path::{Path, PathBuf};

use clap::Args;
use vid_timeline::svg;

use crate::dependencies::{Dependencies, DepfileArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::film::{FilmArguments, timeline_of};
use crate::output;
use crate::report::Voice;

/// What `vid timeline` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Which film.
    #[command(flatten)]
    pub film: FilmArguments,

    /// The SVG to write; `-` for standard output
    #[arg(short, long, value_name = "SVG", default_value = "-")]
    pub output: PathBuf,

    /// Whether `make` is told.
    #[command(flatten)]
    pub depfile: DepfileArguments,
}

/// Draws the timeline.
///
/// # Errors
/// When the film has errors, or the file cannot be written.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut dependencies = Dependencies::default();
    let outcome = draw(arguments, &mut dependencies);
    let targets = [arguments.output.clone()];
    let instead: &Path = &arguments.film.file.with_extension("svg");
    arguments.depfile.finish(outcome, &dependencies, &targets, instead)
}

fn draw(arguments: &Arguments, dependencies: &mut Dependencies) -> Result<Exit, Failure> {
    let timeline = timeline_of(&arguments.film, dependencies, Voice::of_stderr())?;
    output::write(&arguments.output, svg::draw(&timeline).as_bytes())?;
    Ok(Exit::Success)
}
