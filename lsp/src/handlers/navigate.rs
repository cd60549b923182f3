//! Requests that lead somewhere: definitions, references, symbols, links, hierarchies.

use std::path::Path;

use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams,
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, DocumentLink, DocumentLinkParams,
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, GotoDefinitionParams,
    GotoDefinitionResponse, Location, OneOf, ReferenceParams, SymbolKind, WorkspaceSymbol,
    WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use crate::document::Document;
use crate::handlers::{at, file};
use crate::ide::calls::{self, Callable};
use crate::ide::links::{self, Target};
use crate::ide::references;
use crate::ide::symbols::{self, Entry, EntryKind};
use crate::pool::Unanswered;
use crate::proto;
use crate::world::Snapshot;

/// Most symbols of a project that are answered at once.
const MAX_SYMBOLS: usize = 500;

/// Where something is defined.
pub fn definition(
    snapshot: &Snapshot,
    params: &GotoDefinitionParams,
) -> Result<Option<GotoDefinitionResponse>, Unanswered> {
    let place = &params.text_document_position_params;
    let at = at(snapshot, &place.text_document.uri, place.position)?;
    let found = references::definition(&at.source, at.offset);
    let location = found.and_then(|found| {
        let document = snapshot.document(&found.path)?;
        let range = document.lines.range(&document.text, &found.name, snapshot.client.encoding);
        Some(Location::new(proto::uri_of(&found.path, found.is_bundled)?, range))
    });
    Ok(location.map(GotoDefinitionResponse::Scalar))
}

/// Every place that names something.
pub fn references(
    snapshot: &Snapshot,
    params: &ReferenceParams,
) -> Result<Option<Vec<Location>>, Unanswered> {
    let place = &params.text_document_position;
    let at = at(snapshot, &place.text_document.uri, place.position)?;
    let with_definition = params.context.include_declaration;
    let places = references::references(&at.source, at.offset, &snapshot.sources(), with_definition);
    Ok(Some(places.iter().filter_map(|place| proto::location(snapshot, place)).collect()))
}

