//! The session whose answers are timed.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::project::Project;
use crate::wire::Wire;

/// What was measured on one project.
pub struct Figures {
    /// What was measured of each method.
    pub methods: BTreeMap<String, Method>,
    /// Seconds from the start of the program to the first diagnostics.
    pub first_diagnostics: f64,
    /// The most memory the server had, in MiB.
    pub peak_mib: u64,
}

/// What was measured of one method.
pub struct Method {
    /// Seconds from the edit before the question to the answer, one for each round.
    pub times: Vec<f64>,
    /// Seconds that the server worked for one edit and one question, on all of its threads.
    pub work: f64,
}

/// Memory after so many edits, in KiB.
pub struct Memory {
    /// How many edits there were.
    pub edits: i32,
    /// What the server had then.
    pub kib: u64,
}

/// How long the server has nothing to do before its memory is looked at.
const REST: Duration = Duration::from_secs(5);
/// Edits after which memory is looked at; the first of them is what the others are compared with.
const EDITS: [i32; 6] = [100, 500, 1_000, 2_000, 5_000, 10_000];

/// Times every method on a project of so many lines, so many times.
#[expect(clippy::disallowed_methods, reason = "this is what it measures")]
pub fn measure(vid: &Path, lines: usize, rounds: usize) -> Result<Figures, String> {
    let project = Project::new(lines)?;
    let started = Instant::now();
    let mut session = Session::open(vid, &project)?;
    session.wire.ask("textDocument/diagnostic", &session.of())?;
    let first_diagnostics = started.elapsed().as_secs_f64();
    let mut methods = BTreeMap::new();
    for (method, params) in session.questions(lines) {
        // The first one warms up.
        session.edit()?;
        session.wire.ask(method, &params)?;
        let before = session.wire.worked()?;
        let mut times = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            let begin = Instant::now();
            session.edit()?;
            session.wire.ask(method, &params)?;
            times.push(begin.elapsed().as_secs_f64());
        }
        let worked = session.wire.worked()? - before;
        #[expect(clippy::cast_precision_loss, reason = "a few rounds")]
        let work = worked / rounds as f64;
        methods.insert(method.to_owned(), Method { times, work });
    }
    let peak_mib = session.wire.memory("VmHWM")? / 1024;
    session.wire.stop()?;
    Ok(Figures { methods, first_diagnostics, peak_mib })
}

/// Memory of a server over a project of 1,000 lines while it is edited, a question after each tenth edit. Every
/// question has been asked once before.
pub fn growth(vid: &Path) -> Result<Vec<Memory>, String> {
    let project = Project::new(1_000)?;
    let mut session = Session::open(vid, &project)?;
    let questions = session.questions(1_000);
    let mut reached = Vec::new();
    // What a question needs the first time, such as the pages of the program, is no growth.
    for (method, params) in &questions {
        session.wire.ask(method, params)?;
    }
    for edits in EDITS {
        while session.version < edits {
            session.edit()?;
            if session.version % 10 == 0 {
                let nth = usize::try_from(session.version / 10).unwrap_or_default();
                let (method, params) = &questions[nth % questions.len()];
                session.wire.ask(method, params)?;
            }
        }
        session.wire.ask("textDocument/diagnostic", &session.of())?;
        // A server that has nothing to do gives memory back.
        std::thread::sleep(REST);
        reached.push(Memory { edits, kib: session.wire.memory("VmRSS")? });
    }
    session.wire.stop()?;
    Ok(reached)
}

struct Session {
    wire: Wire,
    uri: String,
    /// A line in the middle, of an element.
    middle: usize,
    version: i32,
}

