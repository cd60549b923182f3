//! What the library declares, read from its sources.

use std::fs;

use vid_grammar::ast::{AstNode, HasBlock, HasDoc, HasName, HasPrivate, Item};
use vid_grammar::parse;

use crate::harness::{Piece, markdown_files, pieces, root};

/// A file of the library.
pub struct Library {
    /// Its name without `.vid`.
    pub name: String,
    /// The comment at its top.
    pub about: String,
    /// What others may use of it, in the order of the file.
    pub declarations: Vec<Declaration>,
}

/// One thing that can be imported.
pub struct Declaration {
    /// Its name.
    pub name: String,
    /// Its documentation.
    pub doc: String,
    /// How it is written; of functions and compositions what stands before their body.
    pub signature: String,
}

/// All files of the library in order.
pub fn library() -> Vec<Library> {
    let folder = fs::read_dir(root().join("stdlib")).expect("the library is there");
    let mut paths: Vec<_> = folder.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "vid"));
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).expect("it is text");
            let parsed = parse(&text);
            assert!(parsed.errors().is_empty(), "{}: {:?}", path.display(), parsed.errors());
            let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
            let declarations = parsed
                .file()
                .items()
                .filter(|item| item.private_token().is_none())
                .filter_map(|item| declaration(&item));
            Library { name, about: about(&text), declarations: declarations.collect() }
        })
        .collect()
}

/// The comment a source begins with.
fn about(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.starts_with("//") && !line.starts_with("///"));
    let lines: Vec<_> = lines.map(|line| line.trim_start_matches("//")).collect();
    lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

fn declaration(item: &Item) -> Option<Declaration> {
    let text = item.syntax().text().to_string();
    let start = item.syntax().text_range().start();
    let before = |node: &dyn Fn() -> Option<usize>| node().map_or(&*text, |at| &text[..at]);
    let (name, signature) = match item {
        Item::Let(item) => (item.name()?, &*text),
        Item::Style(item) => (item.name()?, &*text),
        Item::Fn(item) => {
            let body = || Some(usize::from(item.body()?.syntax().text_range().start() - start));
            (item.name()?, before(&body).trim_end().trim_end_matches('='))
        }
        Item::Composition(item) => {
            let block = || Some(usize::from(item.block()?.syntax().text_range().start() - start));
            (item.name()?, before(&block))
        }
        _ => return None,
    };
    let (name, signature) = (name.text(), signature.trim_end().to_owned());
    Some(Declaration { name, doc: item.doc().unwrap_or_default(), signature })
}

#[test]
fn everything_is_documented() {
    for file in library() {
        assert!(!file.about.is_empty(), "std/{} does not say what it is", file.name);
        assert!(!file.declarations.is_empty(), "std/{} declares nothing", file.name);
        for declaration in &file.declarations {
            assert!(!declaration.doc.is_empty(), "std/{}: {} has no `///`", file.name, declaration.name);
            assert!(declaration.doc.ends_with('.'), "std/{}: {} is no sentence", file.name, declaration.name);
        }
    }
}

#[test]
fn everything_is_in_a_film() {
    let mut films = String::new();
    for page in markdown_files(&root().join("tests/suite/std")) {
        for piece in pieces(&fs::read_to_string(page).expect("it is text")) {
            if let Piece::Block { info, text } = piece
                && info == "vid"
            {
                films.push_str(&text);
            }
        }
    }
    let words: Vec<&str> = films.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let unused: Vec<_> = library()
        .iter()
        .flat_map(|file| file.declarations.iter().map(|found| format!("std/{} {}", file.name, found.name)))
        .filter(|path| !words.contains(&path.rsplit(' ').next().unwrap_or_default()))
        .collect();
    assert_eq!(unused, [""; 0]);
}
