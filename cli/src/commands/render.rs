//! `vid render`: from a source or an API body to a media file.

use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use vid_runtime::gpu::{Gpu, Preference};
use vid_runtime::{CancelToken, Executor, RenderRequest, Verify, render};
use vid_timeline::{Time, Timeline};

use crate::batch::{Batch, DataArguments};
use crate::cache::{Cache, CacheArguments};
use crate::dependencies::{Dependencies, DepfileArguments};
use crate::destination::{Destination, destinations};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::film::{Film, FilmArguments};
use crate::intake::LenienceArguments;
use crate::interrupt;
use crate::output;
use crate::progress::ProgressMode;
use crate::project::Addresses;
use crate::report::Voice;
use crate::terminal::Reporter;
use crate::when::When;

/// Most workers that may be asked for. Each holds a handful of frames, so more would only cost
/// memory.
const MAX_WORKERS: u16 = 256;

/// What `vid render` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Which film.
    #[command(flatten)]
    pub film: FilmArguments,

    /// The file to write; `-` for standard output. Its name says the format where the film does not, or
    /// which of its outputs is written [default: the name of the output or of the composition, in this
    /// folder]
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,

    /// What composes the frames
    #[arg(long, value_enum, default_value_t = ExecutorChoice::Auto)]
    pub executor: ExecutorChoice,

    /// Segments rendered side by side [default: as many as keep every core busy]; the film does not
    /// depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_WORKERS)))]
    pub workers: Option<u16>,

    /// Leave out what is before this instant: `2.5`, `1m30s`, `12f` or a timecode
    #[arg(long, value_name = "TIME")]
    pub from: Option<When>,

    /// Leave out what is from this instant on
    #[arg(long, value_name = "TIME")]
    pub to: Option<When>,

    /// Make samples of what the cache holds again and compare; where one differs, everything is made
    /// anew
    #[arg(long, conflicts_with = "no_cache")]
    pub verify_cache: bool,

    /// One film a row.
    #[command(flatten)]
    pub data: DataArguments,

    /// Whether damage is put up with.
    #[command(flatten)]
    pub lenience: LenienceArguments,

    /// Whether `make` is told.
    #[command(flatten)]
    pub depfile: DepfileArguments,

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
    /// A graphics card where there is one, otherwise the processor
    Auto,
    /// The processor
    Cpu,
    /// A graphics device, also one in software
    Gpu,
}

/// Renders every output of the film, or of one film for each row of a table.
///
/// # Errors
/// When the film has errors, a medium fails, or a file cannot be written.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut dependencies = Dependencies::default();
    let mut targets: Vec<PathBuf> = Vec::new();
    let outcome = match &arguments.data.data {
        Some(data) => render_rows(arguments, data, &mut dependencies, &mut targets),
        None => {
            targets.extend(arguments.output.clone());
            render_one(arguments, &mut dependencies, &mut targets)
        }
    };
    let instead = arguments.film.file.with_extension("mp4");
    arguments.depfile.finish(outcome, &dependencies, &targets, &instead)
}

fn render_one(
    arguments: &Arguments,
    dependencies: &mut Dependencies,
    targets: &mut Vec<PathBuf>,
) -> Result<Exit, Failure> {
    let session = Session::open(arguments)?;
    let mut film = Film::open(&arguments.film, dependencies, Voice::of_stderr())?;
    let outputs = destinations(arguments.output.as_deref(), &mut film.timeline, "")?;
    *targets = outputs.iter().map(|destination| destination.path.clone()).collect();
    session.render(film, &outputs, dependencies)?;
    Ok(Exit::Success)
}

/// Renders the film of each row. Rows whose films fail do not stop the others; Ctrl-C does.
fn render_rows(
    arguments: &Arguments,
    data: &Path,
    dependencies: &mut Dependencies,
    targets: &mut Vec<PathBuf>,
) -> Result<Exit, Failure> {
    let session = Session::open(arguments)?;
    let FilmArguments { file, composition, .. } = &arguments.film;
    let template = arguments.output.as_deref();
    if template.is_some_and(output::is_dash) {
        return Err(Failure::usage("several films cannot go to standard output; write `-o {row}.mp4`"));
    }
    let mut batch = Batch::open(file, composition, data, template, Addresses::Refused, dependencies)?;
    let digits = batch.count.to_string().len();
    let mut voice = Voice::of_stderr();
    for job in std::mem::take(&mut batch.jobs) {
        let film = FilmArguments { composition: job.composition.clone(), ..arguments.film.clone() };
        let mut made = || {
            let mut film = Film::open(&film, dependencies, voice)?;
            let suffix = format!("-{:0digits$}", job.row.number);
            let outputs = destinations(job.output.as_deref(), &mut film.timeline, &suffix)?;
            targets.extend(outputs.iter().map(|destination| destination.path.clone()));
            for folder in outputs.iter().filter_map(|destination| destination.path.parent()) {
                std::fs::create_dir_all(folder).map_err(|error| Failure::output(folder, error))?;
            }
            session.render(film, &outputs, dependencies)
        };
        match made() {
            Ok(()) => batch.made(),
            Err(failure) if failure.exit() == Exit::Interrupted => return Err(failure),
            Err(failure) => batch.failed(&job.row, &failure, None),
        }
        // What is doubtful about the source is so in every row.
        voice = voice.errors_only();
    }
    batch.finish()
}

