//! What authors write who know other tools, and what it is called here.
//!
//! Other names of properties stand beside them in the prelude (`aka`). Here are words whose meaning is
//! elsewhere in the language: another word of the same set, or another kind of statement.

use crate::types::{Atom, Schema, Type};

/// Set of words, what is written, what it is called.
const WORDS: [(&str, &str, &str); 24] = [
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
    ("shape", "rectangle", "rect"),
    ("shape", "oval", "ellipse"),
    ("fit", "fill", "stretch"),
    ("fit", "crop", "cover"),
    ("text_align", "middle", "center"),
    ("easing", "ease", "ease_in_out"),
    ("easing", "bounce", "spring"),
];

/// Weights of letters by the names that style sheets and fonts have for them, without signs between their words, and
/// as numbers.
const WEIGHTS: [(&[&str], &str); 9] = [
    (&["thin", "hairline"], "100"),
    (&["extralight", "ultralight"], "200"),
    (&["light"], "300"),
    (&["normal", "regular"], "400"),
    (&["medium"], "500"),
    (&["semibold", "demibold"], "600"),
    (&["bold"], "700"),
    (&["extrabold", "ultrabold"], "800"),
    (&["heavy"], "900"),
];

/// What moves, in place of a property that says so elsewhere.
const MOVES: &str =
    "what moves is a statement: `enter fade for 300ms`, `motion zoom_in`, or keyframes of a property";
/// Where something stands.
const PLACE: &str =
    "`x` and `y` place its middle on the canvas; `x_anchor` and `y_anchor` say another point of it";
/// What of a file is played.
const TRIM: &str = "what is played stands behind the file: `video \"clip.mp4\" [2s..6s]`";
/// What is seen or heard only slowly.
const FADE: &str = "what appears and goes is a statement: `enter fade for 500ms`, `exit fade for 500ms`";
/// How large something is.
const SCALE: &str = "how large it is say `width` and `height`, or `x_scale` and `y_scale` in percent of that";
/// Lines around something.
const BORDER: &str = "an edge is said in parts: `border_width: 2px  border_color: red  border_radius: 8px`";

/// How the help begins about a unit that a space parts from its number.
pub(crate) const UNIT_APART: &str = "a unit stands right behind its number";

/// Properties of other tools that are no properties here, without signs between their words, and what to
/// write.
const PROPERTIES: &[(&[&str], &str)] = &[
    (&["animation", "animations", "animate", "motion", "motions"], MOVES),
    (&["keyframes"], "keyframes are the value of the property that changes: `opacity: [0s: 0%, 1s: 100%]`"),
    (
        &["transition", "transitions"],
        "a transition is a statement between two children of a `sequence`: `transition cross_dissolve for 500ms`",
    ),
    (&["effect", "effects", "filter", "filters"], "each effect is a statement: `effect vhs 35%`"),
    (&["bold"], "the weight of letters is a number: `font_weight: 700`"),
    (&["italic"], "letters slant by `font_style: italic`"),
    (&["underline"], "letters are underlined by `text_decoration: underline`"),
    (
        &["style", "with", "class", "classname"],
        "styles are applied in the header: `text \"Hello\" with headline`",
    ),
    (&["mute", "muted"], "a sound is silent with `volume: 0%`"),
    (&["gain"], "how loud it is says `volume: -6dB`, or `volume: 50%`"),
    (&["fadein", "fadeout", "fade", "crossfadein", "crossfadeout"], FADE),
    (&["cutfrom", "cutto", "trim", "trimbefore", "trimafter", "startfrom", "endat", "subclip"], TRIM),
    (&["durationinframes", "frames"], "a length in frames is a time too: `for 60f`"),
    (
        &[
            "position",
            "setposition",
            "pos",
            "offset",
            "top",
            "left",
            "right",
            "bottom",
            "margin",
            "alignitems",
        ],
        PLACE,
    ),
    (
        &["xalignment", "yalignment"],
        "`x_anchor` and `y_anchor` say which point of its box stands at `x` and `y`",
    ),
    (&["scale", "zoom", "resize"], SCALE),
    (
        &["resizemode", "objectfit"],
        "how a picture fills its box says `fit: contain`, `cover`, `stretch` or `none`",
    ),
    (
        &["transform"],
        "what turns and grows is said in parts: `z_rotation: 45deg  x_scale: 200%  y_scale: 200%`",
    ),
    (&["border"], BORDER),
    (&["padding"], "the plate behind words is widened by `x_padding` and `y_padding`"),
    (
        &["textshadow", "boxshadow"],
        "a shadow is said in parts: `shadow_color: black  shadow_x: 2px  shadow_y: 2px  shadow_blur: 4px`",
    ),
    (&["shadowopacity"], "a shadow is as strong as its colour is solid: `shadow_color: #00000099`"),
    (&["texttransform"], "letters are made large and small by functions: `text \"{upper(\"hello\")}\"`"),
    (&["fps"], "the frame rate stands in the header of the composition: `composition film 1920x1080 30fps`"),
    (
        &["size", "canvas", "resolution", "dimensions", "aspectratio"],
        "a canvas stands in the header of the composition: `composition film 1920x1080 30fps`; elements have `width` and `height`",
    ),
    (&["output"], "what is written is a statement: `output mp4 \"promo\"`"),
    (
        &["clips", "tracks", "elements", "scenes", "layers", "children"],
        "elements stand in the block as they are, one after another in a `sequence { … }`",
    ),
    (
        &["audiofilepath", "soundtrack", "music", "backgroundmusic"],
        "music is an element: `audio \"bed.mp3\" until end`",
    ),
    (
        &["bitrate", "videobitrate"],
        "how much the picture is compressed says `crf`, from 0 (not at all) upwards",
    ),
];

