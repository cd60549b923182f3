//! From a text and its box to a picture with a place.

use std::panic::{AssertUnwindSafe, catch_unwind};

use swash::zeno::{Command, Fill};
use vid_timeline::{Color, Length, Rational, Size, Style, Text, TextDecoration, TextDisplay};

use super::MAX_TEXT_PIXELS;
use super::color_glyph::ColorGlyph;
use super::coverage::{Coverage, Pen, bar, blur_reach, grown, rounded_rect};
use super::error::TextError;
use super::fonts::FontLibrary;
use super::layout::{Layout, layout};
use super::outline::Outlines;
use super::paint::Canvas;
use crate::raster::{PixelRect, Pixmap};

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct TextBox {
    /// Left edge of the box, in canvas pixels.
    pub left: f64,
    /// Top edge of the box, in canvas pixels.
    pub top: f64,
    /// Width, in pixels: where lines wrap and what they are aligned in.
    pub width: f64,
    /// Height, in pixels: the lines as a block are centred in it.
    pub height: f64,
    /// The canvas, for lengths in percent.
    pub canvas: Size,
}

/// A drawn text.
#[derive(Clone, PartialEq, Debug)]
pub struct TextRaster {
    /// Its place on the canvas; may reach beyond it. Empty when there is nothing to see.
    pub rect: PixelRect,
    /// Its pixels.
    pub pixmap: Pixmap,
}

/// Width of the outline of hollow letters that name none, as a share of the font size.
const HOLLOW_WIDTH: f64 = 0.03;
/// Colour of a shadow that names none.
const SHADOW_COLOR: Color = Color { r: 0, g: 0, b: 0, a: 128 };
/// Furthest from the canvas that a box is placed, in pixels; beyond it nothing is seen.
const FAR: f64 = 1e6;

/// Draws `text` in its box: plate, shadow, outline, letters and line decoration. Of `style`, the
/// radius rounds the plate and the shadow is that of the letters.
///
/// The picture is not cut to the canvas, so that a text that moves is drawn once. Words that are spoken one after
/// another are all drawn, as they are at rest.
///
/// # Errors
/// A font that is not there, or a text beyond the limits.
pub fn rasterize(
    library: &FontLibrary,
    text: &Text,
    style: &Style,
    area: &TextBox,
) -> Result<TextRaster, TextError> {
    let faces = library.faces(text)?;
    let lines = layout(&faces, text, finite(area.width))?;
    let shaping = || TextError::Shaping { family: text.font_family.clone() };
    // As in `layout`: outlines are read from font files by code that is not ours.
    catch_unwind(AssertUnwindSafe(|| {
        let outlines = Outlines::new(&faces, lines.font_size).ok_or_else(shaping)?;
        Drawing::new(text, style, area, &lines, outlines)?.paint(text)
    }))
    .unwrap_or_else(|_| Err(shaping()))
}

/// Everything a text is painted from.
pub(super) struct Drawing {
    /// Pixel that the paths count from.
    origin: (i32, i32),
    /// Paths to fill, with the width of the stroke that makes them bold.
    letters: Vec<(Vec<Command>, f32)>,
    colored: Vec<ColorGlyph>,
    outline: Option<(f32, Color)>,
    shadow: Option<Shadow>,
    plate: Option<Plate>,
    /// Pixels the letters cover.
    ink: PixelRect,
}

struct Shadow {
    color: Color,
    sigma: f32,
    dx: i32,
    dy: i32,
}

struct Plate {
    rect: PixelRect,
    radius: f32,
    color: Color,
    /// Width and colour of the line along the inside of its edge.
    border: Option<(f32, Color)>,
}

