//! Handing a body in, and waiting for what becomes of it.

use std::time::Duration;

use vid_runtime::ContentHash;
use vid_server::client::{ClientError, Job, Remote, Submission};
use vid_server::store::RenderStatus;

use super::progress::Reporter;
use crate::clock;

/// How long a server may hold an answer back; short enough for a bar that moves.
const HOLD_SECONDS: u32 = 2;
/// The least time between two questions to a server that answers at once.
const BETWEEN: Duration = Duration::from_secs(2);
/// Most times that the same body is handed in anew because what came before has failed.
const MOST_ANEW: u32 = 20;
/// Digits of the hash in a key.
const KEY_DIGITS: usize = 32;

/// Hands a body in. The same body finds the job that it became before, unless that has failed or was called
/// off: then it becomes another one. A key of the caller's own is used as it is.
///
/// # Errors
/// When the server does not take it.
pub fn hand_in(remote: &Remote, body: &str, key: Option<&str>) -> Result<Submission, ClientError> {
    if let Some(key) = key {
        return remote.submit(body, key);
    }
    let hash = ContentHash::of(body.as_bytes()).to_hex();
    let mut number = 1;
    loop {
        let key = format!("vid-{}-{number}", &hash[..KEY_DIGITS]);
        let submission = remote.submit(body, &key)?;
        let is_over = matches!(submission.job.status, RenderStatus::Failed | RenderStatus::Cancelled);
        if !is_over || number == MOST_ANEW {
            return Ok(submission);
        }
        number += 1;
    }
}

/// Waits until a job has ended.
///
/// # Errors
/// When the server cannot be asked any more, or it is time to stop.
pub fn wait(remote: &Remote, job: Job, reporter: &Reporter) -> Result<Job, ClientError> {
    let mut job = job;
    loop {
        reporter.job(&job);
        if job.status.is_final() {
            return Ok(job);
        }
        let asked = clock::now();
        job = remote.read(&job.id, HOLD_SECONDS)?;
        let took = clock::now().duration_since(asked);
        if !job.status.is_final() && took < BETWEEN / 2 {
            // It does not hold answers back.
            remote.rest(BETWEEN)?;
        }
    }
}
