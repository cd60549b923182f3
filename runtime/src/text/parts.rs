//! A text in pieces that can move by themselves.

use std::panic::{AssertUnwindSafe, catch_unwind};

use vid_timeline::{Style, Text, TextDecoration, TextDisplay};

use super::error::TextError;
use super::fonts::FontLibrary;
use super::layout::{Layout, Line, layout};
use super::outline::Outlines;
use super::raster::{Drawing, TextBox, TextRaster, finite};

/// A piece of a text: its plate, or one letter with its marks.
#[derive(Clone, PartialEq, Debug)]
pub struct TextPart {
    /// Its pixels and their place, as in the whole text.
    pub raster: TextRaster,
    /// The letter's cell, in pixels of the canvas: left, top, width (its advance) and height (the line's).
    /// `None` for the plate.
    pub cell: Option<(f64, f64, f64, f64)>,
    /// Where the letter begins in the text, in bytes.
    pub cluster: usize,
}

/// Draws `text` as [`rasterize`](super::rasterize) does, in pieces: the plate, if there is one, then every
/// letter that can be seen in reading order, with its outline, shadow and part of the decoration. All of
/// them on one another are the whole text, up to where outlines or shadows of neighbours meet.
///
/// # Errors
/// As [`rasterize`](super::rasterize).
pub fn rasterize_parts(
    library: &FontLibrary,
    text: &Text,
    style: &Style,
    area: &TextBox,
) -> Result<Vec<TextPart>, TextError> {
    let faces = library.faces(text)?;
    let lines = layout(&faces, text, finite(area.width))?;
    let shaping = || TextError::Shaping { family: text.font_family.clone() };
    // As in `layout`: outlines are read from font files by code that is not ours.
    catch_unwind(AssertUnwindSafe(|| {
        let draw = |text: &Text, style: &Style, lines: &Layout| {
            let outlines = Outlines::new(&faces, lines.font_size).ok_or_else(shaping)?;
            Drawing::new(text, style, area, lines, outlines)?.paint(text)
        };
        let mut parts = Vec::new();
        if text.display == TextDisplay::Background || style.border_color.is_some() {
            let bare = Text { text_decoration: TextDecoration::None, ..text.clone() };
            let raster = draw(&bare, style, &without_glyphs(&lines))?;
            if !raster.rect.is_empty() {
                parts.push(TextPart { raster, cell: None, cluster: 0 });
            }
        }
        let bare = Text { background_color: None, ..text.clone() };
        let plain = Style { border_color: None, ..style.clone() };
        let top = finite(area.top) + (finite(area.height) - lines.height()) / 2.0;
        for (index, line) in lines.lines.iter().enumerate() {
            for letter in letters(line) {
                let raster = draw(&bare, &plain, &alone(&lines, index, &letter))?;
                if !raster.rect.is_empty() {
                    let left = finite(area.left) + letter.left;
                    let cell = (left, top + lines.pitch * index as f64, letter.width, lines.pitch);
                    parts.push(TextPart { raster, cell: Some(cell), cluster: letter.glyphs[0].cluster });
                }
            }
        }
        Ok(parts)
    }))
    .unwrap_or_else(|_| Err(shaping()))
}

/// The lines with nothing in them.
fn without_glyphs(layout: &Layout) -> Layout {
    let lines = layout.lines.iter().map(|line| Line { glyphs: Vec::new(), ..line.clone() });
    Layout { lines: lines.collect(), ..layout.clone() }
}

/// The letters of a line as lines of their own, in reading order.
fn letters(line: &Line) -> Vec<Line> {
    let mut glyphs = line.glyphs.clone();
    // Glyphs of one letter stay in their order.
    glyphs.sort_by_key(|glyph| glyph.cluster);
    let letter = |glyphs: &[super::layout::PlacedGlyph]| {
        let left = glyphs.iter().map(|glyph| glyph.advance.0).fold(f64::INFINITY, f64::min);
        let ends = glyphs.iter().map(|glyph| glyph.advance.0 + glyph.advance.1);
        let width = ends.fold(f64::NEG_INFINITY, f64::max) - left;
        Line { left, width, baseline: line.baseline, glyphs: glyphs.to_vec() }
    };
    glyphs.chunk_by(|a, b| a.cluster == b.cluster).map(letter).collect()
}

/// The layout with one letter in the line of that number and nothing else.
fn alone(layout: &Layout, index: usize, letter: &Line) -> Layout {
    let empty = |line: &Line| Line { left: 0.0, width: 0.0, baseline: line.baseline, glyphs: Vec::new() };
    let mut lines: Vec<Line> = layout.lines.iter().map(empty).collect();
    lines[index] = letter.clone();
    Layout { lines, ..layout.clone() }
}
