//! From an expression to its value.

use std::sync::Arc;

use vid_timeline::{Angle, FrameRate, Rational, Size, Time};

use crate::diagnostics::{Applicability, Code, Place, Report, nearest};
use crate::eval::coerce::{coerce, mismatch};
use crate::eval::data::DataKind;
use crate::eval::easings::easing_of;
use crate::eval::text::Text;
use crate::eval::value::{KeyframeValue, LengthValue, Stop, TimeValue, Value};
use crate::eval::{functions, ops};
use crate::items::{Expr, ExprKind, Ident, ItemPlace, KeyframeExpr, LengthUnit, Literal, TemplatePart};
use crate::types::{Atom, Schema, Type, UnitMeaning, literal_meant, place_meant, word_meant};

/// What an expression sees of the world around it.
pub(crate) trait Env {
    /// What the prelude declares.
    fn schema(&self) -> &Schema;
    /// Reports an error; the expression then has no value.
    fn stop(&mut self, report: Report) -> Stop;
    /// The value of a name; `None` when nothing has it.
    fn lookup(&mut self, name: &str, place: &Place) -> Option<Result<Value, Stop>>;
    /// A member of something that is no plain value; `None` when it has no such member.
    fn member(&mut self, _of: &Value, _field: &Ident, _place: &Place) -> Option<Result<Value, Stop>> {
        None
    }
    /// The members of something that is no plain value.
    fn members(&self, _of: &Value) -> Vec<Arc<str>> {
        Vec::new()
    }
    /// What an author calls something that is no plain value.
    fn called(&self, _of: &Value) -> Option<String> {
        None
    }
    /// All names that may be used here.
    fn names(&self, _place: &Place) -> Vec<Arc<str>> {
        Vec::new()
    }
    /// When the clock of this place starts.
    fn clock_origin(&mut self) -> Result<Time, Stop> {
        Ok(Time::ZERO)
    }
    /// Frames a second, where a composition is around.
    fn frame_rate(&self) -> Option<FrameRate> {
        None
    }
    /// Pixels of the canvas, where a composition is around.
    fn canvas(&self) -> Option<Size> {
        None
    }
    /// Counts one step of work, down into (`true`) or out of an expression.
    fn step(&mut self, _place: &Place, _enter: bool) -> Result<(), Stop> {
        Ok(())
    }
    /// Counts so many steps of work at once.
    fn charge(&mut self, _steps: u32, _place: &Place) -> Result<(), Stop> {
        Ok(())
    }
    /// Calls a function that is not the compiler's own; `None` when there is none of that name.
    fn call(
        &mut self,
        _name: &Ident,
        _args: &[crate::items::Arg],
        _item: &ItemPlace,
        _place: &Place,
    ) -> Option<Result<Value, Stop>> {
        None
    }
    /// Names of the functions that are not the compiler's own.
    fn functions(&self, _place: &Place) -> Vec<Arc<str>> {
        Vec::new()
    }
    /// The value of a data file.
    fn data(&mut self, _kind: DataKind, _path: &Text, place: &Place) -> Result<Value, Stop> {
        Err(self.stop(Report::error(Code::WrongType, place, "no files are read here")))
    }
    /// Gives a name a value until [`Env::unbind`].
    fn bind(&mut self, _name: Arc<str>, _value: Value) {}
    /// Ends the last [`Env::bind`].
    fn unbind(&mut self) {}
}

/// The value of an expression as a value of `ty`.
pub(crate) fn evaluate_as(
    env: &mut dyn Env,
    expr: &Expr,
    ty: &Type,
    item: &ItemPlace,
) -> Result<Value, Stop> {
    let value = evaluate(env, expr, Some(ty), item)?;
    match coerce(env.schema(), value.clone(), ty) {
        Some(value) => Ok(value),
        None => {
            let report = mismatch(&value, ty, expr, &item.at(expr.node));
            Err(env.stop(report))
        }
    }
}

/// The value of an expression. `expected` tells what words mean; it is not enforced.
pub(crate) fn evaluate(
    env: &mut dyn Env,
    expr: &Expr,
    expected: Option<&Type>,
    item: &ItemPlace,
) -> Result<Value, Stop> {
    let place = item.at(expr.node);
    env.step(&place, true)?;
    let value = evaluate_kind(env, expr, expected, item, &place);
    env.step(&place, false)?;
    value
}

