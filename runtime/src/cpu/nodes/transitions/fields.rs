//! Masks with slanted, round and drawn edges.
//!
//! Each is a function of the pixel's centre. Sharp edges are a pixel wide: a share is the signed
//! distance to the edge plus a half, cut to 0–1.

use vid_timeline::{Size, TransitionType};

use crate::raster::noise::unit;
use crate::raster::{Mask, share};

/// How wide the soft edge of `circle_open` is, as a part of half the diagonal.
const CIRCLE_SOFTNESS: f32 = 0.3;
/// How wide the soft edge of `gradient_wipe` is, as a part of the width.
const GRADIENT_SOFTNESS: f32 = 0.5;
/// Blades of `pinwheel`: one an octant.
const OCTANT: f32 = std::f32::consts::FRAC_PI_4;
/// Squares of `squares_wire` across.
const N_SQUARES: f32 = 12.0;
/// How long a square takes to grow, as a part of the sweep.
const SQUARE_SWEEP: f32 = 0.6;
/// Strokes of `crosshatch` to the height.
const N_STROKES: f32 = 30.0;
/// The largest circle inside a heart of size 1 about its middle has this radius.
const HEART_RADIUS: f32 = 0.72;

/// A mask that is a function of the pixel's centre.
struct Field<F>(F);

impl<F: Fn(f32, f32) -> f32 + Sync> Mask for Field<F> {
    fn row(&self, y: u32, shares: &mut [u16]) {
        let y = y as f32 + 0.5;
        for (x, target) in shares.iter_mut().enumerate() {
            *target = share((self.0)(x as f32 + 0.5, y));
        }
    }
}

/// The mask of `kind` at progress `p`, 0–1; `None` when the kind is none of this family.
pub fn of(kind: TransitionType, p: f32, size: Size) -> Option<Box<dyn Mask>> {
    use TransitionType as T;
    let (width, height) = (size.width as f32, size.height as f32);
    let (middle_x, middle_y) = (width / 2.0, height / 2.0);
    let reach = length(middle_x, middle_y);
    let from_middle = move |x: f32, y: f32| (x - middle_x, y - middle_y);
    Some(match kind {
        T::DiagonalWipe => {
            // Across the falling diagonal's neighbour: both other corners are on the edge half way.
            let (nx, ny) = (height / (2.0 * reach), width / (2.0 * reach));
            let edge = p * (width * nx + height * ny + 1.0) - 0.5;
            field(move |x, y| edge - (x * nx + y * ny) + 0.5)
        }
        T::Iris => {
            let radius = p * (reach + 1.0) - 0.5;
            field(move |x, y| {
                let (x, y) = from_middle(x, y);
                radius - length(x, y) + 0.5
            })
        }
        T::CircleOpen => {
            let softness = CIRCLE_SOFTNESS * reach;
            let edge = p * (reach + softness);
            field(move |x, y| {
                let (x, y) = from_middle(x, y);
                smooth((edge - length(x, y)) / softness)
            })
        }
        T::GradientWipe => {
            let softness = GRADIENT_SOFTNESS * width;
            let edge = p * (width + softness);
            field(move |x, _| smooth((edge - x) / softness))
        }
        T::Angular => {
            let turn = p * std::f32::consts::TAU;
            let (end_x, end_y) = (libm::sinf(turn), -libm::cosf(turn));
            field(move |x, y| {
                let (x, y) = from_middle(x, y);
                let behind_end = x * end_y - y * end_x;
                let inside = if p <= 0.5 { x.min(behind_end) } else { x.max(behind_end) };
                inside + 0.5
            })
        }
        T::Pinwheel => {
            let turn = p * OCTANT;
            let (end_x, end_y) = (libm::sinf(turn), -libm::cosf(turn));
            field(move |x, y| {
                let (x, y) = from_middle(x, y);
                let (x, y) = first_octant(x, y);
                x.min(x * end_y - y * end_x) + 0.5
            })
        }
        T::Heart => {
            let scale = (p * p.sqrt() * (reach + 2.0) / HEART_RADIUS).max(1e-3);
            field(move |x, y| {
                let (x, y) = from_middle(x, y);
                heart(x / scale, -y / scale) * scale + 0.5
            })
        }
        T::Crosshatch => {
            let gap = height / N_STROKES;
            field(move |x, y| {
                let (x, y) = from_middle(x, y);
                let away = length(x, y) / reach;
                let falling = stroke((x * 0.643 + y * 0.766) / gap, away, p, 17) * gap;
                let rising = stroke((x * 0.643 - y * 0.766) / gap, away, p, 71) * gap;
                falling.max(rising) + 0.5
            })
        }
        T::SquaresWire => {
            let cell = width / N_SQUARES;
            field(move |x, y| {
                let (column, row) = ((x / cell).floor(), (y / cell).floor());
                // Along the falling diagonal, 0–1.
                let at = (column * cell / width + row * cell / height) / 2.0;
                let size = ((p * (1.0 + SQUARE_SWEEP) - at) / SQUARE_SWEEP).clamp(0.0, 1.0);
                let off = (x - (column + 0.5) * cell).abs().max((y - (row + 0.5) * cell).abs());
                let margin = if size >= 1.0 { 1.0 } else { 0.5 };
                size * cell / 2.0 - off + margin
            })
        }
        _ => return None,
    })
}

