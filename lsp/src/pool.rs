//! The threads that answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Sender, unbounded};
use tokio::sync::oneshot;
use vid_compiler::{ANALYSIS_STACK_BYTES, Interrupt, interruptible};

use crate::world::{Shared, Snapshot, Ticket, lock};

/// Why a request has no answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unanswered {
    /// The text it was asked about is gone.
    ContentModified,
    /// The client does not want it any more.
    Cancelled,
    /// It cannot be done; why, in words.
    Refused(String),
    /// The server is at fault.
    Panicked,
}

/// Threads with a stack that analysis fits on. How much is queued is bounded by the number of requests
/// that the transport takes at once.
#[derive(Clone)]
pub struct Pool {
    jobs: Sender<Box<dyn FnOnce() + Send>>,
}

impl Pool {
    /// A pool of so many threads. They end when the pool is dropped.
    pub fn new(threads: usize) -> Self {
        let (jobs, queue) = unbounded::<Box<dyn FnOnce() + Send>>();
        for number in 0..threads {
            let queue = queue.clone();
            let thread = std::thread::Builder::new()
                .name(format!("answers-{number}"))
                .stack_size(ANALYSIS_STACK_BYTES + STACK_OF_FEATURES)
                .spawn(move || queue.iter().for_each(|job| job()));
            thread.expect("the system has room for a few more threads");
        }
        Self { jobs }
    }

    /// Answers a question about the world as it was at `ticket`. The work is done again where facts about
    /// media came in between; dropping the future stops it.
    pub async fn ask<T: Send + 'static>(
        &self,
        world: Shared,
        ticket: Ticket,
        work: impl Fn(&Snapshot) -> Result<T, Unanswered> + Send + 'static,
    ) -> Result<T, Unanswered> {
        let stop = Stop::default();
        let (answer, answered) = oneshot::channel();
        let job_stop = stop.clone();
        let job = move || {
            // Nobody listens where the request was cancelled.
            let _ = answer.send(job_stop.run(&world, ticket.revision, work));
        };
        self.run(stop, Box::new(job), answered).await
    }

    /// Answers a question about documents alone, which no change can outdate.
    pub async fn ask_text<T: Send + 'static>(
        &self,
        ticket: Ticket,
        work: impl FnOnce(&Ticket) -> Result<T, Unanswered> + Send + 'static,
    ) -> Result<T, Unanswered> {
        let stop = Stop::default();
        let (answer, answered) = oneshot::channel();
        let is_stopped = stop.clone();
        let job = move || {
            if is_stopped.is_set() {
                return;
            }
            let result = catch_unwind(AssertUnwindSafe(|| work(&ticket)));
            let _ = answer.send(result.unwrap_or(Err(Unanswered::Panicked)));
        };
        self.run(stop, Box::new(job), answered).await
    }

    async fn run<T>(
        &self,
        stop: Stop,
        job: Box<dyn FnOnce() + Send>,
        answered: oneshot::Receiver<Result<T, Unanswered>>,
    ) -> Result<T, Unanswered> {
        let _stop_when_dropped = StopOnDrop(stop);
        if self.jobs.send(job).is_err() {
            return Err(Unanswered::Cancelled);
        }
        answered.await.unwrap_or(Err(Unanswered::Cancelled))
    }
}

/// Room for features on the stack, on top of what analysis needs.
const STACK_OF_FEATURES: usize = 4 * 1024 * 1024;

/// Whether work is still wanted, and what stops it while it runs.
#[derive(Clone, Default)]
pub struct Stop {
    is_set: Arc<AtomicBool>,
    running: Arc<Mutex<Option<Interrupt>>>,
}

impl Stop {
    /// Whether the work is not wanted any more.
    pub fn is_set(&self) -> bool {
        self.is_set.load(Ordering::SeqCst)
    }

    /// Stops the work, now or when it begins.
    pub fn set(&self) {
        self.is_set.store(true, Ordering::SeqCst);
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(interrupt) = &*running {
            interrupt.stop();
        }
    }

    fn begin(&self, interrupt: Option<Interrupt>) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = interrupt;
    }

    fn run<T>(
        &self,
        world: &Shared,
        revision: u64,
        work: impl Fn(&Snapshot) -> Result<T, Unanswered>,
    ) -> Result<T, Unanswered> {
        loop {
            if self.is_set() {
                return Err(Unanswered::Cancelled);
            }
            let Some((snapshot, interrupt)) = lock(world).snapshot(Some(revision)) else {
                return Err(Unanswered::ContentModified);
            };
            self.begin(Some(interrupt));
            // It may have been set before there was something to stop.
            let result = if self.is_set() {
                Ok(Err(Unanswered::Cancelled))
            } else {
                let work = AssertUnwindSafe(|| interruptible(|| work(&snapshot)));
                catch_unwind(work).unwrap_or(Ok(Err(Unanswered::Panicked)))
            };
            self.begin(None);
            // Changes wait for the snapshot.
            drop(snapshot);
            if let Ok(result) = result {
                return result;
            }
        }
    }
}

struct StopOnDrop(Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.set();
    }
}