fn evaluate_kind(
    env: &mut dyn Env,
    expr: &Expr,
    expected: Option<&Type>,
    item: &ItemPlace,
    place: &Place,
) -> Result<Value, Stop> {
    match &expr.kind {
        ExprKind::Error => Err(Stop::Poison),
        ExprKind::Literal(literal) => literal_value(env, literal, place),
        ExprKind::Template(parts) => template(env, parts, item),
        ExprKind::Name(name) => name_value(env, name, expected, place),
        ExprKind::Field(base, field) => {
            let base = evaluate(env, base, None, item)?;
            member(env, &base, field, &item.at(field.node))
        }
        ExprKind::Index(list, index) => index_value(env, list, index, item, place),
        ExprKind::Call(name, args) => functions::call(env, name, args, item, place),
        ExprKind::List(items) => {
            let member = expected.and_then(list_member);
            let values: Result<Vec<_>, _> =
                items.iter().map(|value| evaluate_member(env, value, member, item)).collect();
            Ok(Value::List(Arc::new(values?)))
        }
        ExprKind::Keyframes(keyframes) => keyframes_value(env, keyframes, expected, item),
        ExprKind::Record(fields) => record(env, fields, expected, item, place),
        ExprKind::Range(start, end) => {
            let mut bound = |expr: &Option<Box<Expr>>| match expr {
                Some(expr) => evaluate(env, expr, expected, item).map(|value| Some(Arc::new(value))),
                None => Ok(None),
            };
            Ok(Value::Range(bound(start)?, bound(end)?))
        }
        ExprKind::Unary(op, operand) => {
            let value = evaluate(env, operand, None, item)?;
            ops::unary(env, *op, value, place)
        }
        ExprKind::Binary(op, sign, left, right) => {
            let left = evaluate(env, left, None, item)?;
            let right = evaluate(env, right, None, item)?;
            ops::binary(env, *op, left, right, &item.at(*sign))
        }
        ExprKind::If(condition, value, otherwise) => {
            match evaluate_as(env, condition, &Type::of(Atom::Bool), item)? {
                Value::Bool(false) => match otherwise {
                    Some(otherwise) => evaluate(env, otherwise, expected, item),
                    None => Ok(Value::None),
                },
                _ => evaluate(env, value, expected, item),
            }
        }
        ExprKind::Comprehension(variable, list, condition, body) => {
            let member = expected.and_then(list_member);
            let values = match evaluate(env, list, None, item)? {
                Value::Unknown(_) => {
                    return Ok(Value::Unknown(Type::of(Atom::List(Box::new(Type::of(Atom::Any))))));
                }
                list => members_of(env, &list, &item.at(expr.node))?,
            };
            let mut result = Vec::new();
            for value in values {
                if let Some(variable) = variable {
                    env.bind(variable.text.clone(), value);
                }
                let one = comprehended(env, condition.as_deref(), body, member, item);
                if variable.is_some() {
                    env.unbind();
                }
                result.extend(one?);
            }
            Ok(Value::List(Arc::new(result)))
        }
    }
}

fn comprehended(
    env: &mut dyn Env,
    condition: Option<&Expr>,
    body: &Expr,
    member: Option<&Type>,
    item: &ItemPlace,
) -> Result<Option<Value>, Stop> {
    if let Some(condition) = condition
        && evaluate_as(env, condition, &Type::of(Atom::Bool), item)? == Value::Bool(false)
    {
        return Ok(None);
    }
    evaluate(env, body, member, item).map(Some)
}

fn evaluate_member(
    env: &mut dyn Env,
    expr: &Expr,
    member: Option<&Type>,
    item: &ItemPlace,
) -> Result<Value, Stop> {
    match member {
        Some(ty) => evaluate_as(env, expr, ty, item),
        None => evaluate(env, expr, None, item),
    }
}

fn list_member(ty: &Type) -> Option<&Type> {
    ty.atoms.iter().find_map(|atom| match atom {
        Atom::List(member) => Some(&**member),
        _ => None,
    })
}

