//! Values that properties hold: colours, lengths, angles, levels.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::rational::Rational;

/// A colour with opacity, eight bits a channel, gamma-encoded sRGB primaries, not premultiplied.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Color {
    /// Red, 0–255.
    pub r: u8,
    /// Green, 0–255.
    pub g: u8,
    /// Blue, 0–255.
    pub b: u8,
    /// Opacity, 0 (invisible) – 255 (solid).
    pub a: u8,
}

impl Color {
    /// Solid black.
    pub const BLACK: Self = Self::rgb(0, 0, 0);
    /// Solid white.
    pub const WHITE: Self = Self::rgb(255, 255, 255);
    /// Invisible.
    pub const TRANSPARENT: Self = Self { r: 0, g: 0, b: 0, a: 0 };

    /// A solid colour.
    pub const fn rgb(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b, a: 255 }
    }

    /// Reads `#rrggbb` or `#rrggbbaa`, the two forms of the render API; `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if !matches!(digits.len(), 6 | 8) || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self { r: channel(0)?, g: channel(2)?, b: channel(4)?, a: channel(6).unwrap_or(255) })
    }
}

/// `#rrggbb` when solid, otherwise `#rrggbbaa`.
impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)?;
        if self.a != 255 { write!(f, "{:02x}", self.a) } else { Ok(()) }
    }
}

impl fmt::Debug for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A length on the canvas.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// Pixels of the output canvas.
    Pixels(Rational),
    /// Percent of the axis it is used on; of the element's own box where the property says so.
    Percent(Rational),
}

impl Length {
    /// Zero pixels.
    pub const ZERO: Self = Self::Pixels(Rational::ZERO);
    /// The whole axis.
    pub const FULL: Self = Self::Percent(Rational::integer(100));
    /// The middle of the axis.
    pub const HALF: Self = Self::Percent(Rational::integer(50));

    /// Pixels, given the length of the axis in pixels.
    pub fn resolve(self, axis: Rational) -> Rational {
        match self {
            Self::Pixels(pixels) => pixels,
            Self::Percent(percent) => axis * percent / Rational::integer(100),
        }
    }
}

/// `12px` or `50%`.
impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pixels(value) => write!(f, "{value}px"),
            Self::Percent(value) => write!(f, "{value}%"),
        }
    }
}

impl fmt::Debug for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An angle, clockwise positive.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Angle {
    /// Degrees.
    Degrees(Rational),
    /// Radians, kept apart so that they are written back as they were read.
    Radians(Rational),
}

impl Angle {
    /// No turn.
    pub const ZERO: Self = Self::Degrees(Rational::ZERO);

    /// Radians as a float, for transforms.
    pub fn to_radians(self) -> f64 {
        match self {
            Self::Degrees(degrees) => degrees.to_f64() * (std::f64::consts::PI / 180.0),
            Self::Radians(radians) => radians.to_f64(),
        }
    }

    /// Whether it turns nothing.
    pub fn is_zero(self) -> bool {
        match self {
            Self::Degrees(value) | Self::Radians(value) => value.is_zero(),
        }
    }
}

/// `90deg` or `1.57rad`.
impl fmt::Display for Angle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Degrees(value) => write!(f, "{value}deg"),
            Self::Radians(value) => write!(f, "{value}rad"),
        }
    }
}

impl fmt::Debug for Angle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A loudness factor.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Linear percent of the source's own level; 100 leaves it alone.
    Percent(Rational),
    /// Decibels relative to the source's own level; 0 leaves it alone.
    Decibels(Rational),
}

impl Level {
    /// The source's own level.
    pub const UNITY: Self = Self::Percent(Rational::integer(100));

    /// The factor samples are multiplied by.
    pub fn gain(self) -> f64 {
        match self {
            Self::Percent(percent) => percent.to_f64() / 100.0,
            Self::Decibels(db) => libm::pow(10.0, db.to_f64() / 20.0),
        }
    }

    /// The same in decibels; silence is −200 dB, far below what samples of 24 bits hold.
    pub fn decibels(self) -> f64 {
        match self {
            Self::Decibels(db) => db.to_f64(),
            Self::Percent(_) => (20.0 * libm::log10(self.gain())).max(-200.0),
        }
    }

    /// Whether nothing is heard.
    pub fn is_silent(self) -> bool {
        matches!(self, Self::Percent(percent) if percent <= Rational::ZERO)
    }
}

/// `40%` or `-12dB`.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(value) => write!(f, "{value}%"),
            Self::Decibels(value) => write!(f, "{value}dB"),
        }
    }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A canvas size in pixels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Size {
    /// The canvas of a body that names none.
    pub const DEFAULT: Self = Self { width: 1280, height: 720 };
    /// Smallest side of a canvas, in pixels.
    pub const MIN_SIDE: u32 = 16;
    /// Largest side of a canvas, in pixels.
    pub const MAX_SIDE: u32 = 8192;
}

/// `1920x1080`.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

impl fmt::Debug for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_colours_are_read_strictly_and_written_shortest() {
        assert_eq!(Color::from_hex("#10182080").unwrap().to_string(), "#10182080");
        assert_eq!(Color::from_hex("#101820FF").unwrap().to_string(), "#101820");
        for wrong in ["101820", "#fff", "#12345", "#12345g", "#é1234"] {
            assert_eq!(Color::from_hex(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn levels_become_gains() {
        assert_eq!(Level::UNITY.gain(), 1.0);
        assert!((Level::Decibels(Rational::integer(-20)).gain() - 0.1).abs() < 1e-12);
        assert!(Level::Percent(Rational::ZERO).is_silent());
    }
}
