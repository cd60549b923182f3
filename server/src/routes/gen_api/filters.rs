//! Lists of CSS filters, as what a body says of colours.
//!
//! `brightness`, `contrast` and `invert` are straight lines `v·p + q` in each channel, and so is any chain of
//! them; a body has such a line as its contrast and brightness. `saturate`, `grayscale` and `hue-rotate` turn
//! colours about the grey axis, which no line leaves, and `blur` is a mean: the kinds can change places, so
//! what counts is the order of the lines alone. CSS cuts off at black and white after each filter; here it is
//! done once after the lines and once after the colours.

use serde_json::{Value, json};

/// What a list of filters does.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Filters {
    /// A channel `v` becomes `v·line.0 + line.1`.
    line: (f64, f64),
    /// How much colour stays.
    color: f64,
    /// Degrees about the grey axis.
    turn: f64,
    /// The square of the blur's deviation, in pixels.
    blur: f64,
    /// How much is seen of it.
    opacity: f64,
}

/// An amount: a number or a percentage, 1 where nothing is said.
fn amount(text: &str) -> Option<f64> {
    let number = match text.strip_suffix('%') {
        _ if text.is_empty() => 1.0,
        Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
        None => text.parse().ok()?,
    };
    (number.is_finite() && number >= 0.0).then_some(number)
}

fn degrees(text: &str) -> Option<f64> {
    let units = [("deg", 1.0), ("grad", 0.9), ("rad", 180.0 / std::f64::consts::PI), ("turn", 360.0)];
    let found = units.iter().find_map(|(unit, degrees)| Some((text.strip_suffix(unit)?, degrees)));
    let number = match found {
        None if text.is_empty() || text == "0" => 0.0,
        None => return None,
        Some((number, degrees)) => number.trim().parse::<f64>().ok()? * degrees,
    };
    number.is_finite().then_some(number)
}

