//! Whether a value fits where it stands, and what it becomes there.

use std::sync::Arc;

use vid_timeline::Rational;

use crate::diagnostics::{Applicability, Code, Place, Report};
use crate::eval::ops::{Unit, split};
use crate::eval::value::{KeyframeValue, LengthValue, Value};
use crate::items::{Expr, ExprKind, LengthUnit, Literal};
use crate::types::{Atom, Schema, Type};

/// The value as a value of the type; `None` when it is not one.
///
/// A bare number where a length is expected is pixels, a string where media are expected is a path.
/// Nothing else changes: there are no casts between units.
pub(crate) fn coerce(schema: &Schema, value: Value, ty: &Type) -> Option<Value> {
    match &value {
        Value::None => return ty.optional.then_some(value),
        Value::Keyframes(keyframes) => {
            let values: Option<Vec<_>> = keyframes
                .iter()
                .map(|k| Some(KeyframeValue { value: coerce(schema, k.value.clone(), ty)?, ..k.clone() }))
                .collect();
            return values.map(|values| Value::Keyframes(Arc::new(values)));
        }
        Value::Unknown(unknown) => {
            let fits = unknown.atoms.iter().any(|a| ty.atoms.iter().any(|b| compatible(a, b)));
            return fits.then_some(value);
        }
        _ => {}
    }
    ty.atoms.iter().find_map(|atom| coerce_atom(schema, &value, atom))
}

fn coerce_atom(schema: &Schema, value: &Value, atom: &Atom) -> Option<Value> {
    let fits = match (atom, value) {
        (Atom::Any, _) => true,
        (Atom::Quantity, value) => split(value).is_some(),
        (Atom::Number, Value::Number(_)) => true,
        (Atom::Integer, Value::Number(number)) => number.is_integer(),
        (Atom::Length, Value::Number(number)) => {
            return Some(Value::Length(LengthValue { amount: *number, unit: LengthUnit::Pixels }));
        }
        (Atom::Media(kinds), Value::Text(path)) => return Some(Value::Media(path.clone(), *kinds)),
        (Atom::Media(kinds), Value::Media(path, _)) => return Some(Value::Media(path.clone(), *kinds)),
        (Atom::Text, Value::Media(path, _)) => return Some(Value::Text(path.clone())),
        (Atom::Bool, Value::Bool(_))
        | (Atom::Text, Value::Text(_))
        | (Atom::Time, Value::Time(_))
        | (Atom::Length, Value::Length(_))
        | (Atom::Percent, Value::Percent(_))
        | (Atom::Angle, Value::Angle(_))
        | (Atom::Level, Value::Percent(_) | Value::Decibels(_))
        | (Atom::Loudness, Value::Loudness(_))
        | (Atom::Color, Value::Color(_))
        | (Atom::Paint, Value::Paint(_))
        | (Atom::Rate, Value::Rate(_))
        | (Atom::Size, Value::Size(_)) => true,
        (Atom::Enum(name), Value::Word(word)) => schema.enums.get(name).is_some_and(|e| e.has(word)),
        (Atom::Enum(name), Value::Easing(_)) => &**name == "easing",
        (Atom::List(member), Value::List(values)) => {
            let values: Option<Vec<_>> =
                values.iter().map(|value| coerce(schema, value.clone(), member)).collect();
            return values.map(|values| Value::List(Arc::new(values)));
        }
        (Atom::Record(None), Value::Record(_)) => true,
        (Atom::Record(Some(kind)), Value::Record(fields)) => {
            return coerce_record(schema, fields, kind);
        }
        _ => false,
    };
    fits.then(|| value.clone())
}

fn coerce_record(schema: &Schema, fields: &[(Arc<str>, Value)], kind: &str) -> Option<Value> {
    let kind = schema.kind(kind)?;
    let complete =
        kind.fields.iter().filter(|f| f.required).all(|f| fields.iter().any(|(n, _)| *n == f.name));
    let fields: Option<Vec<_>> = fields
        .iter()
        .map(|(name, value)| Some((name.clone(), coerce(schema, value.clone(), &kind.field(name)?.ty)?)))
        .collect();
    fields.filter(|_| complete).map(|fields| Value::Record(Arc::new(fields)))
}

/// Whether a value of type `a`, whatever it is, may turn out to fit `b`.
fn compatible(a: &Atom, b: &Atom) -> bool {
    a == b
        || matches!(
            (a, b),
            (Atom::Any, _)
                | (_, Atom::Any)
                | (Atom::Quantity, Atom::Number | Atom::Integer | Atom::Time | Atom::Length)
                | (Atom::Quantity, Atom::Percent | Atom::Angle | Atom::Level | Atom::Loudness)
                | (
                    Atom::Number | Atom::Integer,
                    Atom::Number | Atom::Integer | Atom::Length | Atom::Quantity
                )
                | (Atom::Time | Atom::Length | Atom::Percent | Atom::Angle, Atom::Quantity)
                | (Atom::Level | Atom::Loudness, Atom::Quantity)
                | (Atom::Percent, Atom::Level)
                | (Atom::Text | Atom::Media(_), Atom::Text | Atom::Media(_))
                | (Atom::List(_), Atom::List(_))
                | (Atom::Record(_), Atom::Record(_))
        )
}

