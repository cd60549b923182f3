//! Lists and records.

use std::cmp::Ordering;
use std::sync::Arc;

use vid_timeline::Rational;

use crate::eval::functions::{Call, MAX_MEMBERS, count, index};
use crate::eval::ops::{Unit, binary, split};
use crate::eval::value::{Stop, Value};
use crate::items::BinaryOp;

pub(super) fn apply(call: &mut Call<'_>, values: &[Value]) -> Option<Result<Value, Stop>> {
    Some(match (call.name, values) {
        ("count", [Value::List(values)]) => Ok(count(values.len())),
        ("count", [Value::Record(fields)]) => Ok(count(fields.len())),
        ("sum", [Value::List(values)]) => sum(call, values),
        ("sort", [Value::List(values), by]) => sort(call, values, by),
        ("reverse", [Value::List(values)]) => call.list(values.iter().rev().cloned().collect()),
        ("contains", [Value::List(values), value]) => Ok(Value::Bool(values.contains(value))),
        ("unique", [Value::List(values)]) => unique(call, values),
        ("concat", [Value::List(a), Value::List(b)]) => call.list(a.iter().chain(&**b).cloned().collect()),
        ("flatten", [Value::List(lists)]) => flatten(call, lists),
        ("slice", [Value::List(values), Value::Number(from), to]) => {
            bounds(call, values.len(), *from, to).and_then(|(from, to)| call.list(values[from..to].to_vec()))
        }
        ("slice", [Value::Text(text), Value::Number(from), to]) => {
            let letters: Vec<char> = text.chars().collect();
            bounds(call, letters.len(), *from, to)
                .map(|(from, to)| Value::Text(text.with(letters[from..to].iter().collect::<String>())))
        }
        ("range", [from, to, step]) => range(call, from, to, step),
        ("zip", [Value::List(a), Value::List(b)]) => {
            let pairs =
                a.iter().zip(&**b).map(|(a, b)| record([("first", a.clone()), ("second", b.clone())]));
            call.list(pairs.collect())
        }
        ("enumerate", [Value::List(values)]) => {
            let pairs = values
                .iter()
                .enumerate()
                .map(|(position, value)| record([("index", count(position)), ("value", value.clone())]));
            call.list(pairs.collect())
        }
        ("keys", [Value::Record(fields)]) => {
            call.list(fields.iter().map(|(name, _)| Value::Text((&**name).into())).collect())
        }
        _ => return None,
    })
}

fn record<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Record(Arc::new(fields.into_iter().map(|(name, value)| (Arc::from(name), value)).collect()))
}

fn sum(call: &mut Call<'_>, values: &[Value]) -> Result<Value, Stop> {
    let mut values = values.iter().cloned();
    let first = values.next().unwrap_or(Value::Number(Rational::ZERO));
    if split(&first).is_none() {
        return Err(call.stop(format!("`sum` cannot add {}", first.describe())));
    }
    values.try_fold(first, |sum, value| binary(call.env, BinaryOp::Add, sum, value, call.place))
}

/// What members are ordered by.
#[derive(PartialEq)]
enum Key {
    Text(String),
    Amount(Rational, Unit),
}

