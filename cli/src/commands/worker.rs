//! `vid worker`: renders of a shared queue, on this machine.

use clap::Args;
use vid_server::{render_child, worker_process};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::server::{self, ServerArguments};

/// What `vid worker` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The settings.
    #[command(flatten)]
    pub server: ServerArguments,

    /// Make the one film that standard input orders; how workers start the processes that render
    #[arg(long, hide = true)]
    pub one: bool,
}

/// Works until it is told to end.
///
/// # Errors
/// When the settings make no sense, or something cannot be opened.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    if arguments.one {
        let is_made = render_child() == std::process::ExitCode::SUCCESS;
        return Ok(if is_made { Exit::Success } else { Exit::Media });
    }
    let config = arguments.server.config(None)?;
    worker_process(config, server::launcher()?).map_err(|error| server::failure(&error))?;
    Ok(Exit::Success)
}
