//! A document as the client has it.

use std::path::PathBuf;
use std::sync::Arc;

use tower_lsp::ls_types::TextDocumentContentChangeEvent;
use vid_grammar::{Parse, SharedParse};

use crate::position::{Encoding, LineIndex};

/// A text with its lines and its tree, at one moment.
#[derive(Debug)]
pub struct Document {
    /// Where it is.
    pub path: PathBuf,
    /// The client's number for this text.
    pub version: i32,
    /// The text.
    pub text: Arc<str>,
    /// Where its lines begin.
    pub lines: LineIndex,
    /// The text with its tree, which the compiler reads too.
    pub shared: Arc<SharedParse>,
}

impl Document {
    /// A document.
    pub fn new(path: PathBuf, version: i32, text: impl Into<Arc<str>>) -> Self {
        Self::of(path, version, SharedParse::new(text))
    }

    fn of(path: PathBuf, version: i32, shared: SharedParse) -> Self {
        let text = shared.text().clone();
        let lines = LineIndex::new(&text);
        Self { path, version, text, lines, shared: Arc::new(shared) }
    }

    /// The tree of the text; made when it is first asked for.
    pub fn tree(&self) -> &Parse {
        self.shared.tree()
    }

    /// The document after changes, in their order.
    pub fn changed(
        &self,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> Self {
        let mut text = self.text.to_string();
        let mut lines = None;
        for change in changes {
            match change.range {
                Some(range) => {
                    let index = lines.get_or_insert_with(|| LineIndex::new(&text));
                    let bytes = index.bytes(&text, range, encoding);
                    text.replace_range(bytes, &change.text);
                }
                None => text = change.text,
            }
            lines = None;
        }
        Self::of(self.path.clone(), version, self.shared.edited(text))
    }
}
