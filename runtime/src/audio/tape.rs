//! The samples of a file in the order in which a clip plays them.
//!
//! A tape is endless in both directions. Its positions are whole samples at 48 kHz of *played* media,
//! before any change of speed:
//!
//! - forwards, position q is sample q of the file;
//! - backwards, position q is sample −1 − q: the sample that covers `[a, b)` forwards is heard over
//!   the mirrored stretch;
//! - on a round over `[a, b)`, position 0 is the beginning of the first turn. Turn i begins at
//!   i·(b − a) seconds, rounded to a sample once, so turns of no whole number of samples do not drift
//!   away from the picture. Every turn begins at the same sample of the file.

use serde::Serialize;
use vid_timeline::{Rational, SAMPLE_RATE, Time, TimeRange};

use crate::error::RenderError;
use crate::isolate::SoundSource;
use crate::media::CHANNELS;
use crate::scene::Direction;

/// The order in which a file's samples are played.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Tape {
    /// Which way the media runs.
    pub direction: Direction,
    /// What is played again and again; `None` for a file that is played once.
    pub round: Option<Round>,
}

/// A range that is played again and again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Round {
    /// The range in media time; not empty.
    pub range: TimeRange,
    /// Whether the range begins in the middle of the sound, so that the seam may need smoothing there.
    pub cuts_start: bool,
    /// Whether it ends in the middle of the sound.
    pub cuts_end: bool,
}

/// Samples over which an edge is faded where media are cut in the middle: 3 ms. Long enough that the
/// step does not click (its spectrum falls off from 170 Hz on), short enough that no attack is lost.
pub const EDGE_SAMPLES: i64 = 144;

/// Longest round kept in memory, in samples: a minute, 23 MiB. Longer ones are read again each turn.
const CACHED_ROUND: i64 = 60 * SAMPLE_RATE as i64;

/// Samples of the first piece that is read backwards, and of the longest: each is twice as long as the
/// one before, so that short clips read little and long ones seldom seek. A minute is 23 MiB.
const BACKWARD_PIECES: (i64, i64) = (SAMPLE_RATE as i64, 64 * SAMPLE_RATE as i64);

impl Tape {
    /// A file played forwards, once.
    pub const ONCE: Self = Self { direction: Direction::Forwards, round: None };

    /// The file's sample at a position.
    pub fn file_sample(&self, position: i64) -> i64 {
        match &self.round {
            None => self.turned(0, 0, position),
            Some(round) => {
                let turn = round.turn(position);
                let (first, end) = round.samples();
                self.turned(first, end, position - round.turn_start(turn))
            }
        }
    }

    /// Whether each turn's start and its end cut the sound in the middle.
    fn cut_ends(&self, round: Round) -> [bool; 2] {
        match self.direction {
            Direction::Forwards => [round.cuts_start, round.cuts_end],
            Direction::Backwards => [round.cuts_end, round.cuts_start],
        }
    }

    /// The file's sample after `passed` samples of a way from `first` up, or from `end` down.
    fn turned(&self, first: i64, end: i64, passed: i64) -> i64 {
        match self.direction {
            Direction::Forwards => first + passed,
            Direction::Backwards => end - 1 - passed,
        }
    }
}

impl Round {
    /// The range as samples of the file.
    fn samples(&self) -> (i64, i64) {
        let first = self.range.start.to_sample();
        (first, self.range.end.to_sample().max(first + 1))
    }

    /// Position at which turn `turn` begins.
    fn turn_start(&self, turn: i64) -> i64 {
        (self.range.duration() * Rational::integer(turn)).to_sample()
    }

    /// The turn that holds a position.
    fn turn(&self, position: i64) -> i64 {
        // The turn of the position's own instant, or its neighbour where rounding moved the boundary.
        let instant = Time::from_sample(position);
        let ratio = instant.ratio_to(self.range.duration()).unwrap_or(Rational::ZERO);
        let mut turn = i64::try_from(ratio.floor()).unwrap_or(0);
        while self.turn_start(turn) > position {
            turn -= 1;
        }
        while self.turn_start(turn + 1) <= position {
            turn += 1;
        }
        turn
    }
}

/// A tape being read.
pub struct TapeReader {
    tape: Tape,
    source: SoundSource,
    /// Samples of the file in its own order, beginning at `piece_start`.
    piece: Vec<f32>,
    piece_start: i64,
    /// Length of the next piece that is read backwards.
    next_length: i64,
    /// Whether the cut ends of the turns are faded; found out at the first seam.
    seam: Option<Seam>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Seam {
    /// The sound goes on across it as it is.
    Straight,
    /// There is a step, taken by fading what is cut of the turns.
    Faded,
}

impl TapeReader {
    /// A reader of the file behind `source`.
    pub fn new(tape: Tape, source: SoundSource) -> Self {
        Self { tape, source, piece: Vec::new(), piece_start: 0, next_length: BACKWARD_PIECES.0, seam: None }
    }

