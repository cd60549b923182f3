//! How often may be asked without a key, by where a request comes from.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use vid_runtime::clock;

use super::openapi;
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::fetch::Network;
use crate::limit::TooMany;

const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");
/// What is asked so often by whoever watches over the process that it is not counted.
const WATCHED: &str = "/healthz";

/// Counts a request that needs no key, and one whose key or signature was refused; where there are too many, the
/// answer is 429. Requests with a key are counted by that, and those of a signed address by the address.
pub async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let Some(from) = peer.map(|peer| origin(peer, request.headers(), &app.config.trusted_proxies)) else {
        return next.run(request).await;
    };
    let counted = || app.strangers.count(&from, clock::instant());
    let is_open = path.is_none_or(|path| path != WATCHED && openapi::is_open(&path));
    if is_open && let Err(refused) = counted() {
        return too_many(refused).into_response();
    }
    let response = next.run(request).await;
    if matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        && let Err(refused) = counted()
    {
        return too_many(refused).into_response();
    }
    response
}

/// What is answered to one request too many.
pub(super) fn too_many(TooMany { retry_after }: TooMany) -> ApiError {
    let error = ApiError::new(ErrorCode::RateLimited, "too many requests; please wait a little");
    error.retry_after(retry_after)
}

/// Where a request comes from: the last address on its way that is no proxy of ours. Of IPv6 only the half
/// that tells networks apart.
fn origin(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    let mut from = peer.to_canonical();
    let told: Vec<&str> = headers.get_all(FORWARDED).iter().filter_map(|value| value.to_str().ok()).collect();
    let told = told.join(",");
    let mut before = told.rsplit(',');
    while is_trusted(from) {
        match before.next().map(|text| text.trim().parse::<IpAddr>()) {
            Some(Ok(address)) => from = address.to_canonical(),
            Some(Err(_)) | None => break,
        }
    }
    match from {
        IpAddr::V4(_) => from,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_proxies_of_ours_say_where_a_request_comes_from() {
        let trusted: Vec<Network> = ["127.0.0.1", "10.0.0.0/8"].map(|text| text.parse().unwrap()).into();
        let from = |peer: &str, told: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in told {
                headers.append(FORWARDED, value.parse().unwrap());
            }
            origin(peer.parse().unwrap(), &headers, &trusted).to_string()
        };
        assert_eq!(from("192.0.2.1", &["198.51.100.1"]), "192.0.2.1");
        assert_eq!(from("127.0.0.1", &["203.0.113.9, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(from("127.0.0.1", &["198.51.100.1, 10.1.1.1"]), "198.51.100.1");
        assert_eq!(from("127.0.0.1", &["203.0.113.9", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(from("127.0.0.1", &["nonsense"]), "127.0.0.1");
        assert_eq!(from("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(from("::ffff:192.0.2.1", &[]), "192.0.2.1");
        assert_eq!(from("2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
    }
}
