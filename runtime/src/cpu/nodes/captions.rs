//! Captions: texts whose words are shown as they are spoken.
//!
//! | style | what happens |
//! |---|---|
//! | `box` | a plate of `background_color` stands behind the word that is spoken |
//! | `color` | the word that is spoken has `background_color` |
//! | `glow` | the word that is spoken glows; words to come are at 40 % |
//! | `scale_pop` | each word swells up from half its size when it begins, a little too far |
//! | `slide_up` | each word rises by 0.6 em and fades in when it begins |
//! | `fly_in` | each word flies in from 2 em to the right when it begins |

use std::ops::Range;

use vid_timeline::{
    BlendMode, Color, Fit, Geometry, Length, Paint, Rational, Scalar as _, Shape, Style, Text, Time, Word,
    WordAnimation, WordStyle,
};

use super::content;
use crate::cpu::executor::{Context, CpuExecutor};
use crate::cpu::sheet::Sheet;
use crate::error::RenderError;
use crate::raster::{
    Beyond, PixelRect, Pixmap, Projection, Rows, Weight, blend_pixmap, blur, blur_reach, draw_shape, project,
};
use crate::scene::{Grid, Placement, SceneLayer};
use crate::text::{TextBox, TextPart, rasterize_parts};

/// How long a word takes to arrive, in seconds.
const ARRIVAL: f64 = 0.2;
/// Opacity of words to come beside one that glows.
const DIMMED: f64 = 0.4;
/// Deviation of a glow, in font sizes.
const GLOW: f64 = 0.12;
/// What a box has around its word where no padding is asked for, in font sizes: across, down.
const PADDING: (f64, f64) = (0.18, 0.04);
/// Radius of a box that names none, in font sizes.
const RADIUS: f64 = 0.12;
/// How far a word that pops swells beyond its size, as the overshoot of the curve known as "back".
const OVERSHOOT: f64 = 1.70158;

