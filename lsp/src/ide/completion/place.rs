//! What may stand where the cursor is.

use vid_compiler::Vocabulary;
use vid_grammar::ast::{self, AstNode};
use vid_grammar::{SyntaxKind, SyntaxNode, SyntaxToken};

use crate::ide::completion::values::{files, members, named_arguments, values};
use crate::ide::completion::words::{clauses, properties, statements, top_level, units, words_of};
use crate::ide::completion::{Around, CURSOR, Completion, CompletionKind};

/// What may stand at the cursor's word; `None` where nothing is known to.
pub(super) fn items(around: &Around<'_>, cursor: &SyntaxToken) -> Option<Vec<Completion>> {
    let vocabulary = Vocabulary::bundled();
    let parent = cursor.parent()?;
    let holder = parent.parent();
    let outer = holder.as_ref().map(|holder| holder.kind());
    match cursor.kind() {
        SyntaxKind::StringText | SyntaxKind::Quote | SyntaxKind::RawString => {
            return Some(files(around, &parent));
        }
        SyntaxKind::Quantity | SyntaxKind::Number => return Some(units()),
        kind if kind.is_comment() => return None,
        _ => {}
    }
    if !cursor.text().contains(CURSOR) {
        return None;
    }
    let subject = |kind: &str| subject_words(kind, None);
    Some(match (parent.kind(), outer) {
        (SyntaxKind::NameRef, Some(SyntaxKind::Arg)) => {
            let mut items = named_arguments(around, &parent);
            items.extend(values(around, &parent));
            items
        }
        (SyntaxKind::NameRef, _) => values(around, &parent),
        (SyntaxKind::Name, Some(SyntaxKind::FieldExpr)) => members(around, &parent),
        (SyntaxKind::Name, Some(SyntaxKind::Arg)) => {
            let mut items = named_arguments(around, &parent);
            items.extend(values(around, &parent));
            items
        }
        (SyntaxKind::Name, Some(SyntaxKind::Property)) => properties(&block_around(&parent)?),
        (SyntaxKind::Name, Some(SyntaxKind::RecordField)) => {
            let expected = expected(&parent);
            let kind = expected.iter().find_map(|name| vocabulary.kind(name))?;
            kind.fields.iter().map(|field| property(field, false)).collect()
        }
        (SyntaxKind::Name, Some(SyntaxKind::Output)) => subject("output"),
        (SyntaxKind::ImportName, _) => exported(around, &parent),
        (SyntaxKind::Path, Some(SyntaxKind::TypeAlt)) => types(),
        (SyntaxKind::Path, Some(SyntaxKind::WithClause)) => styles(around),
        (SyntaxKind::Path, Some(SyntaxKind::Easing)) => easings(around),
        (SyntaxKind::Path, Some(SyntaxKind::Motion)) => {
            let role = holder.and_then(ast::Motion::cast).map(|motion| motion.role());
            let flag = match role {
                Some(ast::MotionRole::Enter) => Some("in"),
                Some(ast::MotionRole::Exit) => Some("out"),
                Some(ast::MotionRole::Loop) => Some("repeating"),
                _ => None,
            };
            subject_words("motion", flag)
        }
        (SyntaxKind::Path, Some(SyntaxKind::Transition)) => subject("transition"),
        (SyntaxKind::Path, Some(SyntaxKind::Effect)) => subject("effect"),
        (SyntaxKind::Path, Some(SyntaxKind::Mask)) => {
            let mut items = subject("mask");
            items.extend(values(around, &parent));
            items
        }
        (SyntaxKind::Path, Some(SyntaxKind::Set | SyntaxKind::StyleTarget)) => {
            let kinds = vocabulary.elements();
            kinds
                .map(|kind| Completion::new(&*kind.name, CompletionKind::Statement, 0).doc(&*kind.doc))
                .collect()
        }
        (SyntaxKind::Path, Some(SyntaxKind::Element)) => {
            let element = holder.and_then(ast::Element::cast)?;
            let is_kind = element.kind().is_some_and(|kind| kind.range() == parent.text_range());
            match element.kind().filter(|_| !is_kind) {
                Some(kind) => subject_words(&kind.text(), None),
                None if parent.text().to_string().contains('.') => module_elements(around, &parent),
                None => match header_before(cursor) {
                    Some(statement) => clauses(&statement),
                    None => statements(around, &block_around(&parent)?),
                },
            }
        }
        (SyntaxKind::Path, Some(SyntaxKind::SourceValue | SyntaxKind::HeaderValue)) => {
            values(around, &parent)
        }
        // A name of something new.
        (SyntaxKind::Name, _) => return header_words(around, cursor),
        _ => return broken(around, cursor),
    })
}

/// After the name of an element, or where a clause is half written: clauses.
fn header_words(around: &Around<'_>, cursor: &SyntaxToken) -> Option<Vec<Completion>> {
    let statement = cursor.parent_ancestors().find_map(ast::Stmt::cast)?;
    // A name right after the kind is new; what comes after a string is none.
    let before = around.source.text.get(usize::from(statement.range().start())..around.offset)?;
    before.contains('"').then(|| clauses(&statement))
}

