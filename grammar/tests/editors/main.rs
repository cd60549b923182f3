//! What the editors colour a text by, generated from the grammar.
//!
//! An editor shows a text before the language server has answered, and needs a description of its own for
//! that. Each is made here: the words and the forms of the literals are those of `vid.pest`, the names of
//! the colours are given to the classes of [`vid_grammar::highlight`]. The files under `editors/` are kept
//! up to date by `UPDATE_EXPECT=1 cargo nextest run -p vid-grammar --test editors`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod emacs;
mod kakoune;
mod re;
mod rules;
mod scopes;
mod textmate;

use expect_test::{expect, expect_file};
use rules::Rules;
use serde_json::Value;

#[test]
fn the_textmate_grammar_is_up_to_date() {
    let text = format!("{:#}\n", textmate::grammar(&Rules::read()));
    expect_file!["../../../editors/vscode/syntaxes/vid.tmLanguage.json"].assert_eq(&text);
}

#[test]
fn the_syntax_of_emacs_is_up_to_date() {
    let text = emacs::syntax(&Rules::read());
    expect_file!["../../../editors/emacs/vid-syntax.el"].assert_eq(&text);
}

#[test]
fn the_syntax_of_kakoune_is_up_to_date() {
    let text = kakoune::syntax(&Rules::read());
    expect_file!["../../../editors/kakoune/vid-syntax.kak"].assert_eq(&text);
}

/// Themes colour the classes that the server adds as the grammar does.
#[test]
fn the_extension_gives_the_same_scopes_to_the_classes_of_the_server() {
    let package: Value = serde_json::from_str(include_str!("../../../editors/vscode/package.json")).unwrap();
    let scopes = &package["contributes"]["semanticTokenScopes"][0]["scopes"];
    assert_eq!(*scopes, scopes::of_semantic_tokens());
}

/// A word that is a keyword only in one place has to be given that place in each description.
#[test]
fn words_that_are_keywords_in_one_place_only() {
    expect!["alpha as element enum fill luma natural to unit up"]
        .assert_eq(&Rules::read().words_of_one_place().join(" "));
}

#[test]
fn words_that_are_never_names() {
    expect!["and at by else for if in let not or through under until with"]
        .assert_eq(&Rules::read().reserved().join(" "));
}

#[test]
fn forms_of_literals() {
    let rules = Rules::read();
    let shown: Vec<String> = rules
        .numeric()
        .into_iter()
        .map(|name| format!("{name} {}", rules.regex(&name).oniguruma()))
        .collect();
    expect![[r"
        timecode [0-9]+:[0-9]+:[0-9]+(?:(?::|\.)[0-9]+)?
        size [0-9][0-9_]*x[0-9][0-9_]*(?![\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}_])
        rate [0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:/[0-9][0-9_]*)?fps(?![\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}_])
        quantity [0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:%|[\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}_]+(?:\.[0-9][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}_]*)*)
        number [0-9][0-9_]*(?:\.[0-9][0-9_]*)?
    "]]
    .assert_eq(&format!("{}\n", shown.join("\n")));
}
