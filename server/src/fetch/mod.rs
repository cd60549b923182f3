//! Media that are not here yet: copied from elsewhere before anything looks at them.
//!
//! FFmpeg never gets an address. Whatever a body names that is not kept here is fetched by one client,
//! whose rules are the same for every caller, and read as a local file.

mod address;
mod client;
mod rules;
#[cfg(test)]
mod spellings;
#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;

use crate::store::Failure;

pub use address::{Network, NoNetwork};
pub(crate) use client::tls;
pub use client::{Client, NoClient, Patience, Reply, shown};
pub use rules::{Refusal, Rules};

/// Copies what is at an address.
#[async_trait]
pub trait Fetch: Send + Sync {
    /// Writes what is at `url` into the new file `into`. Dropping the future stops it and may leave
    /// part of the file behind.
    async fn fetch(&self, url: &str, into: &Path) -> Result<Fetched, FetchError>;
}

/// What was fetched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fetched {
    /// Its size.
    pub bytes: u64,
    /// The MIME type that was declared; a hint and no more.
    pub content_type: Option<String>,
}

/// Why something could not be fetched.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FetchError {
    /// It never can be: the address is refused, there is nothing, or it is too large.
    #[error("{}", .0.message)]
    Refused(Failure),
    /// It may be possible later.
    #[error("{0}")]
    Later(String),
}
