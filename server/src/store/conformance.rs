//! What every store must do. Run for SQLite always, and for PostgreSQL where one is named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::error::ErrorCode;
use crate::id::{AssetId, DeliveryId, ImportId, KeyId, WebhookId, WorkspaceId};
use crate::moment::Moment;

/// Names a server on which databases may be made, such as `postgres://localhost/postgres`.
const POSTGRES: &str = "VID_TEST_POSTGRES";
const DAY: Duration = Duration::from_secs(24 * 3600);
const LEASE: Duration = Duration::from_secs(30);

/// A store that is empty, and what has to outlive it.
struct Fresh {
    store: Arc<dyn Store>,
    workspace: WorkspaceId,
    _folder: Option<TempDir>,
}

async fn sqlite() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&Database::Sqlite(folder.path().join("vid.db"))).await.unwrap();
    let workspace = store.workspace("test", Moment::now()).await.unwrap().id;
    Fresh { store, workspace, _folder: Some(folder) }
}

/// A database of its own on the server that is named; `None` where none is.
async fn postgres() -> Option<Fresh> {
    let Ok(server) = std::env::var(POSTGRES) else {
        eprintln!("{POSTGRES} is not set: PostgreSQL is not tried");
        return None;
    };
    let name = format!("vid_test_{}", crate::id::ulid().to_string().to_lowercase());
    let admin = sqlx::PgPool::connect(&server).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::raw_sql(create).execute(&admin).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    let store = open(&Database::Postgres(format!("{base}/{name}"))).await.unwrap();
    let workspace = store.workspace("test", Moment::now()).await.unwrap().id;
    Some(Fresh { store, workspace, _folder: None })
}

/// Makes one test for each database.
macro_rules! conform {
    ($($name:ident)+) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() { super::$name(&super::sqlite().await).await; })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(fresh) = super::postgres().await { super::$name(&fresh).await; }
            })+
        }
    };
}

conform! {
    a_render_goes_from_the_queue_to_its_end
    the_same_key_makes_one_render
    many_at_once_under_one_key_make_one_render
    a_stale_attempt_writes_nothing
    a_lease_that_runs_out_goes_to_somebody_else
    a_render_that_kills_is_given_up
    a_cancelled_render_is_nobodys
    ingesting_ends_in_the_queue
    a_render_that_cannot_begin_comes_back
    lists_are_cut_into_pages
    events_are_told_once
    receivers_come_and_go
    media_are_found_by_address
    media_that_nothing_needs_go
    imports_are_taken_once
    keys_open_until_they_are_revoked
    usage_is_counted_by_day
    what_is_old_is_forgotten
    sheets_change_once_for_each_reading
    generations_are_renders_with_a_number
    a_stopped_generation_goes_on_as_another_render
    a_film_that_is_removed_leaves_its_keys
    files_are_seen_once_they_are_attached
    a_failed_write_takes_nothing_with_it
    no_interleaving_ends_a_render_twice
}

impl Fresh {
    async fn add(&self) -> RenderId {
        let new = self.new_render();
        let id = new.id.clone();
        let submitted = self.store.submit(new, Moment::now(), DAY).await.unwrap();
        assert!(matches!(submitted, Submitted::Created(_)));
        id
    }

    fn new_render(&self) -> NewRender {
        NewRender {
            id: RenderId::generate(),
            workspace: self.workspace.clone(),
            body: "{}".to_owned(),
            metadata: "{}".to_owned(),
            webhook_url: None,
            ingests: false,
            idempotency: None,
        }
    }

    async fn worker(&self) -> String {
        let name = format!("test:{}", crate::id::ulid());
        self.store.enlist(&name).await.unwrap();
        name
    }

    async fn take(&self) -> Option<Taken> {
        let now = Moment::now();
        self.store.take(&self.worker().await, now, now.after(LEASE)).await.unwrap()
    }

    async fn status(&self, id: &RenderId) -> RenderStatus {
        self.store.render(&self.workspace, id).await.unwrap().unwrap().status
    }

    async fn story(&self, id: &RenderId) -> Vec<EventKind> {
        self.store.events(id).await.unwrap().iter().map(|event| event.kind).collect()
    }
}

fn output() -> Output {
    Output {
        key: "renders/a".to_owned(),
        thumbnail_key: None,
        filename: "render.mp4".to_owned(),
        content_type: "video/mp4".to_owned(),
        width: 64,
        height: 36,
        duration_millis: 1500,
        size_bytes: 1000,
    }
}

fn failure() -> Failure {
    Failure::new(ErrorCode::Internal, "gone")
}

async fn a_render_goes_from_the_queue_to_its_end(fresh: &Fresh) {
    let store = &fresh.store;
    let id = fresh.add().await;
    let taken = fresh.take().await.unwrap();
    assert_eq!((&taken.render.id, taken.lease.attempt, taken.body.as_str()), (&id, Attempt(1), "{}"));
    assert_eq!(fresh.status(&id).await, RenderStatus::Queued);
    assert!(fresh.take().await.is_none());
    let now = Moment::now();
    store.begin(&taken.lease, now).await.unwrap();
    store.progress(&taken.lease, 40, Stage::Compositing, now).await.unwrap();
    store.progress(&taken.lease, 30, Stage::Encoding, now).await.unwrap();
    let render = store.render(&fresh.workspace, &id).await.unwrap().unwrap();
    assert_eq!(
        (render.status, render.progress_percent, render.progress_stage),
        (RenderStatus::Processing, 40, Some(Stage::Encoding))
    );
    store.complete(&taken.lease, output(), now).await.unwrap();
    let render = store.render(&fresh.workspace, &id).await.unwrap().unwrap();
    assert_eq!((render.status, render.progress_percent), (RenderStatus::Completed, 100));
    assert_eq!((render.output, render.progress_stage), (Some(output()), None));
    assert_eq!(
        fresh.story(&id).await,
        [EventKind::RenderQueued, EventKind::RenderProcessing, EventKind::RenderCompleted]
    );
    assert_eq!(store.complete(&taken.lease, output(), now).await, Err(StoreError::Stale));
    let elsewhere = WorkspaceId::generate();
    assert_eq!(store.render(&elsewhere, &id).await.unwrap(), None);
}

