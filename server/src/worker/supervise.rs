//! One render, from its lease to its end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::watch;

use super::launch::Ended;
use super::order::{Made, Order, Work};
use super::sources::{self, Found, SourceError, content_type};
use crate::app::App;
use crate::artifact::ArtifactError;
use crate::error::ErrorCode;
use crate::moment::Moment;
use crate::store::{Failure, Lease, Limits, Output, Render, RenderStatus, Stage, StoreError, Taken};

/// How long a lease lasts.
pub const LEASE: Duration = Duration::from_secs(30);
/// How often it is renewed.
const RENEWAL: Duration = Duration::from_secs(10);
/// How often is looked whether the render was called off, where no signal comes.
const GLANCE: Duration = Duration::from_millis(500);
/// Least time between two writes of progress.
const PROGRESS: Duration = Duration::from_millis(500);

/// How far a render is when a stage begins, in percent of the whole; the shares are what stages take of a
/// film whose media are here.
const fn percent_of(stage: Stage, percent: u8) -> u8 {
    let (from, to) = match stage {
        Stage::Downloading => (0, 5),
        Stage::Compositing => (5, 95),
        Stage::Encoding => (95, 98),
        Stage::Uploading => (98, 99),
    };
    let percent = if percent > 100 { 100 } else { percent };
    from + ((to - from) as u16 * percent as u16 / 100) as u8
}

/// How an attempt ended.
#[derive(Debug)]
enum Outcome {
    /// The film is kept.
    Completed(Output),
    /// The media are here.
    Ingested,
    /// It has to wait for an upload.
    Later(Moment),
    /// It cannot be made.
    Failed(Failure),
    /// Something else stood in the way.
    Hindered(Failure),
    /// Its process died.
    Died(Failure),
}

/// Why an attempt ended without anything to write down.
#[derive(Debug)]
enum Halt {
    /// The lease is somebody else's, or nobody's.
    Lost,
    /// The store failed; the lease will run out.
    Store(StoreError),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale => Self::Lost,
            error => Self::Store(error),
        }
    }
}

/// Works on a render until it has ended, one way or another, or is lost. `folder` is this worker's own.
pub async fn supervise(app: &App, taken: Taken, folder: &Path) {
    let lease = taken.lease.clone();
    let scratch = folder.join(format!("{}.{}", lease.render, lease.attempt.0));
    let ended = tokio::select! {
        // A lost lease comes before a finished film.
        biased;
        halt = keep(app, &taken.render, &lease) => Err(halt),
        ended = attempt(app, &taken, &scratch) => ended,
    };
    // The child is gone with its future.
    if let Err(error) = tokio::fs::remove_dir_all(&scratch).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, render = %lease.render, "work in progress was left behind");
    }
    let written = match ended {
        Ok(outcome) => write_down(app, &lease, outcome).await,
        Err(halt) => Err(halt),
    };
    match written {
        Ok(()) => {}
        Err(Halt::Lost) => tracing::info!(render = %lease.render, "the render is no longer ours"),
        Err(Halt::Store(error)) => tracing::error!(%error, render = %lease.render, "the store failed"),
    }
}

async fn write_down(app: &App, lease: &Lease, outcome: Outcome) -> Result<(), Halt> {
    let (store, now) = (&app.store, Moment::now());
    let render = lease.render.as_str();
    match outcome {
        Outcome::Completed(output) => {
            fail::fail_point!("complete");
            store.complete(lease, output, now).await?;
            fail::fail_point!("completed");
            tracing::info!(render, "completed");
        }
        Outcome::Ingested => store.ingested(lease, now).await?,
        Outcome::Later(at) => store.postpone(lease, at, now).await?,
        Outcome::Failed(failure) => {
            tracing::info!(render, code = failure.code.name(), "failed");
            store.fail(lease, failure, now).await?;
        }
        Outcome::Hindered(failure) => {
            let again = store.retry(lease, Limits::default(), failure, now).await?;
            tracing::warn!(render, again, "hindered");
        }
        Outcome::Died(failure) => {
            let again = store.died(lease, Limits::default(), failure, now).await?;
            tracing::warn!(render, again, "its process died");
        }
    }
    Ok(())
}

