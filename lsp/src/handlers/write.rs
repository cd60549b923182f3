//! Requests while something is written: completion and signatures.

use std::path::PathBuf;

use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionParams, CompletionResponse, CompletionTextEdit,
    Documentation, InsertTextFormat, ParameterInformation, ParameterLabel, SignatureHelp,
    SignatureHelpParams, SignatureInformation, TextEdit,
};

use crate::handlers::at;
use crate::handlers::show::markup;
use crate::ide::completion::{Completion, CompletionKind, completions};
use crate::ide::signature;
use crate::pool::Unanswered;
use crate::world::Snapshot;

/// Files that one completion has looked into.
const MAX_PROBED: usize = 64;

/// What can be written.
pub fn completion(
    snapshot: &Snapshot,
    params: &CompletionParams,
) -> Result<Option<CompletionResponse>, Unanswered> {
    let place = &params.text_document_position;
    let at = at(snapshot, &place.text_document.uri, place.position)?;
    let assets: Vec<PathBuf> = snapshot.files.iter().cloned().collect();
    let Some(found) = completions(&at.source, at.offset, &assets) else { return Ok(None) };
    let range = at.document.lines.range(&at.document.text, &found.range, snapshot.client.encoding);
    let has_snippets = snapshot.client.has_snippets;
    let is_markdown = snapshot.client.documents_markdown;
    // What is not known of files is there when somebody looks again.
    let unprobed = found.items.iter().filter_map(|item| item.unprobed.clone()).take(MAX_PROBED);
    snapshot.probes.want(unprobed);
    let items = found.items.into_iter().enumerate().map(|(number, item)| {
        let kind = item_kind(item.kind);
        let text = if has_snippets { item.insert.clone() } else { plain(&item) };
        let is_snippet = has_snippets && item.insert.contains('$');
        CompletionItem {
            kind: Some(kind),
            detail: (!item.detail.is_empty()).then_some(item.detail),
            documentation: (!item.doc.is_empty())
                .then(|| Documentation::MarkupContent(markup(item.doc, is_markdown))),
            sort_text: Some(format!("{number:05}")),
            insert_text_format: is_snippet.then_some(InsertTextFormat::SNIPPET),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(range, text))),
            label: item.label,
            ..CompletionItem::default()
        }
    });
    Ok(Some(CompletionResponse::Array(items.collect())))
}

/// What is written where a client knows no places to fill in: up to the first of them.
fn plain(item: &Completion) -> String {
    if !item.insert.contains('$') {
        return item.insert.clone();
    }
    let head = item.insert.split(['$', '\n']).next().unwrap_or_default();
    // An open quote or bracket is worse than none.
    if head.ends_with(['"', '(', '{', ' ']) && item.kind != CompletionKind::Property {
        return item.label.clone();
    }
    head.to_owned()
}

const fn item_kind(kind: CompletionKind) -> CompletionItemKind {
    match kind {
        CompletionKind::Property => CompletionItemKind::PROPERTY,
        CompletionKind::Statement => CompletionItemKind::CLASS,
        CompletionKind::Keyword => CompletionItemKind::KEYWORD,
        CompletionKind::Word => CompletionItemKind::ENUM_MEMBER,
        CompletionKind::Value => CompletionItemKind::VARIABLE,
        CompletionKind::Function => CompletionItemKind::FUNCTION,
        CompletionKind::Type => CompletionItemKind::TYPE_PARAMETER,
        CompletionKind::Unit => CompletionItemKind::UNIT,
        CompletionKind::Color => CompletionItemKind::COLOR,
        CompletionKind::Module => CompletionItemKind::MODULE,
        CompletionKind::File => CompletionItemKind::FILE,
        CompletionKind::Snippet => CompletionItemKind::SNIPPET,
    }
}

/// The parameters of what is being called.
pub fn signature_help(
    snapshot: &Snapshot,
    params: &SignatureHelpParams,
) -> Result<Option<SignatureHelp>, Unanswered> {
    let place = &params.text_document_position_params;
    let at = at(snapshot, &place.text_document.uri, place.position)?;
    let Some(found) = signature::signature(&at.source, at.offset) else { return Ok(None) };
    let active = u32::try_from(found.active).ok();
    let parameters = found
        .params
        .into_iter()
        .map(|label| ParameterInformation { label: ParameterLabel::Simple(label), documentation: None });
    let signature = SignatureInformation {
        label: found.label,
        documentation: (!found.doc.is_empty())
            .then(|| Documentation::MarkupContent(markup(found.doc, snapshot.client.documents_markdown))),
        parameters: Some(parameters.collect()),
        active_parameter: active,
    };
    Ok(Some(SignatureHelp {
        signatures: vec![signature],
        active_signature: Some(0),
        active_parameter: active,
    }))
}
