//! Damaged media by recipe: small sound files, seven ways to break them, and what reading the result
//! comes to.
//!
//! Nothing is stored: the seeds are made by the `ffmpeg` tool, and a broken file is a pure function of
//! its seed, the number of the run and its own number.

mod judge;
mod mutation;
mod seeds;

pub use judge::{Verdict, judge};
pub use mutation::{Mutation, Random, mutated};
pub use seeds::{SEEDS, Seed, make};
