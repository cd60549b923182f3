//! Draws every transition, motion or effect at several moments with its name, on one picture each, or
//! prints how much processor time a 1080p frame of each takes, and a fingerprint of what it shows.
//!
//! ```sh
//! cargo run -p vid-runtime --example contact_sheet -- transitions transitions.png
//! cargo run -p vid-runtime --example contact_sheet -- motions motions.png
//! cargo run -p vid-runtime --example contact_sheet -- glyphs glyphs.png
//! cargo run -p vid-runtime --example contact_sheet -- effects effects.png
//! cargo run -p vid-runtime --example contact_sheet -- gallery docs
//! cargo run -p vid-runtime --example contact_sheet -- time transitions
//! ```
//!
//! `gallery` writes a picture or a strip of each, and the page that shows them all, into a folder.

mod films;
mod gallery;
mod pictures;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use image::{Rgba, RgbaImage};
use vid_runtime::clock::thread_time;
use vid_runtime::cpu::{CpuExecutor, SharedRasters};
use vid_runtime::scene::scene_from_timeline;
use vid_runtime::text::{TextBox, rasterize};
use vid_runtime::{Assets, FontLibrary, SegmentStore, StillRequest, frame_at};
use vid_timeline::{Rational, Size, Style, TextAlign, Time, Timeline};

use films::{Rows, rows, words};
use pictures::{cool, opaque, warm};

/// A cell of the sheet.
const CELL: Size = Size { width: 256, height: 144 };
/// Height of the line with the name.
const LABEL: u32 = 18;
/// Moments of a transition or motion that are shown, in hundredths of its progress.
const MOMENTS: [i64; 6] = [8, 25, 42, 58, 75, 92];
/// What a film that is timed shows.
const FULL: Size = Size { width: 1920, height: 1080 };
/// Frames that are timed.
const N_TIMED: i64 = 12;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["time", what] => time(rows(what, FULL)?),
        ["gallery", folder] => gallery::write(Path::new(folder)),
        [what, file] => draw(rows(what, CELL)?, Path::new(file)),
        _ => {
            let what = "transitions|motions|glyphs|effects|blends|words";
            Err(format!("usage: contact_sheet ({what}) FILE.png, or: time WHAT, or: gallery FOLDER").into())
        }
    }
}

/// Media, fonts and a store for one run.
struct Studio {
    folder: tempfile::TempDir,
    store: SegmentStore,
}

impl Studio {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        opaque(&warm(1280, 720)).save(folder.path().join("warm.png"))?;
        opaque(&cool(1280, 720)).save(folder.path().join("cool.png"))?;
        let store = SegmentStore::open(&folder.path().join("cache"))?;
        Ok(Self { folder, store })
    }

    fn fonts() -> FontLibrary {
        FontLibrary::with_data([dejavu::sans::regular().to_vec()])
    }

    fn assets(&self, timeline: &Timeline) -> Result<Assets> {
        let locate = |name: &str| -> std::result::Result<PathBuf, _> { Ok(self.folder.path().join(name)) };
        Ok(Assets::gather(timeline, Self::fonts(), self.store.index(), &locate)?)
    }
}

fn draw(rows: Rows, file: &Path) -> Result<()> {
    let studio = Studio::new()?;
    let columns = if rows.len() > 60 || rows.iter().any(|(_, film)| moves(film)) { 1 } else { 6 };
    let moments: &[i64] = if columns == 1 { &MOMENTS } else { &MOMENTS[2..3] };
    let n_lines = (rows.len() as u32).div_ceil(columns);
    let across = CELL.width + 4;
    let down = CELL.height + LABEL + 2;
    let mut sheet = RgbaImage::from_pixel(
        across * columns * moments.len() as u32,
        down * n_lines,
        Rgba([24, 24, 28, 255]),
    );
    for (n, (name, film)) in (0_u32..).zip(&rows) {
        let (column, line) = (n % columns, n / columns);
        let assets = studio.assets(film)?;
        label(&mut sheet, name, column * across * moments.len() as u32, line * down)?;
        for (m, moment) in (0_u32..).zip(moments) {
            let request = StillRequest { timeline: film, assets: &assets, time: Time::new(*moment, 100) };
            let pixmap = frame_at(&request).map_err(|error| format!("{name}: {error}"))?;
            let cell = RgbaImage::from_raw(pixmap.width(), pixmap.height(), pixmap.into_pixels());
            let cell = cell.ok_or("a frame of another size")?;
            let x = (column * moments.len() as u32 + m) * across;
            image::imageops::replace(&mut sheet, &cell, x.into(), (line * down + LABEL).into());
        }
    }
    sheet.save(file)?;
    Ok(())
}

/// Whether the film looks different at different moments.
fn moves(film: &Timeline) -> bool {
    let motions =
        film.elements.iter().filter_map(|element| element.layer.as_ref()).any(|l| !l.motion.is_empty());
    motions || !film.transitions.is_empty()
}

fn label(sheet: &mut RgbaImage, name: &str, x: u32, y: u32) -> Result<()> {
    let mut text = words(name, CELL);
    text.font_size = Rational::integer(13);
    text.text_align = TextAlign::Left;
    let area = TextBox { left: 4.0, top: 0.0, width: 240.0, height: LABEL.into(), canvas: CELL };
    let raster = rasterize(&Studio::fonts(), &text, &Style::default(), &area)?;
    let (left, top) = (i64::from(x) + i64::from(raster.rect.x0), i64::from(y) + i64::from(raster.rect.y0));
    let (width, height) = (raster.pixmap.width(), raster.pixmap.height());
    let letters =
        RgbaImage::from_raw(width, height, raster.pixmap.into_pixels()).ok_or("letters of another size")?;
    image::imageops::overlay(sheet, &letters, left, top);
    Ok(())
}

fn time(rows: Rows) -> Result<()> {
    let studio = Studio::new()?;
    for (name, film) in rows {
        let assets = studio.assets(&film)?;
        let scene = scene_from_timeline(&film, &assets, 0..100)?;
        let spec = vid_runtime::plan::frame_spec(&film);
        // With everything made anew, pictures decoded included; then with what is kept from frame to frame.
        let (mut rasters, mut anew) = (SharedRasters::default(), Duration::MAX);
        for _ in 0..3 {
            rasters = SharedRasters::default();
            let mut executor = CpuExecutor::new(spec, &assets, &rasters)?;
            executor.begin(&scene, 0);
            let start = thread_time();
            executor.frame(50)?;
            anew = anew.min(thread_time() - start);
        }
        let mut executor = CpuExecutor::new(spec, &assets, &rasters)?;
        executor.begin(&scene, 0);
        let mut taken = Duration::ZERO;
        let mut shown = blake3::Hasher::new();
        for n in 0..N_TIMED {
            let start = thread_time();
            let frame = executor.frame(5 + n * 90 / N_TIMED)?;
            taken += thread_time() - start;
            for plane in (0..frame.planes()).map(|index| frame.plane(index)) {
                (0..plane.rows).for_each(|y| {
                    shown.update(plane.row(y));
                });
            }
        }
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        let (each, anew) = (milliseconds(taken) / N_TIMED as f64, milliseconds(anew));
        let fingerprint = shown.finalize().to_hex();
        println!("{name:30} {each:8.1} ms {anew:8.1} ms anew  {}", &fingerprint[..8]);
    }
    Ok(())
}
