//! What has to become of leases, small enough to go through all of it.
//!
//! A few renders, a few workers, a clock that only knows how many ticks a lease has left. What a worker believes
//! to hold outlives the lease, as it does when a process was stopped for a while; a worker that is killed forgets
//! it, and comes back as somebody else. [`State::step`] says what each step may lead to; the stores are held
//! against it step by step (`sqlite/explore.rs`), and the model itself is gone through for more workers here.

use std::collections::{BTreeMap, BTreeSet};

use super::{EventKind, Limits};

/// Ticks that a lease lasts.
pub const TICKS: u8 = 2;
/// When a render is given up in the model.
pub const LIMITS: Limits = Limits { tries: 2, deaths: 2, losses: 2 };

/// How far a render is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Phase {
    Ingesting,
    Queued,
    Processing,
    Completed,
    Failed,
    Cancelled,
}

/// Who has a lease.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Holder {
    Worker(usize),
    /// A worker that was killed.
    Gone,
}

/// A render.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Job {
    pub phase: Phase,
    pub tries: i64,
    pub deaths: i64,
    pub losses: i64,
    /// Who has it, and the ticks until that runs out.
    pub lease: Option<(Holder, u8)>,
    /// Whether it has a place in the queue.
    pub waits: bool,
}

/// What a worker believes to hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Belief {
    pub job: usize,
    /// Whether nobody has taken the job since.
    pub is_last: bool,
}

/// Everything at one moment.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct State {
    pub jobs: Vec<Job>,
    pub workers: Vec<Option<Belief>>,
}

/// Something that somebody does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    Take(usize),
    Under(usize, Write),
    /// `kill -9`.
    Kill(usize),
    Tick,
    Expire,
    /// Somebody says that this worker is gone, rightly or not.
    Release(Holder),
    Cancel(usize),
}

/// A write under a lease.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Write {
    Renew,
    Ingested,
    Begin,
    Postpone,
    Retry,
    Died,
    Fail,
    Complete,
}

/// What is answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    Done,
    /// The attempt is over, or the render is no longer where it would have to be.
    Stale,
    Took(Option<usize>),
    /// Whether it is tried again.
    Again(bool),
    /// So many leases were ended.
    Ended(u64),
    /// Whether it could be called off.
    Cancelled(bool),
}

/// What a step may lead to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    pub outcome: Outcome,
    pub state: State,
    /// What is told, by job.
    pub told: Vec<(usize, EventKind)>,
}

impl Phase {
    pub fn is_final(self) -> bool {
        self >= Self::Completed
    }
}

impl Job {
    /// A render that was just accepted.
    pub fn new(phase: Phase) -> Self {
        Self { phase, tries: 0, deaths: 0, losses: 0, lease: None, waits: true }
    }

    fn end(&mut self, phase: Phase) {
        (self.phase, self.lease, self.waits) = (phase, None, false);
    }

    /// Into the queue again, or given up. Returns which of them is told.
    fn again(&mut self) -> EventKind {
        if self.tries >= LIMITS.tries || self.deaths >= LIMITS.deaths || self.losses >= LIMITS.losses {
            self.end(Phase::Failed);
            return EventKind::RenderFailed;
        }
        if self.phase == Phase::Processing {
            self.phase = Phase::Queued;
        }
        (self.lease, self.waits) = (None, true);
        EventKind::RenderQueued
    }
}

impl State {
    /// Renders that were just accepted, and workers with nothing to do.
    pub fn new(jobs: &[Phase], workers: usize) -> Self {
        Self { jobs: jobs.iter().copied().map(Job::new).collect(), workers: vec![None; workers] }
    }

    /// Everything that somebody may do now.
    pub fn ops(&self) -> Vec<Op> {
        const WRITES: [Write; 8] = [
            Write::Renew,
            Write::Ingested,
            Write::Begin,
            Write::Postpone,
            Write::Retry,
            Write::Died,
            Write::Fail,
            Write::Complete,
        ];
        let mut ops = vec![Op::Tick, Op::Expire, Op::Release(Holder::Gone)];
        for (worker, belief) in self.workers.iter().enumerate() {
            ops.push(Op::Release(Holder::Worker(worker)));
            match belief {
                None => ops.push(Op::Take(worker)),
                Some(_) => {
                    ops.push(Op::Kill(worker));
                    ops.extend(WRITES.map(|write| Op::Under(worker, write)));
                }
            }
        }
        ops.extend((0..self.jobs.len()).map(Op::Cancel));
        ops
    }

