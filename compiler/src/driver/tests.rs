//! That the prelude and the timeline fit each other.

use std::sync::Arc;

use vid_timeline::Timeline;

use crate::diagnostics::Severity;
use crate::driver::api::{CompileRequest, Compiler, MediaTrouble};
use crate::driver::prelude::PRELUDE;
use crate::files::{CompilerDatabase, MemorySystem};
use crate::types::{Atom, FieldSchema, prelude_schema};

#[test]
fn the_same_text_gives_the_same_timeline() {
    let text = "let accent = #ff5a36
        composition first 640x360 30fps { text title \"one\" for 2s { text_color: accent } }
        composition second 640x360 30fps { text title \"two\" for 3s { text_color: accent } }";
    let compile = || {
        let mut compiler = Compiler::new(MemorySystem::new());
        let file = compiler.set_text("film.vid", text);
        let request = CompileRequest { composition: Some("second".to_owned()), params: Vec::new() };
        compiler.compile(file, &request).timeline.unwrap()
    };
    assert_eq!(compile(), compile());
}

#[test]
fn the_prelude_has_no_errors_and_a_word_for_everything() {
    let mut compiler = Compiler::new(MemorySystem::new());
    for (path, text) in PRELUDE {
        let parse = vid_grammar::parse(text);
        assert_eq!(parse.errors(), &[], "{path}");
        // Seen as an author's file, it may be unused or undocumented, but not wrong.
        let file = compiler.set_text(path, text);
        let wrong: Vec<_> = compiler
            .check(file, MediaTrouble::Warns)
            .into_iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .collect();
        assert!(wrong.is_empty(), "{path}: {wrong:?}");
    }
    let db = CompilerDatabase::new(MemorySystem::new(), PRELUDE, &[], None);
    let schema = prelude_schema(&db);
    for name in
        ["composition", "sequence", "stack", "gap", "transition", "marker", "motion", "effect", "output"]
    {
        assert!(schema.kind(name).is_some(), "{name} is declared");
    }
}

/// A value for a property that is not its default, as it would be written.
fn other_value(field: &FieldSchema, schema: &crate::types::Schema) -> String {
    if let Some(value) = match &*field.name {
        "lut_url" => Some("\"film.cube\""),
        "word_animation" => Some("{ style: box, words: [{ text: \"a\", start: 0s, end: 1s }] }"),
        "metadata" => Some("{ a: \"b\" }"),
        "duration" => Some("4s"),
        "in_point" => Some("1s"),
        "out_point" => Some("4s"),
        "font_weight" => Some("700"),
        "blending" => Some("linear"),
        "view_box" => Some("[0, 0, 9, 9]"),
        "dash" => Some("[3px, 2px]"),
        _ => None,
    } {
        return value.to_owned();
    }
    match &field.ty.atoms[0] {
        Atom::Bool => match field.default {
            Some(crate::eval::Value::Bool(true)) => "false",
            _ => "true",
        }
        .to_owned(),
        Atom::Text | Atom::Media(_) => "\"other.png\"".to_owned(),
        Atom::Number if &*field.name == "speed" => "2".to_owned(),
        Atom::Number => "0.5".to_owned(),
        Atom::Integer if &*field.name == "audio_bitrate" => "128".to_owned(),
        Atom::Integer => "16".to_owned(),
        Atom::Time => "500ms".to_owned(),
        Atom::Length => "12px".to_owned(),
        Atom::Percent | Atom::Level => "25%".to_owned(),
        Atom::Angle => "30deg".to_owned(),
        Atom::Loudness => "-16lufs".to_owned(),
        Atom::Color => "#123456".to_owned(),
        Atom::Rate => "25fps".to_owned(),
        Atom::Enum(name) => {
            let members = &schema.enums[name].members;
            let default = match &field.default {
                Some(crate::eval::Value::Word(word)) => word.to_string(),
                _ => String::new(),
            };
            members.iter().map(|(word, _)| word.to_string()).find(|word| *word != default).unwrap()
        }
        other => panic!("no other value of {other} for {}", field.name),
    }
}

fn plays_or_shows(kind: &str) -> bool {
    matches!(kind, "video" | "image" | "text" | "shape" | "sequence" | "stack")
}

fn film(body: &str) -> Arc<Timeline> {
    let mut compiler = Compiler::new(MemorySystem::new());
    let file = compiler.set_text("film.vid", body);
    let compiled = compiler.compile(file, &CompileRequest::default());
    compiled.timeline.unwrap_or_else(|| panic!("{body}\n{:#?}", compiled.diagnostics))
}

/// The timeline without the places it comes from.
fn content(timeline: &Timeline) -> Timeline {
    let mut timeline = timeline.clone();
    timeline.containers.iter_mut().for_each(|part| part.origin = None);
    timeline.elements.iter_mut().for_each(|part| part.origin = None);
    timeline.transitions.iter_mut().for_each(|part| part.origin = None);
    timeline.outputs.iter_mut().for_each(|part| part.origin = None);
    timeline
}

#[test]
fn every_property_reaches_the_timeline() {
    let db = CompilerDatabase::new(MemorySystem::new(), PRELUDE, &[], None);
    let schema = prelude_schema(&db);
    // Where a kind stands; `…` is the property.
    let places = [
        ("video", "composition f 640x360 30fps { video \"a.mp4\" { … } }"),
        ("audio", "composition f 640x360 30fps { audio \"a.mp3\" { … } }"),
        ("image", "composition f 640x360 30fps for 9s { image \"a.png\" { … } }"),
        ("text", "composition f 640x360 30fps for 9s { text \"a\" { … } }"),
        ("shape", "composition f 640x360 30fps for 9s { shape path \"M0 0h9v9z\" { … } }"),
        ("mask", "composition f 640x360 30fps for 9s { image \"a.png\" { mask path \"M0 0h9v9z\" { … } } }"),
        ("composition", "composition f { text \"a\" for 5s  … }"),
        ("sequence", "composition f 640x360 30fps { sequence { … text \"a\" for 5s } }"),
        ("stack", "composition f 640x360 30fps { stack { … text \"a\" for 5s } }"),
        (
            "gap",
            "composition f 640x360 30fps { sequence { text \"a\" for 5s  gap D { … } text \"b\" for 5s } }",
        ),
        (
            "transition",
            "composition f 640x360 30fps { sequence { image \"a.png\" for 5s  transition iris for 1s { … } image \"b.png\" for 5s } }",
        ),
        ("motion", "composition f 640x360 30fps for 9s { text \"a\" { motion fade for 1s { … } } }"),
        ("effect", "composition f 640x360 30fps for 9s { image \"a.png\" { effect chroma_key { … } } }"),
        ("output", "composition f 640x360 30fps for 9s { text \"a\"  output FORMAT { … } }"),
    ];
    // What the header of these says already, and what only another place shows.
    let skipped = |kind: &str, field: &str| {
        matches!(
            (kind, field),
            ("video" | "audio" | "image", "source_url")
                | ("text", "text")
                | ("gap" | "transition" | "motion" | "effect" | "output", "type" | "format")
                | ("gap" | "transition", "duration")
                | ("motion", "duration")
                // Both sides of a canvas are said together.
                | ("composition", "width" | "height")
                // Those of other outlines are in the suite.
                | ("shape" | "mask", "type" | "path" | "radius" | "source_url")
                | ("shape", "x1" | "y1" | "x2" | "y2")
        )
    };
    let mut lost = Vec::new();
    for (kind, place) in places {
        let place = place.replace("gap D {", "gap 1s {");
        // Media whose length is known by their trim, unless the property is part of it.
        for field in &schema.kind(kind).unwrap().fields {
            // Every layer has a number of its own: what counts is the order, see the suite.
            if skipped(kind, &field.name) || (plays_or_shows(kind) && &*field.name == "z_index") {
                continue;
            }
            let trim = match &*field.name {
                "duration" => "in_point: 0s",
                "out_point" => "in_point: 0s",
                "in_point" => "out_point: 5s",
                _ => "in_point: 0s  out_point: 5s",
            };
            // Each format has settings of its own.
            let place = place.replace(
                "FORMAT",
                match &*field.name {
                    "codec" | "preset" => "mp4",
                    "profile" | "audio_codec" => "mov",
                    "quality" => "jpg",
                    "colors" | "dither" | "plays" => "gif",
                    "time" => "png",
                    "sample_format" => "wav",
                    _ => "webm",
                },
            );
            let plays = matches!(kind, "video" | "audio");
            let with = |property: &str| {
                let property = if plays { format!("{trim}  {property}") } else { property.to_owned() };
                place.replace('…', &property)
            };
            let value = other_value(field, schema);
            let other = match &*field.name {
                // These show only together with another.
                "lut_intensity" => "lut_url: \"x.cube\"",
                "stroke_width" | "dash" | "cap" | "join" if kind == "shape" => "stroke_color: #ffffff",
                "dash_offset" => "stroke_color: #ffffff  dash: [9px, 9px]",
                "align" => "through: true",
                "loop" if plays => "duration: 5s",
                _ => "",
            };
            let base = with(&format!(
                "{other} {}",
                if plays && field.name.as_ref() == "out_point" {
                    "out_point: 3s"
                } else if plays && &*field.name == "duration" {
                    "duration: 3s"
                } else {
                    ""
                }
            ));
            let changed = with(&format!("{other} {}: {value}", field.name));
            if content(&film(&base)) == content(&film(&changed)) {
                lost.push(format!("{kind}.{}", field.name));
            }
        }
    }
    assert_eq!(lost, Vec::<String>::new(), "properties that change nothing");
}
