//! Media files and copies of remote ones.

use async_trait::async_trait;
use sqlx::QueryBuilder;

use super::decode::{failure, get, moment, moment_or_none, name, number, number_or_none};
use super::resources::note_unneeded;
use super::{Backend, Connection, Database, Row};
use crate::id::{AssetId, ImportId, WorkspaceId};
use crate::moment::Moment;
use crate::store::{
    Asset, AssetKind, AssetStatus, Import, ImportStatus, MediaShelf, NewRender, Page, PageRequest, StoreError,
};

/// The columns of [`asset`].
macro_rules! asset_columns {
    () => {
        "id, workspace, source_url, kind, content_type, status, object_key, copied_from, size_bytes, \
         duration_millis, width, height, created_at, expires_at, error_code, error_message"
    };
}

/// The columns of [`import`].
macro_rules! import_columns {
    () => {
        "id, workspace, url, filename, status, asset, error_code, error_message, tries, created_at"
    };
}

/// A file as it is stored.
pub(super) fn asset(row: &Row) -> Result<Asset, StoreError> {
    let (width, height) = (number_or_none(row, "width")?, number_or_none(row, "height")?);
    Ok(Asset {
        id: AssetId::stored(get(row, "id")?),
        workspace: WorkspaceId::stored(get(row, "workspace")?),
        source_url: get(row, "source_url")?,
        kind: name(row, "kind", AssetKind::from_name)?,
        content_type: get(row, "content_type")?,
        status: name(row, "status", AssetStatus::from_name)?,
        key: get(row, "object_key")?,
        copied_from: get(row, "copied_from")?,
        size_bytes: number_or_none(row, "size_bytes")?,
        duration_millis: get(row, "duration_millis")?,
        size: width.zip(height),
        created_at: moment(row, "created_at")?,
        expires_at: moment_or_none(row, "expires_at")?,
        error: failure(row)?,
    })
}

fn import(row: &Row) -> Result<Import, StoreError> {
    Ok(Import {
        id: ImportId::stored(get(row, "id")?),
        workspace: WorkspaceId::stored(get(row, "workspace")?),
        url: get(row, "url")?,
        filename: get(row, "filename")?,
        status: name(row, "status", ImportStatus::from_name)?,
        asset: get::<Option<String>>(row, "asset")?.map(AssetId::stored),
        error: failure(row)?,
        tries: number(row, "tries")?,
        created_at: moment(row, "created_at")?,
    })
}

/// A size as the database keeps it; no file comes near its end.
fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Puts a file on the shelf.
pub(super) async fn insert_asset(connection: &mut Connection, new: &Asset) -> Result<(), StoreError> {
    sqlx::query(concat!(
        "INSERT INTO assets (",
        asset_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    ))
    .bind(new.id.as_str())
    .bind(new.workspace.as_str())
    .bind(new.source_url.as_str())
    .bind(new.kind.name())
    .bind(new.content_type.as_str())
    .bind(new.status.name())
    .bind(new.key.as_deref())
    .bind(new.copied_from.as_deref())
    .bind(new.size_bytes.map(signed))
    .bind(new.duration_millis)
    .bind(new.size.map(|size| i64::from(size.0)))
    .bind(new.size.map(|size| i64::from(size.1)))
    .bind(new.created_at.millis())
    .bind(new.expires_at.map(Moment::millis))
    .bind(new.error.as_ref().map(|error| error.code.name()))
    .bind(new.error.as_ref().map(|error| error.message.as_str()))
    .execute(connection)
    .await?;
    Ok(())
}

/// Ids that are looked for in one statement.
const IDS: usize = 500;

