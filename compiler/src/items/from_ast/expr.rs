//! Expressions.

use std::sync::Arc;

use vid_grammar::ast::{self, AstNode, HasName};

use crate::diagnostics::{Code, Report};
use crate::items::from_ast::Lowering;
use crate::items::{
    Arg, BinaryOp, Expr, ExprKind, Ident, KeyframeExpr, Literal, NodeId, TemplatePart, UnaryOp,
};

impl Lowering {
    pub(super) fn expr(&mut self, expr: &ast::Expr) -> Expr {
        let node = self.node(expr.range());
        let kind = self.expr_kind(expr, node);
        Expr { node, kind }
    }

    fn boxed(&mut self, expr: Option<ast::Expr>, around: NodeId) -> Box<Expr> {
        let range = self.ranges[around.0 as usize];
        Box::new(self.expr_or_error(expr, range))
    }

    fn expr_kind(&mut self, expr: &ast::Expr, node: NodeId) -> ExprKind {
        match expr {
            ast::Expr::Literal(literal) => match self.literal(literal, node) {
                Some(literal) => ExprKind::Literal(literal),
                None => ExprKind::Error,
            },
            ast::Expr::String(string) => self.string(string, node),
            ast::Expr::Name(name) => ExprKind::Name(Arc::from(name.text())),
            ast::Expr::Field(field) => match field.field() {
                Some(name) => ExprKind::Field(self.boxed(field.base(), node), self.name(&name)),
                None => ExprKind::Error,
            },
            ast::Expr::Index(index) => {
                ExprKind::Index(self.boxed(index.base(), node), self.boxed(index.index(), node))
            }
            ast::Expr::Call(call) => self.call(call, node),
            ast::Expr::Prefix(prefix) => match prefix.op() {
                Some(op) => {
                    let op = match op {
                        ast::PrefixOp::Negate => UnaryOp::Negate,
                        ast::PrefixOp::Not => UnaryOp::Not,
                    };
                    ExprKind::Unary(op, self.boxed(prefix.operand(), node))
                }
                None => ExprKind::Error,
            },
            ast::Expr::Binary(binary) => match (binary.op(), binary.op_token()) {
                (Some(op), Some(token)) => {
                    let sign = self.node(token.text_range());
                    let (left, right) = (self.boxed(binary.lhs(), node), self.boxed(binary.rhs(), node));
                    ExprKind::Binary(binary_op(op), sign, left, right)
                }
                _ => ExprKind::Error,
            },
            ast::Expr::Range(range) => ExprKind::Range(
                range.start().map(|start| Box::new(self.expr(&start))),
                range.end().map(|end| Box::new(self.expr(&end))),
            ),
            ast::Expr::Paren(paren) => match paren.inner() {
                Some(inner) => self.expr_kind(&inner, node),
                None => ExprKind::Error,
            },
            ast::Expr::List(list) => {
                let items: Vec<_> = list.items().collect();
                ExprKind::List(items.iter().map(|item| self.expr(item)).collect())
            }
            ast::Expr::Keyframes(list) => {
                let keyframes: Vec<_> = list.keyframes().collect();
                ExprKind::Keyframes(keyframes.iter().map(|keyframe| self.keyframe(keyframe)).collect())
            }
            ast::Expr::Comprehension(comprehension) => ExprKind::Comprehension(
                comprehension.name().map(|name| self.name(&name)),
                self.boxed(comprehension.list(), node),
                comprehension.condition().map(|condition| Box::new(self.expr(&condition))),
                self.boxed(comprehension.body(), node),
            ),
            ast::Expr::Record(record) => {
                let fields: Vec<_> = record.fields().collect();
                let fields = fields.iter().filter_map(|field| {
                    let name = match field.key() {
                        Some(key) => self.plain_string(&key, "the key of a record")?,
                        None => self.name(&field.name()?),
                    };
                    Some((name, self.expr_or_error(field.value(), field.range())))
                });
                ExprKind::Record(fields.collect())
            }
            ast::Expr::If(choice) => self.if_expr(choice, node),
        }
    }

    fn call(&mut self, call: &ast::CallExpr, node: NodeId) -> ExprKind {
        let Some(callee) = call.callee() else { return ExprKind::Error };
        let name =
            Ident { text: Arc::from(callee.syntax().text().to_string()), node: self.node(callee.range()) };
        let args = call.args().map(|args| self.args(&args)).unwrap_or_default();
        // `brand.lead(…)` calls a function of an imported file.
        let of_file =
            matches!(&callee, ast::Expr::Field(field) if matches!(field.base(), Some(ast::Expr::Name(_))));
        match callee {
            ast::Expr::Name(_) => ExprKind::Call(name, args),
            _ if of_file => ExprKind::Call(name, args),
            _ => {
                let message = "only a function can be called, by its name";
                let report = Report::error(Code::UnknownFunction, &self.place.at(node), message);
                self.reports.push(report.help("write its name before the parentheses: `max(1, 2)`"));
                ExprKind::Error
            }
        }
    }

