//! Names that the bundled library has.

use std::ops::Range;
use std::path::Path;

use vid_compiler::Meaning;
use vid_grammar::ast::{self, AstNode};

use crate::ide::actions::{Action, ActionKind};
use crate::ide::{Change, Source};

/// Imports the names in a part of a source that nothing has and that the bundled library does have.
pub(super) fn missing_imports(source: &Source<'_>, selected: &Range<usize>) -> Vec<Action> {
    let unknown = source.names.uses.iter().filter(|used| {
        used.meaning == Meaning::Unknown
            && used.range.start <= selected.end
            && selected.start <= used.range.end
    });
    let mut actions = Vec::new();
    for used in unknown {
        for library in source.compiler.library() {
            let file = source.compiler.bundled(Path::new(&format!("{library}.vid")));
            let has = file.is_some_and(|file| {
                let names = source.compiler.names(file);
                names.item(&used.text).is_some_and(|(_, symbol)| !symbol.is_private)
            });
            if has {
                actions.push(Action {
                    title: format!("import `{}` from `{library}`", used.text),
                    kind: ActionKind::Fix,
                    changes: vec![import(source, &library, &used.text)],
                });
            }
        }
    }
    actions.dedup();
    actions
}

/// Adds a name to the list of an import, or adds an import behind the others.
fn import(source: &Source<'_>, path: &str, name: &str) -> Change {
    let file = source.tree.file();
    let imports = file.items().filter_map(|item| match item {
        ast::Item::Import(import) => Some(import),
        _ => None,
    });
    let imports: Vec<ast::Import> = imports.collect();
    let same = imports.iter().filter(|import| {
        import.path().is_some_and(|known| known.syntax().text().to_string().trim_matches('"') == path)
    });
    let last_name = same.filter_map(|import| import.list()).find_map(|list| list.names().last());
    if let Some(last) = last_name {
        let end = usize::from(last.range().end());
        return Change::new(end..end, format!(", {name}"));
    }
    match imports.last() {
        Some(last) => {
            let end = usize::from(last.range().end());
            Change::new(end..end, format!("\nimport \"{path}\" {{ {name} }}"))
        }
        None => {
            let start = file.items().next().map_or(0, |item| usize::from(item.range().start()));
            // Documentation stays with what it documents.
            let start = source.text[..start].rfind("\n\n").map_or(0, |at| at + 2);
            Change::new(start..start, format!("import \"{path}\" {{ {name} }}\n\n"))
        }
    }
}
