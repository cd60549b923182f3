//! The extension for VS Code: what its description claims is there, and its snippets are good sources.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use vid_compiler::{Compiler, MediaTrouble, MemorySystem, Severity};

use crate::files;

const FOLDER: &str = "editors/vscode";

fn text(path: &str) -> String {
    files::text(Path::new(path)).unwrap_or_else(|| panic!("{path} is not there"))
}

fn package() -> Value {
    serde_json::from_str(&text("editors/vscode/package.json")).expect("the description is JSON")
}

/// Every string below a value.
fn strings<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(values) => values.iter().for_each(|value| strings(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| strings(value, found)),
        _ => {}
    }
}

#[test]
fn every_file_that_the_extension_names_is_there_or_is_made() {
    let package = package();
    let mut found = Vec::new();
    strings(&package["contributes"], &mut found);
    let icon = package["icon"].as_str().expect("the extension has an icon");
    let named = found.into_iter().filter(|text| text.starts_with("./")).chain([icon]);
    for path in named {
        let path = Path::new(FOLDER).join(path);
        assert!(files::root().join(&path).is_file(), "{} is not there", path.display());
    }
    // What is built is built from here.
    assert_eq!(package["main"], "./dist/extension.js");
    assert!(text("editors/vscode/build.mjs").contains("dist/extension.js"));
}

#[test]
fn every_json_file_of_the_extension_is_read() {
    for path in [
        "language-configuration.json",
        "snippets/vid.json",
        "syntaxes/markdown.tmLanguage.json",
        "tsconfig.json",
    ] {
        let read: Result<Value, _> = serde_json::from_str(&text(&format!("{FOLDER}/{path}")));
        assert!(read.is_ok(), "{path}: {read:?}");
    }
}

#[test]
fn commands_are_declared_and_implemented() {
    let package = package();
    let names = |value: &Value| -> BTreeSet<String> {
        let values = value.as_array().into_iter().flatten();
        values.filter_map(|value| Some(value["command"].as_str()?.to_owned())).collect()
    };
    let declared = names(&package["contributes"]["commands"]);
    let source = text("editors/vscode/src/extension.ts");
    let implemented: BTreeSet<String> = source
        .split("command(\"")
        .skip(1)
        .filter_map(|rest| Some(rest.split('"').next()?.to_owned()))
        .collect();
    assert_eq!(declared, implemented);

    let menus = package["contributes"]["menus"].as_object().expect("there are menus");
    let used = menus.values().chain([&package["contributes"]["keybindings"]]).flat_map(names);
    let unknown: Vec<String> = used.filter(|name| !declared.contains(name)).collect();
    assert_eq!(unknown, [""; 0]);
}

/// The settings of the server are those of docs/lsp.md, and the extension passes each of them on.
#[test]
fn settings_are_those_of_the_manual() {
    let page = text("docs/lsp.md");
    let table =
        page.split("## Settings").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    let mut of_the_manual: BTreeSet<&str> =
        table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    // Said by the extension itself: which commands it has.
    of_the_manual.remove("commands");
    assert!(of_the_manual.contains("hintTimes"));

    let source = text("editors/vscode/src/settings.ts");
    let passed = source.split("SERVER_SETTINGS = [").nth(1).and_then(|rest| rest.split(']').next());
    let passed: BTreeSet<&str> = passed.unwrap_or_default().split('"').skip(1).step_by(2).collect();
    assert_eq!(passed, of_the_manual);

    let package = package();
    let properties = package["contributes"]["configuration"]["properties"].as_object().expect("settings");
    for name in of_the_manual {
        assert!(properties.contains_key(&format!("vid.{name}")), "the extension has no setting vid.{name}");
    }
    for (name, property) in properties {
        assert!(property["markdownDescription"].is_string(), "{name} does not say what it means");
        assert!(!property["default"].is_null(), "{name} has no default");
    }
}

/// What the manual says to copy is what lies beside the editors.
#[test]
fn the_manual_shows_the_configuration_of_helix() {
    let page = text("docs/editors.md");
    let shown = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
    let file = text("editors/helix/languages.toml");
    // The first lines of the file say where it goes, which the page says around it.
    let (_, settings) = file.split_once("\n\n").expect("a comment, then the settings");
    assert_eq!(shown, settings);
}

