//! Colours of the text: the grammar's classes, made finer by what names mean.

use std::ops::Range;

use vid_compiler::{FileNames, Meaning, SymbolKind};
use vid_grammar::Parse;
use vid_grammar::highlight::{HighlightClass, highlight};

/// A piece of text with its class.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// Bytes.
    pub range: Range<usize>,
    /// What it is.
    pub class: TokenClass,
    /// Whether the name is defined here.
    pub is_definition: bool,
    /// Whether the language itself gives the name.
    pub is_builtin: bool,
}

macro_rules! classes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// The classes of pieces.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u32)]
        pub enum TokenClass { $($(#[$doc])* $variant,)+ }

        impl TokenClass {
            /// The names by which clients know the classes, in the order of their numbers.
            pub const NAMES: &'static [&'static str] = &[$($name,)+];
        }
    };
}

classes! {
    /// Comments.
    Comment = "comment",
    /// Words of the grammar.
    Keyword = "keyword",
    /// Kinds of elements, motions and the like.
    Kind = "class",
    /// Properties.
    Property = "property",
    /// Elements, values and other names.
    Variable = "variable",
    /// Parameters.
    Parameter = "parameter",
    /// Functions.
    Function = "function",
    /// Types.
    Type = "type",
    /// Words of a set, easings among them.
    Word = "enumMember",
    /// Texts.
    String = "string",
    /// Escapes in texts.
    Escape = "escapeSequence",
    /// Numbers.
    Number = "number",
    /// Units after numbers.
    Unit = "unit",
    /// Times.
    Time = "time",
    /// Colours.
    Color = "color",
    /// `true`, `false`
    Boolean = "boolean",
    /// Signs between values.
    Operator = "operator",
    /// Imported files.
    Module = "namespace",
    /// Names that nothing has, and text without a place.
    Unresolved = "unresolvedReference",
}

/// The pieces of a text, in order; they do not overlap.
pub fn tokens(tree: &Parse, names: &FileNames) -> Vec<Token> {
    let mut uses = names.uses.iter().peekable();
    let mut tokens = Vec::new();
    for piece in highlight(&tree.syntax()) {
        let range = usize::from(piece.range.start())..usize::from(piece.range.end());
        while uses.next_if(|used| used.range.start < range.start).is_some() {}
        let meaning = uses.peek().filter(|used| used.range == range).map(|used| &used.meaning);
        let Some(class) = class_of(piece.class, meaning, names) else { continue };
        let is_definition = piece.class == HighlightClass::Definition;
        let is_builtin = matches!(
            meaning,
            Some(Meaning::Kind(_) | Meaning::Function(_) | Meaning::Constant(_) | Meaning::Place(_))
        );
        tokens.push(Token { range, class, is_definition, is_builtin });
    }
    tokens
}

fn class_of(class: HighlightClass, meaning: Option<&Meaning>, names: &FileNames) -> Option<TokenClass> {
    if let Some(meaning) = meaning {
        match meaning {
            Meaning::Word(..) if class != HighlightClass::Kind => return Some(TokenClass::Word),
            Meaning::Unknown => return Some(TokenClass::Unresolved),
            Meaning::Symbol(index) => {
                let symbol = names.symbols.get(*index);
                match symbol.map(|symbol| &symbol.kind) {
                    Some(SymbolKind::Parameter(_)) => return Some(TokenClass::Parameter),
                    Some(SymbolKind::Module(_)) => return Some(TokenClass::Module),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    Some(match class {
        HighlightClass::Comment | HighlightClass::DocComment => TokenClass::Comment,
        HighlightClass::Keyword => TokenClass::Keyword,
        HighlightClass::Kind => TokenClass::Kind,
        HighlightClass::Property => TokenClass::Property,
        HighlightClass::Definition | HighlightClass::Name => TokenClass::Variable,
        HighlightClass::Parameter => TokenClass::Parameter,
        HighlightClass::Function => TokenClass::Function,
        HighlightClass::Type => TokenClass::Type,
        HighlightClass::Easing => TokenClass::Word,
        HighlightClass::String => TokenClass::String,
        HighlightClass::Escape => TokenClass::Escape,
        HighlightClass::Number => TokenClass::Number,
        HighlightClass::Unit => TokenClass::Unit,
        HighlightClass::Time => TokenClass::Time,
        HighlightClass::Color => TokenClass::Color,
        HighlightClass::Boolean => TokenClass::Boolean,
        HighlightClass::Operator => TokenClass::Operator,
        HighlightClass::Punctuation => return None,
        HighlightClass::Error => TokenClass::Unresolved,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    #[test]
    fn names_are_coloured_by_what_they_mean() {
        let text = "import \"b.vid\" as b\ncomposition c(p: time) { text t \"x\" for p { text_align: left\n x: nope + b.y } }";
        let tree = vid_grammar::parse(text);
        let names = vid_compiler::names_of(&tree.file());
        let shown: Vec<String> = super::tokens(&tree, &names)
            .into_iter()
            .map(|token| format!("{}={:?}", &text[token.range], token.class))
            .collect();
        expect![[r#"import=Keyword "=String b.vid=String "=String as=Keyword b=Variable composition=Keyword c=Variable p=Parameter time=Type text=Kind t=Variable "=String x=String "=String for=Keyword p=Parameter text_align=Property left=Word x=Property nope=Unresolved +=Operator b=Module y=Variable"#]].assert_eq(&shown.join(" "));
    }
}
