//! Prints how long the pixel kernels take, in milliseconds a call on one thread.
//!
//! `cargo run -p vid-runtime --example blend_speed`

use std::time::Instant;

use vid_runtime::raster::{
    Alpha, ColorSpec, PixelRect, Pixmap, PlanarLayer, Plane, PlaneMut, Planes, PlanesMut, Region, Rows,
    Weight, blend, mix, scale,
};

const WIDTH: u32 = 1920;
const HEIGHT: u32 = 1080;
const CALLS: u32 = 50;

/// The planes of one frame.
struct Frame([Vec<u8>; 3]);

impl Frame {
    fn new(value: u8) -> Self {
        let luma = (WIDTH * HEIGHT) as usize;
        Self([vec![value; luma], vec![value; luma / 4], vec![value; luma / 4]])
    }

    fn planes(&self) -> Planes<'_> {
        let [y, cb, cr] = self.0.each_ref();
        let plane = |data, stride| Plane { data, stride };
        let half = WIDTH as usize / 2;
        Planes::new(WIDTH, HEIGHT, [plane(y, WIDTH as usize), plane(cb, half), plane(cr, half)])
            .expect("the planes have the frame's size")
    }

    fn planes_mut(&mut self) -> PlanesMut<'_> {
        let [y, cb, cr] = self.0.each_mut();
        let plane = |data, stride| PlaneMut { data, stride };
        let half = WIDTH as usize / 2;
        PlanesMut::new(WIDTH, HEIGHT, [plane(y, WIDTH as usize), plane(cb, half), plane(cr, half)])
            .expect("the planes have the frame's size")
    }
}

#[expect(clippy::disallowed_methods, reason = "an example that measures time reads the clock")]
fn time(what: &str, mut call: impl FnMut()) {
    call();
    let start = Instant::now();
    (0..CALLS).for_each(|_| call());
    println!("{:>8.3} ms  {what}", start.elapsed().as_secs_f64() * 1000.0 / f64::from(CALLS));
}

fn pixmap(width: u32, height: u32, alpha: u8) -> Pixmap {
    let pixel = |index: u32| [index as u8, (index >> 3) as u8, (index >> 7) as u8, alpha];
    let pixels = (0..width * height).flat_map(pixel).collect();
    Pixmap::from_straight(width, height, pixels).expect("four bytes a pixel")
}

fn layer(pixmap: &Pixmap, x: i32, y: i32) -> PlanarLayer {
    PlanarLayer::from_pixmap(pixmap, x, y, ColorSpec::BT709).expect("smaller than the limit")
}

fn main() {
    let (mut dst, a, b) = (Frame::new(50), Frame::new(90), Frame::new(200));
    let translucent = layer(&pixmap(WIDTH, HEIGHT, 128), 0, 0);
    let solid = layer(&pixmap(WIDTH, HEIGHT, 255), 0, 0);
    let overlay = layer(&pixmap(800, 120, 200), 101, 333);
    let half = Weight::from_unit(0.5);
    let mut draw = |what: &str, layer: &PlanarLayer, opacity| {
        time(what, || blend(&mut dst.planes_mut(), layer, opacity, Rows::Serial));
    };
    draw("blend 1920x1080, translucent", &translucent, Weight::ONE);
    draw("blend 1920x1080, translucent, at half opacity", &translucent, half);
    draw("blend 1920x1080, solid", &solid, Weight::ONE);
    draw("blend 800x120", &overlay, Weight::ONE);
    draw("blend 800x120, at half opacity", &overlay, half);
    time("mix 1920x1080", || mix(&mut dst.planes_mut(), &a.planes(), &b.planes(), half, Rows::Serial));
    time("copy 1920x1080, for comparison", || {
        for (to, from) in dst.0.iter_mut().zip(&a.0) {
            to.copy_from_slice(from);
        }
    });
    let picture = vec![100; 640 * 360];
    let planes = [Plane { data: &picture, stride: 640 }; 3];
    time("layer of 640x360 planes at an odd place", || {
        let rect = PixelRect::at(1201, 603, 640, 360);
        let layer = PlanarLayer::from_yuv444(rect, planes, Alpha::Constant(255), ColorSpec::BT709);
        blend(&mut dst.planes_mut(), &layer.expect("the planes have the size"), Weight::ONE, Rows::Serial);
    });
    let photo = pixmap(4000, 3000, 255);
    time("scale 4000x3000 to 1920x1440", || {
        scale(&photo, Region::WHOLE, 1920, 1440).expect("within the limits");
    });
    let still = pixmap(WIDTH, HEIGHT, 255);
    time("layer of a 1920x1080 still", || drop(layer(&still, 0, 0)));
}
