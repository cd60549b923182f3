//! What a named easing is, behind its name.

use std::ops::Range;

use vid_compiler::{FilmFacts, KnownValue, Meaning};
use vid_grammar::ast::{self, AstNode};

use crate::ide::Source;
use crate::ide::hints::{Hint, HintKind};
use crate::ide::hover::all_values;

/// Behind each easing that an author has given a name, the curve that it stands for.
pub(super) fn curves(source: &Source<'_>, film: &FilmFacts, within: &Range<usize>, into: &mut Vec<Hint>) {
    // A name of the language says what it is.
    let named = source.names.uses.iter().filter(|used| {
        let is_own = matches!(used.meaning, Meaning::Symbol(_) | Meaning::Member(..));
        is_own && within.start <= used.range.start && used.range.end <= within.end
    });
    for used in named {
        let Some(curve) = curve_at(source, film, &used.range) else { continue };
        let offset = used.range.end;
        let is_known = into.iter().any(|hint| hint.kind == HintKind::Curves && hint.offset == offset);
        if !is_known {
            let origin = Some(used.range.start);
            into.push(Hint { offset, text: curve, kind: HintKind::Curves, origin });
        }
    }
}

/// The curve that the name of an easing stands for.
fn curve_at(source: &Source<'_>, film: &FilmFacts, name: &Range<usize>) -> Option<String> {
    let known = |range: vid_grammar::TextRange| {
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let is_it = move |value: &&KnownValue| value.range == (start..end) && value.path == source.path;
        all_values(film).find(is_it)
    };
    if let Some(easing) = source.around::<ast::Easing>(name.start) {
        // That of a motion is said in its header.
        let Some(keyframe) = easing.syntax().parent().and_then(ast::Keyframe::cast) else {
            return known(easing.range()).map(|known| known.shown.clone());
        };
        let list = keyframe.syntax().parent().and_then(ast::KeyframeList::cast)?;
        let index = list.keyframes().position(|each| each == keyframe)?;
        return known(list.range())?.keyframes.get(index)?.easing.clone();
    }
    let property: ast::Property = source.around(name.start)?;
    let value = property.value().filter(|value| usize::from(value.range().start()) == name.start)?;
    let known = known(value.range()).filter(|known| known.name == "easing")?;
    (usize::from(value.range().end()) == name.end).then(|| known.shown.clone())
}
