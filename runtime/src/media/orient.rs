//! Turning pictures upright: phones store them sideways with a note.

use super::error::MediaError;
use super::frame::{FrameSpec, Plane, PlaneMut, VideoFrame};
use super::pixel::PixelFormat;
use super::pool::FramePool;

/// How a stored picture is turned and mirrored for display: rows and columns change places first, where
/// they do, and then the picture is mirrored either way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Orientation {
    /// Whether rows become columns.
    is_sideways: bool,
    /// Whether left and right change places.
    mirrors_across: bool,
    /// Whether top and bottom change places.
    mirrors_down: bool,
}

impl Orientation {
    /// As stored.
    pub const UPRIGHT: Self = Self { is_sideways: false, mirrors_across: false, mirrors_down: false };

    /// The turn in degrees clockwise, 0, 90, 180 or 270; of a mirrored picture, the turn after which left
    /// and right change places.
    pub const fn degrees(self) -> u16 {
        match (self.is_sideways, self.mirrors_down) {
            (false, false) => 0,
            (false, true) => 180,
            (true, false) => 90,
            (true, true) => 270,
        }
    }

    /// Whether the picture is seen as in a mirror, however it is turned.
    pub const fn is_mirrored(self) -> bool {
        self.is_sideways ^ self.mirrors_across ^ self.mirrors_down
    }

    /// Whether width and height change places.
    pub const fn is_sideways(self) -> bool {
        self.is_sideways
    }

    /// A size as it is displayed.
    pub const fn size(self, width: u32, height: u32) -> (u32, u32) {
        if self.is_sideways { (height, width) } else { (width, height) }
    }

    /// The nearest of the eight to a display matrix, whose numbers are fixed point: a point of the stored
    /// picture goes to (a·x + c·y, b·x + d·y), and only signs and which pair is larger matter here.
    pub(super) fn from_display_matrix(matrix: &[i32; 9]) -> Self {
        let [a, b, _, c, d, ..] = matrix.map(i64::from);
        let is_sideways = a.abs() + d.abs() < b.abs() + c.abs();
        let (across, down) = if is_sideways { (c, b) } else { (a, d) };
        Self { is_sideways, mirrors_across: across < 0, mirrors_down: down < 0 }
    }
}

/// The planar format with equal chroma resolution both ways that a picture of `format` is turned in.
pub(super) fn turnable(format: PixelFormat) -> PixelFormat {
    let (across, down) = format.chroma_shift();
    if format.is_planar() && across == down {
        return format;
    }
    match (format.has_alpha(), format.bit_depth() > 8) {
        (false, false) => PixelFormat::YUV444P,
        (false, true) => PixelFormat::YUV444P10,
        (true, false) => PixelFormat::YUVA444P,
        (true, true) => PixelFormat::YUVA444P10,
    }
}

/// A turned copy of a frame whose format is [`turnable`], in memory from `pool`, which has the
/// turned shape.
pub(super) fn turned(
    frame: &VideoFrame,
    orientation: Orientation,
    pool: &FramePool,
) -> Result<VideoFrame, MediaError> {
    let mut target = pool.get()?;
    target.set_color(frame.color());
    target.set_peak(frame.peak())?;
    for (index, mut plane) in target.planes_mut()?.into_iter().enumerate() {
        let source = frame.plane(index);
        match frame.format().plane_step(index) {
            1 => turn_plane::<1>(source, &mut plane, orientation),
            2 => turn_plane::<2>(source, &mut plane, orientation),
            _ => turn_plane::<4>(source, &mut plane, orientation),
        }
    }
    Ok(target)
}

/// The shape of a frame of `spec` after a turn.
pub(super) fn turned_spec(spec: &FrameSpec, orientation: Orientation) -> FrameSpec {
    let (width, height) = orientation.size(spec.width, spec.height);
    FrameSpec { width, height, ..*spec }
}

fn turn_plane<const STEP: usize>(source: Plane<'_>, target: &mut PlaneMut<'_>, orientation: Orientation) {
    let Orientation { is_sideways, mirrors_across, mirrors_down } = orientation;
    let (last_column, last_row) = (target.row_bytes / STEP - 1, target.rows - 1);
    for y in 0..target.rows {
        let from_y = if mirrors_down { last_row - y } else { y };
        for (x, to) in target.row_mut(y).chunks_exact_mut(STEP).enumerate() {
            let from_x = if mirrors_across { last_column - x } else { x };
            let (row, column) = if is_sideways { (from_x, from_y) } else { (from_y, from_x) };
            let at = row * source.stride + column * STEP;
            to.copy_from_slice(&source.data[at..at + STEP]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::ColorDescription;

    const ONE: i32 = 1 << 16;

    fn of(a: i32, b: i32, c: i32, d: i32) -> Orientation {
        Orientation::from_display_matrix(&[a, b, 0, c, d, 0, 0, 0, 1 << 30])
    }

    #[test]
    fn matrices_of_phones() {
        let turn = |orientation: Orientation| (orientation.degrees(), orientation.is_mirrored());
        assert_eq!(of(ONE, 0, 0, ONE), Orientation::UPRIGHT);
        let turns = [of(0, ONE, -ONE, 0), of(-ONE, 0, 0, -ONE), of(0, -ONE, ONE, 0)].map(turn);
        assert_eq!(turns, [(90, false), (180, false), (270, false)]);
        let mirrored = [of(-ONE, 0, 0, ONE), of(ONE, 0, 0, -ONE), of(0, ONE, ONE, 0), of(0, -ONE, -ONE, 0)];
        assert_eq!(mirrored.map(turn), [(0, true), (180, true), (90, true), (270, true)]);
        assert_eq!(turn(Orientation::from_display_matrix(&[i32::MIN; 9])), (180, false));
    }

    #[test]
    fn a_quarter_turn_moves_the_first_row_to_the_last_column() {
        let spec = FrameSpec {
            width: 3,
            height: 2,
            format: PixelFormat::GRAY8,
            color: ColorDescription::UNSPECIFIED,
        };
        let mut frame = VideoFrame::allocate(&spec).unwrap();
        for (y, row) in [[1, 2, 3], [4, 5, 6]].iter().enumerate() {
            frame.planes_mut().unwrap()[0].row_mut(y).copy_from_slice(row);
        }
        let turn = |orientation| {
            let pool = FramePool::new(turned_spec(&spec, orientation)).unwrap();
            let frame = turned(&frame, orientation, &pool).unwrap();
            let plane = frame.plane(0);
            (0..plane.rows).map(|y| plane.row(y).to_vec()).collect::<Vec<_>>()
        };
        assert_eq!(turn(of(0, ONE, -ONE, 0)), [[4, 1], [5, 2], [6, 3]]);
        assert_eq!(turn(of(-ONE, 0, 0, -ONE)), [[6, 5, 4], [3, 2, 1]]);
        assert_eq!(turn(of(0, -ONE, ONE, 0)), [[3, 6], [2, 5], [1, 4]]);
        assert_eq!(turn(of(-ONE, 0, 0, ONE)), [[3, 2, 1], [6, 5, 4]]);
        assert_eq!(turn(of(ONE, 0, 0, -ONE)), [[4, 5, 6], [1, 2, 3]]);
        assert_eq!(turn(of(0, ONE, ONE, 0)), [[1, 4], [2, 5], [3, 6]]);
        assert_eq!(turn(of(0, -ONE, -ONE, 0)), [[6, 3], [5, 2], [4, 1]]);
    }
}
