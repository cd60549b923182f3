//! `chroma_key`: colours that become clear.

use vid_timeline::{ChromaSettings, Rational};

use super::Plate;
use crate::raster::paint::Lanes;

/// What is keyed when nothing is said: green screens, as hue in degrees, saturation and lightness.
const GREEN: [(f32, f32); 3] = [(90.0, 150.0), (0.3, 1.0), (0.2, 0.9)];
/// How far outside the ranges pixels are still partly clear: degrees of hue, and parts of the others.
const SOFT: [f32; 3] = [12.0, 0.12, 0.1];

/// Pixels inside all ranges become clear, those just outside partly; what stays loses the cast of the
/// keyed hue.
pub(super) fn chroma_key<W: Lanes>(plate: &Plate<'_, W>, settings: Option<ChromaSettings>) -> Vec<u8> {
    let ranges = settings.map_or(GREEN, |settings| ranges(&settings));
    let (middle, intensity) = (middle_hue(ranges[0]), plate.intensity);
    plate.shaded(move |_, _, here| {
        let alpha = here[3];
        let color = [here[0] / alpha, here[1] / alpha, here[2] / alpha];
        let [hue, saturation, lightness] = hsl(color);
        // A grey has no hue; it is keyed only where its lack of colour is.
        let inside = around(hue, ranges[0])
            * within(saturation, ranges[1], SOFT[1])
            * within(lightness, ranges[2], SOFT[2]);
        let kept = 1.0 - inside * intensity;
        let [r, g, b] = without_cast(color, hue, middle, intensity);
        let seen = [r, g, b, 1.0].map(|channel| channel * alpha * kept);
        // What is clear has no colour.
        std::array::from_fn(|c| if alpha > 0.0 { seen[c] } else { here[c] })
    })
}

fn ranges(settings: &ChromaSettings) -> [(f32, f32); 3] {
    let side =
        |value: Option<Rational>, otherwise: f32| value.map_or(otherwise, |value| value.to_f64() as f32);
    let (from, to) = (side(settings.hue_min, 0.0), side(settings.hue_max, 360.0));
    // From the first turn on.
    let turned = from.rem_euclid(360.0) - from;
    [
        (from + turned, to + turned),
        (side(settings.sat_min, 0.0), side(settings.sat_max, 1.0)),
        (side(settings.lum_min, 0.0), side(settings.lum_max, 1.0)),
    ]
}

/// An angle from −360 up to 720 degrees in the first turn: the same number as that of `rem_euclid`, which is
/// no vector code.
#[inline(always)]
fn first_turn(degrees: f32) -> f32 {
    let degrees = if degrees >= 360.0 { degrees - 360.0 } else { degrees };
    if degrees < 0.0 { degrees + 360.0 } else { degrees }
}

/// How much a hue is inside a range, which begins in the first turn and may go through 360.
#[inline(always)]
fn around(hue: f32, (min, max): (f32, f32)) -> f32 {
    if max - min >= 360.0 {
        return 1.0;
    }
    let width = (max - min).rem_euclid(360.0);
    let ahead = first_turn(hue - min);
    let outside = if ahead <= width { 0.0 } else { (ahead - width).min(360.0 - ahead) };
    (1.0 - outside / SOFT[0]).max(0.0)
}

/// How much a value is inside a range; a range that reaches the end of 0–1 is open there.
#[inline(always)]
fn within(value: f32, (min, max): (f32, f32), soft: f32) -> f32 {
    let outside = (min - value).max(value - max).max(0.0);
    (1.0 - outside / soft).max(0.0)
}

/// The middle of a range of hues; `None` when it is all of them.
fn middle_hue((min, max): (f32, f32)) -> Option<f32> {
    (max - min < 360.0).then(|| (min + (max - min).rem_euclid(360.0) / 2.0).rem_euclid(360.0))
}

