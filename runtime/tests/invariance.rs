//! What must not matter does not: how a film is cut and in which order, where it is read, how often it
//! was made before; and what is stored without loss comes back as it was.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod film;

use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use film::{Film, clip, clip_from, fade_in, slide_out, still, title, transition};
use vid_runtime::cpu::{CpuExecutor, SharedRasters};
use vid_runtime::isolate::{Confinement, Intake, MissingLayers, WorkerCommand};
use vid_runtime::media::VideoFrame;
use vid_runtime::plan::frame_spec;
use vid_runtime::scene::scene_from_timeline;
use vid_runtime::{
    Assets, CancelToken, Executor, FontLibrary, Mended, RenderError, RenderRequest, SegmentStore, Silent,
    Verify, render,
};
use vid_timeline::{Rational, TransitionType};

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as i64 % bound
    }
}

/// Two seconds of clips at odd places, stills, words that come and go, and a dissolve.
fn random_film(numbers: &mut Numbers) -> Film {
    let mut film = Film::new(2);
    let mut first = clip_from("a", "moving.mp4", numbers.below(900), 0, 1200);
    let second = clip_from("b", "moving.mp4", numbers.below(900), 800, 2000);
    first.layer.as_mut().unwrap().opacity = Rational::ratio(50 + numbers.below(51), 100).into();
    let mut words = title("words", "Invariant", numbers.below(500), 1500 + numbers.below(500));
    let end = words.record_range.end.to_sample() / 48;
    words.layer.as_mut().unwrap().motion = vec![fade_in(600, 300), slide_out(end - 300, 300)];
    let mut card = still("card", "card.png", numbers.below(800), 2000);
    card.layer.as_mut().unwrap().width =
        vid_timeline::Length::Percent(Rational::integer(20 + numbers.below(40))).into();
    film.timeline.elements = vec![first, second, card, words];
    film.timeline.transitions = vec![transition(TransitionType::CrossDissolve, "a", "b", 800, 1200)];
    film.z_by_order();
    film
}

/// Every byte of the picture, row by row.
fn bytes(frame: &VideoFrame) -> Vec<u8> {
    let planes = (0..frame.planes()).map(|index| frame.plane(index));
    planes.flat_map(|plane| (0..plane.rows).flat_map(move |row| plane.row(row).to_vec())).collect()
}

/// Frames of the film, drawn in scenes of the given frames, in that order, by one executor.
fn drawn(film: &Film, assets: &Assets, scenes: &[Range<i64>]) -> Vec<Vec<u8>> {
    let rasters = SharedRasters::default();
    let mut executor = CpuExecutor::new(frame_spec(&film.timeline), assets, &rasters).unwrap();
    let mut frames = vec![Vec::new(); 50];
    for range in scenes {
        let scene = scene_from_timeline(&film.timeline, assets, range.clone()).unwrap();
        executor.begin(&scene, range.start);
        for frame in 0..scene.frame_count {
            frames[usize::try_from(range.start + frame).unwrap()] = bytes(&executor.frame(frame).unwrap());
        }
    }
    frames
}

#[test]
fn frames_depend_on_neither_cuts_nor_order() {
    let mut numbers = Numbers(3);
    for round in 0..5 {
        let film = random_film(&mut numbers);
        let assets = film.assets();
        let whole = drawn(&film, &assets, std::slice::from_ref(&(0..50)));
        let sevenths: Vec<_> = (0..50).step_by(7).map(|start| start..(start + 7).min(50)).collect();
        assert!(drawn(&film, &assets, &sevenths) == whole, "film {round} in pieces of seven");
        let mut shuffled = sevenths;
        for last in (1..shuffled.len()).rev() {
            shuffled.swap(last, numbers.below(last as i64 + 1) as usize);
        }
        assert!(drawn(&film, &assets, &shuffled) == whole, "film {round} in pieces out of order");
        for _ in 0..20 {
            let n = numbers.below(50);
            let alone = drawn(&film, &assets, std::slice::from_ref(&(n..n + 1)));
            let n = usize::try_from(n).unwrap();
            assert!(alone[n] == whole[n], "film {round}: frame {n} alone");
        }
    }
}

