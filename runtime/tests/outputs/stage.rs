//! Renders a film to an output and asks other programs about the file.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;

use vid_runtime::{
    CancelToken, Executor, Progress, RenderError, RenderReport, RenderRequest, SegmentStore, Silent, Verify,
    render,
};
use vid_timeline::{
    Color, Content, Element, Geometry, Layer, Length, Output, Paint, Rational, Shape, Time, TimeRange,
};

use crate::film::Film;

/// Renders the film's only output to `output`'s format, in a store of that name.
pub fn render_in(
    film: &mut Film,
    output: &Output,
    store: &str,
    workers: usize,
    (progress, cancel): (&dyn Progress, &CancelToken),
) -> Result<(PathBuf, RenderReport), RenderError> {
    film.timeline.outputs = vec![output.clone()];
    let destination = film.folder().join(format!("{store}.{}", output.format));
    let store = SegmentStore::open(&film.folder().join(store)).unwrap();
    let report = render(&RenderRequest {
        timeline: &film.timeline,
        assets: &film.assets(),
        executor: &Executor::Cpu,
        output: 0,
        window: None,
        verify: Verify::Trust,
        destination: &destination,
        store: &store,
        workers: NonZeroUsize::new(workers),
        progress,
        cancel,
    })?;
    Ok((destination, report))
}

/// The file of a render that nobody watches.
pub fn rendered(film: &mut Film, output: &Output, store: &str) -> PathBuf {
    render_in(film, output, store, 1, (&Silent, &CancelToken::default())).unwrap().0
}

fn tool(program: &str, arguments: &[&str], file: &Path, rest: &[&str]) -> Vec<u8> {
    let output =
        Command::new(program).args(["-v", "error"]).args(arguments).arg(file).args(rest).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?} {}: {said}", file.display());
    output.stdout
}

/// What `ffprobe` says of a file, one stream a line.
pub fn probed(file: &Path, entries: &str) -> String {
    let arguments = ["-count_frames", "-show_entries", entries, "-of", "csv=p=0"];
    let text = String::from_utf8(tool("ffprobe", &arguments, file, &[])).unwrap();
    text.lines()
        .map(|line| line.trim_end_matches(','))
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Bytes of the frames in a pixel format, as FFmpeg's tool decodes them; `decoder` is what comes before
/// the file.
pub fn decoded(file: &Path, decoder: &[&str], format: &str) -> Vec<u8> {
    let arguments = [decoder, &["-i"]].concat();
    // Exact conversion, so that what differs is what we wrote.
    let scale = "scale=flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp";
    let rest = [
        "-map",
        "0:v:0",
        "-fps_mode",
        "passthrough",
        "-vf",
        scale,
        "-f",
        "rawvideo",
        "-pix_fmt",
        format,
        "-",
    ];
    tool("ffmpeg", &arguments, file, &rest)
}

/// The sound of a file as floats, channels in turn, as it lies on its clock.
pub fn heard(file: &Path) -> Vec<f32> {
    let filter = "aresample=async=1:first_pts=0";
    let bytes = tool("ffmpeg", &["-i"], file, &["-vn", "-af", filter, "-f", "f32le", "-"]);
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// A disc of 120 pixels with its middle at `x` percent of the canvas's width, for the whole film.
pub fn disc(id: &str, x: i64, color: Color, opacity: i64, film: &Film) -> Element {
    let shape = Shape { geometry: Geometry::Ellipse, fill: Some(Paint::Solid(color)), stroke: None };
    let percent = |value| Length::Percent(Rational::integer(value));
    let pixels = |value| Length::Pixels(Rational::integer(value));
    let layer = Layer {
        opacity: Rational::integer(opacity).into(),
        x: percent(x).into(),
        width: pixels(120).into(),
        height: pixels(120).into(),
        ..Layer::default()
    };
    let range = TimeRange::new(Time::ZERO, film.timeline.duration);
    Element {
        id: id.to_owned(),
        name: None,
        track: None,
        record_range: range,
        content: Content::Shape(Box::new(shape)),
        layer: Some(layer),
        sound: None,
        container: 0,
        origin: None,
    }
}
