//! Drawing a picture through a projection.

use super::compose::Composed;
use crate::gpu::kernels::{Family, Kernel};
use crate::gpu::picture::{Pixels, Placed};
use crate::gpu::recorder::Recorder;
use crate::raster::resample::{MAX_SAMPLES, PHASES, phase_weights, reach, whole_move};
use crate::raster::{PixelRect, Projection};

/// `source` seen through `target_from_source`, as [`crate::raster::project`] draws it; `None` when nothing
/// of it lands on the canvas.
///
/// Places of a map that keeps parallels are sums of what a column and what a row add, both computed here
/// with 64 bits and added exactly; those of a perspective are divided on the device with 32.
pub fn project(
    recorder: &mut Recorder,
    source: &Pixels,
    target_from_source: Projection,
    canvas: PixelRect,
) -> Option<Composed> {
    let (width, height) = (f64::from(source.width), f64::from(source.height));
    let rect = reach(target_from_source, [0.0, 0.0, width, height], canvas);
    if rect.is_empty() {
        return None;
    }
    if let Some((dx, dy)) = whole_move(target_from_source) {
        return Some(moved(recorder, source, (dx, dy), rect));
    }
    let back = target_from_source.inverse()?;
    let shrink = target_from_source.factors([0.0, 0.0, width, height]).map_or(1.0, |(least, _)| 1.0 / least);
    let samples = ((shrink + 0.5).floor() as u32).clamp(1, MAX_SAMPLES);
    let keeps_parallels = back.0[2] == [0.0, 0.0, 1.0];
    let mut table: Vec<u32> = phase_weights().iter().flatten().map(|weight| *weight as u32).collect();
    if keeps_parallels {
        table.extend(places(back, rect, samples));
    }
    let table = recorder.upload_words(&table);
    let mut numbers = vec![
        rect.x0 as u32,
        rect.y0 as u32,
        rect.width(),
        rect.height(),
        source.width,
        source.height,
        samples,
        u32::from(keeps_parallels),
    ];
    // Counted from the middle of the first pixel, where numbers are small.
    let (x, y) = (f64::from(rect.x0) + 0.5, f64::from(rect.y0) + 0.5);
    for row in back.0 {
        let here = row[0] * x + row[1] * y + row[2];
        numbers.extend([row[0], row[1], here].map(|number| (number as f32).to_bits()));
    }
    let drawn = Pixels::blank(recorder, rect.width(), rect.height(), None);
    recorder.run(&crate::gpu::recorder::Dispatch {
        kernel: Kernel::of(Family::Project, "project"),
        numbers: &numbers,
        reads: [Some(&source.memory), Some(&table)],
        writes: &drawn.memory,
        flag: None,
        runs: (rect.width(), rect.height()),
    });
    Some(Composed { pixels: drawn, x: rect.x0, y: rect.y0 })
}

/// What each place across and each place down adds to the two coordinates: whole phases and 2⁻³² of one.
fn places(back: Projection, rect: PixelRect, samples: u32) -> Vec<u32> {
    let step = 1.0 / f64::from(samples);
    let fixed = |value: f64| {
        let phases = value.clamp(-1e6, 1e6) * PHASES as f64;
        let whole = phases.floor();
        let part = ((phases - whole) * 4_294_967_296.0 + 0.5).floor();
        // What rounds up to a whole is one.
        let (whole, part) = if part >= 4_294_967_296.0 { (whole + 1.0, 0.0) } else { (whole, part) };
        [whole as i32 as u32, part as u32]
    };
    let along = |first: i32, length: u32| {
        (0..length).flat_map(move |at| {
            (0..samples).map(move |k| f64::from(first) + f64::from(at) + (f64::from(k) + 0.5) * step)
        })
    };
    // Half a phase, so that cutting off rounds to the nearest.
    let half = 0.5 / PHASES as f64;
    let [u, v, _] = back.0;
    let columns = along(rect.x0, rect.width()).flat_map(|x| [fixed(u[0] * x), fixed(v[0] * x)]);
    let rows = along(rect.y0, rect.height())
        .flat_map(|y| [fixed(u[1] * y + u[2] + half), fixed(v[1] * y + v[2] + half)]);
    columns.chain(rows).flatten().collect()
}

fn moved(recorder: &mut Recorder, source: &Pixels, (dx, dy): (i32, i32), rect: PixelRect) -> Composed {
    let rect = rect.intersection(PixelRect::at(dx, dy, source.width, source.height));
    if rect == PixelRect::at(dx, dy, source.width, source.height) {
        return Composed { pixels: source.clone(), x: dx, y: dy };
    }
    let place = (dx - rect.x0, dy - rect.y0);
    let mut pixels = source.placed(recorder, (rect.width(), rect.height()), place, Placed::Itself);
    // A part of what is solid is solid.
    pixels.solid = source.solid.filter(|solid| *solid);
    Composed { pixels, x: rect.x0, y: rect.y0 }
}
