//! How a render reads its media: in this process, or confined.

use std::path::Path;
use std::sync::Arc;

use vid_timeline::{MediaFacts, Time};

use super::child::Confinement;
use super::source::{self, ConfinedSound, Damage};
use crate::error::RenderError;
use crate::media::{self, AudioSource, MediaError};
use crate::raster::{Pixmap, load_still};

/// How media are read. Either way gives the same facts, frames and samples.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Intake {
    /// In this process.
    #[default]
    Here,
    /// Each file in a confined process of its own.
    Confined(Arc<Confinement>),
}

/// Sound open for taking samples, here or confined.
pub enum SoundSource {
    /// In this process.
    Here(Box<AudioSource>),
    /// In a confined one.
    Confined(Box<ConfinedSound>),
}

impl Intake {
    /// Measures a file, as [`media::probe`].
    ///
    /// # Errors
    /// As there, and those of confinement.
    pub fn probe(&self, path: &Path) -> Result<MediaFacts, MediaError> {
        match self {
            Self::Here => media::probe(path),
            Self::Confined(confinement) => source::probe(confinement, path),
        }
    }

    /// Decodes a still, as [`load_still`].
    ///
    /// # Errors
    /// As there, and those of confinement.
    pub fn still(&self, path: &Path) -> Result<Pixmap, RenderError> {
        match self {
            Self::Here => Ok(load_still(path)?),
            Self::Confined(confinement) => source::still(confinement, path),
        }
    }

    /// Opens the sound of a file, which lasts `duration` as far as that is known.
    ///
    /// # Errors
    /// As [`AudioSource::open`], and those of confinement.
    pub fn sound(&self, path: &Path, duration: Option<Time>) -> Result<SoundSource, MediaError> {
        match self {
            Self::Here => Ok(SoundSource::Here(Box::new(AudioSource::open(path)?))),
            Self::Confined(confinement) => {
                let source = ConfinedSound::open(confinement, path, duration, Damage::Refuse)?;
                Ok(SoundSource::Confined(Box::new(source)))
            }
        }
    }
}

impl SoundSource {
    /// Fills `out` with samples, as [`AudioSource::read`].
    ///
    /// # Errors
    /// As there, and those of confinement.
    pub fn read(&mut self, start: i64, out: &mut [f32]) -> Result<usize, MediaError> {
        match self {
            Self::Here(source) => source.read(start, out),
            Self::Confined(source) => source.read(start, out),
        }
    }
}
