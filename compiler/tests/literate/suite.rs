//! The language suite: every case of `tests/suite` has the outcome that is written there.

use crate::harness;

#[test]
fn every_case_has_its_outcome() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut cases = 0;
    let mut wrong = Vec::new();
    for path in harness::markdown_files(&harness::root().join("tests/suite")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let (found, count) = harness::rerun(&text);
        cases += count;
        if found == text {
            continue;
        }
        if update {
            std::fs::write(&path, &found).unwrap();
        } else {
            let line = text.lines().zip(found.lines()).position(|(a, b)| a != b).unwrap_or_default();
            let around = |text: &str| text.lines().skip(line).take(8).collect::<Vec<_>>().join("\n  ");
            wrong.push(format!(
                "{}:{}\nexpected\n  {}\nfound\n  {}\n",
                path.display(),
                line + 1,
                around(&text),
                around(&found)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}\nUPDATE_EXPECT=1 writes what was found", wrong.join("\n"));
    assert!(cases >= 150, "the suite has {cases} cases, fewer than it once had");
}
