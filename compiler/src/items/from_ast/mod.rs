//! From the typed views of the tree to items.
//!
//! Missing parts were reported by the parser; here they become [`ExprKind::Error`] or are left out.
//! Parts of the language that this version has not are refused here, at their place.

mod expr;
mod literal;
mod stmt;

use std::sync::Arc;

use vid_grammar::ast::{self, AstNode, HasBlock, HasDoc, HasName, HasPrivate};
use vid_grammar::{TextRange, TextSize};

use crate::diagnostics::{Code, Report};
use crate::items::{
    Composition, EnumMember, Expr, ExprKind, ExternElement, ExternEnum, ExternFn, ExternUnit, FieldDecl,
    FnDecl, Ident, ImportDecl, ImportedName, Item, ItemKind, ItemPlace, LetDecl, Literal, NodeId, Param,
    StyleDecl, TypeAlternative, TypeExpr, Visibility,
};

/// Turns one item into data. The ranges are those of its nodes, in the order of their numbers.
pub(crate) fn item_from_ast(place: ItemPlace, item: &ast::Item) -> (Item, Vec<TextRange>) {
    let mut lowering = Lowering { place: place.clone(), ranges: Vec::new(), reports: Vec::new() };
    let node = lowering.node(item.range());
    let name = item.name().map(|name| lowering.name(&name));
    let visibility = match item.private_token() {
        Some(word) => Visibility::Private(lowering.node(word.text_range())),
        None => Visibility::Public,
    };
    let kind = match item {
        ast::Item::Composition(composition) => ItemKind::Composition(lowering.composition(composition)),
        ast::Item::Let(value) => ItemKind::Let(lowering.let_decl(value)),
        ast::Item::ExternElement(element) => ItemKind::Element(lowering.extern_element(element)),
        ast::Item::ExternEnum(words) => ItemKind::Enum(lowering.extern_enum(words)),
        ast::Item::ExternFn(function) => ItemKind::Function(lowering.extern_fn(function)),
        ast::Item::Import(import) => ItemKind::Import(lowering.import(import)),
        ast::Item::Fn(function) => ItemKind::Fn(FnDecl {
            params: function.params().map(|list| lowering.params(&list)).unwrap_or_default(),
            result: function.return_type().map(|ty| lowering.type_ref(&ty)),
            body: function.body().map(|body| lowering.expr(&body)),
        }),
        ast::Item::Style(style) => {
            let target = style.target().map(|target| lowering.path(&target));
            let (properties, attached) =
                style.block().map(|block| lowering.looks(&block, "a style")).unwrap_or_default();
            ItemKind::Style(StyleDecl { target, properties, attached })
        }
        ast::Item::ExternUnit(unit) => match lowering.extern_unit(unit) {
            Some(unit) => ItemKind::Unit(unit),
            None => ItemKind::Other,
        },
    };
    (Item { place, node, name, visibility, kind, reports: lowering.reports }, lowering.ranges)
}

/// The item with the end of its line, if nothing else stands there.
fn whole_line(item: &impl AstNode) -> TextRange {
    let mut range = item.range();
    let mut after = item.syntax().next_sibling_or_token();
    while let Some(trivia) = after.filter(|next| next.kind().is_trivia()) {
        let text = trivia.to_string();
        if let Some(end) = text.find('\n') {
            if text[..end].trim().is_empty() {
                let length = u32::try_from(end + 1).expect("a source has at most 1 MiB");
                range = TextRange::new(range.start(), trivia.text_range().start() + TextSize::from(length));
            }
            break;
        }
        if !text.trim().is_empty() {
            break;
        }
        after = trivia.next_sibling_or_token();
    }
    range
}

/// The state while one item is turned into data.
pub(super) struct Lowering {
    place: ItemPlace,
    ranges: Vec<TextRange>,
    reports: Vec<Report>,
}

impl Lowering {
    /// A new node that stands at `range`.
    fn node(&mut self, range: TextRange) -> NodeId {
        let id =
            u32::try_from(self.ranges.len()).expect("a source of at most 1 MiB has fewer nodes than bytes");
        self.ranges.push(range);
        NodeId(id)
    }

    fn name(&mut self, name: &ast::Name) -> Ident {
        Ident { text: Arc::from(name.text()), node: self.node(name.range()) }
    }

    fn path(&mut self, path: &ast::Path) -> Ident {
        Ident { text: Arc::from(path.text()), node: self.node(path.range()) }
    }

    /// A string that has to be known as it is written.
    fn plain_string(&mut self, string: &ast::StringLit, what: &str) -> Option<Ident> {
        let node = self.node(string.range());
        match self.string_expr(string).kind {
            ExprKind::Literal(Literal::Text(text)) => Some(Ident { text, node }),
            ExprKind::Error => None,
            _ => {
                let message = format!("{what} is plain, without values in it");
                self.reports.push(Report::error(Code::WrongType, &self.place.at(node), message));
                None
            }
        }
    }

