//! Functions of the compiler. Their names and parameters are declared in the prelude.

use std::sync::Arc;

use vid_timeline::Rational;

use crate::diagnostics::{Code, Place, Report};
use crate::eval::expr::{Env, evaluate_as, suggest};
use crate::eval::ops::{same_unit, split};
use crate::eval::value::{Stop, Value};
use crate::items::{Arg, Ident, ItemPlace};
use crate::types::{Atom, Type};

/// Functions that the language has and this version has not.
const LATER: [&str; 8] = ["csv", "json", "srt", "vtt", "text", "random", "rgb", "hsl"];

/// Calls a function.
pub(crate) fn call(
    env: &mut dyn Env,
    name: &Ident,
    args: &[Arg],
    item: &ItemPlace,
    place: &Place,
) -> Result<Value, Stop> {
    let at = item.at(name.node);
    let Some(params) = env.schema().functions.get(&name.text).cloned() else {
        if let Some(value) = env.call(name, args, item, place) {
            return value;
        }
        if LATER.contains(&&*name.text) {
            let message = format!("`{}` is part of the language, but not of this version", name.text);
            return Err(env.stop(Report::error(Code::UnsupportedYet, &at, message)));
        }
        let mut names: Vec<_> = env.schema().functions.keys().cloned().collect();
        names.extend(env.functions());
        let report =
            Report::error(Code::UnknownFunction, &at, format!("there is no function `{}`", name.text));
        return Err(env.stop(suggest(report, &name.text, &names, &at)));
    };
    let mut values: Vec<Option<Value>> = vec![None; params.len()];
    for (position, arg) in args.iter().enumerate() {
        let index = match &arg.name {
            Some(word) => params.iter().position(|(param, _)| *param == word.text),
            None => (position < params.len()).then_some(position),
        };
        let Some(index) = index.filter(|index| values[*index].is_none()) else {
            let at = item.at(arg.name.as_ref().map_or(arg.value.node, |word| word.node));
            return Err(env.stop(wrong_arguments(name, &params, &at)));
        };
        values[index] = Some(evaluate_as(env, &arg.value, &params[index].1, item)?);
    }
    let Some(values) = values.into_iter().collect::<Option<Vec<Value>>>() else {
        return Err(env.stop(wrong_arguments(name, &params, place)));
    };
    if values.iter().any(|value| matches!(value, Value::Unknown(_))) {
        return Ok(Value::Unknown(unknown_result(&name.text, &values)));
    }
    apply(env, &name.text, &values, place)
}

fn wrong_arguments(name: &Ident, params: &[(Arc<str>, Type)], place: &Place) -> Report {
    let all: Vec<_> = params.iter().map(|(param, _)| &**param).collect();
    let message =
        format!("`{}` takes {} argument{}", name.text, all.len(), if all.len() == 1 { "" } else { "s" });
    Report::error(Code::WrongArguments, place, message).help(format!(
        "write `{}({})`",
        name.text,
        all.join(", ")
    ))
}

/// The type of a result when an argument is not known.
fn unknown_result(name: &str, values: &[Value]) -> Type {
    match name {
        "round" | "floor" | "ceil" | "count" => Type::of(Atom::Integer),
        "seconds" => Type::of(Atom::Number),
        "upper" | "lower" => Type::of(Atom::Text),
        _ => values.first().map_or_else(|| Type::of(Atom::Any), Value::ty),
    }
}

fn apply(env: &mut dyn Env, name: &str, values: &[Value], place: &Place) -> Result<Value, Stop> {
    let whole = |value: i128| Value::Number(Rational::new(value, 1).unwrap_or_default());
    match (name, values) {
        ("min", [a, b]) => extreme(env, name, a, b, place, |a, b| a <= b),
        ("max", [a, b]) => extreme(env, name, a, b, place, |a, b| a >= b),
        ("clamp", [value, low, high]) => {
            let raised = extreme(env, name, value, low, place, |a, b| a >= b)?;
            extreme(env, name, &raised, high, place, |a, b| a <= b)
        }
        ("abs", [value]) => match split(value) {
            Some((amount, unit)) => Ok(unit.join(amount.abs())),
            None => Ok(value.clone()),
        },
        ("round", [Value::Number(n)]) => Ok(whole(n.round_half_up())),
        ("floor", [Value::Number(n)]) => Ok(whole(n.floor())),
        ("ceil", [Value::Number(n)]) => Ok(whole(n.ceil())),
        ("seconds", [Value::Time(time)]) => {
            let origin = if time.anchors.is_zero() { vid_timeline::Time::ZERO } else { env.clock_origin()? };
            Ok(Value::Number(time.local(origin).seconds()))
        }
        ("count", [Value::List(values)]) => {
            Ok(Value::Number(Rational::integer(i64::try_from(values.len()).unwrap_or(i64::MAX))))
        }
        ("upper", [Value::Text(text)]) => Ok(Value::Text(Arc::from(text.to_uppercase()))),
        ("lower", [Value::Text(text)]) => Ok(Value::Text(Arc::from(text.to_lowercase()))),
        _ => {
            let message = format!("`{name}` cannot be applied to this");
            Err(env.stop(Report::error(Code::WrongArguments, place, message)))
        }
    }
}

/// The one of two that `wins` prefers.
fn extreme(
    env: &mut dyn Env,
    name: &str,
    a: &Value,
    b: &Value,
    place: &Place,
    wins: impl Fn(Rational, Rational) -> bool,
) -> Result<Value, Stop> {
    let (x, y, unit) = same_unit(env, name, a, b, place)?;
    Ok(unit.join(if wins(x, y) { x } else { y }))
}
