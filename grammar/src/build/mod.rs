//! From the pairs of pest to the lossless tree.
//!
//! Invariant: every byte of the text becomes part of exactly one token, in order. Bytes that no rule
//! claimed, which the grammar should not allow, become an error token rather than getting lost.

mod expressions;
mod rules;
mod steps;

use std::ops::Range;

use pest::iterators::{Pair, Pairs};
use rowan::{GreenNode, GreenNodeBuilder, Language};

use crate::error::{SyntaxError, SyntaxErrorCode, range};
use crate::limits::{MAX_DEPTH, MAX_TYPE_DEPTH};
use crate::nesting::Nest;
use crate::syntax_kind::{SyntaxKind, VidLanguage};
use crate::vid_pest::Rule;
use rules::{Shape, shape_of};
pub(crate) use steps::Steps;

/// Builds the tree of `text` from its pairs. Adds an error where operators nest too deep.
pub(crate) fn build(text: &str, pairs: Pairs<'_, Rule>, errors: &mut Vec<SyntaxError>) -> GreenNode {
    let mut builder = Builder { text, green: GreenNodeBuilder::new(), done: 0, blank: 0..0, errors };
    builder.green.start_node(VidLanguage::kind_to_raw(SyntaxKind::File));
    for file in pairs {
        for pair in file.into_inner() {
            builder.pair(pair, Depth::default());
        }
    }
    builder.flush_blank();
    builder.fill_up_to(text.len());
    builder.green.finish_node();
    builder.green.finish()
}

/// A tree that holds `text` as one error.
pub(crate) fn build_error(text: &str) -> GreenNode {
    let mut green = GreenNodeBuilder::new();
    green.start_node(VidLanguage::kind_to_raw(SyntaxKind::File));
    green.start_node(VidLanguage::kind_to_raw(SyntaxKind::Error));
    green.token(VidLanguage::kind_to_raw(SyntaxKind::Unknown), text);
    green.finish_node();
    green.finish_node();
    green.finish()
}

/// How many nodes of the two kinds that nest are around a place.
#[derive(Clone, Copy, Default)]
struct Depth {
    brackets: usize,
    operators: usize,
}

struct Builder<'t, 'e> {
    text: &'t str,
    green: GreenNodeBuilder<'static>,
    /// How much of the text is in the tree or in `blank`.
    done: usize,
    /// White space that waits for more of its kind.
    blank: Range<usize>,
    errors: &'e mut Vec<SyntaxError>,
}

impl Builder<'_, '_> {
    /// Adds a pair with all that is in it.
    fn pair(&mut self, pair: Pair<'_, Rule>, mut depth: Depth) {
        let rule = pair.as_rule();
        if rules::is_bracketed(rule) {
            // The scan has bounded brackets already, but in broken strings it may see fewer than the
            // grammar does. Here the bound holds for certain.
            if depth.brackets == MAX_DEPTH {
                return self.flat_error([pair].into_iter(), Nest::Brackets);
            }
            depth.brackets += 1;
        }
        match shape_of(rule) {
            Shape::Token(kind) => self.token(kind, span_of(&pair)),
            Shape::Operator => {
                let kind = rules::operator_kind(pair.as_str());
                self.token(kind, span_of(&pair));
            }
            Shape::Node(kind) => {
                self.start(kind);
                for inner in pair.into_inner() {
                    self.pair(inner, depth);
                }
                self.finish();
            }
            Shape::Expression => self.expression(pair, depth),
            Shape::List => {
                let is_keyframes = pair.clone().into_inner().any(|inner| is_keyframe(&inner));
                self.start(if is_keyframes { SyntaxKind::KeyframeList } else { SyntaxKind::ListExpr });
                for inner in pair.into_inner() {
                    self.pair(inner, depth);
                }
                self.finish();
            }
            Shape::ListItem => {
                let is_keyframe = is_keyframe(&pair);
                if is_keyframe {
                    self.start(SyntaxKind::Keyframe);
                }
                for inner in pair.into_inner() {
                    self.pair(inner, depth);
                }
                if is_keyframe {
                    self.finish();
                }
            }
            Shape::End => {}
        }
    }