    fn import(&mut self, import: &ast::Import) -> ImportDecl {
        let path = import.path().and_then(|path| self.plain_string(&path, "the path of an import"));
        let alias = import.alias().and_then(|alias| alias.name()).map(|name| self.name(&name));
        let names = import.list().map(|list| {
            let names: Vec<_> = list.names().collect();
            names
                .iter()
                .map(|imported| {
                    let range = imported.token().map_or(imported.range(), |token| token.text_range());
                    let name = Ident { text: Arc::from(imported.text()), node: self.node(range) };
                    let alias = imported.alias().and_then(|alias| alias.name());
                    ImportedName { name, alias: alias.map(|alias| self.name(&alias)) }
                })
                .collect()
        });
        let list = import.list().map(|list| self.node(list.range()));
        let line = self.node(whole_line(import));
        ImportDecl { path, alias, names: names.unwrap_or_default(), list, line }
    }

    fn composition(&mut self, composition: &ast::Composition) -> Composition {
        let params = composition.params().map(|list| self.params(&list)).unwrap_or_default();
        let size = composition.size().and_then(|literal| {
            let node = self.node(literal.range());
            self.size(&literal, node).map(|size| (size, node))
        });
        let rate = composition.rate().and_then(|literal| {
            let node = self.node(literal.range());
            self.rate(&literal, node).map(|rate| (rate, node))
        });
        let named: Vec<_> = composition.values().filter_map(|value| value.path()).collect();
        let named = named.iter().map(|path| self.path_value(path)).collect();
        let clauses = composition.clauses().collect::<Vec<_>>();
        let clauses = self.clauses(clauses.into_iter());
        let body = composition.block().map(|block| self.block(&block)).unwrap_or_default();
        Composition { params, size, rate, named, clauses, body }
    }

    fn params(&mut self, list: &ast::ParamList) -> Vec<Param> {
        let params: Vec<_> = list.params().collect();
        params
            .iter()
            .filter_map(|param| {
                let node = self.node(param.range());
                Some(Param {
                    name: self.name(&param.name()?),
                    ty: param.ty().map(|ty| self.type_ref(&ty)),
                    constraint: param.constraint().map(|expr| self.expr(&expr)),
                    default: param.default().map(|expr| self.expr(&expr)),
                    node,
                })
            })
            .collect()
    }

    fn let_decl(&mut self, value: &ast::Let) -> LetDecl {
        LetDecl {
            node: self.node(value.range()),
            name: value.name().map(|name| self.name(&name)),
            ty: value.ty().map(|ty| self.type_ref(&ty)),
            value: value.value().map(|expr| self.expr(&expr)),
        }
    }

    fn extern_element(&mut self, element: &ast::ExternElement) -> ExternElement {
        let fields = element
            .fields()
            .filter_map(|field| {
                Some(FieldDecl {
                    name: self.name(&field.name()?),
                    doc: field.doc().unwrap_or_default(),
                    ty: field.ty().map(|ty| self.type_ref(&ty)),
                    constraint: field.constraint().map(|expr| self.expr(&expr)),
                    default: field.default().map(|expr| self.expr(&expr)),
                    flags: field.flags().map(|flag| Arc::from(flag.text())).collect(),
                })
            })
            .collect();
        ExternElement { doc: element.doc().unwrap_or_default(), fields }
    }

    fn extern_enum(&mut self, words: &ast::ExternEnum) -> ExternEnum {
        let members = words
            .variants()
            .filter_map(|variant| {
                Some(EnumMember {
                    name: self.name(&variant.name()?),
                    doc: variant.doc().unwrap_or_default(),
                    flags: variant.flags().map(|flag| Arc::from(flag.text())).collect(),
                })
            })
            .collect();
        ExternEnum { doc: words.doc().unwrap_or_default(), members }
    }

    fn extern_fn(&mut self, function: &ast::ExternFn) -> ExternFn {
        let params = function.params().map(|list| self.params(&list)).unwrap_or_default();
        let result = function.return_type().map(|ty| self.type_ref(&ty));
        ExternFn { doc: function.doc().unwrap_or_default(), params, result }
    }

    fn extern_unit(&mut self, unit: &ast::ExternUnit) -> Option<ExternUnit> {
        let name = match (unit.name(), unit.sign()) {
            (Some(name), _) => self.name(&name),
            (None, Some(sign)) => {
                Ident { text: Arc::from(sign.plain().ok()??), node: self.node(sign.range()) }
            }
            (None, None) => return None,
        };
        Some(ExternUnit {
            name,
            ty: unit.ty().map(|ty| self.type_ref(&ty)),
            worth: unit.worth().map(|worth| self.expr(&worth)),
            flags: unit.flags().map(|flag| Arc::from(flag.text())).collect(),
        })
    }

    fn type_ref(&mut self, ty: &ast::TypeRef) -> TypeExpr {
        let node = self.node(ty.range());
        let alternatives: Vec<_> = ty.alternatives().collect();
        let alternatives = alternatives
            .iter()
            .filter_map(|alternative| {
                let args: Vec<_> = alternative.args().collect();
                Some(TypeAlternative {
                    name: self.path(&alternative.path()?),
                    args: args.iter().map(|arg| self.type_ref(arg)).collect(),
                    optional: alternative.question_token().is_some(),
                })
            })
            .collect();
        TypeExpr { alternatives, node }
    }

    /// The value of an optional part; a missing one was reported by the parser.
    fn expr_or_error(&mut self, expr: Option<ast::Expr>, around: TextRange) -> Expr {
        match expr {
            Some(expr) => self.expr(&expr),
            None => Expr { node: self.node(around), kind: crate::items::ExprKind::Error },
        }
    }
}
