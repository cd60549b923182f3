//! Renders as callers see them.

use std::time::Duration;

use async_trait::async_trait;

use super::decode::{failure, get, json_or_none, moment, moment_or_none, name, number};
use super::{Backend, Connection, Row, dispatch, events};
use crate::id::{RenderId, WorkspaceId};
use crate::moment::Moment;
use crate::store::{
    Cancelled, EventKind, EventRow, Forgotten, NewRender, Page, PageRequest, Render, RenderStatus, Renders,
    Stage, StoreError, Submitted,
};

/// The columns of [`render`].
macro_rules! columns {
    () => {
        "id, workspace, status, created_at, updated_at, completed_at, percent, stage, attempt, tries, \
         metadata, webhook_url, output, error_code, error_message"
    };
}
pub(super) use columns;

/// What is known of a render is forgotten in this order; what refers to something goes before it.
const FORGETTING: &[&str] = &[
    "DELETE FROM deliveries WHERE event IN (SELECT seq FROM events WHERE render = $1)",
    "DELETE FROM events WHERE render = $1",
    "DELETE FROM idempotency WHERE render = $1",
    "DELETE FROM render_bodies WHERE render = $1",
    "DELETE FROM asset_uses WHERE render = $1",
    "DELETE FROM renders WHERE id = $1",
];

/// A render as it is stored.
pub(super) fn render(row: &Row) -> Result<Render, StoreError> {
    let stage: Option<&str> = get(row, "stage")?;
    Ok(Render {
        id: RenderId::stored(get(row, "id")?),
        workspace: WorkspaceId::stored(get(row, "workspace")?),
        status: name(row, "status", RenderStatus::from_name)?,
        created_at: moment(row, "created_at")?,
        updated_at: moment(row, "updated_at")?,
        completed_at: moment_or_none(row, "completed_at")?,
        progress_percent: number(row, "percent")?,
        progress_stage: stage.and_then(Stage::from_name),
        attempt: get(row, "attempt")?,
        tries: get(row, "tries")?,
        metadata: get(row, "metadata")?,
        webhook_url: get(row, "webhook_url")?,
        output: json_or_none(row, "output")?,
        error: failure(row)?,
    })
}

/// The render of that id, whosever it is.
pub(super) async fn by_id(connection: &mut Connection, id: &str) -> Result<Option<Render>, StoreError> {
    let row = sqlx::query(concat!("SELECT ", columns!(), " FROM renders WHERE id = $1"))
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(render).transpose()
}

/// Takes the idempotency key for a render; otherwise says what it was taken for.
pub(super) async fn take_key(
    connection: &mut Connection,
    new: &NewRender,
    (key, fingerprint): &(String, String),
    now: Moment,
    lives: Duration,
) -> Result<Option<Submitted>, StoreError> {
    // Two at once meet at the unique key: the second waits for the first and then takes nothing.
    let taken = sqlx::query(
        "INSERT INTO idempotency (workspace, key, fingerprint, render, expires_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace, key) DO UPDATE SET \
         fingerprint = excluded.fingerprint, render = excluded.render, expires_at = excluded.expires_at \
         WHERE idempotency.expires_at <= $6",
    )
    .bind(new.workspace.as_str())
    .bind(key.as_str())
    .bind(fingerprint.as_str())
    .bind(new.id.as_str())
    .bind(now.after(lives).millis())
    .bind(now.millis())
    .execute(&mut *connection)
    .await?;
    if taken.rows_affected() > 0 {
        return Ok(None);
    }
    let row = sqlx::query("SELECT fingerprint, render FROM idempotency WHERE workspace = $1 AND key = $2")
        .bind(new.workspace.as_str())
        .bind(key.as_str())
        .fetch_one(&mut *connection)
        .await?;
    let id: String = get(&row, "render")?;
    if get::<&str>(&row, "fingerprint")? != fingerprint {
        return Ok(Some(Submitted::Clash(RenderId::stored(id))));
    }
    let render = by_id(connection, &id).await?;
    let missing = || StoreError::Database(format!("`{id}` has a key and is not there"));
    Ok(Some(Submitted::Replayed(render.ok_or_else(missing)?)))
}

