//! Codecs, tags, lengths and bytes of every format.

use std::sync::atomic::{AtomicBool, Ordering};

use vid_runtime::{CancelToken, Phase, Progress, RenderError, Silent, Status};
use vid_timeline::{
    AudioCodec, EncoderSettings, Output, OutputFormat, Preset, ProresProfile, SampleFormat, Time, VideoCodec,
};

use crate::film::{Film, audio, clip, title};
use crate::stage::{decoded, heard, probed, render_in, rendered};

/// Two seconds of a clip and of another, with sound: two segments.
fn sample() -> Film {
    let mut film = Film::new(4);
    let mut words = title("words", "Hello", 500, 3500);
    words.layer.as_mut().unwrap().opacity = vid_timeline::Rational::integer(80).into();
    film.timeline.elements = vec![
        clip("a", "moving.mp4", 0, 2000),
        clip("b", "moving.mp4", 2000, 4000),
        words,
        audio("beep", "beep.wav", 0, 1000, 3000),
    ];
    film.z_by_order();
    film
}

fn of(format: OutputFormat, encoder: EncoderSettings) -> Output {
    Output { encoder, ..Output::new(format) }
}

fn codec(format: OutputFormat, codec: VideoCodec) -> Output {
    let preset = Some(Preset::Ultrafast).filter(|_| codec != VideoCodec::Prores);
    of(format, EncoderSettings { codec: Some(codec), preset, ..EncoderSettings::DEFAULT })
}

fn prores(profile: ProresProfile) -> Output {
    of(OutputFormat::Mov, EncoderSettings { profile: Some(profile), ..EncoderSettings::DEFAULT })
}

#[test]
fn another_program_finds_what_was_asked_for() {
    let entries = "stream=codec_name,profile,codec_tag_string,pix_fmt,color_range,color_space,color_transfer,color_primaries,nb_read_frames";
    let tags = "tv,bt709,bt709,bt709,100";
    let cases = [
        (codec(OutputFormat::Mp4, VideoCodec::H264), "h264,Constrained Baseline,avc1,yuv420p", "aac,LC,mp4a"),
        (codec(OutputFormat::Mp4, VideoCodec::Hevc), "hevc,Main,hvc1,yuv420p", "aac,LC,mp4a"),
        (codec(OutputFormat::Mp4, VideoCodec::Av1), "av1,Main,av01,yuv420p", "aac,LC,mp4a"),
        (
            codec(OutputFormat::Webm, VideoCodec::Vp9),
            "vp9,Profile 0,[0][0][0][0],yuv420p",
            "opus,unknown,[0]",
        ),
        (codec(OutputFormat::Webm, VideoCodec::Av1), "av1,Main,[0][0][0][0],yuv420p", "opus,unknown,[0]"),
        (
            codec(OutputFormat::Mov, VideoCodec::H264),
            "h264,Constrained Baseline,avc1,yuv420p",
            "pcm_s24le,unknown,in24",
        ),
        (prores(ProresProfile::Proxy), "prores,Proxy,apco,yuv422p10le", "pcm_s24le,unknown,in24"),
        (prores(ProresProfile::Lt), "prores,LT,apcs,yuv422p10le", "pcm_s24le,unknown,in24"),
        (prores(ProresProfile::Standard), "prores,Standard,apcn,yuv422p10le", "pcm_s24le,unknown,in24"),
        (prores(ProresProfile::Hq), "prores,HQ,apch,yuv422p10le", "pcm_s24le,unknown,in24"),
        (prores(ProresProfile::P4444), "prores,4444,ap4h,yuv444p12le", "pcm_s24le,unknown,in24"),
        (prores(ProresProfile::P4444Xq), "prores,XQ,ap4x,yuv444p12le", "pcm_s24le,unknown,in24"),
    ];
    let mut film = sample();
    for (index, (output, picture, sound)) in cases.into_iter().enumerate() {
        let file = rendered(&mut film, &output, &format!("film{index}"));
        let found = probed(&file, entries);
        let (first, second) = found.split_once('\n').unwrap();
        assert_eq!(first, format!("{picture},{tags}"), "{output:?}");
        assert!(second.starts_with(sound), "{output:?}: {second}");
        assert_eq!(probed(&file, "stream=start_time").split('\n').next(), Some("0.000000"));
    }
}