async fn the_same_key_makes_one_render(fresh: &Fresh) {
    let now = Moment::now();
    let keyed = |print: &str| NewRender {
        idempotency: Some(("key".to_owned(), print.to_owned())),
        ..fresh.new_render()
    };
    let Submitted::Created(first) = fresh.store.submit(keyed("a"), now, DAY).await.unwrap() else { panic!() };
    let again = fresh.store.submit(keyed("a"), now, DAY).await.unwrap();
    assert_eq!(again, Submitted::Replayed(first.clone()));
    assert_eq!(fresh.store.submit(keyed("b"), now, DAY).await.unwrap(), Submitted::Clash(first.id.clone()));
    // After its time the key is free.
    let later = now.after(DAY);
    assert_eq!(fresh.store.forget_keys(now).await.unwrap(), 0);
    let anew = fresh.store.submit(keyed("b"), later, DAY).await.unwrap();
    assert!(matches!(anew, Submitted::Created(_)));
    assert_eq!(fresh.store.forget_keys(later.after(DAY)).await.unwrap(), 1);
}

async fn sheets_change_once_for_each_reading(fresh: &Fresh) {
    let (store, mine, now) = (&fresh.store, &fresh.workspace, Moment::now());
    let other = WorkspaceId::generate();
    let id = store.add_sheet(mine, "{}", now).await.unwrap();
    let read = store.sheet(mine, id).await.unwrap().unwrap();
    assert_eq!((read.id, &*read.document), (id, "{}"));
    assert_eq!(store.sheet(&other, id).await.unwrap(), None);
    assert!(!store.change_sheet(&other, &read, "[1]", now).await.unwrap());
    assert!(store.change_sheet(mine, &read, "[2]", now).await.unwrap());
    // Who read before the change may not undo it.
    assert!(!store.change_sheet(mine, &read, "[3]", now).await.unwrap());
    assert_eq!(store.sheet(mine, id).await.unwrap().unwrap().document, "[2]");
    assert!(!store.remove_sheet(&other, id).await.unwrap());
    assert!(store.remove_sheet(mine, id).await.unwrap());
    assert!(!store.remove_sheet(mine, id).await.unwrap());
    assert_eq!(store.sheet(mine, id).await.unwrap(), None);
}

async fn generations_are_renders_with_a_number(fresh: &Fresh) {
    let (store, mine, now) = (&fresh.store, &fresh.workspace, Moment::now());
    let sheet = store.add_sheet(mine, "{}", now).await.unwrap();
    let new = |cell: i64, token: &str, key: Option<&str>| NewGeneration {
        render: NewRender {
            idempotency: key.map(|key| (key.to_owned(), format!("cell {cell}"))),
            ..fresh.new_render()
        },
        sheet,
        cell,
        token: token.to_owned(),
    };
    let Generated::Is(first) = store.generate(new(1, "a", Some("key")), now, DAY).await.unwrap() else {
        panic!()
    };
    assert_eq!(store.generate(new(1, "b", Some("key")), now, DAY).await.unwrap(), Generated::Is(first));
    assert_eq!(store.generate(new(2, "c", Some("key")), now, DAY).await.unwrap(), Generated::Clash);
    let Generated::Is(second) = store.generate(new(2, "d", None), now, DAY).await.unwrap() else { panic!() };
    assert!(second > first);
    // What was refused or had been made took no number, and is no render.
    let all = store.generations(mine, GenerationFilter::default(), 0, 10).await.unwrap();
    assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [second, first]);
    assert_eq!(store.generation_of("b").await.unwrap(), None);
    let of_cell = GenerationFilter { cell: Some(1), sheet: Some(sheet) };
    let found = store.generations(mine, of_cell, 0, 10).await.unwrap();
    assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [first]);
    assert_eq!(store.generation(mine, first).await.unwrap().unwrap().token, "a");
    // What is not made yet cannot be removed.
    assert!(!store.remove_film(mine, first, "").await.unwrap());
    let other = WorkspaceId::generate();
    assert_eq!(store.generation(&other, second).await.unwrap(), None);
}

