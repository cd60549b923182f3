//! Turning pictures upright: phones store them sideways with a note.

use super::error::MediaError;
use super::frame::{FrameSpec, Plane, PlaneMut, VideoFrame};
use super::pixel::PixelFormat;
use super::pool::FramePool;

/// Clockwise turn to apply for display.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Rotation {
    /// As stored.
    #[default]
    None,
    /// A quarter turn clockwise.
    Quarter,
    /// Upside down.
    Half,
    /// A quarter turn counter-clockwise.
    ThreeQuarters,
}

impl Rotation {
    /// The turn in degrees clockwise: 0, 90, 180 or 270.
    pub const fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarters => 270,
        }
    }

    /// Whether width and height change places.
    pub const fn is_sideways(self) -> bool {
        matches!(self, Self::Quarter | Self::ThreeQuarters)
    }

    /// A size after the turn.
    pub const fn size(self, width: u32, height: u32) -> (u32, u32) {
        if self.is_sideways() { (height, width) } else { (width, height) }
    }

    /// The nearest quarter turn of a display matrix, whose numbers are fixed point and of which only
    /// the signs of the rotation part matter here.
    pub(super) fn from_display_matrix(matrix: &[i32; 9]) -> Self {
        let [a, b, _, c, d, ..] = matrix.map(i64::from);
        if a.abs() + d.abs() >= b.abs() + c.abs() {
            // A mirrored matrix (one sign only) is kept unmirrored.
            if a < 0 && d < 0 { Self::Half } else { Self::None }
        } else if b > 0 {
            Self::Quarter
        } else {
            Self::ThreeQuarters
        }
    }
}

/// The planar format with equal chroma resolution both ways that a picture of `format` is turned in.
pub(super) fn turnable(format: PixelFormat) -> PixelFormat {
    let (across, down) = format.chroma_shift();
    if format.is_planar() && across == down {
        return format;
    }
    if format.has_alpha() { PixelFormat::YUVA444P } else { PixelFormat::YUV444P }
}

/// A turned copy of a frame whose format is [`turnable`], in memory from `pool`, which has the
/// turned shape.
pub(super) fn turned(
    frame: &VideoFrame,
    rotation: Rotation,
    pool: &FramePool,
) -> Result<VideoFrame, MediaError> {
    let mut target = pool.get()?;
    target.set_color(frame.color());
    for (index, mut plane) in target.planes_mut()?.into_iter().enumerate() {
        let source = frame.plane(index);
        match frame.format().plane_step(index) {
            1 => turn_plane::<1>(source, &mut plane, rotation),
            2 => turn_plane::<2>(source, &mut plane, rotation),
            _ => turn_plane::<4>(source, &mut plane, rotation),
        }
    }
    Ok(target)
}

/// The shape of a frame of `spec` after a turn.
pub(super) fn turned_spec(spec: &FrameSpec, rotation: Rotation) -> FrameSpec {
    let (width, height) = rotation.size(spec.width, spec.height);
    FrameSpec { width, height, ..*spec }
}

fn turn_plane<const STEP: usize>(source: Plane<'_>, target: &mut PlaneMut<'_>, rotation: Rotation) {
    let columns = source.row_bytes / STEP;
    let last_row = source.rows - 1;
    for y in 0..target.rows {
        for (x, to) in target.row_mut(y).chunks_exact_mut(STEP).enumerate() {
            let (row, column) = match rotation {
                Rotation::None => (y, x),
                Rotation::Quarter => (last_row - x, y),
                Rotation::Half => (last_row - y, columns - 1 - x),
                Rotation::ThreeQuarters => (x, columns - 1 - y),
            };
            let at = row * source.stride + column * STEP;
            to.copy_from_slice(&source.data[at..at + STEP]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::ColorDescription;

    #[test]
    fn matrices_of_phones() {
        let one = 1 << 16;
        assert_eq!(Rotation::from_display_matrix(&[one, 0, 0, 0, one, 0, 0, 0, 1 << 30]), Rotation::None);
        assert_eq!(Rotation::from_display_matrix(&[0, one, 0, -one, 0, 0, 0, 0, 1 << 30]), Rotation::Quarter);
        assert_eq!(Rotation::from_display_matrix(&[-one, 0, 0, 0, -one, 0, 0, 0, 1 << 30]), Rotation::Half);
        assert_eq!(
            Rotation::from_display_matrix(&[0, -one, 0, one, 0, 0, 0, 0, 1 << 30]),
            Rotation::ThreeQuarters
        );
        assert_eq!(Rotation::from_display_matrix(&[i32::MIN; 9]), Rotation::Half);
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
        let turn = |rotation| {
            let pool = FramePool::new(turned_spec(&spec, rotation)).unwrap();
            let frame = turned(&frame, rotation, &pool).unwrap();
            let plane = frame.plane(0);
            (0..plane.rows).map(|y| plane.row(y).to_vec()).collect::<Vec<_>>()
        };
        assert_eq!(turn(Rotation::Quarter), [[4, 1], [5, 2], [6, 3]]);
        assert_eq!(turn(Rotation::Half), [[6, 5, 4], [3, 2, 1]]);
        assert_eq!(turn(Rotation::ThreeQuarters), [[3, 6], [2, 5], [1, 4]]);
    }
}
