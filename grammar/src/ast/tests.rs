//! Reading through the views.

use super::{
    AstNode, BinaryOp, Clause, Expr, File, ForAmount, HasBlock, HasDoc, HasHeader, HasName, HasPrivate, Item,
    MaskMode, MotionRole, Stmt,
};
use crate::SyntaxPtr;

fn file(text: &str) -> File {
    let parse = crate::parse(text);
    assert_eq!(parse.errors(), []);
    parse.file()
}

fn only_item(text: &str) -> Item {
    file(text).items().next().expect("the text has an item")
}

fn stmts(body: &str) -> Vec<Stmt> {
    let Item::Composition(composition) = only_item(&format!("composition c {{\n{body}\n}}")) else {
        panic!()
    };
    composition.block().expect("it has a block").stmts().collect()
}

fn text_of(node: Option<impl AstNode>) -> String {
    node.map(|node| node.syntax().text().to_string()).unwrap_or_default()
}

#[test]
fn docs_are_the_lines_above() {
    let item = only_item("// no\n/// One.\n///   Two.\n\nprivate let x = 1");
    assert_eq!(item.doc().as_deref(), Some("One.\n  Two."));
    assert!(item.private_token().is_some());
    let Item::ExternElement(element) =
        only_item("extern element e {\n/// A.\na: time /// not b\nb: time\n/// C.\nc: time }")
    else {
        panic!()
    };
    let docs: Vec<_> = element.fields().map(|field| field.doc()).collect();
    assert_eq!(docs, [Some("A.".to_owned()), None, Some("C.".to_owned())]);
}

#[test]
fn composition_headers() {
    let Item::Composition(composition) =
        only_item("composition c(a: time in 1s..2s = 1s) 640x360 30fps for 3s {}")
    else {
        panic!()
    };
    assert_eq!(text_of(composition.size()), "640x360");
    assert_eq!(text_of(composition.rate()), "30fps");
    let Some(ForAmount::Value(length)) = composition.for_clause().and_then(|clause| clause.amount()) else {
        panic!()
    };
    assert_eq!(text_of(Some(length)), "3s");
    let param = composition.params().and_then(|params| params.params().next());
    let param = param.expect("it has a parameter");
    assert_eq!(text_of(param.ty()), "time");
    assert_eq!(text_of(param.constraint()), "1s..2s");
    assert_eq!(text_of(param.default()), "1s");
}

#[test]
fn fields_of_the_prelude() {
    let Item::ExternElement(element) =
        only_item("extern element e { a: media<video|audio>? | list<time> in 0.. = b { c in } }")
    else {
        panic!()
    };
    let field = element.fields().next().expect("it has a field");
    let alternatives: Vec<_> = field.ty().expect("it has a type").alternatives().collect();
    assert_eq!(text_of(alternatives[0].path()), "media");
    assert!(alternatives[0].question_token().is_some() && alternatives[1].question_token().is_none());
    let args: Vec<_> =
        alternatives[0].args().flat_map(|arg| arg.alternatives()).map(|arg| text_of(arg.path())).collect();
    assert_eq!(args, ["video", "audio"]);
    assert_eq!(text_of(field.constraint()), "0..");
    assert_eq!(text_of(field.default()), "b");
    assert_eq!(field.flags().map(|flag| flag.text()).collect::<Vec<_>>(), ["c", "in"]);
}

#[test]
fn element_headers() {
    let stmts =
        stmts("brand.video a \"a.mp4\" (x: 1) [..6s] at t for up to 2s until end with s, b.u { y: 1 }");
    let [Stmt::Element(element)] = &stmts[..] else { panic!() };
    assert_eq!(element.kind().map(|kind| kind.segments().count()), Some(2));
    assert!(element.kind().and_then(|kind| kind.single()).is_none());
    assert_eq!(element.name().map(|name| name.text()).as_deref(), Some("a"));
    assert_eq!(text_of(element.string()), "\"a.mp4\"");
    let range = element.trim_clause().and_then(|trim| trim.range_expr()).expect("it has a range");
    assert_eq!((text_of(range.start()), text_of(range.end())), (String::new(), "6s".to_owned()));
    let Some(ForAmount::UpTo(limit)) = element.for_clause().and_then(|clause| clause.amount()) else {
        panic!()
    };
    assert_eq!(text_of(limit.limit()), "2s");
    let styles =
        element.with_clause().map(|with| with.styles().map(|style| style.text()).collect::<Vec<_>>());
    assert_eq!(styles, Some(vec!["s".to_owned(), "b.u".to_owned()]));
    assert_eq!(element.clauses().filter(|clause| matches!(clause, Clause::At(_))).count(), 1);
    assert_eq!(element.args().map(|args| args.args().count()), Some(1));
}