fn sort(call: &mut Call<'_>, values: &[Value], by: &Value) -> Result<Value, Stop> {
    let mut keyed = Vec::with_capacity(values.len());
    for value in values {
        let member = match (by, value) {
            (Value::Text(name), Value::Record(fields)) => {
                let field = fields.iter().find(|(known, _)| **known == **name);
                let Some((_, field)) = field else {
                    return Err(call.stop(format!("a member of the list has no `{}`", &**name)));
                };
                field
            }
            (Value::Text(_), other) => {
                return Err(call.stop(format!("`sort` by a name needs records, not {}", other.describe())));
            }
            _ => value,
        };
        let key = match (member, split(member)) {
            (Value::Text(text), _) => Key::Text(text.to_string()),
            (_, Some((amount, unit))) => Key::Amount(amount, unit),
            (other, None) => {
                return Err(call.stop(format!("`sort` cannot compare {}", other.describe())));
            }
        };
        let alike = keyed.first().is_none_or(|(first, _)| match (first, &key) {
            (Key::Text(_), Key::Text(_)) => true,
            (Key::Amount(_, a), Key::Amount(_, b)) => a == b,
            _ => false,
        });
        if !alike {
            return Err(call.stop("`sort` needs members of one kind and unit".to_owned()));
        }
        keyed.push((key, value.clone()));
    }
    // Equal members stay in their order.
    keyed.sort_by(|(a, _), (b, _)| match (a, b) {
        (Key::Text(a), Key::Text(b)) => a.cmp(b),
        (Key::Amount(a, _), Key::Amount(b, _)) => a.cmp(b),
        _ => Ordering::Equal,
    });
    call.list(keyed.into_iter().map(|(_, value)| value).collect())
}

/// Most members of a list whose members are compared one by one.
const MAX_COMPARED: usize = 2_000;

fn unique(call: &mut Call<'_>, values: &[Value]) -> Result<Value, Stop> {
    if values.len() > MAX_COMPARED {
        let message = format!("`unique` takes lists of up to {MAX_COMPARED} members, not {}", values.len());
        return Err(call.out_of_range(message));
    }
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        if !kept.contains(value) {
            kept.push(value.clone());
        }
    }
    call.list(kept)
}

fn flatten(call: &mut Call<'_>, lists: &[Value]) -> Result<Value, Stop> {
    let mut flat = Vec::new();
    for list in lists {
        match list {
            Value::List(values) => flat.extend(values.iter().cloned()),
            other => flat.push(other.clone()),
        }
        if flat.len() > MAX_MEMBERS {
            break;
        }
    }
    call.list(flat)
}

/// The members from one index up to another; a negative one counts from the end, what is beyond
/// either end is cut off.
fn bounds(call: &mut Call<'_>, length: usize, from: Rational, to: &Value) -> Result<(usize, usize), Stop> {
    let mut at = |number: Rational| {
        if !number.is_integer() {
            return Err(call.out_of_range(format!("{number} is no position in a list")));
        }
        let position = match index(number) {
            Some(position) => position,
            None => length.saturating_sub(index(number.abs()).unwrap_or(usize::MAX)),
        };
        Ok(position.min(length))
    };
    let from = at(from)?;
    let to = match to {
        Value::Number(to) => at(*to)?,
        _ => length,
    };
    Ok((from, to.max(from)))
}

fn range(call: &mut Call<'_>, from: &Value, to: &Value, step: &Value) -> Result<Value, Stop> {
    let (Some((low, unit)), Some((high, other))) = (split(from), split(to)) else {
        return Err(call.stop("`range` goes from one quantity to another".to_owned()));
    };
    let step = match step {
        Value::None => Some((Rational::ONE, Unit::Number)).filter(|_| unit == Unit::Number),
        step => split(step),
    };
    let Some((step, _)) = step.filter(|(_, step)| *step == unit && other == unit) else {
        return Err(call.stop("the ends and the step of `range` need one unit".to_owned()));
    };
    if step.is_zero() {
        return Err(call.out_of_range("`range` with a step of zero goes nowhere".to_owned()));
    }
    let steps = high.checked_sub(low).and_then(|length| length.checked_div(step));
    let members = steps.map_or(i128::MAX, |steps| steps.ceil().max(0));
    let Some(members) = usize::try_from(members).ok().filter(|members| *members <= MAX_MEMBERS) else {
        return call.list(vec![Value::None; MAX_MEMBERS + 1]);
    };
    let at = |turn: usize| {
        let turn = Rational::integer(i64::try_from(turn).unwrap_or(i64::MAX));
        unit.join(low + step * turn)
    };
    call.list((0..members).map(at).collect())
}
