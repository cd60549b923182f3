//! Statements and their headers.

use std::sync::Arc;

use vid_grammar::TextRange;
use vid_grammar::ast::{self, AstNode, ForAmount, HasBlock, HasHeader, HasName, MotionRole};

use crate::diagnostics::{Code, Report};
use crate::items::from_ast::Lowering;
use crate::items::{
    Clause, ClauseKind, DuckStmt, Expr, ExprKind, ForStmt, Ident, IfStmt, Keyword, NodeDecl, Property,
    SetStmt, Stmt,
};

impl Lowering {
    pub(super) fn block(&mut self, block: &ast::Block) -> Vec<Stmt> {
        let stmts: Vec<_> = block.stmts().collect();
        stmts.iter().filter_map(|stmt| self.stmt(stmt)).collect()
    }

    fn stmt(&mut self, stmt: &ast::Stmt) -> Option<Stmt> {
        Some(match stmt {
            ast::Stmt::Property(property) => Stmt::Property(Property {
                node: self.node(property.range()),
                name: self.name(&property.name()?),
                value: self.expr_or_error(property.value(), property.range()),
            }),
            ast::Stmt::Let(value) => Stmt::Let(self.let_decl(value)),
            ast::Stmt::For(repeat) => Stmt::For(ForStmt {
                node: self.node(repeat.range()),
                variable: repeat.name().map(|name| self.name(&name)),
                list: self.expr_or_error(repeat.list(), repeat.range()),
                body: repeat.block().map(|block| self.block(&block)).unwrap_or_default(),
            }),
            ast::Stmt::If(choice) => Stmt::If(self.if_stmt(choice)),
            ast::Stmt::Element(element) => {
                let kind = self.path(&element.kind()?);
                let mut decl = self.header(Keyword::Element, kind, element);
                decl.name = element.name().map(|name| self.name(&name));
                decl.subject = element.subject().map(|subject| self.path(&subject));
                node(decl)
            }
            ast::Stmt::Sequence(sequence) => {
                let mut decl = self.keyword_header(Keyword::Sequence, "sequence", sequence);
                decl.name = sequence.name().map(|name| self.name(&name));
                node(decl)
            }
            ast::Stmt::Stack(stack) => {
                let mut decl = self.keyword_header(Keyword::Stack, "stack", stack);
                decl.name = stack.name().map(|name| self.name(&name));
                node(decl)
            }
            ast::Stmt::Marker(marker) => {
                let word = self.keyword(marker.range(), "marker");
                let mut decl = self.bare(Keyword::Marker, word, marker.range());
                decl.name = marker.name().map(|name| self.name(&name));
                self.header_parts(&mut decl, marker);
                node(decl)
            }
            ast::Stmt::Transition(transition) => {
                let mut decl = self.keyword_header(Keyword::Transition, "transition", transition);
                decl.subject = transition.kind().map(|kind| self.path(&kind));
                node(decl)
            }
            ast::Stmt::Motion(motion) => {
                let (keyword, word) = match motion.role() {
                    MotionRole::Enter => (Keyword::Enter, "enter"),
                    MotionRole::Exit => (Keyword::Exit, "exit"),
                    MotionRole::Motion => (Keyword::Motion, "motion"),
                    MotionRole::Loop => (Keyword::Loop, "loop"),
                };
                let mut decl = self.keyword_header(keyword, word, motion);
                decl.subject = motion.kind().map(|kind| self.path(&kind));
                decl.easing = motion.easing().map(|easing| self.easing(&easing));
                node(decl)
            }
            ast::Stmt::Effect(effect) => {
                let mut decl = self.keyword_header(Keyword::Effect, "effect", effect);
                decl.subject = effect.kind().map(|kind| self.path(&kind));
                decl.amount = effect.amount().map(|amount| self.expr(&amount));
                node(decl)
            }
            ast::Stmt::Gap(gap) => {
                let word = self.keyword(gap.range(), "gap");
                let mut decl = self.bare(Keyword::Gap, word, gap.range());
                decl.amount = gap.length().map(|length| self.expr(&length));
                node(decl)
            }
            ast::Stmt::Output(output) => {
                let mut decl = self.keyword_header(Keyword::Output, "output", output);
                decl.subject = output.format().map(|format| self.name(&format));
                node(decl)
            }
            ast::Stmt::Mask(mask) => node(self.mask(mask)),
            ast::Stmt::Set(set) => {
                let kind = self.path(&set.kind()?);
                let (properties, attached) =
                    set.block().map(|block| self.looks(&block, "a `set` rule")).unwrap_or_default();
                Stmt::Set(SetStmt { kind, properties, attached })
            }
            ast::Stmt::Duck(duck) => Stmt::Duck(Box::new(self.duck(duck))),
            // Reported by the parser as items in the wrong place.
            ast::Stmt::Import(_)
            | ast::Stmt::Fn(_)
            | ast::Stmt::Style(_)
            | ast::Stmt::Composition(_)
            | ast::Stmt::ExternElement(_)
            | ast::Stmt::ExternEnum(_)
            | ast::Stmt::ExternUnit(_)
            | ast::Stmt::ExternFn(_) => return None,
        })
    }

