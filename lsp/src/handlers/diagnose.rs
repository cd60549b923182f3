//! Diagnostics.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use tower_lsp::ls_types::{
    Diagnostic as ProtocolDiagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport,
    DocumentDiagnosticReportResult, FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
};
use vid_compiler::{Diagnostic, MediaTrouble};

use crate::handlers::file;
use crate::pool::Unanswered;
use crate::proto;
use crate::world::Snapshot;

/// What is wrong with a document.
pub fn pull(
    snapshot: &Snapshot,
    params: &DocumentDiagnosticParams,
) -> Result<DocumentDiagnosticReportResult, Unanswered> {
    let (document, source) = file(snapshot, &params.text_document.uri)?;
    let found = own(snapshot, source.path);
    let items: Vec<ProtocolDiagnostic> =
        found.iter().map(|found| proto::diagnostic(snapshot, &document, found)).collect();
    let result_id = result_id(&items);
    let report = if params.previous_result_id.as_ref() == Some(&result_id) {
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
        })
    } else {
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport {
                result_id: Some(result_id),
                items,
            },
        })
    };
    Ok(DocumentDiagnosticReportResult::Report(report))
}

/// What is wrong with a source, in its own text.
pub fn own(snapshot: &Snapshot, path: &Path) -> Vec<Diagnostic> {
    let Some(id) = snapshot.compiler.known(path) else { return Vec::new() };
    let mut found = snapshot.compiler.check(id, MediaTrouble::Warns);
    found.retain(|diagnostic| diagnostic.primary.path == path);
    found
}

/// What is wrong with the open documents and with what they import, by file. Every open document has an
/// entry.
pub fn all(snapshot: &Snapshot) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
    let mut all: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
    for path in snapshot.documents.keys() {
        all.entry(path.clone()).or_default();
        let Some(id) = snapshot.compiler.known(path) else { continue };
        for diagnostic in snapshot.compiler.check(id, MediaTrouble::Warns) {
            let of_file = all.entry(diagnostic.primary.path.clone()).or_default();
            if !of_file.contains(&diagnostic) {
                of_file.push(diagnostic);
            }
        }
    }
    all
}

/// The same for the same diagnostics.
pub fn result_id(items: &[ProtocolDiagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(items).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
