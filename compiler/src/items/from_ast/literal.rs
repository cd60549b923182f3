//! Literals, decoded by the grammar and taken into our own exact numbers.

use std::sync::Arc;

use vid_grammar::ast;
use vid_grammar::literal::{Exact, LiteralError, LiteralValue, StringPart};
use vid_timeline::{Color, FrameRate, Rational, Size};

use crate::diagnostics::{Applicability, Code, Report};
use crate::items::from_ast::Lowering;
use crate::items::{Expr, ExprKind, Literal, NodeId, TemplatePart};

impl Lowering {
    /// The value of a literal; `None` after a report.
    pub(super) fn literal(&mut self, literal: &ast::Literal, node: NodeId) -> Option<Literal> {
        let value = match literal.decode() {
            Ok(value) => value,
            Err(error) => {
                self.literal_error(&error);
                return None;
            }
        };
        Some(match value {
            LiteralValue::Number(value) => Literal::Number(self.exact(value, node)?),
            LiteralValue::Quantity { value, unit } => {
                Literal::Quantity(self.exact(value, node)?, Arc::from(unit))
            }
            LiteralValue::Time { seconds, frames } => {
                let on_clock = ast::AstNode::syntax(literal).text().contains_char(':');
                let (seconds, frames) = (self.exact(seconds, node)?, self.exact(frames, node)?);
                Literal::Time { seconds, frames, on_clock }
            }
            LiteralValue::Size { width, height } => Literal::Size(self.canvas(width, height, node)?),
            LiteralValue::Rate(rate) => Literal::Rate(self.frame_rate(rate, node)?),
            LiteralValue::Color(c) => Literal::Color(Color { r: c.red, g: c.green, b: c.blue, a: c.alpha }),
            LiteralValue::Boolean(value) => Literal::Bool(value),
        })
    }

    /// The size of a composition's header.
    pub(super) fn size(&mut self, literal: &ast::Literal, node: NodeId) -> Option<Size> {
        match self.literal(literal, node)? {
            Literal::Size(size) => Some(size),
            _ => None,
        }
    }

    /// The frame rate of a composition's header.
    pub(super) fn rate(&mut self, literal: &ast::Literal, node: NodeId) -> Option<FrameRate> {
        match self.literal(literal, node)? {
            Literal::Rate(rate) => Some(rate),
            _ => None,
        }
    }

    /// The pieces of a string; `None` after a report.
    pub(super) fn string_parts(
        &mut self,
        string: &ast::StringLit,
        _node: NodeId,
    ) -> Option<Vec<TemplatePart>> {
        let parts = match string.decode() {
            Ok(parts) => parts,
            Err(error) => {
                self.literal_error(&error);
                return None;
            }
        };
        Some(
            parts
                .into_iter()
                .map(|part| match part {
                    StringPart::Text(text) => TemplatePart::Text(Arc::from(text)),
                    StringPart::Value(value) => TemplatePart::Value(match value.expr() {
                        Some(expr) => self.expr(&expr),
                        None => Expr { node: self.node(ast::AstNode::range(&value)), kind: ExprKind::Error },
                    }),
                })
                .collect(),
        )
    }

    fn literal_error(&mut self, error: &LiteralError) {
        let node = self.node(error.range);
        let place = self.place.at(node);
        // Every code of the grammar is in the registry, which a test checks.
        let code = Code::from_text(error.code.as_str()).unwrap_or(Code::InvalidNumber);
        let mut report = Report::error(code, &place, error.message.clone());
        if let Some(help) = &error.help {
            report = report.help(help.clone());
        }
        if let Some(fix) = &error.fix {
            let node = self.node(fix.range);
            report = report.replace(&self.place.at(node), fix.replacement.clone(), Applicability::Safe);
        }
        self.reports.push(report);
    }

    fn exact(&mut self, value: Exact, node: NodeId) -> Option<Rational> {
        let rational = Rational::new(value.numerator, value.denominator);
        let kept = rational.filter(|value| crate::eval::in_bounds(*value));
        if kept.is_none() {
            let message = "this number is too large or too fine to keep exactly";
            let report = Report::error(Code::NumberOutOfRange, &self.place.at(node), message);
            self.reports.push(report.help("numbers go up to 1000000000000 and have up to 15 decimals"));
        }
        kept
    }

    fn canvas(&mut self, width: u32, height: u32, node: NodeId) -> Option<Size> {
        let allowed = Size::MIN_SIDE..=Size::MAX_SIDE;
        if allowed.contains(&width) && allowed.contains(&height) {
            return Some(Size { width, height });
        }
        let message = format!(
            "a canvas of {width}x{height} is outside {} to {} pixels a side",
            Size::MIN_SIDE,
            Size::MAX_SIDE
        );
        self.reports.push(Report::error(Code::OutOfRange, &self.place.at(node), message));
        None
    }

    fn frame_rate(&mut self, rate: Exact, node: NodeId) -> Option<FrameRate> {
        let parts = u32::try_from(rate.numerator).ok().zip(u32::try_from(rate.denominator).ok());
        let known = parts.and_then(|(numerator, denominator)| FrameRate::new(numerator, denominator));
        if known.is_none() {
            let message =
                format!("a frame rate is above 0 and at most {} frames a second", FrameRate::MAX_PER_SECOND);
            self.reports.push(Report::error(Code::OutOfRange, &self.place.at(node), message));
        }
        known
    }
}
