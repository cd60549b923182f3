//! What a film sounds like: where sound lies, at which speed, how loud, and that no cut is heard.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cuts;
mod drift;
#[path = "../film/mod.rs"]
mod film;
mod loud;
mod meter;
mod speed;
mod stage;
mod tapes;
