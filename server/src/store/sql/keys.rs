//! Workspaces and their keys.

use async_trait::async_trait;

use super::decode::{get, moment, moment_or_none};
use super::{Backend, Row};
use crate::id::{KeyId, WorkspaceId};
use crate::moment::Moment;
use crate::store::{KeyHash, KeyRow, Keys, NewKey, Page, PageRequest, StoreError, Workspace};

fn workspace(row: &Row) -> Result<Workspace, StoreError> {
    Ok(Workspace {
        id: WorkspaceId::stored(get(row, "id")?),
        name: get(row, "name")?,
        webhook_secret: get(row, "webhook_secret")?,
        created_at: moment(row, "created_at")?,
    })
}

fn key(row: &Row) -> Result<KeyRow, StoreError> {
    Ok(KeyRow {
        id: KeyId::stored(get(row, "id")?),
        workspace: WorkspaceId::stored(get(row, "workspace")?),
        name: get(row, "name")?,
        prefix: get(row, "prefix")?,
        created_at: moment(row, "created_at")?,
        last_used_at: moment_or_none(row, "last_used_at")?,
        revoked_at: moment_or_none(row, "revoked_at")?,
    })
}

#[async_trait]
impl Keys for Backend {
    async fn workspace(&self, name: &str, now: Moment) -> Result<Workspace, StoreError> {
        let name = name.to_owned();
        self.write(move |connection| {
            Box::pin(async move {
                let all = "SELECT id, name, webhook_secret, created_at FROM workspaces ORDER BY id LIMIT 1";
                if let Some(row) = sqlx::query(all).fetch_optional(&mut *connection).await? {
                    return workspace(&row);
                }
                let id = WorkspaceId::generate();
                sqlx::query("INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3)")
                    .bind(id.as_str())
                    .bind(name.as_str())
                    .bind(now.millis())
                    .execute(&mut *connection)
                    .await?;
                Ok(Workspace { id, name, webhook_secret: None, created_at: now })
            })
        })
        .await
    }

    async fn workspace_of(&self, id: &WorkspaceId) -> Result<Option<Workspace>, StoreError> {
        let row = sqlx::query("SELECT id, name, webhook_secret, created_at FROM workspaces WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(workspace).transpose()
    }

    async fn secret(&self, name: &str, candidate: &str) -> Result<String, StoreError> {
        let (name, candidate) = (name.to_owned(), candidate.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                )
                .bind(name.as_str())
                .bind(candidate.as_str())
                .execute(&mut *connection)
                .await?;
                let row = sqlx::query("SELECT value FROM secrets WHERE name = $1")
                    .bind(name.as_str())
                    .fetch_one(&mut *connection)
                    .await?;
                get(&row, "value")
            })
        })
        .await
    }

    async fn add_key(&self, new: NewKey, now: Moment) -> Result<(), StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO api_keys (id, workspace, name, hash, prefix, created_at) \
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (hash) DO NOTHING",
                )
                .bind(new.id.as_str())
                .bind(new.workspace.as_str())
                .bind(new.name.as_str())
                .bind(new.hash.0.as_str())
                .bind(new.prefix.as_str())
                .bind(now.millis())
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    async fn key(&self, hash: &KeyHash) -> Result<Option<KeyRow>, StoreError> {
        let row = sqlx::query(
            "SELECT id, workspace, name, prefix, created_at, last_used_at, revoked_at FROM api_keys \
             WHERE hash = $1",
        )
        .bind(hash.0.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(key).transpose()
    }

    async fn keys(&self, workspace: &WorkspaceId, page: &PageRequest) -> Result<Page<KeyRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, workspace, name, prefix, created_at, last_used_at, revoked_at FROM api_keys \
             WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        )
        .bind(workspace.as_str())
        .bind(page.below())
        .bind(page.probe())
        .fetch_all(&self.readers)
        .await?;
        let rows = rows.iter().map(key).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::of(rows, page, |row| row.id.as_str()))
    }

    async fn revoke_key(&self, workspace: &WorkspaceId, id: &KeyId, now: Moment) -> Result<bool, StoreError> {
        let (workspace, id) = (workspace.clone(), id.clone());
        self.write(move |connection| {
            Box::pin(async move {
                // A key that is revoked already keeps its date.
                let done = sqlx::query(
                    "UPDATE api_keys SET revoked_at = COALESCE(revoked_at, $3) WHERE id = $1 AND workspace = $2",
                )
                .bind(id.as_str())
                .bind(workspace.as_str())
                .bind(now.millis())
                .execute(connection)
                .await?;
                Ok(done.rows_affected() > 0)
            })
        })
        .await
    }

    async fn touch_key(&self, id: &KeyId, now: Moment) -> Result<(), StoreError> {
        let id = id.clone();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("UPDATE api_keys SET last_used_at = $2 WHERE id = $1")
                    .bind(id.as_str())
                    .bind(now.millis())
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}
