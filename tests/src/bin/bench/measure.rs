//! Running a program and reading what the system says it used.

use std::io;
use std::path::Path;
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
pub fn run(program: &str, arguments: &[&str]) -> io::Result<Usage> {
    run_in(Path::new("."), program, arguments)
}

/// As [`run`], in the folder `folder`.
///
/// # Errors
/// Those of [`run`].
#[expect(clippy::disallowed_methods, reason = "measuring time is what this file is for")]
pub fn run_in(folder: &Path, program: &str, arguments: &[&str]) -> io::Result<Usage> {
    let started = Instant::now();
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
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

/// Number of packets of the pictures of a file.
///
/// # Errors
/// When it cannot be read.
pub fn packets(path: &str) -> io::Result<u64> {
    let count = ["-count_packets", "-select_streams", "v:0", "-show_entries", "stream=nb_read_packets"];
    let output =
        Command::new("ffprobe").args(["-v", "error"]).args(count).args(["-of", "csv=p=0", path]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| io::Error::other(format!("{path}: {}", text.trim())))
}

/// Structural similarity of the pictures of two files, 1 when they are the same.
///
/// # Errors
/// When they cannot be read.
pub fn likeness(a: &str, b: &str) -> io::Result<f64> {
    let compare = ["-lavfi", "[0:v][1:v]ssim", "-f", "null", "-"];
    let output = Command::new("ffmpeg").args(["-nostdin", "-i", a, "-i", b]).args(compare).output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let value = text.rsplit("All:").next().and_then(|rest| rest.split_whitespace().next());
    let found = value.and_then(|value| value.parse().ok());
    found.ok_or_else(|| io::Error::other(format!("{a} and {b} cannot be compared")))
}

/// Seconds that this machine takes to read or write a byte in a long copy.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this file is for")]
pub fn seconds_per_byte() -> f64 {
    const BYTES: usize = 64 << 20;
    let source = vec![1_u8; BYTES];
    let mut target = vec![0_u8; BYTES];
    let times = (0..5).map(|_| {
        let started = Instant::now();
        target.copy_from_slice(std::hint::black_box(&source));
        std::hint::black_box(&mut target);
        started.elapsed().as_secs_f64()
    });
    median(times) / (2 * BYTES) as f64
}
