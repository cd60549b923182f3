//! Functions of the compiler. Their names, parameters and defaults are declared in the prelude
//! (`stdlib/prelude/functions.vid`); what they compute is here, one family a file.
//!
//! All of them are pure: the same arguments give the same value on every machine. Numbers stay exact;
//! where a result cannot be (a colour of eight bits a channel), it is rounded once, halves up.

mod colors;
mod convert;
mod easings;
mod lists;
mod numbers;
mod paints;
mod random;
mod texts;

use std::sync::Arc;

use vid_timeline::Rational;

use crate::diagnostics::{Code, Place, Report};
use crate::eval::data::DataKind;
use crate::eval::expr::{Env, evaluate_as, suggest};
use crate::eval::value::{Stop, Value};
use crate::items::{Arg, Ident, ItemPlace};
use crate::types::{Atom, FunctionSchema, Type, function_meant};

/// Most members of a list that a function makes.
const MAX_MEMBERS: usize = 100_000;
/// Longest string that a function makes, in bytes.
const MAX_TEXT: usize = 100_000;

/// Calls a function.
pub(crate) fn call(
    env: &mut dyn Env,
    name: &Ident,
    args: &[Arg],
    item: &ItemPlace,
    place: &Place,
) -> Result<Value, Stop> {
    // A gradient takes any number of colours.
    if let Some(paint) = paints::call(env, name, args, item, place) {
        return paint;
    }
    let at = item.at(name.node);
    let Some(function) = env.schema().functions.get(&name.text).cloned() else {
        if let Some(value) = env.call(name, args, item, place) {
            return value;
        }
        let mut names: Vec<_> = env.schema().functions.keys().cloned().collect();
        names.extend(env.functions(&at));
        let report =
            Report::error(Code::UnknownFunction, &at, format!("there is no function `{}`", name.text));
        return Err(env.stop(match function_meant(&name.text) {
            Some(help) => report.help(help),
            None => suggest(report, &name.text, &names, &at),
        }));
    };
    let params = &function.params;
    let mut values: Vec<Option<Value>> = vec![None; params.len()];
    for (position, arg) in args.iter().enumerate() {
        let index = match &arg.name {
            Some(word) => params.iter().position(|param| param.name == word.text),
            None => (position < params.len()).then_some(position),
        };
        let Some(index) = index.filter(|index| values[*index].is_none()) else {
            let at = item.at(arg.name.as_ref().map_or(arg.value.node, |word| word.node));
            return Err(env.stop(wrong_arguments(name, &function, &at)));
        };
        values[index] = Some(evaluate_as(env, &arg.value, &params[index].ty, item)?);
    }
    let defaults = params.iter().map(|param| {
        let none = param.ty.optional.then_some(Value::None);
        param.default.clone().or(none)
    });
    let values = values.into_iter().zip(defaults).map(|(value, default)| value.or(default));
    let Some(values) = values.collect::<Option<Vec<Value>>>() else {
        return Err(env.stop(wrong_arguments(name, &function, place)));
    };
    if values.iter().any(|value| matches!(value, Value::Unknown(_))) {
        return Ok(Value::Unknown(unknown_result(&function, &values)));
    }
    env.charge(values.iter().map(work_of).sum(), place)?;
    if let (Some(kind), [Value::Text(path)]) = (DataKind::of_function(&name.text), values.as_slice()) {
        return env.data(kind, path, place);
    }
    let mut call = Call { env, name: &name.text, place };
    let families = [
        numbers::apply,
        texts::apply,
        lists::apply,
        convert::apply,
        colors::apply,
        random::apply,
        easings::apply,
    ];
    families.into_iter().find_map(|family| family(&mut call, &values)).unwrap_or_else(|| {
        let kinds: Vec<_> =
            values.iter().filter(|value| **value != Value::None).map(Value::describe).collect();
        Err(call.stop(format!("`{}` cannot be applied to {}", name.text, kinds.join(" and "))))
    })
}

/// A call whose arguments have their values.
struct Call<'a> {
    env: &'a mut dyn Env,
    name: &'a str,
    place: &'a Place,
}

impl Call<'_> {
    /// Reports that the arguments make no sense together.
    fn stop(&mut self, message: String) -> Stop {
        self.env.stop(Report::error(Code::WrongArguments, self.place, message))
    }

    /// Reports a value that is beyond what the function takes.
    fn out_of_range(&mut self, message: String) -> Stop {
        self.env.stop(Report::error(Code::OutOfRange, self.place, message))
    }

    /// A list, if it has not too many members.
    fn list(&mut self, values: Vec<Value>) -> Result<Value, Stop> {
        if values.len() > MAX_MEMBERS {
            let message = format!("`{}` makes a list of more than {MAX_MEMBERS} members", self.name);
            return Err(self.env.stop(Report::error(Code::TooMuchWork, self.place, message)));
        }
        Ok(Value::List(Arc::new(values)))
    }

    /// Whether a string of so many bytes may be made; if not, that is reported.
    fn room(&mut self, bytes: usize) -> Result<(), Stop> {
        if bytes <= MAX_TEXT {
            return Ok(());
        }
        let message = format!("`{}` makes a string of more than {MAX_TEXT} bytes", self.name);
        Err(self.env.stop(Report::error(Code::TooMuchWork, self.place, message)))
    }
}

/// Steps that reading a value takes.
fn work_of(value: &Value) -> u32 {
    let steps = match value {
        Value::List(values) => values.len() / 4,
        Value::Text(text) => text.len() / 64,
        _ => 0,
    };
    u32::try_from(steps).unwrap_or(u32::MAX)
}

fn wrong_arguments(name: &Ident, function: &FunctionSchema, place: &Place) -> Report {
    let required = function.params.iter().filter(|param| param.default.is_none() && !param.ty.optional);
    let (least, most) = (required.count(), function.params.len());
    let plural = if most == 1 { "" } else { "s" };
    let count = if least == most { format!("{most}") } else { format!("{least} to {most}") };
    let message = format!("`{}` takes {count} argument{plural}", name.text);
    let all: Vec<_> = function
        .params
        .iter()
        .map(|param| match &param.default {
            Some(default) => format!("{}: {}", param.name, literal(default)),
            None => param.name.to_string(),
        })
        .collect();
    Report::error(Code::WrongArguments, place, message).help(format!(
        "write `{}({})`",
        name.text,
        all.join(", ")
    ))
}

/// A value as it would be written.
fn literal(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{:?}", &**text),
        value => value.to_string(),
    }
}

/// The type of a result when an argument is not known.
fn unknown_result(function: &FunctionSchema, values: &[Value]) -> Type {
    let open = function.result.atoms.iter().any(|atom| matches!(atom, Atom::Quantity | Atom::Any));
    match values.first().map(Value::ty) {
        // What comes of a quantity has its unit.
        Some(first) if open && !first.atoms.iter().any(|atom| matches!(atom, Atom::List(_))) => first,
        Some(_) if open => Type::of(Atom::Any),
        _ => function.result.clone(),
    }
}

/// A whole number as a value.
fn whole(value: i128) -> Value {
    Value::Number(Rational::new(value, 1).unwrap_or_default())
}

/// How many there are, as a value.
fn count(length: usize) -> Value {
    Value::Number(Rational::integer(i64::try_from(length).unwrap_or(i64::MAX)))
}

/// A whole number as an index or a count; `None` when it is none or negative.
fn index(number: Rational) -> Option<usize> {
    if number.is_integer() { usize::try_from(number.numerator()).ok() } else { None }
}