async fn a_stopped_generation_goes_on_as_another_render(fresh: &Fresh) {
    let (store, mine, now) = (&fresh.store, &fresh.workspace, Moment::now());
    let first_key = ("first".to_owned(), "cell".to_owned());
    let render = NewRender { idempotency: Some(first_key.clone()), ..fresh.new_render() };
    let new = NewGeneration { render, sheet: 1, cell: 1, token: "t".to_owned() };
    let first = new.render.id.clone();
    assert_eq!(store.generated(mine, &first_key, now).await.unwrap(), None);
    let Generated::Is(id) = store.generate(new, now, DAY).await.unwrap() else { panic!() };
    let again = |key: &str| NewRender {
        idempotency: Some((key.to_owned(), "go on".to_owned())),
        ..fresh.new_render()
    };
    assert_eq!(store.go_on(id, &first, again("k"), now, DAY).await.unwrap(), Continued::Unfit);
    store.cancel(mine, &first, now).await.unwrap();
    let second = again("k");
    let second_id = second.id.clone();
    assert_eq!(store.go_on(id, &first, second, now, DAY).await.unwrap(), Continued::Done);
    // The same key again does nothing, and says the same.
    assert_eq!(store.go_on(id, &first, again("k"), now, DAY).await.unwrap(), Continued::Done);
    assert_eq!(store.go_on(id, &first, again("l"), now, DAY).await.unwrap(), Continued::Unfit);
    let found = store.generation(mine, id).await.unwrap().unwrap();
    assert_eq!((found.render.id, found.render.status), (second_id, RenderStatus::Queued));
    // Its own key leads to it still.
    assert_eq!(store.generated(mine, &first_key, now).await.unwrap(), Some(Generated::Is(id)));
    assert_eq!(store.generated(mine, &first_key, now.after(DAY)).await.unwrap(), None);
    let other = (first_key.0.clone(), "other".to_owned());
    assert_eq!(store.generated(mine, &other, now).await.unwrap(), Some(Generated::Clash));
    let render = NewRender { idempotency: Some(first_key), ..fresh.new_render() };
    let again = NewGeneration { render, sheet: 1, cell: 1, token: "u".to_owned() };
    assert_eq!(store.generate(again, now, DAY).await.unwrap(), Generated::Is(id));
    assert_eq!(fresh.status(&first).await, RenderStatus::Cancelled);
}

async fn a_film_that_is_removed_leaves_its_keys(fresh: &Fresh) {
    let (store, mine, now) = (&fresh.store, &fresh.workspace, Moment::now());
    let new = NewGeneration { render: fresh.new_render(), sheet: 1, cell: 1, token: "t".to_owned() };
    let render = new.render.id.clone();
    let Generated::Is(id) = store.generate(new, now, DAY).await.unwrap() else { panic!() };
    fresh.worker().await;
    let taken = fresh.take().await.unwrap();
    store.begin(&taken.lease, now).await.unwrap();
    store.complete(&taken.lease, output(), now).await.unwrap();
    let keys: Vec<String> = [Some(output().key), output().thumbnail_key].into_iter().flatten().collect();
    assert!(store.needs(&keys[0]).await.unwrap());
    let all = ResourceFilter::default();
    assert_eq!(store.resources(mine, all, 0, 9).await.unwrap(), [Listed::Film(id)]);
    let elsewhere = ResourceFilter { sheet: Some(2), ..all };
    assert_eq!(store.resources(mine, elsewhere, 0, 9).await.unwrap(), []);
    assert!(store.rename_resource(mine, Listed::Film(id), "mine.mp4").await.unwrap());
    let named = store.generation(mine, id).await.unwrap().unwrap();
    assert_eq!(named.filename.as_deref(), Some("mine.mp4"));
    assert!(store.remove_film(mine, id, "").await.unwrap());
    assert!(!store.remove_film(mine, id, "").await.unwrap());
    assert!(!store.rename_resource(mine, Listed::Film(id), "a").await.unwrap());
    assert_eq!(store.resources(mine, all, 0, 9).await.unwrap(), []);
    assert_eq!(store.generation_of("t").await.unwrap(), None);
    assert_eq!(store.render(mine, &render).await.unwrap().unwrap().output, None);
    assert!(!store.needs(&keys[0]).await.unwrap());
    let mut left = store.unneeded("", 9).await.unwrap();
    let mut wanted = keys.clone();
    left.sort();
    wanted.sort();
    assert_eq!(left, wanted);
    for key in &keys {
        store.forget_unneeded(key).await.unwrap();
    }
    assert_eq!(store.unneeded("", 9).await.unwrap(), [""; 0]);
}

async fn files_are_seen_once_they_are_attached(fresh: &Fresh) {
    let (store, mine, now) = (&fresh.store, &fresh.workspace, Moment::now());
    let id = AssetId::generate();
    let asset = Asset {
        source_url: format!("http://here/{id}"),
        id: id.clone(),
        workspace: mine.clone(),
        kind: AssetKind::Image,
        content_type: "image/png".to_owned(),
        status: AssetStatus::Ready,
        key: Some("assets/ab/c.png".to_owned()),
        copied_from: None,
        size_bytes: Some(3),
        duration_millis: None,
        size: Some((1, 2)),
        created_at: now,
        expires_at: None,
        error: None,
    };
    let promise = Promise { bytes: 3, md5: "x".to_owned() };
    let new = NewResource {
        asset: asset.clone(),
        token: "t".to_owned(),
        filename: "a.png".to_owned(),
        promise: Some(promise.clone()),
    };
    let number = store.add_resource(new, now).await.unwrap();
    let all = ResourceFilter::default();
    assert_eq!(store.resource_of("t").await.unwrap(), None);
    assert_eq!(store.resources(mine, all, 0, 9).await.unwrap(), []);
    let found = store.resource_with(mine, &id).await.unwrap().unwrap();
    assert_eq!((found.id, &found.asset, &found.promise), (number, &asset, &Some(promise)));
    store.attach_resource(mine, number).await.unwrap();
    assert_eq!(store.resource_of("t").await.unwrap().map(|file| file.id), Some(number));
    for (kind, count) in [(None, 1), (Some(AssetKind::Image), 1), (Some(AssetKind::Video), 0)] {
        let filter = ResourceFilter { kind, ..all };
        assert_eq!(store.resources(mine, filter, 0, 9).await.unwrap().len(), count);
    }
    assert!(store.rename_resource(mine, Listed::Sent(number), "b.png").await.unwrap());
    assert_eq!(store.resource(mine, number).await.unwrap().unwrap().filename, "b.png");
    let other = WorkspaceId::generate();
    assert_eq!(store.resource(&other, number).await.unwrap(), None);
    assert!(!store.remove_resource(&other, number).await.unwrap());
    assert!(store.remove_resource(mine, number).await.unwrap());
    assert!(!store.remove_resource(mine, number).await.unwrap());
    assert_eq!(store.asset(mine, &id).await.unwrap(), None);
    assert_eq!(store.unneeded("", 9).await.unwrap(), ["assets/ab/c.png"]);
}

