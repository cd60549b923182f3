//! The layers whose speed is measured, on either executor, and the media they show.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use vid_runtime::{Assets, FontLibrary, SegmentStore};
use vid_timeline::Timeline;
use vid_timeline::api::{NoMedia, from_json};

/// Names, and the elements of a body of 1920×1080 at 30 frames a second.
pub const CASES: &[(&str, &str)] = &[
    ("a clip alone", r#"{"type":"video","source_url":"https://x/clip.mp4","out_point":4}"#),
    (
        "a clip and a logo at half opacity",
        r#"{"type":"image","id":"a","source_url":"https://x/photo.png","duration":4,"width":"20%","height":"20%",
           "x":"85%","y":"15%","opacity":50,"z_index":1},
           {"type":"video","source_url":"https://x/clip.mp4","out_point":4}"#,
    ),
    (
        "a photo of 3000x2000 that slowly fills more",
        r#"{"type":"image","id":"a","source_url":"https://x/photo.png","duration":4,"height":"118.5%",
           "motion":[{"type":"ken_burns_in","time":0,"duration":4}]}"#,
    ),
    (
        "a clip, and one of 640x360 with border and corners",
        r##"{"type":"video","source_url":"https://x/clip.mp4","out_point":4,"width":"33.4%","height":"33.4%",
           "x":"80%","y":"80%","border_radius":18,"border_color":"#ffffff","border_width":3,"z_index":1},
           {"type":"video","source_url":"https://x/clip.mp4","out_point":4}"##,
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

/// A folder with the media.
pub struct Stage {
    folder: TempDir,
    store: SegmentStore,
}

impl Stage {
    /// Makes the media with the `ffmpeg` tool.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is a temporary folder");
        let clip = ["-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_range", "tv"];
        make(&folder.path().join("clip.mp4"), "testsrc2=size=1920x1080:rate=30:duration=4", &clip);
        make(&folder.path().join("photo.png"), "testsrc=size=3000x2000:rate=1", &["-frames:v", "1"]);
        let store = SegmentStore::open(&folder.path().join("store")).expect("a fresh folder is a store");
        Self { folder, store }
    }

    /// A case as a film, with what it reads.
    pub fn film(&self, elements: &str) -> (Timeline, Assets) {
        let body =
            format!(r#"{{"width":1920,"height":1080,"frame_rate":30,"duration":4,"elements":[{elements}]}}"#);
        let timeline = from_json(&body, &NoMedia).timeline.expect("the bodies are complete");
        let locate = |location: &str| Ok(self.folder.path().join(location.trim_start_matches("https://x/")));
        let assets = Assets::gather(&timeline, FontLibrary::with_data([]), self.store.index(), &locate)
            .expect("the media were just made");
        (timeline, assets)
    }
}

fn make(path: &Path, input: &str, more: &[&str]) {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y", "-f", "lavfi", "-i", input]).args(more).arg(path);
    assert!(command.status().expect("the ffmpeg tool is installed").success(), "ffmpeg failed");
}
