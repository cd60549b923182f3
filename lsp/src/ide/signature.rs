//! The parameters of what is being called.

use vid_compiler::{Meaning, ParamInfo, SymbolKind, Vocabulary};
use vid_grammar::SyntaxKind;
use vid_grammar::ast::{self, AstNode};

use crate::ide::Source;
use crate::ide::hover::param_line;

/// A call with the parameter that stands at the cursor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// The whole line: `mix(a: quantity | color, …) -> quantity`.
    pub label: String,
    /// Documentation, in Markdown.
    pub doc: String,
    /// The parameters as they stand in the line.
    pub params: Vec<String>,
    /// Which of them is being written.
    pub active: usize,
}

/// The call around a byte.
pub fn signature(source: &Source<'_>, offset: usize) -> Option<Signature> {
    let token = source.token_before(offset)?;
    let inside = |args: &ast::ArgList| {
        let range = args.range();
        let closed = args.syntax().last_token().is_some_and(|last| last.kind() == SyntaxKind::RParen);
        let end = usize::from(range.end());
        usize::from(range.start()) < offset && (offset < end || !closed && offset <= end)
    };
    let args = token.parent_ancestors().filter_map(ast::ArgList::cast).find(inside)?;
    let head = usize::from(args.range().start());
    // What is called ends right before the parenthesis, or is the first word of a placed element.
    let used = source.names.uses.iter().rev().find(|used| {
        let between = source.text.get(used.range.end..head).unwrap_or("?");
        let named = between.split_whitespace().count() <= 1 && !between.contains(['(', '{', '\n']);
        used.range.end <= head && named && is_called(&used.meaning)
    })?;
    let (name, params, result, doc) = called(source, &used.meaning)?;
    let active = active(source, &args, offset, &params);
    let lines: Vec<String> = params.iter().map(param_line).collect();
    let label = format!("{name}({}){result}", lines.join(", "));
    Some(Signature { label, doc, params: lines, active })
}

const fn is_called(meaning: &Meaning) -> bool {
    matches!(meaning, Meaning::Function(_) | Meaning::Symbol(_) | Meaning::Member(..))
}

/// Name, parameters, result and documentation of what a name stands for, if it takes arguments.
pub(crate) fn called(
    source: &Source<'_>,
    meaning: &Meaning,
) -> Option<(String, Vec<ParamInfo>, String, String)> {
    let of = |symbol: &vid_compiler::Symbol| match &symbol.kind {
        SymbolKind::Composition(params) => {
            Some((symbol.name.clone(), params.clone(), String::new(), symbol.doc.clone()))
        }
        SymbolKind::Function(params, result) => {
            Some((symbol.name.clone(), params.clone(), format!(" -> {result}"), symbol.doc.clone()))
        }
        _ => None,
    };
    let elsewhere = |path: &str, name: &str| {
        let target = source.compiler.imported_file(source.id, path)?;
        source.compiler.names(target).item(name).and_then(|(_, symbol)| of(symbol))
    };
    match meaning {
        Meaning::Function(name) => {
            let function = Vocabulary::bundled().function(name)?;
            let result = format!(" -> {}", function.result);
            Some((name.clone(), function.params.clone(), result, function.doc.clone()))
        }
        Meaning::Symbol(index) => {
            let symbol = source.names.symbols.get(*index)?;
            match &symbol.kind {
                SymbolKind::Imported(path, name) => elsewhere(path, name),
                _ => of(symbol),
            }
        }
        Meaning::Member(path, name) => elsewhere(path, name),
        _ => None,
    }
}

/// Which parameter is being written: the one that is named, else the one in that place.
fn active(source: &Source<'_>, args: &ast::ArgList, offset: usize, params: &[ParamInfo]) -> usize {
    let named = args.args().find(|arg| {
        let range = arg.range();
        usize::from(range.start()) <= offset && offset <= usize::from(range.end())
    });
    if let Some(name) = named.and_then(|arg| arg.name()) {
        let text = name.text();
        return params.iter().position(|param| param.name == text).unwrap_or(params.len());
    }
    let start = usize::from(args.range().start());
    let commas = args
        .syntax()
        .children_with_tokens()
        .filter(|part| part.kind() == SyntaxKind::Comma)
        .filter(|comma| usize::from(comma.text_range().start()) < offset)
        .count();
    // Half-written lists keep their commas in error nodes.
    if commas == 0 {
        return source.text.get(start..offset).unwrap_or_default().matches(',').count();
    }
    commas
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    fn check(text: &str) -> Option<(String, usize)> {
        let fixture = Fixture::new(text);
        signature(&fixture.source(), fixture.offset).map(|found| (found.label, found.active))
    }

    #[test]
    fn calls_show_their_parameters() {
        let clamp = "clamp(value: quantity, low: quantity, high: quantity) -> quantity".to_owned();
        assert_eq!(check("let a = clamp($0)"), Some((clamp.clone(), 0)));
        assert_eq!(check("let a = clamp(1, $0"), Some((clamp.clone(), 1)));
        assert_eq!(check("let a = clamp(1, max(2, 3), $04)"), Some((clamp.clone(), 2)));
        assert_eq!(check("let a = clamp(high: $04)"), Some((clamp, 2)));
        assert_eq!(check("let a = clamp(1)$0"), None);
    }

    #[test]
    fn bounds_are_shown() {
        let text = "composition dot(size: length in 4px..80px = 8px) { text \"x\" for 1s }\ncomposition c { dot logo($0) }";
        assert_eq!(check(text), Some(("dot(size: length in 4px..80px = 8px)".to_owned(), 0)));
    }

    #[test]
    fn placed_compositions_show_theirs() {
        let text = "composition bug(of: string = \"x\", size: length) { text of for 1s }\ncomposition c { bug logo(\"a\", $0) }";
        assert_eq!(check(text), Some(("bug(of: string = \"x\", size: length)".to_owned(), 1)));
    }
}
