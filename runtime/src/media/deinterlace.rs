//! Interlaced pictures made whole: each holds two instants, one in its even and one in its odd rows.
//!
//! The rows of the earlier instant stay. A sample of the other rows is kept where it lies between its
//! neighbours above and below, as it does in whatever stands still; where it sticks out of both, which is
//! what movement between the instants looks like, it is made anew from four rows of the earlier instant
//! (a cubic through them). So still parts keep all their detail, and moving ones lose their combs. The
//! result depends on the one picture alone, wherever decoding began.

use super::error::MediaError;
use super::frame::{PlaneMut, VideoFrame};

/// How far, in eight-bit code values, a sample sticks out of both neighbours before it counts as moved:
/// above the noise of a camera and of compression.
const THRESHOLD: i32 = 6;

/// The picture at its earlier instant; one that is not interlaced is left as it is.
///
/// # Errors
/// [`MediaError::OutOfMemory`].
pub(super) fn whole(mut frame: VideoFrame) -> Result<VideoFrame, MediaError> {
    if !frame.is_interlaced() {
        return Ok(frame);
    }
    // Of a picture that shows its upper row first, the odd rows come later.
    let later = usize::from(frame.is_top_first());
    let depth = frame.format().bit_depth();
    for mut plane in frame.planes_mut()? {
        match depth {
            ..=8 => mend(
                &mut plane,
                later,
                THRESHOLD,
                255,
                |row, at| row[at].into(),
                |row, at, value| {
                    row[at] = value as u8;
                },
            ),
            _ => {
                let extra = u32::from(depth.min(16)) - 8;
                let largest = (256 << extra) - 1;
                mend(&mut plane, later, THRESHOLD << extra, largest, wide, put_wide);
            }
        }
    }
    frame.set_interlaced(false);
    Ok(frame)
}

fn wide(row: &[u8], at: usize) -> i32 {
    u16::from_le_bytes([row[2 * at], row[2 * at + 1]]).into()
}

fn put_wide(row: &mut [u8], at: usize, value: i32) {
    row[2 * at..2 * at + 2].copy_from_slice(&(value as u16).to_le_bytes());
}

/// Mends every second row of a plane, from row `later` on.
fn mend(
    plane: &mut PlaneMut<'_>,
    later: usize,
    threshold: i32,
    largest: i32,
    get: impl Fn(&[u8], usize) -> i32,
    put: impl Fn(&mut [u8], usize, i32),
) {
    let samples = if largest > 255 { plane.row_bytes / 2 } else { plane.row_bytes };
    let rows = plane.rows;
    if rows < 4 {
        return;
    }
    let mut moved = vec![false; samples];
    let mut anew = vec![0; samples];
    for y in (later..rows).step_by(2) {
        // The rows of the earlier instant around this one; at the edges the nearest ones there are.
        let first = 1 - later;
        let last = rows - 1 - (rows - 1 + first) % 2;
        let near = |offset: isize| y.saturating_add_signed(offset).clamp(first, last);
        let around = [-3, -1, 1, 3].map(near);
        {
            let row = |at: usize| &plane.data[at * plane.stride..at * plane.stride + plane.row_bytes];
            let [far_above, above, below, far_below] = around.map(row);
            let own = row(y);
            for (x, (moved, anew)) in moved.iter_mut().zip(&mut anew).enumerate() {
                let (a, b, value) = (get(above, x), get(below, x), get(own, x));
                *moved = (a - value) * (b - value) > threshold * threshold;
                let outer = get(far_above, x) + get(far_below, x);
                *anew = ((9 * (a + b) - outer + 8) >> 4).clamp(0, largest);
            }
        }
        let row = plane.row_mut(y);
        for (x, anew) in anew.iter().enumerate() {
            // Next to what has moved lies what has moved too little to be told.
            let around = x.saturating_sub(1)..(x + 2).min(samples);
            if moved[around].contains(&true) {
                put(row, x, *anew);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ColorDescription, FrameSpec, PixelFormat};
    use super::*;

    /// A bar that is at `left` in the even rows and at `right` in the odd ones.
    fn woven(format: PixelFormat, left: usize, right: usize, values: [u16; 2]) -> VideoFrame {
        let spec = FrameSpec { width: 32, height: 16, format, color: ColorDescription::BT709 };
        let mut frame = VideoFrame::allocate(&spec).unwrap();
        let step = format.plane_step(0);
        for plane in &mut frame.planes_mut().unwrap() {
            for y in 0..plane.rows {
                let at = if y % 2 == 0 { left } else { right };
                for (x, sample) in plane.row_mut(y).chunks_exact_mut(step).enumerate() {
                    let value = values[usize::from((at..at + 8).contains(&x))];
                    sample.copy_from_slice(&value.to_le_bytes()[..step]);
                }
            }
        }
        frame.set_interlaced(true);
        frame
    }

    #[test]
    fn combs_are_gone_and_still_parts_stay() {
        for (format, values) in [(PixelFormat::YUV444P, [40, 200]), (PixelFormat::YUV420P10, [160, 800])] {
            let (moved, still) = (woven(format, 4, 10, values), woven(format, 4, 4, values));
            // Allocated frames show their lower row first.
            let earlier = woven(format, 10, 10, values);
            let rows = |frame: &VideoFrame| -> Vec<Vec<u8>> {
                let plane = frame.plane(0);
                (0..plane.rows).map(|y| plane.row(y).to_vec()).collect()
            };
            assert_eq!(rows(&whole(moved).unwrap()), rows(&earlier), "{format}");
            let mended = whole(still.clone()).unwrap();
            assert!(!mended.is_interlaced());
            assert_eq!(rows(&mended), rows(&still));
        }
    }
}
