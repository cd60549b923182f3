//! Pictures of more light or more colour than films have, brought to what films have: BT.709.
//!
//! Films are delivered for displays of standard range: BT.709 colours, a gamma of 2.4, and a white that is
//! as bright as the display's user likes it. What comes from phones and newer cameras may be made for other
//! displays: hybrid log-gamma (HLG) and perceptual quantisation (PQ) of ITU-R BT.2100, whose lights reach
//! far beyond white, and the wider primaries of BT.2020 and Display P3. Shown as if they were BT.709, such
//! pictures are flat and pale. So, pixel by pixel:
//!
//! 1. Code values become light: that of the display the picture is made for. PQ says it in candela per
//!    square metre; HLG is taken as a display of 1000 cd/m² shows it; all else is gamma 2.4.
//! 2. Lights above a knee are pressed together so that the brightest one becomes white (203 cd/m², the reference
//!    white of ITU-R BT.2408), along the curve of ITU-R BT.2390; what is darker than the knee stays as it is. All
//!    three colours shrink by one factor, that of the largest, so hues stay. The brightest light is 1000 cd/m², with
//!    a knee at 88, unless a PQ picture notes another.
//! 3. The primaries become those of BT.709. A colour that these cannot make moves towards the grey of its
//!    own brightness until they can.
//! 4. Light becomes code values by gamma 2.4.
//!
//! The steps are worked out once for a grid of 65 colours a side; between its corners values are
//! interpolated over tetrahedra in integers, so the same picture gives the same bytes everywhere.

use std::sync::{Arc, Mutex, PoisonError};

use super::color::{ColorDescription, Matrix, Primaries, Transfer};
use super::error::MediaError;
use super::frame::{PlaneMut, VideoFrame};
use super::peak::Peak;

/// Corners of the grid along each colour.
const SIDE: usize = 65;
/// Fractional bits of a place in the grid: 64 cells over 16 bits.
const CELL_BITS: u32 = 16;
/// What standard range calls white, in cd/m²: the reference white of ITU-R BT.2408.
const WHITE: f64 = 203.0;
/// The brightest light that still differs from brighter ones where nothing else is noted, in cd/m²: the nominal
/// peak of HLG, and what most PQ films are graded for.
const PEAK: f64 = 1000.0;
/// Steps in which noted peaks are told apart, in cd/m²: a grid is made for each.
const PEAK_STEP: u16 = 50;
/// Grids that are kept, 1.6 MiB each.
const KEPT_GRIDS: usize = 6;
/// Gamma of displays of standard range, by ITU-R BT.1886.
const GAMMA: f64 = 2.4;

/// How a picture's code values become light.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Curve {
    /// Gamma 2.4.
    Standard,
    /// Hybrid log-gamma.
    Hlg,
    /// Perceptual quantisation, its brightest light in [`PEAK_STEP`]s.
    Pq(u16),
}

/// The primaries of a picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Gamut {
    /// BT.709, or near enough.
    Narrow,
    /// Display P3.
    P3,
    /// BT.2020.
    Bt2020,
}

/// What has to be done to pictures of one kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Tone {
    curve: Curve,
    gamut: Gamut,
}

/// A grid of BT.709 colours over the colours of another kind, 16 bits each; red is the slowest.
struct Grid(Vec<[u16; 3]>);

impl Tone {
    /// What pictures declared so need to become `target`; `None` where colours stay as they are: a target
    /// that is not BT.709, or a source that is it or declares nothing else.
    pub(super) fn of(source: &VideoFrame, target: &ColorDescription) -> Option<Self> {
        let tone = Self::to_bt709(&source.color(), source.peak())?;
        let wanted = target.primaries == Primaries::BT709 && target.transfer == Transfer::BT709;
        wanted.then_some(tone)
    }

