use std::io::Cursor;

use image::{ImageBuffer, Rgb, RgbaImage};
use proptest::prelude::*;

use super::*;

/// Nine by six pixels: red left, blue right, the last row half clear.
fn picture() -> RgbaImage {
    RgbaImage::from_fn(9, 6, |x, y| {
        let alpha = if y == 5 { 128 } else { 255 };
        if x < 5 { image::Rgba([200, 0, 0, alpha]) } else { image::Rgba([0, 0, 200, alpha]) }
    })
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let image = DynamicImage::ImageRgba8(picture());
    let image = if format == ImageFormat::Jpeg { DynamicImage::ImageRgb8(image.into_rgb8()) } else { image };
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

const FORMATS: [ImageFormat; 6] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::WebP,
    ImageFormat::Gif,
    ImageFormat::Tiff,
    ImageFormat::Bmp,
];

#[test]
fn every_format_is_told_by_its_content() {
    for format in FORMATS {
        let still = decode_still(&encoded(format)).unwrap();
        assert_eq!((still.width(), still.height()), (9, 6), "{format:?}");
        let near = |value: u8, wanted: u8| value.abs_diff(wanted) < 40;
        let first = &still.row(0)[..4];
        assert!(near(first[0], 200) && near(first[2], 0) && first[3] == 255, "{format:?}: {first:?}");
        assert_eq!(still.is_opaque(), matches!(format, ImageFormat::Jpeg | ImageFormat::Gif), "{format:?}");
    }
    assert_eq!(decode_still(&encoded(ImageFormat::Png)).unwrap().row(5)[..4], [100, 0, 0, 128]);
}

#[test]
fn a_picture_cut_short_is_told_from_a_damaged_one() {
    for format in FORMATS {
        let bytes = encoded(format);
        for kept in [bytes.len() * 3 / 4, bytes.len() / 2, 24] {
            let problem = decode_still(&bytes[..kept]).unwrap_err();
            assert!(
                matches!(problem, StillProblem::Truncated | StillProblem::Damaged { .. }),
                "{format:?} {kept}: {problem}"
            );
        }
    }
    let jpeg = encoded(ImageFormat::Jpeg);
    let message = decode_still(&jpeg[..jpeg.len() - 8]).unwrap_err().to_string();
    assert_eq!(message, "is cut short: the image data end early");
}

#[test]
fn what_is_no_picture_is_said_so() {
    assert_eq!(decode_still(b"").unwrap_err().to_string(), "is empty (0 bytes)");
    assert_eq!(
        decode_still(b"hello, world, this is text").unwrap_err().to_string(),
        "is not an image; png, jpeg, webp, gif, tiff and bmp are read"
    );
    let ico = [0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0, 0, 0, 0, 0];
    assert!(matches!(decode_still(&ico).unwrap_err(), StillProblem::Unsupported { .. }));
    let missing = load_still(Path::new("no/such/logo.png")).unwrap_err().to_string();
    assert!(missing.starts_with("`no/such/logo.png` cannot be read: "), "{missing}");
}

#[test]
fn size_is_checked_before_pixels_are_decoded() {
    let mut png = encoded(ImageFormat::Png);
    // Width and height of the header, and the checksum over them.
    png[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    png[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let checksum = png[12..29].iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    });
    png[29..33].copy_from_slice(&(!checksum).to_be_bytes());
    assert_eq!(
        decode_still(&png).unwrap_err().to_string(),
        "is 60000x60000, more than the limit of 33177600 pixels and 16384 a side"
    );
}

#[test]
fn exif_orientation_turns_the_picture_upright() {
    let mut jpeg = encoded(ImageFormat::Jpeg);
    // A TIFF directory with the one entry "orientation: rotate by 90° clockwise".
    let entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0];
    let exif = [b"Exif\0\0MM\0*\0\0\0\x08\0\x01".as_slice(), &entry, &[0; 4]].concat();
    let segment = [&[0xff, 0xe1, 0, exif.len() as u8 + 2], exif.as_slice()].concat();
    jpeg.splice(2..2, segment);
    let still = decode_still(&jpeg).unwrap();
    assert_eq!((still.width(), still.height()), (6, 9));
    let (top, bottom) = (&still.row(0)[..4], &still.row(8)[..4]);
    assert!(top[0] > 150 && bottom[2] > 150, "red was left, so it is now above: {top:?} {bottom:?}");
}

#[test]
fn sixteen_bits_are_rounded_to_eight() {
    let deep: ImageBuffer<Rgb<u16>, Vec<u16>> = ImageBuffer::from_pixel(2, 2, Rgb([65_535, 32_768 + 128, 0]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb16(deep).write_to(&mut bytes, ImageFormat::Png).unwrap();
    assert_eq!(decode_still(bytes.get_ref()).unwrap().row(0)[..4], [255, 128, 0, 255]);
}

#[test]
fn scaling_keeps_solid_pictures_solid_and_colours_below_alpha() {
    let source = decode_still(&encoded(ImageFormat::Jpeg)).unwrap();
    for (width, height) in [(4, 3), (90, 60), (9, 60), (1, 1), (1000, 7)] {
        let scaled = scale(&source, Region::WHOLE, width, height).unwrap();
        assert_eq!((scaled.width(), scaled.height()), (width, height));
        assert!(scaled.is_opaque(), "{width}x{height}");
    }
    let translucent = decode_still(&encoded(ImageFormat::Png)).unwrap();
    let scaled = scale(&translucent, Region::WHOLE, 50, 70).unwrap();
    assert!(!scaled.is_opaque());
    assert!(scaled.pixels().chunks_exact(4).all(|pixel| pixel[..3].iter().all(|value| *value <= pixel[3])));
    assert_eq!(scale(&source, Region::WHOLE, 9, 6).unwrap(), source);
}

#[test]
fn a_region_is_cut_out() {
    let source = decode_still(&encoded(ImageFormat::Png)).unwrap();
    let blue = Region { left: 7.0 / 9.0, top: 0.0, right: 1.0, bottom: 0.5 };
    let scaled = scale(&source, blue, 8, 8).unwrap();
    assert_eq!(scaled.row(4)[16..20], [0, 0, 200, 255]);
    let nothing = Region { left: 1.0, ..Region::WHOLE };
    assert_eq!(scale(&source, nothing, 8, 8).unwrap_err(), ScaleError::EmptyRegion);
    let outside = Region { right: f64::NAN, ..Region::WHOLE };
    assert_eq!(scale(&source, outside, 8, 8).unwrap_err(), ScaleError::EmptyRegion);
    assert!(matches!(scale(&source, Region::WHOLE, 20_000, 1), Err(ScaleError::TooLarge { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_is_an_answer(format in 0..FORMATS.len(), damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = encoded(FORMATS[format]);
        for (at, value) in damage {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(still) = decode_still(&bytes) {
            prop_assert!(u64::from(still.width()) * u64::from(still.height()) <= MAX_PIXELS);
        }
    }
}
