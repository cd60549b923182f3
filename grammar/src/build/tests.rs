//! The shape of the tree of each construct.

use expect_test::{Expect, expect};

use crate::syntax_kind::{SyntaxElement, SyntaxKind, SyntaxNode};

/// A node as `Kind(children)`, with tokens as they are written and without white space.
fn show(node: &SyntaxNode) -> String {
    let children = node.children_with_tokens().filter(|child| child.kind() != SyntaxKind::Whitespace);
    let children = children.map(|child| match child {
        SyntaxElement::Node(child) => show(&child),
        SyntaxElement::Token(token) => token.text().escape_debug().to_string(),
    });
    format!("{:?}({})", node.kind(), children.collect::<Vec<_>>().join(" "))
}

fn check(text: &str, expected: Expect) {
    let parse = crate::parse(text);
    assert_eq!(parse.errors(), []);
    let items: Vec<String> = parse.syntax().children().map(|item| show(&item)).collect();
    expected.assert_eq(&items.join("\n"));
}

fn check_value(text: &str, expected: Expect) {
    let parse = crate::parse(&format!("let x = {text}"));
    assert_eq!(parse.errors(), [], "{text}");
    let value = parse.syntax().first_child().and_then(|item| item.last_child());
    expected.assert_eq(&value.map(|value| show(&value)).unwrap_or_default());
}

fn check_body(text: &str, expected: Expect) {
    let parse = crate::parse(&format!("composition c {{ {text} }}"));
    assert_eq!(parse.errors(), [], "{text}");
    let block = parse.syntax().first_child().and_then(|item| item.last_child());
    let statements: Vec<String> =
        block.iter().flat_map(|block| block.children()).map(|stmt| show(&stmt)).collect();
    expected.assert_eq(&statements.join("\n"));
}