#[test]
fn the_same_bytes_whatever_the_workers() {
    let outputs = [
        codec(OutputFormat::Mp4, VideoCodec::Hevc),
        codec(OutputFormat::Mp4, VideoCodec::Av1),
        codec(OutputFormat::Webm, VideoCodec::Vp9),
        Output { alpha: true, ..codec(OutputFormat::Webm, VideoCodec::Vp9) },
        prores(ProresProfile::Proxy),
        Output::new(OutputFormat::Gif),
    ];
    let mut film = sample();
    let quiet = CancelToken::default();
    for (index, output) in outputs.iter().enumerate() {
        let mut bytes = |workers: usize| {
            let store = format!("store{index}-{workers}");
            let (file, report) = render_in(&mut film, output, &store, workers, (&Silent, &quiet)).unwrap();
            assert_eq!(report.segments, 2);
            std::fs::read(file).unwrap()
        };
        let one = bytes(1);
        assert!([2, 3].into_iter().all(|workers| bytes(workers) == one), "{output:?}");
    }
}

/// Stops a render once some frames are done.
struct StopAfter<'a> {
    frames: i64,
    cancel: &'a CancelToken,
    seen: AtomicBool,
}

impl Progress for StopAfter<'_> {
    fn update(&self, status: Status) {
        if status.phase == Phase::Render && status.frames_done >= self.frames {
            self.seen.store(true, Ordering::Relaxed);
            self.cancel.cancel();
        }
    }
}

#[test]
fn a_stopped_render_goes_on_where_it_was() {
    for format in [OutputFormat::Webm, OutputFormat::Mov, OutputFormat::Gif] {
        let mut film = sample();
        let output = Output::new(format);
        let whole = std::fs::read(rendered(&mut film, &output, "whole")).unwrap();
        let cancel = CancelToken::default();
        let stop = StopAfter { frames: 70, cancel: &cancel, seen: AtomicBool::new(false) };
        let stopped = render_in(&mut film, &output, "again", 1, (&stop, &cancel));
        assert!(matches!(stopped, Err(RenderError::Cancelled)) && stop.seen.load(Ordering::Relaxed));
        let quiet = CancelToken::default();
        let (file, report) = render_in(&mut film, &output, "again", 1, (&Silent, &quiet)).unwrap();
        assert_eq!((report.segments, report.segments_reused), (2, 1), "{format}");
        assert!(std::fs::read(file).unwrap() == whole, "{format}");
    }
}

#[test]
fn a_still_is_the_frame_of_its_instant() {
    let mut film = sample();
    let at = |millis| EncoderSettings { time: Some(Time::from_millis(millis)), ..EncoderSettings::DEFAULT };
    // What is on screen at 2.31 s is frame 57.
    let png = rendered(&mut film, &of(OutputFormat::Png, at(2310)), "still");
    let gif = decoded(&rendered(&mut film, &Output::new(OutputFormat::Mov), "film"), &[], "rgb24");
    let (still, size) = (decoded(&png, &[], "rgb24"), 320 * 180 * 3);
    let error = |frame: usize| -> f64 {
        let frame = &gif[frame * size..(frame + 1) * size];
        frame.iter().zip(&still).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / size as f64
    };
    let best = (0..100).min_by(|a, b| error(*a).total_cmp(&error(*b))).unwrap();
    assert_eq!(best, 57);
    let bytes = std::fs::read(&png).unwrap();
    assert!(bytes.windows(4).any(|chunk| chunk == b"sRGB"));
    let jpg = |quality, store: &str| {
        let encoder = EncoderSettings { quality: Some(quality), ..at(2310) };
        std::fs::read(rendered(&mut sample(), &of(OutputFormat::Jpg, encoder), store)).unwrap()
    };
    let (low, high) = (jpg(20, "low"), jpg(95, "high"));
    assert!(low.len() * 2 < high.len());
    assert!(high.windows(11).any(|part| part == b"ICC_PROFILE"));
}

