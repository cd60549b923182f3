//! Commas between members, and brackets, strings and blocks that must end.

use rowan::TextRange;

use super::habits;
use super::open::{self, LeftOpen};
use super::{Check, end_of, error_around, has, next_on_line, token};
use crate::ast::{AstNode, Expr};
use crate::error::{SyntaxError, SyntaxErrorCode as Code};
use crate::syntax_kind::{SyntaxElement, SyntaxKind as Kind, SyntaxNode};

impl Check<'_> {
    /// Errors for the commas and the ends of `node`.
    pub(super) fn lists(&mut self, node: &SyntaxNode) {
        match node.kind() {
            Kind::ListExpr | Kind::KeyframeList | Kind::ArgList | Kind::ParamList => {
                self.commas(node);
                let (open, close) = if has(node, Kind::LBracket) {
                    (Kind::LBracket, Kind::RBracket)
                } else {
                    (Kind::LParen, Kind::RParen)
                };
                self.closed(node, open, close);
                if node.kind() == Kind::KeyframeList {
                    self.keyframes(node);
                }
            }
            Kind::ParenExpr => self.closed(node, Kind::LParen, Kind::RParen),
            Kind::Index | Kind::TrimClause | Kind::Comprehension => {
                self.closed(node, Kind::LBracket, Kind::RBracket)
            }
            Kind::TypeArgs => self.closed(node, Kind::LAngle, Kind::RAngle),
            kind if open::is_braced(kind) => self.closed(node, Kind::LBrace, Kind::RBrace),
            Kind::StringLit => self.string(node),
            Kind::Interpolation => self.interpolation(node),
            _ => {}
        }
    }

    /// One comma between two members, none before the first; one after the last is fine.
    fn commas(&mut self, node: &SyntaxNode) {
        let mut wants_comma_after: Option<TextRange> = None;
        for child in node.children_with_tokens().filter(|child| !child.kind().is_trivia()) {
            match (&child, wants_comma_after) {
                (SyntaxElement::Token(token), _) if token.kind() != Kind::Comma => {}
                (SyntaxElement::Token(_), Some(_)) => wants_comma_after = None,
                (SyntaxElement::Token(comma), None) => {
                    let range = comma.text_range();
                    let error =
                        SyntaxError::new(range, Code::UnexpectedToken, "nothing stands before this comma");
                    self.push(error.fix(range, ""));
                }
                (SyntaxElement::Node(member), _) if member.kind() == Kind::Error => {
                    wants_comma_after = Some(TextRange::empty(member.text_range().end()));
                }
                (SyntaxElement::Node(member), before) => {
                    // A name in two halves is told of once, as a name.
                    if let Some(place) = before.filter(|_| habits::hyphenated(member).is_none()) {
                        let error =
                            SyntaxError::new(place, Code::MissingComma, "expected `,` between two members");
                        self.push(error.fix(place, ","));
                    }
                    wants_comma_after = Some(TextRange::empty(member.text_range().end()));
                }
            }
        }
    }

    /// Members of a keyframe list that are plain values.
    fn keyframes(&mut self, node: &SyntaxNode) {
        for member in node.children().filter(|child| Expr::can_cast(child.kind())) {
            if let Some(range) = habits::hyphenated(&member) {
                let written = self.root.text().slice(range).to_string();
                let name =
                    if written == "cubic-bezier" { "cubic".to_owned() } else { written.replace('-', "_") };
                let message = format!("`{written}` is not one name, a `-` takes away");
                let error = SyntaxError::new(range, Code::UnexpectedToken, message);
                self.push(error.help(format!("this easing is `{name}`")).fix(range, name));
                continue;
            }
            let error = SyntaxError::new(
                member.text_range(),
                Code::ExpectedToken,
                "expected a keyframe, a time and its value",
            );
            self.push(error.help("other members of this list are keyframes: `300ms: 100%`"));
        }
    }

    fn closed(&mut self, node: &SyntaxNode, open: Kind, close: Kind) {
        let Some(opening) = token(node, open) else { return };
        if has(node, close) {
            return;
        }
        let (code, closer) = match close {
            Kind::RBrace => (Code::UnclosedBlock, "}"),
            Kind::RParen => (Code::UnclosedBracket, ")"),
            Kind::RBracket => (Code::UnclosedBracket, "]"),
            _ => (Code::UnclosedBracket, ">"),
        };
        // What is hidden for its depth hides closing brackets too.
        if self.is_told(TextRange::new(opening.text_range().start(), node.text_range().end())) {
            return;
        }
        if let Some(stray) = next_on_line(node).filter(|next| matches!(next.text(), ")" | "]" | "}")) {
            // The wrong bracket is junk to the grammar; this says all there is to say about it.
            if let Some(junk) = error_around(&stray) {
                self.told.insert(junk.text_range().start());
                let message =
                    format!("`{}` is closed by `{}` instead of `{closer}`", opening.text(), stray.text());
                let error = SyntaxError::new(stray.text_range(), code, message);
                return self.push(
                    error.related(opening.text_range(), "opened here").fix(stray.text_range(), closer),
                );
            }
        }
        // Of brackets that end together for want of a partner, the outermost is enough.
        let is_inner = |outer: &SyntaxNode| {
            outer.kind() == node.kind() && outer.text_range().end() == node.text_range().end()
        };
        if close != Kind::RBrace && node.ancestors().skip(1).any(|outer| is_inner(&outer)) {
            return;
        }
        if node.kind() == Kind::ParenExpr && self.several_values(node) {
            return;
        }
        if close == Kind::RBrace && self.blame_indented() {
            return;
        }
        let mut error =
            SyntaxError::new(opening.text_range(), code, format!("`{}` has no `{closer}`", opening.text()));
        let end = end_of(node);
        if end.start() > opening.text_range().end() {
            error = error.related(end, format!("`{closer}` is missing here at the latest"));
        }
        self.push(error);
    }

    /// Says which block was left open, if lines tell; the tree only knows that one was.
    fn blame_indented(&mut self) -> bool {
        let left = self.left_open.get_or_insert_with(|| open::left_open(self.root).into());
        let Some(LeftOpen { opening, end, has_lines }) = left.pop_front() else { return false };
        if has_lines {
            let error = SyntaxError::new(opening, Code::UnclosedBlock, "`{` has no `}`");
            self.push(error.related(end, "by the indentation, `}` is missing here"));
        }
        has_lines
    }

    /// Says that several values in parentheses are no value, if there is a comma after the first one.
    fn several_values(&mut self, node: &SyntaxNode) -> bool {
        let Some(comma) = next_on_line(node).filter(|next| next.kind() == Kind::Comma) else { return false };
        let mut rest = std::iter::successors(comma.next_token(), |token| token.next_token());
        if let Some(junk) = rest.find(|token| !token.kind().is_trivia()).and_then(|next| error_around(&next))
        {
            self.told.insert(junk.text_range().start());
        }
        let error = SyntaxError::new(comma.text_range(), Code::UnexpectedToken, "expected `)`, found `,`");
        self.push(error.help("several values are a list, as in `[10, 20]`"));
        true
    }

    fn string(&mut self, node: &SyntaxNode) {
        if let Some(raw) = token(node, Kind::RawString) {
            if raw.text().len() < 6 || !raw.text().ends_with("\"\"\"") {
                let opening = TextRange::at(raw.text_range().start(), 3.into());
                let error = SyntaxError::new(opening, Code::UnclosedString, "this string never ends");
                self.push(error.help("a string that begins with three quotes ends with three"));
            }
            return;
        }
        if is_closed_string(node) || node.last_child().is_some_and(|child| is_open_interpolation(&child)) {
            return;
        }
        // Of `"{"`, the brace is what has to be said.
        if node.ancestors().skip(1).any(|outer| is_open_interpolation(&outer)) {
            return;
        }
        let error =
            SyntaxError::new(node.text_range(), Code::UnclosedString, "this string does not end on its line");
        let end = TextRange::empty(node.text_range().end());
        self.push(error.help("close it with `\"`, or use `\"\"\"` for several lines").fix(end, "\""));
    }

    fn interpolation(&mut self, node: &SyntaxNode) {
        if !is_open_interpolation(node) || super::is_poisoned(node) {
            return;
        }
        if node.ancestors().skip(1).any(|outer| is_open_interpolation(&outer)) {
            return;
        }
        let opening = TextRange::at(node.text_range().start(), 1.into());
        let error =
            SyntaxError::new(opening, Code::UnclosedInterpolation, "`{` in a string has no `}` on its line");
        self.push(error.help("a plain brace in a string is written `\\{`"));
    }
}

fn is_closed_string(node: &SyntaxNode) -> bool {
    node.children_with_tokens().filter(|child| child.kind() == Kind::Quote).count() == 2
}

fn is_open_interpolation(node: &SyntaxNode) -> bool {
    node.kind() == Kind::Interpolation && !has(node, Kind::RBrace)
}
