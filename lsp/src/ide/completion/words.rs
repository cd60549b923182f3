//! Words of the language: statements, clauses, properties, units.

use vid_compiler::{EnumInfo, SymbolKind, Vocabulary};
use vid_grammar::ast::{self, AstNode, HasHeader, HasName, Stmt};

use crate::ide::completion::place::{Block, property};
use crate::ide::completion::{Around, Completion, CompletionKind};

/// What can begin an item of a file.
pub(super) fn top_level() -> Vec<Completion> {
    let snippets = [
        (
            "composition",
            "composition ${1:film} ${2:1920x1080} ${3:30fps} {\n  $0\n}",
            "A film, or a part of one.",
        ),
        ("import", "import \"$1\" { $0 }", "Names from another file."),
        ("let", "let ${1:name} = $0", "A named value."),
        ("fn", "fn ${1:name}(${2:t: time}) -> ${3:time} = $0", "A function."),
        ("style", "style ${1:name} for ${2:text} {\n  $0\n}", "Properties under a name."),
        ("private", "private $0", "Keeps the next item to this file."),
    ];
    let items = snippets
        .map(|(word, insert, doc)| Completion::new(word, CompletionKind::Keyword, 0).insert(insert).doc(doc));
    items.into()
}

/// What can begin a statement of a block.
pub(super) fn statements(around: &Around<'_>, block: &Block) -> Vec<Completion> {
    let vocabulary = Vocabulary::bundled();
    let mut items = properties(block);
    let has = |field: &str| vocabulary.kind(&block.kind).is_some_and(|kind| kind.field(field).is_some());
    let is_container = matches!(&*block.kind, "composition" | "sequence" | "stack");
    let mut snippet = |word: &str, insert: &str| {
        let doc = vocabulary.kind(word).map(|kind| kind.doc.clone()).unwrap_or_default();
        items.push(Completion::new(word, CompletionKind::Keyword, 3).insert(insert).doc(doc));
    };
    if is_container {
        snippet("sequence", "sequence ${1:name} {\n  $0\n}");
        snippet("stack", "stack ${1:name} {\n  $0\n}");
        snippet("marker", "marker ${1:name} at ${2:1s}");
        snippet("set", "set ${1:text} {\n  $0\n}");
        snippet("duck", "duck ${1:music} under ${2:voice} by ${3:12dB}");
        snippet("for", "for ${1:item} in ${2:list} {\n  $0\n}");
        snippet("if", "if ${1:condition} {\n  $0\n}");
        snippet("let", "let ${1:name} = $0");
    }
    if block.kind == "sequence" {
        snippet("transition", "transition ${1:cross_dissolve} for ${2:500ms}");
        snippet("gap", "gap ${1:1s}");
    }
    if block.kind == "composition" {
        snippet("output", "output ${1:mp4}");
    }
    if has("opacity") && block.kind != "composition" {
        snippet("enter", "enter ${1:fade} for ${2:400ms}");
        snippet("exit", "exit ${1:fade} for ${2:400ms}");
        snippet("motion", "motion ${1:shake} at ${2:1s} for ${3:1s}");
        snippet("loop", "loop ${1:pulse}");
        snippet("mask", "mask ${1:rect}");
        if has("fit") {
            snippet("effect", "effect ${1:glow}");
        }
    }
    if is_container {
        for kind in vocabulary.elements() {
            let insert = match &*kind.name {
                "text" => "text \"$1\" for ${2:3s}$0".to_owned(),
                "shape" => "shape ${1:rect} for ${2:3s} {\n  $0\n}".to_owned(),
                name => format!("{name} \"$1\"$0"),
            };
            items.push(
                Completion::new(&*kind.name, CompletionKind::Statement, 2).insert(insert).doc(&*kind.doc),
            );
        }
        for symbol in around.source.names.visible_at(around.offset) {
            let detail = match &symbol.kind {
                SymbolKind::Composition(params) => crate::ide::hover::params_line(params),
                SymbolKind::Imported(path, name) if is_composition(around, path, name) => {
                    format!("from {path}")
                }
                SymbolKind::Module(path) => path.clone(),
                _ => continue,
            };
            let item = Completion::new(&*symbol.name, CompletionKind::Statement, 2);
            items.push(item.detail(detail).doc(&*symbol.doc));
        }
    }
    items
}

fn is_composition(around: &Around<'_>, path: &str, name: &str) -> bool {
    let Some(file) = around.compiler.imported_file(around.id, path) else { return false };
    let names = around.compiler.names(file);
    names.item(name).is_some_and(|(_, symbol)| matches!(symbol.kind, SymbolKind::Composition(_)))
}

/// The properties that a block can say; those it says already come last.
pub(super) fn properties(block: &Block) -> Vec<Completion> {
    let said: Vec<String> = block
        .node
        .children()
        .filter_map(ast::Property::cast)
        .filter_map(|property| property.name())
        .map(|name| name.text())
        .collect();
    let fields = Vocabulary::bundled().kind(&block.kind).into_iter().flat_map(|kind| &kind.fields);
    fields.map(|field| property(field, said.contains(&field.name))).collect()
}

/// The clauses that a header does not have yet.
pub(super) fn clauses(statement: &Stmt) -> Vec<Completion> {
    let clause = |word: &str, insert: &str, doc: &str| {
        Completion::new(word, CompletionKind::Keyword, 0).insert(insert).doc(doc)
    };
    let (has_at, has_for, has_until, has_with) = match statement {
        Stmt::Element(element) => header(element),
        Stmt::Sequence(sequence) => header(sequence),
        Stmt::Stack(stack) => header(stack),
        Stmt::Motion(motion) => header(motion),
        Stmt::Transition(transition) => header(transition),
        _ => return Vec::new(),
    };
    let mut items = Vec::new();
    let is_transition = matches!(statement, Stmt::Transition(_));
    if !has_at && !is_transition {
        items.push(clause("at", "at ${1:0s}", "When it starts."));
    }
    if !has_for && !has_until {
        items.push(clause("for", "for ${1:3s}", "How long it is."));
        if !is_transition && !matches!(statement, Stmt::Motion(_)) {
            items.push(clause("until", "until ${1:end}", "When it ends."));
        }
    }
    if !has_with {
        items.push(clause("with", "with $1", "Styles."));
    }
    if is_transition {
        items.push(clause("through", "through", "With material from beyond the cut."));
    }
    items
}

fn header(statement: &impl HasHeader) -> (bool, bool, bool, bool) {
    (
        statement.at_clause().is_some(),
        statement.for_clause().is_some(),
        statement.until_clause().is_some(),
        statement.with_clause().is_some(),
    )
}

/// The words of a set, or those with a flag.
pub(super) fn words_of(set: &EnumInfo, flag: Option<&str>) -> Vec<Completion> {
    let fits = |flags: &[String]| flag.is_none_or(|flag| flags.iter().any(|known| known == flag));
    let words = set.words.iter().filter(|word| fits(&word.flags));
    words
        .map(|word| Completion::new(&*word.name, CompletionKind::Word, 0).detail(&*set.name).doc(&*word.doc))
        .collect()
}

/// The units after a number.
pub(super) fn units() -> Vec<Completion> {
    let units = Vocabulary::bundled().units.iter();
    units
        .map(|unit| Completion::new(&*unit.name, CompletionKind::Unit, 0).detail(&*unit.ty).doc(&*unit.doc))
        .collect()
}
