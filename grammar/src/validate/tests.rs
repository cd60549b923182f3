use expect_test::{Expect, expect};

/// The errors of a text, one a line, as `start..end code: message [related] (help) -> fix`.
fn check(text: &str, expected: Expect) {
    let parse = crate::parse(text);
    assert_eq!(parse.syntax().text().to_string(), text);
    let mut shown = String::new();
    for error in parse.errors() {
        let range = error.range;
        shown += &format!(
            "{}..{} {}: {}",
            u32::from(range.start()),
            u32::from(range.end()),
            error.code,
            error.message
        );
        if let Some((range, label)) = &error.related {
            shown += &format!(" [{}..{} {label}]", u32::from(range.start()), u32::from(range.end()));
        }
        if let Some(help) = &error.help {
            shown += &format!(" ({help})");
        }
        if let Some(fix) = &error.fix {
            shown += &format!(" -> {:?}", fix.replacement);
        }
        shown.push('\n');
    }
    expected.assert_eq(&shown);
}

/// The errors of statements in a composition.
fn check_body(body: &str, expected: Expect) {
    check(&format!("composition c {{\n{body}\n}}\n"), expected);
}

#[test]
fn half_typed_items() {
    check(
        "import",
        expect![[r#"
        6..6 expected-string: expected the path of a file in quotes after `import`
    "#]],
    );
    check(
        "import \"a.vid\"",
        expect![[r#"
        14..14 expected-token: expected `as NAME` or `{ names }` after the path
    "#]],
    );
    check(
        "import \"a.vid\" as",
        expect![[r#"
        17..17 expected-name: expected a name for the imported file
    "#]],
    );
    check(
        "let",
        expect![[r#"
        3..3 expected-name: expected a name for the value
    "#]],
    );
    check(
        "let x",
        expect![[r#"
        5..5 expected-token: expected `=` and a value
    "#]],
    );
    check(
        "let x: = 3",
        expect![[r#"
        6..6 expected-type: expected a type after `:`
    "#]],
    );
    check(
        "let x =\nlet y = 2",
        expect![[r#"
        7..7 expected-expression: expected a value after `=`
    "#]],
    );
    check(
        "fn f",
        expect![[r#"
        4..4 expected-token: expected parameters in parentheses
    "#]],
    );
    check(
        "fn f() -> = 1",
        expect![[r#"
        9..9 expected-type: expected a type after `->`
    "#]],
    );
    check(
        "style",
        expect![[r#"
        5..5 expected-name: expected a name for the style
    "#]],
    );
    check(
        "composition",
        expect![[r#"
        11..11 expected-name: expected a name for the composition
    "#]],
    );
    check(
        "composition c(a, b: , c: time in = ) {}",
        expect![[r#"
        15..15 expected-type: expected `:` and a type
        19..19 expected-type: expected a type after `:`
        32..32 expected-expression: expected the allowed values after `in`
        34..34 expected-expression: expected a value after `=`
    "#]],
    );
    check(
        "extern element video",
        expect![[r#"
        20..20 expected-block: expected the properties in braces
    "#]],
    );
    check(
        "extern unit",
        expect![[r#"
        11..11 expected-name: expected a name for the unit
    "#]],
    );
}

#[test]
fn text_that_is_no_item() {
    check(
        "compositon c { let x = 1 }\nlet y = 2",
        expect![[r#"
        0..26 unexpected-token: expected an item, found `compositon` (did you mean `composition`?)
    "#]],
    );
    check(
        "video \"a.mp4\"\nlet y = 2",
        expect![[r#"
            0..13 unexpected-token: expected an item, found `video` (a film is a `composition NAME 1920x1080 30fps { … }`)
        "#]],
    );
    check(
        "@@\nlet y = 2\n}",
        expect![[r#"
        0..2 unexpected-token: expected an item, found `@@` (a file has `import`, `let`, `fn`, `style` and `composition`)
        13..14 unexpected-token: `}` closes nothing
    "#]],
    );
}

#[test]
fn a_forgotten_brace_damages_one_item() {
    check(
        "composition a {\n  video x {\n    opacity: 50%\n\ncomposition b {}\n",
        expect![[r#"
        14..15 unclosed-block: `{` has no `}` [44..44 by the indentation, `}` is missing here]
        26..27 unclosed-block: `{` has no `}` [44..44 by the indentation, `}` is missing here]
    "#]],
    );
    check(
        "composition a {\n  style b for text {}\n}\n",
        expect![[r#"
        18..23 misplaced-item: `style` stands at the top level of a file, not in a block (move it out, or close the block before it with `}`)
    "#]],
    );
}

#[test]
fn lines_tell_which_block_was_left_open() {
    check(
        "composition a {\n  stack {\n    text \"x\" {\n      y: 1\n    text \"z\" {\n      y: 2\n    }\n  }\n}\n",
        expect![[r#"
        39..40 unclosed-block: `{` has no `}` [51..51 by the indentation, `}` is missing here]
    "#]],
    );
    // Lines that are not indented tell nothing.
    check(
        "composition a {\nstack {\ntext \"x\" {\ny: 1\n}\n}\n",
        expect![[r#"
        14..15 unclosed-block: `{` has no `}` [43..43 `}` is missing here at the latest]
    "#]],
    );
}

#[test]
fn half_typed_statements() {
    check_body(
        "opacity:\nx: 3",
        expect![[r#"
        24..24 expected-expression: expected a value for `opacity`
    "#]],
    );
    check_body(
        "opacity:\nvideo a \"a.mp4\"",
        expect![[r#"
        24..24 expected-expression: expected a value for `opacity`
    "#]],
    );
    check_body(
        "x = 3",
        expect![[r#"
        18..19 equals-in-property: a property has `:` before its value, not `=` -> ":"
    "#]],
    );
    check_body(
        "x: 3 +\ny: 4",
        expect![[r#"
        22..22 expected-expression: expected a value after `+`
    "#]],
    );
    check_body(
        "x: intro.\ny: 4",
        expect![[r#"
        25..25 expected-name: expected a name after `.`
    "#]],
    );
    check_body(
        "x: (1 + 2\ny: 4",
        expect![[r#"
        19..20 unclosed-bracket: `(` has no `)` [25..25 `)` is missing here at the latest]
    "#]],
    );
    check_body(
        "x: [0s: 1, 2s:\ny: 4",
        expect![[r#"
        19..20 unclosed-bracket: `[` has no `]` [30..30 `]` is missing here at the latest]
        30..30 expected-expression: expected the value of the keyframe after `:`
    "#]],
    );
    check_body(
        "video a \"a.mp4\" at\nvideo b",
        expect![[r#"
        34..34 expected-expression: expected a time after `at`
    "#]],
    );
    check_body(
        "transition\nmarker\nenter\neffect\nset\ngap\nduck\noutput",
        expect![[r#"
        26..26 expected-name: expected the type of transition, such as `cross_dissolve`
        33..33 expected-name: expected a name for the marker
        39..39 expected-name: expected a motion after `enter`, such as `fade`
        46..46 expected-name: expected an effect, such as `blur`
        50..50 expected-name: expected an element kind after `set`
        54..54 expected-expression: expected a length after `gap`
        59..59 expected-expression: expected the sound that is turned down after `duck`
        66..66 expected-name: expected a name for the file format
    "#]],
    );
    check_body(
        "text a with\ntext b with big,",
        expect![[r#"
        27..27 expected-name: expected the name of a style
        44..44 expected-name: expected the name of a style
    "#]],
    );
    check_body(
        "for\nif\nelse {}",
        expect![[r#"
            19..19 expected-name: expected a name for each member
            19..19 expected-token: expected `in` and a list
            22..22 expected-expression: expected a condition after `if`
            30..30 expected-block: expected the choice's block in braces
        "#]],
    );
    check_body(
        "sequence s\nmask",
        expect![[r#"
        26..26 expected-block: expected the children's block in braces
        31..31 expected-name: expected a shape, an image or an element's name
    "#]],
    );
}

#[test]
fn stray_characters() {
    check_body(
        "x: 3 4 5\ny: 1",
        expect![[r#"
        21..24 unexpected-token: expected a property, an element or `}`, found `4`
    "#]],
    );
    check_body(
        "@ foo\ny: 1",
        expect![[r#"
        16..21 unexpected-token: expected a property, an element or `}`, found `@`
    "#]],
    );
    check_body(
        "a-b \"c\"",
        expect![[r#"
            17..23 unexpected-token: expected a property, an element or `}`, found `-` (names are written with underscores: `a_b`) -> "a_b"
        "#]],
    );
    // The name of a property is looked up, whatever it is.
    check_body("font-size: 3", expect![[""]]);
    check_body(
        "x: .5",
        expect![[r#"
        19..21 unexpected-token: expected a property, an element or `}`, found `.` (write `0.5`)
    "#]],
    );
    check_body(
        "x: 'a'",
        expect![[r#"
        19..22 unexpected-token: expected a property, an element or `}`, found `'` (strings have double quotes)
    "#]],
    );
    check_body(
        "] x: 1",
        expect![[r#"
        16..17 unexpected-token: `]` closes nothing
    "#]],
    );
    check(
        "composition c 640x360 @ { x: 1 }",
        expect![[r#"
        22..23 unexpected-token: expected `{`, found `@`
    "#]],
    );
}

#[test]
fn lists() {
    check(
        "let x = [1 2, , 3",
        expect![[r#"
        8..9 unclosed-bracket: `[` has no `]` [17..17 `]` is missing here at the latest]
        10..10 missing-comma: expected `,` between two members -> ","
        14..15 unexpected-token: nothing stands before this comma -> ""
    "#]],
    );
    check(
        "let x = [1, a b]",
        expect![[r#"
        14..15 unexpected-token: expected `,` or `]`, found `b`
    "#]],
    );
    check(
        "let x = f(a b)",
        expect![[r#"
        12..13 unexpected-token: expected `,` or `)`, found `b`
    "#]],
    );
    check(
        "let x = [0s: 1, 2]",
        expect![[r#"
        16..17 expected-token: expected a keyframe, a time and its value (other members of this list are keyframes: `300ms: 100%`)
    "#]],
    );
    check(
        "let x = [for in xs]",
        expect![[r#"
        16..18 unexpected-token: expected `]`, found `xs`
    "#]],
    );
    check(
        "let x = (1]",
        expect![[r#"
        10..11 unclosed-bracket: `(` is closed by `]` instead of `)` [8..9 opened here] -> ")"
    "#]],
    );
    check(
        "let x = {a: , b: 2",
        expect![[r#"
        8..9 unclosed-block: `{` has no `}` [18..18 `}` is missing here at the latest]
        11..11 expected-expression: expected a value after `:`
    "#]],
    );
}

#[test]
fn strings() {
    check(
        "let x = \"abc\nlet y = 1",
        expect![[r#"
        8..12 unclosed-string: this string does not end on its line (close it with `"`, or use `"""` for several lines) -> "\""
    "#]],
    );
    check(
        "let x = \"{\"\nlet y = 1",
        expect![[r#"
        9..10 unclosed-interpolation: `{` in a string has no `}` on its line (a plain brace in a string is written `\{`)
    "#]],
    );
    check(
        "let x = \"{}{a b}\"",
        expect![[r#"
        9..11 expected-expression: expected a value between `{` and `}` (a plain brace in a string is written `\{`)
        14..15 unexpected-token: expected `}`, found `b` (a plain brace in a string is written `\{`)
    "#]],
    );
    check(
        "let x = \"\"\"abc",
        expect![[r#"
        8..11 unclosed-string: this string never ends (a string that begins with three quotes ends with three)
    "#]],
    );
    check(
        "/* a /* b */",
        expect![[r#"
        0..2 unclosed-comment: this comment never ends (comments nest: every `/*` needs a `*/`)
    "#]],
    );
}

#[test]
fn headers() {
    check_body(
        "video a \"a\" \"b\" at 1s at 2s",
        expect![[r#"
        28..31 duplicate-clause: `video` has a string twice [24..27 it stands here already]
        38..43 duplicate-clause: `video` has `at` twice [32..37 it stands here already]
    "#]],
    );
    check_body(
        "video a at 1s \"a\"",
        expect![[r#"
        30..33 misplaced-clause: a string of `video` stands before `at`, `for` and other clauses
    "#]],
    );
    check_body(
        "marker m at 1s { x: 1 }",
        expect![[r#"
        31..39 misplaced-clause: `marker` does not take a block (it takes `at`)
    "#]],
    );
    check_body(
        "gap 1s for 2s",
        expect![[r#"
        23..29 misplaced-clause: `gap` does not take `for` (it takes nothing more)
    "#]],
    );
    check_body(
        "effect blur (1)",
        expect![[r#"
        28..31 misplaced-clause: `effect` does not take arguments in parentheses (it takes a block)
    "#]],
    );
    check_body(
        "enter fade at 1s",
        expect![[r#"
        27..32 misplaced-clause: `enter` does not take `at` (it takes `for`, an easing and a block)
    "#]],
    );
    check_body(
        "video a [2s]",
        expect![[r#"
        25..27 expected-range: expected a range of the media in the brackets (a range has its start, `..` and its end, as in `[2s..6s]` or `[2s..]`)
    "#]],
    );
    check(
        "composition c 640x360 640x360 12 \"a\" at 3s {}",
        expect![[r#"
        22..29 duplicate-clause: a composition has one size [14..21 it stands here already]
        30..32 misplaced-clause: `12` is neither a size nor a frame rate (a composition's header has a size and a rate, as in `1920x1080 30fps`)
        33..36 misplaced-clause: `composition` does not take a string (it takes `for` and a block)
        37..42 misplaced-clause: `composition` does not take `at` (it takes `for` and a block)
    "#]],
    );
}

#[test]
fn choices() {
    check(
        "let x = if a { 1 }",
        expect![[r#"
        18..18 expected-token: expected `else` and a value, since every choice has one
    "#]],
    );
    check(
        "let x = if { 1 } else { }",
        expect![[r#"
        10..10 expected-expression: expected a condition after `if`
        23..23 expected-expression: expected a value in the braces
    "#]],
    );
    check_body(
        "if a { } else { } else if b { }",
        expect![[r#"
        34..47 unexpected-token: nothing comes after `else` [25..33 the choice ends with this]
    "#]],
    );
}

#[test]
fn depth() {
    let nested = |n: usize| format!("let x = {}1{}", "(".repeat(n), ")".repeat(n));
    check(&nested(256), expect![""]);
    check(
        &nested(257),
        expect![[r#"
        264..267 nesting-too-deep: brackets nest more than 256 levels deep (name the inner parts with `let`, or move them into a composition of their own)
    "#]],
    );
    check(
        &format!("let x = {}1", "-".repeat(300)),
        expect![[r#"
        264..309 nesting-too-deep: operators nest more than 256 levels deep (name parts of the value with `let`)
    "#]],
    );
    check(&format!("let x = {}1", "1 + ".repeat(256)), expect![""]);
    check(
        &format!("let x = {}1", "1 + ".repeat(257)),
        expect![[r#"
        8..13 nesting-too-deep: operators nest more than 256 levels deep (name parts of the value with `let`)
    "#]],
    );
    check(
        &format!("let x = a{}", ".a".repeat(300)),
        expect![[r#"
        8..97 nesting-too-deep: operators nest more than 256 levels deep (name parts of the value with `let`)
    "#]],
    );
    check(
        &format!("let x: {}a", "list<".repeat(40)),
        expect![[r#"
        11..12 unclosed-bracket: `<` has no `>` [171..171 `>` is missing here at the latest]
        171..208 nesting-too-deep: types nest more than 32 levels deep (no value needs a type like this)
    "#]],
    );
}