/// The colour with less of the keyed hue, as it falls from a screen onto what stands before it: the
/// channel that the hue is strongest in is held to the greater of the other two.
#[inline(always)]
fn without_cast(color: [f32; 3], hue: f32, keyed: Option<f32>, strength: f32) -> [f32; 3] {
    let Some(keyed) = keyed else { return color };
    let near = first_turn(hue - keyed + 180.0) - 180.0;
    let share = (1.0 - (near.abs() - 30.0) / 30.0).clamp(0.0, 1.0) * strength;
    let channel = ((keyed / 120.0 + 0.5) as usize) % 3;
    std::array::from_fn(|c| {
        let others = color[(c + 1) % 3].max(color[(c + 2) % 3]);
        let held = color[c] + (color[c].min(others) - color[c]) * share;
        if c == channel { held } else { color[c] }
    })
}

/// Hue in degrees, saturation and lightness 0–1.
#[inline(always)]
fn hsl([r, g, b]: [f32; 3]) -> [f32; 3] {
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    let (lightness, spread) = ((most + least) / 2.0, most - least);
    let is_grey = spread <= 1e-6;
    let saturation = spread / (1.0 - (2.0 * lightness - 1.0).abs()).max(1e-6);
    let (from_red, from_green, from_blue) = ((g - b) / spread, (b - r) / spread, (r - g) / spread);
    let from_red = if from_red < 0.0 { from_red + 6.0 } else { from_red };
    let hue = if most == g { from_green + 2.0 } else { from_blue + 4.0 };
    let hue = if most == r { from_red } else { hue };
    if is_grey { [0.0, 0.0, lightness] } else { [60.0 * hue, saturation.min(1.0), lightness] }
}

/// Pixels of one colour, for tests of single colours.
#[cfg(test)]
fn keyed(color: [f32; 4], settings: Option<ChromaSettings>, intensity: f32) -> Vec<u8> {
    use crate::raster::Pixmap;
    use crate::raster::paint::Plain;
    use crate::raster::sample::Picture;
    let pixmap = Pixmap::from_premultiplied(1, 1, color.map(|channel| channel as u8).to_vec());
    let pixmap = pixmap.unwrap_or_else(|| Pixmap::transparent(1, 1));
    let picture = Picture::of(&pixmap).expect("one pixel");
    chroma_key(&Plate { lanes: Plain, picture, pixmap: &pixmap, line: 1.0, intensity, frame: 0 }, settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_green_screen_goes_and_the_rest_stays() {
        assert_eq!(keyed([20.0, 200.0, 40.0, 255.0], None, 1.0)[3], 0);
        assert_eq!(keyed([200.0, 120.0, 90.0, 255.0], None, 1.0), [200, 120, 90, 255]);
        assert_eq!(keyed([128.0, 128.0, 128.0, 255.0], None, 1.0), [128, 128, 128, 255]);
        assert_eq!(keyed([20.0, 200.0, 40.0, 255.0], None, 0.5)[3], 128);
    }

    #[test]
    fn ranges_go_through_red_and_sides_may_be_open() {
        let red = ChromaSettings {
            hue_min: Some(Rational::integer(340)),
            hue_max: Some(Rational::integer(20)),
            sat_min: Rational::new(1, 2),
            ..ChromaSettings::default()
        };
        assert_eq!(keyed([220.0, 10.0, 20.0, 255.0], Some(red), 1.0)[3], 0);
        assert_eq!(keyed([10.0, 20.0, 220.0, 255.0], Some(red), 1.0)[3], 255);
        assert_eq!(keyed([10.0, 20.0, 220.0, 255.0], Some(ChromaSettings::default()), 1.0)[3], 0);
    }

    #[test]
    fn hues_are_where_they_are_named() {
        let close = |color, expected: [f32; 3]| {
            hsl(color).into_iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-3)
        };
        assert!(close([1.0, 0.0, 0.0], [0.0, 1.0, 0.5]) && close([0.0, 1.0, 0.0], [120.0, 1.0, 0.5]));
        assert!(close([0.0, 0.0, 0.5], [240.0, 1.0, 0.25]) && close([1.0, 1.0, 0.0], [60.0, 1.0, 0.5]));
    }
}
