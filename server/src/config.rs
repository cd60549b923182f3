//! Every setting of the server, wherever it comes from.
//!
//! [`Settings`] is the one list of them. A file, the environment and the command line each give some;
//! [`Settings::over`] puts one above another and [`Settings::finish`] fills in what nobody said. Unknown
//! settings in a file are errors.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use vid_runtime::plain_reason;
use vid_runtime::store::DEFAULT_LIMIT_BYTES;

use crate::bucket::{Bucket, Service};
use crate::fetch::{Network, Rules};

/// Where the server listens unless it is told.
const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
/// Where its data are unless it is told, in the current folder.
const DEFAULT_DATA_DIR: &str = "vid-data";
/// How long an address for looking at a file works unless it is told, in seconds.
const DEFAULT_VIEW_SECONDS: u64 = 900;
/// The same for downloads.
const DEFAULT_DOWNLOAD_SECONDS: u64 = 300;
/// The longest an address may work: seven days, as long as those of S3.
const MAX_URL_SECONDS: u64 = 7 * 24 * 3600;
/// Shortest API key that is taken from settings, in characters.
const MIN_KEY_CHARS: usize = 16;
/// Requests that each key may make a second unless it is told.
const DEFAULT_REQUESTS_PER_SECOND: u32 = 200;
/// Requests without a key that each address may make a second unless it is told.
const DEFAULT_REQUESTS_PER_ADDRESS: u32 = 100;
/// Bytes of a mebibyte.
const MIB: u64 = 1 << 20;
/// Memory of one render unless it is told: enough for layers at 8K.
const DEFAULT_RENDER_MEMORY_MIB: u64 = 6144;
/// The least that a small film was seen to need, and a little more.
const MIN_RENDER_MEMORY_MIB: u64 = 256;
/// Room that has to be free unless it is told.
const DEFAULT_FREE_DISK_MIB: u64 = 256;
/// Most renders side by side in one process.
const MAX_WORKERS: usize = 64;

/// What somebody said about the settings; `None` where nothing was said.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address and port.
    pub listen: Option<SocketAddr>,
    /// How callers reach the server, such as `https://video.example.org`.
    pub public_url: Option<String>,
    /// The folder for everything that is kept on this machine.
    pub data_dir: Option<PathBuf>,
    /// `postgres://…`, or a path of a SQLite file.
    pub database: Option<String>,
    /// A folder for finished files and uploads, or `s3://bucket/prefix`.
    pub storage: Option<String>,
    /// Where the bucket is.
    pub s3: Option<Service>,
    /// API keys that open the workspace.
    pub api_keys: Option<Vec<Secret>>,
    /// The workspace's name.
    pub workspace: Option<String>,
    /// Renders side by side in this process; zero leaves them to `vid worker`.
    pub workers: Option<usize>,
    /// Whether media are read in confined processes.
    pub isolation: Option<Isolation>,
    /// What becomes of keys in a body that are not in the contract.
    pub unknown_keys: Option<UnknownKeys>,
    /// Whether media from elsewhere are copied first where a body does not say.
    pub ingest_external: Option<bool>,
    /// Requests that each key may make a second; twice as many at once.
    pub requests_per_second: Option<u32>,
    /// Requests without a key that each address may make a second; twice as many at once.
    pub requests_per_second_per_address: Option<u32>,
    /// Proxies whose word is taken for where a request comes from.
    pub trusted_proxies: Option<Vec<Network>>,
    /// Mebibytes of memory that the process of one render may take.
    pub render_memory_mib: Option<u64>,
    /// Mebibytes that have to be free in the data folder for anything to be taken in.
    pub free_disk_mib: Option<u64>,
    /// Days after which renders that ended are forgotten, with their files.
    pub keep_days: Option<u32>,
    /// Days after which files that callers sent or had copied are forgotten, unless something needs them.
    pub keep_media_days: Option<u32>,
    /// Mebibytes of finished segments that are kept to be used again.
    pub segments_mib: Option<u64>,
    /// What the log looks like.
    pub log_format: Option<LogFormat>,
    /// Seconds for which an address for looking at a file works.
    pub signed_url_view_seconds: Option<u64>,
    /// Seconds for which an address for downloading a file works.
    pub signed_url_download_seconds: Option<u64>,
    /// Which addresses elsewhere may be gone to.
    pub outside: Option<Rules>,
}