/// The caption at its place at rest as it is at the frame. `factor` is how many pixels of the sheet make one
/// of the canvas; at least 1.
pub fn sheet(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    (text, style, words): (&Text, &Style, &WordAnimation),
    at: &Placement,
    factor: f64,
) -> Result<Option<Sheet>, RenderError> {
    let canvas = context.scene.size;
    let (left, top, width, height) = at.area;
    let area = TextBox { left: 0.0, top: 0.0, width: width * factor, height: height * factor, canvas };
    let bare = Text { word_animation: None, ..text.clone() };
    let (large, large_style) = super::text::magnified(&bare, style, factor, canvas);
    let accent = text.background_color.unwrap_or(text.text_color);
    let parts_of = |large: &Text| {
        let numbers = [area.width, area.height, factor].map(f64::to_bits);
        let key = content::key(&("letters", large, &large_style, numbers, canvas));
        let fonts = executor.assets.fonts();
        executor.rasters.parts(key, || Ok(rasterize_parts(fonts, large, &large_style, &area)?))
    };
    let parts = parts_of(&large)?;
    let recolored = match words.style {
        WordStyle::Color => Some(parts_of(&Text { text_color: accent, ..large.clone() })?),
        _ => None,
    };
    let time = context.scene.time_of(context.frame);
    let em = text.font_size.to_f64() * factor;
    let spans = spans(&text.text, &words.words);
    let word_of = |part: &TextPart| spans.iter().position(|span| span.contains(&part.cluster));

    let mut drawn = Drawn::default();
    for part in parts.iter().filter(|part| part.cell.is_none()) {
        drawn.put(part.raster.pixmap.clone(), (part.raster.rect.x0, part.raster.rect.y0), 1.0);
    }
    let padding = (
        padding(text.x_padding, canvas.width, PADDING.0 * em, factor),
        padding(text.y_padding, canvas.height, PADDING.1 * em, factor),
    );
    if words.style == WordStyle::Box {
        let plate = text.background_color.unwrap_or_else(|| against(text.text_color));
        for (index, _) in words.words.iter().enumerate().filter(|(_, word)| is_spoken(word, time)) {
            let own = parts.iter().filter(|part| word_of(part) == Some(index));
            for line in boxes(own.filter_map(|part| part.cell)) {
                drawn.plate(line, padding, radius(style, line, em, factor), plate);
            }
        }
    }
    for (number, part) in parts.iter().enumerate().filter(|(_, part)| part.cell.is_some()) {
        let word = word_of(part);
        let state = word.map_or(State::REST, |word| State::of(words.style, &words.words[word], time));
        if state.opacity <= 0.0 {
            continue;
        }
        let source = match &recolored {
            Some(recolored) if state.is_spoken => recolored.get(number).unwrap_or(part),
            _ => part,
        };
        let pixmap = source.raster.pixmap.clone();
        let place = (source.raster.rect.x0, source.raster.rect.y0);
        if state.is_spoken && words.style == WordStyle::Glow {
            drawn.glow(&pixmap, place, GLOW * em);
        }
        if state.scale == 1.0 && state.moved == (0.0, 0.0) {
            drawn.put(pixmap, place, state.opacity);
            continue;
        }
        // All letters of a word move about its middle.
        let cells = parts.iter().filter(|part| word_of(part) == word).filter_map(|part| part.cell);
        let around = boxes(cells).into_iter().reduce(union).unwrap_or_default();
        let middle = (around[0].midpoint(around[2]), around[1].midpoint(around[3]));
        let pose = Projection::moved(f64::from(place.0) - middle.0, f64::from(place.1) - middle.1)
            .then(Projection::scaled(state.scale, state.scale))
            .then(Projection::moved(middle.0 + state.moved.0 * em, middle.1 + state.moved.1 * em));
        let room = PixelRect { x0: -100_000, y0: -100_000, x1: 100_000, y1: 100_000 };
        if let Some((pixmap, x, y)) = project(&pixmap, pose, room, Rows::Serial) {
            drawn.put(pixmap, (x, y), state.opacity);
        }
    }
    // As on the way through the planes, a text at rest stands on whole pixels.
    let whole = |value: f64| match layer.place.grid {
        Grid::Pixels => (value + 0.5).floor(),
        Grid::Exact => value,
    };
    Ok(drawn.joined().map(|(pixmap, x, y)| Sheet {
        left: whole(left) + f64::from(x) / factor,
        top: whole(top) + f64::from(y) / factor,
        width: f64::from(pixmap.width()) / factor,
        height: f64::from(pixmap.height()) / factor,
        pixmap,
    }))
}

/// How a word is shown at an instant.
#[derive(Clone, Copy, PartialEq, Debug)]
struct State {
    opacity: f64,
    scale: f64,
    /// To the right and down, in font sizes.
    moved: (f64, f64),
    is_spoken: bool,
}

impl State {
    const REST: Self = Self { opacity: 1.0, scale: 1.0, moved: (0.0, 0.0), is_spoken: false };

    fn of(style: WordStyle, word: &Word, time: Time) -> Self {
        let rest = Self { is_spoken: is_spoken(word, time), ..Self::REST };
        let since = (time - word.record_range.start).seconds().to_f64();
        let progress = (since / ARRIVAL).clamp(0.0, 1.0);
        let left = 1.0 - progress;
        let away = left * left * left;
        match style {
            WordStyle::Box | WordStyle::Color => rest,
            WordStyle::Glow if since < 0.0 => Self { opacity: DIMMED, ..rest },
            WordStyle::Glow => rest,
            WordStyle::ScalePop | WordStyle::SlideUp | WordStyle::FlyIn if since < 0.0 => {
                Self { opacity: 0.0, ..rest }
            }
            WordStyle::ScalePop => {
                let back = 1.0 - left * left * ((OVERSHOOT + 1.0) * left - OVERSHOOT);
                Self { scale: 0.5 + 0.5 * back, opacity: (3.0 * progress).min(1.0), ..rest }
            }
            WordStyle::SlideUp => Self { moved: (0.0, 0.6 * away), opacity: progress, ..rest },
            WordStyle::FlyIn => Self { moved: (2.0 * away, 0.0), opacity: (2.0 * progress).min(1.0), ..rest },
        }
    }
}

