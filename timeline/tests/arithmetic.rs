//! Exact arithmetic against a model in big integers: frames ↔ time ↔ samples, cuts without drift,
//! and numbers too large to be exact.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use num_bigint::BigInt;
use proptest::prelude::*;
use vid_timeline::{FrameRate, Rational, SAMPLE_RATE, Time, TimeRange};

/// The rates that cameras, films and broadcasters use, as numerator and denominator.
const STANDARD_RATES: [(u32, u32); 12] = [
    (24000, 1001),
    (24, 1),
    (25, 1),
    (30000, 1001),
    (30, 1),
    (48, 1),
    (50, 1),
    (60000, 1001),
    (60, 1),
    (100, 1),
    (120000, 1001),
    (240, 1),
];

/// A day in frames of the fastest rate.
const FRAMES_OF_A_DAY: i64 = 24 * 3600 * 240;

fn rate() -> impl Strategy<Value = FrameRate> {
    prop::sample::select(STANDARD_RATES.to_vec())
        .prop_map(|(numerator, denominator)| FrameRate::new(numerator, denominator).unwrap())
}

/// Any value the type can hold, with a liking for the edges.
fn any_rational() -> impl Strategy<Value = Rational> {
    let edge = prop::sample::select(vec![
        0,
        1,
        -1,
        2,
        3,
        1 << 63,
        1 << 64,
        -(1 << 64),
        (1 << 126) + 1,
        i128::MAX,
        -i128::MAX,
        i128::MAX - 1,
    ]);
    let integer = prop_oneof![edge, any::<i128>(), any::<i64>().prop_map(i128::from)];
    (integer.clone(), integer).prop_filter_map("a quotient", |(n, d)| Rational::new(n, d))
}

fn big(value: Rational) -> (BigInt, BigInt) {
    (value.numerator().into(), value.denominator().into())
}

/// `⌊n/d + 1/2⌋` in big integers, for a positive `d`.
fn big_round(numerator: &BigInt, denominator: &BigInt) -> BigInt {
    let (two_n, two_d) = (numerator * 2 + denominator, denominator * 2);
    let quotient = &two_n / &two_d;
    if &quotient * &two_d > two_n { quotient - 1 } else { quotient }
}

proptest! {
    #[test]
    fn every_frame_is_found_again(rate in rate(), frame in -FRAMES_OF_A_DAY..FRAMES_OF_A_DAY) {
        prop_assert_eq!(rate.frame_from_time(Time::from_frame(frame, rate)), frame);
    }

    #[test]
    fn every_sample_is_found_again(sample in -24 * 3600 * 48_000_i64..24 * 3600 * 48_000) {
        prop_assert_eq!(Time::from_sample(sample).to_sample(), sample);
    }

    #[test]
    fn edges_meet_the_grids_where_big_integers_say(
        rate in rate(),
        numerator in any::<i64>(),
        denominator in 1_i64..1_000_000_000,
    ) {
        let time = Time::new(numerator, denominator);
        let frame = big_round(
            &(BigInt::from(numerator) * rate.numerator()),
            &(BigInt::from(denominator) * rate.denominator()),
        );
        let limited = |value: BigInt| i64::try_from(value.clone()).unwrap_or(if value < BigInt::ZERO { i64::MIN } else { i64::MAX });
        prop_assert_eq!(rate.frame_from_time(time), limited(frame));
        let sample = big_round(&(BigInt::from(numerator) * SAMPLE_RATE), &BigInt::from(denominator));
        prop_assert_eq!(time.to_sample(), limited(sample));
    }

    #[test]
    fn exact_results_are_exact_and_others_are_none(a in any_rational(), b in any_rational()) {
        let ((an, ad), (bn, bd)) = (big(a), big(b));
        let checks = [
            (a.checked_add(b), &an * &bd + &bn * &ad, &ad * &bd),
            (a.checked_sub(b), &an * &bd - &bn * &ad, &ad * &bd),
            (a.checked_mul(b), &an * &bn, &ad * &bd),
            (a.checked_div(b), &an * &bd, &ad * &bn),
        ];
        for (result, n, d) in checks {
            if let Some(result) = result {
                let (rn, rd) = big(result);
                prop_assert_eq!(rn * d, n * rd);
            }
        }
    }

    #[test]
    fn no_operation_panics(a in any_rational(), b in any_rational()) {
        let results = [a + b, a - b, a * b, a / b, -a, a.abs()];
        for result in results {
            let _ = (result.floor(), result.ceil(), result.round_half_up(), result.to_f64());
            let _ = (result.to_decimal(), result.to_string());
            prop_assert!(result.denominator() > 0);
            prop_assert_eq!(-(-result), result);
        }
    }

    #[test]
    fn order_is_that_of_big_integers(a in any_rational(), b in any_rational()) {
        let ((an, ad), (bn, bd)) = (big(a), big(b));
        prop_assert_eq!(a.cmp(&b), (an * bd).cmp(&(bn * ad)));
    }

    #[test]
    fn rounding_is_that_of_big_integers(a in any_rational()) {
        let (n, d) = big(a);
        prop_assert_eq!(BigInt::from(a.round_half_up()), big_round(&n, &d));
    }

    #[test]
    fn decimals_survive_a_float(digits in -999_999_999_999_999_i64..=999_999_999_999_999, places in 0_u32..=15) {
        let value = Rational::ratio(digits, 10_i64.pow(places));
        let float: f64 = value.to_decimal().unwrap().parse().unwrap();
        prop_assert_eq!(Rational::from_f64_decimal(float), Some(value));
    }
}

