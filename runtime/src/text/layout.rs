//! From text to placed glyphs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use cosmic_text::fontdb::{Database, FaceInfo, ID, Language, Source, Stretch, Style, Weight};
use cosmic_text::{
    Align, Attrs, Buffer, Family, FeatureTag, FontFeatures, FontSystem, Metrics, Shaping, Wrap,
};
use vid_timeline::{Rational, Text, TextAlign, TextWrap};

use super::error::TextError;
use super::faces::FaceSet;
use super::{MAX_FONT_SIZE, MAX_TEXT_BYTES};

/// A text in lines. Positions are in pixels, from the left edge of the box and from the top of the
/// first line.
#[derive(Clone, PartialEq, Debug)]
pub struct Layout {
    /// Top to bottom; at least one unless the text is empty.
    pub lines: Vec<Line>,
    /// Height of every line.
    pub pitch: f64,
    /// Above the baseline, of the text's own face; what a line's height exceeds ascent and descent by
    /// is shared between above and below.
    pub ascent: f64,
    /// Below the baseline, positive.
    pub descent: f64,
    pub(super) font_size: f32,
}

/// One line.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// Where its first glyph's advance begins.
    pub left: f64,
    /// Width of all advances, without the spaces at which it was broken.
    pub width: f64,
    /// Where glyphs stand, from the top of the first line.
    pub baseline: f64,
    pub(super) glyphs: Vec<PlacedGlyph>,
}

/// A glyph and its origin.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct PlacedGlyph {
    /// Index into the faces of the [`FaceSet`].
    pub face: usize,
    pub id: u16,
    /// From the left edge of the box.
    pub x: f64,
    /// From the baseline, down.
    pub y: f64,
    /// Where the glyph's letters begin in the text, in bytes: glyphs that make up one letter share it.
    pub cluster: usize,
    /// Where its advance begins, from the left edge of the box, and its width.
    pub advance: (f64, f64),
}

impl Layout {
    /// Height of all lines.
    pub fn height(&self) -> f64 {
        self.pitch * self.lines.len() as f64
    }

    /// The left and right edge of the widest extent of the lines.
    pub fn extent(&self) -> (f64, f64) {
        let left = self.lines.iter().map(|line| line.left).fold(f64::INFINITY, f64::min);
        let right = self.lines.iter().map(|line| line.left + line.width).fold(f64::NEG_INFINITY, f64::max);
        if left <= right { (left, right) } else { (0.0, 0.0) }
    }
}

/// Shapes `text` and breaks it into lines `width` pixels wide: at its newlines and, when it wraps,
/// between words, or inside a word that is wider than the box.
///
/// # Errors
/// A text or size beyond the limits, or one the shaper cannot set.
pub fn layout(faces: &FaceSet, text: &Text, width: f64) -> Result<Layout, TextError> {
    if text.text.len() > MAX_TEXT_BYTES {
        return Err(TextError::TooLong { bytes: text.text.len() });
    }
    if text.font_size <= Rational::ZERO || text.font_size > Rational::integer(MAX_FONT_SIZE) {
        return Err(TextError::FontSize { size: text.font_size.to_string() });
    }
    // Font files come from outside and their tables are followed by code that is not ours: a panic in
    // it must not take the process along. Nothing of ours is shared with what is unwound.
    catch_unwind(AssertUnwindSafe(|| shaped(faces, text, width.max(0.0))))
        .ok()
        .flatten()
        .ok_or_else(|| TextError::Shaping { family: text.font_family.clone() })
}

/// The name of a face in the shaper's own list of fonts.
fn face_name(index: usize) -> String {
    format!("face {index}")
}

/// A font system that holds the faces and nothing else. All claim the same weight and style, so that
/// the only difference left is their order, in which they stand in for each other: the shaper's own
/// lists of replacements name families that are not here.
fn font_system(faces: &FaceSet) -> (FontSystem, Vec<ID>) {
    let mut database = Database::new();
    let ids = faces.faces.iter().enumerate().map(|(index, face)| {
        let bytes = Arc::clone(&face.font.bytes);
        database.push_face_info(FaceInfo {
            id: ID::dummy(),
            source: Source::Binary(bytes),
            index: face.font.index,
            families: vec![(face_name(index), Language::English_UnitedStates)],
            post_script_name: face_name(index),
            style: Style::Normal,
            weight: Weight(faces.weight),
            stretch: Stretch::Normal,
            monospaced: false,
        })
    });
    let ids = ids.collect();
    (FontSystem::new_with_locale_and_db("en".to_owned(), database), ids)
}

