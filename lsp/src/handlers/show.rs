//! Requests that show something beside the text: hover, hints, lenses, colours of the text, folds.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{
    CodeLens, CodeLensParams, Command, FoldingRange, FoldingRangeKind, FoldingRangeParams, Hover,
    HoverContents, HoverParams, InlayHint, InlayHintKind, InlayHintLabel, InlayHintLabelPart,
    InlayHintParams, InlayHintTooltip, Location, MarkupContent, MarkupKind, Position, SelectionRange,
    SelectionRangeParams, SemanticToken, Uri,
};

use crate::capabilities::CHECK_MEDIA;
use crate::document::Document;
use crate::handlers::{at, file, open_document};
use crate::ide::folding::{FoldKind, folds};
use crate::ide::hints::{HintKind, hints};
use crate::ide::lenses::{LensKind, lenses};
use crate::ide::{hover, references, selection, tokens};
use crate::pictures::Moment;
use crate::pool::Unanswered;
use crate::position::Encoding;
use crate::proto;
use crate::world::{Snapshot, Ticket};

/// What a word means.
pub fn hover(snapshot: &Snapshot, params: &HoverParams) -> Result<Option<Hover>, Unanswered> {
    let place = &params.text_document_position_params;
    let at = at(snapshot, &place.text_document.uri, place.position)?;
    let Some(mut hover) = hover::hover(&at.source, at.offset) else { return Ok(None) };
    let client = snapshot.client;
    let sees = client.hovers_markdown && snapshot.settings.hover_pictures.unwrap_or(client.sees_pictures);
    if let Some(moment) = hover.moment.filter(|_| sees) {
        let moment = Moment { path: at.source.path.to_owned(), film: moment.film, at: moment.at };
        // Where there is none yet, it is there when somebody looks again.
        if let Some(picture) = snapshot.pictures.of(&moment, snapshot.state) {
            let _ = write!(hover.text, "\n\n![{} at {}]({picture})", moment.film, moment.at);
        }
    }
    Ok(Some(Hover {
        contents: HoverContents::Markup(markup(hover.text, client.hovers_markdown)),
        range: Some(at.document.lines.range(&at.document.text, &hover.range, client.encoding)),
    }))
}

/// Markdown; as plain text where the client reads no Markdown.
pub fn markup(value: String, is_markdown: bool) -> MarkupContent {
    match is_markdown {
        true => MarkupContent { kind: MarkupKind::Markdown, value },
        false => MarkupContent { kind: MarkupKind::PlainText, value: plain(&value) },
    }
}

/// What our Markdown says, without its signs: fences go, rows of tables become lines.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    for line in markdown.lines() {
        let is_sign = line.starts_with("```") || matches!(line, "| | |" | "|---|---|");
        if is_sign {
            continue;
        }
        let line = match line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |")) {
            Some(row) => row.replacen(" | ", ": ", 1),
            None => line.replace("**", "").replace('`', ""),
        };
        // One empty line says as much as two.
        if !(line.is_empty() && (text.is_empty() || text.ends_with("\n\n"))) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text.trim_end().to_owned()
}

/// What is left unsaid in a part of a document.
pub fn inlay_hints(
    snapshot: &Snapshot,
    params: &InlayHintParams,
) -> Result<Option<Vec<InlayHint>>, Unanswered> {
    let (document, source) = file(snapshot, &params.text_document.uri)?;
    let within = document.lines.bytes(&document.text, params.range, snapshot.client.encoding);
    let settings = &snapshot.settings;
    let is_wanted = |kind| match kind {
        HintKind::Times => settings.hint_times,
        HintKind::Lengths => settings.hint_lengths,
        HintKind::Sizes => settings.hint_sizes,
        HintKind::Gaps => settings.hint_gaps,
        HintKind::Curves => settings.hint_curves,
    };
    let found = hints(&source, &within).into_iter().filter(|hint| is_wanted(hint.kind));
    let position = |offset| document.lines.position(&document.text, offset, snapshot.client.encoding);
    let hints = found.map(|hint| {
        // Where it leads is found out when somebody looks.
        let origin = hint.origin.filter(|_| snapshot.client.resolves_hints);
        let origin = origin
            .map(|offset| HintOrigin { uri: params.text_document.uri.clone(), position: position(offset) });
        let part = |value: String| InlayHintLabelPart { value, ..InlayHintLabelPart::default() };
        InlayHint {
            position: position(hint.offset),
            label: match origin {
                Some(_) => InlayHintLabel::LabelParts(vec![part(hint.text)]),
                None => InlayHintLabel::String(hint.text),
            },
            kind: (hint.kind == HintKind::Sizes).then_some(InlayHintKind::TYPE),
            text_edits: None,
            tooltip: None,
            padding_left: Some(true),
            padding_right: None,
            data: origin.and_then(|origin| serde_json::to_value(origin).ok()),
        }
    });
    Ok(Some(hints.collect()))
}

/// Where the name stands that a hint follows from.
#[derive(Serialize, Deserialize)]
struct HintOrigin {
    uri: Uri,
    position: Position,
}

/// Adds to a hint where what it follows from is defined, and what that is.
pub fn resolve_hint(snapshot: &Snapshot, hint: &InlayHint) -> Result<InlayHint, Unanswered> {
    let mut hint = hint.clone();
    let origin = hint.data.clone().and_then(|data| serde_json::from_value::<HintOrigin>(data).ok());
    let Some(HintOrigin { uri, position }) = origin else { return Ok(hint) };
    let at = at(snapshot, &uri, position)?;
    let found = references::definition(&at.source, at.offset).and_then(|found| {
        let document = snapshot.document(&found.path)?;
        let range = document.lines.range(&document.text, &found.name, snapshot.client.encoding);
        Some(Location::new(proto::uri_of(&found.path, found.is_bundled)?, range))
    });
    if let InlayHintLabel::LabelParts(parts) = &mut hint.label {
        parts.iter_mut().for_each(|part| part.location = found.clone());
    }
    let is_markdown = snapshot.client.hovers_markdown;
    hint.tooltip = hover::hover(&at.source, at.offset)
        .map(|hover| InlayHintTooltip::MarkupContent(markup(hover.text, is_markdown)));
    Ok(hint)
}

/// The lines above definitions. Most of their commands are the client's.
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
            LensKind::Graph(name) => {
                let arguments = vec![value(uri.as_str()), value(&name)];
                Command::new("Show timeline".to_owned(), "vid.timeline".to_owned(), Some(arguments))
            }
            LensKind::CheckMedia => {
                let arguments = vec![value(uri.as_str())];
                Command::new("Check media".to_owned(), CHECK_MEDIA.to_owned(), Some(arguments))
            }
            LensKind::Preview(film, time) => {
                let arguments = vec![value(uri.as_str()), value(&film), value(&time)];
                Command::new("▶ Preview from here".to_owned(), "vid.preview".to_owned(), Some(arguments))
            }
            LensKind::Timecode(timecode) => {
                let arguments = vec![value(&timecode)];
                Command::new(format!("⧉ {timecode}"), "vid.copyTimecode".to_owned(), Some(arguments))
            }
        };
        // What the client cannot do is not offered; what begins so, the server does.
        let is_ours = command.command.starts_with("vid.server.");
        if !is_ours && !snapshot.settings.has_command(&command.command) {
            return None;
        }
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
