//! The words of the language with their documentation, as the prelude declares them, for tools that
//! show them to people: editors and manuals.
//!
//! Read from the syntax of the prelude alone, once for the whole process. What the words *mean* is the
//! business of `types`, which reads the same files.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use vid_grammar::TextRange;
use vid_grammar::ast::{self, AstNode, HasDoc, HasName, Item};

use crate::driver::PRELUDE;

/// Every word that exists before an author writes one.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Kinds of elements, of statements and of records, in the order of their declarations.
    pub kinds: Vec<KindInfo>,
    /// Sets of words.
    pub enums: Vec<EnumInfo>,
    /// Functions.
    pub functions: Vec<FunctionInfo>,
    /// Units of numbers.
    pub units: Vec<UnitInfo>,
    /// Values that have a name everywhere, such as colours.
    pub constants: Vec<ConstantInfo>,
}

/// Where something is declared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Declared {
    /// Path of the bundled file, such as `std/prelude/elements.vid`.
    pub path: &'static str,
    /// Bytes of its name.
    pub name: Range<usize>,
    /// Bytes of the whole declaration.
    pub whole: Range<usize>,
}

/// A kind of element, of statement or of record.
#[derive(Debug)]
pub struct KindInfo {
    /// Its name.
    pub name: String,
    /// Its documentation, in Markdown.
    pub doc: String,
    /// Where it is declared.
    pub declared: Declared,
    /// Its properties, with those of the groups it takes in.
    pub fields: Vec<FieldInfo>,
    /// Whether it is only a group of properties that kinds take in.
    pub is_group: bool,
}

/// A property.
#[derive(Clone, Debug)]
pub struct FieldInfo {
    /// Its name.
    pub name: String,
    /// Its documentation, in Markdown.
    pub doc: String,
    /// Where it is declared.
    pub declared: Declared,
    /// Its type as written.
    pub ty: String,
    /// The names of all types in it, those of arguments included.
    pub type_names: Vec<String>,
    /// Smallest and largest value as written.
    pub bounds: Option<String>,
    /// Its default as written.
    pub default: Option<String>,
    /// Its flags, without the other names that authors try.
    pub flags: Vec<String>,
    /// Names that authors try, and that are refused with a hint.
    pub aliases: Vec<String>,
}

/// A set of words.
#[derive(Debug)]
pub struct EnumInfo {
    /// Its name.
    pub name: String,
    /// Its documentation, in Markdown.
    pub doc: String,
    /// Where it is declared.
    pub declared: Declared,
    /// Its words, in order.
    pub words: Vec<WordInfo>,
}

/// A word of a set.
#[derive(Debug)]
pub struct WordInfo {
    /// The word.
    pub name: String,
    /// Its documentation, in Markdown.
    pub doc: String,
    /// Where it is declared.
    pub declared: Declared,
    /// Its flags, such as `in` and `out` of motions.
    pub flags: Vec<String>,
}

/// A function.
#[derive(Debug)]
pub struct FunctionInfo {
    /// Its name.
    pub name: String,
    /// Its documentation, in Markdown.
    pub doc: String,
    /// Where it is declared.
    pub declared: Declared,
    /// Its parameters, in order.
    pub params: Vec<ParamInfo>,
    /// The type of its result as written.
    pub result: String,
}

/// A parameter of a function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParamInfo {
    /// Its name.
    pub name: String,
    /// Its type as written.
    pub ty: String,
    /// The names of all types in it.
    pub type_names: Vec<String>,
    /// Smallest and largest value as written.
    pub bounds: Option<String>,
    /// Its default as written; with one it may be left out.
    pub default: Option<String>,
}

/// A unit.
#[derive(Debug)]
pub struct UnitInfo {
    /// As written after a number.
    pub name: String,
    /// Its documentation, in Markdown.
    pub doc: String,
    /// What it measures.
    pub ty: String,
    /// Where it is declared.
    pub declared: Declared,
}

/// A value with a name.
#[derive(Debug)]
pub struct ConstantInfo {
    /// Its name.
    pub name: String,
    /// Its documentation, in Markdown.
    pub doc: String,
    /// Its type as written.
    pub ty: String,
    /// Its value as written.
    pub value: String,
    /// Where it is declared.
    pub declared: Declared,
}

impl Vocabulary {
    /// The words that are bundled with the compiler.
    pub fn bundled() -> &'static Self {
        static BUNDLED: OnceLock<Vocabulary> = OnceLock::new();
        BUNDLED.get_or_init(read)
    }

    /// The kind of that name, groups left out.
    pub fn kind(&self, name: &str) -> Option<&KindInfo> {
        self.kinds.iter().find(|kind| kind.name == name && !kind.is_group)
    }

    /// The set of that name.
    pub fn set(&self, name: &str) -> Option<&EnumInfo> {
        self.enums.iter().find(|set| set.name == name)
    }

    /// The function of that name.
    pub fn function(&self, name: &str) -> Option<&FunctionInfo> {
        self.functions.iter().find(|function| function.name == name)
    }

    /// The named value of that name.
    pub fn constant(&self, name: &str) -> Option<&ConstantInfo> {
        self.constants.iter().find(|constant| constant.name == name)
    }

    /// The unit of that name.
    pub fn unit(&self, name: &str) -> Option<&UnitInfo> {
        self.units.iter().find(|unit| unit.name == name)
    }

    /// The kinds that are put on the timeline as elements.
    pub fn elements(&self) -> impl Iterator<Item = &KindInfo> {
        self.kinds.iter().filter(|kind| kind.is_element())
    }
}

