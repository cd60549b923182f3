//! Names that nobody could use.

use super::Check;
use crate::error::{SyntaxError, SyntaxErrorCode as Code};
use crate::syntax_kind::{SyntaxKind as Kind, SyntaxNode};

/// Words that are never a name in an expression: the rule `reserved` of `vid.pest`.
const RESERVED: [&str; 14] =
    ["and", "or", "not", "if", "else", "in", "for", "at", "until", "with", "through", "under", "by", "let"];

impl Check<'_> {
    /// An error where `node` gives something such a word as its name.
    pub(super) fn names(&mut self, node: &SyntaxNode) {
        let names = match node.kind() {
            // The compiler's own functions are only called, and there `by: 3` is no expression.
            Kind::Param => !node.ancestors().any(|around| around.kind() == Kind::ExternFn),
            Kind::Let | Kind::Fn | Kind::Style | Kind::Composition | Kind::ImportAlias | Kind::For => true,
            Kind::Element | Kind::Sequence | Kind::Stack | Kind::Marker => true,
            _ => false,
        };
        if !names {
            return;
        }
        let Some(name) = node.children().find(|child| child.kind() == Kind::Name) else { return };
        let word = name.text().to_string();
        if RESERVED.contains(&&*word) {
            let message = format!("`{word}` is a word of the language and cannot be a name");
            let error = SyntaxError::new(name.text_range(), Code::ReservedName, message);
            self.push(error.help(format!("call it something else, such as `{word}_`")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(source: &str) -> Vec<Code> {
        crate::parse(source).errors().iter().map(|error| error.code).collect()
    }

    #[test]
    fn what_cannot_be_used_cannot_be_declared() {
        for word in RESERVED {
            assert!(!codes(&format!("let a = {word}")).is_empty(), "`{word}` can be used");
            assert!(
                codes(&format!("fn f({word}: time) -> time = 1s")).contains(&Code::ReservedName),
                "{word}"
            );
        }
        assert_eq!(codes("let by = 1"), [Code::ReservedName]);
        assert_eq!(codes("composition c { for by in [1] { gap 1s } }"), [Code::ReservedName]);
    }

    #[test]
    fn members_and_arguments_may_be_called_so() {
        assert_eq!(codes("let a = { by: 1 }\nlet b = sort(a, by: \"x\")"), []);
        assert_eq!(codes("extern fn sort(list: list<any>, by: string?) -> list<any>"), []);
    }
}
