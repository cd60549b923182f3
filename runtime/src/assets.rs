//! The files a timeline reads, found and named by their content.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Serialize, Serializer};
use vid_timeline::{MediaFacts, Text, Timeline};

use crate::error::RenderError;
use crate::isolate::Intake;
use crate::mend::{Mended, Substitute, mend};
use crate::raster::{Lut, load_lut};
use crate::store::{HashIndex, SegmentStore};
use crate::text::FontLibrary;

/// The BLAKE3 hash of some bytes: what keys name things by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash(pub [u8; 32]);

impl ContentHash {
    /// The hash of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Sixty-four lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ContentHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A media file that has been looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MediaAsset {
    /// Where it is.
    pub path: PathBuf,
    /// What its bytes are.
    pub hash: ContentHash,
    /// What is in it.
    pub facts: MediaFacts,
    /// Where its sound is, if it is in a file of its own.
    pub sound: Option<PathBuf>,
}

impl MediaAsset {
    /// The file that its sound is read from.
    pub fn sound_path(&self) -> &Path {
        self.sound.as_deref().unwrap_or(&self.path)
    }

    /// Display width and height in square pixels; zero for sound.
    pub fn display_size(&self) -> (u32, u32) {
        self.facts.display_size()
    }
}

/// A colour look-up table that has been read.
struct LutAsset {
    path: PathBuf,
    hash: ContentHash,
    lut: Lut,
}

/// All files of one render.
pub struct Assets {
    media: BTreeMap<String, MediaAsset>,
    luts: BTreeMap<String, LutAsset>,
    by_hash: BTreeMap<ContentHash, String>,
    fonts: FontLibrary,
    intake: Intake,
}

impl Assets {
    /// Looks at every file `timeline` reads. `locate` turns a location of the timeline into a local
    /// path, or says why there is none.
    ///
    /// # Errors
    /// The first file, in the timeline's order, that is missing, unreadable or no media.
    pub fn gather(
        timeline: &Timeline,
        fonts: FontLibrary,
        index: &HashIndex,
        locate: &dyn Fn(&str) -> Result<PathBuf, RenderError>,
    ) -> Result<Self, RenderError> {
        Self::gather_through(Intake::Here, timeline, fonts, index, locate)
    }

    /// The same, reading media as `intake` says, now and later.
    ///
    /// # Errors
    /// As [`Self::gather`]; also where media cannot be read that way on this machine.
    pub fn gather_through(
        intake: Intake,
        timeline: &Timeline,
        fonts: FontLibrary,
        index: &HashIndex,
        locate: &dyn Fn(&str) -> Result<PathBuf, RenderError>,
    ) -> Result<Self, RenderError> {
        let mut wanted: Vec<(&str, PathBuf)> = Vec::new();
        for location in timeline.media_locations() {
            if !wanted.iter().any(|(known, _)| *known == location) {
                wanted.push((location, locate(location)?));
            }
        }
        // Reading is what takes the time; the first error in the timeline's order is the one told.
        let looked_at: Vec<_> =
            wanted.into_par_iter().map(|(l, path)| (l, look_at(path, index, &intake))).collect();
        let luts = luts_of(timeline, index, locate)?;
        let mut assets = Self { media: BTreeMap::new(), luts, by_hash: BTreeMap::new(), fonts, intake };
        for (location, asset) in looked_at {
            let asset = asset?;
            assets.by_hash.entry(asset.hash).or_insert_with(|| location.to_owned());
            assets.media.insert(location.to_owned(), asset);
        }
        Ok(assets)
    }

