//! What decoding a source may cost, measured against what the film asks of it.
//!
//! A megabyte of film can hold an hour of decoding. What bounds it is not the size of the file but
//! the media time that a film moves over: pictures beyond what that explains are not decoded.

use std::path::Path;
use std::time::Duration;

use vid_timeline::{FrameRate, Rational, Time};

use super::error::MediaError;
use super::limits::{self, Limit};
use crate::clock;

/// The account of one source.
#[derive(Clone, Debug)]
pub(super) struct Work {
    /// Pictures of a second, as declared.
    rate: Rational,
    /// Pixels decoded so far.
    pixels: u64,
    /// Pictures the film's way through the media explains so far.
    explained: u64,
    search: Search,
}

/// The account of one request.
#[derive(Clone, Copy, Debug, Default)]
struct Search {
    pictures: u64,
    most_pictures: u64,
    /// Processor time of this thread when it began.
    began: Duration,
    most_seconds: u64,
}

impl Work {
    /// An account without entries, for a stream that declares this rate.
    pub(super) fn new(rate: Option<FrameRate>) -> Self {
        let most = Rational::from(u32::try_from(limits::MAX_PICTURE_RATE).unwrap_or(u32::MAX));
        let rate = rate.map_or(most, |rate| rate.per_second().min(most).max(Rational::ONE));
        let mut work = Self { rate, pixels: 0, explained: 0, search: Search::default() };
        work.begin(Time::ZERO);
        work
    }

    /// Something is asked for that lies `distance` after the place where decoding is or begins.
    pub(super) fn begin(&mut self, distance: Time) {
        let longest = Time::new(limits::MAX_DURATION_SECONDS, 1);
        let distance = distance.max(Time::ZERO).min(longest).seconds();
        let count = |value: Rational| u64::try_from(value.ceil()).unwrap_or(u64::MAX);
        let seconds = count(distance);
        self.explained = self.explained.saturating_add(count(distance * self.rate).max(1));
        self.search = Search {
            pictures: 0,
            most_pictures: limits::SPARE_PICTURES + seconds * limits::MAX_PICTURE_RATE,
            began: clock::thread_time(),
            most_seconds: limits::SPARE_DECODE_SECONDS + seconds * limits::DECODE_SECONDS_PER_SECOND,
        };
    }

    /// Enters a decoded picture of that many pixels.
    ///
    /// # Errors
    /// [`MediaError::LimitExceeded`] when it is one too many.
    pub(super) fn picture(&mut self, path: &Path, pixels: u64) -> Result<(), MediaError> {
        self.search.pictures += 1;
        Limit::Search.at_most(path, self.search.pictures, self.search.most_pictures)?;
        self.pixels = self.pixels.saturating_add(pixels);
        let explained = self.explained.saturating_mul(pixels).saturating_mul(limits::WORK_FACTOR);
        Limit::Work.at_most(path, self.pixels, explained.saturating_add(limits::SPARE_PIXELS))
    }

    /// Enters a packet, which may take long and unpack to nothing.
    ///
    /// # Errors
    /// [`MediaError::LimitExceeded`] when too much time has passed.
    pub(super) fn packet(&self, path: &Path) -> Result<(), MediaError> {
        let spent = clock::thread_time().saturating_sub(self.search.began);
        Limit::DecodeSeconds.at_most(path, spent.as_secs(), self.search.most_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UHD: u64 = 3840 * 2160;

    fn work(rate: u32) -> Work {
        Work::new(FrameRate::whole(rate))
    }

    /// Pictures decoded until the account stops it.
    fn until_stopped(work: &mut Work, pixels: u64) -> (u64, Limit) {
        for count in 0..10_000_000 {
            if let Err(MediaError::LimitExceeded { what, .. }) = work.picture(Path::new("a"), pixels) {
                return (count, what);
            }
        }
        panic!("never stopped");
    }

    #[test]
    fn a_place_explains_the_pictures_before_it() {
        let mut near = work(30);
        near.begin(Time::new(1, 1));
        assert_eq!(until_stopped(&mut near, 1), (4096 + 240, Limit::Search));
        let mut far = work(30);
        far.begin(Time::new(3600, 1));
        assert_eq!(until_stopped(&mut far, 1), (4096 + 240 * 3600, Limit::Search));
    }

    #[test]
    fn pixels_are_bounded_over_all_requests() {
        let mut work = work(1);
        let mut decoded = 0;
        let stopped = loop {
            work.begin(Time::new(1, 1));
            if let Some(error) = (0..100).find_map(|_| {
                decoded += 1;
                work.picture(Path::new("a"), UHD).err()
            }) {
                break error;
            }
        };
        // A hundred pictures where one is explained: the spare ones last for some forty requests.
        assert!(matches!(stopped, MediaError::LimitExceeded { what: Limit::Work, .. }), "{stopped}");
        assert!((4096..4400).contains(&decoded), "{decoded}");
    }

    #[test]
    fn playing_through_never_ends_the_account() {
        let mut work = work(240);
        for _ in 0..100_000 {
            work.begin(Time::new(1, 240));
            work.picture(Path::new("a"), UHD).unwrap();
        }
        assert!(work.packet(Path::new("a")).is_ok());
    }

    #[test]
    fn a_rate_that_is_not_declared_counts_as_the_highest() {
        let mut work = Work::new(None);
        work.begin(Time::new(10, 1));
        assert_eq!(work.explained, 2401);
    }
}
