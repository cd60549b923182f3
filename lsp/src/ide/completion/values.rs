//! Values: names, members, functions, files.

use std::path::Path;

use vid_compiler::{Meaning, SymbolKind, Vocabulary};
use vid_grammar::ast::{self, AstNode, HasName};
use vid_grammar::{SyntaxKind, SyntaxNode};

use crate::ide::Source;
use crate::ide::completion::place::expected;
use crate::ide::completion::words::words_of;
use crate::ide::completion::{Around, Completion, CompletionKind};
use crate::ide::hover::{media_line, params_line};
use crate::ide::rename::relative;
use crate::ide::signature::called;

/// Extensions of the files that elements play.
pub(in crate::ide) const VIDEO: [&str; 6] = ["mp4", "mov", "webm", "mkv", "avi", "m4v"];
pub(in crate::ide) const AUDIO: [&str; 7] = ["mp3", "wav", "m4a", "aac", "flac", "ogg", "opus"];
pub(in crate::ide) const IMAGE: [&str; 7] = ["png", "jpg", "jpeg", "webp", "gif", "tiff", "bmp"];
pub(in crate::ide) const CAPTIONS: [&str; 2] = ["srt", "vtt"];

/// What can stand where a value is expected.
pub(super) fn values(around: &Around<'_>, node: &SyntaxNode) -> Vec<Completion> {
    let vocabulary = Vocabulary::bundled();
    let expected = expected(node);
    let mut items: Vec<Completion> = Vec::new();
    for set in expected.iter().filter_map(|name| vocabulary.set(name)) {
        items.extend(words_of(set, None));
    }
    let takes = |ty: &str| expected.is_empty() || expected.iter().any(|name| name == ty);
    if expected.iter().any(|name| name == "bool") {
        items.extend(["true", "false"].map(|word| Completion::new(word, CompletionKind::Word, 0)));
    }
    if takes("time") {
        items.extend(times(around, node));
    }
    items.extend(names(around, &expected));
    for function in &vocabulary.functions {
        let item = Completion::new(&*function.name, CompletionKind::Function, 4);
        let detail = format!("{} -> {}", params_line(&function.params), function.result);
        items.push(item.detail(detail).doc(&*function.doc).insert(format!("{}($0)", function.name)));
    }
    if takes("color") {
        let colors = vocabulary.constants.iter().filter(|constant| constant.ty == "color");
        items.extend(colors.map(|constant| {
            Completion::new(&*constant.name, CompletionKind::Color, 5).detail(&*constant.value)
        }));
    }
    items
}

/// Times that follow from what stands around.
fn times(around: &Around<'_>, node: &SyntaxNode) -> Vec<Completion> {
    let mut items = Vec::new();
    let mut offer = |text: String, rank, doc: &str| {
        items.push(Completion::new(text, CompletionKind::Snippet, rank).doc(doc));
    };
    let source = &around.source;
    let statement = node.ancestors().find_map(ast::Stmt::cast);
    let start = statement.map_or(around.offset, |statement| usize::from(statement.range().start()));
    let before = source.names.visible_at(around.offset).into_iter().filter(|symbol| {
        let is_timed =
            matches!(symbol.kind, SymbolKind::Element(_) | SymbolKind::Sequence | SymbolKind::Stack);
        is_timed && symbol.range.end <= start
    });
    if let Some(last) = before.max_by_key(|symbol| symbol.range.end) {
        offer(format!("{}.end", last.name), 1, "When the element before ends.");
        offer(format!("{}.end + 500ms", last.name), 1, "A little after the element before.");
    }
    for marker in source.names.markers_at(around.offset) {
        offer(format!("markers.{}", marker.name), 1, "A named instant.");
    }
    for (word, doc) in [
        ("prev.end", "When the element before ends."),
        ("next.start", "When the element after begins."),
        ("parent.duration", "How long what is around lasts."),
        ("end", "Where the element ends."),
    ] {
        offer(word.to_owned(), 2, doc);
    }
    items
}

