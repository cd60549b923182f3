//! How words of the language are written: what hovers show by way of example.

use vid_compiler::{EnumInfo, FieldInfo, Vocabulary, WordInfo};

/// An outline as SVG writes it.
const TRIANGLE: &str = "M 60 0 L 120 100 L 0 100 Z";

/// A statement of a kind as an author would write it; `None` for kinds that are only values.
pub(super) fn of_kind(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "video" => "video \"media/beach.mp4\" [2s..6s] at 1s",
        "audio" => "audio \"media/music.mp3\" for 30s { volume: -6dB }",
        "image" => "image \"media/photo.jpg\" for 4s { fit: cover }",
        "text" => "text \"Hello\" at 1s for 3s { font_size: 72  y: 80% }",
        "shape" => "shape rect for 3s { width: 50%  height: 10%  fill: #ff5a36 }",
        "captions" => "captions \"media/talk.srt\" { max_chars: 32 }",
        "composition" => "composition film 1920x1080 30fps { text \"Hello\" for 3s }",
        "sequence" => "sequence { text \"one\" for 2s  gap 1s  text \"two\" for 2s }",
        "stack" => "stack at 2s { image \"media/photo.jpg\" for 3s  text \"on top\" for 3s }",
        "gap" => "gap 500ms",
        "transition" => "transition cross_dissolve for 500ms",
        "duck" => "duck music under voice by 12dB",
        "marker" => "marker beat at 5s",
        "motion" => "motion ken_burns_in at 1s for 2s",
        "enter" => "enter slide_up for 400ms",
        "exit" => "exit fade for 400ms",
        "loop" => "loop loop_breathe",
        "effect" => "effect glow 50%",
        "mask" => "mask ellipse { width: 80%  height: 80% }",
        "output" => "output mp4 { crf: 20 }",
        _ => return None,
    })
}

/// A value of a property, and, where it takes keyframes, one that changes: `opacity: [0s: 0%, 1s: 50%]`.
pub(super) fn of_field(field: &FieldInfo) -> Option<String> {
    let value = value(field)?;
    let name = &field.name;
    match (field.has("animatable"), rest(&value)) {
        (true, Some(rest)) => Some(format!("{name}: {value}\n{name}: [0s: {rest}, 1s: {value} ease_out]")),
        _ => Some(format!("{name}: {value}")),
    }
}

/// Where a value that moves may come from: nothing, in the same unit.
fn rest(value: &str) -> Option<String> {
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
    (unit.len() < value.len()).then(|| format!("0{unit}"))
}

/// A value that a property takes and that is not its default.
fn value(field: &FieldInfo) -> Option<String> {
    let is_other = |value: &&str| field.default.as_deref() != Some(*value);
    let first = field.type_names.first()?;
    if let Some(set) = Vocabulary::bundled().set(first) {
        let mut words = set.words.iter().map(|word| &*word.name);
        return words.find(|word| is_other(word)).map(str::to_owned);
    }
    let candidates: &[&str] = match &**first {
        "percent" => &["50%", "25%"],
        "length" => &["120px", "24px"],
        "color" => &["#ff5a36"],
        "time" => &["500ms", "2s"],
        "angle" => &["90deg", "45deg"],
        "level" => &["50%"],
        "loudness" => &["-14lufs"],
        "number" => &["0.5", "2"],
        "integer" => &["30", "700", "2"],
        "bool" => &["true", "false"],
        "rate" => &["25fps"],
        _ => return None,
    };
    let (low, high) = bounds(field);
    let is_within = |value: &&str| {
        let amount = amount(value);
        // A bound in another unit says nothing about this one.
        let same = |bound: &str| rest(bound) == rest(value);
        low.as_deref().filter(|low| same(low)).is_none_or(|low| amount >= self::amount(low))
            && high.as_deref().filter(|high| same(high)).is_none_or(|high| amount <= self::amount(high))
    };
    candidates
        .iter()
        .filter(|value| is_other(value))
        .find(|value| is_within(value))
        .map(|value| (*value).to_owned())
}

/// Smallest and largest value as written.
fn bounds(field: &FieldInfo) -> (Option<String>, Option<String>) {
    let Some((low, high)) = field.bounds.as_deref().and_then(|bounds| bounds.split_once("..")) else {
        return (None, None);
    };
    (Some(low.trim().to_owned()), Some(high.trim().to_owned()))
}

/// The number of a literal, in millionths.
fn amount(literal: &str) -> i64 {
    let (sign, digits) = literal.strip_prefix('-').map_or((1, literal), |rest| (-1, rest));
    let end = digits.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(digits.len());
    let (whole, part) = digits[..end].split_once('.').unwrap_or((&digits[..end], ""));
    let part: i64 = format!("{part:0<6.6}").parse().unwrap_or_default();
    sign * (whole.parse::<i64>().unwrap_or_default().saturating_mul(1_000_000).saturating_add(part))
}

