//! Exact numbers.
//!
//! Every number of the language and of the wire format is a terminating decimal or a quotient of
//! such, so a ratio of integers holds it without loss. Floats begin at pixels and samples.

use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedMul, CheckedSub};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact rational number.
///
/// Arithmetic never panics. A result whose exact value needs more than 127 bits is rounded to the
/// nearest multiple of 2⁻³² and kept within ±2⁶² — the compiler bounds its inputs so that no real
/// film comes near, and the bound exists so that hostile input ends in a number, not in a crash.
///
/// The numerator is never `i128::MIN`, the one value without a negative, so every sign can move.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rational(Ratio<i128>);

/// Denominator of the grid that out-of-range results are rounded to.
const FALLBACK_DENOMINATOR: i128 = 1 << 32;
/// Largest magnitude of a rounded result.
const FALLBACK_LIMIT: f64 = (1u64 << 62) as f64;

impl Rational {
    /// Zero.
    pub const ZERO: Self = Self(Ratio::new_raw(0, 1));
    /// One.
    pub const ONE: Self = Self(Ratio::new_raw(1, 1));

    /// The quotient `numerator / denominator` in lowest terms; `None` for a zero denominator or for
    /// the one value (`i128::MIN`) whose sign cannot be moved.
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        let movable = numerator != i128::MIN && denominator != i128::MIN;
        (denominator != 0 && movable).then(|| Self(Ratio::new(numerator, denominator)))
    }

    /// An integer.
    pub const fn integer(value: i64) -> Self {
        Self(Ratio::new_raw(value as i128, 1))
    }

    /// `numerator / denominator` for constants; a zero denominator yields zero.
    pub fn ratio(numerator: i64, denominator: i64) -> Self {
        Self::new(numerator.into(), denominator.into()).unwrap_or(Self::ZERO)
    }

    /// Numerator in lowest terms; carries the sign.
    pub fn numerator(self) -> i128 {
        *self.0.numer()
    }

    /// Denominator in lowest terms; always positive.
    pub fn denominator(self) -> i128 {
        *self.0.denom()
    }

    /// Whether the value is a whole number.
    pub fn is_integer(self) -> bool {
        self.denominator() == 1
    }

    /// Whether the value is below zero.
    pub fn is_negative(self) -> bool {
        self.numerator() < 0
    }

    /// Whether the value is zero.
    pub fn is_zero(self) -> bool {
        self.numerator() == 0
    }

    /// The value without its sign.
    pub fn abs(self) -> Self {
        if self.is_negative() { -self } else { self }
    }

    /// Sum, or `None` when it needs more than 127 bits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        match self.parts().zip(other.parts()) {
            Some(((a, b), (c, d))) => Some(Self::reduced(a * d + c * b, b * d)),
            None => self.0.checked_add(&other.0).and_then(Self::within),
        }
    }

    /// Difference, or `None` when it needs more than 127 bits.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        match self.parts().zip(other.parts()) {
            Some(((a, b), (c, d))) => Some(Self::reduced(a * d - c * b, b * d)),
            None => self.0.checked_sub(&other.0).and_then(Self::within),
        }
    }

    /// Product, or `None` when it needs more than 127 bits.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        match self.parts().zip(other.parts()) {
            Some(((a, b), (c, d))) => Some(Self::reduced(a * c, b * d)),
            None => self.0.checked_mul(&other.0).and_then(Self::within),
        }
    }

    /// Quotient, or `None` for a zero divisor or when it needs more than 127 bits.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        // The product with the reciprocal keeps denominators positive throughout; `Ratio`'s own
        // division builds a negative one first and overflows when it is exactly −2¹²⁷.
        self.checked_mul(other.reciprocal()?)
    }

    /// Numerator and denominator, where products of two such pairs and their sum fit into 127 bits. Nearly
    /// all numbers of a film do, and need none of the divisions that keep larger ones small on the way.
    fn parts(self) -> Option<(i128, i128)> {
        const SMALL: std::ops::Range<i128> = -(1 << 62)..1 << 62;
        let (numerator, denominator) = (self.numerator(), self.denominator());
        (SMALL.contains(&numerator) && SMALL.contains(&denominator)).then_some((numerator, denominator))
    }

    /// The fraction in lowest terms; the denominator is above zero.
    fn reduced(numerator: i128, denominator: i128) -> Self {
        if denominator == 1 {
            return Self(Ratio::new_raw(numerator, 1));
        }
        let (Ok(a), Ok(b)) = (u64::try_from(numerator.unsigned_abs()), u64::try_from(denominator)) else {
            return Self(Ratio::new(numerator, denominator));
        };
        let (mut common, mut rest) = (a, b);
        while rest != 0 {
            (common, rest) = (rest, common % rest);
        }
        let (a, b) = (i128::from(a / common), i128::from(b / common));
        Self(Ratio::new_raw(if numerator < 0 { -a } else { a }, b))
    }

    /// Largest integer at or below the value.
    pub fn floor(self) -> i128 {
        self.numerator().div_euclid(self.denominator())
    }

    /// Smallest integer at or above the value.
    pub fn ceil(self) -> i128 {
        -(-self).floor()
    }

    /// Nearest integer; halves go up (towards plus infinity), the one rounding of the timeline.
    pub fn round_half_up(self) -> i128 {
        let (floor, rest) = (self.floor(), self.numerator().rem_euclid(self.denominator()));
        // `rest ≥ denominator − rest` is `2 · rest ≥ denominator` without the overflow.
        if rest >= self.denominator() - rest { floor + 1 } else { floor }
    }

    /// The nearest float, for pixels, samples and display.
    pub fn to_f64(self) -> f64 {
        // Dividing two rounded integers errs by at most 1.5 ulp, far below a pixel or a sample;
        // values with a short decimal form are served exactly by the API's own conversion.
        self.numerator() as f64 / self.denominator() as f64
    }

    /// The exact value of the float's shortest decimal form (`0.1` becomes 1/10), the inverse of
    /// writing a number to JSON. `None` for infinities, NaN, and magnitudes outside 10⁻²⁰…10¹⁸.
    pub fn from_f64_decimal(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        Self::from_decimal(&format!("{value}"))
    }

    /// Reads a plain decimal such as `-12.050`. `None` when it is not one or does not fit.
    pub fn from_decimal(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let well_formed = !whole.is_empty() || !fraction.is_empty();
        let all_digits = whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
        if !well_formed || !all_digits || whole.len() > 19 || fraction.len() > 20 {
            return None;
        }
        let mut numerator: i128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            numerator = numerator.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        let denominator = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        Self::new(if negative { -numerator } else { numerator }, denominator)
    }

    /// The exact decimal form, or `None` when the expansion does not end.
    pub fn to_decimal(self) -> Option<String> {
        let (mut twos, mut fives, mut rest) = (0u32, 0u32, self.denominator());
        while rest % 2 == 0 {
            rest /= 2;
            twos += 1;
        }
        while rest % 5 == 0 {
            rest /= 5;
            fives += 1;
        }
        if rest != 1 {
            return None;
        }
        let places = twos.max(fives);
        let scale = 10_i128.checked_pow(places)?;
        let scaled = self.numerator().checked_mul(scale / self.denominator())?;
        let digits = format!("{:0width$}", scaled.unsigned_abs(), width = places as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places as usize);
        let sign = if scaled < 0 { "-" } else { "" };
        Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
    }

    fn reciprocal(self) -> Option<Self> {
        let (numerator, denominator) = (self.numerator(), self.denominator());
        match numerator.signum() {
            1 => Some(Self(Ratio::new_raw(denominator, numerator))),
            -1 => Some(Self(Ratio::new_raw(-denominator, -numerator))),
            _ => None,
        }
    }

    fn within(ratio: Ratio<i128>) -> Option<Self> {
        (*ratio.numer() != i128::MIN).then_some(Self(ratio))
    }

    fn rounded(value: f64) -> Self {
        let limited = if value.is_nan() { 0.0 } else { value.clamp(-FALLBACK_LIMIT, FALLBACK_LIMIT) };
        let scaled = libm::rint(limited * FALLBACK_DENOMINATOR as f64) as i128;
        Self(Ratio::new(scaled, FALLBACK_DENOMINATOR))
    }
}

