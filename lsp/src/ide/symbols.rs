//! The outline of a file, and names of a whole project.

use std::ops::Range;

use vid_compiler::{FilmFacts, SymbolKind};

use crate::ide::{Source, timespan};

/// An entry of an outline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What is shown beside it: when it happens, or what it is.
    pub detail: String,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes of all of it.
    pub range: Range<usize>,
    /// Bytes of its name.
    pub name_range: Range<usize>,
    /// What is inside of it.
    pub children: Vec<Entry>,
}

/// The kinds of entries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryKind {
    /// A composition.
    Composition,
    /// A sequence or a stack.
    Container,
    /// An element.
    Element,
    /// A value.
    Value,
    /// A function.
    Function,
    /// A style.
    Style,
    /// A parameter.
    Parameter,
    /// A named instant.
    Marker,
    /// An imported file.
    Module,
}

/// Most levels of an outline. Each is two levels of the answer, and readers of JSON commonly go 128 levels deep.
const MAX_LEVELS: usize = 32;

/// The outline of a source.
pub fn outline(source: &Source<'_>) -> Vec<Entry> {
    let films = source.films();
    level(source, films, None, MAX_LEVELS)
}

/// What stands directly in `parent`, with what is inside of it, so many `levels` deep.
fn level(source: &Source<'_>, films: &[FilmFacts], parent: Option<usize>, levels: usize) -> Vec<Entry> {
    let Some(below) = levels.checked_sub(1) else { return Vec::new() };
    let symbols = source.names.symbols.iter().enumerate();
    let here = symbols.filter(|(_, symbol)| symbol.parent == parent);
    let entries = here.filter_map(|(index, symbol)| {
        let kind = kind_of(&symbol.kind)?;
        // Parameters and values of functions have no parent; they stand inside of their item.
        let is_inside = parent.is_none()
            && source.names.symbols.iter().any(|other| {
                other.range != symbol.range
                    && other.range.start <= symbol.range.start
                    && symbol.range.end <= other.range.end
            });
        (!is_inside).then(|| Entry {
            name: symbol.name.clone(),
            detail: detail(source, films, index),
            kind,
            range: symbol.range.clone(),
            name_range: symbol.name_range.clone(),
            children: level(source, films, Some(index), below),
        })
    });
    entries.collect()
}

fn detail(source: &Source<'_>, films: &[FilmFacts], index: usize) -> String {
    let symbol = &source.names.symbols[index];
    let film = source.film_at(films, symbol.range.start);
    let range = film.and_then(|film| {
        let piece = source.pieces_at(film, symbol.range.start).next()?;
        Some(if piece.range.is_empty() {
            vid_timeline::timecode(piece.range.start, film.frame_rate)
        } else {
            timespan(piece.range, film.frame_rate)
        })
    });
    match (&symbol.kind, range) {
        (_, Some(range)) => range,
        (SymbolKind::Composition(_), None) => film
            .map(|film| {
                let length = film.duration.map(|d| format!(" {} s", crate::ide::decimal(d.seconds())));
                format!("{} {}{}", film.size, film.frame_rate, length.unwrap_or_default())
            })
            .unwrap_or_default(),
        (SymbolKind::Element(kind), None) => kind.clone(),
        (SymbolKind::Value(written), None) => written.trim_start_matches("= ").to_owned(),
        (SymbolKind::Function(_, result), None) => result.clone(),
        (SymbolKind::Style(kind), None) => format!("for {kind}"),
        (SymbolKind::Parameter(ty), None) => ty.clone(),
        (SymbolKind::Module(path), None) => path.clone(),
        _ => String::new(),
    }
}

/// What a symbol is in an outline; `None` for those that are left out.
pub fn kind_of(kind: &SymbolKind) -> Option<EntryKind> {
    Some(match kind {
        SymbolKind::Composition(_) => EntryKind::Composition,
        SymbolKind::Sequence | SymbolKind::Stack => EntryKind::Container,
        SymbolKind::Element(_) => EntryKind::Element,
        SymbolKind::Value(_) => EntryKind::Value,
        SymbolKind::Function(..) => EntryKind::Function,
        SymbolKind::Style(_) => EntryKind::Style,
        SymbolKind::Parameter(_) => EntryKind::Parameter,
        SymbolKind::Marker => EntryKind::Marker,
        SymbolKind::Module(_) => EntryKind::Module,
        SymbolKind::Variable | SymbolKind::Imported(..) => return None,
    })
}

/// Whether the letters of a query stand in a name in their order, capitals or not.
pub fn matches(query: &str, name: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query.chars().flat_map(char::to_lowercase).all(|wanted| letters.any(|letter| letter == wanted))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::ide::fixture::Fixture;

    fn show(entries: &[Entry], depth: usize, into: &mut String) {
        for entry in entries {
            into.push_str(&format!(
                "{}{:?} {} [{}]\n",
                "  ".repeat(depth),
                entry.kind,
                entry.name,
                entry.detail
            ));
            show(&entry.children, depth + 1, into);
        }
    }

    #[test]
    fn the_outline_follows_the_film() {
        let fixture = Fixture::new(
            "import \"b.vid\" as b\nlet a = 1\nfn f(x: time) -> time = x\ncomposition c(p: time = 1s) 640x360 30fps {\n  sequence s {\n    text one \"1\" for p\n    text two \"2\" for 2s\n  }\n  marker m at 1s\n}",
        );
        let mut shown = String::new();
        show(&outline(&fixture.source()), 0, &mut shown);
        expect![[r#"
            Module b [b.vid]
            Value a [1]
            Function f [time]
            Composition c [640x360 30fps 3 s]
              Parameter p [time]
              Container s [00:00:00:00 → 00:00:03:00 (90 f)]
                Element one [00:00:00:00 → 00:00:01:00 (30 f)]
                Element two [00:00:01:00 → 00:00:03:00 (60 f)]
              Marker m [00:00:01:00]
        "#]]
        .assert_eq(&shown);
    }

    #[test]
    fn a_query_finds_letters_in_order() {
        assert!(matches("lt", "lower_third") && matches("", "x") && matches("LOW", "lower"));
        assert!(!matches("tl", "lower_third".trim_start_matches("lower_")));
    }
}
