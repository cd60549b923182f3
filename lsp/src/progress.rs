//! Work that is shown while it goes on, where the client can.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;
use tower_lsp::ls_types::ProgressToken;
use tower_lsp::{Client, NotCancellable, OngoingProgress, Unbounded};

use crate::world::{Shared, lock};

/// Longest wait for a client to make room for showing progress; one that takes longer is shown none.
const WAIT: Duration = Duration::from_secs(10);

/// Shows work of background threads.
#[derive(Clone)]
pub struct Progress {
    world: Shared,
    client: Client,
    runtime: Handle,
    /// Tokens are numbers, so that no two are the same.
    count: Arc<AtomicU32>,
}

/// Work that is shown until it is finished; nothing where the client shows none.
pub struct Shown<'p> {
    progress: &'p Progress,
    ongoing: Option<OngoingProgress<Unbounded, NotCancellable>>,
}

impl Progress {
    /// Shows work to a client.
    pub fn new(world: Shared, client: Client, runtime: Handle) -> Self {
        Self { world, client, runtime, count: Arc::default() }
    }

    /// Begins to show work.
    pub fn begin(&self, title: &str) -> Shown<'_> {
        // The world must be free while the client is waited for: its answer passes through there.
        let is_shown = lock(&self.world).client.shows_progress;
        let ongoing = if is_shown { self.room(title) } else { None };
        Shown { progress: self, ongoing }
    }

    fn room(&self, title: &str) -> Option<OngoingProgress<Unbounded, NotCancellable>> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let token = ProgressToken::String(format!("vid-{number}"));
        let (client, title) = (self.client.clone(), title.to_owned());
        let ongoing = self.runtime.block_on(async move {
            let made = client.create_work_done_progress(token.clone());
            tokio::time::timeout(WAIT, made).await.ok()?.ok()?;
            Some(client.progress(token, title).begin().await)
        });
        if ongoing.is_none() {
            lock(&self.world).client.shows_progress = false;
        }
        ongoing
    }
}

impl Shown<'_> {
    /// Says how far the work is, in words.
    pub fn report(&self, message: String) {
        if let Some(ongoing) = &self.ongoing {
            self.progress.runtime.block_on(ongoing.report(message));
        }
    }

    /// Ends showing it.
    pub fn finish(self) {
        if let Some(ongoing) = self.ongoing {
            self.progress.runtime.block_on(ongoing.finish());
        }
    }
}
