//! The canonical body as a JSON Schema, made from the wire types.
//!
//! It describes what `vid json` writes, which is a part of what a service reads: no `null`, no unknown
//! keys, one spelling for each length. `docs/renders.schema.json` is this schema.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::read::MAX_URL_CHARS;
use super::wire::{Angle, Dimension, HexColor, Metadata, Number, RenderBody, Scale};
use crate::catalog::OutputFormat;
use crate::easing::Easing;

/// The JSON Schema (draft 2020-12) of a canonical body.
pub fn json_schema() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(Closed);
    let mut schema = settings.into_generator().into_root_schema_for::<RenderBody>();
    schema.insert("title".to_owned(), "Body of POST /v1/renders, canonical form".into());
    let mut schema = schema.to_value();
    // The runtime writes a format more than a body can name.
    if let Some(Value::Array(formats)) = schema.pointer_mut("/$defs/OutputFormat/enum") {
        let is_named = |name: &str| OutputFormat::OF_BODIES.iter().any(|format| format.name() == name);
        formats.retain(|format| format.as_str().is_some_and(is_named));
    }
    // The kinds of element get their `type` where they are used, and are closed there.
    for kind in ["Video", "Audio", "Image", "Text"] {
        let definition = schema.pointer_mut(&format!("/$defs/{kind}")).and_then(Value::as_object_mut);
        if let Some(definition) = definition {
            definition.shift_remove("additionalProperties");
        }
    }
    schema
}

/// Takes `null` away, which a canonical body never holds, and closes every object to unknown keys.
#[derive(Clone)]
struct Closed;

impl Transform for Closed {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|kind| kind != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                schema.insert("type".to_owned(), only);
            }
        }
        if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
            choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
            if let [Value::Object(only)] = choices.as_slice() {
                let only = only.clone();
                schema.remove("anyOf");
                for (key, value) in only {
                    schema.insert(key, value);
                }
            }
        }
        if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
            let is_extended = schema.get("$ref").is_some();
            let closed = if is_extended { "unevaluatedProperties" } else { "additionalProperties" };
            schema.insert(closed.to_owned(), false.into());
        }
    }
}

/// An `http` or `https` address.
pub(super) fn url(_generator: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "minLength": 1, "maxLength": MAX_URL_CHARS, "pattern": "^https?://" })
}

/// The four easings of the API.
pub(super) fn easing(_generator: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Easing::API.map(Easing::name) })
}

/// Gives a wire type a schema that stands where it is used.
macro_rules! inline_schema {
    ($($name:ident => $schema:tt),+ $(,)?) => {$(
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+};
}

inline_schema! {
    Number => { "type": "number" },
    Dimension => { "type": ["number", "string"], "pattern": r"^-?[0-9]+(\.[0-9]+)?%$" },
    Angle => { "type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?(deg|rad)$" },
    Scale => { "type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?%$" },
    HexColor => { "type": "string", "pattern": "^#([0-9a-f]{6}|[0-9a-f]{8})$" },
    Metadata => { "type": "object", "additionalProperties": { "type": "string" } },
}
