//! From a tree to the names it defines and the places that use names, with what each expects.

use std::ops::Range;

use vid_grammar::SyntaxToken;
use vid_grammar::ast::{
    self, AstNode, Clause, Expr, ForAmount, HasBlock, HasDoc, HasHeader, HasName, HasPrivate, Item, Stmt,
};

use crate::names::{FileNames, Scope, Symbol, SymbolKind};
use crate::vocabulary::{Vocabulary, bytes, params_of, type_names};

/// What the walk finds: the definitions, and uses that are not resolved yet.
pub(super) struct Walk {
    pub names: FileNames,
    pub pending: Vec<Pending>,
}

/// A use of a name before it is known what it stands for.
pub(super) struct Pending {
    pub range: Range<usize>,
    pub text: String,
    pub scope: usize,
    pub wants: Wants,
}

/// What may stand in a place.
#[derive(Clone)]
pub(super) enum Wants {
    /// A value, or a word of one of these types.
    Value(Vec<String>),
    /// The kind of an element.
    Kind,
    /// A style.
    Style,
    /// The word after a statement's first word: a word of the kind's subject, or a style.
    Subject(String),
    /// Something that can be called.
    Callee,
    /// A type.
    Type,
    /// An element kind or an element.
    Matte,
    /// What another use has under a name, by the index of that use.
    Member(usize),
    /// A property of a kind.
    Property(String),
    /// A parameter of another use, by its index.
    Argument(usize),
    /// A name of another file, by the path as written.
    Import(String),
    /// A field of some record.
    Field,
}

/// Where a statement stands.
#[derive(Clone, Copy)]
struct At<'a> {
    scope: usize,
    /// The container around it.
    parent: Option<usize>,
    /// The kind whose properties can be said here.
    kind: &'a str,
}

/// Collects the definitions and uses of a file.
pub(super) fn walk(file: &ast::File) -> Walk {
    let mut walk = Walk { names: FileNames::default(), pending: Vec::new() };
    let top = walk.scope(None, true, bytes(file.range()));
    for item in file.items() {
        walk.item(top, &item);
    }
    walk
}

impl Walk {
    fn scope(&mut self, parent: Option<usize>, holds_elements: bool, range: Range<usize>) -> usize {
        self.names.scopes.push(Scope { parent, holds_elements, range, symbols: Vec::new() });
        self.names.scopes.len() - 1
    }

    fn define(&mut self, scope: usize, symbol: Symbol) -> usize {
        self.names.symbols.push(symbol);
        let index = self.names.symbols.len() - 1;
        self.names.scopes[scope].symbols.push(index);
        index
    }

    fn wants(&mut self, range: Range<usize>, text: &str, scope: usize, wants: Wants) -> usize {
        self.pending.push(Pending { range, text: text.to_owned(), scope, wants });
        self.pending.len() - 1
    }

    fn word(&mut self, token: &SyntaxToken, scope: usize, wants: Wants) -> usize {
        self.wants(bytes(token.text_range()), token.text(), scope, wants)
    }

    /// A path of names; what its first word wants is given, the others are members.
    fn path(&mut self, path: &ast::Path, scope: usize, wants: Wants) -> Option<usize> {
        let mut last = None;
        for segment in path.segments() {
            let wants = last.map_or_else(|| wants.clone(), Wants::Member);
            last = Some(self.word(&segment, scope, wants));
        }
        last
    }