    /// Looks through every film and sound for damage, and from here on reads a mended copy of what is
    /// damaged. Returns the damaged files in the order of their locations.
    ///
    /// # Errors
    /// A file of which nothing can be read, or a store that cannot be written.
    pub fn mend(&mut self, store: &SegmentStore) -> Result<Vec<Mended>, RenderError> {
        let mut damaged = Vec::new();
        for (location, asset) in &mut self.media {
            let found = mend(&asset.path, asset.hash, &asset.facts, &self.intake, store)?;
            let Some(Substitute { mended, key, pictures, sound }) = found else { continue };
            damaged.push(mended);
            if let Some(path) = pictures.or_else(|| sound.clone()) {
                asset.path = path;
            }
            asset.hash = key;
            asset.sound = sound;
            self.by_hash.entry(key).or_insert_with(|| location.clone());
        }
        Ok(damaged)
    }

    /// The file at `location`.
    ///
    /// # Errors
    /// When the timeline that was gathered did not read it.
    pub fn media(&self, location: &str) -> Result<&MediaAsset, RenderError> {
        self.media.get(location).ok_or_else(|| RenderError::broken_timeline(location))
    }

    /// The file whose content is `hash`.
    ///
    /// # Errors
    /// When no gathered file has that content.
    pub fn by_hash(&self, hash: ContentHash) -> Result<&MediaAsset, RenderError> {
        let location = self.by_hash.get(&hash);
        location.and_then(|l| self.media.get(l)).ok_or_else(|| RenderError::broken_timeline(&hash.to_hex()))
    }

    /// The hash of the colour look-up table at `location`.
    ///
    /// # Errors
    /// When the timeline that was gathered did not read it.
    pub fn lut_hash(&self, location: &str) -> Result<ContentHash, RenderError> {
        let found = self.luts.get(location).map(|asset| asset.hash);
        found.ok_or_else(|| RenderError::broken_timeline(location))
    }

    /// The colour look-up table whose file's content is `hash`.
    ///
    /// # Errors
    /// When no gathered file has that content.
    pub fn lut(&self, hash: ContentHash) -> Result<&Lut, RenderError> {
        let found = self.luts.values().find(|asset| asset.hash == hash).map(|asset| &asset.lut);
        found.ok_or_else(|| RenderError::broken_timeline(&hash.to_hex()))
    }

    /// How media are read.
    pub const fn intake(&self) -> &Intake {
        &self.intake
    }

    /// The fonts text is set in.
    pub const fn fonts(&self) -> &FontLibrary {
        &self.fonts
    }

    /// Hashes of the font faces `text` is drawn with.
    ///
    /// # Errors
    /// When no font has the family that is asked for.
    pub fn fonts_of(&self, text: &Text) -> Result<Vec<ContentHash>, RenderError> {
        Ok(self.fonts.faces(text)?.hashes().into_iter().map(|hash| ContentHash(*hash.as_bytes())).collect())
    }

    /// Paths of every gathered file: media, then colour look-up tables, each in the order of their locations.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let luts = self.luts.values().map(|asset| asset.path.as_path());
        self.media.values().map(|asset| asset.path.as_path()).chain(luts)
    }
}

/// Reads every colour look-up table of the timeline.
fn luts_of(
    timeline: &Timeline,
    index: &HashIndex,
    locate: &dyn Fn(&str) -> Result<PathBuf, RenderError>,
) -> Result<BTreeMap<String, LutAsset>, RenderError> {
    let mut luts = BTreeMap::new();
    let wanted = timeline.all_elements().filter_map(|element| element.layer.as_ref()?.lut.as_ref());
    for location in wanted.map(|lut| lut.location.as_str()) {
        if !luts.contains_key(location) {
            let path = locate(location)?;
            let hash = index.hash_file(&path).map_err(|error| RenderError::unreadable(&path, &error))?;
            let lut = load_lut(&path)?;
            luts.insert(location.to_owned(), LutAsset { path, hash, lut });
        }
    }
    Ok(luts)
}

fn look_at(path: PathBuf, index: &HashIndex, intake: &Intake) -> Result<MediaAsset, RenderError> {
    let (facts, hash) = rayon::join(|| intake.probe(&path), || index.hash_file(&path));
    let facts = facts?;
    let hash = hash.map_err(|error| RenderError::unreadable(&path, &error))?;
    Ok(MediaAsset { path, hash, facts, sound: None })
}
