//! The table of verdicts: what becomes of each construct of the language in a body.
//!
//! One row for each construct and verdict, with the smallest film that shows it. `docs/api.md` prints the
//! table, `vid explain CODE` the rows of a code, and a test compiles every film and looks whether the
//! verdict is the one of its row. Rows stand in the order in which the manual tells of the language.

use super::to::{VerdictCode, VerdictLevel};

/// How well a body says what a construct says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Faithfulness {
    /// The same frames and samples.
    Exact,
    /// Nearly the same; `vid json` says how, under this code.
    Approximated(VerdictCode),
    /// Not at all; `vid json` says so at the place in the source, under this code. Some of it can be
    /// rendered to a file that the body names ([`VerdictCode::can_be_baked`]).
    Refused(VerdictCode),
}

impl Faithfulness {
    /// The level and the code of its verdict; `None` where there is none.
    pub const fn verdict(self) -> Option<(VerdictLevel, VerdictCode)> {
        match self {
            Self::Exact => None,
            Self::Approximated(code) => Some((VerdictLevel::Approximated, code)),
            Self::Refused(code) => Some((VerdictLevel::Refused, code)),
        }
    }
}

/// What becomes of one construct.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VerdictRow {
    /// The construct, in Markdown.
    pub construct: &'static str,
    /// How well a body says it.
    pub faithfulness: Faithfulness,
    /// What the body says, in Markdown.
    pub body: &'static str,
    /// A file of the language, or statements for the body of a composition. `v.mp4` (20 s, 1920x1080, with
    /// sound), `a.mp3` (60 s) and `i.png` (400x200) are known media, `unknown.mp4` is not; all are at
    /// `https://m.example/`.
    pub film: &'static str,
}

const fn exact(construct: &'static str, body: &'static str, film: &'static str) -> VerdictRow {
    VerdictRow { construct, faithfulness: Faithfulness::Exact, body, film }
}

const fn approximated(
    construct: &'static str,
    code: VerdictCode,
    body: &'static str,
    film: &'static str,
) -> VerdictRow {
    VerdictRow { construct, faithfulness: Faithfulness::Approximated(code), body, film }
}

const fn refused(
    construct: &'static str,
    code: VerdictCode,
    body: &'static str,
    film: &'static str,
) -> VerdictRow {
    VerdictRow { construct, faithfulness: Faithfulness::Refused(code), body, film }
}

