//! The moment of a film that a place of its source is about.

use vid_compiler::{FilmFacts, Meaning, Piece, PieceKind};
use vid_grammar::ast::{self, AstNode};
use vid_timeline::Time;

use crate::ide::Source;

/// A moment of a film.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FilmMoment {
    /// Name of the composition.
    pub film: String,
    /// The instant, from its start.
    pub at: Time,
}

/// The moment that a byte is about: that of a keyframe, else when an element begins, else when the
/// composition does whose name stands there.
pub fn moment(source: &Source<'_>, film: &FilmFacts, offset: usize) -> Option<FilmMoment> {
    let at = match keyframe(source, film, offset) {
        Some(at) => at,
        None => match pieces_named_at(source, film, offset).first() {
            Some(piece) => piece.range.start,
            None => is_name_of(source, film, offset).then_some(Time::ZERO)?,
        },
    };
    Some(FilmMoment { film: film.name.clone(), at })
}

/// Whether a byte is in the name of the composition, where that is defined.
pub(super) fn is_name_of(source: &Source<'_>, film: &FilmFacts, offset: usize) -> bool {
    let name = source.names.definition_at(offset);
    name.is_some_and(|(_, symbol)| symbol.name_range == film.name_range)
}

/// The pieces whose header a byte is in, or that a name there stands for; one for each time that the
/// statement runs.
pub(super) fn pieces_named_at<'f>(
    source: &'f Source<'_>,
    film: &'f FilmFacts,
    offset: usize,
) -> Vec<&'f Piece> {
    if is_name_of(source, film, offset) {
        return Vec::new();
    }
    // Of a name that is used, what it stands for.
    let used = source.names.use_at(offset).and_then(|used| match used.meaning {
        Meaning::Symbol(index) => source.names.symbols.get(index),
        _ => None,
    });
    let is_at = |piece: &&Piece| {
        piece.path == source.path && piece.header.start <= offset && offset <= piece.header.end
    };
    match used {
        Some(symbol) => source.pieces_at(film, symbol.range.start).collect(),
        None => film.pieces.iter().filter(is_at).collect(),
    }
}

/// When the keyframe is that a byte is in; of one at the end of its element, the last frame.
fn keyframe(source: &Source<'_>, film: &FilmFacts, offset: usize) -> Option<Time> {
    let hovered: ast::Keyframe = source.around(offset)?;
    let list = hovered.syntax().ancestors().find_map(ast::KeyframeList::cast)?;
    let index = list.keyframes().position(|keyframe| keyframe == hovered)?;
    let start = usize::from(list.range().start());
    let pieces =
        film.pieces.iter().filter(|piece| matches!(piece.kind, PieceKind::Element | PieceKind::Sound));
    let (piece, local) = pieces.into_iter().find_map(|piece| {
        let mut values = piece.values.iter();
        let value = values.find(|value| value.path == source.path && value.range.start == start)?;
        Some((piece, *value.keyframes.get(index)?))
    })?;
    let last = film.frame_rate.frame_from_time(piece.range.end) - 1;
    let last = Time::from_frame(last, film.frame_rate).max(piece.range.start);
    Some((piece.range.start + local).clamp(piece.range.start, last))
}

#[cfg(test)]
mod tests {
    use crate::ide::fixture::Fixture;

    fn at(text: &str) -> Option<String> {
        let fixture = Fixture::new(text);
        let hover = crate::ide::hover::hover(&fixture.source(), fixture.offset)?;
        hover.moment.map(|moment| format!("{} {}", moment.film, moment.at))
    }

    #[test]
    fn elements_are_shown_as_they_begin() {
        assert_eq!(at("composition c 640x360 25fps { text $0a \"x\" at 2s for 1s }").unwrap(), "c 2s");
        assert_eq!(
            at("composition c 640x360 25fps { text a \"x\" at 2s for 1s text \"y\" at $0a.end for 1s }")
                .unwrap(),
            "c 2s"
        );
        assert_eq!(at("composition $0c 640x360 25fps { text \"x\" for 1s }").unwrap(), "c 0s");
        assert_eq!(at("let $0a = 1s\ncomposition c { text \"x\" for a }"), None);
    }

    #[test]
    fn keyframes_are_shown_when_they_are_reached() {
        let film = |keyframes: &str| {
            format!("composition c 640x360 25fps {{ text \"x\" at 2s for 4s {{ opacity: [{keyframes}] }} }}")
        };
        assert_eq!(at(&film("0s: 0%, $01s: 100%")).unwrap(), "c 3s");
        assert_eq!(at(&film("0s: 0%, 1s: 10$00% ease_out")).unwrap(), "c 3s");
        // At the end nothing is on screen any more.
        assert_eq!(at(&film("0s: 0%, $0end: 100%")).unwrap(), "c 5.96s");
    }
}
