//! What becomes of one cue: parts that fit, and the times of its words.

use vid_timeline::{Rational, Time, TimeRange};

use crate::eval::{Cue, CueWord};

/// How much is shown at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Room {
    /// Most letters of a line.
    pub max_chars: Option<usize>,
    /// Most lines.
    pub max_lines: Option<usize>,
}

/// What is shown of a cue at once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub range: TimeRange,
    pub text: String,
    pub words: Vec<CueWord>,
}

/// A cue as one part, or as many as it takes, one after another. A part lasts until the first word of
/// the next one is spoken.
pub(super) fn parts(cue: &Cue, room: Room) -> Vec<Part> {
    let words = words(cue);
    let mut rest = words.into_iter();
    let lines: Vec<Vec<CueWord>> = lines(&cue.text, room.max_chars)
        .into_iter()
        .map(|count| rest.by_ref().take(count).collect())
        .collect();
    let groups: Vec<&[Vec<CueWord>]> = match room.max_lines {
        Some(most) => lines.chunks(most.max(1)).collect(),
        None => vec![&lines],
    };
    let starts: Vec<Time> = groups
        .iter()
        .enumerate()
        .map(|(index, group)| match group.iter().flatten().next() {
            Some(word) if index > 0 => word.start,
            _ => cue.start,
        })
        .collect();
    let ends = starts.iter().skip(1).copied().chain([cue.end]);
    let ranges: Vec<TimeRange> =
        starts.iter().zip(ends).map(|(start, end)| TimeRange::new(*start, end)).collect();
    let parts = groups
        .iter()
        .zip(ranges)
        .filter(|(group, range)| !range.is_empty() && group.iter().any(|line| !line.is_empty()));
    parts
        .map(|(group, range)| {
            let line = |line: &Vec<CueWord>| {
                line.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
            };
            let text = group.iter().map(line).collect::<Vec<_>>().join("\n");
            Part { range, text, words: group.concat() }
        })
        .collect()
}

/// How many words stand on each line.
fn lines(text: &str, max_chars: Option<usize>) -> Vec<usize> {
    let Some(most) = max_chars else {
        let counts = text.lines().map(|line| line.split_whitespace().count());
        return counts.filter(|count| *count > 0).collect();
    };
    let mut lines = Vec::new();
    let (mut count, mut letters) = (0, 0);
    for word in text.split_whitespace() {
        let length = word.chars().count();
        // A word that is longer than a line stands alone on one.
        if count > 0 && letters + 1 + length > most {
            lines.push(count);
            (count, letters) = (0, 0);
        }
        letters += length + usize::from(count > 0);
        count += 1;
    }
    if count > 0 {
        lines.push(count);
    }
    lines
}

/// The words of a cue with their times: those of the file where it times them all, otherwise each word
/// has a share of the cue by its letters.
pub(super) fn words(cue: &Cue) -> Vec<CueWord> {
    let mut timed: Vec<CueWord> = Vec::new();
    for word in &cue.words {
        let pieces: Vec<&str> = word.text.split_whitespace().collect();
        timed.extend(shared(&pieces, word.start, word.end));
    }
    let spoken: Vec<&str> = cue.text.split_whitespace().collect();
    let complete =
        timed.len() == spoken.len() && timed.iter().zip(&spoken).all(|(word, text)| word.text == *text);
    if complete { timed } else { shared(&spoken, cue.start, cue.end) }
}

/// Words that share a time by their letters.
fn shared(words: &[&str], start: Time, end: Time) -> Vec<CueWord> {
    let letters = |word: &str| i64::try_from(word.chars().count()).unwrap_or(i64::MAX);
    let total = words.iter().map(|word| letters(word)).sum::<i64>().max(1);
    let mut said = 0;
    let mut at = |word: &str| {
        said += letters(word);
        start + (end - start) * Rational::ratio(said, total)
    };
    let mut from = start;
    words
        .iter()
        .map(|word| {
            let to = at(word);
            let spoken = CueWord { start: from, end: to, text: (*word).to_owned() };
            from = to;
            spoken
        })
        .collect()
}

/// Letters a second that a reader has to read.
pub(super) fn letters_per_second(cue: &Cue) -> Rational {
    let letters = letter_count(cue);
    Rational::integer(letters).checked_div((cue.end - cue.start).seconds()).unwrap_or(Rational::ZERO)
}

/// Letters of a cue, with one space between words.
pub(super) fn letter_count(cue: &Cue) -> i64 {
    let words = cue.text.split_whitespace();
    let letters: usize = words.map(|word| word.chars().count() + 1).sum();
    i64::try_from(letters.saturating_sub(1)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn cue(text: &str, words: &[(&str, i64, i64)]) -> Cue {
        Cue {
            start: Time::from_millis(1000),
            end: Time::from_millis(3000),
            text: text.to_owned(),
            words: words
                .iter()
                .map(|(text, start, end)| CueWord {
                    start: Time::from_millis(*start),
                    end: Time::from_millis(*end),
                    text: (*text).to_owned(),
                })
                .collect(),
            settings: Vec::new(),
            line: 1,
        }
    }

    fn check(cue: &Cue, room: Room, expected: Expect) {
        let mut shown = String::new();
        for part in parts(cue, room) {
            shown.push_str(&format!("{} {:?}", part.range, part.text));
            for word in &part.words {
                shown.push_str(&format!(" {}@{}..{}", word.text, word.start, word.end));
            }
            shown.push('\n');
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn words_share_the_time_by_their_letters() {
        check(
            &cue("to be\nor not", &[]),
            Room::default(),
            expect![[r#"
            1s..3s "to be\nor not" to@1s..13/9s be@13/9s..17/9s or@17/9s..7/3s not@7/3s..3s
        "#]],
        );
    }

    #[test]
    fn words_of_the_file_keep_their_times() {
        let cue = cue("ship it now", &[("ship", 1200, 1500), ("it now", 1500, 3000)]);
        check(
            &cue,
            Room::default(),
            expect![[r#"
            1s..3s "ship it now" ship@1.2s..1.5s it@1.5s..2.1s now@2.1s..3s
        "#]],
        );
    }

    #[test]
    fn what_does_not_fit_is_shown_afterwards() {
        let cue = cue("one two three four five", &[]);
        check(
            &cue,
            Room { max_chars: Some(9), max_lines: None },
            expect![[r#"
            1s..3s "one two\nthree\nfour five" one@1s..25/19s two@25/19s..31/19s three@31/19s..41/19s four@41/19s..49/19s five@49/19s..3s
        "#]],
        );
        check(
            &cue,
            Room { max_chars: Some(9), max_lines: Some(1) },
            expect![[r#"
            1s..31/19s "one two" one@1s..25/19s two@25/19s..31/19s
            31/19s..41/19s "three" three@31/19s..41/19s
            41/19s..3s "four five" four@41/19s..49/19s five@49/19s..3s
        "#]],
        );
        check(
            &cue,
            Room { max_chars: Some(2), max_lines: Some(2) },
            expect![[r#"
            1s..31/19s "one\ntwo" one@1s..25/19s two@25/19s..31/19s
            31/19s..49/19s "three\nfour" three@31/19s..41/19s four@41/19s..49/19s
            49/19s..3s "five" five@49/19s..3s
        "#]],
        );
    }
}
