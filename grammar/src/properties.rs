//! What holds for every text, tried on broken versions of good files.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::Config;

use crate::ast::{AstNode, HasDoc, Literal, Name, Stmt, StringLit};
use crate::{SyntaxKind, SyntaxPtr, fmt, highlight, parse, reparse};

/// Good files that have every construct at least once.
const CORPUS: [&str; 3] = [
    include_str!("../tests/corpus/promo.vid"),
    include_str!("../tests/corpus/everything.vid"),
    include_str!("../tests/corpus/prelude.vid"),
];

/// What is put into them.
const FRAGMENTS: [&str; 64] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "\"",
    "\"\"\"",
    "{\"",
    "\\",
    "//",
    "/*",
    "*/",
    "///",
    ":",
    "=",
    "==",
    "->",
    ",",
    ";",
    ".",
    "..",
    "|",
    "?",
    "-",
    "!",
    "not ",
    " and ",
    "+",
    "%",
    "@",
    "#",
    "'",
    "\n",
    "\r\n",
    " ",
    "\t",
    "é",
    "\u{1A}",
    "\u{FEFF}",
    "let ",
    "fn ",
    "style ",
    "composition ",
    "import ",
    "private ",
    "extern element ",
    "if ",
    " else ",
    "for ",
    " in ",
    "at ",
    "with ",
    "video a ",
    "x: ",
    "1",
    "2s",
    "00:00:01",
    "640x360",
    "30fps",
    "#fff",
    "\ncomposition z {\n",
];

#[derive(Clone, Debug)]
enum Mutation {
    Insert(Index, &'static str),
    Delete(Index, usize),
    Copy(Index, usize, Index),
    Cut(Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        4 => (any::<Index>(), prop::sample::select(&FRAGMENTS[..])).prop_map(|(at, what)| Mutation::Insert(at, what)),
        4 => (any::<Index>(), 1..12_usize).prop_map(|(at, length)| Mutation::Delete(at, length)),
        2 => (any::<Index>(), 1..60_usize, any::<Index>()).prop_map(|(at, length, to)| Mutation::Copy(at, length, to)),
        1 => any::<Index>().prop_map(Mutation::Cut),
    ]
}

fn apply(text: &str, mutation: &Mutation) -> String {
    let chars: Vec<char> = text.chars().collect();
    let place = |index: &Index| index.index(chars.len() + 1);
    let join = |parts: &[&[char]]| parts.iter().flat_map(|part| part.iter()).collect::<String>();
    match mutation {
        Mutation::Insert(at, what) => {
            let at = place(at);
            join(&[&chars[..at], &what.chars().collect::<Vec<_>>(), &chars[at..]])
        }
        Mutation::Delete(at, length) => {
            let at = place(at);
            join(&[&chars[..at], &chars[(at + length).min(chars.len())..]])
        }
        Mutation::Copy(at, length, to) => {
            let (at, to) = (place(at), place(to));
            let part = &chars[at..(at + length).min(chars.len())];
            join(&[&chars[..to], part, &chars[to..]])
        }
        Mutation::Cut(at) => chars[..place(at)].iter().collect(),
    }
}

fn broken_file() -> impl Strategy<Value = String> {
    (prop::sample::select(&CORPUS[..]), prop::collection::vec(mutation(), 1..8)).prop_map(
        |(text, mutations)| mutations.iter().fold(text.to_owned(), |text, mutation| apply(&text, mutation)),
    )
}

/// Text made of nothing but fragments.
fn salad() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&FRAGMENTS[..]), 0..60).prop_map(|parts| parts.concat())
}

