//! What the store holds, as types. None of them is a wire type.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::id::{AssetId, AttemptId, DeliveryId, EventId, ImportId, KeyId, RenderId, WebhookId, WorkspaceId};
use crate::moment::Moment;

/// Defines an enumeration whose values have names in the store and on the wire.
macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($(#[$value_meta:meta])* $value:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum $name { $($(#[$value_meta])* #[serde(rename = $text)] $value,)+ }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$value,)+];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$value => $text,)+ }
            }

            /// The value of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$value),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names! {
    /// How far a render is. The last three are final.
    RenderStatus {
        /// Media from elsewhere are being copied.
        Ingesting = "ingesting",
        /// It waits for a worker.
        Queued = "queued",
        /// A worker has it.
        Processing = "processing",
        /// The file is there.
        Completed = "completed",
        /// It cannot be made.
        Failed = "failed",
        /// It was called off.
        Cancelled = "cancelled",
    }
}

impl RenderStatus {
    /// Whether nothing changes any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

names! {
    /// What is being done with a render that is processed.
    Stage {
        /// Its media are fetched.
        Downloading = "downloading",
        /// Its frames are made.
        Compositing = "compositing",
        /// Its file is put together.
        Encoding = "encoding",
        /// Its file is put where it can be downloaded.
        Uploading = "uploading",
    }
}

names! {
    /// What happened.
    EventKind {
        /// A render was accepted, or goes back to the queue.
        RenderQueued = "render.queued",
        /// A worker took it.
        RenderProcessing = "render.processing",
        /// It has come further.
        RenderProgress = "render.progress",
        /// Its file is there.
        RenderCompleted = "render.completed",
        /// It cannot be made.
        RenderFailed = "render.failed",
        /// It was called off.
        RenderCancelled = "render.cancelled",
        /// A file is in storage and was looked at.
        AssetReady = "asset.ready",
        /// A file could not be had.
        AssetFailed = "asset.failed",
    }
}

impl EventKind {
    /// Whether receivers are told of it; the others are the store's own record.
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::RenderQueued | Self::RenderProcessing)
    }
}

names! {
    /// What is known of a media file.
    AssetStatus {
        /// Its bytes are not here yet.
        Waiting = "waiting",
        /// It can be used.
        Ready = "ready",
        /// It cannot be used.
        Failed = "failed",
    }
}

names! {
    /// What a media file holds.
    AssetKind {
        /// Moving pictures.
        Video = "video",
        /// Sound alone.
        Audio = "audio",
        /// A still.
        Image = "image",
        /// Letters.
        Font = "font",
    }
}

names! {
    /// How far a copy of a remote file is.
    ImportStatus {
        /// Under way.
        Processing = "processing",
        /// Done.
        Ready = "ready",
        /// It could not be had.
        Failed = "failed",
    }
}

names! {
    /// What became of an attempt to deliver an event.
    DeliveryStatus {
        /// It is still to be made.
        Pending = "pending",
        /// The receiver has it.
        Succeeded = "succeeded",
        /// The receiver does not have it; another attempt follows.
        Failed = "failed",
        /// The receiver does not have it and will not be asked again.
        Dead = "dead",
    }
}

/// Whose things these are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// Signs every event; `None` until the first receiver is registered.
    pub webhook_secret: Option<String>,
    /// When it was made.
    pub created_at: Moment,
}

/// The hash of an API key; the key itself is nowhere.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyHash(pub(crate) String);

/// An API key to be kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewKey {
    /// Its id.
    pub id: KeyId,
    /// Whose things it opens.
    pub workspace: WorkspaceId,
    /// What its owner calls it.
    pub name: String,
    /// Its hash.
    pub hash: KeyHash,
    /// Its first letters, to know it by.
    pub prefix: String,
}

/// An API key that is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyRow {
    /// Its id.
    pub id: KeyId,
    /// Whose things it opens.
    pub workspace: WorkspaceId,
    /// What its owner calls it.
    pub name: String,
    /// Its first letters.
    pub prefix: String,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Moment>,
    /// Since when it opens nothing.
    pub revoked_at: Option<Moment>,
}

/// A render to be accepted.
#[derive(Clone, PartialEq, Debug)]
pub struct NewRender {
    /// Its id.
    pub id: RenderId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// The body as it came.
    pub body: String,
    /// The body's `metadata`, as JSON.
    pub metadata: String,
    /// The body's `webhook_url`.
    pub webhook_url: Option<String>,
    /// Whether media from elsewhere are copied first, as a state of its own.
    pub ingests: bool,
    /// The key under which it is accepted once, with the fingerprint of the request.
    pub idempotency: Option<(String, String)>,
}

/// A render.
#[derive(Clone, PartialEq, Debug)]
pub struct Render {
    /// Its id.
    pub id: RenderId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// How far it is.
    pub status: RenderStatus,
    /// When it was accepted.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// When it reached a final status.
    pub completed_at: Option<Moment>,
    /// 0–100.
    pub progress_percent: u8,
    /// What is being done; `None` while nothing is.
    pub progress_stage: Option<Stage>,
    /// The number of the attempt that may write.
    pub attempt: i64,
    /// Attempts that count against the limit.
    pub tries: i64,
    /// The body's `metadata`, as JSON.
    pub metadata: String,
    /// Where this render's events go instead of the workspace's receivers.
    pub webhook_url: Option<String>,
    /// What came of it, once completed.
    pub output: Option<Output>,
    /// Why it failed, once failed.
    pub error: Option<Failure>,
}

