//! What each piece of a text is, for colouring it.
//!
//! Only the form counts here: whether a name exists is for the compiler to say.

use rowan::{TextRange, TextSize};

use crate::syntax_kind::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

/// The class of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HighlightClass {
    /// `// …`, `/* … */`
    Comment,
    /// `/// …`
    DocComment,
    /// Words of the grammar: `composition`, `at`.
    Keyword,
    /// The kind of an element, motion, effect, transition, mask or output: `video`, `fade`.
    Kind,
    /// The name of a property or field where it is given a value: `opacity`.
    Property,
    /// A name where it is defined: `intro` in `video intro`.
    Definition,
    /// A parameter where it is defined or given by name.
    Parameter,
    /// The use of a name, and what follows a dot: `intro.start`.
    Name,
    /// The name of something called: `max`.
    Function,
    /// A type: `time`.
    Type,
    /// How a keyframe or a motion arrives: `ease_out`.
    Easing,
    /// The text of a string.
    String,
    /// An escape in a string: `\n`.
    Escape,
    /// A number, a size or a rate: `96`, `1920x1080`.
    Number,
    /// The unit after a number: `px`, `%`.
    Unit,
    /// A time with its unit: `500ms`, `00:01:30`.
    Time,
    /// A colour: `#ff5a36`.
    Color,
    /// `true`, `false`
    Boolean,
    /// `+`, `..`
    Operator,
    /// Brackets, commas, colons.
    Punctuation,
    /// Text that has no place where it stands.
    Error,
}

/// A piece of text and its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// Where it is, in bytes.
    pub range: TextRange,
    /// What it is.
    pub class: HighlightClass,
}

/// Units that measure time; a number with one of them is one piece.
pub const TIME_UNITS: [&str; 5] = ["h", "m", "s", "ms", "f"];

/// The pieces of a tree, in order; they do not overlap, and white space is in none of them.
pub fn highlight(root: &SyntaxNode) -> Vec<Highlight> {
    let mut pieces = Vec::new();
    for token in root.descendants_with_tokens().filter_map(SyntaxElement::into_token) {
        let range = token.text_range();
        match token.kind() {
            SyntaxKind::Whitespace => {}
            SyntaxKind::Quantity => quantity(&token, &mut pieces),
            _ => pieces.push(Highlight { range, class: class_of(&token) }),
        }
    }
    pieces
}

/// A number and its unit; a time is one piece.
fn quantity(token: &SyntaxToken, pieces: &mut Vec<Highlight>) {
    let (text, range) = (token.text(), token.text_range());
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(text.len());
    let unit = &text[unit_at..];
    if TIME_UNITS.contains(&unit) || unit.contains(|c: char| c.is_ascii_digit()) {
        return pieces.push(Highlight { range, class: HighlightClass::Time });
    }
    // A token is shorter than the source bound, so this is no cut.
    let middle = range.end() - TextSize::of(unit);
    pieces.push(Highlight { range: TextRange::new(range.start(), middle), class: HighlightClass::Number });
    pieces.push(Highlight { range: TextRange::new(middle, range.end()), class: HighlightClass::Unit });
}

fn class_of(token: &SyntaxToken) -> HighlightClass {
    let parent = token.parent();
    if parent.as_ref().is_some_and(|parent| parent.kind() == SyntaxKind::Error) {
        return match token.kind() {
            SyntaxKind::DocComment => HighlightClass::DocComment,
            kind if kind.is_comment() => HighlightClass::Comment,
            _ => HighlightClass::Error,
        };
    }
    match token.kind() {
        SyntaxKind::DocComment => HighlightClass::DocComment,
        kind if kind.is_comment() => HighlightClass::Comment,
        kind if kind.is_keyword() => HighlightClass::Keyword,
        SyntaxKind::Ident => parent.map_or(HighlightClass::Name, |parent| class_of_name(&parent)),
        SyntaxKind::Number | SyntaxKind::Size | SyntaxKind::Rate => HighlightClass::Number,
        SyntaxKind::Timecode => HighlightClass::Time,
        SyntaxKind::Color => HighlightClass::Color,
        SyntaxKind::Boolean => HighlightClass::Boolean,
        SyntaxKind::Quote | SyntaxKind::StringText | SyntaxKind::RawString => HighlightClass::String,
        SyntaxKind::Escape => HighlightClass::Escape,
        SyntaxKind::Unknown => HighlightClass::Error,
        kind if kind >= SyntaxKind::DotDot && kind <= SyntaxKind::Bang => HighlightClass::Operator,
        _ => HighlightClass::Punctuation,
    }
}