    /// Fills `out` (left and right in turn) with the samples from `position` on; silence outside the
    /// file's sound.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(&mut self, position: i64, out: &mut [f32]) -> Result<(), RenderError> {
        match self.tape.round {
            None => self.read_way(position, out),
            Some(round) => self.read_round(round, position, out),
        }
    }

    fn read_way(&mut self, position: i64, out: &mut [f32]) -> Result<(), RenderError> {
        match self.tape.direction {
            Direction::Forwards => {
                self.source.read(position, out)?;
            }
            Direction::Backwards => {
                // Everything lies before the first sample that is wanted.
                let last = -1 - position;
                self.read_backwards(last, i64::MIN, out)?;
            }
        }
        Ok(())
    }

    fn read_round(&mut self, round: Round, position: i64, out: &mut [f32]) -> Result<(), RenderError> {
        let mut done = 0;
        let count = (out.len() / CHANNELS) as i64;
        while done < count {
            let turn = round.turn(position + done);
            let (start, end) = (round.turn_start(turn), round.turn_start(turn + 1));
            let passed = position + done - start;
            let here = (end - position).min(count) - done;
            let part = &mut out[done as usize * CHANNELS..(done + here) as usize * CHANNELS];
            self.read_turn(round, passed, part)?;
            if (round.cuts_start || round.cuts_end) && self.seam(round)? == Seam::Faded {
                fade_turn(passed, end - start, self.tape.cut_ends(round), part);
            }
            done += here;
        }
        Ok(())
    }

    /// Fills `out` with the samples of one turn from `passed` on. Turns that are a sample longer than
    /// the range read one sample beyond it.
    fn read_turn(&mut self, round: Round, passed: i64, out: &mut [f32]) -> Result<(), RenderError> {
        let (first, end) = round.samples();
        let count = (out.len() / CHANNELS) as i64;
        let from = self.tape.turned(first, end, passed);
        if end - first <= CACHED_ROUND {
            // A sample more at either side: the longer turns need it.
            if self.piece.is_empty() {
                self.load(first - 1, end + 1)?;
            }
            self.copy_piece(from, out);
            return Ok(());
        }
        match self.tape.direction {
            Direction::Forwards => {
                self.source.read(from, out)?;
            }
            Direction::Backwards => self.read_backwards(from, first - count, out)?,
        }
        Ok(())
    }

    /// Fills `out` with the samples from `last` of the file downwards; nothing below `least` is read
    /// ahead.
    fn read_backwards(&mut self, last: i64, least: i64, out: &mut [f32]) -> Result<(), RenderError> {
        let count = (out.len() / CHANNELS) as i64;
        let mut done = 0;
        while done < count {
            let at = last - done;
            let piece_end = self.piece_start + (self.piece.len() / CHANNELS) as i64;
            if at < self.piece_start || at >= piece_end {
                let length = self.next_length.max(count);
                self.next_length = (length * 2).min(BACKWARD_PIECES.1);
                // What lies before the file is silence, and needs no reading.
                let start = (at + 1 - length).max(least).min(at);
                self.load(start, at + 1)?;
            }
            let here = (at - self.piece_start + 1).min(count - done);
            let part = done as usize * CHANNELS..(done + here) as usize * CHANNELS;
            self.copy_piece(at, &mut out[part]);
            done += here;
        }
        Ok(())
    }

    /// Makes the file's samples from `start` to `end` the piece at hand.
    fn load(&mut self, start: i64, end: i64) -> Result<(), RenderError> {
        let count = usize::try_from(end - start).unwrap_or(0);
        self.piece.clear();
        self.piece.resize(count * CHANNELS, 0.0);
        self.piece_start = start;
        let early = usize::try_from(start.saturating_neg()).unwrap_or(0).min(count);
        let rest = &mut self.piece[early * CHANNELS..];
        if !rest.is_empty() {
            self.source.read(start.max(0), rest)?;
        }
        Ok(())
    }

    /// Copies from the piece in the tape's direction, beginning at sample `from` of the file.
    fn copy_piece(&self, from: i64, out: &mut [f32]) {
        let mut at = from - self.piece_start;
        let step = match self.tape.direction {
            Direction::Forwards => 1,
            Direction::Backwards => -1,
        };
        for pair in out.chunks_exact_mut(CHANNELS) {
            let place = usize::try_from(at).ok().map(|at| at * CHANNELS..(at + 1) * CHANNELS);
            match place.and_then(|place| self.piece.get(place)) {
                Some(sample) => pair.copy_from_slice(sample),
                None => pair.fill(0.0),
            }
            at += step;
        }
    }

