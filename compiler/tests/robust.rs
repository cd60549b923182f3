//! Bad input ends in one clear message: no crash, no hang, no flood.

use expect_test::expect;
use vid_compiler::{
    CompileRequest, Compiler, DiskSystem, MAX_DIAGNOSTICS, MediaTrouble, MemorySystem, TerminalColor, human,
    json,
};

/// The messages of compiling a text, one line each.
fn messages(text: &str) -> String {
    let mut compiler = Compiler::new(MemorySystem::new());
    let file = compiler.set_text("film.vid", text);
    let checked = compiler.check(file, MediaTrouble::Fails);
    assert!(checked.len() <= MAX_DIAGNOSTICS, "never a flood");
    let compiled = compiler.compile(file, &CompileRequest::default());
    let lines = compiled.diagnostics.iter().map(|d| {
        let message: String = d.message.chars().take(120).collect();
        format!("{} {}\n", d.code, message)
    });
    lines.collect()
}

#[test]
fn deep_nesting_is_one_message() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{ a: ", "}")] {
        let text = format!("let deep = {}1{}", open.repeat(20_000), close.repeat(20_000));
        let found = messages(&text);
        assert!(found.starts_with("nesting-too-deep"), "{found}");
        assert!(found.lines().count() <= 2, "{found}");
    }
    let blocks =
        format!("composition a 640x360 30fps {{ {} {}", "stack { ".repeat(20_000), "}".repeat(20_001));
    assert!(messages(&blocks).starts_with("nesting-too-deep"));
    for chain in [
        "-".repeat(50_000) + "1",
        "1".to_owned() + &" + 1".repeat(50_000),
        "a".to_owned() + &".a".repeat(50_000),
    ] {
        let found = messages(&format!("let long = {chain}"));
        assert!(found.lines().count() <= 4, "{found}");
    }
}

#[test]
fn a_source_of_50_mb_is_one_message() {
    let system = MemorySystem::new();
    system.write("film.vid", vec![b' '; 50_000_000]);
    let mut compiler = Compiler::new(system);
    let file = compiler.open("film.vid");
    let compiled = compiler.compile(file, &CompileRequest::default());
    let shown = human(&compiled.diagnostics, &|path| compiler.text_of(path), TerminalColor::Never);
    expect![[r#"
        film.vid:1:1: error[file-too-large]: `film.vid` has more than the 1024 KiB that are read
    "#]]
    .assert_eq(&shown.lines().take(1).map(|line| format!("{line}\n")).collect::<String>());
    assert_eq!(compiled.diagnostics.len(), 1);
    let found = messages(&" ".repeat(2_000_000));
    assert!(found.starts_with("file-too-large"), "{found}");
}

#[test]
fn files_that_cannot_be_read() {
    let mut compiler = Compiler::new(DiskSystem);
    let file = compiler.open("no/such/film.vid");
    let found = compiler.compile(file, &CompileRequest::default()).diagnostics;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code.as_str(), "file-not-found");

    let system = MemorySystem::new();
    system.write("film.vid", b"let a = \"\xff\xfe\"".to_vec());
    let mut compiler = Compiler::new(system);
    let file = compiler.open("film.vid");
    let found = compiler.check(file, MediaTrouble::Warns);
    assert_eq!(found.len(), 1);
    expect!["`film.vid` is not UTF-8 text: byte 9 begins no character"].assert_eq(&found[0].message);
}

#[test]
fn long_chains_of_references() {
    let mut forward = String::from("composition a 640x360 30fps {\n");
    for i in 0..2_000 {
        forward.push_str(&format!("  text t{i} \"x\" at t{}.end for 1s\n", i + 1));
    }
    forward.push_str("  text t2000 \"x\" for 1s\n}\n");
    let found = messages(&forward);
    assert!(found.lines().all(|line| line.starts_with("too-much-work")), "{found}");

    let mut backward = String::from("composition a 640x360 30fps {\n  text t0 \"x\" for 1s\n");
    for i in 1..2_000 {
        backward.push_str(&format!("  text t{i} \"x\" at prev.end for 1s\n"));
    }
    backward.push('}');
    assert_eq!(messages(&backward), "");

    let mut lets = String::new();
    for i in 0..5_000 {
        lets.push_str(&format!("let v{i} = v{} + 1\n", i + 1));
    }
    let found = messages(&lets);
    assert!(found.lines().count() < 110, "{found}");
}

#[test]
fn long_sequences_and_many_elements() {
    let slides = "    image \"a.png\" for 2s\n    transition cross_dissolve for up to 1s\n".repeat(3_000);
    let film = format!(
        "composition a 640x360 30fps {{\n  sequence s {{\n{slides}    image \"a.png\" for 2s\n  }}\n}}\n"
    );
    assert_eq!(messages(&film), "");
    let film = "composition a 640x360 30fps for 9s { for i in 0..100 { for j in 0..100 { for k in 0..100 { text \"x\" } } } }";
    assert!(messages(film).starts_with("too-much-work"), "{}", messages(film));
    let film = "composition a 640x360 30fps for 9s { let xs = [for i in 0..90000: [for j in 0..90000: i * j]] text \"{count(xs)}\" }";
    assert!(messages(film).starts_with("too-much-work"), "{}", messages(film));
    let doubling = (0..60).map(|i| format!("let s{} = \"{{s{i}}}{{s{i}}}\"\n", i + 1)).collect::<String>();
    let film = format!("let s0 = \"x\"\n{doubling}composition a 640x360 30fps for 9s {{ text \"{{s60}}\" }}");
    assert!(messages(&film).starts_with("too-much-work"), "{}", messages(&film));
}

#[test]
fn a_flood_of_errors_is_cut() {
    let text =
        format!("composition a 640x360 30fps for 9s {{\n{}}}", "  text \"x\" { colour: red }\n".repeat(500));
    let mut compiler = Compiler::new(MemorySystem::new());
    let file = compiler.set_text("film.vid", &text);
    let found = compiler.check(file, MediaTrouble::Warns);
    assert_eq!(found.len(), MAX_DIAGNOSTICS);
    assert_eq!(found[MAX_DIAGNOSTICS - 1].help.last().unwrap(), "400 more messages are left out");
}

#[test]
fn messages_as_text_and_as_json() {
    let mut compiler = Compiler::new(MemorySystem::new());
    let text = "composition a 640x360 30fps for 9s {\n  text title \"x\" at 1s { time: 2s }\n}\n";
    let file = compiler.set_text("film.vid", text);
    let found = compiler.check(file, MediaTrouble::Warns);
    expect![[r#"
        error[said-twice]: `time` of `title` is said twice
          ┌─ film.vid:2:32
          │
        2 │   text title "x" at 1s { time: 2s }
          │                     --         ^^ said again here
          │                     │           
          │                     said here
          │
          = help: keep one of the two

    "#]]
    .assert_eq(&human(&found, &|path| compiler.text_of(path), TerminalColor::Never));
    expect![[r#"
        [
          {
            "code": "said-twice",
            "severity": "error",
            "message": "`time` of `title` is said twice",
            "primary": {
              "path": "film.vid",
              "start": 68,
              "end": 70,
              "message": "said again here"
            },
            "secondary": [
              {
                "path": "film.vid",
                "start": 57,
                "end": 59,
                "message": "said here"
              }
            ],
            "help": [
              "keep one of the two"
            ],
            "fix": null
          }
        ]"#]]
    .assert_eq(&serde_json::to_string_pretty(&json(&found)).unwrap());
}
