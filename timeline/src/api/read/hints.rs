//! What the author probably meant: for keys and names that nobody knows.

/// Keys that people coming from CSS, editors or other APIs write, and what they are here.
const KNOWN_MISTAKES: [(&str, &str); 41] = [
    ("color", "text_color"),
    ("font_color", "text_color"),
    ("fill", "text_color"),
    ("letter_spacing", "tracking"),
    ("line_height", "leading"),
    ("align", "text_align"),
    ("font", "font_family"),
    ("size", "font_size"),
    ("weight", "font_weight"),
    ("content", "text"),
    ("start", "time"),
    ("start_time", "time"),
    ("at", "time"),
    ("src", "source_url"),
    ("url", "source_url"),
    ("source", "source_url"),
    ("trim_start", "in_point"),
    ("trim_end", "out_point"),
    ("in", "in_point"),
    ("out", "out_point"),
    ("end", "out_point"),
    ("rate", "speed"),
    ("gain", "volume"),
    ("fade_in", "fade_in_duration"),
    ("fade_out", "fade_out_duration"),
    ("rotation", "z_rotation"),
    ("rotate", "z_rotation"),
    ("z", "z_index"),
    ("layer", "z_index"),
    ("left", "x"),
    ("top", "y"),
    ("alpha", "opacity"),
    ("radius", "border_radius"),
    ("mix_blend_mode", "blend_mode"),
    ("fps", "frame_rate"),
    ("format", "output_format"),
    ("filename", "output_filename"),
    ("background", "background_color"),
    ("from", "from_id"),
    ("to", "to_id"),
    ("reverse", "reversed"),
];

/// Keys of neighbouring worlds that the contract has no field for, and what to do instead.
const NOT_IN_THE_CONTRACT: [(&str, &str); 12] = [
    ("fit", "give the box the shape of the cropped source instead"),
    ("object_fit", "give the box the shape of the cropped source instead"),
    ("loop", "add the element again for each repetition"),
    ("keyframes", "use motion presets"),
    ("animations", "use motion presets"),
    ("animation", "use motion presets"),
    ("easing", "easings belong to motions"),
    ("pan", "there is no balance of channels"),
    ("remove_background", "run the task first and use its output as the source"),
    ("gaze_redirect", "run the task first and use its output as the source"),
    ("super_resolution", "run the task first and use its output as the source"),
    ("scale", "use `x_scale` and `y_scale`"),
];

/// Longest word that is compared and shown; the work of comparing stays bounded.
const LONGEST_WORD: usize = 48;

/// Advice about the unknown key `key` of a `kind` whose keys are `known`.
pub(super) fn for_key(key: &str, kind: &str, known: &[&'static str]) -> Option<String> {
    if key == "duration" && matches!(kind, "video" | "audio") {
        return Some("its length is (`out_point` − `in_point`) / `speed`".to_owned());
    }
    let snake = snake_case(key)?;
    let mistake = |(wrong, right): &&(&str, &'static str)| *wrong == snake && known.contains(right);
    let meant = known
        .iter()
        .find(|name| **name == snake)
        .or_else(|| KNOWN_MISTAKES.iter().find(mistake).map(|(_, right)| right))
        .copied();
    if let Some(name) = meant {
        return Some(format!("did you mean `{name}`?"));
    }
    if let Some((_, advice)) = NOT_IN_THE_CONTRACT.iter().find(|(name, _)| *name == snake) {
        return Some((*advice).to_owned());
    }
    nearest(&snake, known).map(|name| format!("did you mean `{name}`?"))
}

/// The message about the value `text` that is none of `names`.
pub(super) fn unknown_value(key: &str, text: &str, names: &[&str]) -> String {
    /// More names than this do not help in one line.
    const LISTED: usize = 10;
    let shown = shortened(text);
    let near = snake_case(text).and_then(|snake| nearest(&snake, names));
    match near {
        Some(name) => format!("`{key}` is `{shown}`; did you mean `{name}`?"),
        None if names.len() <= LISTED => format!("`{key}` is `{shown}`, not one of {}", names.join(", ")),
        None => format!("`{key}` is `{shown}`, which is none of the {} names it can have", names.len()),
    }
}

/// The name nearest to `word`, where it is near enough to have been meant.
fn nearest<'n>(word: &str, names: &[&'n str]) -> Option<&'n str> {
    let tolerance = (word.len() / 3).clamp(1, 3);
    let distances = names.iter().map(|name| (distance(word, name), *name));
    distances
        .filter(|(distance, _)| *distance <= tolerance)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, n)| n)
}

/// Number of single-letter insertions, deletions, replacements and swaps of neighbours between two
/// words of at most [`LONGEST_WORD`] bytes.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for (i, letter) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let swapped = i > 0 && j > 0 && a[i - 1] == *other && b[j - 1] == *letter;
            let replaced = rows[i][j] + usize::from(letter != other);
            let best = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            row.push(if swapped { best.min(rows[i - 1][j - 1] + 1) } else { best });
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// `fontSize`, `font-size` and `Font_Size` as `font_size`; `None` for what is too long for a name.
fn snake_case(word: &str) -> Option<String> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    let mut snake = String::with_capacity(word.len() + 4);
    for letter in word.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.push(if matches!(letter, '-' | ' ') { '_' } else { letter.to_ascii_lowercase() });
    }
    Some(snake)
}

/// `text` cut to a length that a message can hold.
pub(super) fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST_WORD).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
