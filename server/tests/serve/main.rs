//! The server as a process: what callers see, and what is left when it is killed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod account;
mod bucket;
mod contract;
mod disk;
mod document;
mod gen_api;
mod gen_files;
mod gen_sheets;
mod kill;
mod kill_any;
mod media;
mod sigv4;
mod support;
