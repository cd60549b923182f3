//! How a worker locks itself in: from the outside wall to the innermost, before the first foreign
//! byte.
//!
//! Order matters. New users come first, because they alone allow an unprivileged process the rest;
//! then the small file system, the second process (a process is never itself inside its new process
//! namespace), the limits, Landlock, and the filters of calls last, because they forbid all the above.

use std::ffi::{CString, OsStr};
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use landlock::{
    ABI, Access, AccessFs, AccessNet, PathBeneath, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus,
    Scope,
};

use super::kernel::{self, Ended, Forked};
use super::layer::Layer;
use crate::media::limits;

/// Descriptors a worker may have open: its line, the medium, and what opening it again takes.
const MAX_DESCRIPTORS: u64 = 32;
/// Folders of which one is there on any system, to lay the small file system over.
const PLACES: [&str; 4] = ["/tmp", "/run", "/mnt", "/var"];
/// The user and group that a worker is inside, which own nothing anywhere.
const NOBODY: u32 = 65_534;
/// What a worker says to its watcher when the shell would: ended by a signal.
const SIGNAL_STATUS: u8 = 128;

/// What becomes of the process that asked to be confined.
pub(super) enum Side {
    /// It has watched the confined one, which has ended.
    Watcher(ExitCode),
    /// It is confined.
    Confined(Confined),
}

/// What a confined process has.
pub(super) struct Confined {
    /// What holds it, from the outside in.
    pub(super) layers: Vec<Layer>,
    /// Why the others do not, in words.
    pub(super) reasons: Vec<String>,
    /// Where it finds the medium.
    pub(super) medium: PathBuf,
}

impl Confined {
    fn try_layer(&mut self, layer: Layer, step: impl FnOnce() -> Result<(), String>) {
        match step() {
            Ok(()) => self.layers.push(layer),
            Err(reason) => self.reasons.push(format!("{layer}: {reason}")),
        }
    }
}

/// Locks this process in. `medium` is open, known outside as `path`; `line` leads to whoever asked.
///
/// # Errors
/// When a step fails after which there is no way on.
pub(super) fn enter(medium: &impl AsFd, line: &impl AsFd, path: &Path, cpu_seconds: u64) -> io::Result<Side> {
    let mut confined = Confined { layers: Vec::new(), reasons: Vec::new(), medium: path.to_owned() };
    match own_world(medium, path) {
        Ok(inside) => {
            match kernel::fork()? {
                Forked::Parent(id) => return Ok(Side::Watcher(watch(id, line)?)),
                Forked::Child => kernel::die_with_parent()?,
            }
            confined.medium = inside;
            confined.layers.push(Layer::Namespaces);
        }
        Err(error) => {
            confined.reasons.push(format!("namespaces: {}", crate::error::plain_reason(&error)));
            // A step that failed late may have hidden the folder of the file.
            if same_file(medium, path).is_err() {
                confined.medium = PathBuf::from("/proc/self/fd/1");
            }
        }
    }
    let words = |error: io::Error| crate::error::plain_reason(&error);
    confined.try_layer(Layer::Limits, || set_limits(cpu_seconds).map_err(words));
    confined.try_layer(Layer::Landlock, || restrict_files(medium));
    confined.try_layer(Layer::Seccomp, super::filter::apply);
    confined.layers.sort_unstable();
    Ok(Side::Confined(confined))
}

