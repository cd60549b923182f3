//! Operators, on numbers and on values with units.

use vid_timeline::{Angle, Rational};

use crate::diagnostics::{Code, Place, Report};
use crate::eval::expr::Env;
use crate::eval::value::{LengthValue, Stop, TimeValue, Value};
use crate::items::{BinaryOp, UnaryOp};
use crate::types::{Atom, Type};

/// Largest magnitude of a number. A film of a day at nanoseconds stays far below.
const MAX_MAGNITUDE: i128 = 1_000_000_000_000;
/// Largest denominator. Leaves room for the exact sums of any real film in 127 bits.
const MAX_DENOMINATOR: i128 = 1_000_000_000_000_000;

/// Applies an operator that stands before its value.
pub(crate) fn unary(env: &mut dyn Env, op: UnaryOp, value: Value, place: &Place) -> Result<Value, Stop> {
    match (op, value) {
        (UnaryOp::Not, Value::Bool(value)) => Ok(Value::Bool(!value)),
        (UnaryOp::Not, Value::Unknown(ty)) if ty.has(&Atom::Bool) => Ok(Value::Unknown(ty)),
        // Radians stay what they are, so that they are written back as they were read.
        (UnaryOp::Negate, Value::Angle(Angle::Radians(angle))) => {
            Ok(Value::Angle(Angle::Radians(Rational::ZERO - angle)))
        }
        (UnaryOp::Negate, Value::Unknown(ty)) => Ok(Value::Unknown(ty)),
        (UnaryOp::Negate, value) => match split(&value) {
            Some((amount, unit)) => Ok(unit.join(-amount)),
            None => {
                let message = format!("`-` needs a number or a value with a unit, not {}", value.describe());
                Err(env.stop(Report::error(Code::WrongType, place, message)))
            }
        },
        (UnaryOp::Not, value) => {
            let message = format!("`not` needs `true` or `false`, not {}", value.describe());
            Err(env.stop(Report::error(Code::WrongType, place, message)))
        }
    }
}

/// Applies an operator between two values.
pub(crate) fn binary(
    env: &mut dyn Env,
    op: BinaryOp,
    left: Value,
    right: Value,
    place: &Place,
) -> Result<Value, Stop> {
    use BinaryOp as B;
    match op {
        B::And | B::Or => logic(env, op, &left, &right, place),
        B::Equal | B::NotEqual => equality(env, op, &left, &right, place),
        B::Less | B::LessEqual | B::Greater | B::GreaterEqual => {
            if let Some(unknown) = either_unknown(&left, &right, Type::of(Atom::Bool)) {
                return Ok(unknown);
            }
            let (a, b, _) = same_unit(env, op.sign(), &left, &right, place)?;
            Ok(Value::Bool(match op {
                B::Less => a < b,
                B::LessEqual => a <= b,
                B::Greater => a > b,
                _ => a >= b,
            }))
        }
        B::Add | B::Subtract => sum(env, op, &left, &right, place),
        B::Multiply => product(env, &left, &right, place),
        B::Divide | B::Remainder => quotient(env, op, &left, &right, place),
    }
}

/// A unit, apart from its amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unit {
    Number,
    /// How far an instant, see [`TimeValue`].
    Time(Rational),
    Length(crate::items::LengthUnit),
    Percent,
    Degrees,
    Decibels,
    Loudness,
}

impl Unit {
    /// The value of that amount.
    pub(crate) fn join(self, amount: Rational) -> Value {
        match self {
            Self::Number => Value::Number(amount),
            Self::Time(anchors) => Value::Time(TimeValue { seconds: amount, anchors }),
            Self::Length(unit) => Value::Length(LengthValue { amount, unit }),
            Self::Percent => Value::Percent(amount),
            Self::Degrees => Value::Angle(Angle::Degrees(amount)),
            Self::Decibels => Value::Decibels(amount),
            Self::Loudness => Value::Loudness(amount),
        }
    }
}

/// A value as amount and unit; `None` when it is no quantity.
pub(crate) fn split(value: &Value) -> Option<(Rational, Unit)> {
    Some(match value {
        Value::Number(number) => (*number, Unit::Number),
        Value::Time(time) => (time.seconds, Unit::Time(time.anchors)),
        Value::Length(length) => (length.amount, Unit::Length(length.unit)),
        Value::Percent(percent) => (*percent, Unit::Percent),
        Value::Angle(angle) => (degrees(*angle), Unit::Degrees),
        Value::Decibels(level) => (*level, Unit::Decibels),
        Value::Loudness(lufs) => (*lufs, Unit::Loudness),
        _ => return None,
    })
}

