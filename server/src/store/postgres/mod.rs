//! The shared database: several servers and workers on one store.

mod dispatch;

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

use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use sqlx::AssertSqlSafe;
use sqlx::postgres::{PgPool, PgPoolOptions};

use super::{Signals, Store, StoreError};

type Database = sqlx::Postgres;
type Connection = sqlx::PgConnection;
type Row = sqlx::postgres::PgRow;

/// How long a caller waits for a connection.
const BUSY: Duration = Duration::from_secs(5);
/// Connections of one process.
const CONNECTIONS: u32 = 16;
/// The tables as they were first, with the key that counts up.
const SCHEMA: &str = include_str!("../sql/schema.sql");
/// What the second version adds.
const SCHEMA_2: &str = include_str!("../sql/schema_2.sql");
const COUNTED_KEY: &str = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
/// The version of the tables that this server works with.
const VERSION: i64 = 2;
/// The lock that processes hold while they change tables: the bytes of `vid`.
const MIGRATION_LOCK: i64 = 0x0076_6964;

/// A store on a server of its own.
pub struct Backend {
    readers: PgPool,
    signals: Signals,
}

impl Backend {
    /// Connects to the server, making our tables as needed.
    ///
    /// # Errors
    /// When it cannot be reached, or its tables are of a newer server.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let readers =
            PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(BUSY).connect(url).await?;
        migrate(&readers).await?;
        apalis_postgres::PostgresStorage::<()>::migrations()
            .run(&readers)
            .await
            .map_err(|error| StoreError::Database(error.to_string()))?;
        Ok(Self { readers, signals: Signals::new() })
    }

    /// Does something in a transaction and returns once it is on disk.
    async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        let mut transaction = self.readers.begin().await?;
        // Dropped without a commit, the transaction is rolled back.
        let value = work(&mut transaction).await?;
        transaction.commit().await?;
        Ok(value)
    }
}

/// Brings our tables up to date. Two processes may try at once: the second finds it done.
async fn migrate(pool: &PgPool) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(MIGRATION_LOCK).execute(&mut *transaction).await?;
    sqlx::raw_sql("CREATE TABLE IF NOT EXISTS vid_version (version BIGINT NOT NULL)")
        .execute(&mut *transaction)
        .await?;
    let version: Option<i64> =
        sqlx::query_scalar("SELECT MAX(version) FROM vid_version").fetch_one(&mut *transaction).await?;
    let version = version.unwrap_or(0);
    if version > VERSION {
        return Err(StoreError::Database(format!(
            "the database is of version {version}, and this server knows {VERSION}"
        )));
    }
    if version < 1 {
        let schema = SCHEMA.replace("COUNTED_KEY", COUNTED_KEY);
        sqlx::raw_sql(AssertSqlSafe(schema)).execute(&mut *transaction).await?;
    }
    if version < 2 {
        let schema = SCHEMA_2.replace("COUNTED_KEY", COUNTED_KEY);
        sqlx::raw_sql(AssertSqlSafe(schema)).execute(&mut *transaction).await?;
        sqlx::raw_sql("INSERT INTO vid_version VALUES (2)").execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}

#[async_trait]
impl Store for Backend {
    fn signals(&self) -> &Signals {
        &self.signals
    }

    async fn check(&self) -> Result<(), StoreError> {
        // A table that is written to tells more than an answer.
        self.write(|connection| {
            Box::pin(async move {
                sqlx::query("UPDATE vid_version SET version = version").execute(connection).await?;
                Ok(())
            })
        })
        .await
    }

    async fn close(&self) {
        self.readers.close().await;
    }
}