/// Every place of a document that names something.
pub fn highlights(
    snapshot: &Snapshot,
    params: &DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>, Unanswered> {
    let place = &params.text_document_position_params;
    let at = at(snapshot, &place.text_document.uri, place.position)?;
    let found = references::highlights(&at.source, at.offset).into_iter();
    let highlights = found.map(|(range, is_definition)| DocumentHighlight {
        range: at.document.lines.range(&at.document.text, &range, snapshot.client.encoding),
        kind: Some(if is_definition { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ }),
    });
    Ok(Some(highlights.collect()))
}

/// The outline of a document.
pub fn document_symbols(
    snapshot: &Snapshot,
    params: &DocumentSymbolParams,
) -> Result<Option<DocumentSymbolResponse>, Unanswered> {
    let (document, source) = file(snapshot, &params.text_document.uri)?;
    let entries = symbols::outline(&source);
    let symbols = entries.into_iter().map(|entry| document_symbol(snapshot, &document, entry));
    Ok(Some(DocumentSymbolResponse::Nested(symbols.collect())))
}

fn document_symbol(snapshot: &Snapshot, document: &Document, entry: Entry) -> DocumentSymbol {
    let range = |bytes| document.lines.range(&document.text, bytes, snapshot.client.encoding);
    let children: Vec<DocumentSymbol> =
        entry.children.into_iter().map(|child| document_symbol(snapshot, document, child)).collect();
    #[expect(deprecated, reason = "the protocol's type has a field of an older version")]
    DocumentSymbol {
        range: range(&entry.range),
        selection_range: range(&entry.name_range),
        name: entry.name,
        detail: (!entry.detail.is_empty()).then_some(entry.detail),
        kind: symbol_kind(entry.kind),
        tags: None,
        deprecated: None,
        children: (!children.is_empty()).then_some(children),
    }
}

const fn symbol_kind(kind: EntryKind) -> SymbolKind {
    match kind {
        EntryKind::Composition => SymbolKind::CLASS,
        EntryKind::Container => SymbolKind::ARRAY,
        EntryKind::Element => SymbolKind::OBJECT,
        EntryKind::Value => SymbolKind::CONSTANT,
        EntryKind::Function => SymbolKind::FUNCTION,
        EntryKind::Style => SymbolKind::STRUCT,
        EntryKind::Parameter => SymbolKind::VARIABLE,
        EntryKind::Marker => SymbolKind::EVENT,
        EntryKind::Module => SymbolKind::MODULE,
    }
}

/// Names of the whole project.
pub fn workspace_symbols(
    snapshot: &Snapshot,
    params: &WorkspaceSymbolParams,
) -> Result<Option<WorkspaceSymbolResponse>, Unanswered> {
    let mut found = Vec::new();
    for file in snapshot.sources() {
        let path = snapshot.compiler.path(file);
        let (Some(document), Some(uri)) = (snapshot.document(path), proto::uri_of(path, false)) else {
            continue;
        };
        let names = snapshot.compiler.names(file);
        for symbol in &names.symbols {
            let Some(kind) = symbols::kind_of(&symbol.kind) else { continue };
            let is_wanted = !matches!(kind, EntryKind::Parameter | EntryKind::Module);
            if !is_wanted || !symbols::matches(&params.query, &symbol.name) || found.len() >= MAX_SYMBOLS {
                continue;
            }
            let range = document.lines.range(&document.text, &symbol.name_range, snapshot.client.encoding);
            let container = symbol.parent.and_then(|parent| names.symbols.get(parent));
            found.push(WorkspaceSymbol {
                name: symbol.name.clone(),
                kind: symbol_kind(kind),
                tags: None,
                container_name: container.map(|container| container.name.clone()),
                location: OneOf::Left(Location::new(uri.clone(), range)),
                data: None,
            });
        }
    }
    Ok(Some(WorkspaceSymbolResponse::Nested(found)))
}

/// The links of a document.
pub fn document_links(
    snapshot: &Snapshot,
    params: &DocumentLinkParams,
) -> Result<Option<Vec<DocumentLink>>, Unanswered> {
    let (document, source) = file(snapshot, &params.text_document.uri)?;
    let links = links::links(&source).into_iter().filter_map(|link| {
        let target = match &link.target {
            Target::File(path) => proto::uri_of(path, false),
            Target::Bundled(path) => proto::uri_of(path, true),
            Target::Address(address) => address.parse().ok(),
        }?;
        Some(DocumentLink {
            range: document.lines.range(&document.text, &link.range, snapshot.client.encoding),
            target: Some(target),
            tooltip: link.tooltip,
            data: None,
        })
    });
    Ok(Some(links.collect()))
}

/// The composition or function at a place, as the root of a hierarchy.
pub fn prepare_calls(
    snapshot: &Snapshot,
    params: &CallHierarchyPrepareParams,
) -> Result<Option<Vec<CallHierarchyItem>>, Unanswered> {
    let place = &params.text_document_position_params;
    let at = at(snapshot, &place.text_document.uri, place.position)?;
    let found = calls::callable_at(&at.source, at.offset);
    Ok(found.and_then(|found| item(snapshot, &found)).map(|item| vec![item]))
}

/// Who places or calls something.
pub fn incoming_calls(
    snapshot: &Snapshot,
    params: &CallHierarchyIncomingCallsParams,
) -> Result<Option<Vec<CallHierarchyIncomingCall>>, Unanswered> {
    let callable = callable(snapshot, &params.item)?;
    let users = calls::incoming(&snapshot.compiler, &callable, &snapshot.sources());
    let calls = users.into_iter().filter_map(|(user, places)| {
        let from_ranges = ranges(snapshot, &user.path, &places)?;
        Some(CallHierarchyIncomingCall { from: item(snapshot, &user)?, from_ranges })
    });
    Ok(Some(calls.collect()))
}

/// What something places or calls.
pub fn outgoing_calls(
    snapshot: &Snapshot,
    params: &CallHierarchyOutgoingCallsParams,
) -> Result<Option<Vec<CallHierarchyOutgoingCall>>, Unanswered> {
    let callable = callable(snapshot, &params.item)?;
    let uses = calls::outgoing(&snapshot.compiler, &callable);
    let calls = uses.into_iter().filter_map(|(used, places)| {
        let from_ranges = ranges(snapshot, &callable.path, &places)?;
        Some(CallHierarchyOutgoingCall { to: item(snapshot, &used)?, from_ranges })
    });
    Ok(Some(calls.collect()))
}

fn ranges(
    snapshot: &Snapshot,
    path: &Path,
    places: &[std::ops::Range<usize>],
) -> Option<Vec<tower_lsp::ls_types::Range>> {
    let document = snapshot.document(path)?;
    let range = |place| document.lines.range(&document.text, place, snapshot.client.encoding);
    Some(places.iter().map(range).collect())
}

fn item(snapshot: &Snapshot, callable: &Callable) -> Option<CallHierarchyItem> {
    let is_bundled = snapshot.compiler.known(&callable.path).is_none();
    let document = snapshot.document(&callable.path)?;
    let range = |bytes| document.lines.range(&document.text, bytes, snapshot.client.encoding);
    Some(CallHierarchyItem {
        name: callable.name.clone(),
        kind: if callable.is_composition { SymbolKind::CLASS } else { SymbolKind::FUNCTION },
        tags: None,
        detail: None,
        uri: proto::uri_of(&callable.path, is_bundled)?,
        range: range(&callable.whole),
        selection_range: range(&callable.name_range),
        data: None,
    })
}

/// The thing that an item of a hierarchy stands for.
fn callable(snapshot: &Snapshot, item: &CallHierarchyItem) -> Result<Callable, Unanswered> {
    let at = at(snapshot, &item.uri, item.selection_range.start)?;
    calls::callable_at(&at.source, at.offset)
        .ok_or_else(|| Unanswered::Refused(format!("`{}` is not there any more", item.name)))
}
