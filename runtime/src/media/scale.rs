//! Changing size, pixel format, matrix and range of pictures with FFmpeg's scaler.

use std::ffi::{CStr, c_int};
use std::ptr::{self, NonNull};

use ffmpeg_next::ffi;

use super::color::{ColorDescription, Matrix, Range};
use super::error::MediaError;
use super::frame::{FrameSpec, VideoFrame};
use super::pixel::PixelFormat;
use super::sys;
use super::tone::Tone;
use crate::raster::{
    ColorSpec, Plane, PlaneMut, Planes, PlanesMut, YccMatrix, YccRange, planes_from_rgba, rgba_from_planes,
};

/// Prepared conversions kept by one scaler: a layer in motion meets a few sizes again and again.
const KEPT_CONVERSIONS: usize = 8;

/// Converts pictures. Prepared tables are kept between calls of the same shapes; used by one thread
/// at a time.
#[derive(Default)]
pub struct Scaler {
    /// Most recently used last.
    prepared: Vec<(Shapes, Conversion)>,
    /// Pixels on the way from one matrix to another.
    between: Option<VideoFrame>,
}

/// A conversion's two ends, with colour resolved to what the scaler distinguishes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Shapes {
    source: End,
    target: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct End {
    spec: FrameSpec,
    matrix: Matrix,
    is_full_range: bool,
}

/// FFmpeg's prepared conversion.
struct Conversion(NonNull<ffi::SwsContext>);

// SAFETY: used by one thread at a time and not tied to one.
unsafe impl Send for Conversion {}

impl Scaler {
    /// A scaler with nothing prepared.
    pub fn new() -> Self {
        Self::default()
    }

    /// Fills `target` with `source` converted to its size, format, matrix and range.
    ///
    /// An undeclared matrix is guessed from the height ([`Matrix::or_guess`]); an undeclared range
    /// is full for R'G'B' and limited for Y'CbCr. Between Y'CbCr pictures the matrix is kept
    /// when the target declares none. Filter: bicubic, widened when shrinking. Where the target declares
    /// BT.709, pictures of more light or wider primaries are brought to it; between other descriptions,
    /// transfer and primaries stay.
    ///
    /// # Errors
    /// [`MediaError::Convert`] when the library cannot convert between the formats,
    /// [`MediaError::OutOfMemory`].
    pub fn convert(&mut self, source: &VideoFrame, target: &mut VideoFrame) -> Result<(), MediaError> {
        let shapes = Shapes::new(source.spec(), target.spec());
        target.make_writable()?;
        let tone = Tone::of(source, &target.color());
        if tone.is_none() && direct(&shapes, source, target)? {
            return Ok(());
        }
        if tone.is_some() || shapes.changes_matrix() {
            return self.convert_by_pixels(source, target, tone);
        }
        let conversion = self.prepared(shapes)?;
        conversion.run(source, target, &shapes)
    }

    /// From one matrix to another by way of 16-bit R'G'B'. The library's own way is 8-bit R'G'B', which
    /// is up to two code values off. There, pictures of another light are brought to the target's.
    fn convert_by_pixels(
        &mut self,
        source: &VideoFrame,
        target: &mut VideoFrame,
        tone: Option<Tone>,
    ) -> Result<(), MediaError> {
        let has_alpha = source.format().has_alpha() && target.format().has_alpha();
        let format = if has_alpha { PixelFormat::GBRAP16 } else { PixelFormat::GBRP16 };
        let color = ColorDescription { matrix: Matrix::RGB, range: Range::Full, ..source.color() };
        let spec = FrameSpec { width: target.width(), height: target.height(), format, color };
        let mut between = match self.between.take_if(|kept| spec.fits(kept)) {
            Some(kept) => kept,
            None => VideoFrame::allocate(&spec)?,
        };
        between.set_color(color);
        let (there, back) = (Shapes::new(source.spec(), spec), Shapes::new(spec, target.spec()));
        self.prepared(there)?.run(source, &mut between, &there)?;
        if let Some(tone) = tone {
            tone.apply(&mut between)?;
        }
        self.prepared(back)?.run(&between, target, &back)?;
        self.between = Some(between);
        Ok(())
    }

