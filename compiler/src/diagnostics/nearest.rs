//! The nearest name, for "did you mean".

/// Longest name that is compared; longer ones are never a slip of the finger.
const MAX_LENGTH: usize = 64;

/// The candidate closest to `word`, if one is close enough to be what was meant.
///
/// Case and separators do not count (`fontSize` is `font_size`); beyond that, up to two edits are
/// forgiven, in words of four letters or fewer only one, and in a single letter none. Of equally close candidates the first
/// wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.chars().count() > MAX_LENGTH {
        return None;
    }
    let wanted = plain(word);
    // A single letter is one edit away from every other.
    let allowed = match wanted.len() {
        0 | 1 => 0,
        2..=4 => 1,
        _ => 2,
    };
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= MAX_LENGTH)
        .map(|candidate| (distance(&wanted, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Lower case without separators.
fn plain(word: &str) -> Vec<char> {
    word.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// Edits (insert, delete, replace, swap neighbours) that turn one into the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_forgiven_and_strangers_are_not() {
        let names = ["opacity", "font_size", "x", "y", "z_index", "volume"];
        let near = |word| nearest(word, names);
        assert_eq!(near("opactiy"), Some("opacity"));
        assert_eq!(near("fontSize"), Some("font_size"));
        assert_eq!(near("font-size"), Some("font_size"));
        assert_eq!(near("zindex"), Some("z_index"));
        assert_eq!(near("loudness"), None);
        assert_eq!(near(&"o".repeat(100_000)), None);
    }
}