fn shaped(faces: &FaceSet, text: &Text, width: f64) -> Option<Layout> {
    let (mut system, ids) = font_system(faces);
    let font_size = text.font_size.to_f64() as f32;
    let tracking = text.tracking.to_f64().clamp(-1e5, 1e5) as f32;
    let name = face_name(0);
    let mut attributes = Attrs::new().family(Family::Name(&name)).weight(Weight(faces.weight));
    if tracking != 0.0 {
        // Letters that are spaced apart are not joined into one.
        let mut features = FontFeatures::new();
        features.disable(FeatureTag::STANDARD_LIGATURES).disable(FeatureTag::CONTEXTUAL_LIGATURES);
        attributes = attributes.letter_spacing(tracking / font_size).font_features(features);
    }
    // Line heights are ours; the shaper only needs one that is not zero.
    let mut buffer = Buffer::new_empty(Metrics::new(font_size, font_size));
    let wraps = text.text_wrap == TextWrap::Wrap;
    buffer.set_wrap(if wraps { Wrap::WordOrGlyph } else { Wrap::None });
    buffer.set_size(wraps.then_some(width as f32), None);
    let plain = normalized(&text.text);
    buffer.set_text(&plain, &attributes, Shaping::Advanced, Some(Align::Left));
    buffer.shape_until_scroll(&mut system, false);

    let metrics = faces.faces[0].font.font()?.metrics(&[]).scale(font_size);
    let (ascent, descent) = (f64::from(metrics.ascent), f64::from(metrics.descent));
    let pitch = (text.leading * text.font_size).to_f64().clamp(0.0, 1e6);
    let first_baseline = (pitch - (ascent + descent)) / 2.0 + ascent;
    // Where each paragraph begins.
    let starts: Vec<usize> =
        std::iter::once(0).chain(plain.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut lines = Vec::new();
    for run in buffer.layout_runs() {
        let baseline = first_baseline + pitch * lines.len() as f64;
        let mut line = Line { left: 0.0, width: 0.0, baseline, glyphs: Vec::new() };
        let (left, right) = extent(run.text, run.glyphs, tracking);
        line.width = right - left;
        line.left = match text.text_align {
            TextAlign::Left => 0.0,
            TextAlign::Center => (width - line.width) / 2.0,
            TextAlign::Right => width - line.width,
        };
        for glyph in run.glyphs {
            let face = ids.iter().position(|id| *id == glyph.font_id)?;
            let x = f64::from(glyph.x + glyph.font_size * glyph.x_offset) - left + line.left;
            let y = f64::from(glyph.y - glyph.font_size * glyph.y_offset);
            let advance = (f64::from(glyph.x) - left + line.left, f64::from(glyph.w));
            let cluster = starts.get(run.line_i).copied().unwrap_or(0) + glyph.start;
            line.glyphs.push(PlacedGlyph { face, id: glyph.glyph_id, x, y, cluster, advance });
        }
        lines.push(line);
    }
    Some(Layout { lines, pitch, ascent, descent, font_size })
}

/// Where a line's advances begin and end, leaving out its last spaces (in reading order) and the
/// tracking after its last letter.
fn extent(text: &str, glyphs: &[cosmic_text::LayoutGlyph], tracking: f32) -> (f64, f64) {
    let start = glyphs.iter().map(|glyph| glyph.start).min().unwrap_or(0);
    let end = glyphs.iter().map(|glyph| glyph.end).max().unwrap_or(0);
    let trimmed = start + text.get(start..end).map_or(0, |line| line.trim_end().len());
    let shown = glyphs.iter().filter(|glyph| glyph.start < trimmed);
    let (left, right) = shown.fold((f64::INFINITY, f64::NEG_INFINITY), |(left, right), glyph| {
        (left.min(glyph.x.into()), right.max((glyph.x + glyph.w - tracking).into()))
    });
    if left <= right { (left, right) } else { (0.0, 0.0) }
}

/// Every kind of line end as `\n`, and other control characters as spaces, which is what they look
/// like; a tab stays.
fn normalized(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let plain = |c: char| match c {
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\n' | '\t' => c,
        c if c.is_control() => ' ',
        c => c,
    };
    text.chars().map(plain).collect()
}
