//! What can be written at a place, also in the middle of a half-written line.
//!
//! The text is read once more with a word put in at the cursor, so that what is still missing has a place
//! in the tree; that place says what may stand there.

mod place;
mod values;
mod words;

pub(in crate::ide) use place::expected;
pub(in crate::ide) use values::{AUDIO, CAPTIONS, IMAGE, VIDEO};

use std::ops::Range;
use std::path::PathBuf;

use vid_compiler::{Compiler, SourceId};
use vid_grammar::SyntaxKind;

use crate::ide::Source;

/// Something that can be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// What is shown, and what typed letters are compared with.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A short word about it: a type, a default.
    pub detail: String,
    /// Documentation, in Markdown.
    pub doc: String,
    /// What is written; `$1` and `${1:…}` are places to fill in.
    pub insert: String,
    /// How far down it stands: 0 comes first.
    pub rank: u8,
    /// A file of which nothing is known yet that could be shown beside it.
    pub unprobed: Option<String>,
}

/// The kinds of completions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompletionKind {
    /// A property.
    Property,
    /// An element, a composition, or another statement.
    Statement,
    /// A word of the grammar.
    Keyword,
    /// A word of a set.
    Word,
    /// A value, an element or a parameter.
    Value,
    /// A function.
    Function,
    /// A type.
    Type,
    /// A unit.
    Unit,
    /// A colour, as it would be written in digits.
    Color,
    /// An imported file.
    Module,
    /// A file.
    File,
    /// A whole construct.
    Snippet,
}

/// What can be written at a place, and the bytes it replaces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completions {
    /// Bytes of the word that is being written.
    pub range: Range<usize>,
    /// In the order of their ranks.
    pub items: Vec<Completion>,
}

/// A word that no author writes; it stands at the cursor while the place is looked at.
const CURSOR: &str = "vid0cursor0here";

/// A source with a word at the cursor.
pub(super) struct Around<'a> {
    pub compiler: &'a Compiler,
    pub id: SourceId,
    /// The source with the cursor's word in it.
    pub source: Source<'a>,
    /// The cursor in it: where the word begins.
    pub offset: usize,
    /// Files of the project that can be named in strings.
    pub assets: &'a [PathBuf],
}

/// What can be written at a byte; `assets` are files of the project that strings may name.
pub fn completions(source: &Source<'_>, offset: usize, assets: &[PathBuf]) -> Option<Completions> {
    let offset = floor_char(&source.text, offset);
    let token = source.token_before(offset);
    if token.as_ref().is_some_and(|token| token.kind().is_comment()) {
        return None;
    }
    let mut text = source.text.to_string();
    text.insert_str(offset, CURSOR);
    let changed = source.with_text(text);
    let at = u32::try_from(offset).ok()?.into();
    let cursor = changed.root().token_at_offset(at).right_biased()?;
    let around = Around { compiler: source.compiler, id: source.id, source: changed, offset, assets };
    let mut items = place::items(&around, &cursor)?;
    items.sort_by(|a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
    items.dedup_by(|a, b| a.label == b.label && a.kind == b.kind);
    items.retain(|item| !item.label.contains(CURSOR));
    let range = replaced(&source.text, offset, cursor.kind());
    Some(Completions { range, items })
}

/// The bytes of the word around the cursor; in a string, of the whole path.
fn replaced(text: &str, offset: usize, kind: SyntaxKind) -> Range<usize> {
    let is_text = matches!(kind, SyntaxKind::StringText | SyntaxKind::RawString);
    let fits = |c: char| {
        if is_text { c != '"' && c != '\n' } else { c.is_alphanumeric() || c == '_' }
    };
    let start = text[..offset].char_indices().rev().take_while(|(_, c)| fits(*c)).last();
    let start = start.map_or(offset, |(at, _)| at);
    let end = text[offset..].find(|c| !fits(c)).map_or(text.len(), |length| offset + length);
    // Digits before a unit stay.
    let digits = text[start..offset].len()
        - text[start..offset].trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if is_text { start..end } else { start + digits..end }
}

fn floor_char(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

impl Completion {
    /// A completion that writes its label.
    pub(super) fn new(label: impl Into<String>, kind: CompletionKind, rank: u8) -> Self {
        let label = label.into();
        let insert = label.replace('$', "\\$");
        Self { label, kind, detail: String::new(), doc: String::new(), insert, rank, unprobed: None }
    }

    /// With a short word about it.
    pub(super) fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// With documentation.
    pub(super) fn doc(self, doc: impl Into<String>) -> Self {
        Self { doc: doc.into(), ..self }
    }

    /// With something else to write.
    pub(super) fn insert(self, insert: impl Into<String>) -> Self {
        Self { insert: insert.into(), ..self }
    }
}

#[cfg(test)]
mod tests;
