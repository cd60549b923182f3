//! Names of things: a prefix that says what it is, and a ULID.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use ulid::{Generator, Ulid};

/// Makes ULIDs that grow within this process, so that newer things sort after older ones.
static GENERATOR: Mutex<Generator> = Mutex::new(Generator::new());

/// A new ULID, greater than all that this process made before.
pub fn ulid() -> Ulid {
    let mut generator = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    match generator.generate_from_datetime(vid_runtime::clock::now()) {
        Ok(ulid) => ulid,
        // The random part ran over within one millisecond: go on from the next one.
        Err(overflow) => overflow.commit_overflow_increment(),
    }
}

/// Defines a kind of id.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal;)+) => { $(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// What its ids begin with, the underscore included.
            pub const PREFIX: &str = concat!($prefix, "_");

            /// A new one.
            pub fn generate() -> Self {
                Self(format!("{}{}", Self::PREFIX, ulid()))
            }

            /// Reads an id that a caller sent; `None` for what no server of ours has given out.
            pub fn parse(text: &str) -> Option<Self> {
                let rest = text.strip_prefix(Self::PREFIX)?;
                let ulid = Ulid::from_string(rest).ok()?;
                (ulid.to_string() == rest).then(|| Self(text.to_owned()))
            }

            /// One that the store holds and so was valid when it was put there.
            pub(crate) const fn stored(text: String) -> Self {
                Self(text)
            }

            /// The text of it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+ };
}

ids! {
    /// A render job.
    RenderId = "render";
    /// A workspace: whose things these are.
    WorkspaceId = "ws";
    /// An API key, not the key itself.
    KeyId = "key";
    /// A copy of a remote file, under way or done.
    ImportId = "import";
    /// A media file of a workspace.
    AssetId = "asset";
    /// Something that happened to a job.
    EventId = "evt";
    /// A registered receiver of events.
    WebhookId = "wh";
    /// One event for one receiver; the same over all attempts.
    DeliveryId = "dlv";
    /// One attempt to deliver.
    AttemptId = "att";
}

impl AssetId {
    /// The distinct ids that stand anywhere in a text.
    pub fn named_in(text: &str) -> BTreeSet<Self> {
        let length = Self::PREFIX.len() + ulid::ULID_LEN;
        let found = text.match_indices(Self::PREFIX);
        found.filter_map(|(at, _)| Self::parse(text.get(at..at + length)?)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_ids_sort_after_older_ones() {
        let ids: Vec<RenderId> = (0..1000).map(|_| RenderId::generate()).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert_eq!(RenderId::parse(ids[0].as_str()), Some(ids[0].clone()));
    }

    #[test]
    fn files_are_found_in_a_text() {
        let (one, two) = (AssetId::generate(), AssetId::generate());
        let text = format!("[\"http:\\/\\/a/{two}.mp4\", asset_ä, \"{one}\", \"{two}\", asset_01K00000");
        assert_eq!(AssetId::named_in(&text).into_iter().collect::<Vec<_>>(), [one, two]);
    }

    #[test]
    fn what_was_never_given_out_is_no_id() {
        for text in [
            "",
            "render_",
            "task_01K0000000000000000000000A",
            "render_01k0000000000000000000000a",
            "render_../x",
        ] {
            assert_eq!(RenderId::parse(text), None, "{text}");
        }
        assert!(RenderId::parse("render_01K0000000000000000000000A").is_some());
    }
}
