//! Numbers in a unit that means nothing where they stand, or in none.

use vid_compiler::Vocabulary;
use vid_grammar::SyntaxKind;
use vid_grammar::ast::{self, AstNode};

use crate::ide::actions::{Action, ActionKind};
use crate::ide::completion::expected;
use crate::ide::{Change, Source};

/// The number at a byte in each unit that fits there, where its own does not.
pub(super) fn right_units(source: &Source<'_>, offset: usize) -> Vec<Action> {
    let Some(literal) = source.around::<ast::Literal>(offset) else { return Vec::new() };
    if !matches!(literal.token_kind(), Some(SyntaxKind::Number | SyntaxKind::Quantity)) {
        return Vec::new();
    }
    let written = literal.syntax().text().to_string();
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_');
    let number = written.split(|c| !is_digit(c)).next().unwrap_or_default();
    let unit = &written[number.len()..];
    let wanted = wanted(&literal);
    // `1m30s` is two numbers. What takes anything takes this.
    let is_one = !unit.contains(|c: char| c.is_ascii_digit());
    if number.is_empty() || !is_one || wanted.is_empty() || fits(unit, &wanted) {
        return Vec::new();
    }
    let vocabulary = Vocabulary::bundled();
    let plain = wanted.iter().any(|ty| is_plain(ty)).then_some("");
    let units = wanted
        .iter()
        .flat_map(|ty| vocabulary.units.iter().filter(move |known| known.ty == *ty))
        .map(|known| &*known.name);
    let range = usize::from(literal.range().start())..usize::from(literal.range().end());
    let actions = plain.into_iter().chain(units).map(|unit| {
        let text = format!("{number}{unit}");
        let title = format!("write `{text}`");
        Action { title, kind: ActionKind::Fix, changes: vec![Change::new(range.clone(), text)] }
    });
    actions.collect()
}

/// The types that may stand where a literal does. The time of a keyframe is a time, whatever the property is.
fn wanted(literal: &ast::Literal) -> Vec<String> {
    let holds =
        |part: Option<ast::Expr>| part.is_some_and(|part| part.range().contains_range(literal.range()));
    let keyframe = literal.syntax().ancestors().find_map(ast::Keyframe::cast);
    if keyframe.is_some_and(|keyframe| holds(keyframe.time())) {
        return vec!["time".to_owned()];
    }
    // What a sum or a call comes to is not what its parts are.
    let is_part = literal.syntax().ancestors().skip(1).any(|around| {
        matches!(
            around.kind(),
            SyntaxKind::BinaryExpr | SyntaxKind::CallExpr | SyntaxKind::IndexExpr | SyntaxKind::RecordExpr
        )
    });
    let mut wanted = if is_part { Vec::new() } else { expected(literal.syntax()) };
    if literal.syntax().ancestors().any(|around| around.kind() == SyntaxKind::Gap) {
        wanted = vec!["time".to_owned()];
    }
    wanted
}

fn is_plain(ty: &str) -> bool {
    matches!(ty, "number" | "integer")
}

/// Whether a number with that unit, or without any, may stand where those types may.
fn fits(unit: &str, wanted: &[String]) -> bool {
    let takes = |ty: &str| wanted.iter().any(|known| known == ty);
    if unit.is_empty() {
        // A bare length is one in pixels.
        return wanted.iter().any(|ty| is_plain(ty)) || takes("length") || takes("quantity");
    }
    let own = Vocabulary::bundled().unit(unit).map_or("", |known| &*known.ty);
    // Shares stand for times; a level may be a part of another.
    let is_share = own == "share" && takes("time");
    takes(own) || takes("quantity") || is_share || own == "percent" && takes("level")
}