impl Default for Rational {
    fn default() -> Self {
        Self::ZERO
    }
}

impl From<i64> for Rational {
    fn from(value: i64) -> Self {
        Self::integer(value)
    }
}

impl From<u32> for Rational {
    fn from(value: u32) -> Self {
        Self::integer(value.into())
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        match self.parts().zip(other.parts()) {
            Some(((a, b), (c, d))) => (a * d).cmp(&(c * b)),
            None => self.0.cmp(&other.0),
        }
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Add for Rational {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.checked_add(other).unwrap_or_else(|| Self::rounded(self.to_f64() + other.to_f64()))
    }
}

impl Sub for Rational {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.checked_sub(other).unwrap_or_else(|| Self::rounded(self.to_f64() - other.to_f64()))
    }
}

impl Mul for Rational {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.checked_mul(other).unwrap_or_else(|| Self::rounded(self.to_f64() * other.to_f64()))
    }
}

/// Division by zero yields zero; callers that can meet a zero divisor use [`Rational::checked_div`].
impl Div for Rational {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        if other.is_zero() {
            return Self::ZERO;
        }
        self.checked_div(other).unwrap_or_else(|| Self::rounded(self.to_f64() / other.to_f64()))
    }
}

impl Neg for Rational {
    type Output = Self;
    fn neg(self) -> Self {
        Self(Ratio::new_raw(-self.numerator(), self.denominator()))
    }
}