    /// What pictures declared so, whose brightest light is noted as that, need to become BT.709.
    pub(super) fn to_bt709(source: &ColorDescription, peak: Option<Peak>) -> Option<Self> {
        let curve = match source.transfer {
            Transfer::HLG => Curve::Hlg,
            Transfer::PQ => {
                let nits = peak.map_or(PEAK as u16, Peak::nits).max(WHITE as u16);
                Curve::Pq(nits.div_ceil(PEAK_STEP))
            }
            _ => Curve::Standard,
        };
        let is_wide = source.matrix == Matrix::BT2020 || curve != Curve::Standard;
        let gamut = match source.primaries {
            Primaries::BT2020 => Gamut::Bt2020,
            Primaries::DISPLAY_P3 => Gamut::P3,
            // Where nothing is said of the primaries, what goes with the rest.
            Primaries::UNSPECIFIED if is_wide => Gamut::Bt2020,
            _ => Gamut::Narrow,
        };
        let tone = Self { curve, gamut };
        (tone != Self { curve: Curve::Standard, gamut: Gamut::Narrow }).then_some(tone)
    }

    /// Brings a picture of 16-bit green, blue and red planes to BT.709.
    ///
    /// # Errors
    /// [`MediaError::OutOfMemory`].
    pub(super) fn apply(self, frame: &mut VideoFrame) -> Result<(), MediaError> {
        let grid = self.grid();
        let mut planes = frame.planes_mut()?;
        let [green, blue, red, ..] = planes.as_mut_slice() else { return Ok(()) };
        for y in 0..green.rows {
            grid.apply([row(red, y), row(green, y), row(blue, y)]);
        }
        frame.set_color(ColorDescription {
            primaries: Primaries::BT709,
            transfer: Transfer::BT709,
            ..frame.color()
        });
        Ok(())
    }

    /// The grid, made when it is first wanted.
    fn grid(self) -> Arc<Grid> {
        // Most recently used last.
        static GRIDS: Mutex<Vec<(Tone, Arc<Grid>)>> = Mutex::new(Vec::new());
        // A thread that panicked left the list whole: every change to it is a single call.
        let mut grids = GRIDS.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = match grids.iter().position(|(tone, _)| *tone == self) {
            Some(at) => grids.remove(at),
            None => (self, Arc::new(Grid::new(self))),
        };
        let grid = Arc::clone(&entry.1);
        if grids.len() >= KEPT_GRIDS {
            grids.remove(0);
        }
        grids.push(entry);
        grid
    }

    /// The BT.709 code values of a picture's own, all 0 to 1.
    fn bt709(self, codes: [f64; 3]) -> [f64; 3] {
        let light = match self.curve {
            Curve::Standard => codes.map(|code| libm::pow(code, GAMMA)),
            Curve::Hlg => pressed(hlg_light(codes), PEAK),
            Curve::Pq(steps) => pressed(codes.map(pq_light), f64::from(steps * PEAK_STEP)),
        };
        let narrow = match self.gamut {
            Gamut::Narrow => light,
            Gamut::P3 => times(&BT709_FROM_P3, light),
            Gamut::Bt2020 => times(&BT709_FROM_BT2020, light),
        };
        within(narrow).map(|light| libm::pow(light, 1.0 / GAMMA))
    }
}

fn row<'p>(plane: &'p mut PlaneMut<'_>, y: usize) -> &'p mut [[u8; 2]] {
    plane.row_mut(y).as_chunks_mut().0
}

impl Grid {
    fn new(tone: Tone) -> Self {
        let unit = |at: usize| at as f64 / (SIDE - 1) as f64;
        let all = (0..SIDE).flat_map(|r| (0..SIDE).flat_map(move |g| (0..SIDE).map(move |b| [r, g, b])));
        let code = |value: f64| (value.clamp(0.0, 1.0) * 65_535.0 + 0.5) as u16;
        Self(all.map(|corner| tone.bt709(corner.map(unit)).map(code)).collect())
    }

    /// Replaces the samples of a row, 16 bits in little endian.
    fn apply(&self, [red, green, blue]: [&mut [[u8; 2]]; 3]) {
        let mut last = None;
        for ((red, green), blue) in red.iter_mut().zip(green).zip(blue) {
            let own = [*red, *green, *blue];
            // Neighbours are often alike.
            let made = match last {
                Some((same, made)) if same == own => made,
                _ => self.at(own.map(u16::from_le_bytes)).map(u16::to_le_bytes),
            };
            last = Some((own, made));
            [*red, *green, *blue] = made;
        }
    }

