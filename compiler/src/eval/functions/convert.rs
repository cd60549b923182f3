//! From strings, as data files hold them, to values with a type.

use vid_timeline::Rational;

use crate::diagnostics::Place;
use crate::eval::data::read_time;
use crate::eval::expr::{Env, evaluate_as};
use crate::eval::functions::Call;
use crate::eval::value::{Stop, TimeValue, Value};
use crate::items::{ExprKind, Item, ItemKind, ItemPlace, UnaryOp, item_from_ast};
use crate::types::{Atom, Type};

pub(super) fn apply(call: &mut Call<'_>, values: &[Value]) -> Option<Result<Value, Stop>> {
    Some(match (call.name, values) {
        ("number", [Value::Number(number)]) => Ok(Value::Number(*number)),
        ("number", [Value::Text(text)]) => match Rational::from_decimal(text.trim()) {
            Some(number) => Ok(Value::Number(number)),
            None => Err(not_a(call, text, "number", "3.5")),
        },
        // A plain number of seconds, as JSON has them.
        ("time", [Value::Number(seconds)]) => Ok(Value::Time(TimeValue::length(*seconds))),
        ("time", [Value::Time(time)]) => Ok(Value::Time(*time)),
        ("time", [Value::Text(text)]) => time(call, text),
        ("color", [Value::Color(color)]) => Ok(Value::Color(*color)),
        ("color", [Value::Text(text)]) => color(call, text),
        ("percent", [Value::Number(number)]) => Ok(Value::Percent(*number)),
        ("percent", [Value::Percent(percent)]) => Ok(Value::Percent(*percent)),
        ("percent", [Value::Text(text)]) => {
            match Rational::from_decimal(text.trim().trim_end_matches('%').trim_end()) {
                Some(number) => Ok(Value::Percent(number)),
                None => Err(not_a(call, text, "percentage", "35%")),
            }
        }
        ("string", [value]) => Ok(Value::Text(match value {
            Value::Text(text) => text.clone(),
            value => value.to_string().as_str().into(),
        })),
        _ => return None,
    })
}

/// `5s`, `00:01:02.500`, or seconds without a unit.
fn time(call: &mut Call<'_>, text: &str) -> Result<Value, Stop> {
    let plain = text.trim();
    if let Some(seconds) = Rational::from_decimal(plain) {
        return Ok(Value::Time(TimeValue::length(seconds)));
    }
    if let Some(value @ Value::Time(_)) = literal(call.env, plain, &Type::of(Atom::Time), call.place) {
        return Ok(value);
    }
    match read_time(plain) {
        Some(time) => Ok(Value::Time(TimeValue::length(time.seconds()))),
        None => Err(not_a(call, text, "time", "2.5s")),
    }
}

/// `#ff5a36`, or a name of CSS.
fn color(call: &mut Call<'_>, text: &str) -> Result<Value, Stop> {
    let plain = text.trim();
    if let Some(value @ Value::Color(_)) = call.env.schema().constants.get(plain) {
        return Ok(value.clone());
    }
    match literal(call.env, plain, &Type::of(Atom::Color), call.place) {
        Some(value @ Value::Color(_)) => Ok(value),
        _ => Err(not_a(call, text, "colour", "#ff5a36")),
    }
}

fn not_a(call: &mut Call<'_>, text: &str, what: &str, example: &str) -> Stop {
    let shown: String = text.chars().take(40).collect();
    call.out_of_range(format!("`{shown}` is no {what} like `{example}`"))
}

/// The value of a text that is a literal of the language and nothing else.
fn literal(env: &mut dyn Env, text: &str, ty: &Type, place: &Place) -> Option<Value> {
    /// Longest literal that is looked at, in bytes.
    const LONGEST: usize = 64;
    if text.len() > LONGEST || text.contains(['\n', '\r']) {
        return None;
    }
    let parse = vid_grammar::parse(&format!("let value = {text}"));
    let items: Vec<_> = parse.file().items().collect();
    let [item] = items.as_slice() else { return None };
    let home = ItemPlace { file: place.file, item: place.item.clone() };
    let (item, _) = item_from_ast(home, item);
    let Item { kind: ItemKind::Let(decl), place: home, reports, .. } = item else { return None };
    let expr = decl.value.filter(|_| parse.errors().is_empty() && reports.is_empty())?;
    let plain = match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Unary(UnaryOp::Negate, inner) => matches!(inner.kind, ExprKind::Literal(_)),
        _ => false,
    };
    // A literal of another type has no value here, which the caller reports.
    let fits = plain && crate::eval::expr::evaluate(&mut Quiet { env }, &expr, None, &home).is_ok();
    if fits { evaluate_as(&mut Quiet { env }, &expr, ty, &home).ok() } else { None }
}

/// An environment that keeps what is wrong to itself.
struct Quiet<'a> {
    env: &'a mut dyn Env,
}

impl Env for Quiet<'_> {
    fn schema(&self) -> &crate::types::Schema {
        self.env.schema()
    }

    fn stop(&mut self, _report: crate::diagnostics::Report) -> Stop {
        Stop::Poison
    }

    fn lookup(&mut self, _name: &str, _place: &Place) -> Option<Result<Value, Stop>> {
        None
    }

    fn frame_rate(&self) -> Option<vid_timeline::FrameRate> {
        self.env.frame_rate()
    }
}
