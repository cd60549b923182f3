//! `vid`: films written in text, from the command line.
//!
//! This crate is the host of the other ones and holds no knowledge of its own about the language or
//! about pictures. It reads arguments, opens sources ([`project`]) and API bodies ([`body`]), hands
//! files to the probe and facts to the compiler, calls the runtime, and says what happened.
//!
//! What it promises: results go to standard output and talk to standard error; every end of a
//! command has a documented code ([`exit`]); a file it writes appears under its name complete or not
//! at all.

mod arguments;
mod bake;
mod batch;
mod body;
mod cache;
mod clock;
mod commands;
mod dependencies;
mod destination;
mod editor;
mod exit;
mod failure;
mod film;
mod intake;
mod interrupt;
mod memory;
mod output;
mod progress;
mod project;
mod quiet;
mod report;
mod rows;
mod server;
mod submit;
mod template;
mod terminal;
mod when;

fn main() -> std::process::ExitCode {
    if intake::is_worker() {
        return vid_runtime::isolate::worker();
    }
    memory::keep_freed();
    quiet::libraries();
    commands::run(&arguments::parse()).into()
}
