//! The real store, held against the model in every state that there is.
//!
//! Each state of the model is reached once, with its rows put aside. From there every step is taken in the
//! database, what it answers and what its rows hold afterwards is compared, and the rows are put back.

use std::collections::BTreeMap;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _};
use tempfile::TempDir;

use super::{Backend, Connection, Writer};
use crate::error::ErrorCode;
use crate::id::{RenderId, WorkspaceId};
use crate::moment::Moment;
use crate::store::model::{Belief, Holder, Job, LIMITS, Op, Outcome, Phase, State, TICKS, Write, check_step};
use crate::store::{
    Cancelled, EventKind, Failure, Keys, Lease, Leases, NewRender, Output, Renders, Signals, StoreError,
};

/// Asks for two renders, too.
const ALL: &str = "VID_EXPLORE_ALL";
/// Milliseconds of a tick.
const TICK: i64 = 1000;
/// Names that a worker has in turn, each time it was killed.
const NAMES: usize = 4;

/// A state that was reached, and what the model does not know of it.
#[derive(Clone)]
struct Node {
    state: State,
    /// The number under which its rows are kept.
    kept: usize,
    now: i64,
    leases: Vec<Option<Lease>>,
    names: Vec<String>,
}

struct World {
    store: Backend,
    /// Reads and puts back rows beside the store.
    side: Connection,
    jobs: Vec<RenderId>,
    workspace: WorkspaceId,
    /// The columns of what is put aside.
    columns: BTreeMap<&'static str, String>,
    _folder: TempDir,
}

