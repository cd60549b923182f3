//! The one client that goes to addresses of callers.
//!
//! An address is checked as it is written; a name in it is looked up once, by the connection itself, and
//! every address that comes out must be admitted, so what was checked is what is connected to. Forwarding
//! is followed by hand, with the whole check again. Nothing of the environment is used: no proxy, no
//! cookies, no credentials.

use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode, Url};
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, timeout, timeout_at};

use super::rules::{Refusal, Rules};
use super::{Fetch, FetchError, Fetched};
use crate::error::ErrorCode;
use crate::store::Failure;

/// Most times an address may lead to another one.
const MAX_FORWARDS: usize = 3;
/// Idle connections that are kept for one host.
const MAX_IDLE: usize = 2;
/// How long they are kept.
const IDLE: Duration = Duration::from_secs(30);
/// What we say we are.
const AGENT: &str = concat!("vid/", env!("CARGO_PKG_VERSION"));

/// How long each part may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Patience {
    /// Looking a name up and connecting.
    pub connect: Duration,
    /// From the request to the head of the answer.
    pub answer: Duration,
    /// Between two pieces.
    pub piece: Duration,
    /// Everything.
    pub whole: Duration,
}

impl Patience {
    /// For media: a large file over a slow line.
    pub const MEDIA: Self = Self {
        connect: Duration::from_secs(10),
        answer: Duration::from_secs(30),
        piece: Duration::from_secs(30),
        whole: Duration::from_secs(3600),
    };
    /// For receivers of events: what the contract gives them.
    pub const EVENTS: Self = Self {
        connect: Duration::from_secs(5),
        answer: Duration::from_secs(10),
        piece: Duration::from_secs(5),
        whole: Duration::from_secs(10),
    };
}

/// What a receiver of something answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// In how many seconds it wants to be asked again.
    pub retry_after: Option<u64>,
    /// The start of what it said.
    pub text: String,
}

/// The client.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    rules: Arc<Rules>,
}

/// The client cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("there is no client for addresses elsewhere: {0}")]
pub struct NoClient(String);

impl Client {
    /// A client that goes where the rules let it.
    ///
    /// # Errors
    /// When the system gives no random numbers or the TLS library refuses its own defaults.
    pub fn new(rules: Rules) -> Result<Self, NoClient> {
        let rules = Arc::new(rules);
        let told = |error: &dyn Error| NoClient(error.to_string());
        let tls = tls().map_err(|error| told(&error))?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Arc::new(Lookup(rules.clone())))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .http1_only()
            .user_agent(AGENT)
            .connect_timeout(Patience::MEDIA.connect)
            .pool_max_idle_per_host(MAX_IDLE)
            .pool_idle_timeout(IDLE)
            .build()
            .map_err(|error| told(&error))?;
        Ok(Self { http, rules })
    }

    /// What may be gone to.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Writes what is at `url` into the new file `into`, which is gone again when it fails.
    ///
    /// # Errors
    /// When it may not be gone there, there is nothing, it is too large or takes too long.
    pub async fn get(&self, url: &str, into: &Path, patience: Patience) -> Result<Fetched, FetchError> {
        let until = Instant::now() + patience.whole;
        let slow = || FetchError::Later(format!("`{}` takes too long", shown(url)));
        let done = timeout_at(until, self.get_in_time(url, into, patience)).await;
        let done = done.unwrap_or_else(|_| Err(slow()));
        if done.is_err() {
            // It may not have come so far as to be made.
            let _ = tokio::fs::remove_file(into).await;
        }
        done
    }

    async fn get_in_time(&self, url: &str, into: &Path, patience: Patience) -> Result<Fetched, FetchError> {
        let mut answer = self.follow(url, patience).await?;
        let shown = shown(url);
        judge(answer.status(), &shown)?;
        let most = self.rules.max_bytes();
        let too_large = || {
            let message = format!("`{shown}` has more than {most} bytes, the most that is taken");
            FetchError::Refused(Failure::new(ErrorCode::SourceTooLarge, message))
        };
        if answer.content_length().is_some_and(|length| length > most) {
            return Err(too_large());
        }
        let content_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.map(str::to_owned);
        let unwritten = |error: std::io::Error| {
            tracing::error!(%error, "what was fetched cannot be written");
            FetchError::Later("what was fetched could not be written here".to_owned())
        };
        let mut file = tokio::fs::File::create_new(into).await.map_err(unwritten)?;
        let mut bytes = 0;
        loop {
            let piece = timeout(patience.piece, answer.chunk()).await;
            let piece = piece.map_err(|_| FetchError::Later(format!("`{shown}` stopped in the middle")))?;
            let piece = piece.map_err(|_| FetchError::Later(format!("`{shown}` broke off in the middle")))?;
            let Some(piece) = piece else { break };
            bytes += piece.len() as u64;
            if bytes > most {
                return Err(too_large());
            }
            file.write_all(&piece).await.map_err(unwritten)?;
        }
        file.flush().await.map_err(unwritten)?;
        Ok(Fetched { bytes, content_type })
    }

    /// Sends a body and returns what was answered, the first `most` bytes of it. Forwarding is not
    /// followed: a receiver has the address it gave.
    ///
    /// # Errors
    /// When it may not be gone there, or nothing was answered in time.
    pub async fn post(
        &self,
        url: &str,
        headers: HeaderMap,
        body: String,
        most: usize,
        patience: Patience,
    ) -> Result<Reply, FetchError> {
        let target = self.target(url)?;
        let send = async {
            let request = self.http.request(Method::POST, target).headers(headers).body(body);
            let mut answer = request.send().await.map_err(|error| explain(&error, url))?;
            let status = answer.status().as_u16();
            let wait = answer.headers().get(RETRY_AFTER).and_then(seconds);
            let mut said = Vec::new();
            // What it says does not matter enough to fail for.
            while said.len() < most
                && let Ok(Ok(Some(piece))) = timeout(patience.piece, answer.chunk()).await
            {
                said.extend_from_slice(&piece[..piece.len().min(most - said.len())]);
            }
            let text = String::from_utf8_lossy(&said).into_owned();
            Ok::<Reply, FetchError>(Reply { status, retry_after: wait, text })
        };
        let slow = || Err(FetchError::Later("no answer in time".to_owned()));
        timeout(patience.whole, send).await.unwrap_or_else(|_| slow())
    }

    /// The answer at the end of a chain of forwards.
    async fn follow(&self, url: &str, patience: Patience) -> Result<Response, FetchError> {
        let mut target = self.target(url)?;
        for _ in 0..=MAX_FORWARDS {
            let sent =
                timeout(patience.connect + patience.answer, self.http.get(target.clone()).send()).await;
            let sent = sent.map_err(|_| FetchError::Later(format!("`{}` does not answer", shown(url))))?;
            let answer = sent.map_err(|error| explain(&error, url))?;
            let next = match answer.status() {
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => answer.headers().get(LOCATION),
                _ => return Ok(answer),
            };
            let next = next.and_then(|next| next.to_str().ok()).and_then(|next| target.join(next).ok());
            let next = next.ok_or_else(|| refused(url, &Refusal::NoAddress))?;
            target = self.rules.target(next.as_str()).map_err(|refusal| refused(url, &refusal))?;
        }
        Err(refused(url, &Refusal::Forwarded(MAX_FORWARDS)))
    }

    fn target(&self, url: &str) -> Result<Url, FetchError> {
        self.rules.target(url).map_err(|refusal| refused(url, &refusal))
    }
}