#[test]
fn statements() {
    let stmts =
        stmts("exit fade for 1s ease_out\nmask luma image \"a.png\"\neffect vhs 35%\nduck a under b by 12dB");
    let [Stmt::Motion(motion), Stmt::Mask(mask), Stmt::Effect(effect), Stmt::Duck(duck)] = &stmts[..] else {
        panic!()
    };
    assert_eq!(motion.role(), MotionRole::Exit);
    assert_eq!(text_of(motion.easing().and_then(|easing| easing.path())), "ease_out");
    assert_eq!(mask.mode(), Some(MaskMode::Luma));
    assert_eq!(text_of(mask.source()), "image");
    assert_eq!(text_of(effect.amount()), "35%");
    assert_eq!(text_of(duck.sound()), "a");
    assert_eq!(text_of(duck.under_clause().and_then(|under| under.sound())), "b");
    assert_eq!(text_of(duck.by_clause().and_then(|by| by.level())), "12dB");
}

#[test]
fn values() {
    let Item::Let(item) = only_item("let x = [for a in b if c and d: -e]") else { panic!() };
    let Some(Expr::Comprehension(comprehension)) = item.value() else { panic!() };
    assert_eq!(text_of(comprehension.list()), "b");
    assert_eq!(text_of(comprehension.body()), "-e");
    let Some(Expr::Binary(condition)) = comprehension.condition() else { panic!() };
    assert_eq!(condition.op(), Some(BinaryOp::And));
    assert_eq!((text_of(condition.lhs()), text_of(condition.rhs())), ("c".to_owned(), "d".to_owned()));

    let Item::Let(item) = only_item("let x = [a: b ease, c: d]") else { panic!() };
    let Some(Expr::Keyframes(list)) = item.value() else { panic!() };
    let frames: Vec<_> =
        list.keyframes().map(|frame| (text_of(frame.time()), text_of(frame.value()))).collect();
    assert_eq!(frames, [("a".to_owned(), "b".to_owned()), ("c".to_owned(), "d".to_owned())]);
}

#[test]
fn half_typed_parts_are_absent_not_wrong() {
    let parse = crate::parse("let x = [for a in if c: b]\nlet y = [a: ]\nlet z = c +");
    let values: Vec<Expr> = parse
        .file()
        .items()
        .filter_map(|item| if let Item::Let(item) = item { item.value() } else { None })
        .collect();
    let [Expr::Comprehension(comprehension), Expr::Keyframes(list), Expr::Binary(sum)] = &values[..] else {
        panic!("{values:?}")
    };
    assert!(comprehension.list().is_none());
    assert_eq!(text_of(comprehension.body()), "b");
    assert!(list.keyframes().all(|frame| frame.value().is_none()));
    assert!(sum.rhs().is_none() && sum.lhs().is_some());
}

#[test]
fn pointers_find_their_node_again() {
    let text = "composition c {\n  text a \"x\" { y: 1 }\n}";
    let parse = crate::parse(text);
    let Some(Item::Composition(composition)) = parse.file().items().next() else { panic!() };
    let stmt = composition.block().and_then(|block| block.stmts().next()).expect("it has a statement");
    let ptr: SyntaxPtr = stmt.ptr();
    let again = crate::parse(text).syntax();
    assert_eq!(ptr.resolve_as::<Stmt>(&again).map(|stmt| stmt.range()), Some(stmt.range()));
    assert_eq!(ptr.resolve(&crate::parse("let x = 1").syntax()), None);
}
