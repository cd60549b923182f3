//! Exact arithmetic against a model in big integers.

use num_bigint::BigInt;
use vid_timeline::{FrameRate, Rational, SAMPLE_RATE, Time};

use super::{Reach, hold};

/// The rates that cameras, films and broadcasters use.
const RATES: [(u32, u32); 10] = [
    (24_000, 1001),
    (24, 1),
    (25, 1),
    (30_000, 1001),
    (30, 1),
    (50, 1),
    (60_000, 1001),
    (60, 1),
    (120_000, 1001),
    (240, 1),
];

/// A day of the fastest rate, and of samples.
const FRAMES_OF_A_DAY: i128 = 240 * 86_400;
const SAMPLES_OF_A_DAY: i128 = SAMPLE_RATE as i128 * 86_400;

/// Results are those of big integers, or there is none; frames, instants and samples find each other.
pub fn arithmetic(text: &str) -> Result<Reach, String> {
    let mut bytes = text.bytes().cycle().take(4096);
    let mut number = || {
        let length = usize::from(bytes.next().unwrap_or(0) % 16) + 1;
        let value = bytes.by_ref().take(length).fold(0_i128, |value, byte| (value << 8) | i128::from(byte));
        if bytes.next().unwrap_or(0).is_multiple_of(2) { value } else { value.wrapping_neg() }
    };
    let mut rational = || Rational::new(number(), number()).unwrap_or(Rational::ONE);
    let (a, b, c) = (rational(), rational(), rational());
    operations(a, b)?;
    order(a, b, c)?;
    rounding(a)?;
    for (numerator, denominator) in RATES {
        let rate = FrameRate::new(numerator, denominator).ok_or("a standard rate is refused")?;
        grids(c, rate)?;
    }
    Ok(Reach::Tried)
}

fn big(value: Rational) -> (BigInt, BigInt) {
    (value.numerator().into(), value.denominator().into())
}

fn operations(a: Rational, b: Rational) -> Result<(), String> {
    let ((an, ad), (bn, bd)) = (big(a), big(b));
    let results = [
        ("+", a.checked_add(b), &an * &bd + &bn * &ad, &ad * &bd),
        ("-", a.checked_sub(b), &an * &bd - &bn * &ad, &ad * &bd),
        ("*", a.checked_mul(b), &an * &bn, &ad * &bd),
        ("/", a.checked_div(b), &an * &bd, &ad * &bn),
    ];
    for (sign, result, n, d) in results {
        let Some(result) = result else { continue };
        let (rn, rd) = big(result);
        hold(rd > BigInt::ZERO, "a denominator is not positive")?;
        hold(rn * d == n * rd, &format!("{a} {sign} {b} is not {result}"))?;
    }
    Ok(())
}

fn order(a: Rational, b: Rational, c: Rational) -> Result<(), String> {
    let ((an, ad), (bn, bd)) = (big(a), big(b));
    hold(a.cmp(&b) == (an * bd).cmp(&(bn * ad)), &format!("{a} and {b} are in another order"))?;
    let mut sorted = [a, b, c];
    sorted.sort();
    hold(sorted[0] <= sorted[1] && sorted[1] <= sorted[2] && sorted[0] <= sorted[2], "the order is none")
}

/// `⌊n/d + 1/2⌋` for a positive `d`.
fn rounded(n: &BigInt, d: &BigInt) -> BigInt {
    let (n, d) = (n * 2 + d, d * 2);
    let quotient = &n / &d;
    if &quotient * &d > n { quotient - 1 } else { quotient }
}

fn rounding(a: Rational) -> Result<(), String> {
    let (n, d) = big(a);
    hold(BigInt::from(a.round_half_up()) == rounded(&n, &d), &format!("{a} is not rounded half up"))?;
    let (floor, ceil) = (BigInt::from(a.floor()), BigInt::from(a.ceil()));
    hold(&floor * &d <= n && n < (&floor + 1) * &d, &format!("{a} has another floor"))?;
    hold((&ceil - 1) * &d < n && n <= ceil * &d, &format!("{a} has another ceiling"))
}

fn grids(c: Rational, rate: FrameRate) -> Result<(), String> {
    let frame = i64::try_from(c.floor().rem_euclid(2 * FRAMES_OF_A_DAY) - FRAMES_OF_A_DAY).unwrap_or(0);
    let time = Time::from_frame(frame, rate);
    hold(rate.frame_from_time(time) == frame, "a frame's own time lies on another frame")?;
    let next = Time::from_frame(frame + 1, rate);
    hold(time < next, "frames do not follow one another")?;
    let middle = Time::from_seconds((time.seconds() + next.seconds()) / Rational::integer(2));
    hold(rate.frame_from_time(middle) == frame + 1, "halves are not rounded up")?;
    let sample = i64::try_from(c.ceil().rem_euclid(2 * SAMPLES_OF_A_DAY) - SAMPLES_OF_A_DAY).unwrap_or(0);
    hold(Time::from_sample(sample).to_sample() == sample, "a sample's own time is another sample")?;
    let (n, d) = big(time.seconds() + Time::from_sample(sample).seconds());
    let sum = time + Time::from_sample(sample);
    let expected = rounded(&(&n * SAMPLE_RATE), &d);
    hold(BigInt::from(sum.to_sample()) == expected, "an instant is on another sample")?;
    let expected = rounded(&(n * rate.numerator()), &(d * rate.denominator()));
    hold(BigInt::from(rate.frame_from_time(sum)) == expected, "an instant is on another frame")
}
