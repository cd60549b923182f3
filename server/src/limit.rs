//! How often each key may ask, and each address without one.
//!
//! Each key has an instant at which it is *clear*: every request moves it on by its share of a second, and a
//! request that would move it further than the burst allows is refused. One number a key is all there is to
//! remember, and one that is in the past need not be.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Keys that are remembered before those that are clear are forgotten.
const MOST: usize = 10_000;

/// Counts the requests of keys, or of whatever else tells callers apart.
pub struct Limiter<K> {
    /// What one request takes.
    share: Duration,
    /// How far ahead a key may be.
    burst: Duration,
    clear: Mutex<BTreeMap<K, Instant>>,
}

/// A request that came too early.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooMany {
    /// Whole seconds after which one would be answered, at least one.
    pub retry_after: u32,
}

impl<K: Ord + Clone> Limiter<K> {
    /// So many requests a second for each key, at least one; twice as many at once.
    pub fn new(per_second: u32) -> Self {
        let share = Duration::from_secs(1) / per_second.max(1);
        Self { share, burst: Duration::from_secs(2), clear: Mutex::default() }
    }

    /// Counts a request of a key.
    ///
    /// # Errors
    /// When it is one too many.
    pub fn count(&self, key: &K, now: Instant) -> Result<(), TooMany> {
        let mut clear = self.clear.lock().unwrap_or_else(PoisonError::into_inner);
        let from = clear.get(key).map_or(now, |clear| (*clear).max(now));
        let ahead = from.duration_since(now) + self.share;
        if ahead > self.burst {
            let wait = (ahead - self.burst).as_secs_f64().ceil();
            return Err(TooMany { retry_after: (wait as u32).max(1) });
        }
        if clear.len() >= MOST {
            clear.retain(|_, clear| *clear > now);
        }
        clear.insert(key.clone(), from + self.share);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::KeyId;

    #[test]
    fn a_key_that_asks_too_often_is_told_to_wait() {
        let limiter = Limiter::new(10);
        let (key, other) = (KeyId::generate(), KeyId::generate());
        let start = vid_runtime::clock::instant();
        let at = |millis| start + Duration::from_millis(millis);
        let count = |key, at| limiter.count(key, at).is_ok();
        // Two seconds' worth at once, and no more.
        assert_eq!((0..30).filter(|_| count(&key, at(0))).count(), 20);
        assert_eq!(limiter.count(&key, at(0)), Err(TooMany { retry_after: 1 }));
        assert!(count(&other, at(0)));
        // From then on ten a second.
        assert_eq!((0..100).filter(|step| count(&key, at(step * 10))).count(), 9);
        assert_eq!((0..30).filter(|_| count(&key, at(10_000))).count(), 20);
    }
}
