//! Transitions that turn pictures in space: `cube`, `doorway`, `page_turn`.
//!
//! The eye looks along z at a screen one *focus* away, on which an upright picture at that distance
//! has its own size. Distances are pixels.

use super::Sides;
use crate::raster::paint::{Lanes, paint};
use crate::raster::sample::{CLEAR, Picture, Rgba, lit, over, tinted};

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
    let read = |picture: &Picture<'_>, hit: Option<(f32, f32)>, y: f32, facing: f32| match hit {
        Some((along, depth)) => {
            let pixel = picture.sample(along + width / 2.0, (y - height / 2.0) * depth + height / 2.0);
            lit(pixel, 1.0 - CUBE_SHADE * (1.0 - facing))
        }
        None => CLEAR,
    };
    paint(sides.lanes, sides.width, sides.height, |x, y| {
        let (from_hit, to_hit) = columns[x as usize];
        over(read(&sides.from, from_hit, y, cos), read(&sides.to, to_hit, y, sin))
    })
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
    paint(sides.lanes, sides.width, sides.height, |x, y| {
        let (dx, dy) = (x - width / 2.0, y - height / 2.0);
        let to = sides.to.sample(dx * to_depth + width / 2.0, dy * to_depth + height / 2.0);
        let to = lit(to, light);
        match columns[x as usize] {
            Some((along, depth)) => {
                let door = sides.from.sample(along, dy * depth + height / 2.0);
                over(lit(door, 1.0 - 0.5 * sin), to)
            }
            None => to,
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
    let page = |x: f32, y: f32, ahead: f32| sides.from.sample(x + ahead * PAGE.0, y + ahead * PAGE.1);
    paint(sides.lanes, sides.width, sides.height, |x, y| {
        let beyond = x * PAGE.0 + y * PAGE.1 - lift;
        if beyond > radius {
            return shadowed(sides.to.sample(x, y), (beyond - radius) / radius, 0.5);
        }
        if beyond > 0.0 {
            let angle = libm::asinf((beyond / radius).min(1.0));
            let back = page(x, y, radius * (PI - angle) - beyond);
            let front = page(x, y, radius * angle - beyond);
            let front = lit(front, 1.0 - 0.3 * angle / FRAC_PI_2);
            let below = over(front, shadowed(sides.to.sample(x, y), 0.0, 0.5));
            return over(paper(back, 1.0 - 0.35 * angle / FRAC_PI_2), below);
        }
        let back = page(x, y, PI * radius - 2.0 * beyond);
        let front = sides.from.sample(x, y);
        if back[3] >= 255.0 { paper(back, 1.0) } else { over(paper(back, 1.0), front) }
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
