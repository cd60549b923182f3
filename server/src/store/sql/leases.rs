//! Renders as workers see them: taken, kept, given back, ended.

use async_trait::async_trait;
use sqlx::Row as _;

use super::decode::{get, to_json};
use super::renders::{columns, render};
use super::{Backend, Connection, Row, dispatch, events, usage};
use crate::error::ErrorCode;
use crate::id::{RenderId, WorkspaceId};
use crate::moment::Moment;
use crate::store::{
    Attempt, EventKind, Failure, Lease, Leases, Limits, Output, SWEEP, Stage, StoreError, Taken,
};

/// Places of the queue that are looked at before a taker is told that there is nothing: renders that were
/// called off leave theirs behind.
const MOST_PASSED: usize = 64;

/// What a write under a lease has to find, besides the id as `$1` and the attempt as `$2`.
macro_rules! held {
    () => {
        " WHERE id = $1 AND attempt = $2 AND lease_until IS NOT NULL "
    };
}

/// The row of a render that the lease still holds.
async fn held(connection: &mut Connection, lease: &Lease) -> Result<Row, StoreError> {
    sqlx::query(concat!(
        "SELECT workspace, percent, stage, webhook_url, tries, deaths, losses FROM renders",
        held!()
    ))
    .bind(lease.render.as_str())
    .bind(lease.attempt.0)
    .fetch_optional(connection)
    .await?
    .ok_or(StoreError::Stale)
}

fn workspace(row: &Row) -> Result<WorkspaceId, StoreError> {
    Ok(WorkspaceId::stored(get(row, "workspace")?))
}

/// Refuses a write that changed nothing.
fn changed(rows: u64) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

/// Ends a render that the lease holds with a failure.
async fn fail(
    connection: &mut Connection,
    lease: &Lease,
    workspace: &WorkspaceId,
    failure: &Failure,
    now: Moment,
) -> Result<(), StoreError> {
    let done = sqlx::query(concat!(
        "UPDATE renders SET status = 'failed', stage = NULL, error_code = $3, error_message = $4, \
         completed_at = $5, updated_at = $5, worker = NULL, lease_until = NULL",
        held!()
    ))
    .bind(lease.render.as_str())
    .bind(lease.attempt.0)
    .bind(failure.code.name())
    .bind(failure.message.as_str())
    .bind(now.millis())
    .execute(&mut *connection)
    .await?;
    changed(done.rows_affected())?;
    events::add(connection, workspace, Some(&lease.render), EventKind::RenderFailed, &to_json(failure), now)
        .await
}

/// Puts a render that the lease holds back into the queue, or fails it when it was tried too often.
/// Returns whether it will be tried again.
async fn again(
    connection: &mut Connection,
    lease: &Lease,
    limits: Limits,
    failure: &Failure,
    now: Moment,
) -> Result<bool, StoreError> {
    let row = held(connection, lease).await?;
    let workspace = workspace(&row)?;
    let count = |column| get::<i64>(&row, column);
    let is_over = count("tries")? >= limits.tries
        || count("deaths")? >= limits.deaths
        || count("losses")? >= limits.losses;
    if is_over {
        fail(connection, lease, &workspace, failure, now).await?;
        return Ok(false);
    }
    sqlx::query(concat!(
        "UPDATE renders SET status = CASE status WHEN 'ingesting' THEN status ELSE 'queued' END, \
         stage = NULL, updated_at = $3, worker = NULL, lease_until = NULL",
        held!()
    ))
    .bind(lease.render.as_str())
    .bind(lease.attempt.0)
    .bind(now.millis())
    .execute(&mut *connection)
    .await?;
    let data = to_json(failure);
    events::add(connection, &workspace, Some(&lease.render), EventKind::RenderQueued, &data, now).await?;
    // Ahead of all that have not begun yet: part of the work is done already.
    dispatch::push(connection, &lease.render, Moment::from_millis(0)).await?;
    Ok(true)
}

/// Takes the leases of these rows from whoever has them.
async fn expire_rows(
    connection: &mut Connection,
    rows: &[Row],
    limits: Limits,
    now: Moment,
) -> Result<Vec<RenderId>, StoreError> {
    let mut ended = Vec::with_capacity(rows.len());
    for row in rows {
        let id = RenderId::stored(get(row, "id")?);
        let lease = Lease { render: id.clone(), attempt: Attempt(get(row, "attempt")?) };
        // That a worker goes away is rarely the fault of what it worked on, so it does not count as a try.
        let lost = "UPDATE renders SET losses = losses + 1, tries = tries - 1 WHERE id = $1";
        sqlx::query(lost).bind(id.as_str()).execute(&mut *connection).await?;
        let message = format!("its worker went away, {} times in all", limits.losses);
        again(connection, &lease, limits, &Failure::new(ErrorCode::Internal, message), now).await?;
        ended.push(id);
    }
    Ok(ended)
}

impl Backend {
    /// What follows from a change that somebody in this process may wait for.
    fn announce(&self, lease: &Lease, is_queued: bool) {
        self.signals.changed(&lease.render);
        if is_queued {
            self.signals.queued().notify_one();
        }
    }

