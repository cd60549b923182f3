//! The server over its wire: a client in the same process, byte streams between them.

#![expect(clippy::unwrap_used, reason = "a client that is not understood has failed its test")]

mod client;
mod features;
mod handshakes;
mod model;
mod ordering;
mod pictures;
mod progress;
mod questions;
mod random;
mod robustness;
