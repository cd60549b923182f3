//! As many renders at once as are wanted, and the sweeping up.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::name::{self, WorkerName};
use super::supervise::{LEASE, supervise};
use crate::app::App;
use crate::config::Config;
use crate::moment::Moment;
use crate::retention;
use crate::store::{Limits, StoreError};

/// How often is looked for work that another process has put into the queue.
const LOOK: Duration = Duration::from_millis(500);
/// How often is swept.
const SWEEP: Duration = Duration::from_secs(1);
/// How often is looked for what has been kept long enough.
const FORGET: Duration = Duration::from_secs(600);
/// How long renders that are under way may take when the crew is to end.
const DRAIN: Duration = Duration::from_secs(20);

/// The workers of one process.
pub struct Crew {
    app: Arc<App>,
    name: WorkerName,
}

impl Crew {
    /// Makes the workers of this process known.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn muster(app: Arc<App>) -> Result<Self, StoreError> {
        let name = WorkerName::of_this_process();
        app.store.enlist(name.as_str()).await?;
        Ok(Self { app, name })
    }

    /// Works until `stop` says so; then what is under way has a while to end, and is given back after it.
    pub async fn work(self, workers: usize, stop: watch::Receiver<bool>) {
        let crew = Arc::new(self);
        let mut slots = JoinSet::new();
        for _ in 0..workers {
            slots.spawn(crew.clone().slot(stop.clone()));
        }
        let sweeper = tokio::spawn(crew.clone().sweep());
        let mut stop = stop;
        // A sender that is gone stops us, too.
        let _ = stop.wait_for(|stop| *stop).await;
        let all = async { while slots.join_next().await.is_some() {} };
        let is_late = tokio::time::timeout(DRAIN, all).await.is_err();
        // Ends the children of those that are late.
        slots.shutdown().await;
        sweeper.abort();
        if is_late
            && let Err(error) =
                crew.app.store.release(crew.name.as_str(), Limits::default(), Moment::now()).await
        {
            tracing::warn!(%error, "leases were left to run out");
        }
        let _ = tokio::fs::remove_dir_all(crew.folder()).await;
    }

    fn folder(&self) -> std::path::PathBuf {
        self.app.config.scratch().join(self.name.as_str())
    }

    async fn slot(self: Arc<Self>, stop: watch::Receiver<bool>) {
        let folder = self.folder();
        while !*stop.borrow() {
            let now = Moment::now();
            match self.app.store.take(self.name.as_str(), now, now.after(LEASE)).await {
                Ok(Some(taken)) => supervise(&self.app, taken, &folder).await,
                Ok(None) => self.rest(stop.clone()).await,
                Err(error) => {
                    tracing::warn!(%error, "nothing could be taken from the queue");
                    self.rest(stop.clone()).await;
                }
            }
        }
    }

    /// Waits until there may be something to do.
    async fn rest(&self, mut stop: watch::Receiver<bool>) {
        tokio::select! {
            () = self.app.store.signals().queued().notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }

    async fn sweep(self: Arc<Self>) {
        let mut turn = tokio::time::interval(SWEEP);
        let mut forget = tokio::time::interval(FORGET);
        loop {
            let swept = tokio::select! {
                _ = turn.tick() => self.sweep_leases().await,
                _ = forget.tick() => self.forget().await,
            };
            if let Err(error) = swept {
                tracing::warn!(%error, "sweeping failed");
            }
        }
    }

    /// Forgets idempotency keys, renders and media whose time is over, and segments that were not used for long.
    async fn forget(&self) -> Result<(), StoreError> {
        self.app.store.forget_keys(Moment::now()).await?;
        let forgotten = retention::forget_old(&self.app, Moment::now()).await?;
        if forgotten > 0 {
            tracing::info!(forgotten, "renders were kept long enough");
        }
        let forgotten = retention::forget_media(&self.app, Moment::now()).await?;
        if forgotten > 0 {
            tracing::info!(forgotten, "media were kept long enough");
        }
        retention::remove_unneeded(&self.app, Moment::now()).await?;
        if let Err(error) = retention::remove_previews(&self.app, Moment::now()).await {
            tracing::warn!(%error, "pictures of previews were left behind");
        }
        let config = self.app.config.clone();
        let pruned = tokio::task::spawn_blocking(move || retention::prune_segments(&config));
        if let Ok(Err(error)) = pruned.await {
            tracing::warn!(%error, "the segments cannot be looked through");
        }
        Ok(())
    }

    /// Takes renders from workers that are gone, and clears away what they left.
    async fn sweep_leases(&self) -> Result<(), StoreError> {
        let store = &self.app.store;
        for holder in store.holders().await? {
            if name::is_gone(&holder) {
                let released = store.release(&holder, Limits::default(), Moment::now()).await?;
                tracing::info!(holder, released, "a worker is gone");
            }
        }
        self.app.room.mind_reserve();
        store.expire(Limits::default(), Moment::now()).await?;
        remove_left_behind(&self.app.config.scratch()).await;
        Ok(())
    }
}

/// Removes the folders of workers of this machine that are gone.
async fn remove_left_behind(scratch: &Path) {
    let Ok(mut folders) = tokio::fs::read_dir(scratch).await else { return };
    while let Ok(Some(folder)) = folders.next_entry().await {
        if folder.file_name().to_str().is_some_and(name::is_gone) {
            // What cannot be removed now is tried again soon.
            let _ = tokio::fs::remove_dir_all(folder.path()).await;
        }
    }
}

/// Runs the workers of a process that serves nobody, until it is told to end.
///
/// # Errors
/// When the store cannot be opened.
pub async fn run_worker(
    config: Config,
    launcher: super::Launcher,
    stop: watch::Receiver<bool>,
) -> Result<(), crate::app::StartError> {
    let workers = config.workers;
    let app = Arc::new(App::open(config, launcher).await?);
    let crew = Crew::muster(app.clone()).await?;
    crew.work(workers, stop).await;
    app.store.close().await;
    Ok(())
}
