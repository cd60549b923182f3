//! A worker on one file, and the next one when it is gone.
//!
//! Decoders die of files that find a mistake in them. They also die because somebody ended them, or because
//! the machine ran out of memory and the system chose them. So a worker that dies after it has answered is
//! replaced, and the next one is asked again: what a file shows at an instant depends on nothing else. One
//! that dies of its first question dies of the file, and a file that has cost several workers is given
//! up on.
//!
//! Each worker is granted processor time by the length of its medium. What is played again and again takes
//! more than that, so a worker that has gone through its medium often enough makes way for a fresh one.

use std::path::{Path, PathBuf};

use vid_timeline::{Rational, Time};

use super::child::{Confinement, Worker};
use super::wire::{Reply, Request};
use crate::media::{MediaError, limits};

/// Workers that one file may cost before it is given up on.
const MAX_DEATHS: u32 = 2;
/// How often a worker goes through its medium, of which a few seconds more are granted. It is granted
/// [`limits::DECODE_SECONDS_PER_SECOND`] for going through once, so five remain for each second here: more
/// than the largest pictures take.
const TURNS: i64 = 4;

/// What is done when a worker dies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum AfterDeath {
    /// The next one is asked.
    Replace,
    /// It is an error. For damaged media, which the next one may read differently.
    GiveUp,
}

/// A worker that has opened its medium.
pub(super) struct Relay {
    confinement: Confinement,
    path: PathBuf,
    duration: Option<Time>,
    opening: Request,
    after_death: AfterDeath,
    worker: Worker,
    /// Whether this worker has answered since it opened its medium.
    has_answered: bool,
    deaths: u32,
    /// Media time that was asked for last, and all that this worker went through.
    last: Time,
    passed: Time,
}

impl Relay {
    /// Starts a worker that opens the file as `opening` says.
    pub(super) fn start(
        confinement: &Confinement,
        path: &Path,
        duration: Option<Time>,
        opening: Request,
        after_death: AfterDeath,
    ) -> Result<Self, MediaError> {
        Ok(Self {
            confinement: confinement.clone(),
            path: path.to_owned(),
            duration,
            worker: opened(confinement, path, duration, &opening)?,
            opening,
            after_death,
            has_answered: false,
            deaths: 0,
            last: Time::ZERO,
            passed: Time::ZERO,
        })
    }

    /// Asks for something that lies at `at` in the media, and lets `take` have the answer and what follows
    /// it; once more for each worker that dies of it.
    pub(super) fn ask<T>(
        &mut self,
        request: &Request,
        at: Time,
        mut take: impl FnMut(&mut Worker, Reply) -> Result<T, MediaError>,
    ) -> Result<T, MediaError> {
        if self.is_spent(at) {
            self.replace()?;
        }
        loop {
            let answer = self.worker.ask(request, at).and_then(|reply| take(&mut self.worker, reply));
            match answer {
                Err(MediaError::DecoderDied { .. }) if self.may_be_replaced() => {
                    self.deaths += 1;
                    self.replace()?;
                }
                answer => {
                    self.has_answered |= answer.is_ok();
                    return answer;
                }
            }
        }
    }

    /// Number of the process that was started.
    pub(super) fn process(&self) -> u32 {
        self.worker.process()
    }

    fn may_be_replaced(&self) -> bool {
        self.after_death == AfterDeath::Replace && self.has_answered && self.deaths < MAX_DEATHS
    }

    /// Whether the worker has gone through as much of its medium as it can be sure to have time for, the
    /// way to `at` included.
    fn is_spent(&mut self, at: Time) -> bool {
        let Some(duration) = self.duration else { return false };
        let at = at.max(Time::ZERO).min(duration);
        let is_backwards = matches!(self.opening, Request::OpenVideo { way: super::wire::Way::Backwards });
        let way = match at >= self.last {
            true => at - self.last,
            false if is_backwards => self.last - at,
            // At the worst, everything from the beginning is decoded again.
            false => at,
        };
        self.last = at;
        self.passed = self.passed + way;
        let spare = Time::new(
            i64::try_from(limits::SPARE_DECODE_SECONDS / limits::DECODE_SECONDS_PER_SECOND).unwrap_or(0),
            1,
        );
        self.after_death == AfterDeath::Replace
            && self.has_answered
            && self.passed > (duration + spare) * Rational::integer(TURNS)
    }

    fn replace(&mut self) -> Result<(), MediaError> {
        self.worker = opened(&self.confinement, &self.path, self.duration, &self.opening)?;
        self.has_answered = false;
        self.passed = self.last;
        Ok(())
    }
}

fn opened(
    confinement: &Confinement,
    path: &Path,
    duration: Option<Time>,
    opening: &Request,
) -> Result<Worker, MediaError> {
    let mut worker = confinement.start(path, duration)?;
    match worker.ask(opening, Time::ZERO)? {
        Reply::Opened => Ok(worker),
        _ => Err(worker.nonsense()),
    }
}
