//! The sources of the suite, damaged: whatever happens to a text, it is answered.

use vid_compiler::{CompileRequest, Compiler, MediaTrouble, MemorySystem};

use crate::harness::{Piece, markdown_files, pieces, root};

/// A small generator of numbers; the same ones every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % limit.max(1)
    }
}

fn sources() -> Vec<String> {
    let files = markdown_files(&root().join("tests/suite"));
    let texts = files.iter().map(|path| std::fs::read_to_string(path).expect("the suite can be read"));
    let blocks = texts.flat_map(|text| pieces(&text));
    blocks
        .filter_map(|piece| match piece {
            Piece::Block { info, text } if info == "vid" => Some(text),
            _ => None,
        })
        .collect()
}

/// The words and signs of a text, and what is between them.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for c in text.chars() {
        let word = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
        match tokens.last_mut() {
            Some(last) if word(c) && last.chars().all(word) => last.push(c),
            _ => tokens.push(c.to_string()),
        }
    }
    tokens
}

#[test]
fn damaged_sources_are_answered() {
    let sources = sources();
    let all: Vec<String> = sources.iter().flat_map(|text| tokens(text)).collect();
    let mut numbers = Numbers(7);
    let mut compiler = Compiler::new(MemorySystem::new());
    for round in 0..1_200 {
        let mut text = tokens(&sources[round % sources.len()]);
        for _ in 0..=numbers.below(4) {
            let at = numbers.below(text.len());
            match numbers.below(4) {
                0 => {
                    text.remove(at);
                }
                1 => text.insert(at, all[numbers.below(all.len())].clone()),
                2 => text[at] = all[numbers.below(all.len())].clone(),
                _ => {
                    let other = numbers.below(text.len());
                    text.swap(at, other);
                }
            }
        }
        let text = text.concat();
        // One compiler for all, so that what it remembers of other texts is put to the test too.
        let file = compiler.set_text("film.vid", &text);
        let checked = compiler.check(file, MediaTrouble::Fails);
        let compiled = compiler.compile(file, &CompileRequest::default());
        assert!(compiled.timeline.is_some() || !compiled.diagnostics.is_empty(), "no answer to\n{text}");
        for diagnostic in checked.iter().chain(&compiled.diagnostics) {
            let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary);
            for label in labels.filter(|label| label.path.ends_with("film.vid")) {
                assert!(text.get(label.range.clone()).is_some(), "{diagnostic:?} points outside of\n{text}");
            }
        }
        if round % 10 == 0 {
            let mut fresh = Compiler::new(MemorySystem::new());
            let file = fresh.set_text("film.vid", &text);
            let again = fresh.compile(file, &CompileRequest::default());
            assert_eq!(again.diagnostics, compiled.diagnostics, "remembering changes the answer to\n{text}");
        }
    }
}
