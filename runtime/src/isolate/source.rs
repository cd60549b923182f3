//! Pictures, sound, stills and facts out of a worker, checked as if the file had said them.

use std::path::Path;

use vid_timeline::{MediaFacts, MediaKind, Time};

use super::child::{Confinement, Worker};
use super::wire::{MAX_PAIRS, Picture, Reply, Request, Way};
use crate::media::{
    CHANNELS, ColorDescription, FrameAt, FramePool, FrameSpec, MediaError, PixelFormat, VideoFrame, limits,
};
use crate::raster::{Pixmap, StillError, StillProblem};

/// A film open in a confined process.
pub struct ConfinedVideo {
    worker: Worker,
    pool: Option<FramePool>,
    last: Option<VideoFrame>,
    /// A plane without padding on its way into a frame whose rows are padded.
    packed: Vec<u8>,
}

impl ConfinedVideo {
    /// Opens the pictures of a file for taking them with [`Self::frame_at`], or backwards with
    /// [`Self::frame_before`]. `duration` bounds the work it may take, where it is known.
    ///
    /// # Errors
    /// As [`VideoSource::open`](crate::media::VideoSource::open); [`MediaError::NotConfined`].
    pub fn open(
        confinement: &Confinement,
        path: &Path,
        duration: Option<Time>,
        way: Way,
    ) -> Result<Self, MediaError> {
        let mut worker = confinement.start(path, duration)?;
        match worker.ask(&Request::OpenVideo { way }, Time::ZERO)? {
            Reply::Opened => Ok(Self { worker, pool: None, last: None, packed: Vec::new() }),
            _ => Err(worker.nonsense()),
        }
    }

    /// As [`VideoSource::frame_at`](crate::media::VideoSource::frame_at).
    ///
    /// # Errors
    /// As there; [`MediaError::DecoderDied`].
    pub fn frame_at(&mut self, at: Time) -> Result<FrameAt, MediaError> {
        self.found(&Request::Frame { at }, at)
    }

    /// As [`BackwardSource::frame_before`](crate::media::BackwardSource::frame_before).
    ///
    /// # Errors
    /// As there; [`MediaError::DecoderDied`].
    pub fn frame_before(&mut self, time: Time, memory: usize) -> Result<FrameAt, MediaError> {
        self.found(&Request::FrameBefore { time, memory }, time)
    }

    /// Pictures that were left out so far.
    ///
    /// # Errors
    /// [`MediaError::DecoderDied`].
    pub fn skipped(&mut self) -> Result<u64, MediaError> {
        skipped(&mut self.worker).map(|(pictures, _)| pictures)
    }

    fn found(&mut self, request: &Request, at: Time) -> Result<FrameAt, MediaError> {
        let Reply::Frame { picture, start, placement } = self.worker.ask(request, at)? else {
            return Err(self.worker.nonsense());
        };
        if let Some(picture) = picture {
            let frame = self.receive(&picture)?;
            self.last = Some(frame);
        }
        match &self.last {
            Some(frame) => Ok(FrameAt { frame: frame.clone(), start, placement: placement.into() }),
            None => Err(self.worker.nonsense()),
        }
    }

    fn receive(&mut self, picture: &Picture) -> Result<VideoFrame, MediaError> {
        let Picture { width, height, color, interlaced, .. } = *picture;
        limits::check_picture(self.worker.path(), width, height)?;
        let Some(format) = PixelFormat::from_name(&picture.format).filter(|format| format.is_plain()) else {
            return Err(self.worker.nonsense());
        };
        let color = ColorDescription::from_wire(color);
        let spec = FrameSpec { width, height, format, color };
        let pool = match self.pool.take_if(|pool| *pool.spec() == spec) {
            Some(pool) => pool,
            None => FramePool::new(spec)?,
        };
        let mut frame = pool.get()?;
        self.pool = Some(pool);
        frame.set_interlaced(interlaced);
        for plane in frame.planes_mut()? {
            if plane.stride == plane.row_bytes {
                self.worker.fill(plane.data)?;
                continue;
            }
            self.packed.resize(plane.row_bytes * plane.rows, 0);
            self.worker.fill(&mut self.packed)?;
            let rows = plane.data.chunks_mut(plane.stride).zip(self.packed.chunks(plane.row_bytes));
            rows.for_each(|(to, from)| to[..from.len()].copy_from_slice(from));
        }
        Ok(frame)
    }
}

/// What happens where sound is damaged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Damage {
    /// It is an error.
    Refuse,
    /// It is silence.
    Skip,
}

fn skipped(worker: &mut Worker) -> Result<(u64, u64), MediaError> {
    match worker.ask(&Request::Skipped, Time::ZERO)? {
        Reply::Skipped { pictures, packets } => Ok((pictures, packets)),
        _ => Err(worker.nonsense()),
    }
}

/// Sound open in a confined process.
pub struct ConfinedSound {
    worker: Worker,
    bytes: Vec<u8>,
}