    fn item(&mut self, top: usize, item: &Item) {
        let doc = item.doc().unwrap_or_default();
        let is_private = item.private_token().is_some();
        let range = bytes(item.range());
        let symbol = |name: &ast::Name, kind| Symbol {
            name: name.text(),
            kind,
            name_range: bytes(name.range()),
            range: range.clone(),
            parent: None,
            doc: doc.clone(),
            is_private,
        };
        match item {
            Item::Import(import) => self.import(top, import),
            Item::Let(value) => self.let_value(top, None, value, is_private),
            Item::Fn(function) => {
                let params = function.params();
                let infos = params.as_ref().map(params_of).unwrap_or_default();
                let result = function.return_type();
                let written = result.as_ref().map(text_of).unwrap_or_default();
                if let Some(name) = function.name() {
                    self.define(top, symbol(&name, SymbolKind::Function(infos, written)));
                }
                let inner = self.scope(Some(top), false, range.clone());
                self.params(inner, None, params.as_ref());
                let expected = result.as_ref().map(type_names).unwrap_or_default();
                if let Some(result) = result {
                    self.ty(inner, &result);
                }
                if let Some(body) = function.body() {
                    self.expr(inner, &body, &expected);
                }
            }
            Item::Style(style) => {
                let target = style.target();
                let kind = target.as_ref().map(|target| target.text()).unwrap_or_default();
                if let Some(name) = style.name() {
                    self.define(top, symbol(&name, SymbolKind::Style(kind.clone())));
                }
                if let Some(target) = target {
                    self.path(&target, top, Wants::Kind);
                }
                self.block(At { scope: top, parent: None, kind: &kind }, style.block());
            }
            Item::Composition(composition) => {
                let params = composition.params();
                let infos = params.as_ref().map(params_of).unwrap_or_default();
                let own = composition
                    .name()
                    .map(|name| self.define(top, symbol(&name, SymbolKind::Composition(infos))));
                let inner = self.scope(Some(top), true, range.clone());
                self.params(inner, own, params.as_ref());
                for value in composition.values().filter_map(|value| value.path()) {
                    self.path(&value, inner, Wants::Value(Vec::new()));
                }
                self.clauses(inner, composition.clauses());
                let at = At { scope: inner, parent: own, kind: "composition" };
                if let Some(block) = composition.block() {
                    block.stmts().for_each(|stmt| self.stmt(at, &stmt));
                }
            }
            Item::ExternElement(_) | Item::ExternEnum(_) | Item::ExternUnit(_) | Item::ExternFn(_) => {}
        }
    }

    fn import(&mut self, top: usize, import: &ast::Import) {
        let Some(path) = import.path() else { return };
        let text = path.syntax().text().to_string();
        let written = text.trim_matches('"').to_owned();
        let start = bytes(path.range()).start + (text.len() - text.trim_start_matches('"').len());
        self.names.imports.push((written.clone(), start..start + written.len()));
        let symbol = |name: &str, range, kind| Symbol {
            name: name.to_owned(),
            kind,
            name_range: range,
            range: bytes(import.range()),
            parent: None,
            doc: String::new(),
            is_private: true,
        };
        if let Some(name) = import.alias().and_then(|alias| alias.name()) {
            let kind = SymbolKind::Module(written.clone());
            self.define(top, symbol(&name.text(), bytes(name.range()), kind));
        }
        for name in import.list().into_iter().flat_map(|list| list.names()) {
            let Some(token) = name.token() else { continue };
            let there = token.text().to_owned();
            self.word(&token, top, Wants::Import(written.clone()));
            let alias = name.alias().and_then(|alias| alias.name());
            let (here, range) = match &alias {
                Some(alias) => (alias.text(), bytes(alias.range())),
                None => (there.clone(), bytes(token.text_range())),
            };
            self.define(top, symbol(&here, range, SymbolKind::Imported(written.clone(), there)));
        }
    }

    fn params(&mut self, scope: usize, parent: Option<usize>, list: Option<&ast::ParamList>) {
        for param in list.into_iter().flat_map(|list| list.params()) {
            let ty = param.ty();
            let expected = ty.as_ref().map(type_names).unwrap_or_default();
            if let Some(name) = param.name() {
                let kind = SymbolKind::Parameter(ty.as_ref().map(text_of).unwrap_or_default());
                self.define(
                    scope,
                    Symbol {
                        name: name.text(),
                        kind,
                        name_range: bytes(name.range()),
                        range: bytes(param.range()),
                        parent,
                        doc: param.doc().unwrap_or_default(),
                        is_private: true,
                    },
                );
            }
            if let Some(ty) = ty {
                self.ty(scope, &ty);
            }
            for value in param.constraint().into_iter().chain(param.default()) {
                self.expr(scope, &value, &expected);
            }
        }
    }

