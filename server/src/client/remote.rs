//! Requests, and what is made of the answers.

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::runtime::{Builder, Runtime};

use super::error::ClientError;
use super::file::FileBody;
use super::job::Job;
use super::retry::{Pace, Stop, TRIES, Tried, pause, stopped};
use crate::config::Secret;
use crate::fetch::tls;

/// What we say we are.
const AGENT: &str = concat!("vid/", env!("CARGO_PKG_VERSION"));
/// How long is waited for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How long is waited for the next piece of an answer; longer than any answer is held back.
const PIECE: Duration = Duration::from_secs(60);
/// How long a server may look at a file that it has in full.
const LOOK: Duration = Duration::from_secs(300);
/// Longest answer that is read, in bytes; jobs and errors are a few thousand.
const MAX_ANSWER: usize = 4 << 20;
/// Most times an address may lead to another one.
const MAX_FORWARDS: usize = 5;
/// How often is told how much of a file was sent.
const TELL: Duration = Duration::from_millis(200);

/// A server, and the way to it.
pub struct Remote {
    runtime: Runtime,
    http: reqwest::Client,
    /// Without a slash at the end.
    server: Url,
    key: HeaderValue,
    stop: Stop,
    pub(super) pace: Pace,
}

/// What became of a submission.
#[derive(Clone, PartialEq, Debug)]
pub struct Submission {
    /// The job.
    pub job: Job,
    /// Whether the same was submitted before, and this is what became of it.
    pub is_replayed: bool,
}

