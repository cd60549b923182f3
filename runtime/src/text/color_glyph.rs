//! Glyphs that bring their own colours: layered outlines and bitmaps.

use swash::scale::StrikeWith;
use swash::scale::image::Content;
use swash::zeno::{Command, PathData as _};
use vid_timeline::Color;

use super::outline::Outlines;
use crate::raster::{PixelRect, Pixmap, Region, still};

/// A glyph in its own colours.
pub(super) enum ColorGlyph {
    /// Outlines, bottom first; a layer without a colour takes the text's.
    Layers(Vec<(Vec<Command>, Option<Color>)>),
    /// A picture and where its first pixel is, counted like the glyph's origin.
    Bitmap(Pixmap, i32, i32),
}

impl ColorGlyph {
    /// The glyph with its origin at `x`, `y`; `None` when it has no colours of its own.
    pub(super) fn of(
        outlines: &mut Outlines<'_>,
        face: usize,
        glyph: u16,
        x: f32,
        y: f32,
        size: f32,
    ) -> Option<Self> {
        layers(outlines, face, glyph, x, y).or_else(|| bitmap(outlines, face, glyph, x, y, size))
    }

    /// The pixels it may reach, for a bitmap.
    pub(super) fn bitmap_rect(&self) -> PixelRect {
        match self {
            Self::Layers(_) => PixelRect::EMPTY,
            Self::Bitmap(pixmap, x, y) => PixelRect::at(*x, *y, pixmap.width(), pixmap.height()),
        }
    }
}

fn layers(outlines: &mut Outlines<'_>, face: usize, glyph: u16, x: f32, y: f32) -> Option<ColorGlyph> {
    let palette = outlines.font(face).color_palettes().next();
    let transform = outlines.transform(face, x, y);
    let mut scaler = outlines.scaler(face);
    if !scaler.has_color_outlines() {
        return None;
    }
    let outline = scaler.scale_color_outline(glyph)?;
    let layer = |index| {
        let layer = outline.get(index)?;
        let path = layer.path().commands().map(|command| command.transform(&transform)).collect();
        let color = layer.color_index().and_then(|index| {
            let [r, g, b, a] = palette?.get(index);
            Some(Color { r, g, b, a })
        });
        Some((path, color))
    };
    Some(ColorGlyph::Layers((0..outline.len()).map_while(layer).collect()))
}

fn bitmap(
    outlines: &mut Outlines<'_>,
    face: usize,
    glyph: u16,
    x: f32,
    y: f32,
    size: f32,
) -> Option<ColorGlyph> {
    let font = outlines.font(face);
    let ppem = font.color_strikes().find_by_largest_ppem(glyph)?.ppem();
    // Asked for at the size it is stored in, it comes unscaled; our own scaling is premultiplied.
    let mut context = swash::scale::ScaleContext::new();
    let image = context
        .builder(font)
        .size(f32::from(ppem))
        .build()
        .scale_color_bitmap(glyph, StrikeWith::LargestSize)
        .filter(|image| image.content == Content::Color)?;
    let place = image.placement;
    let picture = Pixmap::from_straight(place.width, place.height, image.data)?;
    let factor = size / f32::from(ppem);
    let scaled = |length: u32| (length as f32 * factor + 0.5) as u32;
    let picture = still::scale(&picture, Region::WHOLE, scaled(place.width), scaled(place.height)).ok()?;
    let to_pixel = |value: f32| (value + 0.5).floor() as i32;
    let left = to_pixel(x + place.left as f32 * factor);
    let top = to_pixel(y - place.top as f32 * factor);
    Some(ColorGlyph::Bitmap(picture, left, top))
}