impl Drawing {
    pub(super) fn new(
        text: &Text,
        style: &Style,
        area: &TextBox,
        layout: &Layout,
        mut outlines: Outlines<'_>,
    ) -> Result<Self, TextError> {
        let left = finite(area.left);
        let top = finite(area.top) + (finite(area.height) - layout.height()) / 2.0;
        let origin = (left.floor() as i32, top.floor() as i32);
        let mut drawing = Self {
            origin,
            letters: Vec::new(),
            colored: Vec::new(),
            outline: outline(text),
            shadow: shadow(text, style, area.canvas),
            plate: None,
            ink: PixelRect::EMPTY,
        };
        drawing.plate = plate(text, style, area.canvas, layout, (left, top));
        for line in &layout.lines {
            // Letters stand on whole pixels, so that their feet are equally sharp in all lines.
            let baseline = (top + line.baseline + 0.5).floor() - f64::from(origin.1);
            let shift = left - f64::from(origin.0);
            drawing.add_glyphs(line, shift, baseline as f32, layout.font_size, &mut outlines);
            if line.width > 0.0
                && let Some(offset) = decoration_offset(text, &outlines, layout.font_size)
            {
                let thickness = outlines.font(0).metrics(&[]).scale(layout.font_size).stroke_size;
                // On whole pixels, like the feet of the letters, so that the line is sharp.
                let (top, thickness) =
                    ((baseline as f32 - offset + 0.5).floor(), (thickness + 0.5).floor().max(1.0));
                let left = (line.left + shift) as f32;
                drawing.add_path(bar(left, top, line.width as f32, thickness), 0.0);
            }
        }
        Ok(drawing)
    }

    fn add_glyphs(
        &mut self,
        line: &super::Line,
        shift: f64,
        baseline: f32,
        size: f32,
        outlines: &mut Outlines<'_>,
    ) {
        let n_faces = line.glyphs.iter().map(|glyph| glyph.face + 1).max().unwrap_or(0);
        for face in 0..n_faces {
            // One path for all glyphs of a face: where they touch there is no seam. Faces stay apart,
            // since they may wind their outlines in opposite directions.
            let mut path = Vec::new();
            for glyph in line.glyphs.iter().filter(|glyph| glyph.face == face) {
                let (x, y) = ((glyph.x + shift) as f32, baseline + glyph.y as f32);
                match ColorGlyph::of(outlines, face, glyph.id, x, y, size) {
                    Some(colored) => self.colored.push(colored),
                    None => outlines.append(face, glyph.id, x, y, &mut path),
                }
            }
            self.add_path(path, outlines.embolden(face).unwrap_or(0.0));
        }
    }

    fn add_path(&mut self, path: Vec<Command>, bold: f32) {
        if !path.is_empty() {
            self.ink = self.ink.union(self.path_rect(&path, bold));
            self.letters.push((path, bold));
        }
    }

    /// The pixels a path can cover when stroked `width` pixels wide.
    fn path_rect(&self, path: &[Command], width: f32) -> PixelRect {
        let bounds = swash::zeno::bounds(path, Fill::NonZero, None);
        let reach = width / 2.0 + 1.0;
        PixelRect {
            x0: self.origin.0.saturating_add((bounds.min.x - reach).floor() as i32),
            y0: self.origin.1.saturating_add((bounds.min.y - reach).floor() as i32),
            x1: self.origin.0.saturating_add((bounds.max.x + reach).ceil() as i32),
            y1: self.origin.1.saturating_add((bounds.max.y + reach).ceil() as i32),
        }
    }

