//! `vid explain`: the manual page of a code.

use std::fmt::Write as _;

use clap::Args;
use vid_compiler::{Code, explain};
use vid_timeline::api::{VERDICT_TABLE, VerdictCode};

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
        let codes = Code::ALL.iter().map(|code| format!("{code}\n"));
        let verdicts = VerdictCode::ALL.iter().map(|code| format!("{code}\n"));
        let list: String = codes.chain(verdicts).collect();
        output::print(list)?;
        return Ok(Exit::Success);
    };
    let page = explain(code).map(str::to_owned).or_else(|| verdict_page(code)).ok_or_else(|| {
        Failure::usage(format!("there is no code `{code}`; `vid explain` lists all of them"))
    })?;
    output::print(page)?;
    Ok(Exit::Success)
}

/// What `vid json` means by a verdict: each construct that has it, and what the body says.
fn verdict_page(code: &str) -> Option<String> {
    let code = VerdictCode::from_name(code)?;
    let mut page = format!("# {code}\n\nA body of the render API cannot say this as well as the film.\n");
    for row in VERDICT_TABLE {
        if let Some((level, _)) = row.faithfulness.verdict().filter(|(_, own)| *own == code) {
            let _ = write!(page, "\n{}\n  {level}; the body says: {}\n", row.construct, row.body);
        }
    }
    Some(page)
}
