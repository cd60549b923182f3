//! Composing the frames of a film without encoding them: `bench compose FILM [FRAMES.y4m]`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use vid_compiler::{CompileRequest, Compiler, DiskSystem};
use vid_runtime::cpu::{CpuExecutor, SharedRasters};
use vid_runtime::media::{VideoFrame, probe};
use vid_runtime::plan::{frame_spec, segment_ranges};
use vid_runtime::scene::scene_from_timeline;
use vid_runtime::{Assets, FontLibrary, SegmentStore};

/// Composes every frame of a film and writes them to a file, or drops them.
///
/// # Errors
/// When the film has mistakes, cannot be composed, or the file cannot be written.
pub fn compose(film: &str, frames: Option<&str>) -> io::Result<()> {
    let mut compiler = Compiler::new(DiskSystem);
    let source = compiler.open(film);
    let request = CompileRequest::default();
    for reference in compiler.media_references(source, &request) {
        let facts = probe(Path::new(&reference.location)).map_err(io::Error::other)?;
        compiler.set_media_facts(&reference.location, Ok(facts));
    }
    let compiled = compiler.compile(source, &request);
    let Some(timeline) = compiled.timeline else {
        let first = compiled.diagnostics.first().map_or("no timeline", |found| &found.message);
        return Err(io::Error::other(format!("{film}: {first}")));
    };
    let folder = tempfile::tempdir()?;
    let store = SegmentStore::open(folder.path()).map_err(io::Error::other)?;
    let locate = |location: &str| Ok(PathBuf::from(location));
    let assets = Assets::gather(&timeline, FontLibrary::system(), store.index(), &locate);
    let assets = assets.map_err(io::Error::other)?;
    let rasters = SharedRasters::default();
    let mut executor =
        CpuExecutor::new(frame_spec(&timeline), &assets, &rasters).map_err(io::Error::other)?;
    let mut target = frames.map(|path| File::create(path).map(BufWriter::new)).transpose()?;
    if let Some(target) = &mut target {
        let (size, rate) = (timeline.size, timeline.frame_rate);
        let rate = format!("{}:{}", rate.numerator(), rate.denominator());
        writeln!(target, "YUV4MPEG2 W{} H{} F{rate} Ip A1:1 C420mpeg2", size.width, size.height)?;
    }
    for range in segment_ranges(&timeline) {
        let scene = scene_from_timeline(&timeline, &assets, range.clone()).map_err(io::Error::other)?;
        executor.begin(&scene, range.start);
        for frame in 0..range.end - range.start {
            let frame = executor.frame(frame).map_err(io::Error::other)?;
            if let Some(target) = &mut target {
                write(target, &frame)?;
            }
        }
    }
    target.map_or(Ok(()), |mut target| target.flush())
}

fn write(target: &mut impl Write, frame: &VideoFrame) -> io::Result<()> {
    target.write_all(b"FRAME\n")?;
    for index in 0..3 {
        let plane = frame.plane(index);
        (0..plane.rows).try_for_each(|row| target.write_all(plane.row(row)))?;
    }
    Ok(())
}
