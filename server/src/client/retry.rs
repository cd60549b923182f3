//! Trying again, and stopping.

use std::sync::Arc;
use std::time::Duration;

use super::error::ClientError;

/// How often something is tried in all.
pub(super) const TRIES: u32 = 6;
/// The first pause; each one is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause, also where the server asks for a longer one.
const MAX_PAUSE: Duration = Duration::from_secs(60);
/// How often is looked whether to stop.
const GLANCE: Duration = Duration::from_millis(50);

/// Says whether to stop; asked again and again.
pub type Stop = Arc<dyn Fn() -> bool + Send + Sync>;

/// How long a pause of so long really is; the tests have none.
pub(super) type Pace = Arc<dyn Fn(Duration) -> Duration + Send + Sync>;

/// What became of one try.
pub(super) enum Tried<T> {
    /// It is done, for better or worse.
    Done(Result<T, ClientError>),
    /// It may work later; this is the error if it never does, and how long the server wants to be left alone.
    Again(ClientError, Option<Duration>),
}

impl<T> Tried<T> {
    /// What follows from a result.
    pub(super) fn of(result: Result<T, ClientError>) -> Self {
        let again = match &result {
            Err(ClientError::Unreachable { .. } | ClientError::Incomplete { .. }) => Some(None),
            // A quota does not come back while somebody waits for it.
            Err(ClientError::Refused { code: Some(code), .. }) if code == "quota_exceeded" => None,
            Err(ClientError::Refused { status, retry_after, .. }) if may_pass(*status) => Some(*retry_after),
            _ => None,
        };
        match (result, again) {
            (Err(error), Some(wait)) => Self::Again(error, wait),
            (done, _) => Self::Done(done),
        }
    }
}

/// The pause before the try of that number, counted from one.
pub(super) fn pause(tried: u32, asked: Option<Duration>) -> Duration {
    let own = FIRST_PAUSE * 2_u32.saturating_pow(tried.saturating_sub(1));
    asked.unwrap_or(own).clamp(FIRST_PAUSE, MAX_PAUSE)
}

/// Whether a status may be gone in a moment.
const fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

/// Comes back when it is time to stop.
pub(super) async fn stopped(stop: &Stop) {
    while !stop() {
        tokio::time::sleep(GLANCE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_have_an_end() {
        let millis: Vec<u128> = (1..=9).map(|tried| pause(tried, None).as_millis()).collect();
        assert_eq!(millis, [500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000]);
        assert_eq!(pause(1, Some(Duration::from_secs(3))).as_secs(), 3);
        assert_eq!(pause(1, Some(Duration::from_secs(4000))), MAX_PAUSE);
        assert_eq!(pause(40, Some(Duration::ZERO)), FIRST_PAUSE);
    }
}
