//! Samples lie where they belong, whatever the rate, the codec and the order of asking.

use std::path::Path;

use vid_runtime::media::AudioSource;

use crate::support::{Lab, Numbers};

/// A second of silence, one full-scale sample, silence.
fn impulse(rate: u32) -> String {
    format!("-f lavfi -i aevalsrc=eq(n\\,{rate}):s={rate}:d=3")
}

/// A sweep: every place sounds different.
const SWEEP: &str = "-f lavfi -i aevalsrc=0.5*sin(2*PI*(200*t+150*t*t)):s=48000:d=5";

fn left(path: &Path, start: i64, pairs: usize) -> Vec<f32> {
    left_of(&mut AudioSource::open(path).unwrap(), start, pairs)
}

fn left_of(source: &mut AudioSource, start: i64, pairs: usize) -> Vec<f32> {
    let mut out = vec![0.0; pairs * 2];
    source.read(start, &mut out).unwrap();
    out.into_iter().step_by(2).collect()
}

/// Everything, read in blocks of an odd size.
fn read_through(path: &Path) -> Vec<f32> {
    let mut source = AudioSource::open(path).unwrap();
    let mut all = Vec::new();
    loop {
        let mut block = vec![0.0; 1777 * 2];
        let read = source.read((all.len() / 2) as i64, &mut block).unwrap();
        all.extend_from_slice(&block[..read * 2]);
        if read < 1777 {
            return all;
        }
    }
}

fn peak(samples: &[f32]) -> usize {
    let loudest = |a: &(usize, &f32), b: &(usize, &f32)| a.1.abs().total_cmp(&b.1.abs());
    samples.iter().enumerate().max_by(loudest).unwrap().0
}

#[test]
fn an_impulse_lands_on_its_sample_at_every_rate() {
    let lab = Lab::new();
    for rate in [8000, 11025, 22050, 32000, 44100, 48000, 88200, 96000, 192000] {
        let path = lab.ffmpeg(&format!("{} -c:a pcm_f32le i{rate}.wav", impulse(rate)));
        assert_eq!(peak(&left(&path, 0, 144_000)), 48_000, "{rate} Hz");
        assert_eq!(read_through(&path).len(), 2 * 144_000, "{rate} Hz");
    }
}

#[test]
fn encoder_priming_is_left_out() {
    let lab = Lab::new();
    let wav = lab.ffmpeg(&format!("{SWEEP} -c:a pcm_f32le sweep.wav"));
    let truth = left(&wav, 0, 240_000);
    let encoded = [
        "-c:a aac -b:a 192k a.mp4",
        "-c:a libmp3lame -b:a 192k a.mp3",
        "-c:a libmp3lame -b:a 192k m.mp4",
        "-c:a libopus -b:a 192k o.webm",
        "-c:a libopus -b:a 192k o.ogg",
        "-c:a libvorbis -q:a 6 v.ogg",
        "-c:a libvorbis -q:a 6 v.webm",
        "-c:a flac f.flac",
        "-c:a flac f.mkv",
        "-c:a alac l.mp4",
    ];
    for arguments in encoded {
        let path = lab.ffmpeg(&format!("-i sweep.wav {arguments}"));
        let heard = left(&path, 0, 240_000);
        // The shift that fits best around the second second.
        let window = 96_000..120_000;
        let error = |shift: i64| -> f64 {
            let at = |i: usize| heard[(i as i64 + shift) as usize];
            window.clone().map(|i| f64::from(truth[i] - at(i)).powi(2)).sum()
        };
        let best = (-2000..=2000).min_by(|&a, &b| error(a).total_cmp(&error(b))).unwrap();
        // Matroska states times to the millisecond, FFmpeg's MP3 writer to the sample.
        let allowed = if arguments.ends_with(".webm") || arguments.ends_with(".mkv") { 48 } else { 1 };
        assert!(best.abs() <= allowed, "{arguments}: shifted by {best}");
    }
}

