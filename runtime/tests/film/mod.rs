//! Small films for tests: 320x180, 25 frames a second, media made by the `ffmpeg` tool.

#![expect(dead_code, reason = "each test file uses its own part")]

use std::path::{Path, PathBuf};
use std::process::Command;

use vid_runtime::{Assets, FontLibrary, SegmentStore};
use vid_timeline::{
    Background, Blending, Clip, Container, ContainerKind, Content, Easing, Element, FrameRate, Layer,
    MediaSource, Motion, MotionScope, MotionType, Output, OutputFormat, Rational, Size, Sound, Text, Time,
    TimeRange, Timeline, Transition, TransitionAudio, TransitionType,
};

/// A timeline and the folder of its media.
pub struct Film {
    pub timeline: Timeline,
    folder: tempfile::TempDir,
}

impl Film {
    /// A film of that many seconds with nothing in it.
    pub fn new(seconds: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let range = TimeRange::new(Time::ZERO, Time::new(seconds, 1));
        let timeline = Timeline {
            name: "film".to_owned(),
            size: Size { width: 320, height: 180 },
            frame_rate: FrameRate::whole(25).unwrap(),
            duration: range.end,
            background: Background::default(),
            blending: Blending::Gamma,
            containers: vec![Container {
                kind: ContainerKind::Stack,
                name: None,
                parent: None,
                record_range: range,
                origin: None,
            }],
            elements: Vec::new(),
            transitions: Vec::new(),
            markers: Vec::new(),
            outputs: vec![Output::new(OutputFormat::Mp4)],
            metadata: Vec::new(),
            webhook_url: None,
            ingest_external: None,
        };
        Self { timeline, folder }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn store(&self) -> SegmentStore {
        SegmentStore::open(&self.folder.path().join("cache")).unwrap()
    }

    /// The film's media, made on first use.
    pub fn assets(&self) -> Assets {
        let fonts = FontLibrary::with_data([dejavu::sans::regular().to_vec()]);
        let locate = |name: &str| Ok(self.media(name));
        Assets::gather(&self.timeline, fonts, self.store().index(), &locate).unwrap()
    }

    /// Numbers elements in source order.
    pub fn z_by_order(&mut self) {
        for (z, element) in (0..).zip(&mut self.timeline.elements) {
            if let Some(layer) = &mut element.layer {
                layer.z_index = z;
            }
        }
    }

    /// The planes of every frame of a clip, as FFmpeg's own tool decodes them.
    pub fn decoded(&self, name: &str) -> Vec<Vec<u8>> {
        let path = self.media(name);
        let output = Command::new("ffmpeg")
            .args(["-v", "error", "-i"])
            .arg(path)
            .args(["-f", "rawvideo", "-pix_fmt", "yuv420p", "-"])
            .output()
            .unwrap();
        output.stdout.chunks_exact(320 * 180 * 3 / 2).map(<[u8]>::to_vec).collect()
    }

    fn media(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        if !path.exists() {
            let input = match name {
                "moving.mp4" => "testsrc2=size=320x180:rate=25:duration=3",
                "black.png" => "color=black:size=320x180,format=rgb24",
                "white.png" => "color=white:size=320x180,format=rgb24",
                "black-square.png" => "color=black:size=90x90,format=rgb24",
                "red.png" => "color=red:size=90x90,format=rgb24",
                "half.png" => {
                    "color=0x3c3c3c:size=640x360,format=rgb24,drawbox=x=320:w=320:h=360:color=0xbebebe:t=fill"
                }
                "card.png" => "smptebars=size=160x90:rate=1,format=rgb24",
                "beep.wav" => "aevalsrc=0.5*sin(2*PI*1000*t):s=48000:d=3",
                other => panic!("no recipe for {other}"),
            };
            let mut command = Command::new("ffmpeg");
            command.args(["-v", "error", "-f", "lavfi", "-i", input]);
            match path.extension().and_then(|e| e.to_str()) {
                // Far apart key frames and B-frames, so that seeking has to be right.
                Some("mp4") => command.args([
                    "-c:v",
                    "libx264",
                    "-g",
                    "40",
                    "-bf",
                    "3",
                    "-pix_fmt",
                    "yuv420p",
                    "-colorspace",
                    "bt709",
                    "-color_range",
                    "tv",
                ]),
                Some("png") => command.args(["-frames:v", "1"]),
                _ => &mut command,
            };
            assert!(command.arg(&path).status().unwrap().success(), "ffmpeg could not make {name}");
        }
        path
    }
}

fn range(start_ms: i64, end_ms: i64) -> TimeRange {
    TimeRange::new(Time::from_millis(start_ms), Time::from_millis(end_ms))
}

fn element(id: &str, content: Content, start_ms: i64, end_ms: i64) -> Element {
    let is_audio = matches!(content, Content::Audio(_));
    Element {
        id: id.to_owned(),
        name: None,
        track: None,
        record_range: range(start_ms, end_ms),
        content,
        layer: (!is_audio).then(Layer::default),
        sound: is_audio.then(Sound::default),
        container: 0,
        origin: None,
    }
}

fn source(location: &str) -> MediaSource {
    MediaSource { location: location.to_owned(), natural: None }
}

/// A clip from the start of its media.
pub fn clip(id: &str, location: &str, start_ms: i64, end_ms: i64) -> Element {
    clip_from(id, location, 0, start_ms, end_ms)
}

/// A clip from `in_ms` of its media on.
pub fn clip_from(id: &str, location: &str, in_ms: i64, start_ms: i64, end_ms: i64) -> Element {
    element(id, Content::Video(trimmed(location, in_ms, end_ms - start_ms)), start_ms, end_ms)
}

/// Sound from `in_ms` of its media on.
pub fn audio(id: &str, location: &str, in_ms: i64, start_ms: i64, end_ms: i64) -> Element {
    element(id, Content::Audio(trimmed(location, in_ms, end_ms - start_ms)), start_ms, end_ms)
}

fn trimmed(location: &str, in_ms: i64, length_ms: i64) -> Clip {
    Clip::once(source(location), range(in_ms, in_ms + length_ms), Rational::ONE)
}

/// A still picture.
pub fn still(id: &str, location: &str, start_ms: i64, end_ms: i64) -> Element {
    element(id, Content::Image(source(location)), start_ms, end_ms)
}

/// Words in the embedded font.
pub fn title(id: &str, words: &str, start_ms: i64, end_ms: i64) -> Element {
    let mut text = Text::new(words);
    text.font_family = "DejaVu Sans".to_owned();
    text.font_size = Rational::integer(40);
    element(id, Content::Text(Box::new(text)), start_ms, end_ms)
}

fn motion(kind: MotionType, start_ms: i64, length_ms: i64, reversed: bool) -> Motion {
    Motion {
        kind,
        record_range: range(start_ms, start_ms + length_ms),
        easing: Easing::EaseOut,
        reversed,
        scope: MotionScope::Element,
        delay: Time::ZERO,
        repeats: false,
    }
}

/// A fade from nothing.
pub fn fade_in(start_ms: i64, length_ms: i64) -> Motion {
    motion(MotionType::Fade, start_ms, length_ms, false)
}

/// A slide out of the canvas to the left.
pub fn slide_out(start_ms: i64, length_ms: i64) -> Motion {
    motion(MotionType::SlideLeft, start_ms, length_ms, true)
}

/// A transition between two elements.
pub fn transition(kind: TransitionType, from: &str, to: &str, start_ms: i64, end_ms: i64) -> Transition {
    Transition {
        kind,
        from: Some(from.to_owned()),
        to: Some(to.to_owned()),
        record_range: range(start_ms, end_ms),
        audio: TransitionAudio::Crossfade,
        z_index: None,
        origin: None,
    }
}
