//! The scan that bounds nesting before anything recursive looks at the text.
//!
//! Parsers recurse once per bracket, so brackets are counted first, by a loop with its own stack. What
//! lies deeper than [`MAX_DEPTH`] is hidden from the grammar: each of its bytes is replaced by
//! [`MASK`] in a copy, which keeps all offsets, and the tree takes its text from the original.

use std::ops::Range;

use crate::limits::{MAX_DEPTH, MAX_TYPE_DEPTH};

/// Stands for a hidden byte.
pub(crate) const MASK: u8 = 0x1A;

/// How many open brackets a closing one is compared with. More of them are only open together in text
/// that is hidden anyway.
const LOOK_BACK: usize = 2 * MAX_DEPTH;

/// A part of a text that is nested too deep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hidden {
    /// Where it is, in bytes.
    pub(crate) span: Range<usize>,
    /// What nests there.
    pub(crate) what: Nest,
}

/// What nests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nest {
    /// Brackets of all kinds, and interpolations.
    Brackets,
    /// Block comments.
    Comments,
    /// Type arguments.
    Types,
    /// Operators of one expression.
    Operators,
}

/// One thing the scan is inside of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Paren,
    Bracket,
    Brace,
    Interpolation,
    String,
}

/// Parts of `text` that are nested too deep, in order, never overlapping, on character boundaries.
pub(crate) fn too_deep(text: &str) -> Vec<Hidden> {
    Scan {
        text: text.as_bytes(),
        at: 0,
        open: Vec::new(),
        braces: Vec::new(),
        depth: 0,
        angles: 0,
        hidden: Vec::new(),
        hidden_from: None,
    }
    .run()
}

/// A copy of `text` in which the given parts are hidden from the grammar.
pub(crate) fn masked(text: &str, hidden: &[Hidden]) -> String {
    let mut copy = String::with_capacity(text.len());
    let mut done = 0;
    for Hidden { span: part, .. } in hidden {
        copy.push_str(&text[done..part.start]);
        copy.extend(std::iter::repeat_n(char::from(MASK), part.len()));
        done = part.end;
    }
    copy.push_str(&text[done..]);
    copy
}

struct Scan<'t> {
    text: &'t [u8],
    at: usize,
    open: Vec<Open>,
    /// Where in `open` the braces and interpolations are.
    braces: Vec<usize>,
    /// How many of `open` are brackets rather than strings.
    depth: usize,
    /// How many `<` stand in a row with nothing but names between them.
    angles: usize,
    hidden: Vec<Hidden>,
    /// Where the part that is being hidden began.
    hidden_from: Option<usize>,
}