async fn many_at_once_under_one_key_make_one_render(fresh: &Fresh) {
    let tasks = (0..100).map(|number| {
        let store = fresh.store.clone();
        let key = format!("key {}", number % 5);
        let new = NewRender { idempotency: Some((key, "a".to_owned())), ..fresh.new_render() };
        tokio::spawn(async move { store.submit(new, Moment::now(), DAY).await.unwrap() })
    });
    let mut ids = BTreeSet::new();
    let mut created = 0;
    for task in tasks.collect::<Vec<_>>() {
        match task.await.unwrap() {
            Submitted::Created(render) => {
                created += 1;
                ids.insert(render.id);
            }
            Submitted::Replayed(render) => {
                ids.insert(render.id);
            }
            Submitted::Clash(_) => panic!("the bodies are the same"),
        }
    }
    assert_eq!((created, ids.len()), (5, 5));
}

async fn a_stale_attempt_writes_nothing(fresh: &Fresh) {
    let store = &fresh.store;
    let id = fresh.add().await;
    let old = fresh.take().await.unwrap().lease;
    let later = Moment::now().after(LEASE * 2);
    assert_eq!(store.expire(Limits::default(), later).await.unwrap(), 1);
    let new = fresh.take().await.unwrap().lease;
    assert_eq!((new.render.clone(), new.attempt), (id.clone(), Attempt(2)));
    let now = Moment::now();
    let stale = Err(StoreError::Stale);
    assert_eq!(store.begin(&old, now).await, stale);
    assert_eq!(store.renew(&old, now, later).await, stale);
    assert_eq!(store.progress(&old, 50, Stage::Encoding, now).await, stale);
    assert_eq!(store.postpone(&old, later, now).await, stale);
    assert_eq!(store.ingested(&old, now).await, stale);
    assert_eq!(store.complete(&old, output(), now).await, stale);
    assert_eq!(store.fail(&old, failure(), now).await, stale);
    assert_eq!(store.died(&old, Limits::default(), failure(), now).await, Err(StoreError::Stale));
    assert_eq!(store.retry(&old, Limits::default(), failure(), now).await, Err(StoreError::Stale));
    store.begin(&new, now).await.unwrap();
    store.complete(&new, output(), now).await.unwrap();
}

async fn a_lease_that_runs_out_goes_to_somebody_else(fresh: &Fresh) {
    let store = &fresh.store;
    let id = fresh.add().await;
    let limits = Limits { losses: 3, ..Limits::default() };
    for attempt in 1..=3 {
        let taken = fresh.take().await.unwrap();
        assert_eq!(taken.lease.attempt, Attempt(attempt));
        let now = Moment::now();
        store.renew(&taken.lease, now, now.after(LEASE * 2)).await.unwrap();
        assert_eq!(taken.render.tries, 1);
        assert_eq!(store.expire(limits, now.after(LEASE)).await.unwrap(), 0);
        assert_eq!(store.expire(limits, now.after(LEASE * 3)).await.unwrap(), 1);
    }
    assert_eq!(fresh.status(&id).await, RenderStatus::Failed);
    assert!(fresh.take().await.is_none());
    // A worker that is known to be gone loses its leases at once.
    let id = fresh.add().await;
    let worker = fresh.worker().await;
    let now = Moment::now();
    store.take(&worker, now, now.after(LEASE)).await.unwrap().unwrap();
    assert_eq!(store.holders().await.unwrap(), [worker.as_str()]);
    assert_eq!(store.release(&worker, Limits::default(), now).await.unwrap(), 1);
    assert_eq!(store.holders().await.unwrap(), [""; 0]);
    assert_eq!(fresh.take().await.unwrap().render.id, id);
}

async fn a_render_that_kills_is_given_up(fresh: &Fresh) {
    let store = &fresh.store;
    let id = fresh.add().await;
    let first = fresh.take().await.unwrap();
    store.begin(&first.lease, Moment::now()).await.unwrap();
    assert!(store.died(&first.lease, Limits::default(), failure(), Moment::now()).await.unwrap());
    assert_eq!(fresh.status(&id).await, RenderStatus::Queued);
    let second = fresh.take().await.unwrap();
    assert_eq!(second.deaths, 1);
    assert!(!store.died(&second.lease, Limits::default(), failure(), Moment::now()).await.unwrap());
    let render = store.render(&fresh.workspace, &id).await.unwrap().unwrap();
    assert_eq!((render.status, render.error), (RenderStatus::Failed, Some(failure())));
}

