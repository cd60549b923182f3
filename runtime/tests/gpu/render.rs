//! Whole films: what is stored under which key, and what happens when the device fails.

use std::sync::Mutex;

use vid_runtime::gpu::{Gpu, Preference};
use vid_runtime::{
    CancelToken, Executor, Progress, RenderReport, RenderRequest, Silent, Status, Verify, render,
};

use crate::film::{Film, clip, title, transition};
use crate::parity::gpu;

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
