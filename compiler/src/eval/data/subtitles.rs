//! Subtitle files: SubRip (`.srt`) and WebVTT (`.vtt`).
//!
//! A file is read whole or not at all: the first line that cannot be understood is named, because a
//! cue that is silently lost is noticed by the audience only. What is *not* kept is styling: tags such
//! as `<i>` and `{\an8}` are taken out of the text, `STYLE`, `REGION` and `NOTE` blocks of WebVTT are
//! skipped. The settings behind the times of a cue (`line:80% align:start`) are kept as they stand.

use vid_timeline::{Rational, Time};

use crate::eval::data::Malformed;

/// One caption.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Cue {
    /// When it appears, counted from the start of the media.
    pub start: Time,
    /// When it is gone; later than `start`.
    pub end: Time,
    /// What is shown, without tags; lines are joined by `\n`. May be empty.
    pub text: String,
    /// The words with their own times, in order; empty where the file times no words. They lie within
    /// the cue and do not overlap.
    pub words: Vec<CueWord>,
    /// Settings behind the times, name and value, in order.
    pub settings: Vec<(String, String)>,
    /// Line of the file that holds the times, from 1.
    pub line: usize,
}

/// A word with its time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CueWord {
    pub start: Time,
    /// Not before `start`.
    pub end: Time,
    /// Without space around it.
    pub text: String,
}

/// How a subtitle file is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum SubtitleFormat {
    /// SubRip.
    Srt,
    /// WebVTT.
    Vtt,
}

/// Most cues of one file. A film of three hours has about two thousand.
pub(crate) const MAX_CUES: usize = 20_000;

/// The cues of a subtitle file, in the order of the file.
///
/// # Errors
/// With the first line that is not what the format has there.
pub(crate) fn parse_subtitles(text: &str, format: SubtitleFormat) -> Result<Vec<Cue>, Malformed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // One spelling of line ends: `\r\n` and a lone `\r` are line ends too.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = Lines { lines: text.split('\n').collect(), next: 0 };
    if format == SubtitleFormat::Vtt {
        header(&mut lines)?;
    }
    let mut cues = Vec::new();
    while lines.skip_blank() {
        if format == SubtitleFormat::Vtt && lines.skip_block() {
            continue;
        }
        if cues.len() == MAX_CUES {
            return Err(Malformed::at(lines.number(), format!("has more than {MAX_CUES} cues")));
        }
        cues.push(cue(&mut lines, format)?);
    }
    Ok(cues)
}

/// The lines of a file, read one after another.
struct Lines<'a> {
    lines: Vec<&'a str>,
    next: usize,
}

impl<'a> Lines<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.lines.get(self.next).copied()
    }

    /// Number of the next line, from 1.
    fn number(&self) -> usize {
        self.next + 1
    }

    /// Goes on to the next line with something on it; whether there is one.
    fn skip_blank(&mut self) -> bool {
        while self.peek().is_some_and(|line| line.trim().is_empty()) {
            self.next += 1;
        }
        self.peek().is_some()
    }

    /// Skips a block that is no cue.
    fn skip_block(&mut self) -> bool {
        let line = self.peek().unwrap_or_default();
        let word = line.split([' ', '\t']).next().unwrap_or_default();
        if !matches!(word, "NOTE" | "STYLE" | "REGION") {
            return false;
        }
        while self.peek().is_some_and(|line| !line.trim().is_empty()) {
            self.next += 1;
        }
        true
    }
}

fn header(lines: &mut Lines<'_>) -> Result<(), Malformed> {
    let first = lines.peek().unwrap_or_default();
    let rest = first.strip_prefix("WEBVTT");
    if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return Err(Malformed::at(1, "does not begin with `WEBVTT`"));
    }
    // Header lines run up to the first blank one.
    while lines.peek().is_some_and(|line| !line.trim().is_empty()) {
        lines.next += 1;
    }
    Ok(())
}

