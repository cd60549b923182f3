//! The settings of a server or a worker, as the command line gives them.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use vid_server::bucket::Service;
use vid_server::config::{Isolation, LogFormat, Secret, UnknownKeys};
use vid_server::fetch::{Network, Rules};
use vid_server::{Config, Launcher, Settings, StartError};

use crate::failure::Failure;

/// What `vid serve` and `vid worker` have in common. What is given here is above the configuration file.
#[derive(Args, Clone, Debug)]
pub struct ServerArguments {
    /// A configuration file (TOML) with the settings that are not given here
    #[arg(long, value_name = "FILE", env = "VID_SERVER_CONFIG")]
    pub config: Option<PathBuf>,

    /// The folder for everything that is kept on this machine [default: vid-data]
    #[arg(long, value_name = "DIR", env = "VID_SERVER_DATA_DIR")]
    pub data_dir: Option<PathBuf>,

    /// postgres://…, or the path of a SQLite file [default: vid.db in the data folder]
    #[arg(long, value_name = "URL", env = "VID_SERVER_DATABASE", hide_env_values = true)]
    pub database: Option<String>,

    /// The folder for finished files and uploads, or s3://bucket/prefix [default: files in the data folder]
    #[arg(long, value_name = "PLACE", env = "VID_SERVER_STORAGE")]
    pub storage: Option<String>,

    /// How callers reach the server, such as https://video.example.org [default: the address it listens on]
    #[arg(long, value_name = "URL", env = "VID_SERVER_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Where the bucket of --storage s3://… is, such as https://minio.example.org [default: AWS]
    #[arg(long, value_name = "URL", env = "VID_SERVER_S3_ENDPOINT")]
    pub s3_endpoint: Option<String>,

    /// The region of the bucket
    #[arg(long, value_name = "NAME", env = "VID_SERVER_S3_REGION")]
    pub s3_region: Option<String>,

    /// A network that media may be fetched from although it is not on the open internet; may be repeated
    #[arg(
        long = "outside-network",
        value_name = "NET",
        env = "VID_SERVER_OUTSIDE_NETWORKS",
        value_delimiter = ','
    )]
    pub outside_networks: Vec<Network>,

    /// A port beside 443 that media may be fetched from; may be repeated
    #[arg(
        long = "outside-port",
        value_name = "PORT",
        env = "VID_SERVER_OUTSIDE_PORTS",
        value_delimiter = ','
    )]
    pub outside_ports: Vec<u16>,

    /// Fetch media from addresses that begin with http://, too
    #[arg(
        long,
        env = "VID_SERVER_OUTSIDE_PLAIN_HTTP",
        num_args = 0..=1,
        default_missing_value = "true",
        default_value = "false"
    )]
    pub outside_plain_http: bool,

    /// Most bytes of one file that is sent or fetched [default: 5368709120]
    #[arg(long, value_name = "BYTES", env = "VID_SERVER_OUTSIDE_MAX_BYTES")]
    pub outside_max_bytes: Option<u64>,

    /// Mebibytes of memory that one render may take [default: 6144]
    #[arg(long, value_name = "MIB", env = "VID_SERVER_RENDER_MEMORY_MIB")]
    pub render_memory_mib: Option<u64>,

    /// Mebibytes that have to be free on the disk for anything to be taken in [default: 256]
    #[arg(long, value_name = "MIB", env = "VID_SERVER_FREE_DISK_MIB")]
    pub free_disk_mib: Option<u64>,

    /// Days after which renders that ended are forgotten, with their files [default: never]
    #[arg(long, value_name = "DAYS", env = "VID_SERVER_KEEP_DAYS")]
    pub keep_days: Option<u32>,

    /// Days after which files that were sent or copied are forgotten, unless something needs them [default: never]
    #[arg(long, value_name = "DAYS", env = "VID_SERVER_KEEP_MEDIA_DAYS")]
    pub keep_media_days: Option<u32>,

    /// Mebibytes of finished segments that are kept to be used again [default: 10240]
    #[arg(long, value_name = "MIB", env = "VID_SERVER_SEGMENTS_MIB")]
    pub segments_mib: Option<u64>,

    /// Renders side by side in this process [default: 1]
    #[arg(long, value_name = "N", env = "VID_SERVER_WORKERS")]
    pub workers: Option<usize>,

    /// How media are read: strict, available or off [default: available]
    #[arg(long, value_name = "HOW", env = "VID_SERVER_ISOLATION", value_parser = named::<Isolation>)]
    pub isolation: Option<Isolation>,

    /// What the log looks like: text or json [default: text]
    #[arg(long, value_name = "FORM", env = "VID_SERVER_LOG_FORMAT", value_parser = named::<LogFormat>)]
    pub log_format: Option<LogFormat>,
}

