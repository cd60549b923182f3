//! Pictures of red, green and blue, and their files.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::Path;

/// A picture, a byte for each of red, green and blue.
#[derive(PartialEq)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Row by row.
    pub pixels: Vec<u8>,
}

impl Picture {
    /// A picture whose pixels are those of `color`.
    pub fn from_fn(width: u32, height: u32, color: impl Fn(u32, u32) -> [u8; 3]) -> Self {
        let color = &color;
        let pixels = (0..height).flat_map(|y| (0..width).flat_map(move |x| color(x, y))).collect();
        Self { width, height, pixels }
    }

    /// The picture in a PNG file of this form; `None` when there is none.
    pub fn read(path: &Path) -> Option<Self> {
        let mut reader = png::Decoder::new(BufReader::new(File::open(path).ok()?)).read_info().ok()?;
        let mut pixels = vec![0; reader.output_buffer_size()?];
        let info = reader.next_frame(&mut pixels).ok()?;
        let rgb = info.color_type == png::ColorType::Rgb && info.bit_depth == png::BitDepth::Eight;
        rgb.then_some(Self { width: info.width, height: info.height, pixels })
    }

    /// Writes it as a PNG file, with its folder.
    pub fn write(&self, path: &Path) {
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("the folder can be made");
        let file = File::create(path).expect("the file can be made");
        let mut encoder = png::Encoder::new(BufWriter::new(file), self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header().expect("the file can be written");
        writer.write_image_data(&self.pixels).expect("the file can be written");
    }
}
