//! Types and the schema: what kinds of values and elements exist.
//!
//! Everything here is read from the prelude. The compiler knows the names of types, nothing else.

mod hints;
mod schema;
mod ty;

pub(crate) use hints::{
    UNIT_APART, function_meant, literal_meant, place_meant, property_meant, statement_meant, word_meant,
};
pub(crate) use schema::{
    Defaults, FieldSchema, FunctionSchema, KindSchema, Schema, UnitMeaning, prelude_schema,
};
pub use ty::MediaKinds;
pub(crate) use ty::{Atom, Type};
