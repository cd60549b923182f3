//! `vid lsp`: the language server on standard input and output.

use std::path::Path;

use clap::Args;
use vid_compiler::MediaProblem;
use vid_lsp::Prober;
use vid_timeline::MediaFacts;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::intake;
use crate::project::problem_of;

/// What `vid lsp` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Speak over standard input and output; the only way there is, and what editors ask for
    #[arg(long)]
    pub stdio: bool,
}

/// Looks into media as the other commands do.
struct Media;

impl Prober for Media {
    fn probe(&self, location: &str) -> Result<MediaFacts, MediaProblem> {
        intake::probe(Path::new(location)).map_err(|error| problem_of(&error))
    }
}

/// Serves one editor until it says goodbye.
///
/// # Errors
/// When the system has no room for the threads of the server.
pub fn run(_arguments: &Arguments) -> Result<Exit, Failure> {
    vid_lsp::serve_stdio(Media).map_err(|error| Failure::output(Path::new("-"), error))?;
    Ok(Exit::Success)
}
