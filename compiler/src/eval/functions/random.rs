//! Numbers that look random and are not: each follows from its seed alone.
//!
//! The letters of the seed (a number as it is written, so `1` and `1.0` are one seed) are folded into
//! 64 bits by FNV-1a; SplitMix64 turns that state into as many numbers as are needed. `random` takes
//! the first modulo a million: the result is one of a million equal steps from `min` up to, but not
//! including, `max`. `pick` takes it modulo the number of members, `shuffle` is the Fisher–Yates
//! shuffle from the last member down. This will not change, because films depend on it.

use vid_timeline::Rational;

use crate::eval::functions::Call;
use crate::eval::ops::same_unit;
use crate::eval::value::{Stop, Value};

pub(super) fn apply(call: &mut Call<'_>, values: &[Value]) -> Option<Result<Value, Stop>> {
    Some(match (call.name, values) {
        ("random", [seed, min, max]) => {
            let part = Rational::ratio(Numbers::new(seed).below(STEPS), STEPS);
            same_unit(call.env, "random", min, max, call.place)
                .map(|(min, max, unit)| unit.join(min + (max - min) * part))
        }
        ("pick", [seed, Value::List(values)]) => match i64::try_from(values.len()) {
            Ok(length @ 1..) => {
                let at = usize::try_from(Numbers::new(seed).below(length)).unwrap_or_default();
                Ok(values[at].clone())
            }
            _ => Err(call.out_of_range("`pick` from a list without members".to_owned())),
        },
        ("shuffle", [seed, Value::List(values)]) => {
            let mut numbers = Numbers::new(seed);
            let mut shuffled = values.to_vec();
            for last in (1..shuffled.len()).rev() {
                let length = i64::try_from(last + 1).unwrap_or(i64::MAX);
                shuffled.swap(last, usize::try_from(numbers.below(length)).unwrap_or_default());
            }
            call.list(shuffled)
        }
        _ => return None,
    })
}

/// Steps between the ends of `random`.
const STEPS: i64 = 1_000_000;

/// The numbers of one seed.
struct Numbers(u64);

impl Numbers {
    fn new(seed: &Value) -> Self {
        let letters = seed.to_string();
        Self(letters.bytes().fold(0xcbf2_9ce4_8422_2325, |state, byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        }))
    }

    /// A number from 0 up to, but not including, a limit of 1 or more.
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let below = mixed % limit.unsigned_abs().max(1);
        i64::try_from(below).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_seed_stay_what_they_are() {
        let mut numbers = Numbers::new(&Value::Number(Rational::integer(7)));
        let found: Vec<i64> = (0..4).map(|_| numbers.below(STEPS)).collect();
        assert_eq!(found, [788_416, 77_431, 570_743, 786_483]);
    }
}
