//! What the client can do, and what the server says it can do.

use tower_lsp::ls_types::{
    CallHierarchyServerCapability, ClientCapabilities, CodeActionKind, CodeActionOptions,
    CodeActionProviderCapability, CodeLensOptions, ColorProviderCapability, CompletionOptions,
    DiagnosticOptions, DiagnosticServerCapabilities, DocumentLinkOptions, DocumentOnTypeFormattingOptions,
    ExecuteCommandOptions, FileOperationFilter, FileOperationPattern, FileOperationRegistrationOptions,
    FoldingRangeProviderCapability, HoverProviderCapability, InlayHintOptions, InlayHintServerCapabilities,
    MarkupKind, OneOf, PositionEncodingKind, RenameOptions, ResourceOperationKind,
    SelectionRangeProviderCapability, SemanticTokenModifier, SemanticTokenType, SemanticTokensFullOptions,
    SemanticTokensLegend, SemanticTokensOptions, ServerCapabilities, SignatureHelpOptions,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, WorkDoneProgressOptions,
    WorkspaceFileOperationsServerCapabilities, WorkspaceFoldersServerCapabilities,
    WorkspaceServerCapabilities,
};

use crate::ide::tokens::TokenClass;
use crate::position::Encoding;

/// The command that opens the page of a code; its argument is the code.
pub const EXPLAIN: &str = "vid.server.explain";
/// The command that looks into the media of a source again; its argument is the address of the source.
pub const CHECK_MEDIA: &str = "vid.server.checkMedia";

/// The kind of actions that write something new.
pub const GENERATE: &str = "refactor.generate";

/// What the client can do, as far as answers depend on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Client {
    /// The unit of columns.
    pub encoding: Encoding,
    /// Whether it asks for diagnostics itself.
    pub pulls_diagnostics: bool,
    /// Whether it can be told to ask for diagnostics again.
    pub refreshes_diagnostics: bool,
    /// Whether it can be told to ask for inlay hints again.
    pub refreshes_hints: bool,
    /// Whether it can be told to ask for code lenses again.
    pub refreshes_lenses: bool,
    /// Whether it watches files where it is asked to.
    pub watches_files: bool,
    /// Whether it shows progress.
    pub shows_progress: bool,
    /// Whether completions can have places to fill in.
    pub has_snippets: bool,
    /// Whether hovers are best in Markdown.
    pub hovers_markdown: bool,
    /// Whether what is said about completions and signatures is best in Markdown.
    pub documents_markdown: bool,
    /// Whether pictures in Markdown are seen: a client that draws Markdown as a page names what it draws
    /// it with, one that shows it in a terminal does not.
    pub sees_pictures: bool,
    /// Whether it opens documents where it is asked to.
    pub shows_documents: bool,
    /// Whether it asks for the text of documents that are no files; of version 3.18 of the protocol.
    pub has_virtual_documents: bool,
    /// Whether an edit can also give a file another name.
    pub renames_files: bool,
    /// Whether it asks for what belongs to a hint when it is looked at.
    pub resolves_hints: bool,
}

