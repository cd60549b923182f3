//! How fast the GPU executor composes, and where its time goes: `make bench-gpu`.
//!
//! Scenes of 1920×1080 are made by the device that `--executor gpu` would choose; frames are thrown away.
//! Printed are frames per second and the milliseconds a frame spent on uploads, on recording kernels, on
//! waiting for them, on reading back, and on everything else, decoding above all. On a driver that computes
//! on the processor the figures say nothing about graphics cards. Makes its media with the `ffmpeg` tool.

mod scenes;

use std::sync::Arc;
use std::time::Instant;

use scenes::{CASES, Stage};
use vid_runtime::cpu::SharedRasters;
use vid_runtime::gpu::{Gpu, GpuExecutor, Preference};
use vid_runtime::plan::frame_spec;
use vid_runtime::scene::scene_from_timeline;

/// Frames that are made before the clock runs: kernels are compiled, pictures uploaded.
const FIRST: i64 = 5;
/// Frames that are timed.
const FRAMES: i64 = 60;

#[expect(clippy::disallowed_methods, reason = "an example that measures time reads the clock")]
fn main() {
    let gpu = match Gpu::open(Preference::Any) {
        Ok(gpu) => gpu,
        Err(error) => return println!("{error}"),
    };
    println!("{} ({:?}, {})", gpu.name(), gpu.kind(), gpu.driver());
    println!("frames/s   upload   record   passes  read-back    other  (ms a frame)");
    let stage = Stage::new();
    for (name, elements) in CASES {
        let (timeline, assets) = stage.film(elements);
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
