//! Small pictures of frames, for editors: a PNG that keeps to a number of pixels and bytes.

use vid_lsp::Room;
use vid_runtime::raster::Pixmap;

/// Ways to make a picture take fewer bytes, the best first: hundredths of the side, and colours.
const WAYS: [(u32, Colors); 6] = [
    (100, Colors::All),
    (100, Colors::Palette(256)),
    (100, Colors::Palette(64)),
    (75, Colors::Palette(64)),
    (50, Colors::Palette(64)),
    (25, Colors::Palette(16)),
];

/// The colours of a picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Colors {
    /// Those that it has.
    All,
    /// At most so many; up to 256.
    Palette(usize),
}

/// A picture of eight-bit R′G′B′.
struct Rgb {
    width: u32,
    height: u32,
    pixels: Vec<[u8; 3]>,
}

/// A PNG of an opaque frame that keeps to `room`; `None` when none is small enough.
pub fn thumbnail(frame: &Pixmap, room: Room) -> Option<Vec<u8>> {
    let (width, height) = fitted((frame.width(), frame.height()), (room.width, room.height));
    WAYS.iter().find_map(|(part, colors)| {
        let side = |full: u32| (full * part / 100).max(1);
        let small = shrunk(frame, side(width), side(height));
        encoded(&small, *colors).ok().filter(|bytes| bytes.len() <= room.bytes)
    })
}

/// The largest size of the same shape that is neither larger than the room nor than the frame.
fn fitted(frame: (u32, u32), room: (u32, u32)) -> (u32, u32) {
    let (width, height) = (u64::from(frame.0.max(1)), u64::from(frame.1.max(1)));
    let (most_wide, most_high) = (u64::from(room.0).min(width), u64::from(room.1).min(height));
    let is_wide = width * most_high >= height * most_wide;
    let (wide, high) = match is_wide {
        true => (most_wide, most_wide * height / width),
        false => (most_high * width / height, most_high),
    };
    let side = |value: u64| u32::try_from(value.max(1)).unwrap_or(u32::MAX);
    (side(wide), side(high))
}

/// The frame at another size: each pixel is the mean of those it covers.
fn shrunk(frame: &Pixmap, width: u32, height: u32) -> Rgb {
    let (wide, high) = (frame.width() as usize, frame.height() as usize);
    let (columns, rows) = (width as usize, height as usize);
    let span = |at: usize, of: usize, parts: usize| {
        let start = at * of / parts;
        start..((at + 1) * of / parts).max(start + 1).min(of)
    };
    let source = frame.pixels();
    let mut pixels = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            let (mut sums, mut count) = ([0_u64; 3], 0_u64);
            for y in span(row, high, rows) {
                for x in span(column, wide, columns) {
                    let at = (y * wide + x) * 4;
                    let Some(pixel) = source.get(at..at + 3) else { continue };
                    sums.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += u64::from(*value));
                    count += 1;
                }
            }
            pixels.push(sums.map(|sum| u8::try_from((sum + count / 2) / count.max(1)).unwrap_or(u8::MAX)));
        }
    }
    Rgb { width, height, pixels }
}

fn encoded(picture: &Rgb, colors: Colors) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width, picture.height);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let data = match colors {
        Colors::All => {
            encoder.set_color(png::ColorType::Rgb);
            picture.pixels.concat()
        }
        Colors::Palette(most) => {
            let (palette, indices) = reduced(&picture.pixels, most);
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(palette.concat());
            // Neighbouring indices have nothing to do with each other.
            encoder.set_filter(png::Filter::NoFilter);
            indices
        }
    };
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(bytes)
}

/// Colours that are alike: five bits of each channel.
#[derive(Clone, Copy)]
struct Bin {
    id: usize,
    count: u64,
    sums: [u64; 3],
}

impl Bin {
    fn channel(&self, channel: usize) -> usize {
        self.id >> (10 - 5 * channel) & 31
    }
}

