use vid_timeline::Color;

use super::*;
use crate::raster::color::{ColorSpec, YccMatrix, YccRange};
use crate::raster::golden::{Shown, assert_golden};
use crate::raster::pixmap::Pixmap;
use crate::raster::planes::{Plane, PlaneMut};

/// A frame that owns its planes, with some bytes of padding behind every row.
#[derive(Clone, PartialEq, Debug)]
struct Frame {
    width: u32,
    height: u32,
    data: [Vec<u8>; 3],
}

const PADDING: usize = 5;

impl Frame {
    fn new(width: u32, height: u32, mut sample: impl FnMut() -> u8) -> Self {
        let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
        let mut plane = |w: u32, h: u32| (0..(w as usize + PADDING) * h as usize).map(|_| sample()).collect();
        let data = [plane(width, height), plane(half_width, half_height), plane(half_width, half_height)];
        Self { width, height, data }
    }

    fn strides(&self) -> [usize; 3] {
        let half = self.width.div_ceil(2) as usize + PADDING;
        [self.width as usize + PADDING, half, half]
    }

    fn planes(&self) -> Planes<'_> {
        let mut strides = self.strides().into_iter();
        let planes = self.data.each_ref().map(|data| Plane { data, stride: strides.next().unwrap() });
        Planes::new(self.width, self.height, planes).unwrap()
    }

    fn planes_mut(&mut self) -> PlanesMut<'_> {
        let mut strides = self.strides().into_iter();
        let planes = self.data.each_mut().map(|data| PlaneMut { data, stride: strides.next().unwrap() });
        PlanesMut::new(self.width, self.height, planes).unwrap()
    }

    fn at(&self, plane: usize, x: usize, y: usize) -> u8 {
        self.data[plane][y * self.strides()[plane] + x]
    }
}

/// A small generator, so that a failure repeats.
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 24) as u8
    }

    fn pixmap(&mut self, width: u32, height: u32) -> Pixmap {
        let mut pixels: Vec<u8> = (0..width * height * 4).map(|_| self.next()).collect();
        for (index, pixel) in pixels.chunks_exact_mut(4).enumerate() {
            // Long clear and solid stretches, so that every kind of span occurs.
            match index / 24 % 3 {
                0 => pixel[3] = 0,
                1 => pixel[3] = 255,
                _ => {}
            }
        }
        Pixmap::from_straight(width, height, pixels).unwrap()
    }
}

/// The formula of [`blend`], sample by sample in wide integers.
fn reference_blend(frame: &mut Frame, layer: &PlanarLayer, opacity: Weight) {
    for plane in 0..3 {
        let (area, coverage) = match plane {
            0 => (layer.rect(), &layer.luma),
            _ => (layer.rect().chroma(), &layer.chroma),
        };
        let stride = frame.strides()[plane];
        let size = frame.planes_mut().size(plane);
        for y in area.y0.max(0)..area.y1.min(size.1 as i32) {
            for x in area.x0.max(0)..area.x1.min(size.0 as i32) {
                let (layer_x, layer_y) = ((x - area.x0) as usize, (y - area.y0) as usize);
                let weighted = i128::from(layer.weighted[plane][layer_y * area.width() as usize + layer_x]);
                let alpha = i128::from(coverage.alpha(layer_y)[layer_x]);
                let (share, whole) = (i128::from(opacity.parts()), 255 * 65_536);
                let dst = &mut frame.data[plane][y as usize * stride + x as usize];
                let sum = i128::from(*dst) * (whole - alpha * share) + weighted * share;
                *dst = u8::try_from((2 * sum + whole) / (2 * whole)).unwrap();
            }
        }
    }
}

#[test]
fn blending_is_the_stated_formula_everywhere() {
    let mut noise = Noise(1);
    for (x, y) in [(0, 0), (1, 0), (0, 1), (-3, -5), (37, 23), (60, 44), (61, -70), (200, 0)] {
        let layer = PlanarLayer::from_pixmap(&noise.pixmap(75, 41), x, y, ColorSpec::BT709).unwrap();
        for opacity in [Weight::ZERO, Weight(1), Weight(30_001), Weight(65_535), Weight::ONE] {
            let before = Frame::new(92, 62, || noise.next());
            let (mut ours, mut expected) = (before.clone(), before);
            blend(&mut ours.planes_mut(), &layer, opacity, Rows::Serial);
            reference_blend(&mut expected, &layer, opacity);
            assert_eq!(ours, expected, "at {x}, {y} with {opacity:?}");
        }
    }
}