/// What the films of one command share.
struct Session<'a> {
    arguments: &'a Arguments,
    cache: Cache,
    executor: Executor,
    cancel: CancelToken,
}

impl<'a> Session<'a> {
    fn open(arguments: &'a Arguments) -> Result<Self, Failure> {
        let cancel = interrupt::token();
        let cache = arguments.cache.open()?;
        Ok(Self { arguments, cache, executor: executor_of(arguments.executor), cancel })
    }

    /// Renders the outputs of a film to these files.
    fn render(
        &self,
        mut film: Film,
        outputs: &[Destination],
        dependencies: &mut Dependencies,
    ) -> Result<(), Failure> {
        let Self { arguments, cache, executor, cancel } = self;
        let window = window_of(arguments, &film.timeline)?;
        let mut assets = film.assets(cache.store.index(), dependencies)?;
        if arguments.lenience.lenient {
            let reporter = Reporter::new(arguments.progress, film.timeline.frame_rate);
            assets.mend(&cache.store)?.iter().for_each(|mended| reporter.mended(mended));
        }
        for Destination { output, path } in outputs {
            let (index, window) = (*output, window.clone());
            let job = Job { arguments, film: &film, cache, executor, assets: &assets, cancel, index, window };
            job.run(path)?;
        }
        Ok(())
    }
}

/// One output of a film.
struct Job<'a> {
    arguments: &'a Arguments,
    film: &'a Film,
    cache: &'a Cache,
    executor: &'a Executor,
    assets: &'a vid_runtime::Assets,
    cancel: &'a CancelToken,
    index: usize,
    window: Option<Range<i64>>,
}

impl Job<'_> {
    fn run(&self, destination: &Path) -> Result<(), Failure> {
        if !output::is_dash(destination) {
            return self.render(destination, &destination.display().to_string());
        }
        // Joining goes back and forth in the file, so what is sent down a pipe is made in full first.
        let folder = tempfile::tempdir().map_err(|error| Failure::output(destination, error))?;
        let file = folder.path().join("film");
        self.render(&file, "standard output")?;
        let copy = || io::copy(&mut File::open(&file)?, &mut io::stdout().lock());
        copy().map_err(|error| Failure::output(destination, error))?;
        Ok(())
    }

    fn render(&self, destination: &Path, name: &str) -> Result<(), Failure> {
        let timeline = &self.film.timeline;
        let reporter = Reporter::new(self.arguments.progress, timeline.frame_rate);
        let frames = self.window.as_ref().map_or(timeline.frame_count(), |window| window.end - window.start);
        reporter.begin(timeline, frames, &self.executor.words());
        let request = RenderRequest {
            timeline,
            assets: self.assets,
            executor: self.executor,
            output: self.index,
            window: self.window.clone(),
            verify: if self.arguments.verify_cache { Verify::Samples } else { Verify::Trust },
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

/// The executor that is asked for. Where there is no graphics device the processor makes the same film, and
/// we say so.
fn executor_of(choice: ExecutorChoice) -> Executor {
    match choice {
        ExecutorChoice::Auto => Executor::preferred(),
        ExecutorChoice::Cpu => Executor::Cpu,
        ExecutorChoice::Gpu => Gpu::open(Preference::Any).map_or_else(
            |error| {
                eprintln!("note: {error}; the processor makes the film instead");
                Executor::Cpu
            },
            Executor::Gpu,
        ),
    }
}

/// The frames between `--from` and `--to`; `None` for all of them.
fn window_of(arguments: &Arguments, timeline: &Timeline) -> Result<Option<Range<i64>>, Failure> {
    if arguments.from.is_none() && arguments.to.is_none() {
        return Ok(None);
    }
    let rate = timeline.frame_rate;
    let from = arguments.from.map_or(Time::ZERO, |when| when.at(rate));
    let to = arguments.to.map_or(timeline.duration, |when| when.at(rate)).min(timeline.duration);
    let window = rate.frame_from_time(from)..rate.frame_from_time(to);
    if window.is_empty() {
        let message = format!("there is no frame from {from} to {to}; the film lasts {}", timeline.duration);
        return Err(Failure::usage(message));
    }
    Ok(Some(window))
}
