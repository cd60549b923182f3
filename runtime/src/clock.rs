//! The one place that reads the clock. Nothing that reaches a frame, a sample or a key comes here.

use std::time::SystemTime;

/// The time of day, for ages of files.
#[expect(clippy::disallowed_methods, reason = "this is the clock module")]
pub fn now() -> SystemTime {
    SystemTime::now()
}