    /// The properties of a block that says how something looks, and the motions, effects and masks in
    /// it. Nothing else stands there.
    pub(super) fn looks(&mut self, block: &ast::Block, of: &str) -> (Vec<Property>, Vec<NodeDecl>) {
        let (mut properties, mut attached) = (Vec::new(), Vec::new());
        let stmts: Vec<_> = block.stmts().collect();
        for stmt in &stmts {
            let fits = matches!(
                stmt,
                ast::Stmt::Property(_) | ast::Stmt::Motion(_) | ast::Stmt::Effect(_) | ast::Stmt::Mask(_)
            );
            match self.stmt(stmt).filter(|_| fits) {
                Some(Stmt::Property(property)) => properties.push(property),
                Some(Stmt::Node(decl)) => attached.push(*decl),
                _ if fits => {}
                _ => {
                    let node = self.node(stmt.range());
                    let place = self.place.at(node);
                    let message = format!("this cannot stand in {of}");
                    let report = Report::error(Code::MisplacedStatement, &place, message);
                    self.reports.push(report.help("properties, motions, effects and masks can"));
                }
            }
        }
        (properties, attached)
    }

    fn mask(&mut self, mask: &ast::Mask) -> NodeDecl {
        let mut decl = self.keyword_header(Keyword::Mask, "mask", mask);
        decl.subject = mask.source().map(|source| self.path(&source));
        // `mask luma …` is `mode: luma`.
        let word = mask.mode_token().map(|token| (token.text_range(), token.text().to_owned()));
        if let Some((range, word)) = word {
            let at = self.node(range);
            let value = Expr { node: at, kind: ExprKind::Name(Arc::from(word)) };
            let name = Ident { text: Arc::from("mode"), node: at };
            decl.body.insert(0, Stmt::Property(Property { name, value, node: at }));
        }
        decl
    }

    fn duck(&mut self, duck: &ast::Duck) -> DuckStmt {
        let block = duck.block();
        let clauses = [duck.by_clause().map(|by| by.range()), duck.under_clause().map(|under| under.range())];
        let end = clauses.into_iter().flatten().map(|range| range.end()).max();
        let header = TextRange::new(duck.range().start(), end.unwrap_or_else(|| duck.range().end()));
        DuckStmt {
            sound: self.expr_or_error(duck.sound(), header),
            under: self.expr_or_error(duck.under_clause().and_then(|under| under.sound()), header),
            level: duck.by_clause().and_then(|by| by.level()).map(|level| self.expr(&level)),
            body: block.map(|block| self.block(&block)).unwrap_or_default(),
            node: self.node(header),
        }
    }

    fn if_stmt(&mut self, choice: &ast::If) -> IfStmt {
        let node = self.node(choice.range());
        let condition = self.expr_or_error(choice.condition(), choice.range());
        let body = choice.block().map(|block| self.block(&block)).unwrap_or_default();
        let mut branches = vec![(condition, body)];
        let mut otherwise = Vec::new();
        let rest: Vec<_> = choice.else_branches().collect();
        for branch in &rest {
            let body = branch.block().map(|block| self.block(&block)).unwrap_or_default();
            match branch.if_token() {
                Some(_) => branches.push((self.expr_or_error(branch.condition(), branch.range()), body)),
                None => otherwise = body,
            }
        }
        IfStmt { branches, otherwise, node }
    }