    pub(super) fn args(&mut self, list: &ast::ArgList) -> Vec<Arg> {
        let args: Vec<_> = list.args().collect();
        args.iter()
            .map(|arg| Arg {
                name: arg.name().map(|name| self.name(&name)),
                value: self.expr_or_error(arg.value(), arg.range()),
            })
            .collect()
    }

    fn keyframe(&mut self, keyframe: &ast::Keyframe) -> KeyframeExpr {
        KeyframeExpr {
            time: self.expr_or_error(keyframe.time(), keyframe.range()),
            value: self.expr_or_error(keyframe.value(), keyframe.range()),
            easing: keyframe.easing().map(|easing| self.easing(&easing)),
        }
    }

    pub(super) fn easing(&mut self, easing: &ast::Easing) -> Expr {
        let node = self.node(easing.range());
        let Some(path) = easing.path() else { return Expr { node, kind: ExprKind::Error } };
        let kind = match easing.args() {
            Some(args) => ExprKind::Call(self.path(&path), self.args(&args)),
            None => self.path_expr(&path),
        };
        Expr { node, kind }
    }

    /// A name that stands where a value may.
    pub(super) fn path_value(&mut self, path: &ast::Path) -> Expr {
        let node = self.node(path.range());
        Expr { node, kind: self.path_expr(path) }
    }

    /// A name, or a name of an imported file.
    fn path_expr(&mut self, path: &ast::Path) -> ExprKind {
        let node = self.node(path.range());
        let text = path.text();
        let mut words = text.split('.').map(Arc::<str>::from);
        let first = ExprKind::Name(words.next().unwrap_or_else(|| Arc::from("")));
        words.fold(first, |base, word| {
            ExprKind::Field(Box::new(Expr { node, kind: base }), Ident { text: word, node })
        })
    }

    fn if_expr(&mut self, choice: &ast::IfExpr, node: NodeId) -> ExprKind {
        let condition = self.boxed(choice.condition(), node);
        let value = self.boxed(choice.then_branch().and_then(|branch| branch.value()), node);
        // `else if` nests to the right; built from the last branch backwards.
        let branches: Vec<_> = choice.else_branches().collect();
        let mut otherwise: Option<Box<Expr>> = None;
        for branch in branches.iter().rev() {
            let inner = self.node(branch.range());
            let value = self.boxed(branch.branch().and_then(|branch| branch.value()), inner);
            otherwise = Some(match branch.if_token() {
                Some(_) => {
                    let condition = self.boxed(branch.condition(), inner);
                    Box::new(Expr { node: inner, kind: ExprKind::If(condition, value, otherwise) })
                }
                None => value,
            });
        }
        ExprKind::If(condition, value, otherwise)
    }

    /// A string: plain text where nothing is inserted, a template otherwise.
    fn string(&mut self, string: &ast::StringLit, node: NodeId) -> ExprKind {
        let Some(parts) = self.string_parts(string, node) else { return ExprKind::Error };
        let plain: Option<String> = parts
            .iter()
            .map(|part| match part {
                TemplatePart::Text(text) => Some(&**text),
                TemplatePart::Value(_) => None,
            })
            .collect();
        match plain {
            Some(text) => ExprKind::Literal(Literal::Text(Arc::from(text))),
            None => ExprKind::Template(parts),
        }
    }

    pub(super) fn string_expr(&mut self, string: &ast::StringLit) -> Expr {
        let node = self.node(string.range());
        let kind = self.string(string, node);
        Expr { node, kind }
    }
}

fn binary_op(op: ast::BinaryOp) -> BinaryOp {
    match op {
        ast::BinaryOp::Or => BinaryOp::Or,
        ast::BinaryOp::And => BinaryOp::And,
        ast::BinaryOp::Equal => BinaryOp::Equal,
        ast::BinaryOp::NotEqual => BinaryOp::NotEqual,
        ast::BinaryOp::Less => BinaryOp::Less,
        ast::BinaryOp::LessEqual => BinaryOp::LessEqual,
        ast::BinaryOp::Greater => BinaryOp::Greater,
        ast::BinaryOp::GreaterEqual => BinaryOp::GreaterEqual,
        ast::BinaryOp::Add => BinaryOp::Add,
        ast::BinaryOp::Subtract => BinaryOp::Subtract,
        ast::BinaryOp::Multiply => BinaryOp::Multiply,
        ast::BinaryOp::Divide => BinaryOp::Divide,
        ast::BinaryOp::Remainder => BinaryOp::Remainder,
    }
}
