//! Each request's id: in every line of the log that it causes, in the head of its answer, and in errors.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use vid_runtime::clock;

use crate::id;

/// The header that carries it, here and in the answer.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id of a caller that is taken over, in characters.
const MAX_CHARS: usize = 64;

tokio::task_local! {
    static ID: String;
}

/// The id of the request that is being answered; `None` outside of one.
pub fn request_id() -> Option<String> {
    ID.try_with(Clone::clone).ok()
}

/// Gives the request its id, or leaves it the one that a proxy has given it, and notes how it ended. Neither
/// query nor headers are written down.
pub async fn trace(request: Request, next: Next) -> Response {
    let given = request.headers().get(HEADER).and_then(|value| value.to_str().ok()).filter(|id| is_plain(id));
    let id = given.map_or_else(|| format!("req_{}", id::ulid()), str::to_owned);
    let span = tracing::info_span!("request", id = %id);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let began = clock::instant();
    let header = HeaderValue::from_str(&id);
    let answer = async {
        let response = next.run(request).await;
        let status = response.status().as_u16();
        let millis = clock::instant().duration_since(began).as_millis();
        // Reading is what is done all the time, and changes nothing.
        if status < 400 && matches!(method, Method::GET | Method::HEAD) {
            tracing::debug!(%method, path, status, millis, "answered");
        } else {
            tracing::info!(%method, path, status, millis, "answered");
        }
        response
    };
    let mut response = ID.scope(id, answer).instrument(span).await;
    if let Ok(header) = header {
        response.headers_mut().insert(HEADER, header);
    }
    response
}

fn is_plain(id: &str) -> bool {
    (1..=MAX_CHARS).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_ids_are_taken_over() {
        assert!(is_plain("req_01K0-a.b"));
        for odd in ["", "a b", "a\nb", "a;b", "ü", &"a".repeat(65)] {
            assert!(!is_plain(odd), "{odd}");
        }
    }
}
