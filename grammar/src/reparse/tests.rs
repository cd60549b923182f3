//! Edits of a film: the tree is that of the text, and of most edits only a part is parsed.

use super::*;

const FILM: &str = "\
import \"brand.vid\" as brand

/// What the film is about.
let title = \"one\"

composition c(p: time = 1s) 640x360 30fps {
  // The first scene.
  text one \"1\" at 0s for p with brand.big {
    width: 50%
    y: 20vh
    opacity: [0s: 0%, 300ms: 100% ease_out, end: 0%]
    enter fade for 300ms
  }

  sequence s at 1s {
    text two \"2\" for 2s
    text three \"3\" for 2s { x: 1; y: 2 }
    if wide {
      text four \"4\" for 2s
    } else {
      text five \"5\" for 2s
    }
  }
  marker m at 1s
}

composition d {
  video \"a.mp4\" [1s..2s] {
    volume: 50%
  }
}
";

/// Puts `new` in the place of the first `old` and compares; whether only a part was parsed.
fn check(old: &str, new: &str) -> bool {
    let text = FILM.replacen(old, new, 1);
    assert_ne!(text, FILM, "the film has no `{old}`");
    let before = parse(FILM);
    assert_eq!(reparse(&before, FILM, &text), parse(&text));
    // And back.
    assert_eq!(reparse(&parse(&text), &text, FILM), before);
    Edit::between(FILM, &text).and_then(|edit| edited(&before, &edit, &text)).is_some()
}

#[test]
fn edits_inside_of_statements_parse_a_part() {
    for (old, new) in [
        ("20vh", "21vh"),
        ("20vh", ""),
        ("y: 20vh\n", ""),
        ("    width", "    /**/width"),
        ("300ms: 100%", "300ms: 100"),
        ("\"3\"", "\"3 {p}\""),
        ("x: 1;", "x:"),
        ("text five", "text fi ve"),
        ("marker m", "mark m"),
        ("at 1s\n}", "at 1s"),
        ("let title", "let titles"),
        ("[1s..2s]", "[1s..]"),
        ("import", "inport"),
        ("    volume: 50%\n", "    volume: 50%\n    text \"in\"\n"),
    ] {
        assert!(check(old, new), "{old} → {new}");
    }
}

#[test]
fn edits_that_move_the_ends_of_blocks_are_seen() {
    for (old, new) in [
        ("brand.big {", "brand.big"),
        ("fade for 300ms\n  }", "fade for 300ms\n"),
        ("{ x: 1; y: 2 }", "{ x: 1; y: 2"),
        ("text two \"2\"", "text two \"2"),
        ("// The first", "/* The first"),
        ("enter", "} enter"),
        ("enter", "{ enter"),
        ("text four", "composition e {\ntext four"),
        ("    width", "\ncomposition e {\n    width"),
        ("} else {", "}\n else {"),
        ("} else {", "}\n els {"),
        ("let title", "\"\"\"let title"),
        ("marker m at 1s\n", "marker m at 1s\n  for x in"),
        ("\n  marker", " with a\n  marker"),
    ] {
        check(old, new);
    }
}

#[test]
fn every_character_can_go_and_come() {
    let before = parse(FILM);
    for (at, character) in FILM.char_indices() {
        let text = format!("{}{}", &FILM[..at], &FILM[at + character.len_utf8()..]);
        let after = reparse(&before, FILM, &text);
        assert_eq!(after, parse(&text), "without byte {at}");
        assert_eq!(reparse(&after, &text, FILM), before, "with byte {at} again");
    }
}

#[test]
fn what_nests_too_deep_is_parsed_as_a_whole() {
    let deep = format!("composition c {{\n  x: {}1\n  y: 1\n  z: 1\n}}\n", "(".repeat(400));
    let text = deep.replace("z: 1", "z: 2");
    assert_eq!(reparse(&parse(&deep), &deep, &text), parse(&text));
    assert_eq!(reparse(&parse(FILM), FILM, &deep), parse(&deep));
}

#[test]
fn the_same_text_has_the_same_tree() {
    let before = parse(FILM);
    assert_eq!(reparse(&before, FILM, FILM), before);
    assert_eq!(reparse(&before, FILM, ""), parse(""));
    assert_eq!(reparse(&parse(""), "", FILM), before);
}
