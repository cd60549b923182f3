//! Property values as the types of the timeline.

use std::sync::Arc;

use vid_timeline::{Angle, Animated, Color, Easing, Keyframe, Length, Level, Rational, Time};

use crate::eval::{LengthValue, Text, Value, degrees, easing_of};
use crate::schedule::Properties;

/// Reads properties; a value of another type than asked for reads as absent.
pub(super) struct Reader<'a> {
    properties: &'a Properties,
    /// Zero of the clock that local times are counted on.
    origin: Time,
}

impl<'a> Reader<'a> {
    pub(super) fn new(properties: &'a Properties, origin: Time) -> Self {
        Self { properties, origin }
    }

    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        self.properties.get(name)
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn word(&self, name: &str) -> Option<Arc<str>> {
        match self.value(name)? {
            Value::Word(word) => Some(word.clone()),
            _ => None,
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.value(name)? {
            Value::Text(text) => Some(text.to_string()),
            _ => None,
        }
    }

    /// A path, with the file it is written in.
    pub(super) fn media(&self, name: &str) -> Option<Text> {
        match self.value(name)? {
            Value::Media(path, _) | Value::Text(path) => Some(path.clone()),
            _ => None,
        }
    }

    pub(super) fn easing(&self, name: &str) -> Option<Easing> {
        easing_of(self.value(name)?)
    }

    pub(super) fn color(&self, name: &str) -> Option<Color> {
        match self.value(name)? {
            Value::Color(color) => Some(*color),
            _ => None,
        }
    }

    pub(super) fn number(&self, name: &str) -> Option<Rational> {
        match self.value(name)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        i64::try_from(self.number(name)?.numerator()).ok()
    }

    /// A length of time; an instant counts from the origin.
    pub(super) fn time(&self, name: &str) -> Option<Time> {
        match self.value(name)? {
            Value::Time(time) => Some(time.local(self.origin)),
            _ => None,
        }
    }

    /// An instant of the film; a length counts from the origin.
    pub(super) fn instant(&self, name: &str) -> Option<Time> {
        match self.value(name)? {
            Value::Time(time) => Some(time.absolute(self.origin)),
            _ => None,
        }
    }

    pub(super) fn percent(&self, name: &str) -> Option<Rational> {
        percent(self.value(name)?)
    }

    pub(super) fn length(&self, name: &str) -> Option<Length> {
        length(self.value(name)?)
    }

    /// A length in pixels.
    pub(super) fn pixels(&self, name: &str) -> Option<Rational> {
        match self.length(name)? {
            Length::Pixels(pixels) => Some(pixels),
            Length::Percent(_) => None,
        }
    }

    pub(super) fn angle(&self, name: &str) -> Option<Angle> {
        angle(self.value(name)?)
    }

    /// An angle in degrees.
    pub(super) fn degrees(&self, name: &str) -> Option<Rational> {
        self.angle(name).map(degrees)
    }

    pub(super) fn animated_percent(&self, name: &str) -> Option<Animated<Rational>> {
        self.animated(name, percent)
    }

    pub(super) fn animated_length(&self, name: &str) -> Option<Animated<Length>> {
        self.animated(name, length)
    }

    pub(super) fn animated_angle(&self, name: &str) -> Option<Animated<Angle>> {
        self.animated(name, angle)
    }

    pub(super) fn animated_level(&self, name: &str) -> Option<Animated<Level>> {
        self.animated(name, |value| match value {
            Value::Percent(percent) => Some(Level::Percent(*percent)),
            Value::Decibels(level) => Some(Level::Decibels(*level)),
            _ => None,
        })
    }

    /// Loudness in LUFS.
    pub(super) fn loudness(&self, name: &str) -> Option<Rational> {
        match self.value(name)? {
            Value::Loudness(lufs) => Some(*lufs),
            _ => None,
        }
    }

    fn animated<T>(&self, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<Animated<T>> {
        match self.value(name)? {
            Value::Keyframes(keyframes) => {
                let keyframes: Option<Vec<_>> = keyframes
                    .iter()
                    .map(|keyframe| {
                        Some(Keyframe {
                            time: keyframe.time.local(self.origin),
                            value: read(&keyframe.value)?,
                            easing: keyframe.easing.unwrap_or(Easing::Linear),
                        })
                    })
                    .collect();
                keyframes.map(Animated::Keyframes)
            }
            value => read(value).map(Animated::Constant),
        }
    }

    /// Named texts of a record, in order.
    pub(super) fn pairs(&self, name: &str) -> Vec<(String, String)> {
        match self.value(name) {
            Some(Value::Record(fields)) => {
                fields.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn percent(value: &Value) -> Option<Rational> {
    match value {
        Value::Percent(percent) => Some(*percent),
        _ => None,
    }
}

fn length(value: &Value) -> Option<Length> {
    match value {
        Value::Length(LengthValue { amount, .. }) => Some(Length::Pixels(*amount)),
        Value::Percent(percent) => Some(Length::Percent(*percent)),
        _ => None,
    }
}

/// An angle in the unit it was written in; turns are degrees by now.
fn angle(value: &Value) -> Option<Angle> {
    match value {
        Value::Angle(angle) => Some(*angle),
        _ => None,
    }
}
