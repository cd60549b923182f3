//! Sheets, and the numbers of their renders.

use std::time::Duration;

use async_trait::async_trait;

use super::decode::{get, moment};
use super::renders::{insert, render, take_key};
use super::resources::note_unneeded;
use super::{Backend, Row};
use crate::id::{RenderId, WorkspaceId};
use crate::moment::Moment;
use crate::store::{
    Continued, Generated, Generation, GenerationFilter, NewGeneration, NewRender, Sheet, Sheets, StoreError,
    Submitted,
};

/// Generations with their renders, without those whose render is forgotten; a condition follows.
macro_rules! select {
    () => {
        "SELECT g.*, r.* FROM (SELECT id AS generation, workspace AS owner, render AS made_by, sheet, cell, \
         token, removed, filename FROM generations) g JOIN renders r ON r.id = g.made_by "
    };
}

fn generation(row: &Row) -> Result<Generation, StoreError> {
    Ok(Generation {
        id: get(row, "generation")?,
        sheet: get(row, "sheet")?,
        cell: get(row, "cell")?,
        token: get(row, "token")?,
        is_removed: get(row, "removed")?,
        filename: get(row, "filename")?,
        render: render(row)?,
    })
}

#[async_trait]
impl Sheets for Backend {
    async fn add_sheet(
        &self,
        workspace: &WorkspaceId,
        document: &str,
        now: Moment,
    ) -> Result<i64, StoreError> {
        let (workspace, document) = (workspace.clone(), document.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                let row = sqlx::query(
                    "INSERT INTO sheets (workspace, version, document, created_at, updated_at) \
                     VALUES ($1, 1, $2, $3, $3) RETURNING id",
                )
                .bind(workspace.as_str())
                .bind(document)
                .bind(now.millis())
                .fetch_one(connection)
                .await?;
                get(&row, "id")
            })
        })
        .await
    }

    async fn sheet(&self, workspace: &WorkspaceId, id: i64) -> Result<Option<Sheet>, StoreError> {
        let row = sqlx::query(
            "SELECT id, version, document, created_at, updated_at FROM sheets WHERE id = $1 AND workspace = $2",
        )
        .bind(id)
        .bind(workspace.as_str())
        .fetch_optional(&self.readers)
        .await?;
        let sheet = |row: &Row| {
            Ok(Sheet {
                id: get(row, "id")?,
                version: get(row, "version")?,
                document: get(row, "document")?,
                created_at: moment(row, "created_at")?,
                updated_at: moment(row, "updated_at")?,
            })
        };
        row.as_ref().map(sheet).transpose()
    }

    async fn change_sheet(
        &self,
        workspace: &WorkspaceId,
        read: &Sheet,
        document: &str,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let (workspace, document) = (workspace.clone(), document.to_owned());
        let (id, version) = (read.id, read.version);
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query(
                    "UPDATE sheets SET document = $4, version = version + 1, updated_at = $5 \
                     WHERE id = $1 AND workspace = $2 AND version = $3",
                )
                .bind(id)
                .bind(workspace.as_str())
                .bind(version)
                .bind(document)
                .bind(now.millis())
                .execute(connection)
                .await?;
                Ok(done.rows_affected() > 0)
            })
        })
        .await
    }

    async fn remove_sheet(&self, workspace: &WorkspaceId, id: i64) -> Result<bool, StoreError> {
        let workspace = workspace.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query("DELETE FROM sheets WHERE id = $1 AND workspace = $2")
                    .bind(id)
                    .bind(workspace.as_str())
                    .execute(connection)
                    .await?;
                Ok(done.rows_affected() > 0)
            })
        })
        .await
    }

    async fn generate(
        &self,
        new: NewGeneration,
        now: Moment,
        key_lives: Duration,
    ) -> Result<Generated, StoreError> {
        let id = new.render.id.clone();
        let done = self
            .write(move |connection| {
                Box::pin(async move {
                    if let Some(key) = &new.render.idempotency
                        && let Some(taken) = take_key(connection, &new.render, key, now, key_lives).await?
                    {
                        let Submitted::Replayed(first) = taken else { return Ok((false, Generated::Clash)) };
                        let row = sqlx::query("SELECT id FROM generations WHERE render = $1")
                            .bind(first.id.as_str())
                            .fetch_one(connection)
                            .await?;
                        return Ok((false, Generated::Is(get(&row, "id")?)));
                    }
                    insert(connection, &new.render, now).await?;
                    let row = sqlx::query(
                        "INSERT INTO generations (workspace, render, sheet, cell, token, removed) \
                         VALUES ($1, $2, $3, $4, $5, FALSE) RETURNING id",
                    )
                    .bind(new.render.workspace.as_str())
                    .bind(new.render.id.as_str())
                    .bind(new.sheet)
                    .bind(new.cell)
                    .bind(new.token)
                    .fetch_one(connection)
                    .await?;
                    Ok((true, Generated::Is(get(&row, "id")?)))
                })
            })
            .await?;
        let (is_new, generated) = done;
        if is_new {
            self.signals.changed(&id);
            self.signals.queued().notify_one();
        }
        Ok(generated)
    }

    async fn generated(
        &self,
        workspace: &WorkspaceId,
        (key, fingerprint): &(String, String),
        now: Moment,
    ) -> Result<Option<Generated>, StoreError> {
        let row = sqlx::query(
            "SELECT i.fingerprint, g.id FROM idempotency i JOIN generations g ON g.render = i.render \
             WHERE i.workspace = $1 AND i.key = $2 AND i.expires_at > $3",
        )
        .bind(workspace.as_str())
        .bind(key.as_str())
        .bind(now.millis())
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(match get::<&str>(&row, "fingerprint")? == fingerprint {
            true => Generated::Is(get(&row, "id")?),
            false => Generated::Clash,
        }))
    }

    async fn go_on(
        &self,
        id: i64,
        stopped: &RenderId,
        new: NewRender,
        now: Moment,
        key_lives: Duration,
    ) -> Result<Continued, StoreError> {
        let (stopped, fresh) = (stopped.clone(), new.id.clone());
        let done = self
            .write(move |connection| {
                Box::pin(async move {
                    if let Some(key) = &new.idempotency
                        && let Some(taken) = take_key(connection, &new, key, now, key_lives).await?
                    {
                        let is_replay = matches!(taken, Submitted::Replayed(_));
                        return Ok((false, if is_replay { Continued::Done } else { Continued::Clash }));
                    }
                    let changed = sqlx::query(
                        "UPDATE generations SET render = $3 WHERE id = $1 AND render = $2 AND workspace = $4 \
                         AND NOT removed AND EXISTS (SELECT 1 FROM renders WHERE id = $2 AND status = 'cancelled')",
                    )
                    .bind(id)
                    .bind(stopped.as_str())
                    .bind(new.id.as_str())
                    .bind(new.workspace.as_str())
                    .execute(&mut *connection)
                    .await?;
                    if changed.rows_affected() == 0 {
                        // The key stands for what was done, and nothing was.
                        sqlx::query("DELETE FROM idempotency WHERE render = $1")
                            .bind(new.id.as_str())
                            .execute(connection)
                            .await?;
                        return Ok((false, Continued::Unfit));
                    }
                    // Whoever asks again under the key of the first is told of what goes on.
                    sqlx::query("UPDATE idempotency SET render = $2 WHERE render = $1")
                        .bind(stopped.as_str())
                        .bind(new.id.as_str())
                        .execute(&mut *connection)
                        .await?;
                    insert(connection, &new, now).await?;
                    Ok((true, Continued::Done))
                })
            })
            .await?;
        let (is_new, continued) = done;
        if is_new {
            self.signals.changed(&fresh);
            self.signals.queued().notify_one();
        }
        Ok(continued)
    }

    async fn generation(&self, workspace: &WorkspaceId, id: i64) -> Result<Option<Generation>, StoreError> {
        let row = sqlx::query(concat!(select!(), "WHERE g.generation = $1 AND g.owner = $2"))
            .bind(id)
            .bind(workspace.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(generation).transpose()
    }

    async fn generation_of(&self, token: &str) -> Result<Option<Generation>, StoreError> {
        let row = sqlx::query(concat!(select!(), "WHERE g.token = $1 AND NOT g.removed"))
            .bind(token)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(generation).transpose()
    }

    async fn generations(
        &self,
        workspace: &WorkspaceId,
        filter: GenerationFilter,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<Generation>, StoreError> {
        let rows = sqlx::query(concat!(
            select!(),
            "WHERE g.owner = $1 AND ($2 = 0 OR g.sheet = $2) AND ($3 = 0 OR g.cell = $3) \
             ORDER BY g.generation DESC LIMIT $4 OFFSET $5"
        ))
        .bind(workspace.as_str())
        .bind(filter.sheet.unwrap_or(0))
        .bind(filter.cell.unwrap_or(0))
        .bind(i64::from(limit))
        .bind(i64::from(skip))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(generation).collect()
    }

    async fn remove_film(&self, workspace: &WorkspaceId, id: i64, url: &str) -> Result<bool, StoreError> {
        let (workspace, url) = (workspace.clone(), url.to_owned());
        let removed = self
            .write(move |connection| {
                Box::pin(async move {
                    let row = sqlx::query(
                        "UPDATE generations SET removed = TRUE WHERE id = $1 AND workspace = $2 AND NOT removed \
                         AND EXISTS (SELECT 1 FROM renders WHERE id = generations.render AND status = 'completed') \
                         RETURNING render",
                    )
                    .bind(id)
                    .bind(workspace.as_str())
                    .fetch_optional(&mut *connection)
                    .await?;
                    let Some(row) = row else { return Ok(None) };
                    let render: String = get(&row, "render")?;
                    let row = sqlx::query("SELECT output_key, thumbnail_key FROM renders WHERE id = $1")
                        .bind(render.as_str())
                        .fetch_one(&mut *connection)
                        .await?;
                    for column in ["output_key", "thumbnail_key"] {
                        if let Some(key) = get::<Option<String>>(&row, column)? {
                            note_unneeded(connection, &key).await?;
                        }
                    }
                    sqlx::query(
                        "UPDATE renders SET output = NULL, output_key = NULL, thumbnail_key = NULL WHERE id = $1",
                    )
                    .bind(render.as_str())
                    .execute(&mut *connection)
                    .await?;
                    sqlx::query("DELETE FROM assets WHERE workspace = $1 AND copied_from = $2")
                        .bind(workspace.as_str())
                        .bind(url)
                        .execute(connection)
                        .await?;
                    Ok(Some(RenderId::stored(render)))
                })
            })
            .await?;
        if let Some(render) = &removed {
            self.signals.changed(render);
        }
        Ok(removed.is_some())
    }
}
