//! Which compositions place which.

use std::ops::Range;
use std::path::PathBuf;

use vid_compiler::{Compiler, Definition, Meaning, SourceId, SymbolKind};

use crate::ide::Source;

/// A composition or function as part of a hierarchy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Callable {
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// Bytes of all of it.
    pub whole: Range<usize>,
    /// Bytes of its name.
    pub name_range: Range<usize>,
    /// Whether it is a composition, else a function.
    pub is_composition: bool,
}

/// The composition or function that stands at a byte, or that the name there means.
pub fn callable_at(source: &Source<'_>, offset: usize) -> Option<Callable> {
    let definition = source.compiler.definition(source.id, offset)?;
    callable(source.compiler, &definition)
}

fn callable(compiler: &Compiler, definition: &Definition) -> Option<Callable> {
    let id = if definition.is_bundled {
        compiler.bundled(&definition.path)
    } else {
        compiler.known(&definition.path)
    }?;
    let names = compiler.names(id);
    let symbol = names.symbols.iter().find(|symbol| symbol.name_range == definition.name)?;
    let is_composition = match symbol.kind {
        SymbolKind::Composition(_) => true,
        SymbolKind::Function(..) => false,
        _ => return None,
    };
    Some(Callable {
        name: symbol.name.clone(),
        path: definition.path.clone(),
        whole: symbol.range.clone(),
        name_range: symbol.name_range.clone(),
        is_composition,
    })
}

/// Who uses a callable: each user with the places where it does.
pub fn incoming(
    compiler: &Compiler,
    of: &Callable,
    files: &[SourceId],
) -> Vec<(Callable, Vec<Range<usize>>)> {
    let is_it = |definition: &Definition| definition.path == of.path && definition.name == of.name_range;
    by_user(compiler, files, is_it)
}

/// What a callable uses: each with the places where it is used.
pub fn outgoing(compiler: &Compiler, of: &Callable) -> Vec<(Callable, Vec<Range<usize>>)> {
    let Some(file) = compiler.known(&of.path).or_else(|| compiler.bundled(&of.path)) else {
        return Vec::new();
    };
    let names = compiler.names(file);
    let mut found: Vec<(Callable, Vec<Range<usize>>)> = Vec::new();
    for used in names.uses.iter().filter(|used| of.whole.contains(&used.range.start)) {
        if !matches!(used.meaning, Meaning::Symbol(_) | Meaning::Member(..)) {
            continue;
        }
        let Some(definition) = compiler.definition_of(file, &names, &used.meaning) else { continue };
        let Some(target) = callable(compiler, &definition) else { continue };
        match found.iter_mut().find(|(known, _)| *known == target) {
            Some((_, places)) => places.push(used.range.clone()),
            None => found.push((target, vec![used.range.clone()])),
        }
    }
    found
}

fn by_user(
    compiler: &Compiler,
    files: &[SourceId],
    wanted: impl Fn(&Definition) -> bool,
) -> Vec<(Callable, Vec<Range<usize>>)> {
    let mut found: Vec<(Callable, Vec<Range<usize>>)> = Vec::new();
    for file in files {
        let names = compiler.names(*file);
        for used in &names.uses {
            if !matches!(used.meaning, Meaning::Symbol(_) | Meaning::Member(..)) {
                continue;
            }
            let Some(definition) = compiler.definition_of(*file, &names, &used.meaning) else { continue };
            if !wanted(&definition) {
                continue;
            }
            let user = names.symbols.iter().find(|symbol| {
                let is_callable =
                    matches!(symbol.kind, SymbolKind::Composition(_) | SymbolKind::Function(..));
                is_callable && symbol.range.contains(&used.range.start)
            });
            let Some(user) = user else { continue };
            let user = Callable {
                name: user.name.clone(),
                path: compiler.path(*file).to_owned(),
                whole: user.range.clone(),
                name_range: user.name_range.clone(),
                is_composition: matches!(user.kind, SymbolKind::Composition(_)),
            };
            match found.iter_mut().find(|(known, _)| *known == user) {
                Some((_, places)) => places.push(used.range.clone()),
                None => found.push((user, vec![used.range.clone()])),
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    #[test]
    fn compositions_know_who_places_them() {
        let fixture = Fixture::new(
            "composition $0bug { text \"x\" for 1s }\ncomposition a { bug\n bug at 2s }\ncomposition b { a }\n",
        );
        let source = fixture.source();
        let bug = callable_at(&source, fixture.offset).unwrap();
        let users = incoming(source.compiler, &bug, &[fixture.id]);
        let shown: Vec<_> = users.iter().map(|(user, places)| (&*user.name, places.len())).collect();
        assert_eq!(shown, [("a", 2)]);
        let uses = outgoing(source.compiler, &users[0].0);
        assert_eq!((&*uses[0].0.name, uses[0].1.len()), ("bug", 2));
    }
}
