//! Files of the second interface: what callers sent, beside the films of [`super::Sheets`].

use async_trait::async_trait;

use super::StoreError;
use super::rows::{Asset, AssetKind};
use crate::id::{AssetId, WorkspaceId};
use crate::moment::Moment;

type Result<T> = std::result::Result<T, StoreError>;

/// What was said of bytes before they were sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Promise {
    /// How many there are.
    pub bytes: u64,
    /// Their MD5, in base64.
    pub md5: String,
}

/// A file to be kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewResource {
    /// The file itself.
    pub asset: Asset,
    /// What opens it to everybody; nobody guesses it.
    pub token: String,
    /// What it is called.
    pub filename: String,
    /// What was said of its bytes.
    pub promise: Option<Promise>,
}

/// A file that a caller sent, or is about to send.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resource {
    /// Its number, from 1 on; films are numbered apart from it.
    pub id: i64,
    /// The file itself.
    pub asset: Asset,
    /// What opens it to everybody.
    pub token: String,
    /// What it is called.
    pub filename: String,
    /// What was said of its bytes.
    pub promise: Option<Promise>,
    /// Whether its bytes are here and are what was promised; until then nobody sees it.
    pub is_attached: bool,
    /// When it was made.
    pub created_at: Moment,
}

/// Which files.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ResourceFilter {
    /// Those that hold this alone.
    pub kind: Option<AssetKind>,
    /// Films of this sheet alone.
    pub sheet: Option<i64>,
}

/// A file in a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Listed {
    /// The film of this generation.
    Film(i64),
    /// The file of this number.
    Sent(i64),
}

/// Files that callers sent.
#[async_trait]
pub trait Resources {
    /// Keeps a file that is not attached yet, and its asset. Returns its number.
    async fn add_resource(&self, new: NewResource, now: Moment) -> Result<i64>;

    /// The file of that number.
    async fn resource(&self, workspace: &WorkspaceId, id: i64) -> Result<Option<Resource>>;

    /// The file whose asset that is.
    async fn resource_with(&self, workspace: &WorkspaceId, asset: &AssetId) -> Result<Option<Resource>>;

    /// The attached file that the token opens.
    async fn resource_of(&self, token: &str) -> Result<Option<Resource>>;

    /// Shows a file to everybody from now on.
    async fn attach_resource(&self, workspace: &WorkspaceId, id: i64) -> Result<()>;

    /// Films and attached files, newest first, without the first `skip`.
    async fn resources(
        &self,
        workspace: &WorkspaceId,
        filter: ResourceFilter,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<Listed>>;

    /// Gives a file another name. Returns whether it was there.
    async fn rename_resource(&self, workspace: &WorkspaceId, which: Listed, name: &str) -> Result<bool>;

    /// Removes a file with its asset; its bytes are among those that go once nothing needs them. Returns
    /// whether it was there.
    async fn remove_resource(&self, workspace: &WorkspaceId, id: i64) -> Result<bool>;

    /// Keys of files that were removed, in order, after `after`.
    async fn unneeded(&self, after: &str, limit: u32) -> Result<Vec<String>>;

    /// Forgets that the file of a key was removed: it is gone, or needed again.
    async fn forget_unneeded(&self, key: &str) -> Result<()>;
}
