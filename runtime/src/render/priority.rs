//! Threads that give way to the one that encodes.
//!
//! The encoder's own threads wait for each other all the time. On a machine that is full, whoever makes frames or
//! sound for later is better off in those moments than beside the encoder, which would then wait longer
//! (docs/performance.md). That holds for all that such a thread starts: decoders and their processes have its
//! priority.

/// How much a thread gives way: it has two fifths of the time of a thread that does not, where both want it.
/// Not more, since other programs of the machine are given way to as well.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 4;

/// Has the calling thread give way, for good: no program may take priority back without a right to it.
pub fn give_way() {
    // Elsewhere the call is about the whole process.
    #[cfg(target_os = "linux")]
    {
        let own = rustix::process::getpriority_process(None).unwrap_or(0);
        // Nothing depends on it but time.
        let _ = rustix::process::setpriority_process(None, own.saturating_add(NICENESS));
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn niceness() -> i32 {
        rustix::process::getpriority_process(None).expect("a thread has a priority")
    }

    #[test]
    fn only_the_thread_that_asks_gives_way() {
        let before = niceness();
        let theirs = std::thread::scope(|scope| {
            let other = scope.spawn(|| {
                give_way();
                niceness()
            });
            other.join().expect("the thread ends")
        });
        // Nineteen is the most there is.
        assert_eq!(theirs, (before + NICENESS).min(19));
        assert_eq!(niceness(), before);
    }
}
