//! Regular expressions, and how three engines spell them.

/// A regular expression over one line.
#[derive(Clone, PartialEq, Debug)]
pub enum Re {
    /// Exactly this.
    Text(String),
    /// One character of a set, as it stands between the brackets.
    Class(&'static str),
    /// One character of which names begin.
    NameStart,
    /// One character of which names are made.
    NameCharacter,
    /// Any one character.
    Any,
    /// One after another.
    Sequence(Vec<Re>),
    /// The first that matches.
    Choice(Vec<Re>),
    /// As often as `?`, `*` or `+` says.
    Repeat(Box<Re>, char),
    /// What follows is like this.
    Ahead(Box<Re>),
    /// What follows is not like this.
    NotAhead(Box<Re>),
}

/// A character of which names begin.
pub const NAME_START: Re = Re::NameStart;
/// A character of which names are made.
pub const NAME_CHARACTER: Re = Re::NameCharacter;

/// How an engine spells what others spell differently.
#[derive(Clone, Copy, PartialEq)]
enum Engine {
    Oniguruma,
    Kakoune,
    Emacs,
}

impl Re {
    /// One character of a set.
    pub fn class(set: &'static str) -> Self {
        Re::Class(set)
    }

    /// This as often as it comes.
    pub fn any_number(self) -> Self {
        Re::Repeat(Box::new(self), '*')
    }

    /// This, then another.
    pub fn then(self, next: Re) -> Self {
        let mut parts = if let Re::Sequence(parts) = self { parts } else { vec![self] };
        match next {
            Re::Sequence(more) => parts.extend(more),
            next => parts.push(next),
        }
        Re::Sequence(parts)
    }

    /// This, or else another.
    pub fn or(self, other: Re) -> Self {
        match (self, other) {
            // Digits that may be grouped are one set.
            (Re::Class("0-9"), Re::Text(text)) if text == "_" => Re::Class("0-9_"),
            (Re::Choice(mut known), Re::Choice(more)) => {
                known.extend(more);
                Re::Choice(known)
            }
            (Re::Choice(mut known), other) => {
                known.push(other);
                Re::Choice(known)
            }
            (this, Re::Choice(more)) => Re::Choice([vec![this], more].concat()),
            (this, other) => Re::Choice(vec![this, other]),
        }
    }

    /// What is left of this behind another that it begins with.
    pub fn after(&self, beginning: &Re) -> Option<Self> {
        let (Re::Sequence(all), Re::Sequence(first)) = (self, beginning) else { return None };
        all.strip_prefix(first.as_slice()).map(|rest| Re::Sequence(rest.to_vec()))
    }

    /// As TextMate grammars spell it.
    pub fn oniguruma(&self) -> String {
        self.spelled(Engine::Oniguruma)
    }

    /// As Kakoune spells it.
    pub fn kakoune(&self) -> String {
        self.spelled(Engine::Kakoune)
    }

    /// As Emacs spells it, where nothing can be looked ahead for but the end of a word.
    pub fn emacs(&self) -> String {
        self.spelled(Engine::Emacs)
    }

    fn spelled(&self, engine: Engine) -> String {
        match self {
            Re::Text(text) => text.chars().map(|c| escaped(c, engine)).collect(),
            Re::Class(set) => format!("[{set}]"),
            Re::NameStart => match engine {
                Engine::Oniguruma => r"[\p{L}\p{Nl}_]".to_owned(),
                Engine::Kakoune => r"[a-zA-Z_]".to_owned(),
                Engine::Emacs => "[[:alpha:]_]".to_owned(),
            },
            Re::NameCharacter => match engine {
                Engine::Oniguruma => r"[\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}_]".to_owned(),
                Engine::Kakoune => r"\w".to_owned(),
                Engine::Emacs => "[[:alnum:]_]".to_owned(),
            },
            Re::Any => ".".to_owned(),
            Re::Sequence(parts) => parts.iter().map(|part| part.grouped(engine, false)).collect(),
            Re::Choice(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| part.spelled(engine)).collect();
                parts.join(if engine == Engine::Emacs { r"\|" } else { "|" })
            }
            Re::Repeat(inner, sign) => format!("{}{sign}", inner.grouped(engine, true)),
            Re::Ahead(inner) if engine != Engine::Emacs => format!("(?={})", inner.spelled(engine)),
            Re::NotAhead(inner) if **inner == Re::NameCharacter && engine == Engine::Emacs => {
                r"\_>".to_owned()
            }
            Re::NotAhead(inner) if engine != Engine::Emacs => format!("(?!{})", inner.spelled(engine)),
            Re::Ahead(_) | Re::NotAhead(_) => panic!("Emacs cannot look ahead"),
        }
    }

    /// Spelled so that something may stand behind it, or with `closely` so that a sign of repetition may.
    fn grouped(&self, engine: Engine, closely: bool) -> String {
        let is_one = match self {
            Re::Text(text) => !closely || text.chars().count() == 1,
            Re::Sequence(_) | Re::Repeat(..) => !closely,
            Re::Choice(_) => false,
            _ => true,
        };
        let text = self.spelled(engine);
        match engine {
            _ if is_one => text,
            Engine::Emacs => format!(r"\(?:{text}\)"),
            _ => format!("(?:{text})"),
        }
    }
}

fn escaped(c: char, engine: Engine) -> String {
    let special = if engine == Engine::Emacs { r"\.*+?[^$" } else { r"\.*+?[]^$(){}|" };
    if special.contains(c) { format!(r"\{c}") } else { c.to_string() }
}