fn cue(lines: &mut Lines<'_>, format: SubtitleFormat) -> Result<Cue, Malformed> {
    let first = lines.number();
    if lines.peek().is_some_and(|line| !line.contains("-->")) {
        // The number or name of the cue. It has no meaning, but it must stand above times.
        let identifier = lines.peek().unwrap_or_default().trim().to_owned();
        lines.next += 1;
        if !lines.peek().is_some_and(|line| line.contains("-->")) {
            // Below the number of a cue stand its times; anything else has no cue around it.
            let times = lines.peek().map(str::trim).filter(|times| !times.is_empty());
            let (line, found) = times.map_or((first, &*identifier), |times| (first + 1, times));
            let message = format!("has `{}` where the times of a cue are expected", shortened(found));
            return Err(Malformed::at(line, message));
        }
    }
    let line = lines.number();
    let times = lines.peek().unwrap_or_default();
    lines.next += 1;
    let (from, to) = times.split_once("-->").unwrap_or((times, ""));
    let mut words = to.split_whitespace();
    let start = cue_time(from.trim(), line)?;
    let end = cue_time(words.next().unwrap_or_default(), line)?;
    let settings = words
        .map(|word| {
            let (name, value) = word.split_once(':').unwrap_or((word, ""));
            (name.to_owned(), value.to_owned())
        })
        .collect();
    if end <= start {
        return Err(Malformed::at(line, "has a cue that ends before it starts"));
    }
    let mut payload: Vec<&str> = Vec::new();
    while let Some(text) = lines.peek().filter(|text| !text.trim().is_empty()) {
        if text.contains("-->") {
            return Err(Malformed::at(
                lines.number(),
                "has times inside a cue: a blank line is missing above",
            ));
        }
        payload.push(text.trim());
        lines.next += 1;
    }
    let (text, words) = match format {
        SubtitleFormat::Srt => (srt_text(&payload.join("\n")), Vec::new()),
        SubtitleFormat::Vtt => vtt_text(&payload.join("\n"), start, end, line)?,
    };
    Ok(Cue { start, end, text, words, settings, line })
}

/// `01:02:03,450`, `02:03.450`: hours may be missing, the fraction may be.
fn cue_time(text: &str, line: usize) -> Result<Time, Malformed> {
    read_time(text).ok_or_else(|| {
        let message = if text.is_empty() {
            "has a cue without an end".to_owned()
        } else {
            format!("has `{}`, which is no time like `00:01:02.500`", shortened(text))
        };
        Malformed::at(line, message)
    })
}

/// The time that is written so; `None` when it is none.
pub(crate) fn read_time(text: &str) -> Option<Time> {
    let (clock, fraction) = match text.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let fields: Vec<i64> = clock.split(':').map(digits).collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match *fields.as_slice() {
        [hours, minutes, seconds] => (hours, minutes, seconds),
        [minutes, seconds] => (0, minutes, seconds),
        _ => return None,
    };
    if minutes > 59 || seconds > 59 {
        return None;
    }
    let whole = Rational::integer(hours * 3600 + minutes * 60 + seconds);
    let part = match fraction {
        Some(fraction) if fraction.len() <= 9 => {
            Rational::ratio(digits(fraction)?, 10_i64.pow(u32::try_from(fraction.len()).ok()?))
        }
        Some(_) => return None,
        None => Rational::ZERO,
    };
    Some(Time::from_seconds(whole + part))
}

/// Up to nine decimal digits and nothing else.
fn digits(text: &str) -> Option<i64> {
    let plain = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// The text of a SubRip cue without its tags.
fn srt_text(payload: &str) -> String {
    let mut out = String::new();
    let mut rest = payload;
    while let Some(at) = rest.find(['<', '{']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (close, is_tag) = match rest.as_bytes()[0] {
            b'<' => (rest.find('>'), starts_srt_tag(&rest[1..])),
            _ => (rest.find('}'), rest[1..].starts_with('\\')),
        };
        match close.filter(|_| is_tag) {
            Some(end) => rest = &rest[end + 1..],
            None => {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// SubRip has these tags; any other `<` is a sign of its text.
fn starts_srt_tag(text: &str) -> bool {
    let name: String = text.trim_start_matches('/').chars().take_while(char::is_ascii_alphabetic).collect();
    matches!(name.to_ascii_lowercase().as_str(), "b" | "i" | "u" | "s" | "font")
}

/// The text of a WebVTT cue without its tags, and its words where tags give them times.
fn vtt_text(payload: &str, start: Time, end: Time, line: usize) -> Result<(String, Vec<CueWord>), Malformed> {
    let mut text = String::new();
    // Where each piece of the text starts, with the time it starts at.
    let mut pieces: Vec<(usize, Time)> = vec![(0, start)];
    let mut rest = payload;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            let (sign, length) = entity(rest);
            text.push_str(&sign);
            rest = &rest[length..];
            continue;
        }
        let Some(close) = rest.find('>') else {
            return Err(Malformed::at(line, "has a cue with a `<` that nothing closes; write `&lt;`"));
        };
        let tag = &rest[1..close];
        if tag.starts_with(|c: char| c.is_ascii_digit()) {
            let time = cue_time(tag, line)?;
            let last = pieces.last().map_or(start, |(_, time)| *time);
            if time < last || time > end {
                let message = format!("has `<{tag}>`, which is not between the times around it");
                return Err(Malformed::at(line, message));
            }
            pieces.push((text.len(), time));
        }
        rest = &rest[close + 1..];
    }
    text.push_str(rest);
    let words = if pieces.len() > 1 { timed_words(&text, &pieces, end) } else { Vec::new() };
    Ok((text.trim().to_owned(), words))
}

/// The words of each piece share its time by their letters.
fn timed_words(text: &str, pieces: &[(usize, Time)], end: Time) -> Vec<CueWord> {
    let mut words = Vec::new();
    for (index, (from, start)) in pieces.iter().enumerate() {
        let (to, until) = pieces.get(index + 1).copied().unwrap_or((text.len(), end));
        let piece: Vec<&str> = text[*from..to].split_whitespace().collect();
        let total: usize = piece.iter().map(|word| word.chars().count()).sum();
        let mut before = 0;
        let at = |letters: usize| {
            let letters = i64::try_from(letters).unwrap_or(i64::MAX);
            let total = i64::try_from(total.max(1)).unwrap_or(i64::MAX);
            *start + (until - *start) * Rational::ratio(letters, total)
        };
        for word in piece {
            let after = before + word.chars().count();
            words.push(CueWord { start: at(before), end: at(after), text: word.to_owned() });
            before = after;
        }
    }
    words
}

/// The sign an entity at the start of `text` stands for, and the bytes it takes.
fn entity(text: &str) -> (String, usize) {
    let name = text[1..].split(';').next().unwrap_or_default();
    let sign = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        "lrm" => Some('\u{200e}'),
        "rlm" => Some('\u{200f}'),
        _ => name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok().and_then(char::from_u32),
            None => number.parse().ok().and_then(char::from_u32),
        }),
    };
    let length = name.len() + 2;
    match sign.filter(|_| length <= text.len()) {
        Some(sign) => (sign.to_string(), length),
        // An `&` that begins no entity is a sign like any other.
        None => ("&".to_owned(), 1),
    }
}

