//! Solid pictures that travel or grow upright, in the canvas's own planes.
//!
//! A photo that slowly fills more of the canvas, or a clip that slides across it, is not turned into
//! R'G'B': each plane is resampled by itself, from exactly the part of it that lands on the canvas's
//! pixels. Edges between pixels are blended by the share
//! of the pixel they cover.

use std::borrow::Cow;
use std::sync::Arc;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::over::Placed;
use super::source::{self, Line};
use crate::cpu::executor::{Context, CpuExecutor};
use crate::cpu::sheet::stepped;
use crate::error::RenderError;
use crate::media::VideoFrame;
use crate::raster::{Alpha, PixelRect, PlanarLayer, Plane, stretch};
use crate::scene::{Picture, Placement, SceneLayer};

/// Smallest share of the size it is shown at that a still may have: chroma of a smaller one would be
/// too coarse in halved planes.
const LEAST_SIZE: f64 = 0.5;

/// A picture's 4:2:0 planes in the canvas's colours, without gaps between rows.
pub struct Plates {
    planes: [Vec<u8>; 3],
    width: u32,
    height: u32,
}

/// Where a picture is seen, and what of it.
#[derive(Clone, Copy)]
pub struct View {
    /// Left, top, right, bottom of the picture on the canvas.
    picture: [f64; 4],
    /// The part of the canvas through which it is seen, cut to the canvas.
    window: [f64; 4],
}

impl View {
    /// The layer's view on this frame, if this is the way for it: a solid picture, its colours as they
    /// are, upright and not mirrored.
    pub fn of(executor: &CpuExecutor<'_>, layer: &SceneLayer, at: &Placement) -> Option<Self> {
        let touched = at.motion.touches_pixels() || at.motion.fill.is_some();
        let [across, x, down, y] = at.pose.as_upright()?;
        if !layer.is_plain() || touched || across <= 0.0 || down <= 0.0 {
            return None;
        }
        let (Picture::Video { media, .. } | Picture::Still { media, .. }) = &layer.picture else {
            return None;
        };
        let facts = executor.assets.by_hash(*media).ok()?.facts.video.as_ref()?;
        let [left, top, right, bottom] = at.edges;
        if facts.has_alpha || right <= left || bottom <= top {
            return None;
        }
        if let Picture::Still { natural, .. } = &layer.picture {
            let (source_left, source_top, source_right, source_bottom) = at.source;
            let shown = (right - left, bottom - top);
            let has = (
                f64::from(natural.0) * (source_right - source_left),
                f64::from(natural.1) * (source_bottom - source_top),
            );
            if has.0 < LEAST_SIZE * shown.0 || has.1 < LEAST_SIZE * shown.1 {
                return None;
            }
        }
        let posed = |[left, top, right, bottom]: [f64; 4]| {
            [across * left + x, down * top + y, across * right + x, down * bottom + y]
        };
        let picture = posed(at.edges);
        // A picture that comes nearer is seen through its own place.
        let zoom = at.motion.zoom.max(1.0);
        let (area_left, area_top, width, height) = at.area;
        let middle = (area_left + width / 2.0, area_top + height / 2.0);
        let part = |edge: f64, middle: f64| middle + (edge - middle) / zoom;
        let window =
            posed([part(left, middle.0), part(top, middle.1), part(right, middle.0), part(bottom, middle.1)]);
        let size = executor.canvas.spec();
        let canvas = [0.0, 0.0, f64::from(size.width), f64::from(size.height)];
        let window = [
            window[0].max(canvas[0]),
            window[1].max(canvas[1]),
            window[2].min(canvas[2]),
            window[3].min(canvas[3]),
        ];
        Some(Self { picture, window })
    }

    /// The whole pixels that are covered entirely, and those that are covered at all. Edges closer to the
    /// grid than a thousandth of a pixel are on it.
    fn pixels(&self) -> (PixelRect, PixelRect) {
        const NEAR: f64 = 1.0 / 1024.0;
        let [left, top, right, bottom] = self.window;
        let inner = PixelRect {
            x0: (left - NEAR).ceil() as i32,
            y0: (top - NEAR).ceil() as i32,
            x1: (right + NEAR).floor() as i32,
            y1: (bottom + NEAR).floor() as i32,
        };
        let outer = PixelRect {
            x0: (left + NEAR).floor() as i32,
            y0: (top + NEAR).floor() as i32,
            x1: (right - NEAR).ceil() as i32,
            y1: (bottom - NEAR).ceil() as i32,
        };
        (inner, outer)
    }