impl World {
    async fn new(jobs: &[Phase], workers: usize) -> (Self, Node) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vid.db");
        Backend::open(&file).await.unwrap();
        // Nobody cuts the power here, and there is much to write.
        let options = SqliteConnectOptions::new().filename(&file).synchronous(SqliteSynchronous::Off);
        let store = Backend {
            readers: SqlitePoolOptions::new().connect_with(options.clone()).await.unwrap(),
            writer: Writer::start(options.connect().await.unwrap()),
            signals: Signals::new(),
        };
        let side = options.foreign_keys(false).connect().await.unwrap();
        let workspace = store.workspace("test", Moment::from_millis(0)).await.unwrap().id;
        let mut world =
            Self { store, side, jobs: Vec::new(), workspace, columns: BTreeMap::new(), _folder: folder };
        for phase in jobs {
            world.submit(*phase).await;
        }
        for worker in 0..workers {
            for turn in 0..NAMES {
                world.store.enlist(&name(worker, turn)).await.unwrap();
            }
        }
        for table in ["renders", "Jobs"] {
            let columns =
                format!("SELECT group_concat('\"' || name || '\"') FROM pragma_table_info('{table}')");
            let columns: String =
                sqlx::query_scalar(AssertSqlSafe(columns)).fetch_one(&mut world.side).await.unwrap();
            let kept = format!(
                "CREATE TABLE kept_{table} AS SELECT 0 AS kept, {columns} FROM {table} WHERE 0;
                 CREATE INDEX kept_{table}_in ON kept_{table} (kept);"
            );
            world.run(kept).await;
            world.columns.insert(table, columns);
        }
        world.run("DELETE FROM events".to_owned()).await;
        world.keep(0).await;
        let node = Node {
            state: State::new(jobs, workers),
            kept: 0,
            now: TICK,
            leases: vec![None; workers],
            names: (0..workers).map(|worker| name(worker, 0)).collect(),
        };
        (world, node)
    }

    async fn submit(&mut self, phase: Phase) {
        let new = NewRender {
            id: RenderId::generate(),
            workspace: self.workspace.clone(),
            body: "{}".to_owned(),
            metadata: "{}".to_owned(),
            webhook_url: None,
            ingests: phase == Phase::Ingesting,
            idempotency: None,
        };
        self.jobs.push(new.id.clone());
        self.store.submit(new, Moment::from_millis(0), std::time::Duration::ZERO).await.unwrap();
    }

    async fn run(&mut self, statements: String) {
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut self.side).await.unwrap();
    }

    /// Puts the rows aside.
    async fn keep(&mut self, number: usize) {
        let copy = |(table, columns): (&&str, &String)| {
            format!("INSERT INTO kept_{table} SELECT {number}, {columns} FROM {table};")
        };
        let copies: String = self.columns.iter().map(copy).collect();
        self.run(format!("BEGIN IMMEDIATE; {copies} COMMIT;")).await;
    }

    /// Puts them back.
    async fn restore(&mut self, number: usize) {
        let copy = |(table, columns): (&&str, &String)| {
            format!(
                "DELETE FROM {table}; INSERT INTO {table} ({columns}) SELECT {columns} FROM kept_{table}
                 WHERE kept = {number};"
            )
        };
        let copies: String = self.columns.iter().map(copy).collect();
        self.run(format!("BEGIN IMMEDIATE; {copies} DELETE FROM events; COMMIT;")).await;
    }

    /// Does it in the database. Returns what was answered.
    async fn act(&self, node: &mut Node, op: Op) -> Outcome {
        let (now, until) =
            (Moment::from_millis(node.now), Moment::from_millis(node.now + TICK * i64::from(TICKS)));
        match op {
            Op::Take(worker) => {
                let taken = self.store.take(&node.names[worker], now, until).await.unwrap();
                let job = taken.as_ref().map(|taken| self.number(&taken.lease.render));
                node.leases[worker] = taken.map(|taken| taken.lease);
                Outcome::Took(job)
            }
            Op::Under(worker, write) => {
                let lease = node.leases[worker].clone().unwrap();
                match self.write(&lease, write, now, until).await {
                    Ok(outcome) => outcome,
                    Err(StoreError::Stale) => Outcome::Stale,
                    Err(error) => panic!("{error}"),
                }
            }
            Op::Kill(worker) => {
                node.leases[worker] = None;
                let holders = self.store.holders().await.unwrap();
                let free = (0..NAMES).map(|turn| name(worker, turn)).find(|name| !holders.contains(name));
                node.names[worker] = free.unwrap();
                Outcome::Done
            }
            Op::Tick => {
                node.now += TICK;
                Outcome::Done
            }
            Op::Expire => Outcome::Ended(self.store.expire(LIMITS, now).await.unwrap()),
            Op::Release(Holder::Worker(worker)) => {
                Outcome::Ended(self.store.release(&node.names[worker], LIMITS, now).await.unwrap())
            }
            Op::Release(Holder::Gone) => {
                let mut ended = 0;
                for holder in self.store.holders().await.unwrap() {
                    if !node.names.contains(&holder) {
                        ended += self.store.release(&holder, LIMITS, now).await.unwrap();
                    }
                }
                Outcome::Ended(ended)
            }
            Op::Cancel(job) => {
                let cancelled = self.store.cancel(&self.workspace, &self.jobs[job], now).await.unwrap();
                Outcome::Cancelled(matches!(cancelled, Cancelled::Done(_)))
            }
        }
    }

    async fn write(
        &self,
        lease: &Lease,
        write: Write,
        now: Moment,
        until: Moment,
    ) -> Result<Outcome, StoreError> {
        let store = &self.store;
        let failure = || Failure::new(ErrorCode::Internal, "so it is".to_owned());
        let done = match write {
            Write::Retry => return store.retry(lease, LIMITS, failure(), now).await.map(Outcome::Again),
            Write::Died => return store.died(lease, LIMITS, failure(), now).await.map(Outcome::Again),
            Write::Renew => store.renew(lease, now, until).await,
            Write::Ingested => store.ingested(lease, now).await,
            Write::Begin => store.begin(lease, now).await,
            Write::Postpone => store.postpone(lease, now, now).await,
            Write::Fail => store.fail(lease, failure(), now).await,
            Write::Complete => store.complete(lease, output(), now).await,
        };
        done.map(|()| Outcome::Done)
    }

    fn number(&self, render: &RenderId) -> usize {
        self.jobs.iter().position(|job| job == render).unwrap()
    }

    /// What the rows say.
    async fn read(&mut self, node: &Node) -> State {
        let mut jobs = Vec::new();
        let mut attempts = Vec::new();
        for id in &self.jobs {
            let row = sqlx::query("SELECT * FROM renders WHERE id = $1").bind(id.as_str());
            let row = row.fetch_one(&mut self.side).await.unwrap();
            let places = "SELECT COUNT(*) FROM Jobs WHERE CAST(job AS TEXT) = $1";
            let places: i64 =
                sqlx::query_scalar(places).bind(id.as_str()).fetch_one(&mut self.side).await.unwrap();
            let phase = phase(row.get("status"));
            let until: Option<i64> = row.get("lease_until");
            let worker: Option<&str> = row.get("worker");
            assert_eq!(until.is_some(), worker.is_some());
            assert!(places <= 1);
            let lease = until.zip(worker).map(|(until, worker)| {
                let own = node.names.iter().position(|name| name == worker);
                let left = u8::try_from((until - node.now).max(0) / TICK).unwrap();
                (own.map_or(Holder::Gone, Holder::Worker), left)
            });
            attempts.push(row.get::<i64, _>("attempt"));
            jobs.push(Job {
                phase,
                tries: row.get("tries"),
                deaths: row.get("deaths"),
                losses: row.get("losses"),
                lease,
                // A place that an ended render leaves behind is passed over.
                waits: places > 0 && !phase.is_final(),
            });
        }
        let belief = |lease: &Lease| {
            let job = self.number(&lease.render);
            Belief { job, is_last: lease.attempt.0 == attempts[job] }
        };
        State { workers: node.leases.iter().map(|lease| lease.as_ref().map(belief)).collect(), jobs }
    }

    /// What was told since the rows were put back.
    async fn told(&mut self) -> Vec<(usize, EventKind)> {
        let rows = sqlx::query("SELECT render, kind FROM events").fetch_all(&mut self.side).await.unwrap();
        let mut told: Vec<(usize, EventKind)> = rows
            .iter()
            .map(|row| {
                let render = RenderId::stored(row.get("render"));
                (self.number(&render), EventKind::from_name(row.get("kind")).unwrap())
            })
            .collect();
        told.sort_by_key(|(job, _)| *job);
        told
    }

    /// Takes every step from every state. Returns how many of each there were.
    async fn explore(&mut self, first: Node) -> (usize, usize) {
        let mut seen = BTreeMap::from([(first.state.canonical(), ())]);
        let mut open = vec![first];
        let (mut states, mut steps) = (0, 0);
        while let Some(node) = open.pop() {
            states += 1;
            for op in node.state.ops() {
                steps += 1;
                self.restore(node.kept).await;
                let mut next = node.clone();
                let outcome = self.act(&mut next, op).await;
                let allowed = node.state.step(op).into_iter().find(|step| step.outcome == outcome);
                let Some(step) = allowed else { panic!("{:?}\n{op:?} was answered {outcome:?}", node.state) };
                check_step(&node.state, &step);
                assert_eq!(self.read(&next).await, step.state, "{:?}\n{op:?}", node.state);
                assert_eq!(self.told().await, step.told, "{:?}\n{op:?}", node.state);
                if seen.insert(step.state.canonical(), ()).is_none() {
                    next.state = step.state;
                    next.kept = seen.len();
                    self.keep(next.kept).await;
                    open.push(next);
                }
            }
        }
        (states, steps)
    }
}