/// Everything that holds for every text.
fn check_all(text: &str) {
    let source = parse(text);
    let root = source.syntax();
    assert_eq!(root.text().to_string(), text, "the tree lost text");

    let touches = |node: &crate::SyntaxNode| {
        source.errors().iter().any(|error| error.range.intersect(node.text_range()).is_some())
    };
    for node in root.descendants() {
        assert!(node.kind() != SyntaxKind::Error || touches(&node), "an error node without error: {node:?}");
        assert_eq!(SyntaxPtr::new(&node).resolve(&root).as_ref(), Some(&node));
        // Views and decoding must bear anything.
        if let Some(literal) = Literal::cast(node.clone()) {
            let _ = literal.decode();
        }
        if let Some(string) = StringLit::cast(node.clone()) {
            let _ = string.decode();
        }
        if let Some(stmt) = Stmt::cast(node.clone()) {
            let _ = stmt.doc();
        }
        let _ = Name::cast(node).map(|name| name.token());
    }
    for error in source.errors() {
        assert!(root.text_range().contains_range(error.range), "{error:?}");
        assert!(!error.message.ends_with('.') && !error.message.is_empty(), "{error:?}");
        assert!(
            text.is_char_boundary(error.range.start().into())
                && text.is_char_boundary(error.range.end().into())
        );
    }
    let mut end = 0.into();
    for piece in highlight::highlight(&root) {
        assert!(piece.range.start() >= end);
        end = piece.range.end();
    }

    fmt::check_promises(text);
}

#[test]
fn good_files_are_good() {
    for text in CORPUS {
        assert_eq!(parse(text).errors(), []);
        assert!(parse(text).syntax().descendants().all(|node| node.kind() != SyntaxKind::Error));
        check_all(text);
    }
}

#[test]
fn the_corpus_is_formatted() {
    for text in &CORPUS[..2] {
        assert_eq!(fmt::format(text).text, *text);
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn broken_files_are_parsed(text in broken_file()) {
        check_all(&text);
    }

    #[test]
    fn salad_is_parsed(text in salad()) {
        check_all(&text);
    }

    #[test]
    fn edited_trees_are_those_of_their_texts(
        text in prop::sample::select(&CORPUS[..]),
        mutations in prop::collection::vec(mutation(), 1..8),
    ) {
        let (mut was, mut tree) = (text.to_owned(), parse(text));
        for mutation in &mutations {
            let text = apply(&was, mutation);
            tree = reparse(&tree, &was, &text);
            assert_eq!(tree, parse(&text), "{mutation:?} of\n{was}");
            was = text;
        }
    }
}

#[test]
fn nesting_ends_in_an_error_not_in_a_crash() {
    let seeds = [
        "[",
        "(",
        "{",
        "a.",
        "-",
        "not ",
        "if ",
        "else if ",
        "\"{",
        "f(",
        "a+",
        "a{",
        "/*",
        "list<",
        "x: [",
        "a[",
        "..",
        "if a { ",
        "x: if a {",
        "[for x in ",
        "[0s: ",
        "{a: ",
        "stack {",
        "composition c {\n",
        "with a,",
        "a | ",
        "\"",
        "a < ",
        "\"{a b \"(",
        "\"{a b \"{",
        "a \"{b\" {\n",
        "x: \"{a // b\" {\n",
        "(]",
        "{)",
    ];
    let heads = ["", "let x = ", "let x: ", "composition c {\nx: ", "composition c {\n"];
    for head in heads {
        for seed in seeds {
            check_all(&format!("{head}{}", seed.repeat(300)));
            let text = format!("{head}{}", seed.repeat(6_000));
            assert_eq!(parse(&text).syntax().text_range().len(), rowan::TextSize::of(text.as_str()));
        }
    }
}

#[test]
fn a_large_file_is_refused_at_once() {
    let text = "let x = 1\n".repeat(5_000_000);
    let parse = parse(&text);
    assert_eq!(parse.errors().len(), 1);
    assert_eq!(parse.errors()[0].code.as_str(), "file-too-large");
    assert_eq!(usize::from(parse.syntax().text_range().len()), text.len());
    assert_eq!(fmt::format(&text).text.len(), text.len());
}
