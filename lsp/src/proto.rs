//! From our types to those of the protocol, and back.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use tower_lsp::ls_types::{
    CodeDescription, Diagnostic as ProtocolDiagnostic, DiagnosticRelatedInformation, DiagnosticSeverity,
    DiagnosticTag, Location, NumberOrString, TextEdit, Uri, WorkspaceEdit,
};
use vid_compiler::{Code, Diagnostic, Severity};

use crate::document::Document;
use crate::ide::Change;
use crate::ide::references::Place;
use crate::position::Encoding;
use crate::world::Snapshot;

/// Scheme of the addresses of files that are bundled with the compiler.
pub const BUNDLED_SCHEME: &str = "vid-std";

/// The path of an address: of a file, or of a bundled file.
pub fn path_of(uri: &Uri) -> Option<PathBuf> {
    if is_bundled(uri) {
        return Some(PathBuf::from(uri.path().as_str().trim_start_matches('/')));
    }
    if uri.scheme().as_str() != "file" {
        return None;
    }
    uri.to_file_path().map(|path| path.into_owned())
}

/// Whether an address is one of a bundled file.
pub fn is_bundled(uri: &Uri) -> bool {
    uri.scheme().as_str() == BUNDLED_SCHEME
}

/// The address of a file; one that is bundled where the compiler says so.
pub fn uri_of(path: &Path, is_bundled: bool) -> Option<Uri> {
    if is_bundled {
        return Uri::from_str(&format!("{BUNDLED_SCHEME}:///{}", path.display())).ok();
    }
    Uri::from_file_path(path)
}

/// The changes of a document.
pub fn edits(document: &Document, changes: &[Change], encoding: Encoding) -> Vec<TextEdit> {
    let edit = |change: &Change| {
        let range = document.lines.range(&document.text, &change.range, encoding);
        TextEdit::new(range, change.text.clone())
    };
    changes.iter().map(edit).collect()
}

/// The changes of several files; those that nobody knows are left out.
pub fn workspace_edit<'a>(
    snapshot: &Snapshot,
    changes: impl IntoIterator<Item = (&'a PathBuf, &'a Vec<Change>)>,
) -> WorkspaceEdit {
    let mut all: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for (path, changes) in changes {
        if let (Some(document), Some(uri)) = (snapshot.document(path), uri_of(path, false)) {
            all.insert(uri, edits(&document, changes, snapshot.client.encoding));
        }
    }
    WorkspaceEdit { changes: Some(all), ..WorkspaceEdit::default() }
}

/// The location of a place.
pub fn location(snapshot: &Snapshot, place: &Place) -> Option<Location> {
    let document = snapshot.document(&place.path)?;
    let range = document.lines.range(&document.text, &(place.start..place.end), snapshot.client.encoding);
    Some(Location::new(uri_of(&place.path, false)?, range))
}

/// A diagnostic of a document.
pub fn diagnostic(snapshot: &Snapshot, document: &Document, diagnostic: &Diagnostic) -> ProtocolDiagnostic {
    let encoding = snapshot.client.encoding;
    let mut message = diagnostic.message.clone();
    for help in &diagnostic.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    let related = diagnostic.secondary.iter().chain([&diagnostic.primary]).filter_map(|label| {
        let document = snapshot.document(&label.path)?;
        let range = document.lines.range(&document.text, &label.range, encoding);
        Some(DiagnosticRelatedInformation {
            location: Location::new(uri_of(&label.path, false)?, range),
            message: label.message.clone(),
        })
    });
    let related: Vec<_> = related.filter(|related| !related.message.is_empty()).collect();
    ProtocolDiagnostic {
        range: document.lines.range(&document.text, &diagnostic.primary.range, encoding),
        severity: Some(match diagnostic.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(diagnostic.code.as_str().to_owned())),
        code_description: code_page(diagnostic.code).map(|href| CodeDescription { href }),
        source: Some("vid".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        tags: (diagnostic.code == Code::Unused).then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: None,
    }
}

/// The address under which the page of a code can be asked for.
pub fn page_uri(code: Code) -> Option<Uri> {
    Uri::from_str(&format!("{BUNDLED_SCHEME}:///codes/{}.md", code.as_str())).ok()
}

/// The page of a code, by the path of its address.
pub fn page_of(path: &Path) -> Option<&'static str> {
    let name = path.strip_prefix("codes").ok()?.to_str()?.strip_suffix(".md")?;
    vid_compiler::explain(name)
}

/// The manual page of a code, where it is published.
pub fn code_page(code: Code) -> Option<Uri> {
    let repository = env!("CARGO_PKG_REPOSITORY");
    Uri::from_str(&format!("{repository}/blob/main/docs/codes/{}.md", code.as_str())).ok()
}
