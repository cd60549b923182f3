//! Media files: which ones are used, what is known of them, and which part is played.

use vid_timeline::{MediaKind, Natural, Rational, Time, TimeRange};

use crate::diagnostics::{Code, Place, Report};
use crate::eval::{Instance, Stop, Text, Value};
use crate::files::{MediaProblemKind, MediaState};
use crate::schedule::engine::Engine;
use crate::schedule::time::{more, shown};
use crate::schedule::transitions::Side;
use crate::types::MediaKinds;

/// A media file that a composition names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MediaUse {
    /// A path as resolved against the source file, or a URL.
    pub location: String,
    /// What it may be.
    pub kinds: MediaKinds,
    pub place: Place,
}

impl Engine<'_> {
    /// Where the media of an element are; `None` when it has none.
    pub(super) fn media_location(&mut self, id: Instance) -> Result<Option<String>, Stop> {
        match self.property(id, "source_url")? {
            Some(Value::Media(path, _)) => Ok(Some(self.location(&path))),
            Some(_) => Err(Stop::Unknown),
            None => Ok(None),
        }
    }

    /// The location of a file, from the folder of the file that names it.
    pub(super) fn location(&self, path: &Text) -> String {
        path.location(self.db, self.file)
    }

    /// Shape and length of the media of an element.
    pub(super) fn natural(&mut self, id: Instance) -> Result<Natural, Stop> {
        let Some(location) = self.media_location(id)? else { return Err(Stop::Poison) };
        let state = self.db.media(&location).state(self.db);
        let wanted = self.node(id).kind.field("source_url").and_then(|field| field.ty.media());
        match (state, wanted) {
            // Reported where the file is named.
            (MediaState::Problem(_), _) => Err(Stop::Poison),
            (MediaState::Facts(facts), Some(kinds)) if !kinds.contains(facts.kind) => Err(Stop::Poison),
            _ => natural_facts(state).ok_or(Stop::Unknown),
        }
    }

    /// How long the media of an element are.
    pub(super) fn media_duration(&mut self, id: Instance) -> Result<Time, Stop> {
        self.natural(id)?.duration.ok_or(Stop::Unknown)
    }

    fn said_time(&mut self, id: Instance, field: &str) -> Result<Option<Time>, Stop> {
        match self.property(id, field)? {
            Some(Value::Time(time)) => {
                let time = self.local(time, id)?;
                if !time.is_negative() {
                    return Ok(Some(time));
                }
                // A negative point counts from the end of the media.
                let available = self.media_duration(id)?;
                let point = available + time;
                if point.is_negative() {
                    return Err(self.before_the_media(id, field, time, available));
                }
                Ok(Some(point))
            }
            None | Some(Value::None) => Ok(None),
            Some(_) => Err(Stop::Unknown),
        }
    }

    fn speed(&mut self, id: Instance) -> Result<Rational, Stop> {
        match self.property(id, "speed")? {
            Some(Value::Number(speed)) => Ok(speed),
            _ => Err(Stop::Unknown),
        }
    }

    /// How long an element plays by itself: (out − in) / speed.
    pub(super) fn playing_length(&mut self, id: Instance) -> Result<Time, Stop> {
        let start = self.said_time(id, "in_point")?.unwrap_or(Time::ZERO);
        let out = self.said_time(id, "out_point")?;
        let end = match out {
            Some(end) => end,
            None => self.media_duration(id)?,
        };
        if end <= start {
            return Err(self.empty_trim(id, start, end));
        }
        let speed = self.speed(id)?;
        Ok(Time::from_seconds((end - start).seconds() / speed))
    }

    fn empty_trim(&mut self, id: Instance, start: Time, end: Time) -> Stop {
        let called = self.called(id);
        let said = |field: &str| self.node(id).assigned.get(field).map(|said| said.place.clone());
        let (in_place, out_place) = (said("in_point"), said("out_point"));
        let place = out_place.clone().or(in_place.clone()).unwrap_or_else(|| self.node(id).place.clone());
        let report = match out_place {
            Some(_) => {
                let message =
                    format!("{called} plays from {} to {}, which is nothing", shown(start), shown(end));
                let report = Report::error(Code::EmptyRange, &place, message).label("ends here");
                match in_place {
                    Some(in_place) => report.also(&in_place, "starts here"),
                    None => report,
                }
            }
            None => {
                let message =
                    format!("{called} starts at {} of its media, which end at {}", shown(start), shown(end));
                Report::error(Code::MediaTooShort, &place, message).label("starts here")
            }
        };
        self.stop(report)
    }

    /// Whether an element plays its media over and over.
    pub(super) fn is_looped(&mut self, id: Instance) -> Result<bool, Stop> {
        self.flag(id, "loop")
    }

    fn flag(&mut self, id: Instance, field: &str) -> Result<bool, Stop> {
        match self.property(id, field)? {
            Some(Value::Bool(value)) => Ok(value),
            None | Some(Value::None) => Ok(false),
            Some(_) => Err(Stop::Unknown),
        }
    }

    /// Which part of its media an element plays, whether or not they have it. First comes the trim,
    /// then the direction: what is played backwards starts at its out-point.
    fn played(&mut self, id: Instance) -> Result<TimeRange, Stop> {
        let start = self.said_time(id, "in_point")?.unwrap_or(Time::ZERO);
        let out = self.said_time(id, "out_point")?;
        if self.is_looped(id)? {
            let end = out.map_or_else(|| self.media_duration(id), Ok)?;
            return if end > start {
                Ok(TimeRange { start, end })
            } else {
                Err(self.empty_trim(id, start, end))
            };
        }
        let played = self.length(id)? * self.speed(id)?;
        if self.flag(id, "reverse")? {
            let end = out.map_or_else(|| self.media_duration(id), Ok)?;
            return Ok(TimeRange { start: end - played, end });
        }
        Ok(TimeRange { start, end: start + played })
    }

    /// Which part of its media an element plays, now that its length is known.
    pub(super) fn source_range(&mut self, id: Instance) -> Result<TimeRange, Stop> {
        let range = self.played(id)?;
        let looped = self.is_looped(id)?;
        let speed = self.speed(id)?;
        let start = self.said_time(id, "in_point")?.unwrap_or(Time::ZERO);
        let out = self.said_time(id, "out_point")?;
        let reversed = self.flag(id, "reverse")?;
        let says_start = !reversed || self.says(id, "in_point");
        if let Some(out) = out
            && says_start
            && !looped
            && out - start != range.end - range.start
        {
            return Err(self.said_twice_by_length(id, out - start, range.end - range.start));
        }
        if let Ok(available) = self.media_duration(id)
            && range.end > available
        {
            self.too_short(id, range.end, available, speed);
        } else if range.start < start {
            // Only what is played backwards can reach below its in-point.
            self.too_short_backwards(id, range, start, speed);
        }
        Ok(range)
    }

    /// Whether something says a property of an instance, or it has its default.
    fn says(&self, id: Instance, field: &str) -> bool {
        let node = self.node(id);
        node.assigned.contains_key(field) || node.fallbacks.contains_key(field)
    }

    /// What the media of an element have beyond one of its edges, in time of the film; `None` when
    /// there is no end to it, as with stills, texts and what is looped.
    pub(super) fn handle(&mut self, id: Instance, side: Side) -> Result<Option<Time>, Stop> {
        // A unit has nothing beyond its own range.
        if self.node(id).role.is_container() {
            return Ok(Some(Time::ZERO));
        }
        // What is in a container ends with it.
        if self.node(id).role.is_container() {
            return Ok(Some(Time::ZERO));
        }
        if self.node(id).kind.field("speed").is_none() || self.is_looped(id)? {
            return Ok(None);
        }
        let (range, media) = (self.played(id)?, self.media_duration(id)?);
        let after = (side == Side::From) != self.flag(id, "reverse")?;
        let left = if after { media - range.end } else { range.start };
        Ok(Some(Time::from_seconds(left.max(Time::ZERO).seconds() / self.speed(id)?)))
    }

    /// A point further from the end of the media than the media are long.
    fn before_the_media(&mut self, id: Instance, field: &str, point: Time, available: Time) -> Stop {
        let said = self.node(id).assigned.get(field).map(|said| said.place.clone());
        let place = said.unwrap_or_else(|| self.node(id).place.clone());
        let missing = more(-point - available, self.rate);
        let message = format!("the media of {} are too short: needs {missing}", self.called(id));
        let report = Report::error(Code::MediaTooShort, &place, message)
            .label(format!("{} before their end", shown(-point)));
        self.stop(report.help(format!("the media are {} long", shown(available))))
    }

    /// Media played backwards for longer than there is before the out-point.
    fn too_short_backwards(&mut self, id: Instance, range: TimeRange, start: Time, speed: Rational) {
        let said = |field: &str| self.node(id).assigned.get(field).map(|said| said.place.clone());
        let place = said("duration").unwrap_or_else(|| self.node(id).place.clone());
        let missing = Time::from_seconds((start - range.start).seconds() / speed);
        let message =
            format!("the media of {} are too short: needs {}", self.called(id), more(missing, self.rate));
        let report = Report::error(Code::MediaTooShort, &place, message).label(format!(
            "asks for {} back from {}",
            shown(range.end - range.start),
            shown(range.end)
        ));
        let report = match said("in_point") {
            Some(point) => report.also(&point, "goes back to here"),
            None => report,
        };
        self.stop(report.help(format!("there are {} between the two points", shown(range.end - start))));
    }

    /// In-point, out-point and length that do not agree.
    fn said_twice_by_length(&mut self, id: Instance, trimmed: Time, wanted: Time) -> Stop {
        let called = self.called(id);
        let place = self.node(id).assigned.get("out_point").map(|said| said.place.clone());
        let place = place.unwrap_or_else(|| self.node(id).place.clone());
        let message = format!(
            "the length of {called} is said twice: its trim has {}, its length on the timeline needs {}",
            shown(trimmed),
            shown(wanted)
        );
        let report = Report::error(Code::SaidTwice, &place, message);
        let report = match self.node(id).assigned.get("duration").map(|said| said.place.clone()) {
            Some(duration) => report.also(&duration, "the length on the timeline"),
            None => report,
        };
        self.stop(report.help("leave out the end of the trim, as in `[2s..]`, or the length"))
    }

    fn too_short(&mut self, id: Instance, wanted: Time, available: Time, speed: Rational) {
        let said = |field: &str| self.node(id).assigned.get(field).map(|said| said.place.clone());
        let place = said("out_point").or(said("duration")).unwrap_or_else(|| self.node(id).place.clone());
        let missing = Time::from_seconds((wanted - available).seconds() / speed);
        let message =
            format!("the media of {} are too short: needs {}", self.called(id), more(missing, self.rate));
        let report = Report::error(Code::MediaTooShort, &place, message)
            .label(format!("asks for the media up to {}", shown(wanted)))
            .help(format!("the media end at {}", shown(available)));
        let report = match (said("duration"), said("out_point")) {
            (Some(_), None) => report.help("`loop: true` plays them over and over"),
            _ => report,
        };
        let report = match said("source_url") {
            Some(source) if source != place => report.also(&source, format!("has {}", shown(available))),
            _ => report,
        };
        self.stop(report);
    }

    /// Notes a file that is used, and says what is wrong with it.
    pub(super) fn use_media(&mut self, path: &Text, kinds: MediaKinds, place: &Place) {
        let location = self.location(path);
        let state = self.db.media(&location).state(self.db).clone();
        self.media.push(MediaUse { location, kinds, place: place.clone() });
        let wanted = kinds.iter().map(kind_word).collect::<Vec<_>>().join(" or ");
        let report = match state {
            MediaState::Unprobed => return,
            MediaState::Problem(problem) => {
                let (code, headline) = match problem.kind {
                    MediaProblemKind::Missing => (Code::MediaMissing, format!("`{path}` is not there")),
                    MediaProblemKind::Unreadable => {
                        (Code::MediaUnreadable, format!("`{path}` cannot be read: {}", problem.message))
                    }
                    MediaProblemKind::WrongKind(kind) => {
                        (Code::MediaWrongKind, format!("`{path}` is {}, not {wanted}", kind_word(kind)))
                    }
                    MediaProblemKind::NoStream => {
                        (Code::MediaNoStream, format!("`{path}` cannot be used: {}", problem.message))
                    }
                };
                let report = Report::error(code, place, headline);
                match problem.kind {
                    MediaProblemKind::Missing => {
                        report.help("paths start at the folder of the file that names them")
                    }
                    _ => report,
                }
            }
            MediaState::Facts(facts) if !kinds.contains(facts.kind) => {
                let message = format!("`{path}` is {}, not {wanted}", kind_word(facts.kind));
                Report::error(Code::MediaWrongKind, place, message)
            }
            // Sound asked of a video that has none.
            MediaState::Facts(facts)
                if !kinds.contains(MediaKind::Image) && facts.kind == MediaKind::Video =>
            {
                let wants_sound = kinds.contains(MediaKind::Audio);
                if !wants_sound || facts.audio.is_some() {
                    return;
                }
                Report::error(Code::MediaNoStream, place, format!("`{path}` has no sound"))
            }
            MediaState::Facts(_) => return,
        };
        self.stop(report);
    }
}

/// A kind of media in an author's words.
const fn kind_word(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Video => "a video",
        MediaKind::Audio => "sound",
        MediaKind::Image => "a picture",
    }
}

/// The natural shape and length of probed media; `None` when they were not probed or cannot be read.
pub(crate) fn natural_facts(state: &MediaState) -> Option<Natural> {
    let MediaState::Facts(facts) = state else { return None };
    let (width, height) = facts.video.as_ref().map_or((0, 0), |video| {
        let (across, down) = video.sample_aspect;
        let square = |width: u32| {
            let width = u64::from(width) * u64::from(across.max(1));
            u32::try_from((width + u64::from(down.max(1)) / 2) / u64::from(down.max(1))).unwrap_or(u32::MAX)
        };
        (square(video.width), video.height)
    });
    Some(Natural { width, height, duration: facts.duration, has_sound: facts.audio.is_some() })
}