/// Every row.
pub const VERDICT_TABLE: &[VerdictRow] = &[
    // Films and outputs.
    exact(
        "fixed and derived lengths, whole frame rates, background, metadata",
        "`duration`, `frame_rate`, `background_color` …",
        "background_color: #102030\nmetadata: { campaign: \"spring\" }\ntext \"a\" for 1.5s",
    ),
    refused(
        "fractional frame rate",
        VerdictCode::FractionalFrameRate,
        "the nearest whole rate",
        "composition film 640x360 30000/1001fps { text \"a\" for 1s }",
    ),
    approximated(
        "odd canvas side",
        VerdictCode::OddSize,
        "as it is",
        "composition film 641x360 25fps { text \"a\" for 1s  output png }",
    ),
    exact(
        "`output` with a format, a name, `alpha`",
        "`output_format`, `output_filename`, `alpha`; one body for each output",
        "text \"a\" for 1s\noutput webm \"overlay\" { alpha: true }",
    ),
    refused("`output wav`", VerdictCode::OutputFormat, "mp4", "text \"a\" for 1s\noutput wav"),
    refused(
        "transparent `gif` or `png`",
        VerdictCode::OutputFormat,
        "`alpha`, which a service refuses",
        "text \"a\" for 1s\noutput gif { alpha: true }",
    ),
    approximated(
        "encoder settings",
        VerdictCode::EncoderSettings,
        "nothing",
        "text \"a\" for 1s\noutput mp4 { crf: 18 }",
    ),
    refused(
        "`blending: linear`",
        VerdictCode::Blending,
        "colours are mixed as they are encoded",
        "blending: linear\ntext \"a\" for 1s",
    ),
    refused("output that does not exist", VerdictCode::NoSuchOutput, "mp4", ""),
    // Media.
    exact(
        "trim, speed, place",
        "`time`, `in_point`, `out_point`, `speed`",
        "video \"https://m.example/v.mp4\" [2s..6s] at 1s { fit: stretch  speed: 2 }",
    ),
    refused(
        "local file without `--asset-base`, or outside the folder of the source",
        VerdictCode::LocalMedia,
        "the path",
        "image \"local.png\" for 1s { fit: stretch }",
    ),
    refused(
        "video that is no mp4, mov or webm",
        VerdictCode::SourceFormat,
        "as it is",
        "video \"https://m.example/v.mkv\" [0s..1s] { fit: stretch }",
    ),
    refused("URL above 2083 characters", VerdictCode::UrlTooLong, "as it is", ""),
    refused(
        "URL without a host, or with spaces in it",
        VerdictCode::InvalidUrl,
        "as it is",
        "image \"https://m.example/a b.png\" for 2s { fit: stretch }",
    ),
    exact(
        "looped media",
        "the element once for each time round (`id`, `id~2`, …)",
        "video \"https://m.example/v.mp4\" [0s..2s] for 5s { loop: true }",
    ),
    refused(
        "… with keyframes, a motion across a seam, or more than 4,000 rounds",
        VerdictCode::Repeats,
        "one round",
        "image \"https://m.example/i.png\" for 5s\nvideo \"https://m.example/v.mp4\" [0s..2s] for 5s { loop: true  motion fade at 1s for 3s }",
    ),
    refused(
        "media played backwards",
        VerdictCode::Reversed,
        "forwards",
        "video \"https://m.example/v.mp4\" [0s..2s] { reverse: true }",
    ),
    // Structure.
    exact(
        "sequences, stacks, gaps, markers, placed compositions that share the canvas",
        "their elements, at absolute times",
        "composition part { text \"b\" for 1s }\ncomposition film 640x360 25fps {\n  marker here at 1s\n  sequence { text \"a\" for 1s  gap 1s  part }\n}",
    ),
    exact(
        "placed compositions with a canvas of their own, placed and scaled evenly; units of one element with any opacity",
        "their elements, at the places and in the sizes that they have on the film's canvas",
        "composition part 320x180 { text \"b\" for 1s }\ncomposition film 640x360 25fps { part p for 1s { width: 50%  opacity: 50% } }",
    ),
    approximated(
        "opacity of a unit whose elements overlap",
        VerdictCode::Group,
        "the opacity of each of them",
        "composition part { text \"b\" for 1s\n text \"c\" for 1s }\ncomposition film 640x360 25fps { part p for 1s { opacity: 50% } }",
    ),
    refused(
        "units with a rate, a background, motions, effects, a mask or a rotation of their own, or stretched unevenly",
        VerdictCode::Group,
        "their elements without it",
        "stack for 1s { z_rotation: 5deg\n text \"b\"\n text \"c\" }",
    ),
    refused(
        "transitions beside a stack or a placed composition",
        VerdictCode::Group,
        "left out",
        "sequence {\n stack for 2s { text \"b\"\n text \"c\" }\n transition iris for 1s\n text \"d\" for 2s\n }",
    ),
    exact(
        "paint order, `z_index`",
        "distinct `z_index` from back to front: 0, 1, 2 …, or 0, 10, 20 … where a transition has its own",
        "text \"front\" for 1s { z_index: 5 }\ntext \"back\" for 1s",
    ),
    // Place and look.
    exact(
        "`fit: stretch`; `contain`, `cover` and `none` of media whose size is known",
        "a box of the picture's own shape with the same middle and pivot; for `cover`, a crop to the shape of the box",
        "image \"https://m.example/i.png\" for 1s\nimage \"https://m.example/i.png\" for 1s { fit: cover }",
    ),
    approximated(
        "… `contain` or `none` with corners, edge, shadow or clip",
        VerdictCode::FitStyle,
        "they are at the picture, not at the box that holds it",
        "image \"https://m.example/i.png\" for 1s { border_radius: 9px }",
    ),
    refused(
        "… of media whose size is not known",
        VerdictCode::UnknownMediaShape,
        "the box as it is",
        "video \"https://m.example/unknown.mp4\" [0s..1s]",
    ),
    refused("`shape`", VerdictCode::Shape, "left out", "shape rect for 1s { fill: #ffffff }"),
    refused(
        "`mask`",
        VerdictCode::Mask,
        "without it",
        "image \"https://m.example/i.png\" for 1s { mask ellipse { } }",
    ),
    refused(
        "text with crop, adjustments, LUT or effects",
        VerdictCode::NotOnText,
        "without them; the language has them on pictures alone, other timelines may not",
        "",
    ),
    exact(
        "`enter`, `exit`, `motion`, `loop` with the four easings of the API",
        "`motion`, at absolute times",
        "text \"a\" at 1s for 3s {\n  enter slide_up for 500ms ease_out\n  exit fade for 1s\n  motion bounce at 1s for 1s\n}",
    ),
    refused(
        "easing `hold` of a motion",
        VerdictCode::EasingHold,
        "`linear`",
        "text \"a\" for 3s { enter fade for 1s hold }",
    ),
    approximated(
        "easings `cubic` and `spring` of a motion that one of the four comes within 20% of",
        VerdictCode::Easing,
        "the nearest of the four",
        "text \"a\" for 3s { enter fade for 1s cubic(0.42, 0, 0.58, 1) }",
    ),
    refused(
        "other easings of a motion",
        VerdictCode::Easing,
        "the nearest of the four",
        "text \"a\" for 3s { enter fade for 1s steps(4) }",
    ),
    approximated(
        "motion that starts before the film",
        VerdictCode::MotionBeforeStart,
        "starts at zero",
        "text \"a\" for 3s { motion fade at -1s for 2s }",
    ),
    exact(
        "opacity that fades in from 0 and out to 0",
        "`fade` motions",
        "text \"a\" for 3s { opacity: [0s: 0%, 1s: 100%, end - 1s: 100%, end: 0%] }",
    ),
    approximated(
        "… away from the element's edges, or an `ease_in` or `ease_out` exit",
        VerdictCode::FadeForm,
        "the same motion",
        "text \"a\" for 3s { opacity: [0s: 0%, 1s: 100%, end - 1s: 100%, end: 0% ease_in] }",
    ),
    refused(
        "any other keyframes",
        VerdictCode::Keyframes,
        "the first value",
        "text \"a\" for 3s { x: [0s: 0%, 1s: 100%] }",
    ),
    exact(
        "captions by hand or from a file",
        "a text for each cue; with word timing, its `word_animation`",
        "text \"ship it\" for 2s { word_animation: { style: box  words: [{ text: \"ship\", start: 0s, end: 1s }] } }",
    ),
    // Transitions.
    exact(
        "overlap and `through` transitions between pictures without sound",
        "a cut in the middle of the window, and the transition centred on it",
        "sequence {\n  image \"https://m.example/i.png\" for 3s\n  transition wipe_left for 1s\n  image \"https://m.example/i.png\" for 3s\n  transition cross_dissolve for 1s through\n  text \"a\" for 3s\n}",
    ),
    approximated(
        "… with a cross-fade of sound, or with `audio: cut` that the centring moves",
        VerdictCode::TransitionAudio,
        "one sound ends, or fades out, at the cut, where the other begins",
        "sequence {\n  video \"https://m.example/v.mp4\" [0s..3s]\n  transition cross_dissolve for 1s\n  video \"https://m.example/v.mp4\" [4s..8s]\n}",
    ),
    approximated(
        "… that would need media from before its start",
        VerdictCode::TransitionMoved,
        "the window is centred on the cut as it is; sources that ask for it have an error of their own",
        "",
    ),
    exact(
        "`cross_dissolve` from or to the background, without sound",
        "a `fade` motion of the element",
        "sequence {\n  transition cross_dissolve for 1s\n  image \"https://m.example/i.png\" for 3s\n}",
    ),
    refused(
        "other transitions from or to the background",
        VerdictCode::TransitionBackground,
        "left out",
        "sequence {\n  transition wipe_left for 1s\n  image \"https://m.example/i.png\" for 3s\n}",
    ),
    // Sound.
    exact(
        "volume in percent or decibels, fades",
        "percent to nine places, `fade_in_duration`, `fade_out_duration`",
        "text \"a\" for 4s\naudio \"https://m.example/a.mp3\" until end { volume: -12dB  fade_out_duration: 1s }",
    ),
    refused(
        "volume above 100 %",
        VerdictCode::VolumeTooLoud,
        "100",
        "text \"a\" for 4s\naudio \"https://m.example/a.mp3\" until end { volume: 6dB }",
    ),
    exact(
        "silent audio",
        "left out",
        "text \"a\" for 4s\naudio \"https://m.example/a.mp3\" until end { volume: 0% }",
    ),
    refused(
        "volume with keyframes",
        VerdictCode::Keyframes,
        "the first value",
        "text \"a\" for 4s\naudio \"https://m.example/a.mp3\" until end { volume: [0s: 0%, 1s: 100%] }",
    ),
    refused(
        "`pan`",
        VerdictCode::Pan,
        "both sides alike",
        "text \"a\" for 4s\naudio \"https://m.example/a.mp3\" until end { pan: 40% }",
    ),
    approximated(
        "`duck` on audio",
        VerdictCode::Duck,
        "pieces of constant volume, four for each ramp",
        "audio bed \"https://m.example/a.mp3\" [0s..4s]\nvideo v \"https://m.example/v.mp4\" [0s..2s] at 1s\nduck bed under v by 12dB",
    ),
    refused(
        "… on video, on media played backwards, or with keyframes of `volume`",
        VerdictCode::Duck,
        "the volume without it",
        "audio bed \"https://m.example/a.mp3\" [0s..4s]\nvideo v \"https://m.example/v.mp4\" [0s..2s] at 1s\nduck v under bed by 12dB",
    ),
];

/// The table in Markdown, with a final line break.
pub fn verdict_table() -> String {
    let mut table = String::from("| construct | verdict | what the body says |\n| --- | --- | --- |\n");
    for row in VERDICT_TABLE {
        let verdict = match row.faithfulness {
            Faithfulness::Exact => "exact".to_owned(),
            Faithfulness::Approximated(code) => format!("approximated `{code}`"),
            Faithfulness::Refused(code) if code.can_be_baked() => format!("baked, or refused `{code}`"),
            Faithfulness::Refused(code) => format!("refused `{code}`"),
        };
        table.push_str(&format!("| {} | {verdict} | {} |\n", row.construct, row.body));
    }
    table
}
