//! The text of an SVG: shapes at exact places, rounded once.

use std::fmt::Write as _;

use crate::rational::Rational;
use crate::time::Time;

/// Colours and fonts; the only place that knows them.
const STYLE: &str = include_str!("style.css");

/// Width of a letter of a label, in pixels: an estimate that is never far off for a sans-serif face.
const LETTER: i64 = 7;

/// Width of a letter of the smallest labels.
const SMALL_LETTER: i64 = 5;

/// The shapes so far.
#[derive(Default)]
pub(super) struct Canvas {
    /// Drawn first, so that everything else lies over it.
    ground: String,
    body: String,
}

impl Canvas {
    /// The whole document.
    pub(super) fn finish(self, width: i64, height: i64, name: &str) -> String {
        let mut text = String::with_capacity(self.body.len() + STYLE.len() + 512);
        let _ = writeln!(
            text,
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">"#
        );
        let _ = writeln!(text, "<title>Timeline of {}</title>", escaped(name));
        let _ = writeln!(text, "<style>\n{}</style>", STYLE);
        let _ = writeln!(text, r#"<rect class="paper" width="{width}" height="{height}"/>"#);
        text.push_str(&self.ground);
        text.push_str(&self.body);
        text.push_str("</svg>\n");
        text
    }

    /// Begins things that belong together; `title` is shown on hover.
    pub(super) fn open_group(&mut self, class: &str, title: &str) {
        let _ = writeln!(self.body, r#"<g class="{class}"><title>{}</title>"#, escaped(title));
    }

    /// Ends what [`Self::open_group`] began.
    pub(super) fn close_group(&mut self) {
        self.body.push_str("</g>\n");
    }

    pub(super) fn rect(
        &mut self,
        class: &str,
        x: Rational,
        y: i64,
        width: Rational,
        height: i64,
        radius: i64,
    ) {
        let (x, width) = (pixels(x), pixels(width));
        let corners = if radius > 0 { format!(r#" rx="{radius}""#) } else { String::new() };
        let _ = writeln!(
            self.body,
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}"{corners}/>"#
        );
    }

    /// Words whose baseline begins at a place.
    pub(super) fn label(&mut self, class: &str, x: i64, y: i64, text: &str) {
        let _ = writeln!(self.body, r#"<text class="{class}" x="{x}" y="{y}">{}</text>"#, escaped(text));
    }

    /// Words whose baseline begins at an exact place.
    pub(super) fn label_at(&mut self, class: &str, x: Rational, y: i64, text: &str) {
        let x = pixels(x);
        let _ = writeln!(self.body, r#"<text class="{class}" x="{x}" y="{y}">{}</text>"#, escaped(text));
    }

    pub(super) fn vertical(&mut self, class: &str, x: Rational, top: i64, bottom: i64) {
        let x = pixels(x);
        let _ = writeln!(self.body, r#"<path class="{class}" d="M{x} {top}V{bottom}"/>"#);
    }

    pub(super) fn horizontal(&mut self, class: &str, left: i64, right: i64, y: i64) {
        let _ = writeln!(self.body, r#"<path class="{class}" d="M{left} {y}H{right}"/>"#);
    }

    /// A row's own colour, below everything.
    pub(super) fn row(&mut self, x: i64, y: i64, width: i64, height: i64) {
        let _ =
            writeln!(self.ground, r#"<rect class="row" x="{x}" y="{y}" width="{width}" height="{height}"/>"#);
    }

    /// A line below everything but rows.
    pub(super) fn below(&mut self, class: &str, x: Rational, top: i64, bottom: i64) {
        let x = pixels(x);
        let _ = writeln!(self.ground, r#"<path class="{class}" d="M{x} {top}V{bottom}"/>"#);
    }

    /// A closed outline through exact places.
    pub(super) fn polygon(&mut self, class: &str, points: &[(Rational, Rational)]) {
        let mut path = String::new();
        for (index, (x, y)) in points.iter().enumerate() {
            let command = if index == 0 { 'M' } else { 'L' };
            let _ = write!(path, "{command}{} {}", pixels(*x), pixels(*y));
        }
        let _ = writeln!(self.body, r#"<path class="{class}" d="{path}Z"/>"#);
    }

    /// A little flag with a name, its staff at `x`.
    pub(super) fn flag(&mut self, x: Rational, y: i64, name: &str) {
        let tip = pixels(x + Rational::integer(6));
        let (x, middle, low) = (pixels(x), y + 4, y + 8);
        let _ =
            writeln!(self.body, r#"<path class="flag" d="M{x} {y}L{tip} {middle}L{x} {low}V{}"/>"#, y + 14);
        let _ = writeln!(
            self.body,
            r#"<text class="flag-name" x="{tip}" y="{low}" dx="4">{}</text>"#,
            escaped(name)
        );
    }

    /// A line with ends that point down, and a label in its middle if there is room.
    pub(super) fn bracket(&mut self, from: Rational, to: Rational, y: i64, height: i64, label: &str) {
        let (left, right, line, low) = (pixels(from), pixels(to), y + 12, y + height - 3);
        let _ = writeln!(self.body, r#"<path class="line" d="M{left} {low}V{line}H{right}V{low}"/>"#);
        let room = (to - from).floor();
        let letters = usize::try_from((room - 10) / i128::from(LETTER)).unwrap_or(0);
        let label = shortened(label, letters);
        if !label.is_empty() {
            let x = pixels(from + Rational::integer(4));
            let _ = writeln!(
                self.body,
                r#"<text class="bracket-name" x="{x}" y="{}">{}</text>"#,
                y + 9,
                escaped(&label)
            );
        }
    }

    /// Where one thing passes into another: two triangles that meet in the middle, and a name below
    /// them if there is room.
    pub(super) fn bow_tie(&mut self, from: Rational, to: Rational, y: i64, height: i64, name: &str) {
        let (left, right, low) = (pixels(from), pixels(to), y + height);
        let width = pixels(to - from);
        let _ = writeln!(
            self.body,
            r#"<rect class="window" x="{left}" y="{y}" width="{width}" height="{height}"/><path class="tie" d="M{left} {y}L{right} {low}V{y}L{left} {low}Z"/>"#
        );
        let letters = usize::try_from((to - from).floor() / i128::from(SMALL_LETTER)).unwrap_or(0);
        if name.chars().count() <= letters {
            let x = pixels((from + to) * Rational::ratio(1, 2));
            let _ = writeln!(
                self.body,
                r#"<text class="passage" x="{x}" y="{}" text-anchor="middle">{}</text>"#,
                low - 3,
                escaped(name)
            );
        }
    }
}

/// A number of pixels with at most two decimals, halves up.
pub(super) fn pixels(value: Rational) -> String {
    let hundredths = (value * Rational::integer(100)).round_half_up();
    let rounded = Rational::new(hundredths, 100).unwrap_or(Rational::ZERO);
    rounded.to_decimal().unwrap_or_else(|| "0".to_owned())
}

/// A length of time with at most three decimals: `1.5 s`.
pub(super) fn seconds(time: Time) -> String {
    let millis = (time.seconds() * Rational::integer(1000)).round_half_up();
    let rounded = Rational::new(millis, 1000).unwrap_or(Rational::ZERO);
    format!("{} s", rounded.to_decimal().unwrap_or_else(|| "0".to_owned()))
}

/// About how wide a label is, in pixels.
pub(super) fn text_width(text: &str) -> i64 {
    LETTER * i64::try_from(text.chars().count()).unwrap_or(i64::MAX / LETTER)
}

/// At most that many letters, the last a dot dot dot where some are missing.
pub(super) fn shortened(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    match letters {
        0..=2 => String::new(),
        _ => text.chars().take(letters - 1).chain(['…']).collect(),
    }
}

/// Text as XML has it. Characters that XML cannot hold become a replacement character.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
