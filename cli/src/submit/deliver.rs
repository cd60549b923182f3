//! Bringing the result here.

use std::path::Path;

use vid_server::client::{Job, Remote};

use super::progress::Reporter;
use crate::failure::Failure;
use crate::output;

/// A result that is here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// Its size.
    pub bytes: u64,
}

/// Downloads the file of a completed job. Under its name it appears complete or not at all.
///
/// # Errors
/// When it cannot be had or written.
pub fn fetch(
    remote: &Remote,
    job: &Job,
    destination: &Path,
    name: &str,
    reporter: &Reporter,
) -> Result<Delivery, Failure> {
    let expected = job.output.as_ref().and_then(|output| output.size_bytes);
    let told = |received: u64| reporter.download(name, received, expected);
    let mut bytes = 0;
    output::fill(destination, |file| {
        bytes = remote
            .download(&job.id, file, expected, &told)
            .map_err(|error| Failure::of_download(error, destination, &job.id))?;
        Ok(())
    })?;
    Ok(Delivery { bytes })
}