/// The word of a set that another word stands for.
pub(crate) fn word_meant(set: &str, word: &str) -> Option<&'static str> {
    WORDS.iter().find(|(of, written, _)| *of == set && *written == word).map(|(_, _, meant)| *meant)
}

/// What to write in place of a property that there is not.
pub(crate) fn property_meant(word: &str) -> Option<&'static str> {
    let plain = word.replace(['_', '-'], "").to_lowercase();
    PROPERTIES.iter().find(|(written, _)| written.contains(&&*plain)).map(|(_, help)| *help)
}

/// What to write in place of a function that there is not.
pub(crate) fn function_meant(word: &str) -> Option<&'static str> {
    Some(match word {
        "rgba" => "`rgb` takes an opacity as its fourth value: `rgb(255, 0, 0, 50%)`",
        "hsla" => "`hsl` takes an opacity as its fourth value: `hsl(120deg, 50%, 50%, 50%)`",
        "interpolate" | "keyframes" | "animate" => {
            "what changes over time is a list of times and values: `[0s: 0%, 1s: 100% ease_out]`"
        }
        "lerp" => "what lies between two values gives `mix(a, b, 50%)`",
        "len" | "length" | "size" => "how many there are gives `count(xs)`",
        "str" => "the value as a text gives `string(x)`, or an interpolation: `\"{x}\"`",
        "int" | "parseInt" => "a whole number gives `round(x)`, a number from a text `number(x)`",
        "map" | "filter" | "foreach" => "lists are made from lists by `[for x in xs if x > 1: x * 2]`",
        "maximum" => "the largest gives `max(a, b)`",
        "minimum" => "the smallest gives `min(a, b)`",
        _ => return None,
    })
}

/// What a bare word is, where a value of another kind is needed: its literal.
pub(crate) fn literal_meant(word: &str, ty: &Type) -> Option<String> {
    let is_hex = matches!(word.len(), 3 | 6 | 8) && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    if ty.atoms.contains(&Atom::Bool) {
        return match word {
            "yes" | "on" => Some("true".to_owned()),
            "no" | "off" => Some("false".to_owned()),
            _ => None,
        };
    }
    if ty.atoms.contains(&Atom::Integer) {
        let plain = word.replace(['_', '-'], "").to_lowercase();
        let weight = WEIGHTS.iter().find(|(names, _)| names.contains(&&*plain));
        return weight.map(|(_, number)| (*number).to_owned());
    }
    (is_hex && ty.atoms.contains(&Atom::Color)).then(|| format!("#{word}"))
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
        "img" | "Img" | "picture" | "photo" => "a picture is an `image`",
        "clip" | "movie" | "OffthreadVideo" => "a film is a `video`",
        "sound" | "music" | "soundtrack" | "voiceover" => "a sound is an `audio`",
        "concatenate" | "concat" | "Series" => "one after another stand the children of a `sequence { … }`",
        "background" | "AbsoluteFill" => {
            "a plain background is a property: `background_color: #101820`; a picture is an `image` before all others"
        }
        "second" | "seconds" | "sec" | "secs" => return Some(format!("{UNIT_APART}: `2s`")),
        "millisecond" | "milliseconds" | "msec" => return Some(format!("{UNIT_APART}: `500ms`")),
        "minute" | "minutes" | "min" => return Some(format!("{UNIT_APART}: `2m`")),
        "frame" | "frames" => return Some(format!("{UNIT_APART}: `60f`")),
        "db" | "dB" | "decibel" | "decibels" => return Some(format!("{UNIT_APART}: `-12dB`")),
        "px" | "pixels" | "percent" | "deg" | "degrees" => {
            return Some(format!("{UNIT_APART}: `12px`, `50%`, `90deg`"));
        }
        "title" | "caption" | "label" | "subtitle" | "h1" | "p" => {
            "words are a `text`; `captions` reads a subtitle file"
        }
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
