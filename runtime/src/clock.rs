//! The one place that reads clocks. Nothing that reaches a frame, a sample or a key comes here.

use std::time::{Duration, Instant, SystemTime};

/// The time of day, for ages of files.
#[expect(clippy::disallowed_methods, reason = "this is the clock module")]
pub fn now() -> SystemTime {
    SystemTime::now()
}

/// An instant that only differences of mean anything, for deadlines.
#[expect(clippy::disallowed_methods, reason = "this is the clock module")]
pub fn instant() -> Instant {
    Instant::now()
}

/// Processor time this thread has used, for limits that a busy machine must not bring nearer. Zero
/// where the system does not say.
pub fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is valid for the call.
    let read = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    match (read, u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec)) {
        (0, Ok(seconds), Ok(nanoseconds)) => Duration::new(seconds, nanoseconds),
        _ => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_goes_forward() {
        let before = thread_time();
        let busy: u64 = (0..2_000_000u64).map(|n| std::hint::black_box(n) % 7).sum();
        assert!(busy > 0);
        assert!(thread_time() > before);
    }
}
