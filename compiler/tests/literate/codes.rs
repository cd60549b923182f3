//! The pages of the codes: the wrong example shows the code, the right one is right.

use vid_compiler::{Code, Severity, explain};

use crate::harness::{Case, Piece, file_block, pieces, show};

/// Codes about files that are no text, tested where such files are made, and about the fonts of a machine,
/// which the compiler does not know.
const WITHOUT_EXAMPLES: [Code; 4] =
    [Code::FileNotFound, Code::FileTooLarge, Code::MissingGlyph, Code::NotUtf8];

#[test]
fn every_page_shows_its_code_and_how_to_do_without() {
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let page = explain(code.as_str()).expect("every code has a page");
        assert!(page.starts_with(&format!("# {code}\n")), "the page of {code} begins with its name");
        if let Some(problem) = problem_of_page(*code, page) {
            wrong.push(format!("{code}: {problem}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn problem_of_page(code: Code, page: &str) -> Option<String> {
    let mut case = Case::default();
    let mut sources = Vec::new();
    for piece in pieces(page) {
        match piece {
            Piece::Block { info, text } if info == "media" => case.stage.media = text,
            Piece::Block { info, text } if info == "request" => case.request = text,
            Piece::Block { info, text } if info == "vid" => sources.push(text),
            Piece::Block { info, text } => case.stage.files.extend(file_block(&info, text)),
            Piece::Prose(_) => {}
        }
    }
    if WITHOUT_EXAMPLES.contains(&code) {
        return None;
    }
    let [bad, good] = sources.as_slice() else { return Some(format!("{} examples, not two", sources.len())) };
    case.stage.source.clone_from(bad);
    let found = case.run().diagnostics;
    if !found.iter().any(|diagnostic| diagnostic.code == code) {
        return Some(format!("the wrong example does not show it:\n{}", show(&found, &case)));
    }
    case.stage.source.clone_from(good);
    let found = case.run().diagnostics;
    let left = found.iter().any(|d| d.code == code || d.severity == Severity::Error);
    left.then(|| format!("the right example is wrong:\n{}", show(&found, &case)))
}

#[test]
fn every_code_of_the_grammar_is_in_the_registry() {
    let syntax = vid_grammar::SyntaxErrorCode::ALL.iter().map(|code| code.as_str());
    let literals = vid_grammar::literal::LiteralErrorCode::ALL.iter().map(|code| code.as_str());
    for code in syntax.chain(literals) {
        assert!(Code::from_text(code).is_some(), "{code} is not registered");
    }
}

#[test]
fn codes_are_in_alphabetical_order() {
    let texts: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert!(texts.is_sorted(), "{texts:?}");
}
