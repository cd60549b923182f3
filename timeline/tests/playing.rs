//! The law of media time: forwards, backwards, again and again.

use proptest::prelude::*;
use vid_timeline::{Clip, MediaSource, Rational, Time, TimeRange};

fn clip(start: Time, length: Time, speed: Rational) -> Clip {
    let source = MediaSource { location: "a.mp4".to_owned(), natural: None };
    Clip::once(source, TimeRange::at(start, length), speed)
}

prop_compose! {
    fn time()(numerator in 0i64..1_000_000, denominator in 1i64..2000) -> Time {
        Time::new(numerator, denominator)
    }
}

proptest! {
    #[test]
    fn backwards_is_the_mirror_of_forwards(
        start in time(), length in 1i64..5000, n in 1i64..9, d in 1i64..9, at in time(), place in time()
    ) {
        let forwards = clip(start, Time::new(length, 30), Rational::ratio(n, d));
        let backwards = Clip { reversed: true, ..forwards.clone() };
        let record = TimeRange::at(place, Time::new(1, 1));
        let (there, back) = (forwards.source_from_record(record, at), backwards.source_from_record(record, at));
        prop_assert_eq!(there + back, forwards.source_range.start + forwards.source_range.end);
    }

    #[test]
    fn what_repeats_stays_in_its_range_and_comes_back(
        start in time(), length in 1i64..5000, n in 1i64..9, d in 1i64..9, at in time(), rounds in 0i64..1000
    ) {
        let speed = Rational::ratio(n, d);
        let length = Time::new(length, 30);
        let once = clip(start, length, speed);
        let again = Clip { repeats: true, ..once.clone() };
        let record = TimeRange::at(Time::new(1, 3), Time::new(1, 1));
        let shown = again.source_from_record(record, at);
        prop_assert!(again.source_range.contains(shown));
        let round = length * (Rational::ONE / speed);
        prop_assert_eq!(again.source_from_record(record, at + round * Rational::integer(rounds)), shown);
        // Who comes late sees what there is then.
        let late = Clip { phase: again.played(record, at), ..again.clone() };
        let rest = TimeRange { start: at, end: at + Time::new(1, 1) };
        prop_assert_eq!(late.source_from_record(rest, at + length), again.source_from_record(record, at + length));
        let first_round = record.start <= at && at < record.start + round;
        prop_assert!(!first_round || once.source_from_record(record, at) == shown);
    }
}
