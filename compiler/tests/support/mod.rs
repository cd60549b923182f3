//! What tests over whole sources share: a source with what lies beside it, and facts of media in words.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::sync::Arc;

use vid_compiler::{
    CompileRequest, Compiled, Compiler, MediaProblem, MediaProblemKind, MemorySystem, Severity, Sharing,
    SourceId,
};
use vid_timeline::{
    AudioFacts, ColorTags, FrameRate, MediaFacts, MediaKind, Rational, Time, Timeline, VideoFacts,
};

/// Name of the source of a stage.
pub const SOURCE: &str = "film.vid";

/// A source, and what it finds when it looks around.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    /// The text of [`SOURCE`].
    pub source: String,
    /// What is known of media, a line each; see [`media`].
    pub media: String,
    /// Path and text of other files.
    pub files: Vec<(String, String)>,
}

impl Stage {
    /// A source with nothing beside it.
    pub fn of(source: &str) -> Self {
        Self { source: source.to_owned(), ..Self::default() }
    }

    /// A compiler that knows all of it.
    pub fn open(&self, sharing: Sharing) -> (Compiler, SourceId) {
        let system = MemorySystem::new();
        for (path, text) in &self.files {
            system.write(path, text.as_str());
        }
        let mut compiler = Compiler::new(system).with_sharing(sharing);
        for line in self.media.lines().filter(|line| !line.trim().is_empty()) {
            let (location, facts) = media(line);
            compiler.set_media_facts(location, facts);
        }
        let file = compiler.set_text(SOURCE, &self.source);
        (compiler, file)
    }

    /// What comes of compiling the only composition, or the one of that name.
    pub fn compile(&self, composition: Option<&str>) -> Compiled {
        let (compiler, file) = self.open(Sharing::default());
        let request =
            CompileRequest { composition: composition.map(str::to_owned), ..CompileRequest::default() };
        compiler.compile(file, &request)
    }

    /// The film of it.
    ///
    /// # Errors
    ///
    /// The messages that say why there is none.
    pub fn film(&self) -> Result<Arc<Timeline>, String> {
        film_of(self.compile(None))
    }
}

/// The film that came of compiling.
///
/// # Errors
///
/// The messages that say why there is none.
pub fn film_of(compiled: Compiled) -> Result<Arc<Timeline>, String> {
    let errors = compiled.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    let said: Vec<String> = errors.map(|d| format!("{} {}", d.code, d.message)).collect();
    match compiled.timeline {
        Some(timeline) if said.is_empty() => Ok(timeline),
        _ => Err(said.join("\n")),
    }
}

/// A file and what is known of it: `clip.mp4 video 10s 640x360 25fps sound`, `screen.mp4 video 5s 640x360
/// variable`, `a.mp3 audio 3s`, `b.png image 40x20`, `c.mp4 missing`, `d.mp4 unreadable the file is empty`.
pub fn media(line: &str) -> (&str, Result<MediaFacts, MediaProblem>) {
    let (location, words) = line.trim().split_once(' ').expect("a media line names a file and a kind");
    (location, facts(words))
}

/// What is known of a file, in the words of [`media`].
pub fn facts(words: &str) -> Result<MediaFacts, MediaProblem> {
    let mut words = words.split_whitespace();
    let kind = words.next().expect("a media line names a kind");
    let rest: Vec<&str> = words.collect();
    let problem = |kind| Err(MediaProblem { kind, message: rest.join(" ") });
    let kind = match kind {
        "video" => MediaKind::Video,
        "audio" => MediaKind::Audio,
        "image" => MediaKind::Image,
        "missing" => return problem(MediaProblemKind::Missing),
        "unreadable" => return problem(MediaProblemKind::Unreadable),
        "no-stream" => return problem(MediaProblemKind::NoStream),
        other => panic!("unknown media kind {other}"),
    };
    let seconds = |word: &&str| exact(word.strip_suffix('s')?).map(Time::from_seconds);
    let duration = rest.iter().find_map(seconds);
    let size = rest.iter().find_map(|word| {
        let (width, height) = word.split_once('x')?;
        Some((width.parse().ok()?, height.parse().ok()?))
    });
    let frame_rate = rest.iter().find_map(|word| FrameRate::whole(word.strip_suffix("fps")?.parse().ok()?));
    let video = size.map(|(width, height)| VideoFacts {
        codec: "h264".to_owned(),
        width,
        height,
        frame_rate: frame_rate.or(Some(FrameRate::DEFAULT)),
        variable_frame_rate: rest.contains(&"variable"),
        frame_count: None,
        duration,
        start: Time::ZERO,
        pixel_format: "yuv420p".to_owned(),
        bit_depth: 8,
        has_alpha: false,
        sample_aspect: (1, 1),
        rotation: 0,
        interlaced: false,
        color: ColorTags::default(),
    });
    let has_sound = kind == MediaKind::Audio || rest.contains(&"sound");
    let audio = has_sound.then(|| AudioFacts {
        codec: "aac".to_owned(),
        sample_rate: 48_000,
        channels: 2,
        layout: "stereo".to_owned(),
        duration,
        start: Time::ZERO,
    });
    Ok(MediaFacts { kind, container: "mp4".to_owned(), duration, video, audio, size_bytes: 1 })
}

/// A decimal, or a quotient such as `7/30`.
fn exact(text: &str) -> Option<Rational> {
    match text.split_once('/') {
        Some((over, under)) => Rational::from_decimal(over)?.checked_div(Rational::from_decimal(under)?),
        None => Rational::from_decimal(text),
    }
}