fn field(share: impl Fn(f32, f32) -> f32 + Sync + 'static) -> Box<dyn Mask> {
    Box::new(Field(share))
}

fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// Rises from 0 to 1 with level ends.
pub fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The point turned by multiples of an eighth of a circle into the octant right of straight up.
fn first_octant(x: f32, y: f32) -> (f32, f32) {
    // Quarter turns bring it into the upper right quarter.
    let (x, y) = match (x >= 0.0, y < 0.0) {
        (true, true) => (x, y),
        (true, false) => (y, -x),
        (false, false) => (-x, -y),
        (false, true) => (-y, x),
    };
    if x <= -y {
        (x, y)
    } else {
        const HALF: f32 = std::f32::consts::FRAC_1_SQRT_2;
        // Anticlockwise by an eighth.
        ((x + y) * HALF, (y - x) * HALF)
    }
}

/// About the distance from the edge of the heart `(x² + y² − 1)³ = x²·y³`, positive inside: the
/// function over the size of its slope.
fn heart(x: f32, y: f32) -> f32 {
    let (x, y) = (x, y + 0.12);
    let (xx, yy) = (x * x, y * y);
    if xx + yy > 4.0 {
        // Well outside, where the powers below would leave the range of a float.
        return 1.5 - length(x, y);
    }
    let q = xx + yy - 1.0;
    let value = q * q * q - xx * yy * y;
    let dx = 6.0 * x * q * q - 2.0 * x * yy * y;
    let dy = 6.0 * y * q * q - 3.0 * xx * yy;
    -value / length(dx, dy).max(1e-3)
}