/// The statement whose header ends right before a word in the same line.
fn header_before(cursor: &SyntaxToken) -> Option<ast::Stmt> {
    let mut before = cursor.prev_token()?;
    while before.kind().is_trivia() {
        if before.text().contains('\n') {
            return None;
        }
        before = before.prev_token()?;
    }
    let ends = [SyntaxKind::LBrace, SyntaxKind::RBrace, SyntaxKind::Semicolon, SyntaxKind::Comma];
    if ends.contains(&before.kind()) {
        return None;
    }
    let statement = before.parent_ancestors().find_map(ast::Stmt::cast)?;
    let has_header = !matches!(statement, ast::Stmt::Property(_) | ast::Stmt::Let(_));
    (has_header && statement.range().end() <= cursor.text_range().start()).then_some(statement)
}

/// Where the tree has no place for the word, what stands before it decides.
fn broken(around: &Around<'_>, cursor: &SyntaxToken) -> Option<Vec<Completion>> {
    let mut before = cursor.prev_token();
    let mut crossed_line = false;
    while let Some(token) = before.as_ref().filter(|token| token.kind().is_trivia()) {
        crossed_line |= token.text().contains('\n');
        before = token.prev_token();
    }
    let parent = cursor.parent()?;
    let block = block_around(&parent);
    let Some(before) = before else { return Some(top_level()) };
    match before.kind() {
        SyntaxKind::AtKw
        | SyntaxKind::ForKw
        | SyntaxKind::UntilKw
        | SyntaxKind::ByKw
        | SyntaxKind::UnderKw
        | SyntaxKind::DuckKw
        | SyntaxKind::Colon
        | SyntaxKind::Eq
        | SyntaxKind::Plus
        | SyntaxKind::Minus
        | SyntaxKind::Star
        | SyntaxKind::Slash
        | SyntaxKind::DotDot
        | SyntaxKind::LParen
        | SyntaxKind::LBracket
        | SyntaxKind::Comma => Some(values(around, &parent)),
        SyntaxKind::WithKw => Some(styles(around)),
        SyntaxKind::EnterKw => Some(subject_words("motion", Some("in"))),
        SyntaxKind::ExitKw => Some(subject_words("motion", Some("out"))),
        SyntaxKind::LoopKw => Some(subject_words("motion", Some("repeating"))),
        SyntaxKind::MotionKw => Some(subject_words("motion", None)),
        SyntaxKind::EffectKw => Some(subject_words("effect", None)),
        SyntaxKind::TransitionKw => Some(subject_words("transition", None)),
        SyntaxKind::OutputKw => Some(subject_words("output", None)),
        _ => match block {
            Some(block)
                if crossed_line || matches!(before.kind(), SyntaxKind::LBrace | SyntaxKind::RBrace) =>
            {
                Some(statements(around, &block))
            }
            Some(_) => {
                let statement = before.parent_ancestors().find_map(ast::Stmt::cast)?;
                Some(clauses(&statement))
            }
            None => Some(top_level()),
        },
    }
}

/// A block with the kind whose properties it takes.
pub(super) struct Block {
    /// The kind.
    pub kind: String,
    /// The block itself.
    pub node: SyntaxNode,
}

/// The block around a node; loops and choices are no blocks of their own.
pub(super) fn block_around(node: &SyntaxNode) -> Option<Block> {
    let vocabulary = Vocabulary::bundled();
    let node = node.ancestors().find(|node| node.kind() == SyntaxKind::Block)?;
    let mut owner = node.parent()?;
    while matches!(owner.kind(), SyntaxKind::For | SyntaxKind::If | SyntaxKind::Else | SyntaxKind::Block) {
        owner = owner.parent()?;
    }
    let kind = match owner.kind() {
        SyntaxKind::Composition => "composition".to_owned(),
        SyntaxKind::Sequence => "sequence".to_owned(),
        SyntaxKind::Stack => "stack".to_owned(),
        SyntaxKind::Transition => "transition".to_owned(),
        SyntaxKind::Motion => "motion".to_owned(),
        SyntaxKind::Effect => "effect".to_owned(),
        SyntaxKind::Mask => "mask".to_owned(),
        SyntaxKind::Duck => "duck".to_owned(),
        SyntaxKind::Output => "output".to_owned(),
        SyntaxKind::Element => {
            let kind = ast::Element::cast(owner)?.kind()?.text();
            if vocabulary.kind(&kind).is_some() { kind } else { "stack".to_owned() }
        }
        SyntaxKind::Style => ast::Style::cast(owner)?.target()?.text(),
        SyntaxKind::Set => ast::Set::cast(owner)?.kind()?.text(),
        _ => return None,
    };
    Some(Block { kind, node })
}

