//! Why a command ends early.

use std::io;
use std::path::{Path, PathBuf};

use vid_runtime::{RenderError, plain_reason};
use vid_server::client::ClientError;

use crate::exit::Exit;

/// Why a command could not do what was asked. Each message stands alone on one line.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The errors in the source or the body were shown already.
    #[error("{errors} {} found", if *errors == 1 { "error" } else { "errors" })]
    Reported {
        /// How many errors were shown.
        errors: usize,
    },
    /// Arguments that do not go together, or a value that cannot be read.
    #[error("{0}")]
    Usage(String),
    /// An input that could not be read.
    #[error("cannot read `{}`: {}", path.display(), plain_reason(source))]
    Input {
        /// The file as it was named.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A table of values that cannot be used.
    #[error("{}: {problem}", path.display())]
    Data {
        /// The file as it was named.
        path: PathBuf,
        /// What is wrong with it, and where.
        problem: String,
    },
    /// Some of the films of a table could not be made; why was said already.
    #[error("{failed} of {all} films could not be made")]
    Rows {
        /// How many.
        failed: usize,
        /// Of how many.
        all: usize,
        /// How the first of them ended.
        exit: Exit,
    },
    /// A media file that was asked about directly.
    #[error(transparent)]
    Probe(vid_runtime::media::MediaError),
    /// The render failed.
    #[error(transparent)]
    Render(Box<RenderError>),
    /// The render failed because of a medium that the film names there.
    #[error("{error}\n  --> {place}")]
    Medium {
        /// What is wrong with it.
        error: Box<RenderError>,
        /// File, line and column, or the element of a body.
        place: String,
    },
    /// A server or a worker could not start or go on.
    #[error("{0}")]
    Server(String),
    /// A server that was to render something cannot be reached, or refuses.
    #[error("{about}{error}{}", job.as_ref().map(|job| format!("; the server has the job as {job}")).unwrap_or_default())]
    Client {
        /// Why.
        error: Box<ClientError>,
        /// What it is about, up to the colon and the space; empty for the job.
        about: String,
        /// The job, once the server has it.
        job: Option<String>,
    },
    /// A job that a server had has come to nothing.
    #[error("{id} {status}{}: {message}", code.as_ref().map(|code| format!(" `{code}`")).unwrap_or_default())]
    Job {
        /// Its id.
        id: String,
        /// How it ended.
        status: &'static str,
        /// The code of the contract, if it failed.
        code: Option<String>,
        /// What the server says.
        message: String,
    },
    /// A result could not be written.
    #[error("cannot write `{}`: {}", path.display(), plain_reason(source))]
    Output {
        /// The file as it was named; `-` for standard output.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Whoever reads the output has gone; there is nothing to say and nobody to say it to.
    #[error("nobody reads the output")]
    Unread,
}

impl Failure {
    /// A usage error.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// A file that could not be read.
    pub fn input(path: &Path, source: io::Error) -> Self {
        Self::Input { path: path.to_owned(), source }
    }

    /// A file, or standard output, that could not be written.
    pub fn output(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            _ => Self::Output { path: path.to_owned(), source },
        }
    }

    /// The number the command ends with.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Reported { .. } | Self::Input { .. } | Self::Data { .. } => Exit::Errors,
            Self::Rows { exit, .. } => *exit,
            Self::Usage(_) => Exit::Usage,
            Self::Probe(_) | Self::Job { .. } => Exit::Media,
            Self::Client { error, .. } => exit_of_client(error),
            Self::Render(error) | Self::Medium { error, .. } => exit_of_render(error),
            Self::Output { .. } | Self::Server(_) => Exit::Output,
            Self::Unread => Exit::Success,
        }
    }

    /// What can be done about it, or what still holds.
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Render(error) if error.is_disk_full() => {
                Some("the disk is full; finished segments are kept, and the next run goes on from there")
            }
            Self::Render(error) if matches!(**error, RenderError::Cancelled) => {
                Some("finished segments are kept, and the next run goes on from there")
            }
            Self::Client { job: Some(_), .. } => {
                Some("it goes on there; the same command again waits for it and fetches the film")
            }
            _ => None,
        }
    }
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        Self::Render(Box::new(error))
    }
}

fn exit_of_client(error: &ClientError) -> Exit {
    match error {
        ClientError::Stopped => Exit::Interrupted,
        // The body, or one of its media, is wrong.
        ClientError::Refused { status: 400 | 422, .. } => Exit::Errors,
        _ => Exit::Server,
    }
}

fn exit_of_render(error: &RenderError) -> Exit {
    use vid_runtime::media::MediaError;
    match error {
        RenderError::Cancelled => Exit::Interrupted,
        RenderError::Io { action: "read", .. } => Exit::Media,
        RenderError::Io { .. } | RenderError::Media(MediaError::Write { .. }) => Exit::Output,
        _ => Exit::Media,
    }
}
