//! One JSON object under reading: typed access to its keys, and at the end a word about the keys
//! that nobody asked for.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::super::violation::{PathPart, Report, ViolationCode};
use super::super::wire::{Angle, Dimension, HexColor, Number, Scale};
use super::{hints, scalar};
use crate::rational::Rational;
use crate::values::Color;

/// What a number may be.
#[derive(Clone, Copy)]
pub(super) enum Bounds {
    /// Anything.
    Any,
    /// Greater than zero.
    Positive,
    /// Zero or more.
    NotNegative,
    /// Within both, or an error.
    Within(i64, i64),
    /// Moved into both, with a warning: a range that the contract's schema does not check.
    Clamped(i64, i64),
    /// Moved up to zero, with a warning.
    ClampedNotNegative,
}

/// Which lengths make sense.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    /// Both directions.
    Any,
    /// Zero or more; less is moved up to zero, with a warning.
    NotNegative,
}

/// An object under reading. `null` reads as absent.
pub(super) struct ObjectReader<'r> {
    map: &'r Map<String, Value>,
    path: Vec<PathPart>,
    /// The word for the object in messages: `video`, `transition`.
    kind: &'static str,
    asked: Vec<&'static str>,
    silent: bool,
    report: &'r mut Report,
}

impl<'r> ObjectReader<'r> {
    /// A reader of `value`, which is at `path`; an error when it is no object.
    pub(super) fn new(
        value: &'r Value,
        path: Vec<PathPart>,
        kind: &'static str,
        report: &'r mut Report,
    ) -> Option<Self> {
        match value.as_object() {
            Some(map) => Some(Self { map, path, kind, asked: Vec::with_capacity(64), silent: false, report }),
            None => {
                let message = format!("{kind} must be an object, not {}", scalar::describe(value));
                report.error(ViolationCode::InvalidType, &path, message);
                None
            }
        }
    }

    /// The word for the object in messages, for when it is known later than the object.
    pub(super) fn set_kind(&mut self, kind: &'static str) {
        self.kind = kind;
    }

    /// Says nothing about keys: what the object is, is already wrong.
    pub(super) fn ignore_rest(&mut self) {
        self.silent = true;
    }

    /// Warns about the keys that were not asked for, naming the right ones.
    pub(super) fn finish(self) {
        if self.silent {
            return;
        }
        for key in self.map.keys().filter(|key| !self.asked.contains(&key.as_str())) {
            let mut path = self.path.clone();
            path.push(PathPart::Key(key.clone()));
            let hint = if self.report.is_full() { None } else { hints::for_key(key, self.kind, &self.asked) };
            let shown = hints::shortened(key);
            let message = match hint {
                Some(hint) => format!("{} has no field `{shown}`; {hint}", self.kind),
                None => format!("{} has no field `{shown}`; it is ignored", self.kind),
            };
            self.report.warn(ViolationCode::UnknownField, &path, message);
        }
    }

    pub(super) fn error(&mut self, code: ViolationCode, key: &str, message: impl Into<String>) {
        let path = self.path_of(key);
        self.report.error(code, &path, message);
    }

    pub(super) fn warn(&mut self, code: ViolationCode, key: &str, message: impl Into<String>) {
        let path = self.path_of(key);
        self.report.warn(code, &path, message);
    }

    fn path_of(&self, key: &str) -> Vec<PathPart> {
        let mut path = self.path.clone();
        path.push(key.into());
        path
    }