/// Something that is not shown in logs.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, for the one who needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Whether media are read in processes from which nothing can be reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// With every layer, or not at all.
    Strict,
    /// With the layers that this machine has.
    #[default]
    Available,
    /// In the process that renders.
    Off,
}

/// What becomes of keys in a body that are not in the contract.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownKeys {
    /// The body is refused, and the right key is named.
    #[default]
    Refuse,
    /// They are left out.
    Warn,
}

/// What the log looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Which database.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A PostgreSQL server; the address may hold a password.
    Postgres(String),
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "SQLite in {}", path.display()),
            Self::Postgres(_) => f.write_str("PostgreSQL"),
        }
    }
}

/// Where finished files and uploads are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Storage {
    /// In a folder.
    Folder(PathBuf),
    /// In a bucket of a service that speaks S3.
    Bucket(Bucket),
}

/// Every setting, decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// Address and port.
    pub listen: SocketAddr,
    /// How callers reach the server, without a slash at the end; `None` for the address it listens on.
    pub public_url: Option<String>,
    /// The folder for everything that is kept on this machine.
    pub data_dir: PathBuf,
    /// Which database.
    pub database: Database,
    /// Where finished files and uploads are kept.
    pub storage: Storage,
    /// API keys that open the workspace.
    pub api_keys: Vec<Secret>,
    /// The workspace's name.
    pub workspace: String,
    /// Renders side by side in this process.
    pub workers: usize,
    /// Whether media are read in confined processes.
    pub isolation: Isolation,
    /// What becomes of keys in a body that are not in the contract.
    pub unknown_keys: UnknownKeys,
    /// Whether media from elsewhere are copied first where a body does not say.
    pub ingest_external: bool,
    /// Requests that each key may make a second; twice as many at once.
    pub requests_per_second: u32,
    /// Requests without a key that each address may make a second; twice as many at once.
    pub requests_per_second_per_address: u32,
    /// Proxies whose word is taken for where a request comes from.
    pub trusted_proxies: Vec<Network>,
    /// Bytes of memory that the process of one render may take.
    pub render_memory: u64,
    /// Bytes that have to be free in the data folder for anything to be taken in.
    pub free_disk: u64,
    /// After how long renders that ended are forgotten, with their files; `None` for never.
    pub keep: Option<Duration>,
    /// After how long files that callers sent or had copied are forgotten, unless something needs them; `None`
    /// for never.
    pub keep_media: Option<Duration>,
    /// Bytes of finished segments that are kept to be used again.
    pub segment_bytes: u64,
    /// What the log looks like.
    pub log_format: LogFormat,
    /// How long an address for looking at a file works.
    pub view_lives: Duration,
    /// How long an address for downloading a file works.
    pub download_lives: Duration,
    /// Which addresses elsewhere may be gone to.
    pub outside: Rules,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read `{}`: {}", path.display(), plain_reason(source))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file is not what a configuration file is.
    #[error("{}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        reason: String,
    },
    /// A setting has a value that it cannot have.
    #[error("the setting `{setting}` {problem}")]
    Invalid {
        /// Its name.
        setting: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

impl Settings {
    /// The settings of a file.
    ///
    /// # Errors
    /// When it cannot be read, is no TOML, or has a setting that there is not.
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        toml::from_str(&text).map_err(|error| ConfigError::Malformed {
            path: path.to_owned(),
            reason: error.to_string().trim_end().to_owned(),
        })
    }

    /// These settings, and those of `below` where these say nothing.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            listen: self.listen.or(below.listen),
            public_url: self.public_url.or(below.public_url),
            data_dir: self.data_dir.or(below.data_dir),
            database: self.database.or(below.database),
            storage: self.storage.or(below.storage),
            s3: match (self.s3, below.s3) {
                (Some(above), Some(below)) => Some(above.over(below)),
                (above, below) => above.or(below),
            },
            api_keys: self.api_keys.or(below.api_keys),
            workspace: self.workspace.or(below.workspace),
            workers: self.workers.or(below.workers),
            isolation: self.isolation.or(below.isolation),
            unknown_keys: self.unknown_keys.or(below.unknown_keys),
            ingest_external: self.ingest_external.or(below.ingest_external),
            requests_per_second: self.requests_per_second.or(below.requests_per_second),
            requests_per_second_per_address: self
                .requests_per_second_per_address
                .or(below.requests_per_second_per_address),
            trusted_proxies: self.trusted_proxies.or(below.trusted_proxies),
            render_memory_mib: self.render_memory_mib.or(below.render_memory_mib),
            free_disk_mib: self.free_disk_mib.or(below.free_disk_mib),
            keep_days: self.keep_days.or(below.keep_days),
            keep_media_days: self.keep_media_days.or(below.keep_media_days),
            segments_mib: self.segments_mib.or(below.segments_mib),
            log_format: self.log_format.or(below.log_format),
            signed_url_view_seconds: self.signed_url_view_seconds.or(below.signed_url_view_seconds),
            signed_url_download_seconds: self
                .signed_url_download_seconds
                .or(below.signed_url_download_seconds),
            outside: match (self.outside, below.outside) {
                (Some(above), Some(below)) => Some(above.over(below)),
                (above, below) => above.or(below),
            },
        }
    }

    /// Decides everything.
    ///
    /// # Errors
    /// The first setting whose value cannot be used.
    pub fn finish(self) -> Result<Config, ConfigError> {
        let data_dir = self.data_dir.unwrap_or_else(|| PathBuf::from(DEFAULT_DATA_DIR));
        let default_listen = || DEFAULT_LISTEN.parse().expect("the default is an address");
        let api_keys = self.api_keys.unwrap_or_default();
        if api_keys.iter().any(|key| key.reveal().chars().count() < MIN_KEY_CHARS) {
            return Err(invalid("api_keys", format!("has a key of less than {MIN_KEY_CHARS} characters")));
        }
        if api_keys.iter().any(|key| !key.reveal().bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(invalid("api_keys", "has a key that cannot be sent in a header"));
        }
        let workers = self.workers.unwrap_or(1);
        if workers > MAX_WORKERS {
            return Err(invalid("workers", format!("is {workers}; at most {MAX_WORKERS}")));
        }
        let requests_per_second = self.requests_per_second.unwrap_or(DEFAULT_REQUESTS_PER_SECOND);
        if requests_per_second == 0 {
            return Err(invalid("requests_per_second", "is 0, so nobody could ask anything"));
        }
        let requests_per_second_per_address =
            self.requests_per_second_per_address.unwrap_or(DEFAULT_REQUESTS_PER_ADDRESS);
        if requests_per_second_per_address == 0 {
            return Err(invalid(
                "requests_per_second_per_address",
                "is 0, so nobody could ask without a key",
            ));
        }
        let render_memory = match self.render_memory_mib.unwrap_or(DEFAULT_RENDER_MEMORY_MIB) {
            mib if mib < MIN_RENDER_MEMORY_MIB => {
                return Err(invalid(
                    "render_memory_mib",
                    format!("is {mib}; nothing is rendered with less than {MIN_RENDER_MEMORY_MIB}"),
                ));
            }
            mib => mib.saturating_mul(MIB),
        };
        let days = |name, days, why: &str| match days {
            Some(0) => Err(invalid(name, format!("is 0; at least 1, {why}"))),
            days => Ok(days.map(|days: u32| Duration::from_secs(u64::from(days) * 24 * 3600))),
        };
        let keep = days("keep_days", self.keep_days, "as long as an idempotency key holds")?;
        let remembered = "as long as those who sent a file remember where";
        let keep_media = days("keep_media_days", self.keep_media_days, remembered)?;
        Ok(Config {
            listen: self.listen.unwrap_or_else(default_listen),
            public_url: self.public_url.map(public_url).transpose()?,
            database: database(self.database, &data_dir)?,
            storage: storage(self.storage, self.s3, &data_dir)?,
            api_keys,
            workspace: self.workspace.unwrap_or_else(|| "default".to_owned()),
            workers,
            isolation: self.isolation.unwrap_or_default(),
            unknown_keys: self.unknown_keys.unwrap_or_default(),
            ingest_external: self.ingest_external.unwrap_or(false),
            requests_per_second,
            requests_per_second_per_address,
            trusted_proxies: self.trusted_proxies.unwrap_or_default(),
            render_memory,
            free_disk: self.free_disk_mib.unwrap_or(DEFAULT_FREE_DISK_MIB).saturating_mul(MIB),
            keep,
            keep_media,
            segment_bytes: self.segments_mib.map_or(DEFAULT_LIMIT_BYTES, |mib| mib.saturating_mul(MIB)),
            log_format: self.log_format.unwrap_or_default(),
            view_lives: lives("signed_url_view_seconds", self.signed_url_view_seconds, DEFAULT_VIEW_SECONDS)?,
            download_lives: lives(
                "signed_url_download_seconds",
                self.signed_url_download_seconds,
                DEFAULT_DOWNLOAD_SECONDS,
            )?,
            outside: self.outside.unwrap_or_default(),
            data_dir,
        })
    }
}