#[test]
fn items() {
    check(
        "import \"a.vid\" as a\nimport \"b.vid\" { c, d }",
        expect![[r#"
        Import(import StringLit(\" a.vid \") ImportAlias(as Name(a)))
        Import(import StringLit(\" b.vid \") ImportList({ ImportName(c) , ImportName(d) }))"#]],
    );
    check(
        "private let x: list<number>? = 1",
        expect![
            "Let(private let Name(x) : TypeRef(TypeAlt(Path(list) TypeArgs(< TypeRef(TypeAlt(Path(number))) >) ?)) = Literal(1))"
        ],
    );
    check(
        "fn f(a: time, b: media<video|audio> = c) -> time = a",
        expect![
            "Fn(fn Name(f) ParamList(( Param(Name(a) : TypeRef(TypeAlt(Path(time)))) , Param(Name(b) : TypeRef(TypeAlt(Path(media) TypeArgs(< TypeRef(TypeAlt(Path(video)) | TypeAlt(Path(audio))) >))) Default(= NameRef(c))) )) -> TypeRef(TypeAlt(Path(time))) = NameRef(a))"
        ],
    );
    check(
        "style s for text { x: 1 }",
        expect!["Style(style Name(s) StyleTarget(for Path(text)) Block({ Property(Name(x) : Literal(1)) }))"],
    );
    check(
        "composition c(p: time in 1s..2s = 1s) 640x360 30fps for 3s {}",
        expect![
            "Composition(composition Name(c) ParamList(( Param(Name(p) : TypeRef(TypeAlt(Path(time))) Constraint(in RangeExpr(Literal(1s) .. Literal(2s))) Default(= Literal(1s))) )) Literal(640x360) Literal(30fps) ForClause(for Literal(3s)) Block({ }))"
        ],
    );
}

#[test]
fn prelude_items() {
    check(
        "extern element video { a: length | percent in 0.. = 1px { animatable local } b: color? }",
        expect![
            "ExternElement(extern element Name(video) FieldList({ Field(Name(a) : TypeRef(TypeAlt(Path(length)) | TypeAlt(Path(percent))) Constraint(in RangeExpr(Literal(0) ..)) Default(= Literal(1px)) FlagList({ Name(animatable) Name(local) })) Field(Name(b) : TypeRef(TypeAlt(Path(color) ?))) }))"
        ],
    );
    check(
        "extern enum motion { fade { in out } zoom }",
        expect![
            "ExternEnum(extern enum Name(motion) VariantList({ Variant(Name(fade) FlagList({ Name(in) Name(out) })) Variant(Name(zoom)) }))"
        ],
    );
    check(
        "extern fn min(a: number) -> number\nextern unit \"%\": percent\nextern unit ms: time = 0.001s { exact }",
        expect![[r#"
        ExternFn(extern fn Name(min) ParamList(( Param(Name(a) : TypeRef(TypeAlt(Path(number)))) )) -> TypeRef(TypeAlt(Path(number))))
        ExternUnit(extern unit StringLit(\" % \") : TypeRef(TypeAlt(Path(percent))))
        ExternUnit(extern unit Name(ms) : TypeRef(TypeAlt(Path(time))) Default(= Literal(0.001s)) FlagList({ Name(exact) }))"#]],
    );
}

#[test]
fn precedence() {
    check_value(
        "a + b * c - d",
        expect!["BinaryExpr(BinaryExpr(NameRef(a) + BinaryExpr(NameRef(b) * NameRef(c))) - NameRef(d))"],
    );
    check_value(
        "not a == b and c or d",
        expect![
            "BinaryExpr(BinaryExpr(PrefixExpr(not BinaryExpr(NameRef(a) == NameRef(b))) and NameRef(c)) or NameRef(d))"
        ],
    );
    check_value(
        "-a.b(c)[0].d",
        expect![
            "PrefixExpr(- FieldExpr(IndexExpr(CallExpr(FieldExpr(NameRef(a) . Name(b)) ArgList(( Arg(NameRef(c)) ))) Index([ Literal(0) ])) . Name(d)))"
        ],
    );
    check_value(
        "a + 1..b * 2",
        expect!["RangeExpr(BinaryExpr(NameRef(a) + Literal(1)) .. BinaryExpr(NameRef(b) * Literal(2)))"],
    );
    check_value("..b", expect!["RangeExpr(.. NameRef(b))"]);
    check_value("-3s..", expect!["RangeExpr(PrefixExpr(- Literal(3s)) ..)"]);
    check_value(
        "a < b && !(c)",
        expect!["BinaryExpr(BinaryExpr(NameRef(a) < NameRef(b)) && PrefixExpr(! ParenExpr(( NameRef(c) ))))"],
    );
    check_value("7 % 2 + 40%", expect!["BinaryExpr(BinaryExpr(Literal(7) % Literal(2)) + Literal(40%))"]);
}

#[test]
fn values() {
    check_value(
        "[0s: 0%, end - 1s: 100% cubic(0, 1), end: 0%]",
        expect![
            "KeyframeList([ Keyframe(Literal(0s) : Literal(0%)) , Keyframe(BinaryExpr(NameRef(end) - Literal(1s)) : Literal(100%) Easing(Path(cubic) ArgList(( Arg(Literal(0)) , Arg(Literal(1)) )))) , Keyframe(NameRef(end) : Literal(0%)) ])"
        ],
    );
    check_value(
        "[for x in xs if x > 1: x]",
        expect![
            "Comprehension([ for Name(x) in NameRef(xs) if BinaryExpr(NameRef(x) > Literal(1)) : NameRef(x) ])"
        ],
    );
    check_value(
        "{ a: 1, b: [2,] }",
        expect![
            "RecordExpr({ RecordField(Name(a) : Literal(1)) , RecordField(Name(b) : ListExpr([ Literal(2) , ])) })"
        ],
    );
    check_value(
        "if a { 1 } else if b { 2 } else { 3 }",
        expect![
            "IfExpr(if NameRef(a) Branch({ Literal(1) }) ElseBranch(else if NameRef(b) Branch({ Literal(2) })) ElseBranch(else Branch({ Literal(3) })))"
        ],
    );
    check_value(
        "f(1, b: 2)",
        expect!["CallExpr(NameRef(f) ArgList(( Arg(Literal(1)) , Arg(Name(b) : Literal(2)) )))"],
    );
    check_value("\"a{b}\\n\"", expect![[r#"StringLit(\" a Interpolation({ NameRef(b) }) \\n \")"#]]);
    check_value("00:00:01.5", expect!["Literal(00:00:01.5)"]);
}

#[test]
fn elements() {
    check_body(
        "video a \"a.mp4\" (x: 1) [2s..6s] at b.end for up to 2s until end with c, d.e { y: 1 }",
        expect![[
            r#"Element(Path(video) Name(a) StringLit(\" a.mp4 \") ArgList(( Arg(Name(x) : Literal(1)) )) TrimClause([ RangeExpr(Literal(2s) .. Literal(6s)) ]) AtClause(at FieldExpr(NameRef(b) . Name(end))) ForClause(for UpTo(up to Literal(2s))) UntilClause(until NameRef(end)) WithClause(with Path(c) , Path(d . e)) Block({ Property(Name(y) : Literal(1)) }))"#
        ]],
    );
    check_body(
        "a.b\nc d\nfor x in xs { e }",
        expect![[r#"
        Element(Path(a . b))
        Element(Path(c) Name(d))
        For(for Name(x) in NameRef(xs) Block({ Element(Path(e)) }))"#]],
    );
    check_body(
        "text\n\"x\"\n[1s..]",
        expect![[r#"Element(Path(text) StringLit(\" x \") TrimClause([ RangeExpr(Literal(1s) ..) ]))"#]],
    );
    check_body(
        "video a at t [2s..6s]",
        expect![
            "Element(Path(video) Name(a) AtClause(at NameRef(t)) TrimClause([ RangeExpr(Literal(2s) .. Literal(6s)) ]))"
        ],
    );
    check_body(
        "image i for natural\nimage j for fill\nimage k for 1fr",
        expect![[r#"
        Element(Path(image) Name(i) ForClause(for natural))
        Element(Path(image) Name(j) ForClause(for fill))
        Element(Path(image) Name(k) ForClause(for Literal(1fr)))"#]],
    );
}

#[test]
fn statements() {
    check_body(
        "loop: true\nend: 1s\nfor: 2\nmarker: 3",
        expect![[r#"
        Property(Name(loop) : Literal(true))
        Property(Name(end) : Literal(1s))
        Property(Name(for) : Literal(2))
        Property(Name(marker) : Literal(3))"#]],
    );
    check_body(
        "sequence s for 3s { gap 1s transition wipe for 1s through { align: center } }",
        expect![
            "Sequence(sequence Name(s) ForClause(for Literal(3s)) Block({ Gap(gap Literal(1s)) Transition(transition Path(wipe) ForClause(for Literal(1s)) ThroughClause(through) Block({ Property(Name(align) : NameRef(center)) })) }))"
        ],
    );
    check_body(
        "marker m at 00:00:12:12",
        expect!["Marker(marker Name(m) AtClause(at Literal(00:00:12:12)))"],
    );
    check_body(
        "enter fade for 1s ease_out\nexit fade cubic(1) for 1s\nmotion m at 1s\nloop l",
        expect![[r#"
        Motion(enter Path(fade) ForClause(for Literal(1s)) Easing(Path(ease_out)))
        Motion(exit Path(fade) Easing(Path(cubic) ArgList(( Arg(Literal(1)) ))) ForClause(for Literal(1s)))
        Motion(motion Path(m) AtClause(at Literal(1s)))
        Motion(loop Path(l))"#]],
    );
    check_body(
        "effect vhs 35%\neffect blur\nx: 1\neffect lut \"a.cube\" { y: 1 }",
        expect![[r#"
        Effect(effect Path(vhs) Amount(Literal(35%)))
        Effect(effect Path(blur))
        Property(Name(x) : Literal(1))
        Effect(effect Path(lut) Amount(StringLit(\" a.cube \")) Block({ Property(Name(y) : Literal(1)) }))"#]],
    );
    check_body(
        "shape rect bar at 1s { x: 1 }\nshape rect\nshape \"x\"\nshape at 1s",
        expect![[r#"
        Element(Path(shape) Path(rect) Name(bar) AtClause(at Literal(1s)) Block({ Property(Name(x) : Literal(1)) }))
        Element(Path(shape) Path(rect))
        Element(Path(shape) StringLit(\" x \"))
        Element(Path(shape) AtClause(at Literal(1s)))"#]],
    );
    check_body(
        "mask luma image \"a.png\"\nmask luma\nmask logo",
        expect![[r#"
        Mask(mask luma Path(image) StringLit(\" a.png \"))
        Mask(mask Path(luma))
        Mask(mask Path(logo))"#]],
    );
    check_body(
        "set text { x: 1 }\nduck a under b by 12dB { attack: 1s }\noutput mp4 \"x\"",
        expect![[r#"
        Set(set Path(text) Block({ Property(Name(x) : Literal(1)) }))
        Duck(duck NameRef(a) UnderClause(under NameRef(b)) ByClause(by Literal(12dB)) Block({ Property(Name(attack) : Literal(1s)) }))
        Output(output Name(mp4) StringLit(\" x \"))"#]],
    );
    check_body(
        "if a { x: 1 } else if b {} else {}\nlet y: time = 1s",
        expect![[r#"
        If(if NameRef(a) Block({ Property(Name(x) : Literal(1)) }) Else(else if NameRef(b) Block({ })) Else(else Block({ })))
        Let(let Name(y) : TypeRef(TypeAlt(Path(time))) = Literal(1s))"#]],
    );
}
