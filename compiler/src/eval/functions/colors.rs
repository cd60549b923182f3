//! Colours. Everything is computed exactly and rounded once to eight bits, halves up.

use vid_timeline::{Angle, Color, Rational};

use crate::eval::functions::Call;
use crate::eval::ops::{degrees, same_unit};
use crate::eval::value::{Stop, Value};

pub(super) fn apply(call: &mut Call<'_>, values: &[Value]) -> Option<Result<Value, Stop>> {
    Some(match (call.name, values) {
        ("rgb", [r, g, b, Value::Percent(a)]) => rgb(call, [r, g, b], *a),
        ("hsl", [hue, Value::Percent(s), Value::Percent(l), Value::Percent(a)]) => {
            let hue = match hue {
                Value::Angle(angle) => degrees(*angle),
                Value::Number(number) => degrees(Angle::Degrees(*number)),
                _ => return None,
            };
            hsl(call, hue, *s, *l, *a)
        }
        ("alpha", [Value::Color(color), Value::Percent(a)]) => {
            part(call, *a).map(|part| Value::Color(Color { a: byte(part * FULL), ..*color }))
        }
        ("mix", [Value::Color(a), Value::Color(b), Value::Percent(amount)]) => {
            part(call, *amount).map(|part| Value::Color(mixed(*a, *b, part)))
        }
        ("mix", [a, b, Value::Percent(amount)]) => {
            let amount = *amount / Rational::integer(100);
            same_unit(call.env, "mix", a, b, call.place).map(|(a, b, unit)| unit.join(a + (b - a) * amount))
        }
        ("lighten", [Value::Color(color), Value::Percent(amount)]) => part(call, *amount)
            .map(|part| Value::Color(mixed(*color, Color { a: color.a, ..Color::WHITE }, part))),
        ("darken", [Value::Color(color), Value::Percent(amount)]) => part(call, *amount)
            .map(|part| Value::Color(mixed(*color, Color { a: color.a, ..Color::BLACK }, part))),
        _ => return None,
    })
}

/// The largest value of a channel.
const FULL: Rational = Rational::integer(255);

/// A percentage from 0% to 100% as a number from 0 to 1.
fn part(call: &mut Call<'_>, percent: Rational) -> Result<Rational, Stop> {
    if percent.is_negative() || percent > Rational::integer(100) {
        return Err(call.out_of_range(format!("`{}` takes 0% to 100%, not {percent}%", call.name)));
    }
    Ok(percent / Rational::integer(100))
}

/// The nearest value of a channel.
fn byte(value: Rational) -> u8 {
    u8::try_from(value.round_half_up().clamp(0, 255)).unwrap_or(u8::MAX)
}

fn mixed(a: Color, b: Color, part: Rational) -> Color {
    let channel = |a: u8, b: u8| {
        let (a, b) = (Rational::integer(a.into()), Rational::integer(b.into()));
        byte(a + (b - a) * part)
    };
    Color { r: channel(a.r, b.r), g: channel(a.g, b.g), b: channel(a.b, b.b), a: channel(a.a, b.a) }
}

/// Channels are numbers from 0 to 255, or percentages.
fn rgb(call: &mut Call<'_>, channels: [&Value; 3], alpha: Rational) -> Result<Value, Stop> {
    let mut bytes = [0; 3];
    for (byte_of, channel) in bytes.iter_mut().zip(channels) {
        *byte_of = match channel {
            Value::Number(number) if !number.is_negative() && *number <= FULL => byte(*number),
            Value::Percent(percent) => byte(part(call, *percent)? * FULL),
            other => {
                return Err(call.out_of_range(format!("a channel of `rgb` goes from 0 to 255, not {other}")));
            }
        };
    }
    let [r, g, b] = bytes;
    Ok(Value::Color(Color { r, g, b, a: byte(part(call, alpha)? * FULL) }))
}

/// The definition of CSS Color 4, section 7: piecewise linear in the hue, so no rounding but the last.
fn hsl(
    call: &mut Call<'_>,
    hue: Rational,
    saturation: Rational,
    lightness: Rational,
    alpha: Rational,
) -> Result<Value, Stop> {
    let (saturation, lightness) = (part(call, saturation)?, part(call, lightness)?);
    let reach = saturation * lightness.min(Rational::ONE - lightness);
    let channel = |offset: i64| {
        let twelve = Rational::integer(12);
        let turned = Rational::integer(offset) + hue / Rational::integer(30);
        let k = turned - twelve * Rational::new((turned / twelve).floor(), 1).unwrap_or_default();
        let slope = (k - Rational::integer(3)).min(Rational::integer(9) - k).min(Rational::ONE);
        byte((lightness - reach * slope.max(-Rational::ONE)) * FULL)
    };
    Ok(Value::Color(Color {
        r: channel(0),
        g: channel(8),
        b: channel(4),
        a: byte(part(call, alpha)? * FULL),
    }))
}
