//! A text that is edited as the protocol says, written without a look at the server.

use serde_json::{Value, json};

use super::random::Random;

/// The text of a document.
pub struct Model {
    /// Units of UTF-16, which is what clients count in unless another unit is agreed.
    units: Vec<u16>,
}

/// Pieces that edits put in.
const PIECES: [&str; 22] = [
    "x",
    "é",
    "😀",
    "\n",
    "\r\n",
    "",
    "",
    "",
    "let b = 2\n",
    "// ",
    "{",
    "}",
    "\"",
    "text t \"a\" for 1s\n",
    "composition c {\n",
    "/*",
    "*/",
    "1.5",
    "#fff",
    " at ",
    "[0s: 1, end: 2]",
    "𝄞",
];

impl Model {
    /// A model of a text.
    pub fn new(text: &str) -> Self {
        Self { units: text.encode_utf16().collect() }
    }

    /// The text.
    pub fn text(&self) -> String {
        String::from_utf16(&self.units).unwrap()
    }

    /// Makes a random edit; the change as a client sends it. Its ends may lie inside of a pair of units, where
    /// the begin of the character counts, and beyond the end of a line, where the end of the line does.
    pub fn edit(&mut self, random: &mut Random, most: usize) -> Value {
        let lines = self.lines();
        let mut place = || {
            let line = random.below(lines.len());
            let (start, end) = lines[line];
            let beyond = if random.below(20) == 0 { 9 } else { 0 };
            (line, random.below(end - start + 1) + beyond)
        };
        let (first, mut second) = (place(), place());
        // Most edits are small.
        if random.below(4) > 0 {
            second = (first.0, first.1 + random.below(4));
        }
        let (start, end) = if first <= second { (first, second) } else { (second, first) };
        let mut text = PIECES[random.below(PIECES.len())];
        let (from, until) = (self.unit(&lines, start), self.unit(&lines, end));
        if self.units.len() > most {
            text = "";
        }
        self.units.splice(from..until.max(from), text.encode_utf16());
        let position = |(line, character): (usize, usize)| json!({ "line": line, "character": character });
        json!({ "range": { "start": position(start), "end": position(end) }, "text": text })
    }

    /// Where a position is, as a unit that begins a character.
    fn unit(&self, lines: &[(usize, usize)], (line, column): (usize, usize)) -> usize {
        let (start, end) = lines[line];
        let at = (start + column).min(end);
        let is_inside = at > start && self.units.get(at).is_some_and(|unit| (0xDC00..0xE000).contains(unit));
        if is_inside { at - 1 } else { at }
    }

    /// From where to where each line goes, its break left out.
    fn lines(&self) -> Vec<(usize, usize)> {
        let mut lines = Vec::new();
        let (mut start, mut at) = (0, 0);
        while at < self.units.len() {
            let unit = self.units[at];
            let is_break = unit == u16::from(b'\n') || unit == u16::from(b'\r');
            let length = if unit == u16::from(b'\r') && self.units.get(at + 1) == Some(&u16::from(b'\n')) {
                2
            } else {
                1
            };
            if is_break {
                lines.push((start, at));
                start = at + length;
            }
            at += length;
        }
        lines.push((start, self.units.len()));
        lines
    }
}
