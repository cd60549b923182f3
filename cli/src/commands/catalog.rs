//! `vid doctor --catalog`: what is rendered of the catalogue.

use clap::ValueEnum;
use serde_json::{Map, Value, json};
use vid_runtime::catalog::{Availability, catalog};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// How findings are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs.
    Json,
}

/// Prints the catalogue.
///
/// # Errors
/// When it cannot be printed.
pub fn run(format: Format) -> Result<Exit, Failure> {
    output::print(match format {
        Format::Human => human(),
        Format::Json => format!("{:#}\n", machine()),
    })?;
    Ok(Exit::Success)
}

fn human() -> String {
    let mut text = String::new();
    for list in catalog() {
        text.push_str(&format!("{} ({})\n", list.name, list.entries.len()));
        for entry in list.entries {
            let remark = match entry.availability {
                Availability::Here => "",
                Availability::NoEncoder => "  (not in the installed FFmpeg)",
            };
            text.push_str(&format!("  {}{remark}\n", entry.name));
        }
    }
    text
}

/// Names of each list; of the encoders, those that are installed.
fn machine() -> Value {
    let lists = catalog().into_iter().map(|list| {
        let here = list.entries.iter().filter(|entry| entry.availability == Availability::Here);
        let names: Vec<&str> = here.map(|entry| entry.name).collect();
        (list.name.replace(' ', "_"), json!(names))
    });
    Value::Object(lists.collect::<Map<_, _>>())
}
