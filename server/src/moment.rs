//! Instants as the contract writes them, to the millisecond.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Serialize, Serializer};

const MILLIS_PER_DAY: i64 = 86_400_000;

/// An instant: milliseconds since the start of 1970, UTC.
///
/// ```
/// use vid_server::moment::Moment;
///
/// assert_eq!(Moment::from_millis(1_782_900_009_250).to_string(), "2026-07-01T10:00:09.250Z");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Moment(i64);

impl Moment {
    /// The time of day.
    pub fn now() -> Self {
        let since = vid_runtime::clock::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// The instant so many milliseconds after the start of 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the start of 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the start of 1970, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Later by `duration`.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// Earlier by `duration`.
    #[must_use]
    pub fn before(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(millis))
    }

    /// The start of the day it lies in, UTC.
    #[must_use]
    pub const fn day(self) -> Self {
        Self(self.0 - self.0.rem_euclid(MILLIS_PER_DAY))
    }

    /// The same for the system; the start of 1970 where it is earlier.
    pub fn to_system(self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(u64::try_from(self.0).unwrap_or(0))
    }
}

/// ISO-8601 in UTC; milliseconds where there are any.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.0.div_euclid(MILLIS_PER_DAY));
        let millis = self.0.rem_euclid(MILLIS_PER_DAY);
        let (hour, minute, second) = (millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match millis % 1000 {
            0 => f.write_str("Z"),
            part => write!(f, ".{part:03}Z"),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The Gregorian date of a day counted from the start of 1970.
///
/// Years are counted from March, so that the day that is sometimes there is the last one, and in turns of
/// 400 years, after which the calendar repeats.
const fn civil(days: i64) -> (i64, i64, i64) {
    const DAYS_OF_TURN: i64 = 146_097;
    // From the start of 1970 back to the first of March of the year 0.
    let days = days + 719_468;
    let turn = days.div_euclid(DAYS_OF_TURN);
    let day_of_turn = days.rem_euclid(DAYS_OF_TURN);
    let year_of_turn =
        (day_of_turn - day_of_turn / 1460 + day_of_turn / 36_524 - day_of_turn / 146_096) / 365;
    let day_of_year = day_of_turn - (365 * year_of_turn + year_of_turn / 4 - year_of_turn / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = turn * 400 + year_of_turn + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        let written = |millis| Moment::from_millis(millis).to_string();
        assert_eq!(written(0), "1970-01-01T00:00:00Z");
        assert_eq!(written(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(written(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(written(4_107_542_399_000), "2100-02-28T23:59:59Z");
        assert_eq!(written(4_107_542_400_000), "2100-03-01T00:00:00Z");
    }

    #[test]
    fn a_day_starts_at_midnight() {
        assert_eq!(Moment::from_millis(951_782_400_000 + 5).day(), Moment::from_millis(951_782_400_000));
        assert_eq!(Moment::from_millis(-5).day(), Moment::from_millis(-MILLIS_PER_DAY));
    }
}
