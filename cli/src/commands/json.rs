//! `vid json`: the film as the body of a render request.

use std::path::PathBuf;

use clap::Args;
use vid_timeline::api::{ToJsonOptions, to_json};

use crate::arguments::CompositionArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::project::{Addresses, Project};
use crate::report::{self, Voice};

/// What `vid json` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The source; `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// The file to write; `-` for standard output
    #[arg(short, long, value_name = "OUT", default_value = "-")]
    pub output: PathBuf,

    /// Where the media will be found on the web: a path below the folder of the source becomes an
    /// address below this one
    #[arg(long, value_name = "URL")]
    pub asset_base: Option<String>,

    /// Which of several outputs, counted from 1
    #[arg(long = "output-number", value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub output_number: u16,

    /// Which composition.
    #[command(flatten)]
    pub composition: CompositionArguments,
}

/// Writes the body.
///
/// # Errors
/// When the source has errors, or the film holds what a body cannot say.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let voice = Voice::of_stderr();
    let text = output::is_dash(&arguments.file)
        .then(|| std::io::read_to_string(std::io::stdin().lock()))
        .transpose();
    let text = text.map_err(|error| Failure::input(&arguments.file, error))?;
    let mut project = Project::open(&arguments.file, text.as_deref());
    let compiled = project.compile(&arguments.composition, Addresses::Accepted);
    report::diagnostics(&compiled.diagnostics, &project, voice);
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
    let converted = to_json(&timeline, &options);
    report::verdicts(&converted.verdicts, &project, voice);
    if !converted.is_faithful() {
        return Err(Failure::Reported { errors: report::refusals_in(&converted.verdicts) });
    }
    output::write(&arguments.output, converted.body.to_text().as_bytes())?;
    Ok(Exit::Success)
}