/// Degrees of an angle; radians are turned with π to fifteen digits, the one inexact conversion.
pub(crate) fn degrees(angle: Angle) -> Rational {
    match angle {
        Angle::Degrees(value) => value,
        Angle::Radians(value) => {
            let degrees_per_radian = Rational::ratio(57_295_779_513_082, 1_000_000_000_000);
            value * degrees_per_radian
        }
    }
}

/// Both amounts on one scale; instants and lengths of time meet on the clock at hand.
pub(crate) fn same_unit(
    env: &mut dyn Env,
    what: &str,
    left: &Value,
    right: &Value,
    place: &Place,
) -> Result<(Rational, Rational, Unit), Stop> {
    match (split(left), split(right)) {
        (Some((a, Unit::Time(x))), Some((b, Unit::Time(y)))) if x != y => {
            let origin = env.clock_origin()?;
            let at = |seconds, anchors| TimeValue { seconds, anchors }.absolute(origin).seconds();
            Ok((at(a, x), at(b, y), Unit::Time(Rational::ONE)))
        }
        (Some((a, unit)), Some((b, other))) if unit == other => Ok((a, b, unit)),
        _ => Err(env.stop(mixed(what, left, right, place))),
    }
}

fn mixed(what: &str, left: &Value, right: &Value, place: &Place) -> Report {
    let message = format!("`{what}` cannot mix {} and {}", left.describe(), right.describe());
    let code =
        if split(left).is_some() && split(right).is_some() { Code::WrongUnit } else { Code::WrongType };
    Report::error(code, place, message).label("the two sides differ")
}

fn either_unknown(left: &Value, right: &Value, ty: Type) -> Option<Value> {
    let unknown = matches!(left, Value::Unknown(_)) || matches!(right, Value::Unknown(_));
    unknown.then_some(Value::Unknown(ty))
}

fn logic(env: &mut dyn Env, op: BinaryOp, left: &Value, right: &Value, place: &Place) -> Result<Value, Stop> {
    if let Some(unknown) = either_unknown(left, right, Type::of(Atom::Bool)) {
        return Ok(unknown);
    }
    match (op, left, right) {
        (BinaryOp::And, Value::Bool(a), Value::Bool(b)) => Ok(Value::Bool(*a && *b)),
        (_, Value::Bool(a), Value::Bool(b)) => Ok(Value::Bool(*a || *b)),
        _ => {
            let wrong = if matches!(left, Value::Bool(_)) { right } else { left };
            let message = format!("`{}` needs `true` or `false`, not {}", op.sign(), wrong.describe());
            Err(env.stop(Report::error(Code::WrongType, place, message)))
        }
    }
}

fn equality(
    env: &mut dyn Env,
    op: BinaryOp,
    left: &Value,
    right: &Value,
    place: &Place,
) -> Result<Value, Stop> {
    if let Some(unknown) = either_unknown(left, right, Type::of(Atom::Bool)) {
        return Ok(unknown);
    }
    let equal = match (left, right) {
        (Value::Text(a) | Value::Media(a, _), Value::Text(b) | Value::Media(b, _)) => a == b,
        (Value::Bool(_), Value::Bool(_))
        | (Value::Color(_), Value::Color(_))
        | (Value::Rate(_), Value::Rate(_))
        | (Value::Size(_), Value::Size(_))
        | (Value::Word(_), Value::Word(_))
        | (Value::List(_), Value::List(_))
        | (Value::Record(_), Value::Record(_))
        | (Value::None, _)
        | (_, Value::None) => left == right,
        _ => {
            let (a, b, _) = same_unit(env, op.sign(), left, right, place)?;
            a == b
        }
    };
    Ok(Value::Bool(equal == (op == BinaryOp::Equal)))
}

fn sum(env: &mut dyn Env, op: BinaryOp, left: &Value, right: &Value, place: &Place) -> Result<Value, Stop> {
    if let Some(unknown) = unknown_sum(left, right) {
        return Ok(unknown);
    }
    let sign = if op == BinaryOp::Add { Rational::ONE } else { -Rational::ONE };
    match (split(left), split(right)) {
        // Instants count their anchors, so that an instant minus an instant is a length.
        (Some((a, Unit::Time(x))), Some((b, Unit::Time(y)))) => {
            let seconds = a.checked_add(sign * b);
            bounded(env, seconds, Unit::Time(x + sign * y), place)
        }
        (Some((a, unit)), Some((b, other))) if unit == other => {
            bounded(env, a.checked_add(sign * b), unit, place)
        }
        _ => {
            let report = mixed(op.sign(), left, right, place);
            let report = match (left, right) {
                (Value::Text(_), _) | (_, Value::Text(_)) => {
                    report.help("to put text together, write \"{a}{b}\"")
                }
                _ => report,
            };
            Err(env.stop(report))
        }
    }
}

