use expect_test::{Expect, expect};

use super::StringPart;
use crate::ast::{AstNode, Expr, Item};

/// What the value of a `let` decodes to.
fn check(literal: &str, expected: Expect) {
    let parse = crate::parse(&format!("let x = {literal}"));
    let value = parse.file().items().find_map(|item| match item {
        Item::Let(item) => item.value(),
        _ => None,
    });
    let shown = match value {
        Some(Expr::Literal(literal)) => match literal.decode() {
            Ok(value) => format!("{value:?}"),
            Err(error) => show(&error),
        },
        Some(Expr::String(string)) => match string.decode() {
            Ok(parts) => parts
                .iter()
                .map(|part| match part {
                    StringPart::Text(text) => format!("{text:?}"),
                    StringPart::Value(value) => format!("<{}>", value.syntax().text()),
                })
                .collect::<Vec<_>>()
                .join(" "),
            Err(error) => show(&error),
        },
        other => format!("{other:?}"),
    };
    expected.assert_eq(&shown);
}

fn show(error: &super::LiteralError) -> String {
    let mut shown = format!("{}: {} at {:?}", error.code.as_str(), error.message, error.range);
    if let Some(fix) = &error.fix {
        shown += &format!(" -> {}", fix.replacement);
    }
    shown
}

#[test]
fn numbers() {
    check("3", expect!["Number(Exact { numerator: 3, denominator: 1 })"]);
    check("0.25", expect!["Number(Exact { numerator: 1, denominator: 4 })"]);
    check("1_000.50", expect!["Number(Exact { numerator: 2001, denominator: 2 })"]);
    check("1__0", expect!["invalid-number: `1__0` is no number at 8..12"]);
    check("1_", expect!["invalid-number: `1_` is no number at 8..10"]);
    check(
        "1234567890123456789012345",
        expect!["number-too-long: a number has at most 24 digits, this one has 25 at 8..33"],
    );
}

