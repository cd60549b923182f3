//! Requests that show something beside the text: hover, hints, lenses, colours of the text, folds.

use tower_lsp::ls_types::{
    CodeLens, CodeLensParams, Command, FoldingRange, FoldingRangeKind, FoldingRangeParams, Hover,
    HoverContents, HoverParams, InlayHint, InlayHintKind, InlayHintLabel, InlayHintParams, MarkupContent,
    MarkupKind, SelectionRange, SelectionRangeParams, SemanticToken,
};

use crate::document::Document;
use crate::handlers::{at, file, open_document};
use crate::ide::folding::{FoldKind, folds};
use crate::ide::hints::{HintKind, hints};
use crate::ide::lenses::{LensKind, lenses};
use crate::ide::{hover, selection, tokens};
use crate::pool::Unanswered;
use crate::position::Encoding;
use crate::proto;
use crate::world::{Snapshot, Ticket};

/// What a word means.
pub fn hover(snapshot: &Snapshot, params: &HoverParams) -> Result<Option<Hover>, Unanswered> {
    let place = &params.text_document_position_params;
    let at = at(snapshot, &place.text_document.uri, place.position)?;
    let hover = hover::hover(&at.source, at.offset).map(|hover| Hover {
        contents: HoverContents::Markup(markdown(hover.text)),
        range: Some(at.document.lines.range(&at.document.text, &hover.range, snapshot.client.encoding)),
    });
    Ok(hover)
}

/// Markdown.
pub fn markdown(value: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value }
}

/// What is left unsaid in a part of a document.
pub fn inlay_hints(
    snapshot: &Snapshot,
    params: &InlayHintParams,
) -> Result<Option<Vec<InlayHint>>, Unanswered> {
    let (document, source) = file(snapshot, &params.text_document.uri)?;
    let within = document.lines.bytes(&document.text, params.range, snapshot.client.encoding);
    let settings = snapshot.settings;
    let is_wanted = |kind| match kind {
        HintKind::Times => settings.hint_times,
        HintKind::Lengths => settings.hint_lengths,
        HintKind::Sizes => settings.hint_sizes,
    };
    let found = hints(&source, &within).into_iter().filter(|hint| is_wanted(hint.kind));
    let hints = found.map(|hint| InlayHint {
        position: document.lines.position(&document.text, hint.offset, snapshot.client.encoding),
        label: InlayHintLabel::String(hint.text),
        kind: (hint.kind == HintKind::Sizes).then_some(InlayHintKind::TYPE),
        text_edits: None,
        tooltip: None,
        padding_left: Some(true),
        padding_right: None,
        data: None,
    });
    Ok(Some(hints.collect()))
}

/// The lines above definitions. Their commands are the client's: `vid.render`, `vid.preview`, and
/// `vid.showReferences`.
pub fn code_lenses(
    snapshot: &Snapshot,
    params: &CodeLensParams,
) -> Result<Option<Vec<CodeLens>>, Unanswered> {
    if !snapshot.settings.lenses {
        return Ok(None);
    }
    let uri = &params.text_document.uri;
    let (document, source) = file(snapshot, uri)?;
    let lenses = lenses(&source, &snapshot.sources()).into_iter().filter_map(|lens| {
        let range = document.lines.range(&document.text, &lens.range, snapshot.client.encoding);
        let value = |value: &str| serde_json::Value::String(value.to_owned());
        let command = match lens.kind {
            LensKind::Uses(places) => {
                let title = match places.len() {
                    1 => "1 use".to_owned(),
                    count => format!("{count} uses"),
                };
                let locations: Vec<_> =
                    places.iter().filter_map(|place| proto::location(snapshot, place)).collect();
                let start = serde_json::to_value(range.start).ok()?;
                let arguments = vec![value(uri.as_str()), start, serde_json::to_value(locations).ok()?];
                Command::new(title, "vid.showReferences".to_owned(), Some(arguments))
            }
            LensKind::Render(name) => {
                let arguments = vec![value(uri.as_str()), value(&name)];
                Command::new("▶ Render".to_owned(), "vid.render".to_owned(), Some(arguments))
            }
            LensKind::Preview(film, time) => {
                let arguments = vec![value(uri.as_str()), value(&film), value(&time)];
                Command::new("▶ Preview from here".to_owned(), "vid.preview".to_owned(), Some(arguments))
            }
        };
        Some(CodeLens { range, command: Some(command), data: None })
    });
    Ok(Some(lenses.collect()))
}

