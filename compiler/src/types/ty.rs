//! Types of values.

use std::fmt;
use std::sync::Arc;

use vid_timeline::MediaKind;

/// What values a place takes: any of its alternatives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Type {
    /// At least one.
    pub atoms: Vec<Atom>,
    /// Whether `none` is a value too.
    pub optional: bool,
}

/// One alternative of a type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Atom {
    /// Anything at all.
    Any,
    /// A number or anything with a unit.
    Quantity,
    Number,
    Integer,
    Bool,
    Text,
    Time,
    Length,
    Percent,
    Angle,
    Level,
    /// Of a whole programme.
    Loudness,
    Color,
    /// A gradient.
    Paint,
    Rate,
    Size,
    Media(MediaKinds),
    Enum(Arc<str>),
    List(Box<Type>),
    /// Named values; of the declared record, or any.
    Record(Option<Arc<str>>),
}

/// A set of kinds of media.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct MediaKinds {
    video: bool,
    audio: bool,
    image: bool,
}

impl MediaKinds {
    /// The set with `kind` added.
    pub(crate) fn with(mut self, kind: MediaKind) -> Self {
        match kind {
            MediaKind::Video => self.video = true,
            MediaKind::Audio => self.audio = true,
            MediaKind::Image => self.image = true,
        }
        self
    }

    /// Whether a file of that kind will do.
    pub const fn contains(self, kind: MediaKind) -> bool {
        match kind {
            MediaKind::Video => self.video,
            MediaKind::Audio => self.audio,
            MediaKind::Image => self.image,
        }
    }

    /// The kinds in the set, in the order video, audio, image.
    pub fn iter(self) -> impl Iterator<Item = MediaKind> {
        [MediaKind::Video, MediaKind::Audio, MediaKind::Image].into_iter().filter(move |k| self.contains(*k))
    }
}

/// `video|audio`.
impl fmt::Display for MediaKinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(MediaKind::name).collect();
        f.write_str(&names.join("|"))
    }
}

impl Type {
    /// The type with one alternative.
    pub(crate) fn of(atom: Atom) -> Self {
        Self { atoms: vec![atom], optional: false }
    }

    /// Whether it has that alternative.
    pub(crate) fn has(&self, atom: &Atom) -> bool {
        self.atoms.contains(atom)
    }

    /// The names of the enums among its alternatives.
    pub(crate) fn enums(&self) -> impl Iterator<Item = &Arc<str>> {
        self.atoms.iter().filter_map(|atom| match atom {
            Atom::Enum(name) => Some(name),
            _ => None,
        })
    }

    /// The kinds of media it takes, if it takes any.
    pub(crate) fn media(&self) -> Option<MediaKinds> {
        self.atoms.iter().find_map(|atom| match atom {
            Atom::Media(kinds) => Some(*kinds),
            _ => None,
        })
    }
}

/// In an author's words: `a length or a percentage`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, atom) in self.atoms.iter().enumerate() {
            if index > 0 {
                f.write_str(" or ")?;
            }
            write!(f, "{atom}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("a value"),
            Self::Quantity => f.write_str("a number or a value with a unit"),
            Self::Number => f.write_str("a number"),
            Self::Integer => f.write_str("a whole number"),
            Self::Bool => f.write_str("`true` or `false`"),
            Self::Text => f.write_str("a string"),
            Self::Time => f.write_str("a time"),
            Self::Length => f.write_str("a length"),
            Self::Percent => f.write_str("a percentage"),
            Self::Angle => f.write_str("an angle"),
            Self::Level => f.write_str("a level"),
            Self::Loudness => f.write_str("a loudness"),
            Self::Color => f.write_str("a colour"),
            Self::Paint => f.write_str("a gradient"),
            Self::Rate => f.write_str("a frame rate"),
            Self::Size => f.write_str("a size"),
            Self::Media(kinds) => {
                write!(f, "the path of a file ({})", kinds.to_string().replace('|', " or "))
            }
            Self::Enum(name) => write!(f, "a word of `{name}`"),
            Self::List(_) => f.write_str("a list"),
            Self::Record(_) => f.write_str("a record"),
        }
    }
}