/// The type of a sum of which a side is unknown; `None` when both are known or the units differ.
fn unknown_sum(left: &Value, right: &Value) -> Option<Value> {
    let compatible = |ty: &Type, other: &Value| {
        let other = other.ty();
        ty.atoms.iter().any(|atom| {
            other.atoms.contains(atom)
                || matches!(
                    (atom, other.atoms.first()),
                    (Atom::Number, Some(Atom::Integer)) | (Atom::Integer, Some(Atom::Number))
                )
                || matches!(atom, Atom::Any | Atom::Quantity)
        })
    };
    match (left, right) {
        (Value::Unknown(ty), other) | (other, Value::Unknown(ty)) if compatible(ty, other) => {
            Some(Value::Unknown(ty.clone()))
        }
        _ => None,
    }
}

fn product(env: &mut dyn Env, left: &Value, right: &Value, place: &Place) -> Result<Value, Stop> {
    match (left, right) {
        (Value::Unknown(ty), Value::Number(_) | Value::Unknown(_))
        | (Value::Number(_), Value::Unknown(ty)) => {
            return Ok(Value::Unknown(ty.clone()));
        }
        (Value::Unknown(_), other) | (other, Value::Unknown(_)) if split(other).is_some() => {
            return Ok(Value::Unknown(other.ty()));
        }
        _ => {}
    }
    let scaled = match (split(left), split(right)) {
        (Some((a, Unit::Number)), Some((b, unit))) | (Some((b, unit)), Some((a, Unit::Number))) => {
            Some((a, b, unit))
        }
        // A percentage of something is a part of it.
        (Some((a, Unit::Percent)), Some((b, unit))) | (Some((b, unit)), Some((a, Unit::Percent))) => {
            Some((a / Rational::integer(100), b, unit))
        }
        _ => None,
    };
    match scaled {
        Some((factor, amount, Unit::Time(anchors))) => {
            bounded(env, factor.checked_mul(amount), Unit::Time(anchors * factor), place)
        }
        Some((factor, amount, unit)) => bounded(env, factor.checked_mul(amount), unit, place),
        None => Err(env.stop(mixed("*", left, right, place).help("one side of `*` must be a plain number"))),
    }
}

fn quotient(
    env: &mut dyn Env,
    op: BinaryOp,
    left: &Value,
    right: &Value,
    place: &Place,
) -> Result<Value, Stop> {
    if let (_, Some((zero, _))) = (left, split(right))
        && zero.is_zero()
    {
        let report = Report::error(Code::DivisionByZero, place, format!("`{}` by zero", op.sign()));
        return Err(env.stop(report.label("the right side is zero")));
    }
    match (left, right) {
        (Value::Unknown(ty), Value::Number(_)) => return Ok(Value::Unknown(ty.clone())),
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => {
            return Ok(Value::Unknown(Type::of(Atom::Quantity)));
        }
        _ => {}
    }
    if op == BinaryOp::Remainder {
        let (a, b, unit) = same_unit(env, "%", left, right, place)?;
        let times = a.checked_div(b).and_then(|q| Rational::new(q.floor(), 1));
        return bounded(env, times.and_then(|q| a.checked_sub(q.checked_mul(b)?)), unit, place);
    }
    match (split(left), split(right)) {
        (Some((a, Unit::Time(anchors))), Some((b, Unit::Number))) => {
            bounded(env, a.checked_div(b), Unit::Time(anchors / b), place)
        }
        (Some((a, unit)), Some((b, Unit::Number))) => bounded(env, a.checked_div(b), unit, place),
        (Some((_, Unit::Time(x))), Some((_, Unit::Time(y)))) if x != y => {
            let (a, b, _) = same_unit(env, "/", left, right, place)?;
            bounded(env, a.checked_div(b), Unit::Number, place)
        }
        (Some((a, unit)), Some((b, other))) if unit == other => {
            bounded(env, a.checked_div(b), Unit::Number, place)
        }
        _ => Err(env.stop(mixed("/", left, right, place))),
    }
}

/// The value, if it is within the bounds of the language.
fn bounded(env: &mut dyn Env, amount: Option<Rational>, unit: Unit, place: &Place) -> Result<Value, Stop> {
    match amount.filter(|amount| in_bounds(*amount)) {
        Some(amount) => Ok(unit.join(amount)),
        None => {
            let message = "this comes to a number too large or too fine to keep exactly";
            Err(env.stop(Report::error(Code::NumberOutOfRange, place, message)))
        }
    }
}

/// Whether a number is one the language keeps.
pub(crate) fn in_bounds(amount: Rational) -> bool {
    let largest = Rational::new(MAX_MAGNITUDE, 1).unwrap_or(Rational::ZERO);
    amount.abs() <= largest && amount.denominator() <= MAX_DENOMINATOR
}
