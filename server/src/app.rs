//! All of it put together and run.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore, watch};

use crate::artifact::{ArtifactError, Artifacts};
use crate::auth::{self, Keyring};
use crate::config::Config;
use crate::fetch::{Client, Fetch, NoClient};
use crate::id::{AssetId, KeyId, WorkspaceId};
use crate::intake;
use crate::limit::Limiter;
use crate::metrics::Metrics;
use crate::moment::Moment;
use crate::room::Room;
use crate::routes;
use crate::sign::{Deed, Signer, to_hex};
use crate::store::{self, NewKey, Store, StoreError};
use crate::webhook::{self, Backoff};
use crate::worker::{Crew, Launcher};

/// Bytes of the secret that signs addresses.
const SECRET_BYTES: usize = 32;
/// The name under which the store keeps that secret.
const SECRET_NAME: &str = "addresses";

/// Pictures of previews that are made at once; each is a process.
const PREVIEWS: usize = 2;

/// What every request and every worker shares.
pub struct App {
    /// Every setting.
    pub config: Config,
    /// Everything that survives.
    pub store: Arc<dyn Store>,
    /// Finished files and uploads.
    pub artifacts: Artifacts,
    /// Signs addresses.
    pub signer: Signer,
    /// Who is who.
    pub keys: Keyring,
    /// How often they may ask.
    pub limiter: Limiter<KeyId>,
    /// How often strangers may ask, by where they are.
    pub strangers: Limiter<IpAddr>,
    /// How often each signed address may be used, by its signature.
    pub downloads: Limiter<String>,
    /// Goes to addresses of callers.
    pub client: Client,
    /// Copies media from elsewhere.
    pub fetch: Arc<dyn Fetch>,
    /// Wakes who copies, when a copy is asked for.
    pub wanted: Notify,
    /// The disk of the data folder.
    pub room: Room,
    /// How many pictures of previews are made at once.
    pub previews: Semaphore,
    /// What this process has counted.
    pub metrics: Metrics,
    /// Starts children.
    pub launcher: Launcher,
    /// The workspace whose keys are in the settings.
    pub workspace: WorkspaceId,
    /// How callers reach the server, without a slash at the end.
    pub public_url: String,
}

/// Why a server or a worker cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store cannot be opened.
    #[error("the store cannot be opened: {0}")]
    Store(#[from] StoreError),
    /// The object store cannot be opened.
    #[error("the storage cannot be opened: {0}")]
    Storage(#[from] ArtifactError),
    /// A folder cannot be made or a port not be listened on.
    #[error("{what}: {}", vid_runtime::plain_reason(source))]
    System {
        /// What was tried.
        what: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// There is no client for addresses elsewhere.
    #[error("{0}")]
    Client(#[from] NoClient),
    /// The system gives no random numbers.
    #[error("there are no random numbers: {0}")]
    Random(String),
}

impl App {
    /// Opens everything. Listens to nobody yet and takes no work.
    ///
    /// # Errors
    /// When a folder, the store or the storage cannot be opened.
    pub async fn open(config: Config, launcher: Launcher) -> Result<Self, StartError> {
        let own = [config.segments(), config.scratch(), config.previews(), intake::folder(&config)];
        for folder in [config.data_dir.clone()].into_iter().chain(own) {
            std::fs::create_dir_all(&folder).map_err(|source| StartError::System {
                what: format!("cannot make the folder `{}`", folder.display()),
                source,
            })?;
        }
        let store = store::open(&config.database).await?;
        let now = Moment::now();
        let workspace = store.workspace(&config.workspace, now).await?.id;
        let mut candidate = [0; SECRET_BYTES];
        getrandom::fill(&mut candidate).map_err(|error| StartError::Random(error.to_string()))?;
        let secret = store.secret(SECRET_NAME, &to_hex(&candidate)).await?;
        for key in &config.api_keys {
            let key = NewKey {
                id: KeyId::generate(),
                workspace: workspace.clone(),
                name: "configuration".to_owned(),
                hash: auth::hash(key.reveal()),
                prefix: auth::prefix(key.reveal()),
            };
            store.add_key(key, now).await?;
        }
        let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{}", config.listen));
        let client = Client::new(config.outside.clone())?;
        Ok(Self {
            artifacts: Artifacts::open(&config.storage).await?,
            signer: Signer::new(secret),
            keys: Keyring::default(),
            limiter: Limiter::new(config.requests_per_second),
            strangers: Limiter::new(config.requests_per_second_per_address),
            downloads: Limiter::new(config.requests_per_second),
            fetch: Arc::new(client.clone()),
            client,
            wanted: Notify::new(),
            room: Room::new(&config.data_dir, config.free_disk),
            previews: Semaphore::new(PREVIEWS),
            metrics: Metrics::default(),
            launcher,
            workspace,
            public_url,
            store,
            config,
        })
    }

    /// Whether an address leads to this server.
    pub fn is_own(&self, url: &str) -> bool {
        url.strip_prefix(&self.public_url).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The address by which bodies name an asset.
    pub fn asset_url(&self, id: &AssetId, extension: &str) -> String {
        format!("{}/v1/media/{id}.{extension}", self.public_url)
    }

    /// An address that opens a kept file for a while; `path` begins with a slash.
    pub fn signed_url(&self, path: &str, lives: Duration) -> String {
        let query = self.signer.query(Deed::Get, path, Moment::now(), lives);
        format!("{}{path}?{query}", self.public_url)
    }
}

/// Serves until `stop` says so, with the workers that the settings ask for. `ready` is told the address it
/// listens on.
///
/// # Errors
/// When something cannot be opened, or the port not be listened on.
pub async fn serve(
    mut config: Config,
    launcher: Launcher,
    ready: impl FnOnce(SocketAddr),
    stop: watch::Receiver<bool>,
) -> Result<(), StartError> {
    let failed = |source| StartError::System { what: "cannot listen".to_owned(), source };
    let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    config.listen = address;
    let workers = config.workers;
    let app = Arc::new(App::open(config, launcher).await?);
    let crew = Crew::muster(app.clone()).await?;
    let crew = tokio::spawn(crew.work(workers, stop.clone()));
    let teller = webhook::dispatch(app.clone(), app.client.clone(), Backoff::default(), stop.clone());
    let teller = tokio::spawn(teller);
    let copier = tokio::spawn(intake::copy_imports(app.clone(), stop.clone()));
    let collector = tokio::spawn(intake::collect_sent(app.clone(), stop.clone()));
    let router: Router = routes::router(app.clone());
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    ready(address);
    let mut until = stop;
    let drained = async move {
        // A sender that is gone stops us, too.
        let _ = until.wait_for(|stop| *stop).await;
    };
    axum::serve(listener, router).with_graceful_shutdown(drained).await.map_err(failed)?;
    // A crew that panicked has nothing more to end.
    let _ = tokio::join!(crew, teller, copier, collector);
    app.store.close().await;
    Ok(())
}
