//! What editors ask of a [`Compiler`]: names, trees, and what a film's statements come to.

use std::ffi::OsStr;
use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use salsa::Database;
use vid_timeline::{Color, FrameRate, MediaFacts, Rational, Size, Time, TimeRange};

use crate::driver::api::{Compiler, SourceId, StackUse, source_in};
use crate::driver::presence;
use crate::driver::translate::Translator;
use crate::eval::{LengthValue, Value};
use crate::files::{Db, MediaProblem, MediaState, Origin, is_address, location_from_source};
use crate::items::{LengthUnit, parse};
use crate::names::{FileNames, Meaning, SymbolKind, file_names};
use crate::resolve::{file_scope, import_target};
use crate::schedule::{Mode, PlacedKind, Properties, Request, Scheduled, schedule};
use crate::vocabulary::Vocabulary;

/// Stops the work of one [`Compiler::snapshot`] from another thread.
#[derive(Clone)]
pub struct Interrupt(salsa::CancellationToken);

impl Interrupt {
    /// The snapshot's next step ends with [`Interrupted`].
    pub fn stop(&self) {
        self.0.cancel();
    }
}

/// Work that was given up, because somebody changed what it reads or asked it to stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the work was given up")]
pub struct Interrupted;

/// Runs work on a snapshot that may be given up.
///
/// # Errors
/// When what the snapshot reads was changed meanwhile, or when it was asked to stop.
pub fn interruptible<T>(work: impl FnOnce() -> T) -> Result<T, Interrupted> {
    salsa::Cancelled::catch(AssertUnwindSafe(work)).map_err(|_| Interrupted)
}

/// Where something is defined.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Definition {
    /// Its file; one that is bundled with the compiler begins with `std/`.
    pub path: PathBuf,
    /// Whether the file is bundled with the compiler and cannot be changed.
    pub is_bundled: bool,
    /// Bytes of its name; empty where a whole file is meant.
    pub name: Range<usize>,
    /// Bytes of the whole definition.
    pub whole: Range<usize>,
}

/// What a composition comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FilmFacts {
    /// Name of the composition.
    pub name: String,
    /// Bytes of its name in its file.
    pub name_range: Range<usize>,
    /// Its canvas in pixels.
    pub size: Size,
    /// Its frame rate.
    pub frame_rate: FrameRate,
    /// Its length; `None` where it is not known.
    pub duration: Option<Time>,
    /// Everything that has a place in time, in the order of the source; a statement of a loop once for
    /// each turn.
    pub pieces: Vec<Piece>,
    /// Properties of the composition itself and of its outputs.
    pub values: Vec<KnownValue>,
}

/// A statement at its place in time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The file that says it.
    pub path: PathBuf,
    /// Bytes of its header.
    pub header: Range<usize>,
    /// What it is.
    pub kind: PieceKind,
    /// From when to when, counted from the start of the composition.
    pub range: TimeRange,
    /// An instant at which it is to be seen as it is meant: it has entered and does not leave yet.
    pub in_full: Time,
    /// Which part of its media it plays.
    pub source_range: Option<TimeRange>,
    /// Where its media are: a path or an address.
    pub location: Option<String>,
    /// The canvas that it is placed on.
    pub canvas: Size,
    /// The properties that it says, with those of its motions and effects.
    pub values: Vec<KnownValue>,
}

/// The kinds of pieces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PieceKind {
    /// An element with a picture of its own.
    Element,
    /// An element that is only heard.
    Sound,
    /// A composition placed in another, a stack or a sequence.
    Container,
    /// A transition.
    Transition,
    /// A named instant.
    Marker,
}

/// A property whose value is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownValue {
    /// The property.
    pub name: String,
    /// The file that says it.
    pub path: PathBuf,
    /// Bytes of the value.
    pub range: Range<usize>,
    /// The value as it would be written.
    pub shown: String,
    /// The value, where tools do more with it than show it.
    pub amount: Amount,
    /// Its keyframes; empty where it has none.
    pub keyframes: Vec<KnownKeyframe>,
}

/// A keyframe whose value is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownKeyframe {
    /// When it is, from the start of what it belongs to.
    pub time: Time,
    /// How its value is reached, as it would be written; `None` where nothing is said.
    pub easing: Option<String>,
}

/// What a value measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amount {
    /// A length of time, or an instant of the composition.
    Time(Time),
    /// Pixels of the canvas; exact.
    Pixels(Rational),
    /// Hundredths of a whole.
    Percent(Rational),
    /// A colour.
    Color(Color),
    /// Anything else.
    Other,
}

