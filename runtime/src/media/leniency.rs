//! What reading a damaged stream leniently leaves out.

use vid_timeline::Time;

use super::error::MediaError;

/// Errors in a row without a packet between them that are overlooked: more pictures than any decoder
/// holds back. What goes on failing after that is the end.
const MOST_IN_A_ROW: u32 = 64;

/// The account of one stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Leniency {
    skipped: u64,
    /// When the last damage was: a picture that comes out for that instant all the same is not shown.
    last: Option<Time>,
    /// Packets that had been read then.
    packets: u64,
    in_a_row: u32,
}

impl Leniency {
    /// What was left out so far.
    pub(super) const fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Counts something left out.
    pub(super) fn skip(&mut self) {
        self.skipped += 1;
    }

    /// Whether the picture at an instant was found to be damaged before it came out.
    pub(super) fn suspects(&self, start: Time) -> bool {
        self.last == Some(start)
    }

    /// Whether an error is damage that reading goes on after; `false` where nothing comes any more.
    /// `packets` have been read.
    ///
    /// # Errors
    /// The error itself, when it is none of damage.
    pub(super) fn overlooks(&mut self, error: MediaError, packets: u64) -> Result<bool, MediaError> {
        let at = match &error {
            MediaError::Damaged { at, .. } | MediaError::Changed { at, .. } => *at,
            _ => return Err(error),
        };
        self.in_a_row = if packets == self.packets { self.in_a_row + 1 } else { 0 };
        self.packets = packets;
        // An end that is missing is met again and again, at one instant.
        if self.last != Some(at) || self.in_a_row == 0 {
            self.skipped += 1;
        }
        self.last = Some(at);
        Ok(self.in_a_row < MOST_IN_A_ROW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn damage(seconds: i64) -> MediaError {
        MediaError::Damaged { path: "a".into(), at: Time::new(seconds, 1), reason: String::new() }
    }

    #[test]
    fn an_end_that_is_missing_counts_once() {
        let mut leniency = Leniency::default();
        assert!(leniency.overlooks(damage(1), 5).unwrap());
        let mut rounds = 0;
        while leniency.overlooks(damage(9), 6).unwrap() {
            rounds += 1;
        }
        assert_eq!((leniency.skipped(), rounds), (2, 64));
        assert!(leniency.suspects(Time::new(9, 1)));
    }

    #[test]
    fn other_errors_are_not_overlooked() {
        let error = MediaError::OutOfMemory { what: "a picture" };
        assert_eq!(Leniency::default().overlooks(error.clone(), 1), Err(error));
    }
}
