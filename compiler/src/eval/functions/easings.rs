//! Easings with arguments: `cubic`, `steps`, `spring`.

use vid_timeline::validate::MAX_OVERSHOOT;
use vid_timeline::{Easing, Rational};

use super::Call;
use crate::diagnostics::{Code, Report};
use crate::eval::value::{Stop, Value};

pub(super) fn apply(call: &mut Call<'_>, values: &[Value]) -> Option<Result<Value, Stop>> {
    let result = match (call.name, values) {
        ("cubic", [Value::Number(x1), Value::Number(y1), Value::Number(x2), Value::Number(y2)]) => {
            cubic(call, [*x1, *y1, *x2, *y2])
        }
        ("steps", [Value::Number(count)]) => steps(call, *count),
        ("spring", [Value::Number(bounce)]) => spring(call, *bounce),
        ("spring", [Value::Percent(bounce)]) => spring(call, *bounce / Rational::integer(100)),
        _ => return None,
    };
    Some(result.map(Value::Easing))
}

fn cubic(call: &mut Call<'_>, [x1, y1, x2, y2]: [Rational; 4]) -> Result<Easing, Stop> {
    let is_time = |x: Rational| x >= Rational::ZERO && x <= Rational::ONE;
    if let Some((which, x)) = [("first", x1), ("third", x2)].into_iter().find(|(_, x)| !is_time(*x)) {
        let message = format!("the {which} number of `cubic` is a time from 0 to 1, not {x}");
        let report = Report::error(Code::OutOfRange, call.place, message);
        return Err(call.env.stop(report.help("the second and the fourth may go beyond: they are values")));
    }
    let limit = Rational::integer(MAX_OVERSHOOT);
    if let Some(y) = [y1, y2].into_iter().find(|y| *y < -limit || *y > limit) {
        let message = format!("`cubic` leads to {y}, further than {limit}");
        return Err(call.out_of_range(message));
    }
    Ok(Easing::Cubic { x1, y1, x2, y2 })
}

fn steps(call: &mut Call<'_>, count: Rational) -> Result<Easing, Stop> {
    match u32::try_from(count.numerator()) {
        Ok(count) if (1..=Easing::MAX_STEPS).contains(&count) => Ok(Easing::Steps { count }),
        _ => {
            let message = format!("`steps` takes a number from 1 to {}, not {count}", Easing::MAX_STEPS);
            Err(call.out_of_range(message))
        }
    }
}

fn spring(call: &mut Call<'_>, bounce: Rational) -> Result<Easing, Stop> {
    let highest = Easing::max_bounce();
    if bounce < Rational::ZERO || bounce > highest {
        let message = format!("the bounce of `spring` goes from 0 to {highest}, not to {bounce}");
        return Err(call.out_of_range(message));
    }
    Ok(Easing::Spring { bounce })
}
