//! How a command ends. Scripts rely on these numbers; `docs/cli.md` lists them.

use std::process::ExitCode;

/// The end of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Everything was done.
    Success,
    /// The source or the body has errors, names media that cannot be used, or is not formatted.
    Errors,
    /// The command line makes no sense.
    Usage,
    /// Decoding, composing or encoding failed.
    Media,
    /// A result or the cache could not be written: no permission, no folder, a full disk.
    Output,
    /// A server cannot be reached, or refuses.
    Server,
    /// Stopped by Ctrl-C or a signal.
    Interrupted,
}

impl Exit {
    /// The number the shell sees.
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Errors => 1,
            // What clap ends with, too.
            Self::Usage => 2,
            Self::Media => 3,
            Self::Output => 4,
            Self::Server => 5,
            // 128 + SIGINT, as shells count.
            Self::Interrupted => 130,
        }
    }

    /// The worse of two ends: of several files, the first kind of trouble decides.
    pub fn and(self, other: Self) -> Self {
        if self == Self::Success { other } else { self }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