    pub(super) fn paint(self, text: &Text) -> Result<TextRaster, TextError> {
        let stroke = self.outline.map_or(0.0, |(width, _)| width);
        let letters = if self.ink.is_empty() { self.ink } else { grown(self.ink, stroke.ceil() as i32) };
        let mut rect = letters;
        if let Some(shadow) = &self.shadow {
            rect = rect.union(grown(letters.translated(shadow.dx, shadow.dy), blur_reach(shadow.sigma)));
        }
        if let Some(plate) = &self.plate {
            rect = rect.union(plate.rect);
        }
        for glyph in &self.colored {
            rect = rect.union(match glyph {
                ColorGlyph::Bitmap(..) => glyph.bitmap_rect().translated(self.origin.0, self.origin.1),
                ColorGlyph::Layers(layers) => layers
                    .iter()
                    .map(|(path, _)| self.path_rect(path, 0.0))
                    .fold(PixelRect::EMPTY, PixelRect::union),
            });
        }
        if rect.is_empty() {
            return Ok(TextRaster { rect: PixelRect::EMPTY, pixmap: Pixmap::transparent(0, 0) });
        }
        if rect.area() > MAX_TEXT_PIXELS {
            return Err(TextError::TooLarge { width: rect.width(), height: rect.height() });
        }

        let mut canvas = Canvas::new(rect);
        if let Some(plate) = &self.plate {
            let mut coverage = Coverage::new(plate.rect);
            coverage.draw(&rounded_rect(plate.rect, plate.radius, self.origin), Pen::Fill, self.origin);
            canvas.paint(&coverage, plate.color);
            if let Some((width, color)) = plate.border {
                let thickness = (width + 0.5).floor().max(1.0) as i32;
                let mut ring = Coverage::new(plate.rect);
                ring.draw(&rounded_rect(plate.rect, plate.radius, self.origin), Pen::Fill, self.origin);
                let inner = grown(plate.rect, -thickness);
                if !inner.is_empty() {
                    let mut hole = Coverage::new(inner);
                    let path = rounded_rect(inner, plate.radius - thickness as f32, self.origin);
                    hole.draw(&path, Pen::Fill, self.origin);
                    ring.cut(&hole);
                }
                canvas.paint(&ring, color);
            }
        }
        self.paint_letters(text, letters, &mut canvas);
        self.paint_colored(text, rect, &mut canvas);
        Ok(TextRaster { rect, pixmap: canvas.finish() })
    }

    fn paint_letters(&self, text: &Text, rect: PixelRect, canvas: &mut Canvas) {
        let mut fill = Coverage::new(rect);
        let mut outline = self.outline.map(|(width, color)| (Coverage::new(rect), width, color));
        for (path, bold) in &self.letters {
            fill.draw(path, Pen::Fill, self.origin);
            if *bold > 0.0 {
                fill.draw(path, Pen::Stroke(*bold), self.origin);
            }
            if let Some((coverage, width, _)) = &mut outline {
                // Centred on the contour, so the half outside the letter is as wide as asked.
                coverage.draw(path, Pen::Stroke(*bold + 2.0 * *width), self.origin);
            }
        }
        if let Some(shadow) = &self.shadow {
            canvas.paint(&fill.blurred(shadow.sigma, shadow.dx, shadow.dy), shadow.color);
        }
        let color = if text.display == TextDisplay::Stroke { Color::TRANSPARENT } else { text.text_color };
        let outline = outline.as_ref().map(|(coverage, _, color)| (coverage, *color));
        canvas.paint_letters(&fill, color, outline);
    }

    fn paint_colored(&self, text: &Text, rect: PixelRect, canvas: &mut Canvas) {
        for glyph in &self.colored {
            match glyph {
                ColorGlyph::Bitmap(pixmap, x, y) => {
                    let (x, y) = (self.origin.0.saturating_add(*x), self.origin.1.saturating_add(*y));
                    canvas.paint_pixmap(pixmap, x, y, text.text_color.a);
                }
                ColorGlyph::Layers(layers) => {
                    for (path, color) in layers {
                        let mut coverage = Coverage::new(self.path_rect(path, 0.0).intersection(rect));
                        coverage.draw(path, Pen::Fill, self.origin);
                        let color = color.unwrap_or(text.text_color);
                        let a = crate::raster::pixmap::mul_255(color.a, text.text_color.a);
                        canvas.paint(&coverage, Color { a, ..color });
                    }
                }
            }
        }
    }
}