    /// What a step may lead to; more than one thing where the queue may choose.
    pub fn step(&self, op: Op) -> Vec<Step> {
        match op {
            Op::Take(worker) => self.take(worker),
            Op::Under(worker, write) => vec![self.under(worker, write)],
            Op::Expire => vec![self.expire(|(_, left)| left == 0)],
            Op::Release(whose) => vec![self.expire(|(holder, _)| holder == whose)],
            Op::Kill(worker) => self.changed(Outcome::Done, |next| {
                next.workers[worker] = None;
                for (holder, _) in next.jobs.iter_mut().filter_map(|job| job.lease.as_mut()) {
                    if *holder == Holder::Worker(worker) {
                        *holder = Holder::Gone;
                    }
                }
                Vec::new()
            }),
            Op::Tick => self.changed(Outcome::Done, |next| {
                for (_, left) in next.jobs.iter_mut().filter_map(|job| job.lease.as_mut()) {
                    *left = left.saturating_sub(1);
                }
                Vec::new()
            }),
            Op::Cancel(job) => {
                let can = !self.jobs[job].phase.is_final();
                self.changed(Outcome::Cancelled(can), |next| {
                    if can {
                        next.jobs[job].end(Phase::Cancelled);
                    }
                    if can { vec![(job, EventKind::RenderCancelled)] } else { Vec::new() }
                })
            }
        }
    }

    fn changed(
        &self,
        outcome: Outcome,
        change: impl FnOnce(&mut Self) -> Vec<(usize, EventKind)>,
    ) -> Vec<Step> {
        let mut state = self.clone();
        let told = change(&mut state);
        vec![Step { outcome, state, told }]
    }

    fn take(&self, worker: usize) -> Vec<Step> {
        let waiting: Vec<usize> = (0..self.jobs.len()).filter(|job| self.jobs[*job].waits).collect();
        if waiting.is_empty() {
            return self.changed(Outcome::Took(None), |_| Vec::new());
        }
        let taken = |job: usize| {
            self.changed(Outcome::Took(Some(job)), |next| {
                for belief in next.workers.iter_mut().flatten().filter(|belief| belief.job == job) {
                    belief.is_last = false;
                }
                next.workers[worker] = Some(Belief { job, is_last: true });
                let taken = &mut next.jobs[job];
                (taken.lease, taken.waits) = (Some((Holder::Worker(worker), TICKS)), false);
                taken.tries += 1;
                Vec::new()
            })
        };
        waiting.into_iter().flat_map(taken).collect()
    }

    fn under(&self, worker: usize, write: Write) -> Step {
        let mut state = self.clone();
        let stale = Step { outcome: Outcome::Stale, state: self.clone(), told: Vec::new() };
        let Some(Belief { job: index, is_last: true }) = self.workers[worker] else { return stale };
        let job = &mut state.jobs[index];
        let Some((holder, _)) = job.lease else { return stale };
        let is_early = matches!(job.phase, Phase::Ingesting | Phase::Queued);
        let mut outcome = Outcome::Done;
        let told = match write {
            Write::Renew => {
                job.lease = Some((holder, TICKS));
                None
            }
            Write::Ingested if job.phase == Phase::Ingesting => {
                (job.phase, job.tries, job.lease, job.waits) = (Phase::Queued, 0, None, true);
                Some(EventKind::RenderQueued)
            }
            Write::Begin if job.phase == Phase::Queued => {
                job.phase = Phase::Processing;
                Some(EventKind::RenderProcessing)
            }
            Write::Postpone if is_early => {
                job.tries -= 1;
                (job.lease, job.waits) = (None, true);
                None
            }
            Write::Retry | Write::Died => {
                job.deaths += i64::from(write == Write::Died);
                let told = job.again();
                outcome = Outcome::Again(told == EventKind::RenderQueued);
                Some(told)
            }
            Write::Fail => {
                job.end(Phase::Failed);
                Some(EventKind::RenderFailed)
            }
            Write::Complete if job.phase == Phase::Processing => {
                job.end(Phase::Completed);
                Some(EventKind::RenderCompleted)
            }
            Write::Ingested | Write::Begin | Write::Postpone | Write::Complete => return stale,
        };
        Step { outcome, state, told: told.map(|kind| (index, kind)).into_iter().collect() }
    }

