//! The methods of the protocol. Each decodes nothing and decides nothing: it hands the question to a
//! thread with what there is to read, and waits.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

use crate::background::Background;
use crate::capabilities::{CHECK_MEDIA, EXPLAIN};
use crate::handlers::{command, diagnose, edit, navigate, open_document, show, write};
use crate::ordered::current_ticket;
use crate::pool::{Pool, Unanswered};
use crate::world::{Shared, Snapshot, Ticket, lock};
use crate::{capabilities, proto};

/// The server behind the protocol.
pub struct Backend {
    world: Shared,
    pool: Pool,
    client: Client,
    background: Background,
    /// The tokens a client has, by document, with the id of the answer that had them.
    tokens: Mutex<BTreeMap<PathBuf, (u64, Vec<SemanticToken>)>>,
}

/// The protocol's code for a request that was understood and cannot be done.
const REQUEST_FAILED: i64 = -32803;

impl Backend {
    /// A server over a world.
    pub fn new(world: Shared, pool: Pool, client: Client, background: Background) -> Self {
        Self { world, pool, client, background, tokens: Mutex::default() }
    }

    /// Asks about the world as it was when the message came.
    async fn ask<P, T>(
        &self,
        params: P,
        answer: fn(&Snapshot, &P) -> std::result::Result<T, Unanswered>,
    ) -> Result<T>
    where
        P: Send + 'static,
        T: Send + 'static,
    {
        let ticket = self.ticket();
        let work = move |snapshot: &Snapshot| answer(snapshot, &params);
        self.pool.ask(self.world.clone(), ticket, work).await.map_err(error)
    }

    /// Asks about documents alone.
    async fn ask_text<P, T>(
        &self,
        params: P,
        answer: fn(&Ticket, &P) -> std::result::Result<T, Unanswered>,
    ) -> Result<T>
    where
        P: Send + 'static,
        T: Send + 'static,
    {
        let work = move |ticket: &Ticket| answer(ticket, &params);
        self.pool.ask_text(self.ticket(), work).await.map_err(error)
    }

    fn ticket(&self) -> Ticket {
        current_ticket().unwrap_or_else(|| lock(&self.world).ticket())
    }

    /// The tokens of a document, with a new id for them; and those that the client has, where it says
    /// which.
    async fn tokens_of(
        &self,
        uri: Uri,
        previous: Option<String>,
    ) -> Result<(String, Vec<SemanticToken>, Option<Vec<SemanticToken>>)> {
        let path = proto::path_of(&uri).unwrap_or_default();
        let tokens = self
            .ask_text(uri, |ticket, uri| {
                let document = open_document(ticket, uri)?;
                Ok(show::semantic_tokens(&document, ticket.encoding))
            })
            .await?;
        let open = lock(&self.world).ticket().documents;
        let mut known = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|path, _| open.contains_key(path));
        let (id, last) = known.remove(&path).unwrap_or_default();
        let last = previous.filter(|previous| *previous == id.to_string()).map(|_| last);
        known.insert(path, (id + 1, tokens.clone()));
        Ok(((id + 1).to_string(), tokens, last))
    }

    /// The text of a file that is bundled with the compiler.
    pub async fn text_document_content(&self, params: Value) -> Result<Value> {
        let uri: Option<Uri> = params.get("uri").and_then(|uri| serde_json::from_value(uri.clone()).ok());
        let uri = uri.ok_or_else(|| Error::invalid_params("`uri` is missing"))?;
        let text = self
            .ask(uri, |snapshot, uri| {
                let path = proto::path_of(uri).filter(|_| proto::is_bundled(uri));
                let text = path.and_then(|path| {
                    proto::page_of(&path).map(str::to_owned).or_else(|| snapshot.compiler.text_of(&path))
                });
                text.ok_or_else(|| Unanswered::Refused(format!("`{}` is not bundled", uri.as_str())))
            })
            .await?;
        Ok(json!({ "text": text }))
    }
}

fn error(why: Unanswered) -> Error {
    match why {
        Unanswered::ContentModified => Error::content_modified(),
        Unanswered::Cancelled => Error::request_cancelled(),
        Unanswered::Panicked => Error::internal_error(),
        Unanswered::Refused(message) => {
            Error { code: ErrorCode::ServerError(REQUEST_FAILED), message: message.into(), data: None }
        }
    }
}