/// What a loop over the value goes through: a list, or whole numbers from one up to another.
pub(crate) fn members_of(env: &mut dyn Env, value: &Value, place: &Place) -> Result<Vec<Value>, Stop> {
    match value {
        Value::List(values) => Ok(values.to_vec()),
        Value::Range(Some(low), Some(high)) => match (&**low, &**high) {
            (Value::Number(low), Value::Number(high)) if low.is_integer() && high.is_integer() => {
                let (low, high) = (low.numerator(), high.numerator());
                if high - low > MAX_RANGE {
                    let message = format!("a loop over more than {MAX_RANGE} numbers");
                    return Err(env.stop(Report::error(Code::TooMuchWork, place, message)));
                }
                Ok((low..high).filter_map(|n| Some(Value::Number(Rational::new(n, 1)?))).collect())
            }
            _ => Err(not_a_list(env, value, place)),
        },
        _ => Err(not_a_list(env, value, place)),
    }
}

/// Most numbers a range stands for.
const MAX_RANGE: i128 = 100_000;

fn not_a_list(env: &mut dyn Env, value: &Value, place: &Place) -> Stop {
    let message = format!("a list is needed, this is {}", value.describe());
    env.stop(Report::error(Code::WrongType, place, message).help("lists are `[a, b]` and `0..5`"))
}

fn literal_value(env: &mut dyn Env, literal: &Literal, place: &Place) -> Result<Value, Stop> {
    Ok(match literal {
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Number(value) => Value::Number(*value),
        Literal::Text(text) => Value::Text(Text::in_source(text.clone(), place.file)),
        Literal::Rate(rate) => Value::Rate(*rate),
        Literal::Size(size) => Value::Size(*size),
        Literal::Color(color) => Value::Color(*color),
        Literal::Time { seconds, frames, on_clock } => {
            if *on_clock {
                check_clock(env, *frames, place)?;
            }
            let frames =
                if frames.is_zero() { Rational::ZERO } else { frames_in_seconds(env, *frames, place)? };
            Value::Time(TimeValue::length(*seconds + frames))
        }
        Literal::Quantity(amount, unit) => return quantity(env, *amount, unit, place),
    })
}

/// A clock shows frames from zero up to the frames of a second.
fn check_clock(env: &mut dyn Env, frames: Rational, place: &Place) -> Result<(), Stop> {
    let Some(rate) = env.frame_rate() else { return Ok(()) };
    let shown = rate.per_second().ceil();
    if frames < Rational::new(shown, 1).unwrap_or(frames) {
        return Ok(());
    }
    let last = shown - 1;
    let message =
        format!("this clock time has frame {frames}, and a second of {rate} ends with frame {last}");
    Err(env.stop(Report::error(Code::InvalidTimecode, place, message)))
}

fn frames_in_seconds(env: &mut dyn Env, frames: Rational, place: &Place) -> Result<Rational, Stop> {
    match env.frame_rate() {
        Some(rate) => Ok(frames / rate.per_second()),
        None => {
            let message = "frames have no length outside of a composition";
            let report = Report::error(Code::WrongUnit, place, message);
            Err(env.stop(report.help("write the time in seconds, as in `500ms`")))
        }
    }
}

