//! Statements and their headers.

use vid_grammar::TextRange;
use vid_grammar::ast::{self, AstNode, ForAmount, HasBlock, HasHeader, HasName, MotionRole};

use crate::items::from_ast::Lowering;
use crate::items::{
    Clause, ClauseKind, Expr, ForStmt, Ident, IfStmt, Keyword, NodeDecl, Property, SetStmt, Stmt,
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
            ast::Stmt::Mask(mask) => return self.refused(mask.range(), "masks"),
            ast::Stmt::Set(set) => Stmt::Set(SetStmt {
                kind: self.path(&set.kind()?),
                properties: set
                    .block()
                    .map(|block| self.properties(&block, "`set` rules"))
                    .unwrap_or_default(),
            }),
            ast::Stmt::Duck(duck) => return self.refused(duck.range(), "`duck` relations"),
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

    /// The properties of a block that may hold nothing else in this version.
    pub(super) fn properties(&mut self, block: &ast::Block, of: &str) -> Vec<Property> {
        let mut properties = Vec::new();
        let stmts: Vec<_> = block.stmts().collect();
        for stmt in &stmts {
            if let ast::Stmt::Property(_) = stmt {
                if let Some(Stmt::Property(property)) = self.stmt(stmt) {
                    properties.push(property);
                }
            } else {
                let node = self.node(stmt.range());
                self.later(node, &format!("statements other than properties in {of}"));
            }
        }
        properties
    }

    fn refused(&mut self, range: TextRange, what: &str) -> Option<Stmt> {
        let node = self.node(range);
        self.later(node, what);
        None
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
        decl.text = stmt.string().map(|string| self.string_expr(&string));
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
            ast::Clause::Through(_) => {
                self.later(node, "`through` transitions");
                return None;
            }
        };
        Some(Clause { kind, node })
    }
}

fn node(decl: NodeDecl) -> Stmt {
    Stmt::Node(Box::new(decl))
}
