//! `vid serve`: the render API on this machine.

use clap::Args;
use vid_server::serve_process;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::server::{self, ListenArguments, ServerArguments};

/// What `vid serve` takes. Every option is also a setting of the configuration file.
#[derive(Args, Debug)]
pub struct Arguments {
    /// What a worker takes, too.
    #[command(flatten)]
    pub server: ServerArguments,

    /// What only a server takes.
    #[command(flatten)]
    pub listen: ListenArguments,
}

/// Serves until it is told to end.
///
/// # Errors
/// When the settings make no sense, something cannot be opened, or the port not be listened on.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let config = arguments.server.config(Some(&arguments.listen))?;
    if config.api_keys.is_empty() {
        eprintln!("note: no API key is given; only keys that the database has already open anything");
    }
    let ready = |address| eprintln!("listening on {address}");
    serve_process(config, server::launcher()?, ready).map_err(|error| server::failure(&error))?;
    Ok(Exit::Success)
}