impl Config {
    /// Where finished segments are kept, shared by all attempts and workers of this machine.
    pub fn segments(&self) -> PathBuf {
        self.data_dir.join("segments")
    }

    /// Where the pictures of previews are made.
    pub fn previews(&self) -> PathBuf {
        self.data_dir.join("previews")
    }

    /// Where work in progress is kept, one folder for each attempt.
    pub fn scratch(&self) -> PathBuf {
        self.data_dir.join("work")
    }
}

fn invalid(setting: &'static str, problem: impl Into<String>) -> ConfigError {
    ConfigError::Invalid { setting, problem: problem.into() }
}

fn public_url(text: String) -> Result<String, ConfigError> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() && !rest.contains(['?', '#', ' ']) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err(invalid("public_url", format!("is `{text}`, not an address such as https://example.org"))),
    }
}

fn database(text: Option<String>, data_dir: &Path) -> Result<Database, ConfigError> {
    match text {
        None => Ok(Database::Sqlite(data_dir.join("vid.db"))),
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Ok(Database::Postgres(url))
        }
        Some(other) => match other.split_once("://") {
            Some((kind, _)) if kind != "sqlite" => {
                Err(invalid("database", format!("names `{kind}`; there are postgres and sqlite")))
            }
            Some((_, path)) => Ok(Database::Sqlite(PathBuf::from(path))),
            None => Ok(Database::Sqlite(PathBuf::from(other))),
        },
    }
}

