//! Transitions that turn pictures in space: `cube`, `doorway`, `page_turn`.
//!
//! The eye looks along z at a screen one *focus* away, on which an upright picture at that distance
//! has its own size. Distances are pixels.

use super::Sides;
use crate::raster::paint::{Lanes, byte, paint_rows};
use crate::raster::sample::{CLEAR, Picture, Rgba, Row, lit, over, tinted};

/// Distance of the screen from the eye, in widths of the picture.
const FOCUS: f32 = 1.6;
/// How far the cube moves away half way, in widths.
const CUBE_RETREAT: f32 = 0.25;
/// How much darker a face is that is seen edge-on.
const CUBE_SHADE: f32 = 0.45;
/// Radius of the page's curl, as a part of the height.
const CURL: f32 = 0.14;
/// Across and down parts of the direction against which the page turns; a unit vector.
const PAGE: (f32, f32) = (0.94, 0.341_174_45);

/// The two pictures on neighbouring faces of a cube that turns to the left by a quarter.
pub fn cube<W: Lanes>(sides: &Sides<'_, W>) -> Vec<u8> {
    let (width, height) = (sides.from.width(), sides.from.height());
    let turn = sides.p * std::f32::consts::FRAC_PI_2;
    let (sin, cos) = (libm::sinf(turn), libm::cosf(turn));
    let focus = FOCUS * width;
    let middle = focus + width / 2.0 + CUBE_RETREAT * width * libm::sinf(2.0 * turn);
    // A face: its normal and its own direction to the right, as (x, z).
    let from = Face { normal: (-sin, -cos), right: (cos, -sin), middle, focus, half: width / 2.0 };
    let to = Face { normal: (cos, -sin), right: (sin, cos), middle, focus, half: width / 2.0 };
    let column = |x: f32| (from.hit(x - width / 2.0), to.hit(x - width / 2.0));
    let columns: Vec<_> = (0..sides.width).map(|x| column(x as f32 + 0.5)).collect();
    let placed = |hit: Option<(f32, f32)>| hit.map(|(along, depth)| (along + width / 2.0, depth));
    let mut from_row = Columns::new(columns.iter().map(|hits| placed(hits.0)));
    let mut to_row = Columns::new(columns.iter().map(|hits| placed(hits.1)));
    let (pictures, lights) = ((sides.from, sides.to), (shade(cos), shade(sin)));
    paint_rows(sides.lanes, sides.width, sides.height, move |y, row| {
        let down = y as f32 + 0.5 - height / 2.0;
        from_row.read(&pictures.0, down);
        to_row.read(&pictures.1, down);
        for ((pixel, from), to) in row.iter_mut().zip(&from_row.found).zip(&to_row.found) {
            *pixel = over(lit(*from, lights.0), lit(*to, lights.1)).map(byte);
        }
    })
}

/// The light of a face, of which `facing` 0–1 is turned to the eye.
fn shade(facing: f32) -> f32 {
    1.0 - CUBE_SHADE * (1.0 - facing)
}

/// An upright picture in space, of which each column of the screen shows one column.
struct Columns {
    places: Row,
    /// Distance of each column, in focuses.
    depths: Vec<f32>,
    /// What is seen in a row.
    found: Vec<Rgba>,
}

/// A column that no picture has.
const NOWHERE: f32 = -1e6;

impl Columns {
    /// Of what each column of the screen shows: the column of the picture, and its distance in focuses.
    fn new(hits: impl ExactSizeIterator<Item = Option<(f32, f32)>>) -> Self {
        let columns = hits.len();
        let mut made =
            Self { places: Row::new(columns), depths: vec![0.0; columns], found: vec![CLEAR; columns] };
        for (x, hit) in hits.enumerate() {
            (made.places.x[x], made.depths[x]) = hit.unwrap_or((NOWHERE, 0.0));
        }
        made
    }

    /// Reads what is `down` below the middle of the screen.
    #[inline(always)]
    fn read(&mut self, picture: &Picture<'_>, down: f32) {
        let middle = picture.height() / 2.0;
        for (place, depth) in self.places.y.iter_mut().zip(&self.depths) {
            *place = down * depth + middle;
        }
        picture.read(&mut self.places, &mut self.found);
    }
}

struct Face {
    normal: (f32, f32),
    right: (f32, f32),
    /// Distance of the cube's middle.
    middle: f32,
    focus: f32,
    /// Half the cube's width.
    half: f32,
}

impl Face {
    /// Where the ray through screen column `x`, counted from the middle, meets the face: how far to
    /// the right of the face's middle, and the distance in focuses. `None` when it sees its back.
    fn hit(&self, x: f32) -> Option<(f32, f32)> {
        let facing = x * self.normal.0 + self.focus * self.normal.1;
        if facing >= -1e-3 * self.focus {
            return None;
        }
        let depth = (self.half + self.middle * self.normal.1) / facing;
        let (at_x, at_z) = (x * depth, self.focus * depth - self.middle);
        (depth > 0.0).then_some((at_x * self.right.0 + at_z * self.right.1, depth))
    }
}

