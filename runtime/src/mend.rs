//! Damaged media, read once into files without loss, for those who ask for leniency.
//!
//! What a decoder makes of damage is not the same every time, so a film that read a damaged file while
//! it is made could differ between its segments. Here the file is decoded once, by one thread: a picture
//! that does not come out cleanly gives way to the one before it, a packet of sound to silence. The
//! result is kept in the store under the hash of the damaged file, and every segment reads that.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use vid_timeline::{AudioCodec, FrameRate, MediaFacts, MediaKind, Preset, SampleFormat, Time};

use crate::assets::ContentHash;
use crate::error::RenderError;
use crate::isolate::{ConfinedSound, ConfinedVideo, Damage, Intake, Way};
use crate::media::{
    AudioEncodeSettings, AudioEncoder, AudioSource, CHANNELS, EncodeSettings, FrameAt, FrameSpec, MediaError,
    PixelFormat, Range, Scaler, VideoCodec, VideoEncoder, VideoFrame, VideoSource, library_versions, limits,
};
use crate::store::{Piece, SegmentStore};

/// A file that was found to be damaged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mended {
    /// The damaged file.
    pub path: PathBuf,
    /// Pictures that could not be decoded; the one before each is shown instead.
    pub pictures: u64,
    /// Packets of sound that could not be decoded; they are silent.
    pub packets: u64,
}

/// What is read in place of a damaged file.
pub(crate) struct Substitute {
    /// What was damaged.
    pub(crate) mended: Mended,
    /// Name of the content.
    pub(crate) key: ContentHash,
    /// The pictures, where the file has some.
    pub(crate) pictures: Option<PathBuf>,
    /// The sound, where the file has some.
    pub(crate) sound: Option<PathBuf>,
}

/// What is remembered of a file that was looked through.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Account {
    pictures: u64,
    packets: u64,
}

/// Changes whenever the same damaged file would become another substitute.
const VERSION: u32 = 2;
/// Rate of pictures where the file does not say one.
const GUESSED_RATE: u32 = 25;
/// Pairs of samples read at a time.
const BLOCK: usize = 1 << 15;

/// Looks through a file for damage and returns what to read instead; `None` for a sound one. Both are
/// remembered in the store.
pub(crate) fn mend(
    path: &Path,
    hash: ContentHash,
    facts: &MediaFacts,
    intake: &Intake,
    store: &SegmentStore,
) -> Result<Option<Substitute>, RenderError> {
    if facts.kind == MediaKind::Image {
        return Ok(None);
    }
    let key = ContentHash::of(format!("mended {VERSION} {hash} {:?}", library_versions()).as_bytes());
    let medium = Medium { path, facts, intake };
    let account = match remembered(store, key) {
        Some(account) => account,
        None => {
            let account = Account { pictures: medium.pictures(None)?, packets: medium.sound(None)? };
            if account == (Account { pictures: 0, packets: 0 }) {
                remember(store, key, account)?;
            }
            account
        }
    };
    if account == (Account { pictures: 0, packets: 0 }) {
        return Ok(None);
    }
    let found = |piece, needed: bool| (!needed).then_some(None).or_else(|| store.find(piece, key).map(Some));
    let pieces =
        found(Piece::Mended, facts.video.is_some()).zip(found(Piece::MendedSound, facts.audio.is_some()));
    let (account, pictures, sound) = match pieces {
        Some((pictures, sound)) => (account, pictures, sound),
        None => medium.write(store, key)?,
    };
    let mended = Mended { path: path.to_owned(), pictures: account.pictures, packets: account.packets };
    Ok(Some(Substitute { mended, key, pictures, sound }))
}

fn remembered(store: &SegmentStore, key: ContentHash) -> Option<Account> {
    let text = std::fs::read(store.find(Piece::Account, key)?).ok()?;
    serde_json::from_slice(&text).ok()
}

fn remember(store: &SegmentStore, key: ContentHash, account: Account) -> Result<(), RenderError> {
    let file = store.temporary(Piece::Account)?;
    let text = serde_json::to_vec(&account).expect("two numbers serialise");
    std::fs::write(&file, text).map_err(|error| RenderError::io("write", &file, error))?;
    store.publish(Piece::Account, key, file)?;
    Ok(())
}

/// A file and how it is read.
struct Medium<'a> {
    path: &'a Path,
    facts: &'a MediaFacts,
    intake: &'a Intake,
}

enum Pictures {
    Here(Box<VideoSource>),
    Confined(Box<ConfinedVideo>),
}

enum Sound {
    Here(Box<AudioSource>),
    Confined(Box<ConfinedSound>),
}