    /// Fills a rectangle of `target` with `source` scaled to the rectangle's size.
    ///
    /// The rectangle's corner must be even on axes where the target halves chroma; its size may be
    /// odd. `scratch` has the rectangle's size and the target's format; the scaler's kernels write
    /// past row ends, so they cannot work in the middle of a picture.
    ///
    /// # Errors
    /// As [`Self::convert`], and [`MediaError::FrameMismatch`] when the rectangle leaves the target
    /// or `scratch` has another format.
    pub fn convert_into(
        &mut self,
        source: &VideoFrame,
        target: &mut VideoFrame,
        x: u32,
        y: u32,
        scratch: &mut VideoFrame,
    ) -> Result<(), MediaError> {
        self.convert(source, scratch)?;
        copy_into(scratch, target, x, y)
    }

    fn prepared(&mut self, shapes: Shapes) -> Result<&mut Conversion, MediaError> {
        match self.prepared.iter().position(|(known, _)| *known == shapes) {
            Some(found) => {
                let entry = self.prepared.remove(found);
                self.prepared.push(entry);
            }
            None => {
                if self.prepared.len() >= KEPT_CONVERSIONS {
                    self.prepared.remove(0);
                }
                self.prepared.push((shapes, Conversion::new(&shapes)?));
            }
        }
        let last = self.prepared.last_mut().expect("one was pushed just above");
        Ok(&mut last.1)
    }
}

/// The conversions between pixels and planes of one size, which composing meets at every frame, without the
/// library; `false` when it is another one. The bytes are the same.
fn direct(shapes: &Shapes, source: &VideoFrame, target: &mut VideoFrame) -> Result<bool, MediaError> {
    let Shapes { source: from, target: to } = shapes;
    // The filter is another one in the library where a picture has fewer samples than it reads.
    let is_large = to.spec.width >= 16 && to.spec.height >= 16;
    if !is_large || (to.spec.width, to.spec.height) != (from.spec.width, from.spec.height) {
        return Ok(false);
    }
    if let Some(spec) = from.planes().filter(|_| to.is_pixels()) {
        let Some(planes) = planes_of(source) else { return Ok(false) };
        let mut rows = target.planes_mut()?;
        let row = rows.first_mut();
        return Ok(row.is_some_and(|plane| rgba_from_planes(plane.data, plane.stride, &planes, spec)));
    }
    if !from.is_pixels() || to.planes() != Some(ColorSpec::BT709) {
        return Ok(false);
    }
    let pixels = source.plane(0);
    let (width, height) = (to.spec.width, to.spec.height);
    let planes: Result<[_; 3], _> = target.planes_mut()?.try_into();
    let planes = planes.ok().and_then(|planes: [super::frame::PlaneMut<'_>; 3]| {
        let planes = planes.map(|plane| PlaneMut { data: plane.data, stride: plane.stride });
        PlanesMut::new(width, height, planes)
    });
    Ok(planes.is_some_and(|mut planes| planes_from_rgba(&mut planes, pixels.data, pixels.stride)))
}

/// What the planes of a picture show as solid pixels of BT.709, four bytes each, without the library, when it
/// is one of 4:2:0 planes whose light is that already; the same bytes as [`Scaler::convert`] gives.
pub fn pixels_of(source: &VideoFrame) -> Option<Vec<u8>> {
    if Tone::of(source, &ColorDescription::BT709).is_some() {
        return None;
    }
    let (width, height) = (source.width() as usize, source.height() as usize);
    let spec = End::new(source.spec(), Matrix::UNSPECIFIED).planes().filter(|_| width.min(height) >= 16)?;
    let planes = planes_of(source)?;
    let mut pixels = vec![0; 4 * width * height];
    rgba_from_planes(&mut pixels, 4 * width, &planes, spec).then_some(pixels)
}

fn planes_of(frame: &VideoFrame) -> Option<Planes<'_>> {
    let plane = |index| {
        let plane = frame.plane(index);
        Plane { data: plane.data, stride: plane.stride }
    };
    (frame.planes() == 3)
        .then(|| Planes::new(frame.width(), frame.height(), [plane(0), plane(1), plane(2)]))
        .flatten()
}

