//! The GPU executor against the CPU's, frame by frame, on Mesa's software driver.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod effects;
#[path = "../film/mod.rs"]
mod film;
mod looks;
mod moving;
mod nodes;
mod parity;
mod render;