impl Medium<'_> {
    /// Writes pictures and sound into the store.
    fn write(
        &self,
        store: &SegmentStore,
        key: ContentHash,
    ) -> Result<(Account, Option<PathBuf>, Option<PathBuf>), RenderError> {
        let (mut pictures, mut sound) = (None, None);
        let mut account = Account { pictures: 0, packets: 0 };
        if self.facts.video.is_some() {
            let file = store.temporary(Piece::Mended)?;
            account.pictures = self.pictures(Some(&file))?;
            pictures = Some(store.publish(Piece::Mended, key, file)?);
        }
        if self.facts.audio.is_some() {
            let file = store.temporary(Piece::MendedSound)?;
            account.packets = self.sound(Some(&file))?;
            sound = Some(store.publish(Piece::MendedSound, key, file)?);
        }
        remember(store, key, account)?;
        Ok((account, pictures, sound))
    }

    /// Reads the pictures at an even rate, writes them to `out`, and returns how many were left out.
    fn pictures(&self, out: Option<&Path>) -> Result<u64, RenderError> {
        let Some(video) = &self.facts.video else { return Ok(0) };
        let guessed = FrameRate::whole(GUESSED_RATE).unwrap_or_default();
        let rate = video.frame_rate.unwrap_or(guessed);
        let end = video.duration.or(self.facts.duration).map(|duration| video.start + duration);
        let mut source = match self.intake {
            Intake::Here => Pictures::Here(Box::new(VideoSource::open_lenient(self.path)?)),
            Intake::Confined(confinement) => {
                let open = ConfinedVideo::open(confinement, self.path, self.facts.duration, Way::Lenient);
                Pictures::Confined(Box::new(open?))
            }
        };
        let mut writer = None;
        for number in 0..i64::try_from(limits::MAX_PICTURES).unwrap_or(i64::MAX) {
            let time = Time::from_frame(number, rate);
            let found = source.frame_at(time)?;
            // Where nobody says how long it is, it ends a second after its last picture.
            if end.map_or(time > found.start + Time::new(1, 1), |end| time >= end) && number > 0 {
                break;
            }
            if let Some(out) = out {
                let writer = match &mut writer {
                    Some(writer) => writer,
                    None => writer.insert(PictureWriter::create(out, &found.frame, rate)?),
                };
                writer.send(&found.frame)?;
            }
        }
        if let Some(writer) = writer {
            writer.encoder.finish()?;
        }
        Ok(source.skipped()?)
    }

    /// Reads the sound, writes it to `out`, and returns how many packets were left out.
    fn sound(&self, out: Option<&Path>) -> Result<u64, RenderError> {
        if self.facts.audio.is_none() {
            return Ok(0);
        }
        let mut source = match self.intake {
            Intake::Here => Sound::Here(Box::new(AudioSource::open_lenient(self.path)?)),
            Intake::Confined(confinement) => {
                let open = ConfinedSound::open(confinement, self.path, self.facts.duration, Damage::Skip);
                Sound::Confined(Box::new(open?))
            }
        };
        let settings = AudioEncodeSettings {
            codec: AudioCodec::Pcm,
            sample_format: SampleFormat::F32,
            ..AudioEncodeSettings::default()
        };
        let mut encoder = out.map(|out| AudioEncoder::create(out, settings)).transpose()?;
        let mut block = vec![0.0; BLOCK * CHANNELS];
        let longest = Time::new(limits::MAX_DURATION_SECONDS, 1).to_sample();
        for start in (0..longest).step_by(BLOCK) {
            let inside = source.read(start, &mut block)?;
            if let Some(encoder) = &mut encoder {
                // A decoder may make anything of damage, and what is no number cannot be mixed.
                block.iter_mut().filter(|sample| !sample.is_finite()).for_each(|sample| *sample = 0.0);
                encoder.send(&block[..inside * CHANNELS])?;
            }
            if inside < BLOCK {
                break;
            }
        }
        if let Some(encoder) = encoder {
            encoder.finish()?;
        }
        Ok(source.skipped()?)
    }
}

impl Pictures {
    fn frame_at(&mut self, time: Time) -> Result<FrameAt, MediaError> {
        match self {
            Self::Here(source) => source.frame_at(time),
            Self::Confined(source) => source.frame_at(time),
        }
    }

    fn skipped(&mut self) -> Result<u64, MediaError> {
        match self {
            Self::Here(source) => Ok(source.skipped()),
            Self::Confined(source) => source.skipped(),
        }
    }
}

impl Sound {
    fn read(&mut self, start: i64, block: &mut [f32]) -> Result<usize, MediaError> {
        match self {
            Self::Here(source) => source.read(start, block),
            Self::Confined(source) => source.read(start, block),
        }
    }

    fn skipped(&mut self) -> Result<u64, MediaError> {
        match self {
            Self::Here(source) => Ok(source.skipped()),
            Self::Confined(source) => source.skipped(),
        }
    }
}

/// Writes frames of one shape without loss.
struct PictureWriter {
    encoder: VideoEncoder,
    /// Where the codec does not have the format of the frames.
    converted: Option<(Scaler, VideoFrame)>,
}

impl PictureWriter {
    fn create(out: &Path, frame: &VideoFrame, rate: FrameRate) -> Result<Self, MediaError> {
        let stored = frame.spec();
        let spec = kept_spec(stored);
        let converted = match spec.format == stored.format {
            true => None,
            false => Some((Scaler::new(), VideoFrame::allocate(&spec)?)),
        };
        let settings = EncodeSettings {
            codec: VideoCodec::Lossless,
            preset: Preset::Medium,
            crf: 0,
            frame: spec,
            frame_rate: rate,
            gop: 1,
            threads: 1,
            peak: frame.peak(),
        };
        Ok(Self { encoder: VideoEncoder::create(out, settings)?, converted })
    }

    fn send(&mut self, frame: &VideoFrame) -> Result<(), MediaError> {
        match &mut self.converted {
            None => self.encoder.send(frame),
            Some((scaler, kept)) => {
                scaler.convert(frame, kept)?;
                self.encoder.send(kept)
            }
        }
    }
}

/// The shape that holds everything a frame does and that the codec can write.
fn kept_spec(stored: FrameSpec) -> FrameSpec {
    let other = match stored.format.name().as_str() {
        "yuvj420p" => "yuv420p",
        "yuvj422p" => "yuv422p",
        "yuvj444p" => "yuv444p",
        "rgb24" | "bgr24" | "rgb0" | "0rgb" | "0bgr" => "bgr0",
        "rgba" | "argb" | "abgr" => "bgra",
        _ => return stored,
    };
    let format = PixelFormat::from_name(other).unwrap_or(stored.format);
    let mut color = stored.color;
    color.range = Range::Full;
    FrameSpec { format, color, ..stored }
}
