//! Requests that change text: formatting, renaming, actions, colours.

use std::ops::Range;
use std::path::PathBuf;

use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, Color,
    ColorInformation, ColorPresentation, ColorPresentationParams, Command, Diagnostic as ProtocolDiagnostic,
    DocumentChangeOperation, DocumentChanges, DocumentColorParams, DocumentFormattingParams,
    DocumentOnTypeFormattingParams, DocumentRangeFormattingParams, OneOf,
    OptionalVersionedTextDocumentIdentifier, PrepareRenameResponse, RenameFile, RenameFilesParams,
    RenameParams, ResourceOp, TextDocumentEdit, TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit,
};
use vid_compiler::{Applicability, Diagnostic, Fix};

use crate::capabilities::{EXPLAIN, GENERATE};
use crate::handlers::{at, diagnose, file, open_document};
use crate::ide::actions::{ActionKind, actions};
use crate::ide::rename::{Changes, FileRename};
use crate::ide::{Change, colors, formatting, rename};
use crate::pool::Unanswered;
use crate::proto;
use crate::world::{Snapshot, Ticket};

/// Brings a whole document into its usual form.
pub fn format(
    ticket: &Ticket,
    params: &DocumentFormattingParams,
) -> Result<Option<Vec<TextEdit>>, Unanswered> {
    let document = open_document(ticket, &params.text_document.uri)?;
    Ok(Some(proto::edits(&document, &formatting::format(&document.text, document.tree()), ticket.encoding)))
}

/// Brings a part of a document into its usual form.
pub fn format_range(
    ticket: &Ticket,
    params: &DocumentRangeFormattingParams,
) -> Result<Option<Vec<TextEdit>>, Unanswered> {
    let document = open_document(ticket, &params.text_document.uri)?;
    let range = document.lines.bytes(&document.text, params.range, ticket.encoding);
    let changes = formatting::format_range(&document.text, document.tree(), range);
    Ok(Some(proto::edits(&document, &changes, ticket.encoding)))
}

/// Brings the statement that was just ended into its usual form.
pub fn format_typed(
    ticket: &Ticket,
    params: &DocumentOnTypeFormattingParams,
) -> Result<Option<Vec<TextEdit>>, Unanswered> {
    let place = &params.text_document_position;
    let document = open_document(ticket, &place.text_document.uri)?;
    let offset = document.lines.offset(&document.text, place.position, ticket.encoding);
    let changes = formatting::format_typed(&document.text, document.tree(), offset, &params.ch);
    Ok(Some(proto::edits(&document, &changes, ticket.encoding)))
}

/// What would be renamed.
pub fn prepare_rename(
    snapshot: &Snapshot,
    params: &TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>, Unanswered> {
    let at = at(snapshot, &params.text_document.uri, params.position)?;
    let (range, placeholder) = rename::prepare(&at.source, at.offset).map_err(Unanswered::Refused)?;
    let range = at.document.lines.range(&at.document.text, &range, snapshot.client.encoding);
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder }))
}

/// Gives something another name everywhere.
pub fn rename(snapshot: &Snapshot, params: &RenameParams) -> Result<Option<WorkspaceEdit>, Unanswered> {
    let place = &params.text_document_position;
    let at = at(snapshot, &place.text_document.uri, place.position)?;
    let files = snapshot.sources();
    if let Some((written, _)) = rename::file_at(&at.source, at.offset) {
        let renamed = rename::rename_file(&at.source, &written, &params.new_name, &files, &snapshot.files);
        return Ok(Some(file_edit(snapshot, &renamed.map_err(Unanswered::Refused)?)));
    }
    let changes =
        rename::rename(&at.source, at.offset, &params.new_name, &files).map_err(Unanswered::Refused)?;
    Ok(Some(proto::workspace_edit(snapshot, &changes)))
}

