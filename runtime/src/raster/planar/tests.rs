use super::*;

fn solid_pixmap(width: u32, height: u32, pixel: [u8; 4]) -> Pixmap {
    Pixmap::from_straight(width, height, pixel.repeat((width * height) as usize)).unwrap()
}

#[test]
fn chroma_at_odd_edges_is_covered_in_part() {
    let white = solid_pixmap(3, 3, [255; 4]);
    let layer = PlanarLayer::from_pixmap(&white, 1, -1, ColorSpec::BT709).unwrap();
    assert_eq!(layer.rect().chroma(), PixelRect { x0: 0, y0: -1, x1: 2, y1: 1 });
    // The rectangle is columns 1–3 and rows −1–1: its first column and first row are odd.
    assert_eq!((layer.chroma.alpha(0), layer.chroma.alpha(1)), ([64, 128].as_slice(), [128, 255].as_slice()));
    assert_eq!(layer.weighted[1], [64 * 128, 128 * 128, 128 * 128, 255 * 128]);
    assert_eq!(layer.weighted[0], [255 * 235; 9]);
    assert!(!layer.is_opaque());
}

#[test]
fn a_solid_picture_on_the_grid_is_opaque() {
    let layer =
        PlanarLayer::from_pixmap(&solid_pixmap(4, 2, [0, 0, 255, 255]), 2, 4, ColorSpec::BT709).unwrap();
    assert!(layer.is_opaque());
    assert_eq!(layer.weighted[1], [255 * 240; 2]);
    let moved = layer.translated(-4, 2).unwrap();
    assert_eq!(moved.rect(), PixelRect { x0: -2, y0: 6, x1: 2, y1: 8 });
    assert!(moved.translated(1, 0).is_none());
}

#[test]
fn clear_pixels_do_not_colour_their_block() {
    // One red pixel beside three clear ones.
    let mut pixels = vec![0; 16];
    pixels[..4].copy_from_slice(&[255, 0, 0, 255]);
    let pixmap = Pixmap::from_straight(2, 2, pixels).unwrap();
    let layer = PlanarLayer::from_pixmap(&pixmap, 0, 0, ColorSpec::BT709).unwrap();
    assert_eq!(layer.chroma.alpha(0), [64]);
    // Red's Cr is 240.
    let expected = 240 * 64;
    assert!(i32::from(layer.weighted[2][0]).abs_diff(expected) <= 1);
}

#[test]
fn planes_without_and_with_opacity() {
    let (y, cb, cr) = ([10, 20, 30, 40, 0], [100, 110, 120, 130, 0], [90; 5]);
    let planes = [&y, &cb, &cr].map(|data| Plane { data: data.as_slice(), stride: 3 });
    let rect = PixelRect::at(1, 0, 2, 2);
    let whole = PlanarLayer::from_yuv444(rect, planes, Alpha::Constant(255), ColorSpec::BT709).unwrap();
    assert_eq!(whole.weighted[0], [10, 20, 40, 0].map(|sample| sample * 255));
    assert_eq!(whole.chroma.alpha(0), [128, 128]);
    // The means of 100 and 130, and of 110 and 0.
    assert_eq!(whole.weighted[1], [115 * 128, 55 * 128]);

    let alpha = [0, 255, 0, 51, 0];
    let alpha = Alpha::Plane(Plane { data: &alpha, stride: 3 });
    let part = PlanarLayer::from_yuv444(rect, planes, alpha, ColorSpec::BT709).unwrap();
    assert_eq!(part.weighted[0], [0, 20 * 255, 40 * 51, 0]);
    assert_eq!(part.chroma.alpha(0), [13, 64]);
    let short = Alpha::Plane(Plane { data: &[1; 4], stride: 3 });
    assert!(PlanarLayer::from_yuv444(rect, planes, short, ColorSpec::BT709).is_none());
}

#[test]
fn solid_rectangles_take_the_exact_colour() {
    let color = Color { r: 0, g: 0, b: 255, a: 128 };
    let layer = PlanarLayer::solid(PixelRect::at(0, 0, 2, 2), color, ColorSpec::BT709).unwrap();
    assert_eq!((layer.weighted[0][0], layer.weighted[1][0]), (32 * 128, 240 * 128));
    assert!(PlanarLayer::solid(PixelRect::at(0, 0, 1 << 14, 1 << 14), color, ColorSpec::BT709).is_none());
    let none = PlanarLayer::solid(PixelRect::at(5, 5, 0, 9), color, ColorSpec::BT709).unwrap();
    assert!(none.is_clear() && none.rect().is_empty());
}