/// At most `most` colours for a picture, and which of them each pixel has: the colours are halved where
/// they are farthest apart, at the median, until there are enough parts.
fn reduced(pixels: &[[u8; 3]], most: usize) -> (Vec<[u8; 3]>, Vec<u8>) {
    let id = |pixel: &[u8; 3]| pixel.iter().fold(0, |id, value| id << 5 | usize::from(value >> 3));
    let mut bins: Vec<Bin> = (0..1 << 15).map(|id| Bin { id, count: 0, sums: [0; 3] }).collect();
    for pixel in pixels {
        let bin = &mut bins[id(pixel)];
        bin.count += 1;
        bin.sums.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += u64::from(*value));
    }
    bins.retain(|bin| bin.count > 0);
    let mut parts = vec![bins];
    while parts.len() < most.min(256) {
        // What is seen most and differs most is split first.
        let weight = |part: &Vec<Bin>| {
            let count: u64 = part.iter().map(|bin| bin.count).sum();
            count * widest(part).1 as u64
        };
        let Some(at) = (0..parts.len()).max_by_key(|at| weight(&parts[*at])) else { break };
        if widest(&parts[at]).1 == 0 {
            break;
        }
        let part = parts.swap_remove(at);
        let (low, high) = halves(part);
        parts.extend([low, high]);
    }
    let mut index_of = vec![0_u8; 1 << 15];
    let mut palette = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        let count: u64 = part.iter().map(|bin| bin.count).sum();
        let mean = |channel: usize| {
            let sum: u64 = part.iter().map(|bin| bin.sums[channel]).sum();
            u8::try_from((sum + count / 2) / count.max(1)).unwrap_or(u8::MAX)
        };
        palette.push([mean(0), mean(1), mean(2)]);
        part.iter().for_each(|bin| index_of[bin.id] = u8::try_from(index).unwrap_or(u8::MAX));
    }
    let indices = pixels.iter().map(|pixel| index_of[id(pixel)]).collect();
    (palette, indices)
}

/// The channel in which some colours are farthest apart, and how far.
fn widest(part: &[Bin]) -> (usize, usize) {
    let width = |channel: usize| {
        let values = part.iter().map(|bin| bin.channel(channel));
        values.clone().max().unwrap_or_default() - values.min().unwrap_or_default()
    };
    (0..3).map(|channel| (channel, width(channel))).max_by_key(|(_, width)| *width).unwrap_or_default()
}

/// The colours in two parts of about as many pixels; both have some.
fn halves(mut part: Vec<Bin>) -> (Vec<Bin>, Vec<Bin>) {
    let (channel, _) = widest(&part);
    part.sort_by_key(|bin| (bin.channel(channel), bin.id));
    let half = part.iter().map(|bin| bin.count).sum::<u64>() / 2;
    let mut seen = 0;
    let below = part.iter().take_while(|bin| {
        seen += bin.count;
        seen <= half
    });
    let middle = below.count().clamp(1, part.len() - 1);
    let high = part.split_off(middle);
    (part, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room { width: 320, height: 180, bytes: 30 * 1024 };

    fn pixmap(width: u32, height: u32, color: impl Fn(u32, u32) -> [u8; 3]) -> Pixmap {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let bytes = pixels.flat_map(|(x, y)| {
            let [r, g, b] = color(x, y);
            [r, g, b, 255]
        });
        Pixmap::from_premultiplied(width, height, bytes.collect()).unwrap()
    }

    fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        (reader.info().width, reader.info().height, pixels)
    }

    #[test]
    fn what_is_simple_stays_as_it_is() {
        let frame = pixmap(640, 360, |x, _| if x < 320 { [255, 90, 54] } else { [0, 0, 0] });
        let (width, height, pixels) = decoded(&thumbnail(&frame, ROOM).unwrap());
        assert_eq!((width, height), (320, 180));
        assert_eq!((&pixels[..3], &pixels[pixels.len() - 3..]), (&[255, 90, 54][..], &[0, 0, 0][..]));
    }

    #[test]
    fn what_is_not_simple_still_fits() {
        // Noise is the worst there is.
        let noise = |x: u32, y: u32| {
            let value = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(2_246_822_519);
            let [r, g, b, _] = (value ^ value >> 13).to_be_bytes();
            [r, g, b]
        };
        let bytes = thumbnail(&pixmap(320, 180, noise), ROOM).unwrap();
        assert!(bytes.len() <= ROOM.bytes, "{}", bytes.len());
        let (width, ..) = decoded(&bytes);
        assert!(width >= 80, "{width}");
        assert_eq!(thumbnail(&pixmap(320, 180, noise), Room { bytes: 10, ..ROOM }), None);
    }

    #[test]
    fn shapes_are_kept() {
        assert_eq!(fitted((1920, 1080), (320, 180)), (320, 180));
        assert_eq!(fitted((1080, 1920), (320, 180)), (101, 180));
        assert_eq!(fitted((100, 50), (320, 180)), (100, 50));
        assert_eq!(fitted((10_000, 10), (320, 180)), (320, 1));
    }

    #[test]
    fn few_colours_are_the_right_ones() {
        let colors = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];
        let pixels: Vec<[u8; 3]> = (0..400).map(|at| colors[at % 4]).collect();
        let (palette, indices) = reduced(&pixels, 16);
        let back: Vec<[u8; 3]> = indices.iter().map(|index| palette[usize::from(*index)]).collect();
        assert_eq!(back, pixels);
        assert_eq!(reduced(&pixels, 2).0.len(), 2);
    }
}
