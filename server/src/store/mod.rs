//! Everything that must survive a restart, behind traits, one for each topic.
//!
//! Two databases implement them: SQLite, embedded, and PostgreSQL, for several servers that share one.
//! The statements are the same for both and are written once, in `sql/`; a backend adds how a
//! transaction is made and how its queue table is filled. One suite of tests says what both must do.
//!
//! # Rules
//!
//! - A method that writes is one transaction, and has returned only once that is on disk.
//! - Every change of a render's state adds an event in the same transaction. Events are never changed;
//!   they are the only source of what is told to the outside.
//! - Who works on a render holds a [`Lease`]. Every write under it names the attempt and is refused with
//!   [`StoreError::Stale`] when that attempt is over.
//! - The queue holds hints, the renders table the truth: taking a job removes its place in the queue
//!   and records the lease in one transaction, so nothing is ever half taken.

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod model;
mod page;
mod postgres;
mod resources;
mod rows;
mod sheets;
mod sqlite;
mod topics;

use std::sync::Arc;

use tokio::sync::{Notify, broadcast};

use crate::config::Database;
use crate::id::RenderId;

pub use page::{Page, PageRequest};
pub use resources::{Listed, NewResource, Promise, Resource, ResourceFilter, Resources};
pub use rows::{
    Asset, AssetKind, AssetStatus, Attempt, DeliveryRow, DeliveryStatus, DueDelivery, EventKind, EventRow,
    Failure, Import, ImportStatus, KeyHash, KeyRow, Lease, NewAttempt, NewKey, NewRender, Output, Render,
    RenderStatus, Stage, UsageRow, Webhook, Workspace,
};
pub use sheets::{Continued, Generated, Generation, GenerationFilter, NewGeneration, Sheet, Sheets};
pub use topics::{
    Answer, Cancelled, Forgotten, Keys, Leases, Limits, MediaShelf, Outbox, Renders, Share, Store, Submitted,
    Taken, Usage, Webhooks,
};

/// Most renders whose lease ran out that are looked at in one go.
pub const SWEEP: u32 = 100;
/// Most writes that share one flush to disk.
const GROUP: usize = 64;
/// Changes that a slow listener may be behind before it has to look for itself.
const CHANGES: usize = 1024;

/// Why the store could not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Others are writing; it can be tried again.
    #[error("the store is busy")]
    Busy,
    /// The attempt that wrote is over: its lease ran out, or the render has ended.
    #[error("the attempt is over")]
    Stale,
    /// There is no room for what is to be written.
    #[error("the disk of the database is full")]
    Full,
    /// The database failed.
    #[error("{0}")]
    Database(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy,
            // 5 and 6 are SQLite's busy and locked, with more in the higher bits; 40001 and 55P03 are
            // PostgreSQL's serialisation failure and lock timeout.
            sqlx::Error::Database(inner) if inner.code().is_some_and(|code| is_busy(&code)) => Self::Busy,
            // SQLite's full, and PostgreSQL's disk_full.
            sqlx::Error::Database(inner)
                if inner.code().is_some_and(|code| code == "13" || code == "53100") =>
            {
                Self::Full
            }
            _ => Self::Database(error.to_string()),
        }
    }
}

fn is_busy(code: &str) -> bool {
    matches!(code, "40001" | "40P01" | "55P03")
        || code.len() < 5 && code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6))
}

/// Tells the rest of this process what was written. Other processes have to look.
#[derive(Clone, Debug)]
pub struct Signals {
    changes: broadcast::Sender<RenderId>,
    queued: Arc<Notify>,
    events: Arc<Notify>,
}

impl Signals {
    fn new() -> Self {
        Self { changes: broadcast::Sender::new(CHANGES), queued: Arc::default(), events: Arc::default() }
    }

    /// Renders that changed, from now on.
    pub fn changes(&self) -> broadcast::Receiver<RenderId> {
        self.changes.subscribe()
    }

    /// Wakes one waiter for each render that came into the queue.
    pub fn queued(&self) -> &Notify {
        &self.queued
    }

    /// Wakes a waiter when there are events to tell.
    pub fn events(&self) -> &Notify {
        &self.events
    }

    fn changed(&self, render: &RenderId) {
        // Nobody listening is as good as everybody told.
        let _ = self.changes.send(render.clone());
        self.events.notify_one();
    }
}

/// Opens the store, bringing its tables up to date.
///
/// # Errors
/// When the database cannot be reached or holds tables of a newer server.
pub async fn open(database: &Database) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match database {
        Database::Sqlite(path) => Arc::new(sqlite::Backend::open(path).await?),
        Database::Postgres(url) => Arc::new(postgres::Backend::open(url).await?),
    })
}
