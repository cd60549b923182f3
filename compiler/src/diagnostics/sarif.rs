//! Diagnostics for other tools: SARIF 2.1.0, which code hosts and editors read.
//!
//! One run, one result for each diagnostic, in their order; a rule for each code that occurs. Columns
//! count letters (Unicode code points), lines and columns from 1.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use serde_json::{Value, json};

use crate::diagnostics::{Code, Diagnostic, Edit, Label, Severity};

/// Where the format is defined.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The diagnostics as a SARIF log. `text_of` gives the text of a file, for lines and columns; a file
/// that it does not know is named without a place in it.
pub fn sarif(diagnostics: &[Diagnostic], text_of: &dyn Fn(&Path) -> Option<String>) -> Value {
    let mut places = Places { text_of, texts: BTreeMap::new() };
    let mut codes: Vec<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code)).collect();
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|diagnostic| {
            let index = codes.binary_search(&diagnostic.code).unwrap_or(0);
            result(diagnostic, index, &mut places)
        })
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "vid",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// What a code means, from its manual page: the first paragraph, and all of it.
fn rule(code: Code) -> Value {
    let page = code.page();
    let summary = page.split("\n\n").nth(1).unwrap_or(code.as_str());
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": summary },
        "help": { "text": page, "markdown": page },
    })
}

fn result(diagnostic: &Diagnostic, rule_index: usize, places: &mut Places<'_>) -> Value {
    let mut message = diagnostic.message.clone();
    for help in &diagnostic.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut result = json!({
        "ruleId": diagnostic.code.as_str(),
        "ruleIndex": rule_index,
        "level": level,
        "message": { "text": message },
        "locations": [places.location(&diagnostic.primary)],
    });
    if !diagnostic.secondary.is_empty() {
        let related = diagnostic.secondary.iter().map(|label| places.location(label));
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = &diagnostic.fix {
        let mut changes: BTreeMap<&Path, Vec<Value>> = BTreeMap::new();
        for edit in &fix.edits {
            changes.entry(&edit.path).or_default().push(places.replacement(edit));
        }
        let changes: Vec<Value> = changes
            .into_iter()
            .map(|(path, replacements)| {
                json!({ "artifactLocation": { "uri": uri(path) }, "replacements": replacements })
            })
            .collect();
        result["fixes"] = json!([{ "description": { "text": fix.title }, "artifactChanges": changes }]);
    }
    result
}

/// Texts of files, read once.
struct Places<'a> {
    text_of: &'a dyn Fn(&Path) -> Option<String>,
    texts: BTreeMap<std::path::PathBuf, Option<String>>,
}

impl Places<'_> {
    fn location(&mut self, label: &Label) -> Value {
        let mut place = json!({ "artifactLocation": { "uri": uri(&label.path) } });
        if let Some(region) = self.region(&label.path, label.range.clone()) {
            place["region"] = region;
        }
        let mut location = json!({ "physicalLocation": place });
        if !label.message.is_empty() {
            location["message"] = json!({ "text": label.message });
        }
        location
    }

    fn replacement(&mut self, edit: &Edit) -> Value {
        let region = self.region(&edit.path, edit.range.clone()).unwrap_or_else(|| json!({ "startLine": 1 }));
        json!({ "deletedRegion": region, "insertedContent": { "text": edit.replacement } })
    }

    fn region(&mut self, path: &Path, range: Range<usize>) -> Option<Value> {
        let text_of = self.text_of;
        let text = self.texts.entry(path.to_owned()).or_insert_with(|| text_of(path)).as_deref()?;
        let (start_line, start_column) = line_and_column(text, range.start)?;
        let (end_line, end_column) = line_and_column(text, range.end)?;
        Some(json!({
            "startLine": start_line,
            "startColumn": start_column,
            "endLine": end_line,
            "endColumn": end_column,
        }))
    }
}

/// Counted from 1, columns in letters.
fn line_and_column(text: &str, at: usize) -> Option<(usize, usize)> {
    let before = text.get(..at)?;
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some((line, column))
}

/// A path as a URI reference: relative paths stay relative to where the check was run.
fn uri(path: &Path) -> String {
    let text = path.to_string_lossy();
    let mut uri = String::new();
    if path.is_absolute() {
        uri.push_str("file://");
    }
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