    /// The size a still is kept at: the size it is seen at, or up to a fifth larger, so that it changes in
    /// steps while the picture grows; never beyond its own. Even, so that every chroma sample is all
    /// picture.
    fn still_size(&self, natural: (u32, u32), source: (f64, f64, f64, f64)) -> (u32, u32) {
        let [left, top, right, bottom] = self.picture;
        let across = (right - left) / (f64::from(natural.0) * (source.2 - source.0));
        let down = (bottom - top) / (f64::from(natural.1) * (source.3 - source.1));
        let share = stepped(across.max(down)).min(1.0);
        let side = |length: u32| 2 * (f64::from(length) * share / 2.0 + 0.5).floor().max(1.0) as u32;
        (side(natural.0), side(natural.1))
    }

    /// What of the picture lies on `rect`, in fractions of the source's sides: left, top, right, bottom.
    fn source_of(&self, rect: PixelRect, source: (f64, f64, f64, f64)) -> [f64; 4] {
        let [left, top, right, bottom] = self.picture;
        let across = (source.2 - source.0) / (right - left);
        let down = (source.3 - source.1) / (bottom - top);
        let x = |column: i32| (source.0 + (f64::from(column) - left) * across).clamp(0.0, 1.0);
        let y = |row: i32| (source.1 + (f64::from(row) - top) * down).clamp(0.0, 1.0);
        [x(rect.x0), y(rect.y0), x(rect.x1), y(rect.y1)]
    }
}

/// The picture at its place; `None` when it has too few whole pixels to be resampled.
pub fn draw(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    at: &Placement,
    view: View,
) -> Result<Option<Placed>, RenderError> {
    let (inner, outer) = view.pixels();
    if outer.is_empty() {
        return Ok(Some(Placed::Nothing));
    }
    if inner.is_empty() {
        return Ok(None);
    }
    let part = view.source_of(inner, at.source);
    if part[2] <= part[0] || part[3] <= part[1] {
        return Ok(None);
    }
    let canvas = PixelRect::of(executor.size());
    let source = match &layer.picture {
        Picture::Video { media, course, .. } => {
            let line = Line { media: *media, course: *course };
            Source::Frame(source::native(executor, context, line)?)
        }
        Picture::Still { media, natural } => {
            let size = view.still_size(*natural, at.source);
            Source::Plates(executor.rasters.plates(executor.assets, *media, size)?)
        }
        _ => return Ok(None),
    };
    if inner == canvas && canvas.is_chroma_aligned() {
        let mut filled = executor.canvas.blank()?;
        let halved = (canvas.width() / 2, canvas.height() / 2);
        for (index, mut plane) in filled.planes_mut()?.into_iter().enumerate() {
            let size = if index == 0 { (canvas.width(), canvas.height()) } else { halved };
            source.resample(index, part, size, |y, fill| fill(plane.row_mut(y)))?;
        }
        return Ok(Some(Placed::Canvas(filled)));
    }
    let mut planes = Vec::with_capacity(3);
    let size = (inner.width(), inner.height());
    for index in 0..3 {
        let mut drawn = vec![0; inner.area() as usize];
        let columns = size.0 as usize;
        source.resample(index, part, size, |y, fill| fill(&mut drawn[y * columns..][..columns]))?;
        planes.push(if inner == outer { drawn } else { extended(&drawn, inner, outer) });
    }
    let stride = outer.width() as usize;
    let plane = |index: usize| Plane { data: planes[index].as_slice(), stride };
    let shares = if inner == outer { Vec::new() } else { coverage(view.window, outer) };
    let alpha =
        if inner == outer { Alpha::Constant(255) } else { Alpha::Plane(Plane { data: &shares, stride }) };
    let layer =
        PlanarLayer::from_yuv444(outer, [plane(0), plane(1), plane(2)], alpha, executor.canvas.color());
    let layer = layer.ok_or_else(|| RenderError::broken_timeline("a picture of drawable size"))?;
    Ok(Some(Placed::Layer(Box::new(layer))))
}

/// Samples of `inner` with those on its edge going on to `outer`, which is larger by at most one on each
/// side.
fn extended(samples: &[u8], inner: PixelRect, outer: PixelRect) -> Vec<u8> {
    let width = inner.width() as usize;
    let mut wide = Vec::with_capacity(outer.area() as usize);
    for y in outer.y0..outer.y1 {
        let row = (y.clamp(inner.y0, inner.y1 - 1) - inner.y0) as usize;
        let row = &samples[row * width..][..width];
        wide.extend((outer.x0..inner.x0).map(|_| row[0]));
        wide.extend_from_slice(row);
        wide.extend((inner.x1..outer.x1).map(|_| row[width - 1]));
    }
    wide
}

