//! Who is calling: the key in the `Authorization` header.
//!
//! Keys are long and random, so what is kept of them is a plain hash, under which they are found; nothing
//! is compared letter by letter. A key that was just looked up is remembered for a few seconds, and so is
//! one that is not known.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::id::{KeyId, WorkspaceId};
use crate::limit::TooMany;
use crate::moment::Moment;
use crate::store::{KeyHash, KeyRow, StoreError};

/// How long a key is remembered: the longest that a revoked one may still open something, elsewhere than in
/// the process that revoked it.
const REMEMBERED: Duration = Duration::from_secs(5);
/// Most keys that are remembered.
const MOST: usize = 10_000;
/// How exact the last use of a key is.
const USE: Duration = Duration::from_secs(60);
/// What a key's hash is made for: it is of no use anywhere else.
const CONTEXT: &str = "vid-server 2026 api key";
/// Letters of a key that are kept to know it by, and at most a quarter of it.
const PREFIX: usize = 12;

/// Who is calling.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caller {
    /// Whose things they may see and change.
    pub workspace: WorkspaceId,
    /// Their key.
    pub key: KeyId,
}

/// The hash of a key, under which it is kept.
pub fn hash(key: &str) -> KeyHash {
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    hasher.update(key.as_bytes());
    KeyHash(hasher.finalize().to_hex().to_string())
}

/// The first letters of a key.
pub fn prefix(key: &str) -> String {
    key.chars().take(PREFIX.min(key.chars().count() / 4)).collect()
}

/// Keys that were looked up lately.
#[derive(Default)]
pub struct Keyring {
    known: Mutex<BTreeMap<KeyHash, (Option<KeyRow>, Instant)>>,
}

impl Keyring {
    /// Forgets every key, so that what was changed holds at once.
    pub fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn recall(&self, hash: &KeyHash) -> Option<Option<KeyRow>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (key, when) = known.get(hash)?;
        (when.elapsed() < REMEMBERED).then(|| key.clone())
    }

    fn remember(&self, hash: KeyHash, key: Option<KeyRow>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(hash, (key, vid_runtime::clock::instant()));
    }

    /// The key, if it is one.
    async fn find(&self, app: &App, key: &str) -> Result<Option<KeyRow>, StoreError> {
        let hash = hash(key);
        if let Some(known) = self.recall(&hash) {
            return Ok(known);
        }
        let mut found = app.store.key(&hash).await?;
        if let Some(key) = found.as_mut().filter(|key| key.revoked_at.is_none()) {
            let now = Moment::now();
            if key.last_used_at.is_none_or(|before| before.after(USE) <= now) {
                app.store.touch_key(&key.id, now).await?;
                key.last_used_at = Some(now);
            }
        }
        self.remember(hash, found.clone());
        Ok(found)
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let refused = |message: &str| ApiError::new(ErrorCode::Unauthorized, message);
        let header = parts.headers.get(AUTHORIZATION);
        let header = header.ok_or_else(|| refused("Missing Authorization header."))?;
        let text = header.to_str().ok();
        let key = text.and_then(|text| {
            let (scheme, key) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
        });
        let key = key.ok_or_else(|| refused("the Authorization header is not `Bearer` with a key"))?;
        match app.keys.find(app, key).await? {
            Some(KeyRow { id, workspace, revoked_at: None, .. }) => {
                if let Err(TooMany { retry_after }) = app.limiter.count(&id, vid_runtime::clock::instant()) {
                    let error =
                        ApiError::new(ErrorCode::RateLimited, "too many requests; please wait a little");
                    return Err(error.retry_after(retry_after));
                }
                Ok(Self { workspace, key: id })
            }
            Some(_) => Err(refused("the API key was revoked")),
            None => Err(refused("the API key is not known")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_of_a_key_is_kept() {
        assert_eq!(prefix("fl_live_0123456789abcdefghijklmnopqrstuvwxyz0123"), "fl_live_0123");
        assert_eq!(prefix("0123456789abcdef"), "0123");
        assert_ne!(hash("a"), hash("b"));
        assert_eq!(hash("a").0.len(), 64);
    }
}
