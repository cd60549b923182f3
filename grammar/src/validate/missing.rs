//! Parts that a construct needs and has not.

use rowan::TextRange;

use super::{Check, after, end_of, error_around, has, has_value, is_poisoned, next_on_line, token};
use crate::error::{SyntaxError, SyntaxErrorCode as Code};
use crate::syntax_kind::{SyntaxKind as Kind, SyntaxNode};

impl Check<'_> {
    /// Errors for what is missing in `node`.
    pub(super) fn missing(&mut self, node: &SyntaxNode) {
        // Junk right after a node stands where something else was expected: one message is enough.
        let is_cut_short = next_on_line(node).is_some_and(|next| error_around(&next).is_some());
        if is_poisoned(node) || is_cut_short {
            return;
        }
        match node.kind() {
            Kind::Import | Kind::ImportAlias | Kind::Let | Kind::Fn | Kind::Style | Kind::StyleTarget => {
                self.item(node)
            }
            Kind::Composition => {
                self.name(node, Kind::CompositionKw, "the composition");
                self.block(node, "the composition's");
            }
            Kind::ExternElement | Kind::ExternEnum | Kind::ExternUnit | Kind::ExternFn => self.external(node),
            Kind::Param | Kind::Field => self.declared_type(node),
            Kind::Constraint => self.value(node, "the allowed values after `in`"),
            Kind::Default => self.value(node, "a value after `=`"),
            Kind::TypeRef | Kind::TypeArgs | Kind::Path => self.names_and_types(node),
            Kind::Property => self.property(node),
            Kind::Sequence
            | Kind::Stack
            | Kind::Transition
            | Kind::Marker
            | Kind::Motion
            | Kind::Effect
            | Kind::Mask
            | Kind::Set
            | Kind::Gap
            | Kind::Output => self.statement(node),
            Kind::Duck | Kind::UnderClause | Kind::ByClause => self.duck(node),
            Kind::For | Kind::If | Kind::Else | Kind::IfExpr | Kind::ElseBranch | Kind::Branch => {
                self.control(node)
            }
            Kind::AtClause
            | Kind::ForClause
            | Kind::UpTo
            | Kind::UntilClause
            | Kind::WithClause
            | Kind::TrimClause => {
                self.clause(node);
            }
            _ => self.expression(node),
        }
    }

    fn item(&mut self, node: &SyntaxNode) {
        match node.kind() {
            Kind::Import => {
                let (alias, list) = (has(node, Kind::ImportAlias), has(node, Kind::ImportList));
                if !has(node, Kind::StringLit) {
                    self.expect(
                        after(node, Kind::ImportKw),
                        Code::ExpectedString,
                        "the path of a file in quotes after `import`",
                    );
                } else if !alias && !list {
                    self.expect(end_of(node), Code::ExpectedToken, "`as NAME` or `{ names }` after the path");
                } else if alias && list {
                    let error = "an import has `as NAME` or `{ names }`, not both";
                    self.push(SyntaxError::new(node.text_range(), Code::DuplicateClause, error));
                }
            }
            Kind::ImportAlias if node.parent().is_some_and(|parent| parent.kind() == Kind::ImportName) => {
                self.name(node, Kind::AsKw, "the imported thing");
            }
            Kind::ImportAlias => self.name(node, Kind::AsKw, "the imported file"),
            Kind::Let => {
                self.name(node, Kind::LetKw, "the value");
                self.colon_type(node);
                if !has(node, Kind::Eq) {
                    self.expect(end_of(node), Code::ExpectedToken, "`=` and a value");
                } else if !has_value(node) {
                    self.expect(after(node, Kind::Eq), Code::ExpectedExpression, "a value after `=`");
                }
            }
            Kind::Fn => {
                self.name(node, Kind::FnKw, "the function");
                self.signature(node);
                if !has(node, Kind::Eq) {
                    self.expect(end_of(node), Code::ExpectedToken, "`=` and the value of the function");
                } else if !has_value(node) {
                    self.expect(after(node, Kind::Eq), Code::ExpectedExpression, "a value after `=`");
                }
            }
            Kind::Style => {
                self.name(node, Kind::StyleKw, "the style");
                self.block(node, "the style's");
            }
            _ => self.path(node, Kind::ForKw, "an element kind after `for`"),
        }
    }

    fn external(&mut self, node: &SyntaxNode) {
        match node.kind() {
            Kind::ExternElement => {
                self.name(node, Kind::ElementKw, "the element kind");
                if !has(node, Kind::FieldList) {
                    self.expect(end_of(node), Code::ExpectedBlock, "the properties in braces");
                }
            }
            Kind::ExternEnum => {
                self.name(node, Kind::EnumKw, "the set of words");
                if !has(node, Kind::VariantList) {
                    self.expect(end_of(node), Code::ExpectedBlock, "the words in braces");
                }
            }
            Kind::ExternUnit => {
                if !has(node, Kind::StringLit) {
                    self.name(node, Kind::UnitKw, "the unit");
                }
                self.declared_type(node);
            }
            _ => {
                self.name(node, Kind::FnKw, "the function");
                self.signature(node);
            }
        }
    }

    /// Parameters and the type of the result.
    fn signature(&mut self, node: &SyntaxNode) {
        if !has(node, Kind::ParamList) {
            let place = node
                .children()
                .find(|child| child.kind() == Kind::Name)
                .map_or_else(|| after(node, Kind::FnKw), |name| TextRange::empty(name.text_range().end()));
            self.expect(place, Code::ExpectedToken, "parameters in parentheses");
        } else if !has(node, Kind::Arrow) {
            let list = node.children().find(|child| child.kind() == Kind::ParamList);
            let place = list.map_or(end_of(node), |list| TextRange::empty(list.text_range().end()));
            self.expect(place, Code::ExpectedType, "`->` and the type of the result");
        } else if !has(node, Kind::TypeRef) {
            self.expect(after(node, Kind::Arrow), Code::ExpectedType, "a type after `->`");
        }
    }

    /// A type that must be there.
    fn declared_type(&mut self, node: &SyntaxNode) {
        if has(node, Kind::Colon) {
            self.colon_type(node);
        } else {
            let name = node.children().find(|child| matches!(child.kind(), Kind::Name | Kind::StringLit));
            let place = name.map_or(end_of(node), |name| TextRange::empty(name.text_range().end()));
            self.expect(place, Code::ExpectedType, "`:` and a type");
        }
    }

    /// A type that must be there if a colon is.
    fn colon_type(&mut self, node: &SyntaxNode) {
        if has(node, Kind::Colon) && !has(node, Kind::TypeRef) {
            self.expect(after(node, Kind::Colon), Code::ExpectedType, "a type after `:`");
        }
    }

    fn names_and_types(&mut self, node: &SyntaxNode) {
        let count = |kind| node.children_with_tokens().filter(|child| child.kind() == kind).count();
        match node.kind() {
            Kind::TypeRef if count(Kind::TypeAlt) <= count(Kind::Pipe) => {
                self.expect(end_of(node), Code::ExpectedType, "a type after `|`");
            }
            Kind::TypeArgs if !has(node, Kind::TypeRef) => {
                self.expect(after(node, Kind::LAngle), Code::ExpectedType, "a type after `<`");
            }
            Kind::Path if count(Kind::Ident) <= count(Kind::Dot) => {
                self.expect(end_of(node), Code::ExpectedName, "a name after `.`");
            }
            _ => {}
        }
    }

    fn property(&mut self, node: &SyntaxNode) {
        if let Some(eq) = token(node, Kind::Eq) {
            let error = SyntaxError::new(
                eq.text_range(),
                Code::EqualsInProperty,
                "a property has `:` before its value, not `=`",
            );
            self.push(error.fix(eq.text_range(), ":"));
        }
        if !has_value(node) {
            let name = node.children().find(|child| child.kind() == Kind::Name);
            let name = name.map(|name| name.text().to_string()).unwrap_or_default();
            self.expect(end_of(node), Code::ExpectedExpression, &format!("a value for `{name}`"));
        }
    }

    fn statement(&mut self, node: &SyntaxNode) {
        match node.kind() {
            Kind::Sequence | Kind::Stack => self.block(node, "the children's"),
            Kind::Transition => {
                self.path(node, Kind::TransitionKw, "the type of transition, such as `cross_dissolve`")
            }
            Kind::Marker => {
                self.name(node, Kind::MarkerKw, "the marker");
                if !has(node, Kind::AtClause) {
                    self.expect(end_of(node), Code::ExpectedToken, "`at` and a time");
                }
            }
            Kind::Motion if !has(node, Kind::Path) => {
                let word = super::junk::first_word(node);
                let place =
                    node.first_token().map_or(end_of(node), |word| TextRange::empty(word.text_range().end()));
                self.expect(place, Code::ExpectedName, &format!("a motion after `{word}`, such as `fade`"));
            }
            Kind::Effect => self.path(node, Kind::EffectKw, "an effect, such as `blur`"),
            Kind::Mask => self.path(node, Kind::MaskKw, "a shape, an image or an element's name"),
            Kind::Set => {
                self.path(node, Kind::SetKw, "an element kind after `set`");
                self.block(node, "the defaults'");
            }
            Kind::Gap if !has_value(node) => {
                self.expect(after(node, Kind::GapKw), Code::ExpectedExpression, "a length after `gap`");
            }
            Kind::Output => self.name(node, Kind::OutputKw, "the file format"),
            _ => {}
        }
    }

    fn duck(&mut self, node: &SyntaxNode) {
        match node.kind() {
            Kind::Duck => {
                if !has_value(node) {
                    self.expect(
                        after(node, Kind::DuckKw),
                        Code::ExpectedExpression,
                        "the sound that is turned down after `duck`",
                    );
                } else if !has(node, Kind::UnderClause) {
                    self.expect(end_of(node), Code::ExpectedToken, "`under` and the sound that has priority");
                } else if !has(node, Kind::ByClause) {
                    self.expect(end_of(node), Code::ExpectedToken, "`by` and a level, as in `by 12dB`");
                }
            }
            Kind::UnderClause => self.value(node, "a sound after `under`"),
            _ => self.value(node, "a level after `by`, as in `12dB`"),
        }
    }

    fn control(&mut self, node: &SyntaxNode) {
        match node.kind() {
            Kind::For => {
                self.name(node, Kind::ForKw, "each member");
                self.in_list(node);
                self.block(node, "the loop's");
            }
            Kind::If => {
                self.condition(node);
                self.block(node, "the choice's");
                self.last_else(node);
            }
            Kind::Else => {
                self.condition(node);
                self.block(node, "the choice's");
            }
            Kind::IfExpr => {
                self.condition(node);
                if !has(node, Kind::Branch) {
                    self.expect(end_of(node), Code::ExpectedBlock, "`{` and a value");
                } else if !node
                    .children()
                    .any(|child| child.kind() == Kind::ElseBranch && !has(&child, Kind::IfKw))
                {
                    self.expect(
                        end_of(node),
                        Code::ExpectedToken,
                        "`else` and a value, since every choice has one",
                    );
                }
                self.last_else(node);
            }
            Kind::ElseBranch => {
                self.condition(node);
                if !has(node, Kind::Branch) {
                    self.expect(end_of(node), Code::ExpectedBlock, "`{` and a value");
                }
            }
            _ => {
                if !has_value(node) {
                    self.expect(after(node, Kind::LBrace), Code::ExpectedExpression, "a value in the braces");
                }
            }
        }
    }

    /// `else` without a condition must be the last.
    fn last_else(&mut self, node: &SyntaxNode) {
        let branches = node.children().filter(|child| matches!(child.kind(), Kind::Else | Kind::ElseBranch));
        let mut last: Option<SyntaxNode> = None;
        for branch in branches {
            match &last {
                Some(first) => {
                    let error = SyntaxError::new(
                        branch.text_range(),
                        Code::UnexpectedToken,
                        "nothing comes after `else`",
                    );
                    self.push(error.related(first.text_range(), "the choice ends with this"));
                }
                None if !has(&branch, Kind::IfKw) => last = Some(branch),
                None => {}
            }
        }
    }

    fn condition(&mut self, node: &SyntaxNode) {
        if has(node, Kind::IfKw) && !has_value(node) {
            self.expect(after(node, Kind::IfKw), Code::ExpectedExpression, "a condition after `if`");
        }
    }

    fn in_list(&mut self, node: &SyntaxNode) {
        if !has(node, Kind::InKw) {
            let name = node.children().find(|child| child.kind() == Kind::Name);
            let place = name
                .map_or_else(|| after(node, Kind::ForKw), |name| TextRange::empty(name.text_range().end()));
            let error = SyntaxError::new(place, Code::ExpectedToken, "expected `in` and a list");
            let has_more = next_on_line(node).is_some_and(|next| next.kind() == Kind::Comma);
            self.push(match has_more {
                true => error.help(
                    "a loop has one name: `for pair in enumerate(xs)` gives `pair.index` and `pair.value`",
                ),
                false => error,
            });
        } else if !has_value(node) {
            self.expect(after(node, Kind::InKw), Code::ExpectedExpression, "a list after `in`");
        }
    }

    fn clause(&mut self, node: &SyntaxNode) {
        match node.kind() {
            Kind::AtClause => self.value(node, "a time after `at`"),
            Kind::ForClause => {
                if !has(node, Kind::UpTo) && !has(node, Kind::NaturalKw) && !has(node, Kind::FillKw) {
                    self.value(node, "a length after `for`");
                }
            }
            Kind::UpTo => self.value(node, "a length after `up to`"),
            Kind::UntilClause => self.value(node, "a time after `until`"),
            Kind::WithClause => {
                let count = |kind| node.children_with_tokens().filter(|child| child.kind() == kind).count();
                if count(Kind::Path) <= count(Kind::Comma) {
                    self.expect(end_of(node), Code::ExpectedName, "the name of a style");
                }
            }
            _ => {
                if !has(node, Kind::RangeExpr) {
                    let inside = node
                        .children()
                        .next()
                        .map_or_else(|| after(node, Kind::LBracket), |child| child.text_range());
                    let error = SyntaxError::new(
                        inside,
                        Code::ExpectedRange,
                        "expected a range of the media in the brackets",
                    )
                    .help("a range has its start, `..` and its end, as in `[2s..6s]` or `[2s..]`");
                    // `[2s, 6s]` is a range with the wrong sign.
                    let values: Vec<SyntaxNode> = node.children().collect();
                    self.push(match (&values[..], has(node, Kind::Comma)) {
                        ([start, end], true) => error.fix(
                            TextRange::new(start.text_range().start(), end.text_range().end()),
                            format!("{}..{}", start.text(), end.text()),
                        ),
                        _ => error,
                    });
                }
            }
        }
    }

    fn expression(&mut self, node: &SyntaxNode) {
        match node.kind() {
            Kind::FieldExpr if !has(node, Kind::Name) => {
                self.expect(end_of(node), Code::ExpectedName, "a name after `.`");
            }
            Kind::BinaryExpr if node.children().count() < 2 => {
                let operator = node.children_with_tokens().filter_map(|child| child.into_token());
                let operator = operator.filter(|token| !token.kind().is_trivia()).last();
                let operator = operator.map(|token| token.text().to_owned()).unwrap_or_default();
                self.expect(end_of(node), Code::ExpectedExpression, &format!("a value after `{operator}`"));
            }
            Kind::PrefixExpr => {
                let operator = super::junk::first_word(node);
                self.value(node, &format!("a value after `{operator}`"));
            }
            Kind::RangeExpr => self.value(node, "a value before or after `..`"),
            Kind::ParenExpr if !has_value(node) => {
                self.expect(
                    after(node, Kind::LParen),
                    Code::ExpectedExpression,
                    "a value in the parentheses",
                );
            }
            Kind::Index if !has_value(node) => {
                self.expect(
                    after(node, Kind::LBracket),
                    Code::ExpectedExpression,
                    "a number in the brackets",
                );
            }
            Kind::Keyframe => {
                let place = after(node, Kind::Colon);
                if !node.children().any(|child| child.text_range().start() >= place.end()) {
                    self.expect(place, Code::ExpectedExpression, "the value of the keyframe after `:`");
                }
            }
            Kind::Arg if has(node, Kind::Colon) && !has_value(node) => {
                self.expect(after(node, Kind::Colon), Code::ExpectedExpression, "a value after `:`");
            }
            Kind::RecordField if node.children().count() < 2 => {
                self.expect(after(node, Kind::Colon), Code::ExpectedExpression, "a value after `:`");
            }
            Kind::Interpolation if !has_value(node) => {
                let error = SyntaxError::new(
                    node.text_range(),
                    Code::ExpectedExpression,
                    "expected a value between `{` and `}`",
                );
                self.push(error.help("a plain brace in a string is written `\\{`"));
            }
            Kind::Comprehension => self.comprehension(node),
            _ => {}
        }
    }

    fn comprehension(&mut self, node: &SyntaxNode) {
        use crate::ast::{AstNode, Comprehension};
        self.name(node, Kind::ForKw, "each member");
        let Some(view) = Comprehension::cast(node.clone()) else { return };
        if !has(node, Kind::InKw) || view.list().is_none() {
            self.in_list(node);
        }
        if has(node, Kind::IfKw) && view.condition().is_none() {
            self.expect(after(node, Kind::IfKw), Code::ExpectedExpression, "a condition after `if`");
        }
        if !has(node, Kind::Colon) {
            self.expect(
                TextRange::empty(node.text_range().end()),
                Code::ExpectedToken,
                "`:` and the value for each member",
            );
        } else if view.body().is_none() {
            self.expect(
                after(node, Kind::Colon),
                Code::ExpectedExpression,
                "the value for each member after `:`",
            );
        }
    }

    /// A name that must be there.
    fn name(&mut self, node: &SyntaxNode, keyword: Kind, of: &str) {
        if !has(node, Kind::Name) {
            self.expect(after(node, keyword), Code::ExpectedName, &format!("a name for {of}"));
        }
    }

    /// A path that must be there.
    fn path(&mut self, node: &SyntaxNode, keyword: Kind, what: &str) {
        if !has(node, Kind::Path) {
            self.expect(after(node, keyword), Code::ExpectedName, what);
        }
    }

    /// A block that must be there.
    fn block(&mut self, node: &SyntaxNode, whose: &str) {
        if !has(node, Kind::Block) {
            self.expect(end_of(node), Code::ExpectedBlock, &format!("{whose} block in braces"));
        }
    }

    /// A value that must be there.
    fn value(&mut self, node: &SyntaxNode, what: &str) {
        if !has_value(node) {
            self.expect(end_of(node), Code::ExpectedExpression, what);
        }
    }

    /// Says that something is missing, unless something else is missing at the same place.
    fn expect(&mut self, place: TextRange, code: Code, what: &str) {
        if self.errors.last().is_some_and(|last| last.range == place) {
            return;
        }
        self.push(SyntaxError::new(place, code, format!("expected {what}")));
    }
}