#[test]
fn sound_alone_is_the_mix() {
    for (format, tolerance) in
        [(SampleFormat::S16, 1e-4), (SampleFormat::S24, 1e-6), (SampleFormat::F32, 1e-7)]
    {
        let encoder = EncoderSettings { sample_format: Some(format), ..EncoderSettings::DEFAULT };
        let mut film = sample();
        let quiet = CancelToken::default();
        let output = of(OutputFormat::Wav, encoder);
        let (file, report) = render_in(&mut film, &output, "sound", 1, (&Silent, &quiet)).unwrap();
        assert_eq!((report.frames, report.segments), (0, 0));
        let samples = heard(&file);
        assert_eq!(samples.len(), 4 * 48_000 * 2);
        // The tone of the media, from one second on, well away from its edges.
        for at in 60_000..60_200_u32 {
            let wanted = 0.5 * libm::sin(f64::from(at - 48_000) * std::f64::consts::TAU * 1000.0 / 48_000.0);
            let found = f64::from(samples[at as usize * 2]);
            assert!((found - wanted).abs() < tolerance + 2e-5, "{format}: {found} for {wanted}");
        }
    }
    // A silent film is silence of its length.
    let mut silent = Film::new(1);
    let samples = heard(&rendered(&mut silent, &Output::new(OutputFormat::Wav), "silence"));
    assert_eq!((samples.len(), samples.iter().all(|sample| *sample == 0.0)), (96_000, true));
}

#[test]
fn picture_and_sound_begin_together_in_every_container() {
    let outputs = [
        Output::new(OutputFormat::Mp4),
        Output::new(OutputFormat::Webm),
        Output::new(OutputFormat::Mov),
        of(
            OutputFormat::Mov,
            EncoderSettings { audio_codec: Some(AudioCodec::Aac), ..EncoderSettings::DEFAULT },
        ),
    ];
    for (index, output) in outputs.iter().enumerate() {
        let mut film = Film::new(3);
        film.timeline.elements = vec![
            crate::film::still("flash", "white.png", 1000, 2000),
            audio("beep", "beep.wav", 0, 1000, 2000),
        ];
        film.z_by_order();
        let file = rendered(&mut film, output, &format!("sync{index}"));
        let packets = probed(&file, "stream=start_time");
        let first: f64 = packets.lines().next().unwrap().parse().unwrap();
        // Frame 25 is white; it is shown a second after the first.
        let gray = decoded(&file, &[], "gray");
        let mean = |frame: usize| {
            let frame = &gray[frame * 320 * 180..(frame + 1) * 320 * 180];
            frame.iter().map(|v| u64::from(*v)).sum::<u64>() / frame.len() as u64
        };
        assert!(mean(24) < 30 && mean(25) > 200, "{output:?}");
        assert!(first.abs() < 1e-6, "{output:?}: the picture begins at {first}");
        let samples = heard(&file);
        let onset = samples.iter().step_by(2).position(|sample| sample.abs() > 0.05).unwrap();
        // The tool lets a file begin at zero that begins before it, as Opus does with its priming.
        let before = -probed(&file, "format=start_time").parse::<f64>().unwrap() * 1000.0;
        let late = onset as f64 / 48.0 - before - 1000.0;
        assert!(late.abs() <= 1.0, "{output:?}: the beep is {late} ms late");
        let before = (before * 48.0).round() as usize;
        // FFmpeg's tool plays the last packet of AAC in full, whatever the container says of its length.
        let more = if output.audio_codec() == Some(AudioCodec::Aac) { 1024 } else { 0 };
        let length = samples.len() / 2 - before;
        assert!((144_000..=144_000 + more).contains(&length), "{output:?}: {length} samples");
    }
}