pub(super) async fn insert(
    connection: &mut Connection,
    new: &NewRender,
    now: Moment,
) -> Result<Render, StoreError> {
    let status = if new.ingests { RenderStatus::Ingesting } else { RenderStatus::Queued };
    sqlx::query(
        "INSERT INTO renders (id, workspace, status, created_at, updated_at, metadata, webhook_url) \
         VALUES ($1, $2, $3, $4, $4, $5, $6)",
    )
    .bind(new.id.as_str())
    .bind(new.workspace.as_str())
    .bind(status.name())
    .bind(now.millis())
    .bind(new.metadata.as_str())
    .bind(new.webhook_url.as_deref())
    .execute(&mut *connection)
    .await?;
    sqlx::query("INSERT INTO render_bodies (render, body) VALUES ($1, $2)")
        .bind(new.id.as_str())
        .bind(new.body.as_str())
        .execute(&mut *connection)
        .await?;
    super::media::note_uses(connection, new).await?;
    let data = format!(r#"{{"status":"{status}"}}"#);
    events::add(connection, &new.workspace, Some(&new.id), EventKind::RenderQueued, &data, now).await?;
    dispatch::push(connection, &new.id, now).await?;
    Ok(Render {
        id: new.id.clone(),
        workspace: new.workspace.clone(),
        status,
        created_at: now,
        updated_at: now,
        completed_at: None,
        progress_percent: 0,
        progress_stage: None,
        attempt: 0,
        tries: 0,
        metadata: new.metadata.clone(),
        webhook_url: new.webhook_url.clone(),
        output: None,
        error: None,
    })
}

#[async_trait]
impl Renders for Backend {
    async fn submit(
        &self,
        new: NewRender,
        now: Moment,
        key_lives: Duration,
    ) -> Result<Submitted, StoreError> {
        let submitted = self
            .write(move |connection| {
                Box::pin(async move {
                    if let Some(key) = &new.idempotency
                        && let Some(taken) = take_key(connection, &new, key, now, key_lives).await?
                    {
                        return Ok(taken);
                    }
                    insert(connection, &new, now).await.map(Submitted::Created)
                })
            })
            .await?;
        if let Submitted::Created(render) = &submitted {
            self.signals.changed(&render.id);
            self.signals.queued().notify_one();
        }
        Ok(submitted)
    }

    async fn render(&self, workspace: &WorkspaceId, id: &RenderId) -> Result<Option<Render>, StoreError> {
        let mut reader = self.readers.acquire().await?;
        let render = by_id(&mut reader, id.as_str()).await?;
        Ok(render.filter(|render| render.workspace == *workspace))
    }

    async fn renders(
        &self,
        workspace: &WorkspaceId,
        status: Option<RenderStatus>,
        page: &PageRequest,
    ) -> Result<Page<Render>, StoreError> {
        let query = match status {
            None => sqlx::query(concat!(
                "SELECT ",
                columns!(),
                " FROM renders WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
            )),
            Some(_) => sqlx::query(concat!(
                "SELECT ",
                columns!(),
                " FROM renders WHERE workspace = $1 AND id < $2 AND status = $4 ORDER BY id DESC LIMIT $3"
            )),
        };
        let query = query.bind(workspace.as_str()).bind(page.below()).bind(page.probe());
        let query = match status {
            None => query,
            Some(status) => query.bind(status.name()),
        };
        let rows = query.fetch_all(&self.readers).await?;
        let rows = rows.iter().map(render).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::of(rows, page, |row| row.id.as_str()))
    }

    async fn cancel(
        &self,
        workspace: &WorkspaceId,
        id: &RenderId,
        now: Moment,
    ) -> Result<Cancelled, StoreError> {
        let (workspace, wanted) = (workspace.clone(), id.clone());
        let cancelled = self
            .write(move |connection| {
                Box::pin(async move {
                    // Whoever works on it loses the lease, so that nothing of it is written any more.
                    let row = sqlx::query(concat!(
                        "UPDATE renders SET status = 'cancelled', stage = NULL, completed_at = $3, \
                         updated_at = $3, worker = NULL, lease_until = NULL WHERE id = $1 AND workspace = $2 \
                         AND status IN ('ingesting', 'queued', 'processing') RETURNING ",
                        columns!()
                    ))
                    .bind(wanted.as_str())
                    .bind(workspace.as_str())
                    .bind(now.millis())
                    .fetch_optional(&mut *connection)
                    .await?;
                    if let Some(row) = row {
                        let kind = EventKind::RenderCancelled;
                        events::add(connection, &workspace, Some(&wanted), kind, "{}", now).await?;
                        return Ok(Cancelled::Done(Box::new(render(&row)?)));
                    }
                    let found = by_id(connection, wanted.as_str()).await?;
                    let found = found.filter(|render| render.workspace == workspace);
                    Ok(found.map_or(Cancelled::Unknown, |render| Cancelled::TooLate(render.status)))
                })
            })
            .await?;
        if matches!(cancelled, Cancelled::Done(_)) {
            self.signals.changed(id);
        }
        Ok(cancelled)
    }

    async fn body(&self, id: &RenderId) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT body FROM render_bodies WHERE render = $1")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(|row| get(row, "body")).transpose()
    }

    async fn events(&self, id: &RenderId) -> Result<Vec<EventRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT seq, id AS event_id, workspace, render, kind, data, created_at AS event_at \
             FROM events WHERE render = $1 ORDER BY seq",
        )
        .bind(id.as_str())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(events::event).collect()
    }

    async fn forget_keys(&self, now: Moment) -> Result<u64, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let gone = sqlx::query("DELETE FROM idempotency WHERE expires_at <= $1")
                    .bind(now.millis())
                    .execute(connection)
                    .await?;
                Ok(gone.rows_affected())
            })
        })
        .await
    }

    async fn forget_renders(&self, before: Moment, limit: u32) -> Result<Vec<Forgotten>, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let rows = sqlx::query(
                    "SELECT id, output_key, thumbnail_key FROM renders WHERE completed_at < $1 AND NOT EXISTS ( \
                     SELECT 1 FROM events WHERE events.render = renders.id AND (NOT events.told OR EXISTS ( \
                     SELECT 1 FROM deliveries WHERE deliveries.event = events.seq \
                     AND deliveries.due_at IS NOT NULL))) ORDER BY completed_at LIMIT $2",
                )
                .bind(before.millis())
                .bind(i64::from(limit))
                .fetch_all(&mut *connection)
                .await?;
                let mut forgotten = Vec::new();
                for row in &rows {
                    let id: String = get(row, "id")?;
                    for statement in FORGETTING {
                        sqlx::query(*statement).bind(id.as_str()).execute(&mut *connection).await?;
                    }
                    let key = |column| get::<Option<String>>(row, column);
                    let keys = [key("output_key")?, key("thumbnail_key")?].into_iter().flatten().collect();
                    forgotten.push(Forgotten { render: RenderId::stored(id), keys });
                }
                Ok(forgotten)
            })
        })
        .await
    }

    async fn needs(&self, key: &str) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT 1 FROM renders WHERE output_key = $1 UNION ALL \
             SELECT 1 FROM renders WHERE thumbnail_key = $1 UNION ALL \
             SELECT 1 FROM assets WHERE object_key = $1 LIMIT 1",
        )
        .bind(key)
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.is_some())
    }

    async fn census(&self) -> Result<Vec<(RenderStatus, i64)>, StoreError> {
        let rows = sqlx::query("SELECT status, COUNT(*) AS n FROM renders GROUP BY status ORDER BY status")
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|row| Ok((name(row, "status", RenderStatus::from_name)?, get(row, "n")?))).collect()
    }
}