/// The first picture parts in the middle, its halves swing away like doors, and the eye moves through
/// them to the second.
pub fn doorway<W: Lanes>(sides: &Sides<'_, W>) -> Vec<u8> {
    let (width, height) = (sides.from.width(), sides.from.height());
    let eased = sides.p * sides.p * (3.0 - 2.0 * sides.p);
    let turn = eased * std::f32::consts::FRAC_PI_2;
    let (sin, cos) = (libm::sinf(turn), libm::cosf(turn));
    let focus = width;
    let hinge = focus - eased * width;
    // The second picture waits one width behind the doors.
    let to_depth = (focus + width - eased * width) / focus;
    let light = 0.4 + 0.6 * eased;
    let door = |x: f32| {
        // The left door; the right one is its mirror image.
        let slope = cos - x * sin / focus;
        let along = (width / 2.0 + x * hinge / focus) / slope;
        let depth = (hinge + along * sin) / focus;
        (slope > 1e-3 && depth > 1e-3).then_some((along, depth))
    };
    let columns: Vec<_> = (0..sides.width)
        .map(|x| {
            let x = x as f32 + 0.5 - width / 2.0;
            let left = door(x).filter(|(along, _)| *along <= width / 2.0 + 0.5);
            let right = door(-x).filter(|(along, _)| *along <= width / 2.0 + 0.5);
            match (left, right) {
                (Some((along, depth)), _) if x <= 0.0 => Some((along, depth)),
                (_, Some((along, depth))) if x > 0.0 => Some((width - along, depth)),
                _ => None,
            }
        })
        .collect();
    let mut door_row = Columns::new(columns.into_iter());
    let behind = |x| Some(((x as f32 + 0.5 - width / 2.0) * to_depth + width / 2.0, to_depth));
    let mut to_row = Columns::new((0..sides.width as usize).map(behind));
    let (pictures, door_light) = ((sides.from, sides.to), 1.0 - 0.5 * sin);
    paint_rows(sides.lanes, sides.width, sides.height, move |y, row| {
        let down = y as f32 + 0.5 - height / 2.0;
        door_row.read(&pictures.0, down);
        to_row.read(&pictures.1, down);
        for ((pixel, door), to) in row.iter_mut().zip(&door_row.found).zip(&to_row.found) {
            *pixel = over(lit(*door, door_light), lit(*to, light)).map(byte);
        }
    })
}

/// The first picture is a page that curls from its lower right corner over to the left.
pub fn page_turn<W: Lanes>(sides: &Sides<'_, W>) -> Vec<u8> {
    use std::f32::consts::{FRAC_PI_2, PI};
    let (width, height) = (sides.from.width(), sides.from.height());
    let radius = CURL * height;
    let last = width * PAGE.0 + height * PAGE.1;
    // Where the page leaves the table: from its last corner to beyond its first, shadow and all.
    let lift = last + (-2.0 * radius - last) * sides.p;
    let columns = sides.width as usize;
    let (mut back_at, mut front_at) = (Row::new(columns), Row::new(columns));
    let (mut backs, mut fronts) = (vec![CLEAR; columns], vec![CLEAR; columns]);
    let (mut beyonds, mut angles) = (vec![0.0_f32; columns], vec![0.0; columns]);
    let (from, to) = (sides.from, sides.to);
    paint_rows(sides.lanes, sides.width, sides.height, move |y, row| {
        let (from_line, to_line) = (from.line(y), to.line(y));
        let y = y as f32 + 0.5;
        for (x, beyond) in (0_i32..).zip(&mut beyonds) {
            *beyond = (x as f32 + 0.5) * PAGE.0 + y * PAGE.1 - lift;
        }
        // From left to right: the page as it lies, its curl, and what it leaves free.
        let flat = beyonds.partition_point(|beyond| *beyond <= 0.0);
        let curled = beyonds.partition_point(|beyond| *beyond <= radius);
        let place = |row: &mut Row, at: usize, ahead: f32| {
            let x = at as i32 as f32 + 0.5;
            (row.x[at], row.y[at]) = (x + ahead * PAGE.0, y + ahead * PAGE.1);
        };
        for (at, beyond) in beyonds[..flat].iter().enumerate() {
            place(&mut back_at, at, PI * radius - 2.0 * beyond);
        }
        for at in flat..curled {
            let angle = libm::asinf((beyonds[at] / radius).min(1.0));
            place(&mut back_at, at, radius * (PI - angle) - beyonds[at]);
            place(&mut front_at, at, radius * angle - beyonds[at]);
            angles[at] = angle;
        }
        from.read(&mut back_at, &mut backs[..curled]);
        if curled > flat {
            front_at.x[..flat].fill(NOWHERE);
            from.read(&mut front_at, &mut fronts[..curled]);
        }
        for (at, pixel) in row.iter_mut().enumerate() {
            let seen = if at < flat {
                let (back, front) = (backs[at], from_line[at].map(f32::from));
                if back[3] >= 255.0 { paper(back, 1.0) } else { over(paper(back, 1.0), front) }
            } else if at < curled {
                let angle = angles[at];
                let front = lit(fronts[at], 1.0 - 0.3 * angle / FRAC_PI_2);
                let below = over(front, shadowed(to_line[at].map(f32::from), 0.0, 0.5));
                over(paper(backs[at], 1.0 - 0.35 * angle / FRAC_PI_2), below)
            } else {
                shadowed(to_line[at].map(f32::from), (beyonds[at] - radius) / radius, 0.5)
            };
            *pixel = seen.map(byte);
        }
    })
}

/// The back of a page: paper through which its front is seen faintly.
fn paper(front: Rgba, light: f32) -> Rgba {
    lit(tinted(front, [244.0, 242.0, 236.0], 0.82), light)
}

/// Darker by up to `depth`, fading out over one unit of `distance`.
fn shadowed(pixel: Rgba, distance: f32, depth: f32) -> Rgba {
    let near = (1.0 - distance).clamp(0.0, 1.0);
    lit(pixel, 1.0 - depth * near * near)
}
