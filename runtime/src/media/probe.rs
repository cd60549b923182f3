//! What a file holds, without decoding more than its first packets.

use std::path::Path;

use ffmpeg_next::ffi;
use vid_timeline::media::{AudioFacts, MediaFacts, MediaKind, VideoFacts};
use vid_timeline::{FrameRate, Time};

use super::error::{MediaError, StreamKind};
use super::limits::{self, Limit};
use super::mp3;
use super::open::Demuxer;
use super::pixel::PixelFormat;
use super::probe_image;
use super::stream::{IndexEntry, Stream};
use super::sys;

/// Measures a local file: film, sound or still.
///
/// Times are counted from the first presented instant of the file, after its edit list.
///
/// # Errors
/// [`MediaError::NotFound`], [`MediaError::Unreadable`], [`MediaError::Empty`],
/// [`MediaError::NotMedia`], [`MediaError::Truncated`], [`MediaError::Unsupported`] or
/// [`MediaError::LimitExceeded`], each naming the file.
pub fn probe(path: &Path) -> Result<MediaFacts, MediaError> {
    if let Some(facts) = probe_image::probe(path)? {
        return Ok(facts);
    }
    let demuxer = Demuxer::open(path)?;
    let video = match demuxer.stream(StreamKind::Video) {
        Ok(stream) => Some(video_facts(&demuxer, &stream)?),
        Err(_) => None,
    };
    let audio = match demuxer.stream(StreamKind::Audio) {
        Ok(stream) => Some(audio_facts(&demuxer, &stream)?),
        Err(_) => None,
    };
    let kind = if video.is_some() { MediaKind::Video } else { MediaKind::Audio };
    let duration = presentation_end(&video, &audio).or_else(|| demuxer.container_duration());
    if let Some(duration) = duration {
        let seconds = u64::try_from(duration.seconds().ceil()).unwrap_or(0);
        Limit::Duration.at_most(path, seconds, limits::MAX_DURATION_SECONDS.unsigned_abs())?;
    }
    let size_bytes = std::fs::metadata(path).map_err(|error| MediaError::reading(path, &error))?.len();
    Ok(MediaFacts { kind, container: container_name(&demuxer), duration, video, audio, size_bytes })
}

/// The end of the stream that lasts longest, where the lengths are known.
fn presentation_end(video: &Option<VideoFacts>, audio: &Option<AudioFacts>) -> Option<Time> {
    let video = video.as_ref().and_then(|facts| Some(facts.start + facts.duration?));
    let audio = audio.as_ref().and_then(|facts| Some(facts.start + facts.duration?));
    video.max(audio)
}

/// One short name out of FFmpeg's list of aliases.
fn container_name(demuxer: &Demuxer) -> String {
    match demuxer.format_name().as_str() {
        "mov,mp4,m4a,3gp,3g2,mj2" => "mp4".to_owned(),
        name => name.split(',').next().unwrap_or(name).to_owned(),
    }
}

fn video_facts(demuxer: &Demuxer, stream: &Stream<'_>) -> Result<VideoFacts, MediaError> {
    let unsupported = |what: &str| MediaError::Unsupported {
        path: demuxer.path().to_owned(),
        what: format!("{what} ({})", stream.codec_name()),
    };
    let (coded_width, coded_height) = stream.coded_size();
    if (coded_width, coded_height) == (0, 0) {
        return Err(unsupported("a picture stream whose size cannot be found"));
    }
    limits::check_picture(demuxer.path(), coded_width, coded_height)?;
    let format =
        stream.pixel_format().ok_or_else(|| unsupported("a picture stream without a pixel format"))?;
    // The looked-ahead decoder leaves out the opacity that ours decodes.
    let format = match format {
        PixelFormat::YUV420P if stream.declares_alpha() => PixelFormat::YUVA420P,
        format => format,
    };
    let timing = Timing::measure(demuxer, stream);
    Limit::Pictures.at_most(demuxer.path(), timing.frames.unwrap_or(0), limits::MAX_PICTURES)?;
    let orientation = stream.orientation();
    let (width, height) = orientation.size(coded_width, coded_height);
    let aspect = stream.sample_aspect();
    Ok(VideoFacts {
        codec: stream.codec_name(),
        width,
        height,
        frame_rate: timing.rate,
        variable_frame_rate: timing.is_variable,
        frame_count: timing.frames,
        duration: stream.duration().or_else(|| demuxer.container_duration()),
        start: demuxer.stream_start(StreamKind::Video)?,
        pixel_format: format.name(),
        bit_depth: format.bit_depth(),
        has_alpha: format.has_alpha(),
        sample_aspect: if orientation.is_sideways() { (aspect.1, aspect.0) } else { aspect },
        rotation: orientation.degrees(),
        interlaced: stream.is_interlaced(),
        color: stream.color().to_facts(),
    })
}

