//! One file per command: its arguments and what it does.

pub mod catalog;
pub mod check;
pub mod doctor;
pub mod explain;
pub mod fmt;
pub mod frame;
pub mod import;
pub mod json;
pub mod lsp;
pub mod new;
pub mod probe;
pub mod render;
pub mod sandbox;
pub mod serve;
pub mod submit;
pub mod timeline;
pub mod worker;

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::intake;

/// Runs a command and says why it failed, if it did.
pub fn run(arguments: &Arguments) -> Exit {
    let outcome = intake::choose(arguments.isolate).and_then(|()| match &arguments.command {
        Command::Render(arguments) => render::run(arguments),
        Command::Json(arguments) => json::run(arguments),
        Command::Import(arguments) => import::run(arguments),
        Command::Timeline(arguments) => timeline::run(arguments),
        Command::New(arguments) => new::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Fmt(arguments) => fmt::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Probe(arguments) => probe::run(arguments),
        Command::Frame(arguments) => frame::run(arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
        Command::Lsp(arguments) => lsp::run(arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Worker(arguments) => worker::run(arguments),
        Command::Submit(arguments) => submit::run(arguments),
    });
    match outcome {
        Ok(exit) => exit,
        Err(failure) => {
            say(&failure);
            failure.exit()
        }
    }
}

fn say(failure: &Failure) {
    if matches!(failure, Failure::Unread) {
        return;
    }
    eprintln!("vid: {failure}");
    if let Some(advice) = failure.advice() {
        eprintln!("     {advice}");
    }
}
