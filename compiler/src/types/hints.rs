//! What authors write who know other tools, and what it is called here.
//!
//! Other names of properties stand beside them in the prelude (`aka`). Here are words whose meaning is
//! elsewhere in the language: another word of the same set, or another kind of statement.

use crate::types::Schema;

/// Set of words, what is written, what it is called.
const WORDS: [(&str, &str, &str); 17] = [
    ("transition", "fade", "cross_dissolve"),
    ("transition", "crossfade", "cross_dissolve"),
    ("transition", "cross_fade", "cross_dissolve"),
    ("transition", "dissolve", "cross_dissolve"),
    ("transition", "fade_to_black", "dip_to_black"),
    ("transition", "fade_black", "dip_to_black"),
    ("transition", "fade_to_white", "dip_to_white"),
    ("motion", "fade_out", "fade"),
    ("motion", "zoom", "zoom_in"),
    ("motion", "ken_burns", "ken_burns_in"),
    ("motion", "wiggle", "loop_wiggle"),
    ("motion", "shake", "loop_wiggle"),
    ("effect", "blur", "box_blur"),
    ("effect", "grain", "add_grain"),
    ("effect", "greenscreen", "chroma_key"),
    ("shape", "circle", "ellipse"),
    ("shape", "box", "rect"),
];

/// Properties of other tools that are no properties here, and what to write.
const PROPERTIES: [(&str, &str); 12] = [
    (
        "animation",
        "what moves is a statement: `enter fade for 300ms`, `motion zoom_in`, or keyframes of a property",
    ),
    (
        "animate",
        "what moves is a statement: `enter fade for 300ms`, `motion zoom_in`, or keyframes of a property",
    ),
    ("keyframes", "keyframes are the value of the property that changes: `opacity: [0s: 0%, 1s: 100%]`"),
    (
        "transition",
        "a transition is a statement between two children of a `sequence`: `transition cross_dissolve for 500ms`",
    ),
    ("effects", "each effect is a statement: `effect vhs 35%`"),
    ("filter", "each effect is a statement: `effect vhs 35%`"),
    ("bold", "the weight of letters is a number: `font_weight: 700`"),
    ("italic", "letters slant by `font_style: italic`"),
    ("underline", "letters are underlined by `text_decoration: underline`"),
    ("style", "styles are applied in the header: `text \"Hello\" with headline`"),
    ("with", "styles are applied in the header: `text \"Hello\" with headline`"),
    ("mute", "a sound is silent with `volume: 0%`"),
];

/// The word of a set that another word stands for.
pub(crate) fn word_meant(set: &str, word: &str) -> Option<&'static str> {
    WORDS.iter().find(|(of, written, _)| *of == set && *written == word).map(|(_, _, meant)| *meant)
}

/// What to write in place of a property that there is not.
pub(crate) fn property_meant(word: &str) -> Option<&'static str> {
    PROPERTIES.iter().find(|(written, _)| *written == word).map(|(_, help)| *help)
}

/// The statement that a word belongs to which stands where an element's kind should.
pub(crate) fn statement_meant(schema: &Schema, word: &str) -> Option<String> {
    let has = |set: &str, word: &str| {
        schema.enums.get(set).is_some_and(|set| set.members.iter().any(|(known, _)| &**known == word))
    };
    let statements = [
        ("transition", "transition", " for 500ms"),
        ("shape", "shape", ""),
        ("effect", "effect", ""),
        ("motion", "enter", " for 300ms"),
    ];
    for (set, keyword, rest) in statements {
        let meant = word_meant(set, word).unwrap_or(word);
        // `fade` is a motion before it is what others call a dissolve.
        if has(set, meant) && (meant == word || !has("motion", word)) {
            return Some(format!("`{meant}` is a kind of {set}: write `{keyword} {meant}{rest}`"));
        }
    }
    let help = match word {
        "from" | "to" | "start" | "end" | "duration" => {
            "when it is stands in the header: `at 1s for 2s`, or `at 1s until 3s`"
        }
        "while" | "repeat" | "each" | "foreach" => "loops go through a list: `for i in 0..3 { … }`",
        "img" | "picture" | "photo" => "a picture is an `image`",
        "clip" | "movie" => "a film is a `video`",
        "sound" | "music" => "a sound is an `audio`",
        "title" | "caption" | "label" => "words are a `text`; `captions` reads a subtitle file",
        "group" | "layer" => "what belongs together stands in a `stack`",
        _ => return None,
    };
    Some(help.to_owned())
}

/// What a word for a place is in numbers.
pub(crate) fn place_meant(word: &str) -> Option<&'static str> {
    Some(match word {
        "center" | "centre" | "middle" => "the middle is `50%`",
        "left" | "top" => {
            "the left and the top are `0%`; `x_anchor` and `y_anchor` say which point of the box is there"
        }
        "right" | "bottom" => {
            "the right and the bottom are `100%`; `x_anchor` and `y_anchor` say which point of the box is there"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{CompilerDatabase, MemorySystem};
    use crate::types::prelude_schema;

    #[test]
    fn what_is_meant_exists_and_what_is_written_does_not() {
        let db = CompilerDatabase::new(MemorySystem::new(), crate::driver::PRELUDE, &[], None);
        let schema = prelude_schema(&db);
        for (set, written, meant) in WORDS {
            let known = |word: &str| schema.enums[set].members.iter().any(|(member, _)| &**member == word);
            assert!(known(meant) && !known(written), "{set} {written} {meant}");
        }
        let help = |word| statement_meant(schema, word).unwrap_or_default();
        assert_eq!(
            help("wipe_left"),
            "`wipe_left` is a kind of transition: write `transition wipe_left for 500ms`"
        );
        assert_eq!(help("fade"), "`fade` is a kind of motion: write `enter fade for 300ms`");
        assert_eq!(help("circle"), "`ellipse` is a kind of shape: write `shape ellipse`");
    }
}