/// How hosts prove who they are: by the authorities that browsers trust.
pub(crate) fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}

#[async_trait]
impl Fetch for Client {
    async fn fetch(&self, url: &str, into: &Path) -> Result<Fetched, FetchError> {
        self.get(url, into, Patience::MEDIA).await
    }
}

/// Looks names up and lets through only what the rules admit. One bad address among several spoils them
/// all: whoever mixes them has something in mind.
struct Lookup(Arc<Rules>);

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let rules = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            for address in &found {
                rules.admits(address.ip())?;
            }
            Ok::<Addrs, Box<dyn Error + Send + Sync>>(Box::new(found.into_iter()))
        })
    }
}

/// An address without its query, which may hold a signature.
pub fn shown(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or_default().to_owned()
}

fn refused(url: &str, refusal: &Refusal) -> FetchError {
    FetchError::Refused(Failure::new(ErrorCode::InvalidSource, format!("`{}` {refusal}", shown(url))))
}

/// What an answer means for whoever wanted the file.
fn judge(status: StatusCode, shown: &str) -> Result<(), FetchError> {
    let answered = format!("`{shown}` answers {}", status.as_u16());
    match status {
        StatusCode::OK => Ok(()),
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            Err(FetchError::Refused(Failure::new(ErrorCode::SourceNotFound, answered)))
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Err(FetchError::Later(answered)),
        status if status.is_server_error() => Err(FetchError::Later(answered)),
        _ => Err(FetchError::Refused(Failure::new(ErrorCode::InvalidSource, answered))),
    }
}

/// Why a request failed. The library's own words hold the whole address, so they are not repeated.
fn explain(error: &reqwest::Error, url: &str) -> FetchError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(link) = cause {
        if let Some(refusal) = link.downcast_ref::<Refusal>() {
            return refused(url, refusal);
        }
        cause = link.source();
    }
    let shown = shown(url);
    FetchError::Later(match error {
        error if error.is_timeout() => format!("`{shown}` does not answer"),
        error if error.is_connect() => format!("`{shown}` cannot be reached"),
        _ => format!("`{shown}` answers with something that is not HTTP"),
    })
}

fn seconds(value: &HeaderValue) -> Option<u64> {
    value.to_str().ok()?.trim().parse().ok()
}
