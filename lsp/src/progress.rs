//! Work that is shown while it goes on, where the client can, and that the client can stop.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp::ls_types::{ProgressToken, WorkDoneProgressCancelParams};
use tower_lsp::{Cancellable, Client, OngoingProgress, Unbounded};

use crate::world::{Shared, lock};

/// Longest wait for a client to make room for showing progress; one that takes longer is shown none.
const WAIT: Duration = Duration::from_secs(10);

/// The work that is being shown, by the tokens that clients know it by.
#[derive(Clone, Default)]
pub struct Tokens {
    shown: Arc<Mutex<BTreeMap<String, Working>>>,
}

/// Work that is being shown.
struct Working {
    is_cancelled: Arc<AtomicBool>,
    teller: UnboundedSender<Say>,
}

/// What is said about work.
enum Say {
    /// How far it is.
    Report(String),
    /// That it is over, or that nobody wants it any more.
    End,
}

impl Tokens {
    /// The client does not want some work any more. It is shown as over at once; the work itself ends when it
    /// next looks.
    pub fn cancel(&self, params: &WorkDoneProgressCancelParams) {
        let ProgressToken::String(token) = &params.token else { return };
        if let Some(working) = self.lock().get(token) {
            working.is_cancelled.store(true, Ordering::SeqCst);
            let _ = working.teller.send(Say::End);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Working>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows work of background threads.
#[derive(Clone)]
pub struct Progress {
    world: Shared,
    client: Client,
    runtime: Handle,
    tokens: Tokens,
    /// Tokens are numbered, so that no two are the same.
    count: Arc<AtomicU32>,
}

/// Work that is shown until it is dropped; nothing where the client shows none.
pub struct Shown {
    tokens: Tokens,
    token: String,
    is_cancelled: Arc<AtomicBool>,
    teller: UnboundedSender<Say>,
}

impl Progress {
    /// Shows work to a client.
    pub fn new(world: Shared, client: Client, runtime: Handle) -> Self {
        let tokens = lock(&world).shown.clone();
        Self { world, client, runtime, tokens, count: Arc::default() }
    }

    /// Begins to show work.
    pub fn begin(&self, title: &str) -> Shown {
        let token = format!("vid-{}", self.count.fetch_add(1, Ordering::Relaxed));
        let (teller, told) = unbounded_channel();
        let is_cancelled = Arc::<AtomicBool>::default();
        let shown = Shown { tokens: self.tokens.clone(), token, is_cancelled, teller };
        // The world must be free while the client is waited for: its answer passes through there.
        if lock(&self.world).client.shows_progress {
            self.show(&shown, title, told);
        }
        shown
    }

    fn show(&self, shown: &Shown, title: &str, told: UnboundedReceiver<Say>) {
        let working = Working { is_cancelled: shown.is_cancelled.clone(), teller: shown.teller.clone() };
        self.tokens.lock().insert(shown.token.clone(), working);
        let token = ProgressToken::String(shown.token.clone());
        let (client, title) = (self.client.clone(), title.to_owned());
        let ongoing = self.runtime.block_on(async move {
            let made = client.create_work_done_progress(token.clone());
            tokio::time::timeout(WAIT, made).await.ok()?.ok()?;
            Some(client.progress(token, title).with_cancel_button().begin().await)
        });
        match ongoing {
            Some(ongoing) => {
                self.runtime.spawn(tell(ongoing, told));
            }
            None => lock(&self.world).client.shows_progress = false,
        }
    }
}

/// Passes on what is said about work, up to its end.
async fn tell(ongoing: OngoingProgress<Unbounded, Cancellable>, mut told: UnboundedReceiver<Say>) {
    while let Some(Say::Report(message)) = told.recv().await {
        ongoing.report_with_message(message, None).await;
    }
    ongoing.finish().await;
}

impl Shown {
    /// Says how far the work is, in words.
    pub fn report(&self, message: String) {
        // Where nobody is shown anything, nobody listens.
        let _ = self.teller.send(Say::Report(message));
    }

    /// Whether the client does not want the work any more.
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::SeqCst)
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.tokens.lock().remove(&self.token);
        let _ = self.teller.send(Say::End);
    }
}
