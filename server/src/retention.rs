//! What is removed when it has been kept long enough: renders that ended, with their files.

use std::time::Duration;

use crate::app::App;
use crate::artifact::ArtifactError;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::id::RenderId;
    use crate::store::{NewRender, Output};
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
}