/// Moves this process, and the next one it makes, into a world that holds the medium and nothing
/// else. Returns where the medium is in it: under its own name, which decoders look at.
fn own_world(medium: &impl AsFd, path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().unwrap_or(OsStr::new("medium"));
    let (user, group) = kernel::user_and_group();
    kernel::unshare(
        libc::CLONE_NEWUSER
            | libc::CLONE_NEWNS
            | libc::CLONE_NEWNET
            | libc::CLONE_NEWIPC
            | libc::CLONE_NEWUTS
            | libc::CLONE_NEWPID,
    )?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{NOBODY} {user} 1"))?;
    fs::write("/proc/self/gid_map", format!("{NOBODY} {group} 1"))?;
    // What is mounted here must not show outside.
    kernel::mount(None, c"/", None, libc::MS_REC | libc::MS_PRIVATE, None)?;
    // A descriptor from outside cannot be mounted in here, so the file is opened once more, and has to
    // be the same one.
    let again = same_file(medium, path)?;
    let place = PLACES.iter().find(|place| Path::new(place).is_dir());
    let place = Path::new(place.ok_or_else(|| io::Error::other("no folder to mount over"))?);
    let guarded = libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC;
    let tiny = Some(c"size=64k,nr_inodes=8,mode=755");
    kernel::mount(Some(c"none"), &terminated(place.as_os_str())?, Some(c"tmpfs"), guarded, tiny)?;
    let seen = place.join(name);
    fs::write(&seen, b"")?;
    let bound = terminated(seen.as_os_str())?;
    let source = terminated(OsStr::new(&format!("/proc/self/fd/{}", again.as_raw_fd())))?;
    kernel::mount(Some(&source), &bound, None, libc::MS_BIND, None)?;
    // What stays open would keep the world outside within reach.
    drop(again);
    std::env::set_current_dir(place)?;
    kernel::become_root()?;
    std::env::set_current_dir("/")?;
    kernel::mount(None, c"/", None, libc::MS_REMOUNT | libc::MS_RDONLY | guarded, None)?;
    Ok(Path::new("/").join(name))
}

/// Opens the file at `path`, which has to be the one that is open as `medium`.
fn same_file(medium: &impl AsFd, path: &Path) -> io::Result<File> {
    let again = File::open(path)?;
    let (wanted, found) = (File::from(medium.as_fd().try_clone_to_owned()?).metadata()?, again.metadata()?);
    match (wanted.dev(), wanted.ino()) == (found.dev(), found.ino()) {
        true => Ok(again),
        false => Err(io::Error::other("the medium was replaced")),
    }
}

fn terminated(text: &OsStr) -> io::Result<CString> {
    CString::new(text.as_bytes()).map_err(io::Error::other)
}

/// Stays until the confined process has ended, and ends as it did.
fn watch(id: libc::pid_t, line: &impl AsFd) -> io::Result<ExitCode> {
    Ok(match kernel::outlive(id, line.as_fd())? {
        Ended::Exit(status) => ExitCode::from(u8::try_from(status).unwrap_or(1)),
        Ended::Signal(signal) => ExitCode::from(SIGNAL_STATUS | u8::try_from(signal).unwrap_or(0)),
    })
}

/// The signal that a worker's status stands for, if it stands for one.
pub(super) fn signal_of_status(status: i32) -> Option<i32> {
    (i32::from(SIGNAL_STATUS) + 1..i32::from(SIGNAL_STATUS) + 65)
        .contains(&status)
        .then(|| status - i32::from(SIGNAL_STATUS))
}

fn set_limits(cpu_seconds: u64) -> io::Result<()> {
    kernel::limit(libc::RLIMIT_AS, limits::MAX_DECODER_BYTES)?;
    kernel::limit(libc::RLIMIT_CPU, cpu_seconds)?;
    kernel::limit(libc::RLIMIT_FSIZE, 0)?;
    kernel::limit(libc::RLIMIT_NOFILE, MAX_DESCRIPTORS)?;
    kernel::limit(libc::RLIMIT_NPROC, 0)?;
    kernel::limit(libc::RLIMIT_CORE, 0)?;
    kernel::renounce()
}

/// Lets this process read the medium and nothing else, make no connection, and signal nobody outside.
fn restrict_files(medium: &impl AsFd) -> Result<(), String> {
    // What a kernel does not know of this it leaves out; files are known to the oldest.
    let restrict = || {
        let rules = Ruleset::default()
            .handle_access(AccessFs::from_all(ABI::V5))?
            .handle_access(AccessNet::from_all(ABI::V5))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?;
        rules.add_rule(PathBeneath::new(medium.as_fd(), AccessFs::ReadFile))?.restrict_self()
    };
    let status = restrict().map_err(|error: landlock::RulesetError| error.to_string().to_lowercase())?;
    match status.ruleset {
        RulesetStatus::NotEnforced => Err("this kernel does not offer it".to_owned()),
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
    }
}
