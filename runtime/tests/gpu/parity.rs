//! Comparing the executors: the same frame from both, within a stated tolerance.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use vid_runtime::cpu::{CpuExecutor, SharedRasters};
use vid_runtime::gpu::{Gpu, GpuExecutor, Preference};
use vid_runtime::media::VideoFrame;
use vid_runtime::plan::frame_spec;
use vid_runtime::scene::scene_from_timeline;

use crate::film::Film;

/// How far the executors may be apart.
#[derive(Clone, Copy)]
pub struct Tolerance {
    /// Largest difference of a sample, in code values.
    pub most: u8,
    /// Least share of samples that are the same.
    pub same: f64,
}

/// What every node keeps that states nothing else.
pub const USUAL: Tolerance = Tolerance { most: 1, same: 0.9999 };

/// A case: a film, and frames of it that both executors make alike.
macro_rules! parity {
    ($(#[$meta:meta])* $name:ident, $tolerance:expr, $film:expr) => {
        $(#[$meta])*
        #[test]
        fn $name() {
            $crate::parity::check(stringify!($name), $tolerance, &$film, &[0, 7, 12, 18]);
        }
    };
}
pub(crate) use parity;

/// The device of all tests.
pub fn gpu() -> Arc<Gpu> {
    static GPU: OnceLock<Arc<Gpu>> = OnceLock::new();
    let open = || Gpu::open(Preference::Software).expect("scripts/setup.sh installs Mesa's software driver");
    Arc::clone(GPU.get_or_init(open))
}

/// A frame's samples, plane by plane.
pub fn samples(frame: &VideoFrame) -> Vec<u8> {
    let planes = (0..frame.planes()).map(|index| frame.plane(index));
    planes.flat_map(|plane| (0..plane.rows).flat_map(move |row| plane.row(row).to_vec())).collect()
}

/// Frames of the film as the CPU makes them.
pub fn on_cpu(film: &Film, frames: &[i64]) -> Vec<VideoFrame> {
    let rasters = SharedRasters::default();
    let assets = film.assets();
    let mut executor = CpuExecutor::new(frame_spec(&film.timeline), &assets, &rasters).unwrap();
    let all = 0..film.timeline.frame_count();
    executor.begin(&scene_from_timeline(&film.timeline, &assets, all).unwrap(), 0);
    frames.iter().map(|frame| executor.frame(*frame).unwrap()).collect()
}

/// Frames of the film as the device makes them, several under way at once.
pub fn on_gpu(film: &Film, frames: &[i64]) -> Vec<VideoFrame> {
    let rasters = SharedRasters::default();
    let assets = film.assets();
    let mut executor = GpuExecutor::new(gpu(), frame_spec(&film.timeline), &assets, &rasters).unwrap();
    let all = 0..film.timeline.frame_count();
    executor.begin(&scene_from_timeline(&film.timeline, &assets, all).unwrap(), 0);
    let mut made: Vec<VideoFrame> =
        frames.iter().filter_map(|frame| executor.push(*frame).unwrap()).collect();
    made.extend(std::iter::from_fn(|| executor.pull().unwrap()));
    made
}

/// Makes frames on both executors and compares them.
#[track_caller]
pub fn check(name: &str, tolerance: Tolerance, film: &Film, frames: &[i64]) {
    let (expected, actual) = (on_cpu(film, frames), on_gpu(film, frames));
    assert_eq!(expected.len(), actual.len());
    for ((expected, actual), frame) in expected.iter().zip(&actual).zip(frames) {
        let (one, other) = (samples(expected), samples(actual));
        assert_eq!(one.len(), other.len(), "{name}, frame {frame}");
        let most = one.iter().zip(&other).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
        let same = one.iter().zip(&other).filter(|(a, b)| a == b).count() as f64 / one.len().max(1) as f64;
        // `PARITY_REPORT=1` prints what was found, for setting tolerances.
        if std::env::var_os("PARITY_REPORT").is_some() {
            eprintln!("{name}, frame {frame}: up to {most}, {:.4} % the same", 100.0 * same);
        }
        if most > tolerance.most || same < tolerance.same {
            let files = kept(&format!("{name}-{frame}"), expected, actual);
            panic!(
                "{name}, frame {frame}: samples differ by up to {most}, {:.3} % are the same; see {}",
                100.0 * same,
                files.map(|file| file.display().to_string()).join(", ")
            );
        }
    }
}

/// As [`check`], with the failure as words: for many cases in one test.
pub fn compared(name: &str, tolerance: Tolerance, film: &Film, frames: &[i64]) -> Option<String> {
    let run = std::panic::AssertUnwindSafe(|| check(name, tolerance, film, frames));
    let panic = std::panic::catch_unwind(run).err()?;
    Some(panic.downcast::<String>().map_or_else(|_| name.to_owned(), |words| *words))
}

/// Fails with all the failures there are.
#[track_caller]
pub fn collected(cases: impl Iterator<Item = Option<String>>) {
    let failures: Vec<String> = cases.flatten().collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Writes the luma of what was expected, sixteen times the difference, and what came, as PNGs.
fn kept(name: &str, expected: &VideoFrame, actual: &VideoFrame) -> [PathBuf; 3] {
    let luma = |frame: &VideoFrame| -> Vec<u8> {
        let plane = frame.plane(0);
        (0..plane.rows).flat_map(|row| plane.row(row).to_vec()).collect()
    };
    let (one, other) = (luma(expected), luma(actual));
    // Differences of every plane count: chroma's are shown below luma's.
    let all = samples(expected).into_iter().zip(samples(actual));
    let difference: Vec<u8> = all.map(|(a, b)| a.abs_diff(b).saturating_mul(16)).collect();
    let (width, height) = (expected.width(), expected.height());
    let tall = u32::try_from(difference.len()).unwrap() / width;
    let write = |what: &str, height: u32, samples: &[u8]| {
        let path = std::env::temp_dir().join(format!("{name}.{what}.png"));
        let samples = samples[..(width * height) as usize].to_vec();
        image::GrayImage::from_raw(width, height, samples).unwrap().save(&path).unwrap();
        path
    };
    [write("expected", height, &one), write("difference", tall, &difference), write("actual", height, &other)]
}