    /// Whether the end of a turn and the start of the next fit together as they are.
    fn seam(&mut self, round: Round) -> Result<Seam, RenderError> {
        if let Some(seam) = self.seam {
            return Ok(seam);
        }
        let length = round.turn_start(1);
        let (mut before, mut after) = ([0.0; 2 * CHANNELS], [0.0; 2 * CHANNELS]);
        self.read_turn(round, length - 2, &mut before)?;
        self.read_turn(round, 0, &mut after)?;
        let is_smooth = (0..CHANNELS).all(|channel| {
            let [a, b] = [before[channel], before[CHANNELS + channel]];
            let [c, d] = [after[channel], after[CHANNELS + channel]];
            is_smooth([a, b, c, d])
        });
        let seam = if is_smooth { Seam::Straight } else { Seam::Faded };
        self.seam = Some(seam);
        Ok(seam)
    }
}

/// Whether the step from the second to the third sample is no larger than the course of the four
/// explains: what they do beside it, and the last bit of 16-bit media.
fn is_smooth([a, b, c, d]: [f32; 4]) -> bool {
    let own = (b - a).abs().max((d - c).abs());
    let expected = ((b - a) + (d - c)) / 2.0;
    (c - b - expected).abs() <= own.max(1.0 / 4096.0)
}

/// Fades the parts of a turn of `length` samples that lie near its start and its end, where those cut
/// the sound; `out` begins at `passed`.
fn fade_turn(passed: i64, length: i64, [start, end]: [bool; 2], out: &mut [f32]) {
    let edge = EDGE_SAMPLES.min(length / 4).max(1);
    for (at, pair) in (passed..).zip(out.chunks_exact_mut(CHANNELS)) {
        let from_start = if start { at } else { i64::MAX };
        let to_end = if end { length - 1 - at } else { i64::MAX };
        let near = from_start.min(to_end);
        if near < edge {
            let gain = near as f32 / edge as f32;
            pair.iter_mut().for_each(|sample| *sample *= gain);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(start_ms: i64, length: Time, direction: Direction) -> Tape {
        let range = TimeRange::at(Time::from_millis(start_ms), length);
        Tape { direction, round: Some(Round { range, cuts_start: false, cuts_end: false }) }
    }

    #[test]
    fn backwards_is_the_mirror_of_forwards() {
        let backwards = Tape { direction: Direction::Backwards, round: None };
        // A second that ends at sample 48,000 begins with its last sample and ends with its first.
        assert_eq!([-48_000, -1].map(|q| backwards.file_sample(q)), [47_999, 0]);
        assert_eq!([0, 47_999].map(|q| Tape::ONCE.file_sample(q)), [0, 47_999]);
    }

    #[test]
    fn turns_meet_at_whole_samples() {
        let forwards = round(1000, Time::from_millis(500), Direction::Forwards);
        let places = [-1, 0, 23_999, 24_000, 48_001].map(|q| forwards.file_sample(q));
        assert_eq!(places, [71_999, 48_000, 71_999, 48_000, 48_001]);
        let backwards = round(1000, Time::from_millis(500), Direction::Backwards);
        let places = [-1, 0, 23_999, 24_000, 48_001].map(|q| backwards.file_sample(q));
        assert_eq!(places, [48_000, 71_999, 48_000, 71_999, 71_998]);
    }

    #[test]
    fn turns_of_broken_samples_do_not_drift() {
        // 1/7 s are 6857.14 samples.
        let length = Time::new(1, 7);
        let tape = round(0, length, Direction::Forwards);
        for turn in [1_i64, 7, 100, 25_200] {
            let start = (length * Rational::integer(turn)).to_sample();
            assert_eq!(tape.file_sample(start), 0, "turn {turn}");
            assert!((6_856..=6_857).contains(&tape.file_sample(start - 1)), "turn {turn}");
        }
        // An hour is a whole number of turns.
        assert_eq!(tape.file_sample(3600 * 48_000), 0);
    }

    #[test]
    fn a_sound_that_goes_on_is_left_alone_at_the_seam() {
        let sine = |n: i32| libm::sinf(n as f32 * 0.13);
        assert!(is_smooth([0, 1, 2, 3].map(sine)));
        assert!(!is_smooth([0, 1, 20, 21].map(sine)));
        assert!(is_smooth([0.0; 4]));
    }
}
