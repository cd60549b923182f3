//! Exact numbers.

use std::fmt;

use super::{LiteralErrorCode, Reason};

/// Most digits of a number, before and after the point together. Leaves room in 128 bits for the
/// arithmetic of those who use the value.
const MAX_DIGITS: usize = 24;

/// A fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exact {
    /// Above the line.
    pub numerator: i128,
    /// Below the line; greater than 0.
    pub denominator: i128,
}

impl Exact {
    /// Nothing.
    pub const ZERO: Exact = Exact { numerator: 0, denominator: 1 };

    /// `numerator / denominator`, where `denominator` is greater than 0.
    pub(super) fn new(numerator: i128, denominator: i128) -> Exact {
        let divisor = common_divisor(numerator, denominator).max(1);
        Exact { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    /// The sum; `None` if it has no room.
    pub(super) fn plus(self, other: Exact) -> Option<Exact> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Some(Exact::new(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?))
    }

    /// The product with a fraction; `None` if it has no room.
    pub(super) fn times(self, numerator: i128, denominator: i128) -> Option<Exact> {
        let numerator = self.numerator.checked_mul(numerator)?;
        Some(Exact::new(numerator, self.denominator.checked_mul(denominator)?))
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            denominator => write!(f, "{}/{denominator}", self.numerator),
        }
    }
}

fn common_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// `1_000.25`
pub(super) fn decimal(text: &str) -> Result<Exact, Reason> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = plain_digits(whole, text)? + &plain_digits(fraction, text)?;
    if digits.len() > MAX_DIGITS {
        let length = digits.len();
        return Err(Reason::new(
            LiteralErrorCode::NumberTooLong,
            format!("a number has at most {MAX_DIGITS} digits, this one has {length}"),
        ));
    }
    let places = fraction.bytes().filter(u8::is_ascii_digit).count();
    let numerator = digits.parse::<i128>().map_err(|_| invalid(text))?;
    // At most 24 digits, so at most 10^24: far below 2^127.
    Ok(Exact::new(numerator, (0..places).fold(1, |power, _| power * 10)))
}

/// A whole number without sign; `None` if it needs more than 32 bits.
pub(super) fn whole(text: &str) -> Result<Option<u32>, Reason> {
    Ok(plain_digits(text, text)?.parse().ok())
}

/// The digits of a part of a number without their underscores, each of which must have digits on both sides.
fn plain_digits(part: &str, all: &str) -> Result<String, Reason> {
    let is_grouped_well = part.is_empty() || part.split('_').all(|group| !group.is_empty());
    if is_grouped_well { Ok(part.replace('_', "")) } else { Err(invalid(all)) }
}

fn invalid(text: &str) -> Reason {
    Reason::new(LiteralErrorCode::InvalidNumber, format!("`{text}` is no number"))
        .help("an underscore has a digit on both sides, as in `1_000`")
}

/// `30fps`, `30000/1001fps`
pub(super) fn rate(text: &str) -> Result<Exact, Reason> {
    let amount = text.strip_suffix("fps").unwrap_or(text);
    if let Some(exact) = exact_rate(amount) {
        return Err(Reason::new(LiteralErrorCode::InexactRate, format!("`{text}` is a rounded frame rate"))
            .help(format!("write the exact rate `{exact}`"))
            .replacement(exact));
    }
    let (above, below) = amount.split_once('/').unwrap_or((amount, "1"));
    let (above, below) = (decimal(above)?, decimal(below)?);
    if above.numerator == 0
        || below.numerator == 0
        || (below.denominator, above.denominator) != (1, 1) && text.contains('/')
    {
        return Err(Reason::new(LiteralErrorCode::InvalidRate, format!("`{text}` is no frame rate")).help(
            "a frame rate is a number or a fraction of whole numbers, as in `30fps` or `30000/1001fps`",
        ));
    }
    above.times(below.denominator, below.numerator).ok_or_else(|| {
        Reason::new(LiteralErrorCode::NumberTooLong, format!("`{text}` has too many digits for a frame rate"))
    })
}

/// The exact rate that people mean by a rounded one.
fn exact_rate(rounded: &str) -> Option<&'static str> {
    Some(match rounded {
        "23.976" | "23.98" => "24000/1001fps",
        "29.97" => "30000/1001fps",
        "47.952" | "47.95" => "48000/1001fps",
        "59.94" => "60000/1001fps",
        "119.88" => "120000/1001fps",
        _ => return None,
    })
}
