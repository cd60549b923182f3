//! Laws of time, over random films.

use std::sync::Arc;

use proptest::prelude::*;
use vid_compiler::{CompileRequest, Compiler, MemorySystem};
use vid_timeline::{Rational, Time, Timeline};

fn compile(text: &str) -> Arc<Timeline> {
    let mut compiler = Compiler::new(MemorySystem::new());
    let file = compiler.set_text("film.vid", text);
    let compiled = compiler.compile(file, &CompileRequest::default());
    compiled.timeline.unwrap_or_else(|| panic!("{text}\n{:?}", compiled.diagnostics))
}

/// Ranges of elements by their own names, and of transitions, without the paths of containers.
fn places(timeline: &Timeline) -> Vec<String> {
    let own = |id: &str| id.rsplit('.').next().unwrap_or(id).to_owned();
    let elements = timeline.elements.iter().map(|e| format!("{} {}", own(&e.id), e.record_range));
    let transitions =
        timeline.transitions.iter().map(|t| format!("{} {} {}", own(&t.from), own(&t.to), t.record_range));
    elements.chain(transitions).collect()
}

/// Slides with transitions between them, all of which fit: lengths from 2 s up, overlaps below 1 s.
fn slides() -> impl Strategy<Value = Vec<(u32, u32, u32)>> {
    prop::collection::vec((60u32..600, 1u32..29, 0u32..3), 3..12)
}

fn slide(index: usize, length: u32) -> String {
    format!("image s{index} \"a.png\" for {length}s / 30\n")
}

fn passage((_, overlap, kind): (u32, u32, u32)) -> String {
    match kind {
        0 => String::new(),
        1 => format!("transition cross_dissolve for {overlap}s / 30\n"),
        _ => format!("transition wipe_left for up to {overlap}s / 30\n"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nesting_a_sequence_changes_nothing(slides in slides(), cut in 1usize..11) {
        let cut = cut.min(slides.len() - 1);
        let mut flat = String::new();
        let mut nested = String::new();
        for (index, slide_data) in slides.iter().enumerate() {
            let before = if index > 0 { passage(slides[index - 1]) } else { String::new() };
            let here = slide(index, slide_data.0);
            flat.push_str(&before);
            flat.push_str(&here);
            nested.push_str(&before);
            if index == cut {
                nested.push_str("sequence inner {\n");
            }
            nested.push_str(&here);
        }
        nested.push_str("}\n");
        let film = |body: &str| compile(&format!("composition f 640x360 30fps {{\nsequence s {{\n{body}}}\n}}\n"));
        let (flat, nested) = (film(&flat), film(&nested));
        prop_assert_eq!(flat.duration, nested.duration);
        prop_assert_eq!(places(&flat), places(&nested));
    }

    #[test]
    fn neighbours_meet_and_nothing_drifts(
        lengths in prop::collection::vec((1i64..5_000, 1i64..1_001), 1..60),
        rate in prop::sample::select(vec!["24fps", "25fps", "30fps", "30000/1001fps", "24000/1001fps", "60fps"]),
    ) {
        let body: String = lengths
            .iter()
            .enumerate()
            .map(|(index, (n, d))| format!("image s{index} \"a.png\" for {n}s / {d}\n"))
            .collect();
        let film = compile(&format!("composition f 640x360 {rate} for 10h {{\nsequence s {{\n{body}}}\n}}\n"));
        let mut expected = Time::ZERO;
        let mut last_frame = 0;
        for (element, (n, d)) in film.elements.iter().zip(&lengths) {
            prop_assert_eq!(element.record_range.start, expected);
            expected = expected + Time::from_seconds(Rational::ratio(*n, *d));
            prop_assert_eq!(element.record_range.end, expected);
            let frames = element.record_range.frames(film.frame_rate);
            prop_assert_eq!(frames.start, last_frame);
            last_frame = frames.end;
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "(composition |text |video |sequence |\\{|\\}|\"|\\[|\\]|a|at |for |1s|\\.\\.|: |end|\\.start|transition |let |=|\\(|\\)|50%|\n| ){0,60}") {
        let mut compiler = Compiler::new(MemorySystem::new());
        let file = compiler.set_text("film.vid", &text);
        let _ = compiler.check(file, vid_compiler::MediaTrouble::Fails);
        let compiled = compiler.compile(file, &CompileRequest::default());
        prop_assert!(compiled.timeline.is_some() || !compiled.diagnostics.is_empty());
    }
}