#[test]
fn quantities() {
    check("5s", expect![[r#"Quantity { value: Exact { numerator: 5, denominator: 1 }, unit: "s" }"#]]);
    check("0.5em", expect![[r#"Quantity { value: Exact { numerator: 1, denominator: 2 }, unit: "em" }"#]]);
    check("40%", expect![[r#"Quantity { value: Exact { numerator: 40, denominator: 1 }, unit: "%" }"#]]);
    check(
        "1_000px",
        expect![[r#"Quantity { value: Exact { numerator: 1000, denominator: 1 }, unit: "px" }"#]],
    );
    check("12f", expect![[r#"Quantity { value: Exact { numerator: 12, denominator: 1 }, unit: "f" }"#]]);
    check("5sec", expect![[r#"Quantity { value: Exact { numerator: 5, denominator: 1 }, unit: "sec" }"#]]);
}

#[test]
fn compound_times() {
    check(
        "1m30s",
        expect![
            "Time { seconds: Exact { numerator: 90, denominator: 1 }, frames: Exact { numerator: 0, denominator: 1 } }"
        ],
    );
    check(
        "1h2m3.5s",
        expect![
            "Time { seconds: Exact { numerator: 7447, denominator: 2 }, frames: Exact { numerator: 0, denominator: 1 } }"
        ],
    );
    check(
        "1s500ms",
        expect![
            "Time { seconds: Exact { numerator: 3, denominator: 2 }, frames: Exact { numerator: 0, denominator: 1 } }"
        ],
    );
    check(
        "1s12f",
        expect![
            "Time { seconds: Exact { numerator: 1, denominator: 1 }, frames: Exact { numerator: 12, denominator: 1 } }"
        ],
    );
    check("30s1m", expect!["invalid-time: `m` in `30s1m` comes too late at 8..13"]);
    check("1m30px", expect!["invalid-time: `px` in `1m30px` is no unit of time at 8..14"]);
    check("1m30", expect!["invalid-time: `30` in `1m30` has no unit at 8..12"]);
}

#[test]
fn timecodes() {
    check(
        "00:01:30",
        expect![
            "Time { seconds: Exact { numerator: 90, denominator: 1 }, frames: Exact { numerator: 0, denominator: 1 } }"
        ],
    );
    check(
        "00:01:30.500",
        expect![
            "Time { seconds: Exact { numerator: 181, denominator: 2 }, frames: Exact { numerator: 0, denominator: 1 } }"
        ],
    );
    check(
        "01:00:00:12",
        expect![
            "Time { seconds: Exact { numerator: 3600, denominator: 1 }, frames: Exact { numerator: 12, denominator: 1 } }"
        ],
    );
    check(
        "100:00:00",
        expect![
            "Time { seconds: Exact { numerator: 360000, denominator: 1 }, frames: Exact { numerator: 0, denominator: 1 } }"
        ],
    );
    check("00:99:00", expect!["invalid-timecode: `00:99:00` has 99 minutes, more than 59 at 8..16"]);
    check(
        "0:00:01",
        expect!["invalid-timecode: `0:00:01` needs two digits for hours, minutes and seconds at 8..15"],
    );
}

#[test]
fn sizes_and_rates() {
    check("1920x1080", expect!["Size { width: 1920, height: 1080 }"]);
    check("0x1080", expect!["invalid-size: `0x1080` is no size at 8..14"]);
    check("99999999999x1", expect!["invalid-size: `99999999999x1` is no size at 8..21"]);
    check("30fps", expect!["Rate(Exact { numerator: 30, denominator: 1 })"]);
    check("12.5fps", expect!["Rate(Exact { numerator: 25, denominator: 2 })"]);
    check("30000/1001fps", expect!["Rate(Exact { numerator: 30000, denominator: 1001 })"]);
    check("29.97fps", expect!["inexact-rate: `29.97fps` is a rounded frame rate at 8..16 -> 30000/1001fps"]);
    check("30/0fps", expect!["invalid-rate: `30/0fps` is no frame rate at 8..15"]);
    check("30.5/2fps", expect!["invalid-rate: `30.5/2fps` is no frame rate at 8..17"]);
}

#[test]
fn colours_and_truth() {
    check("#fff", expect!["Color(Rgba { red: 255, green: 255, blue: 255, alpha: 255 })"]);
    check("#101820", expect!["Color(Rgba { red: 16, green: 24, blue: 32, alpha: 255 })"]);
    check("#10182080", expect!["Color(Rgba { red: 16, green: 24, blue: 32, alpha: 128 })"]);
    check("#12", expect!["invalid-color: `#12` has 2 digits at 8..11"]);
    check("#ggg", expect!["invalid-color: `g` in `#ggg` is no hexadecimal digit at 8..12"]);
    check("#", expect!["invalid-color: `#` has 0 digits at 8..9"]);
    check("true", expect!["Boolean(true)"]);
}

#[test]
fn strings() {
    check(r#""""#, expect![""]);
    check(r#""Hi {name}!""#, expect![[r#""Hi " <{name}> "!""#]]);
    check(r#""a\n\t\"\\\{x\}\u{2014}""#, expect![[r#""a\n\t\"\\{x}—""#]]);
    check(r#""\q""#, expect![[r#"invalid-escape: `\q` means nothing at 9..11"#]]);
    check(r#""\u{110000}""#, expect![[r#"invalid-escape: `\u{110000}` is no character at 9..19"#]]);
    check(r#""\u12""#, expect![[r#"invalid-escape: `\u` needs a number in braces at 9..11"#]]);
    check(r#""{a}{b} {"{c}"}""#, expect![[r#"<{a}> <{b}> " " <{"{c}"}>"#]]);
}

#[test]
fn raw_strings() {
    check(r#""""a {b} \n""""#, expect![[r#""a {b} \\n""#]]);
    check("\"\"\"\n    one\n      two\n    \"\"\"", expect![[r#""one\n  two""#]]);
    check("\"\"\"\r\n  one\r\n two\r\n  \"\"\"", expect![[r#""one\ntwo""#]]);
    check("\"\"\"\n  one\n  two\"\"\"", expect![[r#""  one\n  two""#]]);
    check("\"\"\"\n\"\"\"", expect![""]);
}