impl Remote {
    /// A server by its address. Whatever is done ends with [`ClientError::Stopped`] as soon as `stop` says so.
    ///
    /// # Errors
    /// When the address or the key cannot be used, or the system lacks what it takes.
    pub fn new(server: &str, key: &Secret, stop: Stop) -> Result<Self, ClientError> {
        let wrong = || ClientError::Address(server.to_owned());
        let address = Url::parse(server.trim_end_matches('/')).map_err(|_| wrong())?;
        let is_plain = matches!(address.scheme(), "http" | "https")
            && address.has_host()
            && address.username().is_empty()
            && address.password().is_none()
            && address.query().is_none()
            && address.fragment().is_none();
        if !is_plain {
            return Err(wrong());
        }
        let mut key =
            HeaderValue::from_str(&format!("Bearer {}", key.reveal())).map_err(|_| ClientError::Key)?;
        key.set_sensitive(true);
        let setup = |error: &dyn Error| ClientError::Setup(error.to_string());
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls().map_err(|error| setup(&error))?)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .http1_only()
            .user_agent(AGENT)
            .connect_timeout(CONNECT)
            .build()
            .map_err(|error| setup(&error))?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| setup(&error))?;
        Ok(Self { runtime, http, server: address, key, stop, pace: Arc::new(|pause| pause) })
    }

    /// Sends a file. Returns the address by which bodies name it. `told` hears how many bytes were sent.
    ///
    /// # Errors
    /// When the file cannot be read, or the server does not take it.
    pub fn upload(&self, file: &Path, content_type: &str, told: &dyn Fn(u64)) -> Result<String, ClientError> {
        let sent = Arc::new(AtomicU64::new(0));
        let work = async {
            // A place takes bytes once, so each try gets a place of its own.
            let sending = self.persist(async || {
                // Asking for a place is tried often enough by itself.
                let place = match self.place(file, content_type).await {
                    Ok(place) => place,
                    Err(error) => return Tried::Done(Err(error)),
                };
                Tried::of(self.send(file, content_type, place, &sent).await)
            });
            let telling = async {
                loop {
                    tokio::time::sleep(TELL).await;
                    told(sent.load(Ordering::Relaxed));
                }
            };
            tokio::select! {
                done = sending => done,
                () = telling => Err(ClientError::Stopped),
            }
        };
        self.run(work)
    }

    /// A place for a file: where its bytes go, and how bodies name it.
    async fn place(&self, file: &Path, content_type: &str) -> Result<(Url, String), ClientError> {
        let filename = file.file_name().map(|name| name.to_string_lossy().into_owned());
        let wanted = json!({ "content_type": content_type, "filename": filename });
        let answer = self.json(|| self.post("/v1/uploads", wanted.to_string())).await?.1;
        let text = |name: &str| answer.get(name).and_then(Value::as_str);
        match (text("upload_url"), text("source_url")) {
            (Some(upload_url), Some(source_url)) => Ok((self.outside(upload_url)?, source_url.to_owned())),
            _ => Err(ClientError::Strange("with no place for a file".to_owned())),
        }
    }

    async fn send(
        &self,
        file: &Path,
        content_type: &str,
        (address, source_url): (Url, String),
        sent: &Arc<AtomicU64>,
    ) -> Result<String, ClientError> {
        let unread = |source: io::Error| ClientError::File { path: file.to_owned(), source };
        let open = tokio::fs::File::open(file).await.map_err(unread)?;
        let length = open.metadata().await.map_err(unread)?.len();
        let body = reqwest::Body::wrap(FileBody::new(open, length, sent.clone()));
        // It may take as long as it takes to send; the key stays here.
        let request = self.http.put(address.clone()).header(CONTENT_TYPE, content_type).body(body);
        let response = tokio::select! {
            response = request.send() => response.map_err(|error| unreachable(&error, &address))?,
            () = stalled(sent, length) => return Err(too_slow(&address)),
        };
        match response.status() {
            status if status.is_success() => Ok(source_url),
            _ => Err(refusal(response, &address).await),
        }
    }

    /// Submits a body under an idempotency key, so that it does not matter how often it is tried.
    ///
    /// # Errors
    /// When the server does not take it.
    pub fn submit(&self, body: &str, idempotency_key: &str) -> Result<Submission, ClientError> {
        let key = HeaderValue::from_str(idempotency_key).map_err(|_| ClientError::Key)?;
        self.run(async {
            let request = || self.post("/v1/renders", body.to_owned()).header("idempotency-key", key.clone());
            let (status, answer) = self.json(request).await?;
            Ok(Submission { job: Job::read(answer)?, is_replayed: status == StatusCode::OK })
        })
    }

    /// Reads a job. The server may hold the answer back for so many seconds, until the job has ended.
    ///
    /// # Errors
    /// When there is none of that id.
    pub fn read(&self, id: &str, wait_seconds: u32) -> Result<Job, ClientError> {
        let path = format!("/v1/renders/{id}?wait={wait_seconds}");
        let job = self.run(async { Job::read(self.json(|| self.request(Method::GET, &path)).await?.1) })?;
        match job.id == id {
            true => Ok(job),
            false => Err(ClientError::Strange("with another job".to_owned())),
        }
    }

    /// Sleeps, unless it is time to stop.
    ///
    /// # Errors
    /// When it is.
    pub fn rest(&self, time: Duration) -> Result<(), ClientError> {
        self.run(async {
            tokio::time::sleep(time).await;
            Ok(())
        })
    }

    /// Writes the file of a completed job into the new file `into`. `told` hears how many bytes came.
    ///
    /// # Errors
    /// When it cannot be had or written, or has not the `expected` size.
    pub fn download(
        &self,
        id: &str,
        into: &Path,
        expected: Option<u64>,
        told: &dyn Fn(u64),
    ) -> Result<u64, ClientError> {
        self.run(self.persist(async || Tried::of(self.download_once(id, into, expected, told).await)))
    }

    async fn download_once(
        &self,
        id: &str,
        into: &Path,
        expected: Option<u64>,
        told: &dyn Fn(u64),
    ) -> Result<u64, ClientError> {
        let first = self.address(&format!("/v1/renders/{id}/download"));
        let (mut response, address) = self.follow(first).await?;
        let unwritten = |source: io::Error| ClientError::File { path: into.to_owned(), source };
        let mut file = tokio::fs::File::create(into).await.map_err(unwritten)?;
        let mut received = 0;
        while let Some(piece) = piece_of(&mut response, &address).await? {
            file.write_all(&piece).await.map_err(unwritten)?;
            received += piece.len() as u64;
            told(received);
            // What is more than that is more than anybody asked for.
            if expected.is_some_and(|expected| received > expected) {
                break;
            }
        }
        file.sync_all().await.map_err(unwritten)?;
        match expected.filter(|expected| *expected != received) {
            None => Ok(received),
            Some(expected) => Err(ClientError::Incomplete { received, expected }),
        }
    }

    /// The answer at the end of a chain of addresses. Only the first of them is given the key.
    async fn follow(&self, first: Url) -> Result<(Response, Url), ClientError> {
        let mut address = first;
        for step in 0..=MAX_FORWARDS {
            let mut request = self.http.get(address.clone());
            if step == 0 {
                request = request.header(AUTHORIZATION, self.key.clone());
            }
            let response = sent(request, &address).await?;
            let status = response.status();
            if status.is_success() {
                return Ok((response, address));
            }
            let next = response.headers().get(LOCATION).filter(|_| status.is_redirection());
            match next.and_then(|next| address.join(next.to_str().ok()?).ok()) {
                Some(next) => address = self.outside(next.as_str())?,
                None => return Err(refusal(response, &address).await),
            }
        }
        Err(ClientError::Strange(format!("with more than {MAX_FORWARDS} addresses in a row")))
    }

    /// An address that the server hands out. A server that is spoken to in secret leads to no place where
    /// everybody listens.
    fn outside(&self, url: &str) -> Result<Url, ClientError> {
        let url = Url::parse(url).ok().filter(|url| match url.scheme() {
            "https" => true,
            "http" => self.server.scheme() == "http",
            _ => false,
        });
        url.ok_or_else(|| ClientError::Strange("with an address that cannot be gone to".to_owned()))
    }

    fn address(&self, path: &str) -> Url {
        let whole = format!("{}{path}", self.server.as_str().trim_end_matches('/'));
        // A path below a good address is one, too.
        Url::parse(&whole).unwrap_or_else(|_| self.server.clone())
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.address(path)).header(AUTHORIZATION, self.key.clone())
    }

    fn post(&self, path: &str, body: String) -> RequestBuilder {
        self.request(Method::POST, path).header(CONTENT_TYPE, "application/json").body(body)
    }

    /// What a request is answered, tried until it is.
    async fn json(&self, request: impl Fn() -> RequestBuilder) -> Result<(StatusCode, Value), ClientError> {
        self.persist(async || Tried::of(self.json_once(request()).await)).await
    }

    async fn json_once(&self, request: RequestBuilder) -> Result<(StatusCode, Value), ClientError> {
        let response = sent(request, &self.server).await?;
        let status = response.status();
        if !status.is_success() {
            return Err(refusal(response, &self.server).await);
        }
        let strange = |_| ClientError::Strange("with something that is no JSON".to_owned());
        let body = body_of(response, &self.server).await?;
        Ok((status, serde_json::from_slice(&body).map_err(strange)?))
    }

    async fn persist<T>(&self, mut once: impl AsyncFnMut() -> Tried<T>) -> Result<T, ClientError> {
        let mut tried = 1;
        loop {
            match once().await {
                Tried::Done(done) => return done,
                Tried::Again(error, _) if tried == TRIES => return Err(error),
                Tried::Again(_, wait) => tokio::time::sleep((self.pace)(pause(tried, wait))).await,
            }
            tried += 1;
        }
    }

    fn run<T>(&self, work: impl Future<Output = Result<T, ClientError>>) -> Result<T, ClientError> {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = stopped(&self.stop) => Err(ClientError::Stopped),
                done = work => done,
            }
        })
    }
}