/// Keeps the lease, and returns when it is lost: it ran out, or the render was called off.
async fn keep(app: &App, render: &Render, lease: &Lease) -> Halt {
    let mut changes = app.store.signals().changes();
    let mut renewal = tokio::time::interval(RENEWAL);
    let mut glance = tokio::time::interval(GLANCE);
    // The database's clock may jump; how long we have not been heard is measured here.
    let mut renewed = tokio::time::Instant::now();
    loop {
        tokio::select! {
            _ = renewal.tick() => {
                let now = Moment::now();
                match app.store.renew(lease, now, now.after(LEASE)).await {
                    Ok(()) => renewed = tokio::time::Instant::now(),
                    Err(StoreError::Stale) => return Halt::Lost,
                    Err(error) => tracing::warn!(%error, render = %lease.render, "the lease was not renewed"),
                }
            }
            _ = glance.tick() => {}
            changed = changes.recv() => {
                if changed.is_ok_and(|id| id != lease.render) {
                    continue;
                }
            }
        }
        if renewed.elapsed() >= LEASE {
            return Halt::Lost;
        }
        if let Ok(found) = app.store.render(&render.workspace, &lease.render).await {
            let is_ours = found.is_some_and(|now| now.attempt == lease.attempt.0 && !now.status.is_final());
            if !is_ours {
                return Halt::Lost;
            }
        }
    }
}

async fn attempt(app: &App, taken: &Taken, scratch: &Path) -> Result<Outcome, Halt> {
    match prepare(app, taken, scratch).await {
        Ok(outcome) => Ok(outcome),
        Err(Trouble::Halt(halt)) => Err(halt),
        Err(Trouble::Source(SourceError::Refused(failure))) => Ok(Outcome::Failed(failure)),
        Err(Trouble::Source(SourceError::Later(reason))) => Ok(hindered(reason)),
        Err(Trouble::Source(SourceError::Store(error))) => Err(error.into()),
    }
}

enum Trouble {
    Halt(Halt),
    Source(SourceError),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Halt(error.into())
    }
}

