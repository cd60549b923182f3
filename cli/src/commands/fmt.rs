//! `vid fmt`: the usual form of a source.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// What `vid fmt` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Sources to rewrite in place; `-` reads standard input and writes standard output
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Write nothing; list the files that are not in the usual form, and fail if there are any
    #[arg(long)]
    pub check: bool,
}

/// Formats every file.
///
/// # Errors
/// The first file that cannot be read or written.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut exit = Exit::Success;
    for path in &arguments.files {
        let text = read(path).map_err(|error| Failure::input(path, error))?;
        let formatted = vid_grammar::fmt::format(&text).text;
        if arguments.check {
            if formatted != text {
                output::print(format!("{}\n", path.display()))?;
                exit = exit.and(Exit::Errors);
            }
        } else {
            output::write(path, formatted.as_bytes())?;
        }
    }
    Ok(exit)
}

fn read(path: &Path) -> io::Result<String> {
    // One byte more than a source may have is enough to know.
    let limit = vid_grammar::MAX_SOURCE_BYTES as u64;
    let mut text = String::new();
    let length = if output::is_dash(path) {
        io::stdin().lock().take(limit + 1).read_to_string(&mut text)?
    } else {
        File::open(path)?.take(limit + 1).read_to_string(&mut text)?
    };
    if length as u64 > limit {
        return Err(io::Error::other(format!("it is larger than the {limit} bytes a source may have")));
    }
    Ok(text)
}
