//! Ends a call into FFmpeg that takes too long to find out what a file is.

use std::ffi::{c_int, c_void};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ffmpeg_next::ffi;

use super::error::MediaError;
use super::limits::{self, Limit};
use crate::clock;

/// When opening a file has taken too long, in processor time of the thread that opens it. FFmpeg asks
/// between reads and between packets; what hangs inside one packet only a confined process survives.
pub(super) struct Deadline {
    /// Nanoseconds of processor time; zero for none.
    end: AtomicU64,
}

impl Deadline {
    /// A deadline for opening a file on this thread. Boxed, because FFmpeg keeps its address.
    pub(super) fn for_probing() -> Box<Self> {
        let end = clock::thread_time() + Duration::from_secs(limits::MAX_PROBE_SECONDS);
        Box::new(Self { end: AtomicU64::new(u64::try_from(end.as_nanos()).unwrap_or(u64::MAX)) })
    }

    /// Nothing is bounded from here on; what follows may happen on other threads.
    pub(super) fn lift(&self) {
        self.end.store(0, Ordering::Relaxed);
    }

    /// The callback for a context. It must not outlive `self`.
    pub(super) fn callback(&self) -> ffi::AVIOInterruptCB {
        ffi::AVIOInterruptCB { callback: Some(is_over), opaque: (&raw const *self).cast_mut().cast() }
    }

    /// Fails when the time is over.
    pub(super) fn check(&self, path: &Path) -> Result<(), MediaError> {
        let over = if self.is_over() { limits::MAX_PROBE_SECONDS + 1 } else { 0 };
        Limit::ProbeSeconds.at_most(path, over, limits::MAX_PROBE_SECONDS)
    }

    fn is_over(&self) -> bool {
        let end = self.end.load(Ordering::Relaxed);
        end != 0 && clock::thread_time().as_nanos() > u128::from(end)
    }
}

/// Asked by FFmpeg whether to give up.
///
/// # Safety
/// `deadline` points to a [`Deadline`].
unsafe extern "C" fn is_over(deadline: *mut c_void) -> c_int {
    // SAFETY: promised by whoever installed the callback.
    let deadline = unsafe { &*deadline.cast::<Deadline>() };
    deadline.is_over().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passed_deadline_is_an_error_until_it_is_lifted() {
        let deadline = Deadline::for_probing();
        assert_eq!(deadline.check(Path::new("a")), Ok(()));
        deadline.end.store(1, Ordering::Relaxed);
        let error = deadline.check(Path::new("a")).unwrap_err().to_string();
        assert_eq!(error, "`a` is over a limit: seconds to find out what it is 6, at most 5 accepted");
        deadline.lift();
        assert_eq!(deadline.check(Path::new("a")), Ok(()));
    }
}
