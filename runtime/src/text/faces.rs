//! The faces one text is set in.

use std::path::Path;
use std::sync::Arc;

use vid_timeline::{FontStyle, Text};

use super::choose::Slant;
use super::error::TextError;
use super::fonts::{FontLibrary, LoadedFont};

/// The faces that set a text: that of its family, and those that lend the glyphs it lacks.
pub struct FaceSet {
    pub(super) faces: Vec<SetFace>,
    /// The weight that variable faces are set to.
    pub(super) weight: u16,
    missing: Vec<char>,
}

/// One face and what is done to it to look as asked.
pub(super) struct SetFace {
    pub font: Arc<LoadedFont>,
    /// Leaned over, because an upright face stands in for an italic one.
    pub leaned: bool,
    /// Made heavier, because a light face stands in for a bold one.
    pub emboldened: bool,
}

/// From this weight up a text is bold.
const BOLD: u16 = 600;

impl FaceSet {
    /// Hash of the contents of each face, the text's own first: what the pixels depend on besides
    /// the text.
    pub fn hashes(&self) -> Vec<blake3::Hash> {
        self.faces.iter().map(|face| face.font.hash).collect()
    }

    /// Font files of the faces, the text's own first; none for fonts that came as bytes.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.faces.iter().filter_map(|face| face.font.path.as_deref())
    }

    /// Characters of the text that no face of the library has a glyph for, in the order they occur;
    /// they are drawn as the face's empty box.
    pub fn missing_glyphs(&self) -> &[char] {
        &self.missing
    }
}

impl FontLibrary {
    /// The faces that set `text`.
    ///
    /// # Errors
    /// When its family is not there, or a font file cannot be read.
    pub fn faces(&self, text: &Text) -> Result<FaceSet, TextError> {
        if text.text.len() > super::MAX_TEXT_BYTES {
            return Err(TextError::TooLong { bytes: text.text.len() });
        }
        let (weight, slant) = wanted(text);
        let own = self.pick(&text.font_family, weight, slant)?;
        let mut picked = vec![own];
        let mut missing = characters(&text.text);
        let take_covered = |missing: &mut Vec<char>, face: usize| {
            let covered = self.covers(face, missing);
            let before = missing.len();
            let mut covered = covered.into_iter();
            missing.retain(|_| !covered.next().unwrap_or(false));
            missing.len() < before
        };
        take_covered(&mut missing, own);
        for face in self.fallbacks(own, weight, slant) {
            if missing.is_empty() {
                break;
            }
            if take_covered(&mut missing, face) {
                picked.push(face);
            }
        }
        let set = |face: &usize| {
            let candidate = self.candidate(*face);
            let has = self.axis(*face).map_or(candidate.weight, |axis| axis.nearest(weight));
            Ok(SetFace {
                font: self.load(*face)?,
                leaned: slant != Slant::Upright && candidate.slant == Slant::Upright,
                emboldened: weight >= BOLD && has < BOLD,
            })
        };
        Ok(FaceSet { faces: picked.iter().map(set).collect::<Result<_, _>>()?, weight, missing })
    }

    /// Characters of `text` that no face has a glyph for, in the order they occur.
    ///
    /// # Errors
    /// As [`FontLibrary::faces`].
    pub fn missing_glyphs(&self, text: &Text) -> Result<Vec<char>, TextError> {
        Ok(self.faces(text)?.missing)
    }
}

/// Weight and slant that the text asks for; a bold style is at least 700.
fn wanted(text: &Text) -> (u16, Slant) {
    let bold = matches!(text.font_style, FontStyle::Bold | FontStyle::BoldItalic);
    let italic = matches!(text.font_style, FontStyle::Italic | FontStyle::BoldItalic);
    let weight = text.font_weight.clamp(1, 1000);
    (if bold { weight.max(700) } else { weight }, if italic { Slant::Italic } else { Slant::Upright })
}

/// The characters that need a glyph, each once, in the order they occur.
fn characters(text: &str) -> Vec<char> {
    let mut seen = std::collections::BTreeSet::new();
    text.chars().filter(|c| needs_glyph(*c) && seen.insert(*c)).collect()
}

/// Whether a character shows: white space, controls and what Unicode calls default ignorable (joiners,
/// direction marks, variation selectors, tags) does not.
fn needs_glyph(c: char) -> bool {
    let ignorable = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}');
    !ignorable && !c.is_whitespace() && !c.is_control()
}
