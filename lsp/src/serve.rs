//! The server on a pair of streams.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Handle;
use tower_lsp::LspService;
use vid_compiler::{DiskSystem, System};

use crate::backend::Backend;
use crate::background::Background;
use crate::host::Host;
use crate::ordered::Ordered;
use crate::pool::Pool;
use crate::world::{Shared, World};

/// Threads that answer.
const ANSWERING: usize = 4;
/// Requests that are under way at once; what comes beyond waits on the wire.
const MAX_REQUESTS: usize = 64;

/// A language server that is not connected yet.
pub struct Server {
    world: Shared,
    host: Arc<dyn Host>,
}

impl Server {
    /// A server that reads files through `system` and has `host` look into media and draw frames.
    pub fn new(system: impl System + 'static, host: impl Host) -> Self {
        Self { world: Arc::new(Mutex::new(World::new(system))), host: Arc::new(host) }
    }

    /// Serves one client until it says `exit` or its stream ends. Runs inside of a runtime of `tokio`.
    pub async fn serve<I, O>(self, input: I, output: O)
    where
        I: AsyncRead + Unpin,
        O: AsyncWrite,
    {
        let (background, listener) = Background::new();
        let pool = Pool::new(ANSWERING);
        let (world, bell) = (self.world.clone(), background.clone());
        let runtime = Handle::current();
        let (service, socket) = LspService::build(|client| {
            listener.spawn(world.clone(), client.clone(), runtime, self.host);
            Backend::new(world, pool, client, bell)
        })
        .custom_method("workspace/textDocumentContent", Backend::text_document_content)
        .finish();
        let service = Ordered::new(service, self.world, background.clone());
        tower_lsp::Server::new(input, output, socket).concurrency_level(MAX_REQUESTS).serve(service).await;
        background.stop();
    }
}

/// Serves one client on standard input and output, with the files of the machine.
///
/// # Errors
/// When the system has no room for the threads of a runtime.
pub fn serve_stdio(host: impl Host) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    runtime.block_on(Server::new(DiskSystem, host).serve(tokio::io::stdin(), tokio::io::stdout()));
    // A thread that waits for standard input cannot be joined.
    runtime.shutdown_background();
    Ok(())
}
