//! Views of a file and its items.

use super::{
    AstNode, Block, Clause, Expr, HasBlock, HasDoc, HasName, HasPrivate, Literal, Path, StringLit, TypeRef,
    child, children, choice, token, views,
};
use crate::syntax_kind::{SyntaxKind, SyntaxToken};

views! {
    /// The whole text.
    File,
    /// `import "brand.vid" as brand`, `import "std/titles" { lower_third }`
    Import,
    /// `as brand`
    ImportAlias,
    /// `{ accent, logo_bug }`
    ImportList,
    /// One name of an import list: `accent`, `accent as orange`
    ImportName,
    /// `let accent: color = #ff5a36`, in a file or in a block.
    Let,
    /// `fn lead(t: time) -> time = max(t - 500ms, 0s)`
    Fn,
    /// `style headline for text { … }`
    Style,
    /// `for text` of a style.
    StyleTarget,
    /// `composition promo(headline: string = "Ship it") 1920x1080 30fps { … }`
    Composition,
    /// A canvas or a rate that has a name: `story`
    HeaderValue,
    /// Parameters in parentheses.
    ParamList,
    /// `hold: time in 1s..10s = 2s`
    Param,
    /// `in 1s..10s`
    Constraint,
    /// `= 2s`
    Default,
    /// `extern element video { … }`
    ExternElement,
    /// The properties of an `extern element`, in braces.
    FieldList,
    /// `opacity: percent in 0%..100% = 100% { animatable }`
    Field,
    /// `{ animatable local }`
    FlagList,
    /// `extern enum fit { … }`
    ExternEnum,
    /// The words of an `extern enum`, in braces.
    VariantList,
    /// `fade { in out }`
    Variant,
    /// `extern unit ms: time = 0.001s`
    ExternUnit,
    /// `extern fn min(a: number, b: number) -> number`
    ExternFn,
}

choice! {
    /// An item of a file.
    Item {
        /// Names from another file.
        Import(Import),
        /// A value.
        Let(Let),
        /// A function.
        Fn(Fn),
        /// A style.
        Style(Style),
        /// A composition.
        Composition(Composition),
        /// An element kind of the prelude.
        ExternElement(ExternElement),
        /// A set of words of the prelude.
        ExternEnum(ExternEnum),
        /// A unit of the prelude.
        ExternUnit(ExternUnit),
        /// A function of the compiler.
        ExternFn(ExternFn),
    }
}

impl HasName for Let {}
impl HasName for Fn {}
impl HasName for Style {}
impl HasName for Composition {}
impl HasName for Param {}
impl HasName for ExternElement {}
impl HasName for Field {}
impl HasName for ExternEnum {}
impl HasName for Variant {}
impl HasName for ExternUnit {}
impl HasName for ExternFn {}
impl HasName for ImportAlias {}

impl HasDoc for Item {}
impl HasDoc for Let {}
impl HasDoc for Fn {}
impl HasDoc for Style {}
impl HasDoc for Composition {}
impl HasDoc for Param {}
impl HasDoc for ExternElement {}
impl HasDoc for Field {}
impl HasDoc for ExternEnum {}
impl HasDoc for Variant {}
impl HasDoc for ExternUnit {}
impl HasDoc for ExternFn {}

impl HasPrivate for Item {}
impl HasPrivate for Let {}
impl HasPrivate for Fn {}
impl HasPrivate for Style {}
impl HasPrivate for Composition {}
impl HasPrivate for ExternElement {}
impl HasPrivate for ExternEnum {}
impl HasPrivate for ExternUnit {}
impl HasPrivate for ExternFn {}

impl HasBlock for Style {}
impl HasBlock for Composition {}

impl File {
    /// The items, in order.
    pub fn items(&self) -> impl Iterator<Item = Item> + use<> {
        children(&self.syntax)
    }
}

impl Item {
    /// The item's own name; imports have none.
    pub fn name(&self) -> Option<super::Name> {
        match self {
            Item::Import(_) => None,
            item => child(item.syntax()),
        }
    }
}

impl Import {
    /// The path of the file, as a string.
    pub fn path(&self) -> Option<StringLit> {
        child(&self.syntax)
    }

    /// `as NAME`
    pub fn alias(&self) -> Option<ImportAlias> {
        child(&self.syntax)
    }

    /// `{ a, b }`
    pub fn list(&self) -> Option<ImportList> {
        child(&self.syntax)
    }
}

impl ImportList {
    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = ImportName> + use<> {
        children(&self.syntax)
    }
}

impl ImportName {
    /// The word itself.
    pub fn token(&self) -> Option<SyntaxToken> {
        token(&self.syntax, SyntaxKind::Ident)
    }

    /// Its letters.
    pub fn text(&self) -> String {
        self.token().map(|token| token.text().to_owned()).unwrap_or_default()
    }

    /// The name that it has in this file, where it is another one.
    pub fn alias(&self) -> Option<ImportAlias> {
        child(&self.syntax)
    }
}

impl HeaderValue {
    /// The name.
    pub fn path(&self) -> Option<Path> {
        child(&self.syntax)
    }
}