/// A piece of a file, short enough for a message.
pub(super) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, format: SubtitleFormat, expected: Expect) {
        let shown = match parse_subtitles(text, format) {
            Ok(cues) => cues.iter().fold(String::new(), |mut out, cue| {
                let _ = write!(out, "{} {}..{} {:?}", cue.line, cue.start, cue.end, cue.text);
                for word in &cue.words {
                    let _ = write!(out, " [{}..{} {}]", word.start, word.end, word.text);
                }
                for (name, value) in &cue.settings {
                    let _ = write!(out, " {name}={value}");
                }
                out + "\n"
            }),
            Err(malformed) => format!("{malformed:?}\n"),
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn subrip_has_numbers_commas_and_tags() {
        check(
            "\u{feff}1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Hello</i>\r\n{\\an8}a < b\r\n\r\n\r\n2\r\n0:00:03 --> 0:00:04.25\r\nBye\r\n",
            SubtitleFormat::Srt,
            expect![[r#"
                2 1s..2.5s "Hello\na < b"
                8 3s..4.25s "Bye"
            "#]],
        );
    }

    #[test]
    fn web_captions_have_word_times_and_settings() {
        check(
            "WEBVTT - a talk\nKind: captions\n\nNOTE\nskip me\n\nintro\n00:01.000 --> 00:03.000 line:80% align:start\n<v Ada>ship <00:01.500><c>it now</c> &amp; here\n",
            SubtitleFormat::Vtt,
            expect![[r#"
                8 1s..3s "ship it now & here" [1s..1.5s ship] [1.5s..1.8s it] [1.8s..2.25s now] [2.25s..2.4s &] [2.4s..3s here] line=80% align=start
            "#]],
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        check(
            "1\n00:00:01 -> 00:00:02\nx\n",
            SubtitleFormat::Srt,
            expect![[r#"
            Malformed { line: 2, message: "has `00:00:01 -> 00:00:02` where the times of a cue are expected" }
        "#]],
        );
        check(
            "1\n00:00:01 --> 00:00:61\nx\n",
            SubtitleFormat::Srt,
            expect![[r#"
            Malformed { line: 2, message: "has `00:00:61`, which is no time like `00:01:02.500`" }
        "#]],
        );
        check(
            "1\n00:00:03 --> 00:00:02\nx\n",
            SubtitleFormat::Srt,
            expect![[r#"
            Malformed { line: 2, message: "has a cue that ends before it starts" }
        "#]],
        );
        check(
            "1\n00:00:01 --> 00:00:02\nx\n00:00:02 --> 00:00:03\n",
            SubtitleFormat::Srt,
            expect![[r#"
            Malformed { line: 4, message: "has times inside a cue: a blank line is missing above" }
        "#]],
        );
        check(
            "00:01.000 --> 00:02.000\nx\n",
            SubtitleFormat::Vtt,
            expect![[r#"
            Malformed { line: 1, message: "does not begin with `WEBVTT`" }
        "#]],
        );
        check(
            "WEBVTT\n\n00:01.000 --> 00:02.000\na <b\n",
            SubtitleFormat::Vtt,
            expect![[r#"
            Malformed { line: 3, message: "has a cue with a `<` that nothing closes; write `&lt;`" }
        "#]],
        );
        check(
            "WEBVTT\n\n00:01.000 --> 00:02.000\na <00:03.000>b\n",
            SubtitleFormat::Vtt,
            expect![[r#"
            Malformed { line: 3, message: "has `<00:03.000>`, which is not between the times around it" }
        "#]],
        );
    }
}
