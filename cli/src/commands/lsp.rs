//! `vid lsp`: the language server on standard input and output.

use std::path::Path;

use crate::cache::CacheArguments;
use crate::editor::EditorHost;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::memory;
use clap::Args;

/// What `vid lsp` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Speak over standard input and output; the only way there is, and what editors ask for
    #[arg(long)]
    pub stdio: bool,

    /// Where the hashes of media are kept.
    #[command(flatten)]
    pub cache: CacheArguments,
}

/// Serves one editor until it says goodbye.
///
/// # Errors
/// When there is no place for the cache, or the system has no room for the threads of the server.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    memory::give_back_freed();
    // An editor must not do without a server because there is no home folder.
    let temporary = CacheArguments { cache_dir: None, no_cache: true };
    let cache = arguments.cache.open().or_else(|_| temporary.open())?;
    vid_lsp::serve_stdio(EditorHost::new(cache)).map_err(|error| Failure::output(Path::new("-"), error))?;
    Ok(Exit::Success)
}
