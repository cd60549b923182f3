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

/// The moment that a byte is about: that of a keyframe, else one at which an element is on screen in full, else
/// one of the first element of the composition whose name stands there.
pub fn moment(source: &Source<'_>, film: &FilmFacts, offset: usize) -> Option<FilmMoment> {
    let at = match keyframe(source, film, offset) {
        Some(at) => at,
        None => match pieces_named_at(source, film, offset).first() {
            Some(piece) => frame_in_full(film, piece),
            None => is_name_of(source, film, offset).then(|| opening(film))?,
        },
    };
    Some(FilmMoment { film: film.name.clone(), at })
}

/// The first frame on which a piece is there in full; its last one where that is none of its own.
fn frame_in_full(film: &FilmFacts, piece: &Piece) -> Time {
    let rate = film.frame_rate;
    let frame = rate.frame_from_time(piece.in_full);
    let is_reached = Time::from_frame(frame, rate) >= piece.in_full;
    let at = Time::from_frame(if is_reached { frame } else { frame.saturating_add(1) }, rate);
    at.clamp(piece.range.start, last_frame(film, piece))
}

/// The instant of the last frame of a piece.
fn last_frame(film: &FilmFacts, piece: &Piece) -> Time {
    let last = film.frame_rate.frame_from_time(piece.range.end) - 1;
    Time::from_frame(last, film.frame_rate).max(piece.range.start)
}

/// When the elements that a film begins with are on screen in full.
fn opening(film: &FilmFacts) -> Time {
    let elements = || film.pieces.iter().filter(|piece| piece.kind == PieceKind::Element);
    let start = elements().map(|piece| piece.range.start).min();
    let first = elements().filter(|piece| Some(piece.range.start) == start);
    first.map(|piece| frame_in_full(film, piece)).max().unwrap_or(Time::ZERO)
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
        Some((piece, value.keyframes.get(index)?.time))
    })?;
    Some((piece.range.start + local).clamp(piece.range.start, last_frame(film, piece)))
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
    fn elements_are_shown_in_full() {
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
    fn what_comes_slowly_is_shown_when_it_is_there() {
        let film = |text: &str| at(&format!("composition c 640x360 25fps {{ {text} }}")).unwrap();
        assert_eq!(film("text $0a \"x\" at 2s for 4s { enter fade for 400ms exit fade for 1s }"), "c 2.4s");
        // Between two frames: the later one.
        assert_eq!(film("text $0a \"x\" at 2s for 4s { enter fade for 410ms }"), "c 2.44s");
        // It leaves before it is there.
        assert_eq!(
            film("text $0a \"x\" at 2s for 1s { enter fade for 800ms exit fade for 800ms }"),
            "c 2.52s"
        );
        assert_eq!(film("text $0a \"x\" for 4s { opacity: [0s: 0%, 1s: 80%, 3s: 80%, end: 0%] }"), "c 1s");
        assert_eq!(film("text $0a \"x\" for 4s { opacity: [0s: 100%, end: 0%] }"), "c 0s");
        let dissolve =
            "sequence s { text a \"a\" for 2s transition cross_dissolve for 1s text $0b \"b\" for 3s }";
        assert_eq!(film(dissolve), "c 2s");
        // What begins with it is shown with its first element; what holds several at once, halfway.
        assert_eq!(
            film("sequence $0s { text \"x\" for 2s { enter fade for 400ms } text \"y\" for 2s }"),
            "c 0.4s"
        );
        assert_eq!(film("stack $0s { text \"x\" for 2s text \"y\" for 4s }"), "c 2s");
        let fades = "composition $0c 640x360 25fps { text \"x\" for 2s { enter fade for 400ms } }";
        assert_eq!(at(fades).unwrap(), "c 0.4s");
    }

    #[test]
    fn keyframes_are_shown_when_they_are_reached() {
        let film = |keyframes: &str| {
            format!("composition c 640x360 25fps {{ text \"x\" at 2s for 4s {{ opacity: [{keyframes}] }} }}")
        };
        assert_eq!(at(&film("0s: 0%, $01s: 100%")).unwrap(), "c 3s");
        assert_eq!(at(&film("0s: 0%, 1s: 10$00% ease_out")).unwrap(), "c 3s");
        // References are instants of the film.
        assert_eq!(at(&film("0s: 0%, $0end - 1s: 100%")).unwrap(), "c 5s");
        // At the end nothing is on screen any more.
        assert_eq!(at(&film("0s: 0%, $0end: 100%")).unwrap(), "c 5.96s");
    }
}
