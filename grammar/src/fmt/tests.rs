use expect_test::{Expect, expect};

use super::{format, has_same_meaning, layout};
use crate::parse;

/// Formats, and checks every promise on the way.
fn check(text: &str, expected: Expect) {
    let source = parse(text);
    let laid_out = layout(&source, text).map(|result| result.text).unwrap_or_default();
    expected.assert_eq(&laid_out);
    assert!(has_same_meaning(&source, &parse(&laid_out)), "tokens changed");
    let again = format(&laid_out).text;
    assert_eq!(again, laid_out, "not idempotent");
}

#[test]
fn spacing() {
    check(
        "let   x=1+2*-3\nlet y=not  a&&!b\nlet r = [ 2s .. 6s ]\nlet c=f( a ,b : 1 )[ 0 ].d",
        expect![[r#"
        let x = 1 + 2 * -3
        let y = not a && !b
        let r = [2s..6s]
        let c = f(a, b: 1)[0].d
    "#]],
    );
    check(
        "fn f( a:time ,b:list<number> = [ ] )->time=a",
        expect![[r#"
        fn f(a: time, b: list<number> = []) -> time = a
    "#]],
    );
    check(
        "extern element e{a:media<video | audio>? = if x{1}else{2} {required,local}}",
        expect![[r#"
        extern element e {
          a: media<video|audio>? = if x { 1 } else { 2 } { required, local }
        }
    "#]],
    );
    check(
        "import \"a\" {a,b}\nimport \"b\"as c",
        expect![[r#"
        import "a" { a, b }
        import "b" as c
    "#]],
    );
}

#[test]
fn one_statement_a_line() {
    check(
        "composition c { x: 1, y: 2; z: 3 }",
        expect![[r#"
            composition c { x: 1  y: 2  z: 3 }
        "#]],
    );
    check(
        "composition c(a:number)1920x1080 30fps{video v \"a.mp4\"[2s..6s]at 1s{volume:60%}stack{}}",
        expect![[r#"
        composition c(a: number) 1920x1080 30fps {
          video v "a.mp4" [2s..6s] at 1s { volume: 60% }
          stack {}
        }
    "#]],
    );
    check(
        "composition c {\n\n\n  x: 1\n\n\n\n  y: 2\n\n}\n\n\n\nlet z = 1",
        expect![[r#"
        composition c {
          x: 1

          y: 2
        }

        let z = 1
    "#]],
    );
    check(
        "composition c { if a { x: 1 } else if b { y: 2 y: 3 } else {} for i in xs { text t } }",
        expect![[r#"
            composition c {
              if a { x: 1 } else if b { y: 2  y: 3 } else {}
              for i in xs {
                text t
              }
            }
        "#]],
    );
    check(
        "extern enum motion { fade { in out } zoom }",
        expect![[r#"
        extern enum motion {
          fade { in out }
          zoom
        }
    "#]],
    );
}

#[test]
fn comments() {
    check(
        "// a\n/* b */ let x = 1 // c\n\n\n/// d\nlet y = 2 /* e */\n// f",
        expect![[r#"
        // a
        /* b */ let x = 1 // c

        /// d
        let y = 2 /* e */
        // f
    "#]],
    );
    check(
        "composition c { // a\n  // b\n\n  // c\n  x: 1, // d\n  /* e */ y: 2\n  // f\n}",
        expect![[r#"
        composition c { // a
          // b

          // c
          x: 1 // d
          /* e */ y: 2
          // f
        }
    "#]],
    );
    check(
        "let x = [ // a\n  1, // b\n  /* c */ 2\n  // d\n]",
        expect![[r#"
        let x = [
          // a
          1, // b
          /* c */ 2
          // d
        ]
    "#]],
    );
    check(
        "let x = 1 + // a\n  2",
        expect![[r#"
        let x = 1 + // a
          2
    "#]],
    );
    check(
        "composition c { /* a */ }",
        expect![[r#"
        composition c { /* a */
        }
    "#]],
    );
    check(
        "let x = [/* a */]\nlet y = f(a /* b */, c)",
        expect![[r#"
        let x = [/* a */]
        let y = f(a /* b */, c)
    "#]],
    );
}

#[test]
fn long_lists() {
    check(
        "let x = [0s: 0%, 300ms: 100% ease_out, end - 300ms: 100%, end: 0%, 1s: 10%, 2s: 20%, 3s: 30%, 4s: 40%, 5s: 50%]",
        expect![[r#"
            let x = [
              0s: 0%,
              300ms: 100% ease_out,
              end - 300ms: 100%,
              end: 0%,
              1s: 10%,
              2s: 20%,
              3s: 30%,
              4s: 40%,
              5s: 50%
            ]
        "#]],
    );
    check(
        "let x = f(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, [bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccccccccccc], d)",
        expect![[r#"
        let x = f(
          aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,
          [bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccccccccccc],
          d
        )
    "#]],
    );
    check(
        "let x = [1, 2,]",
        expect![[r#"
        let x = [
          1,
          2,
        ]
    "#]],
    );
    check(
        "let x = { a: 1, b: 2 }",
        expect![[r#"
        let x = { a: 1, b: 2 }
    "#]],
    );
}

#[test]
fn strings_are_not_touched() {
    check(
        "let x = \"a  {  b  }\"\nlet y = \"\"\"\n  a\n   b\n  \"\"\"",
        expect![[r#"
        let x = "a  {  b  }"
        let y = """
          a
           b
          """
    "#]],
    );
}

#[test]
fn errors_stay() {
    check(
        "composition c {\n      x:   1\n      y =   2\n   z:3\n}",
        expect![[r#"
        composition c {
          x: 1
          y =   2
          z: 3
        }
    "#]],
    );
    check(
        "composition c {\n  font-size:   3\n  a:1 @  b\n}",
        expect![[r#"
        composition c {
          font-size: 3
          a:1 @  b
        }
    "#]],
    );
    check(
        "@@   ?\nlet   x=1",
        expect![[r#"
        @@   ?
        let x = 1
    "#]],
    );
    check(
        "composition c {\n  video v {\n x:1",
        expect![[r#"
        composition c {
          video v {
         x:1"#]],
    );
    check(
        "composition c {\n  x: (1 +   2\n  y:4\n}",
        expect![[r#"
        composition c {
          x: (1 +   2
          y: 4
        }
    "#]],
    );
    check(
        "composition c { video a,\n [1s..2s], x:;\n foo \"a\" }",
        expect![[r#"
        composition c {
          video a,
         [1s..2s], x:;
         foo "a"
        }
    "#]],
    );
}

#[test]
fn nothing_and_line_ends() {
    check("", expect![""]);
    check("  \n\n ", expect![""]);
    check(
        "let x = 1\r\n\r\n\r\nlet y = 2\r\n",
        expect![[r#"
        let x = 1

        let y = 2
    "#]],
    );
    check(
        "\n\n// a",
        expect![[r#"
        // a
    "#]],
    );
}

#[test]
fn values_on_a_line_of_their_own() {
    check(
        "fn wide(a: number) -> number =\nif a > 1 { a } else { 1 }\nfn b() -> time =   1s\nlet c =\n 3",
        expect![[r#"
            fn wide(a: number) -> number =
              if a > 1 { a } else { 1 }
            fn b() -> time = 1s
            let c =
              3
        "#]],
    );
}

/// Where a block was left open is told by where lines stand, which formatting changes.
#[test]
fn a_block_left_open_settles() {
    let text = "\
composition a 640x360 30fps {
  sequence s {
    stack all {
      image fills \"a.png\" for fill
composition a 640x360 30fps {
      image open \"a.png\"
      sequence shares {
        image third \"a.png\" for 1fr
  }
    }
    text tail \"tail\" for 1s
      }
}
";
    let once = format(text).text;
    assert_eq!(format(&once).text, once);
    assert_eq!(layout(&parse(text), text).map(|result| result.text == once), Some(false), "{once}");
}
