use vid_timeline::{Color, FontStyle, Length, TextAlign, TextDecoration, TextDisplay};

use super::*;
use crate::raster::golden::{Shown, assert_golden};
use crate::raster::{PixelRect, Pixmap};

const NAVY: Color = Color::rgb(16, 24, 64);

/// Draws texts on a canvas, each in its box, and compares with the kept picture.
fn check(name: &str, width: u32, height: u32, texts: &[(&Text, &Style, TextBox)]) {
    let mut shown = Shown::new(width, height, NAVY);
    for (text, style, area) in texts {
        let TextRaster { rect, pixmap } = rasterize(&dejavu(), text, style, area).unwrap();
        assert_eq!((rect.width(), rect.height()), (pixmap.width(), pixmap.height()));
        shown.put(&pixmap, rect.x0, rect.y0);
    }
    assert_golden(name, &shown);
}

fn part(left: f64, top: f64, width: f64, height: f64) -> TextBox {
    TextBox { left, top, width, height, ..whole(320, 180) }
}

fn pixels(value: i64) -> Length {
    Length::Pixels(Rational::integer(value))
}

#[test]
fn text_is_centred_in_its_box() {
    let text = words("Hello, world", 40);
    check("text_centred", 320, 100, &[(&text, &Style::default(), whole(320, 100))]);
}

#[test]
fn lines_wrap_and_are_aligned() {
    let plain = Style::default();
    let text = words("The quick brown fox jumps", 20);
    let left = Text { text_align: TextAlign::Left, ..text.clone() };
    let right = Text { text_align: TextAlign::Right, leading: Rational::ratio(3, 2), ..text.clone() };
    check(
        "text_wrapped",
        320,
        130,
        &[
            (&left, &plain, part(5.0, 0.0, 100.0, 130.0)),
            (&text, &plain, part(110.0, 0.0, 100.0, 130.0)),
            (&right, &plain, part(215.0, 0.0, 100.0, 130.0)),
        ],
    );
}

#[test]
fn a_plate_stands_behind_the_block() {
    let text = Text {
        display: TextDisplay::Background,
        background_color: Color::from_hex("#ff5a36"),
        background_opacity: Rational::integer(70),
        x_padding: pixels(14),
        y_padding: pixels(6),
        ..words("On a plate,\ntwo lines", 24)
    };
    let rounded = Style { border_radius: pixels(12), ..Style::default() };
    check("text_plate", 320, 110, &[(&text, &rounded, whole(320, 110))]);
}

#[test]
fn scripts_are_shaped_and_put_in_order() {
    let text = words(
        "Hebrew \u{5e9}\u{5dc}\u{5d5}\u{5dd}, Arabic\n\u{627}\u{644}\u{639}\u{631}\u{628}\u{64a}\u{629} 123 AVA fi",
        28,
    );
    check("text_scripts", 320, 100, &[(&text, &Style::default(), whole(320, 100))]);
}

#[test]
fn outlines_shadows_and_lines() {
    let black = Some(Color::BLACK);
    let yellow = Color::from_hex("#ffd400").unwrap();
    let outlined = Text {
        stroke_color: black,
        stroke_width: Rational::integer(4),
        text_color: yellow,
        ..words("Outline", 36)
    };
    let hollow = Text { display: TextDisplay::Stroke, text_color: yellow, ..words("Hollow", 36) };
    let shadowed = Text { display: TextDisplay::Shadow, ..words("Shadow", 36) };
    let style =
        Style { shadow_blur: pixels(30), shadow_x: pixels(4), shadow_y: pixels(4), ..Style::default() };
    let under = Text { text_decoration: TextDecoration::Underline, ..words("under", 24) };
    let strike = Text { text_decoration: TextDecoration::Strikethrough, ..words("strike", 24) };
    let plain = Style::default();
    check(
        "text_styles",
        320,
        150,
        &[
            (&outlined, &plain, part(0.0, 0.0, 160.0, 75.0)),
            (&hollow, &plain, part(160.0, 0.0, 160.0, 75.0)),
            (&shadowed, &style, part(0.0, 75.0, 160.0, 75.0)),
            (&under, &plain, part(160.0, 75.0, 80.0, 75.0)),
            (&strike, &plain, part(240.0, 75.0, 80.0, 75.0)),
        ],
    );
}

#[test]
fn faces_that_are_not_there_are_imitated() {
    let real = Text { font_style: FontStyle::Bold, ..words("Bold Italic", 30) };
    let made =
        Text { font_family: "DejaVu Serif".to_owned(), font_style: FontStyle::BoldItalic, ..real.clone() };
    let plain = Text { font_family: "DejaVu Serif".to_owned(), ..words("Bold Italic", 30) };
    let style = Style::default();
    check(
        "text_imitated",
        320,
        120,
        &[
            (&real, &style, part(0.0, 0.0, 320.0, 40.0)),
            (&made, &style, part(0.0, 40.0, 320.0, 40.0)),
            (&plain, &style, part(0.0, 80.0, 320.0, 40.0)),
        ],
    );
}

#[test]
fn translucent_text_shows_its_outline_only_outside() {
    let text = Text {
        text_color: Color { r: 255, g: 255, b: 255, a: 96 },
        stroke_color: Some(Color::rgb(255, 0, 0)),
        stroke_width: Rational::ratio(1, 10),
        ..words("I", 100)
    };
    let TextRaster { rect, pixmap } = drawn(&text, &whole(100, 100));
    let middle = |x: u32| pixmap.row(rect.height() / 2)[x as usize * 4..][..4].to_vec();
    assert_eq!(middle(rect.width() / 2), [96, 96, 96, 96]);
    assert!((0..rect.width()).any(|x| middle(x) == [255, 0, 0, 255]));
}

#[test]
fn whole_pixel_moves_change_no_pixel() {
    let text = words("Move me", 31);
    let here = drawn(&text, &whole(320, 180));
    let there = drawn(&text, &TextBox { left: -700.0, top: 41.0, ..whole(320, 180) });
    assert_eq!(there.rect, here.rect.translated(-700, 41));
    assert_eq!(there.pixmap, here.pixmap);
    let once_more = drawn(&text, &whole(320, 180));
    assert_eq!(once_more, here);
}

#[test]
fn nothing_to_see_is_an_empty_raster() {
    let empty = TextRaster { rect: PixelRect::EMPTY, pixmap: Pixmap::transparent(0, 0) };
    assert_eq!(drawn(&words("  \n ", 40), &whole(100, 100)), empty);
    assert_eq!(drawn(&words("", 40), &whole(100, 100)), empty);
}

#[test]
fn what_is_too_large_is_refused() {
    let refused = |text: &Text| {
        rasterize(&dejavu(), text, &Style::default(), &whole(100, 100)).unwrap_err().to_string()
    };
    let text = words(&"W\n".repeat(400), 2000);
    assert!(refused(&text).starts_with("a text would take "), "{}", refused(&text));
    let wide = Text { text_wrap: vid_timeline::TextWrap::Nowrap, ..words(&"W".repeat(9000), 200) };
    assert!(refused(&wide).starts_with("a text would take "));
}

#[test]
fn senseless_boxes_do_no_harm() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1e300, 0.0] {
        let area = TextBox { left: value, top: value, width: value, height: value, ..whole(100, 100) };
        let _ = rasterize(&dejavu(), &words("a b", 20), &Style::default(), &area);
    }
}