    async fn again(
        &self,
        lease: &Lease,
        died: i64,
        limits: Limits,
        failure: Failure,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let held = lease.clone();
        let is_queued = self
            .write(move |connection| {
                Box::pin(async move {
                    let counted = sqlx::query(concat!("UPDATE renders SET deaths = deaths + $3", held!()))
                        .bind(held.render.as_str())
                        .bind(held.attempt.0)
                        .bind(died)
                        .execute(&mut *connection)
                        .await?;
                    changed(counted.rows_affected())?;
                    again(connection, &held, limits, &failure, now).await
                })
            })
            .await?;
        self.announce(lease, is_queued);
        Ok(is_queued)
    }
}

#[async_trait]
impl Leases for Backend {
    async fn enlist(&self, worker: &str) -> Result<(), StoreError> {
        let worker = worker.to_owned();
        self.write(move |connection| Box::pin(async move { dispatch::enlist(connection, &worker).await }))
            .await
    }

    async fn take(&self, worker: &str, now: Moment, until: Moment) -> Result<Option<Taken>, StoreError> {
        let worker = worker.to_owned();
        self.write(move |connection| {
            Box::pin(async move {
                for _ in 0..MOST_PASSED {
                    let Some(id) = dispatch::pull(connection, &worker).await? else { return Ok(None) };
                    let row = sqlx::query(concat!(
                        "UPDATE renders SET attempt = attempt + 1, tries = tries + 1, worker = $2, \
                         lease_until = $3, updated_at = $4 WHERE id = $1 AND lease_until IS NULL \
                         AND status IN ('queued', 'ingesting') RETURNING deaths, ",
                        columns!()
                    ))
                    .bind(id.as_str())
                    .bind(worker.as_str())
                    .bind(until.millis())
                    .bind(now.millis())
                    .fetch_optional(&mut *connection)
                    .await?;
                    let Some(row) = row else { continue };
                    let body = sqlx::query("SELECT body FROM render_bodies WHERE render = $1")
                        .bind(id.as_str())
                        .fetch_one(&mut *connection)
                        .await?
                        .try_get("body")?;
                    let render = render(&row)?;
                    let lease = Lease { render: render.id.clone(), attempt: Attempt(render.attempt) };
                    return Ok(Some(Taken { lease, render, body, deaths: get(&row, "deaths")? }));
                }
                Ok(None)
            })
        })
        .await
    }

