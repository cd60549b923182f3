//! Comparing pictures with kept ones, for tests.

use std::path::PathBuf;

use vid_timeline::Color;

use super::Pixmap;

/// A solid picture that things are shown on.
#[derive(Clone, PartialEq)]
pub(crate) struct Shown {
    pub width: u32,
    pub height: u32,
    /// Red, green, blue.
    pub pixels: Vec<u8>,
}

impl Shown {
    pub(crate) fn new(width: u32, height: u32, color: Color) -> Self {
        let pixels = [color.r, color.g, color.b].repeat(width as usize * height as usize);
        Self { width, height, pixels }
    }

    /// Puts a premultiplied picture on it, its first pixel at `x`, `y`.
    pub(crate) fn put(&mut self, pixmap: &Pixmap, x: i32, y: i32) {
        for row in 0..pixmap.height() {
            for (column, source) in pixmap.row(row).chunks_exact(4).enumerate() {
                let (x, y) = (i64::from(x) + column as i64, i64::from(y) + i64::from(row));
                if (0..i64::from(self.width)).contains(&x) && (0..i64::from(self.height)).contains(&y) {
                    let at = (y as usize * self.width as usize + x as usize) * 3;
                    for (below, source) in self.pixels[at..at + 3].iter_mut().zip(&source[..3]) {
                        let rest = super::pixmap::mul_255(*below, 255 - source_alpha(pixmap, row, column));
                        *below = source.saturating_add(rest);
                    }
                }
            }
        }
    }
}

fn source_alpha(pixmap: &Pixmap, row: u32, column: usize) -> u8 {
    pixmap.row(row)[column * 4 + 3]
}

/// Compares with `tests/goldens/NAME.png`. With `UPDATE_EXPECT=1` in the environment it is written
/// instead; when the two differ, the picture at hand is written to the temporary directory.
#[track_caller]
pub(crate) fn assert_golden(name: &str, shown: &Shown) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(format!("{name}.png"));
    let image = image::RgbImage::from_raw(shown.width, shown.height, shown.pixels.clone())
        .expect("three bytes a pixel");
    if std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1") {
        image.save(&path).expect("the folder of goldens can be written");
    }
    let size = std::fs::metadata(&path).map(|file| file.len()).unwrap_or(0);
    assert!(size <= 20 << 10, "{} has {size} bytes, more than 20 KiB", path.display());
    let kept = image::open(&path).map(image::DynamicImage::into_rgb8);
    if kept.as_ref().ok() != Some(&image) {
        let actual = std::env::temp_dir().join(format!("{name}.actual.png"));
        image.save(&actual).expect("the temporary directory can be written");
        panic!("the picture differs from {}; it is kept as {}", path.display(), actual.display());
    }
}
