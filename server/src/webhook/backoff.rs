//! When a delivery is tried again.

use std::time::Duration;

use crate::fetch::{FetchError, Patience, Reply};
use crate::moment::Moment;
use crate::store::{Answer, DeliveryStatus};

/// Waits before the second attempt, the third and so on; after the last one nothing is tried any more. Those
/// that the webhook specification recommends, three days in all.
const WAITS: &[Duration] = &[
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(5 * 3600),
    Duration::from_secs(10 * 3600),
    Duration::from_secs(14 * 3600),
    Duration::from_secs(20 * 3600),
    Duration::from_secs(24 * 3600),
];
/// Longest time that a receiver may ask for.
const MAX_ASKED: Duration = Duration::from_secs(24 * 3600);
/// Up to one part in so many is added to every wait, so that what failed together does not come together.
const JITTER: u32 = 5;

/// How long is waited for an answer, and between attempts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Backoff {
    /// Before the second attempt, the third and so on.
    pub waits: Vec<Duration>,
    /// How long an attempt may take.
    pub patience: Patience,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { waits: WAITS.to_vec(), patience: Patience::EVENTS }
    }
}

impl Backoff {
    /// When the attempt after the one of this number follows, a little later with more `chance`; `None`
    /// when it was the last one.
    pub fn next(&self, number: u32, asked: Option<u64>, chance: u8, now: Moment) -> Option<Moment> {
        let index = usize::try_from(number.max(1) - 1).unwrap_or(usize::MAX);
        let wait = *self.waits.get(index)?;
        let asked = asked.map_or(Duration::ZERO, Duration::from_secs).min(MAX_ASKED);
        let wait = wait.max(asked);
        Some(now.after(wait + wait * u32::from(chance) / (u32::from(u8::MAX) * JITTER)))
    }
}

/// What an attempt came to: what is written down, and whether the receiver wants nothing any more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What became of the attempt.
    pub status: DeliveryStatus,
    /// What was answered.
    pub answer: Answer,
    /// When the next one follows.
    pub next: Option<Moment>,
    /// Whether the receiver says that it is gone for good.
    pub is_gone: bool,
}

/// Judges an attempt. Anything from 200 to 299 is success; a forward is not followed and is none; 410 ends
/// it, and so does an address that may not be gone to.
pub fn verdict(
    backoff: &Backoff,
    number: u32,
    result: Result<Reply, FetchError>,
    chance: u8,
    now: Moment,
) -> Outcome {
    let (answer, asked, may_follow, is_gone) = match result {
        Ok(reply) => {
            let answer = Answer { status_code: Some(reply.status), body: Some(reply.text) };
            if (200..300).contains(&reply.status) {
                return Outcome { status: DeliveryStatus::Succeeded, answer, next: None, is_gone: false };
            }
            let is_gone = reply.status == 410;
            (answer, reply.retry_after, !is_gone, is_gone)
        }
        Err(FetchError::Refused(failure)) => {
            (Answer { status_code: None, body: Some(failure.message) }, None, false, false)
        }
        Err(FetchError::Later(reason)) => {
            (Answer { status_code: None, body: Some(reason) }, None, true, false)
        }
    };
    let next = backoff.next(number, asked, chance, now).filter(|_| may_follow);
    let status = if next.is_some() { DeliveryStatus::Failed } else { DeliveryStatus::Dead };
    Outcome { status, answer, next, is_gone }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use crate::store::Failure;

    const NOW: Moment = Moment::from_millis(0);

    fn reply(status: u16, retry_after: Option<u64>) -> Result<Reply, FetchError> {
        Ok(Reply { status, retry_after, text: "said".to_owned() })
    }

    fn judged(number: u32, result: Result<Reply, FetchError>) -> String {
        let outcome = verdict(&Backoff::default(), number, result, 0, NOW);
        let next =
            outcome.next.map_or_else(|| "never".to_owned(), |next| format!("{} s", next.millis() / 1000));
        format!("{}, again: {next}, gone: {}", outcome.status, outcome.is_gone)
    }

    #[test]
    fn answers_are_judged() {
        let told = [
            judged(1, reply(200, None)),
            judged(1, reply(204, None)),
            judged(1, reply(301, None)),
            judged(1, reply(500, None)),
            judged(2, reply(429, Some(7))),
            judged(1, reply(429, Some(90))),
            judged(1, reply(503, Some(u64::MAX))),
            judged(9, reply(500, None)),
            judged(10, reply(500, Some(1))),
            judged(1, reply(410, None)),
            judged(1, Err(FetchError::Later("no answer".to_owned()))),
            judged(1, Err(FetchError::Refused(Failure::new(ErrorCode::InvalidSource, "no")))),
        ];
        expect_test::expect![[r#"
            succeeded, again: never, gone: false
            succeeded, again: never, gone: false
            failed, again: 5 s, gone: false
            failed, again: 5 s, gone: false
            failed, again: 300 s, gone: false
            failed, again: 90 s, gone: false
            failed, again: 86400 s, gone: false
            failed, again: 86400 s, gone: false
            dead, again: never, gone: false
            dead, again: never, gone: true
            failed, again: 5 s, gone: false
            dead, again: never, gone: false"#]]
        .assert_eq(&told.join("\n"));
    }

    #[test]
    fn chance_adds_up_to_a_fifth() {
        let backoff = Backoff::default();
        assert_eq!(backoff.next(1, None, u8::MAX, NOW), Some(Moment::from_millis(6000)));
        assert!(backoff.next(u32::MAX, None, 0, NOW).is_none());
    }
}