/// Copies a picture into another of the same format, its corner at `x`, `y`, which are even on axes
/// where the format halves chroma.
///
/// # Errors
/// [`MediaError::FrameMismatch`] when the formats differ, the corner is odd, or the picture does not
/// fit; [`MediaError::OutOfMemory`].
pub fn copy_into(source: &VideoFrame, target: &mut VideoFrame, x: u32, y: u32) -> Result<(), MediaError> {
    let format = target.format();
    let (across, down) = format.chroma_shift();
    let fits = u64::from(x) + u64::from(source.width()) <= target.width().into()
        && u64::from(y) + u64::from(source.height()) <= target.height().into();
    let is_aligned = x.trailing_zeros() >= across && y.trailing_zeros() >= down;
    if format != source.format() || !fits || !is_aligned {
        let wanted = format!("{} that fits into {}", format, target.shape());
        let found = format!("{} at {x},{y}", source.shape());
        return Err(MediaError::FrameMismatch { wanted, found });
    }
    for (index, mut plane) in target.planes_mut()?.into_iter().enumerate() {
        let (across, down) = format.plane_shift(index);
        let from = source.plane(index);
        let first = (x >> across) as usize * format.plane_step(index);
        for row in 0..from.rows {
            let to = plane.row_mut((y >> down) as usize + row);
            to[first..first + from.row_bytes].copy_from_slice(from.row(row));
        }
    }
    Ok(())
}

impl Shapes {
    fn new(source: FrameSpec, target: FrameSpec) -> Self {
        let source = End::new(source, Matrix::UNSPECIFIED);
        // A target that declares no matrix keeps the source's, unless that is R'G'B'.
        let inherited = if source.spec.format.is_rgb() { Matrix::UNSPECIFIED } else { source.matrix };
        Self { source, target: End::new(target, inherited) }
    }

    /// Whether both ends are Y'CbCr, of different matrices.
    fn changes_matrix(&self) -> bool {
        let is_rgb = |end: &End| end.spec.format.is_rgb();
        !is_rgb(&self.source) && !is_rgb(&self.target) && self.source.matrix != self.target.matrix
    }

    fn error(&self, reason: &str) -> MediaError {
        MediaError::Convert {
            from: self.source.spec.to_string(),
            to: self.target.spec.to_string(),
            reason: reason.to_owned(),
        }
    }
}

impl End {
    fn new(spec: FrameSpec, inherited: Matrix) -> Self {
        let declared = match spec.color.matrix {
            Matrix::UNSPECIFIED | Matrix::RGB => inherited,
            matrix => matrix,
        };
        let is_full_range = match spec.color.range {
            Range::Full => true,
            Range::Limited => false,
            Range::Unspecified => spec.format.is_rgb() || spec.format.name().starts_with("yuvj"),
        };
        Self { spec, matrix: declared.or_guess(spec.height), is_full_range }
    }

    /// Whether it is solid or not R'G'B', four bytes a pixel.
    fn is_pixels(&self) -> bool {
        self.spec.format == PixelFormat::RGBA && self.is_full_range
    }

    /// What its numbers mean, when it has eight-bit 4:2:0 planes of a description that our own kernels know.
    fn planes(&self) -> Option<ColorSpec> {
        let matrix = match self.matrix {
            Matrix::BT709 => YccMatrix::Bt709,
            Matrix::BT601 => YccMatrix::Bt601,
            _ => return None,
        };
        let range = if self.is_full_range { YccRange::Full } else { YccRange::Limited };
        let is_halved = matches!(self.spec.format, PixelFormat::YUV420P | PixelFormat::YUVJ420P);
        is_halved.then_some(ColorSpec { matrix, range })
    }

    /// The library's table of matrix coefficients.
    fn coefficients(&self) -> *const c_int {
        // SAFETY: accepts any number and returns a static table.
        unsafe { ffi::sws_getCoefficients(self.matrix.code().into()) }
    }
}

