//! A frame as indices of a palette.
//!
//! A pixel whose colour is the same as in the frame before keeps its index and passes no error on, so
//! that what stands still does not shimmer, whatever moves beside it.

use vid_timeline::Dither;

use super::palette::Palette;

/// Most that the fixed pattern adds, in code values.
const MAX_REACH: i32 = 24;

/// Steps of the fixed pattern on either side of zero.
const PATTERN_STEPS: i32 = 63;

/// Most error that is passed on, in code values, where half the way between neighbours is less: more would
/// only smear colours that the palette does not have across whole areas.
const MAX_ERROR: i32 = 48;

/// Share of the error that goes on to a neighbour: columns to the right, rows down, share.
type Shares = &'static [(i32, usize, i32)];

/// Floyd and Steinberg's, in sixteenths.
const FLOYD_STEINBERG: Shares = &[(1, 0, 7), (-1, 1, 3), (0, 1, 5), (1, 1, 1)];

/// Sierra's of two rows, in sixteenths.
const SIERRA: Shares = &[(1, 0, 4), (2, 0, 3), (-2, 1, 1), (-1, 1, 2), (0, 1, 3), (1, 1, 2), (2, 1, 1)];

/// Maps the frames of a film, in order.
pub struct Mapper {
    palette: Palette,
    dither: Dither,
    width: usize,
    /// What the fixed pattern adds at most, in code values: half the way between neighbours.
    reach: i32,
    /// Most error that is passed on.
    max_error: i32,
    /// Colours and indices of the frame before.
    last: Option<(Vec<[u8; 4]>, Vec<u8>)>,
}

impl Mapper {
    /// For frames of that width.
    pub fn new(palette: Palette, dither: Dither, width: usize) -> Self {
        let half = (palette.spacing() / 2.0 + 0.5) as i32;
        let (reach, max_error) = (half.clamp(1, MAX_REACH), half.max(MAX_ERROR));
        Self { palette, dither, width, reach, max_error, last: None }
    }

    /// The indices of a frame given as red, green, blue and opacity; those of pixels that are not seen
    /// mean nothing.
    pub fn frame(&mut self, pixels: Vec<[u8; 4]>) -> &[u8] {
        let mut indices = vec![0; pixels.len()];
        match self.dither {
            Dither::None => self.plain(&pixels, &mut indices, |_, _| 0),
            Dither::Bayer => {
                let reach = self.reach;
                self.plain(&pixels, &mut indices, |x, y| pattern(x, y) * reach / PATTERN_STEPS);
            }
            Dither::FloydSteinberg => self.diffuse(&pixels, &mut indices, FLOYD_STEINBERG),
            Dither::Sierra => self.diffuse(&pixels, &mut indices, SIERRA),
        }
        &self.last.insert((pixels, indices)).1
    }

    fn plain(&mut self, pixels: &[[u8; 4]], indices: &mut [u8], added: impl Fn(usize, usize) -> i32) {
        for (at, (pixel, index)) in pixels.iter().zip(indices).enumerate() {
            let by = added(at % self.width, at / self.width);
            let shifted = |channel: u8| (i32::from(channel) + by).clamp(0, 255) as u8;
            *index = self.palette.nearest([pixel[0], pixel[1], pixel[2]].map(shifted));
        }
    }

    fn diffuse(&mut self, pixels: &[[u8; 4]], indices: &mut [u8], shares: Shares) {
        let most = self.max_error;
        // Two rows of errors in sixteenths, with room for neighbours beyond both edges.
        let room = 2;
        let mut errors = vec![vec![[0_i32; 3]; self.width + 2 * room]; 2];
        for (y, row) in pixels.chunks_exact(self.width).enumerate() {
            for (x, pixel) in row.iter().enumerate() {
                let at = y * self.width + x;
                if let Some((before, kept)) = &self.last
                    && before[at] == *pixel
                {
                    indices[at] = kept[at];
                    continue;
                }
                if pixel[3] < 128 {
                    continue;
                }
                let error = errors[0][x + room].map(|error| (error + 8) >> 4);
                let wanted: [i32; 3] =
                    std::array::from_fn(|i| (i32::from(pixel[i]) + error[i]).clamp(0, 255));
                let index = self.palette.nearest(wanted.map(|channel| channel as u8));
                indices[at] = index;
                let got = self.palette.colors()[usize::from(index)];
                let off: [i32; 3] =
                    std::array::from_fn(|i| (wanted[i] - i32::from(got[i])).clamp(-most, most));
                for (right, down, share) in shares {
                    let column = (x + room).saturating_add_signed(*right as isize);
                    if let Some(place) = errors[*down].get_mut(column) {
                        place.iter_mut().zip(off).for_each(|(sum, off)| *sum += off * share);
                    }
                }
            }
            errors.swap(0, 1);
            errors[1].fill([0; 3]);
        }
    }
}

/// The fixed pattern: Bayer's matrix of 8 by 8, around zero.
fn pattern(x: usize, y: usize) -> i32 {
    let mut value = 0;
    for bit in 0..3 {
        let (x, y) = (x >> bit & 1, y >> bit & 1);
        // The coarsest bit of the place decides the finest of the value.
        value |= ((x ^ y) << 1 | y) << (2 * (2 - bit));
    }
    2 * value as i32 - PATTERN_STEPS
}

#[cfg(test)]
mod tests {
    use super::super::palette::Histogram;
    use super::*;

    fn mapper(dither: Dither) -> Mapper {
        let mut histogram = Histogram::new();
        histogram.add([0; 3]);
        histogram.add([255; 3]);
        Mapper::new(histogram.palette(2), dither, 16)
    }

    #[test]
    fn errors_add_up_to_the_colour() {
        for dither in [Dither::FloydSteinberg, Dither::Sierra] {
            // An eighth of white: the errors of many pixels add up to one.
            let indices = mapper(dither).frame(vec![[32, 32, 32, 255]; 256]).to_vec();
            let white = indices.iter().filter(|index| **index == 1).count();
            assert!((24..=40).contains(&white), "{dither}: {white}");
        }
        assert!(mapper(Dither::None).frame(vec![[32, 32, 32, 255]; 256]).iter().all(|index| *index == 0));
    }

    #[test]
    fn what_stands_still_keeps_its_indices() {
        let mut mapper = mapper(Dither::Sierra);
        let mut pixels = vec![[32, 32, 32, 255]; 256];
        let first = mapper.frame(pixels.clone()).to_vec();
        pixels[3] = [255; 4];
        let second = mapper.frame(pixels);
        let changed = (0..256).filter(|at| first[*at] != second[*at]).count();
        assert!(changed <= 1);
    }

    #[test]
    fn the_pattern_has_every_step_once() {
        let mut steps: Vec<i32> = (0..64).map(|at| pattern(at % 8, at / 8)).collect();
        assert_eq!(steps.iter().sum::<i32>(), 0);
        steps.sort_unstable();
        assert_eq!((steps[0], steps[63]), (-PATTERN_STEPS, PATTERN_STEPS));
    }
}
