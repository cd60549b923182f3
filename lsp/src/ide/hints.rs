//! What a source leaves unsaid, shown in it: when things happen, how large they are.

mod curves;
mod gaps;

use std::collections::BTreeMap;
use std::ops::Range;

use vid_compiler::{Amount, FilmFacts, KnownValue, Meaning, Piece, PieceKind};
use vid_grammar::ast::{self, AstNode, ForAmount};

use crate::ide::hover::all_values;
use crate::ide::{Source, decimal, timespan};

/// A text shown at a place of a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// The byte it is shown at.
    pub offset: usize,
    /// What is shown.
    pub text: String,
    /// What it is about.
    pub kind: HintKind,
    /// A byte of the name that it follows from, if it follows from one.
    pub origin: Option<usize>,
}

/// The kinds of hints; each can be switched off.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum HintKind {
    /// From when to when something is shown.
    Times,
    /// How long something is whose length follows from elsewhere.
    Lengths,
    /// How many pixels a relative size is.
    Sizes,
    /// Where nothing is on screen.
    Gaps,
    /// What a named way to a keyframe is.
    Curves,
}

/// The hints inside of a part of a source, in order.
pub fn hints(source: &Source<'_>, within: &Range<usize>) -> Vec<Hint> {
    let mut hints = Vec::new();
    for film in source.films() {
        // What another file places is shown there, on the clock of its own composition.
        let is_own = |piece: &&Piece| {
            piece.path == source.path
                && piece.header.end >= within.start
                && piece.header.start <= within.end
                && source.film_at(std::slice::from_ref(film), piece.header.start).is_some()
        };
        times(film, film.pieces.iter().filter(is_own), &mut hints);
        lengths(source, film, within, &mut hints);
        sizes(source, film, within, &mut hints);
        curves::curves(source, film, within, &mut hints);
        gaps::gaps(source, film, within, &mut hints);
    }
    hints.retain(|hint| within.start <= hint.offset && hint.offset <= within.end);
    hints.sort_by_key(|hint| (hint.offset, hint.kind));
    hints.dedup();
    hints
}

/// After each header, from when to when.
fn times<'a>(film: &FilmFacts, pieces: impl Iterator<Item = &'a Piece>, into: &mut Vec<Hint>) {
    let mut by_header: BTreeMap<usize, Vec<&Piece>> = BTreeMap::new();
    for piece in pieces.filter(|piece| piece.kind != PieceKind::Marker) {
        by_header.entry(piece.header.end).or_default().push(piece);
    }
    for (offset, pieces) in by_header {
        let text = match pieces.as_slice() {
            [one] => timespan(one.range, film.frame_rate),
            [first, ..] => format!("{} × {}", pieces.len(), timespan(first.range, film.frame_rate)),
            [] => continue,
        };
        into.push(Hint { offset, text, kind: HintKind::Times, origin: None });
    }
}

/// After `for natural`, `for fill`, `until` and values that are not literals, the length.
fn lengths(source: &Source<'_>, film: &FilmFacts, within: &Range<usize>, into: &mut Vec<Hint>) {
    let pieces = film.pieces.iter().filter(|piece| piece.path == source.path);
    for piece in pieces.filter(|piece| piece.header.end >= within.start && piece.header.start <= within.end) {
        let Some(token) = source.token_at(piece.header.start) else { continue };
        let clauses = token
            .parent_ancestors()
            .find(|node| usize::from(node.text_range().end()) >= piece.header.end)
            .into_iter()
            .flat_map(|node| node.children());
        for clause in clauses {
            let is_open = match ast::Clause::cast(clause.clone()) {
                Some(ast::Clause::Until(_)) => true,
                Some(ast::Clause::For(length)) => match length.amount() {
                    Some(ForAmount::Natural | ForAmount::Fill | ForAmount::UpTo(_)) => true,
                    Some(ForAmount::Value(ast::Expr::Literal(literal))) => {
                        literal.syntax().text().to_string().ends_with("fr")
                    }
                    Some(ForAmount::Value(_)) => true,
                    None => false,
                },
                _ => false,
            };
            if is_open {
                let length = decimal(piece.range.duration().seconds());
                let offset = usize::from(clause.text_range().end());
                let start = usize::from(clause.text_range().start());
                let used = source.names.uses.iter().find(|used| {
                    (start..offset).contains(&used.range.start) && matches!(used.meaning, Meaning::Symbol(_))
                });
                let origin = used.map(|used| used.range.start);
                into.push(Hint { offset, text: format!("{length} s"), kind: HintKind::Lengths, origin });
            }
        }
    }
}

