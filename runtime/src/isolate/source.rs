//! Pictures, sound, stills and facts out of a worker, checked as if the file had said them.

use std::path::Path;

use vid_timeline::{MediaFacts, MediaKind, Time};

use super::child::{Confinement, Worker};
use super::relay::{AfterDeath, Relay};
use super::wire::{MAX_PAIRS, Picture, Reply, Request, Way};
use crate::media::{
    CHANNELS, ColorDescription, FrameAt, FramePool, FrameSpec, MediaError, Peak, PixelFormat, VideoFrame,
    limits,
};
use crate::raster::{Pixmap, StillError, StillProblem};

/// A film open in a confined process. A process that dies after it has given a frame is replaced, a few
/// times.
pub struct ConfinedVideo {
    relay: Relay,
    inbox: Inbox,
}

/// Frames as they come in.
#[derive(Default)]
struct Inbox {
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
        let after_death = if way == Way::Lenient { AfterDeath::GiveUp } else { AfterDeath::Replace };
        let relay = Relay::start(confinement, path, duration, Request::OpenVideo { way }, after_death)?;
        Ok(Self { relay, inbox: Inbox::default() })
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
        skipped(&mut self.relay).map(|(pictures, _)| pictures)
    }

    /// Number of the process that was started for it: that of the confined one, or of its watcher.
    pub fn process(&self) -> u32 {
        self.relay.process()
    }

    fn found(&mut self, request: &Request, at: Time) -> Result<FrameAt, MediaError> {
        let inbox = &mut self.inbox;
        self.relay.ask(request, at, |worker, reply| {
            let Reply::Frame { picture, start, placement } = reply else { return Err(worker.nonsense()) };
            if let Some(picture) = picture {
                inbox.receive(worker, &picture)?;
            }
            match &inbox.last {
                Some(frame) => Ok(FrameAt { frame: frame.clone(), start, placement: placement.into() }),
                None => Err(worker.nonsense()),
            }
        })
    }
}

impl Inbox {
    fn receive(&mut self, worker: &mut Worker, picture: &Picture) -> Result<(), MediaError> {
        let Picture { width, height, color, interlaced, peak, .. } = *picture;
        limits::check_picture(worker.path(), width, height)?;
        let Some(format) = PixelFormat::from_name(&picture.format).filter(|format| format.is_plain()) else {
            return Err(worker.nonsense());
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
        frame.set_peak(peak.and_then(|nits| Peak::new(nits.into())))?;
        for plane in frame.planes_mut()? {
            if plane.stride == plane.row_bytes {
                worker.fill(plane.data)?;
                continue;
            }
            self.packed.resize(plane.row_bytes * plane.rows, 0);
            worker.fill(&mut self.packed)?;
            let rows = plane.data.chunks_mut(plane.stride).zip(self.packed.chunks(plane.row_bytes));
            rows.for_each(|(to, from)| to[..from.len()].copy_from_slice(from));
        }
        self.last = Some(frame);
        Ok(())
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

fn skipped(relay: &mut Relay) -> Result<(u64, u64), MediaError> {
    relay.ask(&Request::Skipped, Time::ZERO, |worker, reply| match reply {
        Reply::Skipped { pictures, packets } => Ok((pictures, packets)),
        _ => Err(worker.nonsense()),
    })
}

/// Sound open in a confined process. A process that dies after it has given samples is replaced, a few
/// times.
pub struct ConfinedSound {
    relay: Relay,
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
        let (lenient, after_death) = match damage {
            Damage::Skip => (true, AfterDeath::GiveUp),
            Damage::Refuse => (false, AfterDeath::Replace),
        };
        let relay = Relay::start(confinement, path, duration, Request::OpenSound { lenient }, after_death)?;
        Ok(Self { relay, bytes: Vec::new() })
    }

    /// Packets that were left out so far.
    ///
    /// # Errors
    /// [`MediaError::DecoderDied`].
    pub fn skipped(&mut self) -> Result<u64, MediaError> {
        skipped(&mut self.relay).map(|(_, packets)| packets)
    }

    /// Number of the process that was started for it: that of the confined one, or of its watcher.
    pub fn process(&self) -> u32 {
        self.relay.process()
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
            let bytes = &mut self.bytes;
            bytes.resize(size_of_val(block), 0);
            let inside = self.relay.ask(&request, Time::from_sample(position), |worker, reply| {
                let Reply::Samples { inside } = reply else { return Err(worker.nonsense()) };
                worker.fill(bytes)?;
                Ok(inside)
            })?;
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