/// A snippet whose places to fill in hold what they hold at first.
fn filled(body: &str) -> String {
    let mut known: Vec<(u32, String)> = Vec::new();
    let mut text = String::new();
    let mut rest = body;
    while let Some(at) = rest.find('$') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(inside) = rest.strip_prefix('{') {
            let end = inside.find('}').expect("a place to fill in ends");
            let (number, value) = match inside[..end].split_once([':', '|']) {
                // `${1:words}` or `${1|one,another|}`.
                Some((number, value)) => (number, Some(value.trim_end_matches('|'))),
                None => (&inside[..end], None),
            };
            let is_choice = inside[..end].contains('|');
            let number: u32 = number.parse().expect("a place to fill in has a number");
            let value = match value {
                Some(value) if is_choice => value.split(',').next().unwrap_or_default().to_owned(),
                Some(value) => value.to_owned(),
                None => known
                    .iter()
                    .find(|(known, _)| *known == number)
                    .map(|(_, value)| value.clone())
                    .expect("said before"),
            };
            text.push_str(&value);
            known.push((number, value));
            rest = &inside[end + 1..];
        } else {
            // `$0`: where the cursor ends up, and a statement is written.
            rest = rest.strip_prefix('0').expect("only the last place has no braces");
            text.push_str("text \"a\" for 1s");
        }
    }
    text + rest
}

/// Sources around a snippet: by itself, in a film, in a sequence, in a text or a picture.
fn around(body: &str) -> [String; 6] {
    let indented = |depth: usize| {
        let lines: Vec<String> = body.lines().map(|line| format!("{}{line}", "  ".repeat(depth))).collect();
        lines.join("\n")
    };
    let film = |inside: String| format!("composition outer 1920x1080 30fps for 9s {{\n{inside}\n}}\n");
    let both = "  image one \"media/still.jpg\" for 3s\n";
    let sounds = "  audio music \"media/music.mp3\" until end\n  audio voice \"media/voice.wav\"\n";
    [
        format!("{body}\n\ncomposition outer 1920x1080 30fps for 9s {{\n  text \"a\"\n}}\n"),
        film(indented(1)),
        film(format!("{sounds}{}", indented(1))),
        film(format!(
            "  sequence {{\n  {both}{}\n    image two \"media/still.jpg\" for 3s\n  }}",
            indented(2)
        )),
        film(format!("  text t \"a\" for 3s {{\n{}\n  }}", indented(2))),
        film(format!("  image i \"media/still.jpg\" for 3s {{\n{}\n  }}", indented(2))),
    ]
}

#[test]
fn snippets_are_good_sources_in_their_usual_form() {
    let snippets: Value = serde_json::from_str(&text("editors/vscode/snippets/vid.json")).expect("JSON");
    let snippets = snippets.as_object().expect("snippets have names");
    let mut prefixes = BTreeSet::new();
    for (name, snippet) in snippets {
        let prefix = snippet["prefix"].as_str().expect("a snippet has a prefix");
        assert!(prefixes.insert(prefix), "two snippets are called `{prefix}`");
        let lines: Vec<&str> =
            snippet["body"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let body = filled(&lines.join("\n"));
        let mut problems = Vec::new();
        let is_good = around(&body).iter().any(|source| {
            let found = problems_of(source);
            let is_good = found.is_empty();
            problems.push(format!("{source}\n{}", found.join("\n")));
            is_good
        });
        assert!(is_good, "`{name}` is good nowhere:\n{}", problems.join("\n"));
    }
}

/// What is wrong with a source that has all the media it names.
fn problems_of(source: &str) -> Vec<String> {
    let system = MemorySystem::new();
    system.write("film.vid", source);
    system.write("rows.csv", "name\nAda\n");
    system.write("media/talk.srt", "1\n00:00:01,000 --> 00:00:03,000\nHello\n");
    let mut compiler = Compiler::new(system);
    let file = compiler.open("film.vid");
    let found = compiler.check(file, MediaTrouble::Warns);
    let errors = found.iter().filter(|found| found.severity == Severity::Error);
    let mut problems: Vec<String> =
        errors.map(|found| format!("{}: {}", found.code, found.message)).collect();
    let formatted = vid_grammar::fmt::format(source).text;
    if formatted != source {
        problems.push(format!("formatted:\n{formatted}"));
    }
    problems
}