impl Compiler {
    /// A compiler that reads what this one reads, for another thread. It works on the thread that asks,
    /// which needs a stack of [`crate::ANALYSIS_STACK_BYTES`]. While one exists, a change of this compiler
    /// makes its work end with [`Interrupted`] and waits until it is dropped.
    pub fn snapshot(&self) -> Self {
        Self { db: self.db.clone(), stack: StackUse::Own }
    }

    /// What stops the work of this compiler.
    pub fn interrupt(&self) -> Interrupt {
        Interrupt(self.db.cancellation_token())
    }

    /// The source of that path, if it was opened or imported.
    pub fn known(&self, path: &Path) -> Option<SourceId> {
        let path = self.db.normalize(path);
        self.db.known_source(&path).map(|file| SourceId::of(file.id(&self.db)))
    }

    /// The sources of authors that were opened or imported.
    pub fn authored(&self) -> Vec<SourceId> {
        self.db.author_files().into_iter().map(|file| SourceId::of(file.id(&self.db))).collect()
    }

    /// The tree of a source; `None` when it is no text.
    pub fn tree(&self, file: SourceId) -> Option<vid_grammar::Parse> {
        parse(&self.db, source_in(&self.db, file)).clone()
    }

    /// The names of a source.
    pub fn names(&self, file: SourceId) -> Arc<FileNames> {
        file_names(&self.db, source_in(&self.db, file)).clone()
    }

    /// The file that an import path written in `file` leads to.
    pub fn imported_file(&self, file: SourceId, written: &str) -> Option<SourceId> {
        let target = import_target(&self.db, source_in(&self.db, file), written)?;
        Some(SourceId::of(target.id(&self.db)))
    }

    /// The bundled files that an author can import, without `.vid`.
    pub fn library(&self) -> Vec<String> {
        let paths = self.db.library_paths();
        paths.into_iter().map(|path| path.trim_end_matches(".vid").to_owned()).collect()
    }

    /// The source that is bundled under a path such as `std/titles.vid`.
    pub fn bundled(&self, path: &Path) -> Option<SourceId> {
        self.db.bundled(path).map(|file| SourceId::of(file.id(&self.db)))
    }

    /// Whether a source is bundled with the compiler.
    pub fn is_bundled(&self, file: SourceId) -> bool {
        source_in(&self.db, file).origin(&self.db) != Origin::Author
    }

    /// What is known of a media file: nothing yet, its facts, or why it cannot be used.
    pub fn media_facts(&self, location: &str) -> Option<Result<Arc<MediaFacts>, MediaProblem>> {
        match self.db.media(location).state(&self.db) {
            MediaState::Unprobed => None,
            MediaState::Facts(facts) => Some(Ok(facts.clone())),
            MediaState::Problem(problem) => Some(Err(problem.clone())),
        }
    }

    /// Forgets what is known of a media file, so that it is asked for again.
    pub fn forget_media(&mut self, location: &str) {
        self.set_media_state(location, MediaState::Unprobed);
    }

    /// Where the media named `name` in a source lie: a path, or the address itself.
    pub fn media_location(&self, file: SourceId, name: &str) -> String {
        if is_address(name) { name.to_owned() } else { location_from_source(self.path(file), name) }
    }

    /// Where what stands at a byte of a source is defined: what a name means, or the name itself.
    pub fn definition(&self, file: SourceId, offset: usize) -> Option<Definition> {
        let names = self.names(file);
        if let Some(used) = names.use_at(offset) {
            // The name of an import list stands for what it imports.
            return self.definition_of(file, &names, &used.meaning);
        }
        let (index, _) = names.definition_at(offset)?;
        self.definition_of(file, &names, &Meaning::Symbol(index))
    }

    /// Where what a name means is defined.
    pub fn definition_of(&self, file: SourceId, names: &FileNames, meaning: &Meaning) -> Option<Definition> {
        let vocabulary = Vocabulary::bundled();
        let declared = match meaning {
            Meaning::Symbol(index) => {
                let symbol = names.symbols.get(*index)?;
                return match &symbol.kind {
                    // What has the same name in both files is one thing.
                    SymbolKind::Imported(path, there) => {
                        let found = self.member(file, path, there);
                        if *there == symbol.name { found } else { Some(self.own(file, symbol)) }
                    }
                    _ => Some(self.own(file, symbol)),
                };
            }
            Meaning::Member(path, name) => return self.member(file, path, name),
            Meaning::Argument(callee, name) => return self.parameter(file, names, callee, name),
            Meaning::Kind(name) => &vocabulary.kind(name)?.declared,
            Meaning::Property(kind, name) => &vocabulary.kind(kind)?.field(name)?.declared,
            Meaning::Word(set, word) => &vocabulary.set(set)?.word(word)?.declared,
            Meaning::Function(name) => &vocabulary.function(name)?.declared,
            Meaning::Constant(name) => &vocabulary.constant(name)?.declared,
            Meaning::Type(name) => match (vocabulary.set(name), vocabulary.kind(name)) {
                (Some(set), _) => &set.declared,
                (None, Some(kind)) => &kind.declared,
                (None, None) => return None,
            },
            Meaning::Place(_) | Meaning::Fact(_) | Meaning::Field | Meaning::Unknown => return None,
        };
        Some(Definition {
            path: PathBuf::from(declared.path),
            is_bundled: true,
            name: declared.name.clone(),
            whole: declared.whole.clone(),
        })
    }

