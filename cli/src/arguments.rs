//! The command line as a whole. What each command takes is in its own file.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{
    check, doctor, explain, fmt, frame, import, json, lsp, new, probe, render, serve, submit, timeline,
    worker,
};
use crate::intake::Isolation;

/// Films written in text: check them, convert them, render them
#[derive(Parser, Debug)]
#[command(name = "vid", version, disable_help_subcommand = true, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// Read each media file in a confined process, from which nothing can be reached; `available`
    /// makes do with the layers that this machine has
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "HOW",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "strict"
    )]
    pub isolate: Option<Isolation>,
}

/// What can be done.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Render a film, or the body of an API request, to a media file
    Render(render::Arguments),
    /// Write the film as the body of a POST /v1/renders request
    Json(json::Arguments),
    /// Turn the body of an API request into a source
    Import(import::Arguments),
    /// Draw the timeline of a film as an SVG
    Timeline(timeline::Arguments),
    /// Make a folder with a film to start from
    New(new::Arguments),
    /// Look for mistakes without rendering
    Check(check::Arguments),
    /// Bring sources into their usual form
    Fmt(fmt::Arguments),
    /// Explain a code that a message carries
    Explain(explain::Arguments),
    /// Say what a media file holds
    Probe(probe::Arguments),
    /// Write one frame of a film as a PNG
    Frame(frame::Arguments),
    /// Look at the machine: libraries, fonts, cache
    Doctor(doctor::Arguments),
    /// Serve an editor on standard input and output
    Lsp(lsp::Arguments),
    /// Serve the render API: take jobs over HTTP and render them
    Serve(serve::Arguments),
    /// Render jobs of a shared queue
    Worker(worker::Arguments),
    /// Have a film rendered by a server: send its media, wait, download
    Submit(submit::Arguments),
}

/// Reads the command line; ends the program where it makes no sense or asks for help.
pub fn parse() -> Arguments {
    Arguments::parse()
}

/// Which film of a source, and with what.
#[derive(Args, Clone, Debug, Default)]
pub struct CompositionArguments {
    /// The composition to take, where the source has several
    #[arg(long, value_name = "NAME")]
    pub composition: Option<String>,

    /// A value for a parameter of the composition; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, String)>,
}

/// How the addresses in an API body lead to local files.
#[derive(Args, Clone, Debug, Default)]
pub struct AssetArguments {
    /// Addresses below this one are local files (API bodies only)
    #[arg(long, value_name = "URL")]
    pub asset_base: Option<String>,

    /// The folder those files are in [default: the folder of the body]
    #[arg(long, value_name = "DIR", requires = "asset_base")]
    pub asset_root: Option<PathBuf>,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err("write `NAME=VALUE`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_parameter_may_hold_an_equals_sign() {
        assert_eq!(parameter("title=a=b"), Ok(("title".to_owned(), "a=b".to_owned())));
        assert!(parameter("title").is_err());
        assert!(parameter("=x").is_err());
    }
}