#[test]
fn going_somewhere_gives_what_reading_through_gives() {
    let lab = Lab::new();
    let source = "-f lavfi -i aevalsrc=0.4*sin(2*PI*(200*t+15*t*t))|0.3*sin(900*t*t):s=44100:d=40";
    lab.ffmpeg(&format!("{source} -c:a pcm_s16le long.wav"));
    let encoded = [
        "-c:a copy copy.wav",
        "-c:a flac f.flac",
        "-c:a flac f.mkv",
        // The native encoder's noise substitution is decoded with a running random generator.
        "-c:a aac -aac_pns 0 a.mp4",
        "-c:a aac -aac_pns 0 a.mkv",
        "-c:a libmp3lame m.mp3",
        "-c:a libmp3lame m.mp4",
        "-c:a libmp3lame m.mkv",
        "-c:a libvorbis v.ogg",
        "-c:a libvorbis v.mkv",
        "-c:a libopus o.webm",
    ];
    for arguments in encoded {
        let path = lab.ffmpeg(&format!("-i long.wav {arguments}"));
        let whole = read_through(&path);
        let mut source = AudioSource::open(&path).unwrap();
        let mut numbers = Numbers(11);
        for _ in 0..6 {
            let start = numbers.below(whole.len() / 2 - 3000);
            let mut block = vec![0.0; 3000 * 2];
            assert_eq!(source.read(start as i64, &mut block).unwrap(), 3000);
            let expected = &whole[start * 2..start * 2 + block.len()];
            let differs = block.iter().zip(expected).position(|(a, b)| a != b);
            assert_eq!(
                differs,
                None,
                "{arguments}: from {start}, {:?}",
                largest_difference(&block, expected)
            );
        }
    }
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn sound_later_than_picture_is_preceded_by_silence() {
    let lab = Lab::new();
    let picture = "-f lavfi -i color=s=16x16:d=3";
    let sound = "-f lavfi -i aevalsrc=0.5:s=48000:d=2";
    let path = lab.ffmpeg(&format!(
        "{picture} -itsoffset 0.5 {sound} -map 0:v -map 1:a -c:v libx264 -c:a pcm_s16le late.mov"
    ));
    let heard = left(&path, -10, 48_000);
    assert!(heard[..10 + 24_000].iter().all(|&sample| sample == 0.0));
    assert!(heard[10 + 24_000..].iter().all(|&sample| (sample - 0.5).abs() < 1e-3));
}

/// The shift in samples at which `heard` fits the sweep best around `at`.
fn shift_of_sweep(heard: &[f32], at: i64) -> i64 {
    let sweep = |n: i64| {
        let t = n as f64 / 48_000.0;
        0.5 * libm::sin(2.0 * std::f64::consts::PI * (200.0 * t + 150.0 * t * t))
    };
    let error = |shift: i64| -> f64 {
        heard.iter().enumerate().map(|(n, &s)| (f64::from(s) - sweep(at + n as i64 + shift)).powi(2)).sum()
    };
    (-2500..=2500).min_by(|&a, &b| error(a).total_cmp(&error(b))).unwrap()
}

#[test]
fn sound_and_picture_keep_their_offset() {
    let lab = Lab::new();
    let picture = "-f lavfi -i testsrc2=size=64x48:rate=25:duration=5";
    for (arguments, allowed) in [
        ("-c:v libx264 -c:a aac -b:a 192k a.mp4", 0),
        ("-c:v libx264 -c:a flac -strict -2 a.mp4", 0),
        // FFmpeg's writer puts pictures some milliseconds later than these sounds, and that is kept.
        ("-c:v libvpx -c:a libopus -b:a 192k b.webm", 400),
        ("-c:v libvpx -c:a libvorbis -q:a 6 c.webm", 200),
        ("-c:v libx264 -c:a pcm_s16le d.mov", 0),
        ("-c:v libx264 -c:a pcm_s16le e.mkv", 48),
    ] {
        let path = lab.ffmpeg(&format!("{picture} {SWEEP} {arguments}"));
        let shift = shift_of_sweep(&left(&path, 100_000, 4000), 100_000);
        assert!(shift.abs() <= allowed, "{arguments}: {shift}");
        let first = crate::support::open(&path).frame_at(vid_timeline::Time::ZERO).unwrap();
        assert_eq!(first.start, vid_timeline::Time::ZERO, "{arguments}");
    }
    // A cut without encoding: the edit list hides what lies before.
    lab.ffmpeg(&format!("{picture} {SWEEP} -c:v libx264 -g 250 -c:a aac -b:a 192k whole.mp4"));
    let path = lab.ffmpeg("-ss 1.52 -i whole.mp4 -c copy cut.mp4");
    let shift = shift_of_sweep(&left(&path, 48_000, 4000), 48_000 + 72_960);
    assert!(shift.abs() <= 48, "{shift}");
}

#[test]
fn gaps_are_silence() {
    let lab = Lab::new();
    let sound = "-f lavfi -i aevalsrc=0.5:s=48000:d=2";
    let path = lab.ffmpeg(&format!("{sound} -af asetpts=PTS+gte(T\\,1)*0.5/TB -c:a pcm_s16le gap.mkv"));
    let heard = left(&path, 0, 120_000);
    let silent = heard.iter().filter(|sample| sample.abs() < 1e-3).count();
    assert!((23_990..=24_100).contains(&silent), "{silent} silent samples");
    assert!(heard[90_000..110_000].iter().all(|&sample| (sample - 0.5).abs() < 1e-3));
}

#[test]
fn the_end_is_exact_and_followed_by_silence() {
    let lab = Lab::new();
    let path = lab.ffmpeg("-f lavfi -i aevalsrc=0.5:s=44100:d=1 -c:a pcm_s16le end.wav");
    let mut source = AudioSource::open(&path).unwrap();
    let mut block = vec![9.0; 2000 * 2];
    assert_eq!(source.read(47_000, &mut block).unwrap(), 1000);
    assert!(block[1000 * 2..].iter().all(|&sample| sample == 0.0));
    assert_eq!(source.read(1_000_000, &mut block).unwrap(), 0);
    assert_eq!(source.read(0, &mut block).unwrap(), 2000);
}

#[test]
fn one_channel_goes_to_both_sides_and_six_are_mixed_down() {
    let lab = Lab::new();
    let level = |arguments: &str| {
        let path = lab.ffmpeg(arguments);
        let mut block = vec![0.0; 2000];
        AudioSource::open(&path).unwrap().read(10_000, &mut block).unwrap();
        (block[0], block[1])
    };
    let near = |(l, r): (f32, f32), (el, er): (f32, f32)| (l - el).abs() < 1e-3 && (r - er).abs() < 1e-3;
    assert!(near(level("-f lavfi -i aevalsrc=0.5:s=48000:d=1 -c:a pcm_s16le mono.wav"), (0.5, 0.5)));
    let stereo = level("-f lavfi -i aevalsrc=0.5|-0.25:s=48000:d=1 -c:a pcm_s16le stereo.wav");
    assert!(near(stereo, (0.5, -0.25)));
    let centre = level("-f lavfi -i aevalsrc=0|0|0.5|0|0|0:c=5.1:s=48000:d=1 -c:a pcm_s16le centre.wav");
    assert!(
        near(centre, (0.5 * std::f32::consts::FRAC_1_SQRT_2, 0.5 * std::f32::consts::FRAC_1_SQRT_2)),
        "{centre:?}"
    );
    let surround =
        level("-f lavfi -i aevalsrc=0.2|0.1|0|0.9|0.5|0:c=5.1:s=48000:d=1 -c:a pcm_s16le sides.wav");
    assert!(near(surround, (0.2 + 0.5 * std::f32::consts::FRAC_1_SQRT_2, 0.1)), "{surround:?}");
}

#[test]
fn every_common_layout_is_mixed_down_at_its_usual_levels() {
    let lab = Lab::new();
    let third = std::f32::consts::FRAC_1_SQRT_2;
    // One channel sounds at a time; what it gives left and right.
    let layouts: [(&str, &[(f32, f32)]); 6] = [
        ("2.1", &[(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]),
        ("3.0", &[(1.0, 0.0), (0.0, 1.0), (third, third)]),
        ("quad", &[(1.0, 0.0), (0.0, 1.0), (third, 0.0), (0.0, third)]),
        ("5.0", &[(1.0, 0.0), (0.0, 1.0), (third, third), (third, 0.0), (0.0, third)]),
        ("5.1", &[(1.0, 0.0), (0.0, 1.0), (third, third), (0.0, 0.0), (third, 0.0), (0.0, third)]),
        (
            "7.1",
            &[
                (1.0, 0.0),
                (0.0, 1.0),
                (third, third),
                (0.0, 0.0),
                (third, 0.0),
                (0.0, third),
                (third, 0.0),
                (0.0, third),
            ],
        ),
    ];
    for (layout, channels) in layouts {
        for (sounding, (left, right)) in channels.iter().enumerate() {
            let values: Vec<_> =
                (0..channels.len()).map(|c| if c == sounding { "0.5" } else { "0" }).collect();
            let values = values.join("|");
            let path = lab.ffmpeg(&format!(
                "-f lavfi -i aevalsrc={values}:c={layout}:s=48000:d=0.5 -c:a pcm_f32le layout.wav"
            ));
            let mut block = vec![0.0; 2000];
            AudioSource::open(&path).unwrap().read(10_000, &mut block).unwrap();
            let off = (block[0] - 0.5 * left).abs().max((block[1] - 0.5 * right).abs());
            assert!(off < 1e-4, "{layout}, channel {sounding}: {} {}", block[0], block[1]);
        }
    }
}

/// Level of a tone in the samples, against full scale, in decibels.
fn tone_level(samples: &[f32], hertz: f64) -> f64 {
    let (mut c, mut s) = (0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        let angle = std::f64::consts::TAU * hertz * n as f64 / 48_000.0;
        // A window keeps one tone out of another's way.
        let window = 1.0 - libm::cos(std::f64::consts::TAU * n as f64 / samples.len() as f64);
        c += f64::from(*sample) * libm::cos(angle) * window;
        s += f64::from(*sample) * libm::sin(angle) * window;
    }
    20.0 * libm::log10(2.0 * libm::sqrt(c * c + s * s) / samples.len() as f64)
}

#[test]
fn resampling_neither_folds_nor_mirrors_tones() {
    let lab = Lab::new();
    // Rate of the file, its tone, and where a bad conversion would put it.
    for (rate, tone, ghost) in [
        (96_000, 30_000.0, 18_000.0),
        (88_200, 29_000.0, 19_000.0),
        (192_000, 60_000.0, 12_000.0),
        (44_100, 18_000.0, 21_900.0),
        (32_000, 12_000.0, 20_000.0),
        (22_050, 9_000.0, 13_050.0),
        (8_000, 3_000.0, 5_000.0),
    ] {
        let path = lab.ffmpeg(&format!(
            "-f lavfi -i aevalsrc=0.5*sin(2*PI*{tone}*t):s={rate}:d=2 -c:a pcm_f32le tone.wav"
        ));
        let heard = left(&path, 24_000, 48_000);
        let found = tone_level(&heard, ghost);
        assert!(found < -90.0, "{rate} Hz: {found} dB at {ghost} Hz");
        if tone < 24_000.0 {
            let kept = tone_level(&heard, tone);
            assert!((kept + 6.02).abs() < 0.1, "{rate} Hz: {kept} dB at {tone} Hz");
        }
    }
}
