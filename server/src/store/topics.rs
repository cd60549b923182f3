//! What a store can do, one trait for each topic.

use std::time::Duration;

use async_trait::async_trait;

use super::page::{Page, PageRequest};
use super::resources::Resources;
use super::rows::{
    Asset, DeliveryRow, DeliveryStatus, DueDelivery, EventRow, Failure, Import, KeyHash, KeyRow, Lease,
    NewAttempt, NewKey, NewRender, Output, Render, RenderStatus, Stage, UsageRow, Webhook, Workspace,
};
use super::sheets::Sheets;
use super::{Signals, StoreError};
use crate::id::{AssetId, AttemptId, ImportId, KeyId, RenderId, WebhookId, WorkspaceId};
use crate::moment::Moment;

type Result<T> = std::result::Result<T, StoreError>;

/// What became of a submission.
#[derive(Clone, PartialEq, Debug)]
pub enum Submitted {
    /// A new render.
    Created(Render),
    /// The same was submitted under this key before.
    Replayed(Render),
    /// Something else was submitted under this key before: this render.
    Clash(RenderId),
}

/// What became of a wish to call a render off.
#[derive(Clone, PartialEq, Debug)]
pub enum Cancelled {
    /// It is called off now.
    Done(Box<Render>),
    /// It had ended already, with this status.
    TooLate(RenderStatus),
    /// There is no such render.
    Unknown,
}

/// A render that somebody may work on now.
#[derive(Clone, PartialEq, Debug)]
pub struct Taken {
    /// The right to.
    pub lease: Lease,
    /// The render.
    pub render: Render,
    /// Its body.
    pub body: String,
    /// How often its process died.
    pub deaths: i64,
}

/// A render that was forgotten.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Forgotten {
    /// Which.
    pub render: RenderId,
    /// Its files in the object store; others may have the same.
    pub keys: Vec<String>,
}

/// Renders as callers see them.
#[async_trait]
pub trait Renders {
    /// Accepts a render: it, its place in the queue, its first event and its idempotency key, or nothing.
    async fn submit(&self, render: NewRender, now: Moment, key_lives: Duration) -> Result<Submitted>;

    /// The render of that id, if it belongs to the workspace.
    async fn render(&self, workspace: &WorkspaceId, id: &RenderId) -> Result<Option<Render>>;

    /// The newest renders, of one status or of all.
    async fn renders(
        &self,
        workspace: &WorkspaceId,
        status: Option<RenderStatus>,
        page: &PageRequest,
    ) -> Result<Page<Render>>;

    /// Calls a render off that has not ended.
    async fn cancel(&self, workspace: &WorkspaceId, id: &RenderId, now: Moment) -> Result<Cancelled>;

    /// The body of a render.
    async fn body(&self, id: &RenderId) -> Result<Option<String>>;

    /// Everything that happened to a render, in order.
    async fn events(&self, id: &RenderId) -> Result<Vec<EventRow>>;

    /// Forgets idempotency keys whose time is over. Returns how many.
    async fn forget_keys(&self, now: Moment) -> Result<u64>;

    /// Forgets renders that ended before `before`, with everything that is known of them: the oldest, at most
    /// `limit`. One whose events are still being told stays. Returns the keys of their files.
    async fn forget_renders(&self, before: Moment, limit: u32) -> Result<Vec<Forgotten>>;

    /// Whether a render or an asset has its file under this key.
    async fn needs(&self, key: &str) -> Result<bool>;

    /// How many renders have each status.
    async fn census(&self) -> Result<Vec<(RenderStatus, i64)>>;
}

/// Renders as workers see them.
#[async_trait]
pub trait Leases {
    /// Makes a worker known, once before it takes anything. Names are never used twice.
    async fn enlist(&self, worker: &str) -> Result<()>;

    /// The next render to work on, if there is one.
    async fn take(&self, worker: &str, now: Moment, until: Moment) -> Result<Option<Taken>>;

    /// Keeps the right to work on it.
    async fn renew(&self, lease: &Lease, now: Moment, until: Moment) -> Result<()>;

    /// Its media are here and it is being made from now on.
    async fn begin(&self, lease: &Lease, now: Moment) -> Result<()>;

    /// Says how far it is; percent 0–100. Going back is not recorded.
    async fn progress(&self, lease: &Lease, percent: u8, stage: Stage, now: Moment) -> Result<()>;

