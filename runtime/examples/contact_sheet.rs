//! Draws every transition, motion or effect at several moments with its name, on one picture each, or
//! prints how long a 1080p frame of each takes.
//!
//! ```sh
//! cargo run -p vid-runtime --example contact_sheet -- transitions transitions.png
//! cargo run -p vid-runtime --example contact_sheet -- motions motions.png
//! cargo run -p vid-runtime --example contact_sheet -- glyphs glyphs.png
//! cargo run -p vid-runtime --example contact_sheet -- effects effects.png
//! cargo run -p vid-runtime --example contact_sheet -- time transitions
//! ```

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use image::{Rgba, RgbaImage};
use vid_runtime::cpu::{CpuExecutor, SharedRasters};
use vid_runtime::scene::scene_from_timeline;
use vid_runtime::text::{TextBox, rasterize};
use vid_runtime::{Assets, FontLibrary, SegmentStore, StillRequest, frame_at};
use vid_timeline::{
    Background, Blending, Color, Container, ContainerKind, Content, Easing, Effect, EffectType, Element, Fit,
    FrameRate, Layer, Length, MediaSource, Motion, MotionScope, MotionType, Output, OutputFormat, Rational,
    Size, Style, Text, TextAlign, Time, TimeRange, Timeline, Transition, TransitionAudio, TransitionType,
};

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

/// Names with the film that shows each.
type Rows = Vec<(String, Timeline)>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["time", what] => time(rows(what, FULL)?),
        [what, file] => draw(rows(what, CELL)?, Path::new(file)),
        _ => Err("usage: contact_sheet (transitions|motions|glyphs|effects) FILE.png, or: time WHAT".into()),
    }
}

fn rows(what: &str, size: Size) -> Result<Rows> {
    let named = |name: &str, timeline| (name.to_owned(), timeline);
    Ok(match what {
        "transitions" => {
            TransitionType::ALL.iter().map(|kind| named(kind.name(), transition(*kind, size))).collect()
        }
        "inset" => {
            let inset = |kind: &TransitionType| {
                let mut film = transition(*kind, size);
                film.background.color = Color::rgb(40, 90, 60);
                for layer in film.elements.iter_mut().filter_map(|element| element.layer.as_mut()) {
                    layer.width = Length::Percent(Rational::integer(60)).into();
                    layer.height = Length::Percent(Rational::integer(60)).into();
                }
                named(kind.name(), film)
            };
            TransitionType::ALL.iter().map(inset).collect()
        }
        "motions" => {
            MotionType::ALL.iter().flat_map(|kind| motions(*kind, MotionScope::Element, size)).collect()
        }
        "glyphs" => {
            MotionType::ALL.iter().flat_map(|kind| motions(*kind, MotionScope::Character, size)).collect()
        }
        "effects" => EffectType::ALL.iter().map(|kind| named(kind.name(), effect(*kind, size))).collect(),
        other => return Err(format!("there is no sheet of {other}").into()),
    })
}

/// A film of one second with nothing in it.
fn film(size: Size) -> Timeline {
    let record_range = TimeRange::new(Time::ZERO, Time::new(1, 1));
    Timeline {
        name: "sheet".to_owned(),
        size,
        frame_rate: FrameRate::whole(100).unwrap_or(FrameRate::DEFAULT),
        duration: record_range.end,
        background: Background::default(),
        blending: Blending::Gamma,
        containers: vec![Container {
            kind: ContainerKind::Stack,
            name: None,
            parent: None,
            record_range,
            origin: None,
        }],
        elements: Vec::new(),
        transitions: Vec::new(),
        markers: Vec::new(),
        outputs: vec![Output::new(OutputFormat::Mp4)],
        metadata: Vec::new(),
        webhook_url: None,
        ingest_external: None,
    }
}

fn element(id: &str, content: Content, z_index: i64) -> Element {
    Element {
        id: id.to_owned(),
        name: None,
        track: None,
        record_range: TimeRange::new(Time::ZERO, Time::new(1, 1)),
        content,
        layer: Some(Layer { z_index, fit: Fit::Cover, ..Layer::default() }),
        sound: None,
        container: 0,
        origin: None,
    }
}

fn picture(id: &str, location: &str, z_index: i64) -> Element {
    element(id, Content::Image(MediaSource { location: location.to_owned(), natural: None }), z_index)
}

fn words(text: &str, size: Size) -> Text {
    let mut words = Text::new(text);
    words.font_family = "DejaVu Sans".to_owned();
    words.font_size = Rational::integer(i64::from(size.height) / 5);
    words
}

fn transition(kind: TransitionType, size: Size) -> Timeline {
    let mut film = film(size);
    film.elements = vec![picture("a", "warm.png", 0), picture("b", "cool.png", 1)];
    film.transitions = vec![Transition {
        kind,
        from: Some("a".to_owned()),
        to: Some("b".to_owned()),
        record_range: TimeRange::new(Time::ZERO, Time::new(1, 1)),
        audio: TransitionAudio::Cut,
        z_index: None,
        origin: None,
    }];
    film
}

