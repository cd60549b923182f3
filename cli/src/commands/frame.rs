//! `vid frame`: one frame of a film as a picture.

use std::path::PathBuf;

use clap::Args;
use vid_runtime::{StillRequest, frame_at, picture};

use crate::cache::CacheArguments;
use crate::dependencies::{Dependencies, DepfileArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::film::{Film, FilmArguments};
use crate::intake::LenienceArguments;
use crate::output;
use crate::progress::ProgressMode;
use crate::report::Voice;
use crate::terminal::Reporter;
use crate::when::When;

/// What `vid frame` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Which film.
    #[command(flatten)]
    pub film: FilmArguments,

    /// The instant: `2.5`, `2.5s`, `1m30s`, `12f` or a timecode
    #[arg(long, value_name = "TIME")]
    pub at: When,

    /// The PNG to write; `-` for standard output
    #[arg(short, long, value_name = "PNG")]
    pub output: PathBuf,

    /// Whether `make` is told.
    #[command(flatten)]
    pub depfile: DepfileArguments,

    /// Whether damage is put up with.
    #[command(flatten)]
    pub lenience: LenienceArguments,

    /// Where the cache is.
    #[command(flatten)]
    pub cache: CacheArguments,
}

/// Writes the frame that is on screen at the instant.
///
/// # Errors
/// When the film has errors, the instant lies outside it, a medium fails or the file cannot be
/// written.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut dependencies = Dependencies::default();
    let outcome = write_frame(arguments, &mut dependencies);
    let targets = [arguments.output.clone()];
    let instead = arguments.film.file.with_extension("png");
    arguments.depfile.finish(outcome, &dependencies, &targets, &instead)
}

fn write_frame(arguments: &Arguments, dependencies: &mut Dependencies) -> Result<Exit, Failure> {
    let mut film = Film::open(&arguments.film, dependencies, Voice::of_stderr())?;
    let time = arguments.at.at(film.timeline.frame_rate);
    if time >= film.timeline.duration {
        let message =
            format!("the film is over at {}, so there is no frame at {time}", film.timeline.duration);
        return Err(Failure::usage(message));
    }
    let cache = arguments.cache.open()?;
    let mut assets = film.assets(cache.store.index(), dependencies)?;
    if arguments.lenience.lenient {
        let reporter = Reporter::new(ProgressMode::Plain, film.timeline.frame_rate);
        assets.mend(&cache.store)?.iter().for_each(|mended| reporter.mended(mended));
    }
    let request = StillRequest { timeline: &film.timeline, assets: &assets, time };
    let pixmap = frame_at(&request).map_err(|error| film.failure(error))?;
    let bytes = picture(&pixmap).map_err(|error| Failure::output(&arguments.output, error))?;
    output::write(&arguments.output, &bytes)?;
    Ok(Exit::Success)
}
