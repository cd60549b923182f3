//! An `output` as the timeline has it.

use vid_timeline::{
    AudioCodec, Dither, EncoderSettings, Output, OutputFormat, Preset, ProresProfile, SampleFormat, Time,
    VideoCodec,
};

use super::read::Reader;
use crate::schedule::Properties;

/// The output that the properties describe. Numbers that no codec takes have been reported and read as
/// the nearest that the field holds.
pub(crate) fn output(properties: &Properties) -> Output {
    let reader = Reader::new(properties, Time::ZERO);
    Output {
        format: word(&reader, "format", OutputFormat::from_name).unwrap_or(OutputFormat::Mp4),
        filename: reader.text("filename"),
        alpha: reader.flag("alpha").unwrap_or(false),
        encoder: EncoderSettings {
            codec: word(&reader, "codec", VideoCodec::from_name),
            profile: word(&reader, "profile", ProresProfile::from_name),
            preset: word(&reader, "preset", Preset::from_name),
            crf: number(&reader, "crf"),
            quality: number(&reader, "quality"),
            colors: number(&reader, "colors"),
            dither: word(&reader, "dither", Dither::from_name),
            plays: number(&reader, "plays"),
            time: reader.time("time"),
            audio_codec: word(&reader, "audio_codec", AudioCodec::from_name),
            audio_bitrate_kbps: number(&reader, "audio_bitrate"),
            sample_format: word(&reader, "sample_format", SampleFormat::from_name),
            loudness: reader.loudness("loudness"),
        },
        origin: None,
    }
}

fn word<T>(reader: &Reader<'_>, name: &str, from_name: impl Fn(&str) -> Option<T>) -> Option<T> {
    reader.word(name).and_then(|word| from_name(&word))
}

fn number<T: TryFrom<i64>>(reader: &Reader<'_>, name: &str) -> Option<T> {
    reader.integer(name).and_then(|number| T::try_from(number).ok())
}
