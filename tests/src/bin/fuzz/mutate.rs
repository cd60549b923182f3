//! Inputs from seeds.

use crate::bodies;
use crate::corpus::Corpus;
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

    /// One of several; there is at least one.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Longest input in bytes: long enough for any construct, short enough for many inputs a second.
const MAX_BYTES: usize = 4096;

/// Numbers at the edges of what is read.
const ODD_NUMBERS: [&str; 12] =
    ["0s", "1f", "1s", "250ms", "9999s", "0", "7", "1000000000000", "0.000000000000001", "100%", "0%", "1px"];

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
    match takes {
        Takes::Source if random.below(3) > 0 => reworded(random, &corpus.sources),
        Takes::Source => broken(random, &corpus.sources),
        Takes::Body => {
            let body = bodies::damaged(random, corpus).to_string();
            if random.below(10) > 0 { body } else { broken(random, &[body]) }
        }
        Takes::Data => broken(random, &corpus.data),
    }
}

/// A text with words of the same kind exchanged, and lines left out, repeated and moved: much of it is still
/// the language.
fn reworded(random: &mut Random, seeds: &[String]) -> String {
    let mut lines: Vec<String> = random.pick(seeds).split_inclusive('\n').map(str::to_owned).collect();
    for _ in 0..=random.below(4) {
        let (at, to) = (random.below(lines.len()), random.below(lines.len()));
        match random.below(8) {
            0 if lines.len() > 1 => drop(lines.remove(at)),
            1 if lines.len() < 200 => {
                let line = lines[at].clone();
                lines.insert(to, line);
            }
            2 if !lines.is_empty() => lines.swap(at, to),
            3 => {
                let other: Vec<&str> = random.pick(seeds).split_inclusive('\n').collect();
                let line = other.get(random.below(other.len())).map(|line| (*line).to_owned());
                drop(lines.splice(to..to, line));
            }
            _ if !lines.is_empty() => lines[at] = exchanged(random, seeds, &lines[at]),
            _ => {}
        }
    }
    limited(lines.concat())
}

/// A line with one of its words replaced by another one of its kind.
fn exchanged(random: &mut Random, seeds: &[String], line: &str) -> String {
    let mut words = words(line);
    let wordy: Vec<usize> = (0..words.len()).filter(|at| kind(words[*at]) != Kind::Sign).collect();
    if wordy.is_empty() {
        return line.to_owned();
    }
    let at = *random.pick(&wordy);
    let wanted = kind(words[at]);
    let other: &String = random.pick(seeds);
    let others: Vec<&str> = self::words(other).into_iter().filter(|word| kind(word) == wanted).collect();
    words[at] = match (wanted, others.is_empty()) {
        (Kind::Number, _) if random.below(2) == 0 => ODD_NUMBERS[random.below(ODD_NUMBERS.len())],
        (_, false) => others[random.below(others.len())],
        _ => return line.to_owned(),
    };
    words.concat()
}

/// What kind of word it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Name,
    Sign,
}

fn kind(word: &str) -> Kind {
    match word.chars().next() {
        Some(c) if c.is_ascii_digit() || c == '#' => Kind::Number,
        Some(c) if c.is_alphabetic() || c == '_' => Kind::Name,
        _ => Kind::Sign,
    }
}

/// The words, numbers with their units, and signs of a text; together they are the text.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let wordy = |c: char| c.is_alphanumeric() || matches!(c, '_' | '#');
        let is_number = first.is_ascii_digit();
        // The point of a range is none of a number.
        let more = |(at, c): (usize, char)| {
            let decimal = is_number && c == '.' && rest[at + 1..].starts_with(|c: char| c.is_ascii_digit());
            !(wordy(c) || decimal || is_number && c == '%')
        };
        let length = match wordy(first) {
            true => rest.char_indices().find(|(at, c)| more((*at, *c))).map_or(rest.len(), |(at, _)| at),
            false => first.len_utf8(),
        };
        let (word, tail) = rest.split_at(length);
        words.push(word);
        rest = tail;
    }
    words
}

/// A text with characters lost, repeated and put in.
fn broken(random: &mut Random, seeds: &[String]) -> String {
    let mut text: Vec<char> = random.pick(seeds).chars().collect();
    for _ in 0..=random.below(6) {
        damage(random, seeds, &mut text);
    }
    limited(text.into_iter().collect())
}

/// As much of a text as is tried.
fn limited(mut text: String) -> String {
    while text.len() > MAX_BYTES {
        text.pop();
    }
    text
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
