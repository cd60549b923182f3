//! Who is being told something right now.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Most attempts at once for one receiver.
pub(super) const EACH: u32 = 4;
/// How many are taken for a receiver in one go; whoever has more than that under way is not asked for.
const GO: u32 = EACH / 2;

/// Counts the attempts under way, by receiver.
#[derive(Clone, Default)]
pub(super) struct Places(Arc<Mutex<BTreeMap<String, u32>>>);

/// One attempt under way, until it is dropped.
pub(super) struct Place {
    places: Places,
    receiver: String,
}

impl Places {
    /// Counts an attempt.
    pub(super) fn take(&self, receiver: String) -> Place {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(receiver.clone()).or_default() += 1;
        Place { places: self.clone(), receiver }
    }

    /// How many may be taken for each receiver now, and who gets none.
    pub(super) fn share(&self) -> (u32, Vec<String>) {
        let under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let crowded = under_way.iter().filter(|(_, count)| **count > EACH - GO);
        (GO, crowded.map(|(receiver, _)| receiver.clone()).collect())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut under_way = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = under_way.get_mut(&self.receiver) {
            *count -= 1;
            if *count == 0 {
                under_way.remove(&self.receiver);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowded_receiver_gets_no_more() {
        let places = Places::default();
        let mut under_way: Vec<Place> = (0..EACH - GO).map(|_| places.take("a".to_owned())).collect();
        assert_eq!(places.share(), (GO, Vec::new()));
        under_way.extend((0..GO).map(|_| places.take("a".to_owned())));
        under_way.push(places.take("b".to_owned()));
        assert_eq!(places.share().1, ["a"]);
        under_way.clear();
        assert_eq!(places.share().1, [""; 0]);
        assert!(places.0.lock().unwrap().is_empty());
    }
}
