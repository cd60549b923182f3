//! A bucket of a service that speaks S3, as a place for files.

use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{ClientOptions, HttpClient, HttpConnector};
use serde::Deserialize;

use crate::config::Secret;
use crate::fetch::tls;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the service may be silent.
const SILENCE: Duration = Duration::from_secs(60);
/// The region that services without regions call themselves.
const DEFAULT_REGION: &str = "us-east-1";

/// What is said of the service: the settings under `[s3]`. What is not said comes from the variables that
/// other programs for S3 read, such as `AWS_ACCESS_KEY_ID`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Service {
    /// Where it is, such as `https://minio.example.org`; AWS where nothing is said.
    pub endpoint: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// Who we are.
    pub access_key_id: Option<String>,
    /// How we prove it.
    pub secret_access_key: Option<Secret>,
    /// Whether the bucket is part of the host's name.
    pub virtual_host: bool,
}

impl Service {
    /// What this says, and what `below` says where this says nothing.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            endpoint: self.endpoint.or(below.endpoint),
            region: self.region.or(below.region),
            access_key_id: self.access_key_id.or(below.access_key_id),
            secret_access_key: self.secret_access_key.or(below.secret_access_key),
            virtual_host: self.virtual_host || below.virtual_host,
        }
    }
}

/// A bucket, decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What every key begins with; empty or with a slash at its end.
    pub prefix: String,
    /// Where it is.
    pub service: Service,
}

/// Why a bucket cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// The settings make no sense.
    #[error("the bucket cannot be opened: {0}")]
    Settings(#[from] object_store::Error),
    /// There is no client for it.
    #[error("there is no client for the bucket: {0}")]
    Client(String),
}

/// Opens a bucket. Nothing is asked of the service yet.
///
/// # Errors
/// When the settings make no sense, or the TLS library refuses its own defaults.
pub fn open(bucket: &Bucket) -> Result<AmazonS3, BucketError> {
    let service = &bucket.service;
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(&bucket.name)
        .with_virtual_hosted_style_request(service.virtual_host)
        // Not every service that speaks S3 knows how to remove several at once.
        .with_disable_bulk_delete(true)
        .with_http_connector(Connector::new()?);
    if let Some(endpoint) = &service.endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    match (&service.region, &service.endpoint) {
        (Some(region), _) => builder = builder.with_region(region),
        (None, Some(_)) => builder = builder.with_region(DEFAULT_REGION),
        (None, None) => {}
    }
    if let (Some(id), Some(secret)) = (&service.access_key_id, &service.secret_access_key) {
        builder = builder.with_access_key_id(id).with_secret_access_key(secret.reveal());
    }
    Ok(builder.build()?)
}

/// Gives the library a client with the roots that every other connection of ours trusts, and without the
/// environment's proxies.
#[derive(Debug)]
struct Connector(reqwest::Client);

impl Connector {
    fn new() -> Result<Self, BucketError> {
        let failed = |error: &dyn std::error::Error| BucketError::Client(error.to_string());
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls().map_err(|error| failed(&error))?)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .http1_only()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .build();
        client.map(Self).map_err(|error| failed(&error))
    }
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}
