//! Words: from text and font files to pixels.
//!
//! In order: a [`FontLibrary`] knows the faces there are and picks them ([`FaceSet`]), [`layout()`]
//! shapes the text and breaks it into lines, [`rasterize`] paints plate, shadow, outline and glyphs
//! into one premultiplied picture with its place on the canvas. That happens once for a stretch of
//! frames that show the same words at the same size.
//!
//! The same text, fonts and box give the same bytes: faces are picked by rules over sorted lists,
//! nothing is looked up in the system behind the caller's back, and glyphs are placed and covered
//! exactly, not from a cache of rounded positions.

mod choose;
mod color_glyph;
mod coverage;
mod error;
mod faces;
mod fonts;
mod layout;
mod outline;
mod paint;
mod parts;
mod raster;

pub use error::TextError;
pub use faces::FaceSet;
pub use fonts::{FontLibrary, FontSource};
pub use layout::{Layout, Line, layout};
pub use parts::{TextPart, rasterize_parts};
pub use raster::{TextBox, TextRaster, rasterize};

/// Longest text, in bytes of UTF-8.
pub const MAX_TEXT_BYTES: usize = 16_384;
/// Largest font size, in pixels.
pub const MAX_FONT_SIZE: i64 = 8192;
/// Most pixels of a rasterised text: a frame of 7680 × 4320.
pub const MAX_TEXT_PIXELS: u64 = 7680 * 4320;
/// Largest font file that is read, in bytes.
pub const MAX_FONT_BYTES: u64 = 32 << 20;

#[cfg(test)]
mod tests;
