//! New names for things, in every file that uses them, and for files in the sources that name them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use vid_compiler::{Compiler, SourceId};
use vid_grammar::SyntaxKind;
use vid_grammar::ast::{self, AstNode};

use crate::ide::references::places_of;
use crate::ide::{Change, Source};

/// Changes of several files.
pub type Changes = BTreeMap<PathBuf, Vec<Change>>;

/// What would be renamed at a byte: its bytes here and the name it has.
///
/// # Errors
/// When nothing there has a name that can change; why, in words.
pub fn prepare(source: &Source<'_>, offset: usize) -> Result<(Range<usize>, String), String> {
    if let Some((written, range)) = file_at(source, offset) {
        return Ok((range, written));
    }
    let names = &source.names;
    let found = match (names.use_at(offset), names.definition_at(offset)) {
        (Some(used), _) => Some((used.range.clone(), used.text.clone())),
        (None, Some((_, symbol))) => Some((symbol.name_range.clone(), symbol.name.clone())),
        (None, None) => None,
    };
    let (range, name) = found.ok_or("nothing here has a name")?;
    let definition = source.compiler.definition(source.id, offset);
    match definition {
        None => Err(format!("`{name}` is not defined in a file")),
        Some(definition) if definition.is_bundled => Err(format!("`{name}` belongs to the language")),
        Some(_) => Ok((range, name)),
    }
}

/// The changes that give what stands at a byte another name.
///
/// # Errors
/// When it cannot be renamed, or the new name is none or taken; why, in words.
pub fn rename(
    source: &Source<'_>,
    offset: usize,
    new_name: &str,
    files: &[SourceId],
) -> Result<Changes, String> {
    let (_, old) = prepare(source, offset)?;
    if !is_name(new_name) {
        return Err(format!("`{new_name}` is no name: names are made of letters, digits and `_`"));
    }
    let taken = source.names.visible_at(offset).iter().any(|symbol| symbol.name == new_name);
    if taken && new_name != old {
        return Err(format!("something here is called `{new_name}` already"));
    }
    let definition = source.compiler.definition(source.id, offset).ok_or("it is not defined in a file")?;
    let mut changes = Changes::new();
    for place in places_of(source.compiler, &definition, files) {
        let change = Change::new(place.start..place.end, new_name);
        changes.entry(place.path).or_default().push(change);
    }
    Ok(changes)
}

/// A file that a string at a byte names, with the bytes between its quotes: media, data or an import that
/// is not bundled.
pub fn file_at(source: &Source<'_>, offset: usize) -> Option<(String, Range<usize>)> {
    let string: ast::StringLit = source.around(offset)?;
    let inside = usize::from(string.range().start())..usize::from(string.range().end());
    let is_inside = |range: &Range<usize>| inside.contains(&range.start) && range.end <= inside.end;
    let (written, range) = paths_in(source).into_iter().find(|(_, range)| is_inside(range))?;
    let has_extension = Path::new(&written).extension().is_some();
    let is_import = source.names.imports.iter().any(|(_, known)| *known == range);
    let is_bundled = is_import && !has_extension;
    let is_file = has_extension && !written.contains("://") && !written.ends_with(['.', '/']);
    // A sentence with a point in it is no path.
    let is_sentence = written.contains(' ') && !written.contains('/') && !is_import;
    (is_file && !is_bundled && !is_sentence).then_some((written, range))
}

/// A file that gets another name, with the changes of the sources that name it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileRename {
    /// Where the file is.
    pub from: PathBuf,
    /// Where it will be.
    pub to: PathBuf,
    /// The changes of the sources.
    pub changes: Changes,
}

/// The way in which a file that is named at a byte gets the path `new`, as the source would write it.
///
/// # Errors
/// When the path leads nowhere, or something is there already; why, in words.
pub fn rename_file(
    source: &Source<'_>,
    written: &str,
    new: &str,
    sources: &[SourceId],
    files: &BTreeSet<PathBuf>,
) -> Result<FileRename, String> {
    let is_path = !new.is_empty() && !new.contains(['"', '\\', '\n', '{', '}']) && !new.contains("://");
    if !is_path || Path::new(new).file_name().is_none() {
        return Err(format!("`{new}` is no path of a file"));
    }
    let path = |name: &str| PathBuf::from(source.compiler.media_location(source.id, name));
    let (from, to) = (path(written), path(new));
    if from != to && files.contains(&to) {
        return Err(format!("there is a file `{new}` already"));
    }
    let changes = moved(source.compiler, &from, &to, sources);
    Ok(FileRename { from, to, changes })
}

/// Whether a text is a name and no word of the grammar.
fn is_name(text: &str) -> bool {
    let parse = vid_grammar::parse(&format!("let {text} = 1"));
    let root = parse.syntax();
    let mut words = root.descendants_with_tokens().filter_map(|element| element.into_token());
    parse.errors().is_empty() && words.any(|token| token.kind() == SyntaxKind::Ident && token.text() == text)
}

