//! Media on their way in: bytes that were sent or fetched become assets.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use vid_runtime::isolate::{Confinement, Intake, MissingLayers, WorkerCommand};
use vid_runtime::media::MediaError;
use vid_timeline::MediaFacts;

use crate::app::App;
use crate::artifact::ArtifactError;
use crate::config::{Config, Isolation};
use crate::error::ErrorCode;
use crate::fetch::{FetchError, shown};
use crate::id::{self, AssetId, EventId, WorkspaceId};
use crate::mime::{self, MediaType};
use crate::moment::Moment;
use crate::store::{
    Asset, AssetKind, AssetStatus, EventKind, EventRow, Failure, Import, ImportStatus, StoreError,
};
use crate::worker::child::MEDIA_WORKER;

/// How long a copy is one process's own, unless it says that it still works on it.
const LEASE: Duration = Duration::from_secs(60);
/// How often it says so.
const RENEWAL: Duration = Duration::from_secs(20);
/// Uploads in a bucket that are looked at in one go.
const SENT: usize = 100;
/// How long nobody has written a file that nobody writes any more.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 3600);
/// Copies that one process makes at once.
const AT_ONCE: usize = 4;
/// How often a copy is tried.
const TRIES: u32 = 3;
/// How long is waited before a copy is tried again, for each time it was tried.
const AGAIN: Duration = Duration::from_secs(5);
/// How often is looked for copies that another process was asked for.
const LOOK: Duration = Duration::from_secs(1);

/// Why bytes did not become an asset.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The object store failed.
    #[error("{0}")]
    Storage(#[from] ArtifactError),
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// The folder for bytes that are on their way in.
pub fn folder(config: &Config) -> PathBuf {
    config.data_dir.join("incoming")
}

/// What is found out about a medium.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Measures {
    /// Its length in milliseconds; `None` for stills and letters.
    pub duration_millis: Option<i64>,
    /// Pixels across and down, as it is shown; `None` for sound and letters.
    pub size: Option<(u32, u32)>,
}

/// Puts a file under an asset, measures it, and says so to whoever is told. An asset whose file is no medium
/// of its kind fails; that is no error here. An asset that somebody else has put a file under stays theirs.
///
/// # Errors
/// When the file cannot be kept or the store fails.
pub async fn settle(app: &App, mut asset: Asset, file: &Path) -> Result<Asset, IntakeError> {
    let extension = mime::extension_of(&asset.source_url);
    match measure(app, asset.kind, file).await {
        Ok(measures) => {
            let key = app.artifacts.put("assets", &extension, file).await?;
            asset.size_bytes = Some(app.artifacts.size(&key).await?);
            asset.key = Some(key);
            asset.status = AssetStatus::Ready;
            asset.size = measures.size;
            asset.duration_millis = measures.duration_millis;
        }
        Err(failure) => {
            asset.status = AssetStatus::Failed;
            asset.error = Some(failure);
        }
    }
    end(app, asset).await
}

/// Writes down what became of an asset that was waited for.
async fn end(app: &App, asset: Asset) -> Result<Asset, IntakeError> {
    if app.store.change_asset(&asset).await? {
        tell(app, &asset).await?;
        return Ok(asset);
    }
    Ok(app.store.asset(&asset.workspace, &asset.id).await?.unwrap_or(asset))
}

fn millis(time: vid_timeline::Time) -> i64 {
    let millis = time.seconds() * vid_timeline::Rational::from(1000_i64);
    i64::try_from(millis.floor()).unwrap_or(i64::MAX)
}

