//! What the prelude declares, looked up by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use vid_timeline::{MediaKind, Rational};

use crate::diagnostics::{Place, Report};
use crate::eval::{Env, Stop, Value, evaluate_as};
use crate::files::Db;
use crate::items::{Expr, ExternElement, Item, ItemKind, ItemPlace, LengthUnit, TypeExpr, file_items};
use crate::types::{Atom, MediaKinds, Type};

/// Everything that exists before an author writes a word.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Schema {
    /// Kinds of elements, of statements, and records.
    pub kinds: BTreeMap<Arc<str>, KindSchema>,
    pub enums: BTreeMap<Arc<str>, EnumSchema>,
    pub functions: BTreeMap<Arc<str>, Arc<FunctionSchema>>,
    pub units: BTreeMap<Arc<str>, UnitMeaning>,
    /// Names that stand for a value everywhere.
    pub constants: BTreeMap<Arc<str>, Value>,
}

/// A kind of element, of statement, or of record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct KindSchema {
    pub name: Arc<str>,
    pub fields: Vec<FieldSchema>,
    /// What properties are that nobody says.
    pub defaults: Arc<Defaults>,
}

/// Values of properties that nobody says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Defaults {
    positions: FxHashMap<Arc<str>, usize>,
    values: Vec<Option<Value>>,
}

impl Defaults {
    /// Where in the list of its kind's properties the one of that name is.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// The default of the property at a position.
    pub(crate) fn value(&self, position: usize) -> Option<&Value> {
        self.values.get(position)?.as_ref()
    }
}

/// A function of the compiler.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FunctionSchema {
    /// In order.
    pub params: Vec<ParamSchema>,
    pub result: Type,
}

/// A parameter of a function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ParamSchema {
    pub name: Arc<str>,
    pub ty: Type,
    pub default: Option<Value>,
}

/// A property.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FieldSchema {
    pub name: Arc<str>,
    pub ty: Type,
    /// Smallest and largest value; both are allowed.
    pub bounds: Option<(Option<Value>, Option<Value>)>,
    pub default: Option<Value>,
    pub required: bool,
    pub positive: bool,
    pub animatable: bool,
    pub subject: bool,
    pub string: bool,
    pub amount: bool,
    /// Other names that authors try.
    pub aliases: Vec<Arc<str>>,
}

/// A set of words, each with its flags.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct EnumSchema {
    pub members: Vec<(Arc<str>, Vec<Arc<str>>)>,
}

/// What a unit makes of a number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum UnitMeaning {
    /// So many of this type's base unit.
    Scaled(Atom, Rational),
    Share,
    Frames,
    Radians,
    Length(LengthUnit),
}

impl Schema {
    /// The kind of that name.
    pub(crate) fn kind(&self, name: &str) -> Option<&KindSchema> {
        self.kinds.get(name)
    }

    /// Whether some enum among `ty`'s alternatives has the word.
    pub(crate) fn has_word(&self, ty: &Type, word: &str) -> bool {
        ty.enums().any(|name| self.enums.get(name).is_some_and(|e| e.has(word)))
    }

    /// The type that is written so; `Err` names what is unknown.
    pub(crate) fn resolve(&self, expr: &TypeExpr) -> Result<Type, crate::items::Ident> {
        let mut ty = Type { atoms: Vec::new(), optional: false };
        for alternative in &expr.alternatives {
            ty.optional |= alternative.optional;
            let atom = match &*alternative.name.text {
                "any" => Atom::Any,
                "quantity" => Atom::Quantity,
                "number" => Atom::Number,
                "integer" => Atom::Integer,
                "bool" => Atom::Bool,
                "string" => Atom::Text,
                "time" => Atom::Time,
                "length" => Atom::Length,
                "percent" => Atom::Percent,
                "angle" => Atom::Angle,
                "level" => Atom::Level,
                "loudness" => Atom::Loudness,
                "color" => Atom::Color,
                "paint" => Atom::Paint,
                "rate" => Atom::Rate,
                "size" => Atom::Size,
                "record" => Atom::Record(None),
                "media" => Atom::Media(media_kinds(&alternative.args)?),
                "list" => {
                    let member = match alternative.args.first() {
                        Some(arg) => self.resolve(arg)?,
                        None => Type::of(Atom::Any),
                    };
                    Atom::List(Box::new(member))
                }
                name if self.enums.contains_key(name) => Atom::Enum(alternative.name.text.clone()),
                name if self.kinds.contains_key(name) => Atom::Record(Some(alternative.name.text.clone())),
                _ => return Err(alternative.name.clone()),
            };
            ty.atoms.push(atom);
        }
        Ok(ty)
    }

