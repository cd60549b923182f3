//! Running a program and reading what the system says it used.

use std::io;
use std::process::{Command, Stdio};
use std::time::Instant;

/// What one run of a program used.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// Seconds from start to end.
    pub wall: f64,
    /// Seconds of processor time, user and system, all threads.
    pub cpu: f64,
    /// Largest resident memory in MiB.
    pub peak_mib: f64,
}

/// Runs `program` with its output thrown away and waits for it.
///
/// # Errors
/// When it cannot be started or does not end well.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this file is for")]
pub fn run(program: &str, arguments: &[&str]) -> io::Result<Usage> {
    let started = Instant::now();
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    // Messages are few; a pipe's worth is enough to show why a run failed.
    let mut messages = child.stderr.take();
    let id = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    let mut status = 0;
    // SAFETY: all-zero is a value of this plain structure.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the process is our child and nobody else waits for it; both pointers are valid.
    let waited = unsafe { libc::wait4(id, &raw mut status, 0, &raw mut usage) };
    let wall = started.elapsed().as_secs_f64();
    if waited != id || !libc::WIFEXITED(status) || libc::WEXITSTATUS(status) != 0 {
        let mut text = String::new();
        if let Some(messages) = &mut messages {
            io::Read::read_to_string(messages, &mut text)?;
        }
        let line = format!("{program} {}: {}", arguments.join(" "), text.trim());
        return Err(io::Error::other(line));
    }
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    let cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    Ok(Usage { wall, cpu, peak_mib: usage.ru_maxrss as f64 / 1024.0 })
}

/// The middle value; the mean of the two middle ones of an even number.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[count / 2],
        count => f64::midpoint(sorted[count / 2 - 1], sorted[count / 2]),
    }
}
