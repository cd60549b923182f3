//! The other end of the line: starting workers, asking them, noticing their death.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use vid_timeline::Time;

use super::confine::signal_of_status;
use super::layer::{Layer, MissingLayers};
use super::wire::{self, Hello, Reply, Request};
use crate::clock;
use crate::media::{Limit, MediaError, check_file, limits};

/// How a worker is started: a program that calls [`super::worker`] first thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// What tells it to be a worker.
    pub arguments: Vec<OsString>,
}

impl WorkerCommand {
    /// The running program, with these arguments.
    ///
    /// # Errors
    /// When the system does not say which program is running.
    pub fn this_program(arguments: &[&str]) -> io::Result<Self> {
        let arguments = arguments.iter().map(OsString::from).collect();
        Ok(Self { program: std::env::current_exe()?, arguments })
    }
}

/// How media are confined.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Confinement {
    /// What runs in the child.
    pub worker: WorkerCommand,
    /// Whether it may run with fewer layers than all.
    pub missing: MissingLayers,
    /// How long an answer may take by the clock; `None` for what its medium explains.
    pub patience: Option<Duration>,
}

/// A worker with its medium.
pub(super) struct Worker {
    process: Child,
    line: Line,
    path: PathBuf,
    /// Media time that was asked for last: where to look when it dies.
    at: Time,
    layers: Vec<Layer>,
    patience: Option<Duration>,
}

/// A socket that gives up at an instant.
struct Line {
    stream: UnixStream,
    deadline: Instant,
}

impl Confinement {
    /// Media confined so, with the patience that each of them explains.
    pub const fn new(worker: WorkerCommand, missing: MissingLayers) -> Self {
        Self { worker, missing, patience: None }
    }

    /// Starts a worker and lets it go, to find out whether one can be had.
    ///
    /// # Errors
    /// [`MediaError::NotConfined`].
    pub fn check(&self) -> Result<Vec<Layer>, MediaError> {
        // Any file does: nothing of it is read.
        self.start(&self.worker.program, Some(Time::ZERO)).map(|worker| worker.layers.clone())
    }

    /// Starts a worker for the file at `path`, which lasts `duration` as far as that is known.
    pub(super) fn start(&self, path: &Path, duration: Option<Time>) -> Result<Worker, MediaError> {
        check_file(path)?;
        let reading = |error: io::Error| MediaError::reading(path, &error);
        let medium = File::open(path).map_err(reading)?;
        let failed = |error: io::Error| not_confined(crate::error::plain_reason(&error));
        let (ours, theirs) = UnixStream::pair().map_err(failed)?;
        let mut command = Command::new(&self.worker.program);
        command.args(&self.worker.arguments).env_clear().current_dir("/");
        // The one variable that the program may need to find its libraries.
        if let Some(folders) = std::env::var_os("LD_LIBRARY_PATH") {
            command.env("LD_LIBRARY_PATH", folders);
        }
        command.stdin(OwnedFd::from(theirs)).stdout(medium).stderr(Stdio::null());
        // Ctrl-C is for us; a worker ends when its line does.
        command.process_group(0);
        let process = command.spawn().map_err(failed)?;
        // The command keeps the other end of the line, and a dead worker must be seen.
        drop(command);
        let line = Line { stream: ours, deadline: clock::instant() };
        let mut worker = Worker {
            process,
            line,
            path: path.to_owned(),
            at: Time::ZERO,
            layers: Vec::new(),
            patience: self.patience,
        };
        let cpu_seconds = processor_seconds(duration);
        let hello = Hello { path: std::path::absolute(path).map_err(reading)?, cpu_seconds };
        match worker.exchange(&hello)? {
            Reply::Ready { layers, reasons } => {
                if self.missing == MissingLayers::Refuse && !Layer::missing(&layers).is_empty() {
                    let reason = if reasons.is_empty() { Layer::missing(&layers) } else { Vec::new() };
                    let reasons: Vec<String> =
                        reasons.into_iter().chain(reason.into_iter().map(str::to_owned)).collect();
                    return Err(not_confined(reasons.join("; ")));
                }
                worker.layers = layers;
                Ok(worker)
            }
            _ => Err(worker.nonsense()),
        }
    }
}

/// Processor seconds a worker may use in its life: those of its medium, once, and what single places
/// may take beyond.
fn processor_seconds(duration: Option<Time>) -> u64 {
    let longest = Time::new(limits::MAX_DURATION_SECONDS, 1);
    let seconds = duration.unwrap_or(longest).min(longest).max(Time::ZERO).seconds().ceil();
    let seconds = u64::try_from(seconds).unwrap_or(0);
    limits::SPARE_DECODE_SECONDS + limits::DECODE_SECONDS_PER_SECOND * seconds
}

