//! Draws the films of the library without anything from outside: letters of an embedded font, media
//! that are made here.

use std::path::{Path, PathBuf};

use vid_runtime::store::HashIndex;
use vid_runtime::{Assets, FontLibrary, StillRequest, frame_at};
use vid_timeline::{Content, MediaSource, Rational, Time, Timeline};

use crate::picture::Picture;

/// Width of DejaVu's letters over Inter's: what is set in the one for the other gets smaller by it.
const SMALLER: (i128, i128) = (17, 20);

/// Where films are drawn.
pub struct Studio {
    folder: tempfile::TempDir,
}

impl Studio {
    /// A studio with pictures in place of media.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is room for temporary files");
        let media =
            [("a", [214, 96, 77]), ("b", [67, 147, 195]), ("c", [90, 174, 97]), ("d", [153, 112, 171])];
        for (name, color) in media {
            let (width, height) = if name == "c" { (180, 320) } else { (320, 180) };
            picture(width, height, color).write(&folder.path().join(format!("{name}.png")));
        }
        Self { folder }
    }

    /// The picture at an instant of a film. What moves in its media stands still, and its words are in
    /// DejaVu Sans.
    ///
    /// # Errors
    /// What the runtime cannot draw, in its words.
    pub fn shoot(&self, timeline: &Timeline, time: Time) -> Result<Picture, String> {
        let mut timeline = timeline.clone();
        timeline.for_each_element_mut(|element| match &mut element.content {
            Content::Text(text) => {
                text.font_family = "DejaVu Sans".to_owned();
                let smaller = Rational::new(SMALLER.0, SMALLER.1).expect("it is a number");
                text.font_size = text.font_size * smaller;
            }
            Content::Video(clip) => {
                let source = still(&clip.source);
                element.content = Content::Image(source);
                element.sound = None;
            }
            _ => {}
        });
        let folder = self.folder.path().to_owned();
        let fonts = FontLibrary::with_data(
            [dejavu::sans::regular(), dejavu::sans::bold(), dejavu::sans::oblique()].map(<[u8]>::to_vec),
        );
        let locate = |location: &str| -> Result<PathBuf, _> { Ok(folder.join(Path::new(location))) };
        let index = HashIndex::new(self.folder.path().join("hashes"));
        let assets = Assets::gather(&timeline, fonts, &index, &locate).map_err(|error| error.to_string())?;
        let request = StillRequest { timeline: &timeline, assets: &assets, time };
        let pixmap = frame_at(&request).map_err(|error| error.to_string())?;
        let rgb = pixmap.pixels().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        Ok(Picture { width: pixmap.width(), height: pixmap.height(), pixels: rgb })
    }
}

/// A medium of the same name that stands still.
fn still(source: &MediaSource) -> MediaSource {
    MediaSource { location: source.location.replace(".mp4", ".png"), ..source.clone() }
}

/// A picture that shows how it was cut and stretched: a frame, a disc and a diagonal.
fn picture(width: u32, height: u32, color: [u8; 3]) -> Picture {
    let lighter = color.map(|c| c.saturating_add(38));
    let darker = color.map(|c| c - c / 3);
    Picture::from_fn(width, height, |x, y| {
        let (dx, dy) = (i64::from(x) - i64::from(width / 2), i64::from(y) - i64::from(height / 2));
        let edge = x.min(width - 1 - x).min(y).min(height - 1 - y);
        let slope = i64::from(x) * i64::from(height) - i64::from(y) * i64::from(width);
        if edge < 6 {
            darker
        } else if dx * dx + dy * dy < 50 * 50 {
            lighter
        } else if slope.abs() < 3 * i64::from(height) {
            darker
        } else {
            color
        }
    })
}
