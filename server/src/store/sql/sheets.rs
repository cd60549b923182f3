//! Sheets, and the numbers of their renders.

use std::time::Duration;

use async_trait::async_trait;

use super::decode::{get, moment};
use super::renders::{by_id, insert, take_key};
use super::{Backend, Connection, Row};
use crate::id::WorkspaceId;
use crate::moment::Moment;
use crate::store::{
    Generated, Generation, GenerationFilter, NewGeneration, Sheet, Sheets, StoreError, Submitted,
};

/// A generation, unless its render is forgotten.
async fn generation(connection: &mut Connection, row: &Row) -> Result<Option<Generation>, StoreError> {
    let Some(render) = by_id(connection, get(row, "render")?).await? else { return Ok(None) };
    Ok(Some(Generation {
        id: get(row, "id")?,
        sheet: get(row, "sheet")?,
        cell: get(row, "cell")?,
        token: get(row, "token")?,
        is_removed: get(row, "removed")?,
        render,
    }))
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

    async fn generation(&self, workspace: &WorkspaceId, id: i64) -> Result<Option<Generation>, StoreError> {
        let mut reader = self.readers.acquire().await?;
        let row = sqlx::query("SELECT * FROM generations WHERE id = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace.as_str())
            .fetch_optional(&mut *reader)
            .await?;
        match &row {
            Some(row) => generation(&mut reader, row).await,
            None => Ok(None),
        }
    }

    async fn generation_of(&self, token: &str) -> Result<Option<Generation>, StoreError> {
        let mut reader = self.readers.acquire().await?;
        let row = sqlx::query("SELECT * FROM generations WHERE token = $1 AND NOT removed")
            .bind(token)
            .fetch_optional(&mut *reader)
            .await?;
        match &row {
            Some(row) => generation(&mut reader, row).await,
            None => Ok(None),
        }
    }

    async fn generations(
        &self,
        workspace: &WorkspaceId,
        filter: GenerationFilter,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<Generation>, StoreError> {
        let mut reader = self.readers.acquire().await?;
        let rows = sqlx::query(
            "SELECT g.* FROM generations g JOIN renders r ON r.id = g.render WHERE g.workspace = $1 \
             AND ($2 = 0 OR g.sheet = $2) AND ($3 = 0 OR g.cell = $3) \
             AND ($4 = 0 OR (r.status = 'completed' AND NOT g.removed)) \
             ORDER BY g.id DESC LIMIT $5 OFFSET $6",
        )
        .bind(workspace.as_str())
        .bind(filter.sheet.unwrap_or(0))
        .bind(filter.cell.unwrap_or(0))
        .bind(i64::from(filter.with_file))
        .bind(i64::from(limit))
        .bind(i64::from(skip))
        .fetch_all(&mut *reader)
        .await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.extend(generation(&mut reader, row).await?);
        }
        Ok(found)
    }

    async fn remove_file(&self, workspace: &WorkspaceId, id: i64) -> Result<bool, StoreError> {
        let workspace = workspace.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query(
                    "UPDATE generations SET removed = TRUE WHERE id = $1 AND workspace = $2 AND NOT removed",
                )
                .bind(id)
                .bind(workspace.as_str())
                .execute(connection)
                .await?;
                Ok(done.rows_affected() > 0)
            })
        })
        .await
    }
}
