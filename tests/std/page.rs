//! `docs/std.md`: the page about the library, made from the comments in it.

use std::fmt::Write;
use std::fs;

use crate::declarations::library;
use crate::harness::root;

const HEAD: &str = "\
# The library

What is bundled beside the language: files in the language itself, imported under `std/…`. Everything on this page is made from the
comments in them (`stdlib/*.vid`); a film with each of them is in `tests/suite/std`, and the picture in the middle of each of these
films in `tests/std/pictures`.
";

#[test]
fn the_page_is_current() {
    let mut page = HEAD.to_owned();
    for file in library() {
        let _ = write!(page, "\n## std/{}\n\n{}\n", file.name, prose(&file.about));
        for declaration in &file.declarations {
            let _ = write!(
                page,
                "\n### {}\n\n{}\n\n```\n{}\n```\n",
                declaration.name,
                declaration.doc.replace('\n', " "),
                declaration.signature
            );
        }
    }
    let path = root().join("docs/std.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &page).expect("the page can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/std.md is not what the library says; UPDATE_EXPECT=1 writes it");
}

/// A comment as Markdown: what is indented is code.
fn prose(comment: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for line in comment.lines() {
        let code = line.starts_with("  ");
        if code != in_code {
            out.push_str("```\n");
            in_code = code;
        }
        let _ = writeln!(out, "{}", if code { &line[2..] } else { line });
    }
    if in_code {
        out.push_str("```\n");
    }
    out.trim_end().to_owned()
}
