//! The bundled library: what is documented, what its films look like, and the page about it.
//!
//! The films are the cases of `tests/suite/std`, one for each declaration; the language suite compares
//! their timelines, this one the picture in the middle of each with the one kept in `pictures`.

mod declarations;
#[expect(dead_code, reason = "the language suite uses all of it, these tests only cases and their timelines")]
#[path = "../../compiler/tests/literate/harness.rs"]
mod harness;
mod page;
mod picture;
mod pictures;
mod studio;
#[path = "../../compiler/tests/support/mod.rs"]
mod support;
