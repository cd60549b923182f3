//! How this command reads media: in this process, or each file in a confined one.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use clap::{Args, ValueEnum};
use vid_runtime::isolate::{Confinement, Intake, MissingLayers, WorkerCommand};
use vid_runtime::media::MediaError;
use vid_timeline::MediaFacts;

use crate::failure::Failure;

/// The command that makes this program a worker; not among those that are listed.
const WORKER: &str = "media-worker";

/// What `--isolate` takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Isolation {
    /// All layers, or nothing is read
    Strict,
    /// The layers that this machine has
    Available,
}

/// Whether damage is put up with.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct LenienceArguments {
    /// Make do with damaged media: a picture that does not decode gives way to the one before it, sound
    /// to silence, and it is said how often; without it, damage in a part that is used is an error
    #[arg(long)]
    pub lenient: bool,
}

/// Decided once, before any file is read.
static INTAKE: OnceLock<Intake> = OnceLock::new();

/// Whether this process was started to be a worker.
pub fn is_worker() -> bool {
    std::env::args_os().nth(1).as_deref() == Some(OsStr::new(WORKER))
}

/// Decides how media are read.
///
/// # Errors
/// When they are to be confined and this machine cannot.
pub fn choose(isolation: Option<Isolation>) -> Result<(), Failure> {
    let Some(isolation) = isolation else { return Ok(()) };
    let missing = match isolation {
        Isolation::Strict => MissingLayers::Refuse,
        Isolation::Available => MissingLayers::Accept,
    };
    let confinement = confinement(missing)?;
    confinement.check().map_err(Failure::Probe)?;
    // Set once: a command chooses before anything else.
    let _ = INTAKE.set(Intake::Confined(Arc::new(confinement)));
    Ok(())
}

/// Workers made of this program.
///
/// # Errors
/// When the system does not say where this program is.
pub fn confinement(missing: MissingLayers) -> Result<Confinement, Failure> {
    let worker = WorkerCommand::this_program(&[WORKER]);
    let worker = worker.map_err(|error| Failure::input(Path::new("the program itself"), error))?;
    Ok(Confinement::new(worker, missing))
}

/// How media are read.
pub fn intake() -> Intake {
    INTAKE.get().cloned().unwrap_or_default()
}

/// Measures a file.
///
/// # Errors
/// When it cannot be read as media.
pub fn probe(path: &Path) -> Result<MediaFacts, MediaError> {
    intake().probe(path)
}
