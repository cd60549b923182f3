//! Media in and out, checked against the `ffmpeg` and `ffprobe` tools: inputs are made by the one,
//! outputs measured by the other.

#![expect(clippy::unwrap_used, reason = "a failure in a test's own preparations is a failed test")]

mod audio;
mod damage;
mod encode;
mod frames;
mod join;
mod limits;
mod probe;
mod support;
