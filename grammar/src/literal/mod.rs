//! The exact values of literals. No floating point anywhere.
//!
//! The grammar accepts more than the language has (`#12`, `29.97fps`, `1m30px`), so that a wrong
//! literal is one token with one message. Decoding is where it is found out.

mod color;
mod number;
mod string;
mod time;

pub use color::Rgba;
pub use number::Exact;
pub use string::StringPart;

use rowan::{TextRange, TextSize};

use crate::ast::{AstNode, Literal};
use crate::error::SyntaxFix;
use crate::syntax_kind::SyntaxKind;

/// The value of a literal other than a string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LiteralValue {
    /// `0.25`
    Number(Exact),
    /// `5s`, `40%`, `12dB`, `1fr`: a number and its unit, which the prelude declares.
    Quantity {
        /// The number.
        value: Exact,
        /// The unit as written; `%` for percent.
        unit: String,
    },
    /// `1m30s`, `00:01:30.500`, `00:01:30:12`: seconds, and frames of the enclosing composition's rate.
    Time {
        /// The part in seconds.
        seconds: Exact,
        /// The part in frames, to be added; 0 where no frames are written.
        frames: Exact,
    },
    /// `1920x1080`, in pixels; neither is 0.
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// `30000/1001fps`, in frames per second; greater than 0.
    Rate(Exact),
    /// `#ff5a36`
    Color(Rgba),
    /// `true`
    Boolean(bool),
}

macro_rules! literal_codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// The stable code of a [`LiteralError`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum LiteralErrorCode {
            $($(#[$doc])* $variant,)*
        }

        impl LiteralErrorCode {
            /// Every code, in the order of their declaration.
            pub const ALL: &[LiteralErrorCode] = &[$(LiteralErrorCode::$variant),*];

            /// The code as it is shown and documented, in kebab case.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(LiteralErrorCode::$variant => $text,)*
                }
            }
        }
    };
}

literal_codes! {
    /// Digits that are no number, such as `1__0`.
    InvalidNumber = "invalid-number",
    /// More digits than an exact number has room for.
    NumberTooLong = "number-too-long",
    /// A time of several units that do not go together.
    InvalidTime = "invalid-time",
    /// A clock time with too many minutes, seconds or digits.
    InvalidTimecode = "invalid-timecode",
    /// A colour of other than 3, 6 or 8 hexadecimal digits.
    InvalidColor = "invalid-color",
    /// A canvas without pixels, or with more than can be counted.
    InvalidSize = "invalid-size",
    /// A frame rate of 0, or with a fraction of 0 or of decimals.
    InvalidRate = "invalid-rate",
    /// A rounded frame rate such as `29.97fps`.
    InexactRate = "inexact-rate",
    /// A backslash with something that has no meaning after it.
    InvalidEscape = "invalid-escape",
}

/// Why a literal has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiteralError {
    /// The place, in bytes.
    pub range: TextRange,
    /// The stable code.
    pub code: LiteralErrorCode,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do about it, where something can be said.
    pub help: Option<String>,
    /// An edit that repairs it, where there is exactly one sensible edit.
    pub fix: Option<SyntaxFix>,
}

/// Why a piece of text is no literal, before its place is known.
struct Reason {
    code: LiteralErrorCode,
    message: String,
    help: Option<String>,
    replacement: Option<String>,
}

impl Reason {
    fn new(code: LiteralErrorCode, message: impl Into<String>) -> Reason {
        Reason { code, message: message.into(), help: None, replacement: None }
    }

    fn help(mut self, help: impl Into<String>) -> Reason {
        self.help = Some(help.into());
        self
    }

    fn replacement(mut self, replacement: impl Into<String>) -> Reason {
        self.replacement = Some(replacement.into());
        self
    }

    fn at(self, range: TextRange) -> LiteralError {
        LiteralError {
            range,
            code: self.code,
            message: self.message,
            help: self.help,
            fix: self.replacement.map(|replacement| SyntaxFix { range, replacement }),
        }
    }
}

impl Literal {
    /// The value of the literal.
    ///
    /// # Errors
    ///
    /// The text has the form of a literal but no meaning, such as `#12` or `00:99:00`.
    pub fn decode(&self) -> Result<LiteralValue, LiteralError> {
        let text = self.syntax().text().to_string();
        let value = match self.token_kind() {
            Some(SyntaxKind::Quantity) => time::quantity(&text),
            Some(SyntaxKind::Timecode) => time::timecode(&text),
            Some(SyntaxKind::Size) => size(&text),
            Some(SyntaxKind::Rate) => number::rate(&text).map(LiteralValue::Rate),
            Some(SyntaxKind::Color) => color::color(&text).map(LiteralValue::Color),
            Some(SyntaxKind::Boolean) => Ok(LiteralValue::Boolean(text == "true")),
            _ => number::decimal(&text).map(LiteralValue::Number),
        };
        value.map_err(|reason| reason.at(self.range()))
    }
}

/// `1920x1080`
fn size(text: &str) -> Result<LiteralValue, Reason> {
    let (width, height) = text.split_once('x').unwrap_or((text, ""));
    match (number::whole(width)?, number::whole(height)?) {
        (Some(width), Some(height)) if width > 0 && height > 0 => Ok(LiteralValue::Size { width, height }),
        _ => Err(Reason::new(LiteralErrorCode::InvalidSize, format!("`{text}` is no size"))
            .help("a size is pixels across, `x`, and pixels down, as in `1920x1080`")),
    }
}

/// The range of `length` bytes at `start`.
fn part_of(range: TextRange, start: usize, length: usize) -> TextRange {
    let size = |n: usize| TextSize::new(u32::try_from(n).unwrap_or(u32::MAX));
    TextRange::at(range.start() + size(start), size(length))
}

#[cfg(test)]
mod tests;