fn audio_facts(demuxer: &Demuxer, stream: &Stream<'_>) -> Result<AudioFacts, MediaError> {
    limits::check_sound(demuxer.path(), stream.sample_rate(), stream.channels())?;
    let start = demuxer.stream_start(StreamKind::Audio)?;
    // Where only the whole file has a length, it includes what lies before the first sample.
    let duration = stream.duration().or_else(|| demuxer.container_duration().map(|whole| whole - start));
    let padding = match container_name(demuxer).as_str() {
        "mp3" => mp3::padding(demuxer.path()).unwrap_or(Time::ZERO),
        _ => Time::ZERO,
    };
    Ok(AudioFacts {
        codec: stream.codec_name(),
        sample_rate: stream.sample_rate(),
        channels: u16::try_from(stream.channels()).unwrap_or(u16::MAX),
        layout: stream.layout_name(),
        duration: duration.map(|duration| duration - padding).filter(|duration| !duration.is_negative()),
        start,
    })
}

/// Rate and count of a picture stream.
struct Timing {
    rate: Option<FrameRate>,
    is_variable: bool,
    frames: Option<u64>,
}

impl Timing {
    fn measure(demuxer: &Demuxer, stream: &Stream<'_>) -> Self {
        // Only the MP4 family lists every sample, in decoding time, which is as even as the rate.
        let shown: Vec<_> = match demuxer.is_mov() && stream.frame_count().is_some() {
            true => stream.index_entries().filter(|entry| !entry.is_hidden).collect(),
            false => Vec::new(),
        };
        if shown.len() < 2 {
            return Self::declared(stream);
        }
        let frames = Some(shown.len() as u64);
        match even_step(&shown) {
            Some(step) => Self { rate: rate_of_step(step, stream.time_base()), is_variable: false, frames },
            None => Self { rate: stream.average_rate(), is_variable: true, frames },
        }
    }

    /// What the container says, where its index does not list frames.
    fn declared(stream: &Stream<'_>) -> Self {
        let (average, grid) = (stream.average_rate(), stream.grid_rate());
        let frames = stream.frame_count();
        match (average, grid) {
            (Some(average), Some(grid)) if !is_near(average, grid) => {
                Self { rate: Some(average), is_variable: true, frames }
            }
            // The grid is exact where the average carries the container's rounding.
            (_, Some(grid)) => Self { rate: Some(grid), is_variable: false, frames },
            (average, None) => Self { rate: average, is_variable: false, frames },
        }
    }
}

/// The distance in ticks that all entries keep, allowing one tick of rounding where the rate does
/// not fit the time base: then it is the average.
fn even_step(entries: &[IndexEntry]) -> Option<(i64, i64)> {
    let steps: Vec<_> = entries.windows(2).map(|pair| pair[1].ticks - pair[0].ticks).collect();
    let (least, most) = (*steps.iter().min()?, *steps.iter().max()?);
    match most - least {
        0 if least > 0 => Some((least, 1)),
        1 if least > 0 => Some((steps.iter().sum(), steps.len() as i64)),
        _ => None,
    }
}

/// The rate of one frame per `ticks / frames` ticks. A step that was rounded to the time base is
/// taken for the usual rate within its rounding.
fn rate_of_step((ticks, frames): (i64, i64), time_base: ffi::AVRational) -> Option<FrameRate> {
    let exact = vid_timeline::Rational::integer(frames)
        .checked_div(vid_timeline::Rational::integer(ticks) * sys::tick_seconds(time_base))?;
    let exact =
        FrameRate::new(u32::try_from(exact.numerator()).ok()?, u32::try_from(exact.denominator()).ok()?)?;
    if frames == 1 {
        return Some(exact);
    }
    let usual = [(24, 1), (25, 1), (30, 1), (50, 1), (60, 1), (24000, 1001), (30000, 1001), (60000, 1001)];
    let usual = usual.into_iter().filter_map(|(n, d)| FrameRate::new(n, d));
    let distance = |rate: &FrameRate| (rate.per_second() - exact.per_second()).abs();
    let nearest =
        usual.min_by_key(distance).filter(|rate| distance(rate) < vid_timeline::Rational::ratio(1, 100));
    Some(nearest.unwrap_or(exact))
}

/// Whether two rates differ by less than a hundredth.
fn is_near(a: FrameRate, b: FrameRate) -> bool {
    let difference = (a.per_second() - b.per_second()).abs();
    difference * vid_timeline::Rational::integer(100) < b.per_second()
}