impl Conversion {
    fn new(shapes: &Shapes) -> Result<Self, MediaError> {
        // SAFETY: plain allocation; null is checked.
        let context = NonNull::new(unsafe { ffi::sws_alloc_context() })
            .ok_or(MediaError::OutOfMemory { what: "a picture conversion" })?;
        let conversion = Self(context);
        let (source, target) = (&shapes.source, &shapes.target);
        conversion.set(c"srcw", source.spec.width.into());
        conversion.set(c"srch", source.spec.height.into());
        conversion.set(c"src_format", source.spec.format.code().into());
        conversion.set(c"src_range", source.is_full_range.into());
        conversion.set(c"dstw", target.spec.width.into());
        conversion.set(c"dsth", target.spec.height.into());
        conversion.set(c"dst_format", target.spec.format.code().into());
        conversion.set(c"dst_range", target.is_full_range.into());
        conversion.set(c"sws_flags", flags(shapes).into());
        // SAFETY: the context is ours; the tables are static; filters may be null.
        unsafe {
            let context = context.as_ptr();
            sys::check(ffi::sws_init_context(context, ptr::null_mut(), ptr::null_mut()))
                .map_err(|error| shapes.error(&error.describe()))?;
            // Neutral brightness, contrast and saturation, in 16.16 fixed point. A pair that needs
            // no matrix refuses the call and is right without it.
            ffi::sws_setColorspaceDetails(
                context,
                source.coefficients(),
                source.is_full_range.into(),
                target.coefficients(),
                target.is_full_range.into(),
                0,
                1 << 16,
                1 << 16,
            );
        }
        Ok(conversion)
    }

    fn set(&self, name: &CStr, value: i64) {
        // SAFETY: the context is valid and describes its options; unknown values are refused when
        // the conversion is prepared.
        unsafe {
            ffi::av_opt_set_int(self.0.as_ptr().cast(), name.as_ptr(), value, 0);
        }
    }

    fn run(
        &mut self,
        source: &VideoFrame,
        target: &mut VideoFrame,
        shapes: &Shapes,
    ) -> Result<(), MediaError> {
        // SAFETY: both frames have the shapes that the conversion was prepared for and all their
        // planes; the target is exclusively ours.
        let rows = unsafe {
            let from = source.raw().as_ptr();
            let to = target.raw_mut().as_mut_ptr();
            ffi::sws_scale(
                self.0.as_ptr(),
                (&raw const (*from).data).cast(),
                (&raw const (*from).linesize).cast(),
                0,
                (*from).height,
                (&raw const (*to).data).cast(),
                (&raw const (*to).linesize).cast(),
            )
        };
        match sys::check(rows) {
            Ok(_) => Ok(()),
            Err(error) => Err(shapes.error(&error.describe())),
        }
    }
}

impl Drop for Conversion {
    fn drop(&mut self) {
        // SAFETY: the context is ours and is not used afterwards.
        unsafe { ffi::sws_freeContext(self.0.as_ptr()) }
    }
}

