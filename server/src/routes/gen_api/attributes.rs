//! Attributes of rows, cells and layers: what callers may keep in them, and how changes are taken in.

use serde_json::{Map, Value};

use super::error::GenError;

/// Longest attributes of a layer, in bytes, as the contract has it.
const MAX_BYTES: usize = 2_097_152;
/// Deepest nesting of them, as the contract has it.
const MAX_DEPTH: usize = 16;
/// Longest key in them, in letters, as the contract has it.
const MAX_KEY: usize = 64;

/// The attributes that a request names; none where it names none.
///
/// # Errors
/// When they are no object.
pub fn taken(fields: &mut Map<String, Value>) -> Result<Map<String, Value>, GenError> {
    match fields.remove("additional_attributes") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(attributes)) => Ok(attributes),
        Some(_) => Err(GenError::invalid("`additional_attributes` is no object")),
    }
}

/// Takes changes into attributes: objects are merged, everything else is replaced.
///
/// # Errors
/// When the attributes would break the bounds of the contract.
pub fn merge(into: &mut Map<String, Value>, changes: Map<String, Value>) -> Result<(), GenError> {
    if changes.is_empty() {
        return Ok(());
    }
    check(&Value::Object(changes.clone()), 0)?;
    merge_objects(into, changes);
    let length = serde_json::to_vec(&into).map_or(usize::MAX, |bytes| bytes.len());
    match length <= MAX_BYTES {
        true => Ok(()),
        false => Err(GenError::invalid(format!("the attributes are longer than {MAX_BYTES} bytes"))),
    }
}

fn merge_objects(into: &mut Map<String, Value>, changes: Map<String, Value>) {
    for (key, change) in changes {
        match (into.get_mut(&key), change) {
            (Some(Value::Object(before)), Value::Object(change)) => merge_objects(before, change),
            (_, change) => {
                into.insert(key, change);
            }
        }
    }
}

fn check(value: &Value, depth: usize) -> Result<(), GenError> {
    if depth > MAX_DEPTH {
        return Err(GenError::invalid(format!("the attributes are nested deeper than {MAX_DEPTH}")));
    }
    match value {
        Value::Object(fields) => fields.iter().try_for_each(|(key, value)| {
            let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
            if !(1..=MAX_KEY).contains(&key.len()) || !key.bytes().all(is_letter) {
                return Err(GenError::invalid(format!("attributes have no key such as {key:?}")));
            }
            check(value, depth + 1)
        }),
        Value::Array(items) => items.iter().try_for_each(|item| check(item, depth + 1)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn attributes_are_merged_deep_and_bounded() {
        let mut attributes = object(json!({ "styles": { "volume": 1, "opacity": 1 }, "captions": [1, 2] }));
        merge(&mut attributes, object(json!({ "styles": { "volume": 0.5 }, "captions": [3] }))).unwrap();
        let wanted = json!({ "styles": { "volume": 0.5, "opacity": 1 }, "captions": [3] });
        assert_eq!(Value::Object(attributes.clone()), wanted);
        assert!(merge(&mut attributes, object(json!({ "a b": 1 }))).is_err());
        let deep = (0..20).fold(json!(1), |inner, _| json!({ "a": inner }));
        assert!(merge(&mut attributes, object(deep)).is_err());
        let long = object(json!({ "a": "x".repeat(MAX_BYTES) }));
        assert!(merge(&mut attributes, long).is_err());
    }
}