fn is_spoken(word: &Word, time: Time) -> bool {
    word.record_range.start <= time && time < word.record_range.end
}

/// Where each word is in the text, in bytes: each is looked for after the one before; one that is not there
/// takes the next run of letters.
fn spans(text: &str, words: &[Word]) -> Vec<Range<usize>> {
    let mut from = 0;
    let span = |word: &Word| {
        let rest = &text[from..];
        let wanted = word.text.trim();
        let found = match rest.find(wanted).filter(|_| !wanted.is_empty()) {
            Some(at) => at..at + wanted.len(),
            None => {
                let start = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
                let length = rest[start..].find(char::is_whitespace).unwrap_or(rest.len() - start);
                start..start + length
            }
        };
        let span = from + found.start..from + found.end;
        from = span.end;
        span
    };
    words.iter().map(span).collect()
}

/// What letters of a colour are read against: black behind light ones, white behind dark ones.
fn against(letters: Color) -> Color {
    // Shares of BT.709, in ten thousandths.
    let luma = 2126 * u32::from(letters.r) + 7152 * u32::from(letters.g) + 722 * u32::from(letters.b);
    if luma > 128 * 10_000 { Color::BLACK } else { Color::WHITE }
}

/// The rectangles (left, top, right, bottom) of letters' cells, one for each line they stand on.
fn boxes(cells: impl Iterator<Item = (f64, f64, f64, f64)>) -> Vec<[f64; 4]> {
    let mut lines: Vec<[f64; 4]> = Vec::new();
    for (left, top, width, height) in cells {
        let cell = [left, top, left + width, top + height];
        match lines.iter_mut().find(|line| line[1] == top) {
            Some(line) => *line = union(*line, cell),
            None => lines.push(cell),
        }
    }
    lines
}

