//! Which easing a value means.

use vid_timeline::{Easing, Rational};

use crate::eval::value::Value;

/// Bounce of the word `spring`, in hundredths.
const DEFAULT_BOUNCE: i64 = 25;

/// The easing that a value of the type `easing` means.
pub(crate) fn easing_of(value: &Value) -> Option<Easing> {
    match value {
        Value::Easing(easing) => Some(*easing),
        Value::Word(word) if &**word == "spring" => {
            Some(Easing::Spring { bounce: Rational::ratio(DEFAULT_BOUNCE, 100) })
        }
        Value::Word(word) => Easing::from_name(word),
        _ => None,
    }
}
