//! The gallery: a picture of everything, on one page.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use vid_runtime::{StillRequest, frame_at};
use vid_timeline::{Size, Time};

use crate::films::{Rows, rows};
use crate::pictures::opaque;
use crate::{Result, Studio};

/// A picture that stands alone, and one of a strip.
const ALONE: Size = Size { width: 224, height: 126 };
const IN_STRIP: Size = Size { width: 144, height: 80 };
/// Pixels between the pictures of a strip.
const GAP: u32 = 2;
/// Quality of the pictures, 1–100.
const QUALITY: u8 = 82;
/// Pictures of a row of the page.
const COLUMNS: usize = 4;

/// One part of the page.
struct Part {
    /// Folder of its pictures, and what the films are asked for as.
    what: &'static str,
    title: &'static str,
    about: &'static str,
    /// Hundredths of the second that are shown.
    moments: &'static [i64],
}

/// Moments that show a motion: at even tenths what swings five times passes through its place of rest.
const MOVING: [i64; 5] = [6, 20, 50, 80, 94];

const PARTS: [Part; 6] = [
    Part {
        what: "transitions",
        title: "Transitions",
        about: "`transition NAME for 1s` between two pictures of a sequence; what each does is told in \
                [transitions.md](transitions.md).",
        moments: &[10, 30, 50, 70, 90],
    },
    Part {
        what: "motions",
        title: "Motions",
        about: "`enter NAME for 1s`, `exit NAME for 1s` or `loop NAME`; what each does is told in \
                [motions.md](motions.md).",
        moments: &MOVING,
    },
    Part {
        what: "glyphs",
        title: "Motions of single letters",
        about: "The same on texts, letter by letter.",
        moments: &MOVING,
    },
    Part {
        what: "effects",
        title: "Effects",
        about: "`effect NAME 100%`; what each does is told in [effects.md](effects.md).",
        moments: &[42],
    },
    Part {
        what: "blends",
        title: "Blend modes",
        about: "`blend_mode: NAME` on the upper of two pictures; see [compositing.md](compositing.md).",
        moments: &[50],
    },
    Part {
        what: "words",
        title: "Words as they are spoken",
        about: "`word_style: NAME` on captions, 40 ms after the second of three words begins and later.",
        moments: &[10, 37, 45, 75, 95],
    },
];

/// Writes `gallery.md` and the folder `gallery` into `folder`.
///
/// # Errors
/// When something cannot be drawn or written.
pub fn write(folder: &Path) -> Result<()> {
    let mut page = String::from(
        "# Gallery\n\nOne picture of each preset of the catalogue, or a strip of five moments. `make gallery` draws \
         them anew.\nTitles, lower thirds, layouts, passages and captions of the library are in \
         [tests/std/pictures](../tests/std/pictures).\n",
    );
    let studio = Studio::new()?;
    for part in &PARTS {
        let pictures = folder.join("gallery").join(part.what);
        // What is not drawn any more must not stay.
        let _ = fs::remove_dir_all(&pictures);
        fs::create_dir_all(&pictures)?;
        write!(page, "\n## {}\n\n{}\n\n", part.title, part.about)?;
        let size = if part.moments.len() == 1 { ALONE } else { IN_STRIP };
        let films = rows(part.what, size)?;
        for (name, film) in &films {
            let assets = studio.assets(film)?;
            let width = part.moments.len() as u32 * (size.width + GAP) - GAP;
            let mut strip = RgbImage::from_pixel(width, size.height, image::Rgb([255; 3]));
            for (at, moment) in (0_u32..).zip(part.moments) {
                let request = StillRequest { timeline: film, assets: &assets, time: Time::new(*moment, 100) };
                let pixmap = frame_at(&request).map_err(|error| format!("{name}: {error}"))?;
                let cell = image::RgbaImage::from_raw(pixmap.width(), pixmap.height(), pixmap.into_pixels());
                let cell = opaque(&cell.ok_or("a frame of another size")?);
                image::imageops::replace(&mut strip, &cell, i64::from(at * (size.width + GAP)), 0);
            }
            let file = fs::File::create(pictures.join(file_of(name)))?;
            JpegEncoder::new_with_quality(file, QUALITY).encode_image(&strip)?;
        }
        table(&mut page, part, &films)?;
    }
    fs::write(folder.join("gallery.md"), page)?;
    Ok(())
}

fn table(page: &mut String, part: &Part, films: &Rows) -> Result<()> {
    let picture = |name: &str| format!("![{name}](gallery/{}/{})", part.what, file_of(name));
    if part.moments.len() > 1 {
        writeln!(page, "| | |\n|---|---|")?;
        for (name, _) in films {
            writeln!(page, "| `{name}` | {} |", picture(name))?;
        }
        return Ok(());
    }
    writeln!(page, "|{}\n|{}", " |".repeat(COLUMNS), "---|".repeat(COLUMNS))?;
    for row in films.chunks(COLUMNS) {
        let cells = row.iter().map(|(name, _)| format!("{}<br>`{name}`", picture(name)));
        let cells = cells.chain(std::iter::repeat(String::new())).take(COLUMNS);
        writeln!(page, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
    }
    Ok(())
}

fn file_of(name: &str) -> String {
    format!("{}.jpg", name.replace(' ', "-"))
}
