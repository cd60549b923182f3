//! What a worker is called: `machine-process-start-ulid`.
//!
//! A lease tells who has it. Where that is a process of this machine, whether it is still there can be
//! seen at once, without waiting for the lease to run out.

use std::fmt;
use std::fs;

/// Letters of the machine's part.
const MACHINE_LETTERS: usize = 16;

/// A worker's name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkerName(String);

impl WorkerName {
    /// A name for this process; each call gives another one.
    pub fn of_this_process() -> Self {
        let (machine, process) = (machine().unwrap_or_default(), std::process::id());
        let start = start_of(process).unwrap_or(0);
        Self(format!("{machine}-{process}-{start}-{}", crate::id::ulid()))
    }

    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorkerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether the worker of that name was a process of this machine and is there no more. In doubt it is
/// there: its lease runs out in any case.
pub fn is_gone(name: &str) -> bool {
    let mut parts = name.split('-');
    let (Some(its), Some(process), Some(start)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let (Ok(process), Ok(start)) = (process.parse::<u32>(), start.parse::<u64>()) else { return false };
    // The number of a process is used again; with its start it is not.
    start > 0 && machine().is_some_and(|machine| machine == its) && start_of(process) != Some(start)
}

/// This run of this machine, as far as numbers of processes mean the same; `None` where the system does not
/// say.
fn machine() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let processes = fs::read_link("/proc/self/ns/pid").ok()?;
    let hash = blake3::hash(format!("{boot}{}", processes.display()).as_bytes()).to_hex();
    hash.get(..MACHINE_LETTERS).map(str::to_owned)
}

/// When a process was started, in ticks since the machine was; `None` where there is no such process.
fn start_of(process: u32) -> Option<u64> {
    let line = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is a name in brackets that may hold anything; the start is the 20th after it.
    let (_, rest) = line.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace();
    // A process that has ended and was not asked after does nothing any more.
    if fields.next()? == "Z" {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_ended_is_gone() {
        let own = WorkerName::of_this_process();
        assert!(!is_gone(own.as_str()));
        assert_ne!(own, WorkerName::of_this_process());
        let mut parts: Vec<&str> = own.as_str().split('-').collect();
        // The same process, started at another time.
        parts[2] = "1";
        assert!(is_gone(&parts.join("-")));
        // A process elsewhere.
        parts[0] = "0123456789abcdef";
        assert!(!is_gone(&parts.join("-")));
        for odd in ["", "a", "a-b-c", "a-1-0-x"] {
            assert!(!is_gone(odd), "{odd}");
        }
    }
}