/// Renders to `name` with that many workers and a store of its own.
fn rendered(film: &Film, assets: &Assets, name: &str, workers: usize) -> Result<Vec<u8>, RenderError> {
    let store = SegmentStore::open(&film.folder().join(format!("store-{name}"))).unwrap();
    let path = film.folder().join(name);
    render(&RenderRequest {
        timeline: &film.timeline,
        assets,
        executor: &Executor::Cpu,
        output: 0,
        window: None,
        verify: Verify::Trust,
        destination: &path,
        store: &store,
        workers: NonZeroUsize::new(workers),
        progress: &Silent,
        cancel: &CancelToken::default(),
    })?;
    Ok(std::fs::read(path).unwrap())
}

/// The planes of every frame, as FFmpeg's own tool decodes them.
fn decoded(path: &Path) -> Vec<u8> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(path)
        .args(["-map", "0:v", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"])
        .output()
        .unwrap();
    output.stdout
}

#[test]
fn what_is_stored_without_loss_comes_back() {
    let mut film = random_film(&mut Numbers(8));
    film.timeline.outputs[0].encoder.crf = Some(0);
    let assets = film.assets();
    rendered(&film, &assets, "film.mp4", 2).unwrap();
    let whole = drawn(&film, &assets, std::slice::from_ref(&(0..50))).concat();
    assert!(decoded(&film.folder().join("film.mp4")) == whole);
}

fn confined() -> Intake {
    let worker =
        WorkerCommand { program: PathBuf::from(env!("CARGO_BIN_EXE_media-worker")), arguments: Vec::new() };
    Intake::Confined(Confinement::new(worker, MissingLayers::Refuse).into())
}

/// The film's media, read as `intake` says.
fn assets_through(film: &Film, intake: Intake) -> Assets {
    // Made on first use.
    film.assets();
    let fonts = FontLibrary::with_data([dejavu::sans::regular().to_vec()]);
    let locate = |name: &str| Ok(film.folder().join(name));
    Assets::gather_through(intake, &film.timeline, fonts, film.store().index(), &locate).unwrap()
}

#[test]
fn a_film_is_the_same_when_its_media_are_read_in_confinement() {
    let mut film = random_film(&mut Numbers(21));
    film.timeline.elements.push(film::audio("beep", "beep.wav", 250, 500, 1750));
    let here = rendered(&film, &film.assets(), "here.mp4", 2).unwrap();
    let there = rendered(&film, &assets_through(&film, confined()), "there.mp4", 2).unwrap();
    assert!(here == there);
}

/// A film of a clip with damage in its middle.
fn damaged_film() -> Film {
    let mut film = Film::new(2);
    film.timeline.elements = vec![clip("clip", "moving.mp4", 0, 2000)];
    film.assets();
    let path = film.folder().join("moving.mp4");
    let mut whole = std::fs::read(&path).unwrap();
    let middle = whole.len() / 2;
    // Longer than any packet, so that lengths of packets are among what is lost.
    whole[middle..middle + 6000].fill(0xff);
    std::fs::write(&path, whole).unwrap();
    film
}

#[test]
fn damage_is_refused_unless_leniency_is_asked_for() {
    let film = damaged_film();
    let error = rendered(&film, &film.assets(), "strict.mp4", 2).unwrap_err().to_string();
    assert!(error.contains("moving.mp4` is damaged at "), "{error}");
    let mut assets = film.assets();
    let damaged = assets.mend(&film.store()).unwrap();
    let [Mended { path, pictures, packets }] = damaged.as_slice() else { panic!("{damaged:?}") };
    assert_eq!((path, packets), (&film.folder().join("moving.mp4"), &0));
    assert!((1..40).contains(pictures), "{pictures} pictures");
    let one = rendered(&film, &assets, "one.mp4", 1).unwrap();
    assert!(one == rendered(&film, &assets, "three.mp4", 3).unwrap());
    // What is kept is read again, also by another command and in confinement.
    for intake in [Intake::Here, confined()] {
        let mut assets = assets_through(&film, intake);
        assert_eq!(assets.mend(&film.store()).unwrap(), damaged);
        assert!(one == rendered(&film, &assets, "again.mp4", 2).unwrap());
    }
}

#[test]
fn leniency_leaves_sound_media_alone() {
    let film = random_film(&mut Numbers(5));
    let mut assets = film.assets();
    assert!(assets.mend(&film.store()).unwrap().is_empty());
    let strict = rendered(&film, &film.assets(), "strict.mp4", 2).unwrap();
    assert!(strict == rendered(&film, &assets, "lenient.mp4", 2).unwrap());
}

/// Matrix, primaries, and the shares of red and blue in the matrix's luma.
const MATRICES: [(&str, &str, f64, f64); 4] = [
    ("smpte170m", "bt709", 0.299, 0.114),
    ("bt709", "bt709", 0.2126, 0.0722),
    ("bt2020nc", "bt709", 0.2627, 0.0593),
    ("bt2020nc", "bt2020", 0.2627, 0.0593),
];

/// Light of BT.2020's primaries in those of BT.709 (ITU-R BT.2407).
const NARROWED: [[f64; 3]; 3] =
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]];

