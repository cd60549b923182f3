//! Films of sound alone, and ways to listen to them.

use std::process::Command;

use vid_runtime::audio::{Loudness, Master, Programme};
use vid_runtime::{CancelToken, RenderError};
use vid_timeline::{Clip, Content, Element, Rational, Time, TimeRange};

use crate::film::{Film, audio};

/// An element that plays the given range of a file from `start_ms` on, changed at will; its length
/// follows from range and speed.
pub fn playing(
    id: &str,
    file: &str,
    range_ms: (i64, i64),
    start_ms: i64,
    change: impl FnOnce(&mut Clip),
) -> Element {
    let mut element = audio(id, file, range_ms.0, start_ms, start_ms + range_ms.1 - range_ms.0);
    let Content::Audio(clip) = &mut element.content else { panic!("sound") };
    change(clip);
    let length = clip.source_range.duration() * (Rational::ONE / clip.speed);
    element.record_range = TimeRange::at(Time::from_millis(start_ms), length);
    element
}

/// A film of those elements whose media are made by `ffmpeg` from lavfi descriptions.
pub fn film(seconds: i64, media: &[(&str, &str)], elements: Vec<Element>) -> Film {
    let mut film = Film::new(seconds);
    for (name, description) in media {
        make(&film, name, description);
    }
    film.timeline.elements = elements;
    film
}

/// Makes a file of the film's folder from a lavfi description, without loss where the name says WAV.
pub fn make(film: &Film, name: &str, description: &str) {
    let codec: &[&str] = if name.ends_with(".wav") { &["-c:a", "pcm_f32le"] } else { &[] };
    let done = Command::new("ffmpeg")
        .args(["-y", "-v", "error", "-f", "lavfi", "-i", description])
        .args(codec)
        .arg(film.folder().join(name))
        .status()
        .unwrap();
    assert!(done.success(), "{name}");
}

/// The programme of the film.
pub fn programme(film: &Film, loudness: Option<i64>) -> Programme {
    let mut programme = Programme::from_timeline(&film.timeline, &film.assets()).unwrap().unwrap();
    programme.loudness = loudness.map(|lufs| Loudness::new(Rational::integer(lufs)));
    programme
}

/// All samples of a programme, left and right in turn, in blocks of an odd size.
pub fn played(film: &Film, programme: &Programme) -> Result<Vec<f32>, RenderError> {
    let assets = film.assets();
    let mut master = Master::new(programme, &assets, &CancelToken::default())?;
    let mut all = Vec::new();
    let mut block = vec![0.0; 2 * 7919];
    loop {
        let count = master.next(&mut block)?;
        if count == 0 {
            return Ok(all);
        }
        all.extend_from_slice(&block[..2 * count]);
    }
}

/// The left side of what the film sounds like.
pub fn heard(film: &Film) -> Vec<f32> {
    let all = played(film, &programme(film, None)).unwrap();
    assert_eq!(all.len() as i64, 2 * film.timeline.sample_count());
    all.into_iter().step_by(2).collect()
}

/// The largest step between neighbouring samples, and where it is.
pub fn steepest(samples: &[f32]) -> (f32, usize) {
    let steps = samples.windows(2).enumerate().map(|(at, pair)| ((pair[1] - pair[0]).abs(), at));
    steps.fold((0.0, 0), |most, step| if step.0 > most.0 { step } else { most })
}

/// The loudest value.
pub fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
}

/// Level over a range of samples, as an effective value.
pub fn level(samples: &[f32]) -> f64 {
    (samples.iter().map(|s| f64::from(s * s)).sum::<f64>() / samples.len() as f64).sqrt()
}