#[test]
fn threads_change_no_byte() {
    let mut noise = Noise(2);
    let layer = PlanarLayer::from_pixmap(&noise.pixmap(90, 390), 3, 7, ColorSpec::BT709).unwrap();
    let (a, b) = (Frame::new(101, 401, || noise.next()), Frame::new(101, 401, || noise.next()));
    let (mut one, mut many) = (a.clone(), a.clone());
    for (frame, rows) in [(&mut one, Rows::Serial), (&mut many, Rows::Parallel)] {
        blend(&mut frame.planes_mut(), &layer, Weight(40_000), rows);
        mix_into(&mut frame.planes_mut(), &b.planes(), Weight(20_000), rows);
    }
    assert!(one == many && one != a);
    let (mut one, mut many) = (a.clone(), a.clone());
    mix(&mut one.planes_mut(), &a.planes(), &b.planes(), Weight(1_234), Rows::Serial);
    mix(&mut many.planes_mut(), &a.planes(), &b.planes(), Weight(1_234), Rows::Parallel);
    assert!(one == many && one != a);
}

/// R'G'B' of code values, not rounded and not cut.
fn rgb_from_ycc([y, cb, cr]: [f64; 3], spec: ColorSpec) -> [f64; 3] {
    let (kr, kb) = match spec.matrix {
        YccMatrix::Bt601 => (0.299, 0.114),
        YccMatrix::Bt709 => (0.2126, 0.0722),
    };
    let (y, cb, cr) = match spec.range {
        YccRange::Limited => ((y - 16.0) / 219.0, (cb - 128.0) / 224.0, (cr - 128.0) / 224.0),
        YccRange::Full => (y / 255.0, (cb - 128.0) / 255.0, (cr - 128.0) / 255.0),
    };
    let (r, b) = (y + 2.0 * (1.0 - kr) * cr, y + 2.0 * (1.0 - kb) * cb);
    [r, (y - kr * r - kb * b) / (1.0 - kr - kb), b].map(|channel| channel * 255.0)
}

#[test]
fn blending_planes_is_blending_colours() {
    let mut noise = Noise(3);
    for spec in
        [ColorSpec::BT709, ColorSpec::BT601, ColorSpec { matrix: YccMatrix::Bt709, range: YccRange::Full }]
    {
        for _ in 0..300 {
            let [r, g, b, a] = [(); 4].map(|()| noise.next());
            let below = Ycc::from_color(Color::rgb(noise.next(), noise.next(), noise.next()), spec);
            let pixmap = Pixmap::from_straight(4, 4, [r, g, b, a].repeat(16)).unwrap();
            let premultiplied = [0, 1, 2].map(|channel| f64::from(pixmap.pixels()[channel]));
            let layer = PlanarLayer::from_pixmap(&pixmap, 0, 0, spec).unwrap();
            let mut frame = Frame::new(4, 4, || 0);
            fill(&mut frame.planes_mut(), below);
            blend(&mut frame.planes_mut(), &layer, Weight::ONE, Rows::Serial);

            let below = rgb_from_ycc([below.y, below.cb, below.cr].map(f64::from), spec);
            let shown = rgb_from_ycc([0, 1, 2].map(|plane| f64::from(frame.at(plane, 1, 1))), spec);
            for channel in 0..3 {
                let exact = below[channel] * (1.0 - f64::from(a) / 255.0) + premultiplied[channel];
                let error = (exact - shown[channel]).abs();
                // Two channels share the rounding of luma and one chroma; full range ends at 255.5.
                let allowed = if spec.range == YccRange::Full { 2.5 } else { 2.0 };
                assert!(error <= allowed, "{spec:?} channel {channel}: {error}");
            }
        }
    }
}

