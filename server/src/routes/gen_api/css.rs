//! The few values of CSS that styles of layers are written in.

/// Names of colours that are understood.
const NAMES: &[(&str, &str)] = &[
    ("transparent", "#00000000"),
    ("black", "#000000"),
    ("white", "#ffffff"),
    ("red", "#ff0000"),
    ("green", "#008000"),
    ("lime", "#00ff00"),
    ("blue", "#0000ff"),
    ("yellow", "#ffff00"),
    ("cyan", "#00ffff"),
    ("magenta", "#ff00ff"),
    ("orange", "#ffa500"),
    ("purple", "#800080"),
    ("pink", "#ffc0cb"),
    ("gray", "#808080"),
    ("grey", "#808080"),
    ("silver", "#c0c0c0"),
];

/// `#rrggbb` or `#rrggbbaa` of a colour: hexadecimal in four lengths, `rgb()`, `rgba()`, or a name.
pub fn color(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    if let Some(digits) = text.strip_prefix('#') {
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        return match digits.len() {
            3 | 4 => Some(digits.chars().fold("#".to_owned(), |hex, digit| format!("{hex}{digit}{digit}"))),
            6 | 8 => Some(text),
            _ => None,
        };
    }
    if let Some((_, hex)) = NAMES.iter().find(|(name, _)| *name == text) {
        return Some((*hex).to_owned());
    }
    let parts = text.strip_prefix("rgba(").or_else(|| text.strip_prefix("rgb("))?.strip_suffix(')')?;
    let parts: Vec<&str> =
        parts.split([',', '/', ' ']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let (channels, alpha) = match parts.len() {
        3 => (&parts[..], None),
        4 => (&parts[..3], Some(parts[3])),
        _ => return None,
    };
    let mut hex = "#".to_owned();
    for channel in channels {
        hex.push_str(&format!("{:02x}", channel.parse::<u8>().ok()?));
    }
    if let Some(alpha) = alpha {
        let part = match alpha.strip_suffix('%') {
            Some(percent) => percent.parse::<f64>().ok()? / 100.0,
            None => alpha.parse::<f64>().ok()?,
        };
        if !(0.0..=1.0).contains(&part) {
            return None;
        }
        hex.push_str(&format!("{:02x}", (part * 255.0).round() as u8));
    }
    Some(hex)
}

/// Pixels of a length: a number, with or without `px`.
pub fn pixels(text: &str) -> Option<f64> {
    let text = text.trim();
    text.strip_suffix("px").unwrap_or(text).trim().parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read() {
        let read = |text: &str| color(text).unwrap_or_default();
        assert_eq!(read("#FFF"), "#ffffff");
        assert_eq!(read("#12345678"), "#12345678");
        assert_eq!(read("rgba(255, 0, 16, 0.5)"), "#ff001080");
        assert_eq!(read("rgb(1 2 3 / 100%)"), "#010203ff");
        assert_eq!(read("White"), "#ffffff");
        for odd in ["", "#12", "#ggg", "rgb(256,0,0)", "rgb(1,2)", "hsl(1,2,3)", "rgba(0,0,0,2)", "#é"] {
            assert_eq!(color(odd), None, "{odd}");
        }
        assert_eq!((pixels("48px"), pixels(" 2.5 "), pixels("2em")), (Some(48.0), Some(2.5), None));
    }
}
