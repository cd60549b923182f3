//! Registered receivers.

use async_trait::async_trait;

use super::decode::{get, json, moment, moment_or_none, to_json};
use super::{Backend, Row};
use crate::id::{WebhookId, WorkspaceId};
use crate::store::{Page, PageRequest, StoreError, Webhook, Webhooks};

fn webhook(row: &Row) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        id: WebhookId::stored(get(row, "id")?),
        workspace: WorkspaceId::stored(get(row, "workspace")?),
        url: get(row, "url")?,
        events: json(row, "events")?,
        enabled: get(row, "enabled")?,
        created_at: moment(row, "created_at")?,
        last_delivery_at: moment_or_none(row, "last_delivery_at")?,
    })
}

#[async_trait]
impl Webhooks for Backend {
    async fn add_webhook(&self, new: &Webhook) -> Result<(), StoreError> {
        let new = new.clone();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO webhooks (id, workspace, url, events, enabled, created_at) \
                     VALUES ($1, $2, $3, $4, $5, $6)",
                )
                .bind(new.id.as_str())
                .bind(new.workspace.as_str())
                .bind(new.url.as_str())
                .bind(to_json(&new.events))
                .bind(new.enabled)
                .bind(new.created_at.millis())
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    async fn webhook(&self, workspace: &WorkspaceId, id: &WebhookId) -> Result<Option<Webhook>, StoreError> {
        let row = sqlx::query(
            "SELECT id, workspace, url, events, enabled, created_at, last_delivery_at FROM webhooks \
             WHERE id = $1 AND workspace = $2",
        )
        .bind(id.as_str())
        .bind(workspace.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(webhook).transpose()
    }

    async fn webhooks(
        &self,
        workspace: &WorkspaceId,
        page: &PageRequest,
    ) -> Result<Page<Webhook>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, workspace, url, events, enabled, created_at, last_delivery_at FROM webhooks \
             WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        )
        .bind(workspace.as_str())
        .bind(page.below())
        .bind(page.probe())
        .fetch_all(&self.readers)
        .await?;
        let rows = rows.iter().map(webhook).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::of(rows, page, |row| row.id.as_str()))
    }

    async fn change_webhook(&self, changed: &Webhook) -> Result<bool, StoreError> {
        let changed = changed.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query(
                    "UPDATE webhooks SET url = $3, events = $4, enabled = $5 WHERE id = $1 AND workspace = $2",
                )
                .bind(changed.id.as_str())
                .bind(changed.workspace.as_str())
                .bind(changed.url.as_str())
                .bind(to_json(&changed.events))
                .bind(changed.enabled)
                .execute(connection)
                .await?;
                Ok(done.rows_affected() > 0)
            })
        })
        .await
    }

    async fn remove_webhook(&self, workspace: &WorkspaceId, id: &WebhookId) -> Result<bool, StoreError> {
        let (workspace, id) = (workspace.clone(), id.clone());
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query("DELETE FROM webhooks WHERE id = $1 AND workspace = $2")
                    .bind(id.as_str())
                    .bind(workspace.as_str())
                    .execute(&mut *connection)
                    .await?;
                // What was still to be told to it is not told any more.
                sqlx::query(
                    "UPDATE deliveries SET status = 'dead', due_at = NULL \
                     WHERE webhook = $1 AND due_at IS NOT NULL",
                )
                .bind(id.as_str())
                .execute(&mut *connection)
                .await?;
                Ok(done.rows_affected() > 0)
            })
        })
        .await
    }

    async fn set_secret(&self, workspace: &WorkspaceId, secret: &str) -> Result<(), StoreError> {
        let (workspace, secret) = (workspace.clone(), secret.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("UPDATE workspaces SET webhook_secret = $2 WHERE id = $1")
                    .bind(workspace.as_str())
                    .bind(secret.as_str())
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}