#[test]
fn a_dissolve_is_the_stated_formula() {
    let all: Vec<u8> = (0..=255).collect();
    for weight in [Weight::ZERO, Weight(1), Weight(21_845), Weight(32_768), Weight(65_535), Weight::ONE] {
        for shift in 0..256 {
            let (mut ai, mut bi) = (0, shift);
            let count = |at: &mut usize| {
                *at += 1;
                all[*at % 256]
            };
            let a = Frame::new(16, 16, || count(&mut ai));
            let b = Frame::new(16, 16, || count(&mut bi));
            let (mut apart, mut in_place) = (a.clone(), a.clone());
            mix(&mut apart.planes_mut(), &a.planes(), &b.planes(), weight, Rows::Serial);
            mix_into(&mut in_place.planes_mut(), &b.planes(), weight, Rows::Serial);
            for (x, y) in (0..16).flat_map(|x| (0..16).map(move |y| (x, y))) {
                let (from, to) = (u64::from(a.at(0, x, y)), u64::from(b.at(0, x, y)));
                let parts = u64::from(weight.parts());
                let exact = (from * (65_536 - parts) + to * parts + 32_768) / 65_536;
                assert_eq!(u64::from(apart.at(0, x, y)), exact);
            }
            assert_eq!(apart, in_place);
        }
    }
}

#[test]
fn rectangles_are_filled_and_copied_on_the_chroma_grid_alone() {
    let color = Ycc { y: 9, cb: 8, cr: 7 };
    let mut frame = Frame::new(7, 5, || 1);
    fill_rect(&mut frame.planes_mut(), PixelRect { x0: 4, y0: 2, x1: 900, y1: 900 }, color).unwrap();
    assert_eq!([frame.at(0, 3, 4), frame.at(0, 4, 2), frame.at(1, 2, 1), frame.at(2, 1, 1)], [1, 9, 8, 1]);
    let odd = fill_rect(&mut frame.planes_mut(), PixelRect { x0: 0, y0: 0, x1: 3, y1: 2 }, color);
    assert_eq!(odd.unwrap_err().to_string(), "the rectangle 0..3 x 0..2 does not lie on even pixels");

    let mut noise = Noise(4);
    let small = Frame::new(4, 4, || noise.next());
    let mut frame = Frame::new(8, 6, || 0);
    copy_rect(&mut frame.planes_mut(), &small.planes(), -2, 4).unwrap();
    assert_eq!(frame.at(0, 0, 4), small.at(0, 2, 0));
    assert_eq!(frame.at(1, 0, 2), small.at(1, 1, 0));
    assert_eq!([frame.at(0, 2, 4), frame.at(0, 0, 3)], [0, 0]);
    assert!(copy_rect(&mut frame.planes_mut(), &small.planes(), 1, 0).is_err());
    assert!(copy_rect(&mut frame.planes_mut(), &small.planes(), 1 << 30, -(1 << 30)).is_ok());
}

#[test]
fn shares_are_rounded_and_cut() {
    let parts = |value| Weight::from_unit(value).parts();
    assert_eq!(
        [parts(0.5), parts(1.0), parts(7.0), parts(-1.0), parts(f64::NAN)],
        [32_768, 65_536, 65_536, 0, 0]
    );
}

#[test]
fn a_logo_at_an_odd_place_keeps_its_look() {
    // A disc with a soft edge, and a hole in it.
    let pixels = (0..45 * 45).flat_map(|at| {
        let (x, y) = (f64::from(at % 45) - 22.0, f64::from(at / 45) - 22.0);
        let distance = (x * x + y * y).sqrt();
        let alpha = ((22.0 - distance) * 40.0).clamp(0.0, 255.0) * f64::from(u8::from(distance > 8.0));
        [255, 90, 54, alpha as u8]
    });
    let logo = Pixmap::from_straight(45, 45, pixels.collect()).unwrap();
    let spec = ColorSpec::BT709;
    let mut frame = Frame::new(96, 64, || 0);
    fill(&mut frame.planes_mut(), Ycc::from_color(Color::rgb(16, 24, 64), spec));
    for (x, y, opacity) in [(1, 9, Weight::ONE), (51, 8, Weight(32_768))] {
        let layer = PlanarLayer::from_pixmap(&logo, x, y, spec).unwrap();
        blend(&mut frame.planes_mut(), &layer, opacity, Rows::Serial);
    }
    let mut shown = Shown::new(96, 64, Color::BLACK);
    for (at, pixel) in shown.pixels.chunks_exact_mut(3).enumerate() {
        let (x, y) = (at % 96, at / 96);
        let ycc = [frame.at(0, x, y), frame.at(1, x / 2, y / 2), frame.at(2, x / 2, y / 2)].map(f64::from);
        for (channel, value) in pixel.iter_mut().zip(rgb_from_ycc(ycc, spec)) {
            *channel = (value + 0.5) as u8;
        }
    }
    assert_golden("planar_logo", &shown);
}
