//! Everything that is not a list of statements.

use super::Layout;
use super::doc::Doc;
use super::entries::{Entry, entries, push_comments};
use super::statements::is_statement_list;
use crate::syntax_kind::{SyntaxElement, SyntaxKind as Kind, SyntaxNode};

impl Layout<'_> {
    /// A node on one line, apart from its blocks and the lists that do not fit.
    pub(super) fn node(&mut self, node: &SyntaxNode) -> Doc {
        match node.kind() {
            // White space in strings and errors is not ours.
            Kind::StringLit | Kind::Error => Doc::text(node.text().to_string()),
            kind if is_statement_list(kind) => self.block(node),
            Kind::ListExpr | Kind::KeyframeList | Kind::ArgList | Kind::ParamList => self.list(node, ""),
            Kind::ImportList | Kind::RecordExpr | Kind::FlagList => self.list(node, " "),
            _ => self.row(node),
        }
    }

    fn element(&mut self, element: &SyntaxElement) -> Doc {
        match element {
            SyntaxElement::Node(node) => self.node(node),
            SyntaxElement::Token(token) => Doc::text(token.text()),
        }
    }

    /// Children side by side.
    fn row(&mut self, node: &SyntaxNode) -> Doc {
        let (all, after) = entries(node);
        let mut docs = Vec::new();
        let mut before: Option<&Entry> = None;
        for entry in &all {
            if let Some(before) = before {
                let is_value = before.kind() == Kind::Eq && matches!(node.kind(), Kind::Fn | Kind::Let);
                if is_value && entry.lines_before > 0 && entry.comments.is_empty() {
                    // A value that was put on a line of its own stays there.
                    docs.push(Doc::indent(vec![Doc::Break, self.element(&entry.element)]));
                    continue;
                }
                let gap = if is_adjacent(node.kind(), before, entry) { Doc::text("") } else { Doc::space() };
                if entry.comments.is_empty() {
                    docs.push(gap);
                } else {
                    let mut between = Vec::new();
                    push_comments(&mut between, &entry.comments, Doc::space(), gap, entry.lines_before);
                    docs.push(Doc::indent(between));
                }
            }
            docs.push(self.element(&entry.element));
            before = Some(entry);
        }
        // Only a node that is cut short ends with comments, and such a node is kept as it is.
        docs.extend(after.iter().map(|comment| comment.doc()));
        Doc::group(docs)
    }

    /// Members between brackets: on one line, or one a line. A comma after the last asks for the latter.
    fn list(&mut self, node: &SyntaxNode, pad: &'static str) -> Doc {
        let (all, _) = entries(node);
        let [open, inside @ .., close] = &all[..] else {
            return Doc::text(node.text().to_string());
        };
        if inside.is_empty() && close.comments.is_empty() {
            return Doc::group(vec![self.element(&open.element), self.element(&close.element)]);
        }
        let mut inner = Vec::new();
        for (index, entry) in inside.iter().enumerate() {
            let is_separator = matches!(entry.kind(), Kind::Comma | Kind::Semicolon);
            let gap = match (is_separator, index) {
                (true, _) => Doc::text(""),
                (false, 0) => Doc::Line(pad),
                (false, _) => Doc::Line(" "),
            };
            if entry.comments.is_empty() {
                inner.push(gap);
            } else {
                let first_gap = if index == 0 { Doc::Line(pad) } else { Doc::space() };
                let gap_after = if is_separator { Doc::text("") } else { Doc::space() };
                push_comments(&mut inner, &entry.comments, first_gap, gap_after, entry.lines_before);
            }
            inner.push(self.element(&entry.element));
        }
        let has_last_comma = inside.last().is_some_and(|last| last.kind() == Kind::Comma);
        let mut docs = vec![self.element(&open.element)];
        if close.comments.is_empty() {
            docs.push(Doc::indent(inner));
            docs.push(if has_last_comma { Doc::Break } else { Doc::Line(pad) });
        } else {
            let first_gap = if inside.is_empty() { Doc::Line(pad) } else { Doc::space() };
            push_comments(&mut inner, &close.comments, first_gap, Doc::text(""), 0);
            // What follows the comments is outside of the indented part.
            inner.pop();
            docs.push(Doc::indent(inner));
            let must_break =
                close.comments.last().is_some_and(|comment| comment.ends_line) || close.lines_before > 0;
            docs.push(if must_break || has_last_comma { Doc::Break } else { Doc::Line(pad) });
        }
        docs.push(self.element(&close.element));
        Doc::group(docs)
    }
}

/// Whether nothing stands between two neighbours in a node of kind `parent`.
fn is_adjacent(parent: Kind, before: &Entry, after: &Entry) -> bool {
    let is_in_type_args = || {
        after
            .element
            .parent()
            .and_then(|node| node.parent())
            .is_some_and(|node| node.kind() == Kind::TypeArgs)
    };
    match (parent, before.kind(), after.kind()) {
        (_, _, Kind::Comma | Kind::Semicolon | Kind::Colon | Kind::RParen | Kind::RBracket) => true,
        (_, Kind::LParen | Kind::LBracket, _) => true,
        (
            Kind::Path | Kind::FieldExpr | Kind::CallExpr | Kind::IndexExpr | Kind::RangeExpr | Kind::TypeAlt,
            _,
            _,
        ) => true,
        (Kind::TypeArgs, Kind::Comma, _) => false,
        (Kind::TypeArgs, _, _) => true,
        (Kind::TypeRef, Kind::Pipe, _) | (Kind::TypeRef, _, Kind::Pipe) => is_in_type_args(),
        (Kind::PrefixExpr, operator, _) => operator != Kind::NotKw,
        // `host(name: "Ada")`, `cubic(0.2, 0, 0, 1)`, `promo(headline: string)`
        (_, Kind::Name | Kind::Path, Kind::ArgList | Kind::ParamList) => true,
        _ => false,
    }
}
