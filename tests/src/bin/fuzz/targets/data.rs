//! Files of data.

use super::Reach;
use super::source::{Media, film, valid};
use crate::samples::DATA_FILMS;

/// Whatever is in data files, a film that reads them ends in diagnostics or a valid timeline.
pub fn data(text: &str) -> Result<Reach, String> {
    let mut reach = Reach::Short;
    // Each kind of file on its own, so that one that is malformed does not hide the others.
    for (name, film_of_it) in DATA_FILMS {
        if let Some(timeline) = film(film_of_it, Media::Probed, &[(name, text)]) {
            valid(&timeline)?;
            reach = Reach::Tried;
        }
    }
    Ok(reach)
}