    fn let_value(&mut self, scope: usize, parent: Option<usize>, value: &ast::Let, is_private: bool) {
        let ty = value.ty();
        if let Some(name) = value.name() {
            let written = value.value().as_ref().map(text_of).unwrap_or_default();
            let kind = match &ty {
                Some(ty) => SymbolKind::Value(format!("{} = {written}", text_of(ty))),
                None => SymbolKind::Value(format!("= {written}")),
            };
            self.define(
                scope,
                Symbol {
                    name: name.text(),
                    kind,
                    name_range: bytes(name.range()),
                    range: bytes(value.range()),
                    parent,
                    doc: value.doc().unwrap_or_default(),
                    is_private,
                },
            );
        }
        let expected = ty.as_ref().map(type_names).unwrap_or_default();
        if let Some(ty) = ty {
            self.ty(scope, &ty);
        }
        if let Some(value) = value.value() {
            self.expr(scope, &value, &expected);
        }
    }

    fn ty(&mut self, scope: usize, ty: &ast::TypeRef) {
        for alternative in ty.alternatives() {
            if let Some(path) = alternative.path() {
                self.path(&path, scope, Wants::Type);
            }
            alternative.args().for_each(|arg| self.ty(scope, &arg));
        }
    }

    /// A block with values of its own.
    fn block(&mut self, around: At<'_>, block: Option<ast::Block>) {
        let Some(block) = block else { return };
        let scope = self.scope(Some(around.scope), false, bytes(block.range()));
        block.stmts().for_each(|stmt| self.stmt(At { scope, ..around }, &stmt));
    }

