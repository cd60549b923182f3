//! What things are called: identifiers from ids.

use std::collections::{BTreeMap, BTreeSet};

use vid_grammar::ast::{HasName, Item};
use vid_timeline::Timeline;

use super::layout::{Layout, Member, Part};

/// Words that mean something else where a name could stand.
pub(super) const RESERVED: [&str; 48] = [
    "and",
    "as",
    "at",
    "audio",
    "by",
    "captions",
    "composition",
    "duck",
    "effect",
    "else",
    "end",
    "enter",
    "exit",
    "extern",
    "false",
    "fill",
    "fn",
    "for",
    "gap",
    "if",
    "image",
    "import",
    "in",
    "let",
    "loop",
    "marker",
    "markers",
    "mask",
    "motion",
    "natural",
    "next",
    "not",
    "or",
    "output",
    "parent",
    "prev",
    "private",
    "sequence",
    "set",
    "shape",
    "stack",
    "start",
    "style",
    "text",
    "through",
    "transition",
    "true",
    "video",
];

/// Names of elements and sequences, all different.
pub(super) struct Names {
    /// By element of the timeline.
    elements: Vec<String>,
    /// By element: the id that its place in the source gives it.
    ids: Vec<String>,
    /// Sequences by their first element.
    sequences: BTreeMap<usize, String>,
}

impl Names {
    pub(super) fn of(timeline: &Timeline, layout: &Layout) -> Self {
        let ids: Vec<&str> = timeline.elements.iter().map(|element| element.id.as_str()).collect();
        let mut taken: BTreeSet<String> = RESERVED.iter().map(|word| (*word).to_owned()).collect();
        let none = vec![String::new(); ids.len()];
        let mut names = Self { elements: none.clone(), ids: none, sequences: BTreeMap::new() };
        // Ids that are names keep them; the others take what is left.
        let mut late = Vec::new();
        for part in &layout.parts {
            let around = match part {
                Part::Sequence { members, .. } => names.name_sequence(members, &ids, &mut taken),
                Part::One(_) => None,
            };
            for index in part.elements() {
                let id = ids.get(index).copied().unwrap_or_default();
                let own = match &around {
                    Some(_) => id.split_once('.').map_or(id, |(_, own)| own),
                    None => id,
                };
                if is_identifier(own) && taken.insert(own.to_owned()) {
                    names.set(index, own, around.as_deref());
                } else {
                    late.push((index, around.clone()));
                }
            }
        }
        for (index, around) in late {
            let Some(element) = timeline.elements.get(index) else { continue };
            let wish = identifier(&element.id, element.content.kind_name());
            names.set(index, &unique(&wish, &mut taken), around.as_deref());
        }
        names
    }

    /// A sequence whose members' ids have one beginning is what that beginning names.
    fn name_sequence(
        &mut self,
        members: &[Member],
        ids: &[&str],
        taken: &mut BTreeSet<String>,
    ) -> Option<String> {
        let elements: Vec<usize> = members.iter().filter_map(Member::element).collect();
        let prefix = common_prefix(&elements, ids)?;
        if !taken.insert(prefix.to_owned()) {
            return None;
        }
        self.sequences.insert(*elements.first()?, prefix.to_owned());
        Some(prefix.to_owned())
    }

    fn set(&mut self, index: usize, name: &str, around: Option<&str>) {
        if let Some((own, id)) = self.elements.get_mut(index).zip(self.ids.get_mut(index)) {
            *own = name.to_owned();
            *id = around.map_or_else(|| name.to_owned(), |around| format!("{around}.{name}"));
        }
    }

    /// The id that the source gives an element.
    pub(super) fn id_of(&self, index: usize) -> &str {
        self.ids.get(index).map_or("", String::as_str)
    }

    /// The name of an element.
    pub(super) fn of_element(&self, index: usize) -> &str {
        self.elements.get(index).map_or("", String::as_str)
    }

    /// The name of the sequence of these members, if it has one.
    pub(super) fn sequence_of(&self, members: &[Member]) -> Option<&str> {
        let first = members.iter().find_map(Member::element)?;
        self.sequences.get(&first).map(String::as_str)
    }
}

/// What the composition is called.
pub(super) fn composition(wish: &str) -> String {
    let mut taken: BTreeSet<String> = RESERVED.iter().map(|word| (*word).to_owned()).collect();
    unique(&identifier(wish, "film"), &mut taken)
}

/// Whether the language reads `text` as a name.
pub(super) fn is_identifier(text: &str) -> bool {
    let begins = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    if !begins || !text.chars().all(|c| c.is_alphanumeric() || c == '_') || text.len() > MAX_NAME_BYTES {
        return false;
    }
    let parse = vid_grammar::parse(&format!("let {text} = 1"));
    let mut items = parse.file().items();
    let is_it = match (items.next(), items.next()) {
        (Some(Item::Let(item)), None) => item.name().is_some_and(|name| name.text() == text),
        _ => false,
    };
    is_it && parse.errors().is_empty() && !RESERVED.contains(&text)
}

/// Whether a record of the language can have a field of that name.
pub(super) fn is_field_name(text: &str) -> bool {
    let is_plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_plain
        && text.len() <= MAX_NAME_BYTES
        && vid_grammar::parse(&format!("let x = {{ {text}: 1 }}")).errors().is_empty()
}

/// Longest id that becomes a name as it is; nobody types a longer one.
const MAX_NAME_BYTES: usize = 64;

/// A name as near to `text` as one can be; `kind` where nothing of it is left.
fn identifier(text: &str, kind: &str) -> String {
    let mut name = String::new();
    for c in text.chars().take(MAX_NAME_BYTES / 4) {
        match c {
            c if c.is_ascii_alphanumeric() || (c.is_alphabetic() && is_identifier(&c.to_string())) => {
                name.push(c)
            }
            _ if name.ends_with('_') => {}
            _ => name.push('_'),
        }
    }
    let name = name.trim_matches('_');
    match name.chars().next() {
        None => kind.to_owned(),
        Some(c) if c.is_numeric() => format!("{kind}_{name}"),
        Some(_) => name.to_owned(),
    }
}

/// The name, with a number where it is taken.
fn unique(wish: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = wish.to_owned();
    let mut number = 1_u32;
    while !taken.insert(name.clone()) {
        name = format!("{wish}_{number}");
        number += 1;
    }
    name
}

/// What all ids have before their first dot, where what follows is a name.
fn common_prefix<'a>(members: &[usize], ids: &[&'a str]) -> Option<&'a str> {
    let mut prefixes = members.iter().map(|index| ids.get(*index)?.split_once('.'));
    let (first, own) = prefixes.next()??;
    let rest_agrees =
        prefixes.all(|pair| pair.is_some_and(|(prefix, own)| prefix == first && is_identifier(own)));
    (is_identifier(first) && is_identifier(own) && rest_agrees).then_some(first)
}
