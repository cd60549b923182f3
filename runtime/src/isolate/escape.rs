//! Ten ways out of a confined process, tried from inside.
//!
//! A wall that nobody leans on is a drawing of a wall: these are run by `vid doctor --sandbox` and by
//! the tests, each in a worker of its own, because the right answer to some is death.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::ptr;

use serde::{Deserialize, Serialize};
use vid_timeline::Time;

use super::child::Confinement;
use super::layer::Layer;
use super::wire::{Reply, Request};
use crate::error::RenderError;
use crate::media::MediaError;

/// Memory that no medium needs: more than a worker's address space.
const TOO_MUCH: usize = 3 << 30;

/// Something a confined process must not be able to do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Escape {
    /// Read the list of users.
    ReadPasswords,
    /// Read the file beside the medium.
    ReadBeside,
    /// Write a file.
    WriteFile,
    /// Open a connection.
    OpenSocket,
    /// Become two processes.
    Fork,
    /// Start a shell.
    RunShell,
    /// Look into another process.
    Trace,
    /// Change what is mounted.
    Mount,
    /// Use the interface that goes round filters of calls.
    IoUring,
    /// Take three gibibytes of memory.
    Allocate,
}

impl Escape {
    /// All ten.
    pub const ALL: [Self; 10] = [
        Self::ReadPasswords,
        Self::ReadBeside,
        Self::WriteFile,
        Self::OpenSocket,
        Self::Fork,
        Self::RunShell,
        Self::Trace,
        Self::Mount,
        Self::IoUring,
        Self::Allocate,
    ];

    /// What is tried, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadPasswords => "read the list of users",
            Self::ReadBeside => "read the file beside the medium",
            Self::WriteFile => "write a file",
            Self::OpenSocket => "open a connection",
            Self::Fork => "start a process",
            Self::RunShell => "run a shell",
            Self::Trace => "look into another process",
            Self::Mount => "mount a file system",
            Self::IoUring => "go round the filter of calls",
            Self::Allocate => "take 3 GiB of memory",
        }
    }
}

/// How an attempt went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What was tried.
    pub escape: Escape,
    /// Why it did not work; `None` when it did.
    pub refused: Option<String>,
}

/// Tries every escape. Returns the layers that held the workers, and what became of each attempt.
///
/// # Errors
/// When no worker starts, or no file can be made for it.
pub fn self_test(confinement: &Confinement) -> Result<(Vec<Layer>, Vec<Outcome>), RenderError> {
    let unmade = |error| RenderError::io("write in", &std::env::temp_dir(), error);
    let folder = tempfile::tempdir().map_err(unmade)?;
    let medium = folder.path().join("medium");
    fs::write(&medium, "medium").map_err(unmade)?;
    fs::write(folder.path().join(BESIDE), "secret").map_err(unmade)?;
    let mut layers = Vec::new();
    let mut outcomes = Vec::new();
    for escape in Escape::ALL {
        let mut worker = confinement.start(&medium, Some(Time::ZERO))?;
        layers = worker.layers().to_vec();
        let refused = match worker.ask(&Request::Escape(escape), Time::ZERO) {
            Ok(Reply::Attempted { refused }) => refused,
            Err(MediaError::DecoderDied { how, .. }) => Some(how),
            Ok(_) => return Err(worker.nonsense().into()),
            Err(error) => return Err(error.into()),
        };
        outcomes.push(Outcome { escape, refused });
    }
    Ok((layers, outcomes))
}

/// The file beside the medium of the self-test.
const BESIDE: &str = "beside";

/// Tries to get out; `medium` is where it is outside. Returns why it did not work, if it did not.
pub(super) fn attempt(escape: Escape, medium: &Path) -> Option<String> {
    let tried = match escape {
        Escape::ReadPasswords => fs::read("/etc/passwd").map(drop),
        Escape::ReadBeside => fs::read(medium.with_file_name(BESIDE)).map(drop),
        Escape::WriteFile => ["/tmp/escaped", "/escaped", "/dev/shm/escaped"]
            .into_iter()
            .map(|path| File::create(path).map(drop))
            .reduce(Result::or)
            .unwrap_or(Ok(())),
        Escape::OpenSocket => {
            // SAFETY: the call takes numbers.
            succeeded(unsafe { libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0) })
        }
        Escape::Fork => {
            // SAFETY: this process has one thread; the new one ends at once.
            let id = unsafe { libc::fork() };
            if id == 0 {
                // SAFETY: nothing of the parent's is cleaned up twice.
                unsafe { libc::_exit(0) };
            }
            succeeded(id)
        }
        Escape::RunShell => {
            let arguments = [c"sh".as_ptr(), c"-c".as_ptr(), c"exit 0".as_ptr(), ptr::null()];
            // SAFETY: path and arguments are terminated, and so is their list.
            succeeded(unsafe { libc::execv(c"/bin/sh".as_ptr(), arguments.as_ptr()) })
        }
        Escape::Trace => {
            let none = ptr::null_mut::<libc::c_void>();
            // SAFETY: attaching takes numbers; the pointers are not used.
            let traced = unsafe { libc::ptrace(libc::PTRACE_ATTACH, libc::getppid(), none, none) };
            succeeded(i32::try_from(traced).unwrap_or(0))
        }
        Escape::Mount => {
            let kind = c"tmpfs".as_ptr();
            // SAFETY: every text is a terminated constant.
            succeeded(unsafe { libc::mount(kind, c"/".as_ptr(), kind, 0, ptr::null()) })
        }
        Escape::IoUring => {
            // The kernel's parameters take 120 bytes, all zero for the defaults.
            let mut parameters = [0u64; 15];
            // SAFETY: the parameters are writable for the length the kernel uses.
            let ring = unsafe { libc::syscall(libc::SYS_io_uring_setup, 1, parameters.as_mut_ptr()) };
            succeeded(i32::try_from(ring).unwrap_or(0))
        }
        Escape::Allocate => {
            let mut block: Vec<u8> = Vec::new();
            let taken = block.try_reserve_exact(TOO_MUCH);
            std::hint::black_box(&block);
            taken.map_err(|_| io::ErrorKind::OutOfMemory.into())
        }
    };
    tried.err().map(|error| crate::error::plain_reason(&error))
}

fn succeeded(result: i32) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
