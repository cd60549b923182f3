//! A server or a worker as a process of its own: its threads, its signals, its log.

use std::net::SocketAddr;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::app::{StartError, serve};
use crate::config::{Config, LogFormat};
use crate::worker::{Launcher, run_worker};

/// What a process that is told to end twice ends with, as shells count: 128 and the signal's number.
const IMPATIENT: i32 = 130;

/// Serves until the process is told to end. `ready` is told the address it listens on.
///
/// # Errors
/// When something cannot be opened, or the port not be listened on.
pub fn serve_process(
    config: Config,
    launcher: Launcher,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), StartError> {
    write_log(config.log_format);
    runtime()?.block_on(async { serve(config, launcher, ready, told_to_end()?).await })
}

/// Works until the process is told to end.
///
/// # Errors
/// When something cannot be opened.
pub fn worker_process(config: Config, launcher: Launcher) -> Result<(), StartError> {
    write_log(config.log_format);
    runtime()?.block_on(async { run_worker(config, launcher, told_to_end()?).await })
}

fn system(what: &str) -> impl FnOnce(std::io::Error) -> StartError {
    let what = what.to_owned();
    move |source| StartError::System { what, source }
}

fn runtime() -> Result<Runtime, StartError> {
    Builder::new_multi_thread().enable_all().build().map_err(system("cannot start threads"))
}

/// Becomes true at the first signal to end; the second ends the process at once.
fn told_to_end() -> Result<watch::Receiver<bool>, StartError> {
    let failed = || system("cannot listen to signals");
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed())?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed())?;
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if tell.send_replace(true) {
                std::process::exit(IMPATIENT);
            }
            tracing::info!("ending; what is under way is finished first");
        }
    });
    Ok(told)
}

/// Sends the log to standard error. A process that has one already keeps it.
fn write_log(format: LogFormat) {
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_writer(std::io::stderr);
    let _ = match format {
        LogFormat::Text => log.with_ansi(false).try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}
