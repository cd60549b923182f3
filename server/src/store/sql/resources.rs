//! Files that callers sent through the second interface.

use async_trait::async_trait;

use super::decode::{get, moment, number_or_none};
use super::media::{asset, insert_asset};
use super::{Backend, Connection, Row};
use crate::id::{AssetId, WorkspaceId};
use crate::moment::Moment;
use crate::store::{
    AssetKind, Listed, NewResource, Promise, Resource, ResourceFilter, Resources, StoreError,
};

/// Files with their assets; a condition follows.
macro_rules! select {
    () => {
        "SELECT f.*, a.* FROM (SELECT id AS file_number, asset AS held, token, filename, promised_bytes, \
         promised_md5, attached, created_at AS added_at FROM resources) f JOIN assets a ON a.id = f.held "
    };
}

fn resource(row: &Row) -> Result<Resource, StoreError> {
    let bytes: Option<u64> = number_or_none(row, "promised_bytes")?;
    let md5: Option<String> = get(row, "promised_md5")?;
    Ok(Resource {
        id: get(row, "file_number")?,
        asset: asset(row)?,
        token: get(row, "token")?,
        filename: get(row, "filename")?,
        promise: bytes.zip(md5).map(|(bytes, md5)| Promise { bytes, md5 }),
        is_attached: get(row, "attached")?,
        created_at: moment(row, "added_at")?,
    })
}

/// Notes that the file of a key goes once nothing needs it.
pub(super) async fn note_unneeded(connection: &mut Connection, key: &str) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO unneeded (object_key) VALUES ($1) ON CONFLICT (object_key) DO NOTHING")
        .bind(key)
        .execute(connection)
        .await?;
    Ok(())
}

#[async_trait]
impl Resources for Backend {
    async fn add_resource(&self, new: NewResource, now: Moment) -> Result<i64, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                insert_asset(connection, &new.asset).await?;
                let bytes = new.promise.as_ref().map(|promise| promise.bytes);
                let row = sqlx::query(
                    "INSERT INTO resources (workspace, asset, token, filename, promised_bytes, promised_md5, \
                     attached, created_at) VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7) RETURNING id",
                )
                .bind(new.asset.workspace.as_str())
                .bind(new.asset.id.as_str())
                .bind(new.token)
                .bind(new.filename)
                .bind(bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX)))
                .bind(new.promise.map(|promise| promise.md5))
                .bind(now.millis())
                .fetch_one(connection)
                .await?;
                get(&row, "id")
            })
        })
        .await
    }

    async fn resource(&self, workspace: &WorkspaceId, id: i64) -> Result<Option<Resource>, StoreError> {
        let row = sqlx::query(concat!(select!(), "WHERE f.file_number = $1 AND a.workspace = $2"))
            .bind(id)
            .bind(workspace.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(resource).transpose()
    }

    async fn resource_with(
        &self,
        workspace: &WorkspaceId,
        asset: &AssetId,
    ) -> Result<Option<Resource>, StoreError> {
        let row = sqlx::query(concat!(select!(), "WHERE a.id = $1 AND a.workspace = $2"))
            .bind(asset.as_str())
            .bind(workspace.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(resource).transpose()
    }

    async fn resource_of(&self, token: &str) -> Result<Option<Resource>, StoreError> {
        let row = sqlx::query(concat!(select!(), "WHERE f.token = $1 AND f.attached"))
            .bind(token)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(resource).transpose()
    }

    async fn attach_resource(&self, workspace: &WorkspaceId, id: i64) -> Result<(), StoreError> {
        let workspace = workspace.clone();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("UPDATE resources SET attached = TRUE WHERE id = $1 AND workspace = $2")
                    .bind(id)
                    .bind(workspace.as_str())
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }

    async fn resources(
        &self,
        workspace: &WorkspaceId,
        filter: ResourceFilter,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<Listed>, StoreError> {
        let rows = sqlx::query(
            "SELECT sent, file_number FROM ( \
             SELECT CAST(0 AS BIGINT) AS sent, g.id AS file_number, r.created_at AS added_at FROM generations g \
             JOIN renders r ON r.id = g.render WHERE g.workspace = $1 AND r.status = 'completed' \
             AND NOT g.removed AND ($2 = 0 OR g.sheet = $2) AND $3 IN ('', 'video') \
             UNION ALL SELECT CAST(1 AS BIGINT), f.id, f.created_at FROM resources f JOIN assets a ON a.id = f.asset \
             WHERE f.workspace = $1 AND f.attached AND $2 = 0 AND ($3 = '' OR a.kind = $3) \
             ) listed ORDER BY added_at DESC, file_number DESC LIMIT $4 OFFSET $5",
        )
        .bind(workspace.as_str())
        .bind(filter.sheet.unwrap_or(0))
        .bind(filter.kind.map_or("", AssetKind::name))
        .bind(i64::from(limit))
        .bind(i64::from(skip))
        .fetch_all(&self.readers)
        .await?;
        let listed = |row: &Row| {
            let number = get(row, "file_number")?;
            let is_sent = get::<i64>(row, "sent")? != 0;
            Ok(if is_sent { Listed::Sent(number) } else { Listed::Film(number) })
        };
        rows.iter().map(listed).collect()
    }

    async fn rename_resource(
        &self,
        workspace: &WorkspaceId,
        which: Listed,
        name: &str,
    ) -> Result<bool, StoreError> {
        let (workspace, name) = (workspace.clone(), name.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                let (statement, id) = match which {
                    Listed::Film(id) => {
                        ("UPDATE generations SET filename = $3 WHERE id = $1 AND workspace = $2 AND NOT removed", id)
                    }
                    Listed::Sent(id) => {
                        ("UPDATE resources SET filename = $3 WHERE id = $1 AND workspace = $2 AND attached", id)
                    }
                };
                let done = sqlx::query(statement)
                    .bind(id)
                    .bind(workspace.as_str())
                    .bind(name)
                    .execute(connection)
                    .await?;
                Ok(done.rows_affected() > 0)
            })
        })
        .await
    }

    async fn remove_resource(&self, workspace: &WorkspaceId, id: i64) -> Result<bool, StoreError> {
        let workspace = workspace.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let row =
                    sqlx::query("DELETE FROM resources WHERE id = $1 AND workspace = $2 RETURNING asset")
                        .bind(id)
                        .bind(workspace.as_str())
                        .fetch_optional(&mut *connection)
                        .await?;
                let Some(row) = row else { return Ok(false) };
                let row = sqlx::query("DELETE FROM assets WHERE id = $1 RETURNING object_key")
                    .bind(get::<String>(&row, "asset")?)
                    .fetch_optional(&mut *connection)
                    .await?;
                let key = row.as_ref().map(|row| get::<Option<String>>(row, "object_key")).transpose()?;
                if let Some(key) = key.flatten() {
                    note_unneeded(connection, &key).await?;
                }
                Ok(true)
            })
        })
        .await
    }

    async fn unneeded(&self, after: &str, limit: u32) -> Result<Vec<String>, StoreError> {
        let rows =
            sqlx::query("SELECT object_key FROM unneeded WHERE object_key > $1 ORDER BY object_key LIMIT $2")
                .bind(after)
                .bind(i64::from(limit))
                .fetch_all(&self.readers)
                .await?;
        rows.iter().map(|row| get(row, "object_key")).collect()
    }

    async fn forget_unneeded(&self, key: &str) -> Result<(), StoreError> {
        let key = key.to_owned();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("DELETE FROM unneeded WHERE object_key = $1")
                    .bind(key)
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}
