//! The one place of this crate that reads the clock: for speed and time left, nothing else.

use std::time::Instant;

/// A reading of the steady clock.
#[expect(clippy::disallowed_methods, reason = "this is the clock module")]
pub fn now() -> Instant {
    Instant::now()
}