async fn a_cancelled_render_is_nobodys(fresh: &Fresh) {
    let store = &fresh.store;
    let now = Moment::now();
    let waiting = fresh.add().await;
    let done = store.cancel(&fresh.workspace, &waiting, now).await.unwrap();
    assert!(matches!(done, Cancelled::Done(render) if render.status == RenderStatus::Cancelled));
    assert!(fresh.take().await.is_none());
    let busy = fresh.add().await;
    let taken = fresh.take().await.unwrap();
    store.begin(&taken.lease, now).await.unwrap();
    assert!(matches!(store.cancel(&fresh.workspace, &busy, now).await.unwrap(), Cancelled::Done(_)));
    assert_eq!(store.complete(&taken.lease, output(), now).await, Err(StoreError::Stale));
    let late = store.cancel(&fresh.workspace, &busy, now).await.unwrap();
    assert_eq!(late, Cancelled::TooLate(RenderStatus::Cancelled));
    let elsewhere = WorkspaceId::generate();
    assert_eq!(store.cancel(&elsewhere, &busy, now).await.unwrap(), Cancelled::Unknown);
}

async fn ingesting_ends_in_the_queue(fresh: &Fresh) {
    let store = &fresh.store;
    let new = NewRender { ingests: true, ..fresh.new_render() };
    let id = new.id.clone();
    store.submit(new, Moment::now(), DAY).await.unwrap();
    assert_eq!(fresh.status(&id).await, RenderStatus::Ingesting);
    let taken = fresh.take().await.unwrap();
    assert_eq!(taken.render.status, RenderStatus::Ingesting);
    assert_eq!(store.begin(&taken.lease, Moment::now()).await, Err(StoreError::Stale));
    store.ingested(&taken.lease, Moment::now()).await.unwrap();
    assert_eq!(fresh.status(&id).await, RenderStatus::Queued);
    let taken = fresh.take().await.unwrap();
    assert_eq!((taken.render.tries, taken.lease.attempt), (1, Attempt(2)));
}

async fn a_render_that_cannot_begin_comes_back(fresh: &Fresh) {
    let store = &fresh.store;
    let id = fresh.add().await;
    for _ in 0..5 {
        let taken = fresh.take().await.unwrap();
        assert_eq!(taken.render.tries, 1);
        store.postpone(&taken.lease, Moment::now().before(LEASE), Moment::now()).await.unwrap();
        assert_eq!(fresh.status(&id).await, RenderStatus::Queued);
    }
    let taken = fresh.take().await.unwrap();
    store.postpone(&taken.lease, Moment::now().after(LEASE), Moment::now()).await.unwrap();
    assert!(fresh.take().await.is_none());
}

async fn lists_are_cut_into_pages(fresh: &Fresh) {
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(fresh.add().await);
    }
    ids.reverse();
    let mut page = PageRequest { limit: 2, before: None };
    let mut seen = Vec::new();
    loop {
        let found = fresh.store.renders(&fresh.workspace, None, &page).await.unwrap();
        seen.extend(found.rows.iter().map(|render| render.id.clone()));
        page.before = found.next;
        if page.before.is_none() {
            break;
        }
    }
    assert_eq!(seen, ids);
    let failed = Some(RenderStatus::Failed);
    assert_eq!(fresh.store.renders(&fresh.workspace, failed, &PageRequest::first()).await.unwrap().rows, []);
    assert_eq!(fresh.store.census().await.unwrap(), [(RenderStatus::Queued, 5)]);
}

async fn events_are_told_once(fresh: &Fresh) {
    let store = &fresh.store;
    let new = NewRender { webhook_url: Some("https://example.org/".to_owned()), ..fresh.new_render() };
    let id = new.id.clone();
    store.submit(new, Moment::now(), DAY).await.unwrap();
    let lease = fresh.take().await.unwrap().lease;
    let now = Moment::now();
    store.begin(&lease, now).await.unwrap();
    store.progress(&lease, 12, Stage::Compositing, now).await.unwrap();
    store.progress(&lease, 14, Stage::Compositing, now).await.unwrap();
    store.complete(&lease, output(), now).await.unwrap();
    let untold = store.untold(10).await.unwrap();
    let kinds: Vec<_> = untold.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::RenderProgress, EventKind::RenderCompleted]);
    assert_eq!(untold[0].data, r#"{"progress_percent":12,"progress_stage":"compositing"}"#);
    assert_eq!(untold[1].render, Some(id));
    let webhook = WebhookId::generate();
    let attempt = NewAttempt {
        delivery: DeliveryId::generate(),
        webhook: Some(webhook.clone()),
        url: "https://example.org/".to_owned(),
        number: 1,
        due_at: now,
    };
    for _ in 0..2 {
        store.plan(&untold[1], vec![attempt.clone()], now).await.unwrap();
    }
    assert_eq!(store.untold(10).await.unwrap().len(), 1);
    let until = now.after(LEASE);
    let due = store.due(&Share::of_all(10), now, until).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!((&due[0].attempt, &due[0].event), (&attempt, &untold[1]));
    assert_eq!(store.due(&Share::of_all(10), now, until).await.unwrap(), []);
    // Whoever had it went away: it comes again.
    let due = store.due(&Share::of_all(10), until, until.after(LEASE)).await.unwrap();
    let answer = Answer { status_code: Some(500), body: Some("no".to_owned()) };
    let next = Some(until.after(LEASE));
    store.settle(&due[0].id, DeliveryStatus::Failed, answer, next, now).await.unwrap();
    let again = store.due(&Share::of_all(10), until.after(LEASE), until.after(LEASE * 2)).await.unwrap();
    assert_eq!((again[0].attempt.number, &again[0].attempt.delivery), (2, &attempt.delivery));
    let answer = Answer { status_code: Some(200), body: None };
    store.settle(&again[0].id, DeliveryStatus::Succeeded, answer.clone(), None, now).await.unwrap();
    let settled = store.settle(&again[0].id, DeliveryStatus::Succeeded, answer, None, now).await;
    assert_eq!(settled, Err(StoreError::Stale));
    let rows = store.deliveries(&webhook, &PageRequest::first()).await.unwrap().rows;
    let told: Vec<_> = rows.iter().map(|row| (row.number, row.status, row.status_code)).collect();
    assert_eq!(told, [(2, DeliveryStatus::Succeeded, Some(200)), (1, DeliveryStatus::Failed, Some(500))]);
}