fn quantity(env: &mut dyn Env, amount: Rational, unit: &str, place: &Place) -> Result<Value, Stop> {
    let Some(meaning) = env.schema().units.get(unit).cloned() else {
        let near = nearest(unit, env.schema().units.keys().map(|unit| &**unit)).map(str::to_owned);
        let mut report = Report::error(Code::UnknownUnit, place, format!("there is no unit `{unit}`"));
        report = match near {
            Some(near) => report.help(format!("did you mean `{amount}{near}`?")).replace(
                place,
                format!("{amount}{near}"),
                Applicability::Guess,
            ),
            None => report
                .help("times are in `s`, `ms`, `m`, `h` or `f`, lengths in `px` or `%`, angles in `deg`"),
        };
        return Err(env.stop(report));
    };
    Ok(match meaning {
        UnitMeaning::Scaled(atom, worth) => {
            let amount = amount * worth;
            match atom {
                Atom::Time => Value::Time(TimeValue::length(amount)),
                Atom::Length => Value::Length(LengthValue { amount, unit: LengthUnit::Pixels }),
                Atom::Percent => Value::Percent(amount),
                Atom::Angle => Value::Angle(Angle::Degrees(amount)),
                Atom::Level => Value::Decibels(amount),
                Atom::Loudness => Value::Loudness(amount),
                _ => Value::Number(amount),
            }
        }
        UnitMeaning::Share => Value::Share(amount),
        UnitMeaning::Frames => Value::Time(TimeValue::length(frames_in_seconds(env, amount, place)?)),
        UnitMeaning::Radians => Value::Angle(Angle::Radians(amount)),
        UnitMeaning::Length(LengthUnit::Em) => Value::Length(LengthValue { amount, unit: LengthUnit::Em }),
        UnitMeaning::Length(unit) => {
            let Some(canvas) = env.canvas() else {
                let message = format!("`{}` has no length outside of a composition", unit.suffix());
                return Err(env.stop(Report::error(Code::WrongUnit, place, message)));
            };
            let side = if unit == LengthUnit::ViewportHeight { canvas.height } else { canvas.width };
            let amount = amount * Rational::from(side) / Rational::integer(100);
            Value::Length(LengthValue { amount, unit: LengthUnit::Pixels })
        }
    })
}

fn template(env: &mut dyn Env, parts: &[TemplatePart], item: &ItemPlace) -> Result<Value, Stop> {
    let mut text = String::new();
    let mut unknown = false;
    for part in parts {
        match part {
            TemplatePart::Text(piece) => text.push_str(piece),
            TemplatePart::Value(expr) => match evaluate(env, expr, None, item)? {
                Value::Unknown(_) => unknown = true,
                value @ (Value::List(_)
                | Value::Record(_)
                | Value::Keyframes(_)
                | Value::Range(..)
                | Value::Element(_)
                | Value::MediaOf(_)
                | Value::Markers
                | Value::Module(_)
                | Value::Paint(_)
                | Value::None) => {
                    let message = format!("{} cannot stand in a string", value.describe());
                    let report = Report::error(Code::WrongType, &item.at(expr.node), message);
                    return Err(env.stop(report));
                }
                // A string and nothing else is that string, with the file it is written in:
                // `image "{logo}"`.
                value @ (Value::Text(_) | Value::Media(..)) if parts.len() == 1 => return Ok(value),
                value => text.push_str(&value.to_string()),
            },
        }
        if text.len() > MAX_TEXT {
            let place = item.at(match part {
                TemplatePart::Value(expr) => expr.node,
                TemplatePart::Text(_) => crate::items::NodeId(0),
            });
            let message = format!("a string of more than {MAX_TEXT} bytes");
            return Err(env.stop(Report::error(Code::TooMuchWork, &place, message)));
        }
    }
    Ok(if unknown {
        Value::Unknown(Type::of(Atom::Text))
    } else {
        Value::Text(Text::in_source(text, item.file))
    })
}

/// Longest string that interpolation may build, in bytes.
const MAX_TEXT: usize = 100_000;