fn not_confined(reason: String) -> MediaError {
    MediaError::NotConfined { reason }
}

impl Worker {
    /// The file it reads.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Number of the process that was started: where there are namespaces, the watcher of the confined
    /// one.
    pub(super) fn process(&self) -> u32 {
        self.process.id()
    }

    /// What holds it.
    pub(super) fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Asks for something that lies at `at` in the media, and returns the answer.
    pub(super) fn ask(&mut self, request: &Request, at: Time) -> Result<Reply, MediaError> {
        self.at = at.max(Time::ZERO);
        match self.exchange(request)? {
            Reply::Failed(problem) => Err(problem.into_error(&self.path)),
            reply => Ok(reply),
        }
    }

    fn exchange<T: serde::Serialize>(&mut self, message: &T) -> Result<Reply, MediaError> {
        self.line.deadline = clock::instant() + self.patience();
        let sent = wire::send(&mut self.line.stream, message);
        sent.and_then(|()| wire::receive(&mut self.line)).map_err(|error| self.trouble(&error))
    }

    /// Reads the block that follows an answer.
    pub(super) fn fill(&mut self, block: &mut [u8]) -> Result<(), MediaError> {
        self.line.read_exact(block).map_err(|error| self.trouble(&error))
    }

    /// The error of an answer that does not fit its question.
    pub(super) fn nonsense(&mut self) -> MediaError {
        self.end();
        self.died("it answered nonsense".to_owned())
    }

    /// Why nothing came. Whatever it is, this worker is of no more use.
    fn trouble(&mut self, error: &io::Error) -> MediaError {
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                self.end();
                let most = self.patience().as_secs();
                Limit::Patience.passed(&self.path, most + 1, most)
            }
            io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => {
                // It has closed its end, so it is gone or going.
                let status = self.process.wait();
                self.died(status.map_or_else(|error| error.to_string(), words_of))
            }
            _ => self.nonsense(),
        }
    }

    fn patience(&self) -> Duration {
        self.patience.unwrap_or_else(|| patience(self.at))
    }

    fn died(&self, how: String) -> MediaError {
        MediaError::DecoderDied { path: self.path.clone(), at: self.at, how }
    }

    fn end(&mut self) {
        // One that has ended already cannot be ended, which is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // A watcher sees the line go, ends what it watches and then itself; so what was used is known
        // to whoever asks the system. A worker without one is not trusted to end.
        let gone = self.line.stream.shutdown(std::net::Shutdown::Both);
        if gone.is_ok() && self.layers.contains(&Layer::Namespaces) {
            let _ = self.process.wait();
        } else {
            self.end();
        }
    }
}

impl Read for Line {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let left = self.deadline.saturating_duration_since(clock::instant());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(block)
    }
}

/// How long an answer about that instant may take by the clock: twice what the worker's own account
/// allows, for it may share its processor.
fn patience(at: Time) -> Duration {
    Duration::from_secs(2 * processor_seconds(Some(at)))
}

/// How a process ended, in words.
fn words_of(status: ExitStatus) -> String {
    let signal = status.signal().or_else(|| status.code().and_then(signal_of_status));
    match (signal, status.code()) {
        (Some(libc::SIGSYS), _) => "it made a call that is not allowed".to_owned(),
        (Some(libc::SIGSEGV | libc::SIGBUS), _) => "it read or wrote memory that is not its own".to_owned(),
        (Some(libc::SIGABRT), _) => "it gave up".to_owned(),
        (Some(libc::SIGKILL), _) => "it was ended".to_owned(),
        (Some(signal), _) => format!("it was ended by signal {signal}"),
        (None, Some(code)) => format!("it ended with status {code}"),
        (None, None) => "it ended".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deaths_have_words() {
        let status = |code: i32| words_of(ExitStatus::from_raw(code << 8));
        assert_eq!(status(128 + libc::SIGSYS), "it made a call that is not allowed");
        assert_eq!(status(1), "it ended with status 1");
        assert_eq!(words_of(ExitStatus::from_raw(libc::SIGFPE)), "it was ended by signal 8");
    }

    #[test]
    fn a_longer_film_may_take_longer() {
        assert_eq!(processor_seconds(Some(Time::new(10, 1))), 260);
        assert_eq!(processor_seconds(None), 60 + 20 * 24 * 3600);
        assert_eq!(patience(Time::ZERO), Duration::from_secs(120));
    }
}
