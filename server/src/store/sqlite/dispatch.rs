//! The queue of renders that wait for a worker, as apalis keeps it.
//!
//! A place is made in the transaction that makes the render wait, and removed in the one that takes it.
//! So the library never has a job in its hands when a process dies, and its own ways of finding orphans
//! are not needed: leases do that.

use apalis_core::task::builder::TaskBuilder;
use apalis_core::worker::context::WorkerContext;
use apalis_sqlite::{Config, queries};

use super::Connection;
use crate::id::RenderId;
use crate::moment::Moment;
use crate::store::StoreError;

/// The queue's name in the library's tables.
const QUEUE: &str = "renders";

fn config() -> Config {
    Config::default().queue(QUEUE).batch_size(1)
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    match error.to_string() {
        // The library hands on SQLite's words and nothing else.
        words if words.contains("database or disk is full") => StoreError::Full,
        words => StoreError::Database(words),
    }
}

/// Makes a worker known.
pub(super) async fn enlist(connection: &mut Connection, worker: &str) -> Result<(), StoreError> {
    // Rows of workers that are long gone are of no use to anybody.
    sqlx::query(
        "DELETE FROM Workers WHERE last_seen < CAST(strftime('%s', 'now') AS INTEGER) - 86400 \
         AND id NOT IN (SELECT lock_by FROM Jobs WHERE lock_by IS NOT NULL)",
    )
    .execute(&mut *connection)
    .await?;
    let context = WorkerContext::new(worker);
    queries::register_worker(&mut *connection, &config(), &context, "vid").await?;
    Ok(())
}

/// Gives a render a place in the queue; it is not taken before `at`, to the second.
pub(super) async fn push(
    connection: &mut Connection,
    render: &RenderId,
    at: Moment,
) -> Result<(), StoreError> {
    let seconds = u64::try_from(at.seconds()).unwrap_or(0);
    let task = TaskBuilder::new(render.as_str().as_bytes().to_vec()).run_at_timestamp(seconds).build();
    queries::push_tasks(connection, QUEUE, &[task]).await.map_err(failed)
}

/// Takes the first place out of the queue.
pub(super) async fn pull(connection: &mut Connection, worker: &str) -> Result<Option<RenderId>, StoreError> {
    let context = WorkerContext::new(worker);
    let tasks = queries::fetch_next(&mut *connection, &config(), &context).await.map_err(failed)?;
    let Some(task) = tasks.into_iter().next() else { return Ok(None) };
    let id = task.task_id().map(ToString::to_string);
    sqlx::query("DELETE FROM Jobs WHERE id = $1").bind(id).execute(connection).await?;
    let render = String::from_utf8(task.args).map_err(failed)?;
    Ok(Some(RenderId::stored(render)))
}
