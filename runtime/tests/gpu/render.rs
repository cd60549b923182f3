//! Whole films: what is stored under which key, and what happens when the device fails.

use std::sync::Mutex;

use vid_runtime::cpu::{CpuExecutor, SharedRasters};
use vid_runtime::gpu::{Gpu, GpuExecutor, Preference};
use vid_runtime::plan::{encode_settings, film_of};
use vid_runtime::scene::scene_from_timeline;
use vid_runtime::{
    CancelToken, Executor, Progress, RenderReport, RenderRequest, Silent, Status, Verify, render,
};

use vid_timeline::{EncoderSettings, Output, OutputFormat, ProresProfile};

use crate::film::{Film, clip, title, transition};
use crate::parity::{gpu, samples};

fn film() -> Film {
    let mut film = Film::new(2);
    film.timeline.elements = vec![
        clip("one", "moving.mp4", 0, 1200),
        clip("two", "moving.mp4", 800, 2000),
        title("words", "Words", 0, 2000),
    ];
    film.timeline.transitions =
        vec![transition(vid_timeline::TransitionType::CrossDissolve, "one", "two", 800, 1200)];
    film.z_by_order();
    film
}

fn rendered(film: &Film, executor: &Executor, progress: &dyn Progress, name: &str) -> RenderReport {
    let (store, assets, cancel) = (film.store(), film.assets(), CancelToken::default());
    let report = render(&RenderRequest {
        timeline: &film.timeline,
        assets: &assets,
        executor,
        output: 0,
        window: None,
        verify: Verify::Trust,
        destination: &film.folder().join(name),
        store: &store,
        workers: None,
        progress,
        cancel: &cancel,
    });
    report.unwrap()
}

#[test]
fn segments_belong_to_who_made_them() {
    let film = film();
    let on_cpu = rendered(&film, &Executor::Cpu, &Silent, "cpu.mp4");
    let executor = Executor::Gpu(gpu());
    let first = rendered(&film, &executor, &Silent, "gpu.mp4");
    let second = rendered(&film, &executor, &Silent, "again.mp4");
    assert_eq!((on_cpu.segments_reused, first.segments_reused), (0, 0));
    assert_eq!(second.segments_reused, second.segments);
    // These nodes agree exactly on the software driver.
    let bytes = |name: &str| std::fs::read(film.folder().join(name)).unwrap();
    assert!(bytes("cpu.mp4") == bytes("gpu.mp4"));
}

/// Outputs of other formats than the canvas's planes are composed on the device too, several frames at
/// once, and handed out in their order.
#[test]
fn transparent_films_are_composed_on_the_device() {
    let mut film = film();
    film.timeline.elements.remove(0);
    film.timeline.transitions.clear();
    let encoder = EncoderSettings { profile: Some(ProresProfile::P4444), ..EncoderSettings::DEFAULT };
    let outputs = [
        Output { alpha: true, encoder, ..Output::new(OutputFormat::Mov) },
        Output { alpha: true, ..Output::new(OutputFormat::Gif) },
    ];
    for output in outputs {
        film.timeline.outputs = vec![output.clone()];
        let drawn = film_of(&film.timeline, &output).into_owned();
        let spec = encode_settings(&film.timeline, &output).unwrap().unwrap().frame;
        let (assets, rasters) = (film.assets(), SharedRasters::default());
        let scene = scene_from_timeline(&drawn, &assets, 0..50).unwrap();
        let mut here = CpuExecutor::new(spec, &assets, &rasters).unwrap();
        here.begin(&scene, 0);
        let mut there = GpuExecutor::new(gpu(), spec, &assets, &rasters).unwrap();
        there.begin(&scene, 0);
        let mut made: Vec<_> = (15..30).filter_map(|frame| there.push(frame).unwrap()).collect();
        assert!(made.len() < 15, "frames are under way together");
        made.extend(std::iter::from_fn(|| there.pull().unwrap()));
        for (frame, made) in (15..30).zip(&made) {
            assert!(samples(&here.frame(frame).unwrap()) == samples(made), "{} {frame}", output.format);
        }
        assert_eq!(made.len(), 15);
    }
}

/// Keeps what it is told.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Progress for Heard {
    fn update(&self, _status: Status) {}

    fn notice(&self, words: &str) {
        self.0.lock().unwrap().push(words.to_owned());
    }
}

#[test]
fn a_lost_device_is_told_and_the_processor_goes_on() {
    let film = film();
    let lost = Gpu::open(Preference::Software).unwrap();
    lost.fail("it was lost.  The cable is out");
    let name = lost.name().to_owned();
    let heard = Heard::default();
    rendered(&film, &Executor::Gpu(lost), &heard, "lost.mp4");
    rendered(&film, &Executor::Cpu, &Silent, "cpu.mp4");
    let bytes = |name: &str| std::fs::read(film.folder().join(name)).unwrap();
    assert!(bytes("lost.mp4") == bytes("cpu.mp4"));
    assert_eq!(
        heard.0.into_inner().unwrap(),
        [format!(
            "the graphics device `{name}` failed: it was lost. The cable is out; the processor makes the film instead"
        )]
    );
}