/// A film cut ten thousand times at 29.97 frames a second: neighbours meet on every frame, the last
/// frame is the one the exact sum says, and no sample is lost or played twice.
#[test]
fn ten_thousand_cuts_do_not_drift() {
    let rate = FrameRate::new(30000, 1001).unwrap();
    // A fixed linear congruence (Knuth's MMIX constants) makes the lengths; any sequence would do.
    let mut state = 7_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let (mut start, mut frames, mut samples, mut millis) = (Time::ZERO, 0, 0, 0);
    for _ in 0..10_000 {
        let length = 1 + i64::try_from(random() % 9_000).unwrap();
        millis += length;
        let range = TimeRange::at(start, Time::from_millis(length));
        let on_grid = range.frames(rate);
        assert_eq!(on_grid.start, frames, "a frame between neighbours at {start}");
        assert_eq!(range.start.to_sample(), samples);
        (frames, samples, start) = (on_grid.end, range.end.to_sample(), range.end);
    }
    assert_eq!(start, Time::from_millis(millis));
    let exact = (i128::from(millis) * 30_000 * 2 + 1_001_000).div_euclid(2 * 1_001_000);
    assert_eq!(i128::from(frames), exact);
    assert_eq!(i128::from(samples), i128::from(millis) * 48);
}

/// The continued-fraction comparison must end quickly and without deep recursion on its worst case,
/// quotients of neighbouring Fibonacci numbers.
#[test]
fn fibonacci_quotients_compare() {
    let (mut a, mut b) = (1_i128, 1_i128);
    while let Some(next) = a.checked_add(b) {
        (a, b) = (b, next);
    }
    let (x, y) = (Rational::new(b, a).unwrap(), Rational::new(a, b - a).unwrap());
    assert_ne!(x.cmp(&y), std::cmp::Ordering::Equal);
}

/// The one quotient whose denominator is −2¹²⁷ before its sign is moved.
#[test]
fn a_denominator_of_minus_two_to_the_127th_is_no_overflow() {
    let a = Rational::new(3, 1 << 64).unwrap();
    let b = Rational::new(-(1 << 63), 5).unwrap();
    assert_eq!(a.checked_div(b), None);
    assert!((a / b).to_f64().abs() < 1e-9);
}
