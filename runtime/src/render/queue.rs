//! Who renders which segment.
//!
//! A worker that goes on with the segment after its last one keeps its decoders where they are; one
//! that jumps has to seek and decode from a key frame again. So the film is first shared out in as
//! many contiguous runs as there are workers, and a worker that runs dry takes the later half of
//! the longest run that is left.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Segments that wait, as indices into the plan, in one run per worker.
pub struct WorkQueue {
    runs: Mutex<Vec<VecDeque<usize>>>,
}

impl WorkQueue {
    /// Shares out `segments` (index and cost each, in film order) to `workers` runs of about equal
    /// cost.
    pub fn new(segments: &[(usize, i64)], workers: usize) -> Self {
        let workers = workers.max(1);
        let total: i64 = segments.iter().map(|(_, cost)| cost).sum();
        let mut runs = vec![VecDeque::new(); workers];
        let mut passed = 0;
        for (index, cost) in segments {
            // The middle of the segment decides whose it is.
            let middle = (2 * passed + cost) * workers as i64;
            let run = usize::try_from(middle / (2 * total.max(1))).unwrap_or(0).min(workers - 1);
            runs[run].push_back(*index);
            passed += cost;
        }
        Self { runs: Mutex::new(runs) }
    }

    /// The next segment for `worker`; `None` when nothing is left.
    pub fn next(&self, worker: usize) -> Option<usize> {
        // A worker that panicked left the runs whole: each change is a single call.
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if runs.get(worker)?.is_empty() {
            let longest = (0..runs.len()).max_by_key(|&run| (runs[run].len(), run))?;
            let kept = runs[longest].len() / 2;
            runs[worker] = runs[longest].split_off(kept);
        }
        runs[worker].pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(count: usize, workers: usize) -> WorkQueue {
        let segments: Vec<_> = (0..count).map(|index| (index, 60)).collect();
        WorkQueue::new(&segments, workers)
    }

    #[test]
    fn each_worker_begins_its_own_stretch() {
        let queue = queue(6, 2);
        assert_eq!(
            [queue.next(0), queue.next(1), queue.next(0), queue.next(1)],
            [Some(0), Some(3), Some(1), Some(4)]
        );
    }

    #[test]
    fn a_dry_worker_takes_the_later_half() {
        let queue = queue(8, 2);
        let mine: Vec<_> = std::iter::from_fn(|| queue.next(0)).take(6).collect();
        assert_eq!(mine, [0, 1, 2, 3, 6, 7]);
        assert_eq!([queue.next(1), queue.next(1), queue.next(1)], [Some(4), Some(5), None]);
    }

    #[test]
    fn every_segment_is_given_out_once() {
        for workers in [1, 2, 3, 8, 64] {
            let queue = queue(13, workers);
            let mut seen: Vec<_> = (0..1000).filter_map(|turn| queue.next(turn * 7 % workers)).collect();
            seen.extend(
                (0..workers).flat_map(|worker| std::iter::from_fn(|| queue.next(worker)).collect::<Vec<_>>()),
            );
            seen.sort_unstable();
            assert_eq!(seen, (0..13).collect::<Vec<_>>(), "{workers} workers");
        }
    }
}