/// The sources name a file anew, and the client gives it that name where it can and the file is there.
fn file_edit(snapshot: &Snapshot, renamed: &FileRename) -> WorkspaceEdit {
    let edit = proto::workspace_edit(snapshot, &renamed.changes);
    let uris = proto::uri_of(&renamed.from, false).zip(proto::uri_of(&renamed.to, false));
    let can_move = snapshot.client.renames_files && snapshot.files.contains(&renamed.from);
    let Some((old_uri, new_uri)) = uris.filter(|_| can_move) else { return edit };
    let mut operations: Vec<DocumentChangeOperation> = renamed
        .changes
        .iter()
        .filter_map(|(path, changes)| {
            let document = snapshot.document(path)?;
            let version = snapshot.documents.get(path).map(|document| document.version);
            let edits = proto::edits(&document, changes, snapshot.client.encoding);
            let text_document =
                OptionalVersionedTextDocumentIdentifier { uri: proto::uri_of(path, false)?, version };
            let edits = edits.into_iter().map(OneOf::Left).collect();
            Some(DocumentChangeOperation::Edit(TextDocumentEdit { text_document, edits }))
        })
        .collect();
    let moved = RenameFile { old_uri, new_uri, options: None, annotation_id: None };
    operations.push(DocumentChangeOperation::Op(ResourceOp::Rename(moved)));
    let document_changes = Some(DocumentChanges::Operations(operations));
    WorkspaceEdit { document_changes, ..WorkspaceEdit::default() }
}

/// The sources follow files that are about to move.
pub fn files_renamed(
    snapshot: &Snapshot,
    params: &RenameFilesParams,
) -> Result<Option<WorkspaceEdit>, Unanswered> {
    let files = snapshot.sources();
    let mut all = Changes::new();
    for moved in &params.files {
        let path = |uri: &str| uri.parse::<Uri>().ok().and_then(|uri| proto::path_of(&uri));
        let (Some(from), Some(to)) = (path(&moved.old_uri), path(&moved.new_uri)) else { continue };
        for (path, changes) in rename::moved(&snapshot.compiler, &from, &to, &files) {
            all.entry(path).or_default().extend(changes);
        }
    }
    Ok((!all.is_empty()).then(|| proto::workspace_edit(snapshot, &all)))
}

/// What can be done at a place: repairs of what is wrong there, and other forms of what stands there.
pub fn code_actions(
    snapshot: &Snapshot,
    params: &CodeActionParams,
) -> Result<Option<CodeActionResponse>, Unanswered> {
    let (document, source) = file(snapshot, &params.text_document.uri)?;
    let selected = document.lines.bytes(&document.text, params.range, snapshot.client.encoding);
    let wanted = |kind: &CodeActionKind| {
        params.context.only.as_ref().is_none_or(|only| {
            only.iter()
                .any(|wanted| kind == wanted || kind.as_str().starts_with(&format!("{}.", wanted.as_str())))
        })
    };
    let mut offered: Vec<CodeAction> = Vec::new();
    let found = diagnose::own(snapshot, source.path);
    let meant = meant(&found, &selected, &params.context.diagnostics, |diagnostic| {
        proto::diagnostic(snapshot, &document, diagnostic)
    });
    for (diagnostic, shown) in &meant {
        let Some(fix) = diagnostic.fix.as_ref().filter(|_| wanted(&CodeActionKind::QUICKFIX)) else {
            continue;
        };
        offered.push(CodeAction {
            title: fix.title.clone(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![shown.clone()]),
            edit: Some(proto::workspace_edit(snapshot, &changes_of(fix))),
            is_preferred: Some(fix.applicability == Applicability::Safe),
            ..CodeAction::default()
        });
    }
    if wanted(&CodeActionKind::SOURCE_FIX_ALL)
        && let Some(all) = all_fixes(&found)
    {
        offered.push(CodeAction {
            title: "repair everything that is certain".to_owned(),
            kind: Some(CodeActionKind::SOURCE_FIX_ALL),
            edit: Some(proto::workspace_edit(snapshot, &all)),
            ..CodeAction::default()
        });
    }
    let files: Vec<PathBuf> = snapshot.files.iter().cloned().collect();
    for action in actions(&source, &selected, &files) {
        let kind = match action.kind {
            ActionKind::Fix => CodeActionKind::QUICKFIX,
            ActionKind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
            ActionKind::Extract => CodeActionKind::REFACTOR_EXTRACT,
            ActionKind::Generate => CodeActionKind::from(GENERATE),
        };
        // What a message offers already is offered once.
        let is_known = offered.iter().any(|known| known.title == action.title);
        if wanted(&kind) && !is_known {
            let changes = Changes::from([(source.path.to_owned(), action.changes)]);
            offered.push(CodeAction {
                title: action.title,
                kind: Some(kind),
                edit: Some(proto::workspace_edit(snapshot, &changes)),
                ..CodeAction::default()
            });
        }
    }
    if snapshot.client.shows_documents && params.context.only.is_none() {
        offered.extend(explanations(&meant));
    }
    Ok(Some(offered.into_iter().map(CodeActionOrCommand::CodeAction).collect()))
}

