//! Whole renders: files that another program agrees with, and that do not depend on how they were
//! made.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod film;

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;

use film::{Film, audio, clip, title};
use vid_runtime::media::AudioSource;
use vid_runtime::{
    CancelToken, Executor, Progress, RenderError, RenderReport, RenderRequest, SegmentStore, Silent, Status,
    Verify, render,
};
use vid_timeline::Time;

struct Run<'a> {
    film: &'a Film,
    store: &'a SegmentStore,
    workers: usize,
}

impl Run<'_> {
    fn to(&self, name: &str) -> Result<RenderReport, RenderError> {
        self.watched(name, &Silent, &CancelToken::default())
    }

    fn watched(
        &self,
        name: &str,
        progress: &dyn Progress,
        cancel: &CancelToken,
    ) -> Result<RenderReport, RenderError> {
        let assets = self.film.assets();
        render(&RenderRequest {
            timeline: &self.film.timeline,
            assets: &assets,
            executor: &Executor::Cpu,
            output: 0,
            window: None,
            verify: Verify::Trust,
            destination: &self.film.folder().join(name),
            store: self.store,
            workers: NonZeroUsize::new(self.workers),
            progress,
            cancel,
        })
    }
}

fn store_at(film: &Film, name: &str) -> SegmentStore {
    SegmentStore::open(&film.folder().join(name)).unwrap()
}

fn sample() -> Film {
    let mut film = Film::new(6);
    let mut elements: Vec<_> =
        (0..3).map(|n| clip(&format!("clip{n}"), "moving.mp4", n * 2000, n * 2000 + 2000)).collect();
    elements.push(title("title", "Hello", 800, 3000));
    elements.push(audio("beep", "beep.wav", 0, 1000, 2500));
    film.timeline.elements = elements;
    film.z_by_order();
    film
}

