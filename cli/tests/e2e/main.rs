//! The program from outside: what it prints, how it ends, what it leaves behind. Films are read back
//! with FFmpeg's own tools.

#![expect(clippy::unwrap_used, reason = "these are tests; what cannot be unwrapped has failed")]

mod bad_input;
mod bake;
mod bodies;
mod cache;
mod commands;
mod disk;
mod editor;
mod examples;
mod films;
mod imports;
mod interrupt;
mod isolate;
mod media;
mod stage;
mod submit;
mod tools;