/// R′G′B′ of code values.
fn rgb_of([y, cb, cr]: [f64; 3], (red, blue): (f64, f64), is_full: bool) -> [f64; 3] {
    let (y, scale) = if is_full { (y / 255.0, 255.0) } else { ((y - 16.0) / 219.0, 224.0) };
    let (cb, cr) = ((cb - 128.0) / scale, (cr - 128.0) / scale);
    let (r, b) = (y + 2.0 * (1.0 - red) * cr, y + 2.0 * (1.0 - blue) * cb);
    [r, (y - red * r - blue * b) / (1.0 - red - blue), b]
}

/// Code values of the canvas: BT.709, limited.
fn canvas_of([r, g, b]: [f64; 3]) -> [f64; 3] {
    let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    [16.0 + 219.0 * y, 128.0 + 224.0 * (b - y) / 1.8556, 128.0 + 224.0 * (r - y) / 1.5748]
}

#[test]
fn colour_patches_arrive_within_a_code_value() {
    for (matrix, primaries, red, blue) in MATRICES {
        for (range, is_full) in [("tv", false), ("pc", true)] {
            for patch in
                [[126.0, 128.0, 128.0], [90.0, 150.0, 140.0], [160.0, 110.0, 150.0], [60.0, 128.0, 120.0]]
            {
                let mut film = Film::new(1);
                film.timeline.elements = vec![clip("patch", "patch.mkv", 0, 1000)];
                // Written as code values, so that no other conversion is between.
                let [y, cb, cr] = patch;
                let source = format!(
                    "color=black:size=320x180:rate=25:duration=1,format=yuv420p,geq=lum={y}:cb={cb}:cr={cr}"
                );
                let made = Command::new("ffmpeg")
                    .args(["-v", "error", "-f", "lavfi", "-i", &source, "-c:v", "ffv1"])
                    .args(["-colorspace", matrix, "-color_range", range, "-color_trc", "bt709"])
                    .args(["-color_primaries", primaries])
                    .arg(film.folder().join("patch.mkv"))
                    .status();
                assert!(made.unwrap().success());
                let frame = &drawn(&film, &film.assets(), std::slice::from_ref(&(0..1)))[0];
                let plane = 320 * 180;
                let middle = |offset: usize, stride: usize, row: usize| {
                    f64::from(frame[offset + stride * row + stride / 2])
                };
                let found = [middle(0, 320, 90), middle(plane, 160, 45), middle(plane * 5 / 4, 160, 45)];
                let mut rgb = rgb_of(patch, (red, blue), is_full);
                if primaries == "bt2020" {
                    let light = rgb.map(|code| libm::pow(code, 2.4));
                    let sum = |row: [f64; 3]| row.iter().zip(light).map(|(a, b)| a * b).sum::<f64>();
                    rgb = NARROWED.map(|row| libm::pow(sum(row), 1.0 / 2.4));
                }
                let expected = canvas_of(rgb);
                let off = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                assert!(off <= 1.0, "{matrix} {primaries} {range} {patch:?}: {found:?}, not {expected:?}");
            }
        }
    }
}