impl Session {
    fn open(vid: &Path, project: &Project) -> Result<Self, String> {
        let mut wire = Wire::start(vid)?;
        let root = format!("file://{}", project.folder().display());
        let capabilities = json!({
            "textDocument": { "diagnostic": {}, "hover": { "contentFormat": ["markdown"] } },
            "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } },
        });
        let folders = json!([{ "uri": root, "name": "film" }]);
        let hello = json!({
            "processId": null, "rootUri": root, "workspaceFolders": folders, "capabilities": capabilities,
        });
        wire.ask("initialize", &hello)?;
        wire.tell("initialized", &json!({}))?;
        let uri = format!("{root}/film.vid");
        let document = json!({ "uri": uri, "languageId": "vid", "version": 1, "text": project.text });
        wire.tell("textDocument/didOpen", &json!({ "textDocument": document }))?;
        let lines: Vec<&str> = project.text.lines().collect();
        let is_element = |at: &usize| lines.get(*at).is_some_and(|line| line.starts_with("  text t"));
        let middle = (lines.len() / 2..lines.len()).find(is_element).ok_or("the film has no middle")?;
        Ok(Self { wire, uri, middle, version: 1 })
    }

    fn of(&self) -> Value {
        json!({ "textDocument": { "uri": self.uri } })
    }

    /// A comment comes and goes in the middle, and moves what stands behind it.
    fn edit(&mut self) -> Result<(), String> {
        self.version += 1;
        let (text, length) = if self.version % 2 == 0 { ("/**/", 0) } else { ("", 4) };
        let line = self.middle + 1;
        let range = json!({
            "start": { "line": line, "character": 4 },
            "end": { "line": line, "character": 4 + length },
        });
        let params = json!({
            "textDocument": { "uri": self.uri, "version": self.version },
            "contentChanges": [{ "range": range, "text": text }],
        });
        self.wire.tell("textDocument/didChange", &params)
    }

    fn questions(&self, lines: usize) -> Vec<(&'static str, Value)> {
        let with = |more: Value| {
            let mut all = self.of();
            for (key, value) in more.as_object().into_iter().flatten() {
                all[key] = value.clone();
            }
            all
        };
        let place = |line: usize, character: usize| json!({ "line": line, "character": character });
        let range = |from: Value, to: Value| json!({ "start": from, "end": to });
        let (line, options) = (self.middle, json!({ "tabSize": 2, "insertSpaces": true }));
        let on_name = with(json!({ "position": place(line, 8) }));
        let on_color = with(json!({ "position": place(line + 3, 17) }));
        let screen = range(place(line.saturating_sub(30), 0), place(line + 30, 0));
        let mut references = on_color.clone();
        references["context"] = json!({ "includeDeclaration": true });
        let mut rename = on_color.clone();
        rename["newName"] = json!("orange");
        vec![
            ("textDocument/diagnostic", self.of()),
            ("textDocument/completion", with(json!({ "position": place(line + 2, 4) }))),
            ("textDocument/hover", on_name.clone()),
            ("textDocument/inlayHint", with(json!({ "range": screen.clone() }))),
            ("textDocument/codeLens", self.of()),
            ("textDocument/definition", on_color.clone()),
            ("textDocument/documentHighlight", on_color.clone()),
            ("textDocument/references", references),
            ("textDocument/prepareRename", on_color),
            ("textDocument/rename", rename),
            ("textDocument/documentColor", self.of()),
            ("textDocument/documentLink", self.of()),
            ("textDocument/semanticTokens/full", self.of()),
            ("textDocument/semanticTokens/range", with(json!({ "range": screen }))),
            ("textDocument/formatting", with(json!({ "options": options.clone() }))),
            (
                "textDocument/rangeFormatting",
                with(
                    json!({ "options": options.clone(), "range": range(place(line, 0), place(line + 6, 0)) }),
                ),
            ),
            (
                "textDocument/onTypeFormatting",
                with(json!({ "options": options, "position": place(line + 6, 3), "ch": "}" })),
            ),
            ("textDocument/documentSymbol", self.of()),
            ("textDocument/foldingRange", self.of()),
            ("textDocument/selectionRange", with(json!({ "positions": [place(line, 8)] }))),
            (
                "textDocument/codeAction",
                with(json!({
                    "range": range(place(line, 8), place(line, 8)),
                    "context": { "diagnostics": [] },
                })),
            ),
            ("textDocument/signatureHelp", on_name.clone()),
            ("textDocument/prepareCallHierarchy", with(json!({ "position": place(2, 14) }))),
            ("workspace/symbol", json!({ "query": format!("t{}", lines / 20) })),
        ]
    }
}