/// The messages that actions are asked for: those that touch what is selected, and those that the client names,
/// which may stand elsewhere in the line; as they are shown.
fn meant<'f>(
    found: &'f [Diagnostic],
    selected: &Range<usize>,
    named: &[ProtocolDiagnostic],
    shown: impl Fn(&Diagnostic) -> ProtocolDiagnostic,
) -> Vec<(&'f Diagnostic, ProtocolDiagnostic)> {
    let touches = |range: &Range<usize>| range.start <= selected.end && selected.start <= range.end;
    let each = found.iter().map(|found| (found, shown(found)));
    each.filter(|(found, shown)| {
        let is_named = |named: &ProtocolDiagnostic| named.range == shown.range && named.code == shown.code;
        touches(&found.primary.range) || named.iter().any(is_named)
    })
    .collect()
}

/// The pages about what is wrong, each once.
fn explanations(meant: &[(&Diagnostic, ProtocolDiagnostic)]) -> Vec<CodeAction> {
    let mut codes: Vec<&str> = meant.iter().map(|(found, _)| found.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let explanation = |code: &str| {
        let title = format!("explain `{code}`");
        let command = Command::new(title.clone(), EXPLAIN.to_owned(), Some(vec![code.into()]));
        CodeAction { title, command: Some(command), ..CodeAction::default() }
    };
    codes.into_iter().map(explanation).collect()
}

fn changes_of(fix: &Fix) -> Changes {
    let mut changes = Changes::new();
    for edit in &fix.edits {
        let change = Change::new(edit.range.clone(), edit.replacement.clone());
        changes.entry(edit.path.clone()).or_default().push(change);
    }
    changes
}

/// Every repair that is certain; of two that touch each other, the first.
fn all_fixes(found: &[Diagnostic]) -> Option<Changes> {
    let mut all = Changes::new();
    let certain = found.iter().filter_map(|diagnostic| diagnostic.fix.as_ref());
    for fix in certain.filter(|fix| fix.applicability == Applicability::Safe) {
        let changes = changes_of(fix);
        let touches = changes.iter().any(|(path, new)| {
            let known = all.get(path).into_iter().flatten();
            known.into_iter().any(|known| {
                new.iter().any(|new| new.range.start <= known.range.end && known.range.start <= new.range.end)
            })
        });
        if !touches {
            changes.into_iter().for_each(|(path, new)| all.entry(path).or_default().extend(new));
        }
    }
    (!all.is_empty()).then_some(all)
}

/// The colours of a document.
pub fn document_colors(
    snapshot: &Snapshot,
    params: &DocumentColorParams,
) -> Result<Vec<ColorInformation>, Unanswered> {
    let (document, source) = file(snapshot, &params.text_document.uri)?;
    let part = |value: u8| f32::from(value) / 255.0;
    let information = colors::colors(&source).into_iter().map(|(range, color)| ColorInformation {
        range: document.lines.range(&document.text, &range, snapshot.client.encoding),
        color: Color { red: part(color.r), green: part(color.g), blue: part(color.b), alpha: part(color.a) },
    });
    Ok(information.collect())
}

/// The forms in which a colour can be written, the author's first.
pub fn color_presentations(
    ticket: &Ticket,
    params: &ColorPresentationParams,
) -> Result<Vec<ColorPresentation>, Unanswered> {
    let document = open_document(ticket, &params.text_document.uri)?;
    let range = document.lines.bytes(&document.text, params.range, ticket.encoding);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
    let part = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
    let color = vid_timeline::Color {
        r: part(params.color.red),
        g: part(params.color.green),
        b: part(params.color.blue),
        a: part(params.color.alpha),
    };
    let written = document.text.get(range).unwrap_or_default();
    let forms = colors::presentations(color, written).into_iter().map(|label| ColorPresentation {
        text_edit: Some(TextEdit::new(params.range, label.clone())),
        label,
        additional_text_edits: None,
    });
    Ok(forms.collect())
}