    fn own(&self, file: SourceId, symbol: &crate::names::Symbol) -> Definition {
        Definition {
            path: self.path(file).to_owned(),
            is_bundled: self.is_bundled(file),
            name: symbol.name_range.clone(),
            whole: symbol.range.clone(),
        }
    }

    fn member(&self, file: SourceId, path: &str, name: &str) -> Option<Definition> {
        let target = self.imported_file(file, path)?;
        let names = self.names(target);
        let (_, symbol) = names.item(name)?;
        Some(self.own(target, symbol))
    }

    fn parameter(
        &self,
        file: SourceId,
        names: &FileNames,
        callee: &Meaning,
        name: &str,
    ) -> Option<Definition> {
        let (target, callee) = match callee {
            Meaning::Symbol(index) => match &names.symbols.get(*index)?.kind {
                SymbolKind::Imported(path, there) => (self.imported_file(file, path)?, there.clone()),
                _ => (file, names.symbols.get(*index)?.name.clone()),
            },
            Meaning::Member(path, there) => (self.imported_file(file, path)?, there.clone()),
            _ => return None,
        };
        let names = self.names(target);
        let (_, owner) = names.item(&callee)?;
        let is_it = |symbol: &&crate::names::Symbol| {
            matches!(symbol.kind, SymbolKind::Parameter(_))
                && symbol.name == name
                && owner.range.start <= symbol.range.start
                && symbol.range.end <= owner.range.end
        };
        names.symbols.iter().find(is_it).map(|symbol| self.own(target, symbol))
    }

    /// The places in `file` that name a definition, its own name included where it stands there.
    pub fn uses_in(&self, file: SourceId, of: &Definition) -> Vec<Range<usize>> {
        let names = self.names(file);
        let mut places: Vec<Range<usize>> = names
            .uses
            .iter()
            .filter(|used| self.definition_of(file, &names, &used.meaning).as_ref() == Some(of))
            .map(|used| used.range.clone())
            .collect();
        if self.path(file) == of.path && self.is_bundled(file) == of.is_bundled {
            places.push(of.name.clone());
        }
        places.sort_by_key(|range| (range.start, range.end));
        places.dedup();
        places
    }

    /// What each composition of a source comes to, in order.
    pub fn films(&self, file: SourceId) -> Vec<FilmFacts> {
        self.on_stack(|db| {
            let translator = Translator::new(db);
            let request = Request::new(db, Mode::Check, Vec::new());
            let scope = file_scope(db, source_in(db, file));
            let films = scope.compositions.iter();
            films.map(|(name, def)| film_facts(name, schedule(db, *def, request), &translator)).collect()
        })
    }
}

