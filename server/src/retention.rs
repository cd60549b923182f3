//! What is removed when it has been kept long enough: renders that ended, with their files; media that nothing
//! needs; segments that were not used for long.

use std::time::Duration;

use vid_runtime::RenderError;
use vid_runtime::store::SegmentStore;

use crate::app::App;
use crate::artifact::ArtifactError;
use crate::config::Config;
use crate::moment::Moment;
use crate::store::StoreError;

/// Renders that are forgotten in one transaction.
const BATCH: u32 = 100;
/// How long pictures of previews stay after their addresses have stopped to work.
const PREVIEWS: Duration = Duration::from_secs(3600);
/// Where those pictures are in the object store.
pub const PREVIEWS_FOLDER: &str = "previews";

/// Removes pictures of previews whose addresses work no longer.
///
/// # Errors
/// When the object store fails.
pub async fn remove_previews(app: &App, now: Moment) -> Result<u64, ArtifactError> {
    let old = app.config.view_lives + PREVIEWS;
    app.artifacts.remove_old(PREVIEWS_FOLDER, old, now.to_system()).await
}

/// Forgets renders that ended longer ago than the settings keep them, and removes the files that nothing else
/// has. Returns how many were forgotten.
///
/// # Errors
/// When the store fails. A file that cannot be removed is named in the log and left behind.
pub async fn forget_old(app: &App, now: Moment) -> Result<u64, StoreError> {
    let Some(keep) = app.config.keep else { return Ok(0) };
    let mut count = 0;
    loop {
        let forgotten = app.store.forget_renders(now.before(keep), BATCH).await?;
        for key in forgotten.iter().flat_map(|one| &one.keys) {
            if app.store.needs(key).await? {
                continue;
            }
            match app.artifacts.remove_unneeded(key, now.to_system()).await {
                Ok(true) => {}
                Ok(false) => {
                    tracing::info!(key, "a file is no longer needed and was written lately; it stays")
                }
                Err(error) => {
                    tracing::warn!(%error, key, "a file that is no longer needed cannot be removed")
                }
            }
        }
        count += forgotten.len() as u64;
        if forgotten.len() < BATCH as usize {
            return Ok(count);
        }
    }
}

/// Forgets files that callers sent or had copied longer ago than the settings keep them, and that nothing needs.
/// [`remove_unneeded`] removes them. Returns how many were forgotten.
///
/// # Errors
/// When the store fails.
pub async fn forget_media(app: &App, now: Moment) -> Result<u64, StoreError> {
    let Some(keep) = app.config.keep_media else { return Ok(0) };
    let mut count = 0;
    loop {
        let forgotten = app.store.forget_media(now.before(keep), BATCH).await?;
        count += forgotten;
        if forgotten < u64::from(BATCH) {
            return Ok(count);
        }
    }
}

/// Removes the segments that were not used for longest, until there are as many as the settings keep. Returns the
/// bytes that are free again.
///
/// # Errors
/// When the folder cannot be opened.
pub fn prune_segments(config: &Config) -> Result<u64, RenderError> {
    let store = SegmentStore::open(&config.segments())?;
    Ok(store.with_limit(config.segment_bytes).prune())
}