/// The changes of the sources that name a file which moves.
pub fn moved(compiler: &Compiler, from: &Path, to: &Path, files: &[SourceId]) -> Changes {
    let mut changes = Changes::new();
    for file in files {
        let Some(source) = Source::new(compiler, *file) else { continue };
        for (written, range) in paths_in(&source) {
            if Path::new(&compiler.media_location(*file, &written)) != from {
                continue;
            }
            let folder = source.path.parent().unwrap_or(Path::new(""));
            let Some(relative) = relative(folder, to) else { continue };
            let change = Change::new(range, relative);
            changes.entry(source.path.to_owned()).or_default().push(change);
        }
    }
    changes
}

/// The strings of a source that may be paths, with the bytes between their quotes.
pub fn paths_in(source: &Source<'_>) -> Vec<(String, Range<usize>)> {
    let root = source.root();
    let tokens = root.descendants_with_tokens().filter_map(|element| element.into_token());
    let texts = tokens.filter(|token| {
        let is_whole = token.parent().is_some_and(|string| {
            string.kind() == SyntaxKind::StringLit && string.children_with_tokens().count() == 3
        });
        token.kind() == SyntaxKind::StringText && is_whole
    });
    texts
        .filter(|token| token.text().contains(['.', '/']))
        .map(|token| {
            let range = usize::from(token.text_range().start())..usize::from(token.text_range().end());
            (token.text().to_owned(), range)
        })
        .collect()
}

/// The way from a folder to a file, with `/`.
pub fn relative(folder: &Path, file: &Path) -> Option<String> {
    let (mut from, mut to) = (folder.components().peekable(), file.components().peekable());
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let up = from.map(|_| "..".to_owned());
    let down = to.map(|part| part.as_os_str().to_str().map(str::to_owned));
    let parts: Option<Vec<String>> = up.map(Some).chain(down).collect();
    parts.map(|parts| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    fn check(text: &str, new: &str, others: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let fixture = Fixture::with(text, others);
        let others_known = others.iter().filter_map(|(path, _)| fixture.compiler.known(path.as_ref()));
        let files: Vec<SourceId> = std::iter::once(fixture.id).chain(others_known).collect();
        let changes = rename(&fixture.source(), fixture.offset, new, &files)?;
        let texts = changes.into_iter().map(|(path, changes)| {
            let mut text = fixture.compiler.text_of(&path).unwrap();
            for change in changes.iter().rev() {
                text.replace_range(change.range.clone(), &change.text);
            }
            text
        });
        Ok(texts.collect())
    }

    #[test]
    fn a_name_changes_in_every_file() {
        let brand = [("b.vid", "let accent = 1s\n")];
        let text = "import \"b.vid\" { accent }\ncomposition c { text \"x\" for $0accent }\n";
        assert_eq!(
            check(text, "hold", &brand).unwrap(),
            ["let hold = 1s\n", "import \"b.vid\" { hold }\ncomposition c { text \"x\" for hold }\n"]
        );
    }

    #[test]
    fn files_get_other_names() {
        let fixture = Fixture::new("composition c { video \"cl$0ip.mp4\" }\n");
        let source = fixture.source();
        let (written, _) = file_at(&source, fixture.offset).unwrap();
        let files = BTreeSet::from([PathBuf::from("clip.mp4"), PathBuf::from("taken.mp4")]);
        let to = |new| rename_file(&source, &written, new, &[fixture.id], &files);
        let renamed = to("media/new.mp4").unwrap();
        assert_eq!((renamed.from, renamed.to), ("clip.mp4".into(), "media/new.mp4".into()));
        assert_eq!(renamed.changes[Path::new("film.vid")], [Change::new(23..31, "media/new.mp4")]);
        assert_eq!(to("taken.mp4").unwrap_err(), "there is a file `taken.mp4` already");
        assert_eq!(to("a\"b").unwrap_err(), "`a\"b` is no path of a file");
        for text in ["import \"std/ti$0tles\" { title }", "composition c { text \"A sentence$0. And.\" }"] {
            let fixture = Fixture::new(text);
            assert_eq!(file_at(&fixture.source(), fixture.offset), None, "{text}");
        }
    }

    #[test]
    fn names_of_the_language_stay() {
        let refused = |text, new| check(text, new, &[]).unwrap_err();
        assert_eq!(refused("composition c { $0text \"x\" }", "t"), "`text` belongs to the language");
        assert_eq!(
            refused("let $0a = 1", "let it"),
            "`let it` is no name: names are made of letters, digits and `_`"
        );
        assert_eq!(refused("let $0a = 1\nlet b = 2", "b"), "something here is called `b` already");
    }

    #[test]
    fn paths_follow_their_file() {
        let fixture = Fixture::new("composition c { video \"clip.mp4\" }\n");
        let changes =
            moved(&fixture.compiler, Path::new("clip.mp4"), Path::new("media/new.mp4"), &[fixture.id]);
        assert_eq!(changes[Path::new("film.vid")], [Change::new(23..31, "media/new.mp4")]);
        assert_eq!(relative(Path::new("/a/b"), Path::new("/a/c/d.mp4")).unwrap(), "../c/d.mp4");
    }
}