    /// The colour at a place, interpolated over the tetrahedron of four corners that holds it.
    fn at(&self, codes: [u16; 3]) -> [u16; 3] {
        let places = codes.map(|code| u32::from(code) * (SIDE as u32 - 1));
        let strides = [SIDE * SIDE, SIDE, 1];
        let first: usize =
            places.iter().zip(strides).map(|(place, stride)| (place >> CELL_BITS) as usize * stride).sum();
        let fraction = |axis: usize| places[axis] & ((1 << CELL_BITS) - 1);
        // From the corner nearest to black along the longest way first.
        let mut order = [0, 1, 2];
        order.sort_unstable_by_key(|axis| std::cmp::Reverse(fraction(*axis)));
        let [long, middle, short] = order.map(fraction);
        let second = first + strides[order[0]];
        let third = second + strides[order[1]];
        let corners = [first, second, third, third + strides[order[2]]].map(|corner| self.0[corner]);
        let weights = [(1 << CELL_BITS) - long, long - middle, middle - short, short];
        std::array::from_fn(|channel| {
            let sum: u32 =
                corners.iter().zip(weights).map(|(c, weight)| u32::from(c[channel]) * weight).sum();
            ((sum + (1 << (CELL_BITS - 1))) >> CELL_BITS) as u16
        })
    }
}

/// Light of PQ's code value, in shares of [`WHITE`]; ITU-R BT.2100, table 4.
fn pq_light(code: f64) -> f64 {
    let root = libm::pow(code, 1.0 / PQ_M2);
    let ratio = (root - PQ_C1).max(0.0) / (PQ_C2 - PQ_C3 * root);
    10_000.0 * libm::pow(ratio, 1.0 / PQ_M1) / WHITE
}

/// PQ's code value of a light in shares of [`WHITE`].
fn pq_code(light: f64) -> f64 {
    let power = libm::pow(light * WHITE / 10_000.0, PQ_M1);
    libm::pow((PQ_C1 + PQ_C2 * power) / (1.0 + PQ_C3 * power), PQ_M2)
}

const PQ_M1: f64 = 2610.0 / 16_384.0;
const PQ_M2: f64 = 2523.0 / 4096.0 * 128.0;
const PQ_C1: f64 = 3424.0 / 4096.0;
const PQ_C2: f64 = 2413.0 / 4096.0 * 32.0;
const PQ_C3: f64 = 2392.0 / 4096.0 * 32.0;

/// Light that a display of [`PEAK`] makes of HLG's code values, in shares of [`WHITE`]; ITU-R BT.2100,
/// table 5, with the system gamma of that peak, 1.2.
fn hlg_light(codes: [f64; 3]) -> [f64; 3] {
    const A: f64 = 0.178_832_77;
    const B: f64 = 1.0 - 4.0 * A;
    const C: f64 = 0.559_910_73;
    let scene = codes.map(|code| match code <= 0.5 {
        true => code * code / 3.0,
        false => (libm::exp((code - C) / A) + B) / 12.0,
    });
    let [r, g, b] = scene;
    let luminance = 0.2627 * r + 0.6780 * g + 0.0593 * b;
    let gain = libm::pow(luminance, 0.2) * PEAK / WHITE;
    scene.map(|light| light * gain)
}

/// Lights up to `peak`, which is above [`WHITE`], pressed into those up to white; ITU-R BT.2390, section 5.4.1, on
/// the largest of the three.
fn pressed(light: [f64; 3], peak: f64) -> [f64; 3] {
    let largest = light.into_iter().fold(0.0, f64::max);
    if largest <= 0.0 {
        return light;
    }
    let top = pq_code(peak / WHITE);
    let white = pq_code(1.0) / top;
    let knee = 1.5 * white - 0.5;
    let code = (pq_code(largest) / top).min(1.0);
    let bent = match code < knee {
        true => code,
        false => {
            let t = (code - knee) / (1.0 - knee);
            let (t2, t3) = (t * t, t * t * t);
            (2.0 * t3 - 3.0 * t2 + 1.0) * knee
                + (t3 - 2.0 * t2 + t) * (1.0 - knee)
                + (3.0 * t2 - 2.0 * t3) * white
        }
    };
    let gain = pq_light(bent * top) / largest;
    light.map(|light| light * gain)
}