/// Why a value does not fit, with the literal that would.
pub(crate) fn mismatch(value: &Value, ty: &Type, expr: &Expr, place: &Place) -> Report {
    let quantities = split(value).is_some() && ty.atoms.iter().any(is_quantity);
    let code = if quantities { Code::WrongUnit } else { Code::WrongType };
    let found = match value {
        Value::Number(_) | Value::Time(_) | Value::Length(_) | Value::Percent(_) | Value::Angle(_) => {
            format!("`{value}` is {}, {ty} is needed", value.describe())
        }
        _ => format!("{} stands where {ty} is needed", value.describe()),
    };
    let report = Report::error(code, place, found).label(format!("{ty} is needed"));
    match right_literal(value, ty).filter(|_| is_plain_number(expr)) {
        Some(literal) => {
            report.help(format!("write `{literal}`")).replace(place, literal, Applicability::Guess)
        }
        None => match (value, quoted_literal(expr, ty)) {
            (_, Some(literal)) => report.help(format!("without quotes it is one: `{literal}`")).replace(
                place,
                literal,
                Applicability::Guess,
            ),
            (Value::List(_), None) if ty.atoms.iter().any(is_quantity) => {
                report.help("keyframes have times: `[0s: 0%, end: 100%]`")
            }
            (Value::Percent(_), None) if ty.atoms == [Atom::Time] => {
                report.help("a part of a time is a product: `50% * 4s`")
            }
            _ => report,
        },
    }
}

/// What stands in a plain string, where it is a literal of the type that is needed.
fn quoted_literal<'e>(expr: &'e Expr, ty: &Type) -> Option<&'e str> {
    let ExprKind::Literal(Literal::Text(text)) = &expr.kind else { return None };
    let text: &str = text;
    let is_color = |digits: &str| {
        matches!(digits.len(), 3 | 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let number = text.trim_start_matches('-');
    let digits = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let begins_as_number = number.starts_with(|c: char| c.is_ascii_digit());
    let has_unit = |units: &[&str]| begins_as_number && units.contains(&digits);
    let fits = |atom: &Atom| match atom {
        Atom::Color => text.strip_prefix('#').is_some_and(is_color),
        Atom::Time => has_unit(&["s", "ms", "m", "h", "f"]),
        Atom::Length => has_unit(&["px", "vw", "vh", "em", ""]),
        Atom::Percent => has_unit(&["%"]),
        Atom::Angle => has_unit(&["deg", "rad", "turn"]),
        Atom::Level => has_unit(&["%", "dB"]),
        Atom::Number | Atom::Integer => has_unit(&[""]),
        Atom::Bool => matches!(text, "true" | "false"),
        _ => false,
    };
    ty.atoms.iter().any(fits).then_some(text)
}

const fn is_quantity(atom: &Atom) -> bool {
    matches!(
        atom,
        Atom::Quantity
            | Atom::Number
            | Atom::Integer
            | Atom::Time
            | Atom::Length
            | Atom::Percent
            | Atom::Angle
            | Atom::Level
            | Atom::Loudness
    )
}

fn is_plain_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Unary(_, inner) => is_plain_number(inner),
        _ => false,
    }
}

/// The same number in the unit that fits, where it is clear what was meant.
fn right_literal(value: &Value, ty: &Type) -> Option<String> {
    let (amount, unit) = split(value)?;
    let atom = ty.atoms.first()?;
    let is_part = !amount.is_zero() && amount >= -Rational::ONE && amount <= Rational::ONE;
    Some(match (atom, unit) {
        (Atom::Time, Unit::Number) => format!("{amount}s"),
        (Atom::Level, Unit::Number) if amount.is_negative() => format!("{amount}dB"),
        (Atom::Percent | Atom::Level, Unit::Number) if is_part => {
            format!("{}%", amount * Rational::integer(100))
        }
        (Atom::Percent | Atom::Level, Unit::Number) => format!("{amount}%"),
        (Atom::Angle, Unit::Number) => format!("{amount}deg"),
        (Atom::Loudness, Unit::Number | Unit::Decibels) => format!("{amount}lufs"),
        (Atom::Rate, Unit::Number) => format!("{amount}fps"),
        (Atom::Number, Unit::Percent) => (amount / Rational::integer(100)).to_string(),
        (Atom::Number | Atom::Integer, Unit::Degrees | Unit::Length(_)) => amount.to_string(),
        (Atom::Integer, Unit::Number) => amount.round_half_up().to_string(),
        _ => return None,
    })
}

/// Whether a value lies within bounds; what cannot be compared with them does.
pub(crate) fn within(value: &Value, bounds: &(Option<Value>, Option<Value>)) -> bool {
    let above = |bound: &Option<Value>| ordered(bound.as_ref(), Some(value));
    let below = |bound: &Option<Value>| ordered(Some(value), bound.as_ref());
    above(&bounds.0) && below(&bounds.1)
}

/// Whether `a <= b`, or the two cannot be compared.
fn ordered(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a.and_then(split), b.and_then(split)) {
        (Some((a, Unit::Time(_))), Some((b, Unit::Time(_)))) => a <= b,
        (Some((a, x)), Some((b, y))) if x == y => a <= b,
        _ => true,
    }
}