/// Measures a film, a sound or a picture, in the confined process; letters are measured when they are drawn.
///
/// # Errors
/// When it is none of its kind, or cannot be looked at.
pub async fn measure(app: &App, kind: AssetKind, file: &Path) -> Result<Measures, Failure> {
    if kind == AssetKind::Font {
        return Ok(Measures::default());
    }
    let (isolation, path) = (app.config.isolation, file.to_owned());
    let own = |reason: String| {
        tracing::error!(reason, "a file cannot be measured");
        Failure::new(ErrorCode::Internal, "the file could not be looked at here")
    };
    let probed = tokio::task::spawn_blocking(move || -> std::io::Result<Result<MediaFacts, MediaError>> {
        let missing = match isolation {
            Isolation::Off => return Ok(Intake::Here.probe(&path)),
            Isolation::Strict => MissingLayers::Refuse,
            Isolation::Available => MissingLayers::Accept,
        };
        let worker = WorkerCommand::this_program(&[MEDIA_WORKER])?;
        Ok(Intake::Confined(Arc::new(Confinement::new(worker, missing))).probe(&path))
    });
    let probed = probed.await.map_err(|error| own(error.to_string()))?;
    let facts = probed.map_err(|error| own(error.to_string()))?;
    // Its own words name a path of this machine.
    let facts = facts.map_err(|error| {
        tracing::info!(%error, "a file is no medium");
        Failure::new(ErrorCode::InvalidSource, "the file is no medium that can be read here")
    })?;
    let fits = match kind {
        AssetKind::Audio => facts.audio.is_some(),
        AssetKind::Video | AssetKind::Image => facts.video.is_some(),
        AssetKind::Font => true,
    };
    if !fits {
        return Err(Failure::new(ErrorCode::InvalidSource, format!("the file is no {kind}")));
    }
    Ok(Measures {
        duration_millis: facts.duration.filter(|_| kind != AssetKind::Image).map(millis),
        size: facts.video.is_some().then(|| facts.display_size()),
    })
}

async fn tell(app: &App, asset: &Asset) -> Result<(), StoreError> {
    let kind = match asset.status {
        AssetStatus::Ready => EventKind::AssetReady,
        AssetStatus::Failed => EventKind::AssetFailed,
        AssetStatus::Waiting => return Ok(()),
    };
    let error = asset.error.as_ref();
    let data = serde_json::json!({
        "asset_id": asset.id.as_str(),
        "source_url": asset.source_url,
        "error": error.map(|error| serde_json::json!({ "code": error.code.name(), "message": error.message })),
    });
    let event = EventRow {
        seq: 0,
        id: EventId::generate(),
        workspace: asset.workspace.clone(),
        render: None,
        kind,
        data: data.to_string(),
        created_at: Moment::now(),
    };
    app.store.record(event).await
}

/// Makes the copies that callers ask for, a few at once, until `stop` says so.
pub async fn copy_imports(app: Arc<App>, stop: watch::Receiver<bool>) {
    remove_left_behind(&folder(&app.config)).await;
    remove_left_behind(&app.config.previews()).await;
    let mut copiers = JoinSet::new();
    for _ in 0..AT_ONCE {
        copiers.spawn(copy_one_by_one(app.clone(), stop.clone()));
    }
    while copiers.join_next().await.is_some() {}
}

/// Removes what was on its way in when a process died, long ago enough that nobody writes it any more.
async fn remove_left_behind(folder: &Path) {
    let Ok(mut files) = tokio::fs::read_dir(folder).await else { return };
    while let Ok(Some(file)) = files.next_entry().await {
        let written = file.metadata().await.and_then(|facts| facts.modified());
        if written.is_ok_and(|written| written.elapsed().is_ok_and(|age| age > LEFT_BEHIND)) {
            // What cannot be removed now is tried again at the next start.
            let _ = tokio::fs::remove_file(file.path()).await;
            let _ = tokio::fs::remove_dir_all(file.path()).await;
        }
    }
}