/// The names that can be used where the cursor is.
pub(super) fn names(around: &Around<'_>, expected: &[String]) -> Vec<Completion> {
    let visible = around.source.names.visible_at(around.offset);
    let items = visible.into_iter().filter_map(|symbol| {
        let (kind, detail, rank) = match &symbol.kind {
            SymbolKind::Value(written) => (CompletionKind::Value, written.clone(), 2),
            SymbolKind::Parameter(ty) => {
                let fits = expected.contains(ty);
                (CompletionKind::Value, ty.clone(), if fits { 0 } else { 2 })
            }
            SymbolKind::Variable => (CompletionKind::Value, String::new(), 2),
            SymbolKind::Element(kind) => (CompletionKind::Value, kind.clone(), 3),
            SymbolKind::Sequence => (CompletionKind::Value, "sequence".to_owned(), 3),
            SymbolKind::Stack => (CompletionKind::Value, "stack".to_owned(), 3),
            SymbolKind::Function(params, result) => {
                (CompletionKind::Function, format!("{} -> {result}", params_line(params)), 3)
            }
            SymbolKind::Module(path) => (CompletionKind::Module, path.clone(), 3),
            SymbolKind::Imported(path, _) => (CompletionKind::Value, format!("from {path}"), 3),
            SymbolKind::Composition(_) | SymbolKind::Style(_) | SymbolKind::Marker => return None,
        };
        let item = Completion::new(&*symbol.name, kind, rank).detail(detail).doc(&*symbol.doc);
        Some(if kind == CompletionKind::Function {
            item.insert(format!("{}($0)", symbol.name))
        } else {
            item
        })
    });
    items.collect()
}

/// What can stand after a dot.
pub(super) fn members(around: &Around<'_>, name: &SyntaxNode) -> Vec<Completion> {
    let source = &around.source;
    let dot = usize::from(name.text_range().start()).saturating_sub(1);
    let base = source.names.uses.iter().rev().find(|used| used.range.end <= dot);
    let fact = |name: &str, doc: &str| Completion::new(name, CompletionKind::Property, 0).doc(doc);
    let of_element = || {
        vec![
            fact("start", "When it begins."),
            fact("end", "When it ends."),
            fact("duration", "How long it lasts."),
        ]
    };
    match base.map(|used| &used.meaning) {
        Some(Meaning::Symbol(index)) => {
            let Some(symbol) = source.names.symbols.get(*index) else { return Vec::new() };
            match &symbol.kind {
                SymbolKind::Module(path) => items_of(around, path, |_| true),
                SymbolKind::Element(kind) => {
                    let mut items = of_element();
                    let has_media = Vocabulary::bundled()
                        .kind(kind)
                        .is_some_and(|kind| kind.field("source_url").is_some());
                    if has_media {
                        items.push(fact("media", "What is known of its file."));
                    }
                    items
                }
                SymbolKind::Sequence | SymbolKind::Stack => {
                    let mut items = of_element();
                    let children = source.names.children_of(*index);
                    items.extend(children.map(|(_, child)| {
                        Completion::new(&*child.name, CompletionKind::Value, 1).doc(&*child.doc)
                    }));
                    items
                }
                _ => Vec::new(),
            }
        }
        Some(Meaning::Place(word)) if word == "markers" => {
            let markers = source.names.markers_at(around.offset);
            markers.map(|marker| Completion::new(&*marker.name, CompletionKind::Value, 0)).collect()
        }
        Some(Meaning::Place(_)) => of_element(),
        Some(Meaning::Fact(fact_name)) if fact_name == "media" => vec![
            fact("duration", "How long the file is."),
            fact("width", "Width of its picture in pixels."),
            fact("height", "Height of its picture in pixels."),
        ],
        _ => Vec::new(),
    }
}

/// The items that an imported file gives out.
pub(super) fn items_of(
    around: &Around<'_>,
    path: &str,
    wanted: impl Fn(&SymbolKind) -> bool,
) -> Vec<Completion> {
    let Some(file) = around.compiler.imported_file(around.id, path) else { return Vec::new() };
    let names = around.compiler.names(file);
    let items = names.symbols.iter().filter(|symbol| {
        let is_item = names.item(&symbol.name).is_some_and(|(_, item)| item == *symbol);
        is_item && !symbol.is_private && wanted(&symbol.kind)
    });
    items
        .map(|symbol| {
            let kind = match symbol.kind {
                SymbolKind::Composition(_) => CompletionKind::Statement,
                SymbolKind::Function(..) => CompletionKind::Function,
                _ => CompletionKind::Value,
            };
            Completion::new(&*symbol.name, kind, 0).doc(&*symbol.doc).detail(path)
        })
        .collect()
}

