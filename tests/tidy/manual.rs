//! The manual: a page for every code and none without, links that lead somewhere.

use std::collections::BTreeSet;
use std::path::Path;

use vid_compiler::Code;

use crate::files;

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let codes: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
    let pages: BTreeSet<String> = files::below("docs/codes")
        .iter()
        .filter_map(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()))
        .filter(|name| name != "README.md")
        .collect();
    assert_eq!(pages, codes);
}

#[test]
fn every_page_begins_with_its_code() {
    for code in Code::ALL {
        let page = code.page();
        assert!(
            page.starts_with(&format!("# {code}\n")),
            "docs/codes/{code}.md begins with another headline"
        );
    }
}

/// Links between our own pages lead to files that exist.
#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    let pages = files::below(".").into_iter().filter(|path| path.extension().is_some_and(|e| e == "md"));
    for page in pages.filter(|page| !page.starts_with("tests/suite")) {
        let text = files::text(&page).unwrap_or_default();
        for target in links(&text) {
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let folder = page.parent().unwrap_or(Path::new(""));
            let path = files::root().join(folder).join(target);
            if !path.exists() {
                broken.push(format!("{} links to `{target}`", page.display()));
            }
        }
    }
    assert_eq!(broken, [""; 0]);
}

/// Targets of the Markdown links of a text, outside of code.
fn links(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            let rest = &line[at + 2..];
            // A span of code may hold anything.
            let inside_code = line[..at].matches('`').count() % 2 == 1;
            if let Some(end) = rest.find(')').filter(|_| !inside_code) {
                found.push(&rest[..end]);
            }
        }
    }
    found
}
