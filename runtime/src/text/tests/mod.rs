//! Tests over the whole way from text to pixels, with fonts that are part of the test.

mod fonts;
mod layout;
mod pictures;

use vid_timeline::{Rational, Size, Style, Text};

use super::*;

/// A library of DejaVu faces.
fn dejavu() -> FontLibrary {
    use dejavu::{sans, serif};
    FontLibrary::with_data(
        [sans::regular(), sans::bold(), sans::oblique(), serif::regular()].map(<[u8]>::to_vec),
    )
}

/// Words in DejaVu Sans at a size.
fn words(text: &str, size: i64) -> Text {
    Text { font_family: "DejaVu Sans".to_owned(), font_size: Rational::integer(size), ..Text::new(text) }
}

/// A box that is the whole of a canvas.
fn whole(width: u32, height: u32) -> TextBox {
    let canvas = Size { width, height };
    TextBox { left: 0.0, top: 0.0, width: width.into(), height: height.into(), canvas }
}

fn drawn(text: &Text, area: &TextBox) -> TextRaster {
    rasterize(&dejavu(), text, &Style::default(), area).unwrap()
}