impl KindInfo {
    /// The property of that name.
    pub fn field(&self, name: &str) -> Option<&FieldInfo> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The property that the word after the first word says: the `type` of a `transition`.
    pub fn subject(&self) -> Option<&FieldInfo> {
        self.fields.iter().find(|field| field.has("subject"))
    }

    /// Whether it can be put on the timeline.
    pub fn is_element(&self) -> bool {
        !self.is_group && self.field("visible").is_some()
    }
}

impl FieldInfo {
    /// Whether it has a flag.
    pub fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|known| known == flag)
    }

    /// The sets whose words it takes.
    pub fn sets(&self) -> impl Iterator<Item = &'static EnumInfo> {
        let vocabulary = Vocabulary::bundled();
        self.type_names.iter().filter_map(|name| vocabulary.set(name))
    }
}

impl EnumInfo {
    /// The word of that name.
    pub fn word(&self, name: &str) -> Option<&WordInfo> {
        self.words.iter().find(|word| word.name == name)
    }
}

fn read() -> Vocabulary {
    let mut reader = Reader::default();
    for (path, text) in PRELUDE {
        let parse = vid_grammar::parse(text);
        for item in parse.file().items() {
            reader.item(path, &item);
        }
    }
    reader.finish()
}

/// The vocabulary while it is read.
#[derive(Default)]
struct Reader {
    vocabulary: Vocabulary,
    /// The groups each kind takes in, by the place of the field that says so.
    included: BTreeMap<String, Vec<(usize, String)>>,
}

impl Reader {
    fn item(&mut self, path: &'static str, item: &Item) {
        let Some(name) = item.name() else { return self.sign(path, item) };
        let declared = declared(path, &name, item);
        let (name, doc) = (name.text(), item.doc().unwrap_or_default());
        match item {
            Item::ExternElement(kind) => {
                let mut fields = Vec::new();
                for field in kind.fields() {
                    let Some(info) = field_info(path, &field) else { continue };
                    if info.has("include") {
                        let group = info.type_names.first().cloned().unwrap_or_default();
                        self.included.entry(name.clone()).or_default().push((fields.len(), group));
                    } else {
                        fields.push(info);
                    }
                }
                self.vocabulary.kinds.push(KindInfo { name, doc, declared, fields, is_group: false });
            }
            Item::ExternEnum(set) => {
                let words = set.variants().filter_map(|variant| {
                    let name = variant.name()?;
                    Some(WordInfo {
                        declared: declared_at(path, &name, &variant),
                        name: name.text(),
                        doc: variant.doc().unwrap_or_default(),
                        flags: variant.flags().map(|flag| flag.text()).collect(),
                    })
                });
                let words = words.collect();
                self.vocabulary.enums.push(EnumInfo { name, doc, declared, words });
            }
            Item::ExternFn(function) => {
                let params = function.params().map(|list| params_of(&list)).unwrap_or_default();
                let result = function.return_type().map(|ty| written(&ty)).unwrap_or_default();
                self.vocabulary.functions.push(FunctionInfo { name, doc, declared, params, result });
            }
            Item::ExternUnit(unit) => {
                let ty = unit.ty().map(|ty| written(&ty)).unwrap_or_default();
                self.vocabulary.units.push(UnitInfo { name, doc, ty, declared });
            }
            Item::Let(value) => {
                let ty = value.ty().map(|ty| written(&ty)).unwrap_or_default();
                let value = value.value().map(|value| written(&value)).unwrap_or_default();
                self.vocabulary.constants.push(ConstantInfo { name, doc, ty, value, declared });
            }
            _ => {}
        }
    }

    /// A unit that is a sign: `"%"`.
    fn sign(&mut self, path: &'static str, item: &Item) {
        let Item::ExternUnit(unit) = item else { return };
        let Some(sign) = unit.sign() else { return };
        let name = sign.syntax().text().to_string().trim_matches('"').to_owned();
        self.vocabulary.units.push(UnitInfo {
            name,
            doc: item.doc().unwrap_or_default(),
            ty: unit.ty().map(|ty| written(&ty)).unwrap_or_default(),
            declared: declared_at(path, &sign, item),
        });
    }

    /// Groups become part of the kinds that take them in. What a kind says itself counts before what a
    /// group says.
    fn finish(mut self) -> Vocabulary {
        let own: BTreeMap<String, Vec<FieldInfo>> =
            self.vocabulary.kinds.iter().map(|kind| (kind.name.clone(), kind.fields.clone())).collect();
        let groups: Vec<String> = self.included.values().flatten().map(|(_, group)| group.clone()).collect();
        for kind in &mut self.vocabulary.kinds {
            kind.is_group = groups.contains(&kind.name);
            let mut fields = Vec::new();
            expand(&kind.name, &own, &self.included, &mut fields);
            kind.fields = fields;
        }
        self.vocabulary
    }
}