impl Filters {
    /// Reads a list.
    ///
    /// # Errors
    /// The filter that is not understood, or not made here.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut all = Self { line: (1.0, 0.0), color: 1.0, turn: 0.0, blur: 0.0, opacity: 1.0 };
        let mut rest = text.trim();
        if rest == "none" {
            return Ok(all);
        }
        while !rest.is_empty() {
            let (filter, after) = rest.split_once(')').ok_or_else(|| rest.to_owned())?;
            let (name, said) = filter.split_once('(').ok_or_else(|| filter.to_owned())?;
            all.add(&name.trim().to_ascii_lowercase(), said.trim()).ok_or_else(|| format!("{filter})"))?;
            rest = after.trim_start();
        }
        Ok(all)
    }

    fn add(&mut self, name: &str, said: &str) -> Option<()> {
        let line = |(p, q): (f64, f64), by: f64, and: f64| (p * by, q * by + and);
        match name {
            "brightness" => self.line = line(self.line, amount(said)?, 0.0),
            "contrast" => {
                let by = amount(said)?;
                self.line = line(self.line, by, (1.0 - by) / 2.0);
            }
            "invert" => {
                let part = amount(said)?.min(1.0);
                self.line = line(self.line, 1.0 - 2.0 * part, part);
            }
            "saturate" => self.color *= amount(said)?,
            "grayscale" => self.color *= 1.0 - amount(said)?.min(1.0),
            "hue-rotate" => self.turn += degrees(said)?,
            "opacity" => self.opacity *= amount(said)?.min(1.0),
            "blur" => {
                let pixels = if said.is_empty() { 0.0 } else { super::css::pixels(said)? };
                self.blur += Some(pixels).filter(|pixels| *pixels >= 0.0)?.powi(2);
            }
            _ => return None,
        }
        Some(())
    }

    /// Says it of an element, on a canvas whose shorter side has so many pixels.
    ///
    /// # Errors
    /// What goes further than a body can.
    pub fn apply(&self, element: &mut Value, side: u32) -> Result<(), String> {
        // A line that falls is one that rises, upside down.
        let (is_inverted, (p, q)) = match self.line {
            (p, q) if p < 0.0 => (true, (-p, 1.0 - q)),
            line => (false, line),
        };
        let contrast = (p - 1.0) * 100.0;
        let middle = q - (1.0 - p) / 2.0;
        let brightness = if p == 0.0 && middle == 0.0 { 0.0 } else { 200.0 * middle / p };
        let mut turn = self.turn.rem_euclid(360.0);
        if turn > 180.0 {
            turn -= 360.0;
        }
        // A body's blur is a share of a twentieth of the shorter side.
        let blur = self.blur.sqrt() / f64::from(side.max(1)) * 2000.0;
        let settings = [
            ("contrast", "brightness or contrast", contrast, -100.0, 100.0),
            ("brightness", "brightness or contrast", brightness, -100.0, 100.0),
            ("saturation", "saturation", (self.color - 1.0) * 100.0, -100.0, 100.0),
            ("hue_rotate", "turn", turn, -180.0, 180.0),
            ("blur", "blur", blur, 0.0, 100.0),
        ];
        for (field, what, value, least, most) in settings {
            // Without the dust of divisions, which would look like a setting.
            let value = (value * 10_000.0).round() / 10_000.0;
            if !(least..=most).contains(&value) {
                return Err(format!("has `styles.filter` with more {what} than is rendered here"));
            }
            if value != 0.0 {
                element[field] = json!(value);
            }
        }
        if is_inverted {
            element["effects"] = json!([{ "type": "invert", "intensity": 100 }]);
        }
        if self.opacity < 1.0 {
            let before = element.get("opacity").and_then(Value::as_f64).unwrap_or(100.0);
            element["opacity"] = json!((before * self.opacity * 100.0).round() / 100.0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(list: &str) -> String {
        let mut element = json!({});
        let done = Filters::read(list).and_then(|filters| filters.apply(&mut element, 1080));
        done.map_or_else(|error| error, |()| element.to_string())
    }

    #[test]
    fn filters_are_settings_of_a_body() {
        let told = [
            said("none"),
            said("contrast(1.2)"),
            said("brightness(150%)"),
            said("brightness(0.8)"),
            said("brightness(0.8) brightness(1.25)"),
            said("invert(1)"),
            said("invert() contrast(0.5)"),
            said("grayscale(1)"),
            said("saturate(2) hue-rotate(-0.5turn)"),
            said("blur(5.4px) opacity(50%)"),
            said("contrast(0)"),
            said("brightness(0)"),
            said("saturate(3)"),
            said("sepia(1)"),
            said("drop-shadow(0 0 5px red)"),
            said("contrast(1.2"),
            said("contrast(-1)"),
            said("blur(2em)"),
        ];
        expect_test::expect![[r#"
            {}
            {"contrast":20.0}
            {"contrast":50.0,"brightness":33.3333}
            {"contrast":-20.0,"brightness":-25.0}
            {}
            {"effects":[{"type":"invert","intensity":100}]}
            {"contrast":-50.0,"effects":[{"type":"invert","intensity":100}]}
            {"saturation":-100.0}
            {"saturation":100.0,"hue_rotate":180.0}
            {"blur":10.0,"opacity":50.0}
            {"contrast":-100.0}
            has `styles.filter` with more brightness or contrast than is rendered here
            has `styles.filter` with more saturation than is rendered here
            sepia(1)
            drop-shadow(0 0 5px red)
            contrast(1.2
            contrast(-1)
            blur(2em)"#]]
        .assert_eq(&told.join("\n"));
    }

    #[test]
    fn a_line_is_the_contrast_and_the_brightness_that_make_it() {
        for (list, wanted) in [
            ("brightness(0.8)", 0.24),
            ("brightness(1.5) contrast(0.5)", 0.475),
            ("contrast(0.5) brightness(1.5)", 0.6),
            ("contrast(1.5) invert(0.25)", 0.35),
        ] {
            let mut element = json!({});
            Filters::read(list).unwrap().apply(&mut element, 1080).unwrap();
            let field = |name: &str| element.get(name).and_then(Value::as_f64).unwrap_or(0.0);
            // As docs/compositing.md has it.
            let bright = 0.3 + field("brightness") / 200.0;
            let made = 0.5 + (bright - 0.5) * (1.0 + field("contrast") / 100.0);
            assert!((made - wanted).abs() < 1e-4, "{list}: {made}");
        }
    }
}