impl ConfinedSound {
    /// Opens the first sound stream of a file.
    ///
    /// # Errors
    /// As [`AudioSource::open`](crate::media::AudioSource::open); [`MediaError::NotConfined`].
    pub fn open(
        confinement: &Confinement,
        path: &Path,
        duration: Option<Time>,
        damage: Damage,
    ) -> Result<Self, MediaError> {
        let mut worker = confinement.start(path, duration)?;
        let lenient = damage == Damage::Skip;
        match worker.ask(&Request::OpenSound { lenient }, Time::ZERO)? {
            Reply::Opened => Ok(Self { worker, bytes: Vec::new() }),
            _ => Err(worker.nonsense()),
        }
    }

    /// Packets that were left out so far.
    ///
    /// # Errors
    /// [`MediaError::DecoderDied`].
    pub fn skipped(&mut self) -> Result<u64, MediaError> {
        skipped(&mut self.worker).map(|(_, packets)| packets)
    }

    /// As [`AudioSource::read`](crate::media::AudioSource::read).
    ///
    /// # Errors
    /// As there; [`MediaError::DecoderDied`].
    ///
    /// # Panics
    /// When `out` ends with half a sample pair.
    pub fn read(&mut self, start: i64, out: &mut [f32]) -> Result<usize, MediaError> {
        assert!(out.len().is_multiple_of(CHANNELS), "blocks hold whole sample pairs");
        let mut position = start;
        let mut all_inside = 0;
        for block in out.chunks_mut(MAX_PAIRS * CHANNELS) {
            let pairs = block.len() / CHANNELS;
            let request = Request::Samples { start: position, pairs };
            let Reply::Samples { inside } = self.worker.ask(&request, Time::from_sample(position))? else {
                return Err(self.worker.nonsense());
            };
            self.bytes.resize(size_of_val(block), 0);
            self.worker.fill(&mut self.bytes)?;
            let (samples, _) = self.bytes.as_chunks();
            block.iter_mut().zip(samples).for_each(|(to, from)| *to = f32::from_le_bytes(*from));
            all_inside += inside.min(pairs);
            position = position.saturating_add(i64::try_from(pairs).unwrap_or(i64::MAX));
        }
        Ok(all_inside)
    }
}

/// What a file holds, found out by a confined process.
pub(super) fn probe(confinement: &Confinement, path: &Path) -> Result<MediaFacts, MediaError> {
    let mut worker = confinement.start(path, Some(Time::ZERO))?;
    let Reply::Facts(facts) = worker.ask(&Request::Probe, Time::ZERO)? else {
        return Err(worker.nonsense());
    };
    match check_facts(path, &facts)? {
        true => Ok(*facts),
        false => Err(worker.nonsense()),
    }
}

/// The pixels of a still, decoded by a confined process.
pub(super) fn still(confinement: &Confinement, path: &Path) -> Result<Pixmap, crate::RenderError> {
    let mut worker = confinement.start(path, Some(Time::ZERO))?;
    let (width, height) = match worker.ask(&Request::Still, Time::ZERO)? {
        Reply::Still { width, height } => (width, height),
        Reply::StillFailed(trouble) => return Err(trouble.into_error(path).into()),
        _ => return Err(worker.nonsense().into()),
    };
    let broken = |problem| StillError { path: path.to_owned(), problem };
    if limits::check_picture(path, width, height).is_err() {
        return Err(broken(StillProblem::TooLarge { width, height }).into());
    }
    let mut pixels = vec![0; width as usize * height as usize * 4];
    worker.fill(&mut pixels)?;
    let damaged = || StillProblem::Damaged { reason: "the decoder returned too few pixels".to_owned() };
    Pixmap::from_premultiplied(width, height, pixels).ok_or_else(|| broken(damaged()).into())
}

/// Whether facts could be those of a file within our limits; the error of the limit that is passed.
fn check_facts(path: &Path, facts: &MediaFacts) -> Result<bool, MediaError> {
    let longest = Time::new(limits::MAX_DURATION_SECONDS, 1);
    let mut sane = facts.duration.is_none_or(|duration| !duration.is_negative() && duration <= longest);
    if let Some(video) = &facts.video {
        limits::check_picture(path, video.width, video.height)?;
        let rate = video.frame_rate;
        sane &= rate.is_none_or(|r| vid_timeline::FrameRate::new(r.numerator(), r.denominator()) == Some(r));
        sane &= matches!(video.rotation, 0 | 90 | 180 | 270);
    }
    if let Some(audio) = &facts.audio {
        limits::check_sound(path, audio.sample_rate, audio.channels.into())?;
    }
    let has_kind = match facts.kind {
        MediaKind::Video | MediaKind::Image => facts.video.is_some(),
        MediaKind::Audio => facts.audio.is_some(),
    };
    Ok(sane && has_kind)
}