fn expand(
    kind: &str,
    own: &BTreeMap<String, Vec<FieldInfo>>,
    included: &BTreeMap<String, Vec<(usize, String)>>,
    into: &mut Vec<FieldInfo>,
) {
    let (Some(fields), none) = (own.get(kind), Vec::new()) else { return };
    let groups = included.get(kind).unwrap_or(&none);
    for at in 0..=fields.len() {
        for (_, group) in groups.iter().filter(|(place, _)| *place == at) {
            expand(group, own, included, into);
        }
        let Some(field) = fields.get(at) else { continue };
        match into.iter_mut().find(|known| known.name == field.name) {
            Some(known) => *known = field.clone(),
            None => into.push(field.clone()),
        }
    }
}

fn field_info(path: &'static str, field: &ast::Field) -> Option<FieldInfo> {
    let name = field.name()?;
    let ty = field.ty()?;
    let mut flags = field.flags().map(|flag| flag.text());
    let own: Vec<String> = flags.by_ref().take_while(|flag| flag != "aka").collect();
    Some(FieldInfo {
        declared: declared_at(path, &name, field),
        name: name.text(),
        doc: field.doc().unwrap_or_default(),
        ty: written(&ty),
        type_names: type_names(&ty),
        bounds: field.constraint().map(|bounds| written(&bounds)),
        default: field.default().map(|value| written(&value)),
        flags: own,
        aliases: flags.collect(),
    })
}

/// What a list of parameters says.
pub(crate) fn params_of(list: &ast::ParamList) -> Vec<ParamInfo> {
    let params = list.params().filter_map(|param| {
        Some(ParamInfo {
            name: param.name()?.text(),
            ty: param.ty().map(|ty| written(&ty)).unwrap_or_default(),
            type_names: param.ty().map(|ty| type_names(&ty)).unwrap_or_default(),
            bounds: param.constraint().map(|bounds| written(&bounds)),
            default: param.default().map(|value| written(&value)),
        })
    });
    params.collect()
}

/// The names of all types in a type, those of arguments included.
pub(crate) fn type_names(ty: &ast::TypeRef) -> Vec<String> {
    let mut names = Vec::new();
    for alternative in ty.alternatives() {
        names.extend(alternative.path().map(|path| path.text()));
        names.extend(alternative.args().flat_map(|arg| type_names(&arg)));
    }
    names
}

fn written(node: &impl AstNode) -> String {
    node.syntax().text().to_string().trim().to_owned()
}

fn declared(path: &'static str, name: &ast::Name, whole: &Item) -> Declared {
    declared_at(path, name, whole)
}

fn declared_at(path: &'static str, name: &impl AstNode, whole: &impl AstNode) -> Declared {
    Declared { path, name: bytes(name.range()), whole: bytes(whole.range()) }
}

/// A range of the tree as bytes of the text.
pub(crate) fn bytes(range: TextRange) -> Range<usize> {
    usize::from(range.start())..usize::from(range.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_part_of_the_kinds_that_take_them_in() {
        let vocabulary = Vocabulary::bundled();
        let video = vocabulary.kind("video").unwrap();
        assert_eq!(video.field("opacity").unwrap().bounds.as_deref(), Some("0%..100%"));
        assert!(video.field("source_url").unwrap().has("string"));
        assert!(vocabulary.kind("visual").is_none(), "a group is no kind");
        let elements: Vec<_> = vocabulary.elements().map(|kind| &*kind.name).collect();
        assert_eq!(elements, ["video", "audio", "image", "text", "shape", "captions"]);
    }

    #[test]
    fn what_is_declared_stands_where_it_is_said_to() {
        let vocabulary = Vocabulary::bundled();
        let text_of = |path: &str| PRELUDE.iter().find(|(known, _)| *known == path).unwrap().1;
        let places = vocabulary.kinds.iter().map(|kind| (&kind.name, &kind.declared));
        let places = places.chain(vocabulary.enums.iter().map(|set| (&set.name, &set.declared)));
        let places = places.chain(vocabulary.functions.iter().map(|f| (&f.name, &f.declared)));
        for (name, declared) in places {
            assert_eq!(&text_of(declared.path)[declared.name.clone()], name);
        }
        assert!(vocabulary.unit("%").is_some() && vocabulary.unit("ms").is_some());
        assert_eq!(vocabulary.function("mix").unwrap().params[2].ty, "percent");
        assert_eq!(vocabulary.constant("aqua").unwrap().value, "#00ffff");
    }

    #[test]
    fn everything_is_documented() {
        let vocabulary = Vocabulary::bundled();
        for kind in &vocabulary.kinds {
            assert!(!kind.doc.is_empty(), "{}", kind.name);
        }
        for function in &vocabulary.functions {
            assert!(!function.doc.is_empty(), "{}", function.name);
        }
    }
}
