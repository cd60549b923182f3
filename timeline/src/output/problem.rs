//! Settings that a format or a codec does not have, and what it has instead.

use super::{AudioCodec, LOUDNESS_RANGE, Output, VideoCodec};
use crate::catalog::OutputFormat;
use crate::rational::Rational;

/// A setting that does not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettingProblem {
    /// The property in source.
    pub property: &'static str,
    /// What sort it is of.
    pub kind: ProblemKind,
    /// What is wrong, in the author's words.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// What sort of problem it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProblemKind {
    /// The format or codec does not have the setting, or not with this value.
    NotTaken,
    /// A number outside of what the codec takes.
    OutOfRange,
    /// The background cannot be transparent.
    NoAlpha,
}

pub(super) fn problems(output: &Output) -> Vec<SettingProblem> {
    let mut found = Found { output, problems: Vec::new() };
    found.codecs();
    found.alpha();
    found.picture();
    found.still_and_gif();
    found.sound();
    found.problems
}

struct Found<'a> {
    output: &'a Output,
    problems: Vec<SettingProblem>,
}

impl Found<'_> {
    fn add(&mut self, property: &'static str, kind: ProblemKind, message: String, help: impl Into<String>) {
        self.problems.push(SettingProblem { property, kind, message, help: help.into() });
    }

    /// `what` has no `property`; `instead` says who has.
    fn not_taken(&mut self, property: &'static str, what: &str, instead: impl Into<String>) {
        let message = format!("{what} has no `{property}`");
        self.add(property, ProblemKind::NotTaken, message, instead);
    }

    fn range(&mut self, property: &'static str, of: &str, value: u32, (low, high): (u32, u32)) {
        if !(low..=high).contains(&value) {
            let message = format!("`{property}` of {of} cannot be {value}: it goes from {low} to {high}");
            let nearest = value.clamp(low, high);
            self.add(property, ProblemKind::OutOfRange, message, format!("the nearest is {nearest}"));
        }
    }

    fn codecs(&mut self) {
        let format = self.output.format;
        if let Some(codec) = self.output.encoder.codec
            && !format.video_codecs().contains(&codec)
        {
            let homes = OutputFormat::ALL.iter().filter(|format| format.video_codecs().contains(&codec));
            let homes = list(homes.map(|format| format.name()));
            let message = format!("{format} cannot hold {codec}");
            let help = match format.video_codecs() {
                [] => format!("leave `codec` away, or write {homes}, which can"),
                own => {
                    let own = list(own.iter().map(|codec| codec.name()));
                    format!("it holds {own}; {codec} goes into {homes}")
                }
            };
            self.add("codec", ProblemKind::NotTaken, message, help);
        }
        if let Some(codec) = self.output.encoder.audio_codec
            && !format.audio_codecs().contains(&codec)
        {
            let homes = OutputFormat::ALL.iter().filter(|format| format.audio_codecs().contains(&codec));
            let homes = list(homes.map(|format| format.name()));
            let message = format!("{format} cannot hold {codec} sound");
            let help = match format.audio_codecs() {
                [] => format!("it is silent; {codec} goes into {homes}"),
                own => {
                    let own = list(own.iter().map(|codec| codec.name()));
                    format!("its sound is {own}; {codec} goes into {homes}")
                }
            };
            self.add("audio_codec", ProblemKind::NotTaken, message, help);
        }
    }

    fn alpha(&mut self) {
        let output = self.output;
        if !output.alpha {
            return;
        }
        let no_alpha = ProblemKind::NoAlpha;
        if !output.format.supports_alpha() {
            let message = format!("{} cannot keep the background transparent", output.format);
            self.add("alpha", no_alpha, message, "use `webm`, `mov`, `gif` or `png`");
            return;
        }
        match output.video_codec() {
            Some(codec) if !codec.supports_alpha() => {
                let message = format!("{codec} cannot keep the background transparent");
                let help = match output.format {
                    OutputFormat::Webm => "in a webm, `vp9` can",
                    _ => "in a mov, `prores` can",
                };
                self.add("alpha", no_alpha, message, help);
            }
            Some(VideoCodec::Prores) if !output.prores_profile().is_4444() => {
                let profile = output.prores_profile();
                let message = format!("prores `{profile}` cannot keep the background transparent");
                self.add("alpha", no_alpha, message, "`profile: p4444` and `profile: p4444xq` can");
            }
            _ => {}
        }
    }

    fn picture(&mut self) {
        let encoder = &self.output.encoder;
        let codec = self.output.video_codec();
        let name = codec.map_or(self.output.format.name(), VideoCodec::name);
        if encoder.profile.is_some() && codec != Some(VideoCodec::Prores) {
            self.not_taken("profile", name, "it belongs to `codec: prores` in a mov");
        }
        let rated = codec.and_then(VideoCodec::max_crf);
        let instead = match (self.output.format, codec) {
            (_, Some(VideoCodec::Prores)) => "how much it keeps is its `profile`",
            (OutputFormat::Gif, _) => "a gif has `colors` and `dither`",
            (OutputFormat::Jpg, _) => "a jpg has `quality`",
            (OutputFormat::Png, _) => "a png loses nothing",
            _ => "it holds no pictures",
        };
        if encoder.preset.is_some() && rated.is_none() {
            self.not_taken("preset", name, instead);
        }
        match (encoder.crf, rated) {
            (Some(_), None) => self.not_taken("crf", name, instead),
            (Some(crf), Some(highest)) => self.range("crf", name, crf.into(), (0, highest.into())),
            (None, _) => {}
        }
    }

    fn still_and_gif(&mut self) {
        let encoder = self.output.encoder.clone();
        let format = self.output.format;
        let name = format.name();
        match encoder.quality {
            Some(quality) if format == OutputFormat::Jpg => {
                self.range("quality", name, quality.into(), (1, 100));
            }
            Some(_) => {
                let rated = self.output.video_codec().is_some_and(|codec| codec.max_crf().is_some());
                let instead =
                    if rated { "its quality is `crf`; lower is better" } else { "it belongs to a jpg" };
                self.not_taken("quality", name, instead);
            }
            None => {}
        }
        let gif = format == OutputFormat::Gif;
        let of_gif = [
            ("colors", encoder.colors.is_some()),
            ("dither", encoder.dither.is_some()),
            ("plays", encoder.plays.is_some()),
        ];
        for (property, _) in of_gif.into_iter().filter(|(_, is_said)| *is_said && !gif) {
            self.not_taken(property, name, "it belongs to a gif");
        }
        if let Some(colors) = encoder.colors.filter(|_| gif) {
            self.range("colors", name, colors.into(), (2, 256));
        }
        if encoder.time.is_some() && !format.is_still() {
            self.not_taken("time", name, "it belongs to a png or jpg, which show one instant");
        }
    }

    fn sound(&mut self) {
        let encoder = self.output.encoder.clone();
        let codec = self.output.audio_codec();
        let name = codec.map_or(self.output.format.name(), AudioCodec::name);
        let silent = codec.is_none();
        match (encoder.audio_bitrate_kbps, codec) {
            (Some(rate), Some(AudioCodec::Aac | AudioCodec::Opus)) => {
                self.range("audio_bitrate", name, rate, (32, 512));
            }
            (Some(_), _) => {
                let instead = if silent { "it is silent" } else { "its quality is `sample_format`" };
                self.not_taken("audio_bitrate", name, instead);
            }
            (None, _) => {}
        }
        if encoder.sample_format.is_some() && codec != Some(AudioCodec::Pcm) {
            let instead = if silent { "it is silent" } else { "its quality is `audio_bitrate`" };
            self.not_taken("sample_format", name, instead);
        }
        if let Some(loudness) = encoder.loudness {
            let (low, high) = LOUDNESS_RANGE;
            if silent {
                self.not_taken("loudness", name, "it is silent");
            } else if loudness < Rational::integer(low) || loudness > Rational::integer(high) {
                let message =
                    format!("`loudness` cannot be {loudness}lufs: it goes from {low} to {high}lufs");
                let nearest = if loudness < Rational::integer(low) { low } else { high };
                self.add(
                    "loudness",
                    ProblemKind::OutOfRange,
                    message,
                    format!("the nearest is {nearest}lufs"),
                );
            }
        }
    }
}

