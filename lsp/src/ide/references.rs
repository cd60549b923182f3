//! Where something is defined, and every place that names it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use vid_compiler::{Compiler, Definition, SourceId};
use vid_grammar::SyntaxKind;
use vid_grammar::ast::{self, AstNode};

use crate::ide::Source;

/// Where what stands at a byte leads: a definition, or a file that a string names.
pub fn definition(source: &Source<'_>, offset: usize) -> Option<Definition> {
    if let Some(found) = source.compiler.definition(source.id, offset) {
        return Some(found);
    }
    let token = source.token_at(offset)?;
    if !matches!(token.kind(), SyntaxKind::StringText | SyntaxKind::Quote) {
        return None;
    }
    let import = token.parent_ancestors().find_map(ast::Import::cast)?;
    let written = import.path()?.syntax().text().to_string().trim_matches('"').to_owned();
    let target = source.compiler.imported_file(source.id, &written)?;
    Some(Definition {
        path: source.compiler.path(target).to_owned(),
        is_bundled: source.compiler.is_bundled(target),
        name: 0..0,
        whole: 0..0,
    })
}

/// A place in a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// Where in its bytes the place begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Every place in `files` that names what stands at a byte, its definition included where that is
/// wanted. Places in bundled files are left out.
pub fn references(
    source: &Source<'_>,
    offset: usize,
    files: &[SourceId],
    with_definition: bool,
) -> Vec<Place> {
    let Some(definition) = source.compiler.definition(source.id, offset) else { return Vec::new() };
    let mut places = places_of(source.compiler, &definition, files);
    if !with_definition {
        places.retain(|place| place.path != definition.path || (place.start..place.end) != definition.name);
    }
    places
}

/// Every place in `files` that names a definition.
pub fn places_of(compiler: &Compiler, definition: &Definition, files: &[SourceId]) -> Vec<Place> {
    let mut places: Vec<Place> = files
        .iter()
        .flat_map(|file| {
            let path = compiler.path(*file).to_owned();
            let uses = compiler.uses_in(*file, definition);
            uses.into_iter().map(move |range| Place {
                path: path.clone(),
                start: range.start,
                end: range.end,
            })
        })
        .collect();
    places.sort();
    places.dedup();
    places
}

/// Every place in `files` that names something, by the file and the first byte of the name that it is
/// defined with.
pub fn by_definition(compiler: &Compiler, files: &[SourceId]) -> BTreeMap<(PathBuf, usize), Vec<Place>> {
    let mut places: BTreeMap<(PathBuf, usize), Vec<Place>> = BTreeMap::new();
    for file in files {
        let names = compiler.names(*file);
        let path = compiler.path(*file);
        for used in &names.uses {
            let Some(definition) = compiler.definition_of(*file, &names, &used.meaning) else { continue };
            if !definition.is_bundled {
                let place = Place { path: path.to_owned(), start: used.range.start, end: used.range.end };
                places.entry((definition.path, definition.name.start)).or_default().push(place);
            }
        }
    }
    places
}

/// The places in this source that name what stands at a byte; whether each is its definition.
pub fn highlights(source: &Source<'_>, offset: usize) -> Vec<(Range<usize>, bool)> {
    let Some(definition) = source.compiler.definition(source.id, offset) else { return Vec::new() };
    let uses = source.compiler.uses_in(source.id, &definition);
    let is_here = definition.path == source.path;
    uses.into_iter().map(|range| (range.clone(), is_here && range == definition.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    fn at(text: &str, others: &[(&str, &str)]) -> Vec<String> {
        let fixture = Fixture::with(text, others);
        let files: Vec<SourceId> = std::iter::once(fixture.id)
            .chain(others.iter().filter_map(|(path, _)| fixture.compiler.known(path.as_ref())))
            .collect();
        let found = references(&fixture.source(), fixture.offset, &files, true);
        found.iter().map(|place| format!("{} {}..{}", place.path.display(), place.start, place.end)).collect()
    }

    #[test]
    fn references_cross_files() {
        let brand = [("b.vid", "let accent = #fff\nlet more = accent\n")];
        let found = at("import \"b.vid\" { $0accent }\nlet x = accent\n", &brand);
        assert_eq!(found, ["b.vid 4..10", "b.vid 29..35", "film.vid 17..23", "film.vid 34..40"]);
        let found = at("import \"b.vid\" as b\nlet x = b.acc$0ent\n", &brand);
        assert_eq!(found, ["b.vid 4..10", "b.vid 29..35", "film.vid 30..36"]);
    }

    #[test]
    fn a_renamed_import_is_a_name_of_its_own() {
        let brand = [("b.vid", "let accent = #fff\n")];
        let found = at("import \"b.vid\" { accent as a }\nlet x = $0a\n", &brand);
        assert_eq!(found, ["film.vid 27..28", "film.vid 39..40"]);
        let found = at("import \"b.vid\" { acc$0ent as a }\nlet x = a\n", &brand);
        assert_eq!(found, ["b.vid 4..10", "film.vid 17..23"]);
    }

    #[test]
    fn words_lead_into_the_prelude() {
        let fixture = Fixture::new("composition c { text \"x\" { $0opacity: 50% } }");
        let found = definition(&fixture.source(), fixture.offset).unwrap();
        let text = fixture.compiler.text_of(&found.path).unwrap();
        assert_eq!((found.path.to_str(), &text[found.name]), (Some("std/prelude/groups.vid"), "opacity"));
        assert!(found.is_bundled);
    }

    #[test]
    fn paths_lead_to_files() {
        let fixture = Fixture::new("import \"std/ti$0tles\" { title }");
        let found = definition(&fixture.source(), fixture.offset).unwrap();
        assert_eq!((found.path.to_str(), found.is_bundled), (Some("std/titles.vid"), true));
    }
}
