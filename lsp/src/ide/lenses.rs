//! Lines above definitions: how often they are used, and what can be done with a film.

use std::ops::Range;

use vid_compiler::{MediaReference, SourceId, SymbolKind};

use crate::ide::Source;
use crate::ide::references::{Place, by_definition};

/// A line above a definition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lens {
    /// Bytes of the name that it belongs to.
    pub range: Range<usize>,
    /// What it says and does.
    pub kind: LensKind,
}

/// What a lens says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LensKind {
    /// The places that use a name.
    Uses(Vec<Place>),
    /// Renders a composition, by name.
    Render(String),
    /// Looks into the media of the source again.
    CheckMedia,
    /// Draws the tracks of a composition, by name.
    Graph(String),
    /// Shows a frame of a composition: its name, and the time in seconds as it would be written.
    Preview(String, String),
    /// Copies the time at which an element begins, as a clock shows it.
    Timecode(String),
}

/// The lenses of a source, in order.
pub fn lenses(source: &Source<'_>, files: &[SourceId]) -> Vec<Lens> {
    let mut lenses = Vec::new();
    let films = source.films();
    let media = source.compiler.checked_media(source.id);
    let mut uses = by_definition(source.compiler, files);
    for symbol in &source.names.symbols {
        let is_item = matches!(
            symbol.kind,
            SymbolKind::Composition(_) | SymbolKind::Function(..) | SymbolKind::Style(_)
        ) || matches!(symbol.kind, SymbolKind::Value(_)) && symbol.parent.is_none();
        let range = symbol.name_range.clone();
        if let SymbolKind::Composition(_) = symbol.kind {
            let mut push = |kind| lenses.push(Lens { range: range.clone(), kind });
            push(LensKind::Render(symbol.name.clone()));
            let is_inside = |media: &MediaReference| {
                media.label.path == source.path && symbol.range.contains(&media.label.range.start)
            };
            if media.iter().any(is_inside) {
                push(LensKind::CheckMedia);
            }
            push(LensKind::Graph(symbol.name.clone()));
        }
        if let (SymbolKind::Element(_), Some(film)) =
            (&symbol.kind, source.film_at(films, symbol.range.start))
            && let Some(piece) = source.pieces_at(film, symbol.range.start).next()
        {
            let at = format!("{}s", crate::ide::decimal(piece.range.start.seconds()));
            lenses.push(Lens { range: range.clone(), kind: LensKind::Preview(film.name.clone(), at) });
            let timecode = vid_timeline::timecode(piece.range.start, film.frame_rate);
            lenses.push(Lens { range: range.clone(), kind: LensKind::Timecode(timecode) });
        }
        let is_top = is_item && source.names.item(&symbol.name).is_some_and(|(_, item)| item == symbol);
        if is_top {
            let places = uses.remove(&(source.path.to_owned(), range.start)).unwrap_or_default();
            lenses.push(Lens { range, kind: LensKind::Uses(places) });
        }
    }
    lenses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    #[test]
    fn definitions_say_how_often_they_are_used() {
        let fixture = Fixture::new(
            "let a = 1s\ncomposition c 640x360 30fps {\n  text t \"x\" at a for a\n  text \"y\" for 1s\n}\n",
        );
        let shown: Vec<_> = lenses(&fixture.source(), &[fixture.id])
            .into_iter()
            .map(|lens| match lens.kind {
                LensKind::Uses(places) => format!("{} uses", places.len()),
                other => format!("{other:?}"),
            })
            .collect();
        let expected = [
            "2 uses",
            "Render(\"c\")",
            "Graph(\"c\")",
            "0 uses",
            "Preview(\"c\", \"1s\")",
            "Timecode(\"00:00:01:00\")",
        ];
        assert_eq!(shown, expected);
    }
}
