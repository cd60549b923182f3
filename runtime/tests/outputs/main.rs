//! What films are written as: every format decoded again by another program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod alpha;
#[path = "../film/mod.rs"]
mod film;
mod formats;
mod gif;
mod sources;
mod stage;