/// Names in a row: `a`, `b` or `c`.
fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{EncoderSettings, Preset, ProresProfile, SampleFormat};
    use super::*;
    use crate::time::Time;

    fn said(format: OutputFormat, alpha: bool, encoder: EncoderSettings) -> Vec<String> {
        let output = Output { alpha, encoder, ..Output::new(format) };
        output
            .problems()
            .into_iter()
            .map(|problem| format!("{}; {}", problem.message, problem.help))
            .collect()
    }

    #[test]
    fn defaults_fit_everywhere() {
        for &format in OutputFormat::ALL {
            assert_eq!(said(format, format.supports_alpha(), EncoderSettings::DEFAULT), [""; 0], "{format}");
        }
    }

    #[test]
    fn a_container_names_the_codecs_it_holds() {
        let codec = |codec| EncoderSettings { codec: Some(codec), ..EncoderSettings::DEFAULT };
        assert_eq!(
            said(OutputFormat::Webm, false, codec(VideoCodec::H264)),
            ["webm cannot hold h264; it holds `vp9` or `av1`; h264 goes into `mp4` or `mov`"]
        );
        assert_eq!(
            said(OutputFormat::Gif, false, codec(VideoCodec::Vp9)),
            ["gif cannot hold vp9; leave `codec` away, or write `webm`, which can"]
        );
        assert_eq!(
            said(OutputFormat::Mov, true, codec(VideoCodec::H264)),
            ["h264 cannot keep the background transparent; in a mov, `prores` can"]
        );
    }

    #[test]
    fn a_setting_belongs_to_its_codec() {
        let crf = |crf| EncoderSettings { crf: Some(crf), ..EncoderSettings::DEFAULT };
        assert_eq!(
            said(OutputFormat::Mp4, false, crf(60)),
            ["`crf` of h264 cannot be 60: it goes from 0 to 51; the nearest is 51"]
        );
        assert_eq!(said(OutputFormat::Webm, false, crf(60)), [""; 0]);
        assert_eq!(
            said(OutputFormat::Mov, false, crf(20)),
            ["prores has no `crf`; how much it keeps is its `profile`"]
        );
        let of_wav = EncoderSettings {
            preset: Some(Preset::Slow),
            time: Some(Time::ZERO),
            quality: Some(50),
            ..EncoderSettings::DEFAULT
        };
        assert_eq!(
            said(OutputFormat::Wav, true, of_wav),
            [
                "wav cannot keep the background transparent; use `webm`, `mov`, `gif` or `png`",
                "wav has no `preset`; it holds no pictures",
                "wav has no `quality`; it belongs to a jpg",
                "wav has no `time`; it belongs to a png or jpg, which show one instant",
            ]
        );
        let sound = EncoderSettings { sample_format: Some(SampleFormat::S16), ..EncoderSettings::DEFAULT };
        assert_eq!(
            said(OutputFormat::Webm, false, sound),
            ["opus has no `sample_format`; its quality is `audio_bitrate`"]
        );
    }

    #[test]
    fn a_transparent_prores_keeps_all_colour() {
        let profile = |profile| EncoderSettings { profile, ..EncoderSettings::DEFAULT };
        let output = Output { alpha: true, ..Output::new(OutputFormat::Mov) };
        assert_eq!(output.prores_profile(), ProresProfile::P4444);
        assert_eq!(
            said(OutputFormat::Mov, true, profile(Some(ProresProfile::Hq))),
            [
                "prores `hq` cannot keep the background transparent; `profile: p4444` and `profile: p4444xq` can"
            ]
        );
    }
}