    /// Its media are here: it goes into the queue.
    async fn ingested(&self, lease: &Lease, now: Moment) -> Result<()>;

    /// It cannot begin before `at`, through no fault of its own.
    async fn postpone(&self, lease: &Lease, at: Moment, now: Moment) -> Result<()>;

    /// Its process died: it goes into the queue again, or fails with `failure` when that happened too
    /// often. Returns whether it will be tried again.
    async fn died(&self, lease: &Lease, limits: Limits, failure: Failure, now: Moment) -> Result<bool>;

    /// What it needs failed through no fault of its own: as [`Self::died`], without a death.
    async fn retry(&self, lease: &Lease, limits: Limits, failure: Failure, now: Moment) -> Result<bool>;

    /// It is made.
    async fn complete(&self, lease: &Lease, output: Output, now: Moment) -> Result<()>;

    /// It cannot be made.
    async fn fail(&self, lease: &Lease, failure: Failure, now: Moment) -> Result<()>;

    /// Takes renders from workers whose lease ran out: each goes into the queue again, or fails when it
    /// was lost so `limits.losses` times. Returns how many there were, at most [`super::SWEEP`].
    async fn expire(&self, limits: Limits, now: Moment) -> Result<u64>;

    /// The workers that hold a lease.
    async fn holders(&self) -> Result<Vec<String>>;

    /// As [`Self::expire`], for every lease of a worker that is known to be gone.
    async fn release(&self, worker: &str, limits: Limits, now: Moment) -> Result<u64>;
}

/// When a render is given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Attempts.
    pub tries: i64,
    /// Processes that may die of it.
    pub deaths: i64,
    /// Workers that may go away while they have it.
    pub losses: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { tries: 3, deaths: 2, losses: 25 }
    }
}

/// Events on their way out.
#[async_trait]
pub trait Outbox {
    /// Records something that happened to no render, such as an asset that is ready.
    async fn record(&self, event: EventRow) -> Result<()>;

    /// Events that nobody has looked at yet, oldest first.
    async fn untold(&self, limit: u32) -> Result<Vec<EventRow>>;

    /// Plans the first attempts for an event and marks it as looked at; nothing happens the second time.
    async fn plan(&self, event: &EventRow, attempts: Vec<NewAttempt>, now: Moment) -> Result<()>;

    /// Attempts whose time has come, as many as `share` says; they are the caller's alone until `until`.
    async fn due(&self, share: &Share, now: Moment, until: Moment) -> Result<Vec<DueDelivery>>;

    /// Records what became of an attempt, and plans the next one if there is to be one.
    async fn settle(
        &self,
        attempt: &AttemptId,
        status: DeliveryStatus,
        answer: Answer,
        next: Option<Moment>,
        now: Moment,
    ) -> Result<()>;

    /// Attempts for a receiver, newest first.
    async fn deliveries(&self, webhook: &WebhookId, page: &PageRequest) -> Result<Page<DeliveryRow>>;
}

/// How many attempts are taken at once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Share {
    /// In all.
    pub limit: u32,
    /// For each receiver.
    pub each: u32,
    /// Receivers that get none now, as [`NewAttempt::receiver`] names them.
    pub without: Vec<String>,
}

impl Share {
    /// So many, whoever they are for.
    pub const fn of_all(limit: u32) -> Self {
        Self { limit, each: limit, without: Vec::new() }
    }
}

/// What a receiver answered.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answer {
    /// The HTTP status; `None` where there was no answer.
    pub status_code: Option<u16>,
    /// The start of what it said, or why there was no answer.
    pub body: Option<String>,
}

/// Registered receivers.
#[async_trait]
pub trait Webhooks {
    /// Registers a receiver.
    async fn add_webhook(&self, webhook: &Webhook) -> Result<()>;

    /// A receiver of a workspace.
    async fn webhook(&self, workspace: &WorkspaceId, id: &WebhookId) -> Result<Option<Webhook>>;

    /// The receivers of a workspace, newest first.
    async fn webhooks(&self, workspace: &WorkspaceId, page: &PageRequest) -> Result<Page<Webhook>>;

    /// Changes address, events and whether it is told. Returns whether it was there.
    async fn change_webhook(&self, webhook: &Webhook) -> Result<bool>;

    /// Removes a receiver. Returns whether it was there.
    async fn remove_webhook(&self, workspace: &WorkspaceId, id: &WebhookId) -> Result<bool>;