/// The file of a completed render.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Output {
    /// Where it is in the object store.
    pub key: String,
    /// Where a picture of its first frame is; `None` where there is none.
    pub thumbnail_key: Option<String>,
    /// What a download is called, extension included.
    pub filename: String,
    /// Its MIME type.
    pub content_type: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Its length in milliseconds; zero for a still.
    pub duration_millis: i64,
    /// Its size.
    pub size_bytes: u64,
}

/// Why a job failed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Failure {
    /// Which kind.
    pub code: ErrorCode,
    /// In words.
    pub message: String,
}

impl Failure {
    /// A failure.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// The right to work on a render, and the number that later writes must carry.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Lease {
    /// The render.
    pub render: RenderId,
    /// The number.
    pub attempt: Attempt,
}

/// The number of an attempt; each is one more than the last, and only the last may write.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Attempt(pub i64);

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventRow {
    /// Its place in the order of things.
    pub seq: i64,
    /// Its id, the same for every receiver.
    pub id: EventId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// The render it happened to, if it was one.
    pub render: Option<RenderId>,
    /// What happened.
    pub kind: EventKind,
    /// More about it, as a JSON object.
    pub data: String,
    /// When.
    pub created_at: Moment,
}

/// A registered receiver.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// Where events go.
    pub url: String,
    /// Names of the events it wants; empty for all.
    pub events: Vec<String>,
    /// Whether it is told at all.
    pub enabled: bool,
    /// When it was registered.
    pub created_at: Moment,
    /// When it last got something.
    pub last_delivery_at: Option<Moment>,
}

/// An attempt to deliver, to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewAttempt {
    /// The same over all attempts.
    pub delivery: DeliveryId,
    /// The registered receiver; `None` for the address of one render.
    pub webhook: Option<WebhookId>,
    /// Where it goes.
    pub url: String,
    /// Counted from one.
    pub number: u32,
    /// Not before then.
    pub due_at: Moment,
}

impl NewAttempt {
    /// Whom it is for: host and port of the address. However many addresses lead there, they share its places.
    pub fn receiver(&self) -> String {
        let origin = url::Url::parse(&self.url).map(|url| url.origin().ascii_serialization());
        origin.unwrap_or_else(|_| self.url.clone())
    }
}

/// An attempt whose time has come, with its event. Whoever has it is alone with it until the lease ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DueDelivery {
    /// The attempt.
    pub id: AttemptId,
    /// What is to be done.
    pub attempt: NewAttempt,
    /// What is to be told.
    pub event: EventRow,
}

/// An attempt as its owner sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeliveryRow {
    /// The attempt.
    pub id: AttemptId,
    /// The same over all attempts.
    pub delivery: DeliveryId,
    /// The registered receiver; `None` for the address of one render.
    pub webhook: Option<WebhookId>,
    /// What is told.
    pub kind: EventKind,
    /// What became of it.
    pub status: DeliveryStatus,
    /// Counted from one.
    pub number: u32,
    /// When it was planned.
    pub created_at: Moment,
    /// The render it is about.
    pub render: Option<RenderId>,
    /// What the receiver answered.
    pub status_code: Option<u16>,
    /// The start of what it said.
    pub response_body: Option<String>,
    /// When it was made.
    pub attempted_at: Option<Moment>,
    /// When the next one follows.
    pub next_retry_at: Option<Moment>,
}

/// A media file of a workspace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asset {
    /// Its id.
    pub id: AssetId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// The address that bodies name it by; nobody else has the same.
    pub source_url: String,
    /// What it holds, as far as its declared type says.
    pub kind: AssetKind,
    /// Its declared MIME type.
    pub content_type: String,
    /// What is known of it.
    pub status: AssetStatus,
    /// Where its bytes are in the object store; `None` until they are there.
    pub key: Option<String>,
    /// The address it was copied from; `None` for an upload.
    pub copied_from: Option<String>,
    /// Its size.
    pub size_bytes: Option<u64>,
    /// Its length in milliseconds; `None` for stills.
    pub duration_millis: Option<i64>,
    /// Pixels across and down; `None` for sound.
    pub size: Option<(u32, u32)>,
    /// When it was made.
    pub created_at: Moment,
    /// Until when its bytes may be sent.
    pub expires_at: Option<Moment>,
    /// Why it cannot be used.
    pub error: Option<Failure>,
}

/// A copy of a remote file that a caller asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// What is copied.
    pub url: String,
    /// A hint at its kind.
    pub filename: Option<String>,
    /// How far it is.
    pub status: ImportStatus,
    /// What came of it, once ready.
    pub asset: Option<AssetId>,
    /// Why it failed.
    pub error: Option<Failure>,
    /// How often it was tried.
    pub tries: u32,
    /// When it was asked for.
    pub created_at: Moment,
}

/// What a workspace used on one day, UTC.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UsageRow {
    /// The start of the day.
    pub day: Moment,
    /// Milliseconds of output.
    pub render_millis: i64,
    /// Renders that completed.
    pub renders: i64,
    /// Bytes downloaded.
    pub egress_bytes: i64,
}