/// The entrance, the exit and the loop of a motion, as far as it has them.
fn motions(kind: MotionType, scope: MotionScope, size: Size) -> Rows {
    let directions = kind.directions(scope);
    let forms = [
        (directions.entrance && !directions.repeats, false, "in"),
        (directions.exit, true, "out"),
        (directions.repeats, false, "loop"),
    ];
    let row = |reversed, form| {
        let mut film = film(size);
        let ground = picture("ground", "cool.png", 0);
        let mut moving = match scope {
            MotionScope::Element => picture("moving", "warm.png", 1),
            MotionScope::Character => element("moving", Content::Text(Box::new(words("Glyphs!", size))), 1),
        };
        if let Some(layer) = moving.layer.as_mut() {
            if scope == MotionScope::Element {
                layer.width = Length::Percent(Rational::integer(60)).into();
                layer.height = Length::Percent(Rational::integer(60)).into();
            }
            layer.motion = vec![Motion {
                kind,
                record_range: TimeRange::new(Time::ZERO, Time::new(1, 1)),
                easing: Easing::Linear,
                reversed,
                scope,
                delay: Time::ZERO,
                repeats: form == "loop",
            }];
        }
        film.elements = vec![ground, moving];
        (format!("{kind} {form}"), film)
    };
    forms.into_iter().filter(|form| form.0).map(|(_, reversed, form)| row(reversed, form)).collect()
}

fn effect(kind: EffectType, size: Size) -> Timeline {
    let mut film = film(size);
    let mut shown = picture("shown", "warm.png", 1);
    if let Some(layer) = shown.layer.as_mut() {
        layer.effects = vec![Effect { kind, intensity: Rational::integer(100), chroma_settings: None }];
    }
    film.elements = vec![picture("ground", "cool.png", 0), shown];
    film
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

#[expect(clippy::disallowed_methods, reason = "a stopwatch is what this command is")]
fn time(rows: Rows) -> Result<()> {
    let studio = Studio::new()?;
    for (name, film) in rows {
        let assets = studio.assets(&film)?;
        let scene = scene_from_timeline(&film, &assets, 0..100)?;
        let rasters = SharedRasters::default();
        let mut executor = CpuExecutor::new(vid_runtime::plan::frame_spec(&film), &assets, &rasters)?;
        executor.begin(&scene, 0);
        executor.frame(50)?;
        let start = Instant::now();
        for n in 0..N_TIMED {
            executor.frame(5 + n * 90 / N_TIMED)?;
        }
        let each = start.elapsed().as_secs_f64() * 1000.0 / N_TIMED as f64;
        println!("{name:30} {each:8.1} ms");
    }
    Ok(())
}

/// The picture without an opacity channel, as photographs come.
fn opaque(picture: &RgbaImage) -> image::RgbImage {
    image::DynamicImage::ImageRgba8(picture.clone()).into_rgb8()
}

/// A landscape at sunset with a green field, warm colours and an A.
fn warm(width: u32, height: u32) -> RgbaImage {
    let (w, h) = (f64::from(width), f64::from(height));
    RgbaImage::from_fn(width, height, |x, y| {
        let (u, v) = (f64::from(x) / w, f64::from(y) / h);
        let sun = ((u - 0.68) * w / h).hypot(v - 0.42);
        let ridge = 0.62 + 0.09 * triangle(u * 2.3 + 0.2) - 0.05 * triangle(u * 5.1);
        let hill = 0.76 + 0.05 * triangle(u * 1.4 + 0.6);
        let letter = (u - 0.2).abs() < 0.09 * (v - 0.15) / 0.35 + 0.012
            && (u - 0.2).abs() > 0.09 * (v - 0.15) / 0.35 - 0.016
            && (0.15..0.5).contains(&v)
            || ((0.37..0.41).contains(&v) && (u - 0.2).abs() < 0.06);
        let shade = |color: [f64; 3], light: f64| color.map(|c| (c * light).clamp(0.0, 255.0) as u8);
        let [r, g, b] = if letter {
            [250, 250, 245]
        } else if v > hill {
            let stripe = 0.85 + 0.15 * triangle(u * 30.0 - v * 40.0);
            shade([60.0, 150.0, 50.0], stripe)
        } else if v > ridge {
            shade([110.0, 60.0, 80.0], 0.7 + 0.5 * (v - ridge) / 0.2)
        } else if sun < 0.11 {
            [255, 236, 170]
        } else {
            let glow = (1.0 - sun).max(0.0);
            [
                (150.0 + 105.0 * glow) as u8,
                (70.0 + 110.0 * glow * v * 1.6).min(255.0) as u8,
                (90.0 + 40.0 * (1.0 - v)) as u8,
            ]
        };
        Rgba([r, g, b, 255])
    })
}

/// Blue water under a pale sky with a chequered buoy and a B-like pair of discs.
fn cool(width: u32, height: u32) -> RgbaImage {
    let (w, h) = (f64::from(width), f64::from(height));
    RgbaImage::from_fn(width, height, |x, y| {
        let (u, v) = (f64::from(x) / w, f64::from(y) / h);
        let disc = |cx: f64, cy: f64| ((u - cx) * w / h).hypot(v - cy);
        let ring = |cx: f64, cy: f64| (0.07..0.12).contains(&disc(cx, cy));
        let letter = (ring(0.5, 0.24) || ring(0.5, 0.42)) && u > 0.485
            || ((0.455..0.487).contains(&u) && (0.12..0.54).contains(&v));
        let [r, g, b] = if letter {
            [255, 255, 255]
        } else if disc(0.82, 0.66) < 0.13 {
            if ((u * 40.0) as u32 + (v * 24.0) as u32).is_multiple_of(2) {
                [220, 60, 40]
            } else {
                [240, 240, 240]
            }
        } else if v > 0.55 {
            let wave = triangle(u * 14.0 + v * 30.0) * 24.0;
            [(20.0 + wave) as u8, (80.0 + wave + 60.0 * (1.0 - v)) as u8, (150.0 + wave) as u8]
        } else {
            [(140.0 + 90.0 * v) as u8, (190.0 + 60.0 * v) as u8, 240]
        };
        Rgba([r, g, b, 255])
    })
}

/// Up and down between 0 and 1, once a unit.
fn triangle(t: f64) -> f64 {
    (2.0 * (t - t.floor()) - 1.0).abs()
}