async fn receivers_come_and_go(fresh: &Fresh) {
    let store = &fresh.store;
    let mut webhook = Webhook {
        id: WebhookId::generate(),
        workspace: fresh.workspace.clone(),
        url: "https://example.org/a".to_owned(),
        events: vec!["render.completed".to_owned()],
        enabled: true,
        created_at: Moment::from_millis(5),
        last_delivery_at: None,
    };
    store.add_webhook(&webhook).await.unwrap();
    assert_eq!(store.webhook(&fresh.workspace, &webhook.id).await.unwrap(), Some(webhook.clone()));
    webhook.enabled = false;
    webhook.events.clear();
    assert!(store.change_webhook(&webhook).await.unwrap());
    let listed = store.webhooks(&fresh.workspace, &PageRequest::first()).await.unwrap();
    assert_eq!(listed.rows, [webhook.clone()]);
    assert!(store.remove_webhook(&fresh.workspace, &webhook.id).await.unwrap());
    assert!(!store.remove_webhook(&fresh.workspace, &webhook.id).await.unwrap());
    store.set_secret(&fresh.workspace, "whsec_a").await.unwrap();
    let workspace = store.workspace_of(&fresh.workspace).await.unwrap().unwrap();
    assert_eq!(workspace.webhook_secret.as_deref(), Some("whsec_a"));
}

async fn media_are_found_by_address(fresh: &Fresh) {
    let store = &fresh.store;
    let mut asset = Asset {
        id: AssetId::generate(),
        workspace: fresh.workspace.clone(),
        source_url: "http://localhost/media/a.mp4".to_owned(),
        kind: AssetKind::Video,
        content_type: "video/mp4".to_owned(),
        status: AssetStatus::Waiting,
        key: None,
        copied_from: Some("https://example.org/a.mp4".to_owned()),
        size_bytes: None,
        duration_millis: None,
        size: None,
        created_at: Moment::from_millis(5),
        expires_at: Some(Moment::from_millis(6)),
        error: None,
    };
    store.add_asset(&asset).await.unwrap();
    assert_eq!(store.copy_of(&fresh.workspace, "https://example.org/a.mp4").await.unwrap(), None);
    assert_eq!(store.assets(&fresh.workspace, &PageRequest::first()).await.unwrap().rows, []);
    asset.status = AssetStatus::Ready;
    asset.key = Some("assets/a".to_owned());
    asset.size_bytes = Some(5 << 30);
    asset.size = Some((64, 36));
    asset.duration_millis = Some(1000);
    assert!(store.change_asset(&asset).await.unwrap());
    // Whoever comes second changes nothing.
    let late = Asset { status: AssetStatus::Failed, ..asset.clone() };
    assert!(!store.change_asset(&late).await.unwrap());
    assert_eq!(
        (store.needs("assets/a").await.unwrap(), store.needs("assets/b").await.unwrap()),
        (true, false)
    );
    for found in [
        store.asset(&fresh.workspace, &asset.id).await.unwrap(),
        store.asset_at(&fresh.workspace, "http://localhost/media/a.mp4").await.unwrap(),
        store.copy_of(&fresh.workspace, "https://example.org/a.mp4").await.unwrap(),
    ] {
        assert_eq!(found.as_ref(), Some(&asset));
    }
    assert_eq!(store.assets(&fresh.workspace, &PageRequest::first()).await.unwrap().rows, [asset.clone()]);
    assert_eq!(store.asset(&WorkspaceId::generate(), &asset.id).await.unwrap(), None);
}