    /// The value of `key`; nothing when it is absent or `null`.
    pub(super) fn value(&mut self, key: &'static str) -> Option<&'r Value> {
        self.asked.push(key);
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// Says so when `key` is absent.
    pub(super) fn require(&mut self, key: &'static str) {
        if self.map.get(key).is_none_or(Value::is_null) {
            let message = format!("{} needs `{key}`", self.kind);
            self.error(ViolationCode::MissingField, key, message);
        }
    }

    fn wrong_type(&mut self, key: &str, wanted: &str, value: &Value) {
        let message = format!("`{key}` must be {wanted}, not {}", scalar::describe(value));
        self.error(ViolationCode::InvalidType, key, message);
    }

    pub(super) fn string(&mut self, key: &'static str) -> Option<String> {
        let value = self.value(key)?;
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong_type(key, "a string", value);
        }
        text
    }

    pub(super) fn boolean(&mut self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        let boolean = value.as_bool();
        if boolean.is_none() {
            self.wrong_type(key, "true or false", value);
        }
        boolean
    }

    pub(super) fn integer(&mut self, key: &'static str, range: RangeInclusive<i64>) -> Option<i64> {
        let value = self.value(key)?;
        let Some(number) = value.as_number() else {
            self.wrong_type(key, "an integer", value);
            return None;
        };
        let exact = scalar::exact(number).filter(|number| number.is_integer());
        match exact.map(|exact| i64::try_from(exact.numerator())) {
            Some(Ok(integer)) if range.contains(&integer) => Some(integer),
            None if scalar::exact(number).is_some() => {
                self.wrong_type(key, "an integer", value);
                None
            }
            _ => {
                let message = format!("`{key}` is {number}, outside {} to {}", range.start(), range.end());
                self.error(ViolationCode::OutOfRange, key, message);
                None
            }
        }
    }

    pub(super) fn number(&mut self, key: &'static str, bounds: Bounds) -> Option<Number> {
        let value = self.value(key)?;
        let Some(number) = value.as_number() else {
            self.wrong_type(key, "a number", value);
            return None;
        };
        let Some(exact) = scalar::exact(number) else {
            let message = format!("`{key}` is {number}, which is too large for a film");
            self.error(ViolationCode::OutOfRange, key, message);
            return None;
        };
        self.bounded(key, exact, bounds).map(Number)
    }

    fn bounded(&mut self, key: &str, value: Rational, bounds: Bounds) -> Option<Rational> {
        let zero = Rational::ZERO;
        let wrong = match bounds {
            Bounds::Positive if value <= zero => format!("`{key}` is {value}, but must be greater than 0"),
            Bounds::NotNegative if value < zero => format!("`{key}` is {value}, but must not be below 0"),
            Bounds::Within(low, high) if value < low.into() || value > high.into() => {
                format!("`{key}` is {value}, outside {low} to {high}")
            }
            Bounds::Clamped(low, high) if value < low.into() || value > high.into() => {
                let nearest = if value < low.into() { low } else { high };
                let message = format!("`{key}` is {value}, outside {low} to {high}; {nearest} is used");
                self.warn(ViolationCode::OutOfRange, key, message);
                return Some(nearest.into());
            }
            Bounds::ClampedNotNegative if value < zero => {
                let message = format!("`{key}` is {value}, below 0; 0 is used");
                self.warn(ViolationCode::OutOfRange, key, message);
                return Some(zero);
            }
            _ => return Some(value),
        };
        self.error(ViolationCode::OutOfRange, key, wrong);
        None
    }

    pub(super) fn length(&mut self, key: &'static str, sign: Sign) -> Option<Dimension> {
        let value = self.value(key)?;
        let Some(length) = scalar::length(value) else {
            self.wrong_dimension(key, "a number of pixels, \"12px\" or \"50%\"", value);
            return None;
        };
        let bounds = match sign {
            Sign::Any => Bounds::Any,
            Sign::NotNegative => Bounds::ClampedNotNegative,
        };
        match length {
            Dimension::Pixels(pixels) => self.bounded(key, pixels, bounds).map(Dimension::Pixels),
            Dimension::Percent(percent) => self.bounded(key, percent, bounds).map(Dimension::Percent),
        }
    }

    pub(super) fn angle(&mut self, key: &'static str) -> Option<Angle> {
        let value = self.value(key)?;
        let angle = scalar::angle(value);
        if angle.is_none() {
            self.wrong_dimension(key, "a number of degrees, \"90deg\", \"90°\" or \"1.57rad\"", value);
        }
        angle
    }

    pub(super) fn scale(&mut self, key: &'static str) -> Option<Scale> {
        let value = self.value(key)?;
        let scale = scalar::scale(value);
        if scale.is_none() {
            self.wrong_dimension(key, "a percentage such as \"100%\"", value);
        }
        scale
    }

    fn wrong_dimension(&mut self, key: &str, wanted: &str, value: &Value) {
        let message = format!("`{key}` must be {wanted}, not {}", scalar::describe(value));
        self.error(ViolationCode::InvalidDimension, key, message);
    }

    pub(super) fn color(&mut self, key: &'static str) -> Option<HexColor> {
        let text = self.string(key)?;
        let color = Color::from_hex(&text).map(HexColor);
        if color.is_none() {
            let shown = hints::shortened(&text);
            let message = format!("`{key}` is `{shown}`, not a colour such as #ff8800 or #ff8800cc");
            self.error(ViolationCode::InvalidColor, key, message);
        }
        color
    }

    pub(super) fn url(&mut self, key: &'static str) -> Option<String> {
        let text = self.string(key)?;
        match scalar::url(&text) {
            Ok(url) => Some(url),
            Err(problem) => {
                self.error(ViolationCode::InvalidUrl, key, format!("`{key}` {problem}"));
                None
            }
        }
    }

    /// A value of an enumeration with the names `names`.
    pub(super) fn name<T: Copy>(
        &mut self,
        key: &'static str,
        values: &[T],
        name_of: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.string(key)?;
        let found = values.iter().copied().find(|value| name_of(*value) == text);
        if found.is_none() {
            let names: Vec<&str> = values.iter().map(|value| name_of(*value)).collect();
            let message = hints::unknown_value(key, &text, &names);
            self.error(ViolationCode::UnknownValue, key, message);
        }
        found
    }

    /// The objects of the array `key`, those that cannot be read left out.
    pub(super) fn objects<T>(
        &mut self,
        key: &'static str,
        kind: &'static str,
        limit: usize,
        mut read: impl FnMut(&mut ObjectReader<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let value = self.value(key)?;
        let Some(items) = value.as_array() else {
            self.wrong_type(key, "an array", value);
            return None;
        };
        if items.len() > limit {
            let message = format!("`{key}` has {} items; at most {limit} are read", items.len());
            self.error(ViolationCode::TooManyItems, key, message);
            return None;
        }
        let mut path = self.path_of(key);
        let mut found = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            path.push(PathPart::Index(index));
            if let Some(mut object) = ObjectReader::new(item, path.clone(), kind, self.report) {
                found.extend(read(&mut object));
                object.finish();
            }
            path.pop();
        }
        Some(found)
    }

    /// The object at `key`.
    pub(super) fn object<T>(
        &mut self,
        key: &'static str,
        kind: &'static str,
        read: impl FnOnce(&mut ObjectReader<'_>) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(key)?;
        let path = self.path_of(key);
        let mut object = ObjectReader::new(value, path, kind, self.report)?;
        let found = read(&mut object);
        object.finish();
        found
    }

    /// The pairs of the object at `key`, in their order.
    pub(super) fn pairs(&mut self, key: &'static str) -> Option<&'r Map<String, Value>> {
        let value = self.value(key)?;
        let map = value.as_object();
        if map.is_none() {
            self.wrong_type(key, "an object", value);
        }
        map
    }
}
