//! Gradients: `linear(90deg, #f00, #00f)` and `radial(#fff, 30%, #000)`.
//!
//! Colours stand in their order; a percentage after one says where it is. The first is at the start
//! and the last at the end unless they say otherwise, and those between share the way.

use std::sync::Arc;

use vid_timeline::validate::MAX_STOPS;
use vid_timeline::{Angle, Color, GradientStop, Length, Paint, Rational};

use crate::diagnostics::{Code, Place, Report};
use crate::eval::expr::{Env, evaluate, evaluate_as};
use crate::eval::value::{LengthValue, Stop, Value};
use crate::items::{Arg, Ident, ItemPlace};
use crate::types::{Atom, Type};

/// Where a linear gradient leads when nothing is said: down, as in CSS.
const DOWN: Angle = Angle::Degrees(Rational::integer(180));

/// The gradient that a call makes; `None` when the function makes none.
pub(super) fn call(
    env: &mut dyn Env,
    name: &Ident,
    args: &[Arg],
    item: &ItemPlace,
    place: &Place,
) -> Option<Result<Value, Stop>> {
    match &*name.text {
        "linear" => Some(gradient(env, args, item, place, Kind::Linear)),
        "radial" => Some(gradient(env, args, item, place, Kind::Radial)),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Linear,
    Radial,
}

/// What the arguments of a gradient say.
struct Said {
    angle: Angle,
    center: [Length; 2],
    stops: Vec<(Color, Option<Rational>)>,
    unknown: bool,
}

fn gradient(
    env: &mut dyn Env,
    args: &[Arg],
    item: &ItemPlace,
    place: &Place,
    kind: Kind,
) -> Result<Value, Stop> {
    let mut said = Said { angle: DOWN, center: [Length::HALF; 2], stops: Vec::new(), unknown: false };
    for (index, arg) in args.iter().enumerate() {
        let at = item.at(arg.value.node);
        match arg.name.as_ref().map(|name| (&*name.text, name)) {
            Some(("angle", _)) if kind == Kind::Linear => {
                let value = evaluate_as(env, &arg.value, &Type::of(Atom::Angle), item)?;
                said.take(env, value, true, &at, kind)?;
            }
            Some((side @ ("x" | "y"), _)) if kind == Kind::Radial => {
                let ty = Type { atoms: vec![Atom::Length, Atom::Percent], optional: false };
                let value = evaluate_as(env, &arg.value, &ty, item)?;
                said.place(side, &value);
            }
            Some((other, name)) => {
                let message = format!("there is no argument `{other}`");
                let report = Report::error(Code::WrongArguments, &item.at(name.node), message);
                return Err(env.stop(report.help(usage(kind))));
            }
            None => {
                let expected = Type { atoms: vec![Atom::Color], optional: false };
                let value = evaluate(env, &arg.value, Some(&expected), item)?;
                let values = match value {
                    Value::List(values) => values.to_vec(),
                    value => vec![value],
                };
                for value in values {
                    said.take(env, value, index == 0, &at, kind)?;
                }
            }
        }
    }
    if said.unknown {
        return Ok(Value::Unknown(Type::of(Atom::Paint)));
    }
    let stops = said.spread(env, place, kind)?;
    Ok(Value::Paint(Arc::new(match kind {
        Kind::Linear => Paint::Linear { angle: said.angle, stops },
        Kind::Radial => Paint::Radial { center: said.center, stops },
    })))
}

impl Said {
    fn take(
        &mut self,
        env: &mut dyn Env,
        value: Value,
        first: bool,
        place: &Place,
        kind: Kind,
    ) -> Result<(), Stop> {
        match value {
            Value::Unknown(_) => self.unknown = true,
            Value::Angle(angle) if first && kind == Kind::Linear => self.angle = angle,
            Value::Color(color) => self.stops.push((color, None)),
            Value::Percent(offset) => match self.stops.last_mut() {
                Some((_, at @ None)) => {
                    if offset < Rational::ZERO || offset > Rational::integer(100) {
                        let message = format!("a colour of a gradient is at 0% to 100%, not at {offset}%");
                        return Err(env.stop(Report::error(Code::OutOfRange, place, message)));
                    }
                    *at = Some(offset);
                }
                _ => {
                    let message = "this percentage follows no colour whose place it could be";
                    let report = Report::error(Code::WrongArguments, place, message);
                    return Err(env.stop(report.help(usage(kind))));
                }
            },
            other => {
                let message = format!("{} stands where a colour is needed", other.describe());
                let report = Report::error(Code::WrongType, place, message).label("a colour is needed");
                return Err(env.stop(report.help(usage(kind))));
            }
        }
        Ok(())
    }

    fn place(&mut self, side: &str, value: &Value) {
        let length = match value {
            Value::Length(LengthValue { amount, .. }) => Length::Pixels(*amount),
            Value::Percent(percent) => Length::Percent(*percent),
            _ => {
                self.unknown = true;
                return;
            }
        };
        let [x, y] = &mut self.center;
        *(if side == "x" { x } else { y }) = length;
    }

    /// The stops, each with its place.
    fn spread(&self, env: &mut dyn Env, place: &Place, kind: Kind) -> Result<Vec<GradientStop>, Stop> {
        let count = self.stops.len();
        if !(2..=MAX_STOPS).contains(&count) {
            let message = format!(
                "a gradient has 2 to {MAX_STOPS} colours, this one has {}",
                if count == 0 { "none".to_owned() } else { count.to_string() }
            );
            let report = Report::error(Code::WrongArguments, place, message);
            return Err(env.stop(report.help(usage(kind))));
        }
        let mut offsets: Vec<Option<Rational>> = self.stops.iter().map(|(_, offset)| *offset).collect();
        offsets[0].get_or_insert(Rational::ZERO);
        offsets[count - 1].get_or_insert(Rational::integer(100));
        let mut stops = Vec::with_capacity(count);
        let (mut last, mut last_index) = (Rational::ZERO, 0);
        for (index, (color, _)) in self.stops.iter().enumerate() {
            let offset = match offsets[index] {
                Some(offset) => {
                    (last, last_index) = (offset, index);
                    offset
                }
                None => {
                    let next = (index..count).find(|next| offsets[*next].is_some()).unwrap_or(count - 1);
                    let end = offsets[next].unwrap_or(Rational::integer(100));
                    let part = |n: usize| Rational::integer(i64::try_from(n).unwrap_or(1));
                    last + (end - last) * part(index - last_index) / part(next - last_index)
                }
            };
            if let Some(before) = stops.last().map(|stop: &GradientStop| stop.offset).filter(|b| offset < *b)
            {
                let message =
                    format!("the colours of a gradient go forward: {offset}% comes after {before}%");
                return Err(env.stop(Report::error(Code::OutOfRange, place, message)));
            }
            stops.push(GradientStop { offset, color: *color });
        }
        Ok(stops)
    }
}

const fn usage(kind: Kind) -> &'static str {
    match kind {
        Kind::Linear => {
            "write `linear(90deg, #ff0000, #0000ff)`, with a percentage after a colour for its place"
        }
        Kind::Radial => "write `radial(#ffffff, #000000)`, with a percentage after a colour for its place",
    }
}