/// The names of the types that a value at a node may have.
pub(in crate::ide) fn expected(node: &SyntaxNode) -> Vec<String> {
    let vocabulary = Vocabulary::bundled();
    let types = |kind: &str, name: &str| {
        let field = vocabulary.kind(kind).and_then(|kind| kind.field(name));
        field.map(|field| field.type_names.clone()).unwrap_or_default()
    };
    for around in node.ancestors() {
        match around.kind() {
            SyntaxKind::Property => {
                use ast::HasName;
                let Some(property) = ast::Property::cast(around) else { break };
                let (Some(name), Some(block)) = (property.name(), block_around(property.syntax())) else {
                    break;
                };
                return types(&block.kind, &name.text());
            }
            SyntaxKind::AtClause
            | SyntaxKind::ForClause
            | SyntaxKind::UntilClause
            | SyntaxKind::TrimClause => {
                return vec!["time".to_owned()];
            }
            SyntaxKind::ByClause => return vec!["level".to_owned()],
            SyntaxKind::Param | SyntaxKind::Let => {
                let ty = around.children().find_map(ast::TypeRef::cast);
                let names = ty.into_iter().flat_map(|ty| {
                    let paths = ty.alternatives().filter_map(|alternative| alternative.path());
                    paths.map(|path| path.text()).collect::<Vec<_>>()
                });
                return names.collect();
            }
            SyntaxKind::ArgList | SyntaxKind::Index | SyntaxKind::Block => break,
            _ => {}
        }
    }
    Vec::new()
}

pub(super) fn property(field: &vid_compiler::FieldInfo, is_said: bool) -> Completion {
    let default = field.default.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
    let rank = match (is_said, field.has("required")) {
        (true, _) => 9,
        (false, true) => 0,
        (false, false) => 1,
    };
    Completion::new(&*field.name, CompletionKind::Property, rank)
        .detail(format!("{}{default}", field.ty))
        .doc(&*field.doc)
        .insert(format!("{}: $0", field.name))
}

/// The words of the property that a statement's second word says.
fn subject_words(kind: &str, flag: Option<&str>) -> Vec<Completion> {
    let subject = Vocabulary::bundled().kind(kind).and_then(|kind| kind.subject());
    let sets = subject.into_iter().flat_map(|field| field.sets());
    sets.flat_map(|set| words_of(set, flag)).collect()
}

fn types() -> Vec<Completion> {
    const PLAIN: [&str; 15] = [
        "number", "integer", "bool", "string", "time", "length", "percent", "angle", "level", "color",
        "rate", "size", "media", "list", "record",
    ];
    let sets = Vocabulary::bundled().enums.iter();
    let plain = PLAIN.iter().map(|name| Completion::new(*name, CompletionKind::Type, 0));
    let sets = sets.map(|set| Completion::new(&*set.name, CompletionKind::Type, 1).doc(&*set.doc));
    plain.chain(sets).collect()
}

fn easings(around: &Around<'_>) -> Vec<Completion> {
    let mut items: Vec<Completion> =
        Vocabulary::bundled().set("easing").into_iter().flat_map(|set| words_of(set, None)).collect();
    for (name, of) in [("cubic", "cubic(${1:0.2}, ${2:0}, ${3:0}, ${4:1})"), ("steps", "steps(${1:4})")] {
        if Vocabulary::bundled().function(name).is_some() {
            items.push(Completion::new(name, CompletionKind::Function, 1).insert(of));
        }
    }
    items.extend(super::values::names(around, &["easing".to_owned()]));
    items
}

fn styles(around: &Around<'_>) -> Vec<Completion> {
    let visible = around.source.names.visible_at(around.offset);
    let styles = visible.into_iter().filter_map(|symbol| {
        let kind = match &symbol.kind {
            vid_compiler::SymbolKind::Style(kind) => format!("for {kind}"),
            vid_compiler::SymbolKind::Imported(path, _) => format!("from {path}"),
            vid_compiler::SymbolKind::Module(path) => path.clone(),
            _ => return None,
        };
        Some(Completion::new(&*symbol.name, CompletionKind::Value, 0).detail(kind).doc(&*symbol.doc))
    });
    styles.collect()
}

/// The names that an imported file gives out.
fn exported(around: &Around<'_>, name: &SyntaxNode) -> Vec<Completion> {
    let import = name.ancestors().find_map(ast::Import::cast);
    let path = import.and_then(|import| import.path()).map(|path| path.syntax().text().to_string());
    let path = path.unwrap_or_default();
    super::values::items_of(around, path.trim_matches('"'), |_| true)
}

/// After `brand.` where an element is expected: the compositions of that file.
fn module_elements(around: &Around<'_>, path: &SyntaxNode) -> Vec<Completion> {
    let text = path.text().to_string();
    let module = text.split('.').next().unwrap_or_default();
    let visible = around.source.names.visible_at(around.offset);
    let found = visible.into_iter().find(|symbol| symbol.name == module);
    let Some(vid_compiler::SymbolKind::Module(path)) = found.map(|symbol| &symbol.kind) else {
        return Vec::new();
    };
    super::values::items_of(around, path, |kind| matches!(kind, vid_compiler::SymbolKind::Composition(_)))
}