/// The parameters that can be given by name.
pub(super) fn named_arguments(around: &Around<'_>, node: &SyntaxNode) -> Vec<Completion> {
    let Some(args) = node.ancestors().find_map(ast::ArgList::cast) else { return Vec::new() };
    let head = usize::from(args.range().start());
    let uses = around.source.names.uses.iter().rev();
    let callee = uses.into_iter().find(|used| used.range.end <= head);
    let params = callee.and_then(|used| called(&around.source, &used.meaning)).map(|(_, params, ..)| params);
    let given: Vec<String> = args.args().filter_map(|arg| arg.name()).map(|name| name.text()).collect();
    let params = params.into_iter().flatten().filter(|param| !given.contains(&param.name));
    params
        .map(|param| {
            Completion::new(&*param.name, CompletionKind::Property, 0)
                .detail(param.ty.clone())
                .insert(format!("{}: $0", param.name))
        })
        .collect()
}

/// The files that a string can name: sources in an import, media and data elsewhere.
pub(super) fn files(around: &Around<'_>, node: &SyntaxNode) -> Vec<Completion> {
    let Some(string) = node.ancestors().find_map(ast::StringLit::cast) else { return Vec::new() };
    let Some(holder) = string.syntax().parent() else { return Vec::new() };
    let source = &around.source;
    if holder.kind() == SyntaxKind::Import {
        let library = around.compiler.library().into_iter();
        let mut items: Vec<Completion> =
            library.map(|path| Completion::new(path, CompletionKind::File, 1).detail("bundled")).collect();
        items.extend(paths(around, source, &["vid"]));
        return items;
    }
    let extensions: Vec<&str> = match ast::Element::cast(holder.clone()).and_then(|element| element.kind()) {
        Some(kind) => match &*kind.text() {
            "video" => VIDEO.to_vec(),
            "audio" => [AUDIO.as_slice(), &VIDEO].concat(),
            "image" => IMAGE.to_vec(),
            "captions" => CAPTIONS.to_vec(),
            _ => return Vec::new(),
        },
        None => match holder.kind() {
            SyntaxKind::Property => {
                let property = ast::Property::cast(holder).and_then(|property| property.name());
                let name = property.map(|name| name.text()).unwrap_or_default();
                if name == "lut_url" {
                    vec!["cube", "3dl"]
                } else if name.ends_with("url") {
                    [VIDEO.as_slice(), &AUDIO, &IMAGE].concat()
                } else {
                    return Vec::new();
                }
            }
            SyntaxKind::Arg => vec!["csv", "json", "srt", "vtt", "txt"],
            _ => return Vec::new(),
        },
    };
    paths(around, source, &extensions)
}

fn is_media(path: &Path) -> bool {
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase();
    [VIDEO.as_slice(), &AUDIO, &IMAGE].concat().contains(&&*end)
}

fn paths(around: &Around<'_>, source: &Source<'_>, extensions: &[&str]) -> Vec<Completion> {
    let folder = source.path.parent().unwrap_or(Path::new(""));
    let fits = |path: &&std::path::PathBuf| {
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
        extensions.iter().any(|known| known.eq_ignore_ascii_case(end)) && path.as_path() != source.path
    };
    let items = around.assets.iter().filter(fits).filter_map(|path| {
        let written = relative(folder, path)?;
        let location = path.to_string_lossy();
        let known = around.compiler.media_facts(&location);
        let is_known = known.is_some() || !is_media(path);
        let detail = known.and_then(Result::ok).map(|facts| media_line(&facts)).unwrap_or_default();
        let item = Completion::new(written, CompletionKind::File, 0).detail(detail);
        Some(Completion { unprobed: (!is_known).then(|| location.into_owned()), ..item })
    });
    items.collect()
}