/// What can be folded.
pub fn folding(
    ticket: &Ticket,
    params: &FoldingRangeParams,
) -> Result<Option<Vec<FoldingRange>>, Unanswered> {
    let document = open_document(ticket, &params.text_document.uri)?;
    let ranges = folds(document.tree()).into_iter().map(|fold| {
        let range = document.lines.range(&document.text, &fold.range, ticket.encoding);
        FoldingRange {
            start_line: range.start.line,
            start_character: Some(range.start.character),
            end_line: range.end.line,
            end_character: Some(range.end.character),
            kind: match fold.kind {
                FoldKind::Block => None,
                FoldKind::Comment => Some(FoldingRangeKind::Comment),
                FoldKind::Imports => Some(FoldingRangeKind::Imports),
            },
            collapsed_text: None,
        }
    });
    Ok(Some(ranges.collect()))
}

/// What growing selections take in, one for each cursor.
pub fn selections(
    ticket: &Ticket,
    params: &SelectionRangeParams,
) -> Result<Option<Vec<SelectionRange>>, Unanswered> {
    let document = open_document(ticket, &params.text_document.uri)?;
    let selections = params.positions.iter().filter_map(|position| {
        let offset = document.lines.offset(&document.text, *position, ticket.encoding);
        let ranges = selection::ranges(document.tree(), offset);
        ranges.iter().rev().fold(None, |parent, range| {
            let range = document.lines.range(&document.text, range, ticket.encoding);
            Some(SelectionRange { range, parent: parent.map(Box::new) })
        })
    });
    Ok(Some(selections.collect()))
}

/// The classes of the pieces of a document, each relative to the one before.
pub fn semantic_tokens(document: &Document, encoding: Encoding) -> Vec<SemanticToken> {
    let names = vid_compiler::names_of(&document.tree().file());
    let (mut line, mut column) = (0, 0);
    let mut encoded = Vec::new();
    for token in tokens::tokens(document.tree(), &names) {
        // A token of several lines is one for each of them.
        let mut start = token.range.start;
        for part in document.text[token.range.clone()].split_inclusive('\n') {
            let content = part.trim_end_matches(['\n', '\r']);
            let range = start..start + content.len();
            start += part.len();
            let at = document.lines.range(&document.text, &range, encoding);
            if range.is_empty() || at.start.line != at.end.line {
                continue;
            }
            let (delta_line, from) = (at.start.line - line, if at.start.line == line { column } else { 0 });
            encoded.push(SemanticToken {
                delta_line,
                delta_start: at.start.character - from,
                length: at.end.character - at.start.character,
                token_type: token.class as u32,
                token_modifiers_bitset: u32::from(token.is_definition) | u32::from(token.is_builtin) << 1,
            });
            (line, column) = (at.start.line, at.start.character);
        }
    }
    encoded
}

/// The tokens of some lines.
pub fn tokens_within(tokens: &[SemanticToken], lines: std::ops::RangeInclusive<u32>) -> Vec<SemanticToken> {
    let (mut line, mut column) = (0, 0);
    let (mut last_line, mut last_column) = (0, 0);
    let mut within = Vec::new();
    for token in tokens {
        column = if token.delta_line == 0 { column + token.delta_start } else { token.delta_start };
        line += token.delta_line;
        if lines.contains(&line) {
            let delta_line = line - last_line;
            let delta_start = if delta_line == 0 { column - last_column } else { column };
            within.push(SemanticToken { delta_line, delta_start, ..*token });
            (last_line, last_column) = (line, column);
        }
    }
    within
}
