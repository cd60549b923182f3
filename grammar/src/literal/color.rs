//! Colours in hexadecimal digits.

use super::{LiteralErrorCode, Reason};

/// A colour: red, green, blue and opacity, 0–255 each, not premultiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgba {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
    /// Opacity: 0 is invisible, 255 is opaque.
    pub alpha: u8,
}

/// `#rgb`, `#rrggbb`, `#rrggbbaa`
pub(super) fn color(text: &str) -> Result<Rgba, Reason> {
    let invalid = |why: String| {
        Reason::new(LiteralErrorCode::InvalidColor, why).help("a colour is `#rgb`, `#rrggbb` or `#rrggbbaa`")
    };
    let hex = text.strip_prefix('#').unwrap_or(text);
    if let Some(wrong) = hex.chars().find(|c| !c.is_ascii_hexdigit()) {
        return Err(invalid(format!("`{wrong}` in `{text}` is no hexadecimal digit")));
    }
    let digits: Vec<u8> =
        hex.chars().filter_map(|c| c.to_digit(16)).filter_map(|digit| u8::try_from(digit).ok()).collect();
    match digits[..] {
        [r, g, b] => Ok(Rgba { red: r * 17, green: g * 17, blue: b * 17, alpha: 255 }),
        [r, r2, g, g2, b, b2] => {
            Ok(Rgba { red: r * 16 + r2, green: g * 16 + g2, blue: b * 16 + b2, alpha: 255 })
        }
        [r, r2, g, g2, b, b2, a, a2] => {
            Ok(Rgba { red: r * 16 + r2, green: g * 16 + g2, blue: b * 16 + b2, alpha: a * 16 + a2 })
        }
        _ => Err(invalid(format!("`{text}` has {}", crate::error::count(digits.len(), "digit")))),
    }
}