impl Let {
    /// The type, where one is given.
    pub fn ty(&self) -> Option<TypeRef> {
        child(&self.syntax)
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl Fn {
    /// The parameters.
    pub fn params(&self) -> Option<ParamList> {
        child(&self.syntax)
    }

    /// The type of the result.
    pub fn return_type(&self) -> Option<TypeRef> {
        child(&self.syntax)
    }

    /// The value of a call.
    pub fn body(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl Style {
    /// The element kind it is for.
    pub fn target(&self) -> Option<Path> {
        child(child::<StyleTarget>(&self.syntax)?.syntax())
    }
}

impl Composition {
    /// The parameters.
    pub fn params(&self) -> Option<ParamList> {
        child(&self.syntax)
    }

    /// The canvas: a literal whose token is a `Size`.
    pub fn size(&self) -> Option<Literal> {
        self.literal(SyntaxKind::Size)
    }

    /// The frame rate: a literal whose token is a `Rate`.
    pub fn rate(&self) -> Option<Literal> {
        self.literal(SyntaxKind::Rate)
    }

    /// The canvas and the rate where they are names, in order.
    pub fn values(&self) -> impl Iterator<Item = HeaderValue> + use<> {
        children(&self.syntax)
    }

    /// The clauses of its header; `for D` is the only one that may stand there.
    pub fn clauses(&self) -> impl Iterator<Item = Clause> + use<> {
        children(&self.syntax)
    }

    /// `for D`
    pub fn for_clause(&self) -> Option<super::ForClause> {
        child(&self.syntax)
    }

    fn literal(&self, kind: SyntaxKind) -> Option<Literal> {
        children::<Literal>(&self.syntax).find(|literal| literal.token_kind() == Some(kind))
    }
}

impl ParamList {
    /// The parameters, in order.
    pub fn params(&self) -> impl Iterator<Item = Param> + use<> {
        children(&self.syntax)
    }
}

impl Param {
    /// The type.
    pub fn ty(&self) -> Option<TypeRef> {
        child(&self.syntax)
    }

    /// What `in` allows.
    pub fn constraint(&self) -> Option<Expr> {
        child(child::<Constraint>(&self.syntax)?.syntax())
    }

    /// The value if none is given.
    pub fn default(&self) -> Option<Expr> {
        child(child::<Default>(&self.syntax)?.syntax())
    }
}

impl ExternElement {
    /// The properties, in order.
    pub fn fields(&self) -> impl Iterator<Item = Field> + use<> {
        child::<FieldList>(&self.syntax).into_iter().flat_map(|list| children(list.syntax()))
    }
}

impl Field {
    /// The type.
    pub fn ty(&self) -> Option<TypeRef> {
        child(&self.syntax)
    }

    /// What `in` allows.
    pub fn constraint(&self) -> Option<Expr> {
        child(child::<Constraint>(&self.syntax)?.syntax())
    }

    /// The value if none is given.
    pub fn default(&self) -> Option<Expr> {
        child(child::<Default>(&self.syntax)?.syntax())
    }

    /// The words in braces, in order.
    pub fn flags(&self) -> impl Iterator<Item = super::Name> + use<> {
        child::<FlagList>(&self.syntax).into_iter().flat_map(|list| list.flags())
    }
}

impl FlagList {
    /// The words, in order.
    pub fn flags(&self) -> impl Iterator<Item = super::Name> + use<> {
        children(&self.syntax)
    }
}

impl ExternEnum {
    /// The words, in order.
    pub fn variants(&self) -> impl Iterator<Item = Variant> + use<> {
        child::<VariantList>(&self.syntax).into_iter().flat_map(|list| children(list.syntax()))
    }
}

impl Variant {
    /// The words in braces, in order.
    pub fn flags(&self) -> impl Iterator<Item = super::Name> + use<> {
        child::<FlagList>(&self.syntax).into_iter().flat_map(|list| list.flags())
    }
}

impl ExternUnit {
    /// The unit, where it is a sign rather than a word: `"%"`.
    pub fn sign(&self) -> Option<StringLit> {
        child(&self.syntax)
    }

    /// What it measures.
    pub fn ty(&self) -> Option<TypeRef> {
        child(&self.syntax)
    }

    /// What one of it is worth.
    pub fn worth(&self) -> Option<Expr> {
        child(child::<Default>(&self.syntax)?.syntax())
    }

    /// The words in braces, in order.
    pub fn flags(&self) -> impl Iterator<Item = super::Name> + use<> {
        child::<FlagList>(&self.syntax).into_iter().flat_map(|list| list.flags())
    }
}

impl ExternFn {
    /// The parameters.
    pub fn params(&self) -> Option<ParamList> {
        child(&self.syntax)
    }

    /// The type of the result.
    pub fn return_type(&self) -> Option<TypeRef> {
        child(&self.syntax)
    }
}

impl Style {
    /// The properties, as the block that holds them.
    pub fn properties(&self) -> Option<Block> {
        self.block()
    }
}
