//! The queries of this stage: a file's tree, and its items.

use std::collections::BTreeMap;
use std::sync::Arc;

use vid_grammar::TextRange;
use vid_grammar::ast::AstNode;

use crate::files::{Db, SourceFile, SourceText};
use crate::items::from_ast::item_from_ast;
use crate::items::{Item, ItemPlace};

/// The tree of a file. Comparing two trees costs more than reading one again, so it never is.
#[salsa::tracked(no_eq, lru = 64)]
pub(crate) fn parse(db: &dyn Db, file: SourceFile) -> Option<vid_grammar::Parse> {
    match file.text(db) {
        SourceText::Text(text) => Some(db.tree(file.id(db), text)),
        _ => None,
    }
}

/// One item; what it says and where it says it change independently.
#[salsa::tracked]
pub(crate) struct ItemDef<'db> {
    pub file: SourceFile,
    /// Unique in its file and stable while other items come and go.
    pub key: Arc<str>,
    #[tracked]
    pub item: Arc<Item>,
    #[tracked]
    pub ranges: Arc<Vec<TextRange>>,
}

/// The items of a file, in order.
#[derive(Clone, PartialEq, Eq, salsa::SalsaValue)]
pub(crate) struct FileItems<'db> {
    pub items: Vec<ItemDef<'db>>,
}

/// The items of a file. Runs after each change of the text; what reads an item runs only when that
/// item says something else.
#[salsa::tracked]
pub(crate) fn file_items(db: &dyn Db, file: SourceFile) -> FileItems<'_> {
    let Some(parse) = parse(db, file) else { return FileItems { items: Vec::new() } };
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let items = parse
        .file()
        .items()
        .map(|item| {
            let name = item.name().map(|name| name.text()).unwrap_or_default();
            let key = format!("{:?} {name}", item.syntax().kind());
            let nth = seen.entry(key.clone()).or_default();
            *nth += 1;
            let key: Arc<str> = if *nth == 1 { Arc::from(key) } else { Arc::from(format!("{key} {nth}")) };
            let place = ItemPlace { file: file.id(db), item: key.clone() };
            let (item, ranges) = item_from_ast(place, &item);
            ItemDef::new(db, file, key, Arc::new(item), Arc::new(ranges))
        })
        .collect();
    FileItems { items }
}
