//! From text to tree.

use pest::Parser;
use rowan::GreenNode;

use crate::build;
use crate::error::{SyntaxError, SyntaxErrorCode, range};
use crate::limits::MAX_SOURCE_BYTES;
use crate::nesting::{self, Hidden, Nest};
use crate::syntax_kind::SyntaxNode;
use crate::validate;
use crate::vid_pest::{Rule, VidParser};
use crate::{ast, ast::AstNode};

/// The tree of a source text and what is wrong with its form.
///
/// Cheap to clone, may be sent between threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parse {
    green: GreenNode,
    errors: Vec<SyntaxError>,
}

/// Parses a source text. Always yields a tree whose text is `text`, byte for byte.
///
/// Text longer than [`MAX_SOURCE_BYTES`] is not looked at: its tree is one error. (The tree counts in
/// 32 bits, so of a text of 4 GiB and more it holds nothing.)
pub fn parse(text: &str) -> Parse {
    if text.len() > MAX_SOURCE_BYTES {
        return file_too_large(text);
    }
    let mut errors = Vec::new();
    let hidden = nesting::too_deep(text);
    for part in &hidden {
        errors.push(build::too_deep_error(part.span.clone(), part.what));
    }
    let seen;
    let grammar_text = if hidden.is_empty() {
        text
    } else {
        seen = nesting::masked(text, &hidden);
        &seen
    };
    let green = match VidParser::parse(Rule::file, grammar_text) {
        Ok(pairs) => build::build(text, pairs, &mut errors),
        // The grammar accepts every text; only pest's guard of the thread's stack ends here.
        Err(_) => {
            errors.push(build::too_deep_error(0..text.len(), Nest::Brackets));
            build::build_error(text)
        }
    };
    finished(green, &hidden, errors)
}

/// A tree of which nothing is known to be wrong so far, with what is.
pub(crate) fn validated(green: GreenNode) -> Parse {
    finished(green, &[], Vec::new())
}

fn finished(green: GreenNode, hidden: &[Hidden], mut errors: Vec<SyntaxError>) -> Parse {
    validate::validate(&SyntaxNode::new_root(green.clone()), hidden, &mut errors);
    errors.sort_by_key(|error| (error.range.start(), error.range.end()));
    Parse { green, errors }
}

fn file_too_large(text: &str) -> Parse {
    let kept = if u32::try_from(text.len()).is_ok() { text } else { "" };
    let (size, limit) = (text.len() / 1024, MAX_SOURCE_BYTES / 1024);
    let error = SyntaxError::new(
        range(0, kept.len()),
        SyntaxErrorCode::FileTooLarge,
        format!("the file has {size} KiB, more than the {limit} KiB that are read"),
    )
    .help("split it into several files and import them, or read long lists from a data file");
    Parse { green: build::build_error(kept), errors: vec![error] }
}

impl Parse {
    /// The root of the tree.
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.green.clone())
    }

    /// The shared data of the tree, which may be kept in a database and sent between threads.
    pub fn green(&self) -> &GreenNode {
        &self.green
    }

    /// The typed view of the whole file.
    pub fn file(&self) -> ast::File {
        ast::File::cast(self.syntax()).expect("the root of every tree is a file")
    }

    /// Everything wrong with the form of the text, in the order of their places.
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }
}