fn name(worker: usize, turn: usize) -> String {
    format!("test:{worker}:{turn}")
}

fn phase(name: &str) -> Phase {
    match name {
        "ingesting" => Phase::Ingesting,
        "queued" => Phase::Queued,
        "processing" => Phase::Processing,
        "completed" => Phase::Completed,
        "failed" => Phase::Failed,
        "cancelled" => Phase::Cancelled,
        other => panic!("{other}"),
    }
}

fn output() -> Output {
    Output {
        key: "renders/ab/cd.mp4".to_owned(),
        thumbnail_key: None,
        filename: "film.mp4".to_owned(),
        content_type: "video/mp4".to_owned(),
        width: 64,
        height: 36,
        duration_millis: 1000,
        size_bytes: 7,
    }
}

#[tokio::test]
async fn the_store_does_what_the_model_says() {
    let (mut world, first) = World::new(&[Phase::Ingesting], 2).await;
    assert_eq!(world.explore(first).await, (464, 7424));
    // That takes a while, so it has to be asked for.
    if std::env::var_os(ALL).is_some() {
        let (mut world, first) = World::new(&[Phase::Queued, Phase::Queued], 2).await;
        // The queue has an order, which the model leaves open: not all that the model allows comes about.
        let (states, steps) = world.explore(first).await;
        eprintln!("{states} states, {steps} steps");
        assert!(states <= 45_882 && steps <= 918_738);
    }
}
