//! Numbers and quantities.

use vid_timeline::{Rational, Time};

use crate::eval::functions::{Call, index, whole};
use crate::eval::ops::{in_bounds, same_unit, split};
use crate::eval::value::{Stop, Value};

/// Largest exponent of `pow`.
const MAX_EXPONENT: usize = 64;
/// Most digits that `round` keeps.
const MAX_DIGITS: usize = 12;

pub(super) fn apply(call: &mut Call<'_>, values: &[Value]) -> Option<Result<Value, Stop>> {
    let ascending = |a: Rational, b: Rational| a <= b;
    let descending = |a: Rational, b: Rational| a >= b;
    Some(match (call.name, values) {
        ("min", [a, b]) => all_of(call, a, b, ascending)?,
        ("max", [a, b]) => all_of(call, a, b, descending)?,
        ("clamp", [value, low, high]) => {
            extreme(call, value, low, descending).and_then(|raised| extreme(call, &raised, high, ascending))
        }
        ("abs", [value]) => match split(value) {
            Some((amount, unit)) => Ok(unit.join(amount.abs())),
            None => Ok(value.clone()),
        },
        ("round", [Value::Number(n), Value::Number(digits)]) => round(call, *n, *digits),
        ("floor", [Value::Number(n)]) => Ok(whole(n.floor())),
        ("ceil", [Value::Number(n)]) => Ok(whole(n.ceil())),
        ("pow", [Value::Number(base), Value::Number(exponent)]) => pow(call, *base, *exponent),
        ("seconds", [Value::Time(time)]) => {
            let origin = if time.anchors.is_zero() { Ok(Time::ZERO) } else { call.env.clock_origin() };
            origin.map(|origin| Value::Number(time.local(origin).seconds()))
        }
        _ => return None,
    })
}

/// The extreme of two values, or of the members of one list.
fn all_of(
    call: &mut Call<'_>,
    a: &Value,
    b: &Value,
    wins: impl Fn(Rational, Rational) -> bool,
) -> Option<Result<Value, Stop>> {
    match (a, b) {
        (Value::List(values), Value::None) => {
            let mut values = values.iter();
            let Some(first) = values.next().cloned() else {
                let message = format!("`{}` of a list without members", call.name);
                return Some(Err(call.out_of_range(message)));
            };
            Some(values.try_fold(first, |best, value| extreme(call, &best, value, &wins)))
        }
        (Value::List(_), _) | (_, Value::List(_) | Value::None) => None,
        _ => Some(extreme(call, a, b, wins)),
    }
}

/// The one of two that `wins` prefers.
pub(super) fn extreme(
    call: &mut Call<'_>,
    a: &Value,
    b: &Value,
    wins: impl Fn(Rational, Rational) -> bool,
) -> Result<Value, Stop> {
    let (x, y, unit) = same_unit(call.env, call.name, a, b, call.place)?;
    Ok(unit.join(if wins(x, y) { x } else { y }))
}

fn round(call: &mut Call<'_>, number: Rational, digits: Rational) -> Result<Value, Stop> {
    let Some(digits) = index(digits).filter(|digits| *digits <= MAX_DIGITS) else {
        return Err(call.out_of_range(format!("`round` keeps 0 to {MAX_DIGITS} digits, not {digits}")));
    };
    let scale = Rational::integer((0..digits).fold(1, |scale, _| scale * 10));
    let rounded = number.checked_mul(scale).and_then(|n| Rational::new(n.round_half_up(), 1));
    match rounded.and_then(|n| n.checked_div(scale)) {
        Some(rounded) => Ok(Value::Number(rounded)),
        None => Err(call.out_of_range(format!("{number} is too large to round to {digits} digits"))),
    }
}

fn pow(call: &mut Call<'_>, base: Rational, exponent: Rational) -> Result<Value, Stop> {
    let Some(exponent) = index(exponent).filter(|exponent| *exponent <= MAX_EXPONENT) else {
        let message = format!("`pow` takes whole exponents from 0 to {MAX_EXPONENT}, not {exponent}");
        return Err(call.out_of_range(message));
    };
    let power = (0..exponent)
        .try_fold(Rational::ONE, |power, _| power.checked_mul(base).filter(|power| in_bounds(*power)));
    match power {
        Some(power) => Ok(Value::Number(power)),
        None => Err(call.out_of_range(format!("{base} to the power of {exponent} is too large or too fine"))),
    }
}
