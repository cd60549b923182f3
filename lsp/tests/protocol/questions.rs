//! Every question about a document.

use serde_json::{Value, json};

/// Every question that is about a document, with what it needs.
pub fn questions(uri: &str, line: usize, character: usize) -> Vec<(&'static str, Value)> {
    let document = json!({ "uri": uri });
    let position = json!({ "line": line, "character": character });
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9_999, "character": 0 } });
    let at = json!({ "textDocument": document, "position": position });
    let of = json!({ "textDocument": document });
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let with = |base: &Value, more: Value| {
        let mut all = base.clone();
        for (key, value) in more.as_object().unwrap() {
            all[key] = value.clone();
        }
        all
    };
    vec![
        ("textDocument/hover", at.clone()),
        ("textDocument/completion", at.clone()),
        ("textDocument/signatureHelp", at.clone()),
        ("textDocument/definition", at.clone()),
        ("textDocument/references", with(&at, json!({ "context": { "includeDeclaration": true } }))),
        ("textDocument/documentHighlight", at.clone()),
        ("textDocument/prepareCallHierarchy", at.clone()),
        ("textDocument/documentSymbol", of.clone()),
        ("textDocument/documentLink", of.clone()),
        ("textDocument/documentColor", of.clone()),
        ("textDocument/foldingRange", of.clone()),
        ("textDocument/codeLens", of.clone()),
        ("textDocument/diagnostic", of.clone()),
        ("textDocument/semanticTokens/full", of.clone()),
        ("textDocument/semanticTokens/range", with(&of, json!({ "range": whole }))),
        ("textDocument/inlayHint", with(&of, json!({ "range": whole }))),
        ("textDocument/selectionRange", with(&of, json!({ "positions": [position] }))),
        ("textDocument/formatting", with(&of, json!({ "options": options }))),
        ("textDocument/rangeFormatting", with(&of, json!({ "options": options, "range": whole }))),
        ("textDocument/onTypeFormatting", with(&at, json!({ "options": options, "ch": "}" }))),
        (
            "textDocument/codeAction",
            with(
                &of,
                json!({ "range": { "start": position, "end": position }, "context": { "diagnostics": [] } }),
            ),
        ),
        ("workspace/symbol", json!({ "query": "a" })),
    ]
}
