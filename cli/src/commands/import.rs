//! `vid import`: from the body of a render request to a source.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use vid_compiler::{CompileRequest, Compiler, MemorySystem, import};
use vid_timeline::Timeline;

use crate::arguments::AssetArguments;
use crate::body::{self, MediaNeed};
use crate::dependencies::{Dependencies, DepfileArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::report::{self, Voice};

/// What `vid import` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The body (`.json`); `-` for standard input
    #[arg(value_name = "BODY")]
    pub file: PathBuf,

    /// The source to write; `-` for standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,

    /// Where the addresses of the body lead; files that are found are named by their path.
    #[command(flatten)]
    pub assets: AssetArguments,

    /// Whether `make` is told.
    #[command(flatten)]
    pub depfile: DepfileArguments,
}

/// Writes the source.
///
/// # Errors
/// When the body has errors, or says what the language cannot.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut dependencies = Dependencies::default();
    let outcome = import_body(arguments, &mut dependencies);
    let targets = [arguments.output.clone()];
    let instead: &Path = &arguments.file.with_extension("vid");
    arguments.depfile.finish(outcome, &dependencies, &targets, instead)
}

fn import_body(arguments: &Arguments, dependencies: &mut Dependencies) -> Result<Exit, Failure> {
    let voice = Voice::of_stderr();
    let file = &arguments.file;
    dependencies.add(file);
    let text = if output::is_dash(file) {
        body::read(io::stdin().lock())
    } else {
        File::open(file).and_then(body::read)
    };
    let text = text.map_err(|error| Failure::input(file, error))?;
    let film = body::open(file, &text, &arguments.assets, MediaNeed::Facts, dependencies, voice)?;
    let mut timeline = film.timeline;
    let folder = match output::is_dash(&arguments.output) {
        true => Path::new(""),
        false => arguments.output.parent().unwrap_or(Path::new("")),
    };
    rename(&mut timeline, |url| film.files.get(url).map(|path| from_folder(folder, path)));
    let imported = import(&timeline, &name_of(arguments, &timeline));
    report::remarks(file, &imported.remarks, voice);
    check(&imported.source, &arguments.output, voice)?;
    output::write(&arguments.output, imported.source.as_bytes())?;
    Ok(Exit::Success)
}

/// The name of the composition: that of the output file, of the source, or of the body.
fn name_of(arguments: &Arguments, timeline: &Timeline) -> String {
    let named = timeline.outputs.first().and_then(|output| output.filename.clone());
    let stem = |path: &Path| {
        let stem = path.file_stem().filter(|_| !output::is_dash(path));
        stem.map(|stem| stem.to_string_lossy().into_owned())
    };
    named.or_else(|| stem(&arguments.output)).or_else(|| stem(&arguments.file)).unwrap_or_default()
}

/// Puts paths in the place of addresses.
fn rename(timeline: &mut Timeline, path_of: impl Fn(&str) -> Option<String>) {
    let rename = |location: &mut String| {
        if let Some(path) = path_of(location) {
            *location = path;
        }
    };
    if let Some(image) = &mut timeline.background.image {
        rename(image);
    }
    timeline.for_each_element_mut(|element| {
        if let Some(source) = element.content.source_mut() {
            rename(&mut source.location);
        }
        if let Some(lut) = element.layer.as_mut().and_then(|layer| layer.lut.as_mut()) {
            rename(&mut lut.location);
        }
    });
}

/// A path as a source in `folder` writes it: relative where the two have a beginning in common.
fn from_folder(folder: &Path, path: &Path) -> String {
    let here = |path: &Path| if path.as_os_str().is_empty() { PathBuf::from(".") } else { path.to_owned() };
    let absolute = |path: &Path| std::path::absolute(here(path)).unwrap_or_else(|_| path.to_owned());
    let (folder, target) = (absolute(folder), absolute(path));
    let mut steps: Vec<_> = folder.components().collect();
    let mut up = 0;
    let rest = loop {
        let around: PathBuf = steps.iter().collect();
        if let Ok(rest) = target.strip_prefix(&around) {
            break rest.to_owned();
        }
        if steps.pop().is_none() {
            return target.to_string_lossy().into_owned();
        }
        up += 1;
    };
    let relative: PathBuf = std::iter::repeat_n("..", up).map(PathBuf::from).chain([rest]).collect();
    relative.to_string_lossy().into_owned()
}

/// Makes sure that the source has no errors of its own: a body may say what the language refuses, such
/// as a line without height.
fn check(source: &str, name: &Path, voice: Voice) -> Result<(), Failure> {
    let system = MemorySystem::new();
    let name = if output::is_dash(name) { Path::new("<stdout>") } else { name };
    let mut compiler = Compiler::new(system);
    let file = compiler.set_text(name, source);
    let compiled = compiler.compile(file, &CompileRequest::default());
    let is_about_media = |code: vid_compiler::Code| code.as_str().starts_with("media-");
    let errors: Vec<_> = compiled
        .diagnostics
        .into_iter()
        .filter(|diagnostic| {
            diagnostic.severity == vid_compiler::Severity::Error && !is_about_media(diagnostic.code)
        })
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    report::with_texts(&errors, &|path| compiler.text_of(path), voice);
    Err(Failure::Reported { errors: errors.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_from_the_source_to_the_file() {
        let from = |folder: &str, path: &str| from_folder(Path::new(folder), Path::new(path));
        assert_eq!(from("", "media/a.mp4"), "media/a.mp4");
        assert_eq!(from("films", "films/media/a.mp4"), "media/a.mp4");
        assert_eq!(from("films/new", "media/a.mp4"), "../../media/a.mp4");
        assert_eq!(from("/films", "/media/a.mp4"), "../media/a.mp4");
    }
}
