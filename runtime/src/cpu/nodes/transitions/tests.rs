//! Every kind begins with the first picture, ends with the second, and stays inside the range.

use super::*;
use crate::graph::mixes;

const SIZE: Size = Size { width: 48, height: 28 };

fn pixmap(color: [u8; 4]) -> Pixmap {
    let pixels = color.repeat(SIZE.width as usize * SIZE.height as usize);
    Pixmap::from_premultiplied(SIZE.width, SIZE.height, pixels).unwrap()
}

/// Diagonal stripes, so that every shift shows.
fn stripes(red: u8) -> Pixmap {
    let pixel = |x: u32, y: u32| [red, ((x * 5 + y * 3) % 256) as u8, (y * 9) as u8, 255];
    let pixels = (0..SIZE.height).flat_map(|y| (0..SIZE.width).flat_map(move |x| pixel(x, y))).collect();
    Pixmap::from_premultiplied(SIZE.width, SIZE.height, pixels).unwrap()
}

fn reshaped(kind: TransitionType, from: &Pixmap, to: &Pixmap, p: f32) -> Vec<u8> {
    let (from, to) = (Picture::of(from).unwrap(), Picture::of(to).unwrap());
    pixels(kind, (from, to), (SIZE.width, SIZE.height), p)
}

fn reshaping() -> impl Iterator<Item = TransitionType> {
    TransitionType::ALL.iter().copied().filter(|kind| !mixes(*kind))
}

#[test]
fn masks_begin_empty_and_end_full() {
    for kind in TransitionType::ALL.iter().copied().filter(|kind| mixes(*kind)) {
        let shares = |p: f32| {
            let mut row = vec![0; SIZE.width as usize];
            let mask = mask(kind, p, SIZE)?;
            let rows = (0..SIZE.height).flat_map(|y| {
                mask.row(y, &mut row);
                row.clone()
            });
            Some(rows.map(u64::from).sum::<u64>() as f64 / f64::from(SIZE.width * SIZE.height) / 32_768.0)
        };
        let Some(first) = shares(0.0) else {
            assert_eq!(kind, TransitionType::CrossDissolve);
            continue;
        };
        let rest: Vec<f64> = [0.25, 0.5, 0.75, 1.0].map(|p| shares(p).unwrap()).to_vec();
        assert!(first < 0.02 && rest[3] > 0.97, "{kind}: {first} {rest:?}");
        let all = [&[first], rest.as_slice()].concat();
        assert!(all.is_sorted() && rest[1] > 0.1 && rest[1] < 0.9, "{kind}: {all:?}");
    }
}

#[test]
fn reshaping_kinds_begin_and_end_with_their_pictures() {
    let (from, to) = (stripes(0), stripes(200));
    for kind in reshaping() {
        for (p, picture) in [(0.0, &from), (1.0, &to)] {
            let pixels = reshaped(kind, &from, &to, p);
            let off = pixels.iter().zip(picture.pixels()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
            assert!(off <= 2, "{kind} at {p}: off by {off}");
        }
    }
}

#[test]
fn solid_pictures_stay_solid_where_nothing_opens() {
    let (from, to) = (stripes(0), stripes(200));
    for kind in reshaping() {
        let opens = matches!(kind, TransitionType::Cube | TransitionType::Doorway);
        let holes = [0.02, 0.35, 0.5, 0.98].map(|p| {
            let pixels = reshaped(kind, &from, &to, p);
            pixels.chunks_exact(4).filter(|pixel| pixel[3] < 255).count()
        });
        assert_eq!(holes.iter().any(|n_holes| *n_holes > 0), opens, "{kind}: {holes:?}");
    }
}

#[test]
fn nothing_stays_nothing() {
    let clear = pixmap([0; 4]);
    for kind in reshaping() {
        for p in [0.2, 0.5, 0.7] {
            assert!(reshaped(kind, &clear, &clear, p).iter().all(|byte| *byte == 0), "{kind} at {p}");
        }
    }
}

#[test]
fn colours_stay_under_their_opacity() {
    let (from, to) = (pixmap([90, 10, 60, 100]), pixmap([0, 180, 20, 200]));
    for kind in reshaping() {
        for p in [0.15, 0.5, 0.9] {
            let over =
                reshaped(kind, &from, &to, p).chunks_exact(4).any(|p| p[..3].iter().any(|c| *c > p[3]));
            assert!(!over, "{kind} at {p}");
        }
    }
}

#[test]
fn dips_go_through_their_colour() {
    let (from, to) = (pixmap([200, 100, 0, 200]), pixmap([255; 4]));
    let first = |kind, p| reshaped(kind, &from, &to, p)[..4].to_vec();
    assert_eq!(first(TransitionType::DipToBlack, 0.25), [100, 50, 0, 228]);
    assert_eq!(first(TransitionType::DipToBlack, 0.5), [0, 0, 0, 255]);
    assert_eq!(first(TransitionType::DipToWhite, 0.25), [228, 178, 128, 228]);
    assert_eq!(first(TransitionType::DipToBlack, 0.75), [128, 128, 128, 255]);
}

#[test]
fn phases_follow_one_another() {
    let (from, to) = (pixmap([0, 0, 0, 255]), pixmap([255; 4]));
    let pixel = reshaped(TransitionType::ColorPhase, &from, &to, 0.5);
    assert!(pixel[0] > pixel[1] && pixel[1] > pixel[2], "{:?}", &pixel[..4]);
}

/// Painted on black and on white, a layer comes back.
#[test]
fn a_layer_is_told_from_its_two_backgrounds() {
    let spec = FrameSpec {
        width: 2,
        height: 1,
        format: PixelFormat::RGBA,
        color: crate::media::ColorDescription::UNSPECIFIED,
    };
    let frame = |bytes: [u8; 8]| {
        let mut frame = VideoFrame::allocate(&spec).unwrap();
        frame.planes_mut().unwrap()[0].row_mut(0).copy_from_slice(&bytes);
        frame
    };
    let black = frame([50, 40, 0, 255, 10, 20, 30, 255]);
    let white = frame([205, 195, 155, 255, 10, 20, 30, 255]);
    assert_eq!(matted(&black, &white).pixels(), [50, 40, 0, 100, 10, 20, 30, 255]);
}