/// Notes which files a render names, so that they stay as long as it may need them.
pub(super) async fn note_uses(connection: &mut Connection, new: &NewRender) -> Result<(), StoreError> {
    let named: Vec<AssetId> = AssetId::named_in(&new.body).into_iter().collect();
    for ids in named.chunks(IDS) {
        let mut query = QueryBuilder::<Database>::new("INSERT INTO asset_uses (render, asset) SELECT ");
        query.push_bind(new.id.as_str().to_owned());
        query.push(", id FROM assets WHERE workspace = ").push_bind(new.workspace.as_str().to_owned());
        query.push(" AND id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(id.as_str().to_owned());
        }
        query.push(")").build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Files that were sent or copied before `$1` and that nothing needs since. Copies that were made for a render,
/// which names them by where they come from, stay as long as it may be made.
const UNUSED: &str = "SELECT a.id, a.object_key FROM assets a WHERE a.created_at < $1 \
    AND NOT EXISTS (SELECT 1 FROM resources f WHERE f.asset = a.id) \
    AND NOT EXISTS (SELECT 1 FROM asset_uses u JOIN renders r ON r.id = u.render \
    WHERE u.asset = a.id AND (r.completed_at IS NULL OR r.completed_at >= $1)) \
    AND NOT EXISTS (SELECT 1 FROM renders r WHERE a.copied_from IS NOT NULL AND r.workspace = a.workspace \
    AND r.completed_at IS NULL AND r.created_at <= a.created_at) \
    AND NOT EXISTS (SELECT 1 FROM sheets s WHERE s.workspace = a.workspace \
    AND s.document LIKE '%' || a.id || '%') ORDER BY a.created_at LIMIT $2";

#[async_trait]
impl MediaShelf for Backend {
    async fn add_asset(&self, new: &Asset) -> Result<(), StoreError> {
        let new = new.clone();
        self.write(move |connection| Box::pin(async move { insert_asset(connection, &new).await })).await
    }

    async fn asset(&self, workspace: &WorkspaceId, id: &AssetId) -> Result<Option<Asset>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            asset_columns!(),
            " FROM assets WHERE id = $1 AND workspace = $2"
        ))
        .bind(id.as_str())
        .bind(workspace.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(asset).transpose()
    }

    async fn asset_at(&self, workspace: &WorkspaceId, source_url: &str) -> Result<Option<Asset>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            asset_columns!(),
            " FROM assets WHERE source_url = $1 AND workspace = $2"
        ))
        .bind(source_url)
        .bind(workspace.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(asset).transpose()
    }

    async fn copy_of(&self, workspace: &WorkspaceId, url: &str) -> Result<Option<Asset>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            asset_columns!(),
            " FROM assets WHERE workspace = $1 AND copied_from = $2 AND status = 'ready' \
             ORDER BY id DESC LIMIT 1"
        ))
        .bind(workspace.as_str())
        .bind(url)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(asset).transpose()
    }

    async fn change_asset(&self, changed: &Asset) -> Result<bool, StoreError> {
        let changed = changed.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query(
                    "UPDATE assets SET kind = $3, content_type = $4, status = $5, object_key = $6, \
                     size_bytes = $7, duration_millis = $8, width = $9, height = $10, error_code = $11, \
                     error_message = $12 WHERE id = $1 AND workspace = $2 AND status = 'waiting'",
                )
                .bind(changed.id.as_str())
                .bind(changed.workspace.as_str())
                .bind(changed.kind.name())
                .bind(changed.content_type.as_str())
                .bind(changed.status.name())
                .bind(changed.key.as_deref())
                .bind(changed.size_bytes.map(signed))
                .bind(changed.duration_millis)
                .bind(changed.size.map(|size| i64::from(size.0)))
                .bind(changed.size.map(|size| i64::from(size.1)))
                .bind(changed.error.as_ref().map(|error| error.code.name()))
                .bind(changed.error.as_ref().map(|error| error.message.as_str()))
                .execute(connection)
                .await?;
                Ok(done.rows_affected() > 0)
            })
        })
        .await
    }

    async fn assets(&self, workspace: &WorkspaceId, page: &PageRequest) -> Result<Page<Asset>, StoreError> {
        let rows = sqlx::query(concat!(
            "SELECT ",
            asset_columns!(),
            " FROM assets WHERE workspace = $1 AND id < $2 AND status = 'ready' \
             AND kind IN ('video', 'audio') ORDER BY id DESC LIMIT $3"
        ))
        .bind(workspace.as_str())
        .bind(page.below())
        .bind(page.probe())
        .fetch_all(&self.readers)
        .await?;
        let rows = rows.iter().map(asset).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::of(rows, page, |row| row.id.as_str()))
    }

    async fn add_import(&self, new: &Import) -> Result<(), StoreError> {
        let new = new.clone();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO imports (id, workspace, url, filename, status, tries, created_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                )
                .bind(new.id.as_str())
                .bind(new.workspace.as_str())
                .bind(new.url.as_str())
                .bind(new.filename.as_deref())
                .bind(new.status.name())
                .bind(i64::from(new.tries))
                .bind(new.created_at.millis())
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    async fn import(&self, workspace: &WorkspaceId, id: &ImportId) -> Result<Option<Import>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            import_columns!(),
            " FROM imports WHERE id = $1 AND workspace = $2"
        ))
        .bind(id.as_str())
        .bind(workspace.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(import).transpose()
    }

    async fn take_import(&self, now: Moment, until: Moment) -> Result<Option<Import>, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                // The condition is said twice: between finding a row and writing it somebody else may have
                // taken it.
                let row = sqlx::query(concat!(
                    "UPDATE imports SET lease_until = $2, tries = tries + 1 WHERE id = ( \
                     SELECT id FROM imports WHERE status = 'processing' \
                     AND (lease_until IS NULL OR lease_until <= $1) ORDER BY id LIMIT 1) \
                     AND status = 'processing' AND (lease_until IS NULL OR lease_until <= $1) RETURNING ",
                    import_columns!()
                ))
                .bind(now.millis())
                .bind(until.millis())
                .fetch_optional(connection)
                .await?;
                row.as_ref().map(import).transpose()
            })
        })
        .await
    }

    async fn renew_import(&self, held: &Import, until: Moment) -> Result<(), StoreError> {
        let held = held.clone();
        self.write(move |connection| {
            Box::pin(async move {
                // The count of tries is the number that whoever works on it has to name.
                let done = sqlx::query(
                    "UPDATE imports SET lease_until = $3 WHERE id = $1 AND tries = $2 \
                     AND status = 'processing'",
                )
                .bind(held.id.as_str())
                .bind(i64::from(held.tries))
                .bind(until.millis())
                .execute(connection)
                .await?;
                if done.rows_affected() > 0 { Ok(()) } else { Err(StoreError::Stale) }
            })
        })
        .await
    }

    async fn forget_media(&self, before: Moment, limit: u32) -> Result<u64, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let rows = sqlx::query(UNUSED)
                    .bind(before.millis())
                    .bind(i64::from(limit))
                    .fetch_all(&mut *connection)
                    .await?;
                for row in &rows {
                    let id: String = get(row, "id")?;
                    for statement in [
                        "DELETE FROM asset_uses WHERE asset = $1",
                        "DELETE FROM imports WHERE asset = $1",
                        "DELETE FROM assets WHERE id = $1",
                    ] {
                        sqlx::query(statement).bind(id.as_str()).execute(&mut *connection).await?;
                    }
                    if let Some(key) = get::<Option<String>>(row, "object_key")? {
                        note_unneeded(connection, &key).await?;
                    }
                }
                sqlx::query(
                    "DELETE FROM imports WHERE created_at < $1 AND status <> 'processing' \
                     AND NOT EXISTS (SELECT 1 FROM assets WHERE assets.id = imports.asset)",
                )
                .bind(before.millis())
                .execute(connection)
                .await?;
                Ok(rows.len() as u64)
            })
        })
        .await
    }

    async fn change_import(&self, changed: &Import) -> Result<(), StoreError> {
        let changed = changed.clone();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE imports SET status = $2, asset = $3, error_code = $4, error_message = $5, \
                     lease_until = NULL WHERE id = $1 AND tries = $6 AND status = 'processing'",
                )
                .bind(changed.id.as_str())
                .bind(changed.status.name())
                .bind(changed.asset.as_ref().map(AssetId::as_str))
                .bind(changed.error.as_ref().map(|error| error.code.name()))
                .bind(changed.error.as_ref().map(|error| error.message.as_str()))
                .bind(i64::from(changed.tries))
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }
}
