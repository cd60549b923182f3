//! Strings that name files and addresses, as links.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::ide::Source;
use crate::ide::hover::media_line;
use crate::ide::rename::paths_in;

/// A string that leads somewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// Bytes between the quotes.
    pub range: Range<usize>,
    /// Where it leads.
    pub target: Target,
    /// What is known of it.
    pub tooltip: Option<String>,
}

/// Where a link leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A file.
    File(PathBuf),
    /// A file that is bundled with the compiler.
    Bundled(PathBuf),
    /// An address.
    Address(String),
}

/// The links of a source, in order: imports, media, data, addresses.
pub fn links(source: &Source<'_>) -> Vec<Link> {
    let mut links = Vec::new();
    for (written, range) in &source.names.imports {
        let Some(target) = source.compiler.imported_file(source.id, written) else { continue };
        let path = source.compiler.path(target).to_owned();
        let target =
            if source.compiler.is_bundled(target) { Target::Bundled(path) } else { Target::File(path) };
        links.push(Link { range: range.clone(), target, tooltip: None });
    }
    for (written, range) in paths_in(source) {
        if links.iter().any(|link| link.range == range) || written.contains(' ') && !written.contains('/') {
            continue;
        }
        if written.starts_with("https://") || written.starts_with("http://") {
            links.push(Link { range, target: Target::Address(written), tooltip: None });
            continue;
        }
        let has_extension = Path::new(&written).extension().is_some_and(|end| {
            end.len() <= 5 && end.to_str().is_some_and(|end| end.chars().all(|c| c.is_ascii_alphanumeric()))
        });
        if !has_extension {
            continue;
        }
        let location = source.compiler.media_location(source.id, &written);
        let tooltip = match source.compiler.media_facts(&location) {
            Some(Ok(facts)) => Some(media_line(&facts)),
            Some(Err(problem)) => Some(problem.message),
            None => None,
        };
        links.push(Link { range, target: Target::File(PathBuf::from(location)), tooltip });
    }
    links.sort_by_key(|link| link.range.start);
    links
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    #[test]
    fn paths_and_addresses_are_links() {
        let fixture = Fixture::new(
            "import \"std/titles\" { title }\ncomposition c { video \"clip.mp4\" text \"one. two\" for 1s\n image \"https://x.org/a.png\" for 1s }",
        );
        let shown: Vec<_> = links(&fixture.source())
            .into_iter()
            .map(|link| (fixture.text[link.range].to_owned(), link.target, link.tooltip))
            .collect();
        let facts = "1920×1080 · 25fps · 10 s · h264 · 1000 kB".to_owned();
        assert_eq!(
            shown,
            [
                ("std/titles".to_owned(), Target::Bundled("std/titles.vid".into()), None),
                ("clip.mp4".to_owned(), Target::File("clip.mp4".into()), Some(facts)),
                ("https://x.org/a.png".to_owned(), Target::Address("https://x.org/a.png".to_owned()), None),
            ]
        );
    }
}