fn name_value(
    env: &mut dyn Env,
    name: &Arc<str>,
    expected: Option<&Type>,
    place: &Place,
) -> Result<Value, Stop> {
    if expected.is_some_and(|ty| env.schema().has_word(ty, name)) {
        return Ok(Value::Word(name.clone()));
    }
    if let Some(value) = env.lookup(name, place) {
        return value;
    }
    if &**name == "none" && expected.is_none_or(|ty| ty.optional) {
        return Ok(Value::None);
    }
    let words: Vec<Arc<str>> = expected
        .into_iter()
        .flat_map(Type::enums)
        .filter_map(|name| env.schema().enums.get(name))
        .flat_map(|words| words.members.iter().map(|(word, _)| word.clone()))
        .collect();
    if let (false, Some(ty)) = (words.is_empty(), expected) {
        let report = Report::error(Code::UnknownValue, place, format!("`{name}` is not {ty}"));
        return Err(env.stop(match ty.enums().find_map(|set| word_meant(set, name)) {
            Some(meant) => {
                report.help(format!("it is called `{meant}`")).replace(place, meant, Applicability::Guess)
            }
            None => suggest(report, name, &words, place),
        }));
    }
    let names = env.names(place);
    let report = Report::error(Code::UnknownName, place, format!("nothing is called `{name}`"));
    if let Some(literal) = expected.and_then(|ty| literal_meant(name, ty)) {
        let report = report.help(format!("write `{literal}`"));
        return Err(env.stop(report.replace(place, literal, Applicability::Guess)));
    }
    let near = nearest(name, names.iter().map(|name| &**name)).is_some();
    let is_words = |ty: &&Type| ty.atoms.iter().all(|atom| matches!(atom, Atom::Text | Atom::Media(_)));
    if expected.filter(is_words).is_some() && !near {
        return Err(env.stop(report.help(format!("words and files stand in quotes: `\"{name}\"`"))));
    }
    let is_place = expected.is_some_and(|ty| ty.atoms.contains(&Atom::Length));
    Err(env.stop(match place_meant(name).filter(|_| is_place) {
        Some(help) => report.help(help),
        None => suggest(report, name, &names, place),
    }))
}

/// Adds the nearest of the candidates, or all of them when they are few.
pub(crate) fn suggest(report: Report, word: &str, candidates: &[Arc<str>], place: &Place) -> Report {
    match nearest(word, candidates.iter().map(|candidate| &**candidate)) {
        Some(near) => {
            report.help(format!("did you mean `{near}`?")).replace(place, near, Applicability::Guess)
        }
        None if (1..=12).contains(&candidates.len()) => {
            let all: Vec<_> = candidates.iter().map(|c| format!("`{c}`")).collect();
            report.help(format!("there {} {}", if all.len() == 1 { "is" } else { "are" }, all.join(", ")))
        }
        None => report,
    }
}

fn member(env: &mut dyn Env, base: &Value, field: &Ident, place: &Place) -> Result<Value, Stop> {
    match base {
        Value::Unknown(_) => return Ok(Value::Unknown(Type::of(Atom::Any))),
        Value::Record(fields) => {
            if let Some((_, value)) = fields.iter().find(|(name, _)| *name == field.text) {
                return Ok(value.clone());
            }
        }
        Value::Size(size) => match &*field.text {
            "width" => return Ok(Value::Number(size.width.into())),
            "height" => return Ok(Value::Number(size.height.into())),
            _ => {}
        },
        _ => {
            if let Some(value) = env.member(base, field, place) {
                return value;
            }
        }
    }
    let members = match base {
        Value::Record(fields) => fields.iter().map(|(name, _)| name.clone()).collect(),
        Value::Size(_) => vec![Arc::from("width"), Arc::from("height")],
        _ => env.members(base),
    };
    let called = env.called(base).unwrap_or_else(|| base.describe());
    let message = format!("{called} has no `{}`", field.text);
    let report = Report::error(Code::UnknownMember, place, message);
    Err(env.stop(suggest(report, &field.text, &members, place)))
}

fn index_value(
    env: &mut dyn Env,
    list: &Expr,
    index: &Expr,
    item: &ItemPlace,
    place: &Place,
) -> Result<Value, Stop> {
    let list = match evaluate(env, list, None, item)? {
        Value::Unknown(_) => return Ok(Value::Unknown(Type::of(Atom::Any))),
        record @ Value::Record(_) => return field_by_name(env, &record, index, item),
        list @ Value::List(_) => list,
        // A range has as many members as a list, but is made for this.
        value => Value::List(Arc::new(members_of(env, &value, place)?)),
    };
    let Value::List(values) = &list else { return Err(Stop::Poison) };
    let index_value = evaluate_as(env, index, &Type::of(Atom::Integer), item)?;
    let Value::Number(number) = index_value else { return Ok(Value::Unknown(Type::of(Atom::Any))) };
    // A negative index counts from the end, as negative times do.
    let length = i128::try_from(values.len()).unwrap_or(i128::MAX);
    let at = if number.is_negative() { length + number.numerator() } else { number.numerator() };
    match usize::try_from(at).ok().and_then(|n| values.get(n)) {
        Some(value) => Ok(value.clone()),
        None => {
            let message = format!("the list has {} members, there is no [{number}]", values.len());
            let report = Report::error(Code::OutOfRange, &item.at(index.node), message);
            Err(env.stop(report.help("the first member is [0]")))
        }
    }
}