    /// The word a statement starts with.
    fn keyword(&mut self, stmt: TextRange, word: &str) -> Ident {
        let length = u32::try_from(word.len()).expect("keywords are short");
        let range = TextRange::at(stmt.start(), length.into());
        Ident { text: word.into(), node: self.node(range) }
    }

    fn bare(&mut self, keyword: Keyword, kind: Ident, header: TextRange) -> NodeDecl {
        NodeDecl {
            keyword,
            kind,
            name: None,
            subject: None,
            text: None,
            amount: None,
            easing: None,
            args: None,
            clauses: Vec::new(),
            body: Vec::new(),
            node: self.node(header),
        }
    }

    fn keyword_header(
        &mut self,
        keyword: Keyword,
        word: &str,
        stmt: &(impl HasHeader + HasBlock),
    ) -> NodeDecl {
        let word = self.keyword(stmt.range(), word);
        self.header(keyword, word, stmt)
    }

    /// The header and the block of a statement; the header's range ends where the block begins.
    fn header(&mut self, keyword: Keyword, kind: Ident, stmt: &(impl HasHeader + HasBlock)) -> NodeDecl {
        let block = stmt.block();
        let end = match &block {
            Some(block) => {
                let before =
                    stmt.syntax().text().slice(..block.range().start() - stmt.range().start()).to_string();
                let length = u32::try_from(before.trim_end().len()).expect("a source has at most 1 MiB");
                stmt.range().start() + vid_grammar::TextSize::from(length)
            }
            None => stmt.range().end(),
        };
        let mut decl = self.bare(keyword, kind, TextRange::new(stmt.range().start(), end));
        self.header_parts(&mut decl, stmt);
        decl.body = block.map(|block| self.block(&block)).unwrap_or_default();
        decl
    }

    fn header_parts(&mut self, decl: &mut NodeDecl, stmt: &impl HasHeader) {
        decl.text = match stmt.string() {
            Some(string) => Some(self.string_expr(&string)),
            None => stmt.source().and_then(|source| source.path()).map(|path| self.path_value(&path)),
        };
        decl.args = stmt.args().map(|args| {
            let node = self.node(args.range());
            (self.args(&args), node)
        });
        let clauses: Vec<_> = stmt.clauses().collect();
        decl.clauses = self.clauses(clauses.into_iter());
    }

    pub(super) fn clauses(&mut self, clauses: impl Iterator<Item = ast::Clause>) -> Vec<Clause> {
        clauses.filter_map(|clause| self.clause(&clause)).collect()
    }

    fn clause(&mut self, clause: &ast::Clause) -> Option<Clause> {
        let range = clause.range();
        let node = self.node(range);
        let kind = match clause {
            ast::Clause::At(at) => ClauseKind::At(self.expr_or_error(at.time(), range)),
            ast::Clause::Until(until) => ClauseKind::Until(self.expr_or_error(until.time(), range)),
            ast::Clause::For(length) => match length.amount()? {
                ForAmount::Natural => ClauseKind::ForNatural,
                ForAmount::Fill => ClauseKind::ForFill,
                ForAmount::UpTo(up_to) => ClauseKind::ForUpTo(self.expr_or_error(up_to.limit(), range)),
                ForAmount::Value(value) => ClauseKind::For(self.expr(&value)),
            },
            ast::Clause::Trim(trim) => {
                let span: Option<Expr> = trim.range_expr().map(|span| self.expr(&ast::Expr::Range(span)));
                ClauseKind::Trim(span?)
            }
            ast::Clause::With(with) => {
                let styles: Vec<_> = with.styles().collect();
                ClauseKind::With(styles.iter().map(|style| self.path(style)).collect())
            }
            ast::Clause::Through(_) => ClauseKind::Through,
        };
        Some(Clause { kind, node })
    }
}

fn node(decl: NodeDecl) -> Stmt {
    Stmt::Node(Box::new(decl))
}