fn storage(text: Option<String>, s3: Option<Service>, data_dir: &Path) -> Result<Storage, ConfigError> {
    let text = match text {
        None => return Ok(Storage::Folder(data_dir.join("files"))),
        Some(text) => text,
    };
    match text.split_once("://") {
        None => Ok(Storage::Folder(PathBuf::from(text))),
        Some(("s3", rest)) => {
            let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            let prefix = prefix.trim_matches('/');
            let is_plain =
                |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '/');
            if name.is_empty() || !rest.chars().all(is_plain) || prefix.split('/').any(|part| part == "..") {
                return Err(invalid("storage", format!("is `{text}`, not a bucket such as s3://films/ours")));
            }
            let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
            let service = s3.unwrap_or_default();
            if service.access_key_id.is_some() != service.secret_access_key.is_some() {
                return Err(invalid(
                    "s3",
                    "has one of `access_key_id` and `secret_access_key`; it takes both",
                ));
            }
            Ok(Storage::Bucket(Bucket { name: name.to_owned(), prefix, service }))
        }
        Some((kind, _)) => Err(invalid("storage", format!("names `{kind}`; there are folders and s3"))),
    }
}

fn lives(setting: &'static str, seconds: Option<u64>, default: u64) -> Result<Duration, ConfigError> {
    match seconds.unwrap_or(default) {
        seconds @ 1..=MAX_URL_SECONDS => Ok(Duration::from_secs(seconds)),
        seconds => Err(invalid(setting, format!("is {seconds}; 1 to {MAX_URL_SECONDS}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Settings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn nothing_said_is_a_server_for_this_machine() {
        let config = Settings::default().finish().unwrap();
        assert_eq!(config.listen.to_string(), DEFAULT_LISTEN);
        assert_eq!(config.database, Database::Sqlite("vid-data/vid.db".into()));
        assert_eq!((config.workers, config.unknown_keys), (1, UnknownKeys::Refuse));
    }

    #[test]
    fn what_is_above_wins() {
        let file = settings("workers = 3\nlisten = \"0.0.0.0:80\"\nunknown_keys = \"warn\"");
        let flags = Settings { workers: Some(5), ..Settings::default() };
        let config = flags.over(file).finish().unwrap();
        assert_eq!((config.workers, config.unknown_keys), (5, UnknownKeys::Warn));
        assert_eq!(config.listen.port(), 80);
    }

    #[test]
    fn mistakes_are_named() {
        let problem = |text: &str| settings(text).finish().unwrap_err().to_string();
        let found = [
            problem("workers = 1000"),
            problem("api_keys = [\"short\"]"),
            problem("database = \"mysql://a\""),
            problem("storage = \"gs://bucket\""),
            problem("public_url = \"example.org\""),
            problem("signed_url_view_seconds = 0"),
            problem("storage = \"s3:///a\""),
            problem("storage = \"s3://a\"\n[s3]\naccess_key_id = \"a\""),
            problem("render_memory_mib = 1"),
            problem("keep_days = 0"),
            problem("keep_media_days = 0"),
            problem("requests_per_second_per_address = 0"),
        ];
        expect_test::expect![[r#"
            the setting `workers` is 1000; at most 64
            the setting `api_keys` has a key of less than 16 characters
            the setting `database` names `mysql`; there are postgres and sqlite
            the setting `storage` names `gs`; there are folders and s3
            the setting `public_url` is `example.org`, not an address such as https://example.org
            the setting `signed_url_view_seconds` is 0; 1 to 604800
            the setting `storage` is `s3:///a`, not a bucket such as s3://films/ours
            the setting `s3` has one of `access_key_id` and `secret_access_key`; it takes both
            the setting `render_memory_mib` is 1; nothing is rendered with less than 256
            the setting `keep_days` is 0; at least 1, as long as an idempotency key holds
            the setting `keep_media_days` is 0; at least 1, as long as those who sent a file remember where
            the setting `requests_per_second_per_address` is 0, so nobody could ask without a key"#]]
        .assert_eq(&found.join("\n"));
        assert!(toml::from_str::<Settings>("wrokers = 1").is_err());
    }

    #[test]
    fn secrets_are_not_shown() {
        let config = settings(
            "api_keys = [\"fl_live_0123456789\"]\ndatabase = \"postgres://a:hush@b/c\"\n\
             storage = \"s3://a\"\n[s3]\naccess_key_id = \"a\"\nsecret_access_key = \"hush\"",
        );
        let config = config.finish().unwrap();
        let shown = format!("{config:?}");
        assert!(!shown.contains("0123456789") && !shown.contains("hush"), "{shown}");
    }
}