    fn stmt(&mut self, at: At<'_>, stmt: &Stmt) {
        match stmt {
            Stmt::Property(property) => self.property(at, property),
            Stmt::Element(element) => self.element(at, element),
            Stmt::Sequence(sequence) => {
                let own = self.named(at, sequence, SymbolKind::Sequence);
                self.header(at.scope, sequence);
                self.block(At { parent: own.or(at.parent), kind: "sequence", ..at }, sequence.block());
            }
            Stmt::Stack(stack) => {
                let own = self.named(at, stack, SymbolKind::Stack);
                self.header(at.scope, stack);
                self.block(At { parent: own.or(at.parent), kind: "stack", ..at }, stack.block());
            }
            Stmt::Transition(transition) => {
                self.subject(at.scope, transition.kind(), "transition");
                self.header(at.scope, transition);
                self.block(At { kind: "transition", ..at }, transition.block());
            }
            Stmt::Marker(marker) => {
                self.named(at, marker, SymbolKind::Marker);
                self.header(at.scope, marker);
            }
            Stmt::Motion(motion) => {
                self.subject(at.scope, motion.kind(), "motion");
                if let Some(easing) = motion.easing() {
                    self.easing(at.scope, &easing);
                }
                self.header(at.scope, motion);
                self.block(At { kind: "motion", ..at }, motion.block());
            }
            Stmt::Effect(effect) => {
                self.subject(at.scope, effect.kind(), "effect");
                if let Some(amount) = effect.amount() {
                    self.expr(at.scope, &amount, &[]);
                }
                self.header(at.scope, effect);
                self.block(At { kind: "effect", ..at }, effect.block());
            }
            Stmt::Mask(mask) => {
                if let Some(source) = mask.source() {
                    self.path(&source, at.scope, Wants::Matte);
                }
                self.header(at.scope, mask);
                self.block(At { kind: "mask", ..at }, mask.block());
            }
            Stmt::Set(set) => {
                let kind = set.kind();
                let name = kind.as_ref().map(|kind| kind.text()).unwrap_or_default();
                if let Some(kind) = kind {
                    self.path(&kind, at.scope, Wants::Kind);
                }
                self.block(At { kind: &name, ..at }, set.block());
            }
            Stmt::Duck(duck) => {
                let under = duck.under_clause().and_then(|clause| clause.sound());
                let by = duck.by_clause().and_then(|clause| clause.level());
                for value in duck.sound().into_iter().chain(under).chain(by) {
                    self.expr(at.scope, &value, &[]);
                }
                self.block(At { kind: "duck", ..at }, duck.block());
            }
            Stmt::Gap(gap) => {
                if let Some(length) = gap.length() {
                    self.expr(at.scope, &length, &[]);
                }
            }
            Stmt::Output(output) => {
                if let Some(token) = output.format().and_then(|format| format.token()) {
                    self.word(&token, at.scope, Wants::Subject("output".to_owned()));
                }
                self.header(at.scope, output);
                self.block(At { kind: "output", ..at }, output.block());
            }
            Stmt::Let(value) => self.let_value(at.scope, at.parent, value, true),
            Stmt::For(repeat) => {
                if let Some(list) = repeat.list() {
                    self.expr(at.scope, &list, &[]);
                }
                let range = repeat.block().map_or_else(|| bytes(repeat.range()), |b| bytes(b.range()));
                let scope = self.scope(Some(at.scope), true, range);
                if let Some(name) = repeat.name() {
                    self.variable(scope, at.parent, &name, bytes(repeat.range()));
                }
                if let Some(block) = repeat.block() {
                    block.stmts().for_each(|stmt| self.stmt(At { scope, ..at }, &stmt));
                }
            }
            Stmt::If(choice) => {
                if let Some(condition) = choice.condition() {
                    self.expr(at.scope, &condition, &[]);
                }
                self.block(at, choice.block());
                for branch in choice.else_branches() {
                    if let Some(condition) = branch.condition() {
                        self.expr(at.scope, &condition, &[]);
                    }
                    self.block(at, branch.block());
                }
            }
            // Items in the wrong place; the parser has said so.
            _ => {}
        }
    }

    fn property(&mut self, at: At<'_>, property: &ast::Property) {
        let Some(name) = property.name() else { return };
        if let Some(token) = name.token() {
            self.word(&token, at.scope, Wants::Property(at.kind.to_owned()));
        }
        if let Some(value) = property.value() {
            let expected = expected_by(at.kind, &name.text());
            self.expr(at.scope, &value, &expected);
        }
    }

    fn element(&mut self, at: At<'_>, element: &ast::Element) {
        let Some(kind) = element.kind() else { return };
        let written = kind.text();
        // The block of a placed composition says how it looks as a whole.
        let schema = if Vocabulary::bundled().kind(&written).is_some() { &*written } else { "stack" };
        let own = self.named(at, element, SymbolKind::Element(written.clone()));
        let placed = self.path(&kind, at.scope, Wants::Kind);
        self.subject(at.scope, element.subject(), schema);
        if let Some(args) = element.args() {
            self.args(at.scope, &args, placed);
        }
        self.header_parts(at.scope, element);
        self.block(At { parent: own.or(at.parent), kind: schema, ..at }, element.block());
    }

    /// A name of a statement; it belongs to the composition or to the turn of a loop around it.
    fn named(&mut self, at: At<'_>, stmt: &(impl HasName + HasDoc), kind: SymbolKind) -> Option<usize> {
        let name = stmt.name()?;
        let mut holder = at.scope;
        while let (false, Some(outer)) =
            (self.names.scopes[holder].holds_elements, self.names.scopes[holder].parent)
        {
            holder = outer;
        }
        let symbol = Symbol {
            name: name.text(),
            name_range: bytes(name.range()),
            range: bytes(stmt.range()),
            parent: at.parent,
            doc: stmt.doc().unwrap_or_default(),
            is_private: true,
            kind,
        };
        // Markers are no names; they are what `markers` has.
        if symbol.kind == SymbolKind::Marker {
            self.names.symbols.push(symbol);
            return None;
        }
        Some(self.define(holder, symbol))
    }

