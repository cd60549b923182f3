//! The table of verdicts: every row is true, and the manual prints it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use vid_compiler::{CompileRequest, Compiler, MemorySystem, Severity};
use vid_timeline::api::{
    Faithfulness, ToJsonOptions, VERDICT_TABLE, VerdictCode, VerdictRow, to_json, verdict_table,
};
use vid_timeline::{AudioFacts, ColorTags, FrameRate, MediaFacts, MediaKind, Time, VideoFacts};

/// Facts of a medium of the table.
fn facts(kind: MediaKind, seconds: Option<i64>, size: Option<(u32, u32)>) -> MediaFacts {
    let duration = seconds.map(|seconds| Time::new(seconds, 1));
    let video = size.map(|(width, height)| VideoFacts {
        codec: "h264".to_owned(),
        width,
        height,
        frame_rate: duration.map(|_| FrameRate::DEFAULT),
        variable_frame_rate: false,
        frame_count: None,
        duration,
        start: Time::ZERO,
        pixel_format: "yuv420p".to_owned(),
        bit_depth: 8,
        has_alpha: false,
        sample_aspect: (1, 1),
        rotation: 0,
        interlaced: false,
        color: ColorTags::default(),
    });
    let audio = duration.map(|_| AudioFacts {
        codec: "aac".to_owned(),
        sample_rate: 48_000,
        channels: 2,
        layout: "stereo".to_owned(),
        duration,
        start: Time::ZERO,
    });
    MediaFacts { kind, container: "mp4".to_owned(), duration, video, audio, size_bytes: 1 }
}

/// The verdicts on the film of a row, each once.
fn verdicts(row: &VerdictRow) -> Result<BTreeSet<String>, String> {
    let film = match row.film.starts_with("composition") {
        true => row.film.to_owned(),
        false => format!("composition film 640x360 30fps {{\n{}\n}}", row.film),
    };
    let mut compiler = Compiler::new(MemorySystem::new());
    let file = compiler.set_text("film.vid", &film);
    let known = [
        ("https://m.example/v.mp4", facts(MediaKind::Video, Some(20), Some((1920, 1080)))),
        ("https://m.example/v.mkv", facts(MediaKind::Video, Some(20), Some((1920, 1080)))),
        ("https://m.example/a.mp3", facts(MediaKind::Audio, Some(60), None)),
        ("https://m.example/i.png", facts(MediaKind::Image, None, Some((400, 200)))),
        ("local.png", facts(MediaKind::Image, None, Some((400, 200)))),
    ];
    for (location, facts) in known {
        compiler.set_media_facts(location, Ok(facts));
    }
    let request = CompileRequest { composition: Some("film".to_owned()), ..CompileRequest::default() };
    let compiled = compiler.compile(file, &request);
    let mut errors = compiled.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    if let Some(error) = errors.next() {
        return Err(error.message.clone());
    }
    let written = to_json(&compiled.timeline.unwrap(), &ToJsonOptions::default());
    Ok(written.verdicts.iter().map(|verdict| format!("{} {}", verdict.level, verdict.code)).collect())
}

#[test]
fn every_row_is_true() {
    let mut wrong = Vec::new();
    for row in VERDICT_TABLE.iter().filter(|row| !row.film.is_empty()) {
        let expected = row.faithfulness.verdict().map(|(level, code)| format!("{level} {code}"));
        let found = verdicts(row);
        if found != Ok(expected.iter().cloned().collect()) {
            wrong.push(format!("{}: expected {expected:?}, found {found:?}\n{}\n", row.construct, row.film));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_that_a_film_can_have_is_in_the_table() {
    let of_row = |row: &VerdictRow| match row.faithfulness {
        Faithfulness::Approximated(code) | Faithfulness::Refused(code) => Some(code),
        Faithfulness::Exact => None,
    };
    let listed: BTreeSet<VerdictCode> = VERDICT_TABLE.iter().filter_map(of_row).collect();
    let missing: Vec<&VerdictCode> = VerdictCode::ALL.iter().filter(|code| !listed.contains(code)).collect();
    assert_eq!(missing, Vec::<&VerdictCode>::new());
}

#[test]
fn the_manual_prints_the_table() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/api.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = ("<!-- verdicts -->\n", "<!-- end of verdicts -->\n");
    let (before, rest) = page.split_once(begin).unwrap();
    let (shown, after) = rest.split_once(end).unwrap();
    let table = verdict_table();
    if std::env::var_os("UPDATE_EXPECT").is_some() && shown != table {
        std::fs::write(&path, format!("{before}{begin}{table}{end}{after}")).unwrap();
    } else {
        assert_eq!(shown, table, "UPDATE_EXPECT=1 writes the table anew");
    }
}
