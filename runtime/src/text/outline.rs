//! Glyphs as paths.

use swash::scale::{ScaleContext, Scaler};
use swash::zeno::{Command, PathData as _, Transform};
use swash::{FontRef, NormalizedCoord};

use super::faces::FaceSet;

/// Slope of a face that is leaned over: that of most italics, 14°.
const LEAN: f32 = 0.249_328;
/// Width that making a face bold adds to its stems, as a share of the font size.
const EMBOLDEN: f32 = 1.0 / 24.0;

/// Draws glyph outlines of a set of faces at one size.
pub(super) struct Outlines<'a> {
    context: ScaleContext,
    faces: Vec<OutlineFace<'a>>,
    size: f32,
}

struct OutlineFace<'a> {
    font: FontRef<'a>,
    coordinates: Vec<NormalizedCoord>,
    leaned: bool,
    emboldened: bool,
}

impl<'a> Outlines<'a> {
    /// `None` when a font file is no font.
    pub(super) fn new(set: &'a FaceSet, size: f32) -> Option<Self> {
        let mut faces = Vec::new();
        for face in &set.faces {
            let font = face.font.font()?;
            let weight = [(swash::tag_from_bytes(b"wght"), f32::from(set.weight))];
            let coordinates = font.variations().normalized_coords(weight).collect();
            faces.push(OutlineFace { font, coordinates, leaned: face.leaned, emboldened: face.emboldened });
        }
        Some(Self { context: ScaleContext::new(), faces, size })
    }

    pub(super) fn font(&self, face: usize) -> FontRef<'a> {
        self.faces[face].font
    }

    /// Pixels that are added around the outlines of a face to make it bold: the width of a stroke.
    pub(super) fn embolden(&self, face: usize) -> Option<f32> {
        self.faces[face].emboldened.then_some(self.size * EMBOLDEN)
    }

    /// A scaler without hinting: glyphs keep their shape at every size and place.
    pub(super) fn scaler(&mut self, face: usize) -> Scaler<'_> {
        let OutlineFace { font, coordinates, .. } = &self.faces[face];
        let builder = self.context.builder(*font).size(self.size).hint(false);
        builder.normalized_coords(coordinates).build()
    }

    /// From the font's coordinates, which count up, to pixels that count down, with the glyph's
    /// origin at `x`, `y`.
    pub(super) fn transform(&self, face: usize, x: f32, y: f32) -> Transform {
        let lean = if self.faces[face].leaned { LEAN } else { 0.0 };
        Transform::new(1.0, 0.0, lean, -1.0, x, y)
    }

    /// Appends the outline of a glyph with its origin at `x`, `y`. Glyphs without one, such as
    /// spaces, append nothing.
    pub(super) fn append(&mut self, face: usize, glyph: u16, x: f32, y: f32, path: &mut Vec<Command>) {
        let transform = self.transform(face, x, y);
        if let Some(outline) = self.scaler(face).scale_outline(glyph) {
            path.extend(outline.path().commands().map(|command| command.transform(&transform)));
        }
    }
}
