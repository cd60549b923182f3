//! The body of `POST /v1/renders`: its types, and a conversion each way.
//!
//! [`media_urls`] says what to probe, [`from_json`] makes a timeline and says what is wrong with the
//! body, [`to_json`] writes the canonical body and says what it cannot say. No function panics on any
//! input. The decisions taken where the contract is silent are listed in `docs/api.md`; each has one
//! place in the code.
//!
//! ```
//! use vid_timeline::api::{NoMedia, ToJsonOptions, from_json, to_json};
//!
//! let read = from_json(r#"{ "width": 640 }"#, &NoMedia);
//! assert_eq!(read.violations[0].to_string(), "error[SIZE_INCOMPLETE] /height: `width` is given without `height`");
//!
//! let timeline = from_json("{}", &NoMedia).timeline.expect("nothing is required of a body");
//! let written = to_json(&timeline, &ToJsonOptions::default());
//! assert!(written.body.to_text().contains(r#""duration": 10"#));
//! ```

mod bake;
mod from;
mod read;
mod schema;
mod to;
mod verdict_table;
mod violation;
pub mod wire;

pub use bake::{Bake, BakeKind, bakes};
pub use from::{DEFAULT_DURATION_SECONDS, FromJson, MediaLookup, NoMedia, from_body, from_json, media_urls};
pub use read::{MAX_MAGNITUDE, MAX_URL_CHARS, read_body};
pub use schema::json_schema;
pub use to::{ToJson, ToJsonOptions, Verdict, VerdictCode, VerdictLevel, to_json};
pub use verdict_table::{Faithfulness, VERDICT_TABLE, VerdictRow, verdict_table};
pub use violation::{MAX_VIOLATIONS, PathPart, Severity, Violation, ViolationCode};
pub use wire::RenderBody;

/// Longest body that is read, in bytes.
pub const MAX_BODY_BYTES: usize = 1 << 20;