/// Exact decimal where one exists, otherwise `numerator/denominator`.
impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_decimal() {
            Some(text) => f.write_str(&text),
            None => write!(f, "{}/{}", self.numerator(), self.denominator()),
        }
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Serialised as its display text, so that a hash over the serialised form is exact.
impl Serialize for Rational {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rational {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parsed = match text.split_once('/') {
            Some((n, d)) => n.parse().ok().zip(d.parse().ok()).and_then(|(n, d)| Self::new(n, d)),
            None => Self::from_decimal(&text),
        };
        parsed.ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not an exact number")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let tenth = Rational::from_decimal("0.1").unwrap();
        assert_eq!(tenth + tenth + tenth, Rational::ratio(3, 10));
        assert_eq!(Rational::from_f64_decimal(29.97).unwrap(), Rational::ratio(2997, 100));
        assert_eq!(Rational::ratio(-5, 4).to_decimal().unwrap(), "-1.25");
        assert_eq!(Rational::ratio(1, 3).to_decimal(), None);
        assert_eq!(Rational::from_decimal("."), None);
        assert_eq!(Rational::from_decimal("1e5"), None);
    }

    #[test]
    fn small_numbers_are_computed_as_large_ones_are() {
        let edges = [0, 1, 2, 3, 7, 1001, 30_000, (1 << 31) - 1, (1 << 62) - 1, 1 << 62, 1 << 63];
        let numerators = edges.into_iter().flat_map(|edge: i128| [edge, -edge]);
        let numbers: Vec<Rational> = numerators
            .flat_map(|numerator| edges.map(|denominator| Rational::new(numerator, denominator)))
            .flatten()
            .collect();
        for a in &numbers {
            for b in &numbers {
                assert_eq!(a.checked_add(*b).map(|sum| sum.0), a.0.checked_add(&b.0), "{a} + {b}");
                assert_eq!(a.checked_sub(*b).map(|rest| rest.0), a.0.checked_sub(&b.0), "{a} - {b}");
                assert_eq!(a.checked_mul(*b).map(|product| product.0), a.0.checked_mul(&b.0), "{a} * {b}");
                assert_eq!(a.cmp(b), a.0.cmp(&b.0), "{a} and {b}");
            }
        }
    }

    #[test]
    fn halves_round_up_on_both_sides_of_zero() {
        assert_eq!(Rational::ratio(1, 2).round_half_up(), 1);
        assert_eq!(Rational::ratio(-1, 2).round_half_up(), 0);
        assert_eq!(Rational::ratio(-3, 2).round_half_up(), -1);
    }

    #[test]
    fn arithmetic_beyond_127_bits_ends_in_a_number() {
        let tiny = Rational::new(1, (1 << 100) + 1).unwrap();
        let other = Rational::new(1, (1 << 101) + 1).unwrap();
        assert_eq!(tiny + other, Rational::ZERO);
        let huge = Rational::new(i128::MAX, 1).unwrap();
        assert!(huge * huge > Rational::ZERO);
        assert_eq!(Rational::ONE / Rational::ZERO, Rational::ZERO);
    }
}