/// The share of each pixel of `outer` that lies inside `window`.
fn coverage(window: [f64; 4], outer: PixelRect) -> Vec<u8> {
    let share = |pixel: i32, first: f64, last: f64| {
        (last.min(f64::from(pixel) + 1.0) - first.max(f64::from(pixel))).clamp(0.0, 1.0)
    };
    let columns: Vec<f64> = (outer.x0..outer.x1).map(|x| share(x, window[0], window[2])).collect();
    let rows = (outer.y0..outer.y1).map(|y| share(y, window[1], window[3]));
    rows.flat_map(|row| columns.iter().map(move |column| (row * column * 255.0 + 0.5) as u8)).collect()
}

/// What is resampled.
enum Source {
    Frame(VideoFrame),
    Plates(Arc<Plates>),
}

/// Takes a row's number, and what fills the row.
type PutRow<'a> = &'a mut dyn FnMut(usize, &mut dyn FnMut(&mut [u8]));

impl Source {
    /// Samples of plane `index`, and their columns and rows.
    fn plane(&self, index: usize) -> (Plane<'_>, (u32, u32)) {
        match self {
            Self::Frame(frame) => {
                let plane = frame.plane(index);
                let size = halved(index, frame.width(), frame.height());
                (Plane { data: plane.data, stride: plane.stride }, size)
            }
            Self::Plates(plates) => {
                let size = halved(index, plates.width, plates.height);
                (Plane { data: &plates.planes[index], stride: size.0 as usize }, size)
            }
        }
    }

    /// `part` of a plane (fractions of the picture's sides) at `columns` × `rows` samples: Catmull-Rom over
    /// four samples, or Lanczos (three lobes, widened) where it becomes smaller by more than a quarter.
    fn resample(
        &self,
        index: usize,
        [left, top, right, bottom]: [f64; 4],
        (columns, rows): (u32, u32),
        mut put: impl FnMut(usize, &mut dyn FnMut(&mut [u8])),
    ) -> Result<(), RenderError> {
        let (plane, (width, height)) = self.plane(index);
        let (full_width, full_height) = (f64::from(width), f64::from(height));
        let (x, y) = (left * full_width, top * full_height);
        let across = ((right - left) * full_width).min(full_width - x);
        let down = ((bottom - top) * full_height).min(full_height - y);
        let size = (width as usize, height as usize);
        if stretch(plane, size, [x, y, across, down], (columns as usize, rows as usize), &mut put) {
            return Ok(());
        }
        shrink(plane, (width, height), [x, y, across, down], (columns, rows), &mut put)
    }
}

/// Columns and rows of a plane of a picture.
fn halved(index: usize, width: u32, height: u32) -> (u32, u32) {
    if index == 0 { (width, height) } else { (width.div_ceil(2), height.div_ceil(2)) }
}

/// With the filters of the library, for what [`stretch`] leaves: Lanczos where the picture becomes smaller
/// by more than a quarter, Catmull-Rom for planes of a few samples.
fn shrink(
    plane: Plane<'_>,
    (width, height): (u32, u32),
    [x, y, across, down]: [f64; 4],
    (columns, rows): (u32, u32),
    put: PutRow<'_>,
) -> Result<(), RenderError> {
    let shrinks = 1.25 * f64::from(columns) < across || 1.25 * f64::from(rows) < down;
    let filter = match shrinks {
        true => ResizeAlg::Convolution(FilterType::Lanczos3),
        false => ResizeAlg::Interpolation(FilterType::CatmullRom),
    };
    let options = ResizeOptions::new().resize_alg(filter).crop(x, y, across, down).use_alpha(false);
    let broken = || RenderError::broken_timeline("a part of a picture");
    // The library takes rows without gaps.
    let length = width as usize * height as usize;
    let samples: Cow<'_, [u8]> = match plane.data.get(..length) {
        Some(samples) if plane.stride == width as usize => Cow::Borrowed(samples),
        _ => {
            let lines = plane.data.chunks(plane.stride).take(height as usize);
            Cow::Owned(lines.flat_map(|line| &line[..width as usize]).copied().collect())
        }
    };
    let from = ImageRef::new(width, height, &samples, PixelType::U8).map_err(|_| broken())?;
    let mut to = Image::new(columns, rows, PixelType::U8);
    Resizer::new().resize(&from, &mut to, &options).map_err(|_| broken())?;
    for (row, samples) in to.buffer().chunks_exact((columns as usize).max(1)).enumerate() {
        put(row, &mut |target| target.copy_from_slice(samples));
    }
    Ok(())
}

impl Plates {
    /// Planes without gaps, chroma halved both ways, sides rounded up.
    pub const fn new(planes: [Vec<u8>; 3], width: u32, height: u32) -> Self {
        Self { planes, width, height }
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        self.planes.iter().map(Vec::len).sum()
    }
}
