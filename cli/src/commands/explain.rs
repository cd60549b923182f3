//! `vid explain`: the manual page of a code.

use clap::Args;
use vid_compiler::{Code, explain};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// What `vid explain` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// A code such as `unknown-property`; without one, all of them are listed
    pub code: Option<String>,
}

/// Prints the page, or the list of codes.
///
/// # Errors
/// When there is no such code.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let Some(code) = &arguments.code else {
        let list: String = Code::ALL.iter().map(|code| format!("{code}\n")).collect();
        output::print(list)?;
        return Ok(Exit::Success);
    };
    let page = explain(code).ok_or_else(|| {
        Failure::usage(format!("there is no code `{code}`; `vid explain` lists all of them"))
    })?;
    output::print(page)?;
    Ok(Exit::Success)
}
