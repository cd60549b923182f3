//! Prints how much processor time a frame of typical layers takes on one thread, in milliseconds, decoding
//! included.
//!
//! `cargo run -p vid-runtime --example compose_speed`; makes its media with the `ffmpeg` tool.

mod scenes;

use scenes::{CASES, Stage};
use vid_runtime::clock::thread_time;
use vid_runtime::cpu::{CpuExecutor, SharedRasters};
use vid_runtime::plan::frame_spec;
use vid_runtime::scene::scene_from_timeline;

const FRAMES: i64 = 40;

fn main() {
    let stage = Stage::new();
    for (name, elements) in CASES {
        let (timeline, assets) = stage.film(elements);
        let rasters = SharedRasters::default();
        let mut executor = CpuExecutor::new(frame_spec(&timeline), &assets, &rasters).expect("memory");
        let scene = scene_from_timeline(&timeline, &assets, 0..FRAMES + 5).expect("the media are gathered");
        executor.begin(&scene, 0);
        for frame in 0..5 {
            executor.frame(frame).expect("the layers can be drawn");
        }
        let start = thread_time();
        for frame in 5..FRAMES + 5 {
            executor.frame(frame).expect("the layers can be drawn");
        }
        println!("{:>8.2} ms  {name}", (thread_time() - start).as_secs_f64() * 1000.0 / FRAMES as f64);
    }
}
