//! One writer for all: what waits is written together, flushed once, and answered after that.
//!
//! SQLite has one writer at a time anyway. A flush to disk costs the same for one row as for many, so
//! whoever comes while a flush is under way shares the next one. Each piece of work stands between
//! savepoints: one that fails takes nothing else with it.

use std::sync::Mutex;
use std::sync::PoisonError;

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::Connection;
use crate::store::{GROUP, StoreError};

/// Work that waits; more callers than this wait in line themselves.
const WAITING: usize = 4096;

/// Tells the caller what became of its work, once that is certain.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// Something to be written, by whom it does not matter.
trait Work: Send {
    /// Does it. Says whether it is to be kept, and who waits.
    fn run(self: Box<Self>, connection: &mut Connection) -> BoxFuture<'_, (bool, Answer)>;

    /// Does not do it, and says why.
    fn refuse(self: Box<Self>, error: StoreError);
}

/// Something to be written, with the caller that waits for it.
struct Piece<T, F> {
    work: F,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Work for Piece<T, F>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
{
    fn run(self: Box<Self>, connection: &mut Connection) -> BoxFuture<'_, (bool, Answer)> {
        Box::pin(async move {
            let Self { work, reply } = *self;
            let result = work(connection).await;
            let is_kept = result.is_ok();
            let tell: Answer = Box::new(move |committed| {
                // A caller that went away wants no answer; what it asked for is done all the same.
                let _ = reply.send(result.and_then(|value| committed.map(|()| value)));
            });
            (is_kept, tell)
        })
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        let _ = self.reply.send(Err(error));
    }
}

/// The way to the writer. Dropping it ends the writer after what it has.
pub(super) struct Writer {
    line: Mutex<Option<mpsc::Sender<Box<dyn Work>>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the writer, which owns its connection from now on.
    pub(super) fn start(connection: Connection) -> Self {
        let (line, work) = mpsc::channel(WAITING);
        let task = tokio::spawn(run(connection, work));
        Self { line: Mutex::new(Some(line)), task: Mutex::new(Some(task)) }
    }

    /// Has something done, and returns once it is on disk.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let line = self.line.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let closed = || StoreError::Database("the store is closed".to_owned());
        line.ok_or_else(closed)?.send(Box::new(Piece { work, reply })).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Finishes what waits, and ends.
    pub(super) async fn close(&self) {
        drop(self.line.lock().unwrap_or_else(PoisonError::into_inner).take());
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            // A writer that panicked is as closed as one that did not.
            let _ = task.await;
        }
    }
}

async fn run(mut connection: Connection, mut line: mpsc::Receiver<Box<dyn Work>>) {
    let mut group = Vec::with_capacity(GROUP);
    loop {
        if group.is_empty() && line.recv_many(&mut group, GROUP).await == 0 {
            break;
        }
        write_group(&mut connection, &mut group).await;
    }
    // Nothing is lost if this fails: the next one to open the file does the same.
    let _ = sqlx::Connection::close(connection).await;
}

/// Writes as much of the group as one transaction takes; the rest stays in it.
async fn write_group(connection: &mut Connection, group: &mut Vec<Box<dyn Work>>) {
    if let Err(error) = execute(connection, "BEGIN IMMEDIATE").await {
        group.drain(..).for_each(|work| work.refuse(error.clone()));
        return;
    }
    let mut waiting = Vec::with_capacity(group.len());
    let mut works = std::mem::take(group).into_iter();
    let mut outcome = Ok(());
    for work in works.by_ref() {
        outcome = write_one(connection, work, &mut waiting).await;
        if outcome.is_err() {
            // The database has given up the whole transaction, as it does when the disk is full.
            break;
        }
    }
    group.extend(works);
    if outcome.is_ok() {
        outcome = execute(connection, "COMMIT").await;
    }
    if outcome.is_err() {
        // There may be nothing to roll back any more.
        let _ = execute(connection, "ROLLBACK").await;
    }
    for tell in waiting {
        tell(outcome.clone());
    }
}

/// Does one piece of work. An error is one of the transaction; the work's own errors are its caller's.
async fn write_one(
    connection: &mut Connection,
    work: Box<dyn Work>,
    waiting: &mut Vec<Answer>,
) -> Result<(), StoreError> {
    if let Err(error) = execute(connection, "SAVEPOINT work").await {
        work.refuse(error.clone());
        return Err(error);
    }
    let (is_kept, tell) = work.run(connection).await;
    waiting.push(tell);
    if !is_kept {
        execute(connection, "ROLLBACK TO work").await?;
    }
    execute(connection, "RELEASE work").await
}

async fn execute(connection: &mut Connection, statement: &'static str) -> Result<(), StoreError> {
    sqlx::query(statement).execute(connection).await?;
    Ok(())
}
