//! Times on clocks that are moved: what is computed on the clock of a placed composition is shown on the
//! clock around it.

use std::sync::Arc;

use vid_timeline::Time;

use crate::eval::{KeyframeValue, TimeValue, Value};
use crate::items::{BinaryOp, Expr, ExprKind, UnaryOp};

/// The value on a clock that began `offset` earlier; `None` where it is the same there.
pub(super) fn moved(value: &Value, offset: Time) -> Option<Value> {
    match value {
        Value::Time(time) => moved_time(*time, offset).map(Value::Time),
        Value::Keyframes(keyframes) => {
            let moves = |keyframe: &KeyframeValue| {
                !keyframe.time.anchors.is_zero() || moved(&keyframe.value, offset).is_some()
            };
            keyframes.iter().any(moves).then(|| {
                let moved = keyframes.iter().map(|keyframe| KeyframeValue {
                    time: moved_time(keyframe.time, offset).unwrap_or(keyframe.time),
                    value: moved(&keyframe.value, offset).unwrap_or_else(|| keyframe.value.clone()),
                    ..keyframe.clone()
                });
                Value::Keyframes(Arc::new(moved.collect()))
            })
        }
        Value::List(values) => values.iter().any(|value| moved(value, offset).is_some()).then(|| {
            let moved = values.iter().map(|value| moved(value, offset).unwrap_or_else(|| value.clone()));
            Value::List(Arc::new(moved.collect()))
        }),
        Value::Record(fields) => fields.iter().any(|(_, value)| moved(value, offset).is_some()).then(|| {
            let moved = fields
                .iter()
                .map(|(name, value)| (name.clone(), moved(value, offset).unwrap_or_else(|| value.clone())));
            Value::Record(Arc::new(moved.collect()))
        }),
        Value::Range(start, end) => {
            let bound = |value: &Option<Arc<Value>>| {
                value.as_ref().map(|value| moved(value, offset).map_or_else(|| value.clone(), Arc::new))
            };
            let moves = [start, end].into_iter().flatten().any(|value| moved(value, offset).is_some());
            moves.then(|| Value::Range(bound(start), bound(end)))
        }
        _ => None,
    }
}

fn moved_time(time: TimeValue, offset: Time) -> Option<TimeValue> {
    let seconds = time.seconds + time.anchors * offset.seconds();
    (!time.anchors.is_zero()).then_some(TimeValue { seconds, ..time })
}

/// Whether a value means the same wherever and whenever it is seen: a plain value without instants.
pub(super) fn is_plain(value: &Value) -> bool {
    match value {
        Value::Unknown(_) | Value::Element(_) | Value::MediaOf(_) | Value::Markers | Value::Module(_) => {
            false
        }
        Value::Time(time) => time.anchors.is_zero(),
        Value::Keyframes(keyframes) => {
            keyframes.iter().all(|keyframe| keyframe.time.anchors.is_zero() && is_plain(&keyframe.value))
        }
        Value::List(values) => values.iter().all(is_plain),
        Value::Record(fields) => fields.iter().all(|(_, value)| is_plain(value)),
        Value::Range(start, end) => [start, end].into_iter().flatten().all(|value| is_plain(value)),
        _ => true,
    }
}

/// Whether the instants in an expression move with the clock, and nothing else comes of them: sums and
/// multiples of times. What else is made of an instant, such as a text that shows it, does not.
pub(super) fn keeps_instants(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Name(_) => true,
        ExprKind::Field(base, _) | ExprKind::Unary(UnaryOp::Negate, base) => keeps_instants(base),
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, _, left, right) => {
            keeps_instants(left) && keeps_instants(right)
        }
        ExprKind::Binary(BinaryOp::Multiply, _, left, right) => {
            is_number(left) && keeps_instants(right) || keeps_instants(left) && is_number(right)
        }
        ExprKind::Binary(BinaryOp::Divide, _, left, right) => keeps_instants(left) && is_number(right),
        ExprKind::Keyframes(keyframes) => keyframes.iter().all(|keyframe| {
            keeps_instants(&keyframe.time)
                && is_literal(&keyframe.value)
                && keyframe.easing.as_ref().is_none_or(is_literal)
        }),
        _ => false,
    }
}

/// Whether an expression is written as a number, or one with a unit.
fn is_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Unary(UnaryOp::Negate, operand) => is_number(operand),
        _ => false,
    }
}

/// Whether an expression is made of literals and names, none of them of an instant.
fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Name(name) => !matches!(&**name, "start" | "end"),
        ExprKind::Unary(UnaryOp::Negate, operand) => is_literal(operand),
        ExprKind::Call(_, args) => args.iter().all(|arg| is_literal(&arg.value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use vid_timeline::Rational;

    use super::*;

    #[test]
    fn instants_move_and_lengths_stay() {
        let length = Value::Time(TimeValue::length(Rational::integer(2)));
        let instant = |seconds| Value::Time(TimeValue::instant(Time::new(seconds, 1)));
        assert_eq!(moved(&length, Time::new(3, 1)), None);
        assert_eq!(moved(&instant(2), Time::new(3, 1)), Some(instant(5)));
        let list = |second| Value::List(Arc::new(vec![length.clone(), second]));
        assert_eq!(moved(&list(instant(1)), Time::new(3, 1)), Some(list(instant(4))));
        assert!(is_plain(&length) && !is_plain(&list(instant(1))));
    }
}