    fn expire(&self, whose: impl Fn((Holder, u8)) -> bool) -> Step {
        let mut state = self.clone();
        let mut told = Vec::new();
        for (index, job) in state.jobs.iter_mut().enumerate() {
            if job.lease.is_some_and(&whose) {
                job.losses += 1;
                // That a worker goes away is not the fault of the job.
                job.tries -= 1;
                told.push((index, job.again()));
            }
        }
        Step { outcome: Outcome::Ended(told.len() as u64), state, told }
    }

    /// The same for states that differ only in which worker is which.
    pub fn canonical(&self) -> Self {
        let mut order: Vec<usize> = (0..self.workers.len()).collect();
        let holds = |worker: &usize| {
            let is_his =
                |job: &Job| matches!(job.lease, Some((Holder::Worker(holder), _)) if holder == *worker);
            (self.workers[*worker], self.jobs.iter().map(is_his).collect::<Vec<_>>())
        };
        order.sort_by_key(holds);
        let mut state = self.clone();
        state.workers = order.iter().map(|worker| self.workers[*worker]).collect();
        for (holder, _) in state.jobs.iter_mut().filter_map(|job| job.lease.as_mut()) {
            if let Holder::Worker(worker) = holder {
                *worker = order.iter().position(|old| old == worker).unwrap_or(*worker);
            }
        }
        state
    }

    /// What has to be so, whatever was done.
    pub fn check(&self) {
        for (index, job) in self.jobs.iter().enumerate() {
            // Nothing is lost: what has not ended is somebody's, or waits for somebody.
            let places = usize::from(job.lease.is_some()) + usize::from(job.waits);
            assert_eq!(places, usize::from(!job.phase.is_final()), "{self:?}");
            // One may write, and it is the one who has the lease.
            let writes = |worker: &usize| {
                self.workers[*worker] == Some(Belief { job: index, is_last: true }) && job.lease.is_some()
            };
            let writers: Vec<usize> = (0..self.workers.len()).filter(writes).collect();
            match job.lease {
                Some((Holder::Worker(holder), _)) => assert_eq!(writers, [holder], "{self:?}"),
                Some((Holder::Gone, _)) | None => assert!(writers.is_empty(), "{self:?}"),
            }
            assert!((0..=LIMITS.tries).contains(&job.tries), "{self:?}");
        }
    }
}

/// What has to be so of every step: what has ended stays as it is, and its end is told once.
pub fn check_step(before: &State, step: &Step) {
    step.state.check();
    for (index, (old, new)) in before.jobs.iter().zip(&step.state.jobs).enumerate() {
        let is_end = |kind: &EventKind| {
            matches!(kind, EventKind::RenderCompleted | EventKind::RenderFailed | EventKind::RenderCancelled)
        };
        let ends = step.told.iter().filter(|(job, kind)| *job == index && is_end(kind)).count();
        match old.phase.is_final() {
            true => assert_eq!((old, ends), (new, 0), "{before:?} {step:?}"),
            false => assert_eq!(ends, usize::from(new.phase.is_final()), "{before:?} {step:?}"),
        }
    }
}

/// Goes through everything that can become of these renders. Returns how many states and steps there are.
fn explore(jobs: &[Phase], workers: usize) -> (usize, usize) {
    let first = State::new(jobs, workers);
    let mut numbers = BTreeMap::from([(first.canonical(), 0)]);
    let mut found = vec![first];
    let mut ways_back: Vec<Vec<usize>> = vec![Vec::new()];
    let (mut next, mut steps) = (0, 0);
    while next < found.len() {
        let state = found[next].clone();
        for step in state.ops().into_iter().flat_map(|op| state.step(op)) {
            steps += 1;
            check_step(&state, &step);
            let number = *numbers.entry(step.state.canonical()).or_insert_with(|| {
                found.push(step.state.clone());
                ways_back.push(Vec::new());
                found.len() - 1
            });
            ways_back[number].push(next);
        }
        next += 1;
    }
    // From wherever one is, everything can still come to an end.
    let mut good: BTreeSet<usize> = BTreeSet::new();
    let is_over = |state: &State| state.jobs.iter().all(|job| job.phase.is_final());
    let mut open: Vec<usize> = (0..found.len()).filter(|number| is_over(&found[*number])).collect();
    while let Some(number) = open.pop() {
        if good.insert(number) {
            open.extend(&ways_back[number]);
        }
    }
    assert_eq!(good.len(), found.len());
    (found.len(), steps)
}

#[test]
fn whatever_is_done_every_render_ends_once() {
    assert_eq!(explore(&[Phase::Ingesting], 3), (696, 15_312));
    assert_eq!(explore(&[Phase::Queued, Phase::Queued], 3), (97_389, 2_685_627));
}
