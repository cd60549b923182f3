//! What the server does when it is told to.

use tower_lsp::ls_types::{ExecuteCommandParams, ShowDocumentParams, Uri};
use vid_compiler::Code;

use crate::capabilities::Client;
use crate::handlers::file;
use crate::pool::Unanswered;
use crate::proto;
use crate::world::Snapshot;

/// The first argument of a command.
fn argument(params: &ExecuteCommandParams) -> Result<&str, Unanswered> {
    let first = params.arguments.first().and_then(|value| value.as_str());
    first.ok_or_else(|| Unanswered::Refused(format!("`{}` needs an argument", params.command)))
}

/// The page of a code, as the client is to open it: as a document where it asks for documents that are no
/// files, else in a browser.
pub fn explanation(params: &ExecuteCommandParams, client: Client) -> Result<ShowDocumentParams, Unanswered> {
    let name = argument(params)?;
    let code = Code::ALL.iter().find(|code| code.as_str() == name);
    let code = code.ok_or_else(|| Unanswered::Refused(format!("there is no code `{name}`")))?;
    let (uri, is_web) = match client.has_virtual_documents {
        true => (proto::page_uri(*code), false),
        false => (proto::code_page(*code), true),
    };
    let uri = uri.ok_or_else(|| Unanswered::Refused(format!("`{name}` has no page")))?;
    Ok(ShowDocumentParams { uri, external: Some(is_web), take_focus: Some(true), selection: None })
}

/// The media that a source plays.
pub fn media(snapshot: &Snapshot, params: &ExecuteCommandParams) -> Result<Vec<String>, Unanswered> {
    let uri: Uri =
        argument(params)?.parse().map_err(|_| Unanswered::Refused("that is no address".to_owned()))?;
    let (_, source) = file(snapshot, &uri)?;
    let references = snapshot.compiler.checked_media(source.id);
    let mut media: Vec<String> = references.into_iter().map(|reference| reference.location).collect();
    media.sort();
    media.dedup();
    Ok(media)
}
