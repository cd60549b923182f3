//! What was sent lately, and where it is now: a file that is there already is not sent again, and a command
//! that is run again makes the same body, which finds the same job.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use vid_runtime::ContentHash;
use vid_server::config::Secret;

use crate::output;

/// How long it is counted on: as long as servers know idempotency keys.
const LIVES: Duration = Duration::from_secs(24 * 3600);
/// Most files that are remembered, of all servers.
const MOST: usize = 10_000;
/// The name of the file in the cache.
const FILE: &str = "uploads.json";

/// A file that was sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Sent {
    source_url: String,
    /// Seconds since 1970.
    at: u64,
}

/// The record of one server and one key.
pub struct Record {
    file: Option<PathBuf>,
    /// Says which server and key, and gives neither away.
    door: String,
    all: BTreeMap<String, Sent>,
    now: u64,
}

impl Record {
    /// Opens the record in the folder of the cache; without one, nothing is remembered. A record that cannot
    /// be read is an empty one.
    pub fn open(folder: Option<PathBuf>, server: &str, key: &Secret) -> Self {
        let since = vid_runtime::clock::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let now = since.as_secs();
        let file = folder.map(|folder| folder.join(FILE));
        let text = file.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        let mut all: BTreeMap<String, Sent> =
            text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        all.retain(|_, sent| now < sent.at.saturating_add(LIVES.as_secs()));
        let door = format!("vid submit\n{}\n{}", server.trim_end_matches('/'), key.reveal());
        let door = ContentHash::of(door.as_bytes()).to_hex();
        Self { file, door: door[..16].to_owned(), all, now }
    }

    /// Where a file is that was sent, by the address that stands for it.
    pub fn find(&self, stand_in: &str) -> Option<&str> {
        self.all.get(&self.name(stand_in)).map(|sent| sent.source_url.as_str())
    }

    /// Remembers where a file is now. That it cannot be kept costs nothing but sending it again.
    pub fn add(&mut self, stand_in: &str, source_url: &str) {
        if self.all.len() >= MOST {
            self.all.clear();
        }
        self.all.insert(self.name(stand_in), Sent { source_url: source_url.to_owned(), at: self.now });
        self.keep();
    }

    /// Forgets files that are not there after all.
    pub fn forget<'a>(&mut self, stand_ins: impl Iterator<Item = &'a String>) {
        for stand_in in stand_ins {
            self.all.remove(&self.name(stand_in));
        }
        self.keep();
    }

    fn name(&self, stand_in: &str) -> String {
        format!("{} {}", self.door, stand_in.rsplit('/').next().unwrap_or_default())
    }

    fn keep(&self) {
        let Some(file) = &self.file else { return };
        if let Some(folder) = file.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        if let Ok(text) = serde_json::to_vec(&self.all) {
            let _ = output::write(file, &text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_of_one_server_and_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let open = |server: &str, key: &str| {
            Record::open(Some(folder.path().to_owned()), server, &Secret::new(key.to_owned()))
        };
        open("https://a.example/", "k1").add("https://upload.invalid/ab.png", "https://a.example/1.png");
        assert_eq!(
            open("https://a.example", "k1").find("https://upload.invalid/ab.png"),
            Some("https://a.example/1.png")
        );
        assert_eq!(open("https://a.example", "k2").find("https://upload.invalid/ab.png"), None);
        assert_eq!(open("https://b.example", "k1").find("https://upload.invalid/ab.png"), None);
        let text = std::fs::read_to_string(folder.path().join(FILE)).unwrap();
        assert!(!text.contains("k1"), "{text}");
        let gone = "https://upload.invalid/ab.png".to_owned();
        open("https://a.example", "k1").forget([&gone].into_iter());
        assert_eq!(open("https://a.example", "k1").find(&gone), None);
    }
}