    /// Names of types, for the nearest match.
    pub(crate) fn type_names(&self) -> impl Iterator<Item = &str> {
        const NAMES: [&str; 16] = [
            "number", "integer", "bool", "string", "time", "length", "percent", "angle", "level", "color",
            "paint", "rate", "size", "record", "media", "list",
        ];
        NAMES.into_iter().chain(self.enums.keys().map(|name| &**name))
    }
}

impl KindSchema {
    /// A kind with these properties, whose names differ.
    fn new(name: Arc<str>, fields: Vec<FieldSchema>) -> Self {
        let positions = fields.iter().enumerate().map(|(at, field)| (field.name.clone(), at)).collect();
        let values = fields.iter().map(|field| field.default.clone()).collect();
        Self { name, fields, defaults: Arc::new(Defaults { positions, values }) }
    }

    /// Whether it can be put on the timeline: such kinds can be hidden, statements and records cannot.
    pub(crate) fn is_element(&self) -> bool {
        self.field("visible").is_some()
    }

    /// The property of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&FieldSchema> {
        self.fields.get(self.position(name)?)
    }

    /// Where in [`Self::fields`] the property of that name is.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.defaults.position(name)
    }
}

impl EnumSchema {
    /// Whether the word belongs to the set.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.flags(word).is_some()
    }

    /// The flags of a word.
    pub(crate) fn flags(&self, word: &str) -> Option<&[Arc<str>]> {
        self.members.iter().find(|(name, _)| &**name == word).map(|(_, flags)| flags.as_slice())
    }
}

fn media_kinds(args: &[TypeExpr]) -> Result<MediaKinds, crate::items::Ident> {
    let mut kinds = MediaKinds::default();
    for alternative in args.iter().flat_map(|arg| &arg.alternatives) {
        let kind = match &*alternative.name.text {
            "video" => MediaKind::Video,
            "audio" => MediaKind::Audio,
            "image" => MediaKind::Image,
            _ => return Err(alternative.name.clone()),
        };
        kinds = kinds.with(kind);
    }
    Ok(kinds)
}

/// What the prelude declares. Its text never changes, so this runs once.
#[salsa::tracked]
pub(crate) fn prelude_schema(db: &dyn Db) -> Schema {
    let items: Vec<Arc<Item>> = db
        .prelude_files()
        .iter()
        .flat_map(|file| file_items(db, *file).items.iter().map(|def| def.item(db).clone()))
        .collect();
    Builder { schema: Schema::default(), items: &items }.build()
}

struct Builder<'a> {
    schema: Schema,
    items: &'a [Arc<Item>],
}

/// What a broken prelude means: the prelude is part of the compiler, and a test evaluates all of it.
const BROKEN: &str = "the bundled prelude is well-formed, which a test checks";