async fn copy_one_by_one(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let now = Moment::now();
        let worked = match app.store.take_import(now, now.after(LEASE)).await {
            Ok(None) => false,
            Ok(Some(import)) => {
                tokio::select! {
                    // Its lease runs out, and it is made again.
                    _ = stop.wait_for(|stop| *stop) => return,
                    () = keep(&app, &import) => tracing::info!(import = %import.id, "the copy is no longer ours"),
                    done = copy(&app, import.clone()) => if let Err(error) = done {
                        tracing::warn!(%error, "a copy could not be made");
                    },
                }
                true
            }
            Err(error) => {
                tracing::warn!(%error, "copies could not be looked for");
                false
            }
        };
        if !worked {
            tokio::select! {
                () = app.wanted.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
    }
}

/// Keeps the right to make a copy, and returns when it is lost.
async fn keep(app: &App, import: &Import) {
    let mut kept = tokio::time::Instant::now();
    while kept.elapsed() < LEASE {
        tokio::time::sleep(RENEWAL).await;
        match app.store.renew_import(import, Moment::now().after(LEASE)).await {
            Ok(()) => kept = tokio::time::Instant::now(),
            Err(StoreError::Stale) => return,
            Err(error) => tracing::warn!(%error, import = %import.id, "the lease was not renewed"),
        }
    }
}

/// What an upload is called in a bucket.
pub fn sent_name(asset: &Asset) -> String {
    format!("{}.{}", asset.workspace, asset.id)
}

/// Looks at what callers have sent to the bucket, until `stop` says so; where files are in a folder, there is
/// nothing to do.
pub async fn collect_sent(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while app.artifacts.address().is_some() && !*stop.borrow() {
        match app.artifacts.sent(SENT).await {
            Ok(found) => {
                for (name, bytes) in found {
                    if let Err(error) = collect(&app, &name, bytes).await {
                        tracing::warn!(%error, "an upload could not be looked at");
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "uploads could not be looked for"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

async fn collect(app: &App, name: &str, bytes: u64) -> Result<(), IntakeError> {
    let ids = name.split_once('.');
    let ids = ids.and_then(|(workspace, asset)| WorkspaceId::parse(workspace).zip(AssetId::parse(asset)));
    let asset = match ids {
        Some((workspace, id)) => app.store.asset(&workspace, &id).await?,
        None => None,
    };
    // Anything else was looked at already, or is not ours.
    if let Some(mut asset) = asset.filter(|asset| asset.status == AssetStatus::Waiting) {
        let most = app.config.outside.max_bytes();
        if bytes > most {
            let message = format!("there are more than {most} bytes, the most that is taken");
            asset.status = AssetStatus::Failed;
            asset.error = Some(Failure::new(ErrorCode::SourceTooLarge, message));
            end(app, asset).await?;
        } else {
            let file = folder(&app.config).join(id::ulid().to_string());
            let taken = match app.artifacts.take_sent(name, &file).await {
                Ok(()) => settle(app, asset, &file).await.map(|_| app.metrics.received(bytes)),
                Err(error) => Err(error.into()),
            };
            // In the object store under its own name now, or of no use.
            let _ = tokio::fs::remove_file(&file).await;
            match taken {
                // Somebody else was faster.
                Err(IntakeError::Storage(ArtifactError::Missing)) => return Ok(()),
                other => other?,
            }
        }
    }
    Ok(app.artifacts.forget_sent(name).await?)
}

async fn copy(app: &App, mut import: Import) -> Result<(), IntakeError> {
    // Two that copy the same do not write into each other's file.
    let file = folder(&app.config).join(id::ulid().to_string());
    let fetched = app.fetch.fetch(&import.url, &file).await;
    let failure = match fetched {
        Ok(fetched) => {
            app.metrics.received(fetched.bytes);
            let declared = fetched.content_type.as_deref().and_then(MediaType::of_declared);
            let hint = import.filename.as_deref().and_then(MediaType::of_name);
            match hint.or_else(|| MediaType::of_name(&shown(&import.url))).or(declared) {
                Some(kind) => {
                    let asset = new_asset(app, &import, kind);
                    app.store.add_asset(&asset).await?;
                    let asset = settle(app, asset, &file).await?;
                    import.asset = Some(asset.id);
                    asset.error
                }
                None => Some(Failure::new(
                    ErrorCode::UnsupportedContentType,
                    format!("neither name nor type of `{}` say what it is", shown(&import.url)),
                )),
            }
        }
        Err(FetchError::Refused(failure)) => Some(failure),
        Err(FetchError::Later(reason)) if import.tries < TRIES => {
            tracing::info!(import = %import.id, reason, "a copy is tried again");
            tokio::time::sleep(AGAIN * import.tries).await;
            // Still under way, and nobody's.
            return Ok(app.store.change_import(&import).await?);
        }
        Err(FetchError::Later(reason)) => Some(Failure::new(ErrorCode::InvalidSource, reason)),
    };
    import.status = if failure.is_some() { ImportStatus::Failed } else { ImportStatus::Ready };
    import.error = failure;
    let _ = tokio::fs::remove_file(&file).await;
    Ok(app.store.change_import(&import).await?)
}

fn new_asset(app: &App, import: &Import, kind: MediaType) -> Asset {
    let id = AssetId::generate();
    Asset {
        source_url: app.asset_url(&id, kind.extension),
        id,
        workspace: import.workspace.clone(),
        kind: kind.kind,
        content_type: kind.name.to_owned(),
        status: AssetStatus::Waiting,
        key: None,
        copied_from: Some(import.url.clone()),
        size_bytes: None,
        duration_millis: None,
        size: None,
        created_at: Moment::now(),
        expires_at: None,
        error: None,
    }
}
