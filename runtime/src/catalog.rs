//! What this runtime renders of the catalogue that the render API's contract names.
//!
//! The lists are those of [`vid_timeline`]; what draws an item is found by a `match` over all of them, so
//! an item that is listed there and not drawn here does not compile. What can be missing belongs to the
//! machine: encoders.

use vid_timeline::{
    BlendMode, EffectType, Fit, MotionScope, MotionType, OutputFormat, TransitionType, WordStyle,
};

use crate::media::{EncoderKind, has_encoder};

/// A list of the catalogue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CatalogList {
    /// What is listed, such as `effects`.
    pub name: &'static str,
    /// In the order of the contract.
    pub entries: Vec<CatalogEntry>,
}

/// An item of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CatalogEntry {
    /// Its name in source and in JSON; of an encoder, FFmpeg's.
    pub name: &'static str,
    /// Whether this machine renders it.
    pub availability: Availability,
}

/// Whether something can be rendered here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Availability {
    /// It can.
    Here,
    /// The installed FFmpeg has no encoder for it.
    NoEncoder,
}

/// Everything there is, list by list.
pub fn catalog() -> Vec<CatalogList> {
    let list = |name, names: Vec<&'static str>| {
        let entry = |name| CatalogEntry { name, availability: Availability::Here };
        CatalogList { name, entries: names.into_iter().map(entry).collect() }
    };
    let letters = |kind: &&MotionType| {
        let directions = kind.directions(MotionScope::Character);
        directions.entrance || directions.exit || directions.repeats
    };
    vec![
        list("effects", EffectType::ALL.iter().map(|kind| kind.name()).collect()),
        list("motions", MotionType::ALL.iter().map(|kind| kind.name()).collect()),
        list("motions of letters", MotionType::ALL.iter().filter(letters).map(|kind| kind.name()).collect()),
        list("transitions", TransitionType::ALL.iter().map(|kind| kind.name()).collect()),
        list("blend modes", BlendMode::ALL.iter().map(|mode| mode.name()).collect()),
        list("word styles", WordStyle::ALL.iter().map(|style| style.name()).collect()),
        list("fits", Fit::ALL.iter().map(|fit| fit.name()).collect()),
        list("formats", OutputFormat::ALL.iter().map(|format| format.name()).collect()),
        CatalogList { name: "encoders", entries: EncoderKind::ALL.iter().copied().map(encoder).collect() },
    ]
}

fn encoder(kind: EncoderKind) -> CatalogEntry {
    let availability = if has_encoder(kind) { Availability::Here } else { Availability::NoEncoder };
    CatalogEntry { name: kind.library(), availability }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_those_of_the_contract() {
        let counts: Vec<_> = catalog().iter().map(|list| (list.name, list.entries.len())).take(6).collect();
        let wanted = [
            ("effects", 46),
            ("motions", 43),
            ("motions of letters", 19),
            ("transitions", 31),
            ("blend modes", 10),
            ("word styles", 6),
        ];
        assert_eq!(counts, wanted);
    }
}
