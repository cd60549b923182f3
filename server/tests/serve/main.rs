//! The server as a process: what callers see, and what is left when it is killed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod account;
mod bucket;
mod contract;
mod disk;
mod gen_api;
mod kill;
mod media;
mod support;
