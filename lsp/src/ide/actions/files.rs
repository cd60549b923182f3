//! Files of the project: in place of one that is not there, and captions that nothing shows yet.

use std::path::{Path, PathBuf};

use vid_compiler::MediaProblemKind;
use vid_grammar::SyntaxKind;
use vid_grammar::ast::{self, AstNode, Stmt};

use crate::ide::actions::{Action, ActionKind};
use crate::ide::completion::{AUDIO, CAPTIONS, IMAGE, VIDEO};
use crate::ide::rename::{paths_in, relative};
use crate::ide::{Change, Source};

/// Files that are offered at once.
const MAX_OFFERED: usize = 3;

/// Puts a file of the project in place of one that is not there: one of that name first, then those whose
/// names are most like it.
pub(super) fn instead_of_missing(source: &Source<'_>, offset: usize, files: &[PathBuf]) -> Vec<Action> {
    let Some(string) = source.around::<ast::StringLit>(offset) else { return Vec::new() };
    let range = usize::from(string.range().start()) + 1..usize::from(string.range().end()) - 1;
    let found = paths_in(source).into_iter().find(|(_, known)| *known == range);
    let Some((written, range)) = found.filter(|(written, _)| !written.contains("://")) else {
        return Vec::new();
    };
    let location = source.compiler.media_location(source.id, &written);
    let is_missing = match source.compiler.media_facts(&location) {
        Some(Ok(_)) => false,
        Some(Err(problem)) => problem.kind == MediaProblemKind::Missing,
        None => class_of(Path::new(&written)).is_some(),
    };
    if !is_missing || files.iter().any(|file| file.as_path() == Path::new(&location)) {
        return Vec::new();
    }
    let class = class_of(Path::new(&written)).or_else(|| class_of_element(&string));
    let fits = |file: &&PathBuf| {
        let known = class_of(file);
        known.is_some() && (class.is_none() || known == class)
    };
    let mut near: Vec<(usize, &PathBuf)> = files
        .iter()
        .filter(fits)
        .map(|file| (likeness(&name_of(Path::new(&written)), &name_of(file)), file))
        .collect();
    near.sort_by(|(a, first), (b, second)| b.cmp(a).then_with(|| first.cmp(second)));
    let folder = source.path.parent().unwrap_or(Path::new(""));
    let offered = near.into_iter().take(MAX_OFFERED).filter_map(|(_, file)| relative(folder, file));
    offered
        .map(|path| Action {
            title: format!("use `{path}`"),
            kind: ActionKind::Fix,
            changes: vec![Change::new(range.clone(), path)],
        })
        .collect()
}

/// Shows captions that lie in the project and that this source does not name, on top of all there is.
pub(super) fn captions(source: &Source<'_>, offset: usize, files: &[PathBuf]) -> Vec<Action> {
    let block = match source.around::<ast::Block>(offset) {
        Some(block) if block.syntax().parent().is_some_and(|p| ast::Composition::can_cast(p.kind())) => block,
        _ => return Vec::new(),
    };
    let named: Vec<String> = paths_in(source).into_iter().map(|(written, _)| written).collect();
    let folder = source.path.parent().unwrap_or(Path::new(""));
    let is_captions = |file: &&PathBuf| class_of(file) == Some(Class::Captions);
    let unused = files.iter().filter(is_captions).filter_map(|file| relative(folder, file));
    let unused: Vec<String> = unused.filter(|path| !named.contains(path)).take(MAX_OFFERED).collect();
    // Behind the last statement that is not an output, so that they are on top.
    let last = block.stmts().filter(|stmt| !matches!(stmt, Stmt::Output(_))).last();
    let at = match &last {
        Some(stmt) => usize::from(stmt.range().end()),
        None => usize::from(block.range().start()) + 1,
    };
    let line = source.text[..usize::from(block.range().start())].rfind('\n').map_or(0, |at| at + 1);
    let indent: String = source.text[line..].chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let insert = |path: &str| {
        let block = format!("captions \"{path}\" {{\n{indent}    max_chars: 32\n{indent}    max_lines: 2");
        format!("\n{indent}  {block}\n{indent}  }}")
    };
    // A block on one line gets lines of its own.
    let rest = source.text[at..].trim_start_matches([' ', '\t']);
    let (until, tail) = match rest.starts_with('}') {
        true => (source.text.len() - rest.len(), format!("\n{indent}")),
        false => (at, String::new()),
    };
    let offered = unused.iter().map(|path| Action {
        title: format!("show the captions of `{path}`"),
        kind: ActionKind::Generate,
        changes: vec![Change::new(at..until, format!("{}{tail}", insert(path)))],
    });
    offered.collect()
}

/// What a file is for, by its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Class {
    Video,
    Audio,
    Image,
    Captions,
}

fn class_of(file: &Path) -> Option<Class> {
    let end = file.extension()?.to_str()?.to_ascii_lowercase();
    let classes = [
        (Class::Video, &VIDEO[..]),
        (Class::Audio, &AUDIO[..]),
        (Class::Image, &IMAGE[..]),
        (Class::Captions, &CAPTIONS[..]),
    ];
    classes.into_iter().find(|(_, ends)| ends.contains(&&*end)).map(|(class, _)| class)
}

/// What the element plays that a string belongs to.
fn class_of_element(string: &ast::StringLit) -> Option<Class> {
    let holder = string.syntax().parent().filter(|holder| holder.kind() == SyntaxKind::Element)?;
    Some(match &*ast::Element::cast(holder)?.kind()?.text() {
        "video" => Class::Video,
        "audio" => Class::Audio,
        "image" => Class::Image,
        "captions" => Class::Captions,
        _ => return None,
    })
}

fn name_of(file: &Path) -> String {
    file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_lowercase()
}

/// How much of a name another one has: letters that both begin with and end with; the same name most.
fn likeness(wanted: &str, name: &str) -> usize {
    if wanted == name {
        return usize::MAX;
    }
    let same = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| {
        a.zip(b).take_while(|(a, b)| a == b).count()
    };
    same(&mut wanted.chars(), &mut name.chars()) + same(&mut wanted.chars().rev(), &mut name.chars().rev())
}
