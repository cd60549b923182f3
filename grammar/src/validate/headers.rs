//! Parts of a header that a statement does not take, takes once, or takes elsewhere.

use super::junk::{first_word, name_of};
use super::{Check, has};
use crate::error::{SyntaxError, SyntaxErrorCode as Code};
use crate::syntax_kind::{SyntaxKind as Kind, SyntaxNode};

/// Every part a header can have, in the order in which it stands there.
const PARTS: [Kind; 13] = [
    Kind::StringLit,
    Kind::SourceValue,
    Kind::ArgList,
    Kind::AtClause,
    Kind::ForClause,
    Kind::UntilClause,
    Kind::WithClause,
    Kind::ThroughClause,
    Kind::TrimClause,
    Kind::UnderClause,
    Kind::ByClause,
    Kind::Easing,
    Kind::Block,
];

/// What the header of a statement takes; `None` for what is no statement with a header.
fn taken_by(node: &SyntaxNode) -> Option<&'static [Kind]> {
    Some(match node.kind() {
        Kind::Element => &[
            Kind::StringLit,
            Kind::SourceValue,
            Kind::ArgList,
            Kind::AtClause,
            Kind::ForClause,
            Kind::UntilClause,
            Kind::WithClause,
            Kind::TrimClause,
            Kind::Block,
        ],
        Kind::Sequence | Kind::Stack => {
            &[Kind::AtClause, Kind::ForClause, Kind::UntilClause, Kind::WithClause, Kind::Block]
        }
        Kind::Composition => &[Kind::ForClause, Kind::Block],
        Kind::Transition => &[Kind::ForClause, Kind::ThroughClause, Kind::Block],
        Kind::Marker => &[Kind::AtClause],
        Kind::Motion if has(node, Kind::MotionKw) => {
            &[Kind::AtClause, Kind::ForClause, Kind::UntilClause, Kind::Easing, Kind::Block]
        }
        Kind::Motion => &[Kind::ForClause, Kind::Easing, Kind::Block],
        Kind::Mask => &[Kind::StringLit, Kind::SourceValue, Kind::ArgList, Kind::TrimClause, Kind::Block],
        Kind::Effect | Kind::Set => &[Kind::Block],
        Kind::Duck => &[Kind::UnderClause, Kind::ByClause, Kind::Block],
        Kind::Gap => &[],
        Kind::Output => &[Kind::StringLit, Kind::Block],
        _ => return None,
    })
}

impl Check<'_> {
    /// Errors for the header of `node`, and for an item inside a block.
    pub(super) fn headers(&mut self, node: &SyntaxNode) {
        if node.parent().is_some_and(|parent| parent.kind() == Kind::Block) {
            self.misplaced_item(node);
        }
        let Some(taken) = taken_by(node) else { return };
        let mut seen: Vec<SyntaxNode> = Vec::new();
        for part in node.children().filter(|child| PARTS.contains(&child.kind())) {
            if let Some(first) = seen.iter().find(|first| first.kind() == part.kind()) {
                let message = format!("`{}` has {} twice", first_word(node), name_of(part.kind()));
                let error = SyntaxError::new(part.text_range(), Code::DuplicateClause, message);
                self.push(error.related(first.text_range(), "it stands here already"));
            } else if !taken.contains(&part.kind()) {
                self.not_taken(node, &part, taken);
            } else if is_too_late(&part, &seen) {
                let (what, word) = (name_of(part.kind()), first_word(node));
                let message = format!("{what} of `{word}` stands before `at`, `for` and other clauses");
                self.push(SyntaxError::new(part.text_range(), Code::MisplacedClause, message));
            }
            // Bounds the work: there are fewer kinds of parts than that.
            if seen.len() < PARTS.len() {
                seen.push(part);
            }
        }
        if node.kind() == Kind::Composition {
            self.canvas(node);
        }
    }

    fn not_taken(&mut self, node: &SyntaxNode, part: &SyntaxNode, taken: &[Kind]) {
        let message = format!("`{}` does not take {}", first_word(node), name_of(part.kind()));
        let error = SyntaxError::new(part.text_range(), Code::MisplacedClause, message);
        // A value that stands for a string is not worth a word of its own.
        let named = taken.iter().filter(|kind| **kind != Kind::SourceValue);
        let names: Vec<&str> = named.map(|kind| name_of(*kind)).collect();
        self.push(match names.split_last() {
            None => error.help("it takes nothing more"),
            Some((only, [])) => error.help(format!("it takes {only}")),
            Some((last, rest)) => error.help(format!("it takes {} and {last}", rest.join(", "))),
        });
    }

    /// The size and the rate of a composition: each at most once, and nothing else.
    fn canvas(&mut self, node: &SyntaxNode) {
        let mut seen: Vec<(Kind, SyntaxNode)> = Vec::new();
        for literal in node.children().filter(|child| child.kind() == Kind::Literal) {
            let kind = literal.first_token().map_or(Kind::Unknown, |token| token.kind());
            if let Some((_, first)) = seen.iter().find(|(seen_kind, _)| *seen_kind == kind) {
                let what = if kind == Kind::Size { "size" } else { "frame rate" };
                let error = SyntaxError::new(
                    literal.text_range(),
                    Code::DuplicateClause,
                    format!("a composition has one {what}"),
                );
                self.push(error.related(first.text_range(), "it stands here already"));
            } else if matches!(kind, Kind::Size | Kind::Rate) {
                seen.push((kind, literal));
            } else {
                let message = format!("`{}` is neither a size nor a frame rate", literal.text());
                let error = SyntaxError::new(literal.text_range(), Code::MisplacedClause, message);
                self.push(
                    error.help("a composition's header has a size and a rate, as in `1920x1080 30fps`"),
                );
            }
        }
    }

    fn misplaced_item(&mut self, node: &SyntaxNode) {
        let is_item = matches!(
            node.kind(),
            Kind::Import
                | Kind::Fn
                | Kind::Style
                | Kind::Composition
                | Kind::ExternElement
                | Kind::ExternEnum
                | Kind::ExternUnit
                | Kind::ExternFn
        );
        if is_item && let Some(word) = node.first_token() {
            let message = format!("`{}` stands at the top level of a file, not in a block", word.text());
            let follows = word.prev_token().filter(|before| before.kind() == Kind::Whitespace);
            let follows = follows.is_some_and(|before| {
                !before.text().contains(['\n', '\r'])
                    && before.prev_token().is_some_and(|t| !t.kind().is_trivia())
            });
            let help = match node.kind() {
                Kind::Style if follows => {
                    "styles are applied with `with`, as in `text \"Hello\" with headline`"
                }
                _ => "move it out, or close the block before it with `}`",
            };
            self.push(SyntaxError::new(word.text_range(), Code::MisplacedItem, message).help(help));
        }
    }
}

/// The string and the arguments come before the clauses.
fn is_too_late(part: &SyntaxNode, seen: &[SyntaxNode]) -> bool {
    match part.kind() {
        Kind::StringLit => !seen.is_empty(),
        Kind::ArgList => seen.iter().any(|before| before.kind() != Kind::StringLit),
        _ => false,
    }
}