/// Sends a request without much of a body.
async fn sent(request: RequestBuilder, address: &Url) -> Result<Response, ClientError> {
    let sent = tokio::time::timeout(PIECE, request.send()).await.map_err(|_| too_slow(address))?;
    sent.map_err(|error| unreachable(&error, address))
}

/// The next piece of an answer; `None` at its end.
async fn piece_of(response: &mut Response, address: &Url) -> Result<Option<Bytes>, ClientError> {
    let piece = tokio::time::timeout(PIECE, response.chunk()).await.map_err(|_| too_slow(address))?;
    piece.map_err(|error| unreachable(&error, address))
}

/// Comes back when nothing of a file was sent for too long.
async fn stalled(sent: &AtomicU64, length: u64) {
    loop {
        let before = sent.load(Ordering::Relaxed);
        tokio::time::sleep(if before == length { LOOK } else { PIECE }).await;
        if sent.load(Ordering::Relaxed) == before {
            return;
        }
    }
}

/// All that a response holds, unless it is too much.
async fn body_of(mut response: Response, address: &Url) -> Result<Vec<u8>, ClientError> {
    let mut body = Vec::new();
    while let Some(piece) = piece_of(&mut response, address).await? {
        body.extend_from_slice(&piece);
        if body.len() > MAX_ANSWER {
            return Err(ClientError::Strange("without end".to_owned()));
        }
    }
    Ok(body)
}

/// Why a server refuses; that it broke off while it said so, if it did.
async fn refusal(response: Response, address: &Url) -> ClientError {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(seconds);
    match body_of(response, address).await {
        Ok(body) => ClientError::of_answer(status, retry_after, &body),
        Err(error) => error,
    }
}

fn seconds(value: &HeaderValue) -> Option<Duration> {
    Some(Duration::from_secs(value.to_str().ok()?.trim().parse().ok()?))
}

/// Why there was no answer. The library's own words hold the whole address, which may hold a signature.
fn unreachable(error: &reqwest::Error, address: &Url) -> ClientError {
    let mut system = None;
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(link) = cause {
        system =
            system.or(link.downcast_ref::<io::Error>()).filter(|error| error.kind() != io::ErrorKind::Other);
        cause = link.source();
    }
    let reason = match system {
        _ if error.is_timeout() => "it does not answer in time".to_owned(),
        Some(reason) => vid_runtime::plain_reason(reason),
        None if error.is_connect() => "there is no connection".to_owned(),
        None => "the connection broke off".to_owned(),
    };
    ClientError::Unreachable { host: host_of(address), reason }
}

fn too_slow(address: &Url) -> ClientError {
    ClientError::Unreachable { host: host_of(address), reason: "it does not answer in time".to_owned() }
}

fn host_of(address: &Url) -> String {
    let port = address.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", address.host_str().unwrap_or_default())
}
