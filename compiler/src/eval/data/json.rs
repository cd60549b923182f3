//! JSON: objects are records, arrays are lists, `null` is `none`.

use std::sync::Arc;

use vid_timeline::Rational;

use crate::eval::data::Malformed;
use crate::eval::text::Text;
use crate::eval::value::Value;

/// The value of a JSON text.
///
/// # Errors
/// With the line of the first thing that is not JSON, or of nothing better than the first line for a
/// number beyond what is exact.
pub(super) fn parse_json(text: &str, location: &Arc<str>) -> Result<Value, Malformed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(Malformed::at(1, "is empty"));
    }
    // The reader bounds nesting to 128 levels by itself.
    let json: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        // The place is said by us, in our words.
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        Malformed::at(error.line().max(1), format!("is not JSON at column {}: {message}", error.column()))
    })?;
    value(json, location).map_err(|number| {
        let plain = number.replace("e+", "e");
        let holds = |line: &str| line.contains(&number) || line.contains(&plain);
        let line = text.lines().position(holds).unwrap_or_default() + 1;
        Malformed::at(line, format!("has {number}, which is too large or too fine to be exact"))
    })
}

/// The value; `Err` with a number that has no exact one.
fn value(json: serde_json::Value, location: &Arc<str>) -> Result<Value, String> {
    use serde_json::Value as Json;
    Ok(match json {
        Json::Null => Value::None,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => {
            let exact = match number.as_i64() {
                Some(whole) => Some(Rational::integer(whole)),
                None => number.as_f64().and_then(Rational::from_f64_decimal),
            };
            Value::Number(exact.filter(|exact| fits(*exact)).ok_or_else(|| number.to_string())?)
        }
        Json::String(text) => Value::Text(Text::in_data(text, location)),
        Json::Array(values) => {
            let values: Result<Vec<_>, _> =
                values.into_iter().map(|member| value(member, location)).collect();
            Value::List(Arc::new(values?))
        }
        Json::Object(fields) => {
            let fields: Result<Vec<_>, String> = fields
                .into_iter()
                .map(|(name, field)| Ok((Arc::from(name), value(field, location)?)))
                .collect();
            Value::Record(Arc::new(fields?))
        }
    })
}

/// Whether a number is within what the language computes with.
fn fits(number: Rational) -> bool {
    number.abs() <= Rational::integer(1_000_000_000_000) && number.denominator() <= 1_000_000_000_000_000
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let location: Arc<str> = Arc::from("data.json");
        let shown = match parse_json(text, &location) {
            Ok(value) => format!("{}\n", shown(&value)),
            Err(malformed) => format!("{malformed:?}\n"),
        };
        expected.assert_eq(&shown);
    }

    fn shown(value: &Value) -> String {
        match value {
            Value::List(values) => format!("[{}]", values.iter().map(shown).collect::<Vec<_>>().join(", ")),
            Value::Record(fields) => {
                let fields = fields.iter().map(|(name, value)| format!("{name}: {}", shown(value)));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
            }
            other => other.to_string(),
        }
    }

    #[test]
    fn everything_has_a_value() {
        check(
            r#"{ "z": [1, -2.5, 0.1, 1e3, true, null], "a": { "name": "Ada" } }"#,
            expect![[r#"
                {z: [1, -2.5, 0.1, 1000, true, none], a: {name: Ada}}
            "#]],
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        check(
            "{\n  \"a\": 1,\n}",
            expect![[r#"
            Malformed { line: 3, message: "is not JSON at column 1: trailing comma" }
        "#]],
        );
        check(
            "",
            expect![[r#"
            Malformed { line: 1, message: "is empty" }
        "#]],
        );
        check(
            "[1,\n 1e300]",
            expect![[r#"
            Malformed { line: 2, message: "has 1e+300, which is too large or too fine to be exact" }
        "#]],
        );
        check(
            "[1e-30]",
            expect![[r#"
            Malformed { line: 1, message: "has 1e-30, which is too large or too fine to be exact" }
        "#]],
        );
        check(
            &"[".repeat(1000),
            expect![[r#"
            Malformed { line: 1, message: "is not JSON at column 128: recursion limit exceeded" }
        "#]],
        );
    }
}
