//! Nests the flat row of operands and operators that the grammar gives for an expression.
//!
//! | binds | operators | |
//! |---|---|---|
//! | least | `a..b` `a..` `..b` | range |
//! | | `or` `\|\|` | |
//! | | `and` `&&` | |
//! | | `not` | prefix |
//! | | `==` `!=` `<` `<=` `>` `>=` | |
//! | | `+` `-` | |
//! | | `*` `/` `%` | |
//! | | `-` `!` | prefix |
//! | most | `.name` `(…)` `[…]` | postfix |
//!
//! Operators of one row are taken from left to right. Nothing here recurses over a row's length: the
//! shape is found with two stacks, and writing it out stops at [`MAX_DEPTH`] nodes.

use pest::iterators::Pair;

use super::{Builder, Depth};
use crate::limits::MAX_DEPTH;
use crate::nesting::Nest;
use crate::syntax_kind::SyntaxKind;
use crate::vid_pest::Rule;

/// Index of a [`Nested`] in its row.
type NestedId = usize;

/// An operand, or operands joined by an operator. `first..=last` are indices of the row.
struct Nested {
    /// `None` for an operand that stands for itself.
    kind: Option<SyntaxKind>,
    first: usize,
    last: usize,
    operands: [Option<NestedId>; 2],
}

/// An operator that waits for its right operand.
struct Pending {
    kind: SyntaxKind,
    /// Where it stands in the row.
    index: usize,
    binds: u8,
    is_prefix: bool,
}

impl Builder<'_, '_> {
    /// Adds an expression, nested by precedence.
    pub(super) fn expression(&mut self, pair: Pair<'_, Rule>, depth: Depth) {
        let row: Vec<Pair<'_, Rule>> = pair.into_inner().collect();
        if let [operand] = &row[..] {
            return self.pair(operand.clone(), depth);
        }
        let mut nesting = Nesting { nested: Vec::new(), operands: Vec::new(), pending: Vec::new() };
        if let Some(root) = nesting.nest(&row) {
            self.nested(&row, &nesting.nested, root, depth);
        }
    }

    fn nested(&mut self, row: &[Pair<'_, Rule>], all: &[Nested], id: NestedId, mut depth: Depth) {
        let nested = &all[id];
        let Some(kind) = nested.kind else {
            return self.pair(row[nested.first].clone(), depth);
        };
        if depth.operators == MAX_DEPTH {
            return self.flat_error(row[nested.first..=nested.last].iter().cloned(), Nest::Operators);
        }
        depth.operators += 1;
        self.start(kind);
        let mut next = nested.first;
        for operand in nested.operands.into_iter().flatten() {
            for pair in &row[next..all[operand].first] {
                self.pair(pair.clone(), depth);
            }
            self.nested(row, all, operand, depth);
            next = all[operand].last + 1;
        }
        for pair in &row[next..=nested.last] {
            self.pair(pair.clone(), depth);
        }
        self.finish();
    }
}

/// The two stacks of operator precedence parsing.
struct Nesting {
    nested: Vec<Nested>,
    /// `None` where an operand is missing.
    operands: Vec<Option<NestedId>>,
    pending: Vec<Pending>,
}

impl Nesting {
    /// The outermost node of a row, or `None` for an empty one.
    fn nest(&mut self, row: &[Pair<'_, Rule>]) -> Option<NestedId> {
        let mut wants_operand = true;
        for (index, pair) in row.iter().enumerate() {
            match pair.as_rule() {
                Rule::blank
                | Rule::newline
                | Rule::doc_comment
                | Rule::line_comment
                | Rule::block_comment => {}
                Rule::prefix_op => self.pending.push(Pending {
                    kind: SyntaxKind::PrefixExpr,
                    index,
                    binds: if pair.as_str() == "not" { 4 } else { 8 },
                    is_prefix: true,
                }),
                Rule::infix_op | Rule::range_op => {
                    let is_range = pair.as_rule() == Rule::range_op;
                    let kind = if is_range { SyntaxKind::RangeExpr } else { SyntaxKind::BinaryExpr };
                    let starts_range = wants_operand && is_range && self.pending.is_empty();
                    if wants_operand && !starts_range {
                        self.operands.push(None);
                    }
                    let binds = binding(pair.as_str());
                    if !starts_range {
                        self.reduce(binds);
                    }
                    self.pending.push(Pending { kind, index, binds, is_prefix: starts_range });
                    wants_operand = true;
                }
                Rule::dot => self.postfix(SyntaxKind::FieldExpr, index),
                Rule::field_name => self.extend(index),
                Rule::arg_list => self.postfix(SyntaxKind::CallExpr, index),
                Rule::index => self.postfix(SyntaxKind::IndexExpr, index),
                _ => {
                    let id = self.add(None, index, index, [None, None]);
                    self.operands.push(Some(id));
                    wants_operand = false;
                }
            }
        }
        if wants_operand {
            self.operands.push(None);
        }
        self.reduce(0);
        self.operands.pop().flatten()
    }

    fn add(
        &mut self,
        kind: Option<SyntaxKind>,
        first: usize,
        last: usize,
        operands: [Option<NestedId>; 2],
    ) -> NestedId {
        self.nested.push(Nested { kind, first, last, operands });
        self.nested.len() - 1
    }

    /// Attaches what stands at `index` to the operand before it.
    fn postfix(&mut self, kind: SyntaxKind, index: usize) {
        if let Some(Some(base)) = self.operands.pop() {
            let id = self.add(Some(kind), self.nested[base].first, index, [Some(base), None]);
            self.operands.push(Some(id));
        }
    }

    /// Lets the newest operand reach up to `index`.
    fn extend(&mut self, index: usize) {
        if let Some(Some(id)) = self.operands.last() {
            self.nested[*id].last = index;
        }
    }

    /// Joins operands by the pending operators that bind at least as strongly as `binds`.
    fn reduce(&mut self, binds: u8) {
        while let Some(operator) = self.pending.pop_if(|operator| operator.binds >= binds) {
            let right = self.operands.pop().flatten();
            let left = if operator.is_prefix { None } else { self.operands.pop().flatten() };
            let first = left.map_or(operator.index, |id| self.nested[id].first);
            let last = right.map_or(operator.index, |id| self.nested[id].last);
            let id = self.add(Some(operator.kind), first, last, [left, right]);
            self.operands.push(Some(id));
        }
    }
}

/// How strongly an infix operator binds.
fn binding(operator: &str) -> u8 {
    match operator {
        ".." => 1,
        "or" | "||" => 2,
        "and" | "&&" => 3,
        "==" | "!=" | "<" | "<=" | ">" | ">=" => 5,
        "+" | "-" => 6,
        _ => 7,
    }
}
