//! Projects to measure on.

use std::fs;
use std::path::{Path, PathBuf};

/// A project on disk, which goes when it is dropped.
pub struct Project {
    folder: PathBuf,
    /// The film that is edited.
    pub text: String,
}

impl Project {
    /// A project of about so many lines: a film, what it imports, and files that it could name.
    pub fn new(lines: usize) -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("vid-latency-{}-{lines}", std::process::id()));
        let project = Self { folder, text: film(lines) };
        let brand = "/// The colour of the house.\nlet accent = #ff5a36\n\nstyle big for text {\n  font_size: 96\n  text_color: accent\n}\n";
        let write = |name: &str, text: &str| {
            let path = project.folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(&project.folder))?;
            fs::write(path, text)
        };
        let all = write("film.vid", &project.text).and_then(|()| write("brand.vid", brand)).and_then(|()| {
            (0..50).try_for_each(|number| write(&format!("media/{number}.txt"), "nothing to see"))
        });
        all.map_err(|error| format!("the project cannot be written: {error}"))?;
        Ok(project)
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // What is left lies where the system clears up.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A film of about so many lines.
fn film(lines: usize) -> String {
    let mut text =
        String::from("import \"brand.vid\" { accent, big }\n\ncomposition film 1280x720 30fps {\n");
    let mut count = 4;
    let mut at = 0;
    while count + 8 < lines {
        let element = format!(
            "  text t{at} \"title {at}\" at {at}s for 2s with big {{\n    width: 50%\n    y: 20vh\n    text_color: accent\n    opacity: [0s: 0%, 300ms: 100% ease_out, end: 0%]\n    enter fade for 300ms\n  }}\n"
        );
        count += element.lines().count();
        text.push_str(&element);
        at += 1;
    }
    text.push_str("}\n");
    text
}