/// How far inside a stroke of the pen a point is, in gaps between strokes. `across` counts gaps from
/// the middle stroke; strokes begin in the middle of the canvas, each at its own moment, and widen
/// until they touch.
fn stroke(across: f32, away: f32, p: f32, seed: u32) -> f32 {
    let line = across.floor();
    let begin = 0.58 * away + 0.28 * unit(line as i32 as u32, seed);
    let pressed = ((p - begin) / 0.14).clamp(0.0, 1.0);
    if pressed <= 0.0 {
        return -1.0;
    }
    if pressed >= 1.0 {
        return 1.0;
    }
    0.55 * pressed - (across - line - 0.5).abs()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::sketch;
    use super::*;

    const SIZE: Size = Size { width: 24, height: 12 };

    fn check(kind: TransitionType, p: f32, expect: Expect) {
        expect.assert_eq(&sketch(&*of(kind, p, SIZE).unwrap(), SIZE));
    }

    #[test]
    fn slanted_edges() {
        check(
            TransitionType::DiagonalWipe,
            0.5,
            expect![[r#"
            ######################72
            ####################72..
            ##################72....
            ################72......
            ##############72........
            ############72..........
            ##########72............
            ########72..............
            ######72................
            ####72..................
            ##72....................
            72......................
        "#]],
        );
        check(
            TransitionType::GradientWipe,
            0.5,
            expect![[r#"
            ######998765432100......
            ######998765432100......
            ######998765432100......
            ######998765432100......
            ######998765432100......
            ######998765432100......
            ######998765432100......
            ######998765432100......
            ######998765432100......
            ######998765432100......
            ######998765432100......
            ######998765432100......
        "#]],
        );
        check(
            TransitionType::Angular,
            0.125,
            expect![[r#"
            ............#####5......
            ............####5.......
            ............###5........
            ............##5.........
            ............#5..........
            ............5...........
            ........................
            ........................
            ........................
            ........................
            ........................
            ........................
        "#]],
        );
        check(
            TransitionType::Angular,
            0.75,
            expect![[r#"
            ............############
            ............############
            ............############
            ............############
            ............############
            ............############
            ########################
            ########################
            ########################
            ########################
            ########################
            ########################
        "#]],
        );
        check(
            TransitionType::Pinwheel,
            0.5,
            expect![[r#"
            .......##7..##2...######
            73......##1.#8...#####62
            ##951....#5.#4..###840..
            #####62...9090.##73.....
            #######840.36.951.......
            #########962230.........
            .........032269#########
            .......159.63.048#######
            .....37##.0909...26#####
            ..048###..4#.5#....159##
            26#####...8#.1##......37
            ######...2##..7##.......
        "#]],
        );
    }

    #[test]
    fn round_edges() {
        check(
            TransitionType::Iris,
            0.4,
            expect![[r#"
            ..........0220..........
            ........06####60........
            .......08######80.......
            .......6########6.......
            ......0##########0......
            ......2##########2......
            ......2##########2......
            ......0##########0......
            .......6########6.......
            .......08######80.......
            ........06####60........
            ..........0220..........
        "#]],
        );
        check(
            TransitionType::CircleOpen,
            0.5,
            expect![[r#"
            .....01357888875310.....
            .....136899##998631.....
            ....02589######98520....
            ....1479########9741....
            ...01589########98510...
            ...0258##########8520...
            ...0258##########8520...
            ...01589########98510...
            ....1479########9741....
            ....02589######98520....
            .....136899##998631.....
            .....01357888875310.....
        "#]],
        );
        check(
            TransitionType::Heart,
            0.4,
            expect![[r#"
            ......15##9339##51......
            ......5####77####5......
            .....1############1.....
            .....2############2.....
            .....2############2.....
            .....189########981.....
            .....148########841.....
            .....127########721.....
            .....0.29######92.0.....
            ........29####92........
            .........17##71.........
            ...........55...........
        "#]],
        );
    }

    #[test]
    fn squares_grow_along_the_diagonal() {
        let size = Size { width: 48, height: 16 };
        let mask = of(TransitionType::SquaresWire, 0.5, size).unwrap();
        expect![[r#"
            ####################9999888866665555444422221111
            ####################9##98##86##65##54##42##21##1
            ####################9##98##86##65##54##42##21##1
            ####################9999888866665555444422221111
            ########9999888866665555444422221111............
            ########9##98##86##65##54##42##21##1.##..88..77.
            ########9##98##86##65##54##42##21##1.##..88..77.
            ########9999888866665555444422221111............
            888866665555444422221111........................
            8##86##65##54##42##21##1.##..88..77..55..44..33.
            8##86##65##54##42##21##1.##..88..77..55..44..33.
            888866665555444422221111........................
            444422221111....................................
            4##42##21##1.##..88..77..55..44..33..11..00.....
            4##42##21##1.##..88..77..55..44..33..11..00.....
            444422221111....................................
        "#]]
        .assert_eq(&sketch(&*mask, size));
    }
}