/// A field of a record by a name that is computed, or that is no word: `row["First name"]`.
fn field_by_name(env: &mut dyn Env, record: &Value, name: &Expr, item: &ItemPlace) -> Result<Value, Stop> {
    match evaluate_as(env, name, &Type::of(Atom::Text), item)? {
        Value::Text(text) => {
            let field = Ident { text: Arc::from(&*text), node: name.node };
            let place = item.at(name.node);
            let Value::Record(fields) = record else { return Err(Stop::Poison) };
            if let Some((_, value)) = fields.iter().find(|(known, _)| *known == field.text) {
                return Ok(value.clone());
            }
            let report =
                Report::error(Code::UnknownMember, &place, format!("a record has no `{}`", field.text));
            let names: Vec<Arc<str>> =
                fields.iter().map(|(name, _)| Arc::from(format!("\"{name}\""))).collect();
            Err(env.stop(suggest(report, &format!("\"{}\"", field.text), &names, &place)))
        }
        _ => Ok(Value::Unknown(Type::of(Atom::Any))),
    }
}

fn keyframes_value(
    env: &mut dyn Env,
    keyframes: &[KeyframeExpr],
    expected: Option<&Type>,
    item: &ItemPlace,
) -> Result<Value, Stop> {
    let easing_type = Type::of(Atom::Enum(Arc::from("easing")));
    let mut values = Vec::new();
    for keyframe in keyframes {
        let time = match evaluate_as(env, &keyframe.time, &Type::of(Atom::Time), item)? {
            Value::Time(time) => time,
            other => return Ok(other),
        };
        let value = evaluate_member(env, &keyframe.value, expected, item)?;
        let easing = match &keyframe.easing {
            Some(easing) => easing_of(&evaluate_as(env, easing, &easing_type, item)?),
            None => None,
        };
        values.push(KeyframeValue { time, value, easing, place: item.at(keyframe.time.node) });
    }
    Ok(Value::Keyframes(Arc::new(values)))
}

fn record(
    env: &mut dyn Env,
    fields: &[(Ident, Expr)],
    expected: Option<&Type>,
    item: &ItemPlace,
    place: &Place,
) -> Result<Value, Stop> {
    let kind = expected
        .and_then(|ty| {
            ty.atoms.iter().find_map(|atom| match atom {
                Atom::Record(Some(kind)) => Some(kind.clone()),
                _ => None,
            })
        })
        .and_then(|kind| env.schema().kind(&kind).cloned());
    let mut values: Vec<(Arc<str>, Value)> = Vec::new();
    for (name, expr) in fields {
        let at = item.at(name.node);
        if values.iter().any(|(known, _)| *known == name.text) {
            let message = format!("`{}` is given twice in one record", name.text);
            return Err(env.stop(Report::error(Code::SaidTwice, &at, message)));
        }
        let field = match &kind {
            Some(kind) => match kind.field(&name.text) {
                Some(field) => Some(field.ty.clone()),
                None => {
                    let names: Vec<_> = kind.fields.iter().map(|field| field.name.clone()).collect();
                    let message = format!("`{}` has no `{}`", kind.name, name.text);
                    let report = Report::error(Code::UnknownMember, &at, message);
                    return Err(env.stop(suggest(report, &name.text, &names, &at)));
                }
            },
            None => None,
        };
        values.push((name.text.clone(), evaluate_member(env, expr, field.as_ref(), item)?));
    }
    if let Some(kind) = &kind
        && let Some(missing) =
            kind.fields.iter().find(|f| f.required && !values.iter().any(|(name, _)| *name == f.name))
    {
        let message = format!("`{}` needs `{}`", kind.name, missing.name);
        return Err(env.stop(Report::error(Code::MissingProperty, place, message)));
    }
    Ok(Value::Record(Arc::new(values)))
}
