//! `GET /status`: a page for people, with the renders of whoever has a key.
//!
//! The page is in the program. It asks the endpoints that every caller asks, with a key that the browser's
//! tab keeps; so nothing is shown to anybody who could not have asked for it. Its policy lets it load from
//! this server alone, and pictures and films from where kept files are.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");
const SIGN: &str = include_str!("page.svg");

/// What the page may do; kept files may be elsewhere, too.
fn policy(app: &App) -> String {
    let mut kept = vec!["'self'".to_owned()];
    kept.extend(
        [Some(app.public_url.as_str()), app.artifacts.address()].into_iter().flatten().filter_map(origin),
    );
    kept.dedup();
    let kept = kept.join(" ");
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src {kept}; \
         media-src {kept}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// Scheme, host and port of an address; `None` for what has none that could be part of a policy.
fn origin(address: &str) -> Option<String> {
    let origin = url::Url::parse(address).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

fn part(app: &App, kind: &'static str, text: &'static str) -> Response {
    let fixed: [(HeaderName, &'static str); 5] = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    let mut response = text.into_response();
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy(app)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// `GET /status`: the page.
pub async fn page(State(app): State<Arc<App>>) -> Response {
    part(&app, "text/html; charset=utf-8", PAGE)
}

/// `GET /status/page.js`: what it does.
pub async fn script(State(app): State<Arc<App>>) -> Response {
    part(&app, "text/javascript; charset=utf-8", SCRIPT)
}

/// `GET /status/page.css`: what it looks like.
pub async fn style(State(app): State<Arc<App>>) -> Response {
    part(&app, "text/css; charset=utf-8", STYLE)
}

/// `GET /status/page.svg`: its sign.
pub async fn sign(State(app): State<Arc<App>>) -> Response {
    part(&app, "image/svg+xml", SIGN)
}

#[cfg(test)]
mod tests {
    use super::super::ENDPOINTS;
    use super::*;

    /// What stands between two marks, each time.
    fn between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
        text.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect()
    }

    #[test]
    fn every_call_of_the_page_is_an_endpoint() {
        let table = between(SCRIPT, "const CALLS = {", "};")[0];
        let calls: Vec<(String, &str)> = between(table, "[\"", "\"]")
            .into_iter()
            .map(|pair| pair.split_once("\", \"").unwrap())
            .map(|(method, path)| (method.to_lowercase(), path))
            .collect();
        assert_eq!(calls.len(), table.matches(": [").count());
        for (method, path) in &calls {
            assert!(ENDPOINTS.contains(&(method.as_str(), *path)), "{method} {path}");
        }
        // Nothing is asked for beside the table.
        assert_eq!(SCRIPT.matches("fetch(").count(), 1);
    }

    #[test]
    fn every_part_of_the_page_is_an_endpoint() {
        for path in between(PAGE, "\"status/", "\"") {
            assert!(ENDPOINTS.contains(&("get", format!("/status/{path}").as_str())), "{path}");
        }
        for place in between(PAGE, "src=\"", "\"").into_iter().chain(between(PAGE, "href=\"", "\"")) {
            assert!(place.starts_with("status/"), "{place}");
        }
    }

    #[test]
    fn nothing_of_the_page_needs_a_weaker_policy() {
        for word in ["style=", "onclick", "onload", "javascript:", "<style", "<script>"] {
            assert!(!PAGE.contains(word), "{word}");
        }
        for word in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "localStorage", "document.cookie"]
        {
            assert!(!SCRIPT.contains(word), "{word}");
        }
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }

    #[test]
    fn the_origin_of_an_address_has_nothing_more() {
        assert_eq!(origin("https://a.org:8443/x?y").as_deref(), Some("https://a.org:8443"));
        assert_eq!(origin("https://a.org"), Some("https://a.org".to_owned()));
        assert_eq!((origin("data:x"), origin("'; x")), (None, None));
    }
}