impl Client {
    /// Reads what a client says of itself.
    pub fn new(capabilities: &ClientCapabilities) -> Self {
        let general = capabilities.general.as_ref();
        let encodings = general.and_then(|general| general.position_encodings.as_ref());
        let is_utf8 = encodings.is_some_and(|known| known.contains(&PositionEncodingKind::UTF8));
        let text = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let completion = text.and_then(|text| text.completion.as_ref());
        let item = completion.and_then(|completion| completion.completion_item.as_ref());
        // What is named first is preferred. Who names nothing is taken to read Markdown, as text at least.
        let has_markdown = |formats: Option<&Vec<MarkupKind>>| {
            formats.and_then(|formats| formats.first()).is_none_or(|first| *first == MarkupKind::Markdown)
        };
        let hover = text.and_then(|text| text.hover.as_ref());
        let window = capabilities.window.as_ref();
        let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let operations = edits.and_then(|edits| edits.resource_operations.as_ref());
        let hints = text.and_then(|text| text.inlay_hint.as_ref());
        let resolved = hints.and_then(|hints| hints.resolve_support.as_ref());
        Self {
            encoding: if is_utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
            pulls_diagnostics: text.is_some_and(|text| text.diagnostic.is_some()),
            refreshes_diagnostics: workspace
                .and_then(|workspace| workspace.diagnostics.as_ref())
                .and_then(|diagnostics| diagnostics.refresh_support)
                .unwrap_or_default(),
            refreshes_hints: workspace
                .and_then(|workspace| workspace.inlay_hint.as_ref())
                .and_then(|hints| hints.refresh_support)
                .unwrap_or_default(),
            refreshes_lenses: workspace
                .and_then(|workspace| workspace.code_lens.as_ref())
                .and_then(|lenses| lenses.refresh_support)
                .unwrap_or_default(),
            watches_files: workspace
                .and_then(|workspace| workspace.did_change_watched_files.as_ref())
                .and_then(|watched| watched.dynamic_registration)
                .unwrap_or_default(),
            shows_progress: window.and_then(|window| window.work_done_progress).unwrap_or_default(),
            has_snippets: item.and_then(|item| item.snippet_support).unwrap_or_default(),
            hovers_markdown: has_markdown(hover.and_then(|hover| hover.content_format.as_ref())),
            documents_markdown: has_markdown(item.and_then(|item| item.documentation_format.as_ref())),
            sees_pictures: general.is_some_and(|general| general.markdown.is_some()),
            shows_documents: window
                .and_then(|window| window.show_document.as_ref())
                .is_some_and(|shown| shown.support),
            has_virtual_documents: false,
            renames_files: edits.and_then(|edits| edits.document_changes).unwrap_or_default()
                && operations.is_some_and(|known| known.contains(&ResourceOperationKind::Rename)),
            resolves_hints: resolved
                .is_some_and(|resolved| resolved.properties.iter().any(|known| known.ends_with("location"))),
        }
    }
}

/// What the server can do.
pub fn server(client: Client) -> ServerCapabilities {
    let progress = WorkDoneProgressOptions::default;
    ServerCapabilities {
        position_encoding: Some(match client.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([".", ":", "\"", "/", " "].map(str::to_owned).into()),
            ..CompletionOptions::default()
        }),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: Some(["(", ","].map(str::to_owned).into()),
            retrigger_characters: None,
            work_done_progress_options: progress(),
        }),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QUICKFIX,
                CodeActionKind::REFACTOR_REWRITE,
                CodeActionKind::REFACTOR_EXTRACT,
                CodeActionKind::from(GENERATE),
                CodeActionKind::SOURCE_FIX_ALL,
            ]),
            ..CodeActionOptions::default()
        })),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: "}".to_owned(),
            more_trigger_character: Some(vec![";".to_owned(), "\n".to_owned()]),
        }),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: progress(),
        })),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: progress(),
        }),
        color_provider: Some(ColorProviderCapability::Simple(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
        semantic_tokens_provider: Some(
            SemanticTokensOptions {
                legend: legend(),
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                work_done_progress_options: progress(),
            }
            .into(),
        ),
        inlay_hint_provider: Some(OneOf::Right(InlayHintServerCapabilities::Options(InlayHintOptions {
            resolve_provider: Some(client.resolves_hints),
            work_done_progress_options: progress(),
        }))),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: [EXPLAIN, CHECK_MEDIA].map(str::to_owned).into(),
            work_done_progress_options: progress(),
        }),
        diagnostic_provider: Some(DiagnosticServerCapabilities::Options(DiagnosticOptions {
            identifier: Some("vid".to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: false,
            work_done_progress_options: progress(),
        })),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: Some(WorkspaceFileOperationsServerCapabilities {
                will_rename: Some(FileOperationRegistrationOptions {
                    filters: vec![FileOperationFilter {
                        scheme: Some("file".to_owned()),
                        pattern: FileOperationPattern { glob: "**/*".to_owned(), ..Default::default() },
                    }],
                }),
                ..WorkspaceFileOperationsServerCapabilities::default()
            }),
        }),
        ..ServerCapabilities::default()
    }
}

/// The classes of tokens and their properties, in the order of their numbers.
fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TokenClass::NAMES.iter().map(|name| SemanticTokenType::new(name)).collect(),
        token_modifiers: vec![SemanticTokenModifier::DEFINITION, SemanticTokenModifier::DEFAULT_LIBRARY],
    }
}