/// Linear light of BT.709 primaries from that of BT.2020; ITU-R BT.2407.
const BT709_FROM_BT2020: [[f64; 3]; 3] =
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]];
/// The same from Display P3, whose white is the same: by the chromaticities of SMPTE EG 432-1.
const BT709_FROM_P3: [[f64; 3]; 3] =
    [[1.2249, -0.2249, 0.0], [-0.0420, 1.0420, 0.0], [-0.0197, -0.0786, 1.0983]];

fn times(matrix: &[[f64; 3]; 3], [r, g, b]: [f64; 3]) -> [f64; 3] {
    matrix.map(|[of_r, of_g, of_b]| of_r * r + of_g * g + of_b * b)
}

/// A colour moved towards the grey of its own luminance until it is between black and white.
fn within(light: [f64; 3]) -> [f64; 3] {
    let [r, g, b] = light;
    let grey = (0.2126 * r + 0.7152 * g + 0.0722 * b).clamp(0.0, 1.0);
    let share = light.into_iter().fold(1.0_f64, |share, channel| {
        let most = match channel {
            c if c < 0.0 => grey / (grey - c),
            c if c > 1.0 => (1.0 - grey) / (c - grey),
            _ => 1.0,
        };
        share.min(most)
    });
    light.map(|channel| (grey + share * (channel - grey)).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{FrameSpec, PixelFormat, Range};

    const ALL: [Tone; 4] = [
        Tone { curve: Curve::Hlg, gamut: Gamut::Bt2020 },
        Tone { curve: Curve::Pq(20), gamut: Gamut::Bt2020 },
        Tone { curve: Curve::Standard, gamut: Gamut::Bt2020 },
        Tone { curve: Curve::Standard, gamut: Gamut::P3 },
    ];

    #[test]
    fn lights_are_those_of_the_recommendations() {
        // BT.2100 and BT.2408: reference white is 58 % PQ and 75 % HLG; 75 % HLG on its display.
        assert!((pq_light(0.58) * WHITE - 203.0).abs() < 3.0);
        assert!((pq_light(1.0) * WHITE - 10_000.0).abs() < 1e-6);
        assert!((pq_code(pq_light(0.3)) - 0.3).abs() < 1e-12);
        assert!((hlg_light([0.75; 3])[0] * WHITE - 203.0).abs() < 1.0);
        assert!((hlg_light([1.0; 3])[0] * WHITE - 1000.0).abs() < 1.0);
    }

    #[test]
    fn the_peak_is_white_and_what_is_below_the_knee_stays() {
        for peak in [250.0, 600.0, 1000.0, 4000.0, 10_000.0] {
            assert!((pressed([peak / WHITE; 3], peak)[1] - 1.0).abs() < 1e-9);
            assert!((pressed([50.0; 3], peak)[1] - 1.0).abs() < 1e-9);
            // Brighter stays brighter.
            let lights: Vec<f64> = (0..500).map(|n| pressed([f64::from(n) / 100.0; 3], peak)[0]).collect();
            assert!(lights.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
        }
        let dark = 80.0 / WHITE;
        assert!((pressed([dark, 0.0, 0.0], 1000.0)[0] - dark).abs() < 1e-9);
        // The less bright the brightest light, the less has to give way to it.
        let grey = |peak| pressed([150.0 / WHITE; 3], peak)[0];
        assert!(grey(400.0) > grey(1000.0) && grey(1000.0) > grey(4000.0));
    }

    #[test]
    fn greys_stay_grey_and_every_colour_is_one() {
        for tone in ALL {
            for n in 0..=20 {
                let [r, g, b] = tone.bt709([f64::from(n) / 20.0; 3]);
                assert!((r - g).abs() < 2e-3 && (g - b).abs() < 2e-3, "{tone:?} {n}: {r} {g} {b}");
            }
            for corner in 0..8 {
                let codes = [corner & 1, corner >> 1 & 1, corner >> 2 & 1].map(f64::from);
                let inside = tone.bt709(codes).into_iter().all(|code| (0.0..=1.0).contains(&code));
                assert!(inside, "{tone:?} {codes:?}");
            }
        }
    }

    #[test]
    fn the_grid_is_near_what_it_stands_for() {
        let mut state = 1_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 48) as u16
        };
        for tone in ALL {
            let grid = tone.grid();
            let (mut sum, mut far) = (0.0, 0);
            for _ in 0..2000 {
                let codes = [random(), random(), random()];
                let exact = tone.bt709(codes.map(|code| f64::from(code) / 65_535.0));
                let found = grid.at(codes).map(|code| f64::from(code) / 65_535.0);
                let most = exact.iter().zip(found).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                sum += most;
                far += i32::from(most > 0.05);
                let grey = tone.bt709([f64::from(codes[0]) / 65_535.0; 3])[0];
                let found = f64::from(grid.at([codes[0]; 3])[0]) / 65_535.0;
                assert!((grey - found).abs() < 0.5 / 255.0, "{tone:?} {}: {found} for {grey}", codes[0]);
            }
            // Far are some of the colours that BT.709 cannot make, where one of the three is next to black
            // and gamma is steep.
            assert!(sum / 2000.0 < 0.6 / 255.0 && far < 30, "{tone:?}: {}, {far}", sum / 2000.0);
        }
    }

    #[test]
    fn what_is_declared_decides() {
        let bt709 = ColorDescription::BT709;
        let hlg = ColorDescription {
            primaries: Primaries::BT2020,
            transfer: Transfer::HLG,
            matrix: Matrix::BT2020,
            range: Range::Limited,
        };
        let tone = |color| Tone::to_bt709(&color, None);
        assert_eq!(tone(bt709), None);
        assert_eq!(tone(ColorDescription::UNSPECIFIED), None);
        assert_eq!(tone(hlg), Some(ALL[0]));
        assert_eq!(tone(ColorDescription { transfer: Transfer::PQ, ..hlg }), Some(ALL[1]));
        let primaries = Primaries::UNSPECIFIED;
        assert_eq!(tone(ColorDescription { primaries, ..hlg }), Some(ALL[0]));
        assert_eq!(tone(ColorDescription { matrix: Matrix::BT2020, ..bt709 }), None);
        let spec = FrameSpec { width: 2, height: 2, format: PixelFormat::YUV420P10, color: hlg };
        let frame = VideoFrame::allocate(&spec).unwrap();
        assert_eq!((Tone::of(&frame, &hlg), Tone::of(&frame, &bt709)), (None, Some(ALL[0])));
    }

    #[test]
    fn a_noted_peak_counts_for_pq_alone() {
        let color = |transfer| ColorDescription { transfer, ..ColorDescription::BT709 };
        let spec =
            FrameSpec { width: 2, height: 2, format: PixelFormat::YUV420P10, color: color(Transfer::PQ) };
        let mut frame = VideoFrame::allocate(&spec).unwrap();
        let mut curve = |nits: u16| {
            frame.set_peak(Peak::new(nits.into())).unwrap();
            let of = |frame: &VideoFrame| Tone::of(frame, &ColorDescription::BT709).map(|tone| tone.curve);
            let pq = of(&frame);
            frame.set_color(color(Transfer::HLG));
            let hlg = of(&frame);
            frame.set_color(color(Transfer::PQ));
            (pq, hlg)
        };
        assert_eq!(curve(4000), (Some(Curve::Pq(80)), Some(Curve::Hlg)));
        assert_eq!(curve(100).0, Some(Curve::Pq(5)));
    }

    #[test]
    fn opacity_stays() {
        let color = ColorDescription { matrix: Matrix::RGB, range: Range::Full, ..ColorDescription::BT709 };
        let spec = FrameSpec { width: 3, height: 2, format: PixelFormat::GBRAP16, color };
        let mut frame = VideoFrame::allocate(&spec).unwrap();
        for plane in &mut frame.planes_mut().unwrap() {
            (0..plane.rows).for_each(|y| plane.row_mut(y).fill(0x80));
        }
        ALL[1].apply(&mut frame).unwrap();
        assert!(frame.plane(3).row(1).iter().all(|byte| *byte == 0x80));
        assert!(frame.plane(0).row(1).iter().any(|byte| *byte != 0x80));
    }
}