/// How far above the baseline the top of the decoration line is.
fn decoration_offset(text: &Text, outlines: &Outlines<'_>, size: f32) -> Option<f32> {
    let metrics = outlines.font(0).metrics(&[]).scale(size);
    match text.text_decoration {
        TextDecoration::None => None,
        TextDecoration::Underline => Some(metrics.underline_offset),
        TextDecoration::Strikethrough => Some(metrics.strikeout_offset),
    }
}

/// The outline: its width outside the letters in pixels, and its colour.
fn outline(text: &Text) -> Option<(f32, Color)> {
    let hollow = text.display == TextDisplay::Stroke;
    let size = text.font_size.to_f64();
    let written = text.stroke_width.to_f64();
    // Widths up to 1 are shares of the font size; see the contract on `stroke_width`.
    let width = if written <= 1.0 { written * size } else { written };
    match (hollow, text.stroke_color) {
        (false, Some(color)) if width > 0.0 => Some((width as f32, color)),
        (false, _) => None,
        (true, color) => {
            let width = if width > 0.0 { width } else { HOLLOW_WIDTH * size };
            Some((width as f32, color.unwrap_or(text.text_color)))
        }
    }
}

fn shadow(text: &Text, style: &Style, canvas: Size) -> Option<Shadow> {
    if text.display != TextDisplay::Shadow {
        return None;
    }
    let across = Rational::from(canvas.width);
    let pixels = |length: Length, axis: u32| finite(length.resolve(Rational::from(axis)).to_f64());
    // On text the blur is a share of the font size: its number over the canvas's width.
    let blur = style.shadow_blur.resolve(across) / across * text.font_size;
    let whole = |value: f64| (value + 0.5).floor() as i32;
    Some(Shadow {
        color: style.shadow_color.unwrap_or(SHADOW_COLOR),
        // A blur of n pixels is a Gaussian of half that deviation, as in CSS.
        sigma: (finite(blur.to_f64()).max(0.0) / 2.0) as f32,
        dx: whole(pixels(style.shadow_x, canvas.width)),
        dy: whole(pixels(style.shadow_y, canvas.height)),
    })
}

/// The plate behind the block of lines, its edges on whole pixels. `place` is where the block's box
/// begins and where its first line does. A border without a plate runs where the plate's would.
fn plate(text: &Text, style: &Style, canvas: Size, layout: &Layout, place: (f64, f64)) -> Option<Plate> {
    let color = text.background_color.filter(|_| text.display == TextDisplay::Background);
    let color = color.unwrap_or(Color::TRANSPARENT);
    let share = (text.background_opacity / Rational::integer(100)).to_f64().clamp(0.0, 1.0);
    let color = Color { a: (f64::from(color.a) * share + 0.5) as u8, ..color };
    let (left, right) = layout.extent();
    let padding = |length: Length, axis: u32| finite(length.resolve(Rational::from(axis)).to_f64());
    let (x_padding, y_padding) =
        (padding(text.x_padding, canvas.width), padding(text.y_padding, canvas.height));
    let edge = |value: f64| (value + 0.5).floor() as i32;
    let rect = PixelRect {
        x0: edge(place.0 + left - x_padding),
        y0: edge(place.1 - y_padding),
        x1: edge(place.0 + right + x_padding),
        y1: edge(place.1 + layout.height() + y_padding),
    };
    // Percent are of the plate's shorter side, so that 50 % makes it a pill.
    let shorter = Rational::from(rect.width().min(rect.height()));
    let length = |length: Length| finite(length.resolve(shorter).to_f64()).max(0.0) as f32;
    let width = length(style.border_width);
    let border = style.border_color.filter(|color| color.a > 0 && width > 0.0).map(|color| (width, color));
    let is_seen = color.a != 0 || border.is_some();
    (!rect.is_empty() && is_seen).then_some(Plate {
        rect,
        radius: length(style.border_radius),
        color,
        border,
    })
}

/// The value as a place on or near the canvas.
pub(super) fn finite(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value.clamp(-FAR, FAR) }
}