async fn media_that_nothing_needs_go(fresh: &Fresh) {
    let (store, workspace) = (&fresh.store, &fresh.workspace);
    let at = |millis: i64| Moment::from_millis(millis);
    let shelve = async |name: &str, created_at: i64, copied_from: Option<&str>| {
        let id = AssetId::generate();
        let asset = Asset {
            source_url: format!("http://localhost/media/{id}.mp4"),
            id: id.clone(),
            workspace: workspace.clone(),
            kind: AssetKind::Video,
            content_type: "video/mp4".to_owned(),
            status: AssetStatus::Ready,
            key: Some(format!("assets/{name}")),
            copied_from: copied_from.map(str::to_owned),
            size_bytes: None,
            duration_millis: None,
            size: None,
            created_at: at(created_at),
            expires_at: None,
            error: None,
        };
        store.add_asset(&asset).await.unwrap();
        id
    };
    let submit = async |body: String| {
        let new = NewRender { body, ..fresh.new_render() };
        let id = new.id.clone();
        store.submit(new, at(2), DAY).await.unwrap();
        id
    };
    let unused = shelve("unused", 1, None).await;
    let named = shelve("named", 1, None).await;
    let new = shelve("new", 9, None).await;
    let in_sheet = shelve("in a sheet", 1, None).await;
    let render = submit(format!("{{\"a\":\"http:\\/\\/x\\/{named}.mp4\"}}")).await;
    let copied = shelve("copied", 3, Some("https://example.org/a.mp4")).await;
    store.add_sheet(workspace, &format!("[\"{in_sheet}\"]"), at(1)).await.unwrap();
    let import = Import {
        id: ImportId::generate(),
        workspace: workspace.clone(),
        url: "https://example.org/a.mp4".to_owned(),
        filename: None,
        status: ImportStatus::Failed,
        asset: None,
        error: Some(failure()),
        tries: 1,
        created_at: at(1),
    };
    store.add_import(&import).await.unwrap();
    let left = async || {
        let mut left = Vec::new();
        for (name, id) in
            [("unused", &unused), ("named", &named), ("new", &new), ("sheet", &in_sheet), ("copied", &copied)]
        {
            if store.asset(workspace, id).await.unwrap().is_some() {
                left.push(name);
            }
        }
        left
    };
    assert_eq!(store.forget_media(at(1), 9).await.unwrap(), 0);
    assert!(store.import(workspace, &import.id).await.unwrap().is_some());
    assert_eq!(store.forget_media(at(5), 9).await.unwrap(), 1);
    assert_eq!(left().await, ["named", "new", "sheet", "copied"]);
    assert_eq!(store.import(workspace, &import.id).await.unwrap(), None);
    assert_eq!(store.unneeded("", 9).await.unwrap(), ["assets/unused"]);
    // A render that ended since still has its files, one that ended before has not.
    store.cancel(workspace, &render, at(6)).await.unwrap();
    assert_eq!(store.forget_media(at(6), 9).await.unwrap(), 1);
    assert_eq!(left().await, ["named", "new", "sheet"]);
    assert_eq!(store.forget_media(at(7), 9).await.unwrap(), 1);
    assert_eq!(left().await, ["new", "sheet"]);
    assert_eq!(store.forget_media(at(99), 9).await.unwrap(), 1);
    assert_eq!(left().await, ["sheet"]);
}

async fn imports_are_taken_once(fresh: &Fresh) {
    let store = &fresh.store;
    let mut import = Import {
        id: ImportId::generate(),
        workspace: fresh.workspace.clone(),
        url: "https://example.org/a.mp4".to_owned(),
        filename: None,
        status: ImportStatus::Processing,
        asset: None,
        error: None,
        tries: 0,
        created_at: Moment::from_millis(5),
    };
    store.add_import(&import).await.unwrap();
    let now = Moment::now();
    let taken = store.take_import(now, now.after(LEASE)).await.unwrap().unwrap();
    assert_eq!((&taken.id, taken.tries), (&import.id, 1));
    assert_eq!(store.take_import(now, now.after(LEASE)).await.unwrap(), None);
    store.renew_import(&taken, now.after(LEASE * 2)).await.unwrap();
    assert_eq!(store.take_import(now.after(LEASE), now.after(LEASE * 3)).await.unwrap(), None);
    import = store.take_import(now.after(LEASE * 2), now.after(LEASE * 3)).await.unwrap().unwrap();
    assert_eq!(import.tries, 2);
    // The first one is late, and neither keeps it nor ends it.
    assert_eq!(store.renew_import(&taken, now.after(LEASE * 9)).await, Err(StoreError::Stale));
    store.change_import(&Import { status: ImportStatus::Ready, ..taken }).await.unwrap();
    store.renew_import(&import, now.after(LEASE * 3)).await.unwrap();
    import.status = ImportStatus::Failed;
    import.error = Some(Failure::new(ErrorCode::SourceNotFound, "it is not there"));
    store.change_import(&import).await.unwrap();
    assert_eq!(store.import(&fresh.workspace, &import.id).await.unwrap(), Some(import));
    assert_eq!(store.take_import(now.after(LEASE * 9), now.after(LEASE * 10)).await.unwrap(), None);
}

async fn keys_open_until_they_are_revoked(fresh: &Fresh) {
    let store = &fresh.store;
    let now = Moment::from_millis(1000);
    let hash = KeyHash("a".repeat(64));
    let new = |name: &str| NewKey {
        id: KeyId::generate(),
        workspace: fresh.workspace.clone(),
        name: name.to_owned(),
        hash: hash.clone(),
        prefix: "fl_live_".to_owned(),
    };
    store.add_key(new("first"), now).await.unwrap();
    store.add_key(new("second"), now).await.unwrap();
    let key = store.key(&hash).await.unwrap().unwrap();
    assert_eq!((key.name.as_str(), key.last_used_at, key.revoked_at), ("first", None, None));
    store.touch_key(&key.id, now).await.unwrap();
    assert!(store.revoke_key(&fresh.workspace, &key.id, now).await.unwrap());
    assert!(store.revoke_key(&fresh.workspace, &key.id, now.after(DAY)).await.unwrap());
    let key = store.key(&hash).await.unwrap().unwrap();
    assert_eq!((key.last_used_at, key.revoked_at), (Some(now), Some(now)));
    assert_eq!(store.keys(&fresh.workspace, &PageRequest::first()).await.unwrap().rows, [key]);
    assert_eq!(store.key(&KeyHash("b".repeat(64))).await.unwrap(), None);
}