/// What takes the tokens that a client has to those that it should have: one edit in the middle.
fn delta(old: &[SemanticToken], new: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    if old.is_empty() && new.is_empty() {
        return Vec::new();
    }
    // A token is five numbers.
    let numbers = |count: usize| u32::try_from(count * 5).unwrap_or(u32::MAX);
    vec![SemanticTokensEdit {
        start: numbers(head),
        delete_count: numbers(old.len()),
        data: Some(new.to_vec()),
    }]
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let folders = params.workspace_folders.unwrap_or_default();
        let mut roots: Vec<PathBuf> =
            folders.iter().filter_map(|folder| proto::path_of(&folder.uri)).collect();
        #[expect(deprecated, reason = "older clients name their folder only so")]
        if let (true, Some(root)) = (roots.is_empty(), params.root_uri.as_ref()) {
            roots.extend(proto::path_of(root));
        }
        let mut world = lock(&self.world);
        world.initialize(&params.capabilities, roots);
        let settings = params.initialization_options.and_then(|given| serde_json::from_value(given).ok());
        if let Some(settings) = settings {
            world.settings = settings;
        }
        let capabilities = capabilities::server(world.client);
        Ok(InitializeResult {
            capabilities,
            server_info: Some(ServerInfo {
                name: "vid".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            offset_encoding: None,
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        self.background.start();
        if lock(&self.world).client.watches_files {
            let watchers = json!({ "watchers": [{ "globPattern": "**/*" }] });
            let registration = Registration {
                id: "vid-files".to_owned(),
                method: "workspace/didChangeWatchedFiles".to_owned(),
                register_options: Some(watchers),
            };
            // A client that refuses has its files looked at like any other.
            if self.client.register_capability(vec![registration]).await.is_err() {
                lock(&self.world).client.watches_files = false;
            }
        }
    }

    async fn shutdown(&self) -> Result<()> {
        self.background.stop();
        Ok(())
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.ask(params, show::hover).await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        self.ask(params, write::completion).await
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        self.ask(params, write::signature_help).await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.ask(params, navigate::definition).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.ask(params, navigate::references).await
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        self.ask(params, navigate::highlights).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.ask(params, navigate::document_symbols).await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        self.ask(params, navigate::workspace_symbols).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.ask(params, navigate::document_links).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.ask(params, navigate::prepare_calls).await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.ask(params, navigate::incoming_calls).await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.ask(params, navigate::outgoing_calls).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.ask(params, edit::code_actions).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.ask(params, show::code_lenses).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.ask(params, show::inlay_hints).await
    }

    async fn document_color(&self, params: DocumentColorParams) -> Result<Vec<ColorInformation>> {
        self.ask(params, edit::document_colors).await
    }

    async fn color_presentation(&self, params: ColorPresentationParams) -> Result<Vec<ColorPresentation>> {
        self.ask_text(params, edit::color_presentations).await
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask_text(params, edit::format).await
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask_text(params, edit::format_range).await
    }

    async fn on_type_formatting(
        &self,
        params: DocumentOnTypeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        self.ask_text(params, edit::format_typed).await
    }

    async fn prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        self.ask(params, edit::prepare_rename).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.ask(params, edit::rename).await
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        self.ask(params, edit::files_renamed).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.ask_text(params, show::folding).await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.ask_text(params, show::selections).await
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        let (id, data, _) = self.tokens_of(params.text_document.uri, None).await?;
        Ok(Some(SemanticTokensResult::Tokens(SemanticTokens { result_id: Some(id), data })))
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let previous = Some(params.previous_result_id);
        let (id, data, last) = self.tokens_of(params.text_document.uri, previous).await?;
        Ok(Some(match last {
            Some(last) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
                result_id: Some(id),
                edits: delta(&last, &data),
            }),
            None => SemanticTokensFullDeltaResult::Tokens(SemanticTokens { result_id: Some(id), data }),
        }))
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let data = self
            .ask_text(params, |ticket, params| {
                let document = open_document(ticket, &params.text_document.uri)?;
                let tokens = show::semantic_tokens(&document, ticket.encoding);
                Ok(show::tokens_within(&tokens, params.range.start.line..=params.range.end.line))
            })
            .await?;
        Ok(Some(SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data })))
    }

    async fn inlay_hint_resolve(&self, hint: InlayHint) -> Result<InlayHint> {
        self.ask(hint, show::resolve_hint).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        match &*params.command {
            EXPLAIN => {
                let client = lock(&self.world).client;
                let shown = command::explanation(&params, client).map_err(error)?;
                // Whether it is seen is the client's concern.
                self.client.show_document(shown).await.ok();
            }
            CHECK_MEDIA => {
                let media = self.ask(params, command::media).await?;
                lock(&self.world).forget(&media);
                self.background.wake();
            }
            other => return Err(Error::invalid_params(format!("there is no command `{other}`"))),
        }
        Ok(None)
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        self.ask(params, diagnose::pull).await
    }
}
