use expect_test::{Expect, expect};

use super::*;

/// Every use with its meaning; symbols are shown with the line they are defined in.
fn check(text: &str, expected: Expect) {
    let names = names_of(&vid_grammar::parse(text).file());
    let line = |range: &Range<usize>| text[..range.start].matches('\n').count() + 1;
    let shown: Vec<String> = names
        .uses
        .iter()
        .map(|used| {
            assert_eq!(&text[used.range.clone()], used.text);
            let meaning = match &used.meaning {
                Meaning::Symbol(index) => {
                    let symbol = &names.symbols[*index];
                    format!("line {}", line(&symbol.name_range))
                }
                other => format!("{other:?}"),
            };
            format!("{}:{} {meaning}\n", line(&used.range), used.text)
        })
        .collect();
    expected.assert_eq(&shown.concat());
}

#[test]
fn names_are_found_from_the_inside_out() {
    check(
        "let hold = 2s\ncomposition c(hold: time = 1s) {\n  let far = hold\n  text a \"{far}\" for hold { let far = 1\n z_index: far }\n  text b \"x\" at a.end\n}\nlet out = hold\n",
        expect![[r#"
            2:time Type("time")
            3:hold line 2
            4:text Kind("text")
            4:far line 3
            4:hold line 2
            5:z_index Property("text", "z_index")
            5:far line 4
            6:text Kind("text")
            6:a line 4
            6:end Fact("end")
            8:hold line 1
        "#]],
    );
}

#[test]
fn words_come_first_where_they_are_expected() {
    check(
        "let left = 1\ncomposition c {\n  text t \"x\" { text_align: left\n x: left\n text_color: aqua }\n  enter fade for end\n}\n",
        expect![[r#"
            3:text Kind("text")
            3:text_align Property("text", "text_align")
            3:left Word("text_align", "left")
            4:x Property("text", "x")
            4:left line 1
            5:text_color Property("text", "text_color")
            5:aqua Constant("aqua")
            6:fade Word("motion", "fade")
            6:end Place("end")
        "#]],
    );
}

#[test]
fn imports_lead_into_other_files() {
    check(
        "import \"b.vid\" as brand\nimport \"c.vid\" { one, two as three }\ncomposition c {\n  brand.bug x with one { y: three }\n  text \"{brand.accent}\" at markers.m\n  marker m at x.start\n}\n",
        expect![[r#"
            2:one Member("c.vid", "one")
            2:two Member("c.vid", "two")
            4:brand line 1
            4:bug Member("b.vid", "bug")
            4:one line 2
            4:y Property("stack", "y")
            4:three line 2
            5:text Kind("text")
            5:brand line 1
            5:accent Member("b.vid", "accent")
            5:markers Place("markers")
            5:m line 6
            6:x line 4
            6:start Fact("start")
        "#]],
    );
}

#[test]
fn broken_text_keeps_its_names() {
    let text =
        "let a = 1\ncomposition c {\n  text t \"{a}\" at 1s\n  video v at t.\n  text \"{t}\" for\n  video \n";
    let parse = vid_grammar::parse(text);
    assert!(!parse.errors().is_empty());
    let names = names_of(&parse.file());
    for name in ["a", "t"] {
        let uses: Vec<_> = names.uses.iter().filter(|used| used.text == name).collect();
        assert!(!uses.is_empty(), "{name}");
        for used in uses {
            let Meaning::Symbol(index) = used.meaning else { panic!("{name} is {:?}", used.meaning) };
            assert_eq!(names.symbols[index].name, name);
        }
    }
}

#[test]
fn names_visible_at_a_place() {
    let text =
        "let a = 1\ncomposition c(p: time) {\n  sequence s { for x in [1] { text t \"\" } }\n  let b = 2\n}";
    let names = names_of(&vid_grammar::parse(text).file());
    let at = |word: &str| {
        let visible = names.visible_at(text.find(word).unwrap());
        visible.iter().map(|symbol| &*symbol.name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(at("text t"), "x t p s b a c");
    assert_eq!(at("let b"), "p s b a c");
    assert_eq!(at("let a"), "a c");
}

/// Every `.vid` file below a folder of the repository.
fn sources(folder: &str) -> Vec<std::path::PathBuf> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut found = Vec::new();
    let mut waiting = vec![root];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|end| end == "vid") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn nothing_in_good_files_is_unknown() {
    let files: Vec<_> = sources("examples").into_iter().chain(sources("stdlib")).collect();
    assert!(files.len() > 10);
    let mut unknown = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        for used in names_of(&vid_grammar::parse(&text).file()).uses {
            if used.meaning == Meaning::Unknown {
                unknown.push(format!("{}: {}", path.display(), used.text));
            }
        }
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}
