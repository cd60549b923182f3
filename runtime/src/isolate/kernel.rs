//! The calls of the kernel that the standard library does not offer, each in a safe coat.
//!
//! They are made between the start of a worker and its first look at foreign bytes, while it has a
//! single thread.

use std::ffi::{CStr, c_int, c_long};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;

/// Which of two processes goes on.
pub(super) enum Forked {
    /// The one that was there, with the number of the new one.
    Parent(libc::pid_t),
    /// The new one.
    Child,
}

/// How a process ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ended {
    /// By itself, with this status.
    Exit(c_int),
    /// By this signal.
    Signal(c_int),
}

fn checked(result: c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn checked_call(result: c_long) -> io::Result<c_long> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// User and group of this process.
pub(super) fn user_and_group() -> (u32, u32) {
    // SAFETY: both calls only read numbers of this process.
    unsafe { (libc::geteuid(), libc::getegid()) }
}

/// Leaves the namespaces named by `flags` for new ones.
pub(super) fn unshare(flags: c_int) -> io::Result<()> {
    // SAFETY: the call takes flags alone; nothing of this process's memory is shared anew.
    checked(unsafe { libc::unshare(flags) })
}

/// Mounts; `None` stands for an argument that this kind of mount does not use.
pub(super) fn mount(
    source: Option<&CStr>,
    target: &CStr,
    kind: Option<&CStr>,
    flags: libc::c_ulong,
    data: Option<&CStr>,
) -> io::Result<()> {
    let pointer = |text: Option<&CStr>| text.map_or(ptr::null(), CStr::as_ptr);
    // SAFETY: every argument is null or terminated text that lives through the call.
    checked(unsafe {
        libc::mount(pointer(source), target.as_ptr(), pointer(kind), flags, pointer(data).cast())
    })
}

/// Makes the current folder, a mount of its own, the root of everything, and lets go of the rest.
pub(super) fn become_root() -> io::Result<()> {
    // SAFETY: both paths are terminated constants.
    unsafe {
        checked_call(libc::syscall(libc::SYS_pivot_root, c".".as_ptr(), c".".as_ptr()))?;
        checked(libc::umount2(c".".as_ptr(), libc::MNT_DETACH))
    }
}

/// Splits this process in two. It has a single thread, so the new one is whole.
pub(super) fn fork() -> io::Result<Forked> {
    // SAFETY: the worker has started no thread, so no lock can be held by one that is not copied.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Forked::Child),
        id => Ok(Forked::Parent(id)),
    }
}

/// Waits until the process has ended or nobody holds the other end of `line` any more; then it is
/// ended. Says how.
pub(super) fn outlive(id: libc::pid_t, line: BorrowedFd<'_>) -> io::Result<Ended> {
    // SAFETY: the call takes numbers; a descriptor it returns is ours alone.
    let process = unsafe {
        let number = checked_call(libc::syscall(libc::SYS_pidfd_open, id, 0))?;
        OwnedFd::from_raw_fd(RawFd::try_from(number).map_err(io::Error::other)?)
    };
    let watch = |fd, events| libc::pollfd { fd, events, revents: 0 };
    let mut watched = [watch(process.as_raw_fd(), libc::POLLIN), watch(line.as_raw_fd(), 0)];
    loop {
        // SAFETY: the array is valid and of the given length.
        let ready = unsafe { libc::poll(watched.as_mut_ptr(), 2, -1) };
        match (ready, io::Error::last_os_error().kind()) {
            (-1, io::ErrorKind::Interrupted) => {}
            (-1, _) => return Err(io::Error::last_os_error()),
            _ => break,
        }
    }
    if watched[0].revents == 0 {
        // SAFETY: the process is our child and has not been waited for, so the number is still its.
        unsafe { libc::kill(id, libc::SIGKILL) };
    }
    let mut status = 0;
    // SAFETY: the process is our child; the pointer is valid.
    while unsafe { libc::waitpid(id, &raw mut status, 0) } == -1 {
        if io::Error::last_os_error().kind() != io::ErrorKind::Interrupted {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(match libc::WIFSIGNALED(status) {
        true => Ended::Signal(libc::WTERMSIG(status)),
        false => Ended::Exit(libc::WEXITSTATUS(status)),
    })
}

/// Ends this process when the one that made it ends.
pub(super) fn die_with_parent() -> io::Result<()> {
    // SAFETY: the call takes numbers.
    checked(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0) })
}

/// Sets a limit of this process that it cannot raise again.
pub(super) fn limit(resource: libc::__rlimit_resource_t, value: u64) -> io::Result<()> {
    let limits = libc::rlimit { rlim_cur: value, rlim_max: value };
    // SAFETY: the pointer is valid for the call.
    checked(unsafe { libc::setrlimit(resource, &raw const limits) })
}

/// Closes every descriptor from `first` on, before anything owns one of them. Older kernels cannot;
/// then nothing is closed.
pub(super) fn close_from(first: u32) {
    // SAFETY: called when the worker begins, when no owner of such a descriptor exists.
    unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, 0) };
}

/// Gives up every capability, and gaining any by starting a program.
pub(super) fn renounce() -> io::Result<()> {
    /// Version 3 of the kernel's interface: two sets of 32.
    #[repr(C)]
    struct Header {
        version: u32,
        process: c_int,
    }
    const VERSION: u32 = 0x2008_0522;
    let header = Header { version: VERSION, process: 0 };
    let none = [0u32; 6];
    // SAFETY: header and sets have the layout of that version and live through the calls.
    unsafe {
        checked(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))?;
        checked_call(libc::syscall(libc::SYS_capset, &raw const header, none.as_ptr())).map(|_| ())
    }
}
