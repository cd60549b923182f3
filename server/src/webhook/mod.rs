//! Telling the outside what happened.
//!
//! Events are written with the change they tell of; [`dispatch`] finds those that nobody has been told of,
//! plans one delivery for each receiver in the same transaction that marks the event, and makes the
//! attempts whose time has come. A dispatcher that dies leaves its attempts to the next one, so a receiver
//! may hear something twice, under the same event id, and never not at all before it is given up. One that is slow
//! delays itself alone: each host has a few places, and no more.

mod backoff;
mod dispatch;
mod envelope;
mod places;
mod signature;
#[cfg(test)]
mod tests;

pub use backoff::{Backoff, verdict};
pub use dispatch::{dispatch, secret_of};
pub use signature::{SIGNATURE, new_secret, signature};