    async fn renew(&self, lease: &Lease, now: Moment, until: Moment) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let done =
                    sqlx::query(concat!("UPDATE renders SET lease_until = $3, updated_at = $4", held!()))
                        .bind(lease.render.as_str())
                        .bind(lease.attempt.0)
                        .bind(until.millis())
                        .bind(now.millis())
                        .execute(connection)
                        .await?;
                changed(done.rows_affected())
            })
        })
        .await
    }

    async fn begin(&self, lease: &Lease, now: Moment) -> Result<(), StoreError> {
        let held = lease.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let row = sqlx::query(concat!(
                    "UPDATE renders SET status = 'processing', stage = 'compositing', updated_at = $3",
                    held!(),
                    "AND status = 'queued' RETURNING workspace"
                ))
                .bind(held.render.as_str())
                .bind(held.attempt.0)
                .bind(now.millis())
                .fetch_optional(&mut *connection)
                .await?
                .ok_or(StoreError::Stale)?;
                let data = format!(r#"{{"attempt":{}}}"#, held.attempt.0);
                let kind = EventKind::RenderProcessing;
                events::add(connection, &workspace(&row)?, Some(&held.render), kind, &data, now).await
            })
        })
        .await?;
        self.announce(lease, false);
        Ok(())
    }

    async fn progress(
        &self,
        lease: &Lease,
        percent: u8,
        stage: Stage,
        now: Moment,
    ) -> Result<(), StoreError> {
        let held_lease = lease.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let row = held(connection, &held_lease).await?;
                let before: i64 = get(&row, "percent")?;
                let percent = i64::from(percent).clamp(before, 100);
                let is_new_stage = get::<Option<&str>>(&row, "stage")? != Some(stage.name());
                sqlx::query(concat!("UPDATE renders SET percent = $3, stage = $4, updated_at = $5", held!()))
                    .bind(held_lease.render.as_str())
                    .bind(held_lease.attempt.0)
                    .bind(percent)
                    .bind(stage.name())
                    .bind(now.millis())
                    .execute(&mut *connection)
                    .await?;
                // Receivers are told of each tenth and each stage, and only those of a single render.
                let is_told = get::<Option<&str>>(&row, "webhook_url")?.is_some();
                if is_told && (is_new_stage || percent / 10 > before / 10) {
                    let data = format!(r#"{{"progress_percent":{percent},"progress_stage":"{stage}"}}"#);
                    let (id, kind) = (Some(&held_lease.render), EventKind::RenderProgress);
                    events::add(connection, &workspace(&row)?, id, kind, &data, now).await?;
                }
                Ok(())
            })
        })
        .await?;
        self.announce(lease, false);
        Ok(())
    }

    async fn ingested(&self, lease: &Lease, now: Moment) -> Result<(), StoreError> {
        let held = lease.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let row = sqlx::query(concat!(
                    "UPDATE renders SET status = 'queued', tries = 0, updated_at = $3, worker = NULL, \
                     lease_until = NULL",
                    held!(),
                    "AND status = 'ingesting' RETURNING workspace"
                ))
                .bind(held.render.as_str())
                .bind(held.attempt.0)
                .bind(now.millis())
                .fetch_optional(&mut *connection)
                .await?
                .ok_or(StoreError::Stale)?;
                let (kind, data) = (EventKind::RenderQueued, r#"{"status":"queued"}"#);
                events::add(connection, &workspace(&row)?, Some(&held.render), kind, data, now).await?;
                dispatch::push(connection, &held.render, now).await
            })
        })
        .await?;
        self.announce(lease, true);
        Ok(())
    }

    async fn postpone(&self, lease: &Lease, at: Moment, now: Moment) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query(concat!(
                    "UPDATE renders SET tries = tries - 1, updated_at = $3, worker = NULL, lease_until = NULL",
                    held!(),
                    "AND status IN ('queued', 'ingesting')"
                ))
                .bind(lease.render.as_str())
                .bind(lease.attempt.0)
                .bind(now.millis())
                .execute(&mut *connection)
                .await?;
                changed(done.rows_affected())?;
                dispatch::push(connection, &lease.render, at).await
            })
        })
        .await
    }

    async fn died(
        &self,
        lease: &Lease,
        limits: Limits,
        failure: Failure,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.again(lease, 1, limits, failure, now).await
    }

    async fn retry(
        &self,
        lease: &Lease,
        limits: Limits,
        failure: Failure,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.again(lease, 0, limits, failure, now).await
    }

    async fn complete(&self, lease: &Lease, output: Output, now: Moment) -> Result<(), StoreError> {
        let held = lease.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let row = sqlx::query(concat!(
                    "UPDATE renders SET status = 'completed', percent = 100, stage = NULL, output = $3, \
                     output_key = $5, thumbnail_key = $6, completed_at = $4, updated_at = $4, worker = NULL, lease_until = NULL",
                    held!(),
                    "AND status = 'processing' RETURNING workspace"
                ))
                .bind(held.render.as_str())
                .bind(held.attempt.0)
                .bind(to_json(&output))
                .bind(now.millis())
                .bind(output.key.as_str())
                .bind(output.thumbnail_key.as_deref())
                .fetch_optional(&mut *connection)
                .await?
                .ok_or(StoreError::Stale)?;
                let workspace = workspace(&row)?;
                usage::add_render(connection, &workspace, output.duration_millis, now).await?;
                events::add(connection, &workspace, Some(&held.render), EventKind::RenderCompleted, "{}", now)
                    .await
            })
        })
        .await?;
        self.announce(lease, false);
        Ok(())
    }

    async fn fail(&self, lease: &Lease, failure: Failure, now: Moment) -> Result<(), StoreError> {
        let held_lease = lease.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let row = held(connection, &held_lease).await?;
                fail(connection, &held_lease, &workspace(&row)?, &failure, now).await
            })
        })
        .await?;
        self.announce(lease, false);
        Ok(())
    }

    async fn expire(&self, limits: Limits, now: Moment) -> Result<u64, StoreError> {
        let ended = self
            .write(move |connection| {
                Box::pin(async move {
                    let rows = sqlx::query(
                        "SELECT id, attempt FROM renders WHERE lease_until <= $1 ORDER BY lease_until LIMIT $2",
                    )
                    .bind(now.millis())
                    .bind(i64::from(SWEEP))
                    .fetch_all(&mut *connection)
                    .await?;
                    expire_rows(connection, &rows, limits, now).await
                })
            })
            .await?;
        Ok(self.announce_all(&ended))
    }

    async fn holders(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query(
            "SELECT DISTINCT worker FROM renders WHERE lease_until IS NOT NULL AND worker IS NOT NULL",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| get(row, "worker")).collect()
    }

    async fn release(&self, worker: &str, limits: Limits, now: Moment) -> Result<u64, StoreError> {
        let worker = worker.to_owned();
        let ended = self
            .write(move |connection| {
                Box::pin(async move {
                    let rows = sqlx::query(
                        "SELECT id, attempt FROM renders WHERE lease_until IS NOT NULL AND worker = $1 LIMIT $2",
                    )
                    .bind(worker.as_str())
                    .bind(i64::from(SWEEP))
                    .fetch_all(&mut *connection)
                    .await?;
                    expire_rows(connection, &rows, limits, now).await
                })
            })
            .await?;
        Ok(self.announce_all(&ended))
    }
}

impl Backend {
    fn announce_all(&self, renders: &[RenderId]) -> u64 {
        for render in renders {
            self.signals.changed(render);
            self.signals.queued().notify_one();
        }
        renders.len() as u64
    }
}
