//! Laws of time, over random films.

mod support;

use std::sync::Arc;

use proptest::prelude::*;
use support::Stage;
use vid_compiler::{Code, CompileRequest, MediaTrouble, Severity, Sharing};
use vid_timeline::{Rational, Time, Timeline};

fn compile(text: &str) -> Arc<Timeline> {
    Stage::of(text).film().unwrap_or_else(|said| panic!("{text}\n{said}"))
}

/// Ranges of elements by their own names, and of transitions, without the paths of containers.
fn places(timeline: &Timeline) -> Vec<String> {
    let own = |id: &str| id.rsplit('.').next().unwrap_or(id).to_owned();
    let elements = timeline.elements.iter().map(|e| format!("{} {}", own(&e.id), e.record_range));
    let side = |id: &Option<String>| id.as_deref().map_or_else(|| "–".to_owned(), own);
    let transitions =
        timeline.transitions.iter().map(|t| format!("{} {} {}", side(&t.from), side(&t.to), t.record_range));
    elements.chain(transitions).collect()
}

/// What stands before a slide.
#[derive(Clone, Copy, Debug)]
enum Between {
    Nothing,
    /// Thirtieths of a second.
    Overlap(u32),
    UpTo(u32),
    Through(u32, &'static str),
    Gap(u32),
}

/// A slide: its length in thirtieths of a second, and what stands before it.
type Slide = (u32, Between);

/// Slides with something between them, all of which fits: lengths from 2 s up, passages below 1 s.
fn slides() -> impl Strategy<Value = Vec<Slide>> {
    let between = prop_oneof![
        Just(Between::Nothing),
        (1u32..29).prop_map(Between::Overlap),
        (1u32..29).prop_map(Between::UpTo),
        (1u32..29, prop::sample::select(vec!["center", "start", "end"]))
            .prop_map(|(length, align)| Between::Through(length, align)),
        (1u32..90).prop_map(Between::Gap),
    ];
    prop::collection::vec((60u32..600, between), 3..12)
}

impl Between {
    fn text(self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Overlap(length) => format!("transition cross_dissolve for {length}s / 30\n"),
            Self::UpTo(length) => format!("transition wipe_left for up to {length}s / 30\n"),
            Self::Through(length, align) => {
                format!("transition iris for {length}s / 30 through {{ align: {align} }}\n")
            }
            Self::Gap(length) => format!("gap {length}s / 30\n"),
        }
    }
}

fn slide(index: usize, length: u32) -> String {
    format!("image s{index} \"a.png\" for {length}s / 30\n")
}

/// The slides as one sequence.
fn flat(slides: &[Slide]) -> String {
    let before = |index: usize, between: Between| if index > 0 { between.text() } else { String::new() };
    let lines = slides
        .iter()
        .enumerate()
        .map(|(index, (length, between))| before(index, *between) + &slide(index, *length));
    lines.collect()
}

/// The slides from `first` on, some of them in sequences of their own; `choices` says where.
fn nested(slides: &[Slide], first: usize, choices: &mut impl FnMut() -> u32, depth: u32) -> String {
    let mut text = String::new();
    let mut at = 0;
    while at < slides.len() {
        if at > 0 {
            text.push_str(&slides[at].1.text());
        }
        let room = slides.len() - at;
        let length = 1 + choices() as usize % room;
        if depth > 0 && choices().is_multiple_of(2) {
            let inner = nested(&slides[at..at + length], first + at, choices, depth - 1);
            text.push_str(&format!("sequence {{\n{inner}}}\n"));
            at += length;
        } else {
            text.push_str(&slide(first + at, slides[at].0));
            at += 1;
        }
    }
    text
}

/// A film of one sequence.
fn film(body: &str) -> Arc<Timeline> {
    compile(&format!("composition f 640x360 30fps {{\nsequence s {{\n{body}}}\n}}\n"))
}

/// A small generator of numbers; the same ones for the same seed.
fn numbers(seed: u64) -> impl FnMut() -> u32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(state >> 40).expect("24 bits fit")
    }
}

