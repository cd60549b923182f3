//! What each request asks of the features, and how the answer is written in the protocol's types.

pub mod command;
pub mod diagnose;
pub mod edit;
pub mod navigate;
pub mod show;
pub mod write;

use std::path::PathBuf;
use std::sync::Arc;

use tower_lsp::ls_types::{Position, Uri};

use crate::document::Document;
use crate::ide::Source;
use crate::pool::Unanswered;
use crate::proto;
use crate::world::{Snapshot, Ticket};

/// A place that a request is about.
pub struct At<'s> {
    /// The document.
    pub document: Arc<Document>,
    /// Its source.
    pub source: Source<'s>,
    /// The byte.
    pub offset: usize,
}

/// The place a request is about.
///
/// # Errors
/// When there is no such document.
pub fn at<'s>(snapshot: &'s Snapshot, uri: &Uri, position: Position) -> Result<At<'s>, Unanswered> {
    let (document, source) = file(snapshot, uri)?;
    let offset = document.lines.offset(&document.text, position, snapshot.client.encoding);
    Ok(At { document, source, offset })
}

/// The file a request is about.
///
/// # Errors
/// When there is no such document.
pub fn file<'s>(snapshot: &'s Snapshot, uri: &Uri) -> Result<(Arc<Document>, Source<'s>), Unanswered> {
    let path = proto::path_of(uri).ok_or_else(|| unknown(uri))?;
    let document = snapshot.document(&path).ok_or_else(|| unknown(uri))?;
    let source = snapshot.source(&path).ok_or_else(|| unknown(uri))?;
    Ok((document, source))
}

/// The open document a request is about.
///
/// # Errors
/// When it is not open.
pub fn open_document(ticket: &Ticket, uri: &Uri) -> Result<Arc<Document>, Unanswered> {
    let path: PathBuf = proto::path_of(uri).ok_or_else(|| unknown(uri))?;
    ticket.documents.get(&path).cloned().ok_or_else(|| unknown(uri))
}

fn unknown(uri: &Uri) -> Unanswered {
    Unanswered::Refused(format!("`{}` is not open", uri.as_str()))
}
