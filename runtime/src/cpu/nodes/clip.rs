//! Cutting a composed layer off at its box.

use vid_timeline::Size;

use super::compose::Composed;
use crate::raster::pixmap::mul_255;
use crate::scene::{Area, Placement};

/// Leaves only what is inside the window through which a layer that comes nearer is seen.
pub fn to_window(composed: &mut Composed, at: &Placement, canvas: Size) {
    if let Some(area) = window(at, canvas) {
        to_box(composed, &Placement { area, ..*at });
    }
}

/// The window through which a layer that comes nearer is seen: its picture's place at rest, in the measure
/// of the picture that has grown to fill it. `None` when it reaches beyond the canvas on all sides.
pub fn window(at: &Placement, canvas: Size) -> Option<Area> {
    let (left, top, width, height) = at.area;
    let (middle_x, middle_y) = (left + width / 2.0, top + height / 2.0);
    let zoom = at.motion.zoom.max(1.0);
    let [x0, y0, x1, y1] = at.edges;
    // The part of the picture at rest that has grown to fill the window.
    let (x0, x1) = (middle_x + (x0 - middle_x) / zoom, middle_x + (x1 - middle_x) / zoom);
    let (y0, y1) = (middle_y + (y0 - middle_y) / zoom, middle_y + (y1 - middle_y) / zoom);
    let corners = [(0, 0), (canvas.width, 0), (0, canvas.height), (canvas.width, canvas.height)];
    let seen = |&(x, y): &(u32, u32)| {
        let point = at.pose.inverse().and_then(|back| back.point(x.into(), y.into()));
        point.is_some_and(|(u, v)| x0 <= u && u <= x1 && y0 <= v && v <= y1)
    };
    (!corners.iter().all(seen)).then_some((x0, y0, x1 - x0, y1 - y0))
}

/// Leaves only what is inside the layer's box, turned and scaled as the layer is. Edges are smooth: a
/// pixel keeps the share by which its middle is inside, measured across the edge in its own pixels.
pub fn to_box(composed: &mut Composed, at: &Placement) {
    let Some(back) = at.pose.inverse() else { return };
    let (left, top, width, height) = at.area;
    let (right, bottom) = (left + width, top + height);
    let (x0, y0) = (composed.x, composed.y);
    let columns = composed.pixmap.width().max(1) as usize;
    composed.pixmap.edit(|pixels| {
        for (row, line) in pixels.chunks_exact_mut(columns * 4).enumerate() {
            let y = f64::from(y0) + row as f64 + 0.5;
            for (column, pixel) in line.chunks_exact_mut(4).enumerate() {
                let x = f64::from(x0) + column as f64 + 0.5;
                let here = back.point(x, y);
                // How far one pixel reaches in the box's own measure.
                let steps = (back.point(x + 1.0, y), back.point(x, y + 1.0));
                let share = match (here, steps) {
                    (Some((u, v)), (Some(across), Some(down))) => {
                        let reach = |a: f64, b: f64| (a * a + b * b).sqrt().max(1e-9);
                        let (over_u, over_v) =
                            (reach(across.0 - u, down.0 - u), reach(across.1 - v, down.1 - v));
                        let inside = |distance: f64, reach: f64| (distance / reach + 0.5).clamp(0.0, 1.0);
                        inside((u - left).min(right - u), over_u) * inside((v - top).min(bottom - v), over_v)
                    }
                    _ => 0.0,
                };
                let share = (share * 255.0 + 0.5) as u8;
                for channel in pixel {
                    *channel = mul_255(*channel, share);
                }
            }
        }
    });
}