async fn usage_is_counted_by_day(fresh: &Fresh) {
    let now = Moment::from_millis(1_782_900_009_250);
    fresh.store.add_egress(&fresh.workspace, 100, now).await.unwrap();
    fresh.store.add_egress(&fresh.workspace, 11, now).await.unwrap();
    fresh.add().await;
    let lease = fresh.take().await.unwrap().lease;
    fresh.store.begin(&lease, now).await.unwrap();
    fresh.store.complete(&lease, output(), now).await.unwrap();
    let rows = fresh.store.usage(&fresh.workspace, now.day(), now).await.unwrap();
    let day = UsageRow { day: now.day(), render_millis: 1500, renders: 1, egress_bytes: 111 };
    assert_eq!(rows, [day]);
    assert_eq!(fresh.store.usage(&fresh.workspace, now, now.after(DAY * 9)).await.unwrap(), []);
}

async fn what_is_old_is_forgotten(fresh: &Fresh) {
    let store = &fresh.store;
    let (now, later) = (Moment::now(), Moment::now().after(DAY));
    let old = fresh.add().await;
    let taken = fresh.take().await.unwrap();
    store.begin(&taken.lease, now).await.unwrap();
    store.complete(&taken.lease, output(), now).await.unwrap();
    let waiting = fresh.add().await;
    // Its end was not told yet.
    assert_eq!(store.forget_renders(later, 9).await.unwrap(), []);
    for event in store.untold(99).await.unwrap() {
        store.plan(&event, Vec::new(), now).await.unwrap();
    }
    assert_eq!(store.forget_renders(now, 9).await.unwrap(), []);
    assert!(store.needs("renders/a").await.unwrap());
    let forgotten = store.forget_renders(later, 9).await.unwrap();
    assert_eq!(forgotten, [Forgotten { render: old.clone(), keys: vec!["renders/a".to_owned()] }]);
    assert!(!store.needs("renders/a").await.unwrap());
    assert_eq!(store.render(&fresh.workspace, &old).await.unwrap(), None);
    assert_eq!((store.body(&old).await.unwrap(), fresh.story(&old).await), (None, Vec::new()));
    assert_eq!(fresh.status(&waiting).await, RenderStatus::Queued);
}

async fn a_failed_write_takes_nothing_with_it(fresh: &Fresh) {
    let store = &fresh.store;
    let good = fresh.new_render();
    // Nobody has this workspace.
    let bad = NewRender { workspace: WorkspaceId::generate(), ..fresh.new_render() };
    let twice = NewRender { id: good.id.clone(), ..fresh.new_render() };
    let now = Moment::now();
    let (first, second, third) = tokio::join!(
        store.submit(good, now, DAY),
        store.submit(bad, now, DAY),
        store.submit(twice, now, DAY)
    );
    assert!(matches!(second, Err(StoreError::Database(_))));
    assert_eq!([first.is_ok(), third.is_ok()].iter().filter(|ok| **ok).count(), 1);
    assert!(fresh.take().await.is_some());
    assert!(fresh.take().await.is_none());
    assert_eq!(store.untold(10).await.unwrap(), []);
    store.check().await.unwrap();
}

/// What somebody may do next in the small world of [`no_interleaving_ends_a_render_twice`].
#[derive(Clone, Copy, Debug)]
enum Step {
    Take,
    Begin,
    Renew,
    Expire,
    Finish,
}

/// Three workers and two renders, and long walks of random steps: whatever they do, each render ends at most
/// once, and only for whom it was told so.
async fn no_interleaving_ends_a_render_twice(fresh: &Fresh) {
    const WORKERS: usize = 3;
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    let names = [fresh.worker().await, fresh.worker().await, fresh.worker().await];
    let limits = Limits { losses: i64::MAX, ..Limits::default() };
    for _ in 0..6 {
        let ids = [fresh.add().await, fresh.add().await];
        let mut now = Moment::now();
        let mut leases: [Option<Lease>; WORKERS] = [None, None, None];
        let mut ends: BTreeMap<RenderId, u32> = BTreeMap::new();
        for _ in 0..60 {
            let who = next(WORKERS);
            let step = [Step::Take, Step::Begin, Step::Renew, Step::Expire, Step::Finish][next(5)];
            match (step, leases[who].clone()) {
                (Step::Take, _) => {
                    let taken = fresh.store.take(&names[who], now, now.after(LEASE)).await.unwrap();
                    leases[who] = taken.map(|taken| taken.lease).or(leases[who].take());
                }
                (Step::Begin, Some(lease)) => {
                    let _ = fresh.store.begin(&lease, now).await;
                }
                (Step::Renew, Some(lease)) => {
                    let _ = fresh.store.renew(&lease, now, now.after(LEASE)).await;
                }
                (Step::Finish, Some(lease)) => {
                    let done = fresh.store.complete(&lease, output(), now).await;
                    *ends.entry(lease.render).or_default() += u32::from(done.is_ok());
                }
                (Step::Expire, _) => {
                    now = now.after(LEASE / 2);
                    fresh.store.expire(limits, now).await.unwrap();
                }
                _ => {}
            }
        }
        for id in &ids {
            let story = fresh.story(id).await;
            let completed = story.iter().filter(|kind| **kind == EventKind::RenderCompleted).count();
            assert!(completed <= 1, "{story:?}");
            assert_eq!(ends.get(id).copied().unwrap_or(0) as usize, completed);
            // What was left over would be taken in the next round.
            fresh.store.cancel(&fresh.workspace, id, now).await.unwrap();
        }
    }
}