/// What only `vid serve` takes.
#[derive(Args, Clone, Debug)]
pub struct ListenArguments {
    /// Address and port [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", env = "VID_SERVER_LISTEN")]
    pub listen: Option<SocketAddr>,

    /// An API key that opens the workspace, at least 16 characters; may be repeated
    #[arg(
        long = "api-key",
        value_name = "KEY",
        env = "VID_SERVER_API_KEYS",
        hide_env_values = true,
        value_delimiter = ',',
        value_parser = secret
    )]
    pub api_keys: Vec<Secret>,

    /// The name of the workspace
    #[arg(long, value_name = "NAME", env = "VID_SERVER_WORKSPACE")]
    pub workspace: Option<String>,

    /// A proxy whose X-Forwarded-For says where a request comes from; may be repeated
    #[arg(
        long = "trusted-proxy",
        value_name = "NET",
        env = "VID_SERVER_TRUSTED_PROXIES",
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<Network>,

    /// What becomes of unknown keys in a body: refuse or warn [default: refuse]
    #[arg(long, value_name = "HOW", env = "VID_SERVER_UNKNOWN_KEYS", value_parser = named::<UnknownKeys>)]
    pub unknown_keys: Option<UnknownKeys>,

    /// Copy media from elsewhere first where a body does not say
    #[arg(long, env = "VID_SERVER_INGEST_EXTERNAL", num_args = 0..=1, default_missing_value = "true")]
    pub ingest_external: Option<bool>,
}

impl ServerArguments {
    /// Every setting, decided.
    ///
    /// # Errors
    /// When the file cannot be read, or a setting cannot be used.
    pub fn config(&self, listen: Option<&ListenArguments>) -> Result<Config, Failure> {
        let usage = |error: vid_server::ConfigError| Failure::usage(error.to_string());
        let file = self.config.as_deref().map(Settings::from_file).transpose().map_err(usage)?;
        let given = Settings {
            data_dir: self.data_dir.clone(),
            database: self.database.clone(),
            storage: self.storage.clone(),
            public_url: self.public_url.clone(),
            s3: self.s3(),
            outside: self.outside(),
            render_memory_mib: self.render_memory_mib,
            free_disk_mib: self.free_disk_mib,
            keep_days: self.keep_days,
            keep_media_days: self.keep_media_days,
            segments_mib: self.segments_mib,
            trusted_proxies: listen
                .map(|listen| listen.trusted_proxies.clone())
                .filter(|proxies| !proxies.is_empty()),
            workers: self.workers,
            isolation: self.isolation,
            log_format: self.log_format,
            listen: listen.and_then(|listen| listen.listen),
            api_keys: listen.map(|listen| listen.api_keys.clone()).filter(|keys| !keys.is_empty()),
            workspace: listen.and_then(|listen| listen.workspace.clone()),
            unknown_keys: listen.and_then(|listen| listen.unknown_keys),
            ingest_external: listen.and_then(|listen| listen.ingest_external),
            ..Settings::default()
        };
        given.over(file.unwrap_or_default()).finish().map_err(usage)
    }

    fn s3(&self) -> Option<Service> {
        let said = self.s3_endpoint.is_some() || self.s3_region.is_some();
        said.then(|| Service {
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            ..Service::default()
        })
    }

    fn outside(&self) -> Option<Rules> {
        let rules = Rules {
            networks: self.outside_networks.clone(),
            plain_http: self.outside_plain_http,
            ports: self.outside_ports.clone(),
            max_bytes: self.outside_max_bytes,
        };
        (rules != Rules::default()).then_some(rules)
    }
}

/// How this program is started to make one film.
///
/// # Errors
/// When the system does not say where this program is.
pub fn launcher() -> Result<Launcher, Failure> {
    Launcher::this_program(&["worker", "--one"])
        .map_err(|error| Failure::input(std::path::Path::new("the program itself"), error))
}

/// Why a server or a worker cannot start, as the failure of a command.
pub fn failure(error: &StartError) -> Failure {
    Failure::Server(error.to_string())
}

fn named<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(Value::String(text.to_owned())).map_err(|error| error.to_string())
}

#[expect(clippy::unnecessary_wraps, reason = "a parser of clap returns a result")]
fn secret(text: &str) -> Result<Secret, String> {
    Ok(Secret::new(text.to_owned()))
}
