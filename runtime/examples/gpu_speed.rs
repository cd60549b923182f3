//! How fast the GPU executor composes, and where its time goes: `make bench-gpu`.
//!
//! Scenes of 1920×1080 are made by the device that `--executor gpu` would choose; frames are thrown away.
//! Printed are frames per second and the milliseconds a frame spent on uploads, on recording kernels, on
//! waiting for them, on reading back, and on everything else, decoding above all. On a driver that computes
//! on the processor the figures say nothing about graphics cards. Makes its media with the `ffmpeg` tool.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use vid_runtime::cpu::SharedRasters;
use vid_runtime::gpu::{Gpu, GpuExecutor, Preference};
use vid_runtime::plan::frame_spec;
use vid_runtime::scene::scene_from_timeline;
use vid_runtime::{Assets, FontLibrary, SegmentStore};
use vid_timeline::api::{NoMedia, from_json};

/// Frames that are made before the clock runs: kernels are compiled, pictures uploaded.
const FIRST: i64 = 5;
/// Frames that are timed.
const FRAMES: i64 = 60;

const CASES: &[(&str, &str)] = &[
    ("a clip alone", r#"{"type":"video","source_url":"https://x/clip.mp4","out_point":4}"#),
    (
        "a clip and a logo at half opacity",
        r#"{"type":"image","id":"a","source_url":"https://x/photo.png","duration":4,"width":"20%","height":"20%",
           "x":"85%","y":"15%","opacity":50,"z_index":1},
           {"type":"video","source_url":"https://x/clip.mp4","out_point":4}"#,
    ),
    (
        "a clip, and one of 640x360 turned by 5 degrees with a shadow",
        r##"{"type":"video","source_url":"https://x/clip.mp4","out_point":4,"width":"33.4%","height":"33.4%",
           "x":"75%","y":"75%","z_rotation":5,"shadow_color":"#000000","shadow_blur":24,"z_index":1},
           {"type":"video","source_url":"https://x/clip.mp4","out_point":4}"##,
    ),
    (
        "a clip with brightness and contrast",
        r#"{"type":"video","source_url":"https://x/clip.mp4","out_point":4,"brightness":10,"contrast":10}"#,
    ),
    (
        "a clip turned by 5 degrees",
        r#"{"type":"video","source_url":"https://x/clip.mp4","out_point":4,"z_rotation":5}"#,
    ),
    (
        "a photo multiplied with a clip",
        r#"{"type":"image","id":"a","source_url":"https://x/photo.png","duration":4,"blend_mode":"multiply",
           "z_index":1},{"type":"video","source_url":"https://x/clip.mp4","out_point":4}"#,
    ),
];

fn make(path: &Path, input: &str, more: &[&str]) {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y", "-f", "lavfi", "-i", input]).args(more).arg(path);
    assert!(command.status().expect("the ffmpeg tool is installed").success(), "ffmpeg failed");
}

#[expect(clippy::disallowed_methods, reason = "an example that measures time reads the clock")]
fn main() {
    let gpu = match Gpu::open(Preference::Any) {
        Ok(gpu) => gpu,
        Err(error) => return println!("{error}"),
    };
    println!("{} ({:?}, {})", gpu.name(), gpu.kind(), gpu.driver());
    println!("frames/s   upload   record   passes  read-back    other  (ms a frame)");
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    let clip = ["-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_range", "tv"];
    make(&folder.path().join("clip.mp4"), "testsrc2=size=1920x1080:rate=30:duration=4", &clip);
    make(&folder.path().join("photo.png"), "testsrc=size=3000x2000:rate=1", &["-frames:v", "1"]);
    let store = SegmentStore::open(&folder.path().join("store")).expect("a fresh folder is a store");
    for (name, elements) in CASES {
        let body =
            format!(r#"{{"width":1920,"height":1080,"frame_rate":30,"duration":4,"elements":[{elements}]}}"#);
        let timeline = from_json(&body, &NoMedia).timeline.expect("the bodies are complete");
        let locate = |location: &str| Ok(folder.path().join(location.trim_start_matches("https://x/")));
        let assets = Assets::gather(&timeline, FontLibrary::with_data([]), store.index(), &locate)
            .expect("the media were just made");
        let rasters = SharedRasters::default();
        let spec = frame_spec(&timeline);
        let mut executor = GpuExecutor::new(Arc::clone(&gpu), spec, &assets, &rasters).expect("memory");
        let scene = scene_from_timeline(&timeline, &assets, 0..FIRST + FRAMES).expect("media are gathered");
        executor.begin(&scene, 0);
        let mut run = |frames: std::ops::Range<i64>| {
            for frame in frames {
                executor.push(frame).expect("the layers can be drawn");
            }
            while executor.pull().expect("the device works").is_some() {}
            executor.times()
        };
        let before = run(0..FIRST);
        let start = Instant::now();
        let after = run(FIRST..FIRST + FRAMES);
        let seconds = start.elapsed().as_secs_f64();
        let frame = |seconds: f64| 1000.0 * seconds / FRAMES as f64;
        let parts = [
            after.upload - before.upload,
            after.record - before.record,
            after.passes - before.passes,
            after.read_back - before.read_back,
        ];
        let other = seconds - parts.iter().sum::<f64>();
        let [upload, record, passes, read_back] = parts.map(frame);
        println!(
            "{:8.1} {upload:8.2} {record:8.2} {passes:8.2} {read_back:10.2} {:8.2}  {name}",
            FRAMES as f64 / seconds,
            frame(other),
        );
    }
}
