//! The table of verdicts: every row is true, and the manual prints it.

mod support;

use std::collections::BTreeSet;

use support::{Stage, film_of};
use vid_timeline::api::{
    Faithfulness, ToJsonOptions, VERDICT_TABLE, VerdictCode, VerdictRow, to_json, verdict_table,
};

/// What is known of the media of the table.
const MEDIA: &str = "
    https://m.example/v.mp4 video 20s 1920x1080 sound
    https://m.example/v.mkv video 20s 1920x1080 sound
    https://m.example/a.mp3 audio 60s
    https://m.example/i.png image 400x200
    local.png image 400x200
";

/// The verdicts on the film of a row, each once.
fn verdicts(row: &VerdictRow) -> Result<BTreeSet<String>, String> {
    let film = match row.film.starts_with("composition") {
        true => row.film.to_owned(),
        false => format!("composition film 640x360 30fps {{\n{}\n}}", row.film),
    };
    let stage = Stage { source: film, media: MEDIA.to_owned(), ..Stage::default() };
    let film = film_of(stage.compile(Some("film")))?;
    let written = to_json(&film, &ToJsonOptions::default());
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
