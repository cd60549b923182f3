//! How a child is started, heard and ended.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;
use tokio::sync::watch;

use super::order::{Made, Order, Report};
use crate::store::{Failure, Stage};

/// Longest line that is listened to, in bytes; the rest of a longer one is another line.
const MAX_LINE_BYTES: u64 = 64 << 10;
/// Longest time a child may take by the clock.
pub const MOST_TIME: Duration = Duration::from_secs(6 * 3600);

/// How children are started: a program that calls [`super::render_child`] for these arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Launcher {
    /// The program.
    pub program: PathBuf,
    /// What tells it to be a child.
    pub arguments: Vec<OsString>,
}

/// How a child ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ended {
    /// The film is there.
    Done(Made),
    /// It cannot be made.
    Failed(Failure),
    /// It could not be made this time.
    Hindered(Failure),
    /// The child is dead and has not said why.
    Died(String),
}

impl Launcher {
    /// The running program, with these arguments.
    ///
    /// # Errors
    /// When the system does not say which program is running.
    pub fn this_program(arguments: &[&str]) -> io::Result<Self> {
        let arguments = arguments.iter().map(OsString::from).collect();
        Ok(Self { program: std::env::current_exe()?, arguments })
    }

    /// Has a child make a film, and tells `progress` how far it is. Dropping the future ends the child.
    ///
    /// # Errors
    /// When none can be started.
    pub async fn run(
        &self,
        order: &Order,
        progress: &watch::Sender<Option<(Stage, u8)>>,
    ) -> io::Result<Ended> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut line = serde_json::to_vec(order).map_err(io::Error::other)?;
        line.push(b'\n');
        // Kept open: when it closes, the child ends.
        let mut input = child.stdin.take().ok_or_else(|| io::Error::other("a child without input"))?;
        let output = child.stdout.take().ok_or_else(|| io::Error::other("a child without output"))?;
        let listen = async {
            // A child that dies before it has heard everything says so by its end.
            let _ = input.write_all(&line).await;
            let last = hear(output, progress).await;
            (last, child.wait().await)
        };
        let (last, status) = match tokio::time::timeout(MOST_TIME, listen).await {
            Ok((last, status)) => (last, status?),
            Err(_) => return Ok(Ended::Died(format!("it took longer than {} s", MOST_TIME.as_secs()))),
        };
        drop(input);
        Ok(match last {
            Some(Report::Done(made)) if status.success() => Ended::Done(made),
            Some(Report::Failed(failure)) if status.success() => Ended::Failed(failure),
            Some(Report::Hindered(failure)) if status.success() => Ended::Hindered(failure),
            _ => Ended::Died(words(status)),
        })
    }
}

/// Listens until there is nothing more to hear; returns the report with which it ended.
async fn hear(
    output: impl tokio::io::AsyncRead + Unpin,
    progress: &watch::Sender<Option<(Stage, u8)>>,
) -> Option<Report> {
    let mut output = BufReader::new(output);
    let mut last = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut output).take(MAX_LINE_BYTES).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return last,
            Ok(_) => {}
        }
        match serde_json::from_slice(&line) {
            Ok(Report::Progress { stage, percent }) => {
                progress.send_replace(Some((stage, percent)));
            }
            Ok(report) => last = Some(report),
            // Some library talks on standard output; it is not for us.
            Err(_) => {}
        }
    }
}

fn words(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("it was ended by signal {signal}"),
        (None, Some(code)) => format!("it ended with code {code}"),
        (None, None) => "it ended".to_owned(),
    }
}
