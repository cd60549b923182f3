//! Inputs from seeds.

use crate::Corpus;
use crate::targets::Takes;

/// A small reproducible generator (xorshift); its quality suffices for choosing damage.
pub struct Random(u64);

impl Random {
    /// The stream of one input.
    pub fn new(seed: u64, number: u64) -> Self {
        let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number.wrapping_mul(0xd1b5_4a32_d192_ed03);
        Self(mixed | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `bound`; zero for a bound of zero.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = self.next() >> 16;
        usize::try_from(wide).unwrap_or(0).checked_rem(bound).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Longest input in bytes: long enough for any construct, short enough for many inputs a second.
const MAX_BYTES: usize = 4096;

/// What is put in: every kind of token, halves of some, and values at the edges.
const FRAGMENTS: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "..",
    ":",
    ",",
    ";",
    "\"",
    "\"\"\"",
    "//",
    "/*",
    "*/",
    "///",
    "\n",
    " ",
    "at ",
    "for ",
    "until end",
    "end",
    "prev.end",
    "next.start",
    "parent.duration",
    "1fr",
    "natural",
    "fill",
    "up to 1s",
    "0s",
    "1s",
    "-1s",
    "12f",
    "00:01:30:12",
    "1h",
    "0.001s",
    "999999999s",
    "1e9",
    "1/0",
    "50%",
    "-12dB",
    "10px",
    "2em",
    "90deg",
    "30fps",
    "29.97fps",
    "30000/1001fps",
    "0x0",
    "1920x1080",
    "#fff",
    "#12345678",
    "#g",
    "true",
    "video a \"media/clip.mp4\"",
    "image b \"b.png\" for 2s",
    "text t \"hi {x}\"",
    "sequence s {",
    "stack {",
    "transition cross_dissolve for 1s",
    "gap 500ms",
    "marker m at 1s",
    "enter fade for 300ms",
    "exit fade for 1s",
    "let x = y",
    "let y = x",
    "composition c {",
    "composition d 320x180 25fps for 3s {",
    "if true {",
    "for i in xs {",
    "opacity: [0s: 0%, 1s: 100% ease_in]",
    "x: a.start",
    "volume: 50%",
    "effect vhs 50%",
    "output mp4 { crf: 23 }",
    "é",
    "𝄞",
    "\u{202e}",
    "\0",
    "\r\n",
    "&&",
    "||",
    "!",
    "-",
    "+",
    "*",
    "/",
    "%",
    "<=",
    "==",
    "=",
    "->",
    "?",
    "|",
];

/// A damaged seed.
pub fn input(random: &mut Random, corpus: &Corpus, takes: Takes) -> String {
    let seeds = match takes {
        Takes::Source => &corpus.sources,
        Takes::Body => &corpus.bodies,
        Takes::Data => &corpus.data,
    };
    let mut text: Vec<char> = random.pick(seeds).chars().collect();
    for _ in 0..=random.below(6) {
        damage(random, seeds, &mut text);
    }
    let mut input: String = text.into_iter().collect();
    while input.len() > MAX_BYTES {
        input.pop();
    }
    input
}

fn damage(random: &mut Random, seeds: &[String], text: &mut Vec<char>) {
    let at = random.below(text.len() + 1);
    let end = at + random.below(text.len() - at + 1).min(random.below(60));
    match random.below(6) {
        0 => drop(text.drain(at..end)),
        1 => drop(text.splice(at..at, random.pick(FRAGMENTS).chars())),
        2 => drop(text.splice(at..end, random.pick(FRAGMENTS).chars())),
        3 => {
            let copy: Vec<char> = text[at..end].to_vec();
            let to = random.below(text.len() + 1);
            drop(text.splice(to..to, copy));
        }
        4 => {
            let other: Vec<char> = random.pick(seeds).chars().collect();
            let from = random.below(other.len() + 1);
            let to = from + random.below(other.len() - from + 1).min(200);
            drop(text.splice(at..at, other[from..to].iter().copied()));
        }
        _ => {
            if let Some(character) = text.get_mut(at) {
                *character = char::from_u32(u32::try_from(random.below(0x250)).unwrap_or(0)).unwrap_or('?');
            }
        }
    }
}