impl Scan<'_> {
    fn run(mut self) -> Vec<Hidden> {
        while self.at < self.text.len() {
            if self.open.last() == Some(&Open::String) {
                self.string_byte();
            } else {
                self.code_byte();
            }
        }
        if let Some(start) = self.hidden_from {
            self.hidden.push(Hidden { span: start..self.text.len(), what: Nest::Brackets });
        }
        self.hidden
    }

    fn starts_with(&self, what: &[u8]) -> bool {
        self.text[self.at..].starts_with(what)
    }

    fn string_byte(&mut self) {
        match self.text[self.at] {
            b'"' | b'\n' | b'\r' => {
                self.open.pop();
            }
            b'\\' => {
                // A line break ends the string even after a backslash.
                let escaped = self.text.get(self.at + 1);
                if escaped.is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
                    self.at += 1;
                }
                // The braces of `\u{…}` are no interpolation.
                if escaped == Some(&b'u') && self.text.get(self.at + 1) == Some(&b'{') {
                    self.at += 1;
                }
            }
            b'{' => self.push(Open::Interpolation),
            _ => {}
        }
        self.at += 1;
    }

    fn code_byte(&mut self) {
        let byte = self.text[self.at];
        match byte {
            b'/' if self.starts_with(b"//") => return self.skip_line(),
            b'/' if self.starts_with(b"/*") => return self.skip_comment(),
            b'"' if self.starts_with(b"\"\"\"") => return self.skip_raw_string(),
            b'"' => self.open.push(Open::String),
            b'(' => self.push(Open::Paren),
            b'[' => self.push(Open::Bracket),
            b'{' => self.push(Open::Brace),
            b')' => self.close(Open::Paren),
            b']' => self.close(Open::Bracket),
            b'}' => self.close_brace(),
            b'<' => {
                self.angles += 1;
                if self.angles > MAX_TYPE_DEPTH {
                    self.skip_angles();
                    return;
                }
            }
            b'\n' | b'\r' => self.line_break(),
            _ => {}
        }
        if byte.is_ascii() && !is_type_byte(byte) {
            self.angles = 0;
        }
        self.at += 1;
    }

    fn push(&mut self, what: Open) {
        if matches!(what, Open::Brace | Open::Interpolation) {
            self.braces.push(self.open.len());
        }
        self.open.push(what);
        self.depth += 1;
        if self.depth > MAX_DEPTH && self.hidden_from.is_none() {
            self.hidden_from = Some(self.at);
        }
    }

    /// Pops everything down to `length`; `end` is where the innermost of it ends.
    fn truncate(&mut self, length: usize, end: usize) {
        while self.braces.pop_if(|brace| *brace >= length).is_some() {}
        let dropped = self.open.drain(length..).filter(|what| *what != Open::String).count();
        self.depth -= dropped;
        if self.depth <= MAX_DEPTH
            && let Some(start) = self.hidden_from.take()
        {
            self.hidden.push(Hidden { span: start..end, what: Nest::Brackets });
        }
    }

    /// A closing parenthesis or bracket. It closes nothing beyond the nearest brace, as in the grammar.
    fn close(&mut self, what: Open) {
        for index in (0..self.open.len()).rev().take(LOOK_BACK) {
            if self.open[index] == what {
                return self.truncate(index, self.at + 1);
            }
            if !matches!(self.open[index], Open::Paren | Open::Bracket) {
                return;
            }
        }
    }

    fn close_brace(&mut self) {
        if let Some(index) = self.braces.last() {
            self.truncate(*index, self.at + 1);
        }
    }

    /// An interpolation that is not closed on its line ends there, with its string.
    fn line_break(&mut self) {
        if self.open.last() == Some(&Open::Interpolation) {
            self.truncate(self.open.len() - 2, self.at);
        }
    }

    fn skip_line(&mut self) {
        self.at += self.text[self.at..]
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .unwrap_or(self.text.len() - self.at);
    }

    fn skip_raw_string(&mut self) {
        let body = self.at + 3;
        let length = self.text[body..].windows(3).position(|window| window == b"\"\"\"");
        self.at = length.map_or(self.text.len(), |length| body + length + 3);
    }

    /// A block comment with those inside of it. Comments nest, so they are counted too.
    fn skip_comment(&mut self) {
        let mut depth = 0_usize;
        let mut hidden_from = None;
        while self.at < self.text.len() {
            if self.starts_with(b"/*") {
                depth += 1;
                if depth > MAX_DEPTH && hidden_from.is_none() {
                    hidden_from = Some(self.at);
                }
                self.at += 2;
            } else if self.starts_with(b"*/") {
                depth -= 1;
                self.at += 2;
                if depth <= MAX_DEPTH
                    && let Some(start) = hidden_from.take()
                {
                    self.hide(start..self.at, Nest::Comments);
                }
                if depth == 0 {
                    return;
                }
            } else {
                self.at += 1;
            }
        }
        if let Some(start) = hidden_from {
            self.hide(start..self.at, Nest::Comments);
        }
    }

    /// Hides type arguments that nest too deep, up to where the type must have ended.
    fn skip_angles(&mut self) {
        let start = self.at;
        let length = self.text[start..].iter().position(|byte| byte.is_ascii() && !is_type_byte(*byte));
        self.at = length.map_or(self.text.len(), |length| start + length);
        self.hide(start..self.at, Nest::Types);
        self.angles = 0;
    }

    /// Hides a part, unless all around it is being hidden anyway.
    fn hide(&mut self, span: Range<usize>, what: Nest) {
        if self.hidden_from.is_none() {
            self.hidden.push(Hidden { span, what });
        }
    }
}

/// Whether a byte can stand in type arguments.
fn is_type_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b' ' | b'\t' | b'\n' | b'\r' | b'<' | b'>' | b'|' | b'.' | b'?' | b',')
}