    /// Gives the workspace another secret, or its first one.
    async fn set_secret(&self, workspace: &WorkspaceId, secret: &str) -> Result<()>;
}

/// Media files.
#[async_trait]
pub trait MediaShelf {
    /// Puts a file on the shelf.
    async fn add_asset(&self, asset: &Asset) -> Result<()>;

    /// A file of a workspace.
    async fn asset(&self, workspace: &WorkspaceId, id: &AssetId) -> Result<Option<Asset>>;

    /// The file that a body names by this address.
    async fn asset_at(&self, workspace: &WorkspaceId, source_url: &str) -> Result<Option<Asset>>;

    /// The ready file that was copied from this address last.
    async fn copy_of(&self, workspace: &WorkspaceId, url: &str) -> Result<Option<Asset>>;

    /// Writes down what became of a file that was waited for: status, key, measures, error. Returns whether
    /// it was; of several who try one does.
    async fn change_asset(&self, asset: &Asset) -> Result<bool>;

    /// Ready films and sounds, newest first.
    async fn assets(&self, workspace: &WorkspaceId, page: &PageRequest) -> Result<Page<Asset>>;

    /// Asks for a copy.
    async fn add_import(&self, import: &Import) -> Result<()>;

    /// A copy that a workspace asked for.
    async fn import(&self, workspace: &WorkspaceId, id: &ImportId) -> Result<Option<Import>>;

    /// The next copy to make; it is the caller's alone until `until`.
    async fn take_import(&self, now: Moment, until: Moment) -> Result<Option<Import>>;

    /// Keeps the right to make a copy. [`StoreError::Stale`] when somebody else has it.
    async fn renew_import(&self, import: &Import, until: Moment) -> Result<()>;

    /// Forgets files that callers sent or had copied before `before`, at most `limit` of them, and copies that
    /// ended before and have no file. A file stays while it is a resource or in a sheet, and while a render
    /// names it that has not ended or ended since. Notes the keys of their objects as unneeded; returns how
    /// many files there were.
    async fn forget_media(&self, before: Moment, limit: u32) -> Result<u64>;

    /// Writes down what became of a copy: status, asset, error. Nothing happens when somebody else has taken
    /// it in the meantime.
    async fn change_import(&self, import: &Import) -> Result<()>;
}

/// Workspaces and their keys.
#[async_trait]
pub trait Keys {
    /// The only workspace, made when there is none.
    async fn workspace(&self, name: &str, now: Moment) -> Result<Workspace>;

    /// The workspace of that id.
    async fn workspace_of(&self, id: &WorkspaceId) -> Result<Option<Workspace>>;

    /// The secret of that name, which all servers of the store share; `candidate` where there is none.
    async fn secret(&self, name: &str, candidate: &str) -> Result<String>;

    /// Keeps a key; one with the same hash is left as it is.
    async fn add_key(&self, key: NewKey, now: Moment) -> Result<()>;

    /// The key with that hash, revoked or not.
    async fn key(&self, hash: &KeyHash) -> Result<Option<KeyRow>>;

    /// The keys of a workspace, newest first, revoked ones included.
    async fn keys(&self, workspace: &WorkspaceId, page: &PageRequest) -> Result<Page<KeyRow>>;

    /// Makes a key open nothing from now on. Returns whether it was there.
    async fn revoke_key(&self, workspace: &WorkspaceId, id: &KeyId, now: Moment) -> Result<bool>;

    /// Remembers that a key was used.
    async fn touch_key(&self, id: &KeyId, now: Moment) -> Result<()>;
}

/// What was used.
#[async_trait]
pub trait Usage {
    /// Days from `from` up to, not including, `to`, in order; days without use are left out.
    async fn usage(&self, workspace: &WorkspaceId, from: Moment, to: Moment) -> Result<Vec<UsageRow>>;

    /// Adds bytes that were downloaded.
    async fn add_egress(&self, workspace: &WorkspaceId, bytes: i64, now: Moment) -> Result<()>;
}

/// All of it.
#[async_trait]
pub trait Store:
    Renders + Leases + Outbox + Webhooks + MediaShelf + Keys + Usage + Sheets + Resources + Send + Sync
{
    /// What is written in this process, as it is written.
    fn signals(&self) -> &Signals;

    /// Whether the database answers and takes writes.
    async fn check(&self) -> Result<()>;

    /// Finishes what is being written. Nothing can be written afterwards.
    async fn close(&self);
}