fn film_facts(name: &str, scheduled: &Scheduled, translator: &Translator<'_>) -> FilmFacts {
    let mut film = FilmFacts {
        name: name.to_owned(),
        name_range: scheduled
            .place
            .as_ref()
            .map_or(0..0, |place| translator.label(place, String::new()).range),
        size: scheduled.size,
        frame_rate: scheduled.rate,
        duration: scheduled.duration,
        pieces: Vec::new(),
        values: known_values(&scheduled.properties, scheduled.size, Time::ZERO, translator),
    };
    for (properties, _) in &scheduled.outputs {
        film.values.extend(known_values(properties, scheduled.size, Time::ZERO, translator));
    }
    let piece = |place, kind, range| {
        let label = translator.label(place, String::new());
        Piece {
            path: label.path,
            header: label.range,
            kind,
            range,
            in_full: range.start,
            source_range: None,
            location: None,
            canvas: scheduled.size,
            values: Vec::new(),
        }
    };
    let in_full = presence::in_full(scheduled);
    // The first container is the composition itself.
    let containers = presence::containers_in_full(scheduled, &in_full);
    for (container, in_full) in scheduled.containers.iter().zip(containers).skip(1) {
        let piece = piece(&container.place, PieceKind::Container, container.range);
        film.pieces.push(Piece { in_full, ..piece });
    }
    for (element, in_full) in scheduled.elements.iter().zip(in_full) {
        let canvas = element
            .unit
            .and_then(|unit| scheduled.elements.get(unit)?.ground.as_ref())
            .map_or(scheduled.size, |ground| ground.size);
        let mut values = known_values(&element.properties, canvas, element.range.start, translator);
        for (_, properties, _) in element.attached.iter() {
            values.extend(known_values(properties, canvas, element.range.start, translator));
        }
        if element.kind == PlacedKind::Unit {
            let label = translator.label(&element.place, String::new());
            let same = |known: &&mut Piece| {
                known.path == label.path && known.header == label.range && known.range == element.range
            };
            if let Some(known) = film.pieces.iter_mut().find(same) {
                known.values.extend(values);
                known.in_full = known.in_full.max(in_full);
            }
            continue;
        }
        let kind = match element.kind {
            PlacedKind::Audio => PieceKind::Sound,
            _ => PieceKind::Element,
        };
        film.pieces.push(Piece {
            in_full,
            source_range: element.source_range,
            location: element.location.clone(),
            canvas,
            values,
            ..piece(&element.place, kind, element.range)
        });
    }
    for transition in &scheduled.transitions {
        let values = known_values(&transition.properties, scheduled.size, transition.range.start, translator);
        let piece = piece(&transition.place, PieceKind::Transition, transition.range);
        film.pieces.push(Piece { values, in_full: presence::middle(transition.range), ..piece });
    }
    for (_, time, place) in &scheduled.markers {
        film.pieces.push(piece(place, PieceKind::Marker, TimeRange { start: *time, end: *time }));
    }
    film.pieces.sort_by(|a, b| place_of(a).cmp(&place_of(b)));
    film
}

/// Where a piece stands in its source; of those that stand in one place, when they are.
fn place_of(piece: &Piece) -> (&OsStr, usize, Time) {
    (piece.path.as_os_str(), piece.header.start, piece.range.start)
}

/// What properties come to; `origin` is when what they belong to begins.
fn known_values(
    properties: &Properties,
    canvas: Size,
    origin: Time,
    translator: &Translator<'_>,
) -> Vec<KnownValue> {
    let known = properties.said().map(|(name, value, place)| {
        let label = translator.label(place, String::new());
        KnownValue {
            name: name.to_string(),
            path: label.path,
            range: label.range,
            shown: shown(value, origin),
            amount: amount(name, value, canvas),
            keyframes: match value {
                Value::Keyframes(keyframes) => {
                    let each = keyframes.iter().map(|keyframe| KnownKeyframe {
                        time: keyframe.time.local(origin),
                        easing: keyframe.easing.as_ref().map(ToString::to_string),
                    });
                    each.collect()
                }
                _ => Vec::new(),
            },
        }
    });
    known.collect()
}

/// The value as it would be written; texts in quotes, keyframes one after another, counted from `origin`.
fn shown(value: &Value, origin: Time) -> String {
    let shown = |value: &Value| shown(value, origin);
    match value {
        Value::Text(text) => format!("{:?}", &**text),
        Value::Media(path, _) => format!("{:?}", &**path),
        Value::Keyframes(keyframes) => {
            let each = keyframes.iter().map(|keyframe| {
                let easing = keyframe.easing.as_ref().map(|easing| format!(" {easing}")).unwrap_or_default();
                let time = keyframe.time.local(origin).seconds();
                format!("{time}s: {}{easing}", shown(&keyframe.value))
            });
            format!("[{}]", each.collect::<Vec<_>>().join(", "))
        }
        Value::List(values) => {
            format!("[{}]", values.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        Value::Record(fields) => {
            let each = fields.iter().map(|(name, value)| format!("{name}: {}", shown(value)));
            format!("{{ {} }}", each.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// What a value measures on a canvas. Percentages of the canvas become pixels where the property says of
/// which side.
fn amount(property: &str, value: &Value, canvas: Size) -> Amount {
    let (width, height) = (Rational::from(canvas.width), Rational::from(canvas.height));
    let hundredth = |side: Rational, part: Rational| side * part / Rational::integer(100);
    match value {
        Value::Time(time) => Amount::Time(Time::from_seconds(time.seconds)),
        Value::Color(color) => Amount::Color(*color),
        Value::Length(LengthValue { amount, unit }) => match unit {
            LengthUnit::Pixels => Amount::Pixels(*amount),
            LengthUnit::ViewportWidth => Amount::Pixels(hundredth(width, *amount)),
            LengthUnit::ViewportHeight => Amount::Pixels(hundredth(height, *amount)),
            LengthUnit::Em => Amount::Other,
        },
        Value::Percent(part) => match property {
            "x" | "width" => Amount::Pixels(hundredth(width, *part)),
            "y" | "height" => Amount::Pixels(hundredth(height, *part)),
            _ => Amount::Percent(*part),
        },
        _ => Amount::Other,
    }
}
