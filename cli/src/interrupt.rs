//! Ctrl-C: the first one stops the work in an orderly way, the second one at once.

use std::sync::OnceLock;

use vid_runtime::CancelToken;

use crate::exit::Exit;

/// There is one user and one token.
static TOKEN: OnceLock<CancelToken> = OnceLock::new();

/// The token that the signals of an impatient user cancel.
///
/// Interrupt, terminate and hang-up are the same to us. Without a handler, which the system may
/// refuse, they end the program at once and only the tidying up is lost.
pub fn token() -> CancelToken {
    TOKEN.get_or_init(listen).clone()
}

fn listen() -> CancelToken {
    let token = CancelToken::default();
    let shared = token.clone();
    let _ = ctrlc::set_handler(move || {
        if shared.is_cancelled() {
            std::process::exit(Exit::Interrupted.code().into());
        }
        shared.cancel();
    });
    token
}
