//! Numbers, dimensions, angles and colours as the body writes them.

use serde::{Serialize, Serializer};

use crate::rational::Rational;
use crate::values::Color;

/// A JSON number. Its value is the exact value of its shortest decimal form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Number(pub Rational);

/// Integers up to this magnitude are told apart by every reader that holds numbers as floats.
const EXACT_INTEGER: i128 = 1 << 53;
/// Finest fraction that is kept as it is, 10⁻¹⁵: what is finer is the dust of float sums.
const FINEST: i128 = 1_000_000_000_000_000;

impl Number {
    /// Whether a reader that holds JSON numbers as floats gets this very value back, and the value has
    /// no dust below 10⁻¹⁵.
    pub fn is_exact(value: Rational) -> bool {
        if value.is_integer() {
            return value.numerator().abs() <= EXACT_INTEGER;
        }
        if FINEST % value.denominator() != 0 {
            return false;
        }
        let float = value.to_decimal().and_then(|text| text.parse().ok());
        float.and_then(Rational::from_f64_decimal) == Some(value)
    }
}

/// An integer where the value is whole, otherwise the nearest float's shortest form.
impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(value) = *self;
        match i64::try_from(value.numerator()) {
            Ok(integer) if value.is_integer() => serializer.serialize_i64(integer),
            _ => {
                let decimal = value.to_decimal().and_then(|text| text.parse().ok());
                serializer.serialize_f64(decimal.unwrap_or_else(|| value.to_f64()))
            }
        }
    }
}

/// A length: pixels of the canvas, or percent of the axis it is used on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Dimension {
    /// Written as a number.
    Pixels(Rational),
    /// Written as `"50%"`.
    Percent(Rational),
}

impl Serialize for Dimension {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Pixels(pixels) => Number(*pixels).serialize(serializer),
            Self::Percent(percent) => serializer.collect_str(&format_args!("{percent}%")),
        }
    }
}

/// An angle, clockwise positive.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Angle {
    /// Written as `"90deg"`.
    Degrees(Rational),
    /// Written as `"1.57rad"`.
    Radians(Rational),
}

impl Serialize for Angle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Degrees(value) => serializer.collect_str(&format_args!("{value}deg")),
            Self::Radians(value) => serializer.collect_str(&format_args!("{value}rad")),
        }
    }
}

/// Percent of the element's own size, written as `"100%"`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Scale(pub Rational);

impl Serialize for Scale {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}%", self.0))
    }
}

/// A colour, written as `#rrggbb` when solid, otherwise as `#rrggbbaa`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct HexColor(pub Color);

impl Serialize for HexColor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