/// A word in the statement that says it, with where to see what it looks like.
pub(super) fn of_word(set: &EnumInfo, word: &WordInfo) -> Option<(String, Option<&'static str>)> {
    let name = &word.name;
    let has = |flag: &str| word.flags.iter().any(|known| known == flag);
    Some(match &*set.name {
        "effect" => (format!("effect {name}"), Some("effects")),
        "transition" => (format!("transition {name} for 500ms"), Some("transitions")),
        "motion" => {
            let uses = [
                ("in", format!("enter {name} for 400ms")),
                ("out", format!("exit {name} for 400ms")),
                ("repeating", format!("loop {name}")),
            ];
            let lines = uses.into_iter().filter(|(flag, _)| has(flag)).map(|(_, line)| line);
            (lines.collect::<Vec<_>>().join("\n"), Some("motions"))
        }
        "easing" => (format!("opacity: [0s: 0%, 1s: 100% {name}]"), None),
        "shape" if name == "path" => (format!("shape path \"{TRIANGLE}\" for 3s"), None),
        "shape" => (format!("shape {name} for 3s"), None),
        "mask" => match &**name {
            "path" => (format!("mask path \"{TRIANGLE}\""), None),
            "image" => ("mask image \"media/matte.png\"".to_owned(), None),
            // Stands for the names of elements, and is never written.
            "element" => return None,
            _ => (format!("mask {name}"), None),
        },
        "output_format" => (format!("output {name}"), None),
        _ => return None,
    })
}

/// The units that numbers of a property's types are written in.
pub(super) fn units(field: &FieldInfo) -> Vec<&'static str> {
    let units = Vocabulary::bundled().units.iter();
    let fits = units.filter(|unit| field.type_names.contains(&unit.ty));
    fits.map(|unit| &*unit.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;
    use vid_compiler::{Code, MediaTrouble};

    /// What is wrong with the form or the values of a source; that files are missing is no matter.
    fn wrong(text: &str) -> Vec<String> {
        let fixture = Fixture::new(text);
        let found = fixture.compiler.check(fixture.id, MediaTrouble::Warns);
        let counts = |code: Code| {
            !code.as_str().starts_with("media-") && !matches!(code, Code::NeverVisible | Code::DataMissing)
        };
        let errors = found.into_iter().filter(|found| found.severity == vid_compiler::Severity::Error);
        errors
            .filter(|found| counts(found.code))
            .map(|found| format!("{}: {}", found.code, found.message))
            .collect()
    }

    #[test]
    fn every_kind_has_an_example_that_is_right() {
        let vocabulary = Vocabulary::bundled();
        for kind in vocabulary.kinds.iter().filter(|kind| kind.is_element()) {
            assert!(of_kind(&kind.name).is_some(), "{}", kind.name);
        }
        let words = vocabulary.kinds.iter().map(|kind| &*kind.name).chain(["enter", "exit", "loop"]);
        for word in words {
            let Some(example) = of_kind(word) else { continue };
            let text = match word {
                "composition" => example.to_owned(),
                "transition" | "gap" => format!(
                    "composition c 640x360 25fps {{ sequence {{ text \"a\" for 4s {example}\n text \"b\" for 4s }} }}"
                ),
                "motion" | "enter" | "exit" | "loop" | "effect" | "mask" => {
                    format!("composition c 640x360 25fps {{ image \"a.png\" for 4s {{ {example} }} }}")
                }
                "duck" => format!(
                    "composition c 640x360 25fps {{ audio music \"m.mp3\" for 9s\n audio voice \"v.mp3\" for 2s\n {example}\n text \"x\" for 9s }}"
                ),
                "marker" | "output" => {
                    format!("composition c 640x360 25fps {{ text \"x\" for 9s\n {example} }}")
                }
                _ => format!("composition c 640x360 25fps {{ text \"x\" for 20s\n {example} }}"),
            };
            assert_eq!(wrong(&text), [""; 0], "{text}");
        }
    }

    #[test]
    fn every_example_of_a_property_is_right() {
        let mut count = 0;
        for kind in Vocabulary::bundled().elements() {
            for field in kind.fields.iter().filter(|field| !field.has("subject") && !field.has("string")) {
                let Some(lines) = of_field(field) else { continue };
                for line in lines.lines() {
                    let head = match &*kind.name {
                        "text" => "text \"x\" for 4s".to_owned(),
                        "shape" => "shape rect for 4s".to_owned(),
                        "captions" => "captions \"a.srt\" for 4s".to_owned(),
                        // What the header says, the block may not say again.
                        name => format!("{name} \"a.{name}\""),
                    };
                    let head =
                        if matches!(&*field.name, "duration") { head.replace(" for 4s", "") } else { head };
                    let text =
                        format!("composition c 640x360 25fps {{ text \"x\" for 4s\n {head} {{ {line} }} }}");
                    let allowed = ["shape-property", "reserved-name"];
                    let found = wrong(&text);
                    let found: Vec<_> = found
                        .iter()
                        .filter(|found| !allowed.iter().any(|code| found.starts_with(code)))
                        .collect();
                    assert!(found.is_empty(), "{text}: {found:?}");
                    count += 1;
                }
            }
        }
        assert!(count > 150, "{count}");
    }

    #[test]
    fn every_example_of_a_word_is_right() {
        for set in &Vocabulary::bundled().enums {
            for word in &set.words {
                let Some((lines, _)) = of_word(set, word) else { continue };
                for line in lines.lines() {
                    let inside =
                        format!("composition c 640x360 25fps {{ image \"a.png\" for 4s {{ {line} }} }}");
                    let text = match &*set.name {
                        "transition" => format!(
                            "composition c 640x360 25fps {{ sequence {{ text \"a\" for 4s {line}\n text \"b\" for 4s }} }}"
                        ),
                        "shape" | "output_format" => {
                            format!("composition c 640x360 25fps {{ text \"x\" for 9s\n {line} }}")
                        }
                        _ => inside,
                    };
                    let found = wrong(&text);
                    assert!(found.is_empty(), "{text}: {found:?}");
                }
            }
        }
    }
}