fn probed(path: &Path, stream: &str, entries: &str) -> String {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-count_frames", "-select_streams", stream])
        .args(["-show_entries", &format!("stream={entries}"), "-of", "csv=p=0"])
        .arg(path)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn another_program_counts_what_the_timeline_says() {
    let film = sample();
    let store = store_at(&film, "a");
    let report = Run { film: &film, store: &store, workers: 2 }.to("film.mp4").unwrap();
    assert_eq!((report.frames, report.frames_reused), (150, 0));
    let path = film.folder().join("film.mp4");
    let video = probed(
        &path,
        "v:0",
        "codec_name,width,height,pix_fmt,color_range,color_space,start_time,duration,nb_read_frames",
    );
    assert_eq!(video, "h264,320,180,yuv420p,tv,bt709,0.000000,6.000000,150");
    assert_eq!(
        probed(&path, "a:0", "codec_name,sample_rate,channels,start_time,duration"),
        "aac,48000,2,0.000000,6.000000"
    );
}

#[test]
fn the_number_of_workers_changes_no_byte() {
    let film = sample();
    let bytes = |workers: usize| {
        let store = store_at(&film, &format!("store{workers}"));
        let name = format!("film{workers}.mp4");
        Run { film: &film, store: &store, workers }.to(&name).unwrap();
        std::fs::read(film.folder().join(name)).unwrap()
    };
    let one = bytes(1);
    for workers in [2, 3, 8, 64] {
        assert!(bytes(workers) == one, "{workers} workers");
    }
}

#[test]
fn an_unchanged_film_is_only_joined_and_not_written_again() {
    let film = sample();
    let store = store_at(&film, "a");
    let run = Run { film: &film, store: &store, workers: 2 };
    assert!(run.to("film.mp4").unwrap().written);
    let again = run.to("film.mp4").unwrap();
    assert_eq!((again.frames_reused, again.written), (150, false));
    assert!(run.to("copy.mp4").unwrap().written);
    let read = |name: &str| std::fs::read(film.folder().join(name)).unwrap();
    assert!(read("film.mp4") == read("copy.mp4"));
}

#[test]
fn an_edit_renders_only_what_it_touches() {
    let mut film = sample();
    let store = store_at(&film, "a");
    Run { film: &film, store: &store, workers: 2 }.to("film.mp4").unwrap();
    film.timeline.elements[3] = title("title", "Goodbye", 800, 3000);
    film.z_by_order();
    let report = Run { film: &film, store: &store, workers: 2 }.to("film.mp4").unwrap();
    // The title touches what lies between 0.8 s and 3 s.
    assert_eq!((report.segments, report.segments_reused), (3, 1));
}

#[test]
fn a_segment_is_found_again_at_another_place_in_another_film() {
    let mut film = sample();
    let store = store_at(&film, "a");
    Run { film: &film, store: &store, workers: 2 }.to("film.mp4").unwrap();
    film.timeline.duration = Time::new(2, 1);
    film.timeline.elements = vec![clip("renamed", "moving.mp4", 0, 2000)];
    let report = Run { film: &film, store: &store, workers: 2 }.to("other.mp4").unwrap();
    assert_eq!((report.segments, report.segments_reused), (1, 1));
}

/// Stops the render once some frames are done.
struct StopAfter(i64, CancelToken);

impl Progress for StopAfter {
    fn update(&self, status: Status) {
        if status.frames_done >= self.0 {
            self.1.cancel();
        }
    }
}

#[test]
fn a_stopped_render_leaves_no_file_and_keeps_its_segments() {
    let film = sample();
    let store = store_at(&film, "a");
    let run = Run { film: &film, store: &store, workers: 1 };
    let cancel = CancelToken::default();
    let stopped = run.watched("film.mp4", &StopAfter(120, cancel.clone()), &cancel);
    assert!(matches!(stopped, Err(RenderError::Cancelled)));
    assert!(!film.folder().join("film.mp4").exists());
    let resumed = run.to("film.mp4").unwrap();
    assert!(resumed.segments_reused > 0 && resumed.written);
    let other = store_at(&film, "b");
    Run { film: &film, store: &other, workers: 1 }.to("undisturbed.mp4").unwrap();
    let read = |name: &str| std::fs::read(film.folder().join(name)).unwrap();
    assert!(read("film.mp4") == read("undisturbed.mp4"));
}

#[test]
fn a_damaged_stored_segment_is_noticed_and_made_again() {
    let film = sample();
    let store = store_at(&film, "a");
    let run = Run { film: &film, store: &store, workers: 2 };
    run.to("film.mp4").unwrap();
    let original = std::fs::read(film.folder().join("film.mp4")).unwrap();
    let stored = film.folder().join("a/segments");
    let shelf = std::fs::read_dir(stored).unwrap().next().unwrap().unwrap().path();
    let file = std::fs::read_dir(shelf).unwrap().next().unwrap().unwrap().path();
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    std::fs::remove_file(film.folder().join("film.mp4")).unwrap();
    let report = run.to("film.mp4").unwrap();
    assert!(report.segments_reused < report.segments);
    assert!(std::fs::read(film.folder().join("film.mp4")).unwrap() == original);
}

#[test]
fn sound_begins_and_ends_on_its_sample() {
    let film = sample();
    let store = store_at(&film, "a");
    Run { film: &film, store: &store, workers: 2 }.to("film.mp4").unwrap();
    let mut samples = vec![0.0; 6 * 48_000 * 2];
    AudioSource::open(&film.folder().join("film.mp4")).unwrap().read(0, &mut samples).unwrap();
    let level = |from_ms: usize, to_ms: usize| {
        let part = &samples[from_ms * 96..to_ms * 96];
        (part.iter().map(|s| f64::from(s * s)).sum::<f64>() / part.len() as f64).sqrt()
    };
    // AAC smears an edge over up to a block, 21 ms, on either side.
    assert!(level(0, 970) < 1e-3, "{}", level(0, 970));
    assert!((level(1030, 2470) - 0.5 / 2_f64.sqrt()).abs() < 0.01, "{}", level(1030, 2470));
    assert!(level(2530, 6000) < 1e-3, "{}", level(2530, 6000));
}