/// How long the media of an element are, by its id `s.c3`.
fn media_length(id: &str, clips: &[(i64, i64, i64, u32, usize)]) -> Time {
    let index: usize = id.trim_start_matches("s.c").parse().expect("the id ends in a number");
    let (length, before, after, _, _) = clips[index];
    Time::new(before + length + after, 30)
}

/// Ticks that hold milliseconds, frames at 30000/1001, 24 and 25 a second, and samples.
const TICKS: i64 = 240_000;

#[test]
fn ten_thousand_cuts_do_not_drift() {
    let mut next = numbers(29_970);
    let mut cuts = 0;
    while cuts < 10_000 {
        let mut body = String::new();
        let mut edges = vec![0i64];
        for index in 0..2_501 {
            let count = i64::from(next() % 400) + 1;
            let (text, unit) = match next() % 5 {
                0 => (format!("{count}f"), 8_008),
                1 => (format!("{count}ms"), TICKS / 1_000),
                2 => (format!("{count}s / 24"), TICKS / 24),
                3 => (format!("{count}s / 25"), TICKS / 25),
                _ => (format!("{count}s / 48000"), TICKS / 48_000),
            };
            edges.push(edges[index] + count * unit);
            body.push_str(&format!("image s{index} \"a.png\" for {text}\n"));
        }
        let film =
            compile(&format!("composition f 640x360 30000/1001fps for 20h {{\nsequence {{\n{body}}}\n}}\n"));
        assert_eq!(film.elements.len(), 2_501);
        for (element, edge) in film.elements.iter().zip(edges.windows(2)) {
            let range = element.record_range;
            assert_eq!((range.start, range.end), (Time::new(edge[0], TICKS), Time::new(edge[1], TICKS)));
            // Rounded once, halves up, by integers alone.
            let frame = |ticks: i64| {
                let (ticks, per_tick) = (i128::from(ticks) * 30_000, i128::from(TICKS) * 1_001);
                (2 * ticks + per_tick).div_euclid(2 * per_tick)
            };
            let frames = range.frames(film.frame_rate);
            assert_eq!((i128::from(frames.start), i128::from(frames.end)), (frame(edge[0]), frame(edge[1])));
        }
        cuts += film.elements.len() - 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nesting_sequences_changes_nothing(slides in slides(), seed in any::<u64>()) {
        let (flat, nested) = (film(&flat(&slides)), film(&nested(&slides, 0, &mut numbers(seed), 3)));
        prop_assert_eq!(flat.duration, nested.duration);
        prop_assert_eq!(places(&flat), places(&nested));
    }

    #[test]
    fn a_sequence_is_its_parts_less_its_overlaps(slides in slides()) {
        let film = film(&flat(&slides));
        let mut expected = 0i64;
        for (index, (length, between)) in slides.iter().enumerate() {
            expected += i64::from(*length);
            expected += match between {
                Between::Overlap(length) | Between::UpTo(length) if index > 0 => -i64::from(*length),
                Between::Gap(length) if index > 0 => i64::from(*length),
                _ => 0,
            };
        }
        prop_assert_eq!(film.duration, Time::new(expected, 30));
    }

    #[test]
    fn a_passage_through_a_cut_moves_nothing(slides in slides()) {
        let without: Vec<Slide> = slides
            .iter()
            .map(|(length, between)| match between {
                Between::Through(..) => (*length, Between::Nothing),
                other => (*length, *other),
            })
            .collect();
        let (with, without) = (film(&flat(&slides)), film(&flat(&without)));
        prop_assert_eq!(with.duration, without.duration);
        for (one, other) in with.elements.iter().zip(&without.elements) {
            prop_assert_eq!(one.record_range, other.record_range);
        }
    }

    #[test]
    fn a_later_start_moves_everything(slides in slides(), by in 1u32..400) {
        let body = flat(&slides);
        let at = |start: u32| {
            compile(&format!("composition f 640x360 30fps {{\nsequence s at {start}s / 30 {{\n{body}}}\n}}\n"))
        };
        let (here, there) = (at(0), at(by));
        let by = Time::new(by.into(), 30);
        prop_assert_eq!(here.duration + by, there.duration);
        let ranges = |film: &Timeline| {
            let elements = film.elements.iter().map(|element| element.record_range);
            elements.chain(film.transitions.iter().map(|transition| transition.record_range)).collect::<Vec<_>>()
        };
        for (one, other) in ranges(&here).into_iter().zip(ranges(&there)) {
            prop_assert_eq!(one.shifted(by), other);
        }
    }

    #[test]
    fn what_is_played_is_as_long_as_its_place(
        clips in prop::collection::vec((0i64..200, 4i64..200, 25i64..400, any::<bool>()), 1..8),
    ) {
        let body: String = clips
            .iter()
            .enumerate()
            .map(|(index, (start, length, speed, reverse))| {
                let end = start + length;
                format!("video c{index} \"a.mp4\" [{start}s / 30..{end}s / 30] {{ speed: {speed} / 100  reverse: {reverse} }}\n")
            })
            .collect();
        let film = film(&body);
        for (element, (start, length, speed, reverse)) in film.elements.iter().zip(&clips) {
            let clip = element.content.clip().expect("videos are clips");
            prop_assert_eq!(clip.source_range.start, Time::new(*start, 30));
            prop_assert_eq!(clip.source_range.end, Time::new(start + length, 30));
            prop_assert_eq!(element.record_range.duration() * Rational::ratio(*speed, 100), Time::new(*length, 30));
            let first = clip.source_from_record(element.record_range, element.record_range.start);
            prop_assert_eq!(first, if *reverse { clip.source_range.end } else { clip.source_range.start });
        }
    }

    /// What does not fit is said as such: the check of the finished timeline never has to say it.
    #[test]
    fn what_does_not_fit_is_said_in_words(
        clips in prop::collection::vec((2i64..60, 0i64..30, 0i64..30, 1u32..40, 0usize..5), 2..7),
    ) {
        let (mut body, mut media) = (String::new(), String::new());
        for (index, (length, before, after, passage, kind)) in clips.iter().enumerate() {
            if index > 0 {
                body.push_str(&match kind {
                    0 => Between::Overlap(*passage).text(),
                    1 => Between::UpTo(*passage).text(),
                    2 => Between::Through(*passage, "center").text(),
                    3 => Between::Through(*passage, "start").text(),
                    _ => format!("transition iris for up to {passage}s / 30 through {{ align: end }}\n"),
                });
            }
            let end = before + length;
            body.push_str(&format!("video c{index} \"{index}.mp4\" [{before}s / 30..{end}s / 30]\n"));
            media.push_str(&format!("{index}.mp4 video {}/30s 640x360\n", end + after));
        }
        let text = format!("composition f 640x360 30fps {{\nsequence s {{\n{body}}}\n}}\n");
        let compiled = Stage { source: text.clone(), media, ..Stage::default() }.compile(None);
        let known = [Code::TransitionTooLong, Code::HandleTooShort];
        // Where a transition is too long, what it cuts off is warned of too.
        let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
        for diagnostic in &errors {
            prop_assert!(known.contains(&diagnostic.code), "{} {}\n{}", diagnostic.code, diagnostic.message, text);
        }
        prop_assert_eq!(compiled.timeline.is_some(), errors.is_empty(), "{}", text);
        for transition in compiled.timeline.iter().flat_map(|film| &film.transitions) {
            for side in transition.from.iter().chain(&transition.to) {
                let film = compiled.timeline.as_ref().expect("it has transitions");
                let element = film.element(side).expect("transitions join elements");
                let clip = element.content.clip().expect("videos are clips");
                let media = media_length(side, &clips);
                for edge in [transition.record_range.start, transition.record_range.end] {
                    let shown = clip.source_from_record(element.record_range, edge);
                    prop_assert!(!shown.is_negative() && shown <= media, "{side} shows {shown} of {media}\n{text}");
                }
            }
        }
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
        let (compiler, file) = Stage::of(&text).open(Sharing::default());
        let _ = compiler.check(file, MediaTrouble::Fails);
        let compiled = compiler.compile(file, &CompileRequest::default());
        prop_assert!(compiled.timeline.is_some() || !compiled.diagnostics.is_empty());
    }
}