/// The class of a name, by the node that holds it.
fn class_of_name(holder: &SyntaxNode) -> HighlightClass {
    let around = holder.parent();
    let around_kind = around.as_ref().map_or(SyntaxKind::File, |around| around.kind());
    match (holder.kind(), around_kind) {
        (SyntaxKind::NameRef, SyntaxKind::CallExpr) => HighlightClass::Function,
        (SyntaxKind::Name, SyntaxKind::FieldExpr) => {
            let is_called = around.and_then(|field| field.parent()).is_some_and(|outer| {
                outer.kind() == SyntaxKind::CallExpr
                    && outer.first_child().is_some_and(|callee| callee.kind() == SyntaxKind::FieldExpr)
                    && outer
                        .first_child()
                        .is_some_and(|callee| callee.text_range().end() == holder.text_range().end())
            });
            if is_called { HighlightClass::Function } else { HighlightClass::Name }
        }
        (SyntaxKind::Name, SyntaxKind::Property | SyntaxKind::Field | SyntaxKind::RecordField) => {
            HighlightClass::Property
        }
        (SyntaxKind::Name, SyntaxKind::Param | SyntaxKind::Arg) => HighlightClass::Parameter,
        (SyntaxKind::Name, SyntaxKind::Output) => HighlightClass::Kind,
        (SyntaxKind::Name, SyntaxKind::FlagList) => HighlightClass::Keyword,
        (SyntaxKind::Name | SyntaxKind::ImportName, _) => HighlightClass::Definition,
        (SyntaxKind::Path, SyntaxKind::TypeAlt) => HighlightClass::Type,
        (SyntaxKind::Path, SyntaxKind::Easing) => HighlightClass::Easing,
        (SyntaxKind::Path, SyntaxKind::WithClause) => HighlightClass::Name,
        (SyntaxKind::Path, _) => HighlightClass::Kind,
        _ => HighlightClass::Name,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let parse = crate::parse(text);
        let pieces = super::highlight(&parse.syntax());
        let shown: Vec<String> =
            pieces.iter().map(|piece| format!("{}={:?}", &text[piece.range], piece.class)).collect();
        expected.assert_eq(&shown.join(" "));
    }

    #[test]
    fn statements() {
        check(
            "composition c(a: time) 640x360 {\n/// d\nvideo v \"a\\n\" at 1m30s with s { x: 5px }\n}",
            expect![[
                r#"composition=Keyword c=Definition (=Punctuation a=Parameter :=Punctuation time=Type )=Punctuation 640x360=Number {=Punctuation /// d=DocComment video=Kind v=Definition "=String a=String \n=Escape "=String at=Keyword 1m30s=Time with=Keyword s=Name {=Punctuation x=Property :=Punctuation 5=Number px=Unit }=Punctuation }=Punctuation"#
            ]],
        );
        check(
            "composition c { enter fade for 5s ease_out // e\n output mp4 }",
            expect![
                "composition=Keyword c=Definition {=Punctuation enter=Keyword fade=Kind for=Keyword 5s=Time ease_out=Easing // e=Comment output=Keyword mp4=Kind }=Punctuation"
            ],
        );
    }

    #[test]
    fn values() {
        check(
            "let x = max(a.b, #fff) + o.f(2s) - y[1] @",
            expect![
                "let=Keyword x=Definition ==Punctuation max=Function (=Punctuation a=Name .=Punctuation b=Name ,=Punctuation #fff=Color )=Punctuation +=Operator o=Name .=Punctuation f=Function (=Punctuation 2s=Time )=Punctuation -=Operator y=Name [=Punctuation 1=Number ]=Punctuation @=Error"
            ],
        );
        check(
            "extern element e { a: list<number> = true { local } }",
            expect![
                "extern=Keyword element=Keyword e=Definition {=Punctuation a=Property :=Punctuation list=Type <=Punctuation number=Type >=Punctuation ==Punctuation true=Boolean {=Punctuation local=Keyword }=Punctuation }=Punctuation"
            ],
        );
    }
}
