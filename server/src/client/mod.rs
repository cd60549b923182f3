//! A client of the render API: of this server, and of every other one that keeps the contract.
//!
//! It blocks, for programs that have one thing to do. Whatever may pass is tried again a few times, with
//! longer and longer pauses; everything can be stopped at any moment. The key goes to the server alone,
//! never to an address that the server hands out.

mod error;
mod file;
mod job;
mod remote;
mod retry;
#[cfg(test)]
mod tests;

pub use error::{ClientError, Problem};
pub use job::{Job, JobOutput};
pub use remote::{Remote, Submission};
pub use retry::Stop;
