//! What the tests of features share: files in memory, with a cursor at `$0`.

use vid_compiler::{Compiler, MemorySystem, SourceId};
use vid_timeline::{MediaFacts, MediaKind, Rational, Time, VideoFacts};

use crate::ide::Source;

/// Files in memory, with the place of the cursor in the first of them.
pub struct Fixture {
    pub compiler: Compiler,
    pub id: SourceId,
    pub offset: usize,
    pub text: String,
}

impl Fixture {
    /// One file with a cursor at `$0`, called `film.vid`.
    pub fn new(text: &str) -> Self {
        Self::with(text, &[])
    }

    /// A file with a cursor, and others beside it.
    pub fn with(text: &str, others: &[(&str, &str)]) -> Self {
        let offset = text.find("$0").unwrap_or(text.len());
        let text = text.replacen("$0", "", 1);
        let system = MemorySystem::new();
        system.write("film.vid", text.as_str());
        for (path, text) in others {
            system.write(path, *text);
        }
        let mut compiler = Compiler::new(system);
        let id = compiler.open("film.vid");
        for (path, _) in others.iter().filter(|(path, _)| path.ends_with(".vid")) {
            compiler.open(path);
        }
        compiler.set_media_facts("clip.mp4", Ok(clip()));
        Self { compiler, id, offset, text }
    }

    /// The first file.
    pub fn source(&self) -> Source<'_> {
        Source::new(&self.compiler, self.id).unwrap()
    }
}

/// Ten seconds of 1920×1080 at 25 frames a second, without sound.
pub fn clip() -> MediaFacts {
    let seconds = Time::from_seconds(Rational::integer(10));
    MediaFacts {
        kind: MediaKind::Video,
        container: "mp4".to_owned(),
        duration: Some(seconds),
        video: Some(VideoFacts {
            codec: "h264".to_owned(),
            width: 1920,
            height: 1080,
            frame_rate: vid_timeline::FrameRate::whole(25),
            variable_frame_rate: false,
            frame_count: Some(250),
            duration: Some(seconds),
            start: Time::ZERO,
            pixel_format: "yuv420p".to_owned(),
            bit_depth: 8,
            has_alpha: false,
            sample_aspect: (1, 1),
            rotation: 0,
            interlaced: false,
            color: vid_timeline::ColorTags::default(),
        }),
        audio: None,
        size_bytes: 1_000_000,
    }
}
