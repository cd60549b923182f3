//! `vid render`: from a source or an API body to a media file.

use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use vid_runtime::{CancelToken, RenderRequest, render};
use vid_timeline::{Output, Timeline};

use crate::cache::{Cache, CacheArguments};
use crate::dependencies::Dependencies;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::film::{Film, FilmArguments};
use crate::interrupt;
use crate::output;
use crate::report::Voice;
use crate::terminal::{ProgressMode, Reporter};

/// Most workers that may be asked for. Each holds a handful of frames, so more would only cost
/// memory.
const MAX_WORKERS: u16 = 256;

/// What `vid render` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Which film.
    #[command(flatten)]
    pub film: FilmArguments,

    /// The file to write; `-` for standard output [default: the name of the output or of the
    /// composition, in this folder]
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,

    /// What composes the frames
    #[arg(long, value_enum, default_value_t = ExecutorChoice::Auto)]
    pub executor: ExecutorChoice,

    /// Segments rendered side by side [default: as many as keep every core busy]; the film does not
    /// depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_WORKERS)))]
    pub workers: Option<u16>,

    /// Write a makefile rule that names every file the film depends on
    #[arg(long, value_name = "FILE")]
    pub depfile: Option<PathBuf>,

    /// Where the cache is.
    #[command(flatten)]
    pub cache: CacheArguments,

    /// How progress is shown
    #[arg(long, value_enum, default_value_t = ProgressMode::Auto)]
    pub progress: ProgressMode,
}

/// What composes frames.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum ExecutorChoice {
    /// The best there is on this machine
    Auto,
    /// The processor
    Cpu,
    /// The graphics card
    Gpu,
}

/// Renders every output of the film.
///
/// # Errors
/// When the film has errors, a medium fails, or a file cannot be written.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut dependencies = Dependencies::default();
    let mut targets = arguments.output.iter().filter(|path| !output::is_dash(path)).cloned().collect();
    let outcome = render_all(arguments, &mut dependencies, &mut targets);
    if let Some(depfile) = &arguments.depfile {
        if targets.is_empty() {
            targets.push(arguments.film.file.with_extension("mp4"));
        }
        let written = dependencies.write(depfile, &targets);
        // Why there is no film matters more than why there is no rule for it.
        outcome.and_then(|exit| written.map(|()| exit))
    } else {
        outcome
    }
}

fn render_all(
    arguments: &Arguments,
    dependencies: &mut Dependencies,
    targets: &mut Vec<PathBuf>,
) -> Result<Exit, Failure> {
    if arguments.executor == ExecutorChoice::Gpu {
        return Err(Failure::usage("the executor `gpu` is not supported yet; `cpu` gives the same film"));
    }
    let mut film = Film::open(&arguments.film, dependencies, Voice::of_stderr())?;
    let outputs = destinations(arguments, &film.timeline)?;
    *targets = outputs.iter().filter(|path| !output::is_dash(path)).cloned().collect();
    let cancel = interrupt::token();
    let cache = arguments.cache.open()?;
    let assets = film.assets(cache.store.index(), dependencies)?;
    for (index, destination) in outputs.iter().enumerate() {
        let job = Job { arguments, film: &film, cache: &cache, assets: &assets, cancel: &cancel, index };
        job.run(destination)?;
    }
    Ok(Exit::Success)
}

/// One output of a film.
struct Job<'a> {
    arguments: &'a Arguments,
    film: &'a Film,
    cache: &'a Cache,
    assets: &'a vid_runtime::Assets,
    cancel: &'a CancelToken,
    index: usize,
}

impl Job<'_> {
    fn run(&self, destination: &Path) -> Result<(), Failure> {
        if !output::is_dash(destination) {
            return self.render(destination, &destination.display().to_string());
        }
        // Joining goes back and forth in the file, so what is sent down a pipe is made in full first.
        let folder = tempfile::tempdir().map_err(|error| Failure::output(destination, error))?;
        let file = folder.path().join("film.mp4");
        self.render(&file, "standard output")?;
        let copy = || io::copy(&mut File::open(&file)?, &mut io::stdout().lock());
        copy().map_err(|error| Failure::output(destination, error))?;
        Ok(())
    }

    fn render(&self, destination: &Path, name: &str) -> Result<(), Failure> {
        let timeline = &self.film.timeline;
        let reporter = Reporter::new(self.arguments.progress, timeline.frame_rate);
        reporter.begin(timeline, "cpu");
        let request = RenderRequest {
            timeline,
            assets: self.assets,
            output: self.index,
            destination,
            store: &self.cache.store,
            workers: self.arguments.workers.and_then(|workers| NonZeroUsize::new(workers.into())),
            progress: &reporter,
            cancel: self.cancel,
        };
        match render(&request) {
            Ok(report) => {
                reporter.done(&report, name);
                Ok(())
            }
            Err(error) => {
                let failure = self.film.failure(error);
                reporter.failed(&failure);
                Err(failure)
            }
        }
    }
}

/// Where each output of the film goes.
fn destinations(arguments: &Arguments, timeline: &Timeline) -> Result<Vec<PathBuf>, Failure> {
    match (&arguments.output, &timeline.outputs[..]) {
        (Some(path), [_]) => Ok(vec![path.clone()]),
        (Some(_), outputs) => Err(Failure::usage(format!(
            "the film has {} outputs, and `--output` names one file; leave it away to give them the names in the source",
            outputs.len()
        ))),
        (None, outputs) => {
            let names: Vec<_> = outputs.iter().map(|output| name_of(output, timeline)).collect();
            match names.iter().enumerate().find(|(index, name)| names[..*index].contains(name)) {
                Some((_, twice)) => Err(Failure::usage(format!(
                    "two outputs of the film would be `{}`; give one of them another name in the source",
                    twice.display()
                ))),
                None => Ok(names),
            }
        }
    }
}

/// The name in the source, or that of the composition, as a file in the current folder.
fn name_of(output: &Output, timeline: &Timeline) -> PathBuf {
    let name = output.filename.as_deref().unwrap_or(&timeline.name);
    // A name is not a path: what would lead to another folder becomes part of the name.
    let name: String =
        name.chars().map(|c| if c == '/' || c == '\\' || c.is_control() { '_' } else { c }).collect();
    let name = match name.trim_start_matches('.') {
        "" => "film",
        name => name,
    };
    PathBuf::from(format!("{name}.{}", output.format))
}

#[cfg(test)]
mod tests {
    use vid_timeline::OutputFormat;

    use super::*;

    #[test]
    fn a_name_from_the_source_stays_in_the_folder() {
        let name = |filename: &str| {
            let mut output = Output::new(OutputFormat::Mp4);
            output.filename = Some(filename.to_owned());
            name_of(&output, &timeline()).display().to_string()
        };
        assert_eq!(name("promo"), "promo.mp4");
        assert_eq!(name("../../etc/passwd"), "_.._etc_passwd.mp4");
        assert_eq!(name(""), "film.mp4");
    }

    fn timeline() -> Timeline {
        let body = r#"{"width":16,"height":16,"duration":1,"elements":[]}"#;
        vid_timeline::api::from_json(body, &vid_timeline::api::NoMedia).timeline.unwrap()
    }
}
