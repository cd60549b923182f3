//! The embedded database: one file, one writer.

mod dispatch;
#[cfg(test)]
mod explore;
mod writer;

#[path = "../sql/decode.rs"]
mod decode;
#[path = "../sql/events.rs"]
mod events;
#[path = "../sql/keys.rs"]
mod keys;
#[path = "../sql/leases.rs"]
mod leases;
#[path = "../sql/media.rs"]
mod media;
#[path = "../sql/renders.rs"]
mod renders;
#[path = "../sql/resources.rs"]
mod resources;
#[path = "../sql/sheets.rs"]
mod sheets;
#[path = "../sql/usage.rs"]
mod usage;
#[path = "../sql/webhooks.rs"]
mod webhooks;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions as _};

use super::{Signals, Store, StoreError};
use writer::Writer;

type Database = sqlx::Sqlite;
type Connection = sqlx::SqliteConnection;
type Row = sqlx::sqlite::SqliteRow;

/// How long a write waits for another process that writes.
const BUSY: Duration = Duration::from_secs(5);
/// Connections that read side by side.
const READERS: u32 = 4;
/// The tables as they were first, with the key that counts up.
const SCHEMA: &str = include_str!("../sql/schema.sql");
/// What the second version adds.
const SCHEMA_2: &str = include_str!("../sql/schema_2.sql");
const COUNTED_KEY: &str = "INTEGER PRIMARY KEY AUTOINCREMENT";
/// The version of the tables that this server works with.
const VERSION: i64 = 2;

/// A store in a file.
pub struct Backend {
    readers: SqlitePool,
    writer: Writer,
    signals: Signals,
}

impl Backend {
    /// Opens the file, making it as needed.
    ///
    /// # Errors
    /// When it cannot be read or written, or is of a newer server.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What was answered has to be there after a power loss, too; set by hand, because libraries
            // differ in what they do unasked.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .foreign_keys(true)
            .disable_statement_logging();
        let mut connection = options.connect().await?;
        migrate(&mut connection).await?;
        // Only the migrations: the library's own set-up would turn flushing to disk off.
        apalis_sqlite::SqliteStorage::migrations()
            .run(&mut connection)
            .await
            .map_err(|error| StoreError::Database(error.to_string()))?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(BUSY)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self { readers, writer: Writer::start(connection), signals: Signals::new() })
    }

    /// Does something in a transaction and returns once it is on disk.
    async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        self.writer.write(work).await
    }
}

/// Brings our tables up to date. Two processes may try at once: the second finds it done.
async fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *connection).await?;
    if version > VERSION {
        return Err(StoreError::Database(format!(
            "the database is of version {version}, and this server knows {VERSION}"
        )));
    }
    if version < 1 {
        let schema = SCHEMA.replace("COUNTED_KEY", COUNTED_KEY);
        sqlx::raw_sql(AssertSqlSafe(schema)).execute(&mut *connection).await?;
    }
    if version < 2 {
        let schema = SCHEMA_2.replace("COUNTED_KEY", COUNTED_KEY);
        sqlx::raw_sql(AssertSqlSafe(schema)).execute(&mut *connection).await?;
        sqlx::raw_sql("PRAGMA user_version = 2").execute(&mut *connection).await?;
    }
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(())
}

#[async_trait]
impl Store for Backend {
    fn signals(&self) -> &Signals {
        &self.signals
    }

    async fn check(&self) -> Result<(), StoreError> {
        // An empty transaction takes and gives back the right to write.
        self.write(|_| Box::pin(async { Ok(()) })).await
    }

    async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Moment;
    use crate::store::{Keys as _, Resources as _, Sheets as _};

    #[tokio::test]
    async fn a_database_of_the_first_version_is_brought_up_to_date() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vid.db");
        let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
        let mut connection = options.connect().await.unwrap();
        let schema = SCHEMA.replace("COUNTED_KEY", COUNTED_KEY);
        sqlx::raw_sql(AssertSqlSafe(schema)).execute(&mut connection).await.unwrap();
        sqlx::raw_sql("PRAGMA user_version = 1").execute(&mut connection).await.unwrap();
        drop(connection);
        for _ in 0..2 {
            let store = Backend::open(&file).await.unwrap();
            let workspace = store.workspace("test", Moment::now()).await.unwrap().id;
            assert!(store.generations(&workspace, Default::default(), 0, 9).await.unwrap().is_empty());
            assert!(store.resources(&workspace, Default::default(), 0, 9).await.unwrap().is_empty());
            store.close().await;
        }
    }
}