/// Removes the files of what callers have removed, where nothing else has them; one that was written lately
/// stays until the next time. Returns how many are gone.
///
/// # Errors
/// When the store fails. A file that cannot be removed is named in the log and tried again the next time.
pub async fn remove_unneeded(app: &App, now: Moment) -> Result<u64, StoreError> {
    let (mut count, mut after) = (0, String::new());
    loop {
        let keys = app.store.unneeded(&after, BATCH).await?;
        for key in &keys {
            if app.store.needs(key).await? {
                app.store.forget_unneeded(key).await?;
                continue;
            }
            match app.artifacts.remove_unneeded(key, now.to_system()).await {
                Ok(true) => {
                    app.store.forget_unneeded(key).await?;
                    count += 1;
                }
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, key, "a file that was removed is still there"),
            }
        }
        match keys.last() {
            Some(last) if keys.len() == BATCH as usize => after.clone_from(last),
            _ => return Ok(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use vid_runtime::ContentHash;
    use vid_runtime::store::Piece;

    use super::*;
    use crate::config::Settings;
    use crate::id::{AssetId, RenderId};
    use crate::store::{Asset, AssetKind, AssetStatus, NewRender, Output};
    use crate::worker::Launcher;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    #[tokio::test]
    async fn old_renders_go_and_files_that_others_have_stay() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            data_dir: Some(folder.path().join("data")),
            keep_days: Some(1),
            ..Settings::default()
        };
        let app = App::open(settings.finish().unwrap(), Launcher::this_program(&[]).unwrap()).await.unwrap();
        let (now, later) = (Moment::now(), Moment::now().after(2 * DAY));
        let file = folder.path().join("film");
        let mut keys = Vec::new();
        app.store.enlist("test").await.unwrap();
        // Two films with one picture; the second ends two days later.
        for (number, ended) in [(1, now), (2, later)] {
            std::fs::write(&file, [number]).unwrap();
            let key = app.artifacts.put("renders", "mp4", &file).await.unwrap();
            std::fs::write(&file, "picture").unwrap();
            let picture = app.artifacts.put("thumbnails", "jpg", &file).await.unwrap();
            let new = NewRender {
                id: RenderId::generate(),
                workspace: app.workspace.clone(),
                body: "{}".to_owned(),
                metadata: "{}".to_owned(),
                webhook_url: None,
                ingests: false,
                idempotency: None,
            };
            app.store.submit(new, now, DAY).await.unwrap();
            let taken = app.store.take("test", Moment::now(), later.after(DAY)).await.unwrap().unwrap();
            app.store.begin(&taken.lease, now).await.unwrap();
            let output = Output {
                key: key.clone(),
                thumbnail_key: Some(picture.clone()),
                filename: "a.mp4".to_owned(),
                content_type: "video/mp4".to_owned(),
                width: 64,
                height: 36,
                duration_millis: 1,
                size_bytes: 1,
            };
            app.store.complete(&taken.lease, output, ended).await.unwrap();
            keys.push((key, picture));
        }
        for event in app.store.untold(99).await.unwrap() {
            app.store.plan(&event, Vec::new(), now).await.unwrap();
        }
        assert_eq!(forget_old(&app, now).await.unwrap(), 0);
        assert_eq!(forget_old(&app, later).await.unwrap(), 1);
        assert!(app.artifacts.size(&keys[0].0).await.is_err());
        assert!(app.artifacts.size(&keys[1].0).await.is_ok());
        assert!(app.artifacts.size(&keys[1].1).await.is_ok());
        assert_eq!(forget_old(&app, later.after(2 * DAY)).await.unwrap(), 1);
        assert!(app.artifacts.size(&keys[1].1).await.is_err());
    }
    #[tokio::test]
    async fn media_go_with_their_files() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            data_dir: Some(folder.path().join("data")),
            keep_media_days: Some(1),
            ..Settings::default()
        };
        let app = App::open(settings.finish().unwrap(), Launcher::this_program(&[]).unwrap()).await.unwrap();
        let file = folder.path().join("film");
        std::fs::write(&file, "film").unwrap();
        let key = app.artifacts.put("assets", "mp4", &file).await.unwrap();
        let (id, now) = (AssetId::generate(), Moment::now());
        let asset = Asset {
            source_url: app.asset_url(&id, "mp4"),
            id,
            workspace: app.workspace.clone(),
            kind: AssetKind::Video,
            content_type: "video/mp4".to_owned(),
            status: AssetStatus::Ready,
            key: Some(key.clone()),
            copied_from: None,
            size_bytes: None,
            duration_millis: None,
            size: None,
            created_at: now,
            expires_at: None,
            error: None,
        };
        app.store.add_asset(&asset).await.unwrap();
        assert_eq!(forget_media(&app, now).await.unwrap(), 0);
        let later = now.after(2 * DAY);
        assert_eq!(forget_media(&app, later).await.unwrap(), 1);
        assert!(app.artifacts.size(&key).await.is_ok());
        assert_eq!(remove_unneeded(&app, later).await.unwrap(), 1);
        assert!(app.artifacts.size(&key).await.is_err());
    }

    #[test]
    fn segments_that_were_not_used_for_long_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            data_dir: Some(folder.path().join("data")),
            segments_mib: Some(1),
            ..Settings::default()
        };
        let config = settings.finish().unwrap();
        let store = SegmentStore::open(&config.segments()).unwrap();
        let segment = |name: &str, hours: u64| {
            let (key, file) = (ContentHash::of(name.as_bytes()), store.temporary(Piece::Video).unwrap());
            std::fs::write(&file, vec![0; 600 << 10]).unwrap();
            let path = store.publish(Piece::Video, key, file).unwrap();
            let used = vid_runtime::clock::now() - Duration::from_secs(hours * 3600);
            std::fs::File::options().write(true).open(path).unwrap().set_modified(used).unwrap();
            key
        };
        let (older, newer) = (segment("older", 9), segment("newer", 5));
        assert_eq!(prune_segments(&config).unwrap(), 600 << 10);
        assert_eq!(store.find(Piece::Video, older), None);
        assert!(store.find(Piece::Video, newer).is_some());
        assert_eq!(prune_segments(&config).unwrap(), 0);
    }

    #[tokio::test]
    async fn what_was_removed_goes_once_nothing_else_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { data_dir: Some(folder.path().join("data")), ..Settings::default() };
        let app = App::open(settings.finish().unwrap(), Launcher::this_program(&[]).unwrap()).await.unwrap();
        let (now, file) = (Moment::now(), folder.path().join("file"));
        std::fs::write(&file, "bytes").unwrap();
        let key = app.artifacts.put("assets", "png", &file).await.unwrap();
        let mut numbers = Vec::new();
        for token in ["a", "b"] {
            let id = crate::id::AssetId::generate();
            let asset = crate::store::Asset {
                source_url: app.asset_url(&id, "png"),
                id,
                workspace: app.workspace.clone(),
                kind: crate::store::AssetKind::Image,
                content_type: "image/png".to_owned(),
                status: crate::store::AssetStatus::Ready,
                key: Some(key.clone()),
                copied_from: None,
                size_bytes: Some(5),
                duration_millis: None,
                size: None,
                created_at: now,
                expires_at: None,
                error: None,
            };
            let (token, filename) = (token.to_owned(), "a.png".to_owned());
            let new = crate::store::NewResource { asset, token, filename, promise: None };
            numbers.push(app.store.add_resource(new, now).await.unwrap());
        }
        app.store.remove_resource(&app.workspace, numbers[0]).await.unwrap();
        // The other one has it.
        assert_eq!(remove_unneeded(&app, now.after(DAY)).await.unwrap(), 0);
        assert_eq!(app.store.unneeded("", 9).await.unwrap(), [""; 0]);
        app.store.remove_resource(&app.workspace, numbers[1]).await.unwrap();
        // Written a moment ago: somebody may be about to say that it is needed.
        assert_eq!(remove_unneeded(&app, now).await.unwrap(), 0);
        assert!(app.artifacts.size(&key).await.is_ok());
        assert_eq!(remove_unneeded(&app, now.after(DAY)).await.unwrap(), 1);
        assert!(app.artifacts.size(&key).await.is_err());
        assert_eq!(remove_unneeded(&app, now.after(DAY)).await.unwrap(), 0);
    }
}
