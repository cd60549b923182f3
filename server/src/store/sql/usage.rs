//! What was used, by day.

use async_trait::async_trait;

use super::decode::{get, moment};
use super::{Backend, Connection};
use crate::id::WorkspaceId;
use crate::moment::Moment;
use crate::store::{StoreError, Usage, UsageRow};

async fn add(
    connection: &mut Connection,
    workspace: &WorkspaceId,
    (millis, renders, bytes): (i64, i64, i64),
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO usage_days (workspace, day, render_millis, renders, egress_bytes) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace, day) DO UPDATE SET \
         render_millis = usage_days.render_millis + excluded.render_millis, \
         renders = usage_days.renders + excluded.renders, \
         egress_bytes = usage_days.egress_bytes + excluded.egress_bytes",
    )
    .bind(workspace.as_str())
    .bind(now.day().millis())
    .bind(millis)
    .bind(renders)
    .bind(bytes)
    .execute(connection)
    .await?;
    Ok(())
}

/// Adds a render that completed.
pub(super) async fn add_render(
    connection: &mut Connection,
    workspace: &WorkspaceId,
    millis: i64,
    now: Moment,
) -> Result<(), StoreError> {
    add(connection, workspace, (millis, 1, 0), now).await
}

#[async_trait]
impl Usage for Backend {
    async fn usage(
        &self,
        workspace: &WorkspaceId,
        from: Moment,
        to: Moment,
    ) -> Result<Vec<UsageRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT day, render_millis, renders, egress_bytes FROM usage_days \
             WHERE workspace = $1 AND day >= $2 AND day < $3 ORDER BY day",
        )
        .bind(workspace.as_str())
        .bind(from.millis())
        .bind(to.millis())
        .fetch_all(&self.readers)
        .await?;
        let usage = |row| {
            Ok(UsageRow {
                day: moment(row, "day")?,
                render_millis: get(row, "render_millis")?,
                renders: get(row, "renders")?,
                egress_bytes: get(row, "egress_bytes")?,
            })
        };
        rows.iter().map(usage).collect()
    }

    async fn add_egress(&self, workspace: &WorkspaceId, bytes: i64, now: Moment) -> Result<(), StoreError> {
        let workspace = workspace.clone();
        self.write(move |connection| {
            Box::pin(async move { add(connection, &workspace, (0, 0, bytes), now).await })
        })
        .await
    }
}