/// Exact rounding, the same result with and without vector units, and full chroma where the other
/// end has no halved chroma.
fn flags(shapes: &Shapes) -> c_int {
    let exact = ffi::SWS_BICUBIC | ffi::SWS_ACCURATE_RND | ffi::SWS_BITEXACT;
    match (shapes.source.spec.format.is_rgb(), shapes.target.spec.format.is_rgb()) {
        (false, false) => exact,
        _ => exact | ffi::SWS_FULL_CHR_H_INT | ffi::SWS_FULL_CHR_H_INP,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{ColorDescription, PixelFormat};

    fn spec(width: u32, height: u32, format: PixelFormat) -> FrameSpec {
        FrameSpec { width, height, format, color: ColorDescription::BT709 }
    }

    fn gray(spec: &FrameSpec, luma: u8) -> VideoFrame {
        let mut frame = VideoFrame::allocate(spec).unwrap();
        for (index, mut plane) in frame.planes_mut().unwrap().into_iter().enumerate() {
            (0..plane.rows).for_each(|y| plane.row_mut(y).fill(if index == 0 { luma } else { 128 }));
        }
        frame
    }

    #[test]
    fn flat_areas_stay_flat() {
        let source = gray(&spec(64, 36, PixelFormat::YUV420P), 77);
        let mut target = VideoFrame::allocate(&spec(33, 51, PixelFormat::YUV420P)).unwrap();
        Scaler::new().convert(&source, &mut target).unwrap();
        assert!((0..51).all(|y| target.plane(0).row(y).iter().all(|&v| v == 77)));
        assert!((0..26).all(|y| target.plane(1).row(y).iter().all(|&v| v == 128)));
    }

    #[test]
    fn limited_white_becomes_full_white() {
        let source = gray(&spec(16, 16, PixelFormat::YUV420P), 235);
        let rgb = FrameSpec {
            color: ColorDescription { matrix: Matrix::RGB, range: Range::Full, ..ColorDescription::BT709 },
            ..spec(16, 16, PixelFormat::RGB24)
        };
        let mut target = VideoFrame::allocate(&rgb).unwrap();
        Scaler::new().convert(&source, &mut target).unwrap();
        assert_eq!(target.plane(0).row(3)[..3], [255, 255, 255]);
    }

    #[test]
    fn a_rectangle_is_all_that_changes() {
        let source = gray(&spec(64, 36, PixelFormat::YUV420P), 200);
        let mut scratch = VideoFrame::allocate(&spec(5, 3, PixelFormat::YUV420P)).unwrap();
        let mut target = gray(&spec(12, 8, PixelFormat::YUV420P), 16);
        let mut scaler = Scaler::new();
        scaler.convert_into(&source, &mut target, 4, 2, &mut scratch).unwrap();
        let inside = |x: usize, y: usize| (4..9).contains(&x) && (2..5).contains(&y);
        for y in 0..8 {
            for x in 0..12 {
                assert_eq!(target.plane(0).row(y)[x], if inside(x, y) { 200 } else { 16 }, "{x},{y}");
            }
        }
        assert!(scaler.convert_into(&source, &mut target, 3, 2, &mut scratch).is_err());
        assert!(scaler.convert_into(&source, &mut target, 8, 2, &mut scratch).is_err());
    }

    #[test]
    fn planes_and_pixels_are_those_of_the_library() {
        let mut state = 7_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let mut noise = |spec: &FrameSpec| {
            let mut frame = VideoFrame::allocate(spec).unwrap();
            for mut plane in frame.planes_mut().unwrap() {
                (0..plane.rows).for_each(|y| plane.row_mut(y).fill_with(&mut random));
            }
            frame
        };
        let described = |size: (u32, u32), format, matrix, range| FrameSpec {
            color: ColorDescription { matrix, range, ..ColorDescription::BT709 },
            ..spec(size.0, size.1, format)
        };
        let mut ways = Vec::new();
        for size in [(16, 16), (50, 38), (322, 64)] {
            let pixels = described(size, PixelFormat::RGBA, Matrix::RGB, Range::Full);
            ways.push((pixels, spec(size.0, size.1, PixelFormat::YUV420P)));
            for (format, range) in
                [(PixelFormat::YUV420P, Range::Limited), (PixelFormat::YUVJ420P, Range::Full)]
            {
                ways.extend(
                    [Matrix::BT709, Matrix::BT601].map(|m| (described(size, format, m, range), pixels)),
                );
            }
        }
        for (from, to) in ways {
            let source = noise(&from);
            let mut quick = VideoFrame::allocate(&to).unwrap();
            let mut library = VideoFrame::allocate(&to).unwrap();
            let shapes = Shapes::new(from, to);
            assert!(direct(&shapes, &source, &mut quick).unwrap());
            let mut scaler = Scaler::new();
            scaler.prepared(shapes).unwrap().run(&source, &mut library, &shapes).unwrap();
            for index in 0..quick.planes() {
                let (quick, library) = (quick.plane(index), library.plane(index));
                for y in 0..quick.rows {
                    assert_eq!(quick.row(y), library.row(y), "{from} to {to}, {index}, {y}");
                }
            }
        }
    }
}