impl From<SourceError> for Trouble {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

fn hindered(reason: impl Into<String>) -> Outcome {
    Outcome::Hindered(Failure::new(ErrorCode::Internal, reason))
}

async fn prepare(app: &App, taken: &Taken, scratch: &Path) -> Result<Outcome, Trouble> {
    if let Err(error) = tokio::fs::create_dir_all(scratch).await {
        tracing::error!(%error, "there is no place to work");
        return Ok(hindered("there is no place to work"));
    }
    let render = &taken.render;
    let found = sources::find(app, &render.workspace, render.created_at, &taken.body, scratch).await?;
    let (mut files, elsewhere) = match found {
        Found::Later(at) => return Ok(Outcome::Later(at)),
        Found::Here { files, elsewhere } => (files, elsewhere),
    };
    if taken.render.status == RenderStatus::Ingesting {
        for (number, url) in elsewhere.iter().enumerate() {
            let file = sources::fetch(app, url, scratch, number).await?;
            sources::keep(app, &taken.render, url, &file).await?;
            // What is kept need not lie here twice.
            let _ = tokio::fs::remove_file(file).await;
        }
        return Ok(Outcome::Ingested);
    }
    fail::fail_point!("begin");
    app.store.begin(&taken.lease, Moment::now()).await?;
    for (number, url) in elsewhere.iter().enumerate() {
        let percent = u8::try_from(number * 100 / elsewhere.len()).unwrap_or(100);
        progress(app, &taken.lease, Stage::Downloading, percent).await?;
        files.insert(url.clone(), sources::fetch(app, url, scratch, number).await?);
    }
    Ok(make(app, taken, files, scratch).await?)
}

/// Has the film made and keeps it.
async fn make(
    app: &App,
    taken: &Taken,
    sources: BTreeMap<String, PathBuf>,
    scratch: &Path,
) -> Result<Outcome, StoreError> {
    let (film, thumbnail) = (scratch.join("film"), scratch.join("thumbnail.jpg"));
    let order = Order {
        body: taken.body.clone(),
        sources,
        segments: app.config.segments(),
        work: Work::Film { film: film.clone(), thumbnail: thumbnail.clone() },
        isolation: app.config.isolation,
        memory: app.config.render_memory,
    };
    let (tell, told) = watch::channel(None);
    let ended = tokio::select! {
        ended = app.launcher.run(&order, &tell) => ended,
        error = follow(app, &taken.lease, told) => return Err(error),
    };
    fail::fail_point!("made");
    match ended {
        Ok(Ended::Done(made)) => {
            progress(app, &taken.lease, Stage::Uploading, 0).await?;
            Ok(match publish(app, &film, &thumbnail, made).await {
                Ok(output) => Outcome::Completed(output),
                Err(ArtifactError::Full) => hindered("there is no room on the disk"),
                Err(error) => {
                    tracing::error!(%error, "the film could not be kept");
                    hindered("the film could not be kept")
                }
            })
        }
        Ok(Ended::Failed(failure)) => Ok(Outcome::Failed(failure)),
        Ok(Ended::Hindered(failure)) => Ok(Outcome::Hindered(failure)),
        Ok(Ended::Died(how)) => {
            tracing::warn!(render = %taken.lease.render, how, "a child died");
            let message = format!("the film ends the process that makes it: {how}");
            Ok(Outcome::Died(Failure::new(ErrorCode::Internal, message)))
        }
        Err(error) => {
            tracing::error!(%error, "no child can be started");
            Ok(hindered("the film could not be made here"))
        }
    }
}

/// Writes down how far the child is, now and then. Returns only when that fails for good.
async fn follow(app: &App, lease: &Lease, mut told: watch::Receiver<Option<(Stage, u8)>>) -> StoreError {
    loop {
        if told.changed().await.is_err() {
            // The child has ended; what follows is not ours.
            return std::future::pending().await;
        }
        let news = *told.borrow_and_update();
        if let Some((stage, percent)) = news
            && let Err(error) = progress(app, lease, stage, percent).await
        {
            return error;
        }
        tokio::time::sleep(PROGRESS).await;
    }
}

async fn progress(app: &App, lease: &Lease, stage: Stage, percent: u8) -> Result<(), StoreError> {
    let percent = percent_of(stage, percent);
    match app.store.progress(lease, percent, stage, Moment::now()).await {
        // That nobody sees how far it is does not stop it.
        Err(StoreError::Busy | StoreError::Full) => Ok(()),
        other => other,
    }
}

/// Puts the film and its picture where they are kept.
async fn publish(app: &App, film: &Path, thumbnail: &Path, made: Made) -> Result<Output, ArtifactError> {
    fail::fail_point!("publish");
    let key = app.artifacts.put("renders", &made.extension, film).await?;
    let thumbnail = app.artifacts.put("thumbnails", "jpg", thumbnail).await?;
    fail::fail_point!("published");
    let base = made.filename.unwrap_or_else(|| "render".to_owned());
    Ok(Output {
        size_bytes: app.artifacts.size(&key).await?,
        key,
        thumbnail_key: Some(thumbnail),
        filename: format!("{base}.{}", made.extension),
        content_type: content_type(&made.extension).to_owned(),
        width: made.width,
        height: made.height,
        duration_millis: made.duration_millis,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_render_never_goes_back() {
        let stages = [Stage::Downloading, Stage::Compositing, Stage::Encoding, Stage::Uploading];
        let all: Vec<u8> =
            stages.iter().flat_map(|stage| (0..=100).map(|percent| percent_of(*stage, percent))).collect();
        assert!(all.is_sorted());
        assert_eq!((all.first(), all.last(), percent_of(Stage::Compositing, 255)), (Some(&0), Some(&99), 95));
    }
}