fn union(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Padding that is asked for, in pixels of the sheet, otherwise the usual one.
fn padding(asked: Length, axis: u32, usual: f64, factor: f64) -> f64 {
    if asked == Length::ZERO { usual } else { asked.scalar(axis.into()) * factor }
}

fn radius(style: &Style, [_, top, _, bottom]: [f64; 4], em: f64, factor: f64) -> f64 {
    match style.border_radius {
        length if length == Length::ZERO => RADIUS * em,
        Length::Pixels(pixels) => pixels.to_f64() * factor,
        Length::Percent(percent) => percent.to_f64() / 100.0 * (bottom - top),
    }
}

/// Pictures in the order they are painted.
#[derive(Default)]
struct Drawn {
    pictures: Vec<(Pixmap, (i32, i32), Weight)>,
}

impl Drawn {
    fn put(&mut self, pixmap: Pixmap, place: (i32, i32), opacity: f64) {
        self.pictures.push((pixmap, place, Weight::from_unit(opacity)));
    }

    /// A plate around a line of a word, its edges on whole pixels.
    fn plate(&mut self, line: [f64; 4], (across, down): (f64, f64), radius: f64, color: Color) {
        let whole = |value: f64| (value + 0.5).floor();
        let (left, top) = (whole(line[0] - across), whole(line[1] - down));
        let size = (whole(line[2] + across) - left, whole(line[3] + down) - top);
        let radius = Rational::ratio((radius * 1024.0) as i64, 1024);
        let shape = Shape {
            geometry: Geometry::Rect { radius: Length::Pixels(radius) },
            fill: Some(Paint::Solid(color)),
            stroke: None,
        };
        if let Some(drawn) = draw_shape(&shape, size, Fit::Stretch, 1.0) {
            self.put(drawn.pixmap, (left as i32, top as i32), 1.0);
        }
    }

    /// Light around a letter, twice as strong as a blur of it.
    fn glow(&mut self, pixmap: &Pixmap, (x, y): (i32, i32), sigma: f64) {
        let reach = blur_reach(sigma);
        let mut wide = Pixmap::transparent(pixmap.width() + 2 * reach, pixmap.height() + 2 * reach);
        blend_pixmap(&mut wide, pixmap, (reach as i32, reach as i32), BlendMode::None, Weight::ONE);
        let soft = blur(wide, (sigma, sigma), Beyond::Clear);
        let place = (x - reach as i32, y - reach as i32);
        self.put(soft.clone(), place, 1.0);
        self.put(soft, place, 1.0);
    }

    /// All of them on one another, and where the first pixel is; `None` when there is nothing.
    fn joined(self) -> Option<(Pixmap, i32, i32)> {
        let rect = |pixmap: &Pixmap, (x, y): (i32, i32)| PixelRect::at(x, y, pixmap.width(), pixmap.height());
        let around = self
            .pictures
            .iter()
            .fold(PixelRect::EMPTY, |around, (pixmap, place, _)| around.union(rect(pixmap, *place)));
        if around.is_empty() || around.area() > crate::text::MAX_TEXT_PIXELS {
            return None;
        }
        let mut whole = Pixmap::transparent(around.width(), around.height());
        for (pixmap, (x, y), opacity) in &self.pictures {
            blend_pixmap(&mut whole, pixmap, (x - around.x0, y - around.y0), BlendMode::None, *opacity);
        }
        Some((whole, around.x0, around.y0))
    }
}

#[cfg(test)]
mod tests {
    use vid_timeline::TimeRange;

    use super::*;

    fn word(text: &str, start_ms: i64, end_ms: i64) -> Word {
        let record_range = TimeRange::new(Time::from_millis(start_ms), Time::from_millis(end_ms));
        Word { text: text.to_owned(), record_range }
    }

    #[test]
    fn words_are_found_in_their_order() {
        let words = ["so", "it", "is", "so."].map(|text| word(text, 0, 1));
        assert_eq!(spans("so it  is so.", &words), [0..2, 3..5, 7..9, 10..13]);
        // One that was written otherwise takes what stands there.
        let words = ["ship", "IT", "now"].map(|text| word(text, 0, 1));
        assert_eq!(spans("ship it now", &words), [0..4, 5..7, 8..11]);
        let words = ["a", "b", "c"].map(|text| word(text, 0, 1));
        assert_eq!(spans("a", &words), [0..1, 1..1, 1..1]);
    }

    #[test]
    fn a_plate_that_nobody_coloured_can_be_read_upon() {
        assert_eq!(against(Color::WHITE), Color::BLACK);
        assert_eq!(against(Color::BLACK), Color::WHITE);
        assert_eq!(against(Color::rgb(255, 214, 10)), Color::BLACK);
        assert_eq!(against(Color::rgb(30, 102, 245)), Color::WHITE);
    }

    #[test]
    fn words_arrive_and_rest() {
        let one = word("one", 1000, 2000);
        let at = |style, ms| State::of(style, &one, Time::from_millis(ms));
        for style in [WordStyle::ScalePop, WordStyle::SlideUp, WordStyle::FlyIn] {
            assert_eq!(at(style, 999).opacity, 0.0);
            let later = at(style, 3000);
            assert_eq!((later.opacity, later.scale, later.moved), (1.0, 1.0, (0.0, 0.0)));
        }
        assert!(at(WordStyle::ScalePop, 1120).scale > 1.0 && at(WordStyle::ScalePop, 1000).scale < 0.51);
        assert!(at(WordStyle::SlideUp, 1050).moved.1 > 0.0 && at(WordStyle::FlyIn, 1050).moved.0 > 0.0);
        assert_eq!((at(WordStyle::Glow, 500).opacity, at(WordStyle::Glow, 1500).opacity), (DIMMED, 1.0));
        assert!(at(WordStyle::Box, 1000).is_spoken && !at(WordStyle::Box, 2000).is_spoken);
    }
}