    /// Adds pairs that nest too deep as one error node.
    fn flat_error<'i>(&mut self, pairs: impl Iterator<Item = Pair<'i, Rule>>, what: Nest) {
        self.start(SyntaxKind::Error);
        let start = self.done;
        pairs.for_each(|pair| self.flat(pair));
        self.finish();
        self.errors.push(too_deep_error(start..self.done, what));
    }

    /// Adds the tokens of a pair without its nodes.
    fn flat(&mut self, pair: Pair<'_, Rule>) {
        // A loop over the leaves: the pairs may be deep.
        for leaf in pair.tokens() {
            if let pest::Token::End { rule, pos } = leaf {
                let span = self.done..pos.pos();
                let kind = match shape_of(rule) {
                    Shape::Token(kind) => kind,
                    Shape::Operator => rules::operator_kind(&self.text[span.clone()]),
                    _ => continue,
                };
                self.token(kind, span);
            }
        }
    }

    fn start(&mut self, kind: SyntaxKind) {
        self.flush_blank();
        self.green.start_node(VidLanguage::kind_to_raw(kind));
    }

    fn finish(&mut self) {
        self.flush_blank();
        self.green.finish_node();
    }

    fn token(&mut self, kind: SyntaxKind, span: Range<usize>) {
        if kind == SyntaxKind::Whitespace && self.blank.end == span.start && !self.blank.is_empty() {
            self.blank.end = span.end;
        } else {
            self.flush_blank();
            self.fill_up_to(span.start);
            if kind == SyntaxKind::Whitespace {
                self.blank = span.clone();
            } else {
                self.push(kind, span.clone());
            }
        }
        self.done = span.end;
    }

    fn push(&mut self, kind: SyntaxKind, span: Range<usize>) {
        if !span.is_empty() {
            self.green.token(VidLanguage::kind_to_raw(kind), &self.text[span]);
        }
    }

    fn flush_blank(&mut self) {
        let blank = std::mem::replace(&mut self.blank, 0..0);
        self.push(SyntaxKind::Whitespace, blank);
    }

    /// Puts text that no rule claimed into an error node.
    fn fill_up_to(&mut self, end: usize) {
        if self.done < end {
            let lost = self.done..end;
            self.done = end;
            self.green.start_node(VidLanguage::kind_to_raw(SyntaxKind::Error));
            self.push(SyntaxKind::Unknown, lost);
            self.green.finish_node();
        }
    }
}

/// What is said where something nests too deep.
pub(crate) fn too_deep_error(span: Range<usize>, what: Nest) -> SyntaxError {
    let (what, limit, help) = match what {
        Nest::Brackets => (
            "brackets",
            MAX_DEPTH,
            "name the inner parts with `let`, or move them into a composition of their own",
        ),
        Nest::Operators => ("operators", MAX_DEPTH, "name parts of the value with `let`"),
        Nest::Comments => ("comments", MAX_DEPTH, "end some of them with `*/`"),
        Nest::Types => ("types", MAX_TYPE_DEPTH, "no value needs a type like this"),
    };
    let message = format!("{what} nest more than {limit} levels deep");
    SyntaxError::new(range(span.start, span.end), SyntaxErrorCode::NestingTooDeep, message).help(help)
}

fn span_of(pair: &Pair<'_, Rule>) -> Range<usize> {
    let span = pair.as_span();
    span.start()..span.end()
}

/// Whether a member of a list has a colon.
fn is_keyframe(pair: &Pair<'_, Rule>) -> bool {
    pair.as_rule() == Rule::list_item && pair.clone().into_inner().any(|inner| inner.as_rule() == Rule::colon)
}

#[cfg(test)]
mod tests;
