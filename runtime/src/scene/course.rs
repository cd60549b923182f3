//! The way through a video file that a clip takes.

use serde::Serialize;
use vid_timeline::{Rational, Time, TimeRange};

/// Which media time is shown when: onwards from a start, forwards or backwards, once or round and
/// round. The start may lie outside the media, where edges hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Course {
    /// Media time at the scene's first frame; on a round it lies inside `around`.
    pub start: Time,
    /// Media seconds per second; greater than zero.
    pub speed: Rational,
    /// Which way the media runs.
    pub direction: Direction,
    /// The range that is gone through again and again; `None` for a way that never returns.
    pub around: Option<TimeRange>,
}

/// Which way media run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// As recorded: of a media time at the boundary of two frames the later one is shown.
    Forwards,
    /// From the end to the start: of such a media time the earlier one is shown, so that every frame
    /// is seen for as long as forwards.
    Backwards,
}

impl Course {
    /// Forwards from `start`, once.
    pub const fn forwards(start: Time, speed: Rational) -> Self {
        Self { start, speed, direction: Direction::Forwards, around: None }
    }

    /// Media time at `time`, counted from the scene's first frame.
    pub fn at(&self, time: Time) -> Time {
        let played = time * self.speed;
        match (self.direction, self.around) {
            (Direction::Forwards, None) => self.start + played,
            (Direction::Backwards, None) => self.start - played,
            (Direction::Forwards, Some(range)) => {
                range.start + (self.start - range.start + played).modulo(range.duration())
            }
            (Direction::Backwards, Some(range)) => {
                range.end - (range.end - self.start + played).modulo(range.duration())
            }
        }
    }

    /// The same course seen from a scene whose first frame lies `by` later.
    pub fn shifted(&self, by: Time) -> Self {
        Self { start: self.at(by), ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(course: &Course, millis: [i64; 4]) -> [Time; 4] {
        millis.map(|time| course.at(Time::from_millis(time)))
    }

    fn times(millis: [i64; 4]) -> [Time; 4] {
        millis.map(Time::from_millis)
    }

    #[test]
    fn a_way_never_returns() {
        let forwards = Course::forwards(Time::from_millis(500), Rational::integer(2));
        let backwards = Course { direction: Direction::Backwards, ..forwards };
        assert_eq!(at(&forwards, [-250, 0, 100, 1000]), times([0, 500, 700, 2500]));
        assert_eq!(at(&backwards, [-250, 0, 100, 1000]), times([1000, 500, 300, -1500]));
    }

    #[test]
    fn a_round_returns_and_takes_in_one_of_its_ends() {
        let range = TimeRange::new(Time::from_millis(1000), Time::from_millis(3000));
        let forwards =
            Course { around: Some(range), ..Course::forwards(Time::from_millis(1500), Rational::ONE) };
        let backwards = Course { direction: Direction::Backwards, ..forwards };
        assert_eq!(at(&forwards, [0, 1500, 3499, -501]), times([1500, 1000, 2999, 2999]));
        assert_eq!(at(&backwards, [0, 500, 499, 2500]), times([1500, 3000, 1001, 3000]));
    }

    #[test]
    fn shifting_changes_where_times_count_from_alone() {
        let range = TimeRange::new(Time::from_millis(1000), Time::from_millis(3000));
        for (direction, around) in [
            (Direction::Forwards, None),
            (Direction::Backwards, None),
            (Direction::Forwards, Some(range)),
            (Direction::Backwards, Some(range)),
        ] {
            let course =
                Course { start: Time::from_millis(1700), speed: Rational::ratio(3, 7), direction, around };
            let later = course.shifted(Time::new(22, 3));
            assert_eq!(later.at(Time::new(-22, 3)), course.at(Time::ZERO));
            assert_eq!(later.at(Time::new(1, 3)), course.at(Time::new(23, 3)));
        }
    }
}