    fn variable(&mut self, scope: usize, parent: Option<usize>, name: &ast::Name, range: Range<usize>) {
        let symbol = Symbol {
            name: name.text(),
            kind: SymbolKind::Variable,
            name_range: bytes(name.range()),
            range,
            parent,
            doc: String::new(),
            is_private: true,
        };
        self.define(scope, symbol);
    }

    fn subject(&mut self, scope: usize, subject: Option<ast::Path>, kind: &str) {
        if let Some(subject) = subject {
            self.path(&subject, scope, Wants::Subject(kind.to_owned()));
        }
    }

    fn header(&mut self, scope: usize, stmt: &impl HasHeader) {
        if let Some(args) = stmt.args() {
            self.args(scope, &args, None);
        }
        self.header_parts(scope, stmt);
    }

    fn header_parts(&mut self, scope: usize, stmt: &impl HasHeader) {
        if let Some(string) = stmt.string() {
            self.string(scope, &string);
        }
        if let Some(path) = stmt.source().and_then(|source| source.path()) {
            self.path(&path, scope, Wants::Value(Vec::new()));
        }
        self.clauses(scope, stmt.clauses());
    }

    fn clauses(&mut self, scope: usize, clauses: impl Iterator<Item = Clause>) {
        for clause in clauses {
            let value = match &clause {
                Clause::At(at) => at.time(),
                Clause::Until(until) => until.time(),
                Clause::For(length) => match length.amount() {
                    Some(ForAmount::Value(value)) => Some(value),
                    Some(ForAmount::UpTo(up_to)) => up_to.limit(),
                    _ => None,
                },
                Clause::Trim(trim) => trim.range_expr().map(Expr::Range),
                Clause::With(with) => {
                    for style in with.styles() {
                        self.path(&style, scope, Wants::Style);
                    }
                    None
                }
                Clause::Through(_) => None,
            };
            if let Some(value) = value {
                self.expr(scope, &value, &[]);
            }
        }
    }

    fn easing(&mut self, scope: usize, easing: &ast::Easing) {
        let callee = easing.path().and_then(|path| {
            let wants = match easing.args() {
                Some(_) => Wants::Callee,
                None => Wants::Value(vec!["easing".to_owned()]),
            };
            self.path(&path, scope, wants)
        });
        if let Some(args) = easing.args() {
            self.args(scope, &args, callee);
        }
    }

    fn args(&mut self, scope: usize, args: &ast::ArgList, callee: Option<usize>) {
        for arg in args.args() {
            if let (Some(callee), Some(token)) = (callee, arg.name().and_then(|name| name.token())) {
                self.word(&token, scope, Wants::Argument(callee));
            }
            if let Some(value) = arg.value() {
                self.expr(scope, &value, &[]);
            }
        }
    }

    fn string(&mut self, scope: usize, string: &ast::StringLit) {
        for value in string.interpolations().filter_map(|part| part.expr()) {
            self.expr(scope, &value, &[]);
        }
    }