/// After relative sizes, the pixels.
fn sizes(source: &Source<'_>, film: &FilmFacts, within: &Range<usize>, into: &mut Vec<Hint>) {
    let is_here = |value: &&KnownValue| {
        value.path == source.path && value.range.start >= within.start && value.range.end <= within.end
    };
    for value in all_values(film).filter(is_here) {
        let Amount::Pixels(pixels) = value.amount else { continue };
        let written = source.text.get(value.range.clone()).unwrap_or_default();
        let is_plain = written.ends_with("px") || written.bytes().all(|byte| byte.is_ascii_digit());
        let is_known = into.iter().any(|hint| hint.kind == HintKind::Sizes && hint.offset == value.range.end);
        if !is_plain && !is_known {
            let text = format!("{} px", decimal(pixels));
            into.push(Hint { offset: value.range.end, text, kind: HintKind::Sizes, origin: None });
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::ide::fixture::Fixture;

    /// The source with its hints in angle quotes.
    fn check(text: &str, expected: Expect) {
        let fixture = Fixture::new(text);
        let mut shown = fixture.text.clone();
        for hint in super::hints(&fixture.source(), &(0..shown.len())).into_iter().rev() {
            shown.insert_str(hint.offset, &format!(" «{}»", hint.text));
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn gaps_are_marked() {
        check(
            "composition c 640x360 25fps {\n  text a \"a\" for 1s\n  text b \"b\" at 3s for 1s\n  audio \"v.wav\" at 0s for 6s\n}\n",
            expect![[r#"
                composition c 640x360 25fps {
                  text a "a" for 1s «00:00:00:00 → 00:00:01:00 (25 f)» «then nothing for 2 s»
                  text b "b" at 3s for 1s «00:00:03:00 → 00:00:04:00 (25 f)» «then nothing for 2 s»
                  audio "v.wav" at 0s for 6s «00:00:00:00 → 00:00:06:00 (150 f)»
                }
            "#]],
        );
        check(
            "composition c 640x360 25fps {\n  sequence {\n    text a \"a\" for 2s\n    gap 1s\n    text b \"b\" for 2s\n  }\n}\n",
            expect![[r#"
                composition c 640x360 25fps {
                  sequence «00:00:00:00 → 00:00:05:00 (125 f)» {
                    text a "a" for 2s «00:00:00:00 → 00:00:02:00 (50 f)» «then nothing for 1 s»
                    gap 1s «00:00:02:00 → 00:00:03:00 (25 f)»
                    text b "b" for 2s «00:00:03:00 → 00:00:05:00 (50 f)»
                  }
                }
            "#]],
        );
    }

    #[test]
    fn named_curves_are_shown() {
        check(
            "let snappy = cubic(0.2, 0, 0, 1)\ncomposition c 640x360 25fps {\n  text \"x\" for 2s {\n    opacity: [0s: 0%, 1s: 100% snappy, 2s: 50% ease_in]\n    enter fade for 1s { easing: snappy }\n  }\n}\n",
            expect![[r#"
                let snappy = cubic(0.2, 0, 0, 1)
                composition c 640x360 25fps {
                  text "x" for 2s «00:00:00:00 → 00:00:02:00 (50 f)» {
                    opacity: [0s: 0%, 1s: 100% snappy «cubic(0.2, 0, 0, 1)», 2s: 50% ease_in]
                    enter fade for 1s { easing: snappy «cubic(0.2, 0, 0, 1)» }
                  }
                }
            "#]],
        );
    }

    #[test]
    fn times_and_sizes_are_shown() {
        check(
            "composition c 1280x720 25fps {\n  sequence s {\n    video a \"clip.mp4\" [2s..6s] { width: 50% }\n    text b \"x\" for a.duration { y: 10vh }\n    gap 1s\n  }\n  text t \"y\" until end\n  for x in [1, 2] { text \"z\" for 1s }\n}\n",
            expect![[r#"
                composition c 1280x720 25fps {
                  sequence s «00:00:00:00 → 00:00:09:00 (225 f)» {
                    video a "clip.mp4" [2s..6s] «00:00:00:00 → 00:00:04:00 (100 f)» { width: 50% «640 px» }
                    text b "x" for a.duration «00:00:04:00 → 00:00:08:00 (100 f)» «4 s» { y: 10vh «72 px» }
                    gap 1s
                  }
                  text t "y" until end «00:00:00:00 → 00:00:09:00 (225 f)» «9 s»
                  for x in [1, 2] { text "z" for 1s «2 × 00:00:00:00 → 00:00:01:00 (25 f)» }
                }
            "#]],
        );
    }
}