impl Builder<'_> {
    fn build(mut self) -> Schema {
        self.names();
        self.units();
        for item in self.items {
            match &item.kind {
                ItemKind::Let(decl) => {
                    let value = decl.value.as_ref().expect(BROKEN);
                    let ty = self.schema.resolve(decl.ty.as_ref().expect(BROKEN)).expect(BROKEN);
                    let value = self.value(value, &ty, &item.place);
                    self.schema.constants.insert(item.name.as_ref().expect(BROKEN).text.clone(), value);
                }
                ItemKind::Function(function) => {
                    let params = function
                        .params
                        .iter()
                        .map(|param| {
                            let ty = self.schema.resolve(param.ty.as_ref().expect(BROKEN)).expect(BROKEN);
                            let default =
                                param.default.as_ref().map(|value| self.value(value, &ty, &item.place));
                            ParamSchema { name: param.name.text.clone(), ty, default }
                        })
                        .collect();
                    let result = function.result.as_ref().expect(BROKEN);
                    let result = self.schema.resolve(result).expect(BROKEN);
                    let function = Arc::new(FunctionSchema { params, result });
                    self.schema.functions.insert(item.name.as_ref().expect(BROKEN).text.clone(), function);
                }
                _ => {}
            }
        }
        self.kinds();
        self.schema
    }

    /// Enums, and empty kinds, so that types can be resolved.
    fn names(&mut self) {
        for item in self.items {
            let name = item.name.as_ref().map(|name| name.text.clone());
            match (&item.kind, name) {
                (ItemKind::Enum(words), Some(name)) => {
                    let members =
                        words.members.iter().map(|member| (member.name.text.clone(), member.flags.clone()));
                    self.schema.enums.insert(name, EnumSchema { members: members.collect() });
                }
                (ItemKind::Element(_), Some(name)) => {
                    let kind = KindSchema::new(name.clone(), Vec::new());
                    self.schema.kinds.insert(name, kind);
                }
                _ => {}
            }
        }
    }

    fn units(&mut self) {
        for item in self.items {
            let ItemKind::Unit(unit) = &item.kind else { continue };
            let ty = unit.ty.as_ref().and_then(|ty| ty.alternatives.first()).expect(BROKEN);
            let flag = unit.flags.first().map_or("", |flag| &**flag);
            let meaning = match (flag, &unit.worth) {
                ("frames", _) => UnitMeaning::Frames,
                ("radians", _) => UnitMeaning::Radians,
                ("canvas_width", _) => UnitMeaning::Length(LengthUnit::ViewportWidth),
                ("canvas_height", _) => UnitMeaning::Length(LengthUnit::ViewportHeight),
                ("font_size", _) => UnitMeaning::Length(LengthUnit::Em),
                ("base", _) if &*ty.name.text == "share" => UnitMeaning::Share,
                ("base", _) => {
                    let ty = self.schema.resolve(unit.ty.as_ref().expect(BROKEN)).expect(BROKEN);
                    UnitMeaning::Scaled(ty.atoms[0].clone(), Rational::ONE)
                }
                (_, Some(worth)) => {
                    let ty = self.schema.resolve(unit.ty.as_ref().expect(BROKEN)).expect(BROKEN);
                    let value = self.value(worth, &ty, &item.place);
                    let (amount, _) = crate::eval::split(&value).expect(BROKEN);
                    UnitMeaning::Scaled(ty.atoms[0].clone(), amount)
                }
                (_, None) => unreachable!("{BROKEN}"),
            };
            self.schema.units.insert(unit.name.text.clone(), meaning);
        }
    }

    fn kinds(&mut self) {
        let elements: BTreeMap<Arc<str>, (&ExternElement, &ItemPlace)> = self
            .items
            .iter()
            .filter_map(|item| match (&item.kind, &item.name) {
                (ItemKind::Element(element), Some(name)) => Some((name.text.clone(), (element, &item.place))),
                _ => None,
            })
            .collect();
        let mut groups = Vec::new();
        for (name, (element, place)) in &elements {
            let mut fields = Vec::new();
            self.fields(element, place, &elements, &mut groups, &mut fields);
            self.schema.kinds.insert(name.clone(), KindSchema::new(name.clone(), fields));
        }
        // A group that others take in is no kind itself.
        for group in groups {
            self.schema.kinds.remove(&group);
        }
    }

    fn fields(
        &self,
        element: &ExternElement,
        place: &ItemPlace,
        elements: &BTreeMap<Arc<str>, (&ExternElement, &ItemPlace)>,
        groups: &mut Vec<Arc<str>>,
        into: &mut Vec<FieldSchema>,
    ) {
        for field in &element.fields {
            let mut flags = field.flags.iter();
            let before_aliases: Vec<&str> =
                flags.by_ref().map(|f| &**f).take_while(|f| *f != "aka").collect();
            let flag = |name: &str| before_aliases.contains(&name);
            let written = field.ty.as_ref().expect(BROKEN);
            if flag("include") {
                let group = &written.alternatives[0].name.text;
                let (element, place) = elements.get(group).expect(BROKEN);
                groups.push(group.clone());
                self.fields(element, place, elements, groups, into);
                continue;
            }
            // What a kind says itself counts before what a group says.
            if into.iter().any(|known| known.name == field.name.text) {
                continue;
            }
            let ty = self.schema.resolve(written).expect(BROKEN);
            let bounds = field.constraint.as_ref().map(|range| self.bounds(range, &ty, place));
            into.push(FieldSchema {
                name: field.name.text.clone(),
                default: field.default.as_ref().map(|value| self.value(value, &ty, place)),
                bounds,
                ty,
                required: flag("required"),
                positive: flag("positive"),
                animatable: flag("animatable"),
                subject: flag("subject"),
                string: flag("string"),
                amount: flag("amount"),
                aliases: flags.cloned().collect(),
            });
        }
    }

    fn bounds(&self, range: &Expr, ty: &Type, place: &ItemPlace) -> (Option<Value>, Option<Value>) {
        let value = crate::eval::evaluate(&mut Constants { schema: &self.schema }, range, None, place);
        match value.expect(BROKEN) {
            Value::Range(low, high) => {
                let bound = |value: Arc<Value>| {
                    crate::eval::coerce(&self.schema, (*value).clone(), ty).unwrap_or((*value).clone())
                };
                (low.map(bound), high.map(bound))
            }
            _ => unreachable!("{BROKEN}"),
        }
    }

    fn value(&self, expr: &Expr, ty: &Type, place: &ItemPlace) -> Value {
        evaluate_as(&mut Constants { schema: &self.schema }, expr, ty, place).expect(BROKEN)
    }
}

/// The world of the prelude's own values: literals and words.
struct Constants<'a> {
    schema: &'a Schema,
}

impl Env for Constants<'_> {
    fn schema(&self) -> &Schema {
        self.schema
    }

    fn stop(&mut self, report: Report) -> Stop {
        unreachable!("{BROKEN}: {}", report.message)
    }

    fn lookup(&mut self, _name: &str, _place: &Place) -> Option<Result<Value, Stop>> {
        None
    }
}