    /// The uses in a value; the index of the one that stands for the whole of it, if there is one.
    fn expr(&mut self, scope: usize, expr: &Expr, expected: &[String]) -> Option<usize> {
        match expr {
            Expr::Literal(_) => {}
            Expr::String(string) => self.string(scope, string),
            Expr::Name(name) => {
                let token = name.token()?;
                return Some(self.word(&token, scope, Wants::Value(expected.to_vec())));
            }
            Expr::Field(field) => {
                let base = field.base().and_then(|base| self.expr(scope, &base, &[]));
                let token = field.field()?.token()?;
                let wants = base.map_or(Wants::Field, Wants::Member);
                return Some(self.word(&token, scope, wants));
            }
            Expr::Call(call) => {
                let callee = match call.callee() {
                    Some(Expr::Name(name)) => {
                        name.token().map(|token| self.word(&token, scope, Wants::Callee))
                    }
                    Some(other) => self.expr(scope, &other, &[]),
                    None => None,
                };
                if let Some(args) = call.args() {
                    self.args(scope, &args, callee);
                }
            }
            Expr::Index(index) => {
                for part in index.base().into_iter().chain(index.index()) {
                    self.expr(scope, &part, &[]);
                }
            }
            Expr::Prefix(prefix) => {
                prefix.operand().map(|operand| self.expr(scope, &operand, &[]));
            }
            Expr::Binary(binary) => {
                for part in binary.lhs().into_iter().chain(binary.rhs()) {
                    self.expr(scope, &part, &[]);
                }
            }
            Expr::Range(range) => {
                for part in range.start().into_iter().chain(range.end()) {
                    self.expr(scope, &part, expected);
                }
            }
            Expr::Paren(paren) => return paren.inner().and_then(|inner| self.expr(scope, &inner, expected)),
            Expr::List(list) => list.items().for_each(|item| {
                self.expr(scope, &item, expected);
            }),
            Expr::Keyframes(list) => {
                for keyframe in list.keyframes() {
                    if let Some(time) = keyframe.time() {
                        self.expr(scope, &time, &[]);
                    }
                    if let Some(value) = keyframe.value() {
                        self.expr(scope, &value, expected);
                    }
                    if let Some(easing) = keyframe.easing() {
                        self.easing(scope, &easing);
                    }
                }
            }
            Expr::Comprehension(list) => {
                if let Some(over) = list.list() {
                    self.expr(scope, &over, &[]);
                }
                let inner = self.scope(Some(scope), false, bytes(list.range()));
                if let Some(name) = list.name() {
                    self.variable(inner, None, &name, bytes(list.range()));
                }
                if let Some(condition) = list.condition() {
                    self.expr(inner, &condition, &[]);
                }
                if let Some(body) = list.body() {
                    self.expr(inner, &body, expected);
                }
            }
            Expr::Record(record) => {
                let kind = expected.iter().find(|name| Vocabulary::bundled().kind(name).is_some());
                for field in record.fields() {
                    let Some(token) = field.name().and_then(|name| name.token()) else { continue };
                    let wants = kind.map_or(Wants::Field, |kind| Wants::Property(kind.clone()));
                    self.word(&token, scope, wants);
                    if let Some(value) = field.value() {
                        let expected = kind.map(|kind| expected_by(kind, token.text())).unwrap_or_default();
                        self.expr(scope, &value, &expected);
                    }
                }
            }
            Expr::If(choice) => {
                let mut conditions: Vec<Expr> = choice.condition().into_iter().collect();
                let mut values: Vec<Expr> =
                    choice.then_branch().and_then(|branch| branch.value()).into_iter().collect();
                for branch in choice.else_branches() {
                    conditions.extend(branch.condition());
                    values.extend(branch.branch().and_then(|branch| branch.value()));
                }
                for condition in &conditions {
                    self.expr(scope, condition, &[]);
                }
                for value in &values {
                    self.expr(scope, value, expected);
                }
            }
        }
        None
    }
}

/// The names of the types that a property takes.
fn expected_by(kind: &str, property: &str) -> Vec<String> {
    let vocabulary = Vocabulary::bundled();
    let field = match kind {
        "" => vocabulary.elements().find_map(|kind| kind.field(property)),
        kind => vocabulary.kind(kind).and_then(|kind| kind.field(property)),
    };
    field.map(|field| field.type_names.clone()).unwrap_or_default()
}

fn text_of(node: &impl AstNode) -> String {
    node.syntax().text().to_string().trim().to_owned()
}
